//! What the host has counted and written down, filed in the access log.

use super::memory::Memory;
use crate::{Event, Problem, Session, host::log::context, session::off_thread, summary};
use model::{AccessLog, AccessOutcome, AccessPlace, Id, NotificationType, ShareToken, Time};
use share::{Link, audit, link::hosted_id};
use std::{collections::BTreeMap, sync::Arc};
use sync::remote::{
    hosted::{Access, LinkId},
    mongo::MongoRemote,
};
use uuid::Uuid;
use vault::Row;

type Shares = BTreeMap<LinkId, Row<ShareToken>>;

/// Fetches counts and entries of these shares.
pub(super) async fn fetch(session: &Arc<Session>, remote: &MongoRemote, open: &[Uuid]) -> Result<(), Problem> {
    let (this, ids) = (session.clone(), open.to_vec());
    let shares = Arc::new(off_thread(move || by_link(&this, &ids)).await?);
    let links: Vec<LinkId> = shares.keys().copied().collect();
    if links.is_empty() {
        return Ok(());
    }
    loop {
        let entries = remote.claim_accesses(&links, session.device()?).await?;
        if entries.is_empty() {
            break;
        }
        let ids: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
        let (this, shares) = (session.clone(), shares.clone());
        off_thread(move || file(&this, &shares, &entries)).await?;
        remote.accesses_filed(&ids).await?;
    }
    let counts = remote.hosted_counts(&links).await?;
    let (this, shares) = (session.clone(), shares.clone());
    off_thread(move || {
        let mut moved = false;
        for (link, counts) in counts {
            let Some(row) = shares.get(&link) else { continue };
            if super::counted(&this, row.id)? != counts {
                Memory::change(&this, row.id, |known| (known.uses, known.wrong) = (counts.uses, counts.wrong))?;
                moved = true;
            }
        }
        if moved {
            let collections = vec!["access_logs".to_owned()];
            this.ring(Event::Changed { collections, ids: Vec::new(), from_remote: true });
        }
        Ok(())
    })
    .await
}

fn by_link(session: &Session, ids: &[Uuid]) -> Result<Shares, Problem> {
    let mut all = Shares::new();
    for id in ids {
        if let Some(row) = session.vault.get::<ShareToken>(*id)? {
            all.insert(hosted_id(&row.value.manifest_id), row);
        }
    }
    Ok(all)
}

/// Files entries in one transaction; those that are there already stay as they are.
fn file(session: &Arc<Session>, shares: &Shares, entries: &[Access]) -> Result<(), Problem> {
    let mut fresh = Vec::new();
    for entry in entries {
        let known = session.vault.get::<AccessLog>(entry.id)?.is_some();
        let named = shares.get(&entry.link).zip(AccessOutcome::from_word(&entry.outcome));
        if let (false, Some((row, outcome))) = (known, named) {
            fresh.push((entry.id, row, read(entry, row, outcome)?));
        }
    }
    if fresh.is_empty() {
        return Ok(());
    }
    session.write(|w| {
        for (id, row, log) in &fresh {
            w.append(*id, row.scope, log)?;
            if log.outcome == AccessOutcome::Granted {
                let about = Some(row.value.patient_id.uuid);
                let who = log.recipient.as_deref().unwrap_or_default();
                summary::notify(w, session, NotificationType::ShareAccessed, about, who)?;
            }
        }
        Ok(())
    })
}

/// An entry that was not sealed for this link still counts; who asked is then unknown.
fn read(entry: &Access, row: &Row<ShareToken>, outcome: AccessOutcome) -> Result<AccessLog, Problem> {
    let token = &row.value;
    let link = Link::parse(&token.encrypted_token)?;
    let who = audit::open(link.key(), &context(entry.id, &entry.outcome), &entry.body).ok();
    Ok(AccessLog {
        share_token_id: Some(Id::new(row.id)),
        doctor_id: None,
        recipient: who.as_ref().map(|who| share::text::shown(&who.recipient)),
        patient_id: token.patient_id,
        accessed_records: if outcome == AccessOutcome::Granted { token.records.clone() } else { Vec::new() },
        accessed_at: Time::from_unsigned_ms(entry.at_ms),
        ip_address: who.as_ref().and_then(|who| who.address.clone()),
        user_agent: who.and_then(|who| who.user_agent),
        place: AccessPlace::LinkHost,
        outcome,
        reason: None,
        until: None,
    })
}
