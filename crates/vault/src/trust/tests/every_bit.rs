//! Of one object of each signed kind, of a journal entry and of the texts of an enrolment, every single bit is flipped, every
//! length cut, and something put behind.

use super::world::*;
use crate::trust::object::{CERTS, SCOPE_KEYS, content_id};
use crate::trust::*;
use crypto::sign::Signed;
use data_encoding::BASE32_NOPAD;
use model::Role;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One of each: a person's and a device's certificate, a removal, and the key of each kind of scope.
fn one_of_each() -> (Desk, Remote, Vec<KeyObject>) {
    let (mut first, mut remote) = clinic();
    let opened = open_chart(&first.keyring, &first.trust, Uuid::from_bytes([7; 16]), None, NOW).unwrap();
    first.take_own(&opened);
    remote.extend(opened);
    let gone = first.bring(&mut remote, Some(role(Role::Patient)), &[]);
    let removal = remove::remove_user(&first.keyring, &first.trust, gone.user(), &[], NOW).unwrap();
    first.take_own(std::slice::from_ref(&removal));
    remote.push(removal);
    let mut seen = BTreeSet::new();
    let sorts = |object: &&KeyObject| {
        let signed = Signed::from_bytes(&object.bytes).unwrap();
        let body = bson::RawDocument::from_bytes(&signed.body).unwrap().to_owned();
        let kind = body.get_str("kind").unwrap().to_owned();
        seen.insert((signed.kind, kind))
    };
    let objects = remote.iter().filter(|object| matches!(object.collection, CERTS | SCOPE_KEYS));
    let chosen: Vec<KeyObject> = objects.filter(sorts).cloned().collect();
    assert_eq!(chosen.len(), 7, "user, device, revocation; realm, team, user, chart");
    (first, remote, chosen)
}

/// Whoever alters an object can also give it the id that fits.
fn fitting(object: &KeyObject, bytes: Vec<u8>) -> KeyObject {
    let id = Signed::from_bytes(&bytes).map_or(object.id, |signed| content_id(object.collection, &signed.body));
    KeyObject { id, bytes, ..object.clone() }
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut altered = bytes.to_vec();
    altered[bit / 8] ^= 1 << (bit % 8);
    altered
}

#[test]
fn every_bit_of_each_kind_of_signed_object_is_bound() {
    let (first, remote, chosen) = one_of_each();
    let mut store = Trust::new(*first.trust.root_public());
    store.learn_all(&remote);
    let before = snapshot(&store);
    chosen.iter().for_each(|object| refuses_all_altered(&mut store, object));
    assert_eq!(snapshot(&store), before);
}

fn refuses_all_altered(store: &mut Trust, object: &KeyObject) {
    let refused = |store: &mut Trust, bytes: Vec<u8>, what: &str| {
        // A changed name of the signer's certificate waits for it, for ever; one object waits once.
        let outcome = store.learn(&fitting(object, bytes));
        assert!(matches!(outcome, Err(_) | Ok(Learned::Waiting(_))), "{what} of {}: {outcome:?}", object.collection);
    };
    for bit in 0..object.bytes.len() * 8 {
        refused(store, flipped(&object.bytes, bit), &format!("bit {bit}"));
    }
    for length in 0..object.bytes.len() {
        refused(store, object.bytes[..length].to_vec(), &format!("length {length}"));
    }
    refused(store, [object.bytes.as_slice(), &[0]].concat(), "one byte more");
}

/// A request for new keys, the clinic's key for recovery and a consent to it; and nobody signs one of them in another's place.
#[test]
fn every_bit_of_what_new_keys_and_recovery_need_is_bound() {
    let founding = found(Founder::Clinic, COST, PASSPHRASE, NOW).unwrap();
    let root = found::read_root_kit(&founding.trust, &founding.root_kit).unwrap();
    let (keyring, mut trust) = (founding.keyring, founding.trust);
    let clinic_key = clinic_recovery::make_key(&root, &trust, NOW).unwrap();
    trust.learn(&clinic_key).unwrap();
    let [consent, _grant] = clinic_recovery::consent(&keyring, &trust, true, NOW).unwrap().try_into().unwrap();
    let asked = new_keys::ask(&keyring, &trust, COST, "gravel lantern mosaic ferry", NOW).unwrap();
    let request = asked.objects.into_iter().find(|object| object.id == asked.request).unwrap();
    assert!(trust.recovery_consent(founding.user).is_none() && trust.key_request_of(founding.user).is_none());
    for object in [&clinic_key, &consent, &request] {
        let mut store = Trust::new(*trust.root_public());
        store.learn_all(&founding.objects);
        refuses_all_altered(&mut store, object);
        assert!(store.clinic_key().is_none() && store.consents.is_empty() && store.key_requests.is_empty());
        assert!(matches!(store.learn(object), Ok(Learned::Added(_))));
    }
    // The same bodies, each under the signature of somebody who may not sign it.
    let body = |object: &KeyObject| Signed::from_bytes(&object.bytes).unwrap().body;
    let by_person = keyring.sign_as_user("clinic-recovery", body(&clinic_key));
    let realm = founding.realm;
    let mut empty = Trust::new(*trust.root_public());
    empty.learn_all(&founding.objects);
    assert!(matches!(empty.learn(&KeyObject::signed(CERTS, realm, &by_person)), Err(Error::Forbidden(_))));
    for (kind, object) in [("recovery-consent", &consent), ("key-request", &request)] {
        let by_root = crypto::sign::sign(&root, kind, realm.as_bytes(), realm.into_bytes(), body(object));
        assert_eq!(empty.learn(&KeyObject::signed(CERTS, realm, &by_root)), Err(Error::Elsewhere));
    }
    assert!(empty.clinic_key().is_none() && empty.consents.is_empty() && empty.key_requests.is_empty());
}

#[test]
fn every_bit_of_a_journal_entry_is_bound() {
    let (mut writer, mut remote) = clinic();
    let reader = writer.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let entry = writer.push(&remote[..2], &BTreeMap::from([(reader.keyring.device(), 3)]));
    let check = |bytes: Vec<u8>| check_entry(&reader.trust, None, &KeyObject { bytes, ..entry.clone() });
    assert!(check(entry.bytes.clone()).is_ok());
    for bit in 0..entry.bytes.len() * 8 {
        let result = check(flipped(&entry.bytes, bit));
        assert!(matches!(result, Err(Finding::Invalid(_) | Finding::UnknownDevice)), "bit {bit} {result:?}");
    }
    for length in 0..entry.bytes.len() {
        assert!(matches!(check(entry.bytes[..length].to_vec()), Err(Finding::Invalid(_))), "length {length}");
    }
    assert!(matches!(check([entry.bytes.as_slice(), &[0]].concat()), Err(Finding::Invalid(_))));
}

/// The payload of a text, without its label and its check.
fn payload(text: &str) -> Vec<u8> {
    let (_, letters) = text.split_once(':').unwrap();
    let whole = BASE32_NOPAD.decode(letters.as_bytes()).unwrap();
    whole[..whole.len() - 4].to_vec()
}

#[test]
fn a_request_and_its_answer_are_bound() {
    let (mut first, _) = clinic();
    let invitation = enrol::invite(&first.keyring, &first.trust, enrol::Purpose::NewMember, b"", NOW).unwrap();
    let begun = begin(&invitation);
    let admitted = first.admit(&begun, &invitation, role(Role::Doctor), &[]);
    let reads = |text: &str| enrol::read_request(&invitation, text).is_ok();
    let answers = |text: &str| enrol::finish(&begun.joining, text, PASSPHRASE, NOW).is_ok();
    type Accepts<'a> = &'a dyn Fn(&str) -> bool;
    let texts: [(&str, &str, Accepts<'_>); 2] =
        [("REQ1", &begun.request_text, &reads), ("ANS1", &admitted.answer_text, &answers)];
    for (label, text, accepted) in texts {
        assert!(text.starts_with(label) && accepted(text));
        // Without the check of the letters: whoever alters a text makes that anew.
        let whole = payload(text);
        let framed = |bytes: &[u8]| accepted(&super::super::text::write(label, bytes));
        assert!(framed(&whole));
        // A text of ten thousand letters takes its time: every bit of its header and of its end, and many between. Of the seal
        // itself every bit is flipped in `crypto`.
        let bits = whole.len() * 8;
        for bit in (0..bits).filter(|bit| *bit < 8 * 64 || *bit > bits - 8 * 24 || bit % 997 == 0) {
            assert!(!framed(&flipped(&whole, bit)), "{label} bit {bit}");
        }
        for length in (0..whole.len()).step_by(211) {
            assert!(!framed(&whole[..length]), "{label} length {length}");
        }
        assert!(!framed(&[whole.as_slice(), &[0]].concat()));
        for at in (0..text.len()).step_by(97).filter(|at| text.as_bytes()[*at] != b':') {
            let mut letters = text.as_bytes().to_vec();
            letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
            assert!(!accepted(std::str::from_utf8(&letters).unwrap()), "{label} letter {at}");
        }
    }
}
