//! What a server function or a page knows about the request it answers: who asks, in which language, from where.

use std::sync::Arc;

use axum::http::Method;
use axum::http::request::Parts;
use cabinet::access::{self, Entered, Form, Origin, Solved, Standing, Unread};
use cabinet::ids::{BorrowerId, SignInId};
use cabinet::person::Hold;
use cabinet::{Cabinet, CabinetError};
use leptos::prelude::*;
use leptos::reactive::owner::with_context;
use locales::{Lang, Words};
use tower_sessions::Session;

use crate::error::{ApiError, Code};
use crate::ui::layout::LenderLines;
use crate::ui::look::cookie;

pub mod address;
mod asker;
mod away;
mod form;

use asker::WHO;
pub use asker::{LookedUp, Who, look_up, signed_in};
pub use away::{go, go_outside, go_pay};
pub(crate) use form::{error_of, field_texts};

/// The address of the peer, put into the request by the server (a proxy's header only when it is trusted).
#[derive(Debug, Clone)]
pub struct ClientAddress(pub String);

/// What the server gives to every page and function. Copied a dozen times for a request, so its texts are shared.
#[derive(Clone)]
pub struct AppContext {
    /// The use cases.
    pub cabinet: Cabinet,
    /// Where this cabinet is reached from outside, without a trailing slash.
    pub public_url: Arc<str>,
    /// The sandbox's address, when it plays the outside world: pages may then point at its inbox.
    pub sandbox_url: Option<Arc<str>>,
    /// Ends a session that is older than this many seconds, however busy it is.
    pub session_seconds: i64,
    /// How many seconds ago a person may have shown that it is them before changing where money goes.
    pub confirm_seconds: i64,
    /// The components' page and other lenders' brands are there: for those who build, never for borrowers.
    pub development: bool,
    /// Codes of the lenders beside this one's file, when in development.
    pub lenders: Arc<[String]>,
    /// Unix seconds of the real clock: sessions end by it, not by the business clock.
    pub real_seconds: fn() -> i64,
    /// What the end of each page says of the lender.
    pub lines: LenderLines,
}

/// The cookie that tells a device from others; ours to read, nobody's to guess.
const DEVICE: &str = "__Host-device";
/// The cookie of an agent's link; signed by the cabinet.
pub const AGENT: &str = "__Host-agent";

/// One request, asked.
#[derive(Clone)]
pub struct Ask {
    /// The use cases.
    pub cabinet: Cabinet,
    /// The catalogue in the person's language.
    pub words: Words,
    /// Address and browser.
    pub origin: Origin,
    /// Our own address.
    pub public_url: Arc<str>,
    real_seconds: fn() -> i64,
    confirm_seconds: i64,
    session: Session,
    who: Option<Who>,
    standing: Standing,
    hold: Hold,
    agent: bool,
    unread: Option<Unread>,
    agent_click: Option<String>,
    /// Method and path, to tell what a held cabinet still does.
    asked: (bool, String),
}

impl Ask {
    /// Reads the request's context. Fails outside a request, and when its session could not be read.
    pub fn new() -> Result<Self, ApiError> {
        let internal = || ApiError::new(Code::Internal, "context");
        let context = use_context::<AppContext>().ok_or_else(internal)?;
        with_request(|parts| Self::of(context, parts)).ok_or_else(internal)?
    }

    /// The same for a handler that is no page and no server function.
    pub fn of(context: AppContext, parts: &Parts) -> Result<Self, ApiError> {
        let internal = || ApiError::new(Code::Internal, "context");
        let looked_up = parts.extensions.get::<LookedUp>().ok_or_else(internal)?;
        let asker = looked_up.0.clone()?;
        let address = parts.extensions.get::<ClientAddress>().map(|a| a.0.clone());
        let agent = parts
            .headers
            .get("user-agent")
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        Ok(Self {
            words: Words::new(language(parts)),
            asked: (parts.method == Method::POST, parts.uri.path().to_owned()),
            hold: asker.hold,
            agent: asker.agent,
            unread: asker.unread,
            agent_click: cookie(parts, AGENT),
            origin: Origin {
                ip: address.unwrap_or_default(),
                user_agent: agent.chars().take(200).collect(),
                device: cookie(parts, DEVICE),
            },
            public_url: context.public_url,
            real_seconds: context.real_seconds,
            confirm_seconds: context.confirm_seconds,
            cabinet: context.cabinet,
            session: asker.session,
            who: asker.who,
            standing: asker.standing,
        })
    }

    /// The session's record, if there is one.
    pub fn who(&self) -> Option<&Who> {
        self.who.as_ref()
    }

    /// The borrower, or 401; 403 while a second proof or a new password is still owed: nothing of the
    /// cabinet is shown or done before.
    pub fn borrower(&self) -> Result<BorrowerId, ApiError> {
        let (borrower, _) = self.member()?;
        match self.standing {
            Standing::Full => match held(self.hold, &self.asked) {
                None => Ok(borrower),
                Some(held) => Err(self.error(CabinetError::Forbidden(held))),
            },
            Standing::NeedsProof => Err(self.error(CabinetError::Forbidden("proof_needed"))),
            Standing::NeedsPassword => Err(self.error(CabinetError::Forbidden("password_needed"))),
            Standing::Ended => Err(self.error(CabinetError::Unauthenticated)),
        }
    }

    /// Whoever is signed in, whatever they still owe: only for the steps of getting in and for
    /// leaving. 401 for nobody.
    pub fn member(&self) -> Result<(BorrowerId, SignInId), ApiError> {
        let who = self.who.as_ref();
        who.and_then(|who| who.borrower.zip(who.sign_in))
            .ok_or_else(|| self.error(CabinetError::Unauthenticated))
    }

    /// Whether the cabinet is an agent's too: its menu has more places.
    pub fn is_agent(&self) -> bool {
        self.agent
    }

    /// What waited to be read when the request came; none where that was not asked for.
    pub fn unread(&self) -> Option<Unread> {
        self.unread
    }

    /// The cookie of the agent's link that this browser followed.
    pub fn agent_click(&self) -> Option<&str> {
        self.agent_click.as_deref()
    }

    /// What a request under way leaves of the cabinet.
    pub fn hold(&self) -> Hold {
        self.hold
    }

    /// What the sign-in may do.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The borrower who has lately shown that it is them: for changing where money or messages go. Others are
    /// sent to show it, and come back to the page they were on.
    pub fn confirmed_borrower(&self) -> Result<BorrowerId, ApiError> {
        let borrower = self.borrower()?;
        let confirmed = self.who.as_ref().map_or(0, |who| who.confirmed);
        if (self.real_seconds)() - confirmed <= self.confirm_seconds {
            return Ok(borrower);
        }
        let here = with_request(referer_path).flatten();
        let here = here.unwrap_or_else(|| "/cabinet".to_owned());
        go(&format!("/confirm?next={here}"));
        Err(self.error(CabinetError::Forbidden("confirm_needed")))
    }

    /// Notes that the person has just shown that it is them.
    pub async fn confirm(&mut self) -> Result<(), ApiError> {
        let now = (self.real_seconds)();
        self.remember(|who| {
            who.confirmed = now;
            who.code = None;
        })
        .await
    }

    /// Whoever types their own passport proves this device by it. Before the answers are kept.
    pub async fn prove_by_answers(&self) -> Result<(), ApiError> {
        let (_, sign_in) = self.member()?;
        access::prove_by_answers(&self.cabinet, sign_in)
            .await
            .map_err(|error| self.error(error))
    }

    /// What a form has to ask besides, when risk asks for it.
    pub async fn challenge(&self, form: Form) -> Option<access::Challenge> {
        let refused = self.who.as_ref().is_some_and(|who| who.challenged);
        let asked = refused
            || access::challenged(&self.cabinet, form, &self.origin)
                .await
                .unwrap_or(true);
        let challenge = asked
            .then(|| access::challenge(&self.cabinet, form, &self.origin, self.words.lang))
            .transpose();
        challenge.unwrap_or_else(|error| {
            tracing::error!(%error, "a challenge can't be made");
            None
        })
    }

    /// [`Ask::settle`] of a form that may carry a challenge.
    pub async fn settle_challenged<T>(
        &mut self,
        form: &str,
        values: &[(&str, &str)],
        result: cabinet::Result<T>,
    ) -> Result<T, ApiError> {
        let refused = matches!(&result, Err(CabinetError::Forbidden("challenge")));
        let settled = self.settle(form, values, result).await;
        if refused || self.who.as_ref().is_some_and(|who| who.challenged) {
            self.remember(|who| who.challenged = refused).await?;
        }
        settled
    }

    /// Changes the session's record, making one for a new visitor.
    pub async fn remember(&mut self, change: impl FnOnce(&mut Who)) -> Result<(), ApiError> {
        let mut who = self.who.clone().unwrap_or_else(|| Who {
            visitor: self.cabinet.ports().ids.uuid().into(),
            borrower: None,
            since: 0,
            code: None,
            next: None,
            sign_in: None,
            confirmed: 0,
            challenged: false,
            request: None,
            appeal: None,
        });
        change(&mut who);
        self.session.insert(WHO, &who).await.map_err(|error| {
            tracing::error!(%error, "the session can't be written");
            ApiError::new(Code::Unavailable, "session")
        })?;
        self.who = Some(who);
        Ok(())
    }

    /// The visitor becomes the borrower, under a new session id so that a planted cookie dies.
    pub async fn sign_in(&mut self, entered: Entered) -> Result<(), ApiError> {
        self.session.cycle_id().await.map_err(|error| {
            tracing::error!(%error, "the session can't be renewed");
            ApiError::new(Code::Unavailable, "session")
        })?;
        let since = (self.real_seconds)();
        self.remember(|who| {
            who.borrower = Some(entered.borrower);
            who.sign_in = Some(entered.sign_in);
            who.since = since;
            who.confirmed = since;
            who.code = None;
            who.challenged = false;
        })
        .await?;
        let standing = access::standing(&self.cabinet, entered.borrower, entered.sign_in).await;
        self.standing = standing.map_err(|error| self.error(error))?;
        self.attribute(&entered).await;
        keep_device(&entered.device);
        if entered.fresh {
            self.came_by(entered.borrower).await;
        }
        Ok(())
    }

    /// A cabinet just made by somebody who followed a friend's link. Nothing of it may stop a registration.
    async fn came_by(&self, borrower: BorrowerId) {
        let kept = with_request(|parts| cookie(parts, crate::bonus::invite::COOKIE)).flatten();
        let code = kept.and_then(|kept| cabinet::bonus::kept_code(&self.cabinet, &kept));
        let Some(code) = code else { return };
        if let Err(error) = cabinet::bonus::came(&self.cabinet, borrower, &code).await {
            tracing::error!(%error, "an invitation can't be written down");
        }
    }

    /// A new cabinet in a browser that followed an agent's link is of that agent's client. Nobody is kept out when this
    /// can't be written down.
    async fn attribute(&self, entered: &Entered) {
        let Some(cookie) = self.agent_click.as_deref().filter(|_| entered.fresh) else {
            return;
        };
        let given = cabinet::agent::attribute(&self.cabinet, entered.borrower, cookie).await;
        if let Err(error) = given {
            tracing::error!(%error, "a client can't be given to an agent");
        }
    }

    /// Ends the session on the server and in the browser.
    pub async fn sign_out(&mut self) -> Result<(), ApiError> {
        if let Ok((borrower, sign_in)) = self.member()
            && let Err(error) = access::leave(&self.cabinet, borrower, sign_in).await
        {
            tracing::error!(%error, "a sign-in can't be ended");
        }
        self.who = None;
        self.standing = Standing::Ended;
        self.session.flush().await.map_err(|error| {
            tracing::error!(%error, "the session can't be ended");
            ApiError::new(Code::Unavailable, "session")
        })
    }

    /// Who owns this request's drafts.
    fn owner(&self) -> Option<String> {
        let who = self.who.as_ref()?;
        Some(
            who.borrower
                .map_or_else(|| format!("v:{}", who.visitor), |b| format!("b:{b}")),
        )
    }
}

/// Whether the form was sent from a page of one's own data, and not on the way to an application.
pub fn from_profile() -> bool {
    let from = with_request(referer_path).flatten();
    from.is_some_and(|path| path.starts_with("/profile"))
}

/// What a held cabinet still does: it is read and paid, left, and the request itself is called off. Whatever
/// is not named here waits. The code of the refusal, or nothing.
fn held(hold: Hold, (changes, path): &(bool, String)) -> Option<&'static str> {
    const PAYS: [&str; 9] = [
        "/api/v1/payment/",
        "/api/v1/notice/",
        "/api/v1/look/",
        "/api/v1/access/end-",
        "/api/v1/access/ask-confirmation",
        "/api/v1/access/confirm",
        "/api/v1/request/",
        "/api/v1/support/",
        "/uploads",
    ];
    const CLOSED: [&str; 7] = [
        "/hold",
        "/api/v1/request/cancel",
        "/api/v1/request/appeal-cancel",
        "/appeals",
        "/api/v1/look/",
        "/uploads",
        "/phone-change",
    ];
    // What an application is made of, and what the law never lets a cabinet refuse.
    const APPLIES: [&str; 19] = [
        "/application",
        "/apply",
        "/api/v1/application/",
        "/api/v1/profile/",
        "/api/v1/payout/add-card",
        "/cards/",
        // A specialist asks for papers before deciding: the application's page takes them.
        "/uploads",
        "/consents",
        "/confirm",
        "/api/v1/access/confirm",
        "/api/v1/access/ask-confirmation",
        "/identity/link",
        "/api/v1/access/identity-link",
        "/api/v1/access/email-again",
        "/chat",
        "/api/v1/support/",
        "/api/v1/request/cancel",
        // Somebody who was invited to bring clients may never borrow.
        "/agent",
        "/api/v1/agent/",
    ];
    let among = |list: &[&str]| list.iter().any(|start| path.starts_with(start));
    match hold {
        Hold::Free => None,
        Hold::Unopened => {
            let there = matches!(path.as_str(), "/" | "/cabinet") || among(&APPLIES);
            (!there).then_some("cabinet_unopened")
        }
        Hold::ReadAndPay => (*changes && !among(&PAYS)).then_some("cabinet_held"),
        Hold::Closed => (!among(&CLOSED)).then_some("cabinet_closed"),
        Hold::Ended(_) => (path != "/hold").then_some("cabinet_ended"),
    }
}

/// The catalogue in the language of the request being answered.
pub fn words() -> Words {
    with_request(|parts| Words::new(language(parts))).unwrap_or_default()
}

/// Looks at the request being answered, where there is one. Taking it out of the context would copy its headers and
/// all that was put beside them, a dozen times for a page.
pub fn with_request<T>(look: impl FnOnce(&Parts) -> T) -> Option<T> {
    with_context::<Parts, T>(look)
}

/// The language a request asks for.
pub fn language(parts: &Parts) -> Lang {
    // Russian first: another language only when it was chosen here.
    cookie(parts, "__Host-lang").map_or(Lang::Ru, |code| Lang::from_code(&code))
}

/// Leaves the device's name with the browser for as long as browsers keep cookies. Signing out does not take
/// it away: the device stays a known one.
fn keep_device(token: &str) {
    let cookie =
        format!("{DEVICE}={token}; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Lax");
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(cookie) = axum::http::HeaderValue::from_str(&cookie)
    {
        response.append_header(axum::http::header::SET_COOKIE, cookie);
    }
}

/// The page a form was sent from, when it is one of ours; without its query.
fn referer_path(parts: &Parts) -> Option<String> {
    let referer = parts.headers.get("referer")?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    Some(path.split(['?', '#']).next()?.to_owned())
}

/// What a form sent back of its challenge.
pub fn solved(challenge: Option<String>, proof: Option<String>, answer: Option<String>) -> Solved {
    Solved {
        token: challenge.unwrap_or_default(),
        proof: proof.unwrap_or_default(),
        answer: answer.unwrap_or_default(),
    }
}

/// An id from an address or a form. A malformed one is the same as a missing thing.
pub fn id<T: std::str::FromStr>(text: &str) -> Result<T, CabinetError> {
    text.parse().map_err(|_| CabinetError::NotFound)
}
