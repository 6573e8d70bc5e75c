//! What is seen of draws: the page, the public file, and a person's own record of them.

use chrono::{DateTime, NaiveDate, Utc};
use locales::Lang;
use sea_orm::ConnectionTrait;

use super::public::{PublicDraw, PublicPrize, PublicWin};
use super::stored::{self, Row, Win};
use super::{
    DrawState, DrawView, Mine, MyPrize, PrizeState, PrizeTerms, Terms, Ticket, part, pick, terms,
    tickets,
};
use crate::Cabinet;
use crate::db::sql;
use crate::document::text_hash;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::lender::{Draw, Text};
use crate::loan::stored::date;

/// What the cabinet's first page says of draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brief {
    /// A draw can be joined, until a day.
    Join(Text, NaiveDate),
    /// The borrower takes part in one that is drawn on a day.
    Joined(Text, NaiveDate),
    /// A prize is won, and waits for an answer until a day.
    Won(Box<PrizeTerms>, NaiveDate),
}

/// Every draw: those that can be joined or wait for the drawing first, then what is announced, then what is over.
/// `None` is a stranger.
pub async fn list(
    cab: &Cabinet,
    borrower: Option<BorrowerId>,
    lang: Lang,
) -> Result<Vec<DrawView>> {
    let db = cab.db().read();
    let today = cab.today();
    let mut views = Vec::new();
    let rows = stored::all(db).await?;
    for row in &rows {
        let mut view = begun(cab, row, lang).await?;
        if let Some(borrower) = borrower {
            view.mine = Some(mine(cab, row, borrower).await?);
        }
        views.push(view);
    }
    for draw in &cab.lender().draws {
        let known = rows.iter().any(|row| row.code == draw.code);
        if !known && draw.until >= today {
            views.push(ahead(cab, draw, lang));
        }
    }
    views.sort_by_key(|view| match view.state {
        DrawState::Open | DrawState::Closed => 0,
        DrawState::Ahead => 1,
        DrawState::Drawn => 2,
    });
    Ok(views)
}

/// What the cabinet's first page says of draws, in few statements: a prize that waits for the borrower's word before
/// anything else, then a draw that can be joined or waits for its day. None where there is nothing to say.
pub async fn brief(cab: &Cabinet, borrower: BorrowerId) -> Result<Option<Brief>> {
    if cab.lender().draws.is_empty() {
        return Ok(None);
    }
    let db = cab.db().read();
    let rows = stored::all(db).await?;
    let statement = "SELECT draw, prize, answer_by FROM draw_prize WHERE borrower = $1 \
                     AND state = 'won' AND answer_by >= $2 ORDER BY answer_by LIMIT 1";
    let values = vec![borrower.into(), cab.today().to_string().into()];
    if let Some(win) = sql::one(db, statement, values).await? {
        let code: String = sql::get(&win, "draw")?;
        let index = usize::try_from(sql::get::<i64>(&win, "prize")?).unwrap_or_default();
        let row = rows.iter().find(|row| row.code == code);
        let answer_by = date(&sql::get::<String>(&win, "answer_by")?)?;
        if let Some(prize) = row.and_then(|row| row.terms.prizes.get(index)) {
            return Ok(Some(Brief::Won(Box::new(prize.clone()), answer_by)));
        }
    }
    for row in rows {
        let joined = part::last(db, &row.code, borrower).await?.0;
        let running = row.state == DrawState::Open && cab.today() <= row.terms.until;
        match (running, joined) {
            (true, false) => return Ok(Some(Brief::Join(row.terms.title(), row.terms.until))),
            _ if joined && row.state != DrawState::Drawn => {
                return Ok(Some(Brief::Joined(row.terms.title(), row.terms.draws_on)));
            }
            _ => {}
        }
    }
    Ok(None)
}

fn ahead(cab: &Cabinet, draw: &Draw, lang: Lang) -> DrawView {
    let terms = Terms::of(cab, draw);
    let rules = terms::rules(cab, &terms, lang);
    DrawView {
        code: draw.code.clone(),
        terms,
        state: DrawState::Ahead,
        joinable: false,
        rules_hash: text_hash(&rules),
        rules,
        commitment: None,
        opened_at: None,
        tickets: 0,
        list_hash: None,
        seed: None,
        results: Vec::new(),
        mine: None,
    }
}

async fn begun(cab: &Cabinet, row: &Row, lang: Lang) -> Result<DrawView> {
    let db = cab.db().read();
    let statement = "SELECT COUNT(*) AS n FROM draw_ticket WHERE draw = $1";
    let count = sql::one(db, statement, vec![row.code.clone().into()]).await?;
    let count: i64 = count.map_or(Ok(0), |row| sql::get(&row, "n"))?;
    let rules = row.rules(lang).to_owned();
    Ok(DrawView {
        code: row.code.clone(),
        terms: row.terms.clone(),
        state: row.state,
        joinable: row.state == DrawState::Open && cab.today() <= row.terms.until,
        rules_hash: text_hash(&rules),
        rules,
        commitment: Some(row.commitment.clone()),
        opened_at: Some(row.opened_at),
        tickets: usize::try_from(count).unwrap_or_default(),
        list_hash: row.list_hash.clone(),
        seed: row.seed.clone(),
        results: results(stored::wins(db, &row.code).await?),
        mine: None,
    })
}

fn results(wins: Vec<Win>) -> Vec<PublicWin> {
    let one = |win: Win| PublicWin {
        prize: win.prize,
        ticket: win.ticket,
        lapsed: win.state == PrizeState::Lapsed,
    };
    wins.into_iter().map(one).collect()
}

async fn mine(cab: &Cabinet, row: &Row, borrower: BorrowerId) -> Result<Mine> {
    let db = cab.db().read();
    let (joined, _) = part::last(db, &row.code, borrower).await?;
    let tickets = if row.state == DrawState::Open {
        tickets::counted(db, cab, &row.code, &row.terms, borrower).await?
    } else {
        listed(db, &row.code, borrower).await?
    };
    let wins = stored::wins(db, &row.code).await?;
    let own = wins
        .into_iter()
        .rev()
        .filter(|win| win.borrower == borrower);
    let prizes = own.filter_map(|win| {
        let waits = waits(cab, &win);
        let prize = row.terms.prizes.get(win.prize)?.clone();
        Some(waits.map(|waits| MyPrize {
            prize,
            waits,
            id: win.id,
            ticket: win.ticket,
            state: win.state,
            why: win.why,
            answer_by: win.answer_by,
        }))
    });
    Ok(Mine {
        joined,
        barred: part::barred(db, borrower).await?,
        prizes: prizes.collect::<Result<_>>()?,
        tickets,
    })
}

/// Where a prize waits, and until the end of which day.
pub(super) fn waits(cab: &Cabinet, win: &Win) -> Result<Option<(String, NaiveDate)>> {
    let Some((place, day)) = win.place.as_deref().zip(win.collect_by) else {
        return Ok(None);
    };
    let place = cab.keys().decrypt("draw_prize", "place", &win.id, place)?;
    Ok(Some((place, day)))
}

/// Somebody's tickets of the closed list.
async fn listed(
    db: &impl ConnectionTrait,
    code: &str,
    borrower: BorrowerId,
) -> Result<Vec<Ticket>> {
    let statement = "SELECT ticket, source FROM draw_ticket WHERE draw = $1 AND borrower = $2 \
                     ORDER BY source, ticket";
    let rows = sql::all(db, statement, vec![code.into(), borrower.into()]).await?;
    rows.iter()
        .map(|row| {
            Ticket::read(
                sql::get(row, "ticket")?,
                &sql::get::<String>(row, "source")?,
            )
        })
        .collect()
}

/// The file of a draw that has begun, for everybody. `NotFound` of any other.
pub async fn public(cab: &Cabinet, code: &str) -> Result<PublicDraw> {
    let db = cab.db().read();
    let row = stored::one(db, code).await?.ok_or(CabinetError::NotFound)?;
    let prizes = row.terms.prizes.iter().map(|prize| PublicPrize {
        title: prize.ru.clone(),
        value: prize.value.get(),
    });
    let rfc = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Ok(PublicDraw {
        form: pick::METHOD.to_owned(),
        lender: cab.lender().legal_name.clone(),
        state: row.state.code().to_owned(),
        one_prize: row.terms.one_prize,
        prizes: prizes.collect(),
        opened_at: rfc(row.opened_at),
        closed_at: row.closed_at.map(rfc),
        draws_at: rfc(row.terms.draws_at),
        tickets: stored::tickets(db, code).await?,
        results: results(stored::wins(db, code).await?),
        code: row.code,
        rules: row.rules_ru,
        rules_hash: row.rules_hash,
        commitment: row.commitment,
        list_hash: row.list_hash,
        seed: row.seed,
    })
}
