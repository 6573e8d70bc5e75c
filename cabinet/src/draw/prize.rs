//! What becomes of a prize: won, accepted, or passed on to the next ticket.

use chrono::{Duration, NaiveDate};
use lending::Kopecks;

use super::stored::{self, Row, Win};
use super::{PrizeState, pick, public};
use crate::db::{Tx, sql};
use crate::document::phrase;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::stored::id;
use crate::notice::{self, Notice};
use crate::{Cabinet, bonus};

/// A ticket has won: its owner is told, and has the days of the rules to answer. `place`: the order of drawing, and the
/// prize's index.
pub(super) async fn won(
    tx: &Tx,
    cab: &Cabinet,
    row: &Row,
    (seq, index): (usize, usize),
    ticket: &str,
) -> Result<()> {
    let prize = row.terms.prizes.get(index);
    let prize = prize.ok_or_else(|| CabinetError::internal("a prize that is not there"))?;
    let find = "SELECT borrower FROM draw_ticket WHERE draw = $1 AND ticket = $2";
    let values = vec![row.code.clone().into(), ticket.into()];
    let owner = sql::one(tx, find, values).await?;
    let owner = owner.ok_or_else(|| CabinetError::internal("a ticket without an owner"))?;
    let borrower: BorrowerId = id(&sql::get::<String>(&owner, "borrower")?)?;
    let answer_by = cab.today() + Duration::days(row.terms.accept_days.into());
    let number = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let win = cab.fresh_id().to_string();
    sql::execute(
        tx,
        "INSERT INTO draw_prize (id, draw, seq, prize, ticket, borrower, value, state, answer_by, won_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'won', $8, $9)",
        vec![
            win.clone().into(),
            row.code.clone().into(),
            number(seq).into(),
            number(index).into(),
            ticket.into(),
            borrower.into(),
            prize.value.get().into(),
            answer_by.to_string().into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    let words = notice::words_of(tx, cab, borrower).await?;
    let told = Notice {
        borrower,
        object: win,
        kind: "draw_won",
        occasion: row.code.clone(),
        args: vec![
            ("prize", prize.title(words.lang).to_owned()),
            ("draw", row.terms.title().of(words.lang).to_owned()),
            ("date", phrase::day(words, answer_by)),
        ],
    };
    notice::tell(tx, cab, told).await
}

/// The winner does not take it: the next ticket in the order of the same seed wins it, if there is one.
pub(super) async fn pass_on(tx: &Tx, cab: &Cabinet, row: &Row, win: &Win, why: &str) -> Result<()> {
    let statement = "UPDATE draw_prize SET state = 'lapsed', why = $2, answered_at = $3 \
                     WHERE id = $1 AND state = $4";
    let values = vec![
        win.id.clone().into(),
        why.into(),
        cab.now_ms().into(),
        win.state.code().into(),
    ];
    if sql::execute(tx, statement, values).await? == 0 {
        return Err(CabinetError::Conflict("prize_over"));
    }
    let (Some(seed), Some(list_hash)) = (&row.seed, &row.list_hash) else {
        return Err(CabinetError::internal(
            "a prize of a draw that is not drawn",
        ));
    };
    let seed = public::seed_of(seed).ok_or_else(|| CabinetError::internal("a stored seed"))?;
    let wins = stored::wins(tx, &row.code).await?;
    let taken: Vec<&str> = wins.iter().map(|win| win.ticket.as_str()).collect();
    let tickets = stored::tickets(tx, &row.code).await?;
    let drum = pick::Drum {
        seed: &seed,
        code: &row.code,
        list_hash,
        one_prize: row.terms.one_prize,
    };
    match drum.pick(win.prize, &tickets, &taken) {
        Some(next) => won(tx, cab, row, (wins.len(), win.prize), next).await,
        None => Ok(()),
    }
}

/// A word to a winner about where the prize waits, or that it waits no more. Once for each last day.
pub(super) async fn tell(
    tx: &Tx,
    cab: &Cabinet,
    (row, win): (&Row, &Win),
    kind: &'static str,
    collect_by: NaiveDate,
) -> Result<()> {
    let words = notice::words_of(tx, cab, win.borrower).await?;
    let prize = row.terms.prizes.get(win.prize);
    let title = prize.map_or("", |prize| prize.title(words.lang));
    let told = Notice {
        borrower: win.borrower,
        object: win.id.clone(),
        kind,
        occasion: collect_by.to_string(),
        args: vec![
            ("prize", title.to_owned()),
            ("draw", row.terms.title().of(words.lang).to_owned()),
            ("date", phrase::day(words, collect_by)),
        ],
    };
    notice::tell(tx, cab, told).await
}

/// The winner's word: takes the prize, or leaves it to the next ticket. Bonuses are given at once. The same word again
/// changes nothing.
///
/// # Errors
/// `NotFound` of a prize that somebody else won, `Conflict("prize_over")` after the last day or another word.
pub async fn answer(cab: &Cabinet, borrower: BorrowerId, win: &str, takes: bool) -> Result<()> {
    let (cabinet, win) = (cab.clone(), win.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (row, win) = stored::lock_win(tx, &win).await?;
                if win.borrower != borrower {
                    return Err(CabinetError::NotFound);
                }
                match win.state {
                    PrizeState::Won if cabinet.today() > win.answer_by => {
                        Err(CabinetError::Conflict("prize_over"))
                    }
                    PrizeState::Won if takes => accept(tx, &cabinet, &row, &win).await,
                    PrizeState::Won => pass_on(tx, &cabinet, &row, &win, "declined").await,
                    _ if takes == (win.state != PrizeState::Lapsed) && said(&win) => Ok(()),
                    _ => Err(CabinetError::Conflict("prize_over")),
                }
            })
        })
        .await
}

/// Whether the winner has answered: a prize that was not answered has lapsed by itself.
fn said(win: &Win) -> bool {
    win.why.as_deref() != Some("silent")
}

async fn accept(tx: &Tx, cab: &Cabinet, row: &Row, win: &Win) -> Result<()> {
    let bonuses = row
        .terms
        .prizes
        .get(win.prize)
        .is_some_and(|prize| prize.bonuses);
    let state = if bonuses {
        let value = Kopecks::new(win.value);
        bonus::prize(tx, cab, win.borrower, value, &win.id).await?;
        PrizeState::Handed
    } else {
        PrizeState::Accepted
    };
    let statement = "UPDATE draw_prize SET state = $2, answered_at = $3, handed_at = $4 \
                     WHERE id = $1 AND state = 'won'";
    let now = cab.now_ms();
    let handed = bonuses.then_some(now);
    let values = vec![
        win.id.clone().into(),
        state.code().into(),
        now.into(),
        handed.into(),
    ];
    sql::execute(tx, statement, values).await.map(drop)
}
