//! Closed lists of words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! code {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every value, in order.
            pub const EVERY: &'static [$name] = &[$($name::$variant),+];

            /// The word that is stored.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// Reads the stored word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::EVERY.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}

code! { /** What a user may do. */ Role {
    /** Keeps their own chart. */ Patient = "patient",
    /** Writes clinical statements. */ Doctor = "doctor",
    /** Manages users and devices. */ Admin = "admin",
    /** Everything an admin may, and makes admins. */ SuperAdmin = "super_admin",
}}
code! { /** The plan of an account; never a precondition for reading one's own records. */ Plan {
    /** No charge. */ Free = "free", /** Paid. */ Paid = "paid",
}}
code! { /** Administrative gender, as FHIR's value set. */ Gender {
    /** Female. */ Female = "female", /** Male. */ Male = "male", /** Other. */ Other = "other",
}}
code! { /** ABO and Rh group. */ BloodGroup {
    /** O positive. */ OPos = "O+", /** O negative. */ ONeg = "O-", /** A positive. */ APos = "A+", /** A negative. */ ANeg = "A-",
    /** B positive. */ BPos = "B+", /** B negative. */ BNeg = "B-", /** AB positive. */ AbPos = "AB+", /** AB negative. */ AbNeg = "AB-",
}}
code! { /** How bad a reaction was. */ Severity {
    /** Mild. */ Mild = "mild", /** Moderate. */ Moderate = "moderate", /** Severe, such as anaphylaxis. */ Severe = "severe",
}}
code! { /** What was answered when someone was asked; absent means nobody asked. */ Asked {
    /** Asked, and there are none. */ NoneKnown = "none_known",
    /** Asked, and there are some: see the list. */ Some = "some",
    /** Asked, and the person did not know. */ Unknown = "unknown",
}}
code! { /** Is a condition present now? */ ClinicalStatus {
    /** Present. */ Active = "active", /** Over. */ Resolved = "resolved", /** Not present at the moment. */ Inactive = "inactive",
}}
code! { /** What a document is. */ DocumentType {
    /** A prescription. */ Prescription = "PRESCRIPTION", /** A laboratory report. */ LabReport = "LAB_REPORT",
    /** A picture or its report. */ Scan = "SCAN", /** Anything else. */ Other = "OTHER", /** An entry written about a visit. */ Visit = "VISIT",
}}
code! { /** How a medicine entered the list. */ MedicationSource {
    /** A doctor ordered it. */ Prescribed = "prescribed", /** The person says they take it. */ Taken = "taken",
}}
code! { /** Is a medicine in use? */ MedicationStatus {
    /** In use. */ Active = "active", /** Course finished. */ Completed = "completed", /** Stopped. */ Stopped = "stopped", /** On hold. */ OnHold = "on_hold",
    /** The source does not say. */ Unknown = "unknown",
}}
code! { /** How a share is handed over. */ ShareMethod {
    /** As a QR code. */ QrCode = "QR_CODE", /** As a link. */ Url = "URL", /** As a file. */ File = "FILE",
}}
code! { /** Where a share was opened. */ AccessPlace {
    /** Served by this device. */ ThisDevice = "this_device", /** Served by a link host. */ LinkHost = "link_host",
    /** From a file. */ File = "file", /** Scanned without a network. */ OfflineScan = "offline_scan",
    /** A restricted chart was opened in an emergency. */ Emergency = "emergency",
}}
code! { /** What came of asking for a share. */ AccessOutcome {
    /** The records were given. */ Granted = "granted", /** The passcode was wrong. */ WrongPasscode = "wrong_passcode",
    /** The time was over. */ Expired = "expired", /** The owner had taken it back. */ Revoked = "revoked", /** All uses were spent. */ UsedUp = "used_up",
}}
code! { /** How an attempt at a check ended. */ CheckStatus {
    /** Judged; there is a result. */ Completed = "completed",
    /** The recording could not be judged; there is no result. */ InsufficientQuality = "insufficient_quality",
    /** There was nothing to compare with; there is no result. */ NoReference = "no_reference",
}}
code! { /** The stored result of a completed check. Screens print careful words, never this one. */ CheckResult {
    /** Signs that need urgent help. */ StrokeDetected = "stroke_detected", /** Nothing unusual was measured. */ Normal = "normal",
}}
code! { /** What a check was made from. */ InputType {
    /** A recording of the voice. */ Voice = "voice", /** A recording of standing balance. */ Balance = "balance",
}}
code! { /** The state of an appointment as the older system stored it. */ AppointmentStatus {
    /** Booked. */ Confirmed = "confirmed", /** Called off. */ Canceled = "canceled", /** Took place. */ Completed = "completed",
}}
code! { /** The finer state of an appointment. */ AppointmentState {
    /** Asked for. */ Requested = "requested", /** Booked. */ Confirmed = "confirmed", /** The patient is here. */ Arrived = "arrived",
    /** Going on. */ InProgress = "in_progress", /** Took place. */ Completed = "completed", /** Called off. */ Canceled = "canceled", /** Nobody came. */ NoShow = "no_show",
}}
code! { /** What a notification is about. */ NotificationType {
    /** Booked. */ AppointmentConfirmation = "appointmentConfirmation", /** Soon. */ AppointmentReminder = "appointmentReminder",
    /** Called off. */ AppointmentCancellation = "appointmentCancellation", /** Someone opened a share. */ ShareAccessed = "shareAccessed",
    /** A check found signs. */ StrokeAlert = "strokeAlert", /** A message came. */ MessageReceived = "messageReceived",
    /** Two versions differ. */ ConflictToReview = "conflictToReview", /** Somebody got in, or was let in. */ AccountSecurity = "accountSecurity",
}}
code! { /** How a payment was made. */ PaymentMethod {
    /** By card. */ CreditCard = "creditCard", /** By PayPal. */ PayPal = "PayPal", /** In cash. */ Cash = "cash",
}}
code! { /** The state of a payment; pending moves once. */ PaymentStatus {
    /** Not yet known. */ Pending = "pending", /** Paid. */ Completed = "completed", /** Refused. */ Failed = "failed",
}}
code! { /** Why a one-time code was made. */ OtpPurpose {
    /** A new account. */ Registration = "REGISTRATION", /** A forgotten password. */ PasswordReset = "PASSWORD_RESET",
    /** The end of an account. */ Deletion = "DELETION",
}}
code! { /** How a one-time code was sent. */ OtpChannel {
    /** By e-mail. */ Email = "email", /** By text message. */ Phone = "phone",
}}
code! { /** How the connection to a mail server is protected. */ SmtpTls {
    /** TLS from the first byte (RFC 8314). */ Tls = "tls", /** TLS after STARTTLS, or nothing is sent (RFC 3207). */ StartTls = "starttls",
    /** None: to a server on the same computer. */ None = "none",
}}
code! { /** How grave a log line is. */ LogLevel {
    /** For developers. */ Debug = "DEBUG", /** Usual. */ Info = "INFO", /** Worth a look. */ Warning = "WARNING", /** Something failed. */ Error = "ERROR",
}}
code! { /** Who spoke in a conversation. */ Sender {
    /** The person. */ User = "user", /** The character. */ Ai = "ai",
}}
code! { /** A day of the week. */ Weekday {
    /** Monday. */ Monday = "monday", /** Tuesday. */ Tuesday = "tuesday", /** Wednesday. */ Wednesday = "wednesday", /** Thursday. */ Thursday = "thursday",
    /** Friday. */ Friday = "friday", /** Saturday. */ Saturday = "saturday", /** Sunday. */ Sunday = "sunday",
}}
code! { /** What a statement about an earlier statement does. */ AmendKind {
    /** Changes fields that may change. */ Amend = "amend", /** Takes the statement back. */ Withdraw = "withdraw",
}}
code! { /** Why two versions wait for a person. */ ConflictKind {
    /** Both changed one field. */ Field = "field", /** One deleted what the other edited. */ Deletion = "deletion",
}}
