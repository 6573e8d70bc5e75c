//! Who asks: looked up once, before a request is answered.
//!
//! A page is made of several parts that are awaited in turn. If each looked by itself, a part that holds a
//! connection would wait for its turn behind one that waits for a connection: enough of them at once stop
//! every other.

use cabinet::access::{self, Standing};
use cabinet::agent;
use cabinet::ids::{AppealId, BorrowerId, CodeId, RequestId, SignInId, VisitorId};
use cabinet::person::{self, Hold};
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
}

/// What [`look_up`] found; the server puts it into the request's extensions.
#[derive(Clone)]
pub struct LookedUp(pub(super) Result<Asker, ApiError>);

/// Reads the session and the sign-in behind it. A session that is over is emptied.
pub async fn look_up(context: &AppContext, session: Session) -> LookedUp {
    LookedUp(asker(context, session).await)
}

async fn asker(context: &AppContext, session: Session) -> Result<Asker, ApiError> {
    let mut who = session.get::<Who>(WHO).await.map_err(|error| {
        tracing::error!(%error, "the session can't be read");
        ApiError::new(Code::Unavailable, "session")
    })?;
    let now = (context.real_seconds)();
    let ended = |who: &Who| who.borrower.is_some() && now - who.since > context.session_seconds;
    let standing = match who.as_ref().filter(|who| !ended(who)) {
        Some(who) => standing(context, who).await?,
        None => Standing::Ended,
    };
    if who.as_ref().is_some_and(|who| who.borrower.is_some()) && standing == Standing::Ended {
        let _ = session.flush().await;
        who = None;
    }
    let hold = match who.as_ref().and_then(|who| who.borrower) {
        Some(borrower) => person::hold(&context.cabinet, borrower).await,
        None => Ok(Hold::Free),
    };
    let agent = match who.as_ref().and_then(|who| who.borrower) {
        Some(borrower) => agent::is_agent(&context.cabinet, borrower).await,
        None => Ok(false),
    };
    let unreadable = |error: cabinet::CabinetError| {
        tracing::error!(%error, "a cabinet's state can't be read");
        ApiError::new(Code::Unavailable, "session")
    };
    Ok(Asker {
        session,
        who,
        standing,
        agent: agent.map_err(unreadable)?,
        hold: hold.map_err(unreadable)?,
    })
}

async fn standing(context: &AppContext, who: &Who) -> Result<Standing, ApiError> {
    let Some((borrower, sign_in)) = who.borrower.zip(who.sign_in) else {
        return Ok(Standing::Ended);
    };
    access::standing(&context.cabinet, borrower, sign_in)
        .await
        .map_err(|error| {
            tracing::error!(%error, "a sign-in can't be read");
            ApiError::new(Code::Unavailable, "session")
        })
}
