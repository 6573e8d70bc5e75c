//! Rows of draws; the why of each column stands in the migration.

use chrono::{DateTime, NaiveDate, Utc};
use locales::Lang;
use sea_orm::{ConnectionTrait, QueryResult};

use super::{DrawState, PrizeState, Terms};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::loan::stored::{date, id, read};
use crate::moment;

/// A draw that has begun.
pub(super) struct Row {
    pub code: String,
    pub terms: Terms,
    pub rules_ru: String,
    pub rules_en: String,
    pub rules_hash: String,
    pub commitment: String,
    pub seed_sealed: String,
    pub seed: Option<String>,
    pub list_hash: Option<String>,
    pub state: DrawState,
    pub opened_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
}

impl Row {
    fn of(row: &QueryResult) -> Result<Self> {
        let text = |column: &str| sql::get::<String>(row, column);
        let state = text("state")?;
        let closed: Option<i64> = sql::get(row, "closed_at")?;
        Ok(Self {
            code: text("code")?,
            terms: read(&text("terms")?)?,
            rules_ru: text("rules_ru")?,
            rules_en: text("rules_en")?,
            rules_hash: text("rules_hash")?,
            commitment: text("commitment")?,
            seed_sealed: text("seed_sealed")?,
            seed: sql::get(row, "seed")?,
            list_hash: sql::get(row, "list_hash")?,
            state: DrawState::from_code(&state)
                .ok_or_else(|| CabinetError::internal(format!("stored draw {state:?}")))?,
            opened_at: moment(sql::get(row, "opened_at")?)?,
            closed_at: closed.map(moment).transpose()?,
        })
    }

    pub fn rules(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.rules_ru,
            Lang::En => &self.rules_en,
        }
    }
}

/// Every draw that has begun, the newest first.
pub(super) async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Row>> {
    let statement = "SELECT * FROM draw ORDER BY opened_at DESC, code";
    let rows = sql::all(conn, statement, vec![]).await?;
    rows.iter().map(Row::of).collect()
}

/// Whether something typed can name a draw: nothing else is asked of the database.
fn named(code: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&code.len()) && code.bytes().all(plain)
}

/// One of them.
pub(super) async fn one(conn: &impl ConnectionTrait, code: &str) -> Result<Option<Row>> {
    if !named(code) {
        return Ok(None);
    }
    let statement = "SELECT * FROM draw WHERE code = $1";
    let row = sql::one(conn, statement, vec![code.into()]).await?;
    row.as_ref().map(Row::of).transpose()
}

/// One of them, which nobody else changes until the commit.
pub(super) async fn lock(tx: &Tx, code: &str) -> Result<Row> {
    if !named(code) {
        return Err(CabinetError::NotFound);
    }
    let statement = format!("SELECT * FROM draw WHERE code = $1{}", sql::for_update(tx));
    let row = sql::one(tx, &statement, vec![code.into()]).await?;
    Row::of(&row.ok_or(CabinetError::NotFound)?)
}

/// Who takes part, by the last word of each; neither the lender's people nor cabinets that are closed.
pub(super) async fn takers(conn: &impl ConnectionTrait, code: &str) -> Result<Vec<BorrowerId>> {
    let statement = "SELECT p.borrower FROM draw_part p JOIN borrower b ON b.id = p.borrower \
         WHERE p.draw = $1 AND p.given = 1 AND b.closed_at IS NULL \
         AND p.number = (SELECT MAX(n.number) FROM draw_part n \
             WHERE n.draw = p.draw AND n.borrower = p.borrower) \
         AND NOT EXISTS (SELECT 1 FROM draw_barred x WHERE x.borrower = p.borrower) \
         ORDER BY p.borrower";
    let rows = sql::all(conn, statement, vec![code.into()]).await?;
    rows.iter()
        .map(|row| id(&sql::get::<String>(row, "borrower")?))
        .collect()
}

/// The closed list, in ascending order of its bytes.
pub(super) async fn tickets(conn: &impl ConnectionTrait, code: &str) -> Result<Vec<String>> {
    let statement = "SELECT ticket FROM draw_ticket WHERE draw = $1";
    let rows = sql::all(conn, statement, vec![code.into()]).await?;
    let tickets: Result<Vec<String>> = rows.iter().map(|row| sql::get(row, "ticket")).collect();
    // Databases order texts by the language of the machine.
    let mut tickets = tickets?;
    tickets.sort_unstable();
    Ok(tickets)
}

/// A prize that somebody won.
#[derive(Debug, Clone)]
pub(super) struct Win {
    pub id: String,
    pub prize: usize,
    pub ticket: String,
    pub borrower: BorrowerId,
    pub value: i64,
    pub state: PrizeState,
    pub why: Option<String>,
    pub answer_by: NaiveDate,
    pub won_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub handed_by: Option<StaffId>,
    pub note: Option<String>,
    pub collect_by: Option<NaiveDate>,
    pub place: Option<String>,
}

impl Win {
    fn of(row: &QueryResult) -> Result<Self> {
        let text = |column: &str| sql::get::<String>(row, column);
        let state = text("state")?;
        let by: Option<String> = sql::get(row, "handed_by")?;
        let collect_by: Option<String> = sql::get(row, "collect_by")?;
        let answered: Option<i64> = sql::get(row, "answered_at")?;
        Ok(Self {
            id: text("id")?,
            prize: usize::try_from(sql::get::<i64>(row, "prize")?).unwrap_or_default(),
            ticket: text("ticket")?,
            borrower: id(&text("borrower")?)?,
            value: sql::get(row, "value")?,
            state: PrizeState::from_code(&state)
                .ok_or_else(|| CabinetError::internal(format!("stored prize {state:?}")))?,
            why: sql::get(row, "why")?,
            answer_by: date(&text("answer_by")?)?,
            answered_at: answered.map(moment).transpose()?,
            won_at: moment(sql::get(row, "won_at")?)?,
            handed_by: by.as_deref().map(id).transpose()?,
            note: sql::get(row, "note")?,
            collect_by: collect_by.as_deref().map(date).transpose()?,
            place: sql::get(row, "place")?,
        })
    }
}

/// Who won in a draw, in the order of drawing.
pub(super) async fn wins(conn: &impl ConnectionTrait, code: &str) -> Result<Vec<Win>> {
    let statement = "SELECT * FROM draw_prize WHERE draw = $1 ORDER BY seq";
    let rows = sql::all(conn, statement, vec![code.into()]).await?;
    rows.iter().map(Win::of).collect()
}

/// One prize, its draw locked first: everything about a draw's prizes happens one after another.
pub(super) async fn lock_win(tx: &Tx, win: &str) -> Result<(Row, Win)> {
    let win: uuid::Uuid = win.parse().map_err(|_| CabinetError::NotFound)?;
    let win = win.to_string();
    let find = "SELECT draw FROM draw_prize WHERE id = $1";
    let row = sql::one(tx, find, vec![win.clone().into()]).await?;
    let code: String = sql::get(&row.ok_or(CabinetError::NotFound)?, "draw")?;
    let draw = lock(tx, &code).await?;
    let statement = "SELECT * FROM draw_prize WHERE id = $1";
    let row = sql::one(tx, statement, vec![win.into()]).await?;
    Ok((draw, Win::of(&row.ok_or(CabinetError::NotFound)?)?))
}
