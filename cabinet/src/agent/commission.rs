//! What loans of an agent's clients earn, in the transaction that issues or pays them, and when it is taken back.

use chrono::{Days, NaiveDate};
use lending::{Claim, Kopecks, LoanState, Part, Terms};
use sea_orm::ConnectionTrait;

use super::attribute::{Brought, brought_in};
use super::book::{self, LineKind, NewLine};
use super::{AgentStatus, Row, statement};
use crate::Cabinet;
use crate::db::{Tx, sql};
use crate::error::{CabinetError, Result};
use crate::ids::{AgentId, LoanId};
use crate::lender::{AgentLoans, AgentRules, CommissionKind};
use crate::loan::OperationKind;
use crate::loan::history::History;
use crate::loan::stored::{date, read};

/// Loans that one round of the sweep looks at.
const ROUND: usize = 200;

/// The agent whose client a borrower is, when the client is the agent's to be paid for.
async fn of_client(tx: &Tx, borrower: &str) -> Result<Option<(Brought, Row)>> {
    let Some(brought) = brought_in(tx, borrower).await? else {
        return Ok(None);
    };
    let row = super::row_by(tx, "id", &brought.agent.to_string(), false).await?;
    Ok(row.map(|row| (brought, row)))
}

/// Whether a loan is one that earns: the borrower's first, or any.
async fn counts(
    conn: &impl ConnectionTrait,
    rules: &AgentRules,
    borrower: &str,
    loan: &str,
) -> Result<bool> {
    if rules.loans == AgentLoans::Every {
        return Ok(true);
    }
    let first = "SELECT id FROM loan WHERE borrower = $1 ORDER BY created_at, id LIMIT 1";
    let row = sql::one(conn, first, vec![borrower.into()]).await?;
    let first: Option<String> = row.map(|row| sql::get(&row, "id")).transpose()?;
    Ok(first.as_deref() == Some(loan))
}

/// A loan of a client was issued: what that earns, once.
pub(crate) async fn issued(
    tx: &Tx,
    cab: &Cabinet,
    borrower: &str,
    loan: LoanId,
    terms: &Terms,
) -> Result<()> {
    let Some(rules) = &cab.lender().agent else {
        return Ok(());
    };
    let Some(kind) = rules.commission(&terms.product.code) else {
        return Ok(());
    };
    let earned = kind.of_issued(terms.amount);
    if !earned.is_positive() {
        return Ok(());
    }
    let Some((brought, agent)) = of_client(tx, borrower).await? else {
        return Ok(());
    };
    let id = loan.to_string();
    let due = agent.status == AgentStatus::Active && counts(tx, rules, borrower, &id).await?;
    if !due {
        return Ok(());
    }
    let line = NewLine {
        agent: agent.id,
        kind: LineKind::Issued,
        client: Some(brought.number),
        reference: format!("issued:{id}"),
        loan: Some(id),
        payout: None,
        amount: earned,
    };
    book::add(tx, cab, line).await.map(drop)
}

/// Something happened to a loan: what its paid interest earns by now, as the difference to what is written down, and what is
/// taken back of a loan that was returned soon. Called with the loan locked, before its next version is written.
pub(crate) async fn followed(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    state: &LoanState,
) -> Result<()> {
    let Some(rules) = &cab.lender().agent else {
        return Ok(());
    };
    let Some(kind) = rules.commission(&history.row.product) else {
        return Ok(());
    };
    let Some((brought, agent)) = of_client(tx, &history.row.borrower).await? else {
        return Ok(());
    };
    if let CommissionKind::OfInterest(_) = kind {
        return interest(tx, cab, history, kind, &brought, &agent).await;
    }
    let within = rules.clawback.returned_within_days.map(u64::from);
    let opened = date(&history.row.opened_on)?;
    let returned = match (state.closed_on, within) {
        (Some(closed), Some(days)) => closed <= later(opened, days),
        _ => false,
    };
    if returned {
        take_back(tx, cab, agent.id, &history.row.id).await?;
    }
    Ok(())
}

fn later(from: NaiveDate, days: u64) -> NaiveDate {
    from.checked_add_days(Days::new(days)).unwrap_or(from)
}

async fn interest(
    tx: &Tx,
    cab: &Cabinet,
    history: &History,
    kind: CommissionKind,
    brought: &Brought,
    agent: &Row,
) -> Result<()> {
    let Some(rules) = &cab.lender().agent else {
        return Ok(());
    };
    let loan = &history.row;
    // What an agent has brought before being stopped goes on earning.
    let since = agent.agreed_at.unwrap_or(i64::MAX);
    let due = since <= loan.created_at
        && !stopped(tx, agent.id, loan.created_at).await?
        && counts(tx, rules, &loan.borrower, &loan.id).await?;
    if !due {
        return Ok(());
    }
    book::lock(tx, agent.id).await?;
    let known = of_loan(tx, agent.id, &loan.id).await?;
    let amount = kind.of_interest(paid_interest(history)?) - known;
    if amount.is_zero() {
        return Ok(());
    }
    let kind = if amount.is_positive() {
        LineKind::Interest
    } else {
        LineKind::Correction
    };
    let line = NewLine {
        agent: agent.id,
        kind,
        client: Some(brought.number),
        loan: Some(loan.id.clone()),
        payout: None,
        amount,
        reference: format!("interest:{}:{}", loan.id, loan.version),
    };
    book::add(tx, cab, line).await.map(drop)
}

/// Whether the agent was stopped at a moment; going on later changes nothing of it.
async fn stopped(conn: &impl ConnectionTrait, agent: AgentId, at: i64) -> Result<bool> {
    let statement = "SELECT from_at FROM agent_stop WHERE agent = $1 AND from_at <= $2 \
                     AND (until_at IS NULL OR until_at > $2) LIMIT 1";
    let row = sql::one(conn, statement, vec![agent.into(), at.into()]).await?;
    Ok(row.is_some())
}

/// Interest paid so far.
fn paid_interest(history: &History) -> Result<Kopecks> {
    let mut paid = Kopecks::ZERO;
    for row in &history.operations {
        if !matches!(row.kind, OperationKind::Payment | OperationKind::Debit) {
            continue;
        }
        let parts: Vec<Part> = read(&row.parts)?;
        let interest = parts
            .iter()
            .filter(|part| matches!(part.claim, Claim::Interest | Claim::OverdueInterest));
        paid += interest.map(|part| part.amount).sum();
    }
    Ok(paid)
}

/// What a loan has earned, less what was taken back.
async fn of_loan(conn: &impl ConnectionTrait, agent: AgentId, loan: &str) -> Result<Kopecks> {
    book::sum(conn, agent, " AND loan = $2", vec![loan.into()]).await
}

/// Takes back what issuing a loan earned, once, as a line of its own.
async fn take_back(tx: &Tx, cab: &Cabinet, agent: AgentId, loan: &str) -> Result<()> {
    book::lock(tx, agent).await?;
    let earned = of_loan(tx, agent, loan).await?;
    if !earned.is_positive() {
        return Ok(());
    }
    let of = "SELECT client FROM agent_line WHERE agent = $1 AND loan = $2 LIMIT 1";
    let row = sql::one(tx, of, vec![agent.into(), loan.into()]).await?;
    let client = row.map_or(Ok(None), |row| sql::get(&row, "client"))?;
    let line = NewLine {
        agent,
        kind: LineKind::Clawback,
        client,
        loan: Some(loan.to_owned()),
        payout: None,
        amount: Kopecks::ZERO - earned,
        reference: format!("clawback:{loan}"),
    };
    book::add(tx, cab, line).await.map(drop)
}

/// Of loans that nothing was ever paid for, long after the first payment date: what may be taken back now.
const UNPAID: &str = "SELECT DISTINCT line.agent, line.loan FROM agent_line line JOIN loan ON loan.id = line.loan \
     WHERE line.kind = 'issued' AND loan.paid_total = 0 AND loan.closed_on IS NULL \
     AND COALESCE(loan.next_due, loan.due) < $1 AND NOT EXISTS (SELECT 1 FROM agent_line back \
     WHERE back.loan = line.loan AND back.kind = 'clawback')";

/// Takes back what unpaid loans earned, and ends the months that are over. Answers how many loans.
pub async fn sweep(cab: &Cabinet) -> Result<usize> {
    let Some(rules) = &cab.lender().agent else {
        return Ok(0);
    };
    let mut taken = 0;
    if let Some(days) = rules.clawback.unpaid_days {
        let before = before(cab, days);
        let found = sql::all(cab.db().read(), UNPAID, vec![before.clone().into()]).await?;
        for row in found.iter().take(ROUND) {
            let agent: String = sql::get(row, "agent")?;
            let agent: AgentId = agent.parse().map_err(CabinetError::internal)?;
            let loan: String = sql::get(row, "loan")?;
            taken += usize::from(unpaid(cab, agent, loan, before.clone()).await?);
        }
    }
    statement::close_all(cab).await?;
    Ok(taken)
}

/// The first payment date before which a loan without any payment loses its agent's commission.
fn before(cab: &Cabinet, days: u32) -> String {
    let today = cab.today();
    let before = today.checked_sub_days(Days::new(u64::from(days)));
    before.unwrap_or(today).to_string()
}

/// The same asked again with the loan locked: it may have been paid meanwhile.
async fn unpaid(cab: &Cabinet, agent: AgentId, loan: String, before: String) -> Result<bool> {
    let cabinet = cab.clone();
    cab.db()
        .write(move |tx| {
            Box::pin(async move {
                let still = format!(
                    "SELECT id FROM loan WHERE id = $1 AND paid_total = 0 AND closed_on IS NULL \
                     AND COALESCE(next_due, due) < $2{}",
                    sql::for_update(tx)
                );
                let values = vec![loan.clone().into(), before.into()];
                if sql::one(tx, &still, values).await?.is_none() {
                    return Ok(false);
                }
                take_back(tx, &cabinet, agent, &loan).await?;
                Ok(true)
            })
        })
        .await
}
