//! Accounts elsewhere that open the cabinet: the tables `[[access.identity]]` of a lender's file.

use schemars::JsonSchema;
use serde::Deserialize;

use super::access::Access;
use super::check::{Checked, Complaints, must};
use super::text::Text;

/// What signing in by a provider may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityOpens {
    /// It registers and signs in.
    #[default]
    Registration,
    /// It signs in once the borrower has linked it in the cabinet.
    Linked,
}

/// An account elsewhere: a button on the pages of signing in and registering.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The provider: the table of its address and key in the server's own file, and a part of the
    /// return address. Small latin letters, digits and `_`.
    pub provider: String,
    /// What people call it.
    pub name: Text,
    /// `registration` (default) registers and signs in; `linked` signs in only those who have linked it
    /// in the cabinet.
    #[serde(default)]
    pub opens: IdentityOpens,
    /// Whether only a profile that the provider has verified comes in. Default `false`.
    #[serde(default)]
    pub verified: bool,
    /// Whether signing in by it counts as the second proof on a new device, beside the code: for providers who
    /// have seen the passport. Needs `verified`. Default `false`.
    #[serde(default)]
    pub proves: bool,
    /// Whether the button waits under «ещё». Default `false`.
    #[serde(default)]
    pub more: bool,
}

impl Access {
    /// The offer of a provider.
    pub fn identity_of(&self, provider: &str) -> Option<&Identity> {
        self.identity
            .iter()
            .find(|identity| identity.provider == provider)
    }
}

/// Whether the tables agree with each other.
pub(super) fn check(access: &Access, say: &mut Complaints) {
    for (place, identity) in access.identity.iter().enumerate() {
        let table = format!("access.identity.{place}");
        say.hear(one(&table, identity));
        let mut before = access.identity.iter().take(place);
        say.must(
            !before.any(|other| other.provider == identity.provider),
            &table,
            "provider",
            "stands twice",
            "write each provider once",
        );
        identity.name.check(&table, "name", say);
    }
}

fn one(table: &str, identity: &Identity) -> Checked {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    must(
        !identity.provider.is_empty() && identity.provider.bytes().all(plain),
        table,
        "provider",
        "is a part of an address",
        "write small latin letters, digits and _, as in \"gosuslugi\"",
    )?;
    must(
        !identity.proves || identity.verified,
        table,
        "proves",
        "makes a proof of a profile that nobody has verified",
        "write verified = true beside it, or remove proves",
    )
}
