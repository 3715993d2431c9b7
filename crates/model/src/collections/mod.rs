//! The definitions, by theme. [`ALL`] is the list that every reader goes through.

mod codes;
mod companion;
mod engine;
mod identity;
mod operations;
mod parts;
mod practice;
mod records;
mod screening;

pub use codes::*;
pub use companion::*;
pub use engine::*;
pub use identity::*;
pub use operations::*;
pub use parts::*;
pub use practice::*;
pub use records::*;
pub use screening::*;

use crate::def::{Collection, CollectionDef};

/// Every collection that a person's data lives in.
pub const ALL: &[&CollectionDef] = &[
    Clinic::DEF,
    User::DEF,
    Patient::DEF,
    Doctor::DEF,
    OtpVerification::DEF,
    PasswordReset::DEF,
    TwoFactor::DEF,
    OauthAccount::DEF,
    Token::DEF,
    AccountDeletionRequest::DEF,
    SendingSettings::DEF,
    IdentityProvider::DEF,
    MedicalRecord::DEF,
    Medication::DEF,
    ShareToken::DEF,
    AccessLog::DEF,
    SavedPatient::DEF,
    DoctorNote::DEF,
    Detection::DEF,
    Observation::DEF,
    Appointment::DEF,
    BusyTime::DEF,
    Notification::DEF,
    Message::DEF,
    Teleconsultation::DEF,
    Payment::DEF,
    Review::DEF,
    AiCharacter::DEF,
    Conversation::DEF,
    ConversationTurn::DEF,
    Log::DEF,
    Profiling::DEF,
    Conflict::DEF,
    Amendment::DEF,
];

/// Collections of keys and trust: signed or sealed objects with no definition of fields.
pub const KEY_COLLECTIONS: &[&str] = &["certs", "scope_keys", "grants", "slots", "journal"];

/// The definition with this name.
pub fn definition(name: &str) -> Option<&'static CollectionDef> {
    ALL.iter().copied().find(|def| def.name == name)
}

/// Fields of the older systems that are not stored because something better is: (older field, what takes its place).
pub const DERIVED: &[(&str, &str)] = &[
    ("C:users.conversations", "derived from conversations.user_id"),
    ("S:patients.bmi.value", "computed from the newest height and weight in observations"),
    ("R:users.is_staff", "follows from users.role"),
    ("R:users.is_superuser", "follows from users.role"),
    ("R:share_tokens.current_access_count", "counted from access_logs and the link host's tally"),
    ("R:medical_records.is_encrypted", "always true: every document is sealed"),
    ("R:medical_records.encryption_key_hash", "the key id inside the envelope"),
    ("C:conversations.messages", "rows of conversation_turns, put together at the boundary"),
    ("M:medicalRecords.records", "one medical_records document each"),
];
