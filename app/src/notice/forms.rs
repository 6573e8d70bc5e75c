//! The forms of this capability.

use super::api::{ChooseNotices, ReadNotices};
use crate::form_island;

form_island!(
    /// The list has been read.
    ReadForm,
    ReadNotices
);
form_island!(
    /// Channels and quiet hours.
    ChooseForm,
    ChooseNotices
);
