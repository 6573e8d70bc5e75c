//! What of an application's offers is left when it is decided, and what its borrower is told of them.
//!
//! Until individual terms are given, an offer may come to its end, and the borrower reads the ordinary terms with a
//! word about why. After that nothing changes them: the law holds them unchanged for five working days (353-ФЗ, art. 7
//! p. 6), and the lender's file for longer. A raised limit stays from the filing on: the sum is the borrower's wish.

use sea_orm::{ConnectionTrait, QueryResult};

use super::personal::{self, State};
use super::{Source, person};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::ids::{ApplicationId, BorrowerId};
use crate::lender::{Effect, LenderProduct, Text};
use crate::loan::stored::read;

/// An offer of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedOffer {
    /// Where it came from: `promotion`, `personal`, `status`.
    pub source: String,
    /// Its name.
    pub title: Text,
    /// The contract has it; otherwise it came to its end before the decision.
    pub holds: bool,
    /// Why it ended: `late`, `withdrawn`.
    pub why: Option<String>,
}

async fn rows(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Vec<QueryResult>> {
    let statement = "SELECT * FROM offer_use WHERE application = $1 ORDER BY reserved_at, id";
    sql::all(db, statement, vec![application.into()]).await
}

/// The product as an application gets it: with what was reserved for it and has not ended.
pub(crate) async fn product_of(
    db: &impl ConnectionTrait,
    base: &LenderProduct,
    application: ApplicationId,
) -> Result<LenderProduct> {
    let mut product = base.clone();
    for row in rows(db, application).await? {
        let effect: Effect = read(&sql::get::<String>(&row, "effect")?)?;
        let part: String = sql::get(&row, "part")?;
        let holds = sql::get::<String>(&row, "state")? == "reserved";
        if let Some(rate) = effect.rate.filter(|_| holds && part != "limit") {
            product.terms.promo = Some(rate);
        }
        if let Some(limit) = effect.raised_limit.filter(|_| part != "rate") {
            product.terms.max_amount = product.terms.max_amount.max(limit);
        }
    }
    Ok(product)
}

/// Ends what a payment that is late ends, before the decision.
pub(crate) async fn recheck(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    application: ApplicationId,
) -> Result<()> {
    let rows = rows(tx, application).await?;
    if rows.is_empty() || !person(tx, cab, Some(borrower)).await?.late {
        return Ok(());
    }
    for row in rows {
        if sql::get::<String>(&row, "state")? != "reserved" {
            continue;
        }
        let personal: Option<String> = sql::get(&row, "personal")?;
        let ends = match &personal {
            Some(offer) => {
                let statement = "SELECT ends_late FROM personal_offer WHERE id = $1";
                let row = sql::one(tx, statement, vec![(&**offer).into()]).await?;
                row.is_some_and(|row| sql::get::<i64>(&row, "ends_late").is_ok_and(|it| it == 1))
            }
            None => sql::get::<String>(&row, "source")? == Source::Status.code(),
        };
        if ends {
            if let Some(offer) = &personal {
                personal::end(tx, cab, offer, State::Reserved, "late", None).await?;
            }
            end(tx, cab, &sql::get::<String>(&row, "id")?, "late").await?;
        }
    }
    Ok(())
}

/// An application is without an offer from here on.
pub(super) async fn end(tx: &Tx, cab: &Cabinet, id: &str, why: &str) -> Result<()> {
    let statement = "UPDATE offer_use SET state = 'ended', why = $2, done_at = $3 WHERE id = $1";
    let values = vec![id.into(), why.into(), cab.now_ms().into()];
    sql::execute(tx, statement, values).await.map(drop)
}

/// What an application's borrower is told of its offers.
pub(crate) async fn told(
    db: &impl ConnectionTrait,
    application: ApplicationId,
) -> Result<Vec<UsedOffer>> {
    let rows = rows(db, application).await?;
    let told = rows.iter().map(|row| {
        let state: String = sql::get(row, "state")?;
        Ok(UsedOffer {
            source: sql::get(row, "source")?,
            title: Text {
                ru: sql::get(row, "title_ru")?,
                en: sql::get(row, "title_en")?,
            },
            holds: state != "ended",
            why: sql::get(row, "why")?,
        })
    });
    told.collect()
}
