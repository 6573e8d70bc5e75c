//! The daily work on draws: beginning, closing the list, drawing, passing on what nobody took. Run as often as liked, by
//! as many processes as there are.

use chrono::NaiveDate;
use sea_orm::Value;

use super::stored::{self, Row, Win};
use super::tickets::{self, Ticket};
use super::{DrawState, PrizeState, Terms, pick, prize, public, terms};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::document::text_hash;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::keys::hex;
use crate::lender::Draw;
use crate::loan::stored::json;
use locales::Lang;

/// Rows written by one statement.
const AT_ONCE: usize = 200;

/// Does what is due; answers how many steps were made.
pub async fn daily(cab: &Cabinet) -> Result<usize> {
    let mut steps = 0;
    let today = cab.today();
    for draw in &cab.lender().draws {
        let runs = (draw.from..=draw.until).contains(&today);
        if runs && stored::one(cab.db().read(), &draw.code).await?.is_none() {
            steps += usize::from(begin(cab, draw).await?);
        }
    }
    for row in stored::all(cab.db().read()).await? {
        if row.state == DrawState::Open && today > row.terms.until {
            steps += usize::from(close(cab, &row).await?);
        }
    }
    for row in stored::all(cab.db().read()).await? {
        if row.state == DrawState::Closed && cab.now() >= row.terms.draws_at {
            steps += usize::from(draw(cab, &row).await?);
        }
        if row.state == DrawState::Drawn {
            steps += lapse(cab, &row).await?;
        }
    }
    Ok(steps)
}

/// Draws the seed and publishes its hash. Of two processes one keeps its seed, the other's is forgotten.
async fn begin(cab: &Cabinet, draw: &Draw) -> Result<bool> {
    let terms = Terms::of(cab, draw);
    let rules = terms::rules(cab, &terms, Lang::Ru);
    let seed = cab.ports().ids.seed();
    let sealed = cab
        .keys()
        .encrypt("draw", "seed", &draw.code, &hex(&seed))?;
    let row: Vec<Value> = vec![
        draw.code.clone().into(),
        json(&terms)?.into(),
        rules.clone().into(),
        terms::rules(cab, &terms, Lang::En).into(),
        text_hash(&rules).into(),
        pick::commitment(&seed).into(),
        sealed.into(),
        cab.now_ms().into(),
    ];
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "INSERT INTO draw (code, terms, rules_ru, rules_en, rules_hash, commitment, \
                     seed_sealed, state, opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8) \
                     ON CONFLICT (code) DO NOTHING";
                Ok(sql::execute(tx, statement, row).await? == 1)
            })
        })
        .await
}

/// Freezes the list of tickets. They are counted outside the transaction, for there may be many; it is made only if the
/// same people still take part.
async fn close(cab: &Cabinet, row: &Row) -> Result<bool> {
    let db = cab.db().read();
    let takers = stored::takers(db, &row.code).await?;
    let mut counted: Vec<(BorrowerId, Ticket)> = Vec::new();
    for taker in &takers {
        let tickets = tickets::counted(db, cab, &row.code, &row.terms, *taker).await?;
        counted.extend(tickets.into_iter().map(|ticket| (*taker, ticket)));
    }
    let names: Vec<&str> = counted
        .iter()
        .map(|(_, ticket)| ticket.name.as_str())
        .collect();
    let hash = pick::list_hash(&names);
    let (cabinet, code) = (cab.clone(), row.code.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let row = stored::lock(tx, &code).await?;
                if row.state != DrawState::Open || stored::takers(tx, &code).await? != takers {
                    return Ok(false);
                }
                for some in counted.chunks(AT_ONCE) {
                    insert(tx, &code, some).await?;
                }
                let statement = "UPDATE draw SET state = 'closed', list_hash = $2, closed_at = $3 \
                                 WHERE code = $1 AND state = 'open'";
                let values = vec![code.into(), hash.into(), cabinet.now_ms().into()];
                Ok(sql::execute(tx, statement, values).await? == 1)
            })
        })
        .await
}

async fn insert(tx: &Tx, code: &str, tickets: &[(BorrowerId, Ticket)]) -> Result<()> {
    let mut values: Vec<Value> = vec![code.into()];
    let mut rows = Vec::with_capacity(tickets.len());
    for (borrower, ticket) in tickets {
        let at = values.len();
        rows.push(format!("($1, ${}, ${}, ${})", at + 1, at + 2, at + 3));
        values.push(ticket.name.clone().into());
        values.push((*borrower).into());
        values.push(ticket.source().into());
    }
    let rows = rows.join(", ");
    let statement =
        format!("INSERT INTO draw_ticket (draw, ticket, borrower, source) VALUES {rows}");
    sql::execute(tx, &statement, values).await.map(drop)
}

/// Shows the seed and gives the prizes to the tickets that follow from it. Nothing can change the list any more, so the
/// winners are computed before the transaction.
async fn draw(cab: &Cabinet, row: &Row) -> Result<bool> {
    let seed = cab
        .keys()
        .decrypt("draw", "seed", &row.code, &row.seed_sealed)?;
    let bytes = public::seed_of(&seed).filter(|bytes| pick::commitment(bytes) == row.commitment);
    let bytes = bytes.ok_or_else(|| broken(row, "its seed is not the promised one"))?;
    let tickets = stored::tickets(cab.db().read(), &row.code).await?;
    let list_hash = pick::list_hash(&tickets);
    if row.list_hash.as_ref() != Some(&list_hash) {
        return Err(broken(row, "its list is not the published one"));
    }
    let drum = pick::Drum {
        seed: &bytes,
        code: &row.code,
        list_hash: &list_hash,
        one_prize: row.terms.one_prize,
    };
    let won = drum.first(row.terms.prizes.len(), &tickets);
    let won: Vec<String> = won.into_iter().map(str::to_owned).collect();
    let (cabinet, code) = (cab.clone(), row.code.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "UPDATE draw SET state = 'drawn', seed = $2, drawn_at = $3 \
                                 WHERE code = $1 AND state = 'closed'";
                let values = vec![code.clone().into(), seed.into(), cabinet.now_ms().into()];
                if sql::execute(tx, statement, values).await? == 0 {
                    return Ok(false);
                }
                let row = stored::lock(tx, &code).await?;
                for (index, ticket) in won.iter().enumerate() {
                    prize::won(tx, &cabinet, &row, (index, index), ticket).await?;
                }
                Ok(true)
            })
        })
        .await
}

fn broken(row: &Row, what: &str) -> CabinetError {
    CabinetError::internal(format!("draw {}: {what}", row.code))
}

/// Days before the last one on which a winner who has not come is reminded.
const REMIND_DAYS: i64 = 3;

/// The last day of a prize that waits: for the winner's answer, or for the winner. Whoever was not told where it waits
/// can't be late.
fn last_day(win: &Win) -> Option<NaiveDate> {
    match win.state {
        PrizeState::Won => Some(win.answer_by),
        PrizeState::Accepted => win.collect_by,
        _ => None,
    }
}

/// Passes on prizes whose winners did not answer or did not come, and reminds those who should come soon.
async fn lapse(cab: &Cabinet, row: &Row) -> Result<usize> {
    let today = cab.today();
    let wins = stored::wins(cab.db().read(), &row.code).await?;
    for win in &wins {
        let soon = win.collect_by.filter(|last| {
            win.state == PrizeState::Accepted
                && (0..=REMIND_DAYS).contains(&(*last - today).num_days())
        });
        if let Some(last) = soon {
            remind(cab, &win.id, last).await?;
        }
    }
    let late = wins
        .into_iter()
        .filter(|win| last_day(win).is_some_and(|last| last < today));
    let mut steps = 0;
    for win in late {
        let cabinet = cab.clone();
        let passed = cab
            .db()
            .write(move |tx| {
                Box::pin(async move {
                    let (row, win) = stored::lock_win(tx, &win.id).await?;
                    if last_day(&win).is_none_or(|last| last >= today) {
                        return Ok(false);
                    }
                    if let Some(last) = win.collect_by {
                        prize::tell(tx, &cabinet, (&row, &win), "draw_lost", last).await?;
                    }
                    prize::pass_on(tx, &cabinet, &row, &win, "silent").await?;
                    Ok(true)
                })
            })
            .await?;
        steps += usize::from(passed);
    }
    Ok(steps)
}

/// Says once that the last day is near.
async fn remind(cab: &Cabinet, win: &str, last: NaiveDate) -> Result<()> {
    let (cabinet, win) = (cab.clone(), win.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (row, win) = stored::lock_win(tx, &win).await?;
                if win.state != PrizeState::Accepted || win.collect_by != Some(last) {
                    return Ok(());
                }
                prize::tell(tx, &cabinet, (&row, &win), "draw_collect", last).await
            })
        })
        .await
}
