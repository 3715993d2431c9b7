//! What a person needs first while much is still to come.

use crate::{Find, Result, core::Core, read};
use model::{Appointment, BusyTime, Collection, Patient, Time, parcel::Urgent};
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

/// The day's appointments: from so long ago until so far ahead, in milliseconds.
const AGO_MS: u64 = 12 * 3_600_000;
const AHEAD_MS: u64 = 36 * 3_600_000;
/// So many of the day's appointments are fetched first.
const TODAY: u64 = 100;
/// So many charts that were worked in lately.
const LATELY: u64 = 20;

/// The realm's own scope and the person's come before all: keys and journals are in them. Then the day's charts, the person's own
/// patients first, and those that were worked in lately.
pub(crate) fn urgent(db: &Connection, core: &Core, now_ms: u64) -> Result<Urgent> {
    let me = core.keyring.user();
    let mut urgent = Urgent { scopes: vec![core.trust.realm(), me, core.me().team], documents: Vec::new() };
    for busy in todays(db, me, now_ms)? {
        match read::get::<Appointment>(db, busy)? {
            Some(appointment) => urgent.scopes.push(appointment.scope),
            None => urgent.documents.push((Appointment::DEF.name.to_owned(), busy)),
        }
    }
    let lately = Find { order: Some(("updated_at", true)), limit: LATELY, ..Find::default() };
    urgent.scopes.extend(read::list::<Patient>(db, &lately)?.into_iter().map(|row| row.scope));
    let mut seen = std::collections::BTreeSet::new();
    urgent.scopes.retain(|scope| seen.insert(*scope));
    Ok(urgent)
}

/// Today's appointments by their ids, as everybody sees them.
fn todays(db: &Connection, me: Uuid, now_ms: u64) -> Result<Vec<Uuid>> {
    let time = |ms: u64| json!(Time::from_unsigned_ms(ms));
    let range = ("start", Some(time(now_ms.saturating_sub(AGO_MS))), Some(time(now_ms.saturating_add(AHEAD_MS))));
    let find = Find {
        equal: vec![("is_free", Value::Bool(false))],
        range: Some(range),
        order: Some(("start", false)),
        limit: TODAY,
        ..Find::default()
    };
    let mut rows = read::list::<BusyTime>(db, &find)?;
    rows.sort_by_key(|row| (row.value.doctor_id.uuid != me, row.value.start));
    Ok(rows.into_iter().map(|row| row.value.appointment_id.uuid).collect())
}
