//! Offers: promotions of the lender's file, personal ones, and what a repeat client's status gives.
//!
//! An offer makes a product cheaper or larger and nothing else: [`best`] gives the product as one person gets it, and the
//! calculator, the application, the decision and the contract all quote that product by the same function. What an
//! application uses is reserved when it is filed and used when its contract is signed.

mod best;
mod decided;
mod list;
mod notices;
mod past;
mod person;
mod personal;
mod reserve;
pub mod staff;

use chrono::NaiveDate;
use lending::{Kopecks, Psk};

use crate::lender::{ClientStatus, Effect, EndsOn, LenderProduct, PromotionAudience, Text};

pub use best::offered;
use best::{Candidate, Special, best, candidates};
pub use decided::UsedOffer;
pub(crate) use decided::{product_of, recheck, told};
pub use list::{list, status};
pub use past::{Fate, PastOffer, past};
use person::{Person, person};
pub(crate) use personal::earned;
pub use personal::{State, daily};
pub(crate) use reserve::{Priced, gone, priced, release, reserve, see, used};

/// Where an offer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The product itself: its first loan.
    Product,
    /// A promotion of the lender's file.
    Promotion,
    /// An offer to this person.
    Personal,
    /// A status of repeat clients.
    Status,
}

impl Source {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Promotion => "promotion",
            Self::Personal => "personal",
            Self::Status => "status",
        }
    }
}

/// A product as one person is offered it.
#[derive(Debug, Clone)]
pub struct Offered {
    /// With everything that changes it.
    pub product: LenderProduct,
    /// What the reduced rate is called, when an offer gives it.
    pub rate: Option<Text>,
    /// What the raised limit is called.
    pub limit: Option<Text>,
}

/// Whether an offer can be used by whoever looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The calculator counts with it.
    Now,
    /// It could be used, but another one gives a lower rate or a higher limit.
    Outweighed,
    /// An application has it.
    Reserved,
    /// It is for others, or begins later.
    Not,
    /// This person has used it up.
    Over,
    /// All of it is used up.
    Gone,
}

impl Use {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Outweighed => "outweighed",
            Self::Reserved => "reserved",
            Self::Not => "not",
            Self::Over => "over",
            Self::Gone => "gone",
        }
    }
}

/// The same loan with an offer and without it, today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// What is lent.
    pub amount: Kopecks,
    /// Days, or payments.
    pub term: u32,
    /// What is paid back in all.
    pub pays: Kopecks,
    /// What would be without the offer.
    pub instead: Kopecks,
    /// The full cost.
    pub psk: Psk,
    /// The full cost without it.
    pub psk_instead: Psk,
}

/// What an offer changes in one product.
#[derive(Debug, Clone)]
pub struct Change {
    /// The product, with nothing changed.
    pub product: LenderProduct,
    /// What is lent and paid, where the rate is lower.
    pub example: Option<Example>,
}

/// An offer as the page of offers shows it.
#[derive(Debug, Clone)]
pub struct OfferCard {
    /// Where it comes from.
    pub source: Source,
    /// Its code in the lender's file, or its id.
    pub code: String,
    /// Its name.
    pub title: Text,
    /// What it is.
    pub about: Option<Text>,
    /// Who it is for; a personal one is for this person.
    pub audience: Option<PromotionAudience>,
    /// Of the audience `closed`: days after a loan was repaid.
    pub closed_within: Option<u32>,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
    /// What else ends a personal one.
    pub ends_on: Vec<EndsOn>,
    /// For how many loans of a person; none without a bound.
    pub per_person: Option<u32>,
    /// How many loans are left of those it is for; none without a bound.
    pub left: Option<u32>,
    /// What it changes.
    pub effect: Effect,
    /// Where it changes it.
    pub changes: Vec<Change>,
    /// Whether it can be used now.
    pub usable: Use,
}

/// What there is for whoever looks.
#[derive(Debug, Clone, Default)]
pub struct Offers {
    /// To this person.
    pub personal: Vec<OfferCard>,
    /// Running now.
    pub current: Vec<OfferCard>,
    /// Still to come, the nearest first.
    pub future: Vec<OfferCard>,
}

/// Where somebody stands among the statuses of repeat clients.
#[derive(Debug, Clone)]
pub struct StatusView {
    /// All of them, the lowest first.
    pub all: Vec<ClientStatus>,
    /// The one that is held; its index in `all`.
    pub held: Option<usize>,
    /// Loans repaid without a day of delay.
    pub repaid_on_time: u32,
    /// Loans that are still missing to the next one; none at the highest.
    pub missing: Option<u32>,
    /// A payment is late: what the status gives waits until it is made.
    pub late: bool,
}
