//! A person as the staff see them: found by a phone or a contract's number, masked by role, opened field by field
//! with a reason that the person can read.

use std::collections::BTreeMap;

use lending::Status;

use super::audit::{self, Deed};
use super::roles::{self, Action, Field, Sight};
use super::{OPEN_MS, Staff};
use crate::Cabinet;
use crate::access;
use crate::db::sql;
use crate::diary;
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, LoanId};
use crate::loan::{self, LoanCard, LoanView};
use crate::profile;
use crate::values::Phone;

/// People looked at within an hour before it is worth asking why.
const MANY_AN_HOUR: i64 = 30;

/// Somebody found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundPerson {
    /// Who.
    pub borrower: BorrowerId,
}

/// A field as this one of the staff sees it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenField {
    /// Which.
    pub field: Field,
    /// As it may be shown; none when the person has not told it.
    pub text: Option<String>,
    /// Whether it can be opened with a reason.
    pub can_open: bool,
}

/// A person.
#[derive(Debug, Clone)]
pub struct PersonView {
    /// Who.
    pub borrower: BorrowerId,
    /// What may be seen; hidden fields are not there.
    pub fields: Vec<SeenField>,
    /// Their loans, when these may be seen.
    pub loans: Vec<LoanCard>,
    /// Loans with something late.
    pub late: usize,
    /// What happened to their data, the newest first.
    pub diary: Vec<diary::Line>,
}

/// Finds a person by their whole phone or a contract's number. Not found and not there are one.
///
/// # Errors
/// `Fields`: `query` is neither a phone nor a contract's number; `NotFound`.
pub async fn find_person(cab: &Cabinet, by: &Staff, query: &str) -> Result<FoundPerson> {
    by.must(Action::FindPerson)?;
    let query = query.trim();
    let row = if let Some(number) = contract_number(query) {
        let find = "SELECT borrower FROM contract WHERE number = $1";
        sql::one(cab.db().read(), find, vec![number.into()]).await?
    } else if let Some(phone) = Phone::parse(query) {
        let index = cab.keys().blind_index("phone", phone.digits());
        let find = "SELECT id AS borrower FROM borrower WHERE phone_index = $1";
        sql::one(cab.db().read(), find, vec![index.into()]).await?
    } else {
        return Err(CabinetError::field("query", "staff_query"));
    };
    let found = row
        .map(|row| sql::get::<String>(&row, "borrower"))
        .transpose()?;
    let borrower = found.and_then(|id| id.parse::<BorrowerId>().ok());
    let mut deed = Deed::new(Action::FindPerson, "");
    if let Some(borrower) = borrower {
        deed = deed.about(borrower);
    }
    by.note(cab, deed).await?;
    let borrower = borrower.ok_or(CabinetError::NotFound)?;
    Ok(FoundPerson { borrower })
}

/// «2026-000001», with or without its sign.
fn contract_number(query: &str) -> Option<String> {
    let text = query.trim_start_matches('№').trim();
    let (year, number) = text.split_once('-')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (year.len() == 4 && digits(year) && digits(number)).then(|| text.to_owned())
}

/// A person, each field as the roles see it. The look is written down.
pub async fn person(cab: &Cabinet, by: &Staff, borrower: BorrowerId) -> Result<PersonView> {
    by.must(Action::OpenPerson)?;
    let known = known(cab, borrower).await?;
    let opened = opened(cab, by, borrower).await?;
    let deed = Deed::new(Action::OpenPerson, "").about(borrower);
    by.note(cab, deed).await?;
    alarm(cab, by).await?;
    let fields = Field::ALL
        .iter()
        .filter(|field| **field != Field::Loans)
        .filter_map(|field| seen(by, *field, &known, opened.contains(field)))
        .collect();
    let loans = if roles::sight(&by.roles, Field::Loans) == Sight::Open {
        loan::list(cab, borrower).await?
    } else {
        Vec::new()
    };
    let late = |card: &&LoanCard| card.late || card.status == Status::Overdue;
    Ok(PersonView {
        borrower,
        fields,
        late: loans.iter().filter(late).count(),
        diary: diary::lines(cab, borrower).await?,
        loans,
    })
}

/// A loan of a person, for whom the roles show loans. The look is written down.
pub async fn loan(
    cab: &Cabinet,
    by: &Staff,
    borrower: BorrowerId,
    loan: LoanId,
) -> Result<LoanView> {
    by.must(Action::OpenPerson)?;
    if roles::sight(&by.roles, Field::Loans) != Sight::Open {
        return Err(CabinetError::Forbidden("staff_role"));
    }
    let view = loan::view(cab, borrower, loan, None).await?;
    let deed = Deed::named("open_loan", &view.number).about(borrower);
    by.note(cab, deed).await?;
    Ok(view)
}

/// Tells the operator, by a log line and a counter, when somebody looks at more people than work explains.
async fn alarm(cab: &Cabinet, by: &Staff) -> Result<()> {
    let row = sql::one(
        cab.db().read(),
        "SELECT COUNT(DISTINCT borrower) AS people FROM audit \
         WHERE staff = $1 AND at > $2 AND action = 'open_person'",
        vec![by.id.into(), (cab.now_ms() - 3_600_000).into()],
    )
    .await?;
    let people: i64 = row.map_or(Ok(0), |row| sql::get(&row, "people"))?;
    if people > MANY_AN_HOUR {
        metrics::counter!("kopeck_staff_many_people").increment(1);
        tracing::warn!(staff = %by.id, people, "somebody of the staff opens many people");
    }
    Ok(())
}

fn seen(
    by: &Staff,
    field: Field,
    known: &BTreeMap<Field, String>,
    opened: bool,
) -> Option<SeenField> {
    let sight = roles::sight(&by.roles, field);
    let whole = sight == Sight::Open || (sight == Sight::OnReason && opened);
    let text = known.get(&field);
    (sight != Sight::Hidden).then(|| SeenField {
        field,
        text: text.map(|text| {
            if whole {
                text.clone()
            } else {
                masked(field, text)
            }
        }),
        can_open: sight == Sight::OnReason && !opened && text.is_some(),
    })
}

/// Opens a field for a quarter of an hour. The reason stands in the log and in the person's diary.
///
/// # Errors
/// `Fields`: `reason` says nothing; `Forbidden("staff_role")` when the roles see it masked or not at all.
pub async fn open_field(
    cab: &Cabinet,
    by: &Staff,
    borrower: BorrowerId,
    field: Field,
    reason: &str,
) -> Result<()> {
    by.must(Action::OpenPerson)?;
    if roles::sight(&by.roles, field) != Sight::OnReason {
        return Err(CabinetError::Forbidden("staff_role"));
    }
    let reason = super::reason("reason", reason)?;
    access::borrower(cab, borrower)
        .await
        .map_err(|_| CabinetError::NotFound)?;
    let (cabinet, by) = (cab.clone(), by.clone());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let deed = Deed::named("open_field", field.code())
                    .about(borrower)
                    .because(&reason);
                audit::write(tx, &cabinet, Some(&by), deed).await
            })
        })
        .await
}

async fn opened(cab: &Cabinet, by: &Staff, borrower: BorrowerId) -> Result<Vec<Field>> {
    let rows = sql::all(
        cab.db().read(),
        "SELECT DISTINCT object FROM audit WHERE staff = $1 AND borrower = $2 \
         AND action = 'open_field' AND at > $3",
        vec![
            by.id.into(),
            borrower.into(),
            (cab.now_ms() - OPEN_MS).into(),
        ],
    )
    .await?;
    let codes: Vec<String> = rows
        .iter()
        .map(|row| sql::get(row, "object"))
        .collect::<Result<_>>()?;
    Ok(codes
        .iter()
        .filter_map(|code| Field::from_code(code))
        .collect())
}

/// What is known of a person, field by field.
async fn known(cab: &Cabinet, borrower: BorrowerId) -> Result<BTreeMap<Field, String>> {
    let phone = access::contact(cab, cab.db().read(), borrower).await?.phone;
    let answers = profile::answers(cab, borrower).await?;
    let join = |names: &[&str], between: &str| {
        let parts: Vec<&str> = names
            .iter()
            .filter_map(|name| answers.get(*name))
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        parts.join(between)
    };
    let one = |name: &str| join(&[name], "");
    let all = [
        (
            Field::Name,
            join(&["last_name", "first_name", "middle_name"], " "),
        ),
        (Field::Phone, phone.whole()),
        (Field::Email, one("email")),
        (Field::Birth, one("birth_date")),
        (Field::Passport, one("passport")),
        (
            Field::Address,
            join(&["city", "street", "house", "flat"], ", "),
        ),
        (Field::Inn, one("inn")),
        (
            Field::Income,
            join(&["employer", "position", "income"], ", "),
        ),
    ];
    Ok(all
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect())
}

/// A field of a person as these roles see it where a reason was given; none when they don't see it.
pub(crate) fn shown(by: &Staff, field: Field, text: &str) -> Option<String> {
    match roles::sight(&by.roles, field) {
        Sight::Hidden => None,
        Sight::Masked => Some(masked(field, text)),
        Sight::OnReason | Sight::Open => Some(text.to_owned()),
    }
}

/// The shape of a field: enough to check what a person says of it, not enough to use it.
fn masked(field: Field, text: &str) -> String {
    match field {
        Field::Phone => Phone::parse(text).map_or_else(dots, |phone| phone.masked()),
        Field::Email => match text.split_once('@') {
            Some((name, host)) => format!("{}***@{host}", name.chars().next().unwrap_or('*')),
            None => dots(),
        },
        Field::Passport | Field::Inn => {
            let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
            let tail: String = digits.iter().skip(digits.len().saturating_sub(3)).collect();
            format!("*** {tail}")
        }
        Field::Name => text
            .split_whitespace()
            .filter_map(|part| part.chars().next())
            .map(|letter| format!("{letter}."))
            .collect::<Vec<_>>()
            .join(" "),
        Field::Birth | Field::Address | Field::Income | Field::Loans => dots(),
    }
}

fn dots() -> String {
    "***".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_never_holds_what_it_hides() {
        let cases = [
            (Field::Phone, "+7 900 123-45-67", "900123"),
            (Field::Email, "maria@example.ru", "maria"),
            (Field::Passport, "45 10 123456", "123"),
            (Field::Inn, "500100732259", "500100732"),
            (Field::Name, "Иванова Мария Петровна", "Иванова"),
            (Field::Birth, "12.05.1990", "1990"),
            (Field::Address, "Москва, Тверская, 1", "Тверская"),
            (Field::Income, "Завод, токарь, 50000", "50000"),
        ];
        for (field, text, hidden) in cases {
            let mask = masked(field, text);
            let plain: String = mask.chars().filter(|c| c.is_alphanumeric()).collect();
            assert!(!plain.contains(hidden), "{field:?}: {mask}");
            let covered = mask.contains(['*', '·']) || field == Field::Name;
            assert!(covered, "{mask}");
        }
        assert_eq!(masked(Field::Name, "Иванова Мария Петровна"), "И. М. П.");
    }

    #[test]
    fn a_contract_is_told_from_a_phone() {
        assert_eq!(
            contract_number("№ 2026-000001").as_deref(),
            Some("2026-000001")
        );
        assert_eq!(contract_number("8-900-123-45-67"), None);
        assert_eq!(contract_number("2026-"), None);
    }
}
