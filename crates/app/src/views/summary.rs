//! One look at a patient, one look at the day.

use super::{CheckRow, CheckView, ConflictView, NoteRow, PatientRow, RecordRow, Series, ShareRow, VitalTile};
use model::{Date, MedicationSource, MedicationStatus, NotificationType, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// What needs a person today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TodayView {
    /// Seen or changed last.
    pub patients: Vec<PatientRow>,
    /// Checks that nobody has looked at, signs first.
    pub unreviewed: Vec<CheckRow>,
    /// Shares that are open now.
    pub shares: Vec<ShareRow>,
    /// Unread.
    pub notifications: Vec<NotificationView>,
    /// Versions that wait for a person.
    pub conflicts: u32,
    /// Charts on this device.
    pub total_patients: u32,
}

/// Something to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct NotificationView {
    /// The notification.
    pub id: Uuid,
    /// What about.
    pub kind: NotificationType,
    /// The words.
    pub message: String,
    /// When.
    pub sent_at: Time,
    /// Was it seen?
    pub read: bool,
    /// The chart it speaks of.
    pub patient: Option<Uuid>,
    /// Of the appointment that it speaks of: wall time `YYYY-MM-DDTHH:MM`.
    pub local_time: Option<String>,
}

/// One screen before the visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SummaryView {
    /// The newest stroke check.
    pub latest_check: Option<CheckView>,
    /// The ones before it.
    pub checks: Vec<CheckRow>,
    /// Newest values.
    pub vitals: Vec<VitalTile>,
    /// Body mass index over time.
    pub bmi: Option<Series>,
    /// Newest height.
    pub height_cm: Option<f64>,
    /// In use.
    pub medications: Vec<MedicationRow>,
    /// Newest five.
    pub records: Vec<RecordRow>,
    /// Newest three.
    pub notes: Vec<NoteRow>,
    /// Versions that wait for a person.
    pub conflicts: Vec<ConflictView>,
    /// The country's number.
    pub emergency_number: String,
}

/// A medicine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MedicationRow {
    /// The entry.
    pub id: Uuid,
    /// The medicine.
    pub name: String,
    /// How much and how often.
    pub dosage: Option<String>,
    /// In use?
    pub status: MedicationStatus,
    /// Prescribed or taken.
    pub source: MedicationSource,
    /// Since when.
    pub started_on: Option<Date>,
    /// Until when.
    pub ended_on: Option<Date>,
    /// What for.
    pub reason: Option<String>,
    /// Who ordered it.
    pub prescriber: Option<String>,
    /// Where it was imported from.
    pub origin: Option<String>,
    /// Still to be sent?
    pub waiting: bool,
}

/// Adds a medicine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddMedication {
    /// The chart.
    pub patient: Uuid,
    /// The medicine.
    pub name: String,
    /// How much and how often.
    pub dosage: Option<String>,
    /// Prescribed or taken.
    pub source: MedicationSource,
    /// Since when.
    pub started_on: Option<Date>,
    /// What for.
    pub reason: Option<String>,
}

/// Marks a medicine as stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StopMedication {
    /// The entry.
    pub id: Uuid,
    /// Since when.
    pub ended_on: Option<Date>,
}
