//! Sealed bytes open whole, in their place, with their key, and in no other way.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use crypto::scope::ScopeKey;
use crypto::seal::{self, HEADER, Opener, SEGMENT, Sealer, TAG};
use crypto::value::{self, Place};
use crypto::{Error, Key};
use proptest::prelude::*;

const CTX: &[u8] = b"context";

fn key() -> Key {
    Key::from_bytes([7; 32])
}

fn refused(sealed: &[u8]) -> bool {
    matches!(seal::open(&key(), CTX, sealed), Err(Error::Unopenable))
}

/// A message of three segments, the last one short.
fn long_message() -> Vec<u8> {
    (0..2 * SEGMENT + 1000).map(|place| (place % 251) as u8).collect()
}

#[test]
fn every_flipped_bit_shortening_and_extension_is_refused() {
    let sealed = seal::seal(&key(), CTX, b"a small value").unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut altered = sealed.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(refused(&altered), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(refused(&sealed[..length]), "length {length}");
    }
    for tail in [&b"\0"[..], &[0; TAG], &[0; SEGMENT], &sealed] {
        assert!(refused(&[&sealed, tail].concat()));
    }
}

#[test]
fn another_key_or_context_is_refused() {
    let sealed = seal::seal(&key(), CTX, b"value").unwrap();
    assert_eq!(*seal::open(&key(), CTX, &sealed).unwrap(), b"value");
    assert!(seal::open(&Key::from_bytes([8; 32]), CTX, &sealed).is_err());
    for ctx in [&b""[..], b"contex", b"context\0", b"Context"] {
        assert!(matches!(seal::open(&key(), ctx, &sealed), Err(Error::Unopenable)));
    }
}

#[test]
fn lengths_around_every_segment_edge_come_back() {
    let first = SEGMENT - HEADER - TAG;
    let later = SEGMENT - TAG;
    let edges = [0, 1, first, first + later, first + 2 * later];
    for length in edges.into_iter().flat_map(|edge| [edge.saturating_sub(1), edge, edge + 1]) {
        let plain: Vec<u8> = (0..length).map(|place| (place % 253) as u8).collect();
        let sealed = seal::seal(&key(), CTX, &plain).unwrap();
        assert_eq!(sealed.len() as u64, seal::sealed_len(length as u64), "{length}");
        assert_eq!(sealed.len().div_ceil(SEGMENT) as u64, seal::segment_count(length as u64), "{length}");
        assert_eq!(*seal::open(&key(), CTX, &sealed).unwrap(), plain, "{length}");
    }
}

#[test]
fn dropped_reordered_and_spliced_segments_are_refused() {
    let (one, two) = (long_message(), long_message());
    let one = seal::seal(&key(), CTX, &one).unwrap();
    let two = seal::seal(&key(), CTX, &two).unwrap();
    let parts: Vec<&[u8]> = one.chunks(SEGMENT).collect();
    let others: Vec<&[u8]> = two.chunks(SEGMENT).collect();
    assert_eq!(parts.len(), 3);
    assert!(!refused(&one));
    for wrong in [
        parts[..1].concat(),
        parts[..2].concat(),
        parts[1..].concat(),
        [parts[0], parts[2]].concat(),
        [parts[1], parts[0], parts[2]].concat(),
        [parts[0], parts[1], parts[1], parts[2]].concat(),
        [parts[0], parts[1], others[2]].concat(),
        [parts[0], others[1], parts[2]].concat(),
        [others[0], parts[1], parts[2]].concat(),
        [&one, parts[2]].concat(),
    ] {
        assert!(refused(&wrong));
    }
    for length in [SEGMENT - 1, SEGMENT, SEGMENT + 1, SEGMENT + TAG, 2 * SEGMENT, one.len() - 1] {
        assert!(refused(&one[..length]), "{length}");
    }
}

#[test]
fn a_stream_gives_the_same_layout_as_one_call() {
    let plain = long_message();
    let mut sealer = Sealer::new(&key(), CTX).unwrap();
    let (mut rest, mut sealed) = (plain.as_slice(), Vec::new());
    while !rest.is_empty() {
        let (chunk, tail) = rest.split_at(rest.len().min(sealer.room()));
        sealed.push(sealer.next(chunk, tail.is_empty()).unwrap());
        rest = tail;
    }
    assert!(sealer.next(b"more", true).is_err());
    assert_eq!(*seal::open(&key(), CTX, &sealed.concat()).unwrap(), plain);

    let opener = Opener::new(&key(), CTX, &sealed[0]).unwrap();
    for index in [2, 0, 1] {
        let opened = opener.open_segment(index, index == 2, &sealed[index as usize]).unwrap();
        let (start, _) = seal::segment_span(index);
        assert_eq!(*opened, plain[start as usize..start as usize + opened.len()]);
    }
    for (index, last, bytes) in [(0, true, 0), (1, true, 1), (2, false, 2), (1, false, 2), (2, true, 1), (1, true, 2)] {
        assert!(opener.open_segment(index, last, &sealed[bytes]).is_err(), "{index} {last} {bytes}");
    }
    let mut other_header = sealed[0].clone();
    other_header[1] ^= 1;
    assert!(opener.open_segment(0, false, &other_header).is_err());
    assert!(Opener::new(&key(), CTX, &sealed[0][..HEADER - 1]).is_err());
}

#[test]
fn a_sealer_refuses_segments_of_the_wrong_length() {
    let mut sealer = Sealer::new(&key(), CTX).unwrap();
    let room = sealer.room();
    assert!(matches!(sealer.next(&vec![0; room - 1], false), Err(Error::BadForm(_))));
    assert!(matches!(sealer.next(&vec![0; room + 1], true), Err(Error::BadForm(_))));
    sealer.next(&vec![0; room], false).unwrap();
    assert_eq!(sealer.room(), SEGMENT - TAG);
    assert!(matches!(sealer.next(b"", true), Err(Error::BadForm(_))));
    sealer.next(b"x", true).unwrap();
}

/// The layout is Tink's: header, derivation and nonces rebuilt here from its description, straight on `ring`.
#[test]
fn the_layout_is_that_of_tink() {
    use ring::{aead, hkdf};
    let sealed = seal::seal(&key(), CTX, &long_message()).unwrap();
    assert_eq!(usize::from(sealed[0]), 1 + 32 + 7);
    let mut derived = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, &sealed[1..33])
        .extract(&[7; 32])
        .expand(&[CTX], hkdf::HKDF_SHA256)
        .unwrap()
        .fill(&mut derived)
        .unwrap();
    let cipher = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &derived).unwrap());
    let mut plain = Vec::new();
    for (index, segment) in sealed.chunks(SEGMENT).enumerate() {
        let mut nonce = [0; 12];
        nonce[..7].copy_from_slice(&sealed[33..40]);
        nonce[7..11].copy_from_slice(&(index as u32).to_be_bytes());
        nonce[11] = u8::from(index == 2);
        let mut body = if index == 0 { segment[40..].to_vec() } else { segment.to_vec() };
        let nonce = aead::Nonce::assume_unique_for_key(nonce);
        plain.extend_from_slice(cipher.open_in_place(nonce, aead::Aad::empty(), &mut body).unwrap());
    }
    assert_eq!(plain, long_message());
}

fn place() -> Place<'static> {
    Place { realm: &[1; 16], scope: &[2; 16], collection: "notes", id: &[3; 16], field: "body", stamp: &[4; 16] }
}

fn scope_key() -> ScopeKey {
    ScopeKey::from_key(key(), [2; 16], 1)
}

#[test]
fn every_flipped_bit_and_shortening_of_a_value_is_refused() {
    let sealed = value::seal(&scope_key(), &place(), b"Penicillin allergy").unwrap();
    assert_eq!(sealed.len(), 93);
    assert_eq!(value::kid_of(&sealed).unwrap(), scope_key().kid());
    for bit in 0..sealed.len() * 8 {
        let mut altered = sealed.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(value::open(&scope_key(), &place(), &altered), Err(Error::Unopenable)), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(matches!(value::open(&scope_key(), &place(), &sealed[..length]), Err(Error::Unopenable)));
    }
    for tail in [&b"\0"[..], b"\x80", &[0; TAG], &sealed] {
        let longer = [sealed.as_slice(), tail].concat();
        assert!(matches!(value::open(&scope_key(), &place(), &longer), Err(Error::Unopenable)));
    }
    for wrong in [&b""[..], &[1, 2, 3, 4, 5], &[2, 2, 3, 4, 5, 6]] {
        assert!(matches!(value::kid_of(wrong), Err(Error::BadForm(_))));
    }
}

#[test]
fn a_value_moved_to_any_other_place_is_refused() {
    let sealed = value::seal(&scope_key(), &place(), b"value").unwrap();
    assert_eq!(*value::open(&scope_key(), &place(), &sealed).unwrap(), b"value");
    let elsewhere = [
        Place { realm: &[9; 16], ..place() },
        Place { scope: &[9; 16], ..place() },
        Place { collection: "note", ..place() },
        Place { collection: "notesbody", field: "", ..place() },
        Place { id: &[9; 16], ..place() },
        Place { field: "title", ..place() },
        Place { stamp: &[9; 16], ..place() },
        Place { stamp: &[4; 17], ..place() },
        Place { stamp: &[4; 33], ..place() },
    ];
    for (number, place) in elsewhere.iter().enumerate() {
        assert!(matches!(value::open(&scope_key(), place, &sealed), Err(Error::Unopenable)), "place {number}");
    }
    let same_scope_other_version = ScopeKey::from_key(key(), [2; 16], 2);
    assert!(value::open(&same_scope_other_version, &place(), &sealed).is_err());
    let other_key = ScopeKey::make([2; 16], 1).unwrap();
    let mut renamed = sealed.clone();
    renamed[1..5].copy_from_slice(&other_key.kid());
    assert!(matches!(value::open(&other_key, &place(), &renamed), Err(Error::Unopenable)));
}

#[test]
fn malformed_places_are_refused_when_sealing() {
    let long = "x".repeat(70_000);
    for place in [
        Place { stamp: &[4; 7], ..place() },
        Place { stamp: &[4; 33], ..place() },
        Place { scope: &[9; 16], ..place() },
        Place { collection: &long, ..place() },
    ] {
        assert!(matches!(value::seal(&scope_key(), &place, b"value"), Err(Error::BadForm(_))));
    }
}

#[test]
fn stored_lengths_are_those_of_the_design() {
    for (plain, stored) in [(1, 93), (31, 93), (100, 189), (1000, 1085)] {
        assert_eq!(value::seal(&scope_key(), &place(), &vec![b'x'; plain]).unwrap().len(), stored);
    }
}

proptest! {
    #[test]
    fn values_come_back(plain in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let sealed = value::seal(&scope_key(), &place(), &plain).unwrap();
        prop_assert_eq!(&*value::open(&scope_key(), &place(), &sealed).unwrap(), &plain);
    }

    #[test]
    fn arbitrary_bytes_are_refused_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(seal::open(&key(), CTX, &bytes).is_err());
        prop_assert!(value::open(&scope_key(), &place(), &bytes).is_err());
    }
}
