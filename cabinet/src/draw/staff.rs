//! What the lender's people see and do of draws: who waits for a prize, handing it over. A winner is named by a
//! contract's number; nobody's personal data is seen for it.

use chrono::{DateTime, NaiveDate, Utc};
use lending::Kopecks;
use sea_orm::ConnectionTrait;

pub use super::barred::{Barred, bar, barred};
use super::stored::{self, Row, Win};
use super::{DrawState, PrizeState, PrizeTerms, Terms, prize, view};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::staff::audit::{self, Deed};
use crate::staff::{Action, Staff, another, reason};

/// A draw with how many take part and who won.
#[derive(Debug, Clone)]
pub struct DrawWork {
    /// Its code.
    pub code: String,
    /// What it goes by.
    pub terms: Terms,
    /// Where it stands.
    pub state: DrawState,
    /// People who take part.
    pub takers: usize,
    /// Tickets of the closed list.
    pub tickets: usize,
    /// Who won, in the order of drawing.
    pub prizes: Vec<PrizeWork>,
}

/// A prize and its winner.
#[derive(Debug, Clone)]
pub struct PrizeWork {
    /// Its id.
    pub id: String,
    /// Which.
    pub prize: PrizeTerms,
    /// The ticket.
    pub ticket: String,
    /// The winner's last contract.
    pub contract: String,
    /// Where it stands.
    pub state: PrizeState,
    /// The winner's last day to answer.
    pub answer_by: NaiveDate,
    /// Where it waits for the winner, and until the end of which day.
    pub place: Option<(String, NaiveDate)>,
    /// When it was won.
    pub won_at: DateTime<Utc>,
    /// Who handed it over.
    pub handed_by: Option<StaffId>,
    /// How.
    pub note: Option<String>,
    /// Somebody of the staff should have done something by now.
    pub late: bool,
}

impl PrizeWork {
    /// Whether somebody of the staff has to do something.
    pub const fn waits(&self) -> bool {
        matches!(self.state, PrizeState::Accepted | PrizeState::Handing)
    }
}

/// The last contract of a borrower.
const CONTRACT: &str = "SELECT MAX(number) AS number FROM contract WHERE borrower = $1";

pub(super) async fn contract(db: &impl ConnectionTrait, borrower: BorrowerId) -> Result<String> {
    let row = sql::one(db, CONTRACT, vec![borrower.into()]).await?;
    let number: Option<String> = row.map_or(Ok(None), |row| sql::get(&row, "number"))?;
    Ok(number.unwrap_or_default())
}

/// Every draw, the newest first; those that are only announced before them.
pub async fn draws(cab: &Cabinet, by: &Staff) -> Result<Vec<DrawWork>> {
    by.must(Action::ReadReports)?;
    let rows = stored::all(cab.db().read()).await?;
    let mut all = Vec::new();
    for draw in &cab.lender().draws {
        if rows.iter().all(|row| row.code != draw.code) && draw.until >= cab.today() {
            all.push(DrawWork {
                code: draw.code.clone(),
                terms: Terms::of(cab, draw),
                state: DrawState::Ahead,
                takers: 0,
                tickets: 0,
                prizes: Vec::new(),
            });
        }
    }
    for row in rows {
        all.push(begun(cab, row).await?);
    }
    Ok(all)
}

/// A winner hears from the staff within so many hours.
const LATE_HOURS: i64 = 72;

fn late(cab: &Cabinet, win: &Win) -> bool {
    let Some(since) = win.answered_at else {
        return false;
    };
    match win.state {
        // Whoever was told where it waits has days of their own to come.
        PrizeState::Accepted if win.collect_by.is_none() => {
            (cab.now() - since).num_hours() >= LATE_HOURS
        }
        PrizeState::Handing => crate::staff::waits_long(cab, since),
        _ => false,
    }
}

async fn begun(cab: &Cabinet, row: Row) -> Result<DrawWork> {
    let db = cab.db().read();
    let mut prizes = Vec::new();
    for win in stored::wins(db, &row.code).await? {
        let Some(prize) = row.terms.prizes.get(win.prize) else {
            continue;
        };
        let note = win
            .note
            .as_deref()
            .map(|note| cab.keys().decrypt("draw_prize", "note", &win.id, note));
        prizes.push(PrizeWork {
            late: late(cab, &win),
            place: view::waits(cab, &win)?,
            prize: prize.clone(),
            contract: contract(db, win.borrower).await?,
            ticket: win.ticket,
            state: win.state,
            answer_by: win.answer_by,
            won_at: win.won_at,
            handed_by: win.handed_by,
            note: note.transpose()?,
            id: win.id,
        });
    }
    Ok(DrawWork {
        takers: stored::takers(db, &row.code).await?.len(),
        tickets: stored::tickets(db, &row.code).await?.len(),
        code: row.code,
        terms: row.terms,
        state: row.state,
        prizes,
    })
}

/// From which worth on a second person agrees: the same bound as of personal offers.
pub fn second_person_from(cab: &Cabinet) -> Kopecks {
    cab.lender().offers.second_person_from()
}

/// Tells a winner where the prize waits. From now on the days to collect it run; said again, they begin anew.
///
/// # Errors
/// `Forbidden("staff_role")`, `Fields("note")` without words, `Conflict`: `prize_not_accepted`, `prize_no_term` of a draw
/// whose rules name no days to collect.
pub async fn ready(cab: &Cabinet, by: &Staff, win: &str, place: &str) -> Result<()> {
    by.must(Action::ManagePromotions)?;
    let place = reason("note", place)?;
    let (cabinet, by, win) = (cab.clone(), by.clone(), win.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (row, win) = stored::lock_win(tx, &win).await?;
                if win.state != PrizeState::Accepted {
                    return Err(CabinetError::Conflict("prize_not_accepted"));
                }
                let days = row.terms.collect_days;
                let days = days.ok_or(CabinetError::Conflict("prize_no_term"))?;
                let last = cabinet.today() + chrono::Duration::days(days.into());
                let sealed = cabinet
                    .keys()
                    .encrypt("draw_prize", "place", &win.id, &place)?;
                let statement = "UPDATE draw_prize SET collect_by = $2, place = $3 \
                                 WHERE id = $1 AND state = 'accepted'";
                let values = vec![
                    win.id.clone().into(),
                    last.to_string().into(),
                    sealed.into(),
                ];
                sql::execute(tx, statement, values).await?;
                let deed = Deed::new(Action::ManagePromotions, &win.id).about(win.borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because(&place)).await?;
                prize::tell(tx, &cabinet, (&row, &win), "draw_ready", last).await
            })
        })
        .await
}

/// Hands a prize over, with a note of how. One that is worth much waits for a second person; answers whether it does not.
///
/// # Errors
/// `Forbidden("staff_role")`, `Fields("note")` without words, `Conflict("prize_not_accepted")`.
pub async fn hand(cab: &Cabinet, by: &Staff, win: &str, note: &str) -> Result<bool> {
    by.must(Action::ManagePromotions)?;
    let note = reason("note", note)?;
    let (cabinet, by, win) = (cab.clone(), by.clone(), win.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (row, win) = stored::lock_win(tx, &win).await?;
                if win.state != PrizeState::Accepted {
                    return Err(CabinetError::Conflict("prize_not_accepted"));
                }
                let alone = Kopecks::new(win.value) < second_person_from(&cabinet);
                let sealed = cabinet
                    .keys()
                    .encrypt("draw_prize", "note", &win.id, &note)?;
                let state = if alone {
                    PrizeState::Handed
                } else {
                    PrizeState::Handing
                };
                let handed = alone.then_some(cabinet.now_ms());
                let statement = "UPDATE draw_prize SET state = $2, handed_by = $3, note = $4, \
                                 handed_at = $5, answered_at = $6 WHERE id = $1 AND state = 'accepted'";
                let values = vec![
                    win.id.clone().into(),
                    state.code().into(),
                    by.id.into(),
                    sealed.into(),
                    handed.into(),
                    cabinet.now_ms().into(),
                ];
                sql::execute(tx, statement, values).await?;
                let deed = Deed::new(Action::ManagePromotions, &win.id).about(win.borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because(&note)).await?;
                if alone {
                    told(tx, &cabinet, &by, &row, &win).await?;
                }
                Ok(alone)
            })
        })
        .await
}

async fn told(tx: &Tx, cab: &Cabinet, by: &Staff, row: &Row, win: &Win) -> Result<()> {
    let entry = Entry::new(Role::Staff(by.id), "prize_handed").because(&row.terms.ru);
    diary::write(tx, cab, win.borrower, entry).await
}

/// The second person's word: the prize was handed over, or it has to be done again.
///
/// # Errors
/// `Forbidden("second_person")` for whoever handed it over, `Forbidden("staff_role")`, `NotFound` when it waits no more.
pub async fn agree(cab: &Cabinet, by: &Staff, win: &str, approve: bool) -> Result<()> {
    by.must(Action::ApproveMoney)?;
    let (cabinet, by, win) = (cab.clone(), by.clone(), win.to_owned());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let (row, win) = stored::lock_win(tx, &win).await?;
                if win.state != PrizeState::Handing {
                    return Err(CabinetError::NotFound);
                }
                let first = win.handed_by.map(|id| id.to_string()).unwrap_or_default();
                another(&by, &first)?;
                let (statement, why) = if approve {
                    let to = "UPDATE draw_prize SET state = 'handed', handed_at = $2 WHERE id = $1";
                    (to, "approved")
                } else {
                    let to = "UPDATE draw_prize SET state = 'accepted', handed_by = NULL, note = NULL, \
                              answered_at = $2 WHERE id = $1";
                    (to, "refused")
                };
                let values = vec![win.id.clone().into(), cabinet.now_ms().into()];
                sql::execute(tx, statement, values).await?;
                let deed = Deed::new(Action::ApproveMoney, &win.id).about(win.borrower);
                audit::write(tx, &cabinet, Some(&by), deed.because(why)).await?;
                if approve {
                    told(tx, &cabinet, &by, &row, &win).await?;
                }
                Ok(())
            })
        })
        .await
}
