//! What the lender gives up of a loan: debt that is written off (art. 415 of the Civil Code), a rate that is lowered
//! (353-ФЗ, art. 5 p. 16). One of the staff asks with a cause from the list, a note and what proves it; another one
//! agrees, and it happens in that transaction. Nobody agrees to what they asked for; the table of the database
//! refuses it as well.

mod ask;
mod carry;
mod decide;
mod read;

use chrono::{DateTime, Utc};
use lending::{Debt, Kopecks, LoanState, Rate, RateCutQuote};

use crate::codes::codes;
use crate::ids::{AdjustmentId, BorrowerId, LoanId, StaffId};

pub use ask::{Reason, may_ask, propose, withdraw};
pub(crate) use carry::settled;
pub use decide::{approve, refuse};
pub(crate) use read::of_borrower;
pub use read::{one, waiting};

codes! {
    /// What is given up.
    Kind {
        /// Debt.
        WriteOff = "write_off",
        /// A part of the rate.
        RateCut = "rate_cut",
    }
}

codes! {
    /// Why.
    Cause {
        /// The borrower died.
        Death = "death",
        /// The borrower is bankrupt.
        Bankruptcy = "bankruptcy",
        /// A court has decided so.
        Court = "court",
        /// The limitation period is over.
        Limitation = "limitation",
        /// Goodwill: the lender helps.
        Goodwill = "goodwill",
        /// The lender was wrong.
        OurError = "our_error",
    }
}

codes! {
    /// How it ended.
    Outcome {
        /// It was done.
        Approved = "approved",
        /// It was not.
        Refused = "refused",
        /// Whoever asked for it thought better of it.
        Withdrawn = "withdrawn",
    }
}

impl Cause {
    /// Whether a paper has to be named that proves it.
    pub const fn needs_evidence(self) -> bool {
        !matches!(self, Self::Goodwill | Self::OurError)
    }

    /// Whether it can be why a rate is lowered. The others end a debt.
    pub const fn lowers_rate(self) -> bool {
        matches!(self, Self::Court | Self::Goodwill | Self::OurError)
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// All that is owed on the day it is agreed to.
    WholeDebt,
    /// So much of each claim.
    Debt(Debt),
    /// The rate from the day after it is agreed to, in millionths of the product's measure: a day or a year.
    Rate(u32),
}

impl Change {
    /// Its kind.
    pub const fn kind(self) -> Kind {
        match self {
            Self::WholeDebt | Self::Debt(_) => Kind::WriteOff,
            Self::Rate(_) => Kind::RateCut,
        }
    }
}

/// A request of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Its id.
    pub id: AdjustmentId,
    /// Of which loan.
    pub loan: LoanId,
    /// The contract's number.
    pub number: String,
    /// Whose.
    pub borrower: BorrowerId,
    /// What is asked for.
    pub change: Change,
    /// Why.
    pub cause: Cause,
    /// The same in words.
    pub note: String,
    /// The paper that proves it; may be empty.
    pub evidence: String,
    /// Who asked.
    pub asked_by: StaffId,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Who decided, and when.
    pub decided: Option<(StaffId, DateTime<Utc>)>,
    /// How it ended; none while it waits.
    pub outcome: Option<Outcome>,
    /// Why it was refused; may be empty.
    pub answer: String,
    /// It waits for longer than it should.
    pub late: bool,
}

/// What a request would do today.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Debt goes.
    Debt {
        /// What of each claim.
        debt: Debt,
        /// The loan after it.
        after: Box<LoanState>,
    },
    /// The rate goes down.
    Rate(Box<RateCutQuote>),
    /// It can't be done any more: the code of the refusal that whoever agrees would get.
    Refused(&'static str),
}

impl Effect {
    /// What the lender gives up by it.
    pub fn sum(&self) -> Kopecks {
        match self {
            Self::Debt { debt, .. } => debt.total(),
            Self::Rate(quote) => quote.saved,
            Self::Refused(_) => Kopecks::ZERO,
        }
    }
}

/// A request with the loan it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The request.
    pub adjustment: Adjustment,
    /// The loan today.
    pub state: LoanState,
    /// The highest rate that may still run; none of a product whose price is no rate.
    pub rate: Option<Rate>,
    /// What agreeing would do; none when it is over.
    pub effect: Option<Effect>,
}
