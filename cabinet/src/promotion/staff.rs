//! What the lender's marketing sees of the promotions, and the personal offers it gives: for a reason, written down, and by
//! two people where they may cost much. Nobody's personal data is seen for it: a person is named by a contract's number.

use chrono::{DateTime, NaiveDate, Utc};
use lending::{DailyRate, Kopecks, Promo, PromoAfterDue};
use sea_orm::QueryResult;

use super::best::counts;
use super::personal::{self, New, State};
use super::{decided, notices};
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::lender::{Effect, EndsOn, Text};
use crate::loan::stored::{date, id};
use crate::staff::audit::{self, Deed};
use crate::staff::{Action, Staff, another, reason};
use crate::{Cabinet, moment};

/// Personal offers shown at once: those that wait come first.
const SHOWN: i64 = 100;

/// A promotion with what is used up of it.
#[derive(Debug, Clone)]
pub struct PromotionUse {
    /// Its name.
    pub title: Text,
    /// Its code.
    pub code: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last one.
    pub until: NaiveDate,
    /// Loans that have it or wait for it.
    pub uses: i64,
    /// For how many it is; none without a bound.
    pub most_uses: Option<u32>,
    /// Interest given up for it, and held for what is not signed yet.
    pub given_up: Kopecks,
    /// How much may be; none without a bound.
    pub budget: Option<Kopecks>,
}

/// A personal offer as the staff see it.
#[derive(Debug, Clone)]
pub struct GivenOffer {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// The borrower's last contract.
    pub contract: String,
    /// Where it stands.
    pub state: State,
    /// Its last day.
    pub until: NaiveDate,
    /// The most interest it can cost.
    pub most: Kopecks,
    /// Who gave it; none where a rule of the lender's file did.
    pub given_by: Option<StaffId>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// A personal offer as it is typed.
#[derive(Debug, Clone, Default)]
pub struct Give {
    /// The number of one of the borrower's contracts.
    pub contract: String,
    /// The name that the borrower reads.
    pub title: String,
    /// The product's code.
    pub product: String,
    /// Percent for a day; empty for no reduced rate.
    pub daily_rate: String,
    /// Roubles.
    pub max_amount: String,
    /// Days.
    pub max_days: String,
    /// Roubles; empty for no raised limit.
    pub raised_limit: String,
    /// For how many days it may be used.
    pub valid_days: String,
    /// A late payment ends it.
    pub ends_late: bool,
    /// A loan without it ends it.
    pub ends_other: bool,
    /// Why.
    pub reason: String,
}

/// Every promotion of the lender's file with what is used up of it.
pub async fn promotions(cab: &Cabinet, by: &Staff) -> Result<Vec<PromotionUse>> {
    by.must(Action::ReadReports)?;
    let counts = counts(cab.db().read()).await?;
    let all = cab.lender().promotions.iter().map(|one| {
        let count = counts.get(&one.code).copied().unwrap_or_default();
        PromotionUse {
            title: one.title.clone(),
            code: one.code.clone(),
            from: one.from,
            until: one.until,
            uses: count.uses,
            most_uses: one.uses,
            given_up: Kopecks::new(count.given_up),
            budget: one.budget(),
        }
    });
    Ok(all.collect())
}

/// Personal offers, those that wait for a second person first, then the newest.
pub async fn given(cab: &Cabinet, by: &Staff) -> Result<Vec<GivenOffer>> {
    by.must(Action::ReadReports)?;
    let rows = sql::all(
        cab.db().read(),
        "SELECT p.*, (SELECT MAX(c.number) FROM contract c WHERE c.borrower = p.borrower) AS contract \
         FROM personal_offer p ORDER BY CASE p.state WHEN 'waiting' THEN 0 ELSE 1 END, \
         p.given_at DESC, p.id LIMIT $1",
        vec![SHOWN.into()],
    )
    .await?;
    rows.iter().map(one).collect()
}

/// How many personal offers were used, and the interest given up by them.
///
/// # Errors
/// `Forbidden("staff_role")`.
pub async fn personal_costs(cab: &Cabinet, by: &Staff) -> Result<(i64, Kopecks)> {
    by.must(Action::ReadReports)?;
    let row = sql::one(
        cab.db().read(),
        "SELECT COUNT(DISTINCT personal) AS used, \
         CAST(COALESCE(SUM(given_up), 0) AS BIGINT) AS given_up \
         FROM offer_use WHERE source = 'personal' AND state = 'used'",
        vec![],
    )
    .await?;
    let row = row.ok_or_else(|| CabinetError::internal("an aggregate without a row"))?;
    let given_up = Kopecks::new(sql::get(&row, "given_up")?);
    Ok((sql::get(&row, "used")?, given_up))
}

fn one(row: &QueryResult) -> Result<GivenOffer> {
    let text = |column: &str| sql::get::<String>(row, column);
    let by: Option<String> = sql::get(row, "given_by")?;
    Ok(GivenOffer {
        id: text("id")?,
        title: Text {
            ru: text("title_ru")?,
            en: text("title_en")?,
        },
        contract: sql::get::<Option<String>>(row, "contract")?.unwrap_or_default(),
        state: State::read(&text("state")?)?,
        until: date(&text("until")?)?,
        most: Kopecks::new(sql::get(row, "most")?),
        given_by: by.as_deref().map(id).transpose()?,
        reason: sql::get(row, "reason")?,
        given_at: moment(sql::get(row, "given_at")?)?,
    })
}

/// Gives an offer to the borrower of a contract. One that may cost much waits for a second person; answers whether it does
/// not.
///
/// # Errors
/// `Forbidden("staff_role")`; fields, each with what is wrong; `Conflict("special_there")` when the borrower has an offer
/// that changes the same.
pub async fn give(cab: &Cabinet, by: &Staff, typed: &Give) -> Result<bool> {
    by.must(Action::ManagePromotions)?;
    let (title, effect, valid_days) = checked(cab, typed)?;
    let why = reason("reason", &typed.reason)?;
    let find = "SELECT borrower FROM contract WHERE number = $1";
    let number = typed.contract.trim().trim_start_matches('№').trim();
    let row = sql::one(cab.db().read(), find, vec![number.into()]).await?;
    let row = row.ok_or_else(|| CabinetError::field("contract", "special_contract"))?;
    let borrower: BorrowerId = id(&sql::get::<String>(&row, "borrower")?)?;
    let most = effect.most(cab.lender());
    let open = most < cab.lender().offers.second_person_from();
    let ends = |ticked: bool, on: EndsOn| ticked.then_some(on);
    let late = ends(typed.ends_late, EndsOn::Late);
    let other = ends(typed.ends_other, EndsOn::OtherLoan);
    let new = New {
        borrower,
        rule: None,
        title: (title.clone(), title),
        effect,
        valid_days,
        ends_on: late.into_iter().chain(other).collect(),
        given_by: Some(by.id),
        reason: Some(why.clone()),
        state: if open { State::Open } else { State::Waiting },
        most,
    };
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                if personal::has_one(tx, borrower, &new.effect).await? {
                    return Err(CabinetError::Conflict("special_there"));
                }
                let offer = personal::insert(tx, &cabinet, new).await?;
                let offer = offer.ok_or(CabinetError::Conflict("special_there"))?;
                let deed = Deed::new(Action::ManagePromotions, &offer).about(borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because(&why)).await?;
                let entry = Entry::new(Role::Staff(by.id), "special_given");
                diary::write(tx, &cabinet, borrower, entry).await
            })
        })
        .await?;
    Ok(open)
}

/// What is typed, or everything that is wrong with it.
fn checked(cab: &Cabinet, typed: &Give) -> Result<(String, Effect, u32)> {
    let mut wrong = Vec::new();
    let mut must = |right: bool, field: &str, code: &'static str| {
        if !right {
            wrong.push(FieldError::new(field, code));
        }
    };
    let title: String = typed.title.trim().chars().take(80).collect();
    must(!title.is_empty(), "title", "required");
    let valid_days = typed.valid_days.trim().parse().unwrap_or(0);
    must(
        (1..=365).contains(&valid_days),
        "valid_days",
        "special_valid_days",
    );
    let rate = percent(&typed.daily_rate);
    must(
        typed.daily_rate.trim().is_empty() || rate.is_some(),
        "daily_rate",
        "special_daily_rate",
    );
    let effect = Effect {
        products: vec![typed.product.clone()],
        rate: rate.map(|daily_rate| Promo {
            daily_rate,
            max_amount: Kopecks::parse(&typed.max_amount).unwrap_or_default(),
            max_days: typed.max_days.trim().parse().unwrap_or(0),
            first_loan_only: false,
            after_due: PromoAfterDue::Ordinary,
        }),
        raised_limit: Kopecks::parse(&typed.raised_limit).ok(),
    };
    if wrong.is_empty() {
        for (key, ..) in effect.faults(cab.lender()) {
            let code = match key {
                "max_amount" => "special_max_amount",
                "max_days" => "special_max_days",
                "raised_limit" => "special_raised_limit",
                "products" => "special_product",
                _ => "special_daily_rate",
            };
            let field = if key == "products" { "product" } else { key };
            if wrong.iter().all(|it| it.field != field) {
                wrong.push(FieldError::new(field, code));
            }
        }
    }
    if wrong.is_empty() {
        Ok((title, effect, valid_days))
    } else {
        Err(CabinetError::Fields(wrong))
    }
}

/// «0,4»: percent for a day, at most four places.
fn percent(typed: &str) -> Option<DailyRate> {
    let text = typed.trim().trim_end_matches('%').trim().replace(',', ".");
    let (whole, places) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(places) || places.len() > 4 {
        return None;
    }
    let ppm = format!("{whole}{places:0<4}").parse().ok()?;
    Some(DailyRate::from_ppm(ppm))
}

struct Locked {
    borrower: BorrowerId,
    state: State,
    given_by: Option<String>,
}

async fn locked(tx: &Tx, offer: &str) -> Result<Locked> {
    let statement = format!(
        "SELECT borrower, state, given_by FROM personal_offer WHERE id = $1{}",
        sql::for_update(tx)
    );
    let row = sql::one(tx, &statement, vec![offer.into()]).await?;
    let row = row.ok_or(CabinetError::NotFound)?;
    Ok(Locked {
        borrower: id(&sql::get::<String>(&row, "borrower")?)?,
        state: State::read(&sql::get::<String>(&row, "state")?)?,
        given_by: sql::get(&row, "given_by")?,
    })
}

/// The second person's word.
///
/// # Errors
/// `Forbidden("second_person")` for whoever gave it, `Forbidden("staff_role")`, `NotFound` when it waits no more.
pub async fn agree(cab: &Cabinet, by: &Staff, offer: &str, approve: bool) -> Result<()> {
    by.must(Action::ApproveMoney)?;
    let (cabinet, by, offer) = (cab.clone(), by.clone(), offer.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let found = locked(tx, &offer).await?;
                if found.state != State::Waiting {
                    return Err(CabinetError::NotFound);
                }
                another(&by, found.given_by.as_deref().unwrap_or_default())?;
                let (state, why) = if approve {
                    (State::Open, "approved")
                } else {
                    (State::Refused, "refused")
                };
                put(tx, &cabinet, &offer, state, why, &by).await?;
                if approve {
                    notices::given(tx, &cabinet, &offer).await?;
                }
                let deed = Deed::new(Action::ApproveMoney, &offer).about(found.borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because(why)).await
            })
        })
        .await
}

/// Takes an offer back, with a reason. What a contract is offered or signed with stays.
///
/// # Errors
/// `Forbidden("staff_role")`, `Fields` without a reason, `Conflict("special_decided")`.
pub async fn withdraw(cab: &Cabinet, by: &Staff, offer: &str, why: &str) -> Result<()> {
    by.must(Action::ManagePromotions)?;
    let why = reason("reason", why)?;
    let (cabinet, by, offer) = (cab.clone(), by.clone(), offer.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let found = locked(tx, &offer).await?;
                match found.state {
                    State::Waiting | State::Open => {}
                    State::Reserved => undecided(tx, &cabinet, &offer).await?,
                    _ => return Err(CabinetError::Conflict("special_decided")),
                }
                put(tx, &cabinet, &offer, State::Ended, "withdrawn", &by).await?;
                let deed = Deed::new(Action::ManagePromotions, &offer).about(found.borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because(&why)).await?;
                let entry = Entry::new(Role::Staff(by.id), "special_withdrawn");
                diary::write(tx, &cabinet, found.borrower, entry).await
            })
        })
        .await
}

async fn put(
    tx: &Tx,
    cab: &Cabinet,
    offer: &str,
    state: State,
    why: &str,
    by: &Staff,
) -> Result<()> {
    let statement = "UPDATE personal_offer SET state = $2 WHERE id = $1";
    sql::execute(tx, statement, vec![offer.into(), state.code().into()]).await?;
    personal::event(tx, cab, offer, state, why, Some(by.id)).await
}

/// The application that has it is not decided yet, and goes on without its rate.
async fn undecided(tx: &Tx, cab: &Cabinet, offer: &str) -> Result<()> {
    let statement = "SELECT u.id, (SELECT c.id FROM contract c WHERE c.application = u.application) \
                     AS contract FROM offer_use u WHERE u.personal = $1 AND u.state = 'reserved'";
    for row in sql::all(tx, statement, vec![offer.into()]).await? {
        if sql::get::<Option<String>>(&row, "contract")?.is_some() {
            return Err(CabinetError::Conflict("special_decided"));
        }
        let used: String = sql::get(&row, "id")?;
        decided::end(tx, cab, &used, "withdrawn").await?;
    }
    Ok(())
}

/// An offer's states, oldest first, each with why.
pub async fn history(cab: &Cabinet, by: &Staff, offer: &str) -> Result<Vec<(State, String)>> {
    by.must(Action::ReadReports)?;
    let statement = "SELECT state, why FROM personal_offer_event WHERE offer = $1 ORDER BY seq";
    let rows = sql::all(cab.db().read(), statement, vec![offer.into()]).await?;
    let told = rows.iter().map(|row| {
        let state = State::read(&sql::get::<String>(row, "state")?)?;
        Ok((state, sql::get(row, "why")?))
    });
    told.collect()
}
