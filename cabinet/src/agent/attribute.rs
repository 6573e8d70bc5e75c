//! Whose client somebody is: a link, a signed cookie, a row at registration. The first agent wins, for good.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use super::{AgentStatus, Row, row_by, rules};
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::Result;
use crate::ids::{AgentId, BorrowerId};
use crate::keys::same_secret;
use crate::{Cabinet, moment};

const DAY_MS: i64 = 86_400_000;

/// Digits of a code.
pub(super) const CODE_DIGITS: u32 = 8;

/// A click that a cookie remembers.
struct Click {
    code: String,
    at: i64,
}

impl Click {
    fn seal(&self, cab: &Cabinet) -> String {
        let text = format!("{}.{}", self.code, self.at);
        let mac = cab.keys().blind_index("agent_click", &text);
        format!("{text}.{mac}")
    }

    /// What a cookie says, when it is ours and not older than the lender's window.
    fn read(cab: &Cabinet, cookie: &str) -> Option<Self> {
        let (text, mac) = cookie.rsplit_once('.')?;
        if !same_secret(&cab.keys().blind_index("agent_click", text), mac) {
            return None;
        }
        let (code, at) = text.split_once('.')?;
        let click = Self {
            code: code.to_owned(),
            at: at.parse().ok()?,
        };
        let window = i64::from(cab.lender().agent.as_ref()?.window_days) * DAY_MS;
        let age = cab.now_ms() - click.at;
        (0..=window).contains(&age).then_some(click)
    }
}

fn well_formed(code: &str) -> bool {
    let digits = usize::try_from(CODE_DIGITS).unwrap_or_default();
    code.len() == digits && code.bytes().all(|byte| byte.is_ascii_digit())
}

async fn active(conn: &impl ConnectionTrait, code: &str, lock: bool) -> Result<Option<Row>> {
    let row = row_by(conn, "code", code, lock).await?;
    Ok(row.filter(|row| row.status == AgentStatus::Active))
}

/// Somebody followed a link. Answers the cookie to leave with them; nothing when an earlier click stands, when the code is
/// nobody's, or for whoever is signed in: a client is not brought twice. A browser is counted once.
///
/// # Errors
/// `NotFound` where there are no agents.
pub async fn follow(
    cab: &Cabinet,
    code: &str,
    cookie: Option<&str>,
    signed_in: bool,
) -> Result<Option<String>> {
    rules(cab)?;
    let earlier = cookie.and_then(|cookie| Click::read(cab, cookie));
    let conn = cab.db().read();
    if let Some(earlier) = earlier
        && active(conn, &earlier.code, false).await?.is_some()
    {
        return Ok(None);
    }
    if signed_in || !well_formed(code) {
        return Ok(None);
    }
    let Some(agent) = active(conn, code, false).await? else {
        return Ok(None);
    };
    let day = cab.today().to_string();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "INSERT INTO agent_click (agent, day, clicks) VALUES ($1, $2, 1) \
                                 ON CONFLICT (agent, day) DO UPDATE SET clicks = agent_click.clicks + 1";
                sql::execute(tx, statement, vec![agent.id.into(), day.into()])
                    .await
                    .map(drop)
            })
        })
        .await?;
    let click = Click {
        code: code.to_owned(),
        at: cab.now_ms(),
    };
    Ok(Some(click.seal(cab)))
}

/// Whether a code is of an agent who works.
pub async fn works(cab: &Cabinet, code: &str) -> Result<bool> {
    rules(cab)?;
    Ok(well_formed(code) && active(cab.db().read(), code, false).await?.is_some())
}

/// Whether a visitor's cookie is of an agent's link.
pub async fn clicked(cab: &Cabinet, cookie: Option<&str>) -> Result<bool> {
    let Some(click) = cookie.and_then(|cookie| Click::read(cab, cookie)) else {
        return Ok(false);
    };
    Ok(active(cab.db().read(), &click.code, false).await?.is_some())
}

/// A cabinet was made in a browser with this cookie: its owner is the agent's client now. Answers whether they are; not when
/// the click is too old, when they were here before it, have an agent already, or are the agent.
pub async fn attribute(cab: &Cabinet, borrower: BorrowerId, cookie: &str) -> Result<bool> {
    let Some(click) = Click::read(cab, cookie) else {
        return Ok(false);
    };
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let Some(agent) = active(tx, &click.code, true).await? else {
                    return Ok(false);
                };
                if agent.borrower == borrower || !new_here(tx, borrower, click.at).await? {
                    return Ok(false);
                }
                if !insert(tx, &cabinet, borrower, agent.id, click.at).await? {
                    return Ok(false);
                }
                let entry = Entry::new(Role::Program, "agent_attached");
                diary::write(tx, &cabinet, borrower, entry).await?;
                Ok(true)
            })
        })
        .await
}

/// Made after the click, and nothing was filed yet.
async fn new_here(tx: &Tx, borrower: BorrowerId, clicked: i64) -> Result<bool> {
    let row = sql::one(
        tx,
        "SELECT id FROM borrower WHERE id = $1 AND created_at >= $2 AND NOT EXISTS \
         (SELECT 1 FROM application WHERE borrower = $1 AND status <> 'draft')",
        vec![borrower.into(), clicked.into()],
    )
    .await?;
    Ok(row.is_some())
}

async fn insert(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    agent: AgentId,
    clicked: i64,
) -> Result<bool> {
    let written = sql::execute(
        tx,
        "INSERT INTO agent_client (borrower, agent, number, clicked_at, at) SELECT $1, $2, \
         COALESCE(MAX(number), 0) + 1, $3, $4 FROM agent_client WHERE agent = $2 \
         ON CONFLICT (borrower) DO NOTHING",
        vec![
            borrower.into(),
            agent.into(),
            clicked.into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    Ok(written == 1)
}

/// The agent who brought somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Brought {
    /// Who.
    pub(crate) agent: AgentId,
    /// The agent's number of the client.
    pub(crate) number: i64,
    /// When the link was followed.
    pub(crate) clicked_at: i64,
}

/// The agent who brought a borrower, stopped or not.
pub(crate) async fn brought_in(
    conn: &impl ConnectionTrait,
    borrower: &str,
) -> Result<Option<Brought>> {
    let statement = "SELECT agent, number, clicked_at FROM agent_client WHERE borrower = $1";
    let Some(row) = sql::one(conn, statement, vec![borrower.into()]).await? else {
        return Ok(None);
    };
    let agent: String = sql::get(&row, "agent")?;
    Ok(Some(Brought {
        agent: agent.parse().map_err(crate::CabinetError::internal)?,
        number: sql::get(&row, "number")?,
        clicked_at: sql::get(&row, "clicked_at")?,
    }))
}

/// When somebody followed the link of the agent who brought them; nothing of who came by themselves.
pub async fn brought(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<DateTime<Utc>>> {
    if cab.lender().agent.is_none() {
        return Ok(None);
    }
    let found = brought_in(cab.db().read(), &borrower.to_string()).await?;
    found.map(|one| moment(one.clicked_at)).transpose()
}
