//! The forms of this capability.

use super::api::{NotPaid, PromisePayoff, RepayFromBalance, StartPayment};
use super::link_api::{MakeLink, PayByLink, TakeLinkBack};
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
form_island!(
    /// «Remember this sum».
    PromiseForm,
    PromisePayoff
);
form_island!(
    /// «Repay» with what is on the balance.
    RepayForm,
    RepayFromBalance
);
form_island!(
    /// «Make a link».
    MakeLinkForm,
    MakeLink
);
form_island!(
    /// «Take the link back».
    TakeLinkBackForm,
    TakeLinkBack
);
form_island!(
    /// Somebody else's payment.
    PayByLinkForm,
    PayByLink
);
