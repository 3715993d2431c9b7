//! Stored forms made by others: Python with `cryptography` 50 (AES-GCM, HKDF, HPKE) and `argon2-cffi`. The long
//! message was also opened by Tink 1.16, with an AES-GCM-HKDF streaming key of the same bytes.

use super::{REALM, SCOPE, USER, counting, hex, key, root, scope_key};
use crate::file::{FileFacts, FileOpener};
use crate::grant::{self, AgreementKey, Grant};
use crate::invite::Invitation;
use crate::kit::Kit;
use crate::row_mac::RowKey;
use crate::scope::ScopeKey;
use crate::slot::{self, Kind, Slot};
use crate::{Key, encode, seal};

const DEVICE: [u8; 16] = [4; 16];
const INVITATION: &str = concat!(
    "INV1:AEAACAQDAQCQMBYIBEFAWDANBYHQOBYHA4DQOBYHA4DQOBYHA4DQORCEIRCEIRCEIRCEIRCEIRCEIRCE",
    "IRCEIRCEIRCEIRCEIRCEIRCENNE5EAAEAQCAIBAEAQCAIBAEAQCAIBAEMNQXEZCTSDBOI"
);

/// The header that all of these share, salt `a0 … af a0 … af` and prefix `00 … 06`, and what follows it.
fn sealed(body: &str) -> Vec<u8> {
    let salt: [u8; 16] = counting(0xa0);
    [&[0x28], salt.as_slice(), &salt, &counting::<7>(0), &hex(body)].concat()
}

#[test]
fn message_of_three_segments() {
    let plain: Vec<u8> = (0..600_000).map(|place| (place % 251) as u8).collect();
    let salt = [counting::<16>(0xa0), counting(0xa0)].concat().try_into().unwrap();
    let sealed = seal::seal_with(&key(), b"context", &plain, salt, counting(0)).unwrap();
    assert_eq!(sealed.len(), 600_088);
    let expected = hex("4f7447b69a85b03296afd5ee128a17d184618fee1a27b89e1e57be14f0ea9af5");
    assert_eq!(encode::sha256(&sealed).as_slice(), expected);
}

#[test]
fn older_scope_key() {
    let sealed = sealed(
        "d5ffb832163537757e95f83cc14a7050db48f558acea41d6b2bce558c5eceb59
         c7d783108b359ec28f16913fdd5b8370",
    );
    let older = ScopeKey::from_key(Key::from_bytes([0x66; 32]), SCOPE, 6);
    assert!(scope_key().open_previous(&REALM, &older.kid(), &sealed).unwrap().same(older.key()));
}

#[test]
fn scope_key_for_a_team() {
    let sealed = sealed(
        "ef2d893d72d6db2c119deddad5a3be8b15753283d9f8ef08c1f4951db9743f79
         de5b6e3fd41351e9cef06fc8587dc1e5",
    );
    let team = ScopeKey::from_key(Key::from_bytes([0x77; 32]), [5; 16], 2);
    let opened = ScopeKey::open_from_team(&REALM, SCOPE, 7, scope_key().commitment(), &team, &sealed).unwrap();
    assert!(opened.key().same(&key()));
}

#[test]
fn vault_key() {
    let sealed = sealed(
        "a4e206bdbd9ba80daa7cc4ec7cf7eacd8a5c32f2c9e8a805d4aa36b0b038bca4
         ac1c2353a042c572b103753f2ccec242",
    );
    assert!(root().open_vault_key(&USER, &DEVICE, &sealed).unwrap().same(&key()));
}

#[test]
fn root_in_a_slot() {
    let body = sealed(
        "62bd4424a29d01b66fd84c110f64fa96ce61518077eecb13562de411dab4ef79
         de9bb3ce576abd1fce4ab32c1562e950",
    );
    let (id, salt) = ([6; 16], counting(0x10));
    let slot = Slot { id, kind: Kind::Pass, user: USER, v: 1, salt, m: 131_072, t: 3, p: 1, body };
    let opened = slot::open(&slot, "correct horse b\u{e4}ttery staple", &Key::from_bytes([0x55; 32])).unwrap();
    assert!(opened.key().same(root().key()));
}

#[test]
fn file_of_one_segment() {
    let bytes = sealed("5b2f8bf7a89ea7cd2b2c2a4f3f09dc9e633188f2");
    let facts = FileFacts { plain_len: 4, sealed_len: bytes.len() as u64, digest: encode::sha256(&bytes) };
    let opener = FileOpener::new(&key(), &REALM, &[8; 16], facts, &bytes).unwrap();
    assert_eq!(*opener.open_segment(0, &bytes).unwrap(), b"file");
}

#[test]
fn invitation_and_its_messages() {
    let read = Invitation::parse(INVITATION).unwrap();
    assert_eq!((read.realm, read.id, read.inviter_device), (REALM, [7; 16], DEVICE));
    assert_eq!((read.expires_s, read.card.as_slice()), (1_800_000_000, b"card".as_slice()));
    assert_eq!(read.text(), INVITATION);
    assert_eq!(read.check_words(b"BUNDLE"), "BEHR RM7C CGYG O4ZO");
    let up = sealed("cb0d1ba447ef4cc81a579bc41a7500d4cdef97f8cace");
    let down = sealed("c78e7887960e3e46c7e4259c2522a1b3e1619b2e8609");
    assert_eq!(*read.open_up(&up).unwrap(), b"BUNDLE");
    assert_eq!(*read.open_down(&down).unwrap(), b"ANSWER");
}

#[test]
fn text_of_a_kit() {
    let text = "KIT1:AEEQSCIJBEEQSCIJBEEQSCIJBEESEIRCEIRCEIRCEIRCEIRCEIRCEIRCEIRCEIRCEIRCEIRCEIRCEISXOZZI6";
    assert_eq!(*Kit::from_key(USER, Key::from_bytes([0x22; 32])).text(), text);
}

#[test]
fn term_of_a_row() {
    let term = RowKey::from_vault_key(&key()).term("notes", &[1; 16], &[2; 16], b"row");
    assert_eq!(term.as_slice(), hex("08b2f914f0b0a1385346c1e712c252e61109f89dbbe4ba7e7fcdae2e6bddfdaf"));
}

/// An X-Wing key from the seed `00 … 1f`, and a grant sealed to it by another implementation of HPKE.
#[test]
fn grant_and_its_public_key() {
    let member = AgreementKey::from_seed(&key());
    let public = hex("c9a3565ffde4f72b51661be391ee13e46378d7f06dd5c8bf5af9d2cfb5b8336b");
    assert_eq!(encode::sha256(member.public().as_bytes()).as_slice(), public);
    let stored = hex(include_str!("grant.hex"));
    let (enc, ct) = stored.split_at(grant::ENCAPSULATED_LENGTH);
    let grant = Grant { enc: enc.to_vec(), ct: ct.to_vec() };
    assert_eq!(*grant::open(&member, &REALM, &SCOPE, 7, &USER, &grant).unwrap(), [0x77; 32]);
}
