//! What can go wrong with a link, its files, its codes and its host.

/// A `Result` of this room.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything this room can refuse. `Display` says what is wrong and what to do about it; [`Error::code`] is the stable word
/// that a screen branches on. No variant carries a key, a passcode, an address in full or anything of the record itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system gave no random numbers.
    #[error("The system gave no random numbers. Nothing was made; try again.")]
    Randomness,

    // Links
    /// The text is not a SMART Health Link at all.
    #[error("This is not a SMART Health Link. Such a link begins with shlink:/ or has shlink:/ after a # sign.")]
    NotALink,
    /// The text is longer than any link.
    #[error("This text is too long for a SMART Health Link. Copy only the link itself.")]
    LinkTooLong,
    /// The part after `shlink:/` is damaged.
    #[error("This link is damaged: {0}. Copy it again in full, or ask for a new one.")]
    DamagedLink(&'static str),
    /// A newer version of the standard made this link.
    #[error("This link{} uses version {version} of the standard, newer than this app can read. Update the app.", quoted(.label))]
    NewerLink {
        /// The version that the link names.
        version: u64,
        /// The link's label, cleaned for display.
        label: Option<String>,
    },
    /// A link to be made breaks a rule of the standard.
    #[error("This link cannot be made: {0}.")]
    BadLink(&'static str),
    /// The link is past its own `exp`.
    #[error("This link has expired. Ask the person who gave it to you for a new one.")]
    Expired,

    // Encrypted files
    /// The text is signed but not encrypted (three parts instead of five).
    #[error("This file is signed but not encrypted, so it is not a file of a SMART Health Link. Ask for a new link.")]
    NotEncrypted,
    /// The encrypted file breaks the form of a compact JWE.
    #[error("The encrypted file is malformed: {0}. Ask for a new link.")]
    BadJwe(&'static str),
    /// The file is encrypted in a way that SMART Health Links do not allow.
    #[error("The file is encrypted in a way that SMART Health Links do not allow: {0}. Ask for a new link.")]
    ForeignEncryption(&'static str),
    /// The key does not open the file.
    #[error("The key of this link does not open the file: one of them was changed or damaged. Ask for a new link.")]
    WrongKey,
    /// The file is larger than this app will open.
    #[error("The shared file is larger than this app will open ({limit} bytes). Ask for fewer records at once.")]
    TooMuch {
        /// The limit that was passed, in bytes.
        limit: usize,
    },
    /// The file unpacks to suspiciously much.
    #[error("The shared file unpacks to more than {limit} bytes, which looks like an attack. It was not opened.")]
    Bomb {
        /// The limit at which unpacking stopped, in bytes.
        limit: usize,
    },
    /// The records do not fit into one file of a link.
    #[error("These records are too large for one shared file (at most {limit} bytes). Share fewer records at once.")]
    TooMuchToShare {
        /// The limit that was passed, in bytes.
        limit: usize,
    },

    // Codes and pictures
    /// The text does not fit into one QR code.
    #[error("This text is too long for one QR code.")]
    CodeTooLong,
    /// The bytes are not a PNG or JPEG picture.
    #[error("This is not a PNG or JPEG picture. Choose a screenshot or a photo of the code.")]
    NotAPicture,
    /// The picture is larger than this app will look at.
    #[error("This picture is too large (at most 25 MB and 50 megapixels). Crop it to the code and try again.")]
    PictureTooLarge,
    /// No QR code in the picture.
    #[error("There is no QR code in this picture. Take it again with the whole code and its white border in view.")]
    NoCode,
    /// A QR code is there but cannot be read.
    #[error("The QR code in this picture cannot be read. Take it again closer, sharper and without glare.")]
    UnreadableCode,
    /// More than one link in the picture.
    #[error("There are several codes in this picture ({0}). Crop it to the one you mean.")]
    TwoCodes(usize),
    /// The QR code is none of ours.
    #[error("The QR code in this picture is not a SMART Health Link.")]
    ForeignCode,
    /// A SMART Health Card, recognised but not read.
    #[error(
        "This is a SMART Health Card (part {part} of {of}), not a link. This app cannot read health cards yet; ask for a SMART Health Link."
    )]
    HealthCard {
        /// Which part of the card this is, from 1.
        part: u8,
        /// How many parts the card has.
        of: u8,
    },
    /// Digits after `shc:/` that are no SMART Health Card.
    #[error("This SMART Health Card is damaged: {0}. Scan it again.")]
    DamagedCard(&'static str),

    // From screen to camera
    /// The text is no receiver's code.
    #[error(
        "This is not the code of a receiver. On the other device, choose to receive without a network and scan the code it shows."
    )]
    NotAReceiver,
    /// A receiver's code whose check does not fit.
    #[error("The code of the receiver is damaged. Scan it again, whole and sharp.")]
    DamagedReceiver,
    /// The records are too large to be shown as codes.
    #[error(
        "These records are too large to be shown as codes (at most {limit} bytes packed). Use the local network or a file, or send fewer records."
    )]
    TransferTooLarge {
        /// The limit that was passed, in bytes.
        limit: usize,
    },
    /// The text is no frame of a transfer.
    #[error("This code is not part of a transfer. Point the camera at the changing code on the other screen.")]
    NotAFrame,
    /// A frame that does not hold together.
    #[error("A part of the transfer is damaged. It is left out; go on.")]
    DamagedFrame,
    /// A frame of another transfer than the one under way.
    #[error("This code belongs to another transfer than the one under way.")]
    OtherTransfer,
    /// What was gathered does not fit together.
    #[error("The parts do not fit together. The transfer begins anew.")]
    TransferDamaged,
    /// Sealed for another key.
    #[error("These records were sealed for another code. Let the sender scan the code on this screen.")]
    TransferNotForUs,

    // Hosts and their answers
    /// The address is not one that this app will ask.
    #[error("This app does not open this address: {0}.")]
    AddressRefused(&'static str),
    /// The address lies on the local network and that was not allowed.
    #[error(
        "This link points into a local network. Open it only if the person who shares is here on the same network."
    )]
    LocalAddress,
    /// The host has no address or does not answer.
    #[error("The host of this link cannot be reached. Check the network and try again.")]
    Unreachable,
    /// The host took too long.
    #[error("The host of this link took too long to answer. Try again.")]
    TimedOut,
    /// The host wants to send us elsewhere.
    #[error("The host of this link sends readers to another address, which is not followed. Ask for a new link.")]
    Redirected,
    /// The link wants a passcode and none was given.
    #[error("This link asks for a passcode. Ask the person who shared it.")]
    PasscodeNeeded,
    /// The passcode was wrong.
    #[error("The passcode is not right{}. Ask the person who shared the link.", left(.remaining))]
    WrongPasscode {
        /// How many guesses the link has left, if the host says so.
        remaining: Option<u32>,
    },
    /// Revoked, expired, used up or never there: the host does not say which.
    #[error("This link is no longer shared. Ask the person who gave it to you for a new one.")]
    NoLongerShared,
    /// The host asks to be left alone for a while.
    #[error("The host of this link asks to wait{} before trying again.", seconds(.retry_after))]
    TryLater {
        /// How long to wait, in seconds, if the host says so.
        retry_after: Option<u64>,
    },
    /// The host answered with a status that the standard does not know.
    #[error("The host of this link answered with error {status}. Try again later, or ask for a new link.")]
    HostRefused {
        /// The HTTP status.
        status: u16,
    },
    /// The host's list of files is malformed.
    #[error("The host of this link gave a list of files that cannot be read: {0}. Ask for a new link.")]
    BadManifest(&'static str),
    /// The secure connection cannot be prepared on this computer.
    #[error("This computer cannot make a secure connection: {0}.")]
    NoTls(String),

    // Passcodes
    /// A passcode that cannot be used.
    #[error("This passcode cannot be used: {0}.")]
    BadPasscode(&'static str),
    /// The stored hash of a passcode is damaged.
    #[error("The stored passcode of this link is damaged. Set a new passcode.")]
    DamagedPasscode,
    /// An entry of a link's host is not for this link, was altered, or cannot be made.
    #[error("An entry of the link's host cannot be read. It was altered, or made for another link.")]
    Audit,
    /// The certificate or the key of a host cannot be used.
    #[error(
        "The certificate or its key cannot be used: {0}. Give both as PEM, the certificate with those that vouch for it."
    )]
    Certificate(&'static str),
    /// A secret for tickets is too short to be one.
    #[error("The secret for tickets is too short. Give at least 32 characters, for example of openssl rand -hex 32.")]
    ShortSecret,
}

impl Error {
    /// The stable word for this error; screens branch on it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        use Error as E;
        match self {
            E::Randomness => "no_randomness",
            E::NotALink => "not_a_link",
            E::LinkTooLong => "link_too_long",
            E::DamagedLink(_) => "damaged_link",
            E::NewerLink { .. } => "newer_link",
            E::BadLink(_) => "bad_link",
            E::Expired => "link_expired",
            E::NotEncrypted => "not_encrypted",
            E::BadJwe(_) => "bad_jwe",
            E::ForeignEncryption(_) => "foreign_encryption",
            E::WrongKey => "wrong_key",
            E::TooMuch { .. } => "too_much",
            E::Bomb { .. } => "bomb",
            E::TooMuchToShare { .. } => "too_much_to_share",
            E::CodeTooLong => "code_too_long",
            E::NotAPicture => "not_a_picture",
            E::PictureTooLarge => "picture_too_large",
            E::NoCode => "no_code",
            E::UnreadableCode => "unreadable_code",
            E::TwoCodes(_) => "two_codes",
            E::ForeignCode => "foreign_code",
            E::HealthCard { .. } => "health_card",
            E::DamagedCard(_) => "damaged_card",
            E::NotAReceiver => "not_a_receiver",
            E::DamagedReceiver => "damaged_receiver",
            E::TransferTooLarge { .. } => "transfer_too_large",
            E::NotAFrame => "not_a_frame",
            E::DamagedFrame => "damaged_frame",
            E::OtherTransfer => "other_transfer",
            E::TransferDamaged => "transfer_damaged",
            E::TransferNotForUs => "transfer_not_for_us",
            E::AddressRefused(_) => "address_refused",
            E::LocalAddress => "local_address",
            E::Unreachable => "host_unreachable",
            E::TimedOut => "host_timed_out",
            E::Redirected => "host_redirects",
            E::PasscodeNeeded => "passcode_needed",
            E::WrongPasscode { .. } => "wrong_passcode",
            E::NoLongerShared => "no_longer_shared",
            E::TryLater { .. } => "try_later",
            E::HostRefused { .. } => "host_refused",
            E::BadManifest(_) => "bad_manifest",
            E::NoTls(_) => "no_tls",
            E::BadPasscode(_) => "bad_passcode",
            E::DamagedPasscode => "damaged_passcode",
            E::Audit => "audit_unreadable",
            E::Certificate(_) => "certificate_unusable",
            E::ShortSecret => "ticket_secret_short",
        }
    }
}

fn quoted(label: &Option<String>) -> String {
    label.as_deref().map(|text| format!(" (“{text}”)")).unwrap_or_default()
}

fn left(remaining: &Option<u32>) -> String {
    match remaining {
        None => String::new(),
        Some(0) => "; no guess is left and the link is closed".to_owned(),
        Some(1) => "; one guess is left".to_owned(),
        Some(n) => format!("; {n} guesses are left"),
    }
}

fn seconds(wait: &Option<u64>) -> String {
    wait.map(|n| format!(" {n} seconds")).unwrap_or_default()
}
