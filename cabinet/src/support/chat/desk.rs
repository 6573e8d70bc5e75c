//! The specialist's side: the queue, taking, answering, handing over, closing.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Author, COLUMNS, Chat, Line, Note, Said, State, cleaned, lines, locked, read, store, write,
};
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::idempotency::{self, Claim};
use crate::ids::{BorrowerId, ChatId, StaffId, UploadId};
use crate::staff::opened::{self, Opened};
use crate::staff::roles::{self, Action};
use crate::staff::{self, Staff};
use crate::{Cabinet, moment, upload};

/// Why a specialist who has taken a chat looks at its pictures.
const ANSWERING: &str = "answers in the chat";

/// A chat in the staff's queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub id: ChatId,
    /// Whose.
    pub borrower: BorrowerId,
    /// Where it stands.
    pub state: State,
    /// Who has it.
    pub owner: Option<StaffId>,
    /// Since when its borrower waits for an answer; none while nobody waits.
    pub since: Option<DateTime<Utc>>,
    /// Until when an answer was promised.
    pub answer_by: Option<DateTime<Utc>>,
    /// The promise is over.
    pub late: bool,
    /// The number of the newest line.
    pub last: i64,
}

/// Somebody a chat can be handed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub id: StaffId,
    /// What colleagues call them.
    pub name: String,
}

fn waiting(cab: &Cabinet, chat: &Chat) -> Result<Waiting> {
    Ok(Waiting {
        id: chat.id,
        borrower: chat.borrower,
        state: chat.state,
        owner: chat.owner,
        since: chat.waiting_since.map(moment).transpose()?,
        answer_by: chat.answer_by.map(moment).transpose()?,
        late: chat.answer_by.is_some_and(|by| by < cab.now_ms()),
        last: chat.last,
    })
}

/// Everything that is not closed: who waits longest first, then those that wait for their borrower.
pub async fn queue(cab: &Cabinet, by: &Staff) -> Result<Vec<Waiting>> {
    by.must(Action::ReadChats)?;
    let statement = format!(
        "SELECT {COLUMNS} FROM chat WHERE state <> 'closed' \
         ORDER BY CASE WHEN waiting_since IS NULL THEN 1 ELSE 0 END, waiting_since, id LIMIT 300"
    );
    let rows = sql::all(cab.db().read(), &statement, Vec::new()).await?;
    rows.iter()
        .map(|row| waiting(cab, &Chat::from_row(row)?))
        .collect()
}

/// What stands in the queue of one.
pub async fn one(cab: &Cabinet, by: &Staff, id: ChatId) -> Result<Waiting> {
    by.must(Action::ReadChats)?;
    waiting(cab, &read(cab.db().read(), id).await?)
}

/// Opens one for a quarter of an hour without taking it; its borrower reads in the diary who looked and why.
/// Refuses with `Fields("why", "staff_reason")`, `Forbidden("staff_role")`, `NotFound`.
pub async fn open(cab: &Cabinet, by: &Staff, why: &str, id: ChatId) -> Result<()> {
    opened::open(cab, by, why, id).await
}

impl Opened for ChatId {
    const LOG: &'static str = "open_chat";
    const READ: Action = Action::ReadChats;
    const OF: &'static str = "SELECT borrower, '' AS kind FROM chat WHERE id = $1";

    fn seen(_: &str) -> &'static str {
        "chat_seen"
    }
}

/// Why this person may read a chat: they have taken it, or opened it lately with a reason.
async fn reason(cab: &Cabinet, by: &Staff, chat: &Chat) -> Result<Option<String>> {
    if chat.owner == Some(by.id) {
        return Ok(Some(ANSWERING.to_owned()));
    }
    opened::reason(cab, by, chat.id).await
}

/// The lines of a chat that this person has taken or opened; none when they have not.
pub async fn opened(cab: &Cabinet, by: &Staff, id: ChatId) -> Result<Option<Vec<Line>>> {
    Ok(since(cab, by, id, 0).await?.map(|(lines, _)| lines))
}

/// What came after a number, and where the chat stands; none when this person has not opened it.
pub async fn since(
    cab: &Cabinet,
    by: &Staff,
    id: ChatId,
    after: i64,
) -> Result<Option<(Vec<Line>, Waiting)>> {
    by.must(Action::ReadChats)?;
    let db = cab.db().read();
    let chat = read(db, id).await?;
    if reason(cab, by, &chat).await?.is_none() {
        return Ok(None);
    }
    let fresh = if chat.last > after {
        lines(cab, id, after).await?
    } else {
        Vec::new()
    };
    Ok(Some((fresh, waiting(cab, &chat)?)))
}

/// A picture of a chat that is open for this person, read for the reason it was opened with. Refuses with
/// `NotFound`, and like [`upload::read_by_staff`].
pub async fn picture(cab: &Cabinet, by: &Staff, id: ChatId, picture: UploadId) -> Result<Vec<u8>> {
    by.must(Action::ReadChats)?;
    let db = cab.db().read();
    let chat = read(db, id).await?;
    let why = reason(cab, by, &chat)
        .await?
        .ok_or(CabinetError::NotFound)?;
    let statement = "SELECT seq FROM chat_line WHERE chat = $1 AND upload = $2";
    let row = sql::one(db, statement, vec![id.into(), picture.into()]).await?;
    row.ok_or(CabinetError::NotFound)?;
    upload::read_by_staff(cab, by, &why, picture).await
}

/// A step of a chat in the staff's log.
async fn log(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    chat: &Chat,
    what: &'static str,
    why: &str,
) -> Result<()> {
    opened::step(tx, cab, by, (chat.id, Some(chat.borrower)), (what, why)).await
}

/// A line in its borrower's diary.
async fn note(
    tx: &Tx,
    cab: &Cabinet,
    by: &Staff,
    chat: &Chat,
    what: &'static str,
    why: &str,
) -> Result<()> {
    let entry = Entry::new(Role::Staff(by.id), what).because(why);
    diary::write(tx, cab, chat.borrower, entry).await
}

/// One step of a specialist: changes the chat, and leaves a note in it and a row in the log.
async fn step<F>(cab: &Cabinet, by: &Staff, id: ChatId, change: F) -> Result<()>
where
    F: FnOnce(&Cabinet, &Staff, &mut Chat) -> Result<Note> + Send + 'static,
{
    by.must(Action::AnswerChat)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    let borrower = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let mut chat = locked(tx, id).await?;
                let happened = change(&cabinet, &by, &mut chat)?;
                let about = chat.owner.unwrap_or(by.id);
                write(tx, &cabinet, &mut chat, Said::note(happened, about)).await?;
                store(tx, &chat).await?;
                if happened == Note::Taken {
                    note(tx, &cabinet, &by, &chat, "chat_taken", "").await?;
                }
                let what = Action::AnswerChat.code();
                log(tx, &cabinet, &by, &chat, what, happened.code()).await?;
                Ok(chat.borrower)
            })
        })
        .await?;
    cab.talked(borrower);
    Ok(())
}

/// Takes a chat, from a colleague too. Refuses with `Conflict("chat_state")` for one that is closed and for one's
/// own.
pub async fn take(cab: &Cabinet, by: &Staff, id: ChatId) -> Result<()> {
    step(cab, by, id, |_, by, chat| {
        if chat.state == State::Closed || chat.owner == Some(by.id) {
            return Err(CabinetError::Conflict("chat_state"));
        }
        (chat.state, chat.owner) = (State::Taken, Some(by.id));
        Ok(Note::Taken)
    })
    .await
}

/// One's own, or a conflict that says what to do.
fn own(by: &Staff, chat: &Chat) -> Result<()> {
    match chat.owner {
        Some(owner) if owner == by.id => Ok(()),
        Some(_) => Err(CabinetError::Conflict("chat_owner")),
        None => Err(CabinetError::Conflict("chat_state")),
    }
}

/// Answers; answers the line's number. The same key again is the same line. Refuses with
/// `Fields("text", "chat_text")`, `Conflict("chat_owner")` for a colleague's, `Conflict("chat_state")` for one
/// that was not taken, `Conflict("key_reused")`.
pub async fn answer(cab: &Cabinet, by: &Staff, id: ChatId, form: Uuid, text: &str) -> Result<i64> {
    by.must(Action::AnswerChat)?;
    let text = cleaned(text)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    let (seq, borrower) = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let scope = format!("chat-answer:{}:{id}", by.id);
                let mut chat = locked(tx, id).await?;
                let hash = idempotency::input_hash(&[&text]);
                let claim = idempotency::claim(tx, &cabinet, &scope, form, &hash).await?;
                if let Claim::Same(seq) = claim {
                    let seq = seq.parse().map_err(CabinetError::internal)?;
                    return Ok((seq, chat.borrower));
                }
                own(&by, &chat)?;
                chat.answered();
                chat.answered_at = Some(cabinet.now_ms());
                let said = Said {
                    author: Author::Staff,
                    staff: Some(by.id),
                    text,
                    picture: None,
                };
                let seq = write(tx, &cabinet, &mut chat, said).await?;
                store(tx, &chat).await?;
                idempotency::store(tx, &scope, form, &seq.to_string()).await?;
                let what = Action::AnswerChat.code();
                log(tx, &cabinet, &by, &chat, what, &format!("line {seq}")).await?;
                Ok((seq, chat.borrower))
            })
        })
        .await?;
    cab.talked(borrower);
    Ok(seq)
}

/// Whom a chat of this person's can be handed to, by name.
pub async fn colleagues(cab: &Cabinet, by: &Staff) -> Result<Vec<Colleague>> {
    by.must(Action::AnswerChat)?;
    let mut others = answering(cab).await?;
    others.retain(|one| one.id != by.id);
    Ok(others)
}

async fn answering(cab: &Cabinet) -> Result<Vec<Colleague>> {
    let all = staff::working(cab).await?;
    let able = |one: &Staff| roles::may(&one.roles, Action::AnswerChat);
    let mut able: Vec<_> = all.into_iter().filter(able).collect();
    able.sort_by(|one, other| one.name.cmp(&other.name));
    let as_colleague = |one: Staff| Colleague {
        id: one.id,
        name: one.name,
    };
    Ok(able.into_iter().map(as_colleague).collect())
}

/// Hands one's own over: to a colleague, or back into the queue. Refuses with `Fields("to", "choice")` for somebody
/// who does not answer chats, `Conflict("chat_owner")`, `Conflict("chat_state")`.
pub async fn transfer(cab: &Cabinet, by: &Staff, id: ChatId, to: Option<StaffId>) -> Result<()> {
    if let Some(to) = to
        && !colleagues(cab, by).await?.iter().any(|one| one.id == to)
    {
        return Err(CabinetError::field("to", "choice"));
    }
    step(cab, by, id, move |cab, by, chat| {
        own(by, chat)?;
        chat.owner = to;
        if to.is_some() {
            return Ok(Note::Transferred);
        }
        chat.state = State::Waiting;
        chat.waits(cab);
        Ok(Note::Queued)
    })
    .await
}

/// Closes one's own. Refuses with `Conflict("chat_owner")`, `Conflict("chat_state")`.
pub async fn close(cab: &Cabinet, by: &Staff, id: ChatId) -> Result<()> {
    step(cab, by, id, |_, by, chat| {
        own(by, chat)?;
        chat.answered();
        (chat.state, chat.owner) = (State::Closed, None);
        Ok(Note::Closed)
    })
    .await
}
