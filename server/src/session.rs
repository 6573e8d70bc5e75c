//! Sessions of tower-sessions, kept as rows of the cabinet.

use std::time::Duration;

use app::request::{AppContext, look_up};
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use cabinet::Cabinet;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionStore};

/// When the session was last written for being used, unix seconds.
const SEEN: &str = "seen";

/// A session in use does not end for idleness: it is written again, with its cookie, once in a quarter of the idle
/// time. At every request would be a write for every page.
pub async fn in_use(
    State(idle): State<Duration>,
    session: Session,
    request: Request,
    next: Next,
) -> Response {
    // Reading loads it: only then is it known whether there is one behind the cookie.
    let seen = session.get::<i64>(SEEN).await.ok().flatten();
    if !session.is_empty().await {
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        let quarter = i64::try_from(idle.as_secs() / 4).unwrap_or(0);
        if seen.is_none_or(|seen| now - seen >= quarter)
            && let Err(error) = session.insert(SEEN, now).await
        {
            tracing::warn!(%error, "a session in use could not be prolonged");
        }
    }
    next.run(request).await
}

/// Finds out who asks, once for the whole request.
pub async fn looked_up(
    State(context): State<AppContext>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    // What these two pages have just shown is not unread any more; they count it themselves.
    let path = request.uri().path();
    let shows = request.method() == Method::GET && !["/chat", "/notices"].contains(&path);
    let looked_up = look_up(&context, session, shows).await;
    request.extensions_mut().insert(looked_up);
    next.run(request).await
}

/// The store. The cabinet keeps a blind index of the id: a stolen table opens nobody's session.
#[derive(Clone)]
pub struct CabinetSessions(Cabinet);

impl CabinetSessions {
    /// Keeps sessions in this cabinet's database.
    pub const fn new(cabinet: Cabinet) -> Self {
        Self(cabinet)
    }
}

impl std::fmt::Debug for CabinetSessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CabinetSessions")
    }
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for CabinetSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while cabinet::session::load(&self.0, &record.id.to_string())
            .await
            .map_err(backend)?
            .is_some()
        {
            record.id = Id::default();
        }
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_string(&record.data)
            .map_err(|error| Error::Encode(error.to_string()))?;
        let expires =
            i64::try_from(record.expiry_date.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        cabinet::session::save(&self.0, &record.id.to_string(), &data, expires)
            .await
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, expires)) = cabinet::session::load(&self.0, &id.to_string())
            .await
            .map_err(backend)?
        else {
            return Ok(None);
        };
        let expiry_date =
            time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(expires) * 1_000_000)
                .map_err(|error| Error::Decode(error.to_string()))?;
        if expiry_date <= time::OffsetDateTime::now_utc() {
            return Ok(None);
        }
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        cabinet::session::delete(&self.0, &id.to_string())
            .await
            .map_err(backend)
    }
}
