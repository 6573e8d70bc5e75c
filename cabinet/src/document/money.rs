//! Papers about money that moved: receipts, statements, what is owed, what went back.

use chrono::NaiveDate;
use lending::{Claim, Kopecks, Part};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;

use super::draft::{Draft, stamp};
use super::kind::DocumentKind;
use super::phrase;
use crate::Cabinet;
use crate::application::terms::WORDS;
use crate::application::{Lines, signed_name};
use crate::error::{CabinetError, Result};
use crate::ids::BorrowerId;
use crate::loan::OperationKind;
use crate::loan::entity::operation;
use crate::loan::found;
use crate::loan::history::{self, History};
use crate::loan::stored::{date, id, moment, read};
use crate::refund::RefundStatus;
use crate::refund::entity::refund;

/// An empty cell of a table.
const NONE: &str = "—";

/// The head of a paper: lender, title, date, borrower; the title too.
pub(super) async fn head(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    history: &History,
    title: &str,
    on: NaiveDate,
) -> Result<Lines> {
    let lender = cab.lender();
    let mut out = Lines::default();
    out.line(&lender.legal_name);
    out.line(title);
    let day = phrase::full_day(WORDS, on);
    out.key("cabinet-document-dated", &[("date", day.into())]);
    out.key(
        "cabinet-document-lender-numbers",
        &[
            ("registry", lender.registry_number.as_str().into()),
            ("inn", lender.inn.as_str().into()),
            ("address", lender.address.as_str().into()),
        ],
    );
    out.gap();
    let name = signed_name(conn, cab, &history.row.contract).await?;
    out.key("cabinet-prolongation-borrower", &[("name", name.into())]);
    Ok(out)
}

pub(super) fn contract_line(out: &mut Lines, history: &History) -> Result<()> {
    let lent = phrase::full_day(WORDS, date(&history.row.opened_on)?);
    out.key(
        "cabinet-paper-of-contract",
        &[
            ("number", history.row.number.as_str().into()),
            ("lent", lent.into()),
            ("amount", history.terms.amount.to_string().into()),
        ],
    );
    Ok(())
}

fn row(cells: &[&str]) -> String {
    cells.join(" | ")
}

/// Money received: the sum in figures and words, and where it went.
pub(super) async fn receipt(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let db = cab.db().read();
    let paid = found(operation::Entity::find_by_id(object).one(db).await?)?;
    if !matches!(paid.kind, OperationKind::Payment | OperationKind::TopUp) {
        return Err(CabinetError::NotFound);
    }
    let history = history::load(db, cab, borrower, id(&paid.loan)?).await?;
    let number = receipt_number(&history, &paid);
    let title = WORDS.args(
        "cabinet-paper-receipt-title",
        &[("number", number.as_str().into())],
    );
    let at = moment(paid.at);
    let mut out = head(cab, db, &history, &title, cab.business_date(at)).await?;
    contract_line(&mut out, &history)?;
    let amount = Kopecks::new(paid.amount);
    out.key(
        "cabinet-paper-receipt-sum",
        &[
            ("amount", amount.to_string().into()),
            ("words", lending::roubles_in_words(amount).into()),
        ],
    );
    out.key(
        "cabinet-paper-receipt-when",
        &[
            ("at", stamp(cab, at).into()),
            ("on", phrase::full_day(WORDS, date(&paid.on_date)?).into()),
        ],
    );
    if !paid.title.is_empty() {
        out.key(
            "cabinet-paper-receipt-way",
            &[("way", paid.title.as_str().into())],
        );
    }
    out.key(
        "cabinet-paper-receipt-reference",
        &[("reference", paid.reference.as_str().into())],
    );
    out.gap();
    let parts: Vec<Part> = read(&paid.parts)?;
    let fee = Kopecks::new(paid.fee);
    if paid.kind == OperationKind::TopUp {
        out.key("cabinet-paper-receipt-balance", &[]);
    } else if fee.is_positive() && paid.fee == paid.amount {
        out.key("cabinet-service-receipt", &[]);
    } else {
        parts_table(&mut out, &parts, Kopecks::new(paid.overpaid));
    }
    let mut draft = Draft::new(DocumentKind::Receipt, object, title, out.0);
    draft.loan = Some(paid.loan.clone());
    draft.number = number;
    draft.made_at = paid.at;
    Ok(draft)
}

/// The contract's number and the operation's.
pub(super) fn receipt_number(history: &History, paid: &operation::Model) -> String {
    format!("{}/{}", history.row.number, paid.seq)
}

fn parts_table(out: &mut Lines, parts: &[Part], over: Kopecks) {
    out.key("cabinet-paper-where-money-went", &[]);
    out.key("cabinet-paper-parts-columns", &[]);
    let claims = parts
        .iter()
        .map(|part| (claim_key(part.claim), part.amount));
    let over = over
        .is_positive()
        .then_some(("cabinet-paper-claim-over", over));
    for (index, (key, sum)) in claims.chain(over).enumerate() {
        let (number, sum) = ((index + 1).to_string(), sum.to_string());
        out.line(&row(&[&number, &WORDS.t(key), &sum]));
    }
}

const fn claim_key(claim: Claim) -> &'static str {
    match claim {
        Claim::OverdueInterest => "cabinet-paper-claim-overdue-interest",
        Claim::OverduePrincipal => "cabinet-paper-claim-overdue-principal",
        Claim::Interest => "cabinet-paper-claim-interest",
        Claim::Principal => "cabinet-paper-claim-principal",
        Claim::Penalty => "cabinet-paper-claim-penalty",
        Claim::Other => "cabinet-paper-claim-other",
    }
}

/// What of the parts repaid claims of a sort.
fn of_sort(parts: &[Part], sort: fn(Claim) -> bool) -> Kopecks {
    let of = parts.iter().filter(|part| sort(part.claim));
    of.map(|part| part.amount).sum()
}

const fn operation_key(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Disbursement => "cabinet-paper-op-disbursement",
        OperationKind::Payment => "cabinet-paper-op-payment",
        OperationKind::Prolongation => "cabinet-paper-op-prolongation",
        OperationKind::Refund => "cabinet-paper-op-refund",
        OperationKind::TopUp => "cabinet-paper-op-top-up",
        OperationKind::Debit => "cabinet-paper-op-debit",
        OperationKind::Pause => "cabinet-paper-op-pause",
        OperationKind::Resume => "cabinet-paper-op-resume",
        OperationKind::Holiday => "cabinet-paper-op-holiday",
        OperationKind::Discount => "cabinet-paper-op-discount",
        OperationKind::WriteOff => "cabinet-paper-op-write-off",
        OperationKind::RateCut => "cabinet-paper-op-rate-cut",
    }
}

/// What a statement adds up: `opening + lent + accrued - repaid - written_off = closing`, to the kopeck.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Turnover {
    pub opening: Kopecks,
    pub lent: Kopecks,
    pub accrued: Kopecks,
    pub repaid: Kopecks,
    pub written_off: Kopecks,
    pub closing: Kopecks,
}

/// The turnover of a period, its first and last day included.
pub(super) fn turnover(history: &History, from: NaiveDate, to: NaiveDate) -> Result<Turnover> {
    let start = history.terms.schedule.start;
    let mut sums = Turnover::default();
    let mut counted = Kopecks::ZERO;
    if let Some(before) = from.pred_opt().filter(|before| *before >= start) {
        let state = history.state(before)?;
        (sums.opening, counted) = (state.payoff, state.accrued);
    }
    let state = history.state(to)?;
    sums.closing = state.payoff;
    sums.accrued = state.accrued.less(counted);
    for operation in within(history, from, to)? {
        if operation.kind == OperationKind::Disbursement {
            sums.lent += Kopecks::new(operation.amount);
        }
        let parts: Vec<Part> = read(&operation.parts)?;
        let sum = match operation.kind {
            OperationKind::WriteOff => &mut sums.written_off,
            _ => &mut sums.repaid,
        };
        *sum += of_sort(&parts, |_| true);
    }
    Ok(sums)
}

fn within(history: &History, from: NaiveDate, to: NaiveDate) -> Result<Vec<&operation::Model>> {
    let mut list = Vec::new();
    for operation in &history.operations {
        let on = date(&operation.on_date)?;
        if (from..=to).contains(&on) {
            list.push((on, operation.seq, operation));
        }
    }
    list.sort_by_key(|(on, seq, _)| (*on, *seq));
    Ok(list.into_iter().map(|(.., operation)| operation).collect())
}

/// Everything that happened on a loan between two days, and what it adds up to.
pub(super) async fn statement(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    history: &History,
    number: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(String, String)> {
    let title = WORDS.args(
        "cabinet-paper-statement-title",
        &[("number", number.into())],
    );
    let mut out = head(cab, conn, history, &title, cab.today()).await?;
    contract_line(&mut out, history)?;
    out.key(
        "cabinet-paper-statement-period",
        &[
            ("from", phrase::full_day(WORDS, from).into()),
            ("to", phrase::full_day(WORDS, to).into()),
        ],
    );
    out.gap();
    let sums = turnover(history, from, to)?;
    for (key, sum) in [
        ("opening", sums.opening),
        ("lent", sums.lent),
        ("accrued", sums.accrued),
        ("repaid", sums.repaid),
    ] {
        let key = format!("cabinet-paper-statement-{key}");
        out.key(&key, &[("sum", sum.to_string().into())]);
    }
    if sums.written_off.is_positive() {
        let sum = sums.written_off.to_string();
        out.key(
            "cabinet-paper-statement-written-off",
            &[("sum", sum.into())],
        );
    }
    out.key(
        "cabinet-paper-statement-closing",
        &[
            ("sum", sums.closing.to_string().into()),
            ("words", lending::roubles_in_words(sums.closing).into()),
        ],
    );
    out.gap();
    out.key("cabinet-paper-operations", &[]);
    let operations = within(history, from, to)?;
    if operations.is_empty() {
        out.key("cabinet-paper-statement-nothing", &[]);
    } else {
        out.key("cabinet-paper-statement-columns", &[]);
    }
    for operation in operations {
        out.line(&statement_row(history, operation)?);
    }
    out.gap();
    out.key("cabinet-paper-statement-rule", &[]);
    Ok((title, out.0))
}

fn statement_row(history: &History, operation: &operation::Model) -> Result<String> {
    let on = date(&operation.on_date)?;
    let parts: Vec<Part> = read(&operation.parts)?;
    let shown = |sum: Kopecks| {
        if sum.is_zero() {
            NONE.to_owned()
        } else {
            sum.to_string()
        }
    };
    let principal = of_sort(&parts, |claim| {
        matches!(claim, Claim::Principal | Claim::OverduePrincipal)
    });
    let interest = of_sort(&parts, |claim| {
        matches!(claim, Claim::Interest | Claim::OverdueInterest)
    });
    let other = of_sort(&parts, |claim| {
        matches!(claim, Claim::Penalty | Claim::Other)
    });
    let what = match operation.kind {
        OperationKind::Prolongation => WORDS.args(
            "cabinet-loan-operation-prolongation",
            &[("days", operation.days.unwrap_or_default().into())],
        ),
        kind => WORDS.t(operation_key(kind)),
    };
    Ok(row(&[
        &phrase::digits(on),
        &what,
        &shown(Kopecks::new(operation.amount)),
        &shown(principal),
        &shown(interest),
        &shown(other),
        &history.state(on)?.payoff.to_string(),
    ]))
}

/// What is owed at the end of a day.
pub(super) async fn debt(
    cab: &Cabinet,
    conn: &impl ConnectionTrait,
    history: &History,
    number: &str,
    on: NaiveDate,
) -> Result<(String, String)> {
    let title = WORDS.args("cabinet-paper-debt-title", &[("number", number.into())]);
    let mut out = head(cab, conn, history, &title, cab.today()).await?;
    contract_line(&mut out, history)?;
    let state = history.state(on)?;
    let day = phrase::full_day(WORDS, on);
    out.gap();
    out.key("cabinet-paper-debt-on", &[("date", day.into())]);
    out.gap();
    out.key("cabinet-paper-debt-parts", &[]);
    out.key("cabinet-paper-parts-columns", &[]);
    for (number, key, sum) in [
        ("1", "cabinet-paper-claim-principal", state.principal),
        ("2", "cabinet-paper-claim-interest", state.interest),
        ("3", "cabinet-paper-claim-penalty", state.penalty),
    ] {
        out.line(&row(&[number, &WORDS.t(key), &sum.to_string()]));
    }
    out.key(
        "cabinet-paper-debt-total",
        &[
            ("sum", state.payoff.to_string().into()),
            ("words", lending::roubles_in_words(state.payoff).into()),
        ],
    );
    out.gap();
    if state.days_overdue > 0 {
        let days = i64::from(state.days_overdue);
        out.key("cabinet-paper-debt-overdue", &[("days", days.into())]);
    } else {
        out.key("cabinet-paper-debt-not-overdue", &[]);
    }
    Ok((title, out.0))
}

/// A surplus that went back to whom it came from.
pub(super) async fn refunded(cab: &Cabinet, borrower: BorrowerId, object: &str) -> Result<Draft> {
    let db = cab.db().read();
    let sent = refund::Entity::find_by_id(object)
        .filter(refund::Column::Borrower.eq(borrower.to_string()))
        .filter(refund::Column::Status.eq(RefundStatus::Done))
        .one(db)
        .await?;
    let sent = found(sent)?;
    let history = history::load(db, cab, borrower, id(&sent.loan)?).await?;
    let number = history.row.number.clone();
    let (title, effect) = match sent.service {
        Some(_) => (
            "cabinet-service-refund-title",
            "cabinet-service-refund-effect",
        ),
        None => ("cabinet-paper-refund-title", "cabinet-paper-refund-effect"),
    };
    let title = WORDS.args(title, &[("number", number.as_str().into())]);
    let done = sent.done_at.unwrap_or(sent.changed_at);
    let on = cab.business_date(moment(done));
    let mut out = head(cab, db, &history, &title, on).await?;
    contract_line(&mut out, &history)?;
    let amount = Kopecks::new(sent.amount);
    out.key(
        "cabinet-paper-refund-sum",
        &[
            ("amount", amount.to_string().into()),
            ("words", lending::roubles_in_words(amount).into()),
        ],
    );
    out.key(
        "cabinet-paper-refund-when",
        &[
            ("asked", stamp(cab, moment(sent.created_at)).into()),
            ("done", stamp(cab, moment(done)).into()),
        ],
    );
    let reference = sent.remote_id.as_deref().unwrap_or(NONE);
    out.key(
        "cabinet-paper-receipt-reference",
        &[("reference", reference.into())],
    );
    out.key(effect, &[]);
    let mut draft = Draft::new(DocumentKind::Refund, object, title, out.0);
    draft.loan = Some(sent.loan.clone());
    draft.number = number;
    draft.made_at = done;
    Ok(draft)
}
