//! Accounts elsewhere: OpenID Connect providers (a gateway to Gosuslugi among them), T-ID, VK ID.
//!
//! Which of them a lender offers stands in its file; where they are and what they know us by stands
//! in a file of the installation, a table for each:
//! ```toml
//! [gosuslugi]
//! kind = "oidc"
//! issuer = "https://esia.gateway.example"
//! client_id = "kopeck"
//! client_secret = "…"
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use cabinet::lender::Lender;
use cabinet::ports::{
    IdentityError, IdentityProfile, IdentityProviders, IdentityReturn, IdentityRound, NoIdentity,
};
use secrecy::SecretString;
use serde::Deserialize;

use super::http;
use super::settings::{GatewayConfig, GatewayError, origin};

mod claims;
mod oidc;
mod vk;
mod wire;

use oidc::Oidc;
use vk::Vk;

const FLAG: &str = "identity-file";
/// Where T-ID and VK ID are, and T-ID's own store of passports.
const T_ID: &str = "https://id.tbank.ru/";
const T_RESOURCES: &str = "https://business.tbank.ru/openapi";
const VK_ID: &str = "https://id.vk.com";

/// What a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// OpenID Connect with discovery.
    Oidc,
    /// The same with T-ID's own userinfo and documents.
    TId,
    /// OAuth 2.1 of VK ID.
    VkId,
}

/// A table of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    kind: Kind,
    #[serde(default)]
    issuer: Option<String>,
    client_id: String,
    #[serde(default)]
    client_secret: Option<SecretString>,
    /// What is asked for, between spaces.
    #[serde(default)]
    scope: Option<String>,
    /// T-ID's documents; empty asks for none.
    #[serde(default)]
    resources: Option<String>,
}

enum Adapter {
    Oidc(Box<Oidc>),
    Vk(Box<Vk>),
}

/// The providers of an installation.
pub struct Providers {
    adapters: BTreeMap<String, Adapter>,
    origins: Vec<String>,
}

/// The providers that the lender's file offers. One that the installation can't reach is an error; beside
/// a sandbox its button is left out.
pub fn providers(
    config: &GatewayConfig,
    own_url: &str,
    lender: &Lender,
) -> Result<Arc<dyn IdentityProviders>, GatewayError> {
    let wanted: Vec<&str> = lender
        .access
        .identity
        .iter()
        .map(|offer| &*offer.provider)
        .collect();
    let Some(file) = &config.identity_file else {
        let Some(first) = wanted.first() else {
            return Ok(Arc::new(NoIdentity));
        };
        if config.sandbox_url.is_some() {
            tracing::warn!(?wanted, "no identity file: these buttons are left out");
            return Ok(Arc::new(NoIdentity));
        }
        return Err(wrong(&format!(
            "the lender's file offers `{first}`: give the file with a table [{first}]"
        )));
    };
    let accounts = read(file)?;
    let mut made = BTreeMap::new();
    let mut origins = Vec::new();
    for name in wanted {
        let Some(account) = accounts.get(name) else {
            return Err(wrong(&format!(
                "the lender's file offers `{name}`, but there is no table [{name}]"
            )));
        };
        let redirect = format!("{own_url}/identity/{name}/return");
        let (adapter, url) = adapter(name, account, &redirect)?;
        origins.extend(origin(&url));
        made.insert(name.to_owned(), adapter);
    }
    origins.dedup();
    Ok(Arc::new(Providers {
        adapters: made,
        origins,
    }))
}

fn wrong(problem: &str) -> GatewayError {
    GatewayError::Wrong {
        flag: FLAG,
        problem: problem.to_owned(),
    }
}

fn read(file: &Path) -> Result<BTreeMap<String, Account>, GatewayError> {
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| wrong(&format!("`{shown}` can't be read: {error}")))?;
    // The error's own text may quote a secret.
    toml::from_str(&text).map_err(|error: toml::de::Error| {
        let at = error.span().map_or(0, |span| {
            text.get(..span.start).map_or(0, |before| before.lines().count())
        });
        wrong(&format!(
            "`{shown}`, line {at}: a table needs kind (\"oidc\", \"t_id\" or \"vk_id\"), client_id and, by kind, \
             issuer, client_secret, scope, resources"
        ))
    })
}

fn adapter(
    name: &str,
    account: &Account,
    redirect: &str,
) -> Result<(Adapter, String), GatewayError> {
    let issuer = match (&account.issuer, account.kind) {
        (Some(issuer), _) => issuer.clone(),
        (None, Kind::TId) => T_ID.to_owned(),
        (None, Kind::VkId) => VK_ID.to_owned(),
        (None, Kind::Oidc) => return Err(wrong(&format!("[{name}] has no issuer"))),
    };
    if origin(&issuer).is_none() {
        return Err(wrong(&format!("[{name}] issuer is not an address")));
    }
    let client = http::client(&issuer)?;
    if account.kind == Kind::VkId {
        let vk = Vk::new(client, &issuer, account, redirect)
            .map_err(|problem| wrong(&format!("[{name}] {problem}")))?;
        return Ok((Adapter::Vk(Box::new(vk)), issuer));
    }
    if account.client_secret.is_none() {
        return Err(wrong(&format!("[{name}] has no client_secret")));
    }
    let resources = account.resources.clone();
    let resources = (account.kind == Kind::TId)
        .then(|| resources.unwrap_or_else(|| T_RESOURCES.to_owned()))
        .filter(|url| !url.is_empty());
    let oidc = Oidc::new(client, &issuer, account, redirect, resources)
        .map_err(|problem| wrong(&format!("[{name}] {problem}")))?;
    Ok((Adapter::Oidc(Box::new(oidc)), issuer))
}

impl Providers {
    fn adapter(&self, provider: &str) -> Result<&Adapter, IdentityError> {
        self.adapters
            .get(provider)
            .ok_or_else(|| IdentityError::Unavailable(format!("`{provider}` is not set up")))
    }
}

#[async_trait]
impl IdentityProviders for Providers {
    fn knows(&self, provider: &str) -> bool {
        self.adapters.contains_key(provider)
    }

    fn origins(&self) -> Vec<String> {
        self.origins.clone()
    }

    async fn start(&self, provider: &str, round: &IdentityRound) -> Result<String, IdentityError> {
        match self.adapter(provider)? {
            Adapter::Oidc(oidc) => oidc.start(round).await,
            Adapter::Vk(vk) => Ok(vk.start(round)),
        }
    }

    async fn finish(
        &self,
        provider: &str,
        round: &IdentityRound,
        back: &IdentityReturn,
    ) -> Result<IdentityProfile, IdentityError> {
        let since = Instant::now();
        let result = match self.adapter(provider)? {
            Adapter::Oidc(oidc) => oidc.finish(round, back).await,
            Adapter::Vk(vk) => vk.finish(round, back).await,
        };
        let outcome = match &result {
            Ok(_) => "done",
            Err(IdentityError::Refused(_)) => "refused",
            Err(IdentityError::Unavailable(_)) => "unknown",
        };
        http::measured("identity", "finish", outcome, since);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<(Adapter, String), GatewayError> {
        let account: Account = toml::from_str(text).expect("a table");
        adapter("x", &account, "https://cabinet.example/identity/x/return")
    }

    #[test]
    fn a_table_says_what_it_lacks() {
        let problem = |text: &str| table(text).err().expect("refused").to_string();
        let plain = "client_id = \"a\"\nclient_secret = \"b\"\n";
        assert!(problem(&format!("kind = \"oidc\"\n{plain}")).contains("[x] has no issuer"));
        let nonsense = format!("kind = \"oidc\"\nissuer = \"nonsense\"\n{plain}");
        assert!(problem(&nonsense).contains("issuer is not an address"));
        assert!(problem("kind = \"t_id\"\nclient_id = \"a\"").contains("no client_secret"));
        let (_, url) = table(&format!("kind = \"t_id\"\n{plain}")).expect("T-ID");
        assert_eq!(url, T_ID);
        let (_, url) = table("kind = \"vk_id\"\nclient_id = \"1\"").expect("VK ID");
        assert_eq!(url, VK_ID);
    }

    #[test]
    fn an_error_of_the_file_never_quotes_it() {
        let file = std::env::temp_dir().join(format!("kopeck-identity-{}", std::process::id()));
        std::fs::write(&file, "[a]\nkind = \"oidc\"\nsecret = \"very secret\"").expect("a file");
        let error = read(&file).expect_err("an unknown key").to_string();
        std::fs::remove_file(&file).expect("removed");
        assert!(
            error.contains("line") && !error.contains("very secret"),
            "{error}"
        );
    }
}
