//! Cabinets of the lender's own people, who never take part in its draws.

use chrono::{DateTime, Utc};

use super::staff::contract;
use crate::db::sql;
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::loan::stored::id;
use crate::staff::audit::{self, Deed};
use crate::staff::{Action, Staff, reason};
use crate::{Cabinet, moment};

/// A cabinet of one of the lender's people.
#[derive(Debug, Clone)]
pub struct Barred {
    /// Its last contract.
    pub contract: String,
    /// Who wrote it down.
    pub by: StaffId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Cabinets of the lender's people, the newest first.
pub async fn barred(cab: &Cabinet, by: &Staff) -> Result<Vec<Barred>> {
    by.must(Action::ReadReports)?;
    let db = cab.db().read();
    let statement =
        "SELECT borrower, staff, reason, at FROM draw_barred ORDER BY at DESC, borrower";
    let mut all = Vec::new();
    for row in sql::all(db, statement, vec![]).await? {
        let (key, sealed) = (
            sql::get::<String>(&row, "borrower")?,
            sql::get::<String>(&row, "reason")?,
        );
        all.push(Barred {
            contract: contract(db, id(&key)?).await?,
            by: id(&sql::get::<String>(&row, "staff")?)?,
            reason: cab.keys().decrypt("draw_barred", "reason", &key, &sealed)?,
            at: moment(sql::get(&row, "at")?)?,
        });
    }
    Ok(all)
}

/// Writes down that a contract is of one of the lender's people, or that it is not any more. Lists that are closed stay.
///
/// # Errors
/// `Forbidden("staff_role")`; `Fields`: `contract` that nobody has, `reason` too short.
pub async fn bar(cab: &Cabinet, by: &Staff, number: &str, why: &str, bars: bool) -> Result<()> {
    by.must(Action::ManagePromotions)?;
    let why = reason("reason", why)?;
    let find = "SELECT borrower FROM contract WHERE number = $1";
    let number = number.trim().trim_start_matches('№').trim();
    let row = sql::one(cab.db().read(), find, vec![number.into()]).await?;
    let row = row.ok_or_else(|| CabinetError::field("contract", "special_contract"))?;
    let borrower: BorrowerId = id(&sql::get::<String>(&row, "borrower")?)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let key = borrower.to_string();
                let sealed = cabinet
                    .keys()
                    .encrypt("draw_barred", "reason", &key, &why)?;
                let (statement, values) = if bars {
                    let values = vec![
                        key.into(),
                        by.id.into(),
                        sealed.into(),
                        cabinet.now_ms().into(),
                    ];
                    let add = "INSERT INTO draw_barred (borrower, staff, reason, at) \
                               VALUES ($1, $2, $3, $4) ON CONFLICT (borrower) DO NOTHING";
                    (add, values)
                } else {
                    (
                        "DELETE FROM draw_barred WHERE borrower = $1",
                        vec![key.into()],
                    )
                };
                if sql::execute(tx, statement, values).await? == 0 {
                    return Ok(());
                }
                let deed = Deed::new(Action::ManagePromotions, borrower).about(borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because(&why)).await?;
                let what = if bars { "draw_barred" } else { "draw_allowed" };
                let entry = Entry::new(Role::Staff(by.id), what).because(&why);
                diary::write(tx, &cabinet, borrower, entry).await
            })
        })
        .await
}
