//! What every page's frame tells of whoever asks for it, read at once.

use futures::{future, join};
use sea_orm::QueryResult;

use super::Standing;
use super::visit::{row_of, standing_by};
use crate::db::Snapshot;
use crate::error::Result;
use crate::ids::{BorrowerId, SignInId};
use crate::person::{self, Hold};
use crate::support::chat;
use crate::{Cabinet, agent, notice, session};

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
    let read = read(&db, cab, (borrower, sign_in), counted).await;
    // Judging may write and read more, for which it takes another connection.
    drop(db);
    read.judged(cab).await
}

/// A session's row, and beside it what [`whose`] reads for the one whose session it is taken for: on SQLite in one message.
///
/// # Errors
/// The session can't be read. What was read beside it tells of its own errors when it is judged.
pub async fn session_and_whose(
    cab: &Cabinet,
    session: &str,
    taken_for: (BorrowerId, SignInId),
    counted: bool,
) -> Result<(Option<(String, i64)>, WhoseRead)> {
    let db = cab.db().together().await?;
    let session = session::load_in(&db, cab, session);
    let (session, read) = join!(session, read(&db, cab, taken_for, counted));
    Ok((session?, read))
}

/// What [`whose`] reads, not judged yet.
#[derive(Debug)]
pub struct WhoseRead {
    of: (BorrowerId, SignInId),
    counted: bool,
    row: Result<Option<QueryResult>>,
    hold: Result<Hold>,
    agent: Result<bool>,
    unread: Option<Unread>,
}

async fn read(
    db: &Snapshot,
    cab: &Cabinet,
    (borrower, sign_in): (BorrowerId, SignInId),
    counted: bool,
) -> WhoseRead {
    let unread = async {
        if !counted {
            return None;
        }
        let (notices, lines) = join!(
            notice::unread_in(db, borrower),
            chat::unread_in(db, cab, borrower)
        );
        Some(Unread {
            notices: known(notices),
            lines: known(lines),
        })
    };
    let (row, hold, agent, unread) = future::join4(
        row_of(db, borrower, sign_in),
        person::hold_in(db, cab, borrower),
        agent::is_agent_in(db, cab, borrower),
        unread,
    )
    .await;
    WhoseRead {
        of: (borrower, sign_in),
        counted,
        row,
        hold,
        agent,
        unread,
    }
}

impl WhoseRead {
    /// Whether this is what is asked for.
    pub fn is_of(&self, borrower: BorrowerId, sign_in: SignInId, counted: bool) -> bool {
        self.of == (borrower, sign_in) && self.counted == counted
    }

    /// As [`whose`] answers.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn judged(self, cab: &Cabinet) -> Result<Option<Whose>> {
        let (borrower, sign_in) = self.of;
        let Some(row) = self.row? else {
            return Ok(None);
        };
        Ok(Some(Whose {
            standing: standing_by(cab, borrower, sign_in, &row).await?,
            hold: self.hold?,
            agent: self.agent?,
            unread: self.unread,
        }))
    }
}

fn known(count: Result<i64>) -> i64 {
    count.unwrap_or_else(|error| {
        tracing::error!(%error, "what waits to be read can't be counted");
        0
    })
}
