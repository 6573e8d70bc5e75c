//! Prize draws of a demo: some people take part in what runs, and one draw is over, so that its winners can be seen, its
//! result computed again, and a prize handed over.

use cabinet::draw::{self, PrizeState};
use cabinet::lender::Lender;
use cabinet::staff::Staff;
use cabinet::{BorrowerId, Cabinet, Lang, LoanId, Origin, Result};
use chrono::{Days, NaiveDate};

/// The draw that is over goes by the rules of the file's first one, on days of the demo's past.
const CODE: &str = "demo-drawn";
/// Of the demo's days it is joined from the first on, and so many later its list is closed and its prizes are drawn.
const CLOSED: u64 = 100;
const DRAWN: u64 = 103;
/// So many days before the last one its winners answer.
pub const ANSWERED: u32 = 12;
/// Everybody of this many takes part.
const JOINS: u32 = 3;

/// Adds the draw that will be over.
pub fn drawn_lately(lender: &mut Lender, began: NaiveDate) {
    let Some(mut past) = lender.draws.first().cloned() else {
        return;
    };
    CODE.clone_into(&mut past.code);
    past.from = began;
    past.until = began + Days::new(CLOSED);
    past.draws_on = began + Days::new(DRAWN);
    lender.draws.push(past);
}

/// Somebody takes part in every draw that runs, or in none.
pub async fn joins(cab: &Cabinet, who: BorrowerId, number: u32) -> Result<()> {
    if !number.is_multiple_of(JOINS) {
        return Ok(());
    }
    let from = Origin {
        ip: format!("198.51.{}.{}", number / 250, number % 250 + 1),
        user_agent: "demo".to_owned(),
        device: None,
    };
    for one in draw::list(cab, Some(who), Lang::Ru).await? {
        if one.joinable {
            draw::join(cab, who, &one.code, &one.rules_hash, &from).await?;
        }
    }
    Ok(())
}

/// Winners answer, all but the last; one is told where the prize waits, the others have not heard yet.
pub async fn answers(cab: &Cabinet, by: &Staff, lent: &[(BorrowerId, LoanId)]) -> Result<()> {
    let mut won = Vec::new();
    for (who, _) in lent {
        for one in draw::list(cab, Some(*who), Lang::Ru).await? {
            let mine = one.mine.unwrap_or_default().prizes;
            let open = mine.into_iter().filter(|win| win.state == PrizeState::Won);
            won.extend(open.map(|win| (*who, win)));
        }
    }
    won.pop();
    let mut told = false;
    for (who, win) in won {
        draw::answer(cab, who, &win.id, true).await?;
        if !told && !win.prize.bonuses {
            let place = "Офис на Арбате, с 9 до 18, нужен паспорт";
            draw::staff::ready(cab, by, &win.id, place).await?;
            told = true;
        }
    }
    Ok(())
}
