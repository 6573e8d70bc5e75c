//! One person, one cabinet.
//!
//! A cabinet claims the person whose data it holds: a keyed hash over name, birth date and passport, and
//! one of the taxpayer number, each the claim of one cabinet only. The table's key decides between two
//! that come at once. A claim an application was filed with stays for ever, so a person is found by an
//! old passport and an old name too; before that a slip of the finger may be corrected.

use chrono::{DateTime, Utc};
use futures::try_join;
use locales::{Arg, Words};
use sea_orm::ConnectionTrait;

use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::lender::help::Meanwhile;
use crate::lender::onboarding::{DedupeKey, Opens};
use crate::profile::Values;
use crate::values::{Inn, PassportNumber, PersonName, RuDate};
use crate::{Cabinet, access, limits, moment, outbox};

/// Somebody else's data that one cabinet may type in a day.
const DOUBLES_A_DAY: u32 = 5;
const DAY_SECONDS: u64 = 86_400;

/// A claim as it is stored.
struct Claim {
    kind: &'static str,
    index: String,
}

/// Letters and case that people write either way.
fn plain(name: &PersonName) -> String {
    let name = name.as_str().to_lowercase().replace('ё', "е");
    let parts = name.split([' ', '-']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// The claims of what was typed: of the person once all of name, birth date and passport are right, and
/// of the taxpayer number; those of them that the lender's file names.
fn claims(cab: &Cabinet, values: &Values) -> Vec<Claim> {
    let text = |field: &str| values.get(field).map_or("", |text| text.trim());
    let person = || {
        let last = plain(&PersonName::parse(text("last_name"))?);
        let first = plain(&PersonName::parse(text("first_name"))?);
        let birth = RuDate::parse(text("birth_date"))?.0;
        let passport = PassportNumber::parse(text("passport"))?;
        let value = format!("{last}|{first}|{birth}|{}", passport.digits());
        Some(Claim {
            kind: "person",
            index: cab.keys().blind_index("person", &value),
        })
    };
    let inn = || {
        let inn = Inn::parse(text("inn"))?;
        Some(Claim {
            kind: "inn",
            index: cab.keys().blind_index("inn", inn.digits()),
        })
    };
    let keys = &cab.lender().onboarding.dedupe_keys;
    let asked = |key| keys.contains(&key);
    let person = asked(DedupeKey::Person).then(person).flatten();
    let inn = asked(DedupeKey::Inn).then(inn).flatten();
    person.into_iter().chain(inn).collect()
}

/// Whether any cabinet holds the person already. For a registration, before a cabinet is made.
pub(crate) async fn taken(
    conn: &impl ConnectionTrait,
    cab: &Cabinet,
    values: &Values,
) -> Result<Option<BorrowerId>> {
    for claim in claims(cab, values) {
        if let Some(owner) = owner(conn, &claim).await? {
            return Ok(Some(owner));
        }
    }
    Ok(None)
}

async fn owner(conn: &impl ConnectionTrait, claim: &Claim) -> Result<Option<BorrowerId>> {
    let statement = "SELECT borrower FROM person_claim WHERE kind = $1 AND value_index = $2";
    let values = vec![claim.kind.into(), claim.index.clone().into()];
    let row = sql::one(conn, statement, values).await?;
    row.map(|row| {
        let id: String = sql::get(&row, "borrower")?;
        id.parse().map_err(CabinetError::internal)
    })
    .transpose()
}

/// Claims the person of these answers for a cabinet. False when another cabinet holds them: then nothing
/// new is claimed, the cabinet is marked and the other one's owner is told. Refuses with
/// `TooMany("person_day")`.
pub(crate) async fn claim(
    tx: &Tx,
    cab: &Cabinet,
    borrower: BorrowerId,
    values: &Values,
) -> Result<bool> {
    let claims = claims(cab, values);
    let mut made = Vec::new();
    for claim in &claims {
        let fresh = sql::execute(
            tx,
            "INSERT INTO person_claim (kind, value_index, borrower, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (kind, value_index) DO NOTHING",
            vec![
                claim.kind.into(),
                claim.index.clone().into(),
                borrower.into(),
                cab.now_ms().into(),
            ],
        )
        .await?;
        if fresh == 1 {
            made.push(claim);
        }
        let owner = owner(tx, claim).await?;
        if let Some(owner) = owner.filter(|owner| *owner != borrower) {
            for claim in made {
                let statement = "DELETE FROM person_claim WHERE kind = $1 AND value_index = $2";
                let values = vec![claim.kind.into(), claim.index.clone().into()];
                sql::execute(tx, statement, values).await?;
            }
            double(tx, cab, borrower, owner).await?;
            return Ok(false);
        }
    }
    for claim in &claims {
        // What was corrected before anything was filed was never true.
        sql::execute(
            tx,
            "DELETE FROM person_claim WHERE borrower = $1 AND kind = $2 AND value_index <> $3 \
             AND firm_at IS NULL",
            vec![
                borrower.into(),
                claim.kind.into(),
                claim.index.clone().into(),
            ],
        )
        .await?;
    }
    let statement = "DELETE FROM person_double WHERE borrower = $1";
    sql::execute(tx, statement, vec![borrower.into()]).await?;
    Ok(true)
}

async fn double(tx: &Tx, cab: &Cabinet, borrower: BorrowerId, owner: BorrowerId) -> Result<()> {
    let subject = cab.keys().blind_index("borrower", &borrower.to_string());
    limits::hit(tx, cab, "person_day", &subject, DAY_SECONDS, DOUBLES_A_DAY).await?;
    let statement = "INSERT INTO person_double (borrower, at) VALUES ($1, $2) \
                     ON CONFLICT (borrower) DO UPDATE SET at = excluded.at";
    sql::execute(tx, statement, vec![borrower.into(), cab.now_ms().into()]).await?;
    tell_owner(tx, cab, owner).await
}

/// Tells the owner of a cabinet that somebody registers with their data: once a day, whoever asks how
/// often.
pub(crate) async fn tell_owner(tx: &Tx, cab: &Cabinet, owner: BorrowerId) -> Result<()> {
    let contact = access::contact(cab, tx, owner).await?;
    let args = [
        ("lender", Arg::from(&cab.lender().name)),
        ("hotline", Arg::from(&cab.lender().hotline)),
    ];
    let text = Words::new(contact.lang).args("cabinet-person-sms-double", &args);
    let once = format!("double:{owner}:{}", cab.today());
    outbox::sms(tx, cab, &once, &contact.phone, &text, None).await
}

/// An application is filed: what it was filed with stays this cabinet's.
pub(crate) async fn hold_firm(tx: &Tx, cab: &Cabinet, borrower: BorrowerId) -> Result<()> {
    let statement = "UPDATE person_claim SET firm_at = $1 WHERE borrower = $2 AND firm_at IS NULL";
    sql::execute(tx, statement, vec![cab.now_ms().into(), borrower.into()])
        .await
        .map(drop)
}

/// Whether an application was ever filed here: what it was filed with is no slip of the finger any more.
pub(crate) async fn is_firm(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<bool> {
    let statement = "SELECT id FROM application WHERE borrower = $1 AND status <> 'draft' LIMIT 1";
    let row = sql::one(conn, statement, vec![borrower.into()]).await?;
    Ok(row.is_some())
}

/// Whether the passport or the name is another than the one that applications were approved with, and none was
/// approved with the new one yet.
pub(crate) async fn is_other_now(
    conn: &impl ConnectionTrait,
    borrower: BorrowerId,
) -> Result<bool> {
    let row = sql::one(
        conn,
        "SELECT newest.at FROM person_claim newest WHERE newest.borrower = $1 \
         AND newest.kind = 'person' AND newest.at = (SELECT MAX(at) FROM person_claim \
         WHERE borrower = $1 AND kind = 'person') \
         AND EXISTS (SELECT 1 FROM person_claim old WHERE old.borrower = $1 \
         AND old.kind = 'person' AND old.firm_at < newest.firm_at) \
         AND NOT EXISTS (SELECT 1 FROM application \
         JOIN application_event ON application_event.application = application.id \
         WHERE application.borrower = $1 AND application_event.status = 'approved' \
         AND application_event.at >= newest.firm_at) LIMIT 1",
        vec![borrower.into()],
    )
    .await?;
    Ok(row.is_some())
}

/// Whether this cabinet's data are another cabinet's.
pub(crate) async fn is_double(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<bool> {
    let statement = "SELECT at FROM person_double WHERE borrower = $1";
    let row = sql::one(conn, statement, vec![borrower.into()]).await?;
    Ok(row.is_some())
}

/// What is left of a cabinet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Everything is there.
    Free,
    /// Nothing was approved yet, where an approval opens the cabinet: the draft, the status and a
    /// refusal's reason.
    Unopened,
    /// A request is looked into: reading and paying.
    ReadAndPay,
    /// A request is looked into: nothing but the request.
    Closed,
    /// It was closed at its owner's request.
    Ended(DateTime<Utc>),
}

/// What is left of a borrower's cabinet now.
pub async fn hold(cab: &Cabinet, borrower: BorrowerId) -> Result<Hold> {
    hold_in(cab.db().read(), cab, borrower).await
}

/// The same among what is read at once.
pub(crate) async fn hold_in(
    db: &impl ConnectionTrait,
    cab: &Cabinet,
    borrower: BorrowerId,
) -> Result<Hold> {
    let statement = "SELECT hold, closed_at FROM borrower WHERE id = $1";
    let row = sql::one(db, statement, vec![borrower.into()]);
    let (row, opened) = try_join!(row, opened(db, cab, borrower))?;
    let row = row.ok_or(CabinetError::Unauthenticated)?;
    if let Some(at) = sql::get::<Option<i64>>(&row, "closed_at")? {
        return Ok(Hold::Ended(moment(at)?));
    }
    let held: Option<String> = sql::get(&row, "hold")?;
    Ok(match (held.as_deref(), opened) {
        (None, true) => Hold::Free,
        (None, false) => Hold::Unopened,
        (Some("read_and_pay"), true) => Hold::ReadAndPay,
        (Some(_), _) => Hold::Closed,
    })
}

/// Puts a hold on a cabinet, or takes it away.
pub(crate) async fn put_hold(tx: &Tx, borrower: BorrowerId, hold: Option<Meanwhile>) -> Result<()> {
    let hold = hold.map(|hold| match hold {
        Meanwhile::ReadAndPay => "read_and_pay",
        Meanwhile::Closed => "closed",
    });
    let statement = "UPDATE borrower SET hold = $1 WHERE id = $2";
    sql::execute(tx, statement, vec![hold.into(), borrower.into()])
        .await
        .map(drop)
}

/// Gives a cabinet back, unless a request under way still holds it: another phone, or another passport.
pub(crate) async fn free(tx: &Tx, borrower: BorrowerId) -> Result<()> {
    let row = sql::one(
        tx,
        "SELECT id FROM change_request WHERE borrower = $1 AND kind = 'phone' \
         AND state IN ('waiting', 'open', 'checked') \
         UNION ALL SELECT id FROM appeal WHERE borrower = $1 AND kind = 'passport' \
         AND closed_at IS NULL LIMIT 1",
        vec![borrower.into()],
    )
    .await?;
    match row {
        Some(_) => Ok(()),
        None => put_hold(tx, borrower, None).await,
    }
}

/// Whether nothing was ever filed or lent here: such a cabinet gives its number up to its owner's own.
pub(crate) async fn is_blank(conn: &impl ConnectionTrait, borrower: BorrowerId) -> Result<bool> {
    is_firm(conn, borrower).await.map(|firm| !firm)
}

/// Whether the whole cabinet is open: where the lender opens it with an approval, there was one.
async fn opened(db: &impl ConnectionTrait, cab: &Cabinet, borrower: BorrowerId) -> Result<bool> {
    if cab.lender().onboarding.opens == Opens::Registration {
        return Ok(true);
    }
    let row = sql::one(
        db,
        "SELECT application.id FROM application JOIN application_event \
         ON application_event.application = application.id WHERE application.borrower = $1 \
         AND application_event.status = 'approved' LIMIT 1",
        vec![borrower.into()],
    )
    .await?;
    Ok(row.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        let plain = |text| plain(&PersonName::parse(text).expect("a name"));
        assert_eq!(plain("Салтыков – Щедрин"), plain("салтыков-щедрин"));
        assert_eq!(plain("Фёдорова"), plain("ФЕДОРОВА"));
        assert_ne!(plain("Иванов"), plain("Иванова"));
    }
}
