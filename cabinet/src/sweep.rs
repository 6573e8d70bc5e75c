//! Rows that have done their work go after a stated time. What proves something stays: signatures,
//! consents, the journal, notices and the ledger of contacts.

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::Result;

const DAY_MS: i64 = 86_400_000;
/// Messages that went, and the names operators gave to their parts.
const MESSAGES_DAYS: i64 = 30;
/// Other things that were done: by then nothing pushes them again.
const DONE_DAYS: i64 = 180;
/// What was given up loses what it carried, and no longer can be tried again.
const DEAD_DAYS: i64 = 30;
/// Codes that signed nothing.
const CODES_DAYS: i64 = 30;
/// What others told us.
const INBOX_DAYS: i64 = 180;
/// Keys of forms: a page that was open so long is asked for anew.
const KEYS_DAYS: i64 = 30;

/// Each statement takes the moment before which a row is old.
const OLD: &[(&str, i64)] = &[
    (
        "DELETE FROM outbox WHERE done_at < $1 AND kind IN ('sms', 'mail', 'push', 'notice')",
        MESSAGES_DAYS,
    ),
    ("DELETE FROM outbox WHERE done_at < $1", DONE_DAYS),
    ("DELETE FROM sms_part WHERE at < $1", MESSAGES_DAYS),
    (
        "UPDATE outbox SET payload = '' WHERE dead_at < $1 AND payload <> ''",
        DEAD_DAYS,
    ),
    ("DELETE FROM outbox WHERE dead_at < $1", DONE_DAYS),
    // A code that a contract or a prolongation was signed with is a part of the signature.
    (
        "DELETE FROM code WHERE sent_at < $1 AND (purpose = 'sign_in' OR used_at IS NULL) \
         AND id NOT IN (SELECT code FROM registration) \
         AND id NOT IN (SELECT code FROM registration_answer) \
         AND id NOT IN (SELECT code FROM identity_claim WHERE code IS NOT NULL)",
        CODES_DAYS,
    ),
    ("DELETE FROM inbox WHERE received_at < $1", INBOX_DAYS),
    ("DELETE FROM idempotency WHERE created_at < $1", KEYS_DAYS),
];

/// Removes what is old; answers how many rows.
pub async fn old_rows(cab: &Cabinet) -> Result<u64> {
    let now = cab.now_ms();
    cab.db()
        .write(move |tx| Box::pin(async move { remove(tx, now).await }))
        .await
}

async fn remove(tx: &Tx, now: i64) -> Result<u64> {
    let mut removed = 0;
    for (statement, days) in OLD {
        let before = now - days * DAY_MS;
        removed += sql::execute(tx, statement, vec![before.into()]).await?;
    }
    Ok(removed)
}
