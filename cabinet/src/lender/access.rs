//! How people sign in: the section `[access]` of a lender's file.

use serde::Deserialize;

use super::check::{Checked, must};

/// How people sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessMethod {
    /// By a code sent to the phone.
    PhoneCode,
}

/// How people sign in, and how often a code may be asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// The method.
    pub method: AccessMethod,
    /// Codes a phone may get in a day.
    #[serde(default = "default_codes_per_phone")]
    pub codes_per_phone_day: u32,
    /// Codes one network address may ask for in an hour.
    #[serde(default = "default_codes_per_address")]
    pub codes_per_address_hour: u32,
    /// Codes everybody together may ask for in an hour: the most an SMS attack can cost.
    #[serde(default = "default_codes_in_all")]
    pub codes_total_hour: u32,
}

fn default_codes_per_phone() -> u32 {
    5
}

fn default_codes_per_address() -> u32 {
    30
}

fn default_codes_in_all() -> u32 {
    3000
}

/// Whether the section agrees with itself.
pub(super) fn check(access: &Access) -> Checked {
    for (key, value) in [
        ("codes_per_phone_day", access.codes_per_phone_day),
        ("codes_per_address_hour", access.codes_per_address_hour),
        ("codes_total_hour", access.codes_total_hour),
    ] {
        must(
            value > 0,
            "access",
            key,
            "lets nobody in",
            "write at least 1",
        )?;
    }
    Ok(())
}
