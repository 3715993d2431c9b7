//! Members, devices and invitations.

use crate::{
    Problem, Session, deletion, names, oidc,
    problem::{not_allowed, not_found},
    retention,
    views::*,
};
use model::{Role, Time, User};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;
use vault::{Admitting, Invitee, Member};

/// How long an invitation is good for, in milliseconds.
const INVITATION_MS: i64 = 10 * 60 * 1000;

/// Members and devices of the realm, as certified; names from the directory.
pub fn list(session: &Arc<Session>, _: Nothing) -> Result<PeopleView, Problem> {
    let entries: BTreeMap<_, _> =
        session.vault.list::<User>(&vault::Find::default())?.into_iter().map(|row| (row.id, row.value)).collect();
    let people = session.vault.members()?.into_iter().map(|member: Member| {
        let entry = entries.get(&member.user);
        let wish = deletion::standing(session, member.user)?;
        Ok(PersonView {
            leaves_at: wish.and_then(|wish| wish.value.purge_after),
            user: member.user,
            name: entry.map(|entry| entry.name.clone()).unwrap_or_default(),
            email: entry.and_then(|entry| entry.email.clone()),
            role: member.role,
            clinical: member.clinical,
            chart: entry.and_then(|entry| entry.patient_uuid).map(|id| id.uuid),
            managed: may_manage(session, member.role) && member.user != session.me.user,
            me: member.user == session.me.user,
        })
    });
    let this = session.device()?;
    let members = session.vault.members()?;
    let manages = |user: Uuid| members.iter().any(|member| member.user == user && may_manage(session, member.role));
    let devices = session.vault.devices()?.into_iter().map(|device| DeviceView {
        id: device.device,
        name: names::of_device(device.device),
        owner: names::of_user(session, device.user).unwrap_or_default(),
        mine: device.user == session.me.user,
        this_device: device.device == this,
        removable: device.device != this && (device.user == session.me.user || manages(device.user)),
        last_seen: device.last_seen_ms.map(Time::from_ms),
    });
    Ok(PeopleView { people: people.collect::<Result<_, Problem>>()?, devices: devices.collect() })
}

/// Whoever gives a role may take it: an admin manages doctors and patients, a super admin admins too. A super admin goes by the
/// realm's printed key alone.
fn may_manage(session: &Session, role: Role) -> bool {
    session.me.role >= Role::Admin && role < session.me.role
}

/// Makes an invitation.
pub fn invite(session: &Arc<Session>, ask: Invite) -> Result<InvitationView, Problem> {
    let invitee = invitee(session, &ask)?;
    // Whoever adds a device of their own is known.
    let card = oidc::joining::card(session, ask.outside.filter(|_| !ask.own_device))?;
    let text = session.vault.invite(invitee, &card, session.clock.now_ms())?;
    invitation_view(session, text)
}

/// An invitation as it is shown.
pub(crate) fn invitation_view(session: &Session, text: String) -> Result<InvitationView, Problem> {
    Ok(InvitationView {
        qr: share::qr::svg(&text)?,
        text,
        expires_at: Time::from_ms(session.now().ms() + INVITATION_MS),
    })
}

fn invitee(session: &Session, ask: &Invite) -> Result<Invitee, Problem> {
    if ask.own_device {
        return Ok(Invitee::OwnDevice);
    }
    let may = matches!(session.me.role, Role::Admin | Role::SuperAdmin);
    let role = ask.role.ok_or_else(|| crate::problem::invalid("role"))?;
    if !may || (role >= Role::Admin && session.me.role != Role::SuperAdmin) {
        return Err(not_allowed());
    }
    if let Some(chart) = ask.chart {
        session.need::<model::Patient>(chart)?;
    }
    // A doctor's role says it already; only of an admin it must be said besides.
    Ok(Invitee::Member { role, clinical: ask.clinical && role >= Role::Admin, chart: ask.chart })
}

/// Looks at a request that came back.
pub fn read_request(session: &Arc<Session>, ask: ReadRequest) -> Result<RequestView, Problem> {
    let seen = session.vault.read_request(&ask.request, session.clock.now_ms())?;
    let outside = oidc::carried::seen(session, &seen)?;
    let view = RequestView { own_device: false, role: None, returning: None, outside, another: seen.another };
    Ok(match seen.kind {
        Invitee::OwnDevice => RequestView { own_device: true, ..view },
        Invitee::Member { role, .. } => RequestView { role: Some(role), ..view },
        Invitee::Returning { user } => {
            RequestView { returning: Some(names::of_user(session, user).unwrap_or_default()), ..view }
        }
    })
}

/// Lets whoever asked in. The characters are typed, not confirmed, so that nobody confirms without reading.
pub fn admit(session: &Arc<Session>, ask: Admit) -> Result<AnswerView, Problem> {
    // How to reach the database travels sealed to the new device alone, never in the invitation.
    let remote = crate::syncing::remote_setting(session)?;
    let now = session.clock.now_ms();
    let seen = session.vault.read_request(&ask.request, now)?;
    let outside_checked = session.outside.is_checked(&seen.check_words);
    let with = Admitting::new(remote.as_deref().map(str::as_bytes), outside_checked);
    let answer = session.vault.admit_with(&ask.request, &ask.typed_check, &with, now)?;
    Ok(admitted(session, answer))
}

/// Somebody came in.
pub(crate) fn admitted(session: &Session, answer: String) -> AnswerView {
    session.engine.wake();
    session.ring(crate::Event::Changed { collections: vec!["users".to_owned()], ids: Vec::new(), from_remote: false });
    AnswerView { answer }
}

/// Removes a device: what it writes from here on is not accepted, and everything it could open gets new keys.
pub fn remove_device(session: &Arc<Session>, ask: ById) -> Result<PeopleView, Problem> {
    let devices = session.vault.devices()?;
    let owner = devices.iter().find(|device| device.device == ask.id).ok_or_else(not_found)?.user;
    let others = devices.iter().filter(|device| device.user == owner && device.device != ask.id);
    let keep: Vec<Uuid> = others.map(|device| device.device).collect();
    session.vault.remove_device(ask.id, &keep, session.clock.now_ms())?;
    after_change(session)
}

/// Removes a person with all their devices.
pub fn remove_person(session: &Arc<Session>, ask: ById) -> Result<PeopleView, Problem> {
    retention::refuse_custodian(session, ask.id)?;
    session.vault.remove_user(ask.id, session.clock.now_ms())?;
    after_change(session)
}

/// Gives a person another role.
pub fn change_role(session: &Arc<Session>, ask: ChangeRole) -> Result<PeopleView, Problem> {
    // A doctor's role says it already; only of an admin it must be said besides.
    let clinical = ask.clinical && ask.role >= Role::Admin;
    if ask.role == Role::Patient {
        retention::refuse_custodian(session, ask.user)?;
    }
    session.vault.change_role(ask.user, ask.role, clinical, session.clock.now_ms())?;
    after_change(session)
}

/// Begins what a change of people or keys makes due, and answers with what is there now.
pub(crate) fn after_change(session: &Arc<Session>) -> Result<PeopleView, Problem> {
    crate::rotation::start(session);
    session.engine.wake();
    session.ring(crate::Event::Changed { collections: vec!["users".to_owned()], ids: Vec::new(), from_remote: false });
    list(session, Nothing {})
}
