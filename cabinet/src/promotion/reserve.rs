//! What an application uses: reserved when it is filed, used when its contract is signed, given back when neither
//! comes to be. A promotion's bounds are kept by conditional updates of one row, so that no two applications can have
//! the same last loan of it.

use std::collections::BTreeSet;

use lending::{Kopecks, LoanRequest, Product, PromoState, Quote, QuoteError};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use super::personal::{self, State};
use super::{Candidate, Source, Special, best, candidates, person};
use crate::Cabinet;
use crate::application::Choice;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{ApplicationId, BorrowerId};
use crate::lender::offers::given_up_at_most;
use crate::lender::{LenderProduct, Promotion, Text};
use crate::loan::stored::json;

/// What of an offer a choice uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Rate,
    Limit,
    Both,
}

impl Part {
    const fn code(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Limit => "limit",
            Self::Both => "both",
        }
    }
}

/// An offer that a choice uses, and the most that the lender may give up by it.
#[derive(Debug, Clone)]
pub(crate) struct Takes {
    pub offer: Candidate,
    part: Part,
    most: Kopecks,
}

/// A choice as its borrower gets it today.
#[derive(Debug, Clone)]
pub(crate) struct Priced {
    pub product: LenderProduct,
    pub quote: std::result::Result<Quote, QuoteError>,
    pub takes: Vec<Takes>,
}

/// Prices a choice without the offers of `without`.
pub(crate) async fn priced(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
    choice: &Choice,
    without: &BTreeSet<String>,
) -> Result<Priced> {
    let base = cab
        .lender()
        .product(&choice.product)
        .ok_or(CabinetError::NotFound)?;
    let person = person(db, cab, Some(borrower)).await?;
    let first = !person.had_loan;
    if !base.audience.has(first) {
        return Err(CabinetError::Conflict("not_offered"));
    }
    let mut open = candidates(db, cab, Some(borrower), &person).await?;
    open.retain(|it| !without.contains(&it.code));
    let special = best(base, &open, first);
    let request = LoanRequest {
        amount: choice.amount,
        term: choice.term,
        start: cab.today(),
        first_loan: first,
    };
    let quote = lending::quote(&special.product.terms, &request);
    let takes = match &quote {
        Ok(quote) => takes(&base.terms, &special, quote),
        Err(_) => Vec::new(),
    };
    Ok(Priced {
        product: special.product,
        quote,
        takes,
    })
}

fn takes(base: &Product, special: &Special, quote: &Quote) -> Vec<Takes> {
    let granted = quote.promo == PromoState::Granted;
    let rate = special.rate.as_ref().filter(|_| granted);
    let above = quote.amount > base.max_amount;
    let limit = special.limit.as_ref().filter(|_| above);
    let most = given_up_at_most(base, quote.rate, quote.amount, quote.term);
    let take = |offer: &Candidate, part, most| Takes {
        offer: offer.clone(),
        part,
        most,
    };
    match (rate, limit) {
        (Some(rate), Some(limit)) if rate.code == limit.code => {
            vec![take(rate, Part::Both, most)]
        }
        (rate, limit) => {
            let rate = rate.map(|it| take(it, Part::Rate, most));
            let limit = limit.map(|it| take(it, Part::Limit, Kopecks::ZERO));
            rate.into_iter().chain(limit).collect()
        }
    }
}

/// An offer as it was shown with a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    code: String,
    ru: String,
    en: String,
}

/// Writes down which offers a draft was shown with.
pub(crate) async fn see(tx: &Tx, application: ApplicationId, priced: &Priced) -> Result<()> {
    let seen: Vec<Seen> = priced
        .takes
        .iter()
        .map(|it| Seen {
            code: it.offer.code.clone(),
            ru: it.offer.title.ru.clone(),
            en: it.offer.title.en.clone(),
        })
        .collect();
    sql::execute(
        tx,
        "INSERT INTO offer_seen (application, offers) VALUES ($1, $2) \
         ON CONFLICT (application) DO UPDATE SET offers = excluded.offers",
        vec![application.into(), json(&seen)?.into()],
    )
    .await
    .map(drop)
}

async fn seen(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Vec<Seen>> {
    let statement = "SELECT offers FROM offer_seen WHERE application = $1";
    match sql::one(db, statement, vec![application.into()]).await? {
        Some(row) => crate::loan::stored::read(&sql::get::<String>(&row, "offers")?),
        None => Ok(Vec::new()),
    }
}

/// Names of the offers that a draft was shown with and that a price of now is without.
pub(crate) async fn gone(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    priced: &Priced,
) -> Result<Vec<Text>> {
    let seen = seen(db, application).await?.into_iter();
    let missing = seen.filter(|it| !priced.takes.iter().any(|take| take.offer.code == it.code));
    let titles = missing.map(|it| Text {
        ru: it.ru,
        en: it.en,
    });
    Ok(titles.collect())
}

/// Reserves everything that a filed choice uses. Called once, in the transaction that files it.
///
/// Errors: `Conflict("special_ended")` when something the borrower was shown is not to be had any more.
pub(crate) async fn reserve(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    application: ApplicationId,
    choice: &Choice,
) -> Result<()> {
    let mut without = BTreeSet::new();
    loop {
        let priced = priced(tx, cab, borrower, choice, &without).await?;
        if !gone(tx, application, &priced).await?.is_empty() {
            return Err(CabinetError::Conflict("special_ended"));
        }
        // What is taken stays taken only if all of it is to be had.
        let mut missing = None;
        for take in &priced.takes {
            if !take_one(tx, cab, take).await? {
                missing = Some(take.offer.code.clone());
                break;
            }
        }
        let Some(missing) = missing else {
            for take in &priced.takes {
                write(tx, cab, borrower, application, take).await?;
            }
            return Ok(());
        };
        for take in priced
            .takes
            .iter()
            .take_while(|it| it.offer.code != missing)
        {
            give_back(tx, cab, take).await?;
        }
        without.insert(missing);
    }
}

/// Whether there was enough of it.
async fn take_one(tx: &Tx, cab: &Cabinet, take: &Takes) -> Result<bool> {
    let offer = &take.offer;
    match offer.source {
        Source::Promotion => match cab.lender().promotion(&offer.code) {
            Some(one) => count_up(tx, one, take.most).await,
            None => Ok(false),
        },
        Source::Personal => {
            let today = cab.today().to_string();
            let statement = "UPDATE personal_offer SET state = 'reserved' \
                             WHERE id = $1 AND state = 'open' AND until >= $2";
            let taken = sql::execute(tx, statement, vec![(&*offer.code).into(), today.into()]);
            Ok(taken.await? == 1)
        }
        Source::Status | Source::Product => Ok(true),
    }
}

async fn count_up(tx: &Tx, one: &Promotion, most: Kopecks) -> Result<bool> {
    let code = one.code.as_str();
    let first = "INSERT INTO promotion_count (code, uses, given_up) VALUES ($1, 0, 0) \
                 ON CONFLICT (code) DO NOTHING";
    sql::execute(tx, first, vec![code.into()]).await?;
    let loans = one.uses.map_or(i64::MAX, i64::from);
    let budget = one.budget().map_or(i64::MAX, Kopecks::get);
    let count = "UPDATE promotion_count SET uses = uses + 1, given_up = given_up + $2 \
                 WHERE code = $1 AND uses < $3 AND given_up <= $4";
    // The bound is a difference, so that nothing overflows where there is none.
    let values = vec![
        code.into(),
        most.get().into(),
        loans.into(),
        (budget - most.get()).into(),
    ];
    Ok(sql::execute(tx, count, values).await? == 1)
}

async fn give_back(tx: &Tx, cab: &Cabinet, take: &Takes) -> Result<()> {
    let code = take.offer.code.as_str();
    match take.offer.source {
        Source::Promotion => count_down(tx, code, 1, take.most.get()).await,
        Source::Personal => {
            let _ = cab;
            let statement = "UPDATE personal_offer SET state = 'open' WHERE id = $1";
            sql::execute(tx, statement, vec![code.into()])
                .await
                .map(drop)
        }
        Source::Status | Source::Product => Ok(()),
    }
}

async fn count_down(tx: &Tx, code: &str, uses: i64, sum: i64) -> Result<()> {
    let statement = "UPDATE promotion_count SET uses = uses - $2, given_up = given_up - $3 \
                     WHERE code = $1";
    let values = vec![code.into(), uses.into(), sum.into()];
    sql::execute(tx, statement, values).await.map(drop)
}

async fn write(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    application: ApplicationId,
    take: &Takes,
) -> Result<()> {
    let offer = &take.offer;
    let personal = offer.source == Source::Personal;
    if personal {
        personal::event(tx, cab, &offer.code, State::Reserved, "application", None).await?;
    }
    let code = |of: bool| of.then(|| offer.code.clone());
    sql::execute(
        tx,
        "INSERT INTO offer_use (id, application, borrower, source, code, personal, part, title_ru, \
         title_en, effect, state, reserved, reserved_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'reserved', $11, $12)",
        vec![
            cab.fresh_id().to_string().into(),
            application.into(),
            borrower.into(),
            offer.source.code().into(),
            code(!personal).into(),
            code(personal).into(),
            take.part.code().into(),
            offer.title.ru.clone().into(),
            offer.title.en.clone().into(),
            json(&offer.effect)?.into(),
            take.most.get().into(),
            cab.now_ms().into(),
        ],
    )
    .await
    .map(drop)
}

/// Gives everything of an application back: it was refused, expired or given up.
pub(crate) async fn release(tx: &Tx, application: ApplicationId, now: i64) -> Result<()> {
    let statement = "SELECT id, code, personal, state, reserved, given_up FROM offer_use \
                     WHERE application = $1 AND state IN ('reserved', 'used') ORDER BY id";
    for row in sql::all(tx, statement, vec![application.into()]).await? {
        let given_up: Option<i64> = sql::get(&row, "given_up")?;
        let sum = match given_up {
            Some(sum) => sum,
            None => sql::get(&row, "reserved")?,
        };
        if let Some(code) = sql::get::<Option<String>>(&row, "code")? {
            count_down(tx, &code, 1, sum).await?;
        }
        if let Some(personal) = sql::get::<Option<String>>(&row, "personal")? {
            let open = "UPDATE personal_offer SET state = 'open' WHERE id = $1 \
                        AND state IN ('reserved', 'used')";
            if sql::execute(tx, open, vec![(&*personal).into()]).await? == 1 {
                personal::event_at(tx, &personal, State::Open, "given_back", None, now).await?;
            }
        }
        let id: String = sql::get(&row, "id")?;
        let done = "UPDATE offer_use SET state = 'released', done_at = $2 WHERE id = $1";
        sql::execute(tx, done, vec![id.into(), now.into()]).await?;
    }
    Ok(())
}

/// The contract is signed: what was reserved is used, at what it has really cost.
pub(crate) async fn used(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    application: ApplicationId,
    product: &Product,
    quote: &Quote,
) -> Result<()> {
    let cost = given_up(product, quote)?;
    let statement = "SELECT id, code, personal, part, reserved FROM offer_use \
                     WHERE application = $1 AND state = 'reserved' ORDER BY id";
    let mut own = Vec::new();
    for row in sql::all(tx, statement, vec![application.into()]).await? {
        let reserved: i64 = sql::get(&row, "reserved")?;
        let limit = sql::get::<String>(&row, "part")? == Part::Limit.code();
        let cost = if limit { 0 } else { cost.get().min(reserved) };
        if let Some(code) = sql::get::<Option<String>>(&row, "code")? {
            count_down(tx, &code, 0, reserved - cost).await?;
        }
        if let Some(personal) = sql::get::<Option<String>>(&row, "personal")? {
            let statement = "UPDATE personal_offer SET state = 'used' WHERE id = $1";
            sql::execute(tx, statement, vec![(&*personal).into()]).await?;
            personal::event(tx, cab, &personal, State::Used, "contract", None).await?;
            own.push(personal);
        }
        let id: String = sql::get(&row, "id")?;
        let done = "UPDATE offer_use SET state = 'used', given_up = $2, done_at = $3 WHERE id = $1";
        let values = vec![id.into(), cost.into(), cab.now_ms().into()];
        sql::execute(tx, done, values).await?;
    }
    personal::another_loan(tx, cab, borrower, &own).await
}

/// What the signed price is below the ordinary one.
fn given_up(product: &Product, quote: &Quote) -> Result<Kopecks> {
    if quote.promo != PromoState::Granted {
        return Ok(Kopecks::ZERO);
    }
    let ordinary = Product {
        promo: None,
        ..product.clone()
    };
    let request = LoanRequest {
        amount: quote.amount,
        term: quote.term,
        start: quote.start,
        first_loan: false,
    };
    let full = lending::price(&ordinary, &request)
        .map_err(|error| CabinetError::internal(format!("ordinary price: {error}")))?;
    Ok(full.overpayment.less(quote.overpayment))
}
