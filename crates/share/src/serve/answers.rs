//! The answers of the data plane, and what is common to them.

use axum::body::Body;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Response as HttpResponse, StatusCode};
use axum::response::Response;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Answer, FileStatus, HostedFile};

/// The longest file that is embedded when the reader names no limit, in characters.
const EMBED_DEFAULT: u64 = 512 * 1024;
/// The most that one manifest embeds over all its files, in characters.
const EMBED_TOTAL: u64 = 8 * 1024 * 1024;

/// On every answer, errors included: browser viewers are of another origin, and nothing may be kept by a cache.
const COMMON: [(HeaderName, HeaderValue); 8] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS")),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type")),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after")),
    (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

pub fn with_common_headers(mut answer: Response) -> Response {
    for (name, value) in COMMON {
        answer.headers_mut().insert(name, value);
    }
    answer
}

pub fn gone() -> Response {
    error(StatusCode::NOT_FOUND, "This link is not active.")
}

pub fn misdirected() -> Response {
    error(StatusCode::MISDIRECTED_REQUEST, "This host does not go by that name.")
}

pub fn wrong_method() -> Response {
    error(StatusCode::METHOD_NOT_ALLOWED, "Ask with POST for a manifest, with GET for a file.")
}

pub fn malformed() -> Response {
    error(StatusCode::BAD_REQUEST, "The body is not the JSON of a manifest request.")
}

pub fn no_recipient() -> Response {
    error(StatusCode::BAD_REQUEST, "Say who is asking, as recipient.")
}

pub fn too_slow() -> Response {
    error(StatusCode::REQUEST_TIMEOUT, "The request took too long to arrive.")
}

/// The body could not be read: too long, or broken off.
pub fn unread(status: StatusCode) -> Response {
    error(status, "The body is too long or incomplete.")
}

pub fn preflight() -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}

/// What is not [`Answer::Give`].
pub fn refusal<T>(answer: &Answer<T>) -> Response {
    match answer {
        Answer::WrongPasscode { remaining } => {
            json(StatusCode::UNAUTHORIZED, &Remaining { remaining_attempts: *remaining })
        }
        Answer::TooOften { retry_after } => {
            let mut answer = error(StatusCode::TOO_MANY_REQUESTS, "Asked too often.");
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
            answer
        }
        Answer::Unavailable | Answer::Give(_) => error(StatusCode::SERVICE_UNAVAILABLE, "Try again later."),
        Answer::Gone => gone(),
    }
}

pub fn file_or_refusal(answer: Answer<HostedFile>) -> Response {
    match answer {
        Answer::Give(file) => body(StatusCode::OK, "application/jose", file.jwe.into()),
        other => refusal(&other),
    }
}

#[derive(Serialize)]
struct Remaining {
    #[serde(rename = "remainingAttempts")]
    remaining_attempts: u32,
}

#[derive(Serialize)]
struct Manifest<'a> {
    files: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    content_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    embedded: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_updated: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<FileStatus>,
}

/// The manifest. A file longer than `asked_max` characters is never embedded.
pub fn manifest(files: &[HostedFile], asked_max: Option<u64>, locate: impl Fn(&HostedFile) -> String) -> Response {
    let mut room = EMBED_TOTAL;
    let entries = files.iter().map(|file| {
        let length = file.jwe.len() as u64;
        let embed = length <= asked_max.unwrap_or(EMBED_DEFAULT) && length <= room;
        room -= if embed { length } else { 0 };
        Entry {
            content_type: &file.content_type,
            embedded: embed.then_some(file.jwe.as_str()),
            location: (!embed).then(|| locate(file)),
            last_updated: file.last_updated.and_then(iso_8601),
            status: file.status,
        }
    });
    json(StatusCode::OK, &Manifest { files: entries.collect() })
}

fn iso_8601(seconds: u64) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    time.format(&Rfc3339).ok()
}

#[derive(Serialize)]
struct Problem {
    error: &'static str,
}

fn error(status: StatusCode, text: &'static str) -> Response {
    json(status, &Problem { error: text })
}

fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    let text = serde_json::to_vec(value).expect("texts and numbers are always JSON");
    body(status, "application/json", text.into())
}

fn body(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    HttpResponse::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content_type)
        .body(body)
        .expect("these constants make a response")
}
