//! Vital signs.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Within the usual range.
    Normal,
    /// Below it.
    Low,
    /// Above it.
    High,
    /// Dangerously low.
    CriticalLow,
    /// Dangerously high.
    CriticalHigh,
    /// No range is given.
    Unrated,
}

/// The newest value of one sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VitalTile {
    /// LOINC code; the panel's for a blood pressure.
    pub code: String,
    /// The number; the systolic one of a blood pressure.
    pub value: f64,
    /// The diastolic number.
    pub second: Option<f64>,
    /// UCUM unit.
    pub unit: String,
    /// When.
    pub observed_at: Time,
    /// Change since the value before.
    pub delta: Option<f64>,
    /// When that was measured.
    pub delta_since: Option<Time>,
    /// Where it lies.
    pub level: Level,
}

/// A value in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Point {
    /// The observation.
    pub id: Uuid,
    /// When.
    pub at: Time,
    /// The number.
    pub value: f64,
    /// The diastolic number.
    pub second: Option<f64>,
    /// Where it lies.
    pub level: Level,
    /// Who entered it.
    pub by: Option<String>,
}

/// One sign over time, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Series {
    /// LOINC code.
    pub code: String,
    /// UCUM unit.
    pub unit: String,
    /// The values.
    pub points: Vec<Point>,
    /// Lower end of the usual range.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// All signs of a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VitalsView {
    /// Newest values.
    pub tiles: Vec<VitalTile>,
    /// Over time.
    pub series: Vec<Series>,
}

/// One value to be entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct VitalEntry {
    /// LOINC code.
    pub code: String,
    /// The number.
    pub value: f64,
    /// UCUM unit.
    pub unit: String,
}

/// Enters values measured together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddVitals {
    /// The chart.
    pub patient: Uuid,
    /// When; now if absent.
    pub observed_at: Option<Time>,
    /// The values.
    pub entries: Vec<VitalEntry>,
}
