use super::world::*;
use crate::trust::*;
use model::Role;
use std::collections::BTreeMap;
use uuid::Uuid;

#[test]
fn the_order_of_arrival_changes_nothing() {
    let (mut first, mut remote) = clinic();
    let none = BTreeMap::new();
    let doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let laptop = first.bring(&mut remote, None, &[]);
    let chart = Uuid::from_bytes([8; 16]);
    let opened = open_chart(&first.keyring, &first.trust, chart, None, NOW).unwrap();
    first.take_own(&opened);
    remote.extend(opened);
    first.bring(&mut remote, Some(role(Role::Patient)), &[chart]);
    let covered = remote.clone();
    let entry = first.push(&covered, &none);
    let gone = remove::remove_user(&first.keyring, &first.trust, doctor.user(), &[], NOW + 1).unwrap();
    let lost = laptop.keyring.device();
    let lost =
        remove::remove_device(&first.keyring, &first.trust, lost, &[], &[first.keyring.device()], NOW + 1).unwrap();
    let marks = [first.head()];
    let lower =
        remove::change_role(&first.keyring, &first.trust, admin.user(), role(Role::Doctor), &marks, NOW + 1).unwrap();
    remote.extend([gone, lost, lower]);
    first.take_in(&remote);
    place(&mut first.trust, &entry);
    let renewed = renew(&first.keyring, &first.trust, chart, Reason::Removed, NOW + 2).unwrap();
    first.take_own(&renewed);
    remote.extend(renewed);
    let second = first.push(&remote[covered.len()..], &none);
    place(&mut first.trust, &second);
    let wanted = snapshot(&first.trust);
    assert!(first.trust.role_of(doctor.user()).is_none() && first.trust.is_removed(laptop.keyring.device()));
    assert_eq!(first.trust.role_of(admin.user()), Some(role(Role::Doctor)));

    for seed in 0..40 {
        let mut shuffled = remote.clone();
        shuffle(&mut shuffled, seed);
        let mut trust = Trust::new(*first.trust.root_public());
        assert_eq!(trust.learn_all(&shuffled), [], "seed {seed}");
        assert_eq!(trust.learn_all(&shuffled), []);
        let mut entries = [&entry, &second];
        shuffle(&mut entries, seed);
        entries.into_iter().for_each(|entry| place(&mut trust, entry));
        assert_eq!(trust.waiting(), 0);
        assert_eq!(snapshot(&trust), wanted, "seed {seed}");
    }
}

#[test]
fn what_waits_says_for_what_and_comes_in_together() {
    let (mut first, mut remote) = clinic();
    first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let mut trust = Trust::new(*first.trust.root_public());
    let certs = of(&remote, object::CERTS);
    let (root_signed, rest) = certs.split_first().unwrap();
    for object in rest {
        assert!(matches!(trust.learn(object), Ok(Learned::Waiting(_))));
        assert!(matches!(trust.learn(object), Ok(Learned::Waiting(_))));
    }
    assert_eq!(trust.waiting(), rest.len());
    let Ok(Learned::Added(added)) = trust.learn(root_signed) else { panic!("all of them") };
    assert_eq!((added.len(), trust.waiting()), (certs.len(), 0));
    assert_eq!(trust.learn(root_signed), Ok(Learned::Known));
}
