//! Getting in: codes by SMS, passwords, second proofs, sign-ins and their ends.
//!
//! A code has six digits, lives five minutes and allows three tries; a phone gets at most five a
//! day to come in with, and five more only its owner, from inside, to sign with. A known and an unknown phone get the same answer after the same work.
//!
//! What a lender's file calls the method says how a person begins. Whatever it is, a device never
//! seen before gets a code, and a code alone opens nothing of worth there until a second proof is
//! given ([`prove`]): the password, or the tail of the passport's number.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;

use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, CodeId};
use crate::values::Phone;
use crate::{Cabinet, Lang, moment};

mod budget;
mod challenge;
pub mod codes;
mod email;
mod identity;
mod link;
mod notices;
mod passkey;
mod password;
mod picture;
mod proof;
mod purpose;
mod register;
mod restore;
mod sign_in;
mod visit;
mod ways;
mod whose;

pub use budget::PASSWORD_FAILURES_A_DAY;
pub use challenge::{Challenge, Form, Solved, challenge, challenged, solve};
pub use codes::Purpose;
pub(crate) use email::offer as offer_email;
pub use email::{
    EMAIL_LETTERS_A_DAY, again as email_again, confirm_email, is_other as is_other_email,
};
pub use identity::{
    Arrival, Arrived, Claim, claim, identity_answers, identity_arrive, identity_link,
    identity_offers, identity_phone, identity_start, identity_unsay,
};
pub use passkey::{
    Ceremony, RelyingParty, passkey_add, passkey_asked, passkey_confirm, passkey_new,
    passkey_prove, passkey_rename, passkey_sign_in,
};
pub use password::Hasher;
pub(crate) use password::complaint as password_complaint;
pub use proof::{
    Proof, Proofs, TAIL_DIGITS, TAIL_TRIES_A_DAY, ask_confirmation, confirm, proofs, prove,
};
pub use register::{Typed as Registration, register};
pub use restore::{LinkState, first_password, link_state, restore, set_password, use_link};
pub use sign_in::{Begun, Verified, by_password, request_code, resend, verify};
pub(crate) use sign_in::{make_borrower as cabinet_of_phone, send_to_new_phone};
pub(crate) use visit::end_all;
pub use visit::{
    Entered, SignInView, Standing, end_others, end_sign_in, leave, prove_by_answers,
    renews_password, sign_ins, standing, sweep,
};
pub use ways::{Way, WayKind, remove_way, ways};
pub(crate) use ways::{confirmed_email, has_strong_way};
pub use whose::{Unread, Whose, WhoseRead, session_and_whose, whose};

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The network address.
    pub ip: String,
    /// The browser, as it names itself.
    pub user_agent: String,
    /// The cookie of its device, when it has one.
    pub device: Option<String>,
}

/// The keyed hash of a device's cookie. A browser without one is a device nobody has.
fn device_index(cab: &Cabinet, origin: &Origin) -> String {
    let token = origin.device.as_deref().unwrap_or_default();
    cab.keys().blind_index("device", token)
}

/// A code on its way to the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSent {
    /// The code's own name, for the page that asks for the digits.
    pub code: CodeId,
    /// Where it went, as a page may show it.
    pub phone_masked: String,
    /// When another may be asked for.
    pub resend_at: DateTime<Utc>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
    /// Tries left; 0 when it can't be used any more, whatever the reason.
    pub tries_left: u32,
}

/// A person with a cabinet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BorrowerView {
    /// Who.
    pub id: BorrowerId,
    /// The phone, as a page may show it.
    pub phone_masked: String,
    /// Name and patronymic, once they are known.
    pub name: Option<String>,
    /// The language of messages.
    pub lang: Lang,
    /// The first sign-in.
    pub created_at: DateTime<Utc>,
}

/// How to reach a borrower.
#[derive(Clone)]
pub(crate) struct Contact {
    /// The phone.
    pub phone: Phone,
    /// The language of messages.
    pub lang: Lang,
}

/// The state of a code, for the page that asks for its digits.
pub async fn code_state(cab: &Cabinet, code: CodeId) -> Result<CodeSent> {
    codes::read(cab.db().read(), code)
        .await?
        .ok_or(CabinetError::NotFound)?
        .sent(cab)
}

/// A borrower, or `Unauthenticated` when there is no such one: only a session names borrowers.
pub async fn borrower(cab: &Cabinet, id: BorrowerId) -> Result<BorrowerView> {
    let row = sql::one(
        cab.db().read(),
        "SELECT phone, lang, created_at FROM borrower WHERE id = $1",
        vec![id.into()],
    )
    .await?
    .ok_or(CabinetError::Unauthenticated)?;
    Ok(BorrowerView {
        id,
        phone_masked: open_phone(cab, id, &sql::get::<String>(&row, "phone")?)?.masked(),
        name: crate::profile::known_name(cab, id).await?,
        lang: Lang::from_code(&sql::get::<String>(&row, "lang")?),
        created_at: moment(sql::get(&row, "created_at")?)?,
    })
}

/// The phone and the language of a borrower.
pub(crate) async fn contact(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<Contact> {
    let statement = "SELECT phone, lang FROM borrower WHERE id = $1";
    let row = sql::one(conn, statement, vec![borrower.into()])
        .await?
        .ok_or(CabinetError::NotFound)?;
    Ok(Contact {
        phone: open_phone(cab, borrower, &sql::get::<String>(&row, "phone")?)?,
        lang: Lang::from_code(&sql::get::<String>(&row, "lang")?),
    })
}

fn open_phone(cab: &Cabinet, borrower: BorrowerId, sealed: &str) -> Result<Phone> {
    let text = cab
        .keys()
        .decrypt("borrower", "phone", &borrower.to_string(), sealed)?;
    Phone::parse(&text).ok_or_else(|| CabinetError::internal("a stored phone is no phone"))
}
