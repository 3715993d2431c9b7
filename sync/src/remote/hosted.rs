//! Links that a host outside serves from the remote: what it may know of them. All of it is in clear, beside the sealed documents;
//! nothing of it speaks of a person or of health. What is shared is encrypted with a key that neither the host nor the remote has.

use model::Stamp;
use uuid::Uuid;

/// By what a link is known here: a digest of the random part of its address, from which nobody finds the address.
pub type LinkId = [u8; 32];

/// The most encrypted text of one file, in bytes.
pub const FILE_MAX: usize = 48 * 1024 * 1024;

/// What a host may know of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedLink {
    /// By what it is known.
    pub id: LinkId,
    /// Whose clinic it belongs to.
    pub realm: Uuid,
    /// The newest stamp of the share behind it: an older word about it changes nothing.
    pub stamp: Stamp,
    /// Was it taken back?
    pub is_revoked: bool,
    /// Is it held back for a while?
    pub is_paused: bool,
    /// The end, in seconds since 1970.
    pub expires: Option<u64>,
    /// How many openings are allowed.
    pub max_uses: Option<u32>,
    /// The slow, salted hash of its passcode.
    pub passcode_hash: Option<String>,
    /// How many wrong passcodes it survives in its whole life.
    pub wrong_max: u32,
    /// Is it one file, given without a manifest?
    pub is_direct: bool,
    /// The public key to which the host seals what it writes down about a request.
    pub audit_key: Vec<u8>,
    /// The files.
    pub files: Vec<HostedFile>,
}

/// One encrypted file of a link. A file never changes: new content is another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostedFile {
    /// Its id.
    pub id: Uuid,
    /// The type of what is encrypted, such as `application/fhir+json`.
    pub content_type: String,
    /// Length of the encrypted text, in bytes.
    pub length: u64,
    /// When the content last changed, in seconds since 1970.
    pub updated: u64,
    /// May the content still change?
    pub can_change: bool,
}

/// What a host has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Openings.
    pub uses: u32,
    /// Wrong passcodes.
    pub wrong: u32,
}

/// What one more count must stay below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Below {
    /// Openings so far; no bound where absent.
    pub uses: Option<u32>,
    /// Wrong passcodes so far; no bound where absent.
    pub wrong: Option<u32>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// An opening.
    Use,
    /// A wrong passcode.
    Wrong,
}

/// One request, as the host wrote it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Its id.
    pub id: Uuid,
    /// For which link.
    pub link: LinkId,
    /// When, in milliseconds since 1970, by the host's clock.
    pub at_ms: u64,
    /// What came of it, as a word of the access log.
    pub outcome: String,
    /// Who asked, sealed for the owner of the link.
    pub body: Vec<u8>,
}
