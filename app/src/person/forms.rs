//! The forms of this capability.

use super::api::{AskClosing, AskOwnPhone, AskPhone, CancelRequest, Revoke};
use crate::form_island;

form_island!(
    /// Another number, asked from outside.
    PhoneChangeForm,
    AskPhone
);
form_island!(
    /// Another number, asked from inside.
    OwnPhoneForm,
    AskOwnPhone
);
form_island!(
    /// Calling a request off.
    CancelRequestForm,
    CancelRequest
);
form_island!(
    /// The end of the cabinet.
    ClosingForm,
    AskClosing
);
form_island!(
    /// Taking a consent back.
    RevokeForm,
    Revoke
);
