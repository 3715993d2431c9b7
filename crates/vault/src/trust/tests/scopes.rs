use super::world::*;
use crate::trust::chart::{Draft, make_shared};
use crate::trust::scope_keys::MEMBERS;
use crate::trust::*;
use model::Role;
use uuid::Uuid;

const CHART: Uuid = Uuid::from_bytes([7; 16]);

fn with_chart() -> (Desk, Desk, Desk, Remote) {
    let (mut first, mut remote) = clinic();
    let mut doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let patient = first.bring(&mut remote, Some(role(Role::Patient)), &[CHART]);
    doctor.take_in(&remote);
    (first, doctor, patient, remote)
}

fn draft<'a>(follows: Vec<&'a ScopeVersion>, members: &[Member]) -> Draft<'a> {
    Draft {
        scope: CHART,
        kind: ScopeKind::Chart,
        follows,
        members: members.to_vec(),
        reason: Reason::Added,
        at_ms: NOW,
    }
}

#[test]
fn a_chart_is_opened_once_and_by_the_team() {
    let (first, doctor, patient, _) = with_chart();
    let again = open_chart(&doctor.keyring, &doctor.trust, CHART, None, NOW);
    assert!(matches!(again, Err(Error::Forbidden(_))));
    let other = Uuid::from_bytes([6; 16]);
    assert!(matches!(open_chart(&patient.keyring, &patient.trust, other, None, NOW), Err(Error::Forbidden(_))));
    // A patient's program that does not ask: the version is signed, and does not stand.
    let member = Member { who: Who::User(patient.user()), rights: Rights::ALL };
    let forged = Draft { scope: other, ..draft(Vec::new(), &[member]) };
    let objects = make_shared(&patient.keyring, &patient.trust, &forged).unwrap();
    let mut store = first.trust.clone();
    assert_eq!(store.learn_all(&objects), []);
    assert!(store.versions(other).is_empty() && store.newest(other).is_none());
}

#[test]
fn members_are_added_and_removed_by_those_who_may() {
    let (mut first, mut doctor, mut patient, mut remote) = with_chart();
    let second = first.bring(&mut remote, Some(role(Role::Patient)), &[]);
    let read = Rights::READ;
    patient.take_in(&remote);
    let shared = grant_chart_to(&patient.keyring, &patient.trust, CHART, second.user(), read, NOW);
    assert_eq!(shared.err(), Some(Error::Unknown("the key of the team")));
    doctor.take_in(&remote);
    let shared = grant_chart_to(&doctor.keyring, &doctor.trust, CHART, second.user(), read, NOW).unwrap();
    let mut second = second;
    for desk in [&mut first, &mut doctor, &mut patient, &mut second] {
        desk.take_in(&shared);
        assert!(desk.keyring.newest(CHART).is_some());
        assert_eq!(desk.trust.rights(CHART, desk.user()).has(Rights::WRITE), desk.user() != second_user(&shared, desk));
    }
    remote.extend(shared);
    let beyond = grant_chart_to(&second.keyring, &second.trust, CHART, first.user(), read, NOW);
    assert!(matches!(beyond, Err(Error::Forbidden(_))));
    let removed = remove_from_chart(&doctor.keyring, &doctor.trust, CHART, second.user(), NOW).unwrap();
    for desk in [&mut first, &mut doctor, &mut patient] {
        desk.take_in(&removed);
        assert!(desk.keyring.newest(CHART).is_some());
    }
    second.take_in(&removed);
    assert!(second.keyring.newest(CHART).is_none());
    assert_eq!(second.trust.rights(CHART, second.user()), Rights::NONE);
}

/// The user id of the desk that may only read, or nil.
fn second_user(objects: &[KeyObject], desk: &Desk) -> Uuid {
    let version = objects.iter().find_map(|object| desk.trust.versions(CHART).into_iter().find(|v| v.id == object.id));
    let only = |member: &&Member| member.rights == Rights::READ;
    match version.unwrap().members.iter().find(only).unwrap().who {
        Who::User(user) => user,
        Who::Team(_) => Uuid::nil(),
    }
}

#[test]
fn an_owner_is_not_removed_by_others() {
    let (first, doctor, patient, _) = with_chart();
    let refused = remove_from_chart(&doctor.keyring, &doctor.trust, CHART, patient.user(), NOW);
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let newest = doctor.trust.newest(CHART).unwrap();
    let team = [Member { who: Who::Team(doctor.trust.team()), rights: Rights::ALL }];
    let forged = make_shared(&doctor.keyring, &doctor.trust, &draft(vec![newest], &team)).unwrap();
    let mut store = first.trust.clone();
    assert_eq!(store.learn_all(&forged), []);
    assert_eq!(store.newest(CHART), first.trust.newest(CHART));
}

#[test]
fn a_version_by_somebody_without_the_right_does_not_stand() {
    let (mut first, doctor, patient, mut remote) = with_chart();
    let stranger = first.bring(&mut remote, Some(role(Role::Patient)), &[]);
    let newest = first.trust.newest(CHART).unwrap().clone();
    let mut members = newest.members.clone();
    members.push(Member { who: Who::User(stranger.user()), rights: Rights::READ });
    // The stranger signs; the key to seal is lent by the doctor, or it could not even be made.
    let mut lent = twin(&stranger.keyring);
    lent.scopes = twin(&doctor.keyring).scopes;
    let forged = make_shared(&lent, &first.trust, &draft(vec![&newest], &members)).unwrap();
    let before = first.trust.newest(CHART).unwrap().id;
    assert_eq!(first.trust.learn_all(&forged), []);
    assert_eq!(first.trust.newest(CHART).unwrap().id, before);
    assert_eq!(first.trust.rights(CHART, stranger.user()), Rights::NONE);
    assert!(patient.trust.rights(CHART, patient.user()).may_grant());
}

#[test]
fn versions_made_apart_are_joined_with_the_members_of_both() {
    let (mut first, mut doctor, _, mut remote) = with_chart();
    let (x, y) = (
        first.bring(&mut remote, Some(role(Role::Patient)), &[]),
        first.bring(&mut remote, Some(role(Role::Patient)), &[]),
    );
    doctor.take_in(&remote);
    let one = grant_chart_to(&first.keyring, &first.trust, CHART, x.user(), Rights::READ, NOW).unwrap();
    let two = grant_chart_to(&doctor.keyring, &doctor.trust, CHART, y.user(), Rights::READ, NOW).unwrap();
    for desk in [&mut first, &mut doctor] {
        desk.take_in(&one);
        desk.take_in(&two);
        assert_eq!(desk.trust.heads(CHART).len(), 2);
        assert_eq!(desk.trust.renewal(CHART, NOW), Some(Renewal::Joined));
    }
    assert_eq!(first.trust.newest(CHART), doctor.trust.newest(CHART));
    let joined = renew(&doctor.keyring, &doctor.trust, CHART, Reason::Renewed, NOW).unwrap();
    first.take_in(&joined);
    let newest = first.trust.newest(CHART).unwrap();
    assert_eq!((newest.v, newest.previous.len(), newest.members.len()), (3, 2, 2));
    assert_eq!(
        (first.trust.rights(CHART, x.user()), first.trust.rights(CHART, y.user())),
        (Rights::NONE, Rights::NONE)
    );
    assert_eq!(first.trust.renewal(CHART, NOW), None);
    assert_eq!(first.trust.renewal(CHART, NOW + 366 * 86_400_000), Some(Renewal::Old));
    // A joining version that brings somebody of only one side does not stand.
    let heads: Vec<_> = doctor.trust.heads(CHART).into_iter().cloned().collect();
    let mut members = newest.members.clone();
    members.push(Member { who: Who::User(x.user()), rights: Rights::READ });
    let forged = make_shared(&doctor.keyring, &doctor.trust, &draft(heads.iter().collect(), &members)).unwrap();
    doctor.take_in(&joined);
    assert_eq!(doctor.trust.learn_all(&forged), []);
    assert_eq!(doctor.trust.newest(CHART).unwrap().id, first.trust.newest(CHART).unwrap().id);
}

#[test]
fn a_scope_with_a_persons_id_is_that_persons() {
    let (first, doctor, patient, _) = with_chart();
    let team = Member { who: Who::Team(first.trust.team()), rights: Rights::ALL };
    let forged = Draft { scope: patient.user(), ..draft(Vec::new(), &[team]) };
    let objects = make_shared(&doctor.keyring, &doctor.trust, &forged).unwrap();
    let mut store = first.trust.clone();
    assert_eq!(store.learn_all(&objects), []);
    assert!(store.versions(patient.user()).iter().all(|version| version.kind == ScopeKind::User));
    for scope in [first.trust.realm(), first.trust.team()] {
        let forged = Draft { scope, ..draft(Vec::new(), &[team]) };
        let objects = make_shared(&doctor.keyring, &doctor.trust, &forged).unwrap();
        assert_eq!(first.trust.clone().learn(&objects[0]), Err(Error::Elsewhere));
    }
}

#[test]
fn members_are_bounded() {
    let (first, ..) = with_chart();
    let member = |n: usize| Member { who: Who::User(Uuid::from_u128(n as u128)), rights: Rights::READ };
    let many: Vec<_> = (0..=MEMBERS).map(member).collect();
    let made = make_shared(&first.keyring, &first.trust, &draft(Vec::new(), &many));
    assert!(matches!(made, Err(Error::TooLarge(_))));
}
