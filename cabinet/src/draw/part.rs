//! Taking part and leaving: a word of the borrower's own, written down with the hash of the rules they read.

use locales::Lang;
use sea_orm::ConnectionTrait;

use super::DrawState;
use super::stored::{self, Row};
use crate::Cabinet;
use crate::access::Origin;
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::document::text_hash;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;

/// Whether somebody is of the lender's own people.
pub(super) async fn barred(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<bool> {
    let statement = "SELECT borrower FROM draw_barred WHERE borrower = $1";
    let row = sql::one(conn, statement, vec![borrower.into()]).await?;
    Ok(row.is_some())
}

/// Somebody's last word, and its number; 0 of whoever said none.
pub(super) async fn last(
    conn: &impl ConnectionTrait,
    code: &str,
    borrower: BorrowerId,
) -> Result<(bool, i64)> {
    let statement = "SELECT given, number FROM draw_part WHERE draw = $1 AND borrower = $2 \
                     ORDER BY number DESC LIMIT 1";
    let row = sql::one(conn, statement, vec![code.into(), borrower.into()]).await?;
    match row {
        None => Ok((false, 0)),
        Some(row) => Ok((
            sql::get::<i64>(&row, "given")? == 1,
            sql::get(&row, "number")?,
        )),
    }
}

/// Takes part, having read the rules whose SHA-256 is given. Twice is once.
///
/// # Errors
/// `NotFound` of a draw that has not begun; `Conflict`: `draw_over` after its last day, `draw_rules` when other rules were
/// read, `draw_barred` for the lender's own people.
pub async fn join(
    cab: &Cabinet,
    borrower: BorrowerId,
    code: &str,
    read: &str,
    origin: &Origin,
) -> Result<()> {
    let (cabinet, code) = (cab.clone(), code.to_owned());
    let (read, origin) = (read.to_owned(), origin.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let draw = open(tx, &cabinet, &code).await?;
                if barred(tx, borrower).await? {
                    return Err(CabinetError::Conflict("draw_barred"));
                }
                let lang = [Lang::Ru, Lang::En]
                    .into_iter()
                    .find(|lang| text_hash(draw.rules(*lang)) == read);
                let lang = lang.ok_or(CabinetError::Conflict("draw_rules"))?;
                say(tx, &cabinet, borrower, &draw, (true, read, lang), &origin).await
            })
        })
        .await
}

/// Takes part no more. Twice is once.
///
/// # Errors
/// `NotFound` of a draw that has not begun, `Conflict("draw_over")` after its last day.
pub async fn leave(cab: &Cabinet, borrower: BorrowerId, code: &str, origin: &Origin) -> Result<()> {
    let (cabinet, code, origin) = (cab.clone(), code.to_owned(), origin.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let draw = open(tx, &cabinet, &code).await?;
                let word = (false, text_hash(draw.rules(Lang::Ru)), Lang::Ru);
                say(tx, &cabinet, borrower, &draw, word, &origin).await
            })
        })
        .await
}

/// The draw while it takes words, locked: the list is not closed meanwhile.
async fn open(tx: &Tx, cab: &Cabinet, code: &str) -> Result<Row> {
    let draw = stored::lock(tx, code).await?;
    if draw.state != DrawState::Open || cab.today() > draw.terms.until {
        return Err(CabinetError::Conflict("draw_over"));
    }
    Ok(draw)
}

async fn say(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    draw: &Row,
    (given, hash, lang): (bool, String, Lang),
    origin: &Origin,
) -> Result<()> {
    let (was, number) = last(tx, &draw.code, borrower).await?;
    if was == given {
        return Ok(());
    }
    let id = cab.fresh_id().to_string();
    let seal = |column: &str, value: &str| cab.keys().encrypt("draw_part", column, &id, value);
    sql::execute(
        tx,
        "INSERT INTO draw_part (id, draw, borrower, number, given, text_hash, lang, at, address, agent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            id.clone().into(),
            draw.code.clone().into(),
            borrower.into(),
            (number + 1).into(),
            i64::from(given).into(),
            hash.into(),
            lang.code().into(),
            cab.now_ms().into(),
            seal("address", &origin.ip)?.into(),
            seal("agent", &origin.user_agent)?.into(),
        ],
    )
    .await?;
    let what = if given { "draw_joined" } else { "draw_left" };
    let entry = Entry::new(Role::Own, what).because(&draw.terms.ru);
    diary::write(tx, cab, borrower, entry).await
}
