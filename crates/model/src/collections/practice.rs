//! The practice: times, messages, money, opinions.

use super::{codes::*, identity::*, parts::*};
use crate::{id::Id, when::Time};
use model_derive::Collection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Called off because the doctor's time had been taken by an earlier booking, unseen by whoever booked; waits for a person.
pub const DOUBLE_BOOKED: &str = "double-booked";
/// The same, and a person has seen to it.
pub const DOUBLE_BOOKED_SETTLED: &str = "double-booked-settled";

/// An appointment: a local wall time, its zone and the instant they resolve to.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "appointments", class = Mergeable, key = Chart, sync = Chart,
    index(doctor_id, appointment_date),
    index(patient_id, appointment_date)
)]
pub struct Appointment {
    /// Who comes.
    #[field(sealed, keep, from("M:appointments.patientId"))]
    pub patient_id: Id<Patient>,
    /// To whom.
    #[field(sealed, fork, group = "slot", from("M:appointments.doctorId"))]
    pub doctor_id: Id<User>,
    /// The instant.
    #[field(sealed, fork, group = "slot", from("M:appointments.appointmentDate"))]
    pub appointment_date: Time,
    /// Wall time `YYYY-MM-DDTHH:MM`.
    #[field(sealed, fork, group = "slot")]
    pub local_time: String,
    /// IANA zone.
    #[field(sealed, fork, group = "slot")]
    pub zone: String,
    /// How long.
    #[field(sealed, fork, group = "slot")]
    pub duration_minutes: u32,
    /// As the older system stored it.
    #[field(sealed, latest, group = "state", from("M:appointments.status"))]
    pub status: AppointmentStatus,
    /// The finer state.
    #[field(sealed, latest, group = "state")]
    pub state: AppointmentState,
    /// Why it was called off: words, or [`DOUBLE_BOOKED`] or [`DOUBLE_BOOKED_SETTLED`].
    #[field(sealed, latest, group = "state")]
    pub cancel_reason: Option<String>,
    /// Why it stands although the doctor is taken at that time, in the words of the clinician who decided so.
    #[field(sealed, latest, group = "state")]
    pub overlap_reason: Option<String>,
    /// Why the patient comes.
    #[field(sealed, fork)]
    pub reason: Option<String>,
    /// Remarks.
    #[field(sealed, fork, from("M:appointments.notes"))]
    pub notes: Option<String>,
}

/// That a doctor is taken at a time, and nothing of the patient. Its id is that of the appointment.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "busy_times", class = Mergeable, key = Realm, sync = Realm, index(doctor_id, start))]
pub struct BusyTime {
    /// Who is taken.
    #[field(sealed, latest, group = "slot")]
    pub doctor_id: Id<User>,
    /// From when.
    #[field(sealed, latest, group = "slot")]
    pub start: Time,
    /// How long.
    #[field(sealed, latest, group = "slot")]
    pub duration_minutes: u32,
    /// By what.
    #[field(sealed, keep)]
    pub appointment_id: Id<Appointment>,
    /// Was it given back?
    #[field(sealed, latest)]
    pub is_free: bool,
}

/// Something a person should know.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "notifications", class = Mergeable, key = User, sync = User, index(user_id, read, sent_at))]
pub struct Notification {
    /// For whom.
    #[field(sealed, keep, from("M:notifications.userId"))]
    pub user_id: Id<User>,
    /// What about.
    #[field(sealed, keep, from("M:notifications.type"))]
    pub kind: NotificationType,
    /// The words.
    #[field(sealed, keep, from("M:notifications.message"))]
    pub message: String,
    /// The document it speaks of.
    #[field(sealed, keep)]
    pub about: Option<uuid::Uuid>,
    /// When.
    #[field(sealed, keep, from("M:notifications.sentAt"))]
    pub sent_at: Time,
    /// Was it seen?
    #[field(sealed, rise, from("M:notifications.read"))]
    pub read: bool,
}

/// One message between a patient and the clinic.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "messages", class = Statement, key = Chart, sync = Chart, index(patient_id, timestamp))]
pub struct Message {
    /// From whom.
    #[field(sealed, keep, from("M:messages.senderId"))]
    pub sender_id: Id<User>,
    /// To whom.
    #[field(sealed, keep, from("M:messages.receiverId"))]
    pub receiver_id: Option<Id<User>>,
    /// About whom.
    #[field(sealed, keep)]
    pub patient_id: Id<Patient>,
    /// The words.
    #[field(sealed, keep, search, from("M:messages.content"))]
    pub content: String,
    /// Files.
    #[field(sealed, keep)]
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// When.
    #[field(sealed, keep, from("M:messages.timestamp"))]
    pub timestamp: Time,
    /// When it was read.
    #[field(sealed, rise)]
    pub read_at: Option<Time>,
}

/// A consultation at a distance.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "teleconsultations", class = Statement, key = Chart, sync = Chart,
    index(patient_id),
    index(appointment_id)
)]
pub struct Teleconsultation {
    /// With whom.
    #[field(sealed, keep)]
    pub patient_id: Id<Patient>,
    /// Which appointment.
    #[field(sealed, keep, from("M:teleconsultations.appointmentId"))]
    pub appointment_id: Id<Appointment>,
    /// Where it takes place.
    #[field(sealed, latest, from("M:teleconsultations.videoLink"))]
    pub video_link: Option<String>,
    /// Records that were looked at.
    #[field(sealed, union, from("M:teleconsultations.documents"))]
    #[serde(default)]
    pub documents: Vec<LinkedRecord>,
    /// What was prescribed.
    #[field(sealed, union, from("M:teleconsultations.prescription"))]
    #[serde(default)]
    pub prescription: Vec<PrescriptionLine>,
    /// Begin.
    #[field(sealed, keep)]
    pub started_at: Option<Time>,
    /// End.
    #[field(sealed, rise)]
    pub ended_at: Option<Time>,
}

/// A payment. No card number is ever asked for or stored.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "payments", class = Statement, key = Chart, sync = Realm, index(user_id), index(appointment_id))]
pub struct Payment {
    /// Who pays.
    #[field(sealed, keep, from("M:payments.userId"))]
    pub user_id: Id<User>,
    /// For what.
    #[field(sealed, keep, from("M:payments.appointmentId"))]
    pub appointment_id: Option<Id<Appointment>>,
    /// Amount in minor units of the currency.
    #[field(sealed, keep, from("M:payments.amount"))]
    pub amount_minor: u32,
    /// ISO 4217.
    #[field(sealed, keep)]
    pub currency: String,
    /// How.
    #[field(sealed, keep, from("M:payments.paymentMethod"))]
    pub payment_method: PaymentMethod,
    /// The provider's number.
    #[field(sealed, latest, from("M:payments.transactionId"))]
    pub transaction_id: Option<String>,
    /// Pending moves once.
    #[field(sealed, latest, from("M:payments.status"))]
    pub status: PaymentStatus,
    /// The receipt.
    #[field(sealed, latest)]
    pub receipt: Option<BlobRef>,
}

/// What a patient says about a completed appointment; one each, its id is derived.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(
    name = "reviews", class = Statement, key = Realm, sync = Realm,
    identity(appointment_id, patient_id),
    index(doctor_id),
    index(appointment_id)
)]
pub struct Review {
    /// About whom.
    #[field(sealed, keep, from("M:reviews.doctorId"))]
    pub doctor_id: Id<User>,
    /// By whom.
    #[field(sealed, keep, from("M:reviews.patientId"))]
    pub patient_id: Id<User>,
    /// After which appointment.
    #[field(sealed, keep)]
    pub appointment_id: Id<Appointment>,
    /// 1 to 5.
    #[field(sealed, latest, from("M:reviews.rating"))]
    pub rating: u8,
    /// The words.
    #[field(sealed, latest, from("M:reviews.comment"))]
    pub comment: Option<String>,
}
