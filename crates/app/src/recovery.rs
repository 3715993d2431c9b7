//! Recovery by the clinic, for whoever agreed to it (security design, 6.4).

use crate::{
    Problem, Session,
    keys::root_problem,
    people::{admitted, invitation_view, list},
    problem::not_allowed,
    summary::notify,
    views::*,
};
use model::{NotificationType, Role, Time};
use std::sync::Arc;
use vault::Invitee;

/// Where it stands for the person at work.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<RecoveryView, Problem> {
    let stands = session.vault.recoverable()?;
    Ok(RecoveryView { offered: stands.offered, since: stands.since_ms.map(Time::from_unsigned_ms) })
}

/// The person at work agrees, or takes that back. All of their devices hear of it.
pub fn set(session: &Arc<Session>, ask: SetRecovery) -> Result<RecoveryView, Problem> {
    session.vault.consent_to_recovery(ask.on, session.clock.now_ms())?;
    let word = if ask.on { "recovery-on" } else { "recovery-off" };
    session.write(|w| notify(w, session, NotificationType::AccountSecurity, None, word))?;
    tell(session);
    view(session, Nothing {})
}

/// The clinic offers it, with its root key. Nobody's account comes within reach by that.
pub fn offer(session: &Arc<Session>, ask: RootKit) -> Result<RecoveryView, Problem> {
    if session.me.role == Role::Patient {
        return Err(not_allowed());
    }
    session.vault.offer_recovery(&ask.root_kit, session.clock.now_ms()).map_err(root_problem)?;
    session.engine.wake();
    tell(session);
    view(session, Nothing {})
}

/// Whom the person at work may bring back: who agreed, and whom they manage. With the root key, a head administrator too.
pub fn returning(session: &Arc<Session>, _: Nothing) -> Result<Vec<ReturnView>, Problem> {
    if session.me.role < Role::Admin {
        return Ok(Vec::new());
    }
    let mut back = Vec::new();
    for person in list(session, Nothing {})?.people {
        let within = person.managed || person.role == Role::SuperAdmin;
        if within && !person.me && session.vault.agreed_to_recovery(person.user)? {
            back.push(ReturnView { user: person.user, name: person.name, role: person.role });
        }
    }
    Ok(back)
}

/// Makes an invitation for somebody who lost everything.
pub fn invite(session: &Arc<Session>, ask: ById) -> Result<InvitationView, Problem> {
    let text = session.vault.invite(Invitee::Returning { user: ask.id }, &[], session.clock.now_ms())?;
    invitation_view(session, text)
}

/// Lets them in again, with the root key that opens what their own program wrapped for the clinic.
pub fn admit(session: &Arc<Session>, ask: AdmitAgain) -> Result<AnswerView, Problem> {
    let remote = crate::syncing::remote_setting(session)?;
    let credential = remote.as_deref().map(str::as_bytes);
    let now = session.clock.now_ms();
    let answer = session.vault.admit_again(&ask.request, &ask.typed_check, credential, &ask.root_kit, now);
    let view = admitted(session, answer.map_err(admission_problem)?);
    crate::rotation::start(session);
    Ok(view)
}

/// Of what can be wrong here, only the root key's text reads like the root key's.
fn admission_problem(error: vault::Error) -> Problem {
    match &error {
        vault::Error::Trust(vault::trust::Error::Malformed(_) | vault::trust::Error::Elsewhere) => root_problem(error),
        _ => error.into(),
    }
}

fn tell(session: &Session) {
    session.ring(crate::Event::Changed { collections: vec!["users".to_owned()], ids: Vec::new(), from_remote: false });
}
