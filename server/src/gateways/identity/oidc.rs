//! OpenID Connect by its authorization code flow with PKCE, state and nonce. T-ID is the same up to
//! the token; its userinfo is a POST, and its documents are resources of their own.

use std::time::{Duration, Instant};

use cabinet::ports::{IdentityError, IdentityProfile, IdentityReturn, IdentityRound};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenVerifier, CoreProviderMetadata,
    CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, IssuerUrl,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, TokenResponse,
};
use reqwest::{Client, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::claims::{Claims, with_documents};
use super::{Account, Kind, wire};
use crate::gateways::http;

const SCOPE: &str = "openid profile phone email";
/// How long a provider's addresses and keys are taken for granted.
const FRESH: Duration = Duration::from_mins(10);
/// A signature by an unknown key is reason to read the keys again, but not at every forged token.
const YOUNG: Duration = Duration::from_secs(30);

type Known = (Instant, CoreProviderMetadata);

/// One provider.
pub(super) struct Oidc {
    http: Client,
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: SecretString,
    scopes: Vec<Scope>,
    redirect: RedirectUrl,
    kind: Kind,
    /// T-ID's documents.
    resources: Option<String>,
    known: Mutex<Option<Known>>,
}

fn unavailable(error: impl std::fmt::Display) -> IdentityError {
    IdentityError::Unavailable(error.to_string())
}

fn refused(error: impl std::fmt::Display) -> IdentityError {
    IdentityError::Refused(error.to_string())
}

impl Oidc {
    pub(super) fn new(
        http: Client,
        issuer: &str,
        account: &Account,
        redirect: &str,
        resources: Option<String>,
    ) -> Result<Self, String> {
        let wrong = |error: &dyn std::fmt::Display| error.to_string();
        let scope = account.scope.as_deref().unwrap_or(SCOPE);
        Ok(Self {
            http,
            issuer: IssuerUrl::new(issuer.to_owned()).map_err(|error| wrong(&error))?,
            client_id: ClientId::new(account.client_id.clone()),
            client_secret: account.client_secret.clone().unwrap_or_default(),
            scopes: scope
                .split_whitespace()
                // The library asks for it by itself.
                .filter(|scope| *scope != "openid")
                .map(|scope| Scope::new(scope.to_owned()))
                .collect(),
            redirect: RedirectUrl::new(redirect.to_owned()).map_err(|error| wrong(&error))?,
            kind: account.kind,
            resources,
            known: Mutex::new(None),
        })
    }

    /// The provider's addresses and keys, read again when they are older than this.
    async fn metadata(&self, oldest: Duration) -> Result<CoreProviderMetadata, IdentityError> {
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = known.as_ref()
            && at.elapsed() < oldest
        {
            return Ok(metadata.clone());
        }
        let http = self.http.clone();
        let ask = move |request: HttpRequest| wire::send(http.clone(), request);
        let read = CoreProviderMetadata::discover_async(self.issuer.clone(), &ask).await;
        let metadata = read.map_err(unavailable)?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    fn secret(&self) -> ClientSecret {
        ClientSecret::new(self.client_secret.expose_secret().to_owned())
    }

    pub(super) async fn start(&self, round: &IdentityRound) -> Result<String, IdentityError> {
        let metadata = self.metadata(FRESH).await?;
        let client = CoreClient::from_provider_metadata(
            metadata,
            self.client_id.clone(),
            Some(self.secret()),
        )
        .set_redirect_uri(self.redirect.clone());
        let verifier = PkceCodeVerifier::new(round.verifier.clone());
        let (state, nonce) = (round.state.clone(), round.nonce.clone());
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.to_string())
    }

    pub(super) async fn finish(
        &self,
        round: &IdentityRound,
        back: &IdentityReturn,
    ) -> Result<IdentityProfile, IdentityError> {
        let metadata = self.metadata(FRESH).await?;
        if !back.issuer.is_empty() && back.issuer != metadata.issuer().as_str() {
            return Err(refused("somebody else has answered"));
        }
        let token = self.exchange(metadata.clone(), round, back).await?;
        let subject = self.checked(&metadata, round, &token).await?;
        let bearer = token.access_token().secret();
        let url = metadata.userinfo_endpoint();
        let url = url.ok_or_else(|| unavailable("the provider has no userinfo"))?;
        let request = match self.kind {
            // Not as the standard has it: a POST that also says who asks.
            Kind::TId => self.http.post(url.as_str()).form(&[
                ("client_id", self.client_id.as_str()),
                ("client_secret", self.client_secret.expose_secret()),
            ]),
            _ => self.http.get(url.as_str()),
        };
        let claims: Option<Claims> = read(request.bearer_auth(bearer)).await?;
        let claims = claims.ok_or_else(|| refused("the provider shows no profile"))?;
        if claims.sub != subject {
            return Err(refused("the profile is somebody else's"));
        }
        let mut profile = claims.profile();
        if let Some(resources) = &self.resources {
            self.documents(&mut profile, resources, bearer).await;
        }
        Ok(profile)
    }

    async fn exchange(
        &self,
        metadata: CoreProviderMetadata,
        round: &IdentityRound,
        back: &IdentityReturn,
    ) -> Result<CoreTokenResponse, IdentityError> {
        let client = CoreClient::from_provider_metadata(
            metadata,
            self.client_id.clone(),
            Some(self.secret()),
        )
        .set_redirect_uri(self.redirect.clone());
        let http = self.http.clone();
        let ask = move |request: HttpRequest| wire::send(http.clone(), request);
        let exchange = client
            .exchange_code(AuthorizationCode::new(back.code.clone()))
            .map_err(unavailable)?
            .set_pkce_verifier(PkceCodeVerifier::new(round.verifier.clone()));
        exchange
            .request_async(&ask)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(answer) => refused(answer),
                other => unavailable(other),
            })
    }

    /// Checks the token's signature, issuer, audience, end and nonce, and that it belongs to the access
    /// token; answers whose it is.
    async fn checked(
        &self,
        metadata: &CoreProviderMetadata,
        round: &IdentityRound,
        token: &CoreTokenResponse,
    ) -> Result<String, IdentityError> {
        let id_token = token.id_token();
        let id_token = id_token.ok_or_else(|| refused("there is no id_token"))?;
        match self.verified(metadata, round, token, id_token) {
            Ok(subject) => Ok(subject),
            Err(first) => {
                // The provider may have changed its keys since they were read.
                let again = self.metadata(YOUNG).await?;
                if again.jwks() == metadata.jwks() {
                    return Err(first);
                }
                self.verified(&again, round, token, id_token)
            }
        }
    }

    fn verified(
        &self,
        metadata: &CoreProviderMetadata,
        round: &IdentityRound,
        token: &CoreTokenResponse,
        id_token: &CoreIdToken,
    ) -> Result<String, IdentityError> {
        let verifier = CoreIdTokenVerifier::new_confidential_client(
            self.client_id.clone(),
            self.secret(),
            self.issuer.clone(),
            metadata.jwks().clone(),
        )
        .set_allowed_algs(metadata.id_token_signing_alg_values_supported().clone());
        let strict = self.kind != Kind::TId;
        let nonce = |found: Option<&Nonce>| match found {
            Some(found) if *found.secret() == round.nonce => Ok(()),
            // T-ID does not promise to give it back; the code is bound to this browser by PKCE all the same.
            None if !strict => Ok(()),
            _ => Err("the nonce is another one".to_owned()),
        };
        let claims = id_token.claims(&verifier, nonce).map_err(refused)?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = id_token.signing_alg().map_err(refused)?;
            let key = id_token.signing_key(&verifier).map_err(refused)?;
            let actual = AccessTokenHash::from_token(token.access_token(), algorithm, key);
            if actual.map_err(refused)? != *expected {
                return Err(refused("the access token is another one"));
            }
        }
        Ok(claims.subject().to_string())
    }

    /// T-ID's documents, each of which a person may not have allowed.
    async fn documents(&self, profile: &mut IdentityProfile, resources: &str, bearer: &str) {
        let resources = resources.trim_end_matches('/');
        let status = self
            .document(resources, "identification/status", bearer)
            .await;
        let passport = self.document(resources, "documents/passport", bearer).await;
        let inn = self.document(resources, "documents/inn", bearer).await;
        with_documents(profile, status, passport, inn);
    }

    async fn document<T: DeserializeOwned>(
        &self,
        resources: &str,
        which: &str,
        bearer: &str,
    ) -> Option<T> {
        let url = format!("{resources}/api/v2/individual/{which}");
        let got = read(self.http.get(url).bearer_auth(bearer)).await;
        got.unwrap_or_else(|error| {
            tracing::warn!(which, %error, "T-ID gives no document");
            None
        })
    }
}

/// An answer in JSON; `None` when it may not be seen.
pub(super) async fn read<T: DeserializeOwned>(
    request: RequestBuilder,
) -> Result<Option<T>, IdentityError> {
    let trouble = |error| unavailable(http::trouble(error));
    let answer = request.send().await.map_err(trouble)?;
    let status = answer.status();
    if matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND
    ) {
        return Ok(None);
    }
    if status != StatusCode::OK {
        return Err(unavailable(format!("HTTP {}", status.as_u16())));
    }
    answer.json().await.map(Some).map_err(trouble)
}
