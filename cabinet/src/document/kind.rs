//! Which documents there are.

/// A kind of a borrower's document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentKind {
    /// The application as it was filed; of an application.
    Application,
    /// A consent as it was given; of a consent.
    Consent,
    /// The agreement on the electronic signature; of a consent.
    Agreement,
    /// Individual terms; of a contract.
    Contract,
    /// The schedule; of a loan.
    Schedule,
    /// A lower rate with the payments that are left; of an operation.
    RateCut,
    /// An agreement on a later date; of a prolongation.
    Prolongation,
    /// Money received; of an operation.
    Receipt,
    /// Operations between two dates; of itself.
    Statement,
    /// What is owed on a date; of itself.
    Debt,
    /// Nothing is owed; of a loan.
    Certificate,
    /// Why an application was refused; of an application.
    Refusal,
    /// A surplus, or the price of a refused service, sent back; of a refund.
    Refund,
    /// An application for a service; of a word about it.
    Service,
    /// A refusal of a service; of a word about it.
    ServiceRefusal,
    /// What was answered; of an appeal.
    Letter,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 16] = [
        Self::Application,
        Self::Consent,
        Self::Agreement,
        Self::Contract,
        Self::Schedule,
        Self::RateCut,
        Self::Prolongation,
        Self::Receipt,
        Self::Statement,
        Self::Debt,
        Self::Certificate,
        Self::Refusal,
        Self::Refund,
        Self::Service,
        Self::ServiceRefusal,
        Self::Letter,
    ];

    /// The stable name, part of an address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Consent => "consent",
            Self::Agreement => "agreement",
            Self::Contract => "contract",
            Self::Schedule => "schedule",
            Self::RateCut => "rate-cut",
            Self::Prolongation => "prolongation",
            Self::Receipt => "receipt",
            Self::Statement => "statement",
            Self::Debt => "debt",
            Self::Certificate => "certificate",
            Self::Refusal => "refusal",
            Self::Refund => "refund",
            Self::Service => "service",
            Self::ServiceRefusal => "service-refusal",
            Self::Letter => "letter",
        }
    }

    /// The kind of a name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the lender signs it and a public page confirms it.
    pub const fn sealed(self) -> bool {
        matches!(self, Self::Statement | Self::Debt | Self::Certificate)
    }

    /// The locale key of what it is called in a list.
    pub fn title_key(self) -> String {
        format!("cabinet-paper-kind-{}", self.code())
    }
}
