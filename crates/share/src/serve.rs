//! Serving links: the one implementation of the protocol's data plane, for the app on a local network and for a link host.
//!
//! The caller gives a [`Host`], which knows the links and counts them (see [`crate::tally`]), and owns the listener; [`run`]
//! serves one with bounded connections. Nothing here has a key: hosts hold ciphertext.
//!
//! | request | answer |
//! | --- | --- |
//! | `POST /shl/{id}` | the manifest |
//! | `GET /shl/{id}?recipient=…` | the one file of a `U` link |
//! | `GET /shl/{id}/f/{ticket}` | a file that a manifest pointed to |
//! | `GET /view` | the page that opens a link in the browser; the link stands behind its `#` |
//! | `OPTIONS` anywhere | 204 |
//!
//! Every dead link, unknown path and spent ticket gives the same 404. Whoever asks too often for one link is told to wait (429).

mod answers;
mod pace;
mod run;
mod ticket;
mod tls;
mod viewer;

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest as _, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use zeroize::Zeroizing;

pub use pace::Pace;
pub use run::{Bounds, run};
pub use ticket::{TICKET_SECONDS, TicketKey};
pub use tls::Tls;
pub use viewer::PATH as VIEWER;

use crate::text::{shown, shown_to};
use pace::Paces;

/// The largest body of a request, in bytes.
pub const BODY_MAX: usize = 16 * 1024;
/// How long a request's body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);
/// The longest user agent that is handed on, in characters.
const USER_AGENT_MAX: usize = 200;
/// The longest id of a link that is looked up; ours have 43 characters.
const ID_MAX: usize = 128;

/// What a host answers. Everything that must look the same from outside is `Gone`.
#[derive(Debug)]
pub enum Answer<T> {
    /// Serve; the use has been counted.
    Give(T),
    /// The passcode is missing or wrong; a wrong one has been counted.
    WrongPasscode {
        /// How many guesses the link has left.
        remaining: u32,
    },
    /// Unknown, expired, revoked, paused, used up, disabled, or not of this kind.
    Gone,
    /// Asked too often.
    TooOften {
        /// How long to wait, in seconds.
        retry_after: u32,
    },
    /// The host's own storage fails at the moment.
    Unavailable,
}

impl Answer<Vec<HostedFile>> {
    /// The answer of a link with `U`, which has one file.
    #[must_use]
    pub fn only(self) -> Answer<HostedFile> {
        match self {
            Answer::Give(mut files) if files.len() == 1 => Answer::Give(files.remove(0)),
            Answer::Give(_) | Answer::Gone => Answer::Gone,
            Answer::WrongPasscode { remaining } => Answer::WrongPasscode { remaining },
            Answer::TooOften { retry_after } => Answer::TooOften { retry_after },
            Answer::Unavailable => Answer::Unavailable,
        }
    }
}

/// One encrypted file of a link.
#[derive(Clone, Debug)]
pub struct HostedFile {
    /// The file's id within its link, at most 128 bytes; seen by no reader.
    pub id: String,
    /// The type of what is encrypted, for example `application/fhir+json`.
    pub content_type: String,
    /// The compact JWE.
    pub jwe: String,
    /// When the content last changed, in seconds since 1970.
    pub last_updated: Option<u64>,
    /// Whether the content may still change.
    pub status: Option<FileStatus>,
}

/// Whether a shared file may still change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// It will not.
    Finalized,
    /// It may.
    CanChange,
    /// It is withdrawn.
    NoLongerValid,
}

/// What a reader said of itself and what the connection shows. Not to be printed: it holds the passcode.
#[derive(Clone)]
pub struct Asked {
    /// Who is asking, in their own words: untrusted, cleaned, at most 80 characters; escape it where it is shown.
    pub recipient: String,
    /// The passcode, if one was given.
    pub passcode: Option<Zeroizing<String>>,
    /// The longest file that the reader wants inside the manifest, in characters.
    pub embedded_length_max: Option<u64>,
    /// From where the request came, if the listener tells.
    pub address: Option<IpAddr>,
    /// The program that asked, in its own words: untrusted, cleaned, at most 200 characters.
    pub user_agent: Option<String>,
}

/// What the caller gives: the links, their counting, and the time. A request's future may be dropped when its reader goes away;
/// counting belongs into one step that is atomic by itself.
pub trait Host: Send + Sync + 'static {
    /// The time, in seconds since 1970.
    fn now(&self) -> u64;

    /// The files of a link without `U`. Decides and counts the use.
    fn manifest(&self, id: &str, asked: &Asked) -> impl Future<Output = Answer<Vec<HostedFile>>> + Send;

    /// The one file of a link with `U`. Decides and counts the use.
    fn direct(&self, id: &str, asked: &Asked) -> impl Future<Output = Answer<HostedFile>> + Send;

    /// A file of a link that a manifest pointed to within the last minute. Counts nothing, but a link that the owner has ended
    /// or paused since should be [`Answer::Gone`].
    fn file(&self, id: &str, file: &str) -> impl Future<Output = Answer<HostedFile>> + Send;
}

/// How a router presents itself.
#[derive(Clone)]
pub struct Options {
    /// The values of the Host header that are answered, with their ports, for example `192.168.1.20:8417` or
    /// `links.example.org`. All others are refused, so that no foreign web page reaches this host under a name of its own.
    pub allowed_hosts: Vec<String>,
    /// Whether readers reach this router by https (through a proxy in front of it).
    pub https: bool,
    /// Whether a proxy of ours is in front, whose `X-Forwarded-For` tells the reader's address.
    pub behind_proxy: bool,
    /// The key of the tickets; shared by all routers that serve the same links.
    pub ticket_key: TicketKey,
    /// How often one address may ask for one link.
    pub pace: Pace,
}

struct Server<H> {
    host: Arc<H>,
    options: Options,
    paces: Paces,
}

impl<H: Host> Server<H> {
    /// Refuses whoever asks too often, before the link is looked up: a link that never was answers alike.
    fn too_often(&self, id: &str, address: Option<IpAddr>) -> Option<Response> {
        let retry_after = self.paces.ask(&self.options.pace, id, address, self.host.now()).err()?;
        Some(answers::refusal(&Answer::<()>::TooOften { retry_after }))
    }
}

/// The routes of the data plane, to be mounted at the root of a listener.
pub fn router<H: Host>(host: Arc<H>, options: Options) -> Router {
    let server = Arc::new(Server { host, options, paces: Paces::default() });
    // HEAD is named so that it is not taken for a GET, which would count a use.
    let link = post(manifest::<H>).get(direct::<H>).head(wrong_method).fallback(wrong_method);
    let file = get(ticket_file::<H>).head(wrong_method).fallback(wrong_method);
    Router::new()
        .route("/shl/{id}", link)
        .route("/shl/{id}/f/{ticket}", file)
        .merge(viewer::routes())
        .fallback(async || answers::gone())
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn_with_state(Arc::clone(&server), guard::<H>))
        .with_state(server)
}

/// The allow-listed name under which the request came; handlers build addresses from it.
#[derive(Clone)]
struct Under(String);

/// Refuses foreign Host headers, answers preflights, and puts the common headers on every answer.
async fn guard<H: Host>(State(server): State<Arc<Server<H>>>, mut request: Request, next: Next) -> Response {
    let answer = match called(&request, &server.options.allowed_hosts) {
        None => answers::misdirected(),
        Some(_) if request.method() == Method::OPTIONS => answers::preflight(),
        Some(under) => {
            request.extensions_mut().insert(Under(under));
            next.run(request).await
        }
    };
    answers::with_common_headers(answer)
}

fn called(request: &Request, allowed: &[String]) -> Option<String> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let name = match (named.next(), named.next()) {
        (Some(one), None) => one.to_str().ok()?,
        (None, _) => request.uri().authority()?.as_str(),
        (Some(_), Some(_)) => return None,
    };
    allowed.iter().find(|own| own.eq_ignore_ascii_case(name)).cloned()
}

async fn wrong_method() -> Response {
    answers::wrong_method()
}

#[derive(Deserialize)]
struct ManifestRequest {
    recipient: Option<String>,
    passcode: Option<String>,
    #[serde(rename = "embeddedLengthMax")]
    embedded_length_max: Option<i64>,
}

async fn manifest<H: Host>(
    State(server): State<Arc<Server<H>>>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let Some(id) = link_id(id) else {
        return answers::gone();
    };
    let Some(Under(under)) = request.extensions().get().cloned() else {
        return answers::misdirected();
    };
    let (address, user_agent) = from_where(&request, &server.options);
    if let Some(refusal) = server.too_often(&id, address) {
        return refusal;
    }
    let read: ManifestRequest = match body(request).await {
        Ok(read) => read,
        Err(refusal) => return refusal,
    };
    let Some(recipient) = recipient(read.recipient) else {
        return answers::no_recipient();
    };
    let embedded_length_max = read.embedded_length_max.map(|n| u64::try_from(n).unwrap_or(0));
    let asked =
        Asked { recipient, passcode: read.passcode.map(Zeroizing::new), embedded_length_max, address, user_agent };
    match server.host.manifest(&id, &asked).await {
        Answer::Give(files) => server.list(&id, &under, &files, embedded_length_max),
        other => answers::refusal(&other),
    }
}

#[derive(Deserialize)]
struct DirectQuery {
    recipient: Option<String>,
}

async fn direct<H: Host>(
    State(server): State<Arc<Server<H>>>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let Some(id) = link_id(id) else {
        return answers::gone();
    };
    let Ok(Query(query)) = Query::<DirectQuery>::try_from_uri(request.uri()) else {
        return answers::no_recipient();
    };
    let Some(recipient) = recipient(query.recipient) else {
        return answers::no_recipient();
    };
    let (address, user_agent) = from_where(&request, &server.options);
    if let Some(refusal) = server.too_often(&id, address) {
        return refusal;
    }
    let asked = Asked { recipient, passcode: None, embedded_length_max: None, address, user_agent };
    answers::file_or_refusal(server.host.direct(&id, &asked).await)
}

async fn ticket_file<H: Host>(
    State(server): State<Arc<Server<H>>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Response {
    let Ok(Path((id, ticket))) = path else {
        return answers::gone();
    };
    match server.options.ticket_key.check(&id, &ticket, server.host.now()) {
        Some(file) => answers::file_or_refusal(server.host.file(&id, &file).await),
        None => answers::gone(),
    }
}

impl<H: Host> Server<H> {
    /// The manifest: what fits is embedded, the rest is pointed to.
    fn list(&self, id: &str, under: &str, files: &[HostedFile], asked_max: Option<u64>) -> Response {
        let scheme = if self.options.https { "https" } else { "http" };
        let now = self.host.now();
        answers::manifest(files, asked_max, |file| {
            let ticket = self.options.ticket_key.make_ticket(id, &file.id, now);
            format!("{scheme}://{under}/shl/{id}/f/{ticket}")
        })
    }
}

fn link_id(id: Result<Path<String>, PathRejection>) -> Option<String> {
    let Path(id) = id.ok()?;
    let base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (id.len() <= ID_MAX && id.bytes().all(base64url)).then_some(id)
}

/// The recipient's name, cleaned; `None` if nothing is left of it.
fn recipient(given: Option<String>) -> Option<String> {
    given.map(|text| shown(&text)).filter(|text| !text.is_empty())
}

async fn body<T: serde::de::DeserializeOwned>(request: Request) -> Result<T, Response> {
    let arrived = tokio::time::timeout(BODY_TIME, Bytes::from_request(request, &())).await;
    let bytes = arrived.map_err(|_| answers::too_slow())?.map_err(|refused| answers::unread(refused.status()))?;
    serde_json::from_slice(&bytes).map_err(|_| answers::malformed())
}

fn from_where(request: &Request, options: &Options) -> (Option<IpAddr>, Option<String>) {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let address = if options.behind_proxy { forwarded_for(request.headers()) } else { peer };
    let user_agent = request
        .headers()
        .get(header::USER_AGENT)
        .map(|text| shown_to(&String::from_utf8_lossy(text.as_bytes()), USER_AGENT_MAX));
    (address, user_agent.filter(|text| !text.is_empty()))
}

/// The last address of `X-Forwarded-For`: the one that our own proxy wrote; those before it are the reader's word.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}
