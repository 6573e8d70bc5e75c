//! People as foreign providers of identity know them.

use async_trait::async_trait;

/// What one journey to a provider keeps secret until it comes back.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct IdentityRound {
    /// Goes there and comes back: the answer belongs to this browser's question.
    pub state: String,
    /// Stands in the signed token.
    pub nonce: String,
    /// The verifier of PKCE (RFC 7636), 43–128 letters.
    pub verifier: String,
}

/// What a browser brings back from a provider.
#[derive(Clone, Default)]
pub struct IdentityReturn {
    /// The code that is exchanged for the profile.
    pub code: String,
    /// VK ID's name of the device, which its exchange asks for.
    pub device_id: String,
    /// Who says that it answers (RFC 9207); empty when it does not say.
    pub issuer: String,
}

/// A person as a provider knows them. Whatever it does not say is empty. Has no debug output: it
/// is all personal.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct IdentityProfile {
    /// The provider's own name of the person, never used again for another.
    pub subject: String,
    /// Whether the provider has verified the person by a document.
    pub verified: bool,
    /// The phone, as the provider writes it.
    pub phone: String,
    /// Answers for the questionnaire, by its fields and in its writing: `birth_date` as
    /// `12.05.1990`, `sex` as `female`, `passport` as ten digits.
    pub answers: std::collections::BTreeMap<String, String>,
}

/// Why a provider did not say who it is.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IdentityError {
    /// It does not answer, or not in its own language.
    #[error("identity provider: {0}")]
    Unavailable(String),
    /// The answer is not one to be trusted: a wrong code, signature, issuer, audience or nonce, a
    /// token that has ended.
    #[error("identity refused: {0}")]
    Refused(String),
}

/// Accounts elsewhere, by the names that the lender's file gives them.
#[async_trait]
pub trait IdentityProviders: Send + Sync {
    /// Whether this installation can reach a provider.
    fn knows(&self, provider: &str) -> bool;
    /// Origins of the providers' pages, for the form-action line of the security policy.
    fn origins(&self) -> Vec<String> {
        Vec::new()
    }
    /// Where the browser goes to be asked who it is.
    async fn start(&self, provider: &str, round: &IdentityRound) -> Result<String, IdentityError>;
    /// Exchanges what came back for the profile; every check of the protocol is done here.
    async fn finish(
        &self,
        provider: &str,
        round: &IdentityRound,
        back: &IdentityReturn,
    ) -> Result<IdentityProfile, IdentityError>;
}

/// No providers at all.
#[derive(Debug, Clone, Copy)]
pub struct NoIdentity;

#[async_trait]
impl IdentityProviders for NoIdentity {
    fn knows(&self, _: &str) -> bool {
        false
    }
    async fn start(&self, _: &str, _: &IdentityRound) -> Result<String, IdentityError> {
        Err(IdentityError::Unavailable("there are no providers".into()))
    }
    async fn finish(
        &self,
        _: &str,
        _: &IdentityRound,
        _: &IdentityReturn,
    ) -> Result<IdentityProfile, IdentityError> {
        Err(IdentityError::Unavailable("there are no providers".into()))
    }
}
