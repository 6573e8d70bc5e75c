//! The letter about a cabinet that is closed: its owner can't sign in any more, so the address that is shown before the
//! end opens it by itself, for a while.

use super::{Kind, Request, State, read};
use crate::Cabinet;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, RequestId};

/// How long the address works after the end, in milliseconds.
const LIFE: i64 = 90 * 86_400_000;

fn key(cab: &Cabinet, id: RequestId) -> String {
    cab.keys().blind_index("closing_letter", &id.to_string())
}

/// The end of the address after `/letters/`: the request and a key that nobody guesses. Only of the end of a cabinet.
pub(super) fn address(cab: &Cabinet, request: &Request) -> Option<String> {
    (request.kind == Kind::Closing).then(|| format!("{}/{}", request.id, key(cab, request.id)))
}

/// Whose letter an address opens; `NotFound` for a wrong key, before the answer, and three months after it.
pub async fn letter_owner(cab: &Cabinet, id: RequestId, typed: &str) -> Result<BorrowerId> {
    // Hashes are compared, so the time of the comparison tells nothing of the key.
    let hashed = |text: &str| cab.keys().blind_index("closing_letter_typed", text);
    if hashed(typed) != hashed(&key(cab, id)) {
        return Err(CabinetError::NotFound);
    }
    let request = read(cab.db().read(), cab, id).await?;
    let ended = matches!(request.state, State::Done | State::Refused);
    let lives = request
        .closed_at
        .is_some_and(|at| cab.now_ms() - at <= LIFE);
    if request.kind != Kind::Closing || !ended || !lives {
        return Err(CabinetError::NotFound);
    }
    request.borrower.ok_or(CabinetError::NotFound)
}
