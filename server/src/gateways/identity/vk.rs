//! VK ID: OAuth 2.1 with PKCE and no secret; what comes back names a device, and the exchange wants
//! it. Source: id.vk.com/about/business, "Web integration without the SDK".

use cabinet::ports::{IdentityError, IdentityProfile, IdentityReturn, IdentityRound};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpRequest, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse,
    TokenUrl,
};
use reqwest::Client;
use serde::{Deserialize, Serialize};

use super::claims::VkUser;
use super::{Account, oidc, wire};

const SCOPE: &str = "vkid.personal_info phone email";

/// What VK ID adds to its answer.
#[derive(Debug, Serialize, Deserialize)]
struct Extra {
    state: String,
    user_id: serde_json::Number,
}

impl ExtraTokenFields for Extra {}

type VkClient = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<Extra, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// VK ID.
pub(super) struct Vk {
    http: Client,
    client: VkClient,
    scopes: Vec<Scope>,
    user_info: String,
}

#[derive(Deserialize)]
struct Answer {
    user: VkUser,
}

impl Vk {
    pub(super) fn new(
        http: Client,
        url: &str,
        account: &Account,
        redirect: &str,
    ) -> Result<Self, String> {
        let url = url.trim_end_matches('/');
        let wrong = |error: &dyn std::fmt::Display| error.to_string();
        let authorize = AuthUrl::new(format!("{url}/authorize")).map_err(|error| wrong(&error))?;
        let token = TokenUrl::new(format!("{url}/oauth2/auth")).map_err(|error| wrong(&error))?;
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|error| wrong(&error))?;
        let client = oauth2::Client::new(ClientId::new(account.client_id.clone()))
            .set_auth_uri(authorize)
            .set_token_uri(token)
            .set_redirect_uri(redirect)
            .set_auth_type(AuthType::RequestBody);
        let scope = account.scope.as_deref().unwrap_or(SCOPE);
        Ok(Self {
            http,
            client,
            scopes: scope
                .split_whitespace()
                .map(|scope| Scope::new(scope.to_owned()))
                .collect(),
            user_info: format!("{url}/oauth2/user_info"),
        })
    }

    pub(super) fn start(&self, round: &IdentityRound) -> String {
        let verifier = PkceCodeVerifier::new(round.verifier.clone());
        let state = round.state.clone();
        let (url, _) = self
            .client
            .authorize_url(|| CsrfToken::new(state))
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        url.to_string()
    }

    pub(super) async fn finish(
        &self,
        round: &IdentityRound,
        back: &IdentityReturn,
    ) -> Result<IdentityProfile, IdentityError> {
        let refused = |problem: String| IdentityError::Refused(problem);
        if back.device_id.is_empty() {
            return Err(refused("there is no device_id".into()));
        }
        let http = self.http.clone();
        let ask = move |request: HttpRequest| wire::send(http.clone(), request);
        let token = self
            .client
            .exchange_code(AuthorizationCode::new(back.code.clone()))
            .set_pkce_verifier(PkceCodeVerifier::new(round.verifier.clone()))
            .add_extra_param("device_id", &back.device_id)
            .add_extra_param("state", &round.state)
            .request_async(&ask)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(answer) => refused(answer.to_string()),
                other => IdentityError::Unavailable(other.to_string()),
            })?;
        if token.extra_fields().state != round.state {
            return Err(refused("the state is another one".into()));
        }
        let request = self.http.post(&self.user_info).form(&[
            ("client_id", self.client.client_id().as_str()),
            ("access_token", token.access_token().secret()),
        ]);
        let answer: Option<Answer> = oidc::read(request).await?;
        let answer = answer.ok_or_else(|| refused("the provider shows no profile".into()))?;
        if answer.user.user_id != token.extra_fields().user_id.to_string() {
            return Err(refused("the profile is somebody else's".into()));
        }
        Ok(answer.user.profile())
    }
}
