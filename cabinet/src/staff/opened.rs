//! What is a person's and opens with a reason: a request, an appeal, a chat. It stays open for a quarter of an hour to
//! whoever gave the reason; the staff's log and the person's diary have it.

use std::fmt::Display;

use super::audit::{self, Deed};
use super::{Action, OPEN_MS, Staff};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, UploadId};
use crate::loan::stored;
use crate::upload::{self, UploadView};

/// Something that opens with a reason, by its id.
pub(crate) trait Opened: Copy + Display + Send + Sync + 'static {
    /// The name of opening it, in the log.
    const LOG: &'static str;
    /// What whoever opens it must be allowed to do.
    const READ: Action;

    /// The statement for whose it is, nobody's perhaps, and of which kind: `borrower` and `kind` of one id.
    const OF: &'static str;

    /// What the diary of its owner calls a look at one of this kind.
    fn seen(kind: &str) -> &'static str;
}

/// Opens it. Refuses with `Fields("why", "staff_reason")`, `Forbidden("staff_role")`, `NotFound`.
pub(crate) async fn open<T: Opened>(cab: &Cabinet, by: &Staff, why: &str, it: T) -> Result<()> {
    by.must(T::READ)?;
    let why = super::reason("why", why)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let id = it.to_string().into();
                let row = sql::one(tx, T::OF, vec![id]).await?;
                let row = row.ok_or(CabinetError::NotFound)?;
                let owner: Option<String> = sql::get(&row, "borrower")?;
                let borrower = owner.as_deref().map(stored::id).transpose()?;
                if let Some(owner) = borrower {
                    let kind: String = sql::get(&row, "kind")?;
                    let entry = Entry::new(Role::Staff(by.id), T::seen(&kind)).because(&why);
                    diary::write(tx, &cabinet, owner, entry).await?;
                }
                step(tx, &cabinet, &by, (it, borrower), (T::LOG, &why)).await
            })
        })
        .await
}

/// A step of it in the staff's log: what was done, and why.
pub(crate) async fn step<T: Opened>(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    (it, borrower): (T, Option<BorrowerId>),
    (what, why): (&'static str, &str),
) -> Result<()> {
    let mut deed = Deed::named(what, it).because(why);
    deed.borrower = borrower;
    audit::write(tx, cab, Some(by), deed).await
}

/// The reason for which this one of the staff has opened it lately.
pub(crate) async fn reason<T: Opened>(cab: &Cabinet, by: &Staff, it: T) -> Result<Option<String>> {
    let since = cab.now_ms() - OPEN_MS;
    audit::last_reason(cab, by, T::LOG, &it.to_string(), since).await
}

/// A picture of what is open for this one of the staff, read for the reason it was opened with. `NotFound` for a
/// picture of something else.
pub(crate) async fn picture<T: Opened>(
    cab: &Cabinet,
    by: &Staff,
    (it, its): (T, &[UploadView]),
    picture: UploadId,
) -> Result<Vec<u8>> {
    if !its.iter().any(|upload| upload.id == picture) {
        return Err(CabinetError::NotFound);
    }
    let why = reason(cab, by, it).await?.unwrap_or_default();
    upload::read_by_staff(cab, by, &why, picture).await
}
