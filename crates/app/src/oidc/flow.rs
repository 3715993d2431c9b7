//! The protocol: OpenID Connect Core 1.0, authorization code with PKCE S256 (RFC 7636), for a native program without a secret (RFC 8252).

use super::{
    claims::{ALGORITHMS, Person, check_hash, issued_by, not_verified, signed_in_since},
    redirect::Answer,
    web::{Web, need_safe},
};
use crate::{Problem, problem::invalid};
use chrono::{DateTime, Utc};
use openidconnect::{
    AdditionalProviderMetadata, AuthorizationCode, ClientId, CsrfToken, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    ProviderMetadata, RedirectUrl, RequestTokenError, Scope, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
        CoreClientAuthMethod, CoreErrorResponseType, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
        CoreTokenResponse,
    },
    url::Url,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Of the discovery document, what the library does not read itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct More {
    /// Does it always name itself when it sends the browser back (RFC 9207)?
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    /// Ways of PKCE (RFC 8414); some that know S256 do not list any.
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl AdditionalProviderMetadata for More {}

/// A discovery document with its keys.
pub(crate) type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What a visit asks for.
pub(crate) enum Wanted {
    /// Which account it is, and no more.
    Account,
    /// The same, signed in to after this moment, in seconds since 1970.
    Fresh(i64),
    /// A proof for somebody else's program, made for this nonce, with the name and the address of whoever signs in.
    Proof(String),
}

/// What a proof is to say of a person, for providers that put it there only when they are asked (OpenID Connect Core 1.0, 5.5).
const CLAIMS: &str = r#"{"id_token":{"name":null,"email":null,"email_verified":null}}"#;

/// One visit, from the address to the answer.
pub(crate) struct Visit {
    metadata: Metadata,
    client: Client,
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    /// Must the person have signed in after this moment, in seconds since 1970?
    fresh_since: Option<i64>,
}

/// Who somebody is at a provider, and what it gave.
pub(crate) struct Proved {
    pub(crate) issuer: String,
    pub(crate) person: Person,
    /// The ID token, as it came.
    pub(crate) id_token: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) lasts: Option<Duration>,
}

/// Fetches the discovery document and the keys, and looks whether they can be used.
pub(crate) async fn discover(web: &Web, issuer: &str) -> Result<Metadata, Problem> {
    let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|_| invalid("issuer"))?;
    need_safe(issuer.url())?;
    let metadata = Metadata::discover_async(issuer, web).await.map_err(not_discovered)?;
    need_safe(metadata.authorization_endpoint().url())?;
    let token = metadata.token_endpoint().ok_or_else(|| unfit("token_endpoint"))?;
    need_safe(token.url())?;
    let pkce = &metadata.additional_metadata().code_challenge_methods_supported;
    if pkce.as_ref().is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
        return Err(unfit("code_challenge_methods_supported"));
    }
    if !metadata.id_token_signing_alg_values_supported().iter().any(|one| ALGORITHMS.contains(one)) {
        return Err(unfit("id_token_signing_alg_values_supported"));
    }
    Ok(metadata)
}

impl Visit {
    /// Draws what belongs to this visit alone, and makes the address for the browser.
    pub(crate) fn new(
        metadata: Metadata,
        client_id: &str,
        redirect: &str,
        wanted: Wanted,
    ) -> Result<(Self, Url), Problem> {
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|error| Problem::said("internal", &error))?;
        let client = CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(client_id.to_owned()), None)
            .set_redirect_uri(redirect);
        let (state, fresh) = (CsrfToken::new(draw()?), Nonce::new(draw()?));
        let verifier = PkceCodeVerifier::new(draw()?);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let wants_proof = matches!(wanted, Wanted::Proof(_));
        let (nonce, fresh_since) = match &wanted {
            Wanted::Account => (fresh, None),
            Wanted::Fresh(since) => (fresh, Some(*since)),
            Wanted::Proof(nonce) => (Nonce::new(nonce.clone()), None),
        };
        let (given_state, given_nonce) = (state.clone(), nonce.clone());
        let mut asked = client
            .authorize_url(flow, move || given_state, move || given_nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        asked = match wanted {
            Wanted::Account => asked,
            Wanted::Fresh(_) => asked.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO),
            Wanted::Proof(_) => {
                let scopes = ["email", "profile"].map(|scope| Scope::new(scope.to_owned()));
                asked.add_prompt(CoreAuthPrompt::Login).add_scopes(scopes)
            }
        };
        if wants_proof && metadata.claims_parameter_supported() == Some(true) {
            asked = asked.add_extra_param("claims", CLAIMS);
        }
        let (address, _, _) = asked.url();
        Ok((Visit { metadata, client, state, nonce, verifier, fresh_since }, address))
    }

    /// Takes what the browser brought, fetches the tokens and checks them.
    pub(crate) async fn finish(self, web: &Web, answer: Answer, now: DateTime<Utc>) -> Result<Proved, Problem> {
        let code = self.code(&answer)?;
        let asked = self.client.exchange_code(AuthorizationCode::new(code));
        let asked = asked.map_err(|error| Problem::said("internal", &error))?.set_pkce_verifier(self.verifier);
        let token: CoreTokenResponse = asked.request_async(web).await.map_err(not_exchanged)?;
        let verifier = self
            .client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now)
            .set_issue_time_verifier_fn(move |issued| issued_by(issued, now))
            .set_auth_time_verifier_fn(move |signed_in| signed_in_since(signed_in, self.fresh_since));
        let id_token = token.id_token().ok_or_else(|| Problem::new("oidc.unreadable", "no id_token".to_owned()))?;
        let claims = id_token.claims(&verifier, &self.nonce).map_err(|error| not_verified(&error))?;
        check_hash(&token, claims, &verifier)?;
        Ok(Proved {
            issuer: self.metadata.issuer().as_str().to_owned(),
            person: Person::of(claims)?,
            id_token: id_token.to_string(),
            access_token: token.access_token().secret().clone(),
            refresh_token: token.refresh_token().map(|token| token.secret().clone()),
            lasts: token.expires_in(),
        })
    }

    /// The code, if this is the answer to this visit, from this provider.
    fn code(&self, answer: &Answer) -> Result<String, Problem> {
        let one = |name: &str| {
            let mut found = answer.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
            // A parameter that comes twice is no answer (RFC 6749, 3.1).
            match (found.next(), found.next()) {
                (value, None) => Ok(value),
                _ => Err(Problem::new("oidc.unreadable", name.to_owned())),
            }
        };
        // Compared through its hash by the library, so that no time tells.
        if one("state")?.map(|state| CsrfToken::new(state.to_owned())).as_ref() != Some(&self.state) {
            return Err(Problem::new("oidc.wrong_state", None));
        }
        match one("iss")? {
            Some(issuer) if issuer != self.metadata.issuer().as_str() => return Err(wrong_issuer("iss")),
            None if self.metadata.additional_metadata().authorization_response_iss_parameter_supported => {
                return Err(wrong_issuer("no iss"));
            }
            _ => {}
        }
        match (one("error")?, one("code")?) {
            (Some("access_denied"), _) => Err(Problem::new("oidc.declined", None)),
            (Some(error), _) => Err(Problem::new("oidc.refused", plain(error))),
            (None, Some(code)) => Ok(code.to_owned()),
            (None, None) => Err(Problem::new("oidc.unreadable", "code".to_owned())),
        }
    }
}

/// 256 bits, as text.
fn draw() -> Result<String, Problem> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    Ok(URL_SAFE_NO_PAD.encode(crypto::random::bytes::<32>()?))
}

fn not_discovered(error: DiscoveryError<Problem>) -> Problem {
    match error {
        DiscoveryError::Request(problem) => problem,
        DiscoveryError::Validation(_) => wrong_issuer("discovery"),
        DiscoveryError::UrlParse(_) => invalid("issuer"),
        DiscoveryError::Response(status, ..) => Problem::new("oidc.not_provider", status.as_u16().to_string()),
        _ => Problem::new("oidc.not_provider", None),
    }
}

type NotExchanged = RequestTokenError<Problem, openidconnect::StandardErrorResponse<CoreErrorResponseType>>;

fn not_exchanged(error: NotExchanged) -> Problem {
    match error {
        RequestTokenError::Request(problem) => problem,
        RequestTokenError::ServerResponse(said) => Problem::new("oidc.refused", plain(said.error().as_ref())),
        RequestTokenError::Parse(error, _) => Problem::new("oidc.unreadable", error.path().to_string()),
        RequestTokenError::Other(_) => Problem::new("oidc.unreadable", None),
    }
}

fn wrong_issuer(place: &str) -> Problem {
    Problem::new("oidc.wrong_issuer", place.to_owned())
}

fn unfit(what: &str) -> Problem {
    Problem::new("oidc.unfit", what.to_owned())
}

/// A provider's word for its refusal, as far as it is one.
fn plain(word: &str) -> String {
    word.chars().filter(|letter| letter.is_ascii_graphic()).take(60).collect()
}
