//! The forms of this capability.

use super::api::{CancelOffer, PrepareOffer, ResendOfferCode, SignOffer};
use crate::form_island;

form_island!(
    /// The answers: assignment and card.
    PrepareForm,
    PrepareOffer
);
form_island!(
    /// The code that signs.
    SignForm,
    SignOffer
);
form_island!(
    /// «Send a new code».
    ResendOfferForm,
    ResendOfferCode
);
form_island!(
    /// «I changed my mind».
    CancelForm,
    CancelOffer
);
