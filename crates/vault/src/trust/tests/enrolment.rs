use super::world::*;
use crate::trust::enrol::{self, Admission, Invitation, Joiner, Joining, Purpose, Used};
use crate::trust::object::{GRANTS, SLOTS};
use crate::trust::recover::recover;
use crate::trust::*;
use crypto::IndexKind;
use model::{DeviceTag, Role, Stamp};
use uuid::Uuid;

fn body<'a>(desk: &Desk, scope: Uuid) -> BodyPlace<'a> {
    BodyPlace {
        collection: "patients",
        id: Uuid::from_bytes([5; 16]),
        scope,
        stamp: Stamp::new(NOW, 0, DeviceTag::of(desk.keyring.device())),
    }
}

#[test]
fn a_clinic_grows_and_each_reads_what_is_theirs() {
    let (mut first, mut remote) = clinic();
    let mut second = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let chart = Uuid::from_bytes([7; 16]);
    let opened = open_chart(&second.keyring, &second.trust, chart, None, NOW).unwrap();
    second.take_in(&opened);
    first.take_own(&opened);
    remote.extend(opened);
    let place = body(&second, chart);
    let early = second.keyring.seal_body(&place, b"before the patient came").unwrap();

    let patient = first.bring(&mut remote, Some(role(Role::Patient)), &[chart]);
    second.take_in(&remote);
    let device = second.bring(&mut remote, None, &[]);
    let late = first.keyring.seal_body(&place, b"after").unwrap();
    for desk in [&first, &second, &patient, &device] {
        assert_eq!(*desk.keyring.open_body(&place, &early).unwrap(), b"before the patient came");
        assert_eq!(*desk.keyring.open_body(&place, &late).unwrap(), b"after");
    }
    assert_eq!(device.user(), second.user());
    assert_ne!(device.keyring.device(), second.keyring.device());
    assert_eq!(patient.trust.rights(chart, patient.user()), Rights::ALL);
    assert!(patient.keyring.newest(patient.trust.team()).is_none());
    let team_place = body(&first, first.trust.team());
    let team_note = first.keyring.seal_body(&team_place, b"not for the patient").unwrap();
    assert_eq!(*device.keyring.open_body(&team_place, &team_note).unwrap(), b"not for the patient");
    assert_eq!(patient.keyring.open_body(&team_place, &team_note), Err(Error::Unknown("the key of the scope")));
    let own = body(&patient, patient.user());
    let secret = patient.keyring.seal_body(&own, b"mine").unwrap();
    assert!(first.keyring.open_body(&own, &secret).is_err());
    assert_eq!(patient.trust.role_of(second.user()), Some(role(Role::Doctor)));
    let token = |desk: &Desk| {
        let realm = desk.keyring.realm().into_bytes();
        desk.keyring.index_key().unwrap().index_token(&realm, 1, IndexKind::Email, "a@example.org").unwrap()
    };
    assert_eq!(token(&first), token(&patient));
}

#[test]
fn the_founder_of_a_clinic_is_a_doctor_and_a_person_alone_is_not() {
    for (founder, doctor) in [(Founder::Clinic, true), (Founder::Alone, false)] {
        let founding = found(founder, COST, PASSPHRASE, NOW).unwrap();
        let standing = founding.trust.role_of(founding.user).unwrap();
        assert_eq!((standing.role, standing.is_doctor()), (Role::SuperAdmin, doctor));
        let realm = Uuid::from_bytes(crypto::sign::realm_id(&founding.root_public));
        assert_eq!((founding.realm, founding.trust.realm()), (realm, realm));
        let chart = Uuid::from_bytes([9; 16]);
        let mut keyring = founding.keyring;
        let mut trust = founding.trust;
        let objects = open_chart(&keyring, &trust, chart, Some(founding.user), NOW).unwrap();
        assert_eq!(trust.learn_all(&objects), []);
        keyring.learn(&trust, &objects).unwrap();
        assert!(keyring.newest(chart).is_some());
        assert!(found::read_root_kit(&trust, &founding.root_kit.to_lowercase()).is_ok());
        let other = found(founder, COST, PASSPHRASE, NOW).unwrap();
        assert_eq!(found::read_root_kit(&trust, &other.root_kit).err(), Some(Error::Elsewhere));
    }
}

#[test]
fn a_weak_passphrase_founds_and_joins_nothing() {
    assert!(matches!(found(Founder::Clinic, COST, "password1234", NOW), Err(Error::Crypto(crypto::Error::Weak(_)))));
    let (first, _) = clinic();
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::NewMember, b"", NOW).unwrap();
    let joiner = Joiner::NewMember { passphrase: "short", cost: COST };
    assert!(matches!(enrol::begin(&invitation.text(), joiner, NOW), Err(Error::Crypto(_))));
}

#[test]
fn a_keyring_comes_back_from_the_vault() {
    let (first, remote) = clinic();
    let saved = first.keyring.to_vault_bytes();
    let slot = slots::open(&first.trust, &first.slot, PASSPHRASE, first.keyring.account_secret()).unwrap();
    let mut back = Keyring::from_vault_bytes(slot, &saved).unwrap();
    assert_eq!(*back.to_vault_bytes(), *saved);
    let place = body(&first, first.trust.team());
    let sealed = first.keyring.seal_body(&place, b"x").unwrap();
    assert_eq!(*back.open_body(&place, &sealed).unwrap(), b"x");
    assert!(first.keyring.open_body(&place, &back.seal_body(&place, b"y").unwrap()).is_ok());
    assert!(back.learn(&first.trust, &remote).unwrap().scopes.is_empty());
    let root = || first.keyring.root().duplicate();
    for length in 0..saved.len() {
        assert!(Keyring::from_vault_bytes(root(), &saved[..length]).is_err());
    }
    let newer = crypto::root::UserRoot::make(2).unwrap();
    assert_eq!(Keyring::from_vault_bytes(newer, &saved).err(), Some(Error::ForeignKey));
}

#[test]
fn the_letters_must_agree_before_anything_is_signed() {
    let (mut first, _) = clinic();
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::NewMember, b"", NOW).unwrap();
    let (honest, thief) = (begin(&invitation), begin(&invitation));
    let request = enrol::read_request(&invitation, &thief.request_text).unwrap();
    let before = snapshot(&first.trust);
    for typed in ["", "AAAA AAAA AAAA AAAA", honest.check_words.as_str()] {
        let admission = admission(typed);
        let result =
            enrol::admit(&first.keyring, &mut first.trust, &invitation, &request, &admission, &mut first.used, NOW);
        assert_eq!(result.err(), Some(Error::CheckDiffers));
    }
    assert_eq!(snapshot(&first.trust), before);
    first.admit(&honest, &invitation, role(Role::Doctor), &[]);
}

#[test]
fn a_sign_in_elsewhere_is_bound_to_one_request_and_covered_by_its_letters() {
    let (first, _) = clinic();
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::NewMember, b"", NOW).unwrap();
    let (mut own, other) = (begin(&invitation), begin(&invitation));
    let nonce = own.joining.outside_nonce().unwrap();
    assert_eq!(nonce.len(), 43);
    assert_ne!(nonce, other.joining.outside_nonce().unwrap(), "of another request");
    let proof = |subject: &str, token: String| enrol::OutsideProof {
        issuer: "https://id.harbour.example".to_owned(),
        subject: subject.to_owned(),
        token: crypto::Zeroizing::new(token),
    };
    let too_long = proof("a", "x".repeat(8 * 1024 + 1));
    assert!(matches!(own.joining.carry(too_long), Err(Error::TooLarge(_))));
    assert_eq!(own.joining.check_words(), own.check_words, "nothing was changed by it");
    // As large as may be, and kept over a restart.
    let largest = proof("amina", "x".repeat(8 * 1024));
    own.joining.carry(largest.clone()).unwrap();
    assert_eq!(format!("{largest:?}"), "OutsideProof { .. }");
    let own = Joining::from_bytes(&own.joining.to_bytes()).unwrap();
    assert_eq!((own.outside().unwrap(), own.outside_nonce().unwrap()), (Some(largest.clone()), nonce.clone()));

    let request = enrol::read_request(&invitation, &own.request_text().unwrap()).unwrap();
    assert_eq!((&request.outside, &request.outside_nonce), (&Some(largest.clone()), &nonce));
    let without = enrol::read_request(&invitation, &begin(&invitation).request_text).unwrap();
    assert_eq!(without.outside, None);
    // Whoever photographed the invitation can open the request, and put an account of their own in: the letters tell.
    let mut meddled = Joining::from_bytes(&own.to_bytes()).unwrap();
    meddled.carry(proof("mallory", "x".to_owned())).unwrap();
    let theirs = enrol::read_request(&invitation, &meddled.request_text().unwrap()).unwrap();
    assert_eq!(theirs.outside_nonce, nonce, "the same keys");
    let words = own.check_words();
    let admit = |request: &enrol::Request, outside_checked: bool| {
        let admission = Admission { outside_checked, ..admission(&words) };
        let mut trust = first.trust.clone();
        enrol::admit(&first.keyring, &mut trust, &invitation, request, &admission, &mut first.used.clone(), NOW)
    };
    assert_eq!(admit(&theirs, true).err(), Some(Error::CheckDiffers));
    for (checked, kept) in [(false, None), (true, Some(largest))] {
        let answer = admit(&request, checked).unwrap().answer_text;
        assert_eq!(enrol::finish(&own, &answer, PASSPHRASE, NOW).unwrap().outside, kept);
    }
}

fn admission(typed: &str) -> Admission<'_> {
    Admission {
        typed_check: typed,
        standing: role(Role::Doctor),
        charts: &[],
        floors: &[],
        slot: None,
        credential: None,
        outside_checked: false,
    }
}

#[test]
fn an_invitation_ends_and_counts_once() {
    let (mut first, _) = clinic();
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::NewMember, b"", NOW).unwrap();
    let end = NOW + u64::from(enrol::VALID_S) * 1000;
    let joiner = Joiner::NewMember { passphrase: PASSPHRASE, cost: COST };
    assert!(enrol::begin(&invitation.text(), joiner, end - 1000).is_ok());
    assert!(matches!(enrol::begin(&invitation.text(), joiner, end), Err(Error::OutOfTime(_))));
    let begun = begin(&invitation);
    let request = enrol::read_request(&invitation, &begun.request_text).unwrap();
    let mut used = Used::default();
    let words = begun.check_words.clone();
    let late =
        enrol::admit(&first.keyring, &mut first.trust, &invitation, &request, &admission(&words), &mut used, end);
    assert!(matches!(late, Err(Error::OutOfTime(_))));
    let mut admit =
        || enrol::admit(&first.keyring, &mut first.trust, &invitation, &request, &admission(&words), &mut used, NOW);
    assert!(admit().is_ok());
    assert_eq!(admit().err(), Some(Error::Used));
}

#[test]
fn an_answer_to_something_else_is_refused() {
    let (mut first, _) = clinic();
    let (mut other, _) = foreign_clinic();
    let invite = |desk: &Desk| enrol::invite(&desk.keyring, &desk.trust, Purpose::NewMember, b"", NOW).unwrap();
    let (one, two, foreign) = (invite(&first), invite(&first), invite(&other));
    let (here, twin, elsewhere, outside) = (begin(&one), begin(&one), begin(&two), begin(&foreign));
    let finish = |begun: &enrol::Begun, text: &str| enrol::finish(&begun.joining, text, PASSPHRASE, NOW).err();
    let answer = first.admit(&here, &one, role(Role::Doctor), &[]).answer_text;
    // The same invitation, but another request.
    assert_eq!(finish(&twin, &answer), Some(Error::Elsewhere));
    assert_eq!(finish(&elsewhere, &answer), Some(Error::Crypto(crypto::Error::Unopenable)));
    let of_other = other.admit(&outside, &foreign, role(Role::Doctor), &[]).answer_text;
    assert_eq!(finish(&here, &of_other), Some(Error::Crypto(crypto::Error::Unopenable)));
    assert_eq!(finish(&here, &answer), None);
}

#[test]
fn an_answer_signed_by_another_than_the_inviter_is_refused() {
    let (mut first, mut remote) = clinic();
    let mut admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::NewMember, b"", NOW).unwrap();
    let begun = begin(&invitation);
    let request = enrol::read_request(&invitation, &begun.request_text).unwrap();
    let words = begun.check_words.clone();
    let result = enrol::admit(
        &admin.keyring,
        &mut admin.trust,
        &invitation,
        &request,
        &admission(&words),
        &mut Used::default(),
        NOW,
    );
    assert_eq!(result.err(), Some(Error::Elsewhere));
    // Somebody who photographed the invitation answers with a realm of their own.
    let (mut mallory, _) = foreign_clinic();
    let mut forged = Invitation::parse(&invitation.text()).unwrap();
    forged.inner.inviter_device = mallory.keyring.device().into_bytes();
    forged.inner.realm = mallory.keyring.realm().into_bytes();
    let result = enrol::admit(
        &mallory.keyring,
        &mut mallory.trust,
        &forged,
        &request,
        &admission(&words),
        &mut Used::default(),
        NOW,
    );
    let answer = result.unwrap().answer_text;
    assert_eq!(enrol::finish(&begun.joining, &answer, PASSPHRASE, NOW).err(), Some(Error::Elsewhere));
}

#[test]
fn the_passphrase_opens_the_slot_before_first_use() {
    let (mut first, _) = clinic();
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::OwnDevice, b"card", NOW).unwrap();
    let begun = begin(&invitation);
    assert!(begun.kit.is_none());
    let answer = first.admit(&begun, &invitation, role(Role::Patient), &[]).answer_text;
    let joining = Joining::from_bytes(&begun.joining.to_bytes()).unwrap();
    assert_eq!(enrol::finish(&joining, &answer, "quite another phrase 77", NOW).err(), Some(Error::Passphrase));
    let enrolled = enrol::finish(&joining, &answer, PASSPHRASE, NOW).unwrap();
    assert_eq!(enrolled.card, b"card");
    assert_eq!(enrolled.credential.unwrap().as_slice(), b"d-1:secret");
    assert!(enrolled.keyring.account_secret().same(first.keyring.account_secret()));
    assert_eq!(of(&enrolled.received, SLOTS).len(), 1);
}

#[test]
fn an_enrolment_survives_a_restart() {
    let (mut first, _) = clinic();
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::NewMember, b"", NOW).unwrap();
    let begun = begin(&invitation);
    let saved = begun.joining.to_bytes();
    let joining = Joining::from_bytes(&saved).unwrap();
    assert_eq!((joining.user(), joining.device()), (begun.joining.user(), begun.joining.device()));
    assert_eq!(joining.check_words(), begun.check_words);
    let again = joining.request_text().unwrap();
    let read = |text: &str| enrol::read_request(&invitation, text).unwrap();
    assert_eq!(read(&again), read(&begun.request_text));
    let answer = first.admit(&begun, &invitation, role(Role::Doctor), &[]).answer_text;
    assert_eq!(enrol::finish(&joining, &answer, PASSPHRASE, NOW).unwrap().keyring.user(), joining.user());
    for length in 0..saved.len() {
        assert!(Joining::from_bytes(&saved[..length]).is_err());
    }
}

#[test]
fn roles_bound_who_brings_in_whom() {
    let (mut first, mut remote) = clinic();
    let doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let mut admin = first.bring(&mut remote, Some(role(Role::Admin)), &[]);
    let refused = enrol::invite(&doctor.keyring, &doctor.trust, Purpose::NewMember, b"", NOW);
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let invitation = enrol::invite(&admin.keyring, &admin.trust, Purpose::NewMember, b"", NOW).unwrap();
    let begun = begin(&invitation);
    let request = enrol::read_request(&invitation, &begun.request_text).unwrap();
    let words = begun.check_words.clone();
    for too_high in [Role::Admin, Role::SuperAdmin] {
        let admission = Admission { standing: role(too_high), ..admission(&words) };
        let result =
            enrol::admit(&admin.keyring, &mut admin.trust, &invitation, &request, &admission, &mut admin.used, NOW);
        assert!(matches!(result, Err(Error::Forbidden(_))));
    }
    admin.admit(&begun, &invitation, role(Role::Doctor), &[]);
}

#[test]
fn a_request_that_is_altered_or_for_something_else_is_refused() {
    let (first, _) = clinic();
    let invite = |purpose| enrol::invite(&first.keyring, &first.trust, purpose, b"", NOW).unwrap();
    let (device, member) = (invite(Purpose::OwnDevice), invite(Purpose::NewMember));
    assert!(matches!(enrol::begin(&member.text(), Joiner::OwnDevice, NOW), Err(Error::Forbidden(_))));
    let begun = begin(&member);
    assert!(enrol::read_request(&device, &begun.request_text).is_err());
    let mut letters = begun.request_text.as_bytes().to_vec();
    for at in (0..letters.len()).step_by(97) {
        let before = letters[at];
        letters[at] = if before == b'A' { b'B' } else { b'A' };
        assert!(enrol::read_request(&member, std::str::from_utf8(&letters).unwrap()).is_err());
        letters[at] = before;
    }
    assert!(enrol::read_request(&member, std::str::from_utf8(&letters).unwrap()).is_ok());
}

#[test]
fn nobody_joins_as_somebody_who_is_there() {
    let (mut first, mut remote) = clinic();
    let doctor = first.bring(&mut remote, Some(role(Role::Doctor)), &[]);
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::NewMember, b"", NOW).unwrap();
    let begun = begin(&invitation);
    let mut request = enrol::read_request(&invitation, &begun.request_text).unwrap();
    for taken in [doctor.user(), first.trust.realm(), first.trust.team(), doctor.keyring.device()] {
        request.member.as_mut().unwrap().0 = taken;
        let words = begun.check_words.clone();
        let result = enrol::admit(
            &first.keyring,
            &mut first.trust,
            &invitation,
            &request,
            &admission(&words),
            &mut first.used,
            NOW,
        );
        assert!(matches!(result, Err(Error::Forbidden(_))));
    }
}

#[test]
fn the_kit_leads_back_in_and_only_its_own_person() {
    let (mut first, mut remote) = clinic();
    let invitation = enrol::invite(&first.keyring, &first.trust, Purpose::NewMember, b"", NOW).unwrap();
    let begun = begin(&invitation);
    let admitted = first.admit(&begun, &invitation, role(Role::Doctor), &[]);
    let enrolled = enrol::finish(&begun.joining, &admitted.answer_text, PASSPHRASE, NOW).unwrap();
    remote.extend(admitted.objects);
    remote.extend(enrolled.made);
    let mut trust = Trust::new(*first.trust.root_public());
    assert_eq!(trust.learn_all(&remote), []);
    let kit = begun.kit.unwrap().text();
    let back = recover(&mut trust, &remote, &kit, COST, "a new phrase with seven herons", NOW).unwrap();
    assert_eq!(back.keyring.user(), enrolled.keyring.user());
    assert_ne!(back.keyring.device(), enrolled.keyring.device());
    assert!(back.keyring.newest(trust.team()).is_some());
    assert_eq!(trust.user_of_device(back.keyring.device()), Some(enrolled.keyring.user()));
    let other = crypto::kit::Kit::make(enrolled.keyring.user().into_bytes()).unwrap();
    let refused = recover(&mut trust, &remote, &other.text(), COST, PASSPHRASE, NOW);
    assert_eq!(refused.err(), Some(Error::ForeignKey));
    assert!(of(&remote, GRANTS).len() > 5);
}
