//! Encrypted files: the standard's example, what must be refused, bombs, and IVs.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::{Compression, write::DeflateEncoder};
use proptest::prelude::*;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use share::jwe::{INFLATED_MAX, Limits, decrypt, encrypt};
use share::link::{Link, LinkKey};

const FHIR: &str = "application/fhir+json";

fn key() -> LinkKey {
    LinkKey::from_bytes([9u8; 32].into())
}

/// A JWE with any header, made without the room's own code.
fn sealed(header: &str, content: &[u8]) -> String {
    let header = URL_SAFE_NO_PAD.encode(header);
    let aead = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[9u8; 32]).unwrap());
    let mut content = content.to_vec();
    let tag = aead
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key([3; 12]), Aad::from(header.as_bytes()), &mut content)
        .unwrap();
    let [iv, content, tag] = [&[3u8; 12][..], &content, tag.as_ref()].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}..{iv}.{content}.{tag}")
}

fn deflated(plain: &[u8]) -> Vec<u8> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
    packer.write_all(plain).unwrap();
    packer.finish().unwrap()
}

fn code(text: &str) -> &'static str {
    decrypt(&key(), text, Limits::default()).map_or_else(|e| e.code(), |_| "ok")
}

#[test]
fn r1_the_example_of_the_standard_opens_to_its_bundle() {
    let link = Link::parse(include_str!("data/IPS_IG-bundle-01-shl.txt")).unwrap();
    let opened = decrypt(link.key(), include_str!("data/IPS_IG-bundle-01-enc.txt"), Limits::default()).unwrap();
    assert_eq!(opened.bytes, include_bytes!("data/IPS_IG-bundle-01.json"));
    assert_eq!(opened.content_type, None);
}

#[test]
fn r1_a_signed_file_is_told_apart() {
    assert_eq!(code(include_str!("data/CARIN_INS_CD-bundle-01-enc.txt")), "not_encrypted");
}

#[test]
fn p6_what_is_sealed_opens_packed_or_not_and_has_the_exact_header() {
    let bundle = include_bytes!("data/IPS_IG-bundle-01.json");
    for (deflate, header) in [
        (false, r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json"}"#),
        (true, r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json","zip":"DEF"}"#),
    ] {
        let text = encrypt(&key(), FHIR, bundle, deflate).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.decode(text.split('.').next().unwrap()).unwrap(), header.as_bytes());
        let opened = decrypt(&key(), &text, Limits::default()).unwrap();
        assert_eq!(opened.bytes, bundle);
        assert_eq!(opened.content_type.as_deref(), Some(FHIR));
        assert!(!deflate || text.len() < bundle.len() / 3, "{} of {}", text.len(), bundle.len());
    }
}

#[test]
fn packing_that_a_careful_reader_would_refuse_is_left_out() {
    let zeros = vec![0u8; 3_000_000];
    let text = encrypt(&key(), FHIR, &zeros, true).unwrap();
    assert!(text.len() > zeros.len());
    assert_eq!(decrypt(&key(), &text, Limits::default()).unwrap().bytes.len(), zeros.len());
    assert_eq!(encrypt(&key(), FHIR, &vec![0u8; INFLATED_MAX + 1], true).unwrap_err().code(), "too_much_to_share");
    assert_eq!(encrypt(&key(), FHIR, &vec![0u8; 13_000_000], false).unwrap_err().code(), "too_much_to_share");
}

#[test]
fn r3_everything_that_links_do_not_allow_is_refused() {
    let good = r#"{"alg":"dir","enc":"A256GCM"}"#;
    for (header, expected) in [
        (good, "ok"),
        (r#"{"alg":"dir","enc":"A256GCM","kid":"x","typ":"JOSE","unknown":{"a":1}}"#, "ok"),
        (r#"{"enc":"A256GCM"}"#, "foreign_encryption"),
        (r#"{"alg":"none","enc":"A256GCM"}"#, "foreign_encryption"),
        (r#"{"alg":"A256KW","enc":"A256GCM"}"#, "foreign_encryption"),
        (r#"{"alg":"DIR","enc":"A256GCM"}"#, "foreign_encryption"),
        (r#"{"alg":"dir"}"#, "foreign_encryption"),
        (r#"{"alg":"dir","enc":"A128GCM"}"#, "foreign_encryption"),
        (r#"{"alg":"dir","enc":"A256CBC-HS512"}"#, "foreign_encryption"),
        (r#"{"alg":"dir","enc":"A256GCM","crit":["exp"]}"#, "foreign_encryption"),
        (r#"{"alg":"dir","enc":"A256GCM","crit":[]}"#, "foreign_encryption"),
        (r#"{"alg":"dir","enc":"A256GCM","crit":null}"#, "foreign_encryption"),
        (r#"{"alg":"dir","enc":"A256GCM","p2c":1000000}"#, "foreign_encryption"),
        (r#"{"alg":"dir","enc":"A256GCM","zip":"GZ"}"#, "foreign_encryption"),
        (r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#, "bad_jwe"),
        (r#"{"alg":"dir","alg":"dir","enc":"A256GCM"}"#, "bad_jwe"),
        (r#"{"alg":["dir"],"enc":"A256GCM"}"#, "bad_jwe"),
        ("[]", "bad_jwe"),
        ("not JSON", "bad_jwe"),
    ] {
        assert_eq!(code(&sealed(header, b"\xff\xffnot deflate")), expected, "{header}");
    }
    let long = format!(r#"{{"alg":"dir","enc":"A256GCM","x":"{}"}}"#, "x".repeat(4000));
    assert_eq!(code(&sealed(&long, b"a")), "bad_jwe");
}

#[test]
fn r3_every_damaged_form_is_refused() {
    let text = sealed(r#"{"alg":"dir","enc":"A256GCM"}"#, b"{}");
    let parts: Vec<&str> = text.split('.').collect();
    let with = |at: usize, part: &str| {
        let mut parts = parts.clone();
        parts[at] = part;
        parts.join(".")
    };
    let [iv_11, iv_13, tag_15, tag_17] = [11, 13, 15, 17].map(|n| URL_SAFE_NO_PAD.encode(vec![3u8; n]));
    for (bad, expected) in [
        (String::new(), "bad_jwe"),
        ("....".into(), "bad_jwe"),
        ("a.b".into(), "bad_jwe"),
        (format!("{text}.x"), "bad_jwe"),
        (with(1, "AAAA"), "foreign_encryption"),
        (with(2, &iv_11), "bad_jwe"),
        (with(2, &iv_13), "bad_jwe"),
        (with(2, ""), "bad_jwe"),
        (with(4, &tag_15), "bad_jwe"),
        (with(4, &tag_17), "bad_jwe"),
        (with(4, ""), "bad_jwe"),
        (with(0, "!!!"), "bad_jwe"),
        (with(3, "+/+/"), "bad_jwe"),
        (with(3, ""), "wrong_key"),
        (with(3, "AAA"), "wrong_key"),
    ] {
        assert_eq!(code(&bad), expected, "{bad}");
    }
    assert_eq!(code(&format!("  {text}\r\n")), "ok");
    let other = LinkKey::make().unwrap();
    assert_eq!(decrypt(&other, &text, Limits::default()).unwrap_err().code(), "wrong_key");
}

#[test]
fn the_header_is_authenticated() {
    let text = sealed(r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json"}"#, b"{}");
    let (_, rest) = text.split_once('.').unwrap();
    let other = URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+xml!"}"#);
    assert_eq!(code(&format!("{other}.{rest}")), "wrong_key");
}

#[test]
fn every_flipped_bit_shortening_and_extension_is_refused() {
    let whole = encrypt(&key(), FHIR, b"{\"resourceType\":\"Bundle\"}", false).unwrap();
    assert_eq!(code(&whole), "ok");
    for bit in 0..whole.len() * 8 {
        let mut altered = whole.clone().into_bytes();
        altered[bit / 8] ^= 1 << (bit % 8);
        // A text with a byte above 127 is no text of ASCII, and mostly no text at all.
        if let Ok(text) = String::from_utf8(altered) {
            assert_ne!(code(&text), "ok", "bit {bit}");
        }
    }
    for length in 0..whole.len() {
        assert_ne!(code(&whole[..length]), "ok", "length {length}");
    }
    for tail in ["A", "AA", "AAAA", ".", "=", &whole] {
        assert_ne!(code(&format!("{whole}{tail}")), "ok", "{tail}");
    }
}

#[test]
fn r2_a_bomb_stops_at_the_cap() {
    let header = r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#;
    let by_ratio = sealed(header, &deflated(&vec![0u8; 1_000_000]));
    assert_eq!(code(&by_ratio), "bomb");
    // Below the ratio and above the length: text that packs about thirty to one.
    let mut text = Vec::new();
    for i in 0u32.. {
        text.extend_from_slice(format!("{:>40}", i.wrapping_mul(2_654_435_761) % 997).as_bytes());
        if text.len() > INFLATED_MAX {
            break;
        }
    }
    let packed = deflated(&text);
    assert!(packed.len() * 100 > text.len(), "the ratio must not be what stops it");
    let by_length = sealed(header, &packed);
    let share::Error::Bomb { limit } = decrypt(&key(), &by_length, Limits::default()).unwrap_err() else {
        panic!("no bomb")
    };
    assert_eq!(limit, INFLATED_MAX);
    let exactly = sealed(header, &deflated(&text[..INFLATED_MAX]));
    assert_eq!(decrypt(&key(), &exactly, Limits::default()).unwrap().bytes.len(), INFLATED_MAX);
}

#[test]
fn what_comes_after_the_limits_is_not_looked_at() {
    let small = Limits { wire: 100, inflated: 10, ratio: 100 };
    assert_eq!(decrypt(&key(), &"x".repeat(101), small).unwrap_err().code(), "too_much");
    let text = sealed(r#"{"alg":"dir","enc":"A256GCM"}"#, b"eleven byte");
    assert_eq!(decrypt(&key(), &text, Limits { wire: 1000, ..small }).unwrap_err().code(), "too_much");
}

#[test]
fn p7_a_hundred_thousand_ivs_are_all_different() {
    let key = key();
    let ivs: HashSet<String> = (0..100_000)
        .map(|_| encrypt(&key, FHIR, b"{}", false).unwrap().split('.').nth(2).unwrap().to_owned())
        .collect();
    assert_eq!(ivs.len(), 100_000);
}

proptest! {
    #[test]
    fn no_text_makes_opening_panic(text in "\\PC{0,200}") {
        let _ = decrypt(&key(), &text, Limits::default());
    }

    #[test]
    fn no_header_and_no_content_makes_opening_panic(header in "\\PC{0,60}", content in prop::collection::vec(any::<u8>(), 0..200), zip in any::<bool>()) {
        let _ = decrypt(&key(), &sealed(&header, &content), Limits::default());
        let zip = if zip { r#","zip":"DEF""# } else { "" };
        let _ = decrypt(&key(), &sealed(&format!(r#"{{"alg":"dir","enc":"A256GCM"{zip}}}"#), &content), Limits::default());
    }

    #[test]
    fn what_is_sealed_opens(plain in prop::collection::vec(any::<u8>(), 0..3000), deflate in any::<bool>()) {
        let text = encrypt(&key(), FHIR, &plain, deflate).unwrap();
        prop_assert_eq!(decrypt(&key(), &text, Limits::default()).unwrap().bytes, plain);
    }

    #[test]
    fn no_flipped_bit_passes(at in any::<prop::sample::Index>()) {
        let text = sealed(r#"{"alg":"dir","enc":"A256GCM"}"#, b"{\"resourceType\":\"Bundle\"}");
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        prop_assert!(decrypt(&key(), std::str::from_utf8(&bytes).unwrap(), Limits::default()).is_err());
    }
}
