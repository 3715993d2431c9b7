//! What is signed is the exact bytes, their kind and their realm; what is stored has one form.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use crypto::sign::{self, MAX_SIGNED, Signed, Signer};
use crypto::{Error, Key, hash_chain, row_mac};
use proptest::prelude::*;

const REALM: [u8; 16] = [1; 16];
const CERTIFICATE: [u8; 16] = [2; 16];

fn signer() -> Signer {
    Signer::from_seed(&Key::from_bytes([5; 32]))
}

fn signed() -> Signed {
    sign::sign(&signer(), "note", &REALM, CERTIFICATE, b"body".to_vec())
}

/// As a reader does: read, find the key by its certificate, verify, and compare the kind with the one expected.
fn accepted(bytes: &[u8]) -> bool {
    Signed::from_bytes(bytes).is_ok_and(|read| {
        read.certificate == CERTIFICATE
            && read.kind == "note"
            && sign::verify(&read, &REALM, &signer().public()).is_ok()
    })
}

#[test]
fn a_signature_holds_for_kind_realm_body_and_key() {
    let whole = signed();
    assert_eq!(sign::verify(&whole, &REALM, &signer().public()), Ok(()));
    assert_eq!(sign::verify(&whole, &[0; 16], &signer().public()), Err(Error::Unopenable));
    assert_eq!(sign::verify(&whole, &REALM, &Signer::make().unwrap().public()), Err(Error::Unopenable));
    assert_eq!(sign::verify(&whole, &REALM, &[0xff; 32]), Err(Error::Unopenable));
    let other_kind = Signed { kind: "notes".into(), ..whole.clone() };
    assert_eq!(sign::verify(&other_kind, &REALM, &signer().public()), Err(Error::Unopenable));
    let other_body = Signed { body: b"bodz".to_vec(), ..whole.clone() };
    assert_eq!(sign::verify(&other_body, &REALM, &signer().public()), Err(Error::Unopenable));
    for bit in 0..512 {
        let mut altered = whole.clone();
        altered.signature[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(sign::verify(&altered, &REALM, &signer().public()), Err(Error::Unopenable), "bit {bit}");
    }
}

#[test]
fn every_flipped_bit_shortening_and_extension_of_the_stored_form_is_refused() {
    let bytes = signed().to_bytes();
    assert!(accepted(&bytes));
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(!accepted(&altered), "bit {bit}");
    }
    for length in 0..bytes.len() {
        assert!(Signed::from_bytes(&bytes[..length]).is_err());
    }
    assert!(Signed::from_bytes(&[bytes.as_slice(), b"\0"].concat()).is_err());
}

#[test]
fn an_object_has_one_stored_form() {
    use bson::{Binary, doc, spec::BinarySubtype};
    let binary = |bytes: &[u8]| Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_vec() };
    let it = signed();
    let (body, certificate, signature) = (binary(&it.body), binary(&it.certificate), binary(&it.signature));
    let usual = doc! { "t": "note", "b": body.clone(), "c": certificate.clone(), "s": signature.clone() };
    assert_eq!(usual.to_vec().unwrap(), it.to_bytes());

    let mut additional = usual.clone();
    additional.insert("x", 1);
    let reordered = doc! { "b": body.clone(), "t": "note", "c": certificate.clone(), "s": signature.clone() };
    let mut other_subtype = usual.clone();
    other_subtype.insert("c", Binary { subtype: BinarySubtype::Uuid, bytes: it.certificate.to_vec() });
    let mut without = usual.clone();
    without.remove("s");
    let mut nameless = usual.clone();
    nameless.insert("t", "");
    let mut long_name = usual.clone();
    long_name.insert("t", "x".repeat(65));
    let mut short_signature = usual.clone();
    short_signature.insert("s", binary(&it.signature[..63]));
    for wrong in [additional, reordered, other_subtype, without, nameless, long_name, short_signature] {
        assert!(matches!(Signed::from_bytes(&wrong.to_vec().unwrap()), Err(Error::BadForm(_))), "{wrong}");
    }
}

#[test]
fn stored_objects_are_bounded() {
    let largest = MAX_SIGNED - signed().to_bytes().len() + 4;
    let of = |length| sign::sign(&signer(), "note", &REALM, CERTIFICATE, vec![0; length]).to_bytes();
    assert!(Signed::from_bytes(&of(largest)).is_ok());
    assert!(matches!(Signed::from_bytes(&of(largest + 1)), Err(Error::BadForm(_))));
}

#[test]
fn nothing_of_the_body_is_shown() {
    let shown = format!("{:?}", sign::sign(&signer(), "note", &REALM, CERTIFICATE, b"allergy".to_vec()));
    assert!(shown.contains("note") && !shown.contains("allergy") && !shown.contains("97, 108"));
}

#[test]
fn a_journal_is_linked_by_body_and_signature() {
    let first = signed();
    let link = hash_chain::chain(Some(&first));
    assert_ne!(link, hash_chain::chain(None));
    let mut altered = first.clone();
    altered.signature[0] ^= 1;
    assert_ne!(link, hash_chain::chain(Some(&altered)));
    assert_ne!(link, hash_chain::chain(Some(&Signed { body: b"bodz".to_vec(), ..first })));
}

#[test]
fn a_digest_depends_on_every_part_but_not_on_the_order_of_fields() {
    let digest = hash_chain::document_digest;
    let whole = digest("notes", b"id", b"stamp", &[("a", b"1"), ("b", b"2")]);
    assert_eq!(whole, digest("notes", b"id", b"stamp", &[("b", b"2"), ("a", b"1")]));
    let long = "x".repeat(70_000);
    let others = [
        digest("note", b"id", b"stamp", &[("a", b"1"), ("b", b"2")]),
        digest("notes", b"ie", b"stamp", &[("a", b"1"), ("b", b"2")]),
        digest("notes", b"id", b"stamq", &[("a", b"1"), ("b", b"2")]),
        digest("notes", b"ids", b"tamp", &[("a", b"1"), ("b", b"2")]),
        digest("notes", b"id", b"stamp", &[("a", b"2"), ("b", b"1")]),
        digest("notes", b"id", b"stamp", &[("a", b"1")]),
        digest("notes", b"id", b"stamp", &[("a", b"1"), (&long, b"2")]),
        digest(&long, b"id", b"stamp", &[("a", b"1"), ("b", b"2")]),
    ];
    assert!(others.iter().all(|other| *other != whole));

    let of = |signed: &Signed| hash_chain::signed_digest("certs", b"id", b"stamp", signed);
    let it = signed();
    let whole = of(&it);
    assert_ne!(whole, of(&Signed { certificate: [3; 16], ..it.clone() }));
    assert_ne!(whole, of(&Signed { body: b"bodz".to_vec(), ..it.clone() }));
    assert_ne!(whole, of(&Signed { signature: [0; 64], ..it }));
}

#[test]
fn the_accumulator_forgets_what_is_taken_out_and_notices_what_is_put_back() {
    let key = row_mac::RowKey::from_vault_key(&Key::from_bytes([1; 32]));
    let [old, new, other] = [b"old", b"new", b"xyz"].map(|row| key.term("notes", b"id", b"stamp", row));
    let mut sum = [0; 32];
    row_mac::fold(&mut sum, &old);
    row_mac::fold(&mut sum, &other);
    let before = sum;
    row_mac::fold(&mut sum, &old);
    row_mac::fold(&mut sum, &new);
    assert_ne!(sum, before);
    row_mac::fold(&mut sum, &new);
    row_mac::fold(&mut sum, &other);
    assert_eq!(sum, [0; 32]);

    assert_ne!(old, key.term("note", b"id", b"stamp", b"old"));
    assert_ne!(old, key.term("notes", b"ie", b"stamp", b"old"));
    assert_ne!(old, key.term("notes", b"id", b"stamq", b"old"));
    let elsewhere = row_mac::RowKey::from_vault_key(&Key::from_bytes([2; 32]));
    assert_ne!(old, elsewhere.term("notes", b"id", b"stamp", b"old"));
}

proptest! {
    #[test]
    fn signed_objects_come_back(kind in "[a-z-]{1,64}", body in proptest::collection::vec(any::<u8>(), 0..500)) {
        let made = sign::sign(&signer(), &kind, &REALM, CERTIFICATE, body);
        let read = Signed::from_bytes(&made.to_bytes()).unwrap();
        prop_assert!(read == made);
        prop_assert_eq!(sign::verify(&read, &REALM, &signer().public()), Ok(()));
    }

    #[test]
    fn arbitrary_bytes_are_refused_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Signed::from_bytes(&bytes).is_err());
    }
}
