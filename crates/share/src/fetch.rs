//! Reading other people's links: look first without the network, then open.
//!
//! Links come from strangers, so nothing in them is trusted: addresses are checked before they are asked (`address`), redirects
//! are not followed, answers are bounded in size and time, and nothing is sent but the recipient's text and the passcode.

mod address;
mod http;
mod manifest;

use reqwest::Url;

pub use address::AddressPolicy;

use crate::error::{Error, Result};
use crate::jwe::{self, Limits};
use crate::link::{Link, Preview};
use crate::text::shown;
use http::{Ask, Asker};
use manifest::{Entry, Place};

/// The most bytes of one answer.
pub const ANSWER_MAX: usize = jwe::WIRE_MAX;
/// The most bytes that opening one link fetches, over all its files.
pub const OPENING_MAX: usize = 64 * 1024 * 1024;
/// The most bytes that the files of one link may hold together when opened.
pub const CONTENT_MAX: usize = 128 * 1024 * 1024;

/// One opened file of a link. Its content is still a stranger's: validate it, sanitise its markup, open its attachments with care.
#[derive(Debug)]
pub struct OpenedFile {
    /// The type of the content: as its maker sealed it, else as the host says, else as the content looks.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// When the host says it last changed, in its own words (ISO 8601), cleaned.
    pub last_updated: Option<String>,
}

/// What a person should see before a link is opened. No network.
///
/// # Errors
/// Those of [`Link::parse`].
pub fn inspect(text: &str) -> Result<Preview> {
    Ok(Link::parse(text)?.preview())
}

/// Opens a link: fetches its files and decrypts them. `recipient` is shown to the person who shares; `now` is in seconds since
/// 1970. Needs a Tokio runtime.
///
/// # Errors
/// [`Error::Expired`] and [`Error::PasscodeNeeded`] before anything is sent; those of addresses, hosts and files otherwise.
pub async fn open(
    link: &Link,
    recipient: &str,
    passcode: Option<&str>,
    policy: AddressPolicy,
    now: u64,
) -> Result<Vec<OpenedFile>> {
    if link.expired(now) {
        return Err(Error::Expired);
    }
    let passcode = passcode.map(str::trim).filter(|text| !text.is_empty());
    if link.flags().passcode && passcode.is_none() {
        return Err(Error::PasscodeNeeded);
    }
    let mut opening = Opening { link, asker: Asker::new(policy), wire_left: OPENING_MAX, content_left: CONTENT_MAX };
    if link.flags().direct {
        return Ok(vec![opening.direct(&shown(recipient)).await?]);
    }
    opening.all(&shown(recipient), passcode).await
}

struct Opening<'a> {
    link: &'a Link,
    asker: Asker,
    wire_left: usize,
    content_left: usize,
}

impl Opening<'_> {
    async fn direct(&mut self, recipient: &str) -> Result<OpenedFile> {
        let mut address = self.link.address().clone();
        address.query_pairs_mut().append_pair("recipient", recipient);
        let jwe = self.fetch(&address, Ask::Get).await?;
        self.decrypt(&jwe, None, None)
    }

    async fn all(&mut self, recipient: &str, passcode: Option<&str>) -> Result<Vec<OpenedFile>> {
        let address = self.link.address();
        let answer = self.fetch(address, Ask::Post(manifest::request(recipient, passcode))).await?;
        let mut files = Vec::new();
        for entry in manifest::read(&answer, address)? {
            files.push(self.file(entry).await?);
        }
        Ok(files)
    }

    async fn file(&mut self, entry: Entry) -> Result<OpenedFile> {
        let jwe = match entry.place {
            Place::Embedded(jwe) => jwe,
            Place::Location(address) => self.fetch(&address, Ask::Get).await?,
        };
        self.decrypt(&jwe, entry.content_type, entry.last_updated)
    }

    async fn fetch(&mut self, address: &Url, ask: Ask) -> Result<String> {
        let limit = ANSWER_MAX.min(self.wire_left);
        let body = self.asker.ask(address, ask, limit).await?;
        self.wire_left -= body.len();
        String::from_utf8(body).map_err(|_| Error::BadJwe("it is not text"))
    }

    fn decrypt(&mut self, jwe: &str, listed_type: Option<String>, last_updated: Option<String>) -> Result<OpenedFile> {
        let limits = Limits { inflated: jwe::INFLATED_MAX.min(self.content_left), ..Limits::default() };
        let opened = jwe::decrypt(self.link.key(), jwe, limits)?;
        self.content_left -= opened.bytes.len();
        let content_type = opened.content_type.or(listed_type).unwrap_or_else(|| looks_like(&opened.bytes).to_owned());
        Ok(OpenedFile { content_type, bytes: opened.bytes, last_updated })
    }
}

/// The type of content that nobody named.
fn looks_like(bytes: &[u8]) -> &'static str {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Outline {
        resource_type: Option<String>,
        verifiable_credential: Option<serde::de::IgnoredAny>,
    }
    match serde_json::from_slice::<Outline>(bytes) {
        Ok(Outline { verifiable_credential: Some(_), .. }) => "application/smart-health-card",
        Ok(Outline { resource_type: Some(_), .. }) => "application/fhir+json",
        _ => "application/octet-stream",
    }
}
