//! The forms of this capability.

use super::api::{AgreeAutopay, ChangeAutopay};
use crate::form_island;

form_island!(
    /// What is allowed.
    AgreeForm,
    AgreeAutopay
);
form_island!(
    /// Pause, resume, revoke.
    ChangeForm,
    ChangeAutopay
);
