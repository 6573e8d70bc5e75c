//! The forms of this capability.

use super::api::{AgreeToRules, AskPayout};
use crate::form_island;

form_island!(
    /// The rules are agreed to.
    AgreeForm,
    AgreeToRules
);
form_island!(
    /// A payout is asked for.
    PayoutForm,
    AskPayout
);
