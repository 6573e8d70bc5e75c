//! The forms of signing in.

use super::api::{RequestCode, ResendCode, VerifyCode};
use crate::form_island;

form_island!(
    /// The phone.
    PhoneForm,
    RequestCode
);
form_island!(
    /// The code from the SMS.
    CodeForm,
    VerifyCode
);
form_island!(
    /// «Send a new code».
    ResendForm,
    ResendCode
);
