//! Sealing agrees with Tink's AES-GCM-HKDF streaming AEAD, byte for byte, at sizes around every segment edge.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use crypto::{Key, encode, seal};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use std::{env, fs, path::PathBuf};

#[derive(Deserialize)]
struct Made {
    segment: usize,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    size: usize,
    key: String,
    context: String,
    header: String,
    length: usize,
    sha256: String,
    sealed: Option<String>,
}

fn made() -> Made {
    serde_json::from_str(include_str!("fixtures/tink-streaming.json")).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn plain(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at % 251) as u8).collect()
}

#[test]
fn what_tink_sealed_opens_and_is_what_ours_would_be() {
    let made = made();
    assert_eq!(made.segment, seal::SEGMENT);
    let (mut short, mut run) = (0, 0);
    for case in &made.cases {
        let (key, context, header) = (Key::from_slice(&hex(&case.key)).unwrap(), hex(&case.context), hex(&case.header));
        let (salt, prefix) = (header[1..33].try_into().unwrap(), header[33..].try_into().unwrap());
        let ours = seal::seal_with(&key, &context, &plain(case.size), salt, prefix).unwrap();
        assert_eq!(ours.len(), case.length, "{}", case.size);
        assert_eq!(HEXLOWER.encode(&encode::sha256(&ours)), case.sha256, "{}", case.size);
        if let Some(sealed) = &case.sealed {
            assert_eq!(*seal::open(&key, &context, &hex(sealed)).unwrap(), plain(case.size));
            short += 1;
        }
        // The digests agree, so this is Tink's message.
        assert_eq!(*seal::open(&key, &context, &ours).unwrap(), plain(case.size), "{}", case.size);
        run += 1;
    }
    assert!(run >= 18 && short >= 6, "{run} cases, {short} of them whole");
}

/// Writes messages of ours for Tink to open, where somebody asks for them; see `fixtures/README.md`.
#[test]
fn ours_are_written_out_for_tink() {
    let Some(folder) = env::var_os("AIDPOST_TINK_OUT").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).unwrap();
    for case in made().cases {
        let (key, context, plain) = (Key::make().unwrap(), hex(&case.context), plain(case.size));
        let sealed = seal::seal(&key, &context, &plain).unwrap();
        let facts = serde_json::json!({
            "key": HEXLOWER.encode(key.expose()), "context": case.context,
            "plain_sha256": HEXLOWER.encode(&encode::sha256(&plain)),
        });
        fs::write(folder.join(format!("{}.sealed", case.size)), sealed).unwrap();
        fs::write(folder.join(format!("{}.json", case.size)), facts.to_string()).unwrap();
    }
}
