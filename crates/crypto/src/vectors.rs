//! Known answers for every derivation, computed by an independent program from the written specification.

use crate::index::{self, IndexKind};
use crate::kit::Kit;
use crate::root::UserRoot;
use crate::scope::ScopeKey;
use crate::sign::{self, Signed, Signer};
use crate::slot::{Kind, Slot};
use crate::value::{self, Place};
use crate::{Key, encode, invite, seal};
use data_encoding::HEXLOWER;

mod stored;
mod wycheproof;

fn hex(text: &str) -> Vec<u8> {
    let bare: String = text.split_whitespace().collect();
    HEXLOWER.decode(bare.as_bytes()).unwrap()
}

fn counting<const N: usize>(from: u8) -> [u8; N] {
    std::array::from_fn(|place| from + u8::try_from(place).unwrap())
}

fn key() -> Key {
    Key::from_bytes(counting(0))
}

const REALM: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const SCOPE: [u8; 16] = [3; 16];
const USER: [u8; 16] = [9; 16];

fn scope_key() -> ScopeKey {
    ScopeKey::from_key(key(), SCOPE, 7)
}

fn place() -> Place<'static> {
    Place { realm: &REALM, scope: &SCOPE, collection: "medical_records", id: &[1; 16], field: "notes", stamp: &[2; 16] }
}

fn root() -> UserRoot {
    UserRoot::from_bytes([0x11; 32], 1)
}

#[test]
fn commitment() {
    let expected = hex("0b440634c5b1a10008659d0600b0fc0989720882b9d0b2a4c0ee2179d5665441");
    assert_eq!(scope_key().commitment().as_slice(), expected);
    assert_eq!(scope_key().kid().as_slice(), hex("0b440634"));
}

#[test]
fn context_of_a_value() {
    let expected = hex("00096d76312f6669656c640010000102030405060708090a0b0c0d0e0f0010030303030303030303030303030303
         0300040b440634000f6d65646963616c5f7265636f72647300100101010101010101010101010101010100056e6f
         746573001002020202020202020202020202020202");
    assert_eq!(place().context(&scope_key().kid()).unwrap(), expected);
}

#[test]
fn sealed_value() {
    let expected = hex("010b44063428a0a1a2a3a4a5a6a7a8a9aaabacadaeafa0a1a2a3a4a5a6a7a8a9aaabacadaeaf000102030405066a
         f09c82fa1e228c3e6ac22599e3b36b856c27d82e924d5d8a6cad2441af4e690e7b0494fc9bb9fb1e840fa03915e8
         6f");
    let salt = [counting::<16>(0xa0), counting(0xa0)].concat().try_into().unwrap();
    let sealed = value::seal_as(&scope_key(), &place(), b"Penicillin allergy", |ctx, padded| {
        seal::seal_with(scope_key().key(), ctx, padded, salt, counting(0))
    });
    assert_eq!(sealed.unwrap(), expected);
    assert_eq!(*value::open(&scope_key(), &place(), &expected).unwrap(), b"Penicillin allergy");
}

#[test]
fn passphrase_slot() {
    let slot = Slot {
        id: [0; 16],
        kind: Kind::Pass,
        user: USER,
        v: 1,
        salt: counting(0x10),
        m: 131_072,
        t: 3,
        p: 1,
        body: Vec::new(),
    };
    let info = hex("00086d76312f736c6f74000470617373001009090909090909090909090909090909000c0002000000000003
         00000001");
    assert_eq!(slot.info(), info);
    let stretched = slot.stretch("correct horse b\u{e4}ttery staple").unwrap();
    assert_eq!(stretched.expose().as_slice(), hex("e97461e2fbf2d5a0a40f61c6bc2b83b003bb5d9008a9c982b8b85789c2470299"));
    let kek = slot.kek("correct horse ba\u{308}ttery staple", &Key::from_bytes([0x55; 32])).unwrap();
    assert_eq!(kek.expose().as_slice(), hex("68f971ed8f4d3aa6bf6b803333c320a7c0f77d45fa6a792dd081fa362e974a88"));
}

#[test]
fn user_root() {
    let signer = root().signer();
    let seed = hex("21757dde01d5e45c76cbd68de2f0f7462dccef9bf17ea172c73976b9237c922c");
    assert_eq!(signer.seed().expose().as_slice(), seed);
    let public = hex("09a8ad7af7f7ba96dac405f3712836545a1e3a7aebc9414f4811c2b4ad4fed79");
    assert_eq!(signer.public().as_slice(), public);
    let agreement = hex("c7a303eabe87190638fef2df064462de7dd8a903c89e25040381a72080679fd6");
    assert_eq!(root().agreement().seed().expose().as_slice(), agreement);
    let vault = hex("7e7587bf27057cb825ddc7d7b2f06abdf555c404e9788a75d71a4e97d0503045");
    assert_eq!(root().vault_kek().expose().as_slice(), vault);
}

#[test]
fn kit() {
    let kit = Kit::from_key(USER, Key::from_bytes([0x22; 32]));
    let account = hex("7a0bbfcb07153ca38395f6543c4fd24dd450d0e2c3faffca7df0c1b29a8308c5");
    assert_eq!(kit.account_secret().expose().as_slice(), account);
    let recovery = hex("43d68b324e3d496c556bc2109fc4e19019a054d67125ceac4a30969571dadc37");
    assert_eq!(kit.recovery().seed().expose().as_slice(), recovery);
}

#[test]
fn equality_index() {
    let epoch_key = index::epoch_key(&key(), &REALM, 1);
    assert_eq!(epoch_key.expose().as_slice(), hex("4444ee77a834741811817fdb503777248df78d26f6109af2085af2b29948aa7b"));
    let realm_key = ScopeKey::from_key(key(), REALM, 1);
    let token = realm_key.index_token(&REALM, 1, IndexKind::Email, "jane@example.org").unwrap();
    assert_eq!(token.as_slice(), hex("abf212449d7513ec8f248e55e6dc17f9"));
}

#[test]
fn signature() {
    let body = hex("0c0000001061000100000000");
    let message = hex("00076d76312f73696700046e6f74650010000102030405060708090a0b0c0d0e0f71266eda69e353651a7a4a
         6340e32c8bd245154d7b921b0331200b7536acdae6");
    assert_eq!(sign::message("note", &REALM, &body), message);
    let signature = hex("8e27f10bb06d55b5439d7971292b2a2b9e6bd3304c58c7d7880d74b60d7fce26a1449b66c66335d042d2e747
         dbc3aef6cc059ce9823892a97e9ef7007f03910d");
    let signed = sign::sign(&root().signer(), "note", &REALM, [0; 16], body);
    assert_eq!(signed.signature.as_slice(), signature);
    sign::verify(&signed, &REALM, &root().signer().public()).unwrap();
}

#[test]
fn signature_of_a_share() {
    let body = encode::lp(&[b"https://share.example/x", &[0x33; 32], b"1799999999", b"LP", b"Summary"]);
    let signature = hex("73fd604a94c8efbc7f6b72fb8da856002532e8779e3c03ff952e529303b83ba21d2ff07cd92f495955ea6a78
         c4fcd0a55f5380669c3ab252d9e8caa58febf10d");
    let signed = sign::sign(&root().signer(), "share", &REALM, [0; 16], body);
    assert_eq!(signed.signature.as_slice(), signature);
}

#[test]
fn realm_id() {
    assert_eq!(sign::realm_id(&root().signer().public()).as_slice(), hex("4ecc67d1da692973bbed481b4ecc7aed"));
}

#[test]
fn enrolment_check() {
    assert_eq!(invite::check_words(&Key::from_bytes([0x44; 32]), b"BUNDLE"), "BEHR RM7C CGYG O4ZO");
}

/// RFC 8032 section 7.1, test 1: the empty message. Shows that seeds are read as that standard means them.
#[test]
fn ed25519_of_the_standard() {
    let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let signer = Signer::from_seed(&Key::from_slice(&seed).unwrap());
    assert_eq!(signer.public().as_slice(), hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
}

/// `signed_digest` and `chain` as the specification writes them, from parts put together by hand.
#[test]
fn digests_follow_the_written_form() {
    use crate::hash_chain::{chain, document_digest, signed_digest};
    let head = [b"\0\x07mv1/doc\0\x05notes\0\x02id\0\x08".as_slice(), &[8; 8]].concat();
    let field = |name: &[u8], sealed: &[u8]| [b"\0\x01", name, b"\0\x20", &encode::sha256(sealed)].concat();
    let expected = encode::sha256(&[head.clone(), field(b"a", b"one"), field(b"b", b"two")].concat());
    let given = document_digest("notes", b"id", &[8; 8], &[("b", b"two"), ("a", b"one")]);
    assert_eq!(given, expected);

    let signed = Signed { kind: "x".into(), body: b"body".to_vec(), certificate: [5; 16], signature: [6; 64] };
    let parts: [&[u8]; 6] = [b"\0\x20", &encode::sha256(b"body"), b"\0\x10", &[5; 16], b"\0\x40", &[6; 64]];
    let expected = encode::sha256(&[head, parts.concat()].concat());
    assert_eq!(signed_digest("notes", b"id", &[8; 8], &signed), expected);

    assert_eq!(chain(None), [0; 32]);
    assert_eq!(chain(Some(&signed)), encode::sha256(&[b"body".as_slice(), &[6; 64]].concat()));
}
