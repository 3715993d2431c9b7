//! The link itself: what a QR code carries.

mod key;
mod payload;

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use reqwest::Url;
use serde_json::Value;
use std::net::IpAddr;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::text::{SHOWN_MAX, shown};
pub use key::LinkKey;
pub(crate) use key::fill;
use payload::{Member, Payload};

/// The longest `url` that a link may be made with, in characters (SMART Health Links 1.0).
pub const URL_MAX: usize = 128;
/// The longest text that [`Link::parse`] looks at, in bytes.
pub const TEXT_MAX: usize = 4096;
/// The version of the payload that this room reads (`v`).
pub const VERSION: u64 = 1;
/// Characters of base64url that hold 256 random bits: the least length of the secret segment of a `url`.
const SECRET_SEGMENT: usize = 43;
const SCHEME: &str = "shlink:/";
/// Reads payloads with or without padding: some issuers pad.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What the `flag` of a link says. Letters that the standard does not know are kept but mean nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `L`: the link lives long and what it shows may change.
    pub long_term: bool,
    /// `P`: the host asks for a passcode.
    pub passcode: bool,
    /// `U`: the address is one encrypted file, fetched directly.
    pub direct: bool,
    others: String,
}

impl Flags {
    /// `U`: one file, fetched directly.
    #[must_use]
    pub fn direct() -> Self {
        Self { direct: true, ..Self::default() }
    }

    /// A manifest, long-lived and with a passcode as asked.
    #[must_use]
    pub fn manifest(long_term: bool, passcode: bool) -> Self {
        Self { long_term, passcode, ..Self::default() }
    }

    fn parse(text: &str) -> Self {
        let mut flags = Self::default();
        for letter in text.chars() {
            match letter {
                'L' => flags.long_term = true,
                'P' => flags.passcode = true,
                'U' => flags.direct = true,
                other if flags.others.contains(other) => {}
                other => flags.others.push(other),
            }
        }
        flags
    }

    /// The letters in alphabetical order, as the standard asks.
    #[must_use]
    pub fn to_text(&self) -> String {
        let known = [(self.long_term, 'L'), (self.passcode, 'P'), (self.direct, 'U')];
        let mut letters: Vec<char> = known.iter().filter(|(set, _)| *set).map(|(_, letter)| *letter).collect();
        letters.extend(self.others.chars());
        letters.sort_unstable();
        letters.into_iter().collect()
    }
}

/// A SMART Health Link (HL7 SMART Health Cards and Links 1.0). Whoever has its text can open what it shares, so it has no
/// `Display` and its `Debug` shows neither address nor key nor label.
#[derive(Clone)]
pub struct Link {
    payload: Payload,
    address: Url,
}

impl Link {
    /// Makes a link. `exp` is in seconds since 1970. The `url` must be http or https, at most [`URL_MAX`] characters, with a
    /// path segment of at least 43 base64url characters (256 bits); the label at most 80 characters and without clinical detail,
    /// which only the caller can judge.
    ///
    /// # Errors
    /// [`Error::BadLink`] naming the broken rule.
    pub fn make(url: &str, key: LinkKey, exp: Option<u64>, flags: Flags, label: Option<&str>) -> Result<Self> {
        if url.chars().count() > URL_MAX {
            return Err(Error::BadLink("its address is longer than 128 characters"));
        }
        let address = Url::parse(url).map_err(|_| Error::BadLink("its address is not a web address"))?;
        check_address(&address).map_err(Error::BadLink)?;
        if !has_secret_segment(&address) {
            return Err(Error::BadLink("its address holds fewer than 256 random bits"));
        }
        if flags.passcode && flags.direct {
            return Err(Error::BadLink("a direct file cannot have a passcode"));
        }
        if let Some(text) = label {
            check_label(text)?;
        }
        let mut members = vec![Member::Url(url.to_owned()), Member::Key(key)];
        members.extend(exp.map(Member::Exp));
        members.extend((flags != Flags::default()).then_some(Member::Flag(flags)));
        members.extend(label.map(|text| Member::Label(text.to_owned())));
        Ok(Self { payload: Payload { members }, address })
    }

    /// Adds a member of our own. Its name must begin with `_`, which the standard leaves to implementers.
    ///
    /// # Errors
    /// [`Error::BadLink`] for another name or one that is there already.
    pub fn with_extra(mut self, name: &str, value: Value) -> Result<Self> {
        if !name.starts_with('_') {
            return Err(Error::BadLink("names of own members begin with _"));
        }
        if self.extra(name).is_some() {
            return Err(Error::BadLink("a member is named twice"));
        }
        self.payload.members.push(Member::Extra(name.to_owned(), value));
        Ok(self)
    }

    /// Reads a link as scanned, pasted or typed: bare, after a viewer's `#`, with `shlink://`, with white space in it.
    /// Nothing is fetched.
    ///
    /// # Errors
    /// [`Error::LinkTooLong`], [`Error::NotALink`], [`Error::HealthCard`], [`Error::DamagedLink`], [`Error::NewerLink`].
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > TEXT_MAX {
            return Err(Error::LinkTooLong);
        }
        let text = Zeroizing::new(text.split_whitespace().collect::<String>());
        let json = Zeroizing::new(
            LENIENT.decode(encoded_part(&text)?).map_err(|_| Error::DamagedLink("it is not base64url"))?,
        );
        let payload = Payload::from_json(&json)?;
        let address = Url::parse(payload.url()).map_err(|_| Error::DamagedLink("its address is not a web address"))?;
        check_address(&address).map_err(Error::DamagedLink)?;
        Ok(Self { payload, address })
    }

    /// The link as text, `shlink:/` and the payload: what the QR code holds.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let json = self.payload.to_json();
        let mut text = Zeroizing::new(String::with_capacity(SCHEME.len() + json.len() * 4 / 3 + 4));
        text.push_str(SCHEME);
        URL_SAFE_NO_PAD.encode_string(json.as_bytes(), &mut text);
        text
    }

    /// The link behind the address of a web viewer, which must be https, or this computer's own, and end in `#`: what follows never
    /// reaches its server.
    ///
    /// # Errors
    /// [`Error::BadLink`] if the viewer's address is not of that form.
    pub fn to_text_for(&self, viewer: &str) -> Result<Zeroizing<String>> {
        let address = Url::parse(viewer).map_err(|_| Error::BadLink("the viewer's address is not a web address"))?;
        let own = address.scheme() == "http" && address.host_str().is_some_and(is_loopback);
        if !(address.scheme() == "https" || own) || !viewer.ends_with('#') || viewer.matches('#').count() != 1 {
            return Err(Error::BadLink("the viewer's address must be https and end in #"));
        }
        Ok(Zeroizing::new(format!("{viewer}{}", *self.to_text())))
    }

    /// Where the manifest or the file is. A capability: not for logs.
    #[must_use]
    pub fn url(&self) -> &str {
        self.payload.url()
    }

    pub(crate) fn address(&self) -> &Url {
        &self.address
    }

    /// The key of the link's files.
    #[must_use]
    pub fn key(&self) -> &LinkKey {
        self.payload.key()
    }

    /// When the link says it ends, in seconds since 1970.
    #[must_use]
    pub fn exp(&self) -> Option<u64> {
        self.payload.exp()
    }

    /// What the link's `flag` says.
    #[must_use]
    pub fn flags(&self) -> Flags {
        self.payload.flags().cloned().unwrap_or_default()
    }

    /// The label, cleaned for display; `None` if there is none or nothing is left of it.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        self.payload.label().map(shown).filter(|text| !text.is_empty())
    }

    /// A member that the standard does not define, by name.
    #[must_use]
    pub fn extra(&self, name: &str) -> Option<&Value> {
        self.payload.extra(name)
    }

    /// Whether the link is past its own end at `now` (seconds since 1970). The host decides on its own.
    #[must_use]
    pub fn expired(&self, now: u64) -> bool {
        self.exp().is_some_and(|exp| exp <= now)
    }

    /// What a person should see before anything is fetched.
    #[must_use]
    pub fn preview(&self) -> Preview {
        let flags = self.flags();
        Preview {
            host: host_and_port(&self.address),
            label: self.label(),
            exp: self.exp(),
            needs_passcode: flags.passcode,
            long_term: flags.long_term,
            direct: flags.direct,
            encrypted_transport: self.address.scheme() == "https",
        }
    }
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("exp", &self.exp()).field("flags", &self.flags().to_text()).finish_non_exhaustive()
    }
}

/// What a person sees of a link before it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Name or number of the host, with its port if unusual.
    pub host: String,
    /// The label, cleaned for display.
    pub label: Option<String>,
    /// When the link says it ends, in seconds since 1970.
    pub exp: Option<u64>,
    /// Whether a passcode will be asked for.
    pub needs_passcode: bool,
    /// Whether what the link shows may change.
    pub long_term: bool,
    /// Whether the link is one file.
    pub direct: bool,
    /// Whether recipient and passcode travel encrypted (https).
    pub encrypted_transport: bool,
}

/// Does a host's name, as it stands in an address, mean this computer?
#[must_use]
pub fn is_loopback(name: &str) -> bool {
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// By what a host outside knows a link that it serves: a digest of the random part of its address, so that whoever reads the host's
/// database cannot ask for the link.
#[must_use]
pub fn hosted_id(id: &str) -> [u8; 32] {
    crypto::encode::sha256(&[b"aidpost/hosted-link/1\0", id.as_bytes()].concat())
}

/// 256 random bits as a path segment of 43 characters: the id of a link on its host.
///
/// # Errors
/// [`Error::Randomness`].
pub fn make_id() -> Result<String> {
    let mut bytes = [0u8; 32];
    fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn encoded_part(text: &str) -> Result<&str> {
    if let Some(rest) = after_scheme(text) {
        return Ok(rest);
    }
    if let Some(rest) = text.split_once('#').and_then(|(_, fragment)| after_scheme(fragment)) {
        return Ok(rest);
    }
    match crate::card::part(text) {
        Some(card) => Err(card?.as_error()),
        None => Err(Error::NotALink),
    }
}

/// What follows `shlink:/`, `shlink://` included, the scheme in any case.
fn after_scheme(text: &str) -> Option<&str> {
    let scheme = text.get(..SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then(|| text[SCHEME.len()..].trim_start_matches('/'))
}

/// Whether the text looks like a SMART Health Link, damaged or not.
pub(crate) fn looks_like_link(text: &str) -> bool {
    let text = text.trim();
    after_scheme(text).is_some() || text.split_once('#').is_some_and(|(_, fragment)| after_scheme(fragment).is_some())
}

fn check_address(address: &Url) -> std::result::Result<(), &'static str> {
    if !matches!(address.scheme(), "https" | "http") {
        return Err("its address is neither https nor http");
    }
    if address.host_str().is_none_or(str::is_empty) {
        return Err("its address names no host");
    }
    if !address.username().is_empty() || address.password().is_some() {
        return Err("its address holds a user name or password");
    }
    if address.fragment().is_some() {
        return Err("its address holds a # sign");
    }
    Ok(())
}

fn has_secret_segment(address: &Url) -> bool {
    let base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    address.path_segments().is_some_and(|mut all| all.any(|s| s.len() >= SECRET_SEGMENT && s.bytes().all(base64url)))
}

fn check_label(label: &str) -> Result<()> {
    if label.chars().count() > SHOWN_MAX {
        return Err(Error::BadLink("its label is longer than 80 characters"));
    }
    if shown(label) != label {
        return Err(Error::BadLink("its label holds control characters or begins or ends with a space"));
    }
    Ok(())
}

fn host_and_port(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
