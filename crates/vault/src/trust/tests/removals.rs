use super::world::*;
use crate::trust::certificate::DeviceKeys;
use crate::trust::found::{DeviceSecrets, read_root_kit};
use crate::trust::*;
use model::Role;
use std::collections::BTreeMap;
use uuid::Uuid;

fn none() -> BTreeMap<Uuid, u64> {
    BTreeMap::new()
}

#[test]
fn a_removed_persons_later_entries_are_quarantined_whatever_they_claim() {
    let (mut first, mut remote) = clinic();
    let mut doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let entries = [doctor.push(&[], &none()), doctor.push(&[], &none())];
    let mark = doctor.head();
    let later = doctor.push(&[], &none());
    let removal =
        remove::remove_user(&first.keyring, &first.trust, doctor.user(), std::slice::from_ref(&mark), NOW).unwrap();
    first.take_in(std::slice::from_ref(&removal));
    assert_eq!(first.trust.role_of(doctor.user()), None);
    assert_eq!(first.trust.upto(doctor.keyring.device()), Some((2, Some(mark.hash))));
    let (_, head) = check_entry(&first.trust, None, &entries[0]).unwrap();
    assert_eq!(check_entry(&first.trust, Some(&head), &entries[1]).unwrap().1, mark);
    assert_eq!(check_entry(&first.trust, Some(&mark), &later), Err(Finding::AfterRemoval { n: 3, upto: 2 }));
    let back_dated = make_entry(&doctor.keyring, 3, Some(&mark), NOW - 1_800_000, &[], &none()).unwrap();
    assert_eq!(check_entry(&first.trust, Some(&mark), &back_dated), Err(Finding::AfterRemoval { n: 3, upto: 2 }));
    // Another entry at the mark than the one that was recorded.
    let forked = make_entry(&doctor.keyring, 2, Some(&head), NOW, &[], &none()).unwrap();
    let twin = make_entry(&doctor.keyring, 2, Some(&head), NOW + 1, &[], &none()).unwrap();
    assert_eq!(check_entry(&first.trust, Some(&head), &twin), Err(Finding::Forked { n: 2 }));
    assert_eq!(forked, entries[1]);
}

#[test]
fn what_a_removed_admin_signed_counts_up_to_the_mark() {
    let (mut first, mut remote) = clinic();
    let mut admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let doctor = admin.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let certificate = admin.trust.object(doctor.keyring.user_certificate()).unwrap().clone();
    let before = admin.push(std::slice::from_ref(&certificate), &none());
    let mark = admin.head();
    let accomplice = admin.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let forged = admin.trust.object(accomplice.keyring.user_certificate()).unwrap().clone();
    let after = admin.push(std::slice::from_ref(&forged), &none());
    first.take_in(&remote);
    assert!(first.trust.role_of(accomplice.user()).is_some());
    let removal = remove::remove_user(&first.keyring, &first.trust, admin.user(), &[mark], NOW).unwrap();
    first.take_in(&[removal]);
    // Nothing says yet which entry covers which object.
    assert_eq!((first.trust.role_of(doctor.user()), first.trust.role_of(accomplice.user())), (None, None));
    place(&mut first.trust, &before);
    place(&mut first.trust, &after);
    assert_eq!(first.trust.role_of(doctor.user()), Some(role(Role::Doctor)));
    assert_eq!(first.trust.role_of(accomplice.user()), None);
    assert!(first.trust.device(accomplice.keyring.device()).is_none());
}

#[test]
fn entries_after_a_removal_count_when_somebody_who_may_says_so() {
    let (mut first, mut remote) = clinic();
    let mut doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let other = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let device = doctor.keyring.device();
    doctor.push(&[], &none());
    let mark = doctor.head();
    let (late, head) = (doctor.push(&[], &none()), doctor.head());
    let (later, last) = (doctor.push(&[], &none()), doctor.head());
    let remove = |desk: &Desk| {
        remove::remove_user(&desk.keyring, &desk.trust, doctor.user(), std::slice::from_ref(&mark), NOW).unwrap()
    };
    let removal = remove(&first);
    first.take_in(&[removal]);
    let may = |desk: &Desk, trust: &Trust| readmission::readmit(&desk.keyring, trust, &last, NOW);
    assert!(matches!(may(&other, &first.trust), Err(Error::Forbidden(_))));
    // The removed doctor's program asks nobody.
    let own = may(&doctor, &first.trust).unwrap();
    first.take_in(&[own]);
    assert_eq!(first.trust.upto(device), Some((1, Some(mark.hash))));

    let let_in = readmission::readmit(&first.keyring, &first.trust, &head, NOW).unwrap();
    first.take_in(&[let_in]);
    assert_eq!(first.trust.upto(device), Some((2, Some(head.hash))));
    assert_eq!(check_entry(&first.trust, Some(&mark), &late).unwrap().1, head);
    assert_eq!(check_entry(&first.trust, Some(&head), &later), Err(Finding::AfterRemoval { n: 3, upto: 2 }));
    // Another entry under the number that was let in.
    let twin = make_entry(&doctor.keyring, 2, Some(&mark), NOW + 1, &[], &none()).unwrap();
    assert_eq!(check_entry(&first.trust, Some(&mark), &twin), Err(Finding::Forked { n: 2 }));
    // Whoever removes again stops it again.
    let again = remove::remove_user(&first.keyring, &first.trust, doctor.user(), &[mark], NOW + 1).unwrap();
    first.take_in(&[again]);
    assert_eq!(first.trust.upto(device).map(|(n, _)| n), Some(1));
}

#[test]
fn what_a_readmitted_entry_certified_stays_shut_out() {
    let (mut first, mut remote) = clinic();
    let mut admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    admin.push(&[], &none());
    let mark = admin.head();
    let accomplice = admin.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let forged = admin.trust.object(accomplice.keyring.user_certificate()).unwrap().clone();
    let (entry, head) = (admin.push(std::slice::from_ref(&forged), &none()), admin.head());
    first.take_in(&remote);
    let removal = remove::remove_user(&first.keyring, &first.trust, admin.user(), &[mark], NOW).unwrap();
    first.take_in(&[removal]);
    let position = Position { device: admin.keyring.device(), n: head.n };
    let certificate = admin.keyring.user_certificate();
    assert!(!first.trust.signature_counts(certificate, &[position]));
    let let_in = readmission::readmit(&first.keyring, &first.trust, &head, NOW).unwrap();
    first.take_in(&[let_in]);
    place(&mut first.trust, &entry);
    assert!(first.trust.signature_counts(certificate, &[position]), "a document counts");
    assert_eq!(first.trust.role_of(accomplice.user()), None);
}

#[test]
fn only_those_above_remove_and_oneself_ones_devices() {
    let (mut first, mut remote) = clinic();
    let mut admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let mut doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    admin.take_in(&remote);
    let try_user = |desk: &Desk, user| remove::remove_user(&desk.keyring, &desk.trust, user, &[], NOW);
    for (desk, user) in
        [(&doctor, admin.user()), (&doctor, first.user()), (&admin, first.user()), (&first, first.user())]
    {
        assert!(matches!(try_user(desk, user), Err(Error::Forbidden(_))));
    }
    // A program that does not ask signs one all the same: it is held and has no effect.
    let forged = Revocation {
        id: Uuid::nil(),
        issuer: Uuid::nil(),
        subject: first.user(),
        upto: Vec::new(),
        keep: Vec::new(),
        version: 1,
        at_ms: NOW,
    };
    for subject in [first.user(), first.keyring.device(), admin.user(), admin.keyring.device()] {
        let forged = doctor.keyring.issuer().revoke(Revocation { subject, ..forged.clone() }).unwrap();
        first.take_in(&[forged]);
        assert!(!first.trust.is_removed(subject));
    }
    let phone = doctor.bring(&mut remote, None, &[]);
    let own = remove::remove_device(&doctor.keyring, &doctor.trust, phone.keyring.device(), &[], &[], NOW).unwrap();
    doctor.take_in(std::slice::from_ref(&own));
    assert!(doctor.trust.is_removed(phone.keyring.device()) && !doctor.trust.is_removed(doctor.user()));
    assert!(try_user(&admin, doctor.user()).is_ok());
}

#[test]
fn a_thief_of_a_device_certifies_no_further_one() {
    let (mut first, mut remote) = clinic();
    let mut stolen = first.bring(&mut remote, None, &[]);
    let kept = first.keyring.device();
    let mark = {
        stolen.push(&[], &none());
        stolen.head()
    };
    // The thief knows the person's root, and makes a device whose journal begins with its own certificate.
    let secrets = DeviceSecrets::make().unwrap();
    let claim = DeviceKeys::claim(first.keyring.realm(), first.user(), &secrets.signer, secrets.agreement.public());
    let planted = stolen.keyring.issuer().certify_device(1, claim, NOW).unwrap();
    let device = secrets.id();
    stolen.take_in(std::slice::from_ref(&planted));
    let after = stolen.push(std::slice::from_ref(&planted), &none());
    first.take_in(std::slice::from_ref(&planted));
    assert!(first.trust.device(device).is_some());

    let removal =
        remove::remove_device(&first.keyring, &first.trust, stolen.keyring.device(), &[mark], &[kept], NOW).unwrap();
    first.take_own(std::slice::from_ref(&removal));
    place(&mut first.trust, &after);
    first.trust.place(&Entry {
        device,
        n: 1,
        previous: [0; 32],
        at_ms: NOW,
        seen: none(),
        writes: vec![Write { collection: "certs".into(), id: planted.id, stamp: first.stamp(NOW), digest: [0; 32] }],
    });
    assert!(first.trust.device(device).is_none());
    assert!(first.trust.device(kept).is_some());
    // That the thief removes the planted device, with a generous mark, does not bring it back.
    let generous = Revocation {
        id: Uuid::nil(),
        issuer: Uuid::nil(),
        subject: device,
        keep: vec![device, kept],
        version: 1,
        at_ms: NOW,
        upto: vec![Head { device, n: 1 << 40, hash: [0; 32] }],
    };
    first.take_in(&[stolen.keyring.issuer().revoke(generous).unwrap()]);
    assert!(first.trust.device(device).is_none());
    // The person's next device comes in through the one they kept; others wait for the entry that says so.
    let mut reader = first.trust.clone();
    let known = remote.len();
    let next = first.bring(&mut remote, None, &[]).keyring.device();
    assert!(first.trust.device(next).is_some());
    assert_eq!(reader.learn_all(&remote), []);
    assert!(reader.device(next).is_none());
    let entry = first.push(&remote[known..], &none());
    place(&mut reader, &entry);
    assert!(reader.device(next).is_some());
}

#[test]
fn after_a_removal_the_new_key_is_not_for_the_removed() {
    let (mut first, mut remote) = clinic();
    let mut doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let mut other = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let removal = remove::remove_user(&first.keyring, &first.trust, doctor.user(), &[], NOW + 1).unwrap();
    first.take_in(std::slice::from_ref(&removal));
    let mut renewed = vec![removal];
    for scope in [first.trust.realm(), first.trust.team()] {
        assert_eq!(first.trust.renewal(scope, NOW), Some(Renewal::Removed));
        let objects = renew(&first.keyring, &first.trust, scope, Reason::Removed, NOW + 2).unwrap();
        first.take_own(&objects);
        assert_eq!(first.trust.renewal(scope, NOW), None);
        renewed.extend(objects);
    }
    other.take_in(&renewed);
    let place = BodyPlace { collection: "users", id: Uuid::nil(), scope: first.trust.team(), stamp: first.stamp(NOW) };
    let sealed = first.keyring.seal_body(&place, b"after").unwrap();
    assert_eq!(*other.keyring.open_body(&place, &sealed).unwrap(), b"after");
    assert_eq!(doctor.trust.learn_all(&renewed), []);
    let opened = doctor.keyring.learn(&doctor.trust, &renewed).unwrap();
    assert!(opened.scopes.is_empty());
    assert!(doctor.keyring.open_body(&place, &sealed).is_err());
    assert!(first.trust.members(first.trust.team()).iter().all(|(user, _)| *user != doctor.user()));
}

#[test]
fn a_lowered_role_limits_what_was_signed_before() {
    let (mut first, mut remote) = clinic();
    let mut admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    admin.push(&[], &none());
    let device = admin.keyring.device();
    let old = admin.keyring.user_certificate();
    let lower =
        remove::change_role(&first.keyring, &first.trust, admin.user(), role(Role::Doctor), &[admin.head()], NOW)
            .unwrap();
    first.take_in(std::slice::from_ref(&lower));
    assert_eq!(first.trust.role_of(admin.user()), Some(role(Role::Doctor)));
    let at = |n| [Position { device, n }];
    assert!(first.trust.signature_counts(old, &at(1)));
    assert!(!first.trust.signature_counts(old, &at(2)));
    assert!(!first.trust.signature_counts(old, &[]));
    assert!(first.trust.signature_counts(lower.id, &[]));
    admin.take_in(std::slice::from_ref(&lower));
    assert_eq!(admin.keyring.user_certificate(), lower.id);
    let renewed = remove::renew_user(&first.keyring, &first.trust, admin.user(), NOW).unwrap();
    first.take_in(&[renewed]);
    assert!(first.trust.signature_counts(lower.id, &[]));
}

#[test]
fn a_role_that_somebody_higher_gave_is_not_changed_from_below() {
    let (mut first, mut remote) = clinic();
    let admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let user = doctor.user();
    let mut admin = admin;
    admin.take_in(&remote);
    let change = |desk: &Desk, to: Role| remove::change_role(&desk.keyring, &desk.trust, user, role(to), &[], NOW);
    assert_eq!(change(&admin, Role::Patient).err(), Some(Error::Overruled), "a super admin certified the doctor");
    assert_eq!(admin.trust.role_of(user), Some(role(Role::Doctor)));
    let lowered = change(&first, Role::Patient).unwrap();
    first.take_in(&[lowered]);
    assert_eq!(first.trust.role_of(user), Some(role(Role::Patient)));
    // Whom the admin brought in themself they manage.
    let own = admin.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let mine = remove::change_role(&admin.keyring, &admin.trust, own.user(), role(Role::Patient), &[], NOW).unwrap();
    admin.take_in(&[mine]);
    assert_eq!(admin.trust.role_of(own.user()), Some(role(Role::Patient)));
}

#[test]
fn the_root_on_paper_removes_a_super_admin() {
    let founding = found(Founder::Clinic, COST, PASSPHRASE, NOW).unwrap();
    let mut trust = founding.trust;
    let root = read_root_kit(&trust, &founding.root_kit).unwrap();
    let removal = remove::remove_user_as(Issuer::root(founding.realm, &root), &trust, founding.user, &[], NOW).unwrap();
    assert!(trust.learn(&removal).is_ok());
    assert!(trust.is_removed(founding.user));
    assert!(trust.users().is_empty());
}

#[test]
fn a_device_certificate_is_renewed() {
    let (mut first, _) = clinic();
    let before = first.keyring.device_certificate();
    let renewed = remove::renew_device(&first.keyring, &first.trust, NOW + 86_400_000).unwrap();
    first.take_in(std::slice::from_ref(&renewed));
    assert_eq!(first.trust.device(first.keyring.device()).unwrap().id, renewed.id);
    assert_ne!(before, renewed.id);
    assert_eq!(first.keyring.device_certificate(), renewed.id);
}
