//! Keys reach those they are meant for, and a foreign key is refused even where it opens.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use crypto::grant::{self, AgreementKey, AgreementPublic, Grant};
use crypto::kit::Kit;
use crypto::root::UserRoot;
use crypto::scope::ScopeKey;
use crypto::slot::{self, Cost, Kind, Slot};
use crypto::{Error, IndexKind, Key};

const REALM: [u8; 16] = [1; 16];
const SCOPE: [u8; 16] = [2; 16];
const USER: [u8; 16] = [3; 16];
const DEVICE: [u8; 16] = [4; 16];
const PHRASE: &str = "walnut harbor sleeve mosaic";

fn agreement() -> AgreementKey {
    AgreementKey::make().unwrap()
}

fn small_slot() -> (UserRoot, Key, Slot) {
    let (root, account) = (UserRoot::make(5).unwrap(), Key::make().unwrap());
    let slot = slot::close_at(Cost::SmallComputer, &root, &USER, PHRASE, &account).unwrap();
    (root, account, slot)
}

fn same(one: &UserRoot, other: &UserRoot) -> bool {
    one.vault_kek().same(&other.vault_kek()) && one.version() == other.version()
}

#[test]
fn a_grant_opens_for_its_recipient_and_purpose_only() {
    let (member, stranger) = (agreement(), agreement());
    let secret = [9; 32];
    let grant = grant::seal(&member.public(), &REALM, &SCOPE, 7, &DEVICE, &secret).unwrap();
    assert_eq!((grant.enc.len(), grant.ct.len()), (1120, 48));
    let open = |key: &AgreementKey, realm, subject: &[u8], version, recipient| {
        grant::open(key, realm, subject, version, recipient, &grant)
    };
    assert_eq!(*open(&member, &REALM, &SCOPE, 7, &DEVICE).unwrap(), secret);
    assert!(matches!(open(&stranger, &REALM, &SCOPE, 7, &DEVICE), Err(Error::Unopenable)));
    assert!(matches!(open(&member, &[0; 16], &SCOPE, 7, &DEVICE), Err(Error::Unopenable)));
    assert!(matches!(open(&member, &REALM, &[0; 16], 7, &DEVICE), Err(Error::Unopenable)));
    assert!(matches!(open(&member, &REALM, b"credential", 7, &DEVICE), Err(Error::Unopenable)));
    assert!(matches!(open(&member, &REALM, &SCOPE, 8, &DEVICE), Err(Error::Unopenable)));
    assert!(matches!(open(&member, &REALM, &SCOPE, 7, &[0; 16]), Err(Error::Unopenable)));
}

#[test]
fn an_altered_grant_is_refused() {
    let member = agreement();
    let whole = grant::seal(&member.public(), &REALM, &SCOPE, 7, &DEVICE, &[9; 32]).unwrap();
    let refused =
        |grant: &Grant| matches!(grant::open(&member, &REALM, &SCOPE, 7, &DEVICE, grant), Err(Error::Unopenable));
    for bit in 0..whole.ct.len() * 8 {
        let mut grant = whole.clone();
        grant.ct[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&grant), "ct bit {bit}");
    }
    // The last bit of the X25519 share is ignored by that curve's definition, but enters the key derivation. Each bit costs an
    // opening of the hybrid key, so a part of them is tried: every 31st goes through all places in a byte.
    let bits = whole.enc.len() * 8;
    for bit in (0..bits).step_by(31).chain([bits - 1]) {
        let mut grant = whole.clone();
        grant.enc[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&grant), "enc bit {bit}");
    }
    for length in 0..whole.ct.len() {
        assert!(refused(&Grant { ct: whole.ct[..length].to_vec(), ..whole.clone() }));
    }
    assert!(refused(&Grant { ct: [whole.ct.as_slice(), &[0]].concat(), ..whole.clone() }));
    for length in [0, 32, 1119, 1121] {
        assert!(refused(&Grant { enc: vec![1; length], ..whole.clone() }));
    }
    assert!(refused(&Grant { ct: vec![0; 10_000], ..whole.clone() }));
}

#[test]
fn agreement_keys_are_checked_when_read() {
    let public = agreement().public();
    assert_eq!(AgreementPublic::from_bytes(public.as_bytes()).unwrap(), public);
    assert!(matches!(AgreementPublic::from_bytes(&public.as_bytes()[1..]), Err(Error::BadForm(_))));
    // ML-KEM refuses coefficients that are not below its modulus (FIPS 203 section 7.2).
    assert!(matches!(AgreementPublic::from_bytes(&[0xff; 1216]), Err(Error::BadForm(_))));
    let too_long = grant::seal(&public, &REALM, &SCOPE, 1, &DEVICE, &[0; 4097]);
    assert!(matches!(too_long, Err(Error::BadForm(_))));
}

#[test]
fn a_grant_with_a_foreign_key_opens_and_is_refused_by_its_commitment() {
    let member = agreement();
    let ours = ScopeKey::make(SCOPE, 7).unwrap();
    let foreign = ScopeKey::make(SCOPE, 7).unwrap();
    let open = |grant: &Grant| ScopeKey::open_grant(&member, &REALM, SCOPE, 7, ours.commitment(), &DEVICE, grant);
    let honest = ours.grant_to(&member.public(), &REALM, &DEVICE).unwrap();
    assert!(open(&honest).unwrap().key().same(ours.key()));

    let planted = foreign.grant_to(&member.public(), &REALM, &DEVICE).unwrap();
    assert!(grant::open(&member, &REALM, &SCOPE, 7, &DEVICE, &planted).is_ok());
    assert!(matches!(open(&planted), Err(Error::Unopenable)));
    let short = grant::seal(&member.public(), &REALM, &SCOPE, 7, &DEVICE, &[1; 31]).unwrap();
    assert!(matches!(open(&short), Err(Error::Unopenable)));
}

#[test]
fn a_commitment_holds_for_one_key_scope_and_version() {
    let ours = ScopeKey::make(SCOPE, 7).unwrap();
    let key = || ours.key().duplicate();
    let accepted = ScopeKey::accept(key(), SCOPE, 7, ours.commitment()).unwrap();
    assert_eq!((accepted.kid(), accepted.scope(), accepted.version()), (ours.kid(), &SCOPE, 7));
    assert_eq!(ours.kid(), ours.commitment()[..4]);
    assert!(ScopeKey::accept(Key::make().unwrap(), SCOPE, 7, ours.commitment()).is_err());
    assert!(ScopeKey::accept(key(), [0; 16], 7, ours.commitment()).is_err());
    assert!(ScopeKey::accept(key(), SCOPE, 8, ours.commitment()).is_err());
    for bit in 0..256 {
        let mut commitment = *ours.commitment();
        commitment[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(ScopeKey::accept(key(), SCOPE, 7, &commitment), Err(Error::Unopenable)), "bit {bit}");
    }
}

#[test]
fn older_keys_are_read_back_one_by_one() {
    let [first, second, third] = [1, 2, 3].map(|version| ScopeKey::make(SCOPE, version).unwrap());
    let under_second = second.seal_previous(&REALM, &first).unwrap();
    let under_third = third.seal_previous(&REALM, &second).unwrap();
    let opened = third.open_previous(&REALM, &second.kid(), &under_third).unwrap();
    let middle = ScopeKey::accept(opened, SCOPE, 2, second.commitment()).unwrap();
    assert!(middle.open_previous(&REALM, &first.kid(), &under_second).unwrap().same(first.key()));

    assert!(third.open_previous(&REALM, &first.kid(), &under_third).is_err());
    assert!(third.open_previous(&[0; 16], &second.kid(), &under_third).is_err());
    assert!(third.open_previous(&REALM, &first.kid(), &under_second).is_err());
    let elsewhere = ScopeKey::make([9; 16], 1).unwrap();
    assert!(matches!(third.seal_previous(&REALM, &elsewhere), Err(Error::BadForm(_))));
}

#[test]
fn a_team_opens_a_chart_under_the_commitment_only() {
    let team = ScopeKey::make([5; 16], 2).unwrap();
    let chart = ScopeKey::make(SCOPE, 7).unwrap();
    let sealed = chart.seal_for_team(&REALM, &team).unwrap();
    let open = |realm: &[u8; 16], scope, version, commitment, team: &ScopeKey, sealed: &[u8]| {
        ScopeKey::open_from_team(realm, scope, version, commitment, team, sealed)
    };
    let opened = open(&REALM, SCOPE, 7, chart.commitment(), &team, &sealed).unwrap();
    assert!(opened.key().same(chart.key()));
    assert!(open(&[0; 16], SCOPE, 7, chart.commitment(), &team, &sealed).is_err());
    assert!(open(&REALM, [0; 16], 7, chart.commitment(), &team, &sealed).is_err());
    assert!(open(&REALM, SCOPE, 8, chart.commitment(), &team, &sealed).is_err());
    assert!(open(&REALM, SCOPE, 7, chart.commitment(), &chart, &sealed).is_err());
    let renamed_team = ScopeKey::from_key(team.key().duplicate(), [6; 16], 2);
    assert!(open(&REALM, SCOPE, 7, chart.commitment(), &renamed_team, &sealed).is_err());
    let planted = ScopeKey::make(SCOPE, 7).unwrap().seal_for_team(&REALM, &team).unwrap();
    assert!(matches!(open(&REALM, SCOPE, 7, chart.commitment(), &team, &planted), Err(Error::Unopenable)));
}

#[test]
fn only_the_realm_scope_has_equality_tokens() {
    let chart = ScopeKey::make(SCOPE, 1).unwrap();
    let token = chart.index_token(&REALM, 1, IndexKind::Email, "jane@example.org");
    assert!(matches!(token, Err(Error::BadForm(_))));
}

#[test]
fn a_vault_key_opens_for_its_user_device_and_root_only() {
    let (root, vault_key) = (UserRoot::make(1).unwrap(), Key::make().unwrap());
    let sealed = root.seal_vault_key(&USER, &DEVICE, &vault_key).unwrap();
    assert!(root.duplicate().open_vault_key(&USER, &DEVICE, &sealed).unwrap().same(&vault_key));
    assert!(root.open_vault_key(&[0; 16], &DEVICE, &sealed).is_err());
    assert!(root.open_vault_key(&USER, &[0; 16], &sealed).is_err());
    assert!(UserRoot::make(1).unwrap().open_vault_key(&USER, &DEVICE, &sealed).is_err());
}

#[test]
fn a_root_reaches_a_device_and_a_kit() {
    let (root, device, account) = (UserRoot::make(3).unwrap(), agreement(), Key::make().unwrap());
    let grant = root.grant_to_device(&device.public(), &REALM, &USER, &DEVICE, &account).unwrap();
    let (opened, secret) = UserRoot::open_on_device(&device, &REALM, &USER, 3, &DEVICE, &grant).unwrap();
    assert!(same(&opened, &root) && secret.same(&account));
    assert!(UserRoot::open_on_device(&device, &REALM, &USER, 4, &DEVICE, &grant).is_err());

    let kit = Kit::make(USER).unwrap();
    let grant = root.grant_for_recovery(&kit.recovery().public(), &REALM, &USER, &USER).unwrap();
    let again = Kit::parse(&kit.text()).unwrap();
    let opened = UserRoot::open_for_recovery(&again.recovery(), &REALM, &USER, 3, &USER, &grant).unwrap();
    assert!(same(&opened, &root));
    // A recovery grant is not a device grant: it has no account secret.
    assert!(UserRoot::open_on_device(&again.recovery(), &REALM, &USER, 3, &USER, &grant).is_err());
}

#[test]
fn a_slot_opens_with_both_secrets() {
    let (root, account, slot) = small_slot();
    assert_eq!((slot.kind, slot.v, slot.m, slot.t, slot.p), (Kind::Pass, 5, 65_536, 3, 1));
    assert!(same(&slot::open(&slot, PHRASE, &account).unwrap(), &root));
    for (phrase, secret) in [("walnut harbor sleeve mosaik", &account), (PHRASE, &Key::make().unwrap()), ("", &account)]
    {
        assert!(matches!(slot::open(&slot, phrase, secret), Err(Error::Unopenable)));
    }
    assert!(matches!(slot::open(&slot, &"x".repeat(5000), &account), Err(Error::Unopenable)));
}

#[test]
fn a_usual_slot_takes_128_mib_and_a_pin_slot_keeps_its_own_kind() {
    let (root, account) = (UserRoot::make(1).unwrap(), Key::make().unwrap());
    let slot = slot::close(&root, &USER, PHRASE, &account).unwrap();
    assert_eq!((slot.m, slot.t, slot.p), (131_072, 3, 1));
    assert!(same(&slot::open(&slot, PHRASE, &account).unwrap(), &root));

    let quick = slot::close_quick(Cost::SmallComputer, &root, &USER, "492817", &account).unwrap();
    assert!(same(&slot::open(&quick, "492817", &account).unwrap(), &root));
    let relabelled = Slot { kind: Kind::Pass, ..quick };
    assert!(matches!(slot::open(&relabelled, "492817", &account), Err(Error::Unopenable)));
}

#[test]
fn weak_passphrases_and_pins_close_nothing() {
    let (root, account) = (UserRoot::make(1).unwrap(), Key::make().unwrap());
    for phrase in ["", "short", "passwordpassword"] {
        assert!(matches!(slot::close(&root, &USER, phrase, &account), Err(Error::Weak(_))));
    }
    for pin in ["", "12345", "12345a", "１２３４５６"] {
        let slot = slot::close_quick(Cost::Usual, &root, &USER, pin, &account);
        assert!(matches!(slot, Err(Error::Weak(_))), "{pin}");
    }
}

/// A sample through the whole opening, each with its own stretching; every single bit is flipped beside the code.
#[test]
fn an_altered_slot_is_refused() {
    let (_, account, whole) = small_slot();
    let refused = |slot: &Slot| slot::open(slot, PHRASE, &account).is_err();
    let flip = |bytes: &mut [u8], bit: usize| bytes[bit / 8] ^= 1 << (bit % 8);
    for bit in [0, 77, 127] {
        let (mut id, mut user, mut salt) = (whole.clone(), whole.clone(), whole.clone());
        flip(&mut id.id, bit);
        flip(&mut user.user, bit);
        flip(&mut salt.salt, bit);
        assert!(refused(&id) && refused(&user) && refused(&salt), "bit {bit}");
    }
    for bit in [0, 8, 263, 264, 319, 320, 575, 576, 703] {
        let mut slot = whole.clone();
        flip(&mut slot.body, bit);
        assert!(refused(&slot), "body bit {bit}");
    }
    for bit in [0, 1, 31] {
        assert!(refused(&Slot { v: whole.v ^ (1 << bit), ..whole.clone() }), "version bit {bit}");
    }
    for length in [0, 40, 56, 87, 89] {
        let mut slot = whole.clone();
        slot.body.resize(length, 0);
        assert!(matches!(slot::open(&slot, PHRASE, &account), Err(Error::Unopenable)));
    }
}

#[test]
fn a_stored_cost_outside_the_bounds_is_refused_before_any_work() {
    let (_, account, whole) = small_slot();
    let costs = [
        (65_535, 3, 1),
        (8, 3, 1),
        (0, 0, 0),
        (1_048_577, 3, 1),
        (u32::MAX, 3, 1),
        (65_536, 2, 1),
        (65_536, 11, 1),
        (65_536, u32::MAX, 1),
        (65_536, 3, 0),
        (65_536, 3, 2),
    ];
    for (m, t, p) in costs {
        let slot = Slot { m, t, p, ..whole.clone() };
        assert!(matches!(slot::open(&slot, PHRASE, &account), Err(Error::Weak(_))), "{m} {t} {p}");
    }
    let within = Slot { m: 65_537, ..whole };
    assert!(matches!(slot::open(&within, PHRASE, &account), Err(Error::Unopenable)));
}

#[test]
fn slots_and_grants_are_written_as_text_and_as_binary() {
    let (_, _, slot) = small_slot();
    let json = serde_json::to_value(&slot).unwrap();
    assert_eq!(json["kind"], "pass");
    assert_eq!(json["salt"].as_str().unwrap().len(), 32);
    assert!(serde_json::from_value::<Slot>(json.clone()).unwrap() == slot);

    let raw = bson::serialize_to_vec(&slot).unwrap();
    assert!(bson::deserialize_from_slice::<Slot>(&raw).unwrap() == slot);
    let document = bson::RawDocument::from_bytes(&raw).unwrap();
    assert_eq!(document.get_binary("body").unwrap().bytes, slot.body);
    let document = bson::serialize_to_document(&slot).unwrap();
    assert!(bson::deserialize_from_document::<Slot>(document).unwrap() == slot);

    let grant = grant::seal(&agreement().public(), &REALM, &SCOPE, 7, &DEVICE, &[9; 32]).unwrap();
    assert!(serde_json::from_str::<Grant>(&serde_json::to_string(&grant).unwrap()).unwrap() == grant);
    let raw = bson::serialize_to_vec(&grant).unwrap();
    assert!(bson::deserialize_from_slice::<Grant>(&raw).unwrap() == grant);
    let binary = bson::doc! {
        "enc": bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: grant.enc.clone() },
        "ct": bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: grant.ct.clone() },
    };
    assert!(bson::deserialize_from_document::<Grant>(binary).unwrap() == grant);

    for wrong in [r#""zz""#, r#""aabb""#, "5", r#"[1,2,300]"#] {
        let mut json = json.clone();
        json["salt"] = serde_json::from_str(wrong).unwrap();
        assert!(serde_json::from_value::<Slot>(json).is_err(), "{wrong}");
    }
}
