//! The first time: the phone beside the account, confirmed by a code.

use locales::Lang;

use super::claim::{self, Row};
use super::link;
use crate::access::budget::{self, asker};
use crate::access::challenge::{self, Form};
use crate::access::codes::{Code, Reason, create};
use crate::access::sign_in::{make_borrower, new_code, typed_phone};
use crate::access::visit::{self, Entering};
use crate::access::{CodeSent, Entered, Origin, Solved};
use crate::db::{Tx, sql};
use crate::document::LegalKind;
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::{BorrowerId, VisitorId};
use crate::values::Phone;
use crate::{Cabinet, person, profile};

/// Sends the code that confirms the phone beside an account that nobody has linked yet. A known and
/// an unknown phone get the same answer after the same work. Refuses like a code; with
/// `Fields("consent")`, `Conflict("identity_late")` when nothing waits.
pub async fn identity_phone(
    cab: &Cabinet,
    visitor: VisitorId,
    (phone, consent): (&str, bool),
    origin: &Origin,
    lang: Lang,
    solved: &Solved,
) -> Result<CodeSent> {
    let phone = checked(phone, consent)?;
    let challenged = challenge::challenged(cab, Form::Code, origin).await?;
    let answered = challenge::check(cab, Form::Code, origin, solved).await?;
    let (cabinet, origin) = (cab.clone(), origin.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let waits = claim::waiting(tx, &cabinet, visitor).await?;
                let waits = waits.ok_or(CabinetError::Conflict("identity_late"))?;
                let asker = asker(tx, &cabinet, &phone, &origin).await?;
                let answered = answered.as_ref();
                budget::one_code(tx, &cabinet, &phone, &asker, challenged, answered).await?;
                let new = new_code(None, &phone, Reason::Identity, lang);
                let sent = create(tx, &cabinet, new).await?;
                sql::execute(
                    tx,
                    "UPDATE identity_claim SET code = $1, consented_at = $2, candidate = NULL \
                     WHERE id = $3",
                    vec![sent.code.into(), cabinet.now_ms().into(), waits.id.into()],
                )
                .await?;
                Ok(sent)
            })
        })
        .await
}

fn checked(phone: &str, consent: bool) -> Result<Phone> {
    let mut wrong = Vec::new();
    let phone = match typed_phone(phone) {
        Ok(phone) => Some(phone),
        Err(CabinetError::Fields(errors)) => {
            wrong.extend(errors);
            None
        }
        Err(other) => return Err(other),
    };
    if !consent {
        wrong.push(FieldError::new("consent", "consent_required"));
    }
    phone
        .filter(|_| wrong.is_empty())
        .ok_or(CabinetError::Fields(wrong))
}

/// The code was right. A free number gets a cabinet with the account linked; the owner of an
/// existing one comes in as by any code, and links the account once they have proved themselves.
pub(in crate::access) async fn finish(
    tx: &Tx,
    cab: &Cabinet,
    code: &Code,
    (phone, known): (&Phone, Option<BorrowerId>),
    origin: &Origin,
) -> Result<Entered> {
    let row = claim::of_code(tx, cab, code.id).await?;
    let row = row.ok_or(CabinetError::field("code", "code_used_up"))?;
    let (borrower, fresh) = match known {
        Some(borrower) => {
            let statement = "UPDATE identity_claim SET candidate = $1, code = NULL WHERE id = $2";
            let values = vec![borrower.into(), row.id.clone().into()];
            sql::execute(tx, statement, values).await?;
            (borrower, false)
        }
        None => (open(tx, cab, code, phone, &row, origin).await?, true),
    };
    let how = Entering {
        fresh,
        proved: fresh,
        must_change: false,
    };
    visit::enter(tx, cab, borrower, origin, how).await
}

/// A cabinet for somebody who has none. Whoever has one under another number, as their passport
/// says, is told so: a provider that has verified them has shown that they are the same person.
async fn open(
    tx: &Tx,
    cab: &Cabinet,
    code: &Code,
    phone: &Phone,
    row: &Row,
    origin: &Origin,
) -> Result<BorrowerId> {
    if row.profile.verified && has_cabinet(tx, cab, row).await? {
        return Err(CabinetError::Conflict("identity_has_cabinet"));
    }
    let borrower = make_borrower(tx, cab, phone, code.lang).await?;
    claim::remove(tx, &row.id).await?;
    link::link(tx, cab, borrower, &row.provider, &row.profile).await?;
    let consent = (LegalKind::PersonalData, true);
    profile::put_consent(tx, cab, borrower, consent, origin, code.lang).await?;
    Ok(borrower)
}

async fn has_cabinet(tx: &Tx, cab: &Cabinet, row: &Row) -> Result<bool> {
    let answers = &row.profile.answers;
    // An old passport is found by the whole person, the present one also where the name is spelt otherwise.
    Ok(person::taken(tx, cab, answers).await?.is_some()
        || profile::passport_known(tx, cab, answers).await?)
}
