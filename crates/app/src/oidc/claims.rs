//! What a provider says of somebody in an ID token, and what is demanded of it.

use super::flow::Metadata;
use crate::Problem;
use chrono::{DateTime, Utc};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, ClientId, Nonce, OAuth2TokenResponse, TokenResponse,
    core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm, CoreTokenResponse},
};
use std::str::FromStr;

/// What a token may be signed with.
pub(super) const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];
/// How far the clocks of a provider and of this computer may lie apart, in seconds.
pub(super) const SKEW_S: i64 = 60;
/// Longest subject (OpenID Connect Core 1.0, 2).
const SUBJECT_MAX: usize = 255;
/// So many letters of a name or an address are shown.
const SHOWN_MAX: usize = 120;

/// Who somebody is at a provider, in its words: to be shown, never to be matched by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    /// Does the provider say that they read that mail?
    pub(crate) email_verified: bool,
}

impl Person {
    /// # Errors
    /// `oidc.unreadable` for a subject that is none.
    pub(super) fn of(claims: &CoreIdTokenClaims) -> Result<Self, Problem> {
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT_MAX {
            return Err(Problem::new("oidc.unreadable", "sub".to_owned()));
        }
        let name = claims.name().and_then(|name| name.get(None)).and_then(|name| shown(name.as_str()));
        let email = claims.email().and_then(|email| shown(email.as_str()));
        Ok(Person {
            subject: subject.to_owned(),
            name,
            email_verified: email.is_some() && claims.email_verified() == Some(true),
            email,
        })
    }
}

/// A name from elsewhere, without what would turn the words around it about.
fn shown(text: &str) -> Option<String> {
    let turns =
        |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept: String = text.chars().filter(|letter| !letter.is_control() && !turns(*letter)).take(SHOWN_MAX).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// When a token that was carried by hand must have been issued, and how long it is good.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Not before this moment, seconds since 1970.
    pub(super) since_s: i64,
    /// Now.
    pub(super) now: DateTime<Utc>,
    /// So many seconds ago it may have ended: it was good when the request was made.
    pub(super) late_s: i64,
}

/// Checks a token that somebody else fetched: signature, issuer, this client alone, times, and that it was made for this nonce.
///
/// # Errors
/// `oidc.…`: what does not hold.
pub(super) fn check_carried(
    metadata: &Metadata,
    client_id: &str,
    token: &str,
    nonce: &str,
    span: Span,
) -> Result<Person, Problem> {
    let token = CoreIdToken::from_str(token).map_err(|_| Problem::new("oidc.unreadable", "id_token".to_owned()))?;
    let ended_since = span.now - chrono::Duration::seconds(span.late_s);
    let issued = move |at: DateTime<Utc>| match at.timestamp() + SKEW_S >= span.since_s {
        true => issued_by(at, span.now),
        false => Err("issued before the invitation".to_owned()),
    };
    let client = ClientId::new(client_id.to_owned());
    let (issuer, keys) = (metadata.issuer().clone(), metadata.jwks().clone());
    let verifier = CoreIdTokenVerifier::new_public_client(client, issuer, keys)
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || ended_since)
        .set_issue_time_verifier_fn(issued);
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|error| not_verified(&error))?;
    Person::of(claims)
}

pub(super) fn issued_by(issued: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    match issued.timestamp() <= now.timestamp() + SKEW_S {
        true => Ok(()),
        false => Err("issued in the future".to_owned()),
    }
}

pub(super) fn signed_in_since(signed_in: Option<DateTime<Utc>>, since: Option<i64>) -> Result<(), String> {
    match (since, signed_in) {
        (None, _) => Ok(()),
        (Some(since), Some(at)) if at.timestamp() + SKEW_S >= since => Ok(()),
        (Some(_), Some(_)) => Err("signed in earlier".to_owned()),
        (Some(_), None) => Err("no auth_time".to_owned()),
    }
}

/// Does the access token belong to the ID token? The hash may be missing where both came straight from the provider (Core 1.0, 3.1.3.6).
pub(super) fn check_hash(
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

/// The library's words quote claims of the token; they are not told on.
pub(super) fn not_verified(error: &ClaimsVerificationError) -> Problem {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_elsewhere_turns_nothing_about_and_has_an_end() {
        assert_eq!(shown("Amina\u{202e} )sey( \u{2066}R\n").as_deref(), Some("Amina )sey( R"));
        assert_eq!(shown(" \u{200f}\u{0} "), None);
        assert_eq!(shown(&"é".repeat(500)).unwrap().chars().count(), SHOWN_MAX);
    }
}
