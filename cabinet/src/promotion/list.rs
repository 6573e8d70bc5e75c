//! The page of offers, and where a repeat client stands.

use chrono::NaiveDate;
use lending::{Kopecks, LoanRequest, Product, PromoState};
use sea_orm::{ConnectionTrait, QueryResult};

use super::best::{Count, Special, best, counts, own_uses};
use super::{
    Candidate, Change, Example, OfferCard, Offers, Person, Source, StatusView, Use, candidates,
    person,
};
use crate::Cabinet;
use crate::db::sql;
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::lender::{Effect, EndsOn, LenderProduct, Promotion, Text};
use crate::loan::stored::{date, read};

/// Everything that is offered: to this person, now, and later. `None` is a stranger.
pub async fn list(cab: &Cabinet, borrower: Option<BorrowerId>) -> Result<Offers> {
    let db = cab.db().read();
    let today = cab.today();
    let person = person(db, cab, borrower).await?;
    let open = candidates(db, cab, borrower, &person).await?;
    let first = !person.had_loan;
    let products = cab.lender().products.iter();
    let chosen: Vec<Special> = products.map(|it| best(it, &open, first)).collect();
    let view = View {
        cab,
        open: &open,
        chosen: &chosen,
    };
    let counts = counts(db).await?;
    let mut offers = Offers::default();
    let mut own = std::collections::BTreeMap::new();
    if let Some(borrower) = borrower {
        own = own_uses(db, borrower).await?;
        for row in personal_rows(db, borrower, today).await? {
            offers.personal.push(view.personal(&row)?);
        }
    }
    if first {
        offers.current.extend(view.first_loans());
    }
    for one in &cab.lender().promotions {
        if one.until < today {
            continue;
        }
        let count = counts.get(&one.code).copied().unwrap_or_default();
        let used = own.get(&one.code).copied().unwrap_or_default();
        let card = view.promotion(one, count, used, &person);
        if one.from > today {
            offers.future.push(card);
        } else {
            offers.current.push(card);
        }
    }
    offers.future.sort_by_key(|card| card.from);
    Ok(offers)
}

/// Where a borrower stands; none where the lender has no statuses.
pub async fn status(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<StatusView>> {
    let all = cab.lender().statuses.clone();
    if all.is_empty() {
        return Ok(None);
    }
    let person = person(cab.db().read(), cab, Some(borrower)).await?;
    let done = person.repaid_on_time;
    let next = all.iter().find(|it| it.after_loans > done);
    Ok(Some(StatusView {
        held: all.iter().rposition(|it| it.after_loans <= done),
        repaid_on_time: done,
        missing: next.map(|it| it.after_loans - done),
        late: person.late,
        all,
    }))
}

async fn personal_rows(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
    today: NaiveDate,
) -> Result<Vec<QueryResult>> {
    sql::all(
        db,
        "SELECT * FROM personal_offer WHERE borrower = $1 AND state IN ('open', 'reserved') \
         AND (state = 'reserved' OR until >= $2) ORDER BY given_at, id",
        vec![borrower.into(), today.to_string().into()],
    )
    .await
}

/// What is open, and what of it each product is quoted with.
struct View<'v> {
    cab: &'v Cabinet,
    open: &'v [Candidate],
    chosen: &'v [Special],
}

impl View<'_> {
    fn personal(&self, row: &QueryResult) -> Result<OfferCard> {
        let code: String = sql::get(row, "id")?;
        let effect: Effect = read(&sql::get::<String>(row, "effect")?)?;
        let rule = sql::get::<Option<String>>(row, "rule")?;
        let rules = self.cab.lender().personal_offers.iter();
        let about = rules
            .filter(|it| Some(&it.code) == rule.as_ref())
            .map(|it| it.about.clone())
            .next();
        let flag =
            |column: &str| Ok::<bool, crate::CabinetError>(sql::get::<i64>(row, column)? == 1);
        let late = flag("ends_late")?.then_some(EndsOn::Late);
        let other = flag("ends_other")?.then_some(EndsOn::OtherLoan);
        let reserved = sql::get::<String>(row, "state")? == "reserved";
        Ok(OfferCard {
            source: Source::Personal,
            usable: if reserved {
                Use::Reserved
            } else {
                self.usable(&code)
            },
            title: Text {
                ru: sql::get(row, "title_ru")?,
                en: sql::get(row, "title_en")?,
            },
            about,
            audience: None,
            closed_within: None,
            from: Some(date(&sql::get::<String>(row, "given_on")?)?),
            until: Some(date(&sql::get::<String>(row, "until")?)?),
            ends_on: late.into_iter().chain(other).collect(),
            per_person: Some(1),
            left: None,
            changes: self.changes(&effect),
            effect,
            code,
        })
    }

    fn promotion(&self, one: &Promotion, count: Count, used: i64, person: &Person) -> OfferCard {
        let today = self.cab.today();
        let effect = one.terms.effect();
        let usable = if one.from > today || !person.meets(one, today) {
            Use::Not
        } else if used >= i64::from(one.per_person) {
            Use::Over
        } else if !count.leaves(one, self.cab.lender()) {
            Use::Gone
        } else {
            self.usable(&one.code)
        };
        let left = one.uses.map(|uses| {
            let left = i64::from(uses).saturating_sub(count.uses).max(0);
            u32::try_from(left).unwrap_or_default()
        });
        OfferCard {
            source: Source::Promotion,
            code: one.code.clone(),
            title: one.title.clone(),
            about: Some(one.about.clone()),
            audience: Some(one.audience),
            closed_within: one.closed_within_days,
            from: Some(one.from),
            until: Some(one.until),
            ends_on: Vec::new(),
            per_person: Some(one.per_person),
            left,
            changes: self.changes(&effect),
            effect,
            usable,
        }
    }

    /// The products' own reduced rates for a first loan.
    fn first_loans(&self) -> Vec<OfferCard> {
        let promised = self.chosen.iter().filter_map(|special| {
            let base = self.cab.lender().product(&special.product.terms.code)?;
            let promo = base.terms.promo?;
            let effect = Effect {
                products: vec![base.terms.code.clone()],
                rate: Some(promo),
                raised_limit: None,
            };
            Some(OfferCard {
                source: Source::Product,
                code: base.terms.code.clone(),
                title: base.title.clone(),
                about: None,
                audience: promo
                    .first_loan_only
                    .then_some(crate::lender::PromotionAudience::New),
                closed_within: None,
                from: None,
                until: None,
                ends_on: Vec::new(),
                per_person: None,
                left: None,
                changes: self.changes(&effect),
                effect,
                usable: if special.rate.is_none() {
                    Use::Now
                } else {
                    Use::Outweighed
                },
            })
        });
        promised.collect()
    }

    /// Whether one of the products is quoted with it.
    fn usable(&self, code: &str) -> Use {
        let named = |it: &Option<Candidate>| it.as_ref().is_some_and(|it| it.code == code);
        let takes = |it: &Special| named(&it.rate) || named(&it.limit);
        let open = self.open.iter().any(|it| it.code == code);
        match (self.chosen.iter().any(takes), open) {
            (true, _) => Use::Now,
            (false, true) => Use::Outweighed,
            (false, false) => Use::Not,
        }
    }

    fn changes(&self, effect: &Effect) -> Vec<Change> {
        let products = effect.products.iter();
        let known = products.filter_map(|code| self.cab.lender().product(code));
        let changed = known.map(|product| Change {
            example: example(effect, product, self.cab.today()),
            product: product.clone(),
        });
        changed.collect()
    }
}

/// The largest and longest loan of a reduced rate, with it and without it.
pub(super) fn example(
    effect: &Effect,
    product: &LenderProduct,
    today: NaiveDate,
) -> Option<Example> {
    let rate = effect.rate?;
    let ordinary = Product {
        promo: None,
        ..effect.on(&product.terms)
    };
    let offered = Product {
        promo: Some(rate),
        ..ordinary.clone()
    };
    let step = ordinary.amount_step.get().max(1);
    let over = (rate.max_amount - ordinary.min_amount).get() % step;
    let request = LoanRequest {
        amount: Kopecks::new(rate.max_amount.get() - over),
        term: rate.max_days,
        start: today,
        first_loan: true,
    };
    let with = lending::quote(&offered, &request).ok()?;
    let without = lending::quote(&ordinary, &request).ok()?;
    (with.promo == PromoState::Granted).then_some(Example {
        amount: request.amount,
        term: request.term,
        pays: with.total,
        instead: without.total,
        psk: with.psk,
        psk_instead: without.psk,
    })
}
