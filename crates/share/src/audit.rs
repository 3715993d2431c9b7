//! What a host that has no key writes down about a request, sealed for the owner of the link.

use crypto::audit::{AuditKey, AuditPublic};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::link::LinkKey;
use crate::serve::Asked;

/// Who asked, as the listener saw it: all of it their own word but the address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who they said they were, at most 80 characters.
    pub recipient: String,
    /// From which address.
    pub address: Option<String>,
    /// With which program, at most 200 characters.
    pub user_agent: Option<String>,
}

impl From<&Asked> for Entry {
    fn from(asked: &Asked) -> Self {
        Self {
            recipient: asked.recipient.clone(),
            address: asked.address.map(|ip| ip.to_string()),
            user_agent: asked.user_agent.clone(),
        }
    }
}

/// What the host is given to seal with.
#[must_use]
pub fn public_key(link: &LinkKey) -> Vec<u8> {
    AuditKey::of_link(link.as_bytes()).public().as_bytes().to_vec()
}

/// Seals an entry with the public key that came with the link. `context` is what is said beside it in clear.
///
/// # Errors
/// [`Error::Audit`] for a key that is none; [`Error::Randomness`].
pub fn seal(public: &[u8], context: &[u8], entry: &Entry) -> Result<Vec<u8>> {
    let key = AuditPublic::from_bytes(public).map_err(|_| Error::Audit)?;
    let plain = serde_json::to_vec(entry).expect("texts are always JSON");
    key.seal(context, &plain).map_err(|error| match error {
        crypto::Error::Random => Error::Randomness,
        _ => Error::Audit,
    })
}

/// Opens an entry of the link's host.
///
/// # Errors
/// [`Error::Audit`] for every cause.
pub fn open(link: &LinkKey, context: &[u8], sealed: &[u8]) -> Result<Entry> {
    let plain = AuditKey::of_link(link.as_bytes()).open(context, sealed).map_err(|_| Error::Audit)?;
    serde_json::from_slice(&plain).map_err(|_| Error::Audit)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_wrote_is_read_with_the_link_alone() {
        let link = LinkKey::make().unwrap();
        let longest = "\u{10348}".repeat(200);
        let entry =
            Entry { recipient: "\u{10348}".repeat(80), address: Some("2001:db8::1".into()), user_agent: Some(longest) };
        let sealed = seal(&public_key(&link), b"1", &entry).unwrap();
        assert_eq!(open(&link, b"1", &sealed).unwrap(), entry);
        assert!(matches!(open(&link, b"2", &sealed), Err(Error::Audit)));
        assert!(matches!(open(&LinkKey::make().unwrap(), b"1", &sealed), Err(Error::Audit)));
        assert!(matches!(seal(b"no key", b"1", &entry), Err(Error::Audit)));
    }
}
