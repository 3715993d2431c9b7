//! Appointments that were called off because their time had been taken.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// One that waits for somebody to see to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DoubleBookingView {
    /// The appointment.
    pub id: Uuid,
    /// The chart.
    pub patient: Uuid,
    /// Who was to come.
    pub patient_name: String,
    /// To whom.
    pub doctor_name: Option<String>,
    /// The instant.
    pub at: Time,
    /// Wall time `YYYY-MM-DDTHH:MM`.
    pub local_time: String,
    /// IANA zone.
    pub zone: String,
    /// How long.
    pub duration_minutes: u32,
    /// Why the patient comes.
    pub reason: Option<String>,
    /// The booking that stands; absent where it is not for this person's eyes, or gone.
    pub earlier: Option<EarlierBooking>,
    /// Free times of the same doctor, near the one that was wanted.
    pub free: Vec<FreeTime>,
    /// May this person let both stand?
    pub may_override: bool,
}

/// The booking that had the time first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct EarlierBooking {
    /// Who comes.
    pub patient_name: String,
    /// Wall time `YYYY-MM-DDTHH:MM`.
    pub local_time: String,
    /// How long.
    pub duration_minutes: u32,
}

/// A time at which the doctor is free.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FreeTime {
    /// The instant.
    pub at: Time,
    /// Wall time `YYYY-MM-DDTHH:MM`.
    pub local_time: String,
}

/// Book the visit at one of the proposed times.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MoveAppointment {
    /// The appointment.
    pub id: Uuid,
    /// The proposed instant.
    pub at: Time,
}

/// Let both appointments stand.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KeepBoth {
    /// The appointment that was called off.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}
