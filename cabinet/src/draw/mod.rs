//! Prize draws: who takes part, tickets, a seed that is promised before and shown after, and the prizes.
//!
//! A draw is `open` while people join it and their loans bring tickets, `closed` once its list of tickets stands, `drawn`
//! once the seed is shown and the prizes have winners. Each step is one transaction that asks first whether it is
//! already done, so two processes may do the daily work at once, and one that dies is finished by the next. How winners
//! follow from the seed and the list is [`pick`]; docs/draws.md tells it to everybody.

mod barred;
mod daily;
mod part;
pub mod pick;
mod prize;
mod public;
mod record;
pub mod staff;
mod stored;
mod terms;
mod tickets;
mod view;

use chrono::{DateTime, NaiveDate, Utc};

use crate::codes::codes;

pub use daily::daily;
pub use part::{join, leave};
pub use prize::answer;
pub use public::{PublicDraw, PublicPrize, PublicWin, verify};
pub use record::{Record, records};
pub use terms::{PrizeTerms, Terms};
pub use tickets::Ticket;
pub use view::{Brief, brief, list, public};

codes! {
    /// Where a draw stands.
    DrawState {
        /// It is announced; nobody can take part yet.
        Ahead = "ahead",
        /// People take part.
        Open = "open",
        /// The list of tickets stands, the prizes are not drawn yet.
        Closed = "closed",
        /// The prizes have winners.
        Drawn = "drawn",
    }
}

codes! {
    /// Where a prize stands.
    PrizeState {
        /// Its winner has not answered yet.
        Won = "won",
        /// The winner wants it.
        Accepted = "accepted",
        /// Somebody has handed it over; a second person has not agreed yet.
        Handing = "handing",
        /// The winner has it.
        Handed = "handed",
        /// The winner declined or did not answer: it went to the next ticket.
        Lapsed = "lapsed",
    }
}

/// A draw as its page shows it.
#[derive(Debug, Clone)]
pub struct DrawView {
    /// Its code.
    pub code: String,
    /// What it goes by.
    pub terms: Terms,
    /// Where it stands.
    pub state: DrawState,
    /// People can join or leave it now.
    pub joinable: bool,
    /// The rules in the reader's language, a line each.
    pub rules: String,
    /// SHA-256 of these rules: what is agreed to.
    pub rules_hash: String,
    /// SHA-256 of the seed; none of one ahead.
    pub commitment: Option<String>,
    /// When it was published.
    pub opened_at: Option<DateTime<Utc>>,
    /// How many tickets stand in the closed list.
    pub tickets: usize,
    /// SHA-256 of the closed list.
    pub list_hash: Option<String>,
    /// The seed, once the prizes are drawn.
    pub seed: Option<String>,
    /// Who won, in the order of drawing.
    pub results: Vec<PublicWin>,
    /// The reader's own part in it; none of a stranger.
    pub mine: Option<Mine>,
}

/// Somebody's part in a draw.
#[derive(Debug, Clone, Default)]
pub struct Mine {
    /// They take part.
    pub joined: bool,
    /// They are of the lender's own people, who never do.
    pub barred: bool,
    /// Their tickets: in the closed list of those who took part, so far of others.
    pub tickets: Vec<Ticket>,
    /// What they won, the newest first.
    pub prizes: Vec<MyPrize>,
}

/// A prize somebody won.
#[derive(Debug, Clone)]
pub struct MyPrize {
    /// Its id.
    pub id: String,
    /// Which prize.
    pub prize: PrizeTerms,
    /// The ticket that won it.
    pub ticket: String,
    /// Where it stands.
    pub state: PrizeState,
    /// Of a lapsed one: `declined`, `silent`.
    pub why: Option<String>,
    /// The last day to answer.
    pub answer_by: NaiveDate,
    /// Where it waits, and until the end of which day; none until the staff have said so.
    pub waits: Option<(String, NaiveDate)>,
}
