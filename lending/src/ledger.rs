//! Postings: every movement is a debit and a credit of one amount, so the books always balance.
//!
//! A prolongation and a credit holiday move no money: only dates. Their price and the interest of
//! their days are posted when they are paid.

use serde::{Deserialize, Serialize};

use crate::balance::{Entry, Movement};
use crate::loan::{Applied, Claim, Part};
use crate::money::Kopecks;

/// An account of the loan book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Principal owed by borrowers.
    Loans,
    /// Interest owed by borrowers.
    InterestReceivable,
    /// Interest earned.
    InterestIncome,
    /// Penalty owed by borrowers.
    PenaltyReceivable,
    /// Penalty earned.
    PenaltyIncome,
    /// Money at the acquirer.
    Acquirer,
    /// Money on the lender's own account: transfers and registers.
    Bank,
    /// Money on its way to borrowers.
    PayoutTransit,
    /// Money of borrowers beyond their debts: refundable.
    BorrowerBalance,
    /// Paid services earned.
    ServiceIncome,
    /// Interest earned and given up for bonuses: what the programme costs.
    Discounts,
    /// Debt written off: what lending it has cost.
    WrittenOff,
    /// Commissions of agents: what bringing clients costs.
    AgentCost,
    /// Commissions owed to agents.
    AgentPayable,
}

/// One movement: the same amount on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The account that receives.
    pub debit: Account,
    /// The account that gives.
    pub credit: Account,
    /// Above zero.
    pub amount: Kopecks,
}

impl Account {
    /// Every account.
    pub const ALL: [Self; 14] = [
        Self::Loans,
        Self::InterestReceivable,
        Self::InterestIncome,
        Self::PenaltyReceivable,
        Self::PenaltyIncome,
        Self::Acquirer,
        Self::Bank,
        Self::PayoutTransit,
        Self::BorrowerBalance,
        Self::ServiceIncome,
        Self::Discounts,
        Self::WrittenOff,
        Self::AgentCost,
        Self::AgentPayable,
    ];

    /// A stable name, the same as on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Loans => "loans",
            Self::InterestReceivable => "interest_receivable",
            Self::InterestIncome => "interest_income",
            Self::PenaltyReceivable => "penalty_receivable",
            Self::PenaltyIncome => "penalty_income",
            Self::Acquirer => "acquirer",
            Self::Bank => "bank",
            Self::PayoutTransit => "payout_transit",
            Self::BorrowerBalance => "borrower_balance",
            Self::ServiceIncome => "service_income",
            Self::Discounts => "discounts",
            Self::WrittenOff => "written_off",
            Self::AgentCost => "agent_cost",
            Self::AgentPayable => "agent_payable",
        }
    }

    /// The account of a stable name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.code() == code)
    }
}

/// One movement, or none for a zero amount.
fn posting(debit: Account, credit: Account, amount: Kopecks) -> Option<Posting> {
    amount.is_positive().then_some(Posting {
        debit,
        credit,
        amount,
    })
}

/// The loan is given: the debt appears against money set aside for the payout.
pub fn post_disbursement(amount: Kopecks) -> Vec<Posting> {
    posting(Account::Loans, Account::PayoutTransit, amount)
        .into_iter()
        .collect()
}

/// The payout reached the borrower: the money set aside left the acquirer.
pub fn post_payout(amount: Kopecks) -> Vec<Posting> {
    posting(Account::PayoutTransit, Account::Acquirer, amount)
        .into_iter()
        .collect()
}

/// The payout failed for good: the debt that was booked is taken back.
pub fn post_payout_returned(amount: Kopecks) -> Vec<Posting> {
    posting(Account::PayoutTransit, Account::Loans, amount)
        .into_iter()
        .collect()
}

/// A payment received: accrual of the income it pays, then the receipt claim by claim.
pub fn post_payment(applied: &Applied) -> Vec<Posting> {
    let mut postings = post_parts(&applied.parts, Account::Acquirer);
    postings.extend(post_top_up(applied.overpaid));
    postings
}

/// Interest given up: accrual of the income, then its loss, claim by claim.
pub fn post_discount(applied: &Applied) -> Vec<Posting> {
    post_parts(&applied.parts, Account::Discounts)
}

/// Debt written off: accrual of the income in it, then the loss, claim by claim.
pub fn post_write_off(applied: &Applied) -> Vec<Posting> {
    post_parts(&applied.parts, Account::WrittenOff)
}

/// Money put on the borrower's balance: it repays nothing yet.
pub fn post_top_up(amount: Kopecks) -> Vec<Posting> {
    posting(Account::Acquirer, Account::BorrowerBalance, amount)
        .into_iter()
        .collect()
}

/// A movement of a balance.
pub fn post_balance(entry: &Entry) -> Vec<Posting> {
    match entry.movement {
        Movement::TopUp => post_top_up(entry.amount),
        Movement::Due | Movement::Repaid { .. } => {
            post_parts(&entry.parts, Account::BorrowerBalance)
        }
        Movement::Service { .. } => {
            let (balance, income) = (Account::BorrowerBalance, Account::ServiceIncome);
            posting(balance, income, entry.amount).into_iter().collect()
        }
        Movement::Returned { .. } => post_refund(entry.amount),
    }
}

/// What money from an account repaid, claim by claim.
fn post_parts(parts: &[Part], from: Account) -> Vec<Posting> {
    let mut postings = Vec::new();
    for part in parts {
        let (earned, paid) = match part.claim {
            Claim::OverdueInterest | Claim::Interest => {
                let accounts = (Account::InterestReceivable, Account::InterestIncome);
                (Some(accounts), Account::InterestReceivable)
            }
            Claim::Penalty => {
                let accounts = (Account::PenaltyReceivable, Account::PenaltyIncome);
                (Some(accounts), Account::PenaltyReceivable)
            }
            Claim::OverduePrincipal | Claim::Principal => (None, Account::Loans),
            Claim::Other => (None, Account::ServiceIncome),
        };
        let income = earned.and_then(|(debit, credit)| posting(debit, credit, part.amount));
        let receipt = posting(from, paid, part.amount);
        postings.extend(income.into_iter().chain(receipt));
    }
    postings
}

/// A paid service (a prolongation fee, for one) was bought with money at the acquirer.
pub fn post_service(amount: Kopecks) -> Vec<Posting> {
    posting(Account::Acquirer, Account::ServiceIncome, amount)
        .into_iter()
        .collect()
}

/// The unused part of a paid service is returned to the borrower's refundable balance.
pub fn post_service_refund(amount: Kopecks) -> Vec<Posting> {
    posting(Account::ServiceIncome, Account::BorrowerBalance, amount)
        .into_iter()
        .collect()
}

/// An agent earned a commission.
pub fn post_commission(amount: Kopecks) -> Vec<Posting> {
    posting(Account::AgentCost, Account::AgentPayable, amount)
        .into_iter()
        .collect()
}

/// A commission is taken back.
pub fn post_commission_back(amount: Kopecks) -> Vec<Posting> {
    posting(Account::AgentPayable, Account::AgentCost, amount)
        .into_iter()
        .collect()
}

/// An agent's commission left the lender's own account.
pub fn post_commission_paid(amount: Kopecks) -> Vec<Posting> {
    posting(Account::AgentPayable, Account::Bank, amount)
        .into_iter()
        .collect()
}

/// Refundable money is sent back.
pub fn post_refund(amount: Kopecks) -> Vec<Posting> {
    posting(Account::BorrowerBalance, Account::Acquirer, amount)
        .into_iter()
        .collect()
}
