//! One key, one effect: a repeated form gets the first answer, a reused key with another input a
//! refusal.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::keys::hex;

/// What a key means in this transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The key is new and now ours: do the work, then [`store`] its result in the same transaction.
    New,
    /// The work was done before with the same input; this is what it led to.
    Same(String),
}

/// Takes a key, or tells what it led to. The same key with another input is
/// `Conflict("key_reused")`. A refused use case rolls its claim back, so a corrected form may keep
/// the key.
pub async fn claim(
    tx: &Tx,
    cab: &Cabinet,
    scope: &str,
    key: Uuid,
    input_hash: &str,
) -> Result<Claim> {
    take(tx, cab, (scope, key), input_hash, None).await
}

/// The same where it is known beforehand what a new key leads to: nothing is left to [`store`].
pub async fn claim_for(
    tx: &Tx,
    cab: &Cabinet,
    scope: &str,
    key: Uuid,
    input_hash: &str,
    result_ref: &str,
) -> Result<Claim> {
    take(tx, cab, (scope, key), input_hash, Some(result_ref)).await
}

async fn take(
    tx: &Tx,
    cab: &Cabinet,
    (scope, key): (&str, Uuid),
    input_hash: &str,
    result_ref: Option<&str>,
) -> Result<Claim> {
    let (scope_text, key_text) = (scope.to_owned(), key.to_string());
    let inserted = sql::execute(
        tx,
        "INSERT INTO idempotency (scope, key, input_hash, created_at, result_ref) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (scope, key) DO NOTHING",
        vec![
            scope_text.clone().into(),
            key_text.clone().into(),
            input_hash.into(),
            cab.now_ms().into(),
            result_ref.map(str::to_owned).into(),
        ],
    )
    .await?;
    if inserted == 1 {
        return Ok(Claim::New);
    }
    let row = sql::one(
        tx,
        "SELECT input_hash, result_ref FROM idempotency WHERE scope = $1 AND key = $2",
        vec![scope_text.into(), key_text.into()],
    )
    .await?
    .ok_or(CabinetError::Conflict("key_in_progress"))?;
    if sql::get::<String>(&row, "input_hash")? != input_hash {
        return Err(CabinetError::Conflict("key_reused"));
    }
    sql::get::<Option<String>>(&row, "result_ref")?
        .map(Claim::Same)
        .ok_or(CabinetError::Conflict("key_in_progress"))
}

/// Remembers what a claimed key led to.
pub async fn store(tx: &Tx, scope: &str, key: Uuid, result_ref: &str) -> Result<()> {
    let updated = sql::execute(
        tx,
        "UPDATE idempotency SET result_ref = $1 \
         WHERE scope = $2 AND key = $3 AND result_ref IS NULL",
        vec![result_ref.into(), scope.into(), key.to_string().into()],
    )
    .await?;
    if updated == 1 {
        Ok(())
    } else {
        Err(CabinetError::internal("storing an unclaimed key"))
    }
}

/// A hash of an input, its parts kept apart by their lengths.
pub fn input_hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_string().as_bytes());
        hasher.update(b":");
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(input_hash(&["ab", "c"]), input_hash(&["a", "bc"]));
        assert_eq!(input_hash(&["ab", "c"]), input_hash(&["ab", "c"]));
    }
}
