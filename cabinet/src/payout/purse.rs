//! Whose an account, a phone or a wallet is, without its number: a keyed hash beside each.

use sea_orm::QueryFilter;
use sea_orm::entity::prelude::*;

use super::PayoutKind;
use super::drive::destination;
use super::entity::instrument;
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::Result;
use crate::ids::BorrowerId;
use crate::ports::PayoutTo;

/// Writes down whose it is; nothing of a card, which is known by its digits.
pub(super) async fn note(tx: &Tx, cab: &Cabinet, instrument: &str, to: &PayoutTo) -> Result<()> {
    let Some(value) = value(to) else {
        return Ok(());
    };
    let index = cab.keys().blind_index("purse", &value);
    let statement = "INSERT INTO purse (instrument, value_index) VALUES ($1, $2) \
                     ON CONFLICT (instrument) DO NOTHING";
    sql::execute(tx, statement, vec![instrument.into(), index.into()])
        .await
        .map(drop)
}

/// What makes two of them one. The bank behind a phone does not matter.
fn value(to: &PayoutTo) -> Option<String> {
    match to {
        PayoutTo::Card { .. } => None,
        PayoutTo::Sbp { phone, .. } => Some(format!("phone:{phone}")),
        PayoutTo::Account { account, bic } => Some(format!("account:{bic}:{account}")),
        PayoutTo::Wallet { number } => Some(format!("wallet:{number}")),
    }
}

/// Whether it stands in another cabinet that is not closed.
pub(super) async fn of_another(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    to: &PayoutTo,
) -> Result<bool> {
    let Some(value) = value(to) else {
        return Ok(false);
    };
    let index = cab.keys().blind_index("purse", &value);
    let statement = "SELECT i.id FROM purse p JOIN instrument i ON i.id = p.instrument \
                     JOIN borrower b ON b.id = i.borrower \
                     WHERE p.value_index = $1 AND i.borrower <> $2 AND b.closed_at IS NULL LIMIT 1";
    let values = vec![index.into(), borrower.to_string().into()];
    Ok(sql::one(tx, statement, values).await?.is_some())
}

/// Notes those that are older than the table. Answers how many.
pub(crate) async fn note_all(cab: &Cabinet) -> Result<usize> {
    let missing = "id NOT IN (SELECT instrument FROM purse)";
    let rows = instrument::Entity::find()
        .filter(instrument::Column::Kind.ne(PayoutKind::Card))
        .filter(instrument::Column::Method.is_not_null())
        .filter(sea_orm::sea_query::Expr::cust(missing))
        .all(cab.db().read())
        .await?;
    let noted = rows.len();
    if noted == 0 {
        return Ok(0);
    }
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                for row in &rows {
                    note(tx, &cabinet, &row.id, &destination(&cabinet, row)?).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(noted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_one_purse_at_every_bank_and_an_account_belongs_to_its_own() {
        let sbp = |bank: &str| PayoutTo::Sbp {
            phone: "79001234567".into(),
            bank: bank.into(),
        };
        assert_eq!(value(&sbp("100000000111")), value(&sbp("100000000004")));
        let at = |bic: &str| PayoutTo::Account {
            account: "40817810000000000001".into(),
            bic: bic.into(),
        };
        assert_ne!(value(&at("044525225")), value(&at("044525974")));
        let token = PayoutTo::Card { token: "t".into() };
        assert_eq!(value(&token), None);
    }
}
