//! Identifiers of our own things: each its own type, so that one cannot be passed for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for sea_orm::Value {
            fn from(id: $name) -> Self {
                Self::from(id.to_string())
            }
        }
    )+};
}

id! {
    /// A person with a cabinet.
    BorrowerId;
    /// An application for a loan.
    ApplicationId;
    /// An offered or signed contract.
    ContractId;
    /// A loan whose money has left.
    LoanId;
    /// A payment by the borrower.
    PaymentId;
    /// Money on its way to the borrower.
    PayoutId;
    /// Money on its way back to whom it came from.
    RefundId;
    /// A document kept as a file.
    DocumentId;
    /// A promise that a sum closes a loan by a moment.
    QuoteId;
    /// A borrower's permission to debit a card by itself.
    MandateId;
    /// Somebody who works for the lender.
    StaffId;
    /// A card or account of the borrower at the acquirer.
    InstrumentId;
    /// A prolongation, from preview to effect.
    ProlongationId;
    /// A one-time code that was sent.
    CodeId;
    /// A sign-in, from its beginning to its end.
    SignInId;
    /// What two people of the staff have to agree on.
    AgreementId;
    /// Debt to be written off or a rate to be lowered, by the word of two people.
    AdjustmentId;
    /// A request that takes time or people: a new phone number, the end of a cabinet.
    RequestId;
    /// A picture of a paper.
    UploadId;
    /// What a borrower has written to the lender.
    AppealId;
    /// A borrower's talk with specialists.
    ChatId;
    /// Somebody who brings clients.
    AgentId;
    /// A commission on its way to an agent.
    AgentPayoutId;
    /// Somebody not signed in yet, known by a cookie: owner of drafts before sign-in.
    VisitorId;
}
