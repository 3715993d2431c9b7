//! Links: the standard's examples, every malformed form, and the laws of writing and reading.
#![allow(clippy::unwrap_used, reason = "tests")]

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};
use share::link::{Flags, Link, LinkKey, TEXT_MAX, URL_MAX, make_id};

const SPEC_URL: &str = "https://ehr.example.org/qr/Y9xwkUdtmN9wwoJoN3ffJIhX2UGvCL1JnlPVNL3kDWM/m";
const SPEC_KEY: &str = "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q";
const SPEC_LABEL: &str = "Back-to-school immunizations for Oliver Brown";
/// From the page of the standard, "Construct a SMART Health Link Payload".
const SPEC_PAYLOAD: &str = "eyJ1cmwiOiJodHRwczovL2Voci5leGFtcGxlLm9yZy9xci9ZOXh3a1VkdG1OOXd3b0pvTjNmZkpJaFgyVUd2Q0wxSm5sUFZOTDNrRFdNL20iLCJmbGFnIjoiTFAiLCJrZXkiOiJyeFRnWWxPYUtKUEZ0Y0VkMHFjY2VOOHdFVTRwOTRTcUF3SVdRZTZ1WDdRIiwibGFiZWwiOiJCYWNrLXRvLXNjaG9vbCBpbW11bml6YXRpb25zIGZvciBPbGl2ZXIgQnJvd24ifQ";

fn encoded(payload: &str) -> String {
    format!("shlink:/{}", URL_SAFE_NO_PAD.encode(payload))
}

fn code(text: &str) -> &'static str {
    Link::parse(text).map_or_else(|e| e.code(), |_| "ok")
}

#[test]
fn r1_the_example_of_the_standard_reads_and_writes_back_to_the_same_text() {
    let text = format!("shlink:/{SPEC_PAYLOAD}");
    let link = Link::parse(&text).unwrap();
    assert_eq!(link.url(), SPEC_URL);
    assert_eq!(*link.key().to_text(), SPEC_KEY);
    assert_eq!(link.label().as_deref(), Some(SPEC_LABEL));
    assert_eq!(link.flags(), Flags::manifest(true, true));
    assert_eq!(link.exp(), None);
    assert_eq!(*link.to_text(), text);
    assert_eq!(*link.to_text_for("https://viewer.example.org#").unwrap(), format!("https://viewer.example.org#{text}"));
}

#[test]
fn r1_every_form_in_which_a_link_is_handed_over_is_read() {
    let half = SPEC_PAYLOAD.len() / 2;
    let wrapped = format!(" \r\n shlink:/{}\r\n {}\n", &SPEC_PAYLOAD[..half], &SPEC_PAYLOAD[half..]);
    let padded = format!("shlink:/{}", URL_SAFE.encode(URL_SAFE_NO_PAD.decode(SPEC_PAYLOAD).unwrap()));
    for text in [
        format!("shlink:/{SPEC_PAYLOAD}"),
        format!("shlink://{SPEC_PAYLOAD}"),
        format!("SHLink:/{SPEC_PAYLOAD}"),
        format!("https://viewer.example.org#shlink:/{SPEC_PAYLOAD}"),
        format!("https://viewer.example.org/a/b?c=d#shlink:/{SPEC_PAYLOAD}"),
        format!("https://viewer.example.org/#shlink://{SPEC_PAYLOAD}"),
        wrapped,
        padded,
    ] {
        assert_eq!(Link::parse(&text).unwrap().url(), SPEC_URL, "{text}");
    }
}

#[test]
fn r1_published_links_are_read_in_both_forms() {
    let details: Value =
        serde_json::from_str(include_str!("data/120day_raw_obs_unguessable_shl_id0000000000.details.json")).unwrap();
    for form in ["shlink", "shlinkBare"] {
        let link = Link::parse(details[form].as_str().unwrap()).unwrap();
        assert_eq!(link.url(), details["shlinkJsonPayload"]["url"]);
        assert_eq!(link.label().as_deref(), Some("Josh's CGM Data"));
        assert!(link.flags().direct && link.flags().long_term && !link.flags().passcode);
    }
    let payload = include_str!("data/shl-payload-1.json");
    assert_eq!(code(&encoded(payload)), "damaged_link", "exp is text there");
}

#[test]
fn r3_every_malformed_link_is_refused_with_a_code() {
    let with = |members: Value| {
        let mut all = json!({"url": SPEC_URL, "key": SPEC_KEY});
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        encoded(&all.to_string())
    };
    let short_key = URL_SAFE_NO_PAD.encode([1u8; 31]);
    let long_key = URL_SAFE_NO_PAD.encode([1u8; 33]);
    let table = [
        (String::new(), "not_a_link"),
        ("hello".into(), "not_a_link"),
        ("https://viewer.example.org#".into(), "not_a_link"),
        ("https://viewer.example.org/shlink:/abc".into(), "not_a_link"),
        (format!("shclink:/{SPEC_PAYLOAD}"), "not_a_link"),
        ("shlink:/".into(), "damaged_link"),
        ("shlink:/%%%".into(), "damaged_link"),
        (format!("shlink:/{}", &SPEC_PAYLOAD[..60]), "damaged_link"),
        (format!("shlink:/{SPEC_PAYLOAD}!"), "damaged_link"),
        (encoded("[]"), "damaged_link"),
        (encoded("\"text\""), "damaged_link"),
        (encoded("{}"), "damaged_link"),
        (encoded(&format!("{{\"url\":\"{SPEC_URL}\",\"key\":\"{SPEC_KEY}\"}} x")), "damaged_link"),
        (encoded(&json!({"url": SPEC_URL}).to_string()), "damaged_link"),
        (encoded(&json!({"key": SPEC_KEY}).to_string()), "damaged_link"),
        (encoded(&format!("{{\"url\":\"{SPEC_URL}\",\"url\":\"{SPEC_URL}\",\"key\":\"{SPEC_KEY}\"}}")), "damaged_link"),
        (encoded(&format!("{{\"url\":\"{SPEC_URL}\",\"key\":\"{SPEC_KEY}\",\"key\":\"{SPEC_KEY}\"}}")), "damaged_link"),
        (encoded(&format!("{{\"url\":\"{SPEC_URL}\",\"key\":\"{SPEC_KEY}\",\"_a\":1,\"_a\":2}}")), "damaged_link"),
        (with(json!({"key": short_key})), "damaged_link"),
        (with(json!({"key": long_key})), "damaged_link"),
        (with(json!({"key": ""})), "damaged_link"),
        (with(json!({"key": null})), "damaged_link"),
        (with(json!({"key": 5})), "damaged_link"),
        (with(json!({"key": SPEC_KEY.replace('r', "+")})), "damaged_link"),
        (with(json!({"url": null})), "damaged_link"),
        (with(json!({"url": "not an address"})), "damaged_link"),
        (with(json!({"url": "ftp://a.example/f"})), "damaged_link"),
        (with(json!({"url": "javascript:alert(1)"})), "damaged_link"),
        (with(json!({"url": "file:///etc/passwd"})), "damaged_link"),
        (with(json!({"url": "https://user:word@a.example/f"})), "damaged_link"),
        (with(json!({"url": "https://a.example/f#g"})), "damaged_link"),
        (with(json!({"exp": "1767225600000"})), "damaged_link"),
        (with(json!({"exp": -1})), "damaged_link"),
        (with(json!({"exp": {}})), "damaged_link"),
        (with(json!({"flag": 1})), "damaged_link"),
        (with(json!({"flag": "PU"})), "damaged_link"),
        (with(json!({"label": ["a"]})), "damaged_link"),
        (with(json!({"v": "1"})), "damaged_link"),
        (with(json!({"v": 2})), "newer_link"),
        (with(json!({"v": 2, "key": "another form"})), "newer_link"),
        ("x".repeat(TEXT_MAX + 1), "link_too_long"),
        ("shc:/5676".into(), "health_card"),
        ("shc:/567".into(), "damaged_card"),
    ];
    for (text, expected) in table {
        assert_eq!(code(&text), expected, "{text:.120}");
    }
}

#[test]
fn what_readers_must_tolerate_is_tolerated_and_kept() {
    let payload = format!(
        "{{\"_i\":{{\"b\":[1,2]}},\"label\":\"Ä \\\"quoted\\\"\",\"exp\":1900000000,\"key\":\"{SPEC_KEY}\",\"v\":1,\"flag\":\"LXZ\",\"url\":\"{SPEC_URL}\",\"other\":null}}"
    );
    let link = Link::parse(&encoded(&payload)).unwrap();
    assert_eq!(link.exp(), Some(1_900_000_000));
    assert!(link.flags().long_term && !link.flags().direct);
    assert_eq!(link.extra("_i"), Some(&json!({"b": [1, 2]})));
    assert_eq!(*link.to_text(), encoded(&payload));
    let nulls = json!({"url": SPEC_URL, "key": SPEC_KEY, "exp": null, "flag": null, "label": null, "v": null});
    let link = Link::parse(&encoded(&nulls.to_string())).unwrap();
    assert_eq!((link.exp(), link.label(), link.flags()), (None, None, Flags::default()));
    let fraction = json!({"url": SPEC_URL, "key": SPEC_KEY, "exp": 1767225600.75});
    assert_eq!(Link::parse(&encoded(&fraction.to_string())).unwrap().exp(), Some(1_767_225_600));
}

#[test]
fn a_newer_link_shows_its_label_cleaned() {
    let newer = json!({"v": 3, "label": "Dr\u{202e} Ann\u{0}", "url": 7, "whatever": true, "key": "?"});
    assert_eq!(code(&encoded(&newer.to_string())), "damaged_link", "a url that is no text cannot be read past");
    let newer = json!({"v": 3, "label": "Dr\u{202e} Ann\u{0}", "whatever": true});
    let share::Error::NewerLink { version, label } = Link::parse(&encoded(&newer.to_string())).unwrap_err() else {
        panic!("not newer")
    };
    assert_eq!((version, label.as_deref()), (3, Some("Dr Ann")));
}

#[test]
fn making_keeps_the_rules_of_the_standard() {
    let key = || LinkKey::make().unwrap();
    let url = format!("https://links.example.org/shl/{}", make_id().unwrap());
    let refused = |url: &str, flags: Flags, label: Option<&str>| {
        Link::make(url, key(), None, flags, label).map_or_else(|e| e.code(), |_| "ok")
    };
    let mut both = Flags::direct();
    both.passcode = true;
    assert_eq!(refused(&url, both, None), "bad_link");
    assert_eq!(refused(&url, Flags::direct(), Some(&"ä".repeat(80))), "ok");
    assert_eq!(refused(&url, Flags::direct(), Some(&"ä".repeat(81))), "bad_link");
    assert_eq!(refused(&url, Flags::direct(), Some("a\u{202e}b")), "bad_link");
    assert_eq!(refused("https://links.example.org/shl/short", Flags::direct(), None), "bad_link");
    assert_eq!(refused("nonsense", Flags::direct(), None), "bad_link");
    assert_eq!(refused(&url.replace("https", "ftp"), Flags::direct(), None), "bad_link");
    let full = format!("{url}/{}", "x".repeat(URL_MAX - url.len() - 1));
    assert_eq!(refused(&full, Flags::direct(), None), "ok");
    assert_eq!(refused(&format!("{full}x"), Flags::direct(), None), "bad_link");
    let link = Link::make(&url, key(), Some(5), Flags::manifest(true, true), Some("For Ann")).unwrap();
    assert!(link.clone().with_extra("i", json!(1)).is_err());
    let link = link.with_extra("_i", json!("c1")).unwrap();
    assert!(link.clone().with_extra("_i", json!(1)).is_err());
    let again = Link::parse(&link.to_text()).unwrap();
    assert_eq!(again.extra("_i"), Some(&json!("c1")));
    assert_eq!(again.flags().to_text(), "LP");
    assert!(link.to_text_for("http://viewer.example.org#").is_err());
    assert!(link.to_text_for("https://viewer.example.org").is_err());
}

#[test]
fn links_fit_a_code_that_a_phone_reads_from_a_screen() {
    let url = format!("https://links.example.org/shl/{}", make_id().unwrap());
    let link = |label: Option<&str>| {
        Link::make(&url, LinkKey::make().unwrap(), Some(1_900_000_000), Flags::direct(), label).unwrap()
    };
    // Byte capacities at level M: version 11 holds 251, version 15 holds 412 (ISO/IEC 18004, table 7).
    assert!(link(None).to_text().len() <= 251);
    assert!(link(Some(&"x".repeat(80))).to_text_for("https://viewer.example.org/#").unwrap().len() <= 412);
}

#[test]
fn a_link_ends_at_its_second() {
    let url = format!("https://links.example.org/shl/{}", make_id().unwrap());
    let link = Link::make(&url, LinkKey::make().unwrap(), Some(100), Flags::direct(), None).unwrap();
    assert!(!link.expired(99) && link.expired(100) && link.expired(101));
}

#[test]
fn nothing_secret_is_printed() {
    let link = Link::parse(&format!("shlink:/{SPEC_PAYLOAD}")).unwrap();
    let printed = format!("{link:?} {:?}", link.preview());
    assert!(!printed.contains(SPEC_KEY) && !printed.contains("Y9xwkUdt"), "{printed}");
    assert_eq!(link.preview().host, "ehr.example.org");
}

#[test]
fn ids_and_keys_are_fresh() {
    let ids: std::collections::HashSet<String> = (0..1000).map(|_| make_id().unwrap()).collect();
    assert_eq!(ids.len(), 1000);
    assert!(ids.iter().all(|id| id.len() == 43));
    assert_ne!(LinkKey::make().unwrap().as_bytes(), LinkKey::make().unwrap().as_bytes());
}

#[test]
fn health_cards_are_recognised_and_decoded() {
    let one = share::card::part(include_str!("data/example-00-f-qr-code-numeric-value-0.txt")).unwrap().unwrap();
    assert_eq!((one.index, one.count), (1, 1));
    assert_eq!(one.jws, include_str!("data/example-00-d-jws.txt").trim());
    let parts = [
        include_str!("data/example-02-f-qr-code-numeric-value-0.txt"),
        include_str!("data/example-02-f-qr-code-numeric-value-1.txt"),
        include_str!("data/example-02-f-qr-code-numeric-value-2.txt"),
    ]
    .map(|text| share::card::part(text).unwrap().unwrap());
    assert_eq!(parts.each_ref().map(|p| (p.index, p.count)), [(1, 3), (2, 3), (3, 3)]);
    assert_eq!(parts.map(|p| p.jws).concat(), include_str!("data/example-02-d-jws.txt").trim());
    for bad in ["shc:/", "shc:/1", "shc:/ab", "shc:/0/3/56", "shc:/4/3/56", "shc:/x/3/56", "shc:/1/2", "shc:/9999"] {
        assert_eq!(share::card::part(bad).unwrap().unwrap_err().code(), "damaged_card", "{bad}");
    }
    assert!(share::card::part("shlink:/").is_none());
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,200}") {
        let _ = Link::parse(&text);
        let _ = Link::parse(&format!("shlink:/{text}"));
        let _ = share::card::part(&format!("shc:/{text}"));
    }

    #[test]
    fn no_payload_makes_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Link::parse(&format!("shlink:/{}", URL_SAFE_NO_PAD.encode(&bytes)));
    }

    #[test]
    fn no_change_of_one_character_makes_reading_panic(at in 0..SPEC_PAYLOAD.len(), with in any::<char>()) {
        let mut text: Vec<char> = format!("shlink:/{SPEC_PAYLOAD}").chars().collect();
        text[at + 8] = with;
        let _ = Link::parse(&text.into_iter().collect::<String>());
    }

    #[test]
    fn what_is_made_is_read(label in "[^\\p{C}\\s]{1,80}", exp in prop::option::of(0..9_000_000_000u64), long in any::<bool>(), pass in any::<bool>(), key in any::<[u8; 32]>()) {
        let label: String = label.chars().take(80).collect();
        prop_assume!(share::text::shown(&label) == label);
        let url = "https://links.example.org/shl/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let link = Link::make(url, LinkKey::from_bytes(key.into()), exp, Flags::manifest(long, pass), Some(&label)).unwrap();
        let read = Link::parse(&link.to_text()).unwrap();
        prop_assert_eq!(read.key().as_bytes(), &key);
        prop_assert_eq!(read.exp(), exp);
        prop_assert_eq!(read.label(), Some(label));
        prop_assert_eq!(read.flags(), link.flags());
        prop_assert_eq!(read.to_text(), link.to_text());
    }
}
