//! What a maker of links promises, row by row: P1 to P5 (P6 to P8 stand with the files and the codes).
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use share::link::{Flags, Link, LinkKey, URL_MAX, make_id};

fn url() -> String {
    format!("https://links.example.org/shl/{}", make_id().unwrap())
}

fn made(url: &str, exp: Option<u64>, flags: Flags, label: Option<&str>) -> Result<Link, share::Error> {
    Link::make(url, LinkKey::make().unwrap(), exp, flags, label)
}

/// The payload as a reader that knows nothing of ours sees it.
fn payload(link: &Link) -> Value {
    let text = link.to_text();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text.strip_prefix("shlink:/").unwrap()).unwrap()).unwrap()
}

fn refusal(made: Result<Link, share::Error>) -> &'static str {
    made.map_or_else(|e| e.code(), |_| "ok")
}

#[test]
fn p1_the_address_has_at_most_128_characters_and_256_random_bits() {
    let good = url();
    assert_eq!(URL_SAFE_NO_PAD.decode(good.rsplit('/').next().unwrap()).unwrap().len(), 32);
    let full = format!("{good}/{}", "x".repeat(URL_MAX - good.len() - 1));
    assert_eq!(payload(&made(&full, None, Flags::direct(), None).unwrap())["url"].as_str().unwrap().len(), 128);
    assert_eq!(refusal(made(&format!("{full}x"), None, Flags::direct(), None)), "bad_link");
    assert_eq!(refusal(made(&good[..good.len() - 1], None, Flags::direct(), None)), "bad_link", "255 bits and less");
    let ids: HashSet<String> = (0..10_000).map(|_| make_id().unwrap()).collect();
    assert_eq!(ids.len(), 10_000);
    // Each of the 256 bits is on in about half of ten thousand ids: six standard deviations are 300.
    for bit in 0..256 {
        let on = ids.iter().filter(|id| URL_SAFE_NO_PAD.decode(id).unwrap()[bit / 8] >> (bit % 8) & 1 == 1).count();
        assert!((4_700..=5_300).contains(&on), "bit {bit}: {on}");
    }
}

#[test]
fn p2_the_key_has_43_characters_and_is_fresh() {
    let link = made(&url(), None, Flags::direct(), None).unwrap();
    let text = payload(&link)["key"].as_str().unwrap().to_owned();
    assert_eq!((text.len(), URL_SAFE_NO_PAD.decode(&text).unwrap().len()), (43, 32));
    let keys: HashSet<[u8; 32]> = (0..10_000).map(|_| *LinkKey::make().unwrap().as_bytes()).collect();
    assert_eq!(keys.len(), 10_000);
}

#[test]
fn p3_flags_are_in_order_and_a_direct_file_has_no_passcode() {
    for (long_term, passcode, direct, expected) in [
        (true, true, false, Some("LP")),
        (true, false, false, Some("L")),
        (false, true, false, Some("P")),
        (true, false, true, Some("LU")),
        (false, false, true, Some("U")),
        (false, false, false, None),
    ] {
        let mut flags = Flags::manifest(long_term, passcode);
        flags.direct = direct;
        let link = made(&url(), None, flags, None).unwrap();
        assert_eq!(payload(&link).get("flag").and_then(Value::as_str), expected);
    }
    for long_term in [true, false] {
        let mut both = Flags::manifest(long_term, true);
        both.direct = true;
        assert_eq!(refusal(made(&url(), None, both, None)), "bad_link");
    }
}

#[test]
fn p4_the_end_is_a_whole_number_of_seconds() {
    let link = made(&url(), Some(1_900_000_000), Flags::direct(), None).unwrap();
    assert_eq!(payload(&link)["exp"].as_u64(), Some(1_900_000_000));
    assert!(payload(&made(&url(), None, Flags::direct(), None).unwrap()).get("exp").is_none());
}

#[test]
fn p5_a_label_has_at_most_80_characters_and_nothing_hidden() {
    assert_eq!(refusal(made(&url(), None, Flags::direct(), Some(&"ä".repeat(80)))), "ok");
    for bad in [&"ä".repeat(81), "a\u{202e}b", "a\u{0}b", " padded "] {
        assert_eq!(refusal(made(&url(), None, Flags::direct(), Some(bad))), "bad_link", "{bad:?}");
    }
}
