//! Reading much at once.
//!
//! What readers ask for within one poll of their task, as they do in `try_join!`, is sent to SQLite as one text: each message to
//! the driver's thread and back costs more than most of our statements. On Postgres they are asked one after another.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement, Values,
};
use tokio::sync::{Mutex as Turn, oneshot};

use super::readers::{Lent, Readers, limited};

type Rows = Result<Vec<QueryResult>, DbErr>;

/// A connection for a page that reads much.
pub struct Snapshot(Kind);

enum Kind {
    Sqlite(Joint),
    /// One state of the database.
    Postgres(DatabaseTransaction),
    /// No promise of one state: each reader takes a connection of the pool for as long as it reads.
    Loose(DatabaseConnection),
}

/// How much of what is read is of one state of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OneState {
    /// What is asked for at once: each message ends the transaction that it begins.
    Message,
    /// All of it, for there is one message.
    OnlyMessage,
    /// All of it, however often it is asked.
    Snapshot,
}

impl Snapshot {
    pub(super) async fn sqlite(readers: &Readers, one: OneState) -> Result<Self, DbErr> {
        Ok(Self(Kind::Sqlite(Joint {
            waiting: Mutex::default(),
            lent: Turn::new(readers.lend().await?),
            sent: AtomicBool::new(false),
            one,
        })))
    }

    pub(super) const fn postgres(transaction: DatabaseTransaction) -> Self {
        Self(Kind::Postgres(transaction))
    }

    pub(super) const fn loose(pool: DatabaseConnection) -> Self {
        Self(Kind::Loose(pool))
    }
}

fn reads_only() -> DbErr {
    DbErr::Custom("a snapshot only reads".to_owned())
}

#[async_trait::async_trait]
impl ConnectionTrait for Snapshot {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Kind::Sqlite(_) => DbBackend::Sqlite,
            Kind::Postgres(_) | Kind::Loose(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, _: Statement) -> Result<ExecResult, DbErr> {
        Err(reads_only())
    }

    async fn execute_unprepared(&self, _: &str) -> Result<ExecResult, DbErr> {
        Err(reads_only())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Sqlite(joint) => Ok(joint.ask(statement).await?.into_iter().next()),
            Kind::Postgres(transaction) => transaction.query_one_raw(statement).await,
            Kind::Loose(pool) => pool.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Rows {
        match &self.0 {
            Kind::Sqlite(joint) => joint.ask(statement).await,
            Kind::Postgres(transaction) => transaction.query_all_raw(statement).await,
            Kind::Loose(pool) => pool.query_all_raw(statement).await,
        }
    }
}

/// Readers of one connection, whose statements go together.
struct Joint {
    waiting: Mutex<Vec<Asked>>,
    lent: Turn<Lent>,
    /// Whether there was a message.
    sent: AtomicBool,
    one: OneState,
}

struct Asked {
    statement: Statement,
    answer: oneshot::Sender<Rows>,
}

impl Joint {
    async fn ask(&self, statement: Statement) -> Rows {
        let (answer, mut answered) = oneshot::channel();
        let statement = limited(statement);
        self.waiting().push(Asked { statement, answer });
        // Meanwhile the others of this poll ask too.
        tokio::task::yield_now().await;
        let mut lent = self.lent.lock().await;
        // Whoever comes first asks for all. After a refusal the rest is still there.
        loop {
            match answered.try_recv() {
                Ok(rows) => return rows,
                Err(oneshot::error::TryRecvError::Empty) => self.answer(&mut lent).await,
                Err(oneshot::error::TryRecvError::Closed) => {
                    return Err(DbErr::Custom("a snapshot has lost a reader".to_owned()));
                }
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers those who wait, up to the first whose statement is refused.
    async fn answer(&self, lent: &mut Lent) {
        let mut taken = Taken {
            asked: std::mem::take(&mut *self.waiting()),
            home: self,
        };
        // Who went away needs no answer.
        taken.asked.retain(|asked| !asked.answer.is_closed());
        let (text, values) = match joined(&taken.asked) {
            Ok(joined) => joined,
            Err((refused, error)) => {
                let _ = taken.asked.remove(refused).answer.send(Err(error));
                return;
            }
        };
        // One sender at a time: it has the connection.
        if self.sent.swap(true, Ordering::Relaxed) && self.one == OneState::OnlyMessage {
            for asked in taken.asked.drain(..) {
                let _ = asked.answer.send(Err(not_at_once()));
            }
            return;
        }
        let (begins, ends) = (lent.begins(), self.one != OneState::Snapshot);
        let text = match (begins, ends) {
            (true, true) => format!("BEGIN{text}\n;ROLLBACK"),
            (true, false) => format!("BEGIN{text}"),
            (false, true) => format!("{text}\n;ROLLBACK"),
            (false, false) => text,
        };
        let first = usize::from(begins);
        let (mut begun, mut rows) = (false, Vec::new());
        let mut found: Vec<Vec<QueryResult>> = Vec::with_capacity(taken.asked.len());
        let ran = lent.run(text, values, |number, row| match row {
            Some(row) => rows.push(row),
            None if number < first => begun = true,
            None => found.push(std::mem::take(&mut rows)),
        });
        let ran = ran.await;
        // The end of a transaction answers nobody.
        let whole = found.len().min(taken.asked.len());
        if ends && ran.is_ok() {
            lent.ended();
        }
        if ran.is_err() && begins && !begun {
            lent.spoil();
        }
        for (asked, rows) in taken.asked.drain(..whole).zip(found) {
            let _ = asked.answer.send(Ok(rows));
        }
        if let Err(error) = ran
            && !taken.asked.is_empty()
        {
            let _ = taken.asked.remove(0).answer.send(Err(error));
        }
    }
}

/// Statements on their way. Those without an answer wait again when whoever sent them goes away.
struct Taken<'a> {
    asked: Vec<Asked>,
    home: &'a Joint,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if !self.asked.is_empty() {
            self.home.waiting().append(&mut self.asked);
        }
    }
}

/// Statements as one text with one list of values, each after a semicolon; the one that can't be among them and why.
fn joined(asked: &[Asked]) -> Result<(String, Values), (usize, DbErr)> {
    let length: usize = asked.iter().map(|it| it.statement.sql.len() + 8).sum();
    let mut text = String::with_capacity(length + "BEGIN".len());
    let mut values = Vec::new();
    for (index, Asked { statement, .. }) in asked.iter().enumerate() {
        text.push_str("\n;");
        let given = statement.values.as_ref().map_or(&[][..], |given| &given.0);
        numbered(&mut text, &statement.sql, values.len()).map_err(|error| (index, error))?;
        values.extend_from_slice(given);
    }
    Ok((text, Values(values)))
}

/// Appends a statement whose values stand behind others: `$1`, and sea-query's `?`, become `$9` behind eight. (Not `?9`,
/// which for SQLite is the ninth of nine: sqlx would bind the eight before it too.)
/// Two statements in one would be answered with each other's rows, so there may be one alone.
fn numbered(text: &mut String, sql: &str, behind: usize) -> Result<(), DbErr> {
    let mut rest = sql;
    let mut unnamed = 0;
    let marks = |byte: u8| matches!(byte, b'?' | b'$' | b'\'' | b'"' | b';');
    while let Some(at) = rest.bytes().position(marks) {
        let (before, found) = rest.split_at(at);
        text.push_str(before);
        let (mark, after) = found.split_at(1);
        rest = after;
        match mark {
            "?" | "$" => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let (digits, after) = rest.split_at(digits);
                rest = after;
                unnamed += 1;
                let number = match digits {
                    "" => unnamed,
                    digits => digits.parse::<usize>().map_err(|_| not_one(sql))?,
                };
                let _ = write!(text, "${}", behind + number);
            }
            ";" => return Err(not_one(sql)),
            quote => {
                let end = rest.find(quote).ok_or_else(|| not_one(sql))?;
                let (quoted, after) = rest.split_at(end + 1);
                text.push_str(quote);
                text.push_str(quoted);
                rest = after;
            }
        }
    }
    text.push_str(rest);
    Ok(())
}

fn not_at_once() -> DbErr {
    DbErr::Custom("of what is read at once more was asked for later".to_owned())
}

fn not_one(sql: &str) -> DbErr {
    DbErr::Custom(format!("not one statement: {sql}"))
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, Statement, Values};

    use super::{limited, numbered};

    fn behind(sql: &str, behind: usize) -> Option<String> {
        let mut text = String::new();
        numbered(&mut text, sql, behind).is_ok().then_some(text)
    }

    #[test]
    fn values_are_counted_behind_those_of_others() {
        let told = |sql: &str| behind(sql, 8).expect("one statement");
        assert_eq!(told("SELECT $2, $1, $12"), "SELECT $10, $9, $20");
        assert_eq!(
            told(r#"SELECT "a?" FROM "t" WHERE "b" = ? AND "c" IN (?, ?)"#),
            r#"SELECT "a?" FROM "t" WHERE "b" = $9 AND "c" IN ($10, $11)"#
        );
        assert_eq!(told("SELECT 'it''s $1; ?', ?"), "SELECT 'it''s $1; ?', $9");
        assert_eq!(told("SELECT 'ёж', $1"), "SELECT 'ёж', $9");
    }

    #[test]
    fn how_many_rows_stands_in_the_text() {
        let read = |sql: &str, values: Vec<sea_orm::Value>| {
            let read = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let read = limited(read);
            (read.sql, read.values)
        };
        let (sql, values) = read(
            r#"SELECT "a" WHERE "b" = ? LIMIT ?"#,
            vec![7.into(), 1_u64.into()],
        );
        assert_eq!(sql, r#"SELECT "a" WHERE "b" = ? LIMIT 1"#);
        assert_eq!(values, Some(Values(vec![7.into()])));
        let (sql, values) = read("SELECT 1 LIMIT $1", vec![1_u64.into()]);
        assert_eq!(sql, "SELECT 1 LIMIT $1");
        assert_eq!(values, Some(Values(vec![1_u64.into()])));
    }

    #[test]
    fn what_may_be_two_statements_is_refused() {
        assert_eq!(behind("SELECT 1; SELECT 2", 0), None);
        assert_eq!(behind("SELECT 'open", 0), None);
    }
}
