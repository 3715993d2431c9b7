//! What can be wrong with keys, certificates and enrolment. No text here carries a secret or a person's data.

/// Why an object, a key or a step is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes do not have the shape of what they claim to be.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// The bytes are longer, or nested deeper, than what is looked at.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// A sound object in a place that is not its own: another id, collection, scope, realm or stamp.
    #[error("the object does not belong in this place")]
    Elsewhere,
    /// Altered, or signed by another key than the one it names.
    #[error("the signature does not hold")]
    Signature,
    /// The signer, or this person, may not do this.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// Something that must be there first is not here.
    #[error("not known here: {0}")]
    Unknown(&'static str),
    /// A key that opened is not the one that was signed for, or none opened.
    #[error("the key is not the one that was signed for")]
    ForeignKey,
    /// The passphrase does not open the account.
    #[error("the passphrase is wrong")]
    Passphrase,
    /// A clock or a validity does not fit.
    #[error("out of its time: {0}")]
    OutOfTime(&'static str),
    /// The invitation was used before.
    #[error("the invitation was used before")]
    Used,
    /// The letters that were typed are not those of the other screen.
    #[error("the letters do not agree: this is another device or person")]
    CheckDiffers,
    /// Too many objects wait for something that has not come.
    #[error("too many objects wait for others")]
    Crowded,
    /// Somebody higher certified this person: a certificate by anybody below has no effect.
    #[error("a higher one certified this person")]
    Overruled,
    /// The cryptography said no.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
}

/// The result of everything in this room that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The stable word for this error; screens branch on it.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Malformed(_) | Error::TooLarge(_) | Error::Crypto(_) => "invitation_unreadable",
            Error::Elsewhere => "wrong_place",
            Error::Signature => "signature_wrong",
            Error::Forbidden(_) => "not_allowed",
            Error::Unknown(_) => "unknown_invitation",
            Error::ForeignKey => "foreign_key",
            Error::Passphrase => "wrong_passphrase",
            Error::OutOfTime(_) => "invitation_ended",
            Error::Used => "invitation_used",
            Error::CheckDiffers => "check_differs",
            Error::Crowded => "too_many_waiting",
            Error::Overruled => "certified_higher",
        }
    }
}
