//! The forms of this capability.

use super::api::{Choose, Submit};
use crate::form_island;

form_island!(
    /// «This is what I want».
    ChooseForm,
    Choose
);
form_island!(
    /// Files the application.
    SubmitForm,
    Submit
);
