//! What must be true after every step, whatever happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use cabinet::loan::{LoanView, OperationKind};
use cabinet::ports::{Acquirer, Clock, MovementKind, RemoteMovement};
use cabinet::{BorrowerId, LoanId, PaymentId, ledger, loan};
use chrono::{DateTime, TimeZone, Utc};
use lending::{Kopecks, ProductKind, Status};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::naive::Naive;
use crate::naive::story::{Action, Discount, Kind, Loan, Window};
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

type Looked = Result<(), String>;

fn must(true_: bool, what: impl FnOnce() -> String) -> Looked {
    if true_ { Ok(()) } else { Err(what()) }
}

fn fault(error: impl std::fmt::Display) -> String {
    format!("can't look: {error}")
}

async fn rows(world: &World, sql: &str) -> Result<Vec<QueryResult>, String> {
    let db = world.cab.db();
    let statement = Statement::from_string(db.backend(), sql);
    db.read().query_all_raw(statement).await.map_err(fault)
}

fn get<T: sea_orm::TryGetable>(row: &QueryResult, column: &str) -> Result<T, String> {
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
    against_acquirer(world, &posted, &moved(&known.acquirer).await?).await?;
    let net: Kopecks = posted.values().map(|one| one.signed).sum();
    let held = balance(&books, "acquirer");
    must(held == net, || {
        format!("{held} by the journal and {net} by the operations are at the acquirer")
    })?;
    payments(world, known).await?;
    outbox(world).await?;
    autopay(world).await?;
    if let Some(loan) = known.loan {
        debt(world, known.borrower, loan, &books).await?;
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

async fn posted(world: &World) -> Result<BTreeMap<String, Posted>, String> {
    let sql = "SELECT kind, amount, reference, at FROM operation WHERE kind <> 'prolongation'";
    let mut list = BTreeMap::new();
    for row in rows(world, sql).await? {
        let kind: String = get(&row, "kind")?;
        let amount = Kopecks::new(get(&row, "amount")?);
        let reference: String = get(&row, "reference")?;
        let signed = if kind == "payment" {
            amount
        } else {
            Kopecks::ZERO - amount
        };
        let at = get(&row, "at")?;
        let twice = list.insert(reference.clone(), Posted { signed, at });
        must(twice.is_none(), || format!("{reference} is posted twice"))?;
    }
    Ok(list)
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
    for table in ["prolongation", "inbox", "refund"] {
        let key = if table == "inbox" {
            "event || ' ' || object_id"
        } else {
            "id"
        };
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

async fn debt(
    world: &World,
    borrower: BorrowerId,
    id: LoanId,
    books: &[(String, Kopecks)],
) -> Looked {
    let view = loan::view(&world.cab, borrower, id, None)
        .await
        .map_err(|error| format!("the loan's page: {error}"))?;
    let listed = loan::list(&world.cab, borrower).await.map_err(fault)?;
    must(
        listed.iter().any(|card| card.payoff == view.state.payoff),
        || "the list of loans tells another debt than the loan's page".to_owned(),
    )?;
    let naive = replayed(&view);
    let state = &view.state;
    let pairs = [
        ("principal", state.principal.get(), naive.principal()),
        ("interest", state.interest.get(), naive.interest()),
        ("penalty", state.penalty.get(), naive.penalty()),
        ("payoff", state.payoff.get(), naive.payoff()),
        ("overpaid", state.overpaid.get(), naive.overpaid),
        ("paid", state.paid_total.get(), naive.paid()),
    ];
    for (what, shown, counted) in pairs {
        must(shown == counted, || {
            format!("{what} is shown as {shown} and is {counted} by the day loop")
        })?;
        must(shown >= 0, || format!("{what} is {shown}"))?;
    }
    must(
        (state.due, state.closed_on) == (naive.due(), naive.closed),
        || format!("due {} or closing {:?}", state.due, state.closed_on),
    )?;
    must(
        (state.status == Status::Closed) == state.payoff.is_zero(),
        || format!("{:?} with {} to pay", state.status, state.payoff),
    )?;
    let account = |name| balance(books, name);
    must(account("loans") == state.principal, || {
        format!(
            "{} by the journal, {} owed",
            account("loans"),
            state.principal
        )
    })?;
    must(
        account("borrower_balance") == Kopecks::ZERO - view.overpaid,
        || {
            format!(
                "surplus {} and {}",
                account("borrower_balance"),
                view.overpaid
            )
        },
    )?;
    must(
        account("interest_receivable").is_zero() && account("penalty_receivable").is_zero(),
        || "income was taken that was not earned".to_owned(),
    )
}

/// The same loan by the loop over days that shares nothing with the engine.
fn replayed(view: &LoanView) -> Naive {
    let terms = &view.terms;
    let kind = match terms.product.kind {
        ProductKind::Bullet => Kind::Bullet { days: terms.term },
        ProductKind::Special => Kind::Special { days: terms.term },
        ProductKind::Monthly => Kind::Monthly { months: terms.term },
        ProductKind::EveryNDays { days } => Kind::EveryNDays {
            payments: terms.term,
            days,
        },
    };
    let promo = (terms.rate != terms.rate_after_due).then(|| Discount {
        daily: terms.rate.ppm(),
        max_amount: terms.amount.get(),
        max_days: terms.term,
    });
    let loan = Loan {
        kind,
        amount: terms.amount.get(),
        contract: terms.contract_date,
        issued: terms.schedule.start,
        daily: terms.rate_after_due.ppm(),
        annual: terms.product.annual_rate.map(lending::AnnualRate::ppm),
        fixed: 0,
        promo,
        penalty: terms.product.penalty_rate.ppm(),
        shift: terms.product.shift_days_off,
    };
    let mut naive = Naive::new(&loan, Window::Unchecked);
    for operation in &view.operations {
        naive = naive.after_days(operation.on);
        let action = match operation.kind {
            OperationKind::Payment => Action::Pay(operation.amount.get()),
            OperationKind::Prolongation => Action::Prolong(days_of(&operation.title)),
            _ => continue,
        };
        naive.take(action).expect("what was posted can be replayed");
    }
    naive.after_days(view.today)
}

/// A prolongation's title says its days.
fn days_of(title: &str) -> u32 {
    let digits: String = title.chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("a title with days")
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
