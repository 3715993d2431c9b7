//! Sharing chosen records as SMART Health Links.

mod anywhere;
mod contents;

use crate::{
    App, Problem, Session,
    ask::of,
    hosted, patients,
    problem::{invalid, not_allowed},
    records,
    session::{fields, off_thread},
    views::*,
};
use anywhere::{link_host, reach, shown_link, tell_host};
use contents::attach;
pub use contents::bring_up_to_date;
pub(crate) use contents::{Contents, gather};
use model::{
    AccessLog, AccessOutcome, Id, MedicalRecord, Medication, Observation, Patient, ShareMethod, ShareToken, Time,
};
use serde_json::json;
use share::{Flags, Link, LinkKey, jwe, tally};
use std::sync::Arc;
use uuid::Uuid;
use vault::Row;

/// What is in the files of a share.
pub const FHIR: &str = "application/fhir+json";
const DAY_MINUTES: u32 = 24 * 60;
const LONGEST_MINUTES: u32 = 366 * DAY_MINUTES;

/// What of a chart may be shared: parts of the front page, and documents. Notes that are kept from the patient never appear.
pub fn choices(session: &Arc<Session>, ask: OfPatient) -> Result<Vec<ShareChoice>, Problem> {
    let patient = session.need::<Patient>(ask.patient)?.value;
    let part = |kind: &str, count: usize| ShareChoice {
        id: ask.patient,
        kind: kind.to_owned(),
        title: String::new(),
        date: None,
        detail: Some(count.to_string()),
    };
    let mut all = vec![
        part("allergies", patient.allergies.len()),
        part("conditions", patient.chronic_conditions.len() + patient.medical_history.len()),
        part("medications", session.of_patient::<Medication>(ask.patient, "created_at", 5_000)?.len()),
        part("vitals", session.of_patient::<Observation>(ask.patient, "observed_at", 10_000)?.len()),
    ];
    for row in records::newest(session, ask.patient, 10_000)?.into_iter().filter(|row| !row.value.is_hidden) {
        all.push(ShareChoice {
            id: row.id,
            kind: "record".to_owned(),
            title: row.value.title,
            date: row.value.date_of_record,
            detail: Some(row.value.document_type.word().to_owned()),
        });
    }
    Ok(all)
}

/// Makes a share: gathers, encrypts with a fresh key, stores, and starts the link host.
pub async fn make(app: &Arc<App>, session: &Arc<Session>, ask: MakeShare) -> Result<ShareView, Problem> {
    check(session, &ask)?;
    // Nothing leaves a record that does not agree with itself.
    crate::soundness::check(session).await?;
    let (this, anywhere) = (session.clone(), ask.anywhere);
    let host = if anywhere { Some(off_thread(move || link_host(&this)).await?) } else { None };
    let base = match &host {
        Some(host) => host.base(),
        None => session.links.ensure(session).await?.base(),
    };
    let this = session.clone();
    let id = off_thread(move || store(&this, &ask, &base)).await?;
    if anywhere {
        tell_host(session).await;
    }
    app.blocking(move |session| view(session, ById { id })).await
}

fn check(session: &Session, ask: &MakeShare) -> Result<(), Problem> {
    may_share(session, ask.patient, &ask.choices, &ask.kinds)?;
    let label = ask.label.trim();
    if label.is_empty() || label.chars().count() > share::text::SHOWN_MAX {
        return Err(invalid("label"));
    }
    if ask.direct && ask.passcode.is_some() {
        return Err(Problem::new("passcode_needs_manifest", None));
    }
    if ask.minutes.is_some_and(|minutes| minutes == 0 || minutes > LONGEST_MINUTES) || ask.max_uses == Some(0) {
        return Err(invalid("limits"));
    }
    // The standard asks for an end where a reader is given the file itself: there is no manifest to refuse later.
    if ask.direct && ask.minutes.is_none() {
        return Err(invalid("minutes"));
    }
    Ok(())
}

/// May whoever is at work give something of this chart away, and is anything chosen?
pub(crate) fn may_share(session: &Session, patient: Uuid, choices: &[Uuid], kinds: &[String]) -> Result<(), Problem> {
    let patient = session.need::<Patient>(patient)?;
    if session.me.role == model::Role::Patient && patient.value.user_id.is_some_and(|user| user.uuid != session.me.user)
    {
        return Err(not_allowed());
    }
    if choices.is_empty() && kinds.is_empty() {
        return Err(Problem::new("nothing_chosen", None));
    }
    Ok(())
}

fn store(session: &Arc<Session>, ask: &MakeShare, base: &str) -> Result<Uuid, Problem> {
    let now = session.now();
    let bundle = gather(session, &Contents::chosen(ask.patient, &ask.choices, &ask.kinds), now)?;
    let manifest_id = share::link::make_id()?;
    let expires_at = ask.minutes.map(|minutes| Time::from_ms(now.ms() + i64::from(minutes) * 60_000));
    let flags = match ask.direct {
        true => Flags::direct(),
        false => Flags::manifest(ask.minutes.is_none(), ask.passcode.is_some()),
    };
    // A file that is given directly says its end itself. Where a manifest is asked for, the host alone says when it is over, so that
    // the owner can extend a share whose code is printed.
    let exp = expires_at.filter(|_| ask.direct).map(|at| at.unsigned_ms() / 1000);
    let url = format!("{base}/shl/{manifest_id}");
    let link = Link::make(&url, LinkKey::make()?, exp, flags, Some(ask.label.trim()))?;
    let jwe = jwe::encrypt(link.key(), FHIR, &bundle, true)?;
    let passcode_hash = ask.passcode.as_deref().map(tally::hash_passcode).transpose()?;
    session.write(|w| {
        let file = attach(w, ask.patient, &jwe)?;
        let token = ShareToken {
            patient_id: Id::new(ask.patient),
            records: ask.choices.clone(),
            kinds: ask.kinds.clone(),
            label: ask.label.trim().to_owned(),
            share_method: ShareMethod::QrCode,
            encrypted_token: link.to_text().to_string(),
            manifest_id,
            link_host: ask.anywhere.then(|| base.to_owned()),
            files: vec![file],
            content_at: Some(now),
            passcode_hash,
            expires_at,
            is_revoked: false,
            revoked_at: None,
            is_paused: false,
            max_access_count: ask.max_uses,
        };
        let id = w.new_id()?;
        w.append(id, ask.patient, &token)?;
        Ok(id)
    })
}

/// A share with its code.
pub fn view(session: &Arc<Session>, ask: ById) -> Result<ShareView, Problem> {
    let row = session.need::<ShareToken>(ask.id)?;
    let token = &row.value;
    let link = Link::parse(&token.encrypted_token)?;
    let text = shown_link(token, &link)?;
    let titles = token.records.iter().filter_map(|id| session.vault.get::<MedicalRecord>(*id).ok().flatten());
    Ok(ShareView {
        qr: share::qr::svg(&text)?,
        address: link.preview().host,
        reachable: reach(token, &link).to_owned(),
        at_host: token.link_host.as_ref().map(|_| hosted::is_put_up(session, &row)).transpose()?,
        titles: titles.map(|row| row.value.title).collect(),
        link: text,
        row: share_row(session, &row)?,
    })
}

/// The code as a picture for paper or a message.
pub fn png(session: &Arc<Session>, ask: ById) -> Result<Vec<u8>, Problem> {
    let token = session.need::<ShareToken>(ask.id)?.value;
    let link = Link::parse(&token.encrypted_token)?;
    Ok(share::qr::png(&shown_link(&token, &link)?, 8)?)
}

/// Takes a share back, for good.
pub fn revoke(session: &Arc<Session>, ask: ById) -> Result<ShareRow, Problem> {
    amend(session, ask.id, json!({ "is_revoked": true, "revoked_at": session.now() }))
}

/// Answers nothing for a while.
pub fn pause(session: &Arc<Session>, ask: ById) -> Result<ShareRow, Problem> {
    amend(session, ask.id, json!({ "is_paused": true }))
}

/// Answers again.
pub fn resume(session: &Arc<Session>, ask: ById) -> Result<ShareRow, Problem> {
    amend(session, ask.id, json!({ "is_paused": false }))
}

/// Gives a share more time, more openings, or both, and its code stays the same. One that was taken back, or whose passcode was
/// guessed at too often, is over for good.
pub async fn extend(app: &Arc<App>, session: &Arc<Session>, ask: ExtendShare) -> Result<ShareRow, Problem> {
    let (this, id) = (session.clone(), ask.id);
    let at_host = off_thread(move || Ok(this.need::<ShareToken>(id)?.value.link_host.is_some())).await?;
    match at_host {
        // So that what is given is given on top of what was counted there.
        true => tell_host(session).await,
        false => drop(session.links.ensure(session).await?),
    }
    app.blocking(move |session| prolong(session, &ask)).await
}

fn prolong(session: &Arc<Session>, ask: &ExtendShare) -> Result<ShareRow, Problem> {
    let row = session.need::<ShareToken>(ask.id)?;
    let state = state_of(session, &row)?;
    if state.standing == tally::Standing::Revoked || (state.passcode_hash.is_some() && state.wrong_left == 0) {
        return Err(Problem::new("share_over", None));
    }
    if ask.minutes.is_some_and(|minutes| minutes == 0 || minutes > LONGEST_MINUTES) || ask.uses == Some(0) {
        return Err(invalid("limits"));
    }
    // The end of a direct file stands in its code; readers that see it over ask no more.
    if ask.minutes.is_some() && Link::parse(&row.value.encrypted_token)?.exp().is_some() {
        return Err(Problem::new("end_in_code", None));
    }
    let mut changes = fields(json!({}));
    if let Some(minutes) = ask.minutes {
        let end = Time::from_ms(session.now().ms() + i64::from(minutes) * 60_000);
        changes.insert("expires_at".to_owned(), json!(end));
    }
    if let Some(uses) = ask.uses {
        changes.insert("max_access_count".to_owned(), json!(state.uses.saturating_add(uses)));
    }
    if changes.is_empty() {
        return Err(invalid("limits"));
    }
    session.write(|w| w.amend::<ShareToken>(ask.id, &changes))?;
    share_row(session, &session.need::<ShareToken>(ask.id)?)
}

fn amend(session: &Arc<Session>, id: Uuid, changes: serde_json::Value) -> Result<ShareRow, Problem> {
    session.need::<ShareToken>(id)?;
    session.write(|w| w.amend::<ShareToken>(id, &fields(changes)))?;
    share_row(session, &session.need::<ShareToken>(id)?)
}

/// Lines of the list.
pub fn rows(session: &Session, tokens: Vec<Row<ShareToken>>) -> Result<Vec<ShareRow>, Problem> {
    tokens.iter().map(|row| share_row(session, row)).collect()
}

fn share_row(session: &Session, row: &Row<ShareToken>) -> Result<ShareRow, Problem> {
    let token = &row.value;
    let state = state_of(session, row)?;
    let link = Link::parse(&token.encrypted_token)?;
    Ok(ShareRow {
        id: row.id,
        patient: token.patient_id.uuid,
        patient_name: patients::name_of(session, token.patient_id),
        label: token.label.clone(),
        created_at: row.created_at,
        expires_at: token.expires_at,
        uses: state.uses,
        max_uses: token.max_access_count,
        method: token.share_method,
        long_term: link.flags().long_term,
        content_at: token.content_at,
        end_in_code: link.exp().is_some(),
        over: state.standing == tally::Standing::Revoked || (state.passcode_hash.is_some() && state.wrong_left == 0),
        has_passcode: token.passcode_hash.is_some(),
        records: u32::try_from(token.records.len()).unwrap_or(u32::MAX),
        state: match state.dead(session.clock.now_ms() / 1000) {
            None => ShareState::Active,
            Some(tally::Dead::Revoked) => ShareState::Revoked,
            Some(tally::Dead::Paused) => ShareState::Paused,
            Some(tally::Dead::Expired) => ShareState::Expired,
            Some(tally::Dead::Exhausted | tally::Dead::Disabled) => ShareState::UsedUp,
        },
    })
}

/// What the rule book needs to know of a share; uses are counted from the access log, so none is ever lost.
pub fn state_of(session: &Session, row: &Row<ShareToken>) -> Result<tally::LinkState, Problem> {
    let token = &row.value;
    let count = |outcome| entries(session, row.id, outcome);
    // A host counts for itself, and what it wrote down comes later.
    let there = match token.link_host {
        Some(_) => hosted::counted(session, row.id)?,
        None => Default::default(),
    };
    let standing = match (token.is_revoked, token.is_paused) {
        (true, _) => tally::Standing::Revoked,
        (false, true) => tally::Standing::Paused,
        (false, false) => tally::Standing::Active,
    };
    Ok(tally::LinkState {
        standing,
        expires: token.expires_at.map(|at| at.unsigned_ms() / 1000),
        max_uses: token.max_access_count,
        uses: count(AccessOutcome::Granted)?.max(there.uses),
        passcode_hash: token.passcode_hash.clone(),
        wrong_left: tally::WRONG_BUDGET.saturating_sub(count(AccessOutcome::WrongPasscode)?.max(there.wrong)),
    })
}

/// How many entries of this outcome the access log of a share has.
pub fn entries(session: &Session, share: Uuid, outcome: AccessOutcome) -> Result<u32, Problem> {
    let count = session.vault.count::<AccessLog>(&of("share_token_id", share).and("outcome", outcome))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How many of these shares can be opened now.
pub fn open_ones(session: &Session, tokens: Vec<Row<ShareToken>>) -> usize {
    let live = |row: &Row<ShareToken>| is_live(session, row).unwrap_or(false);
    tokens.iter().filter(|row| live(row)).count()
}

/// Can the share be opened now, or again later without a new code?
pub fn is_live(session: &Session, row: &Row<ShareToken>) -> Result<bool, Problem> {
    Ok(state_of(session, row)?.dead(session.clock.now_ms() / 1000).is_none())
}

/// In how many open shares a document is.
pub fn open_with(session: &Session, patient: Uuid, document: Uuid) -> Result<u32, Problem> {
    let tokens = session.vault.list::<ShareToken>(&of("patient_id", patient).and("is_revoked", false))?;
    let with = tokens.into_iter().filter(|row| row.value.records.contains(&document)).collect();
    Ok(u32::try_from(open_ones(session, with)).unwrap_or(u32::MAX))
}
