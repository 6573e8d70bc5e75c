//! Services beside a loan: switched off for everybody until they switch one on, and off again as easily.
//!
//! A free one acts at once; a paid one once its price has come, by a payment of its own that repays no debt. A refused
//! one gives back what was not used of it (353-ФЗ art. 7 p. 2.5–2.9): the clock and the sum are [`lending::PaidService`]'s.
//! Each press is an application in words, kept for good in the ledger of consents.

mod back;
mod list;
mod stored;
mod switch;
mod text;

use chrono::{DateTime, NaiveDate, Utc};
use lending::{Kopecks, ServiceCost};

use crate::ids::PaymentId;
use crate::lender::{ServiceKind, Text};
use crate::refund::RefundStatus;

pub(crate) use back::{again, returned};
pub(crate) use list::word;
pub use list::{Word, view, words};
pub(crate) use stored::informs;
pub(crate) use switch::{bought, pays};
pub use switch::{switch_off, switch_on};

/// The catalogue for a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Services {
    /// The contract's number.
    pub number: String,
    /// What may be switched on with this loan, in the order of the lender's file, and what was.
    pub list: Vec<ServiceView>,
}

/// A service of the catalogue, and how it stands with a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceView {
    /// Its stable name.
    pub code: String,
    /// What it is.
    pub kind: ServiceKind,
    /// The name people see.
    pub title: Text,
    /// What it gives.
    pub about: Text,
    /// Who renders it, unless the lender does.
    pub by: Option<String>,
    /// What it costs; zero when free.
    pub price: Kopecks,
    /// What that does to the full cost; none of a free one.
    pub cost: Option<ServiceCost>,
    /// Why it can't be switched on now; nothing when it can.
    pub refused: Option<Refused>,
    /// The last time it was switched on.
    pub last: Option<Last>,
}

/// Why a service can't be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The full cost would pass the law's limit (353-ФЗ art. 6 p. 11).
    FullCost,
    /// Interest, penalties and services together would pass what may be charged (art. 5 p. 24).
    Accrual,
    /// The loan is repaid.
    Closed,
    /// The loan's last day is here or past: nothing is left to use it in.
    Late,
    /// The price can't be paid here.
    Outside,
}

impl Refused {
    /// The stable code, that of the conflict too.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FullCost => "service_full_cost",
            Self::Accrual => "service_accrual",
            Self::Closed => "loan_closed",
            Self::Late => "service_late",
            Self::Outside => "pay_outside",
        }
    }
}

/// Where a service stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceStatus {
    /// Asked for; its price has not come.
    Asked,
    /// On.
    On,
    /// Off, and nothing was paid for it.
    Off,
    /// Refused in time: money is owed for it.
    Returning,
    /// The money went back.
    Returned,
    /// Off, and nothing goes back: too late, or used up.
    Ended,
}

impl ServiceStatus {
    const ALL: [Self; 6] = [
        Self::Asked,
        Self::On,
        Self::Off,
        Self::Returning,
        Self::Returned,
        Self::Ended,
    ];

    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::On => "on",
            Self::Off => "off",
            Self::Returning => "returning",
            Self::Returned => "returned",
            Self::Ended => "ended",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// A service that was switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// Where it stands.
    pub status: ServiceStatus,
    /// What was paid for it, or is to be.
    pub price: Kopecks,
    /// The payment of its price.
    pub payment: Option<PaymentId>,
    /// The day it began to act.
    pub on: Option<NaiveDate>,
    /// The last day on which refusing it gives money back.
    pub last_day: Option<NaiveDate>,
    /// What refusing it today would give back; nothing when no money would come.
    pub would_return: Option<Kopecks>,
    /// What goes or went back, and what was kept for the days that were used.
    pub back: Option<Back>,
    /// When it was switched off.
    pub off_at: Option<DateTime<Utc>>,
}

/// Money that goes back for a refused service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// How much.
    pub sum: Kopecks,
    /// Kept for what was used.
    pub kept: Kopecks,
    /// The last day to pay it.
    pub pay_by: NaiveDate,
    /// Where the money is.
    pub status: Option<RefundStatus>,
}
