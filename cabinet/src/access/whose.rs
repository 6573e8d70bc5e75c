//! What every page's frame tells of whoever asks for it, read at once.

use futures::{future, join};

use super::Standing;
use super::visit::{row_of, standing_by};
use crate::error::Result;
use crate::ids::{BorrowerId, SignInId};
use crate::person::{self, Hold};
use crate::support::chat;
use crate::{Cabinet, agent, notice};

/// Whoever is signed in.
#[derive(Debug, Clone)]
pub struct Whose {
    /// What the sign-in may do.
    pub standing: Standing,
    /// What a request under way leaves of the cabinet.
    pub hold: Hold,
    /// Whether the cabinet is an agent's too.
    pub agent: bool,
    /// What waits to be read, where it was asked for.
    pub unread: Option<Unread>,
}

/// What waits to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread {
    /// Notices.
    pub notices: i64,
    /// Answers in the chat.
    pub lines: i64,
}

/// Whose the sign-in is, and, `counted`, what waits for them; none when the sign-in is over.
///
/// # Errors
/// The database does not answer. Counts that can't be read are zero: nobody is kept out for them.
pub async fn whose(
    cab: &Cabinet,
    borrower: BorrowerId,
    sign_in: SignInId,
    counted: bool,
) -> Result<Option<Whose>> {
    let db = cab.db().together().await?;
    let unread = async {
        if !counted {
            return None;
        }
        let (notices, lines) = join!(
            notice::unread_in(&db, borrower),
            chat::unread_in(&db, cab, borrower)
        );
        Some(Unread {
            notices: known(notices),
            lines: known(lines),
        })
    };
    let (row, hold, agent, unread) = future::join4(
        row_of(&db, borrower, sign_in),
        person::hold_in(&db, cab, borrower),
        agent::is_agent_in(&db, cab, borrower),
        unread,
    )
    .await;
    // Judging may write and read more, for which it takes another connection.
    drop(db);
    let Some(row) = row? else { return Ok(None) };
    Ok(Some(Whose {
        standing: standing_by(cab, borrower, sign_in, &row).await?,
        hold: hold?,
        agent: agent?,
        unread,
    }))
}

fn known(count: Result<i64>) -> i64 {
    count.unwrap_or_else(|error| {
        tracing::error!(%error, "what waits to be read can't be counted");
        0
    })
}
