//! How money is given: the section `[payout]`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Complaints;
use crate::payout::PayoutKind;

/// How money is given.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutRules {
    /// The ways that a borrower chooses from; `card` must be one of them.
    #[serde(default = "card_alone")]
    pub ways: Vec<PayoutKind>,
}

impl Default for PayoutRules {
    fn default() -> Self {
        Self { ways: card_alone() }
    }
}

fn card_alone() -> Vec<PayoutKind> {
    vec![PayoutKind::Card]
}

/// Whether the section agrees with itself and with the acquirer.
pub(super) fn check(payout: &PayoutRules, acquirer: &str, say: &mut Complaints) {
    let ways = &payout.ways;
    say.must(
        ways.contains(&PayoutKind::Card),
        "payout",
        "ways",
        "leaves out the card",
        "add \"card\": the first loan is bound to one",
    );
    let both = |kind| ways.iter().filter(|way| **way == kind).count() > 1;
    say.must(
        !ways.iter().any(|way| both(*way)),
        "payout",
        "ways",
        "has a way twice",
        "keep one of the two",
    );
    let needs_yookassa = |way: &PayoutKind| matches!(way, PayoutKind::Sbp | PayoutKind::Wallet);
    say.must(
        acquirer != "tbank" || !ways.iter().any(needs_yookassa),
        "payout",
        "ways",
        "has a way that the acquirer tbank does not pay by",
        "leave card and account, or take another acquirer",
    );
}
