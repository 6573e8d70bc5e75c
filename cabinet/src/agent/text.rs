//! What an agent agrees to: canonical text, the same bytes from the same rules.

use lending::Kopecks;

use crate::Cabinet;
use crate::application::Lines;
use crate::lender::agent::AgentLoans;
use crate::lender::{AgentRules, CommissionKind};

/// The agreement by the rules of today, in Russian: documents are.
pub(super) fn agreement(cab: &Cabinet, rules: &AgentRules) -> String {
    let lender = cab.lender();
    let mut out = Lines::default();
    out.line(&lender.legal_name);
    out.key("cabinet-agent-agreement-title", &[]);
    out.gap();
    let days = i64::from(rules.window_days);
    out.key("cabinet-agent-agreement-link", &[("days", days.into())]);
    for product in &lender.products {
        let Some(kind) = rules.commission(&product.terms.code) else {
            continue;
        };
        let (key, value) = match kind {
            CommissionKind::Fixed(sum) => ("cabinet-agent-agreement-fixed", sum.to_string()),
            CommissionKind::OfIssued(ppm) => ("cabinet-agent-agreement-issued", percent(ppm)),
            CommissionKind::OfInterest(ppm) => ("cabinet-agent-agreement-interest", percent(ppm)),
        };
        out.key(
            key,
            &[
                ("title", (&product.title.ru).into()),
                ("value", value.into()),
            ],
        );
    }
    out.key(
        match rules.loans {
            AgentLoans::First => "cabinet-agent-agreement-first",
            AgentLoans::Every => "cabinet-agent-agreement-every",
        },
        &[],
    );
    if let Some(days) = rules.clawback.returned_within_days {
        let days = i64::from(days);
        out.key("cabinet-agent-agreement-returned", &[("days", days.into())]);
    }
    if let Some(days) = rules.clawback.unpaid_days {
        let days = i64::from(days);
        out.key("cabinet-agent-agreement-unpaid", &[("days", days.into())]);
    }
    let from: Kopecks = rules.payout_from();
    out.key(
        "cabinet-agent-agreement-payout",
        &[("sum", from.to_string().into())],
    );
    out.key("cabinet-agent-agreement-price", &[]);
    out.key("cabinet-agent-agreement-seen", &[]);
    out.0
}

/// Millionths as percent: «2,5».
fn percent(ppm: u32) -> String {
    let (whole, rest) = (ppm / 10_000, ppm % 10_000);
    let places = format!("{rest:04}");
    match places.trim_end_matches('0') {
        "" => whole.to_string(),
        places => format!("{whole},{places}"),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn percent_are_written_as_people_do() {
        assert_eq!(percent(30_000), "3");
        assert_eq!(percent(25_000), "2,5");
        assert_eq!(percent(1), "0,0001");
        assert_eq!(percent(1_000_000), "100");
    }
}
