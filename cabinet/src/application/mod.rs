//! From the calculator to a signed contract: choosing, filing, deciding, reading the offer,
//! signing.

mod choose;
mod decide;
mod draft_text;
pub(crate) mod entity;
mod income;
mod offer;
mod papers;
mod sign;
pub(crate) mod terms;

use chrono::{DateTime, NaiveDate, Utc};
use lending::{Kopecks, Pdn, Quote};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::access::CodeSent;
use crate::ids::{ApplicationId, ContractId, InstrumentId, LoanId};
use crate::lender::{LenderProduct, Text};
use crate::payout::{CardView, PayoutView};
use crate::promotion::UsedOffer;

pub use choose::{
    card_there, card_to_confirm, choice, choose, drafted, email_to_confirm, latest, submit,
};
pub(crate) use choose::{events_of, refusal, way_to};
pub(crate) use decide::resolve_in;
pub use decide::{decide, resolve};
pub(crate) use draft_text::{
    Lines, agreed_schedule_text, psk_lines, schedule_table, schedule_text,
};
pub(crate) use income::recount;
pub use offer::offer;
pub(crate) use offer::{Signing, own, signing_of};
pub(crate) use papers::ask_paper;
pub use papers::{PaperAsked, papers_asked};
pub(crate) use sign::{Document, expire_offers, locked, signed_name, write_signature};
pub use sign::{cancel, prepare, resend_code, sign};

/// What was chosen in the calculator. The price never comes from here: it is quoted anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The product's code in the lender's file.
    pub product: String,
    /// The principal.
    pub amount: Kopecks,
    /// Days for a one-payment product, the number of payments otherwise.
    pub term: u32,
}

/// A draft as its borrower gets it today.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// The product with everything that is open to the borrower.
    pub product: LenderProduct,
    /// The price; none when the choice is not lent any more.
    pub quote: Option<Quote>,
    /// Names of offers that the draft was shown with and that are over.
    pub gone: Vec<Text>,
}

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AppStatus {
    /// Chosen in the calculator, not filed.
    Draft,
    /// Filed by the borrower, waiting for a worker.
    Filed,
    /// The bureau and the fraud base are being asked.
    Checking,
    /// Approved: there is an offer, or what became of it.
    Approved,
    /// Refused by a named rule.
    Refused,
    /// A person has to look.
    Specialist,
    /// The offer was not signed in its five working days.
    Expired,
    /// Given up by the borrower, before signing or within the cooling-off hours.
    Cancelled,
}

/// A rule that refused, and where in the law or in the lender's policy it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code of the rule.
    pub code: String,
    /// The article.
    pub reference: String,
}

/// An application as its borrower sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationView {
    /// Its id.
    pub id: ApplicationId,
    /// The product's code.
    pub product: String,
    /// The product's title.
    pub product_title: String,
    /// The principal asked for.
    pub amount: Kopecks,
    /// Days or payments.
    pub term: u32,
    /// Where it stands.
    pub status: AppStatus,
    /// Every status with its moment, oldest first.
    pub events: Vec<(AppStatus, DateTime<Utc>)>,
    /// The rules that refused.
    pub refusal: Vec<Refusal>,
    /// The first day a new application may be filed, when the rule names one.
    pub available_from: Option<NaiveDate>,
    /// The debt burden computed for the decision.
    pub pdn: Option<Pdn>,
    /// The offered or signed contract.
    pub contract: Option<ContractId>,
    /// The loan it became.
    pub loan: Option<LoanId>,
}

/// Where a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ContractStatus {
    /// Offered, not signed.
    Offered,
    /// Signed; the payout is about to be set going.
    Signed,
    /// Signed; the cooling-off hours are running.
    Cooling,
    /// The money is on its way.
    PayingOut,
    /// The money did not arrive; another card may be chosen.
    PayoutFailed,
    /// The money arrived; there is a loan.
    Issued,
    /// Given up by the borrower.
    Cancelled,
    /// Not signed in time.
    Expired,
}

/// A row of the law's table of individual terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermRow {
    /// "1" … "16", with "5.1" and "8.1".
    pub number: String,
    /// The law's title of the row.
    pub title: String,
    /// What is agreed; «Отсутствует» when nothing is.
    pub text: String,
}

/// The exact text a code was sent for.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// SHA-256 of the text, hexadecimal.
    pub hash: String,
    /// The canonical UTF-8 text.
    pub text: String,
    /// The code bound to the hash.
    pub code: CodeSent,
}

/// An offer, or the contract it became.
#[derive(Debug, Clone)]
pub struct OfferView {
    /// Its id.
    pub id: ContractId,
    /// "2026-000001".
    pub number: String,
    /// Where it stands.
    pub status: ContractStatus,
    /// The price as of today (before signing) or as signed.
    pub quote: Quote,
    /// The law's table, rows 1 to 16 in its order.
    pub rows: Vec<TermRow>,
    /// ПСК in words.
    pub psk_words: String,
    /// ПСК in roubles, in words.
    pub roubles_words: String,
    /// The first-page notice of the cap on what may accrue.
    pub cap_notice: String,
    /// The last day the offer can be signed.
    pub expires_on: NaiveDate,
    /// The product's title.
    pub product_title: String,
    /// The borrower's own cards.
    pub cards: Vec<CardView>,
    /// The card chosen for the payout.
    pub chosen_card: Option<InstrumentId>,
    /// The answer about assignment of the claim; none until the borrower answers.
    pub assignment: Option<bool>,
    /// The debt burden, to warn above 50 %.
    pub pdn: Option<Pdn>,
    /// The frozen text and its live code.
    pub prepared: Option<Prepared>,
    /// Until when the signed contract can be cancelled free and no money leaves.
    pub cooling_until: Option<DateTime<Utc>>,
    /// The last payout.
    pub payout: Option<PayoutView>,
    /// The loan it became.
    pub loan: Option<LoanId>,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// Offers that its terms have, or that ended before the decision.
    pub offers: Vec<UsedOffer>,
}
