//! Sessions of tower-sessions, kept as rows of the cabinet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::request::{AppContext, look_up, signed_in};
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use cabinet::Cabinet;
use cabinet::access::{WhoseRead, session_and_whose};
use cabinet::ids::{BorrowerId, SignInId};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionStore};

/// When the session was last written for being used, unix seconds.
const SEEN: &str = "seen";

/// Of so many sessions it is remembered who was signed in.
const REMEMBERED: usize = 10_000;

/// What is read beside a session's row.
struct Beside {
    counted: bool,
    read: Mutex<Option<WhoseRead>>,
}

impl Beside {
    fn read(&self) -> MutexGuard<'_, Option<WhoseRead>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

tokio::task_local! {
    /// Where the store leaves it for the request that it reads the session for.
    static BESIDE: Arc<Beside>;
}

/// A session in use does not end for idleness: it is written again, with its cookie, once in a quarter of the idle
/// time. At every request would be a write for every page.
pub async fn in_use(
    State(idle): State<Duration>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let beside = Arc::new(Beside {
        counted: counted(&request),
        read: Mutex::default(),
    });
    // Reading loads it: only then is it known whether there is one behind the cookie.
    let seen = session.get::<i64>(SEEN);
    let seen = BESIDE.scope(Arc::clone(&beside), seen).await.ok().flatten();
    if !session.is_empty().await {
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        let quarter = i64::try_from(idle.as_secs() / 4).unwrap_or(0);
        if seen.is_none_or(|seen| now - seen >= quarter)
            && let Err(error) = session.insert(SEEN, now).await
        {
            tracing::warn!(%error, "a session in use could not be prolonged");
        }
    }
    request.extensions_mut().insert(beside);
    next.run(request).await
}

/// Finds out who asks, once for the whole request.
pub async fn looked_up(
    State(context): State<AppContext>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let beside = request.extensions_mut().remove::<Arc<Beside>>();
    let read = beside.and_then(|beside| beside.read().take());
    let looked_up = look_up(&context, session, counted(&request), read).await;
    request.extensions_mut().insert(looked_up);
    next.run(request).await
}

/// Whether the page shows what waits to be read. What these two have just shown is not unread any more; they count it
/// themselves.
fn counted(request: &Request) -> bool {
    request.method() == Method::GET && !["/chat", "/notices"].contains(&request.uri().path())
}

/// The store. The cabinet keeps a blind index of the id: a stolen table opens nobody's session.
///
/// Who was signed in by a session is remembered, to read what a page tells of them in the message that reads the session. Nobody is let in
/// by it: the session's record says who it is, and what was read for somebody else is dropped.
#[derive(Clone)]
pub struct CabinetSessions {
    cabinet: Cabinet,
    remembered: Arc<Mutex<HashMap<Id, (BorrowerId, SignInId)>>>,
}

impl CabinetSessions {
    /// Keeps sessions in this cabinet's database.
    pub fn new(cabinet: Cabinet) -> Self {
        Self {
            cabinet,
            remembered: Arc::default(),
        }
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<Id, (BorrowerId, SignInId)>> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, id: Id, who: Option<(BorrowerId, SignInId)>) {
        let mut remembered = self.remembered();
        let Some(who) = who else {
            remembered.remove(&id);
            return;
        };
        if remembered.len() >= REMEMBERED && !remembered.contains_key(&id) {
            remembered.clear();
        }
        remembered.insert(id, who);
    }

    /// A session's row, and for whoever asks for it what stands beside it.
    async fn row(&self, id: &Id) -> Result<Option<(String, i64)>> {
        let taken_for = self.remembered().get(id).copied();
        let (cabinet, id) = (&self.cabinet, id.to_string());
        let beside = BESIDE.try_with(Arc::clone).ok();
        let (Some(taken_for), Some(beside)) = (taken_for, beside) else {
            return cabinet::session::load(cabinet, &id).await.map_err(backend);
        };
        let read = session_and_whose(cabinet, &id, taken_for, beside.counted).await;
        let (row, read) = read.map_err(backend)?;
        *beside.read() = Some(read);
        Ok(row)
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
        while cabinet::session::load(&self.cabinet, &record.id.to_string())
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
        cabinet::session::save(&self.cabinet, &record.id.to_string(), &data, expires)
            .await
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, expires)) = self.row(id).await? else {
            self.remember(*id, None);
            return Ok(None);
        };
        let expiry_date =
            time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(expires) * 1_000_000)
                .map_err(|error| Error::Decode(error.to_string()))?;
        if expiry_date <= time::OffsetDateTime::now_utc() {
            return Ok(None);
        }
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        self.remember(*id, signed_in(&data));
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.remember(*id, None);
        cabinet::session::delete(&self.cabinet, &id.to_string())
            .await
            .map_err(backend)
    }
}
