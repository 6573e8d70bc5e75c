//! Agents who bring clients, and what they earn: the section `[agent]`.

use lending::Kopecks;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Lender;
use super::check::Complaints;
use super::product::{Percent, Roubles};

/// Agents: they bring clients by a link and earn a commission, which changes nothing for the client. Without this section
/// there are none.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentRules {
    /// A client who came by the link counts when they register within so many days.
    pub window_days: u32,
    /// Which loans of a client earn a commission.
    #[serde(default)]
    pub loans: AgentLoans,
    /// The least payout an agent may ask for, in roubles.
    payout_from: Roubles,
    /// A payout up to this many roubles is agreed to by one member of staff; a larger one by two.
    payout_alone: Roubles,
    /// What is earned, product by product; a product without one earns nothing.
    pub commissions: Vec<Commission>,
    /// When a commission for issuing a loan is taken back; never, without it.
    #[serde(default)]
    pub clawback: Clawback,
}

/// Which loans of a client earn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentLoans {
    /// The first one.
    #[default]
    First,
    /// Each.
    Every,
}

/// What loans of a product earn: exactly one of `fixed`, `of_issued` and `of_interest`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Commission {
    /// The product's code.
    pub product: String,
    /// Roubles for each loan, once its money has arrived.
    fixed: Option<Roubles>,
    /// Percent of the amount, once its money has arrived.
    of_issued: Option<Percent>,
    /// Percent of interest, as the client pays it.
    of_interest: Option<Percent>,
}

/// When what was earned by issuing a loan is taken back. Until that can't happen any more the sum is not paid out.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clawback {
    /// The whole loan came back within so many days.
    pub returned_within_days: Option<u32>,
    /// Nothing was paid for so many days after the first payment date.
    pub unpaid_days: Option<u32>,
}

/// How a commission is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommissionKind {
    /// A sum for each loan.
    Fixed(Kopecks),
    /// Millionths of the amount.
    OfIssued(u32),
    /// Millionths of the interest that was paid.
    OfInterest(u32),
}

impl Commission {
    /// How it is counted.
    pub fn kind(&self) -> Option<CommissionKind> {
        match (self.fixed, self.of_issued, self.of_interest) {
            (Some(sum), None, None) => Some(CommissionKind::Fixed(sum.0)),
            (None, Some(share), None) => Some(CommissionKind::OfIssued(share.0)),
            (None, None, Some(share)) => Some(CommissionKind::OfInterest(share.0)),
            _ => None,
        }
    }
}

impl CommissionKind {
    /// What issuing a loan of this amount earns; zero when interest does.
    pub fn of_issued(self, amount: Kopecks) -> Kopecks {
        match self {
            Self::Fixed(sum) => sum,
            Self::OfIssued(ppm) => share(amount, ppm),
            Self::OfInterest(_) => Kopecks::ZERO,
        }
    }

    /// What this much paid interest earns; zero when issuing does.
    pub fn of_interest(self, paid: Kopecks) -> Kopecks {
        match self {
            Self::OfInterest(ppm) => share(paid, ppm),
            Self::Fixed(_) | Self::OfIssued(_) => Kopecks::ZERO,
        }
    }
}

/// Millionths of a sum, the broken kopeck dropped.
fn share(sum: Kopecks, ppm: u32) -> Kopecks {
    let exact = i128::from(sum.get()) * i128::from(ppm) / 1_000_000;
    // A share of at most the whole fits where the whole did.
    Kopecks::new(i64::try_from(exact).unwrap_or(i64::MAX))
}

impl AgentRules {
    /// What loans of a product earn.
    pub fn commission(&self, product: &str) -> Option<CommissionKind> {
        let found = self.commissions.iter().find(|it| it.product == product);
        found.and_then(Commission::kind)
    }

    /// The least payout.
    pub fn payout_from(&self) -> Kopecks {
        self.payout_from.0
    }

    /// What one member of staff may agree to alone.
    pub fn payout_alone(&self) -> Kopecks {
        self.payout_alone.0
    }
}

/// Whether the rules make sense on any date.
pub(super) fn check(lender: &Lender, say: &mut Complaints) {
    let Some(rules) = &lender.agent else {
        return;
    };
    let days = (1..=365).contains(&rules.window_days);
    say.must(
        days,
        "agent",
        "window_days",
        "is no window",
        "write 1 to 365",
    );
    let positive = rules.payout_from.0.is_positive();
    let instead = "write a sum above zero";
    say.must(positive, "agent", "payout_from", "is nothing", instead);
    for (place, one) in rules.commissions.iter().enumerate() {
        let table = format!("agent.commissions.{place}");
        let known = lender.product(&one.product).is_some();
        let instead = "write the code of one of [[products]]";
        say.must(known, &table, "product", "names no product", instead);
        let mut before = rules.commissions.iter().take(place);
        let fresh = !before.any(|other| other.product == one.product);
        let instead = "keep one table for each product";
        say.must(fresh, &table, "product", "is there twice", instead);
        commission(&table, one, say);
    }
    for (key, days) in [
        ("returned_within_days", rules.clawback.returned_within_days),
        ("unpaid_days", rules.clawback.unpaid_days),
    ] {
        let right = days.is_none_or(|days| (1..=365).contains(&days));
        let instead = "write 1 to 365, or leave the key out";
        say.must(
            right,
            "agent.clawback",
            key,
            "is no number of days",
            instead,
        );
    }
}

fn commission(table: &str, one: &Commission, say: &mut Complaints) {
    let instead = "write exactly one of fixed, of_issued and of_interest";
    let Some(kind) = one.kind() else {
        say.say(table, "fixed", "is not one way of counting", instead);
        return;
    };
    let (key, right) = match kind {
        CommissionKind::Fixed(sum) => ("fixed", sum.is_positive()),
        CommissionKind::OfIssued(ppm) => ("of_issued", (1..=1_000_000).contains(&ppm)),
        CommissionKind::OfInterest(ppm) => ("of_interest", (1..=1_000_000).contains(&ppm)),
    };
    let instead = "write a sum above zero, or a percent up to 100";
    say.must(right, table, key, "earns nothing or too much", instead);
}
