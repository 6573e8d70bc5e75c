//! The forms of this capability.

use super::api::{AddCard, AddTool, AskCardCode, ConfirmCard, UseCard};
use crate::form_island;

form_island!(
    /// To the acquirer's page, where a card is bound.
    AddCardForm,
    AddCard
);
form_island!(
    /// Another card after a payout that failed.
    UseCardForm,
    UseCard
);
form_island!(
    /// Another way than a card.
    AddToolForm,
    AddTool
);
form_island!(
    /// A code for a linked card.
    AskCardCodeForm,
    AskCardCode
);
form_island!(
    /// The card is confirmed by it.
    ConfirmCardForm,
    ConfirmCard
);
