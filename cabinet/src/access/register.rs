//! Registering by a form: a password waits, hashed, and what was typed of the person, sealed, for the code
//! to be typed.
//!
//! A number that is in use gets the same answer after the same work; its owner reads in the SMS that
//! the cabinet exists, and the page says so once the code is typed.

use locales::Lang;

use super::budget::{self, asker};
use super::challenge::{self, Form};
use super::codes::{Code, NewCode, Reason, create};
use super::sign_in::{borrower_of, make_borrower, new_code, typed_email, typed_phone};
use super::visit::{self, Entering};
use super::{CodeSent, Origin, Solved, Verified, email, password, ways};
use crate::db::{Tx, sql};
use crate::document::LegalKind;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::CodeId;
use crate::profile::Values;
use crate::values::{Email, Phone};
use crate::{Cabinet, person, profile};

const LIFE_MS: i64 = 30 * 60_000;

/// What is typed to register.
#[derive(Clone)]
pub struct Typed<'a> {
    /// The phone.
    pub phone: &'a str,
    /// The e-mail address; may be empty.
    pub email: &'a str,
    /// The password.
    pub password: &'a str,
    /// The password once more, where the lender asks for it.
    pub repeat: &'a str,
    /// Whether the consent to the processing of personal data was ticked.
    pub consent: bool,
    /// What the lender asks for of the person before the code; other fields are dropped.
    pub answers: &'a Values,
}

/// Sends the code that ends a registration. Refuses with `Fields` of `phone`, `email`, `password`,
/// `repeat`, `consent` and of the person, all of them at once; with `Forbidden("challenge")` and
/// `TooMany` like a code; `NotFound` where there is no such form.
pub async fn register(
    cab: &Cabinet,
    typed: Typed<'_>,
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<CodeSent> {
    if !cab.lender().has_registration() {
        return Err(CabinetError::NotFound);
    }
    let (phone, email) = checked(cab, &typed)?;
    let challenged = challenge::challenged(cab, Form::Register, origin).await?;
    let answered = challenge::check(cab, Form::Register, origin, solved).await?;
    if challenged && answered.is_none() {
        return Err(CabinetError::Forbidden("challenge"));
    }
    let hash = if cab.lender().registers_with_password() {
        cab.hasher().hash(typed.password).await?
    } else {
        String::new()
    };
    let answers = profile::before_code_kept(cab.lender(), typed.answers);
    let (cabinet, origin) = (cab.clone(), origin.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let asker = asker(tx, &cabinet, &phone, &origin).await?;
                let answered = answered.as_ref();
                budget::one_code(tx, &cabinet, &phone, &asker, challenged, answered).await?;
                let new = NewCode {
                    text: text(tx, &cabinet, &phone).await?,
                    ..new_code(None, &phone, Reason::Register, lang)
                };
                let sent = create(tx, &cabinet, new).await?;
                keep(tx, &cabinet, sent.code, email.as_ref(), &hash).await?;
                keep_answers(tx, &cabinet, sent.code, &answers).await?;
                Ok(sent)
            })
        })
        .await
}

/// Everything that is wrong with the form, at once.
fn checked(cab: &Cabinet, typed: &Typed<'_>) -> Result<(Phone, Option<Email>)> {
    let mut wrong = Vec::new();
    let mut field = |result: Result<()>| {
        if let Err(CabinetError::Fields(errors)) = result {
            wrong.extend(errors);
        }
    };
    field(typed_phone(typed.phone).map(drop));
    if !typed.email.trim().is_empty() || cab.lender().registers_with_email() {
        field(typed_email(typed.email).map(drop));
    }
    let with_password = cab.lender().registers_with_password();
    if with_password {
        let own = [typed.email.trim()];
        wrong.extend(new_password(cab, typed.password, typed.repeat, &own));
    }
    wrong.extend(profile::before_code_problems(cab, typed.answers));
    if !typed.consent {
        wrong.push(FieldError::new("consent", "consent_required"));
    }
    if !wrong.is_empty() {
        return Err(CabinetError::Fields(wrong));
    }
    let phone = typed_phone(typed.phone)?;
    let own = with_password
        .then(|| password::complaint(typed.password, &[phone.digits()]))
        .flatten();
    if let Some(error) = own {
        return Err(CabinetError::Fields(vec![error]));
    }
    Ok((phone, Email::parse(typed.email)))
}

/// What is wrong with a new password and its repetition.
pub(super) fn new_password(
    cab: &Cabinet,
    password: &str,
    repeat: &str,
    own: &[&str],
) -> Vec<FieldError> {
    let differs = cab.lender().access.password_twice && password != repeat;
    let repeat = differs.then(|| FieldError::new("repeat", "password_differs"));
    password::complaint(password, own)
        .into_iter()
        .chain(repeat)
        .collect()
}

/// The message: a number in use reads something else than the usual text.
pub(super) async fn text(tx: &Tx, cab: &Cabinet, phone: &Phone) -> Result<Option<&'static str>> {
    let known = borrower_of(tx, cab, phone).await?;
    Ok(known.map(|_| "cabinet-access-sms-in-use"))
}

async fn keep(
    tx: &Tx,
    cab: &Cabinet,
    code: CodeId,
    email: Option<&Email>,
    hash: &str,
) -> Result<()> {
    let id = code.to_string();
    let seal = |column: &str, text: &str| cab.keys().encrypt("registration", column, &id, text);
    let email = email.map_or("", |email| email.as_str());
    sql::execute(
        tx,
        "INSERT INTO registration (code, email, secret, expires_at) VALUES ($1, $2, $3, $4)",
        vec![
            code.into(),
            seal("email", email)?.into(),
            seal("secret", hash)?.into(),
            (cab.now_ms() + LIFE_MS).into(),
        ],
    )
    .await
    .map(drop)
}

async fn keep_answers(tx: &Tx, cab: &Cabinet, code: CodeId, answers: &Values) -> Result<()> {
    let body = serde_json::to_string(answers).map_err(CabinetError::internal)?;
    let id = code.to_string();
    let sealed = cab
        .keys()
        .encrypt("registration_answer", "body", &id, &body)?;
    let statement = "INSERT INTO registration_answer (code, body, expires_at) VALUES ($1, $2, $3)";
    let until = cab.now_ms() + LIFE_MS;
    let values = vec![id.into(), sealed.into(), until.into()];
    sql::execute(tx, statement, values).await.map(drop)
}

/// Takes the answers that wait for a code, and forgets them.
async fn take_answers(tx: &Tx, cab: &Cabinet, code: CodeId) -> Result<Values> {
    let statement = "DELETE FROM registration_answer WHERE code = $1 RETURNING body";
    let Some(row) = sql::one(tx, statement, vec![code.into()]).await? else {
        return Ok(Values::new());
    };
    let sealed: String = sql::get(&row, "body")?;
    let body = cab
        .keys()
        .decrypt("registration_answer", "body", &code.to_string(), &sealed)?;
    serde_json::from_str(&body).map_err(CabinetError::internal)
}

/// Takes what waits for a code, and forgets it.
async fn take(tx: &Tx, cab: &Cabinet, code: CodeId) -> Result<Option<(String, String)>> {
    let statement = "DELETE FROM registration WHERE code = $1 RETURNING email, secret";
    let Some(row) = sql::one(tx, statement, vec![code.into()]).await? else {
        return Ok(None);
    };
    let open = |column: &str| {
        let sealed: String = sql::get(&row, column)?;
        cab.keys()
            .decrypt("registration", column, &code.to_string(), &sealed)
    };
    Ok(Some((open("email")?, open("secret")?)))
}

/// A fresh code takes the place of the old one.
pub(super) async fn move_to(tx: &Tx, cab: &Cabinet, from: CodeId, to: CodeId) -> Result<()> {
    match take(tx, cab, from).await? {
        Some((email, hash)) => {
            keep(tx, cab, to, Email::parse(&email).as_ref(), &hash).await?;
            let answers = take_answers(tx, cab, from).await?;
            keep_answers(tx, cab, to, &answers).await
        }
        None => Ok(()),
    }
}

/// The code was right and the number is free: the cabinet, its password, the consent, what was typed. A
/// person who has a cabinet under another number gets no second one; the owner of the first is told.
pub(super) async fn finish(
    tx: &Tx,
    cab: &Cabinet,
    code: &Code,
    phone: &Phone,
    origin: &Origin,
) -> Result<Verified> {
    let (email, hash) = take(tx, cab, code.id)
        .await?
        .ok_or(CabinetError::field("code", "code_used_up"))?;
    let answers = take_answers(tx, cab, code.id).await?;
    if let Some(owner) = person::taken(tx, cab, &answers).await? {
        person::tell_owner(tx, cab, owner).await?;
        return Ok(Verified::PersonExists);
    }
    let borrower = make_borrower(tx, cab, phone, code.lang).await?;
    if !hash.is_empty() {
        ways::put_password(tx, cab, borrower, &hash, None).await?;
    }
    let consent = (LegalKind::PersonalData, true);
    profile::put_consent(tx, cab, borrower, consent, origin, code.lang).await?;
    let address = Email::parse(&email);
    profile::begin_with(tx, cab, borrower, &answers, address.as_ref()).await?;
    if let Some(address) = address {
        email::offer(tx, cab, borrower, &address, code.lang).await?;
    }
    let how = Entering {
        fresh: true,
        proved: true,
        must_change: false,
    };
    visit::enter(tx, cab, borrower, origin, how)
        .await
        .map(Verified::In)
}
