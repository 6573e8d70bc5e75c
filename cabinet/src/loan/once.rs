//! What a borrower does to one loan with a form: their own loan, locked, and the form's key, so that it is done once.

use lending::Kopecks;
use uuid::Uuid;

use super::history::{self, History};
use crate::Cabinet;
use crate::db::Tx;
use crate::error::{CabinetError, Result};
use crate::idempotency::{self, Claim};
use crate::ids::{BorrowerId, LoanId};

/// A key that is ours until its work is done.
pub(crate) struct Key {
    scope: String,
    key: Uuid,
}

impl Key {
    /// The work is done, and this is what it led to.
    pub async fn done(self, tx: &Tx, led_to: &str) -> Result<()> {
        idempotency::store(tx, &self.scope, self.key, led_to).await
    }
}

/// Locks the loan and takes the key for so much, or for all there is; nothing when the key has done its work.
///
/// Errors: `NotFound` of somebody else's loan, `Conflict("key_reused")`.
pub(crate) async fn once(
    tx: &Tx,
    cab: &Cabinet,
    what: &str,
    (borrower, loan): (BorrowerId, LoanId),
    amount: Option<Kopecks>,
    key: Uuid,
) -> Result<Option<(History, Key)>> {
    let history = history::lock(tx, cab, loan).await?;
    if history.row.borrower != borrower.to_string() {
        return Err(CabinetError::NotFound);
    }
    let scope = format!("{what}:{borrower}");
    let asked = amount.map_or_else(|| "all".to_owned(), Kopecks::plain);
    let hash = idempotency::input_hash(&[&loan.to_string(), &asked]);
    Ok(
        match idempotency::claim(tx, cab, &scope, key, &hash).await? {
            Claim::Same(_) => None,
            Claim::New => Some((history, Key { scope, key })),
        },
    )
}
