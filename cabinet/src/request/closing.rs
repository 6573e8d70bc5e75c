//! The end of a cabinet. Nobody deletes a cabinet alone: the law keeps its records, so it is a request.

use locales::Lang;

use super::{Body, Kind, NewRequest, State, insert, lock_borrower, read, tell_owner, under_way};
use crate::Cabinet;
use crate::db::sql;
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, RequestId};
use sea_orm::ConnectionTrait;

/// What stands in the way of closing a cabinet: `loan_open`, `application_open`, `request_open`.
pub async fn closing_stands_in(
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Option<&'static str>> {
    stands_in(cab.db().read(), borrower).await
}

async fn stands_in(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Option<&'static str>> {
    for (statement, code) in [
        (
            "SELECT id FROM loan WHERE borrower = $1 AND closed_on IS NULL LIMIT 1",
            "loan_open",
        ),
        (
            "SELECT id FROM application WHERE borrower = $1 AND is_open = 1 LIMIT 1",
            "application_open",
        ),
    ] {
        let row = sql::one(conn, statement, vec![borrower.into()]).await?;
        if row.is_some() {
            return Ok(Some(code));
        }
    }
    Ok(under_way(conn, borrower, Kind::Closing)
        .await?
        .then_some("request_open"))
}

/// Asks for the end of the cabinet; the page has said what it costs. Refuses with `Conflict`: see
/// [`closing_stands_in`]; `Fields("understood", "closing_understood")` without the tick that the costs
/// were read.
pub async fn ask_closing(
    cab: &Cabinet,
    borrower: BorrowerId,
    understood: bool,
    lang: Lang,
) -> Result<RequestId> {
    if !understood {
        return Err(CabinetError::field("understood", "closing_understood"));
    }
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                lock_borrower(tx, borrower).await?;
                if let Some(code) = stands_in(tx, borrower).await? {
                    return Err(CabinetError::Conflict(code));
                }
                let new = NewRequest {
                    kind: Kind::Closing,
                    state: State::Open,
                    borrower: Some(borrower),
                    code: None,
                    new_phone_index: "",
                    body: &Body::default(),
                    lang,
                };
                let id = insert(tx, &cabinet, new).await?;
                let request = read(tx, &cabinet, id).await?;
                tell_owner(tx, &cabinet, &request, "closing-asked").await?;
                let entry = Entry::new(Role::Own, "closing_asked");
                diary::write(tx, &cabinet, borrower, entry).await?;
                Ok(id)
            })
        })
        .await
}
