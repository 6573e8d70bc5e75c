//! Stored texts and numbers read back as what they are. A row that can't be read is our fault, not
//! the caller's.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{CabinetError, Result};

/// A moment as unix milliseconds.
pub(crate) fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// Unix milliseconds as a moment.
pub(crate) fn moment(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

/// An ISO date.
pub(crate) fn date(text: &str) -> Result<NaiveDate> {
    text.parse()
        .map_err(|_| CabinetError::internal(format!("stored date {text:?}")))
}

/// An id of ours.
pub(crate) fn id<T: FromStr>(text: &str) -> Result<T> {
    text.parse()
        .map_err(|_| CabinetError::internal(format!("stored id {text:?}")))
}

/// A structure from its JSON.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text)
        .map_err(|error| CabinetError::internal(format!("stored json: {error}")))
}

/// A structure as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(CabinetError::internal)
}

/// A count or a number of days.
pub(crate) fn count(stored: i64) -> Result<u32> {
    u32::try_from(stored).map_err(|_| CabinetError::internal(format!("stored count {stored}")))
}

/// A stored flag.
pub(crate) fn yes(stored: i64) -> bool {
    stored == 1
}
