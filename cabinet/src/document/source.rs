//! Where documents come from: what was signed, agreed to or filed, with the proof of it.

use lending::{ProductKind, ProlongationQuote, Quote};
use locales::{Lang, Words};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use super::draft::{Draft, stamp};
use super::kind::DocumentKind;
use super::{LegalKind, kept, phrase};
use crate::application::entity::application;
use crate::application::terms::WORDS;
use crate::application::{AppStatus, Lines, agreed_schedule_text, events_of, own, refusal};
use crate::db::sql;
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::found;
use crate::loan::history;
use crate::loan::stored::{count, id, moment, read};
use crate::prolongation::ProlongationStatus;
use crate::prolongation::entity::prolongation;
use crate::{Cabinet, access, profile};

/// Individual terms: as signed, or as they wait for a signature.
pub(super) async fn contract(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let db = cab.db().read();
    let row = own(db, borrower, id(object)?).await?;
    let text = found(row.text.as_deref())?;
    let text = cab.keys().decrypt("contract", "text", &row.id, text)?;
    let quote: Quote = read(row.quote.as_deref().unwrap_or_default())?;
    let title = WORDS.args(
        "cabinet-document-contract-head",
        &[("number", row.number.as_str().into())],
    );
    let mut draft = Draft::new(DocumentKind::Contract, object, title, text);
    draft.psk = Some(quote.psk);
    draft.number.clone_from(&row.number);
    draft.made_at = row.signed_at.or(row.prepared_at).unwrap_or_default();
    draft.unsigned = row.signed_at.is_none();
    if !draft.unsigned {
        draft.evidence = evidence(cab, db, "contract", object).await?;
    }
    Ok(draft)
}

/// The schedule: issued with the payout when the money left on another day, otherwise the agreed one.
pub(super) async fn schedule(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let history = history::load(cab.db().read(), cab, borrower, id(object)?).await?;
    let row = &history.row;
    let psk = lending::psk(&history.terms.schedule.flows())
        .map_err(CabinetError::internal)?
        .psk;
    let text = match row.schedule_text.as_deref() {
        Some(text) => cab.keys().decrypt("loan", "schedule_text", &row.id, text)?,
        None => agreed_schedule_text(cab.lender(), &row.number, &history.terms.schedule, psk),
    };
    let title = WORDS.args(
        "cabinet-document-schedule-head",
        &[("number", row.number.as_str().into())],
    );
    let mut draft = Draft::new(DocumentKind::Schedule, object, title, text);
    draft.psk = Some(psk);
    draft.loan = Some(row.id.clone());
    draft.number.clone_from(&row.number);
    draft.made_at = row.created_at;
    Ok(draft)
}

/// An agreement on a later date: signed, or waiting for the signature.
pub(super) async fn prolonged(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let db = cab.db().read();
    let row = prolongation::Entity::find_by_id(object)
        .filter(prolongation::Column::Borrower.eq(borrower.to_string()))
        .one(db)
        .await?;
    let row = found(row)?;
    let history = history::load(db, cab, borrower, id(&row.loan)?).await?;
    let quote: ProlongationQuote = read(&row.quote)?;
    let text = cab
        .keys()
        .decrypt("prolongation", "text", &row.id, &row.text)?;
    let title = WORDS.args(
        "cabinet-prolongation-head",
        &[("number", history.row.number.as_str().into())],
    );
    let mut draft = Draft::new(DocumentKind::Prolongation, object, title, text);
    draft.psk = Some(quote.psk);
    draft.loan = Some(row.loan.clone());
    draft.number.clone_from(&history.row.number);
    draft.made_at = row.signed_at.unwrap_or(row.prepared_at);
    draft.unsigned = row.status == ProlongationStatus::Prepared;
    if !draft.unsigned {
        draft.evidence = evidence(cab, db, "prolongation", object).await?;
    }
    Ok(draft)
}

/// Who signed an object by which code, when and from where (63-ФЗ, art. 9): names and values.
async fn evidence(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    document: &str,
    object: &str,
) -> Result<Vec<(String, String)>> {
    let statement = "SELECT s.id, s.hash, s.phone, s.sent_at, s.entered_at, s.ip, c.digits_hash \
                     FROM signature s JOIN code c ON c.id = s.code \
                     WHERE s.document = $1 AND s.object = $2";
    let row = sql::one(conn, statement, vec![document.into(), object.into()]).await?;
    let row = row.ok_or(CabinetError::NotFound)?;
    let get = |column: &str| sql::get::<String>(&row, column);
    let at =
        |column: &str| -> Result<String> { Ok(stamp(cab, moment(sql::get::<i64>(&row, column)?))) };
    let phone = cab
        .keys()
        .decrypt("signature", "phone", &get("id")?, &get("phone")?)?;
    let fact = |key: &str, value: String| (WORDS.t(&format!("cabinet-paper-sign-{key}")), value);
    Ok(vec![
        fact("phone", format!("+{phone}")),
        fact("sent", at("sent_at")?),
        fact("entered", at("entered_at")?),
        fact("address", get("ip")?),
        fact("code", get("digits_hash")?),
        fact("hash", get("hash")?),
    ])
}

/// The application in its borrower's words, as it was filed.
pub(super) async fn filed(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let db = cab.db().read();
    let row = own_application(db, borrower, object).await?;
    let events = events_of(db, object).await?;
    let filed = events
        .iter()
        .find(|(status, _)| *status == AppStatus::Filed);
    let (_, at) = found(filed)?;
    let amount = lending::Kopecks::new(row.amount);
    let person = profile::complete(cab, borrower, amount).await?;
    let phone = access::contact(cab, db, borrower).await?.phone;
    let product = cab.lender().product(&row.product);
    let in_days = product.is_none_or(|product| {
        matches!(
            product.terms.kind,
            ProductKind::Bullet | ProductKind::Special
        )
    });
    let term = if in_days { "days" } else { "payments" };
    let title = WORDS.t("cabinet-paper-application-title");
    let mut out = Lines::default();
    out.line(&cab.lender().legal_name);
    out.line(&title);
    let day = phrase::full_day(WORDS, cab.business_date(*at));
    out.key("cabinet-document-dated", &[("date", day.into())]);
    out.gap();
    out.key(
        "cabinet-paper-application-ask",
        &[
            ("amount", amount.to_string().into()),
            ("words", lending::roubles_in_words(amount).into()),
            (
                "term",
                WORDS
                    .args(
                        &format!("cabinet-paper-{term}"),
                        &[("count", i64::from(count(row.term)?).into())],
                    )
                    .into(),
            ),
            (
                "product",
                product
                    .map_or(row.product.clone(), |product| product.title.ru.clone())
                    .into(),
            ),
        ],
    );
    out.gap();
    out.key("cabinet-paper-answers", &[]);
    person_lines(&mut out, &person, &phone);
    out.gap();
    for consent in &person.consents {
        let text = super::legal(cab, consent.kind, Lang::Ru);
        out.key(
            "cabinet-paper-application-consent",
            &[
                ("title", text.title.into()),
                ("version", consent.version.as_str().into()),
                ("at", stamp(cab, consent.at).into()),
            ],
        );
    }
    out.key("cabinet-paper-application-how", &[]);
    let mut draft = Draft::new(DocumentKind::Application, object, title, out.0);
    draft.made_at = at.timestamp_millis();
    Ok(draft)
}

fn person_lines(out: &mut Lines, person: &profile::CompleteProfile, phone: &crate::values::Phone) {
    out.key(
        "cabinet-document-borrower",
        &[
            ("name", person.full_name().into()),
            ("birth", phrase::digits(person.birth).into()),
            ("passport", person.passport.spaced().into()),
            ("issued", phrase::digits(person.passport_issued).into()),
            ("phone", format!("+{}", phone.digits()).into()),
        ],
    );
    if let Some(address) = person.address_line() {
        out.key(
            "cabinet-document-borrower-address",
            &[("address", address.into())],
        );
    }
    out.key(
        "cabinet-paper-application-income",
        &[
            ("employer", person.employer.as_str().into()),
            ("income", person.income.to_string().into()),
            ("expenses", person.expenses.to_string().into()),
            ("obligations", person.obligations.to_string().into()),
        ],
    );
}

async fn own_application(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
    object: &str,
) -> Result<application::Model> {
    let row = application::Entity::find_by_id(object)
        .filter(application::Column::Borrower.eq(borrower.to_string()))
        .one(conn)
        .await?;
    found(row)
}

/// Why an application was refused: each rule and its article (353-ФЗ, art. 7 p. 4 lets a lender say nothing; we say).
pub(super) async fn refused(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let db = cab.db().read();
    let row = own_application(db, borrower, object).await?;
    if row.status != AppStatus::Refused {
        return Err(CabinetError::NotFound);
    }
    let events = events_of(db, object).await?;
    let at = events
        .iter()
        .rev()
        .find(|(status, _)| *status == AppStatus::Refused)
        .map_or_else(|| moment(row.updated_at), |(_, at)| *at);
    let rules: Vec<lending::Rule> = row
        .rules
        .as_deref()
        .map(read)
        .transpose()?
        .unwrap_or_default();
    let title = WORDS.t("cabinet-paper-refusal-title");
    let mut out = Lines::default();
    out.line(&cab.lender().legal_name);
    out.line(&title);
    let day = phrase::full_day(WORDS, cab.business_date(at));
    out.key("cabinet-document-dated", &[("date", day.into())]);
    out.gap();
    let amount = lending::Kopecks::new(row.amount).to_string();
    out.key("cabinet-paper-refusal-what", &[("amount", amount.into())]);
    out.gap();
    out.key("cabinet-paper-reasons", &[]);
    for rule in rules.into_iter().map(refusal) {
        let key = format!("status-rule-{}", rule.code.replace('_', "-"));
        let key = if WORDS.has(&key) {
            key.as_str()
        } else {
            "status-rule-other"
        };
        let why = WORDS.t(key);
        let basis = format!("status-basis-{}", rule.code.replace('_', "-"));
        let basis = if WORDS.has(&basis) {
            WORDS.t(&basis)
        } else {
            rule.reference
        };
        let reference = WORDS.args("status-rule-reference", &[("reference", basis.into())]);
        out.line(&format!("{why} {reference}"));
    }
    if let Some(from) = &row.available_from {
        let from = phrase::full_day(WORDS, crate::loan::stored::date(from)?);
        out.key("status-refused-from", &[("date", from.into())]);
    }
    let hotline = cab.lender().hotline.as_str();
    out.key("status-refused-next", &[("hotline", hotline.into())]);
    let mut draft = Draft::new(DocumentKind::Refusal, object, title, out.0);
    draft.made_at = at.timestamp_millis();
    Ok(draft)
}

/// An application for a service or against it, in its own words.
pub(super) async fn service(
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: DocumentKind,
    object: &str,
) -> Result<Draft> {
    let word = crate::service::word(cab, borrower, object).await?;
    if word.given != (kind == DocumentKind::Service) {
        return Err(CabinetError::NotFound);
    }
    let phone = access::contact(cab, cab.db().read(), borrower).await?.phone;
    let key = if word.given {
        "cabinet-service-on-title"
    } else {
        "cabinet-service-off-title"
    };
    let title = WORDS.args(key, &[("number", word.number.as_str().into())]);
    let fact = |key: &str, value: String| (WORDS.t(&format!("cabinet-paper-{key}")), value);
    let mut draft = Draft::new(kind, object, title, word.text);
    draft.loan = Some(word.loan.to_string());
    draft.number = word.number;
    draft.made_at = word.at.timestamp_millis();
    draft.evidence = vec![
        fact("consent-how", WORDS.t("cabinet-paper-service-pressed")),
        fact("sign-phone", format!("+{}", phone.digits())),
        fact("consent-at", stamp(cab, word.at)),
        fact("sign-address", word.address),
        fact("consent-agent", word.agent),
        fact("consent-hash", word.hash),
    ];
    Ok(draft)
}

/// A consent in the very words that were agreed to.
pub(super) async fn consent(
    cab: &Cabinet,
    borrower: BorrowerId,
    kind: DocumentKind,
    object: &str,
) -> Result<Draft> {
    let db = cab.db().read();
    let row = sql::one(
        db,
        "SELECT kind, version, text_hash, lang, at, address, agent FROM consent \
         WHERE id = $1 AND borrower = $2 AND given = 1",
        vec![object.into(), borrower.into()],
    )
    .await?;
    let row = found(row)?;
    let get = |column: &str| sql::get::<String>(&row, column);
    let legal = found(LegalKind::from_code(&get("kind")?))?;
    if (legal == LegalKind::EsignAgreement) != (kind == DocumentKind::Agreement) {
        return Err(CabinetError::NotFound);
    }
    let lang = Lang::from_code(&get("lang")?);
    let (words, hash) = (Words::new(lang), get("text_hash")?);
    let text = kept::text(cab, db, legal, lang, &hash).await?;
    let phone = access::contact(cab, db, borrower).await?.phone;
    let at = moment(sql::get(&row, "at")?);
    let mut out = Lines::default();
    out.line(&cab.lender().legal_name);
    out.line(&text.title);
    let version = words.args(
        "cabinet-paper-version",
        &[("version", text.version.as_str().into())],
    );
    out.line(&version);
    out.gap();
    for paragraph in &text.body {
        out.line(paragraph);
    }
    let open = |column: &str, value: String| cab.keys().decrypt("consent", column, object, &value);
    let fact = |key: &str, value: String| (words.t(&format!("cabinet-paper-{key}")), value);
    let mut draft = Draft::new(kind, object, text.title, out.0);
    lang.code().clone_into(&mut draft.lang);
    draft.made_at = at.timestamp_millis();
    draft.evidence = vec![
        fact("consent-how", words.t("cabinet-paper-consent-ticked")),
        fact("sign-phone", format!("+{}", phone.digits())),
        fact("consent-at", stamp(cab, at)),
        fact("sign-address", open("address", get("address")?)?),
        fact("consent-agent", open("agent", get("agent")?)?),
        fact("consent-hash", hash),
    ];
    Ok(draft)
}
