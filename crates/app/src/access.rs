//! Who has looked, and at what; and that the list is what was written.

mod export;

use crate::{Problem, Session, names, shares, views::*};
pub use export::{CheckedExport, check, export};
use model::{AccessLog, Collection, ShareToken};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;
use vault::{Held, Row, trust::Fault};

/// The most entries of a chart whose proof is looked at; beyond them nobody is told that all was looked at.
const ENTRIES_MAX: u32 = 10_000;

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

/// Looks at every entry anew: the signature of whoever wrote it, and that it shows what was signed; and walks the journals, whose
/// entries are linked each to the one before and vouch for what was sent.
pub fn verify(session: &Arc<Session>, ask: OfPatient) -> Result<AccessProof, Problem> {
    let rows = rows(session, ask.patient)?;
    let held = held(session, &rows)?;
    let shown: BTreeMap<Uuid, AccessLog> = rows.into_iter().map(|row| (row.id, row.value)).collect();
    let broken: Vec<BrokenEntry> = held.iter().filter_map(|one| broken(one, shown.get(&one.id))).collect();
    let walks = session.vault.walk_journals()?;
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let breaks = walks.iter().flat_map(|walk| walk.broken.iter().map(|n| (walk.device, *n)));
    Ok(AccessProof {
        entries: count(held.len() as u64),
        hold: count((held.len() - broken.len()) as u64),
        unsent: count(held.iter().filter(|one| one.vouched.is_empty()).count() as u64),
        broken,
        journal_entries: count(walks.iter().map(|walk| walk.entries).sum()),
        journal_broken: breaks
            .map(|(device, n)| BrokenJournal { device: names::of_device(device), n: count(n) })
            .collect(),
    })
}

/// The entries of a chart as they are held, the oldest first.
fn held(session: &Session, rows: &[Row<AccessLog>]) -> Result<Vec<Held>, Problem> {
    let ids: Vec<Uuid> = rows.iter().rev().map(|row| row.id).collect();
    Ok(session.vault.held_statements(AccessLog::DEF, &ids)?)
}

fn rows(session: &Session, patient: Uuid) -> Result<Vec<Row<AccessLog>>, Problem> {
    let rows = session.of_patient::<AccessLog>(patient, "accessed_at", ENTRIES_MAX)?;
    match rows.len() < ENTRIES_MAX as usize {
        true => Ok(rows),
        false => Err(Problem::new("access_log_too_long", None)),
    }
}

fn broken(held: &Held, shown: Option<&AccessLog>) -> Option<BrokenEntry> {
    let why = match &held.proven {
        Err(fault) => word(*fault),
        Ok(proven) => {
            let signed = serde_json::from_value::<AccessLog>(Value::Object(proven.values.clone())).ok();
            (signed.as_ref() != shown).then_some("shown_otherwise")?
        }
    };
    Some(BrokenEntry { id: held.id, at: shown.map(|log| log.accessed_at), why: why.to_owned() })
}

/// The stable word for why a signature proves nothing.
fn word(fault: Fault) -> &'static str {
    match fault {
        Fault::Signature => "signature",
        Fault::UnknownAuthor => "unknown_author",
        Fault::Expired => "expired",
        Fault::Malformed(_) | Fault::OtherKind | Fault::Elsewhere => "not_signed",
        Fault::UnknownOriginal | Fault::AfterRemoval | Fault::Forbidden(_) => "not_allowed",
    }
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
