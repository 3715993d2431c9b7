use super::world::*;
use crate::trust::object::{CERTS, GRANTS, SCOPE_KEYS, content_id};
use crate::trust::*;
use crypto::Key;
use crypto::scope::ScopeKey;
use crypto::sign::Signed;
use model::Role;
use uuid::Uuid;

fn story() -> (Desk, Desk, Remote) {
    let (mut first, mut remote) = clinic();
    let chart = Uuid::from_bytes([7; 16]);
    let opened = open_chart(&first.keyring, &first.trust, chart, None, NOW).unwrap();
    first.take_own(&opened);
    remote.extend(opened);
    let mut doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    first.bring(&mut remote, Some(role(Role::Patient)), &[chart]);
    first.bring(&mut remote, None, &[]);
    let gone = first.bring(&mut remote, Some(role(Role::Patient)), &[]);
    let removal = remove::remove_user(&first.keyring, &first.trust, gone.user(), &[], NOW).unwrap();
    first.take_own(std::slice::from_ref(&removal));
    remote.push(removal);
    doctor.take_in(&remote);
    (first, doctor, remote)
}

fn flipped(object: &KeyObject, bit: usize) -> KeyObject {
    let mut altered = object.clone();
    altered.bytes[bit / 8] ^= 1 << (bit % 8);
    altered
}

/// Somebody who alters an object can also give it the id that fits.
fn fitting(object: KeyObject) -> KeyObject {
    let id = match Signed::from_bytes(&object.bytes) {
        Ok(signed) => content_id(object.collection, &signed.body),
        Err(_) => content_id(object.collection, &object.bytes),
    };
    KeyObject { id, ..object }
}

#[test]
fn no_flipped_bit_of_a_signed_object_is_taken_in() {
    let (first, _, remote) = story();
    let mut store = Trust::new(*first.trust.root_public());
    store.learn_all(&remote);
    let before = snapshot(&store);
    let mut tried = 0;
    for object in remote.iter().filter(|object| matches!(object.collection, CERTS | SCOPE_KEYS)) {
        let bits = object.bytes.len() * 8;
        for bit in (0..bits).filter(|bit| bit % 61 == 0 || *bit < 400 || *bit > bits - 1000) {
            let altered = flipped(object, bit);
            for altered in [fitting(altered.clone()), altered] {
                tried += 1;
                // A changed name of the signer's certificate waits for it, for ever.
                let outcome = store.learn(&altered);
                assert!(
                    matches!(outcome, Err(_) | Ok(Learned::Waiting(_))),
                    "{} bit {bit}: {outcome:?}",
                    object.collection
                );
            }
        }
    }
    assert!(tried > 20_000);
    assert_eq!(snapshot(&store), before);
}

#[test]
fn no_flipped_bit_of_a_grant_opens_another_key() {
    let (first, mut doctor, remote) = story();
    let mut keyring = twin(&doctor.keyring);
    keyring.scopes.clear();
    for object in of(&remote, GRANTS) {
        for bit in (0..object.bytes.len() * 8).step_by(211) {
            for altered in [flipped(object, bit), fitting(flipped(object, bit))] {
                let result = keyring.learn(&doctor.trust, &[altered]).unwrap();
                assert!(result.scopes.is_empty(), "bit {bit} of {}", object.id);
            }
        }
    }
    assert!(keyring.scopes.is_empty());
    assert_eq!(keyring.learn(&doctor.trust, &remote).unwrap().refused, []);
    assert_eq!(*keyring.to_vault_bytes(), *doctor.keyring.to_vault_bytes());
    assert_eq!(doctor.keyring.learn(&first.trust, &remote).unwrap().refused, []);
}

#[test]
fn no_flipped_bit_of_a_slot_opens() {
    let (first, _, _) = story();
    let (bits, secret) = (first.slot.bytes.len() * 8, first.keyring.account_secret());
    let mut tried = 0;
    for bit in 0..bits {
        let altered = flipped(&first.slot, bit);
        // Most are refused by their form. Of those that are not, each try takes the time of a passphrase.
        if slots::read(&altered).is_ok_and(|slot| slot.m <= 65_536) && bit % 173 == 0 {
            tried += 1;
            assert!(slots::open(&first.trust, &altered, PASSPHRASE, secret).is_err(), "bit {bit}");
        }
    }
    assert!(tried > 3);
    let moved = KeyObject { scope: Uuid::from_bytes([1; 16]), ..first.slot.clone() };
    assert_eq!(slots::open(&first.trust, &moved, PASSPHRASE, secret).err(), Some(Error::Elsewhere));
    let other = Key::make().unwrap();
    assert_eq!(slots::open(&first.trust, &first.slot, PASSPHRASE, &other).err(), Some(Error::Passphrase));
    assert!(slots::open(&first.trust, &first.slot, PASSPHRASE, secret).is_ok());
}

#[test]
fn a_slot_with_another_root_opens_and_is_refused() {
    let (first, _, _) = story();
    let root = crypto::root::UserRoot::make(1).unwrap();
    let secret = first.keyring.account_secret();
    let planted = slots::close(COST, first.user(), &root, secret, PASSPHRASE).unwrap();
    assert_eq!(slots::open(&first.trust, &planted, PASSPHRASE, secret).err(), Some(Error::ForeignKey));
}

#[test]
fn a_grant_with_a_foreign_key_opens_and_is_refused() {
    let (first, doctor, _) = story();
    let mut keyring = twin(&doctor.keyring);
    let (realm, team, chart) = (first.trust.realm(), first.trust.team(), Uuid::from_bytes([7; 16]));
    let to = first.trust.user(doctor.user()).unwrap();
    for scope in [realm, team] {
        keyring.scopes.remove(&scope);
        let foreign = ScopeKey::make(scope.into_bytes(), 1).unwrap();
        let planted = grants::for_user(realm, &foreign, to).unwrap();
        let result = keyring.learn(&doctor.trust, std::slice::from_ref(&planted)).unwrap();
        assert_eq!(result.refused, [(planted.id, Error::ForeignKey)]);
        assert!(keyring.newest(scope).is_none());
    }
    let mut keyring = twin(&doctor.keyring);
    keyring.scopes.remove(&chart);
    let foreign = ScopeKey::make(chart.into_bytes(), 2).unwrap();
    let planted = grants::for_team(realm, &foreign, keyring.newest(team).unwrap()).unwrap();
    let result = keyring.learn(&doctor.trust, std::slice::from_ref(&planted)).unwrap();
    assert_eq!(result.refused, [(planted.id, Error::ForeignKey)]);
}

#[test]
fn objects_hold_in_their_own_place_only() {
    let (first, _, remote) = story();
    let elsewhere = Uuid::from_bytes([3; 16]);
    let mut store = Trust::new(*first.trust.root_public());
    store.learn_all(&remote);
    for object in remote.iter().filter(|object| matches!(object.collection, CERTS | SCOPE_KEYS)) {
        let swapped = if object.collection == CERTS { SCOPE_KEYS } else { CERTS };
        let other_id = KeyObject { id: elsewhere, ..object.clone() };
        let other_scope = KeyObject { scope: elsewhere, ..object.clone() };
        let other_collection = fitting(KeyObject { collection: swapped, ..object.clone() });
        for moved in [other_id, other_scope, other_collection] {
            assert_eq!(store.learn(&moved), Err(Error::Elsewhere));
        }
    }
    // The whole of another realm, under this realm's root: its chain never ends here.
    let (_, foreign) = foreign_clinic();
    for object in foreign.iter().filter(|object| matches!(object.collection, CERTS | SCOPE_KEYS)) {
        assert!(matches!(store.learn(object), Err(_) | Ok(Learned::Waiting(_))));
    }
    assert_eq!(snapshot(&store), snapshot(&first.trust));
}

#[test]
fn a_certificate_must_be_issued_by_somebody_who_may() {
    let (mut first, mut doctor, mut remote) = story();
    let admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    doctor.take_in(&remote);
    let keys = first.trust.user(doctor.user()).unwrap().user_keys().unwrap().clone();
    let user = Uuid::from_bytes([4; 16]);
    let certify =
        |desk: &Desk, wanted| desk.keyring.issuer().certify_user(user, 1, keys.clone(), wanted, None, NOW).unwrap();
    let forbidden = [
        (&doctor, Role::Patient),
        (&doctor, Role::Doctor),
        (&doctor, Role::SuperAdmin),
        (&admin, Role::Admin),
        (&admin, Role::SuperAdmin),
        (&first, Role::SuperAdmin),
    ];
    for (desk, wanted) in forbidden {
        assert!(matches!(first.trust.clone().learn(&certify(desk, role(wanted))), Err(Error::Forbidden(_))));
    }
    for (desk, wanted) in [(&admin, Role::Patient), (&admin, Role::Doctor), (&first, Role::Admin)] {
        assert!(matches!(first.trust.clone().learn(&certify(desk, role(wanted))), Ok(Learned::Added(_))));
    }
    let clinical = Standing { role: Role::Patient, clinical: true };
    assert!(matches!(first.trust.clone().learn(&certify(&first, clinical)), Err(Error::Malformed(_))));
}

#[test]
fn an_admin_cannot_take_over_a_super_admin() {
    let (mut first, _, mut remote) = story();
    let admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let keys = first.trust.user(admin.user()).unwrap().user_keys().unwrap().clone();
    for n in [1, 2, 9] {
        let taken =
            admin.keyring.issuer().certify_user(first.user(), n, keys.clone(), role(Role::Doctor), None, NOW).unwrap();
        let mut store = first.trust.clone();
        assert!(store.learn(&taken).is_ok());
        assert!(!store.signature_counts(taken.id, &[]));
        assert_eq!(store.role_of(first.user()), first.trust.role_of(first.user()));
        assert_eq!(store.user(first.user()), first.trust.user(first.user()));
    }
}

#[test]
fn nobody_certifies_another_persons_device_as_theirs() {
    let (first, doctor, _) = story();
    let device = first.trust.device(first.keyring.device()).unwrap().device_keys().unwrap().clone();
    let stolen = doctor.keyring.issuer().certify_device(9, device, NOW).unwrap();
    assert!(matches!(first.trust.clone().learn(&stolen), Err(Error::Forbidden(_))));
}

/// No escrow and no recovery by the clinic is known here: even the realm's own root cannot switch one on.
#[test]
fn a_certificate_for_recovery_by_the_clinic_is_no_certificate() {
    let founding = found(Founder::Clinic, COST, PASSPHRASE, NOW).unwrap();
    let root = found::read_root_kit(&founding.trust, &founding.root_kit).unwrap();
    let original = of(&founding.objects, CERTS)[0];
    let mut body = bson::Document::from_reader(Signed::from_bytes(&original.bytes).unwrap().body.as_slice()).unwrap();
    let issue = |body: &bson::Document| {
        let realm = founding.realm;
        let bytes = body.to_vec().unwrap();
        let signed = crypto::sign::sign(&root, "certificate", realm.as_bytes(), realm.into_bytes(), bytes);
        founding.trust.clone().learn(&KeyObject::signed(CERTS, realm, &signed))
    };
    assert!(matches!(issue(&body), Ok(Learned::Known | Learned::Added(_))));
    for kind in ["clinic-recovery", "escrow", ""] {
        body.insert("kind", kind);
        assert_eq!(issue(&body), Err(Error::Malformed("kind of certificate")));
    }
}

/// Verify, then parse: what nobody signed is refused for its signature, whatever its body holds.
#[test]
fn what_is_not_signed_is_not_parsed() {
    let (first, _, _) = story();
    let garbage = b"no BSON at all".to_vec();
    let signed = first.keyring.sign_as_user("certificate", garbage.clone());
    let unsigned = Signed { signature: [0; 64], ..signed.clone() };
    let learn = |signed: &Signed| first.trust.clone().learn(&KeyObject::signed(CERTS, first.trust.realm(), signed));
    assert_eq!(learn(&unsigned), Err(Error::Signature));
    assert!(matches!(learn(&signed), Err(Error::Malformed(_))));
    let entry = first.keyring.sign_as_device("journal", garbage);
    let check = |signed: &Signed| {
        let object =
            KeyObject { collection: "journal", id: Uuid::nil(), scope: first.trust.realm(), bytes: signed.to_bytes() };
        check_entry(&first.trust, None, &object).map(|_| ())
    };
    assert_eq!(check(&Signed { signature: [0; 64], ..entry.clone() }), Err(Finding::Invalid(Error::Signature)));
    assert!(matches!(check(&entry), Err(Finding::Invalid(Error::Malformed(_)))));
}

proptest::proptest! {
    #[test]
    fn hostile_bytes_are_refused_without_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let (first, _) = clinic();
        let scope = first.trust.realm();
        let mut trust = first.trust.clone();
        for collection in [CERTS, SCOPE_KEYS, GRANTS, "slots", "journal"] {
            // As it is, and as a body that is signed by somebody who may sign.
            let raw = KeyObject::new(collection, Uuid::nil(), scope, bytes.clone()).unwrap();
            for kind in ["certificate", "revocation", "scope-key", "journal"] {
                let signed = first.keyring.sign_as_user(kind, bytes.clone());
                assert!(trust.learn(&KeyObject::signed(collection, scope, &signed)).is_err());
            }
            let signed = first.keyring.sign_as_device("journal", bytes.clone()).to_bytes();
            assert!(trust.learn(&raw).is_err());
            assert!(grants::read(&KeyObject::plain(collection, scope, bytes.clone())).is_err());
            assert!(slots::read(&raw).is_err());
            assert!(check_entry(&trust, None, &KeyObject { bytes: signed, ..raw }).is_err());
        }
        assert!(enrol::Joining::from_bytes(&bytes).is_err());
        assert!(decode_version(&bytes).is_err());
        let text = String::from_utf8_lossy(&bytes);
        assert!(enrol::Invitation::parse(&text).is_err());
        let invitation = enrol::invite(&first.keyring, &trust, enrol::Purpose::OwnDevice, b"", NOW).unwrap();
        for label in ["REQ1", "ANS1", ""] {
            let framed = super::super::text::write(label, &bytes);
            assert!(enrol::read_request(&invitation, &framed).is_err());
            assert!(enrol::read_request(&invitation, &text).is_err());
        }
    }
}
