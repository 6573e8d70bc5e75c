//! What must be true after every step, whatever happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use cabinet::ports::{Acquirer, Clock, MovementKind, RemoteMovement};
use cabinet::{BorrowerId, LoanId, PaymentId, ledger};
use chrono::{DateTime, TimeZone, Utc};
use lending::Kopecks;
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::owed;
use crate::support::World;
use crate::support::acquirer::TestAcquirer;
use crate::support::journey::balance;

/// What the borrower and the acquirer know.
pub struct Known {
    pub borrower: BorrowerId,
    pub loan: Option<LoanId>,
    pub acknowledged: BTreeMap<PaymentId, Kopecks>,
    pub promised: Vec<(&'static str, String)>,
    pub acquirer: Arc<TestAcquirer>,
}

pub type Looked = Result<(), String>;

pub fn must(true_: bool, what: impl FnOnce() -> String) -> Looked {
    if true_ { Ok(()) } else { Err(what()) }
}

pub fn fault(error: impl std::fmt::Display) -> String {
    format!("can't look: {error}")
}

pub async fn rows(world: &World, sql: &str) -> Result<Vec<QueryResult>, String> {
    let db = world.cab.db();
    let statement = Statement::from_string(db.backend(), sql);
    db.read().query_all_raw(statement).await.map_err(fault)
}

pub fn get<T: sea_orm::TryGetable>(row: &QueryResult, column: &str) -> Result<T, String> {
    row.try_get("", column).map_err(fault)
}

fn ever() -> (DateTime<Utc>, DateTime<Utc>) {
    let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
    (year(2026), year(2040))
}

async fn moved(acquirer: &TestAcquirer) -> Result<Vec<RemoteMovement>, String> {
    let (from, to) = ever();
    acquirer.movements(from, to).await.map_err(fault)
}

/// Every promise that holds at any moment.
pub async fn look(world: &World, known: &Known) -> Looked {
    let verified = ledger::verify(&world.cab).await.map_err(fault)?;
    must(verified.first_bad.is_none(), || {
        format!("the chain is broken at {:?}", verified.first_bad)
    })?;
    must(verified.debit == verified.credit, || {
        format!("debits {} and credits {}", verified.debit, verified.credit)
    })?;
    let books = ledger::balances(&world.cab).await.map_err(fault)?;
    let posted = posted(world).await?;
    against_acquirer(world, &posted.acquirer, &moved(&known.acquirer).await?).await?;
    against_bank(world, &posted.bank).await?;
    for (account, side) in [("acquirer", &posted.acquirer), ("bank", &posted.bank)] {
        let (held, net) = (balance(&books, account), net(side));
        must(held == net, || {
            format!("{account}: {held} by the journal and {net} by the operations")
        })?;
    }
    payments(world, known).await?;
    promises(world).await?;
    outbox(world).await?;
    autopay(world).await?;
    if let Some(loan) = known.loan {
        owed::look(world, known.borrower, loan, &books).await?;
    }
    Ok(())
}

/// No payment date is debited twice, no debit is above what was allowed at once, before its hour, or
/// begun after the permission was taken back.
async fn autopay(world: &World) -> Looked {
    let sql = "SELECT t.at, m.hour, m.status, m.changed_at FROM autopay_try t \
               JOIN mandate m ON m.id = t.mandate";
    for row in rows(world, sql).await? {
        let (at, hour): (i64, i64) = (get(&row, "at")?, get(&row, "hour")?);
        let (status, changed): (String, i64) = (get(&row, "status")?, get(&row, "changed_at")?);
        must(status != "revoked" || at <= changed, || {
            format!("debited at {at}, taken back at {changed}")
        })?;
        // Moscow's hour.
        let then = (at / 3_600_000 + 3) % 24;
        must(then >= hour, || {
            format!("debited at {then}, allowed from {hour}")
        })?;
    }
    let sql = "SELECT t.loan, t.due_on, t.amount, m.cap_debit FROM autopay_try t \
               JOIN mandate m ON m.id = t.mandate JOIN payment p ON p.id = t.payment \
               WHERE p.status = 'succeeded'";
    let mut debited = BTreeMap::new();
    for row in rows(world, sql).await? {
        let date: (String, String) = (get(&row, "loan")?, get(&row, "due_on")?);
        let (amount, cap): (i64, i64) = (get(&row, "amount")?, get(&row, "cap_debit")?);
        must(amount <= cap, || format!("{amount} is debited above {cap}"))?;
        let twice = debited.insert(date.clone(), amount);
        must(twice.is_none(), || format!("{date:?} is debited twice"))?;
    }
    Ok(())
}

/// A posted movement of money.
struct Posted {
    signed: Kopecks,
    at: i64,
}

/// What was posted: movements at the acquirer, and those that the bank's statement told of.
#[derive(Default)]
struct Books {
    acquirer: BTreeMap<String, Posted>,
    bank: BTreeMap<String, Posted>,
}

fn net(side: &BTreeMap<String, Posted>) -> Kopecks {
    side.values().map(|one| one.signed).sum()
}

async fn posted(world: &World) -> Result<Books, String> {
    let sql = "SELECT kind, amount, reference, at FROM operation \
               WHERE kind IN ('payment', 'top_up', 'disbursement', 'refund')";
    let mut books = Books::default();
    for row in rows(world, sql).await? {
        let kind: String = get(&row, "kind")?;
        let amount = Kopecks::new(get(&row, "amount")?);
        let reference: String = get(&row, "reference")?;
        let signed = match kind.as_str() {
            "payment" | "top_up" => amount,
            _ => Kopecks::ZERO - amount,
        };
        let at = get(&row, "at")?;
        let side = if reference.starts_with("statement:") {
            &mut books.bank
        } else {
            &mut books.acquirer
        };
        let twice = side.insert(reference.clone(), Posted { signed, at });
        must(twice.is_none(), || format!("{reference} is posted twice"))?;
    }
    Ok(books)
}

/// Each line of a statement that is posted is one operation of its sum, and no operation has no line.
async fn against_bank(world: &World, posted: &BTreeMap<String, Posted>) -> Looked {
    let sql = "SELECT reference, amount FROM bank_line WHERE status = 'posted'";
    let lines = rows(world, sql).await?;
    for line in &lines {
        let (name, amount): (String, i64) = (get(line, "reference")?, get(line, "amount")?);
        let ours = posted.get(&name).map(|one| one.signed.get());
        must(ours == Some(amount), || {
            format!("{name} of {amount} is posted as {ours:?}")
        })?;
    }
    must(lines.len() == posted.len(), || {
        format!("{} lines and {} operations", lines.len(), posted.len())
    })
}

/// Whoever paid a promised sum in time owes nothing.
async fn promises(world: &World) -> Looked {
    let sql = "SELECT p.id, p.taken_at, p.created_at, q.expires_at, l.closed_on FROM payment p \
               JOIN payoff_quote q ON q.id = p.quote JOIN loan l ON l.id = p.loan \
               WHERE p.status = 'succeeded'";
    for row in rows(world, sql).await? {
        let (id, begun): (String, i64) = (get(&row, "id")?, get(&row, "created_at")?);
        let (taken, until): (i64, i64) = (get(&row, "taken_at")?, get(&row, "expires_at")?);
        let closed: Option<String> = get(&row, "closed_on")?;
        // A bank may take minutes over what was confirmed in time.
        let in_time = begun < until && taken < until + 30 * 60_000;
        must(closed.is_some() || !in_time, || {
            format!("payment {id} kept a promise and the loan is open")
        })?;
    }
    Ok(())
}

/// The acquirer's truth is what we posted and what is in transit: known here as unfinished and to be asked about.
async fn against_acquirer(
    world: &World,
    posted: &BTreeMap<String, Posted>,
    moved: &[RemoteMovement],
) -> Looked {
    let mut watched = Vec::new();
    let sql = "SELECT id, 'pay' AS kind FROM payment WHERE poll_at IS NOT NULL AND \
               status <> 'succeeded' UNION ALL SELECT id, 'out' AS kind FROM payout \
               WHERE poll_at IS NOT NULL AND status NOT IN ('succeeded', 'failed', 'cancelled') \
               UNION ALL SELECT id, 'ref' AS kind FROM refund WHERE poll_at IS NOT NULL";
    for row in rows(world, sql).await? {
        let (kind, id): (String, String) = (get(&row, "kind")?, get(&row, "id")?);
        watched.push(format!("{kind}-{id}"));
    }
    for movement in moved {
        let signed = match movement.kind {
            MovementKind::Payment => movement.amount,
            MovementKind::Payout | MovementKind::Refund => Kopecks::ZERO - movement.amount,
        };
        match posted.get(&movement.id) {
            Some(ours) => must(
                ours.signed == signed && ours.at == movement.at.timestamp_millis(),
                || {
                    format!(
                        "{} is posted as {} and was {signed}",
                        movement.id, ours.signed
                    )
                },
            )?,
            None => must(watched.contains(&movement.id), || {
                format!("{} moved and nobody here will ever ask", movement.id)
            })?,
        }
    }
    let known = |id: &String| moved.iter().any(|movement| movement.id == *id);
    for id in posted.keys() {
        must(known(id), || format!("{id} is posted and never moved"))?;
    }
    Ok(())
}

async fn payments(world: &World, known: &Known) -> Looked {
    let mut unfinished: BTreeMap<String, u32> = BTreeMap::new();
    let mut sums = BTreeMap::new();
    for row in rows(world, "SELECT id, purpose, status, amount FROM payment").await? {
        let (id, amount): (String, i64) = (get(&row, "id")?, get(&row, "amount")?);
        sums.insert(id, Kopecks::new(amount));
        let status: String = get(&row, "status")?;
        if matches!(status.as_str(), "created" | "waiting" | "unknown") {
            *unfinished.entry(get(&row, "purpose")?).or_default() += 1;
        }
    }
    must(unfinished.values().all(|count| *count == 1), || {
        format!("unfinished beside each other: {unfinished:?}")
    })?;
    for (payment, amount) in &known.acknowledged {
        must(sums.get(&payment.to_string()) == Some(amount), || {
            format!("payment {payment} of {amount} was acknowledged and is lost")
        })?;
    }
    for (table, key) in [
        ("prolongation", "id"),
        ("inbox", "event || ' ' || object_id"),
        ("refund", "id"),
        ("payoff_quote", "id"),
        ("bank_line", "CAST(amount AS TEXT)"),
    ] {
        let sql = format!("SELECT {key} AS name FROM {table}");
        let mut there = Vec::new();
        for row in rows(world, &sql).await? {
            there.push(get::<String>(&row, "name")?);
        }
        for (_, id) in known.promised.iter().filter(|(of, _)| *of == table) {
            must(there.contains(id), || {
                format!("{table} {id} was acknowledged and is lost")
            })?;
        }
    }
    Ok(())
}

/// Money and the bureau's record are never given up, and nothing failed by a fault of ours.
async fn outbox(world: &World) -> Looked {
    let sql = "SELECT kind, last_error FROM outbox WHERE (dead_at IS NOT NULL \
               AND kind NOT IN ('sms', 'mail', 'push', 'notice')) OR last_error LIKE 'internal%'";
    let Some(row) = rows(world, sql).await?.into_iter().next() else {
        return Ok(());
    };
    let (kind, error): (String, Option<String>) = (get(&row, "kind")?, get(&row, "last_error")?);
    Err(format!("{kind} in the outbox: {error:?}"))
}

/// Every day of a statement agrees, but for the lines that wait for a person, each by its name.
async fn bank_days(world: &World) -> Looked {
    // Postgres sums whole numbers to decimal ones.
    let sql = "SELECT on_date, \
               CAST(SUM(CASE WHEN status = 'unmatched' THEN amount ELSE 0 END) AS BIGINT) AS waits, \
               CAST(SUM(CASE WHEN status = 'unmatched' THEN 1 ELSE 0 END) AS BIGINT) AS lines \
               FROM bank_line GROUP BY on_date";
    for row in rows(world, sql).await? {
        let on: String = get(&row, "on_date")?;
        let (waits, lines): (i64, i64) = (get(&row, "waits")?, get(&row, "lines")?);
        let day = on.parse().map_err(fault)?;
        let report = cabinet::reconcile::day(&world.cab, day).await;
        let report = report.map_err(fault)?;
        must(
            report.difference == Kopecks::new(waits)
                && i64::try_from(report.items.len()) == Ok(lines),
            || format!("{on} is apart by other things than {waits} that wait: {report:?}"),
        )?;
    }
    Ok(())
}

/// After three quiet days nothing is in transit and the registers differ by 0.00. Answers what the history came to.
pub async fn settled(world: &World, acquirer: &TestAcquirer) -> Result<String, String> {
    let (from, to) = ever();
    let books = cabinet::payment::reconcile(&world.cab, from, to).await;
    let books = books.map_err(fault)?;
    must(
        books.missing.is_empty() && books.difference.is_zero(),
        || format!("{} apart: {:?}", books.difference, books.missing),
    )?;
    bank_days(world).await?;
    let unpaid = acquirer.unpaid();
    let open = "SELECT id, status, remote_id FROM payment WHERE status IN \
                ('created', 'waiting', 'unknown')";
    for row in rows(world, open).await? {
        let (id, status): (String, String) = (get(&row, "id")?, get(&row, "status")?);
        let remote: Option<String> = get(&row, "remote_id")?;
        must(
            remote.is_some_and(|remote| unpaid.contains(&remote)),
            || format!("payment {id} is {status} for ever"),
        )?;
    }
    // A message may wait for the morning; everything else is done.
    let waiting = "SELECT kind, attempts, last_error FROM outbox WHERE done_at IS NULL \
                   AND dead_at IS NULL AND kind <> 'notice'";
    if let Some(row) = rows(world, waiting).await?.first() {
        let (kind, attempts): (String, i64) = (get(row, "kind")?, get(row, "attempts")?);
        let error: Option<String> = get(row, "last_error")?;
        return Err(format!(
            "{kind} waits in the outbox after {attempts} attempts: {error:?}"
        ));
    }
    let verified = ledger::verify(&world.cab).await.map_err(fault)?;
    let now = world.clock.now();
    Ok(format!("{} {} {now}", verified.rows, verified.last_hash))
}
