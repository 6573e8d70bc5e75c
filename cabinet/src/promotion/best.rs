//! The product as one person gets it: the lowest rate and the highest limit of what is open to them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use lending::{Product, Promo};
use sea_orm::ConnectionTrait;

use super::{Offered, Person, Source, person};
use crate::Cabinet;
use crate::db::sql;
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::lender::{Effect, Lender, LenderProduct, Promotion, Text};
use crate::loan::stored::read;

/// An offer that is open to somebody now.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub source: Source,
    /// Its code, or its id.
    pub code: String,
    pub title: Text,
    pub effect: Effect,
}

impl Candidate {
    fn rate_of(&self, product: &Product) -> Option<Promo> {
        let of = self.effect.products.contains(&product.code);
        self.effect.rate.filter(|_| of)
    }

    fn limit_of(&self, product: &Product) -> Option<lending::Kopecks> {
        let of = self.effect.products.contains(&product.code);
        let higher = |limit: &lending::Kopecks| *limit > product.max_amount;
        self.effect.raised_limit.filter(|_| of).filter(higher)
    }
}

/// A product with the offers that change it.
#[derive(Debug, Clone)]
pub(crate) struct Special {
    pub product: LenderProduct,
    pub rate: Option<Candidate>,
    pub limit: Option<Candidate>,
}

/// The cheapest first: the lower rate, then the larger sum, then the longer term.
fn order(promo: &Promo) -> impl Ord + use<> {
    let size = (promo.max_amount, promo.max_days);
    (promo.daily_rate, Reverse(size))
}

/// The product with the lowest rate and the highest limit. The product's own promo counts among the rates.
pub(crate) fn best(base: &LenderProduct, candidates: &[Candidate], first_loan: bool) -> Special {
    let mut product = base.clone();
    let terms = &base.terms;
    let own = terms
        .promo
        .filter(|promo| first_loan || !promo.first_loan_only);
    let rate = candidates
        .iter()
        .filter_map(|it| Some((it.rate_of(terms)?, it)))
        .min_by_key(|(promo, _)| order(promo))
        .filter(|(promo, _)| own.is_none_or(|own| order(promo) < order(&own)));
    if let Some((promo, _)) = &rate {
        product.terms.promo = Some(*promo);
    }
    let limit = candidates
        .iter()
        .filter_map(|it| Some((it.limit_of(terms)?, it)))
        .max_by_key(|(limit, _)| *limit);
    if let Some((limit, _)) = &limit {
        product.terms.max_amount = *limit;
    }
    // A reduced rate up to a raised limit is not above it.
    Special {
        rate: rate.map(|(_, it)| it.clone()),
        limit: limit.map(|(_, it)| it.clone()),
        product,
    }
}

/// What a promotion has used up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub uses: i64,
    pub given_up: i64,
}

impl Count {
    /// Whether enough is left of it for its largest loan: whatever the calculator shows can be filed.
    pub(crate) fn leaves(self, one: &Promotion, lender: &Lender) -> bool {
        let loans = one.uses.is_none_or(|uses| self.uses < i64::from(uses));
        let most = one.terms.effect().most(lender).get();
        let fits = |budget: lending::Kopecks| self.given_up <= budget.get() - most;
        loans && one.budget().is_none_or(fits)
    }
}

/// What all promotions have used up, by code.
pub(crate) async fn counts(db: &impl ConnectionTrait) -> Result<BTreeMap<String, Count>> {
    let rows = sql::all(
        db,
        "SELECT code, uses, given_up FROM promotion_count",
        vec![],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let count = Count {
                uses: sql::get(row, "uses")?,
                given_up: sql::get(row, "given_up")?,
            };
            Ok((sql::get(row, "code")?, count))
        })
        .collect()
}

/// How many loans of a borrower have, or wait for, each promotion.
pub(crate) async fn own_uses(
    db: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<BTreeMap<String, i64>> {
    let rows = sql::all(
        db,
        "SELECT code, COUNT(*) AS uses FROM offer_use WHERE borrower = $1 AND source = 'promotion' \
         AND state IN ('reserved', 'used') GROUP BY code",
        vec![borrower.into()],
    )
    .await?;
    rows.iter()
        .map(|row| Ok((sql::get(row, "code")?, sql::get(row, "uses")?)))
        .collect()
}

/// Everything that is open to a person today.
pub(crate) async fn candidates(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: Option<BorrowerId>,
    person: &Person,
) -> Result<Vec<Candidate>> {
    let lender = cab.lender();
    let today = cab.today();
    let mut open = Vec::new();
    if let Some(borrower) = borrower {
        open.extend(personal(db, cab, borrower, person).await?);
    }
    let mut running: Vec<&Promotion> = Vec::new();
    for one in &lender.promotions {
        if one.runs(today) && person.meets(one, today) {
            running.push(one);
        }
    }
    if !running.is_empty() {
        let counts = counts(db).await?;
        let own = match borrower {
            Some(borrower) => own_uses(db, borrower).await?,
            None => BTreeMap::new(),
        };
        for one in running {
            let count = counts.get(&one.code).copied().unwrap_or_default();
            let own = own.get(&one.code).copied().unwrap_or_default();
            if count.leaves(one, lender) && own < i64::from(one.per_person) {
                open.push(Candidate {
                    source: Source::Promotion,
                    code: one.code.clone(),
                    title: one.title.clone(),
                    effect: one.terms.effect(),
                });
            }
        }
    }
    let status = lender.status_after(person.repaid_on_time);
    let status = status.filter(|_| !person.late).and_then(|it| {
        let terms = it.terms.as_ref()?;
        Some(Candidate {
            source: Source::Status,
            code: it.code.clone(),
            title: it.title.clone(),
            effect: terms.effect(),
        })
    });
    open.extend(status);
    Ok(open)
}

async fn personal(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
    person: &Person,
) -> Result<Vec<Candidate>> {
    let rows = sql::all(
        db,
        "SELECT id, title_ru, title_en, effect FROM personal_offer WHERE borrower = $1 \
         AND state = 'open' AND until >= $2 AND (ends_late = 0 OR $3 = 0) ORDER BY given_at, id",
        vec![
            borrower.into(),
            cab.today().to_string().into(),
            i64::from(person.late).into(),
        ],
    )
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Candidate {
                source: Source::Personal,
                code: sql::get(row, "id")?,
                title: Text {
                    ru: sql::get(row, "title_ru")?,
                    en: sql::get(row, "title_en")?,
                },
                effect: read(&sql::get::<String>(row, "effect")?)?,
            })
        })
        .collect()
}

/// The products that somebody is offered, each with the best that is open to them; `None` is a stranger.
pub async fn offered(cab: &Cabinet, borrower: Option<BorrowerId>) -> Result<Vec<Offered>> {
    let db = cab.db().read();
    let person = person(db, cab, borrower).await?;
    let open = candidates(db, cab, borrower, &person).await?;
    let first = !person.had_loan;
    let products = cab.lender().products.iter();
    Ok(products
        .filter(|product| product.audience.has(first))
        .map(|product| {
            let special = best(product, &open, first);
            Offered {
                product: special.product,
                rate: special.rate.map(|it| it.title),
                limit: special.limit.map(|it| it.title),
            }
        })
        .collect())
}
