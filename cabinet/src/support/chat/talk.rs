//! The borrower's side: writing, sending a picture, hearing what came.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Author, Chat, Line, Said, State, ahead, cleaned, lines, of, store, there, write};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::idempotency::{self, Claim};
use crate::ids::{BorrowerId, ChatId, UploadId};
use crate::{Cabinet, limits, moment, staff, upload};

/// The scope of the keys of lines.
const SCOPE: &str = "chat";
/// Lines of one borrower in an hour.
const AN_HOUR: u32 = 120;
const HOUR_SECONDS: u64 = 3_600;

/// Where a borrower's chat stands; it says what changed when it differs from what was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The state; none before the first line.
    pub state: Option<State>,
    /// How many wait before this one.
    pub ahead: i64,
    /// Whether specialists work now.
    pub open: bool,
    /// The latest moment of the promised answer, while one is waited for.
    pub answer_by: Option<DateTime<Utc>>,
    /// That moment is over.
    pub late: bool,
    /// When specialists come back, while nobody works.
    pub opens: DateTime<Utc>,
    /// The specialist's name.
    pub specialist: Option<String>,
    /// The number of the newest line; zero before the first.
    pub last: i64,
}

/// Where one's own chat stands. Refuses with `NotFound` where the lender has no chat.
pub async fn standing(cab: &Cabinet, borrower: BorrowerId) -> Result<Standing> {
    there(cab)?;
    let db = cab.db().read();
    stands(db, cab, of(db, borrower).await?.as_ref()).await
}

async fn stands(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    chat: Option<&Chat>,
) -> Result<Standing> {
    let (hours, now) = (&cab.lender().help.hours, cab.now());
    let mut standing = Standing {
        state: chat.map(|chat| chat.state),
        ahead: 0,
        open: hours.open_at(now),
        answer_by: None,
        late: false,
        // The moment moves with the clock while they work, and nobody is told it then.
        opens: if hours.open_at(now) {
            DateTime::UNIX_EPOCH
        } else {
            hours.opens(now)
        },
        specialist: None,
        last: chat.map_or(0, |chat| chat.last),
    };
    let Some(chat) = chat else {
        return Ok(standing);
    };
    standing.ahead = ahead(conn, chat).await?;
    standing.answer_by = chat.answer_by.map(moment).transpose()?;
    standing.late = standing.answer_by.is_some_and(|by| by < now);
    if let Some(owner) = chat.owner {
        standing.specialist = staff::names(cab).await?.remove(&owner);
    }
    Ok(standing)
}

/// What came after a number, and where the chat stands: what a page and a live connection are made of. Refuses
/// with `NotFound` where the lender has no chat.
pub async fn hear(
    cab: &Cabinet,
    borrower: BorrowerId,
    after: i64,
) -> Result<(Vec<Line>, Standing)> {
    there(cab)?;
    let db = cab.db().read();
    let chat = of(db, borrower).await?;
    let fresh = match &chat {
        Some(chat) if chat.last > after => lines(cab, chat.id, after).await?,
        _ => Vec::new(),
    };
    Ok((fresh, stands(db, cab, chat.as_ref()).await?))
}

/// Lines of specialists up to a number have been on the borrower's screen.
pub async fn seen(cab: &Cabinet, borrower: BorrowerId, upto: i64) -> Result<()> {
    let Some(chat) = of(cab.db().read(), borrower).await? else {
        return Ok(());
    };
    if chat.seen >= upto.min(chat.last) {
        return Ok(());
    }
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement =
                    "UPDATE chat SET seen = $1 WHERE id = $2 AND seen < $1 AND last >= $1";
                let values = vec![upto.into(), chat.id.into()];
                sql::execute(tx, statement, values).await.map(drop)
            })
        })
        .await
}

/// How many lines of specialists wait to be read; zero where the lender has no chat.
pub async fn unread(cab: &Cabinet, borrower: BorrowerId) -> Result<i64> {
    unread_in(cab.db().read(), cab, borrower).await
}

/// The same among what is read at once.
pub(crate) async fn unread_in(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<i64> {
    if there(cab).is_err() {
        return Ok(0);
    }
    let row = sql::one(
        db,
        "SELECT COUNT(*) AS many FROM chat JOIN chat_line ON chat_line.chat = chat.id \
         WHERE chat.borrower = $1 AND chat_line.seq > chat.seen AND chat_line.author = 'staff'",
        vec![borrower.into()],
    )
    .await?;
    row.map_or(Ok(0), |row| sql::get(&row, "many"))
}

/// Writes a line; answers its number. The same key again is the same line. Refuses with
/// `Fields("text", "chat_text")`, `Conflict("key_reused")` for the key of another line,
/// `TooMany("chat_hour")`, `NotFound` where the lender has no chat.
pub async fn say(cab: &Cabinet, borrower: BorrowerId, form: Uuid, text: &str) -> Result<i64> {
    there(cab)?;
    let text = cleaned(text)?;
    let said = Said {
        author: Author::Borrower,
        staff: None,
        text,
        picture: None,
    };
    put(cab, borrower, form, said).await
}

/// Sends a picture of one's own as a line. Refuses like [`say`]; `NotFound` for a picture of somebody else's.
pub async fn attach(
    cab: &Cabinet,
    borrower: BorrowerId,
    form: Uuid,
    picture: UploadId,
) -> Result<i64> {
    there(cab)?;
    if !upload::belongs(cab, borrower, picture).await? {
        return Err(CabinetError::NotFound);
    }
    let said = Said {
        author: Author::Borrower,
        staff: None,
        text: String::new(),
        picture: Some(picture),
    };
    put(cab, borrower, form, said).await
}

/// Whether the picture of this form has become a line already: a form sent twice keeps no second picture.
pub async fn attached(cab: &Cabinet, borrower: BorrowerId, form: Uuid) -> Result<bool> {
    let statement = "SELECT result_ref FROM idempotency WHERE scope = $1 AND key = $2";
    let values = vec![scope(borrower).into(), form.to_string().into()];
    Ok(sql::one(cab.db().read(), statement, values)
        .await?
        .is_some())
}

/// Keys of two borrowers are apart.
fn scope(borrower: BorrowerId) -> String {
    format!("{SCOPE}:{borrower}")
}

async fn put(cab: &Cabinet, borrower: BorrowerId, form: Uuid, said: Said) -> Result<i64> {
    let cabinet = cab.clone();
    let seq = cab
        .db()
        .write(move |tx| Box::pin(async move { put_in(tx, &cabinet, borrower, form, said).await }))
        .await?;
    cab.talked(borrower);
    Ok(seq)
}

async fn put_in(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    form: Uuid,
    said: Said,
) -> Result<i64> {
    let scope = scope(borrower);
    // A picture sent again is another picture of the same bytes: the key alone tells.
    let hash = idempotency::input_hash(&[&said.text]);
    if let Claim::Same(seq) = idempotency::claim(tx, cab, &scope, form, &hash).await? {
        return seq.parse().map_err(CabinetError::internal);
    }
    let subject = cab.keys().blind_index("chat", &borrower.to_string());
    limits::hit(tx, cab, "chat_hour", &subject, HOUR_SECONDS, AN_HOUR).await?;
    let mut chat = mine(tx, cab, borrower).await?;
    if chat.state == State::Closed {
        chat.state = State::Waiting;
    }
    chat.waits(cab);
    let seq = write(tx, cab, &mut chat, said).await?;
    store(tx, &chat).await?;
    idempotency::store(tx, &scope, form, &seq.to_string()).await?;
    Ok(seq)
}

/// One's own chat, held until the commit; made by the first line.
async fn mine(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<Chat> {
    sql::execute(
        tx,
        "INSERT INTO chat (id, borrower, state, last, seen, told) \
         VALUES ($1, $2, 'closed', 0, 0, 0) ON CONFLICT (borrower) DO NOTHING",
        vec![ChatId(cab.fresh_id()).into(), borrower.into()],
    )
    .await?;
    let end = sql::for_update(tx);
    let statement = format!(
        "SELECT {} FROM chat WHERE borrower = $1{end}",
        super::COLUMNS
    );
    let row = sql::one(tx, &statement, vec![borrower.into()]).await?;
    Chat::from_row(&row.ok_or(CabinetError::NotFound)?)
}
