//! Logs and timings, without personal data.

use super::{codes::*, identity::*};
use crate::{id::Id, when::Time};
use model_derive::Collection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One line of the log; kept 30 days here, only warnings and errors travel.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "logs", class = Mergeable, key = Realm, sync = Realm, index(timestamp), index(level, timestamp))]
pub struct Log {
    /// When.
    #[field(sealed, keep, from("S:logs.timestamp"))]
    pub timestamp: Time,
    /// How grave.
    #[field(sealed, keep, from("S:logs.level"))]
    pub level: LogLevel,
    /// The words; no personal data.
    #[field(sealed, keep, from("S:logs.message"))]
    pub message: String,
    /// Who was at work.
    #[field(sealed, keep, from("S:logs.user_id"))]
    pub user_id: Option<Id<User>>,
    /// The request.
    #[field(sealed, keep, from("S:logs.path"))]
    pub path: Option<String>,
    /// The peer's address, for the link host.
    #[field(sealed, keep, from("S:logs.ip"))]
    pub ip: Option<String>,
    /// Which device.
    #[field(sealed, keep)]
    pub device_id: Option<String>,
}

/// Timings of one endpoint in one hour.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "profiling", class = Mergeable, key = Realm, sync = Realm, index(endpoint, timestamp))]
pub struct Profiling {
    /// Begin of the hour.
    #[field(sealed, keep, from("S:profiling.timestamp"))]
    pub timestamp: Time,
    /// Share of one core, 0 to 1.
    #[field(sealed, latest, from("S:profiling.cpu_usage"))]
    pub cpu_usage: Option<f64>,
    /// Megabytes.
    #[field(sealed, latest, from("S:profiling.memory_usage"))]
    pub memory_usage: Option<f64>,
    /// Median latency.
    #[field(sealed, latest, from("S:profiling.latency_ms"))]
    pub latency_ms: Option<f64>,
    /// Which request.
    #[field(sealed, keep, from("S:profiling.endpoint"))]
    pub endpoint: String,
    /// How many were measured.
    #[field(sealed, rise)]
    pub samples: u32,
}
