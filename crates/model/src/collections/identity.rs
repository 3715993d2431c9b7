//! Accounts and people.

use super::{codes::*, parts::*};
use crate::{
    id::Id,
    when::{Date, Time},
};
use model_derive::Collection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An account and its entry in the clinic's directory.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "users", class = Mergeable, key = Realm, sync = Realm,
    index(email),
    index(mobile_number),
    index(patient_uuid)
)]
pub struct User {
    /// Name.
    #[field(sealed, fork, search, from("S:users.name", "C:users.name", "M:users.name", "R:users.full_name"))]
    pub name: String,
    /// E-mail address, unique in the realm.
    #[field(sealed, fork, blind = "email", from("S:users.email", "R:users.email", "M:users.email", "C:users.email"))]
    pub email: Option<String>,
    /// Mobile number in E.164, unique in the realm.
    #[field(sealed, fork, blind = "phone", from("R:users.mobile_number", "M:users.phone"))]
    pub mobile_number: Option<String>,
    /// What the user may do; the certificate is what counts.
    #[field(sealed, latest, from("S:users.role", "R:users.role", "M:users.role", "C:users.is_admin"))]
    pub role: Role,
    /// The plan; a matter of billing.
    #[field(sealed, latest, from("C:users.role"))]
    pub plan: Option<Plan>,
    /// The chart of a user who is a patient.
    #[field(sealed, keep, from("R:users.patient_uuid"))]
    pub patient_uuid: Option<Id<Patient>>,
    /// May the account be used?
    #[field(sealed, latest, from("R:users.is_active"))]
    pub is_active: bool,
    /// Has a person checked who this is?
    #[field(sealed, rise, from("R:users.is_verified"))]
    pub is_verified: bool,
    /// Was an e-mail address ever confirmed? Which one is in `confirmed_email`.
    #[field(sealed, rise, from("M:users.emailVerified"))]
    pub email_verified: bool,
    /// Was a number ever confirmed? Which one is in `confirmed_number`.
    #[field(sealed, rise, from("M:users.phoneVerified"))]
    pub phone_verified: bool,
    /// The address that was confirmed last: another one in `email` is not confirmed.
    #[field(sealed, latest)]
    pub confirmed_email: Option<String>,
    /// The number that was confirmed last.
    #[field(sealed, latest)]
    pub confirmed_number: Option<String>,
    /// Is a second factor asked for?
    #[field(sealed, latest, from("C:users.2fa_enabled"))]
    pub two_factor_enabled: bool,
    /// Id of the certificate in force, which holds the signing and the agreement key.
    #[field(sealed, latest)]
    pub certificate: Option<String>,
    /// Id of the passphrase slot: opening it is the password check.
    #[field(
        sealed,
        latest,
        from("S:users.password_hash", "M:users.password", "C:users.password_hash", "R:users.password")
    )]
    pub key_bundle: Option<String>,
    /// Language of letters and screens, BCP 47.
    #[field(sealed, latest)]
    pub language: Option<String>,
}

/// The front page of a chart.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "patients", class = Mergeable, key = Chart, sync = Chart,
    index(user_id),
    index(name),
    index(date_of_birth),
    index(is_archived)
)]
pub struct Patient {
    /// The account; a walk-in has none.
    #[field(sealed, latest, from("M:patients.userId", "S:patients.user_id"))]
    pub user_id: Option<Id<User>>,
    /// Number for people, leased in blocks or with the device's prefix.
    #[field(sealed, keep, search, blind = "patient-number")]
    pub patient_number: Option<String>,
    /// Full name as the person gives it.
    #[field(sealed, fork, search, from("M:patients.personalInfo.name"))]
    pub name: String,
    /// Day of birth, perhaps partial.
    #[field(sealed, fork, from("R:patients.date_of_birth", "M:patients.personalInfo.dateOfBirth"))]
    pub date_of_birth: Option<Date>,
    /// Administrative gender.
    #[field(sealed, fork, from("R:patients.gender", "M:patients.personalInfo.gender"))]
    pub gender: Option<Gender>,
    /// Words that fit none of the codes.
    #[field(sealed, fork)]
    pub gender_as_entered: Option<String>,
    /// Postal address.
    #[field(sealed, fork, from("M:patients.personalInfo.address"))]
    pub address: Option<String>,
    /// Telephone as dialled.
    #[field(sealed, fork, search, from("M:patients.personalInfo.phone"))]
    pub phone: Option<String>,
    /// E-mail address.
    #[field(sealed, fork)]
    pub email: Option<String>,
    /// ABO and Rh.
    #[field(sealed, fork, from("R:patients.blood_group"))]
    pub blood_group: Option<BloodGroup>,
    /// BCP 47, several separated by commas.
    #[field(sealed, latest)]
    pub preferred_language: Option<String>,
    /// Picture of the face.
    #[field(sealed, latest, from("S:patients.photo"))]
    pub photo: Option<BlobRef>,
    /// The enrolled baseline recording.
    #[field(sealed, latest, from("S:patients.voice_sample"))]
    pub voice_sample: Option<BlobRef>,
    /// Newest height and weight.
    #[field(sealed, latest, from("S:patients.bmi"))]
    pub bmi: Option<BmiPart>,
    /// What was answered about allergies; absent: not asked.
    #[field(sealed, fork, group = "allergies_asked")]
    pub allergies_asked: Option<Asked>,
    /// When it was asked.
    #[field(sealed, fork, group = "allergies_asked")]
    pub allergies_asked_at: Option<Time>,
    /// Who asked.
    #[field(sealed, fork, group = "allergies_asked")]
    pub allergies_asked_by: Option<Id<User>>,
    /// What the person does not tolerate.
    #[field(sealed, union, from("R:patients.allergies"))]
    #[serde(default)]
    pub allergies: Vec<Allergy>,
    /// Long-standing conditions.
    #[field(sealed, union, from("R:patients.chronic_conditions"))]
    #[serde(default)]
    pub chronic_conditions: Vec<ChronicCondition>,
    /// Earlier illnesses.
    #[field(sealed, union, from("S:patients.medical_history", "M:patients.medicalHistory"))]
    #[serde(default)]
    pub medical_history: Vec<HistoryEntry>,
    /// Whom to call, in order.
    #[field(sealed, union, from("S:patients.emergency_contacts"))]
    #[serde(default)]
    pub emergency_contacts: Vec<EmergencyContact>,
    /// Who opened the chart.
    #[field(sealed, keep)]
    pub registered_by: Option<Id<User>>,
    /// Where the front page came from, if imported.
    #[field(sealed, keep)]
    pub origin: Option<Origin>,
    /// Out of the lists, still to be found.
    #[field(sealed, latest)]
    pub is_archived: bool,
    /// Closed to the care team except for the members below; in an emergency it opens with a reason that is written down.
    #[field(sealed, latest)]
    pub is_restricted: Option<bool>,
    /// Who opens it all the same.
    #[field(sealed, union)]
    #[serde(default)]
    pub allowed_members: Vec<AllowedMember>,
}

/// A clinician's public page.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "doctors", class = Mergeable, key = Realm, sync = Realm, index(user_id))]
pub struct Doctor {
    /// The account.
    #[field(sealed, keep, from("M:doctors.userId"))]
    pub user_id: Id<User>,
    /// Field of medicine.
    #[field(sealed, latest, search, from("R:doctors.specialization", "M:doctors.specialty"))]
    pub specialization: Option<String>,
    /// Licence to practise.
    #[field(sealed, fork, from("R:doctors.license_number"))]
    pub license_number: Option<String>,
    /// Years of practice.
    #[field(sealed, latest, from("M:doctors.experience"))]
    pub experience_years: Option<f64>,
    /// Where patients come.
    #[field(sealed, latest, from("M:doctors.location"))]
    pub location: Option<String>,
    /// When patients may come.
    #[field(sealed, union, from("M:doctors.availability"))]
    #[serde(default)]
    pub availability: Vec<Availability>,
    /// Days away.
    #[field(sealed, union)]
    #[serde(default)]
    pub time_off: Vec<TimeOff>,
    /// A few sentences.
    #[field(sealed, latest)]
    pub bio: Option<String>,
    /// Picture.
    #[field(sealed, latest)]
    pub photo: Option<BlobRef>,
}

/// A one-time code that was sent; only its hash, only on the device that made it.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "otp_verifications", class = Mergeable, key = Local, sync = Local, index(user_id))]
pub struct OtpVerification {
    /// For whom.
    #[field(local, keep, from("R:otp_verifications.user"))]
    pub user_id: Id<User>,
    /// What for.
    #[field(local, keep, from("R:otp_verifications.purpose"))]
    pub purpose: OtpPurpose,
    /// How it was sent.
    #[field(local, keep, from("R:otp_verifications.channel"))]
    pub channel: OtpChannel,
    /// Keyed hash of the code, never the code.
    #[field(local, keep, from("R:otp_verifications.otp_hash"))]
    pub otp_hash: String,
    /// Wrong tries so far.
    #[field(local, rise, from("R:otp_verifications.attempts"))]
    pub attempts: u32,
    /// Was it used?
    #[field(local, rise, from("R:otp_verifications.is_used"))]
    pub is_used: bool,
    /// When it ends.
    #[field(local, keep, from("R:otp_verifications.expires_at"))]
    pub expires_at: Time,
}

/// A request to get back into an account.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "password_resets", class = Mergeable, key = User, sync = User, index(user_id))]
pub struct PasswordReset {
    /// Whose account.
    #[field(sealed, keep, from("C:password_resets.user_id"))]
    pub user_id: Id<User>,
    /// Hash of the token.
    #[field(sealed, keep, from("C:password_resets.token", "M:users.resetPasswordToken"))]
    pub token_hash: String,
    /// When it ends.
    #[field(sealed, keep, from("C:password_resets.expires_at", "M:users.resetPasswordExpires"))]
    pub expires_at: Time,
    /// When it was used.
    #[field(sealed, rise, from("C:password_resets.used"))]
    pub used_at: Option<Time>,
}

/// The second factor of an account.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "two_factor", class = Mergeable, key = User, sync = User, index(user_id))]
pub struct TwoFactor {
    /// Whose.
    #[field(sealed, keep, from("C:two_factor.user_id"))]
    pub user_id: Id<User>,
    /// The TOTP secret, base32; empty while the factor is off.
    #[field(sealed, latest, from("C:two_factor.secret"))]
    pub secret: String,
    /// Since when it is asked for.
    #[field(sealed, latest)]
    pub enabled_at: Option<Time>,
    /// Codes for when the device is lost.
    #[field(sealed, union, from("C:two_factor.backup_codes"))]
    #[serde(default)]
    pub backup_codes: Vec<BackupCode>,
    /// The highest time step accepted.
    #[field(sealed, rise)]
    pub last_step: Option<f64>,
}

/// An identity at an outside provider.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "oauth_accounts", class = Mergeable, key = User, sync = User,
    index(user_id),
    index(provider, provider_user_id)
)]
pub struct OauthAccount {
    /// Whose.
    #[field(sealed, keep, from("C:oauth_accounts.user_id"))]
    pub user_id: Id<User>,
    /// Issuer.
    #[field(sealed, keep, from("C:oauth_accounts.provider", "C:users.oauth"))]
    pub provider: String,
    /// Subject there.
    #[field(sealed, keep, from("C:oauth_accounts.provider_user_id"))]
    pub provider_user_id: String,
    /// Access token.
    #[field(sealed, latest, group = "tokens", from("C:oauth_accounts.access_token"))]
    pub access_token: Option<String>,
    /// Refresh token.
    #[field(sealed, latest, group = "tokens", from("C:oauth_accounts.refresh_token"))]
    pub refresh_token: Option<String>,
    /// When the access token ends.
    #[field(sealed, latest, group = "tokens", from("C:oauth_accounts.expires_at"))]
    pub expires_at: Option<Time>,
    /// When the link was ended; linking again makes another document.
    #[field(sealed, rise)]
    pub unlinked_at: Option<Time>,
}

/// A signed-in device or a session at a remote service.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "tokens", class = Mergeable, key = User, sync = User, index(user_id))]
pub struct Token {
    /// Whose.
    #[field(sealed, keep, from("S:tokens.user_id"))]
    pub user_id: Id<User>,
    /// Which device.
    #[field(sealed, keep)]
    pub device_id: Option<String>,
    /// SHA-256 of the token.
    #[field(sealed, keep, from("S:tokens.token"))]
    pub token_hash: String,
    /// Tokens that follow one another.
    #[field(sealed, keep)]
    pub family: String,
    /// When it ends.
    #[field(sealed, keep, from("S:tokens.expires_at"))]
    pub expires_at: Time,
    /// Was it ended?
    #[field(sealed, rise, from("S:tokens.revoked"))]
    pub revoked: bool,
    /// The next of its family.
    #[field(sealed, rise)]
    pub replaced_by: Option<Id<Token>>,
    /// Last use.
    #[field(sealed, rise)]
    pub last_used_at: Option<Time>,
}

/// A wish to have an account deleted.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "account_deletion_requests", class = Mergeable, key = Realm, sync = Realm, index(user_id))]
pub struct AccountDeletionRequest {
    /// Whose.
    #[field(sealed, keep, from("C:account_deletion_requests.user_id"))]
    pub user_id: Id<User>,
    /// Where the confirmation goes.
    #[field(sealed, keep, from("C:account_deletion_requests.user_email"))]
    pub user_email: Option<String>,
    /// Hash of the confirmation token.
    #[field(sealed, latest, from("C:account_deletion_requests.token"))]
    pub token_hash: Option<String>,
    /// When the token ends.
    #[field(sealed, latest, from("C:account_deletion_requests.token_expires_at"))]
    pub token_expires_at: Option<Time>,
    /// When it was asked.
    #[field(sealed, keep, from("C:account_deletion_requests.requested_at"))]
    pub requested_at: Time,
    /// When it was confirmed.
    #[field(sealed, rise, from("C:account_deletion_requests.confirmed"))]
    pub confirmed_at: Option<Time>,
    /// When it was withdrawn.
    #[field(sealed, rise)]
    pub cancelled_at: Option<Time>,
    /// End of the days of grace.
    #[field(sealed, latest)]
    pub purge_after: Option<Time>,
    /// When it was done.
    #[field(sealed, rise, from("C:account_deletion_requests.completed_at"))]
    pub completed_at: Option<Time>,
}

/// How the clinic sends codes: its account at a mail server, and the one at an SMS gateway. Its id is the realm's.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "sending_settings", class = Mergeable, key = Realm, sync = Realm)]
pub struct SendingSettings {
    /// Name of the mail server; absent while no mail is sent.
    #[field(sealed, latest, group = "smtp")]
    pub smtp_host: Option<String>,
    /// Its port.
    #[field(sealed, latest, group = "smtp")]
    pub smtp_port: Option<u32>,
    /// How the connection is protected.
    #[field(sealed, latest, group = "smtp")]
    pub smtp_tls: Option<SmtpTls>,
    /// Name of the login, if the server asks for one.
    #[field(sealed, latest, group = "smtp")]
    pub smtp_user: Option<String>,
    /// Its password.
    #[field(sealed, latest, group = "smtp")]
    pub smtp_password: Option<String>,
    /// The address that letters come from.
    #[field(sealed, latest, group = "smtp")]
    pub smtp_from: Option<String>,
    /// Certificates, PEM, of whoever vouches for the mail server besides those whom the system trusts; absent for none.
    #[field(sealed, latest, group = "smtp")]
    pub smtp_ca: Option<String>,
    /// Account at the SMS gateway; absent while no messages are sent.
    #[field(sealed, latest, group = "sms")]
    pub sms_account: Option<String>,
    /// Its token.
    #[field(sealed, latest, group = "sms")]
    pub sms_token: Option<String>,
    /// The number or name that messages come from.
    #[field(sealed, latest, group = "sms")]
    pub sms_from: Option<String>,
}

/// A service elsewhere at which the clinic's people can prove who they are (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "identity_providers", class = Mergeable, key = Realm, sync = Realm)]
pub struct IdentityProvider {
    /// Its issuer identifier. Accounts are known by issuer and subject: another issuer is another provider.
    #[field(sealed, keep)]
    pub issuer: String,
    /// What the clinic calls it.
    #[field(sealed, latest)]
    pub name: String,
    /// How it knows this program.
    #[field(sealed, latest)]
    pub client_id: String,
    /// When it was withdrawn.
    #[field(sealed, rise)]
    pub removed_at: Option<Time>,
}

/// The clinic itself, or the person who keeps their own record; its id is the realm's.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "clinics", class = Mergeable, key = Realm, sync = Realm)]
pub struct Clinic {
    /// Name on screens and papers.
    #[field(sealed, fork)]
    pub name: String,
    /// Is this one person's own record?
    #[field(sealed, keep)]
    pub is_personal: bool,
    /// ISO 3166 country, which decides the emergency number.
    #[field(sealed, latest)]
    pub country: Option<String>,
    /// How long entries in charts must be kept by law, in years; absent while nobody has said so.
    #[field(sealed, latest)]
    pub retention_years: Option<u32>,
    /// Who keeps the charts of people who left, until that time is over.
    #[field(sealed, latest)]
    pub custodian: Option<Id<User>>,
    /// Address of the link host beside the database, for shares that work from anywhere; absent while there is none.
    #[field(sealed, latest)]
    pub link_host: Option<String>,
}
