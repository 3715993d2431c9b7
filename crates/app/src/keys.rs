//! New keys and a new kit for the person at work, and certifying those of others (security design, 10.4).

use crate::{
    Problem, Session,
    lock::{check_passphrase, papers_view},
    names,
    people::{after_change, list},
    quick,
    views::*,
};
use model::{Role, Time};
use std::sync::Arc;

/// Where this person's keys stand.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<KeysView, Problem> {
    let keys = session.vault.own_keys()?;
    Ok(KeysView {
        version: keys.version,
        since: keys.since_ms.map(Time::from_unsigned_ms),
        known_elsewhere: keys.known_elsewhere,
        by_root: session.me.role == Role::SuperAdmin,
        asked: keys
            .asked
            .map(|asked| AskedView { check_words: asked.check_words, at: Time::from_unsigned_ms(asked.at_ms) }),
    })
}

/// Draws new keys and a new kit, and asks for a certificate. The kit is shown now and never again.
pub fn begin(session: &Arc<Session>, ask: NewKeys) -> Result<PapersView, Problem> {
    let name = names::of_user(session, session.me.user).unwrap_or_default();
    check_passphrase(&ask.passphrase, &[&name])?;
    let papers = session.vault.ask_new_keys(&ask.passphrase, session.clock.now_ms())?;
    session.engine.wake();
    papers_view(papers)
}

/// Certifies the keys that the person at work asked for, with the realm's root key: nobody else may, for a super administrator.
pub fn certify_own(session: &Arc<Session>, ask: RootKit) -> Result<KeysView, Problem> {
    session.vault.certify_own_keys(&ask.root_kit, session.clock.now_ms()).map_err(root_problem)?;
    finish(session)?;
    session.engine.wake();
    view(session, Nothing {})
}

/// Who asks for new keys, as far as this person may certify them.
pub fn requests(session: &Arc<Session>, _: Nothing) -> Result<Vec<KeyRequestView>, Problem> {
    let managed = list(session, Nothing {})?.people.into_iter().filter(|person| person.managed);
    let asked = session.vault.key_requests()?;
    let of = |person: PersonView| {
        let request = asked.iter().find(|request| request.user == person.user)?;
        Some(KeyRequestView {
            request: request.request,
            name: person.name,
            role: person.role,
            at: Time::from_unsigned_ms(request.at_ms),
        })
    };
    Ok(managed.filter_map(of).collect())
}

/// Certifies the keys that another person asked for, once the characters that they read out agree.
pub fn certify(session: &Arc<Session>, ask: CertifyKeys) -> Result<PeopleView, Problem> {
    session.vault.certify_keys(ask.request, &ask.typed_check, session.clock.now_ms())?;
    after_change(session)
}

/// A super administrator is removed or made, with the realm's root key.
pub fn use_root(session: &Arc<Session>, ask: UseRoot) -> Result<PeopleView, Problem> {
    let (vault, now) = (&session.vault, session.clock.now_ms());
    if ask.act == RootAct::RemoveHead {
        crate::retention::refuse_custodian(session, ask.user)?;
    }
    let outcome = match ask.act {
        RootAct::RemoveHead => vault.remove_head(ask.user, &ask.root_kit, now),
        RootAct::MakeHead => vault.make_head(ask.user, &ask.root_kit, now),
    };
    outcome.map_err(root_problem)?;
    after_change(session)
}

/// The root key has sentences of its own: what is wrong with it is not what is wrong with an invitation.
pub(crate) fn root_problem(error: vault::Error) -> Problem {
    use vault::trust::Error as E;
    match &error {
        vault::Error::Trust(E::Malformed(_) | E::TooLarge(_)) => Problem::said("root_kit_unreadable", &error),
        vault::Error::Trust(E::Elsewhere) => Problem::said("wrong_root_kit", &error),
        vault::Error::Trust(E::Forbidden(_)) => Problem::said("root_refuses", &error),
        vault::Error::Trust(E::Unknown(_)) => Problem::said("not_found", &error),
        _ => error.into(),
    }
}

/// Takes over new keys as far as they are here; the charts that the earlier ones may open get new keys too.
pub(crate) fn finish(session: &Arc<Session>) -> Result<(), Problem> {
    if !session.vault.has_unfinished_keys()? {
        return Ok(());
    }
    // A PIN holds the earlier root.
    quick::forget(session.vault.folder())?;
    if session.vault.finish_new_keys(&session.safe)? {
        crate::rotation::start(session);
        session.ring(crate::Event::Changed {
            collections: vec!["users".to_owned()],
            ids: Vec::new(),
            from_remote: true,
        });
    }
    Ok(())
}
