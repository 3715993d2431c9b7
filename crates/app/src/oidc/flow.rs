//! The protocol: OpenID Connect Core 1.0, authorization code with PKCE S256 (RFC 7636), for a native program without a secret (RFC 8252).

use super::{
    redirect::Answer,
    web::{Web, need_safe},
};
use crate::{Problem, problem::invalid};
use chrono::{DateTime, Utc};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthorizationCode, ClaimsVerificationError, ClientId, CsrfToken,
    DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, ProviderMetadata, RedirectUrl, RequestTokenError, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
        CoreClientAuthMethod, CoreErrorResponseType, CoreGrantType, CoreIdTokenClaims, CoreIdTokenVerifier,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType, CoreTokenResponse,
    },
    url::Url,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a token may be signed with.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// How far the clocks of a provider and of this computer may lie apart, in seconds.
const SKEW_S: i64 = 60;
/// Longest subject (OpenID Connect Core 1.0, 2).
const SUBJECT_MAX: usize = 255;

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
    pub(crate) subject: String,
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
    /// Draws what belongs to this visit alone, and makes the address for the browser. `fresh_since` asks for signing in anew.
    pub(crate) fn new(
        metadata: Metadata,
        client_id: &str,
        redirect: &str,
        fresh_since: Option<i64>,
    ) -> Result<(Self, Url), Problem> {
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|error| Problem::said("internal", &error))?;
        let client = CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(client_id.to_owned()), None)
            .set_redirect_uri(redirect);
        let (state, nonce) = (CsrfToken::new(draw()?), Nonce::new(draw()?));
        let verifier = PkceCodeVerifier::new(draw()?);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (given_state, given_nonce) = (state.clone(), nonce.clone());
        let mut asked = client
            .authorize_url(flow, move || given_state, move || given_nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if fresh_since.is_some() {
            asked = asked.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
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
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT_MAX {
            return Err(Problem::new("oidc.unreadable", "sub".to_owned()));
        }
        Ok(Proved {
            issuer: self.metadata.issuer().as_str().to_owned(),
            subject: subject.to_owned(),
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

fn issued_by(issued: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    match issued.timestamp() <= now.timestamp() + SKEW_S {
        true => Ok(()),
        false => Err("issued in the future".to_owned()),
    }
}

fn signed_in_since(signed_in: Option<DateTime<Utc>>, since: Option<i64>) -> Result<(), String> {
    match (since, signed_in) {
        (None, _) => Ok(()),
        (Some(since), Some(at)) if at.timestamp() + SKEW_S >= since => Ok(()),
        (Some(_), Some(_)) => Err("signed in earlier".to_owned()),
        (Some(_), None) => Err("no auth_time".to_owned()),
    }
}

/// Does the access token belong to the ID token? The hash may be missing where both came straight from the provider (Core 1.0, 3.1.3.6).
fn check_hash(
    token: &CoreTokenResponse,
    claims: &CoreIdTokenClaims,
    verifier: &CoreIdTokenVerifier<'_>,
) -> Result<(), Problem> {
    let (Some(said), Some(id_token)) = (claims.access_token_hash(), token.id_token()) else { return Ok(()) };
    let failed = |error: &dyn std::fmt::Display| Problem::said("oidc.wrong_hash", error);
    let algorithm = id_token.signing_alg().map_err(|error| failed(&error))?;
    let key = id_token.signing_key(verifier).map_err(|error| failed(&error))?;
    let made = AccessTokenHash::from_token(token.access_token(), algorithm, key).map_err(|error| failed(&error))?;
    match made == *said {
        true => Ok(()),
        false => Err(Problem::new("oidc.wrong_hash", None)),
    }
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

/// The library's words quote claims of the token; they are not told on.
fn not_verified(error: &ClaimsVerificationError) -> Problem {
    use ClaimsVerificationError as E;
    let code = match error {
        E::Expired(_) => "oidc.expired",
        E::InvalidAudience(_) => "oidc.wrong_audience",
        E::InvalidAuthTime(_) => "oidc.not_fresh",
        E::InvalidIssuer(_) => "oidc.wrong_issuer",
        E::InvalidNonce(_) => "oidc.wrong_nonce",
        E::SignatureVerification(_) => "oidc.wrong_signature",
        _ => "oidc.unreadable",
    };
    Problem::new(code, None)
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
