//! The forms of this capability.

use super::api::{PrepareProlongation, ResendProlongationCode, SignProlongation};
use crate::form_island;

form_island!(
    /// «Prolong on these terms».
    PrepareProlongForm,
    PrepareProlongation
);
form_island!(
    /// The code that signs the agreement.
    SignProlongForm,
    SignProlongation
);
form_island!(
    /// «Send a new code».
    ResendProlongForm,
    ResendProlongationCode
);
