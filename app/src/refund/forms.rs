//! The forms of this capability.

use super::api::AskRefund;
use crate::form_island;

form_island!(
    /// «Give it back».
    RefundForm,
    AskRefund
);
