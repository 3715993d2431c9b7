//! One request to one checked address.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, redirect, retry};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;
use serde::Deserialize;

use super::address::{self, AddressPolicy};
use crate::error::{Error, Result};

/// How long one request may take, name, connection and body together.
const TIME: Duration = Duration::from_secs(30);
/// How long a connection may take to come about.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// The longest text of an error answer that is read.
const REFUSAL_MAX: usize = 16 * 1024;

/// What to send.
pub enum Ask {
    /// A file.
    Get,
    /// A manifest, with this JSON.
    Post(Vec<u8>),
}

/// Asks hosts under one policy.
pub struct Asker {
    policy: AddressPolicy,
}

impl Asker {
    pub fn new(policy: AddressPolicy) -> Self {
        Self { policy }
    }

    /// The body of a 200 answer, at most `limit` bytes; every other answer is an error.
    pub async fn ask(&self, address: &Url, ask: Ask, limit: usize) -> Result<Vec<u8>> {
        tokio::time::timeout(TIME, self.ask_at_leisure(address, ask, limit)).await.map_err(|_| Error::TimedOut)?
    }

    async fn ask_at_leisure(&self, address: &Url, ask: Ask, limit: usize) -> Result<Vec<u8>> {
        let found = resolve(address).await?;
        address::check(address, &found, self.policy)?;
        let client = client(address, &found)?;
        let response = request(&client, address, ask).send().await.map_err(|e| unanswered(&e))?;
        if response.status() == StatusCode::OK {
            return body(response, limit).await;
        }
        Err(refused(response).await)
    }
}

/// All addresses that the name stands for.
async fn resolve(address: &Url) -> Result<Vec<SocketAddr>> {
    // No other scheme is resolved, let alone asked.
    if !matches!(address.scheme(), "https" | "http") {
        return Err(Error::AddressRefused("it is neither https nor http"));
    }
    let host = address.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let port = address.port_or_known_default().unwrap_or_default();
    let found = tokio::net::lookup_host((host, port)).await.map_err(|_| Error::Unreachable)?;
    Ok(found.collect())
}

/// A client for one request, which knows the name by the checked addresses alone: a second answer of the name service, different
/// from the first, changes nothing. No proxy, since a proxy would resolve the name again.
fn client(address: &Url, found: &[SocketAddr]) -> Result<Client> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls(address.scheme() == "https")?)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .referer(false)
        .http1_only()
        .connect_timeout(CONNECT_TIME)
        .user_agent("Aidpost");
    if let Some(name) = address.domain() {
        builder = builder.resolve_to_addrs(name, found);
    }
    builder.build().map_err(|e| Error::NoTls(e.to_string()))
}

/// TLS on ring, judged by the certificates that this computer trusts; those are read only when they will be needed.
fn tls(needed: bool) -> Result<ClientConfig> {
    let no_tls = |e: rustls::Error| Error::NoTls(e.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(no_tls)?;
    if !needed {
        return Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth());
    }
    Ok(builder.with_platform_verifier().map_err(no_tls)?.with_no_client_auth())
}

fn request(client: &Client, address: &Url, ask: Ask) -> RequestBuilder {
    match ask {
        Ask::Get => client.get(address.clone()).header(ACCEPT, "application/jose, */*"),
        Ask::Post(json) => client
            .post(address.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(json),
    }
}

fn unanswered(error: &reqwest::Error) -> Error {
    if error.is_timeout() { Error::TimedOut } else { Error::Unreachable }
}

async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>> {
    let too_much = Error::TooMuch { limit };
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_much);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| unanswered(&e))? {
        if bytes.len() + chunk.len() > limit {
            return Err(too_much);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn refused(response: Response) -> Error {
    let status = response.status();
    if status.is_redirection() {
        return Error::Redirected;
    }
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Error::NoLongerShared,
        StatusCode::UNAUTHORIZED => Error::WrongPasscode { remaining: remaining(response).await },
        StatusCode::TOO_MANY_REQUESTS => Error::TryLater { retry_after: retry_after(&response) },
        other => Error::HostRefused { status: other.as_u16() },
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    remaining_attempts: Option<u32>,
}

/// A host need not say how many guesses are left; one that says it unreadably has not said it.
async fn remaining(response: Response) -> Option<u32> {
    let text = body(response, REFUSAL_MAX).await.ok()?;
    serde_json::from_slice::<Refusal>(&text).ok()?.remaining_attempts
}

fn retry_after(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}
