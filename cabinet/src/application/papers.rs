//! Papers that a specialist asks for before deciding.

use chrono::{DateTime, Utc};

use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{ApplicationId, BorrowerId, StaffId};
use crate::notice::{self, Notice};
use crate::{Cabinet, moment};

/// A paper that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperAsked {
    /// What, in the specialist's words.
    pub what: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was asked for, oldest first.
pub async fn papers_asked(cab: &Cabinet, application: ApplicationId) -> Result<Vec<PaperAsked>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT id, what, at FROM paper_asked WHERE application = $1 ORDER BY at, id",
        vec![application.into()],
    )
    .await?;
    rows.iter()
        .map(|row| {
            let (id, sealed): (String, String) = (sql::get(row, "id")?, sql::get(row, "what")?);
            Ok(PaperAsked {
                what: cab.keys().decrypt("paper_asked", "what", &id, &sealed)?,
                at: moment(sql::get(row, "at")?)?,
            })
        })
        .collect()
}

/// Asks for a paper of an application that waits for a specialist; the borrower hears of it by the same commit.
/// Answers whose it is.
pub(crate) async fn ask_paper(
    tx: &Tx,
    cab: &Cabinet,
    by: StaffId,
    application: ApplicationId,
    what: &str,
) -> Result<BorrowerId> {
    let statement = format!(
        "SELECT borrower, status FROM application WHERE id = $1{}",
        sql::for_update(tx)
    );
    let row = sql::one(tx, &statement, vec![application.into()]).await?;
    let row = row.ok_or(CabinetError::NotFound)?;
    if sql::get::<String>(&row, "status")? != "specialist" {
        return Err(CabinetError::Conflict("specialist_only"));
    }
    let borrower: String = sql::get(&row, "borrower")?;
    let borrower: BorrowerId = borrower.parse().map_err(CabinetError::internal)?;
    let id = cab.fresh_id().to_string();
    let sealed = cab.keys().encrypt("paper_asked", "what", &id, what)?;
    sql::execute(
        tx,
        "INSERT INTO paper_asked (id, application, borrower, staff, what, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            id.clone().into(),
            application.into(),
            borrower.into(),
            by.into(),
            sealed.into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    let entry = Entry::new(Role::Staff(by), "paper_asked").because(what);
    diary::write(tx, cab, borrower, entry).await?;
    let notice = Notice {
        borrower,
        object: application.to_string(),
        kind: "paper_asked",
        occasion: id,
        args: Vec::new(),
    };
    notice::tell(tx, cab, notice).await?;
    Ok(borrower)
}
