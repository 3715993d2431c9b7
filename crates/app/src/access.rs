//! Who has looked, and at what.

use crate::{Problem, Session, names, shares, views::*};
use model::{AccessLog, ShareToken};
use std::sync::Arc;
use vault::Row;

/// All shares of a chart and all their openings.
pub fn view(session: &Arc<Session>, ask: OfPatient) -> Result<AccessView, Problem> {
    let tokens = session.of_patient::<ShareToken>(ask.patient, "created_at", 1_000)?;
    let logs = session.of_patient::<AccessLog>(ask.patient, "accessed_at", 5_000)?;
    let label = |log: &AccessLog| {
        let token = log.share_token_id?;
        tokens.iter().find(|row| row.id == token.uuid).map(|row| row.value.label.clone())
    };
    let accesses = logs.iter().map(|row| access_row(session, row, label(&row.value))).collect();
    Ok(AccessView { shares: shares::rows(session, tokens.clone())?, accesses })
}

fn access_row(session: &Session, row: &Row<AccessLog>, share_label: Option<String>) -> AccessRow {
    let log = &row.value;
    AccessRow {
        id: row.id,
        at: log.accessed_at,
        recipient: log.recipient.clone(),
        member: log.doctor_id.and_then(|user| names::of_user(session, user.uuid)),
        place: log.place,
        outcome: log.outcome,
        records: u32::try_from(log.accessed_records.len()).unwrap_or(u32::MAX),
        ip_address: log.ip_address.clone(),
        share_label,
        reason: log.reason.clone(),
    }
}
