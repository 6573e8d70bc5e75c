//! Signing in: by a code, by a password, by both.

use locales::Lang;

use super::budget::{self, Asker, asker};
use super::challenge::{self, Form};
use super::codes::{
    Code, NewCode, Purpose, Reason, Try, create, phone_index, read, take_try, typed_digits,
};
use super::visit::{self, Entering};
use super::ways::{self, Password};
use super::{CodeSent, Entered, Origin, Solved, identity, register};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, CodeId, RequestId};
use crate::lender::AccessMethod;
use crate::values::{Email, Phone};

/// How a code ended that was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Somebody came in.
    In(Entered),
    /// The number has a cabinet already: registration ends here, its owner may sign in or restore
    /// the password.
    InUse,
    /// The number has no cabinet: there is no password to restore.
    NoCabinet,
    /// The person has a cabinet under another number: registration ends here, nothing was made.
    PersonExists,
    /// The code was for a number that is to take another's place: the request has begun.
    Requested(RequestId),
}

/// How signing in by a password goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// A known device: that is all.
    In(Entered),
    /// A new device: a code has gone to the owner's phone.
    Code(CodeSent),
}

/// The phone of a form; `Fields("phone")` with `required` or `phone`.
pub(super) fn typed_phone(text: &str) -> Result<Phone> {
    match (text.trim(), Phone::parse(text)) {
        ("", _) => Err(CabinetError::field("phone", "required")),
        (_, None) => Err(CabinetError::field("phone", "phone")),
        (_, Some(phone)) => Ok(phone),
    }
}

/// Sends a code for signing in. Nothing here asks whether the phone is known: the work, the time
/// and the answer are the same. Refuses with `Fields("phone")`, `Forbidden("challenge")` or
/// `TooMany` (`code_resend`, `code_phone_day`, `code_address_hour`, `code_range_hour`,
/// `code_total_hour`).
pub async fn request_code(
    cab: &Cabinet,
    phone_text: &str,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<CodeSent> {
    let phone = typed_phone(phone_text)?;
    send(cab, phone, Reason::SignIn, Form::Code, origin, lang, solved).await
}

/// Sends a code that begins something, within everybody's budgets.
pub(super) async fn send(
    cab: &Cabinet,
    phone: Phone,
    reason: Reason,
    form: Form,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<CodeSent> {
    let challenged = challenge::challenged(cab, form, origin).await?;
    let answered = challenge::check(cab, form, origin, solved).await?;
    let (cabinet, origin) = (cab.clone(), origin.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let asker = asker(tx, &cabinet, &phone, &origin).await?;
                budget::one_code(tx, &cabinet, &phone, &asker, challenged, answered.as_ref())
                    .await?;
                create(tx, &cabinet, new_code(None, &phone, reason, lang)).await
            })
        })
        .await
}

/// Sends a code to a number that is to take another's place, within everybody's budgets.
pub(crate) async fn send_to_new_phone(
    cab: &Cabinet,
    phone: Phone,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<CodeSent> {
    let (reason, form) = (Reason::NewPhone, Form::Restore);
    send(cab, phone, reason, form, origin, lang, solved).await
}

pub(super) fn new_code(
    borrower: Option<BorrowerId>,
    phone: &Phone,
    reason: Reason,
    lang: Lang,
) -> NewCode<'_> {
    NewCode {
        borrower,
        phone,
        purpose: Purpose::SignIn,
        object: reason.object(),
        object_hash: "",
        lang,
        text: None,
    }
}

/// Sends a fresh code for the same thing; the old one stops working. Tries are fresh too, but the
/// daily number of codes bounds them all.
pub async fn resend(cab: &Cabinet, code: CodeId, origin: &Origin, lang: Lang) -> Result<CodeSent> {
    let (cabinet, origin) = (cab.clone(), origin.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let old = read(tx, code).await?.ok_or(CabinetError::NotFound)?;
                if old.is_used() {
                    return Err(CabinetError::Conflict("code_used"));
                }
                let phone = old.phone(&cabinet)?;
                let asker = asker(tx, &cabinet, &phone, &origin).await?;
                budget::one_code(tx, &cabinet, &phone, &asker, false, None).await?;
                let text = match old.reason() {
                    Some(Reason::Register) => register::text(tx, &cabinet, &phone).await?,
                    _ => None,
                };
                let new = NewCode {
                    borrower: old.borrower,
                    phone: &phone,
                    purpose: old.purpose,
                    object: &old.object,
                    object_hash: &old.object_hash,
                    lang,
                    text,
                };
                let sent = create(tx, &cabinet, new).await?;
                register::move_to(tx, &cabinet, code, sent.code).await?;
                crate::request::move_to(tx, code, sent.code).await?;
                identity::move_to(tx, code, sent.code).await?;
                Ok(sent)
            })
        })
        .await
}

/// Tries the digits of a code that was asked for to get in. Refuses with `Fields("code")`:
/// `code_format`, `code_wrong` (with `left`), `code_expired`, `code_used_up`; with `TooMany`:
/// `code_guesses`, `failures_total_hour`.
pub async fn verify(cab: &Cabinet, code: CodeId, typed: &str, origin: &Origin) -> Result<Verified> {
    let digits = typed_digits(typed)?;
    let (cabinet, origin) = (cab.clone(), origin.clone());
    let tried = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let found = read(tx, code).await?;
                let row = found.ok_or(CabinetError::NotFound)?;
                let reason = row.reason().filter(|reason| *reason != Reason::Confirm);
                let reason = reason.ok_or(CabinetError::NotFound)?;
                let asker = asker(tx, &cabinet, &row.phone(&cabinet)?, &origin).await?;
                budget::may_guess(tx, &cabinet, &asker).await?;
                match take_try(tx, &cabinet, &row, &digits).await? {
                    // Committed, so that the try stays taken.
                    Try::Wrong(error) => wrong(tx, &cabinet, &asker, error).await.map(Err),
                    Try::Right => {
                        spend(tx, &cabinet, code).await?;
                        let (row, origin) = (&row, &origin);
                        pass(tx, &cabinet, row, reason, &asker, origin)
                            .await
                            .map(Ok)
                    }
                }
            })
        })
        .await?;
    tried.map_err(|error| CabinetError::Fields(vec![error]))
}

async fn wrong(tx: &Tx, cab: &Cabinet, asker: &Asker, error: FieldError) -> Result<FieldError> {
    budget::failed(tx, cab, asker).await?;
    Ok(error)
}

async fn spend(tx: &Tx, cab: &Cabinet, code: CodeId) -> Result<()> {
    let statement = "UPDATE code SET used_at = $1 WHERE id = $2 AND used_at IS NULL";
    let spent = sql::execute(tx, statement, vec![cab.now_ms().into(), code.into()]).await?;
    if spent == 1 {
        Ok(())
    } else {
        Err(CabinetError::field("code", "code_used_up"))
    }
}

/// What a right code opens.
async fn pass(
    tx: &Tx,
    cab: &Cabinet,
    code: &Code,
    reason: Reason,
    asker: &Asker,
    origin: &Origin,
) -> Result<Verified> {
    let phone = code.phone(cab)?;
    let known = borrower_of(tx, cab, &phone).await?;
    let (borrower, how) = match (reason, known) {
        (Reason::Register, Some(_)) => return Ok(Verified::InUse),
        (Reason::Register, None) => {
            return register::finish(tx, cab, code, &phone, origin).await;
        }
        (Reason::Restore, None) => return Ok(Verified::NoCabinet),
        (Reason::NewPhone, _) => {
            let begun = crate::request::confirmed(tx, cab, code.id).await?;
            return Ok(Verified::Requested(begun));
        }
        (Reason::Device, _) => {
            let borrower = code.borrower.ok_or(CabinetError::NotFound)?;
            let password = ways::password(tx, cab, borrower).await?;
            let must_change = password.is_none_or(|password| password.temporary);
            (borrower, entering(false, true, must_change))
        }
        (Reason::Account, _) => {
            let borrower = code.borrower.ok_or(CabinetError::NotFound)?;
            (borrower, identity::by_account(cab, &code.object_hash))
        }
        (Reason::Identity, known) => {
            return identity::finish(tx, cab, code, (&phone, known), origin)
                .await
                .map(Verified::In);
        }
        (Reason::Restore, Some(borrower)) => (borrower, entering(false, asker.known, true)),
        (_, Some(borrower)) => {
            let must_change = visit::lacks_password(tx, cab, borrower).await?;
            (borrower, entering(false, false, must_change))
        }
        (_, None) => {
            let borrower = make_borrower(tx, cab, &phone, code.lang).await?;
            let must_change = visit::lacks_password(tx, cab, borrower).await?;
            (borrower, entering(true, false, must_change))
        }
    };
    visit::enter(tx, cab, borrower, origin, how)
        .await
        .map(Verified::In)
}

const fn entering(fresh: bool, proved: bool, must_change: bool) -> Entering {
    Entering {
        fresh,
        proved,
        must_change,
    }
}

/// The borrower of a phone.
pub(super) async fn borrower_of(
    tx: &Tx,
    cab: &Cabinet,
    phone: &Phone,
) -> Result<Option<BorrowerId>> {
    let row = sql::one(
        tx,
        "SELECT id FROM borrower WHERE phone_index = $1",
        vec![phone_index(cab, phone).into()],
    )
    .await?;
    row.map(|row| {
        let id: String = sql::get(&row, "id")?;
        id.parse().map_err(CabinetError::internal)
    })
    .transpose()
}

/// A cabinet for a phone that has none. Two at once get the same one.
pub(crate) async fn make_borrower(
    tx: &Tx,
    cab: &Cabinet,
    phone: &Phone,
    lang: Lang,
) -> Result<BorrowerId> {
    let id = cab.fresh_id().to_string();
    let sealed = cab
        .keys()
        .encrypt("borrower", "phone", &id, phone.digits())?;
    sql::execute(
        tx,
        "INSERT INTO borrower (id, phone, phone_index, lang, created_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (phone_index) DO NOTHING",
        vec![
            id.into(),
            sealed.into(),
            phone_index(cab, phone).into(),
            lang.code().into(),
            cab.now_ms().into(),
        ],
    )
    .await?;
    borrower_of(tx, cab, phone)
        .await?
        .ok_or_else(|| CabinetError::internal("a borrower vanished"))
}

/// Whose password is tried: the login, the counters it is under, and what is stored.
struct Account {
    /// The keyed hash of the login, whoever has it.
    login: String,
    /// The counter of wrong passwords: of the login, and of a device that it trusts apart.
    subject: String,
    /// What was found.
    found: Option<(BorrowerId, Password)>,
    /// Whether the device is one its owner has proved themselves on.
    known_device: bool,
}

/// Signs in by a phone or an e-mail address, as the lender's file says, and a password. A wrong
/// login and a wrong password get one answer after one amount of work: `Fields("password")` with
/// `login_wrong`. Refuses besides with `Forbidden("challenge")` and `TooMany("password_day")`;
/// `NotFound` where nobody has a password.
pub async fn by_password(
    cab: &Cabinet,
    login: &str,
    password: &str,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<Begun> {
    let account = account(cab, login, password, origin).await?;
    let challenged = challenge::challenged(cab, Form::Password, origin).await?
        | challenge::account_challenged(cab, &account.login).await?;
    budget::may_try_password(cab.db().read(), cab, &account.subject).await?;
    let answered = challenge::check(cab, Form::Password, origin, solved).await?;
    if challenged && !account.known_device && answered.is_none() {
        return Err(CabinetError::Forbidden("challenge"));
    }
    budget::take_password_try(cab, &account.subject).await?;
    let stored = account.found.as_ref().map(|(_, stored)| &*stored.hash);
    let right = cab.hasher().matches(password, stored).await?;
    let (cabinet, origin) = (cab.clone(), origin.clone());
    let begun = cab.db().write(move |tx| {
        Box::pin(async move {
            if let Some(answered) = &answered {
                challenge::spend(tx, Some(answered)).await?;
            }
            let asker = Asker {
                address: budget::address_index(&cabinet, &origin),
                known: account.known_device,
            };
            budget::may_guess(tx, &cabinet, &asker).await?;
            match account.found {
                Some((borrower, stored)) if right => {
                    let known = account.known_device;
                    budget::right_password(tx, &account.subject).await?;
                    begin(tx, &cabinet, borrower, &stored, known, &origin, lang)
                        .await
                        .map(Ok)
                }
                _ => {
                    budget::failed(tx, &cabinet, &asker).await?;
                    budget::wrong_password(tx, &cabinet, &account.login).await?;
                    Ok(Err(CabinetError::field("password", "login_wrong")))
                }
            }
        })
    });
    begun.await?
}

/// Finds the account of a login; the questions are the same for one that nobody has.
async fn account(cab: &Cabinet, login: &str, password: &str, origin: &Origin) -> Result<Account> {
    let by_phone = cab.lender().access.method == AccessMethod::PhonePassword;
    let by_email = cab.lender().access.method == AccessMethod::EmailPassword;
    if !by_phone && !by_email {
        return Err(CabinetError::NotFound);
    }
    let (index, (borrower, stored)) = if by_phone {
        let index = phone_index(cab, &typed_phone(login)?);
        let found = ways::account_of_phone(cab, &index).await?;
        (index, found)
    } else {
        let email = typed_email(login)?;
        let index = ways::email_index(cab, &email);
        let found = ways::account_of_email(cab, &index).await?;
        (index, found)
    };
    if password.is_empty() {
        return Err(CabinetError::field("password", "required"));
    }
    if password.chars().count() > super::password::LONGEST {
        return Err(CabinetError::field("password", "login_wrong"));
    }
    let known_device = visit::trusted(cab.db().read(), cab, borrower, origin).await?;
    let subject = if known_device {
        format!("{index}:{}", super::device_index(cab, origin))
    } else {
        index.clone()
    };
    let stored = stored.filter(|stored| stored.lives(cab));
    Ok(Account {
        login: index,
        subject,
        found: borrower.zip(stored),
        known_device,
    })
}

/// The address of a form; `Fields("email")` with `required` or `email`.
pub(super) fn typed_email(text: &str) -> Result<Email> {
    match (text.trim(), Email::parse(text)) {
        ("", _) => Err(CabinetError::field("email", "required")),
        (_, None) => Err(CabinetError::field("email", "email")),
        (_, Some(email)) => Ok(email),
    }
}

/// The password was right: in from a known device, a code for a new one.
async fn begin(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    stored: &Password,
    known_device: bool,
    origin: &Origin,
    lang: Lang,
) -> Result<Begun> {
    if known_device {
        let how = entering(false, true, stored.temporary);
        let entered = visit::enter(tx, cab, borrower, origin, how).await?;
        return Ok(Begun::In(entered));
    }
    let phone = super::contact(cab, tx, borrower).await?.phone;
    let new = new_code(Some(borrower), &phone, Reason::Device, lang);
    create(tx, cab, new).await.map(Begun::Code)
}
