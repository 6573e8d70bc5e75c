//! One-time codes as rows: issued, tried, used.
//!
//! A document is signed in two steps. [`attempt`] takes a try in a transaction of its own, so that
//! a wrong one is counted although the use case is refused; [`consume`] then spends the passed code
//! inside the transaction of the signature. One code signs one text: the code is bound to its hash.

use chrono::Duration;
use locales::{Arg, Words};
use sea_orm::{ConnectionTrait, QueryResult};

pub use super::purpose::Purpose;
pub(super) use super::purpose::Reason;
use super::{CodeSent, contact};
use crate::db::{Tx, sql};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, CodeId};
use crate::keys::same_secret;
use crate::values::Phone;
use crate::{Cabinet, Lang, limits, moment, outbox};

/// Digits of a code. Three tries of a million: 3e-6 a code, 1.5e-5 a phone and day. That is why a
/// code alone opens nothing worth stealing on a device never seen before: see [`super::proof`].
pub const DIGITS: u32 = 6;
/// Guesses that one code allows.
pub const TRIES: i64 = 3;
const LIFE_MS: i64 = 5 * 60_000;
const RESEND_MS: i64 = 60_000;
const DAY_SECONDS: u64 = 86_400;

/// A row of the table.
pub(super) struct Code {
    pub(super) id: CodeId,
    pub(super) borrower: Option<BorrowerId>,
    pub(super) purpose: Purpose,
    pub(super) object: String,
    pub(super) object_hash: String,
    phone: String,
    pub(super) lang: Lang,
    digits_hash: String,
    tries_left: i64,
    pub(super) resend_at: i64,
    expires_at: i64,
    passed_at: Option<i64>,
    used_at: Option<i64>,
    closed_at: Option<i64>,
}

impl Code {
    fn from_row(row: &QueryResult) -> Result<Self> {
        let id: String = sql::get(row, "id")?;
        let borrower: Option<String> = sql::get(row, "borrower")?;
        Ok(Self {
            id: id.parse().map_err(CabinetError::internal)?,
            borrower: borrower
                .map(|id| id.parse())
                .transpose()
                .map_err(CabinetError::internal)?,
            purpose: Purpose::from_code(&sql::get::<String>(row, "purpose")?)?,
            object: sql::get(row, "object")?,
            object_hash: sql::get(row, "object_hash")?,
            phone: sql::get(row, "phone")?,
            lang: Lang::from_code(&sql::get::<String>(row, "lang")?),
            digits_hash: sql::get(row, "digits_hash")?,
            tries_left: sql::get(row, "tries_left")?,
            resend_at: sql::get(row, "resend_at")?,
            expires_at: sql::get(row, "expires_at")?,
            passed_at: sql::get(row, "passed_at")?,
            used_at: sql::get(row, "used_at")?,
            closed_at: sql::get(row, "closed_at")?,
        })
    }

    /// Where it was sent.
    pub(super) fn phone(&self, cab: &Cabinet) -> Result<Phone> {
        let text = cab
            .keys()
            .decrypt("code", "phone", &self.id.to_string(), &self.phone)?;
        Phone::parse(&text).ok_or_else(|| CabinetError::internal("a stored phone is no phone"))
    }

    /// Why it was asked for, when it is no document's.
    pub(super) fn reason(&self) -> Option<Reason> {
        Reason::of(self.purpose, &self.object)
    }

    /// Whether it was spent on what it was for.
    pub(super) fn is_used(&self) -> bool {
        self.used_at.is_some()
    }

    /// The state as a page shows it.
    pub(super) fn sent(&self, cab: &Cabinet) -> Result<CodeSent> {
        let over = self.is_used() || self.closed_at.is_some() || self.expires_at <= cab.now_ms();
        let left = if over { 0 } else { self.tries_left };
        Ok(CodeSent {
            code: self.id,
            phone_masked: self.phone(cab)?.masked(),
            resend_at: moment(self.resend_at)?,
            expires_at: moment(self.expires_at)?,
            tries_left: u32::try_from(left).unwrap_or(0),
        })
    }
}

/// What a new code is about.
pub(super) struct NewCode<'a> {
    pub(super) borrower: Option<BorrowerId>,
    pub(super) phone: &'a Phone,
    pub(super) purpose: Purpose,
    pub(super) object: &'a str,
    pub(super) object_hash: &'a str,
    pub(super) lang: Lang,
    /// Another message than the usual one of its purpose.
    pub(super) text: Option<&'static str>,
}

/// Sends a borrower a code that signs one text. A code sent before for the same object stops
/// working. Refuses with `TooMany`: `code_resend` within a minute of the last one, `code_phone_day`
/// above the daily number.
pub async fn issue(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    purpose: Purpose,
    object: &str,
    hash: &str,
    lang: Lang,
) -> Result<CodeSent> {
    let contact = contact(cab, tx, borrower).await?;
    let new = NewCode {
        borrower: Some(borrower),
        phone: &contact.phone,
        purpose,
        object,
        object_hash: hash,
        lang,
        text: None,
    };
    create(tx, cab, new).await
}

/// The keyed hash a phone is found by.
pub(super) fn phone_index(cab: &Cabinet, phone: &Phone) -> String {
    cab.keys().blind_index("phone", phone.digits())
}

pub(super) async fn create(tx: &Tx, cab: &Cabinet, new: NewCode<'_>) -> Result<CodeSent> {
    let (now, index) = (cab.now_ms(), phone_index(cab, new.phone));
    let subject = format!("{}:{index}", new.purpose.counter());
    let per_day = cab.lender().access.codes_per_phone_day;
    // The counter first: its row makes parallel requests for one phone wait for each other, so the
    // second of them sees the first one's code.
    limits::hit(tx, cab, "code_phone_day", &subject, DAY_SECONDS, per_day).await?;
    refuse_early(tx, now, &index, &new).await?;
    let same = vec![
        now.into(),
        index.clone().into(),
        new.purpose.code().into(),
        new.object.into(),
    ];
    sql::execute(
        tx,
        "UPDATE code SET closed_at = $1 WHERE phone_index = $2 AND purpose = $3 AND object = $4 \
         AND used_at IS NULL AND closed_at IS NULL",
        same,
    )
    .await?;
    let id = CodeId(cab.fresh_id());
    let digits = cab.ports().ids.digits(DIGITS);
    let row_id = id.to_string();
    sql::execute(
        tx,
        "INSERT INTO code (id, borrower, purpose, object, object_hash, phone, phone_index, lang, \
         digits_hash, tries_left, sent_at, resend_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        vec![
            row_id.clone().into(),
            new.borrower.map(|borrower| borrower.to_string()).into(),
            new.purpose.code().into(),
            new.object.into(),
            new.object_hash.into(),
            cab.keys()
                .encrypt("code", "phone", &row_id, new.phone.digits())?
                .into(),
            index.into(),
            new.lang.code().into(),
            cab.keys().code_hmac(&row_id, &digits).into(),
            TRIES.into(),
            now.into(),
            (now + RESEND_MS).into(),
            (now + LIFE_MS).into(),
        ],
    )
    .await?;
    let key = new
        .text
        .unwrap_or(new.purpose.text_key(Reason::of(new.purpose, new.object)));
    let text = text(cab, key, new.lang, &digits);
    let not_after = cab.now() + Duration::milliseconds(LIFE_MS);
    outbox::sms(tx, cab, &row_id, new.phone, &text, Some(not_after)).await?;
    Ok(CodeSent {
        code: id,
        phone_masked: new.phone.masked(),
        resend_at: moment(now + RESEND_MS)?,
        expires_at: moment(now + LIFE_MS)?,
        tries_left: u32::try_from(TRIES).unwrap_or(0),
    })
}

/// Refuses within a minute of the last code for the same thing.
async fn refuse_early(tx: &Tx, now: i64, index: &str, new: &NewCode<'_>) -> Result<()> {
    let row = sql::one(
        tx,
        "SELECT resend_at FROM code WHERE phone_index = $1 AND purpose = $2 AND object = $3 \
         AND used_at IS NULL ORDER BY sent_at DESC LIMIT 1",
        vec![index.into(), new.purpose.code().into(), new.object.into()],
    )
    .await?;
    let resend_at = row
        .map(|row| sql::get::<i64>(&row, "resend_at"))
        .transpose()?
        .unwrap_or(0);
    let left = resend_at - now;
    // A clock set back must not lock anybody out for longer than the interval itself.
    if left <= 0 || left > RESEND_MS {
        return Ok(());
    }
    let retry_after_seconds = u64::try_from((left + 999) / 1000).unwrap_or(1);
    Err(CabinetError::TooMany {
        code: "code_resend",
        retry_after_seconds,
    })
}

/// The text of the message; its last line is the browser's own format (WebOTP), which binds the
/// code to our address.
fn text(cab: &Cabinet, key: &str, lang: Lang, digits: &str) -> String {
    let lender = cab.lender();
    let args = [
        ("code", Arg::from(digits)),
        ("lender", Arg::from(&lender.name)),
    ];
    let text = Words::new(lang).args(key, &args);
    format!("{text}\n@{} #{digits}", lender.host())
}

pub(super) async fn read(conn: &impl ConnectionTrait, code: CodeId) -> Result<Option<Code>> {
    let row = sql::one(conn, "SELECT * FROM code WHERE id = $1", vec![code.into()]).await?;
    row.as_ref().map(Code::from_row).transpose()
}

/// How a try ended. It is an `Ok` of the transaction, so that the taken try is committed.
pub(super) enum Try {
    /// The digits agree.
    Right,
    /// They do not, or the code no longer works.
    Wrong(FieldError),
}

/// The digits somebody typed, or what is wrong with their shape; a wrong shape costs no try, for it
/// can't be a guess.
pub(super) fn typed_digits(typed: &str) -> Result<String> {
    let digits: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let valid = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if valid {
        Ok(digits)
    } else {
        Err(CabinetError::field("code", "code_format"))
    }
}

/// Takes a try before comparing: parallel guesses can't share one.
pub(super) async fn take_try(tx: &Tx, cab: &Cabinet, code: &Code, digits: &str) -> Result<Try> {
    let now = cab.now_ms();
    let row = sql::one(
        tx,
        "UPDATE code SET tries_left = tries_left - 1 WHERE id = $1 AND tries_left > 0 \
         AND used_at IS NULL AND closed_at IS NULL AND expires_at > $2 RETURNING tries_left",
        vec![code.id.into(), now.into()],
    )
    .await?;
    let wrong = |error| Ok(Try::Wrong(FieldError::new("code", error)));
    let Some(row) = row else {
        let expired = code.expires_at <= now && code.used_at.is_none();
        return wrong(if expired {
            "code_expired"
        } else {
            "code_used_up"
        });
    };
    let left: i64 = sql::get(&row, "tries_left")?;
    if !same_secret(
        &cab.keys().code_hmac(&code.id.to_string(), digits),
        &code.digits_hash,
    ) {
        let error = FieldError::new(
            "code",
            if left > 0 {
                "code_wrong"
            } else {
                "code_used_up"
            },
        );
        return Ok(Try::Wrong(error.with("left", left)));
    }
    sql::execute(
        tx,
        "UPDATE code SET passed_at = $1 WHERE id = $2",
        vec![now.into(), code.id.into()],
    )
    .await?;
    Ok(Try::Right)
}

/// Takes a try of a document's code and commits it. `Fields("code")` with `code_wrong`,
/// `code_expired` or `code_used_up` when the digits do not pass; `NotFound` when the code is
/// another person's or another object's; `Conflict("code_other_text")` when the text has changed
/// since.
pub async fn attempt(
    cab: &Cabinet,
    code: CodeId,
    borrower: BorrowerId,
    purpose: Purpose,
    object: &str,
    hash: &str,
    typed: &str,
) -> Result<()> {
    let digits = typed_digits(typed)?;
    let (cabinet, object, hash) = (cab.clone(), object.to_owned(), hash.to_owned());
    let tried = cab
        .db()
        .write(move |tx| {
            Box::pin(async move {
                let row = matching(tx, code, borrower, purpose, &object, &hash).await?;
                take_try(tx, &cabinet, &row, &digits).await
            })
        })
        .await?;
    match tried {
        Try::Right => Ok(()),
        Try::Wrong(error) => Err(CabinetError::Fields(vec![error])),
    }
}

/// Spends a passed code inside the transaction of what it signs; a second spending is refused with
/// `Fields("code")`, `code_used_up`.
#[expect(
    clippy::too_many_arguments,
    reason = "every part is compared with the code's own"
)]
pub async fn consume(
    tx: &Tx,
    cab: &Cabinet,
    code: CodeId,
    borrower: BorrowerId,
    purpose: Purpose,
    object: &str,
    hash: &str,
    typed: &str,
) -> Result<()> {
    let digits = typed_digits(typed)?;
    let row = matching(tx, code, borrower, purpose, object, hash).await?;
    // Without a counted attempt this would answer guesses for nothing.
    if row.passed_at.is_none() {
        return Err(CabinetError::internal(
            "a code was spent before it was tried",
        ));
    }
    if !same_secret(
        &cab.keys().code_hmac(&row.id.to_string(), &digits),
        &row.digits_hash,
    ) {
        return Err(CabinetError::field("code", "code_used_up"));
    }
    let spent = sql::execute(
        tx,
        "UPDATE code SET used_at = $1 WHERE id = $2 AND used_at IS NULL AND closed_at IS NULL",
        vec![cab.now_ms().into(), code.into()],
    )
    .await?;
    if spent == 1 {
        Ok(())
    } else {
        Err(CabinetError::field("code", "code_used_up"))
    }
}

async fn matching(
    tx: &Tx,
    code: CodeId,
    borrower: BorrowerId,
    purpose: Purpose,
    object: &str,
    hash: &str,
) -> Result<Code> {
    let row = read(tx, code).await?.ok_or(CabinetError::NotFound)?;
    if row.borrower != Some(borrower) || row.purpose != purpose || row.object != object {
        return Err(CabinetError::NotFound);
    }
    if row.object_hash != hash {
        return Err(CabinetError::Conflict("code_other_text"));
    }
    Ok(row)
}
