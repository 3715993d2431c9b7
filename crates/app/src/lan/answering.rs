//! One request for a share: found, judged, answered, written down.

use super::{hosted, token};
use crate::{Problem, Session, session::off_thread, shares};
use model::{AccessLog, AccessOutcome, AccessPlace, Id, NotificationType, ShareToken};
use share::{
    serve::{Answer, Asked, HostedFile},
    tally::{self, Dead, Decision, Passcode},
};
use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};
use uuid::Uuid;
use vault::Row;

/// How long refusals are gathered before they are written down together. Written one by one, they would hold up the next request, and
/// so tell a dead link from one that never was by the time it takes.
const GATHERED: Duration = Duration::from_secs(1);
/// The most refusals that are gathered; whoever is refused more often in a second is not worth a line each.
const GATHERED_MAX: usize = 256;

/// A refused opening that is still to be written down.
pub(super) struct Refused {
    scope: Uuid,
    log: AccessLog,
}

/// Finds the link, compares the passcode if it lives and has one, then decides.
pub(super) async fn answer(
    session: &Arc<Session>,
    manifest_id: &str,
    asked: &Asked,
    direct: bool,
) -> Result<Answer<Vec<HostedFile>>, Problem> {
    let (this, id, who) = (session.clone(), manifest_id.to_owned(), asked.clone());
    let (row, hash) = match off_thread(move || find(&this, &id, &who, direct)).await? {
        Found::Gone => return Ok(Answer::Gone),
        Found::Living { row, hash: None } => return settle(session, row, asked, Passcode::Missing).await,
        Found::Living { row, hash: Some(hash) } => (row, hash),
    };
    let place = session.links.hashing.acquire().await.map_err(|error| Problem::said("internal", &error))?;
    let given = asked.passcode.clone();
    let passcode =
        off_thread(move || Ok(tally::check_passcode(&hash, given.as_ref().map(|text| text.as_str()))?)).await?;
    drop(place);
    settle(session, row, asked, passcode).await
}

/// What a look at the links found.
enum Found {
    /// Nothing that answers.
    Gone,
    /// A link that lives, with the hash of its passcode.
    Living { row: Uuid, hash: Option<String> },
}

/// The same work whether the link is there, dead or unknown: from outside they are not told apart by the time they take. What was
/// refused is written down after the answer.
fn find(session: &Arc<Session>, manifest_id: &str, asked: &Asked, direct: bool) -> Result<Found, Problem> {
    let found = token(session, manifest_id)?;
    let Some(row) = found else {
        shares::entries(session, Uuid::nil(), AccessOutcome::Granted)?;
        shares::entries(session, Uuid::nil(), AccessOutcome::WrongPasscode)?;
        return Ok(Found::Gone);
    };
    let state = shares::state_of(session, &row)?;
    if share::Link::parse(&row.value.encrypted_token)?.flags().direct != direct {
        return Ok(Found::Gone);
    }
    if let Some(why) = state.dead(session.clock.now_ms() / 1000) {
        gather(session, &row, asked, refused(why));
        return Ok(Found::Gone);
    }
    Ok(Found::Living { row: row.id, hash: row.value.passcode_hash })
}

/// Why a link answers nothing, as the access log says it.
pub(crate) fn refused(why: Dead) -> AccessOutcome {
    match why {
        Dead::Expired => AccessOutcome::Expired,
        Dead::Exhausted | Dead::Disabled => AccessOutcome::UsedUp,
        Dead::Revoked | Dead::Paused => AccessOutcome::Revoked,
    }
}

async fn settle(
    session: &Arc<Session>,
    row: Uuid,
    asked: &Asked,
    passcode: Passcode,
) -> Result<Answer<Vec<HostedFile>>, Problem> {
    let (this, asked) = (session.clone(), asked.clone());
    off_thread(move || decide(&this, row, &asked, passcode)).await
}

/// Decides one request and writes it down, in one step.
fn decide(
    session: &Arc<Session>,
    row: Uuid,
    asked: &Asked,
    passcode: Passcode,
) -> Result<Answer<Vec<HostedFile>>, Problem> {
    let _one_at_a_time = session.links.gate.lock().unwrap_or_else(PoisonError::into_inner);
    let row = session.need::<ShareToken>(row)?;
    let mut state = shares::state_of(session, &row)?;
    Ok(match tally::decide(&mut state, session.clock.now_ms() / 1000, passcode) {
        Decision::Serve => {
            let row = shares::bring_up_to_date(session, row)?;
            // Read before it is counted: what cannot be given is no opening.
            let files = hosted(session, &row)?;
            write_down(session, &row, asked, AccessOutcome::Granted)?;
            Answer::Give(files)
        }
        Decision::WrongPasscode { remaining } => {
            if passcode == Passcode::Wrong {
                write_down(session, &row, asked, AccessOutcome::WrongPasscode)?;
            }
            Answer::WrongPasscode { remaining }
        }
        Decision::Gone(why) => {
            write_down(session, &row, asked, refused(why))?;
            Answer::Gone
        }
    })
}

fn write_down(
    session: &Arc<Session>,
    row: &Row<ShareToken>,
    asked: &Asked,
    outcome: AccessOutcome,
) -> Result<(), Problem> {
    let log = entry(session, row, asked, outcome);
    session.write(|w| {
        let id: Uuid = w.new_id()?;
        w.append(id, row.scope, &log)?;
        if outcome == AccessOutcome::Granted {
            let about = Some(row.value.patient_id.uuid);
            crate::summary::notify(w, session, NotificationType::ShareAccessed, about, &asked.recipient)?;
        }
        Ok(())
    })
}

/// Keeps a refusal until it is written down with others.
fn gather(session: &Arc<Session>, row: &Row<ShareToken>, asked: &Asked, outcome: AccessOutcome) {
    let log = entry(session, row, asked, outcome);
    let mut gathered = session.links.refused.lock().unwrap_or_else(PoisonError::into_inner);
    if gathered.len() >= GATHERED_MAX {
        return;
    }
    gathered.push(Refused { scope: row.scope, log });
    if gathered.len() > 1 {
        return;
    }
    let session = Arc::downgrade(session);
    tokio::spawn(async move {
        tokio::time::sleep(GATHERED).await;
        if let Some(session) = session.upgrade() {
            write_refused(&session).await;
        }
    });
}

/// Writes down what was gathered, in one transaction.
pub(super) async fn write_refused(session: &Arc<Session>) {
    let gathered = std::mem::take(&mut *session.links.refused.lock().unwrap_or_else(PoisonError::into_inner));
    if gathered.is_empty() {
        return;
    }
    let session = session.clone();
    let written = off_thread(move || {
        session.write(|w| {
            gathered.iter().try_for_each(|one| {
                let id: Uuid = w.new_id()?;
                w.append(id, one.scope, &one.log)
            })
        })
    });
    if let Err(problem) = written.await {
        tracing::warn!(code = problem.code, "refused openings were not written down");
    }
}

fn entry(session: &Session, row: &Row<ShareToken>, asked: &Asked, outcome: AccessOutcome) -> AccessLog {
    let token = &row.value;
    AccessLog {
        share_token_id: Some(Id::new(row.id)),
        doctor_id: None,
        recipient: Some(asked.recipient.clone()),
        patient_id: token.patient_id,
        accessed_records: if outcome == AccessOutcome::Granted { token.records.clone() } else { Vec::new() },
        accessed_at: session.now(),
        ip_address: asked.address.map(|ip| ip.to_string()),
        user_agent: asked.user_agent.clone(),
        place: AccessPlace::ThisDevice,
        outcome,
        reason: None,
        until: None,
    }
}
