//! What the staff did and looked at: rows that are only added, each chained to the one before by its hash.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};
use sha2::{Digest as _, Sha256};

use super::roles::{self, Action};
use super::{Staff, find};
use crate::db::{Tx, sql};
use crate::diary::{self, Entry, Role};
use crate::error::{CabinetError, Result};
use crate::ids::{BorrowerId, StaffId};
use crate::keys::hex;
use crate::{Cabinet, moment};

/// Rows read at once when the whole log is walked or exported.
const PAGE: i64 = 500;

/// Something done or looked at.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    /// What it is: the code of an [`Action`], or of a step of getting in.
    pub(crate) action: &'static str,
    /// What it was done to.
    pub(crate) object: String,
    /// Whose data.
    pub(crate) borrower: Option<BorrowerId>,
    /// Why or how, in words; sealed.
    pub(crate) detail: String,
}

impl Deed {
    pub(crate) fn new(action: Action, object: impl std::fmt::Display) -> Self {
        Self::named(action.code(), object)
    }

    pub(crate) fn named(action: &'static str, object: impl std::fmt::Display) -> Self {
        Self {
            action,
            object: object.to_string(),
            borrower: None,
            detail: String::new(),
        }
    }

    #[must_use]
    pub(crate) fn about(mut self, borrower: BorrowerId) -> Self {
        self.borrower = Some(borrower);
        self
    }

    #[must_use]
    pub(crate) fn because(mut self, why: &str) -> Self {
        why.clone_into(&mut self.detail);
        self
    }
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number; there are no gaps.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none at the console of the server.
    pub staff: Option<StaffId>,
    /// The roles they held, by their codes, with commas.
    pub roles: String,
    /// What.
    pub action: String,
    /// To what.
    pub object: String,
    /// Whose data.
    pub borrower: Option<BorrowerId>,
    /// Why or how.
    pub detail: String,
}

/// Which rows of the log.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// About this person only.
    pub borrower: Option<BorrowerId>,
    /// By this one of the staff only.
    pub staff: Option<StaffId>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
}

/// What a walk over the log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Rows walked.
    pub rows: u64,
    /// The first row that is not what was written.
    pub first_bad: Option<i64>,
}

struct Row<'a> {
    seq: i64,
    at: i64,
    parts: [&'a str; 6],
}

impl Row<'_> {
    /// Texts carry their length, so no two rows have one text; changing this breaks every stored chain.
    fn hash(&self, previous: &str) -> String {
        use std::fmt::Write as _;
        let mut text = format!("kopeck-audit-1\n{previous}\n{}\n{}\n", self.seq, self.at);
        for part in self.parts {
            // Writing to a string never fails.
            let _ = writeln!(text, "{}:{part}", part.len());
        }
        hex(&Sha256::digest(text.as_bytes()))
    }
}

/// What a person reads of a deed in their diary; a decision's own line is written where it is made.
fn told(by: &Staff, deed: &Deed) -> Option<Entry> {
    let what = match deed.action {
        "find_person" => "person_found",
        "open_person" => "person_seen",
        "open_loan" => "loan_seen",
        "open_field" => "field_opened",
        "read_applications" => "application_seen",
        "read_income" => "income_seen",
        "read_audit" => "log_read",
        "grant_agent" => "agent_granted",
        "stop_agent" => "agent_stopped",
        "resume_agent" => "agent_resumed",
        _ => return None,
    };
    Some(Entry::new(Role::Staff(by.id), what).because(&deed.detail))
}

/// Adds a row; what was about a person stands in that person's diary by the same commit.
pub(crate) async fn write(tx: &Tx, cab: &Cabinet, by: Option<&Staff>, deed: Deed) -> Result<()> {
    let head = format!(
        "SELECT seq, hash FROM audit_head WHERE id = 1{}",
        sql::for_update(tx)
    );
    let head = sql::one(tx, &head, vec![])
        .await?
        .ok_or_else(|| CabinetError::internal("the audit log has no head"))?;
    let (last, previous): (i64, String) = (sql::get(&head, "seq")?, sql::get(&head, "hash")?);
    let (seq, at) = (last + 1, cab.now_ms());
    if let (Some(by), Some(borrower)) = (by, deed.borrower)
        && let Some(entry) = told(by, &deed)
    {
        diary::write(tx, cab, borrower, entry).await?;
    }
    let detail = cab
        .keys()
        .encrypt("audit", "detail", &seq.to_string(), &deed.detail)?;
    let staff = by.map(|staff| staff.id.to_string()).unwrap_or_default();
    let roles = by.map(Staff::role_codes).unwrap_or_default();
    let borrower = deed.borrower.map(|id| id.to_string()).unwrap_or_default();
    let hash = Row {
        seq,
        at,
        parts: [
            &staff,
            &roles,
            deed.action,
            &deed.object,
            &borrower,
            &detail,
        ],
    }
    .hash(&previous);
    sql::execute(
        tx,
        "INSERT INTO audit (seq, at, staff, roles, action, object, borrower, detail, \
         previous_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            seq.into(),
            at.into(),
            staff.into(),
            roles.into(),
            deed.action.into(),
            deed.object.into(),
            borrower.into(),
            detail.into(),
            previous.into(),
            hash.clone().into(),
        ],
    )
    .await?;
    sql::execute(
        tx,
        "UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1",
        vec![seq.into(), hash.into()],
    )
    .await
    .map(drop)
}

/// Why this one of the staff did a thing to an object, the last time since a moment; none when they did not.
pub(crate) async fn last_reason(
    cab: &Cabinet,
    by: &Staff,
    action: &str,
    object: &str,
    since: i64,
) -> Result<Option<String>> {
    let row = sql::one(
        cab.db().read(),
        "SELECT * FROM audit WHERE staff = $1 AND at > $2 AND action = $3 AND object = $4 \
         ORDER BY seq DESC LIMIT 1",
        vec![by.id.into(), since.into(), action.into(), object.into()],
    )
    .await?;
    row.map(|row| line(cab, &row).map(|line| line.detail))
        .transpose()
}

/// The newest rows that fit, `most` of them; reading the log is written into it.
pub async fn read(cab: &Cabinet, by: &Staff, filter: &Filter, most: u64) -> Result<Vec<Line>> {
    by.must(Action::ReadAudit)?;
    let mut deed = Deed::new(Action::ReadAudit, "");
    deed.borrower = filter.borrower;
    by.note(cab, deed).await?;
    let (condition, mut values) = condition(filter);
    values.push(i64::try_from(most).unwrap_or(PAGE).into());
    let statement = format!(
        "SELECT * FROM audit {condition} ORDER BY seq DESC LIMIT ${}",
        values.len()
    );
    let rows = sql::all(cab.db().read(), &statement, values).await?;
    rows.iter().map(|row| line(cab, row)).collect()
}

fn condition(filter: &Filter) -> (String, Vec<Value>) {
    let mut parts = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut add = |column: &str, value: Value| {
        values.push(value);
        parts.push(format!("{column} ${}", values.len()));
    };
    if let Some(borrower) = filter.borrower {
        add("borrower =", borrower.into());
    }
    if let Some(staff) = filter.staff {
        add("staff =", staff.into());
    }
    if let Some(from) = filter.from {
        add("at >=", from.timestamp_millis().into());
    }
    if let Some(until) = filter.until {
        add("at <", until.timestamp_millis().into());
    }
    let text = if parts.is_empty() {
        String::new()
    } else {
        format!("WHERE {}", parts.join(" AND "))
    };
    (text, values)
}

fn line(cab: &Cabinet, row: &QueryResult) -> Result<Line> {
    let seq: i64 = sql::get(row, "seq")?;
    let (staff, borrower): (String, String) = (sql::get(row, "staff")?, sql::get(row, "borrower")?);
    let detail: String = sql::get(row, "detail")?;
    Ok(Line {
        seq,
        at: moment(sql::get(row, "at")?)?,
        staff: staff.parse().ok(),
        roles: sql::get(row, "roles")?,
        action: sql::get(row, "action")?,
        object: sql::get(row, "object")?,
        borrower: borrower.parse().ok(),
        detail: cab
            .keys()
            .decrypt("audit", "detail", &seq.to_string(), &detail)?,
    })
}

/// Somebody of the staff, and what they saw of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// The roles they hold, by their codes, with commas.
    pub roles: String,
    /// How often they looked between the moments; zero for those who could have and did not.
    pub looks: i64,
    /// When for the last time.
    pub last: Option<DateTime<Utc>>,
}

/// Who looked at a person's data between two moments, and who else could have by their roles. Asking is written into
/// the log and the person's diary.
pub async fn witnesses(
    cab: &Cabinet,
    by: &Staff,
    borrower: BorrowerId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Witness>> {
    by.must(Action::ReadAudit)?;
    by.note(cab, Deed::new(Action::ReadAudit, "").about(borrower))
        .await?;
    let (from, until) = (from.timestamp_millis(), until.timestamp_millis());
    let rows = sql::all(
        cab.db().read(),
        "SELECT staff, COUNT(*) AS looks, MAX(at) AS last FROM audit WHERE borrower = $1 \
         AND at >= $2 AND at < $3 AND staff <> '' GROUP BY staff",
        vec![borrower.into(), from.into(), until.into()],
    )
    .await?;
    let mut looks = BTreeMap::new();
    for row in &rows {
        let staff: String = sql::get(row, "staff")?;
        let seen: (i64, i64) = (sql::get(row, "looks")?, sql::get(row, "last")?);
        looks.insert(staff, seen);
    }
    let rows = sql::all(
        cab.db().read(),
        "SELECT staff.id, staff_role.role FROM staff LEFT JOIN staff_role ON staff_role.staff = staff.id \
         AND staff_role.since < $1 WHERE staff.created_at < $1 \
         AND (staff.left_at IS NULL OR staff.left_at >= $2) ORDER BY staff.id, staff_role.role",
        vec![until.into(), from.into()],
    )
    .await?;
    let mut roles: BTreeMap<String, Vec<roles::Role>> = BTreeMap::new();
    for row in &rows {
        let held = roles.entry(sql::get(row, "id")?).or_default();
        let role: Option<String> = sql::get(row, "role")?;
        held.extend(role.as_deref().and_then(roles::Role::from_code));
    }
    let names = find::names(cab).await?;
    let who: BTreeSet<String> = looks.keys().chain(roles.keys()).cloned().collect();
    let mut found = Vec::new();
    for id in who {
        let held = roles.remove(&id).unwrap_or_default();
        let seen = looks.get(&id).copied();
        if seen.is_none() && !roles::may(&held, Action::OpenPerson) {
            continue;
        }
        let staff: StaffId = id.parse().map_err(CabinetError::internal)?;
        let codes: Vec<&str> = held.iter().map(|role| role.code()).collect();
        found.push(Witness {
            staff,
            name: names.get(&staff).cloned().unwrap_or_default(),
            roles: codes.join(","),
            looks: seen.map_or(0, |(looks, _)| looks),
            last: seen.map(|(_, last)| moment(last)).transpose()?,
        });
    }
    found.sort_by_key(|one| (-one.looks, one.staff));
    Ok(found)
}

/// Walks the whole log: numbers, hashes, and that it ends where its head says.
pub async fn verify(cab: &Cabinet) -> Result<Verified> {
    let conn = cab.db().read();
    let head = sql::one(
        conn,
        "SELECT seq, hash FROM audit_head WHERE id = 1",
        vec![],
    )
    .await?;
    let (end, end_hash): (i64, String) = match head {
        Some(row) => (sql::get(&row, "seq")?, sql::get(&row, "hash")?),
        None => (0, String::new()),
    };
    let mut found = Verified {
        rows: 0,
        first_bad: None,
    };
    let (mut expected, mut previous) = (1_i64, String::new());
    loop {
        let rows = sql::all(
            conn,
            "SELECT * FROM audit WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3",
            vec![expected.into(), end.into(), PAGE.into()],
        )
        .await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let text = |column: &str| sql::get::<String>(row, column);
            let seq: i64 = sql::get(row, "seq")?;
            let hash = Row {
                seq,
                at: sql::get(row, "at")?,
                parts: [
                    &text("staff")?,
                    &text("roles")?,
                    &text("action")?,
                    &text("object")?,
                    &text("borrower")?,
                    &text("detail")?,
                ],
            }
            .hash(&previous);
            let stored = text("hash")?;
            if seq != expected || text("previous_hash")? != previous || hash != stored {
                found.first_bad.get_or_insert(expected);
            }
            found.rows += 1;
            previous = stored;
            expected = seq + 1;
        }
    }
    if previous != end_hash || expected != end + 1 {
        found.first_bad.get_or_insert(expected);
    }
    Ok(found)
}
