//! The chat with a specialist: one for each borrower, of lines that are numbered as they are committed.
//!
//! A reader who lost the connection asks for what came after the last number. Whoever writes gives a key: the
//! same form sent twice is one line. Waiting borrowers stand in the order of their first unanswered line.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};

use crate::codes::codes;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, ChatId, StaffId, UploadId};
use crate::loan::stored::id as read_id;
use crate::{Cabinet, moment, staff};

mod desk;
mod talk;
mod told;

pub use desk::{
    Colleague, Waiting, answer, close, colleagues, one, open, opened, picture, queue, since, take,
    transfer,
};
pub(crate) use talk::unread_in;
pub use talk::{Standing, attach, attached, hear, say, seen, standing, unread};
pub use told::tell_unseen;

/// Lines shown at once; older ones stand in the export of one's own data.
const SHOWN: i64 = 200;
/// The longest line, characters.
const LONGEST: usize = 2_000;

codes! {
    /// Where a chat stands.
    State {
        /// Its borrower has written, and nobody has taken it.
        Waiting = "waiting",
        /// A specialist has it.
        Taken = "taken",
        /// Nothing is open; the next line of the borrower makes it wait again.
        Closed = "closed",
    }
}

codes! {
    /// Who wrote a line.
    Author {
        /// The borrower.
        Borrower = "borrower",
        /// A specialist.
        Staff = "staff",
        /// Nobody: it says what happened.
        Note = "note",
    }
}

codes! {
    /// What a note says.
    Note {
        /// A specialist has taken the chat.
        Taken = "taken",
        /// It was handed to another.
        Transferred = "transferred",
        /// It went back into the queue.
        Queued = "queued",
        /// It was closed.
        Closed = "closed",
    }
}

/// A line of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number; there are no gaps.
    pub seq: i64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// By whom.
    pub author: Author,
    /// The specialist who wrote it, or whom a note is about.
    pub staff: Option<StaffId>,
    /// What the colleagues call them; the borrower is shown the first word.
    pub name: String,
    /// The words; of a note, empty.
    pub text: String,
    /// What a note says.
    pub note: Option<Note>,
    /// A picture that goes with it.
    pub picture: Option<UploadId>,
}

/// A row of the table.
#[derive(Clone)]
struct Chat {
    id: ChatId,
    borrower: BorrowerId,
    state: State,
    owner: Option<StaffId>,
    last: i64,
    seen: i64,
    told: i64,
    waiting_since: Option<i64>,
    answer_by: Option<i64>,
    answered_at: Option<i64>,
}

const COLUMNS: &str =
    "id, borrower, state, owner, last, seen, told, waiting_since, answer_by, answered_at";

impl Chat {
    fn from_row(row: &QueryResult) -> Result<Self> {
        let get = |column: &str| sql::get::<String>(row, column);
        let known = || CabinetError::internal("an unknown state of a chat");
        let owner: Option<String> = sql::get(row, "owner")?;
        Ok(Self {
            id: read_id(&get("id")?)?,
            borrower: read_id(&get("borrower")?)?,
            state: State::from_code(&get("state")?).ok_or_else(known)?,
            owner: owner.as_deref().map(read_id).transpose()?,
            last: sql::get(row, "last")?,
            seen: sql::get(row, "seen")?,
            told: sql::get(row, "told")?,
            waiting_since: sql::get(row, "waiting_since")?,
            answer_by: sql::get(row, "answer_by")?,
            answered_at: sql::get(row, "answered_at")?,
        })
    }

    /// The borrower waits from now on, unless they do already: the promise counts from the first line.
    fn waits(&mut self, cab: &Cabinet) {
        if self.waiting_since.is_some() {
            return;
        }
        let help = &cab.lender().help;
        let minutes = help.chat.map_or(0, |chat| chat.answer_minutes);
        self.waiting_since = Some(cab.now_ms());
        self.answer_by = Some(help.hours.after(cab.now(), minutes).timestamp_millis());
    }

    /// Nobody waits.
    fn answered(&mut self) {
        (self.waiting_since, self.answer_by) = (None, None);
    }
}

/// Whether this lender has a chat at all; `NotFound` where it has none.
fn there(cab: &Cabinet) -> Result<()> {
    match cab.lender().help.chat {
        Some(_) => Ok(()),
        None => Err(CabinetError::NotFound),
    }
}

async fn of(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<Option<Chat>> {
    let statement = format!("SELECT {COLUMNS} FROM chat WHERE borrower = $1");
    let row = sql::one(conn, &statement, vec![borrower.into()]).await?;
    row.as_ref().map(Chat::from_row).transpose()
}

async fn read(conn: &impl ConnectionTrait, id: ChatId) -> Result<Chat> {
    let statement = format!("SELECT {COLUMNS} FROM chat WHERE id = $1");
    let row = sql::one(conn, &statement, vec![id.into()]).await?;
    Chat::from_row(&row.ok_or(CabinetError::NotFound)?)
}

/// Holds a chat until the commit: its lines are numbered one after another.
async fn locked(tx: &Tx, id: ChatId) -> Result<Chat> {
    let end = sql::for_update(tx);
    let statement = format!("SELECT {COLUMNS} FROM chat WHERE id = $1{end}");
    let row = sql::one(tx, &statement, vec![id.into()]).await?;
    Chat::from_row(&row.ok_or(CabinetError::NotFound)?)
}

async fn store(tx: &Tx, chat: &Chat) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE chat SET state = $1, owner = $2, last = $3, waiting_since = $4, answer_by = $5, \
         answered_at = $6 WHERE id = $7",
        vec![
            chat.state.code().into(),
            chat.owner.map(|id| id.to_string()).into(),
            chat.last.into(),
            chat.waiting_since.into(),
            chat.answer_by.into(),
            chat.answered_at.into(),
            chat.id.into(),
        ],
    )
    .await
    .map(drop)
}

/// What is written as the next line.
struct Said {
    author: Author,
    staff: Option<StaffId>,
    text: String,
    picture: Option<UploadId>,
}

impl Said {
    fn note(note: Note, staff: StaffId) -> Self {
        Self {
            author: Author::Note,
            staff: Some(staff),
            text: note.code().to_owned(),
            picture: None,
        }
    }
}

/// Writes the next line of a chat that is held; answers its number. The row is stored by the caller.
async fn write(tx: &Tx, cab: &Cabinet, chat: &mut Chat, said: Said) -> Result<i64> {
    chat.last += 1;
    let body = cab
        .keys()
        .encrypt("chat_line", "body", &key(chat.id, chat.last), &said.text)?;
    sql::execute(
        tx,
        "INSERT INTO chat_line (chat, seq, at, author, staff, body, upload) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            chat.id.into(),
            chat.last.into(),
            cab.now_ms().into(),
            said.author.code().into(),
            said.staff.map(|id| id.to_string()).into(),
            body.into(),
            said.picture.map(|id| id.to_string()).into(),
        ],
    )
    .await?;
    Ok(chat.last)
}

fn key(chat: ChatId, seq: i64) -> String {
    format!("{chat}:{seq}")
}

/// Every line of one's own chat, oldest first.
pub(crate) async fn all(cab: &Cabinet, borrower: BorrowerId) -> Result<Vec<Line>> {
    match of(cab.db().read(), borrower).await? {
        Some(chat) => newest(cab, chat.id, 0, i64::MAX).await,
        None => Ok(Vec::new()),
    }
}

/// The newest lines after a number, oldest first.
async fn lines(cab: &Cabinet, chat: ChatId, after: i64) -> Result<Vec<Line>> {
    newest(cab, chat, after, SHOWN).await
}

async fn newest(cab: &Cabinet, chat: ChatId, after: i64, most: i64) -> Result<Vec<Line>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT chat_line.seq, chat_line.at, chat_line.author, chat_line.staff, chat_line.body, \
         upload.id AS picture FROM chat_line LEFT JOIN upload ON upload.id = chat_line.upload AND upload.removed_at IS NULL \
         WHERE chat_line.chat = $1 AND chat_line.seq > $2 ORDER BY chat_line.seq DESC LIMIT $3",
        vec![chat.into(), after.into(), most.into()],
    )
    .await?;
    let lines = rows.iter().rev().map(|row| line(cab, chat, row));
    let mut lines: Vec<Line> = lines.collect::<Result<_>>()?;
    if lines.iter().any(|line| line.staff.is_some()) {
        let names = staff::names(cab).await?;
        for line in &mut lines {
            let name = line.staff.and_then(|id| names.get(&id));
            line.name = name.cloned().unwrap_or_default();
        }
    }
    Ok(lines)
}

fn line(cab: &Cabinet, chat: ChatId, row: &QueryResult) -> Result<Line> {
    let seq: i64 = sql::get(row, "seq")?;
    let id = |column: &str| sql::get::<Option<String>>(row, column);
    let body: String = sql::get(row, "body")?;
    let text = cab
        .keys()
        .decrypt("chat_line", "body", &key(chat, seq), &body)?;
    let author = Author::from_code(&sql::get::<String>(row, "author")?)
        .ok_or_else(|| CabinetError::internal("an unknown author of a chat's line"))?;
    let note = (author == Author::Note)
        .then(|| Note::from_code(&text))
        .flatten();
    Ok(Line {
        seq,
        at: moment(sql::get(row, "at")?)?,
        author,
        staff: id("staff")?.as_deref().map(read_id).transpose()?,
        name: String::new(),
        text: if author == Author::Note {
            String::new()
        } else {
            text
        },
        note,
        picture: id("picture")?.as_deref().map(read_id).transpose()?,
    })
}

/// How many borrowers wait before this one.
async fn ahead(conn: &impl ConnectionTrait, chat: &Chat) -> Result<i64> {
    let (State::Waiting, Some(since)) = (chat.state, chat.waiting_since) else {
        return Ok(0);
    };
    let row = sql::one(
        conn,
        "SELECT COUNT(*) AS many FROM chat WHERE state = 'waiting' \
         AND (waiting_since < $1 OR (waiting_since = $1 AND id < $2))",
        vec![since.into(), chat.id.into()],
    )
    .await?;
    row.map_or(Ok(0), |row| sql::get(&row, "many"))
}

/// What was typed, as one line. Refuses with `Fields("text", "chat_text")`.
fn cleaned(text: &str) -> Result<String> {
    let text = text.replace("\r\n", "\n");
    let kept = text
        .trim()
        .chars()
        .filter(|c| !c.is_control() || *c == '\n');
    let text: String = kept.collect();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(CabinetError::field("text", "chat_text"));
    }
    Ok(text)
}
