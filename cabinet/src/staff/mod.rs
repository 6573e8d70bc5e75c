//! The lender's staff and their workplace: who they are, what each may do, what two of them agree on, what was done.
//!
//! Every use case here takes the [`Staff`] of a session, asks [`roles::may`] first and leaves a row in the
//! [`audit`] log in the transaction of what it did. What is about a person's data also stands in that person's
//! diary.

mod agreement;
pub mod audit;
mod enter;
mod find;
mod income;
pub(crate) mod opened;
pub mod papers;
mod people;
mod reports;
pub mod roles;
mod underwriting;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lending::Kopecks;

use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, FieldError, Result};
use crate::ids::StaffId;

pub use agreement::{Agreement, Kind, Outcome, agreements, decide, propose_role, withdraw};
pub use enter::{
    Enrolment, Half, Typed, change_password, code, enrolment, enter, leave, password, session,
    watching,
};
pub use income::{
    IncomeCase, IncomeWaiting, ProofTyped, decline_income, income, income_picture, incomes,
    prove_income, withdraw_income,
};
pub(crate) use people::shown;
pub use people::{FoundPerson, PersonView, SeenField, find_person, loan, open_field, person};
pub use reports::{Bucket, Burden, Day, Quarter, Reports, reconciled, reports};
pub use roles::{Action, Field, Role, Sight, up_to};
pub use underwriting::{Case, CaseView, Word, ask_paper, case, case_picture, queue, resolve};

use audit::Deed;

/// The shortest reason that can say anything.
const REASON: usize = 10;
/// What was opened with a reason stays open for whoever gave it for so long.
pub(crate) const OPEN_MS: i64 = 15 * 60_000;

/// Somebody of the staff, as a session knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub id: StaffId,
    /// The name they come in by.
    pub login: String,
    /// What colleagues call them.
    pub name: String,
    /// What they are there for.
    pub roles: Vec<Role>,
    /// The first password is not replaced yet: nothing else is open.
    pub must_change: bool,
}

/// What waits for a second person longer than this is late.
const SECOND_PERSON_HOURS: i64 = 24;

/// Whether something has waited for a second person too long.
pub fn waits_long(cab: &Cabinet, since: DateTime<Utc>) -> bool {
    (cab.now() - since).num_hours() >= SECOND_PERSON_HOURS
}

impl Staff {
    /// Whether their roles allow it.
    pub fn may(&self, action: Action) -> bool {
        !self.must_change && roles::may(&self.roles, action)
    }

    /// Their roles' codes with commas.
    pub fn role_codes(&self) -> String {
        let codes: Vec<&str> = self.roles.iter().map(|role| role.code()).collect();
        codes.join(",")
    }

    /// Refuses a sum above what the roles may decide of.
    pub(crate) fn must_reach(&self, action: Action, sum: Kopecks) -> Result<()> {
        match roles::up_to(&self.roles, action) {
            Some(most) if sum > most => Err(CabinetError::Forbidden("staff_sum")),
            _ => Ok(()),
        }
    }

    /// `Forbidden("password_needed")` before the first password is replaced, `Forbidden("role")` when no role of
    /// theirs allows it.
    pub(crate) fn must(&self, action: Action) -> Result<()> {
        if self.must_change {
            return Err(CabinetError::Forbidden("staff_password_needed"));
        }
        if roles::may(&self.roles, action) {
            return Ok(());
        }
        Err(CabinetError::Forbidden("staff_role"))
    }

    /// Writes down something that changes nothing else: a look.
    pub(crate) async fn note(&self, cab: &Cabinet, deed: Deed) -> Result<()> {
        let (cabinet, by) = (cab.clone(), self.clone());
        cab.db()
            .write(move |tx| {
                Box::pin(async move { audit::write(tx, &cabinet, Some(&by), deed).await })
            })
            .await
    }
}

/// Two people decide, and the second is somebody else. `Forbidden("second_person")` for whoever was the first.
pub(crate) fn another(by: &Staff, first: &str) -> Result<()> {
    if first == by.id.to_string() {
        return Err(CabinetError::Forbidden("second_person"));
    }
    Ok(())
}

/// A reason that says something. `Fields(name, "staff_reason")` for one that is too short.
pub(crate) fn reason(name: &str, typed: &str) -> Result<String> {
    let reason: String = typed.trim().chars().take(500).collect();
    if reason.chars().count() < REASON {
        return Err(CabinetError::field(name, "staff_reason"));
    }
    Ok(reason)
}

/// Somebody of the staff with what they come in by.
pub(crate) struct Joined {
    staff: Staff,
    password: String,
    totp: String,
    totp_step: i64,
}

/// Somebody new, and what to hand to them once; nothing of it can be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    /// Who.
    pub id: StaffId,
    /// The login.
    pub login: String,
    /// The password of the first sign-in, which asks for another.
    pub password: String,
    /// The link that an authenticator app reads, usually as a QR code.
    pub authenticator: String,
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub staff: Staff,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Letters, digits, dots, hyphens: what is typed on any keyboard and stands in a log as it is.
fn login(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    let fits = (3..=40).contains(&text.len()) && text.chars().all(plain);
    fits.then_some(text)
}

/// Adds somebody at the console of the server: the first chief and whoever the lender trusts as much as the
/// console. At the workplace roles are given by two people, [`propose_role`].
///
/// # Errors
/// `Fields`: `login` malformed or taken, `name` empty.
pub async fn add(cab: &Cabinet, new_login: &str, name: &str, roles: &[Role]) -> Result<Welcome> {
    let mut wrong = Vec::new();
    let Some(login) = login(new_login) else {
        return Err(CabinetError::field("login", "staff_login"));
    };
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        wrong.push(FieldError::new("name", "required"));
    }
    if find::by_login(cab, &login).await?.is_some() {
        wrong.push(FieldError::new("login", "staff_login_taken"));
    }
    if !wrong.is_empty() {
        return Err(CabinetError::Fields(wrong));
    }
    let id = StaffId(cab.fresh_id());
    let password = cab.fresh_secret()[..16].to_owned();
    let hash = cab.hasher().hash(&password).await?;
    let (secret, authenticator) = enter::new_authenticator(cab, &login)?;
    let seal =
        |column: &str, text: &str| cab.keys().encrypt("staff", column, &id.to_string(), text);
    let row = vec![
        id.into(),
        login.clone().into(),
        seal("name", &name)?.into(),
        seal("password", &hash)?.into(),
        seal("totp", &secret)?.into(),
        cab.now_ms().into(),
    ];
    let (cabinet, roles) = (cab.clone(), roles.to_vec());
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let statement = "INSERT INTO staff (id, login, name, password, totp, totp_step, \
                     must_change, created_at) VALUES ($1, $2, $3, $4, $5, 0, 1, $6)";
                sql::execute(tx, statement, row).await?;
                for role in roles {
                    give(tx, &cabinet, id, role, "").await?;
                }
                let deed = Deed::named("staff_add", id);
                audit::write(tx, &cabinet, None, deed).await
            })
        })
        .await?;
    Ok(Welcome {
        id,
        login,
        password,
        authenticator,
    })
}

/// Gives a role; having it already is no error.
async fn give(tx: &Tx, cab: &Cabinet, staff: StaffId, role: Role, agreement: &str) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO staff_role (staff, role, agreement, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (staff, role) DO NOTHING",
        vec![
            staff.into(),
            role.code().into(),
            agreement.into(),
            cab.now_ms().into(),
        ],
    )
    .await
    .map(drop)
}

/// Names by id, of those who left too.
pub async fn names(cab: &Cabinet) -> Result<BTreeMap<StaffId, String>> {
    find::names(cab).await
}

/// Everybody who works here, for use cases that have asked the table already.
pub(crate) async fn working(cab: &Cabinet) -> Result<Vec<Staff>> {
    let all = find::all(cab).await?;
    Ok(all.into_iter().map(|one| one.staff).collect())
}

/// Everybody who works here, by login.
pub async fn colleagues(cab: &Cabinet, by: &Staff) -> Result<Vec<Colleague>> {
    by.must(Action::ReadStaff)?;
    find::all(cab).await
}
