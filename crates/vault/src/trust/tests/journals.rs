use super::world::*;
use crate::trust::journal::*;
use crate::trust::*;
use model::Role;
use std::collections::BTreeMap;
use uuid::Uuid;

fn none() -> BTreeMap<Uuid, u64> {
    BTreeMap::new()
}

/// A desk that wrote three entries, their heads, and a reader.
fn written() -> (Desk, Desk, Vec<KeyObject>, Vec<Head>) {
    let (mut writer, mut remote) = clinic();
    let reader = writer.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let mut heads = Vec::new();
    let mut entries = Vec::new();
    for part in remote.chunks(4).take(3) {
        entries.push(writer.push(part, &none()));
        heads.push(writer.head());
    }
    (writer, reader, entries, heads)
}

#[test]
fn entries_follow_one_another_from_nothing_or_from_a_floor() {
    let (_, reader, entries, heads) = written();
    let mut state = None;
    for (entry, wanted) in entries.iter().zip(&heads) {
        let (read, head) = check_entry(&reader.trust, state.as_ref(), entry).unwrap();
        assert_eq!((read.n, &head), (wanted.n, wanted));
        assert_eq!(read.writes.len(), 4);
        state = Some(head);
    }
    assert_eq!(check_entry(&reader.trust, Some(&heads[1]), &entries[2]).unwrap().1, heads[2]);
}

#[test]
fn a_gap_a_repetition_and_a_rollback_are_told_apart() {
    let (_, reader, entries, heads) = written();
    let trust = &reader.trust;
    assert_eq!(check_entry(trust, Some(&heads[0]), &entries[2]), Err(Finding::Gap { known: 1, n: 3 }));
    assert_eq!(check_entry(trust, None, &entries[1]), Err(Finding::Gap { known: 0, n: 2 }));
    assert_eq!(check_entry(trust, Some(&heads[2]), &entries[1]), Err(Finding::Old { n: 2 }));
    assert_eq!(check_entry(trust, Some(&heads[2]), &entries[2]), Err(Finding::Old { n: 3 }));
    assert_eq!(check_newest(3, 2), Err(Finding::RolledBack { known: 3, newest: 2 }));
    assert_eq!(check_newest(3, 3), Ok(()));
}

#[test]
fn a_broken_chain_and_a_fork_are_found() {
    let (writer, reader, entries, heads) = written();
    let trust = &reader.trust;
    // The same device, restored from a copy: another second entry.
    let fork = make_entry(&writer.keyring, 2, Some(&heads[0]), NOW + 5, &[], &none()).unwrap();
    assert_eq!(fork.id, entries[1].id);
    assert_eq!(check_entry(trust, Some(&heads[1]), &fork), Err(Finding::Forked { n: 2 }));
    assert_eq!(check_again(2, &entries[1], &fork), Err(Finding::Forked { n: 2 }));
    assert_eq!(check_again(2, &entries[1], &entries[1]), Ok(()));
    let (_, forked) = check_entry(trust, Some(&heads[0]), &fork).unwrap();
    assert_eq!(check_entry(trust, Some(&forked), &entries[2]), Err(Finding::ChainBroken { n: 3 }));
}

#[test]
fn an_entry_that_is_altered_moved_or_anothers_is_invalid() {
    let (writer, reader, entries, heads) = written();
    let trust = &reader.trust;
    for bit in (0..entries[1].bytes.len() * 8).filter(|bit| bit % 13 == 0) {
        let mut altered = entries[1].clone();
        altered.bytes[bit / 8] ^= 1 << (bit % 8);
        let result = check_entry(trust, Some(&heads[0]), &altered);
        assert!(matches!(result, Err(Finding::Invalid(_) | Finding::UnknownDevice)), "bit {bit} {result:?}");
    }
    let moved = KeyObject { id: journal_id(writer.keyring.device(), 7), ..entries[1].clone() };
    assert_eq!(check_entry(trust, Some(&heads[0]), &moved), Err(Finding::Invalid(Error::Elsewhere)));
    let realm = KeyObject { scope: Uuid::nil(), ..entries[1].clone() };
    assert_eq!(check_entry(trust, Some(&heads[0]), &realm), Err(Finding::Invalid(Error::Elsewhere)));
    let other = Head { device: reader.keyring.device(), ..heads[0].clone() };
    assert_eq!(check_entry(trust, Some(&other), &entries[1]), Err(Finding::Invalid(Error::Elsewhere)));
    let (_, foreign) = foreign_clinic();
    let empty = Trust::new(*trust.root_public());
    assert_eq!(check_entry(&empty, Some(&heads[0]), &entries[1]), Err(Finding::UnknownDevice));
    assert!(matches!(check_entry(trust, None, &foreign[0]), Err(Finding::Invalid(_))));
    // A person's key keeps no journal, and no other signed thing is an entry.
    let signed = writer.keyring.sign_as_user("journal", Vec::new());
    let as_person = KeyObject { bytes: signed.to_bytes(), ..entries[1].clone() };
    assert!(matches!(check_entry(trust, Some(&heads[0]), &as_person), Err(Finding::Invalid(Error::Forbidden(_)))));
}

#[test]
fn the_time_of_an_entry_must_be_within_the_certificates() {
    let (writer, reader, _, heads) = written();
    for at in [NOW - 2 * 3_600_000, NOW + 401 * 86_400_000] {
        let entry = make_entry(&writer.keyring, 4, Some(&heads[2]), at, &[], &none()).unwrap();
        assert_eq!(check_entry(&reader.trust, Some(&heads[2]), &entry), Err(Finding::Expired));
    }
}

#[test]
fn what_this_device_and_others_know_is_compared() {
    assert_eq!(check_own(4, 4), Ok(()));
    assert_eq!(check_own(4, 6), Err(Finding::OwnAhead { local: 4, remote: 6 }));
    let (mut writer, reader, ..) = written();
    let other = reader.keyring.device();
    let entry = writer.push(&[], &BTreeMap::from([(other, 5)]));
    let (entry, _) = read_entry(&reader.trust, &entry).unwrap();
    assert_eq!(check_seen(&entry, &BTreeMap::from([(other, 5)])), []);
    let withheld = |known| vec![Finding::TailWithheld { device: other, seen: 5, known }];
    assert_eq!(check_seen(&entry, &BTreeMap::from([(other, 3)])), withheld(3));
    assert_eq!(check_seen(&entry, &none()), withheld(0));
}

#[test]
fn a_document_is_compared_with_its_entry() {
    let (writer, reader, entries, _) = written();
    let (entry, _) = read_entry(&reader.trust, &entries[0]).unwrap();
    let write = &entry.writes[0];
    let object = writer.trust.object(write.id).unwrap();
    let digest = object_digest(object, write.stamp).unwrap();
    assert_eq!(check_document(Some(&write.digest), &digest), Ok(()));
    assert_eq!(check_document(Some(&[0; 32]), &digest), Err(Finding::Altered));
    assert_eq!(check_document(None, &digest), Err(Finding::Uncovered));
}

#[test]
fn a_week_without_news_is_a_finding() {
    assert_eq!(check_news(NOW, NOW + SILENCE_MS), Ok(()));
    assert_eq!(check_news(NOW, NOW + SILENCE_MS + 1), Err(Finding::Silent { since_ms: NOW }));
    assert_eq!(check_news(NOW, NOW - 1), Ok(()));
}

#[test]
fn entries_are_bounded_and_in_sequence() {
    let (writer, _, _, heads) = written();
    let write = Write { collection: "patients".into(), id: Uuid::nil(), stamp: writer.stamp(NOW), digest: [0; 32] };
    let many = vec![write; WRITES_MAX + 1];
    let make = |n, previous, writes: &[Write]| make_entry(&writer.keyring, n, previous, NOW, writes, &none());
    assert!(matches!(make(4, Some(&heads[2]), &many), Err(Error::TooLarge(_))));
    assert!(make(4, Some(&heads[2]), &many[1..]).is_ok());
    for (n, previous) in [(4, None), (0, None), (3, Some(&heads[2])), (5, Some(&heads[2]))] {
        assert!(matches!(make(n, previous, &[]), Err(Error::Malformed(_))));
    }
}
