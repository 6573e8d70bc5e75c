//! Documents: the legal texts, the signed objects exactly as they were signed, the closing
//! certificate; all of them as files, in one list, and confirmed to whoever holds one.

mod certificate;
mod draft;
pub mod export;
mod file;
mod kept;
mod kind;
mod legal;
mod letter;
mod list;
mod lowered;
mod money;
mod paper;
pub(crate) mod phrase;
mod public;
mod source;
mod verify;
mod view;

use chrono::{DateTime, NaiveDate, Utc};
use lending::{Kopecks, Psk};
use sha2::{Digest, Sha256};

use crate::ids::{ContractId, LoanId};

pub use certificate::certificate;
pub use file::{Asked, File, bytes_hash, file, issue};
pub(crate) use file::{keep_application, keep_rate_cut};
pub(crate) use kept::keep as keep_legal;
pub use kind::DocumentKind;
pub use legal::*;
pub use list::{Listed, list};
pub use paper::{Block, Facts, Fingerprint, Labels, Paper, Seal};
pub use public::{PublicKind, public};
pub use verify::{Verified, cleaned, verify, verify_hash};
pub use view::view;
pub(crate) use view::{agreements, links};

/// Whose document is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentOf {
    /// A loan's.
    Loan(LoanId),
    /// A contract's, before or after it became a loan.
    Contract(ContractId),
}

impl From<LoanId> for DocumentOf {
    fn from(id: LoanId) -> Self {
        Self::Loan(id)
    }
}

impl From<ContractId> for DocumentOf {
    fn from(id: ContractId) -> Self {
        Self::Contract(id)
    }
}

/// A document exactly as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentView {
    /// Its title.
    pub title: String,
    /// The contract's number.
    pub number: String,
    /// The canonical UTF-8 text, lines ended by LF.
    pub text: String,
    /// SHA-256 of the text, hexadecimal.
    pub hash: String,
    /// When it was signed; none for a document that needs no signature.
    pub signed_at: Option<DateTime<Utc>>,
    /// ПСК of the document, for the two frames.
    pub psk: Option<Psk>,
    /// Its file: the kind and what it is about, as in an address.
    pub file: String,
}

/// The certificate that a loan is repaid in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its own number.
    pub number: String,
    /// The contract's number.
    pub loan_number: String,
    /// The borrower's full name.
    pub name: String,
    /// The day it was made.
    pub issued_on: NaiveDate,
    /// The day the loan was issued.
    pub lent_on: NaiveDate,
    /// The day the loan closed.
    pub closed_on: NaiveDate,
    /// The principal.
    pub amount: Kopecks,
    /// Everything that was paid on the loan.
    pub paid_total: Kopecks,
    /// What the lender wrote off, and so nobody paid.
    pub written_off: Kopecks,
    /// The lender's legal name.
    pub lender: String,
    /// Its number in the state register.
    pub registry_number: String,
    /// Its taxpayer number.
    pub lender_inn: String,
    /// Its address.
    pub lender_address: String,
    /// The canonical UTF-8 text.
    pub text: String,
    /// SHA-256 of the text.
    pub hash: String,
}

/// SHA-256 of a canonical text, hexadecimal: what is printed on the document and stored beside the
/// signature.
pub fn text_hash(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
