//! Who asks: looked up once, before a request is answered.
//!
//! A page is made of several parts that are awaited in turn. If each looked by itself, a part that holds a
//! connection would wait for its turn behind one that waits for a connection: enough of them at once stop
//! every other.

use std::collections::HashMap;
use std::hash::BuildHasher;

use cabinet::access::{Standing, Unread, WhoseRead, whose};
use cabinet::ids::{AppealId, BorrowerId, CodeId, RequestId, SignInId, VisitorId};
use cabinet::person::Hold;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::AppContext;
use crate::error::{ApiError, Code};

/// The key of [`Who`] in the session's record.
pub(super) const WHO: &str = "who";

/// The session's record: an anonymous visitor, or a borrower.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Who {
    /// Names the drafts of a visitor who is not signed in.
    pub visitor: VisitorId,
    /// Who is signed in.
    pub borrower: Option<BorrowerId>,
    /// Unix seconds of the sign-in: sessions also end absolutely.
    pub since: i64,
    /// The code being waited for.
    pub code: Option<CodeId>,
    /// Where to go after signing in; our own path only.
    pub next: Option<String>,
    /// The sign-in: it can be ended from another device.
    #[serde(default)]
    pub sign_in: Option<SignInId>,
    /// Unix seconds when the person last showed that it is them: by signing in, a code, the password.
    #[serde(default)]
    pub confirmed: i64,
    /// A form was refused until the person shows not to be a robot.
    #[serde(default)]
    pub challenged: bool,
    /// A request begun by somebody who can't sign in.
    #[serde(default)]
    pub request: Option<RequestId>,
    /// A question of somebody without a cabinet.
    #[serde(default)]
    pub appeal: Option<AppealId>,
}

/// A request's session, who it belongs to, and what that sign-in may do.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) session: Session,
    pub(super) who: Option<Who>,
    pub(super) standing: Standing,
    pub(super) hold: Hold,
    pub(super) agent: bool,
    pub(super) unread: Option<Unread>,
}

/// What [`look_up`] found; the server puts it into the request's extensions.
#[derive(Clone)]
pub struct LookedUp(pub(super) Result<Asker, ApiError>);

/// Who is signed in by a session's record.
pub fn signed_in<S: BuildHasher>(
    record: &HashMap<String, serde_json::Value, S>,
) -> Option<(BorrowerId, SignInId)> {
    let who = Who::deserialize(record.get(WHO)?).ok()?;
    who.borrower.zip(who.sign_in)
}

/// Reads the session and the sign-in behind it, and what waits to be read for a page that shows it. A session that is over
/// is emptied. What was `read` beside the session saves reading it, if it is of the same sign-in.
pub async fn look_up(
    context: &AppContext,
    session: Session,
    counted: bool,
    read: Option<WhoseRead>,
) -> LookedUp {
    LookedUp(asker(context, session, counted, read).await)
}

async fn asker(
    context: &AppContext,
    session: Session,
    counted: bool,
    read: Option<WhoseRead>,
) -> Result<Asker, ApiError> {
    let mut who = session.get::<Who>(WHO).await.map_err(|error| {
        tracing::error!(%error, "the session can't be read");
        ApiError::new(Code::Unavailable, "session")
    })?;
    let now = (context.real_seconds)();
    let ended = |who: &Who| who.borrower.is_some() && now - who.since > context.session_seconds;
    let kept = who.as_ref().filter(|who| !ended(who));
    let whose = match kept.and_then(|who| who.borrower.zip(who.sign_in)) {
        Some((borrower, sign_in)) => {
            match read.filter(|read| read.is_of(borrower, sign_in, counted)) {
                Some(read) => read.judged(&context.cabinet).await,
                None => whose(&context.cabinet, borrower, sign_in, counted).await,
            }
        }
        None => Ok(None),
    };
    let whose = whose.map_err(|error| {
        tracing::error!(%error, "a sign-in can't be read");
        ApiError::new(Code::Unavailable, "session")
    })?;
    let standing = whose.as_ref().map_or(Standing::Ended, |it| it.standing);
    if who.as_ref().is_some_and(|who| who.borrower.is_some()) && standing == Standing::Ended {
        let _ = session.flush().await;
        who = None;
    }
    Ok(Asker {
        session,
        who,
        standing,
        agent: whose.as_ref().is_some_and(|it| it.agent),
        unread: whose.as_ref().and_then(|it| it.unread),
        hold: whose.map_or(Hold::Free, |it| it.hold),
    })
}
