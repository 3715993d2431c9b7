//! The manifest: asking for it and reading it.

use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::shown;

/// The most files of one link that are opened.
const FILES_MAX: usize = 64;
/// The longest file that we ask a host to embed, in characters; larger ones are fetched one by one.
const EMBEDDED_LENGTH_MAX: u32 = 1024 * 1024;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    recipient: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    passcode: Option<&'a str>,
    embedded_length_max: u32,
}

/// The body of a manifest request.
pub fn request(recipient: &str, passcode: Option<&str>) -> Vec<u8> {
    let request = Request { recipient, passcode, embedded_length_max: EMBEDDED_LENGTH_MAX };
    serde_json::to_vec(&request).expect("texts and a number are always JSON")
}

/// Where a file is.
#[derive(Debug)]
pub enum Place {
    /// In the manifest itself.
    Embedded(String),
    /// Behind an address.
    Location(Url),
}

/// One file of a manifest.
#[derive(Debug)]
pub struct Entry {
    pub content_type: Option<String>,
    pub place: Place,
    pub last_updated: Option<String>,
}

#[derive(Deserialize)]
struct Manifest {
    files: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    content_type: Option<String>,
    embedded: Option<String>,
    location: Option<String>,
    last_updated: Option<String>,
}

/// Reads a manifest that came from `from`. A secure host may not point to an insecure one.
pub fn read(text: &str, from: &Url) -> Result<Vec<Entry>> {
    let manifest: Manifest =
        serde_json::from_str(text).map_err(|_| Error::BadManifest("it is not the JSON of a manifest"))?;
    if manifest.files.len() > FILES_MAX {
        return Err(Error::BadManifest("it lists too many files"));
    }
    manifest.files.into_iter().map(|listed| entry(listed, from)).collect()
}

fn entry(listed: Listed, from: &Url) -> Result<Entry> {
    let place = match (listed.embedded, listed.location) {
        (Some(jwe), _) => Place::Embedded(jwe),
        (None, Some(text)) => Place::Location(location(&text, from)?),
        (None, None) => return Err(Error::BadManifest("a file is neither in it nor pointed to")),
    };
    let content_type = listed.content_type.map(|text| shown(&text)).filter(|text| !text.is_empty());
    Ok(Entry { content_type, place, last_updated: listed.last_updated.map(|text| shown(&text)) })
}

fn location(text: &str, from: &Url) -> Result<Url> {
    let address = Url::parse(text).map_err(|_| Error::BadManifest("a file's address is not a web address"))?;
    if from.scheme() == "https" && address.scheme() != "https" {
        return Err(Error::AddressRefused("a secure host points to an insecure one"));
    }
    Ok(address)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read_from(scheme: &str, text: &str) -> Result<Vec<Entry>> {
        read(text, &Url::parse(&format!("{scheme}://a.example/m")).unwrap())
    }

    #[test]
    fn every_malformed_manifest_is_refused_and_named() {
        let too_many = format!(r#"{{"files":[{}]}}"#, vec![r#"{"embedded":"a"}"#; 65].join(","));
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"files":{}}"#,
            r#"{"files":[{}]}"#,
            r#"{"files":[{"location":"x"}]}"#,
            r#"{"files":[{"embedded":1}]}"#,
            &too_many,
        ] {
            assert_eq!(read_from("https", bad).unwrap_err().code(), "bad_manifest", "{bad:.40}");
        }
        assert!(read_from("https", r#"{"files":[]}"#).unwrap().is_empty());
    }

    #[test]
    fn a_secure_host_may_not_point_to_an_insecure_one() {
        let manifest = r#"{"files":[{"location":"http://a.example/f"}]}"#;
        assert_eq!(read_from("https", manifest).unwrap_err().code(), "address_refused");
        assert_eq!(read_from("http", manifest).unwrap().len(), 1);
    }

    #[test]
    fn what_is_embedded_goes_before_an_address_and_unknown_members_are_ignored() {
        let manifest = r#"{"list":{},"files":[{"contentType":"application/fhir+json","embedded":"e","location":"nonsense","lastUpdated":"2025-03-09T15:29:46Z","status":"finalized","fhirVersion":"4.0.1"}]}"#;
        let entry = read_from("https", manifest).unwrap().remove(0);
        assert!(matches!(entry.place, Place::Embedded(jwe) if jwe == "e"));
        assert_eq!(entry.last_updated.as_deref(), Some("2025-03-09T15:29:46Z"));
    }
}
