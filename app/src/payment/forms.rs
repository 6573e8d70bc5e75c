//! The forms of this capability.

use super::api::{NotPaid, StartPayment};
use crate::form_island;

form_island!(
    /// How much to pay.
    PayForm,
    StartPayment
);
form_island!(
    /// «I did not pay».
    NotPaidForm,
    NotPaid
);
