//! The forms of this capability.

use super::api::{SaveAddress, SaveAgreement, SaveConsents, SavePassport, SavePerson, SaveWork};
use crate::form_island;

form_island!(
    /// The agreement on the simple electronic signature.
    AgreementForm,
    SaveAgreement
);
form_island!(
    /// Who the person is.
    PersonForm,
    SavePerson
);
form_island!(
    /// The passport.
    PassportForm,
    SavePassport
);
form_island!(
    /// The registered address.
    AddressForm,
    SaveAddress
);
form_island!(
    /// Work and money.
    WorkForm,
    SaveWork
);
form_island!(
    /// Consents.
    ConsentsForm,
    SaveConsents
);
