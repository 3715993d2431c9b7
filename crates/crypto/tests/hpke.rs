//! HPKE as others computed it: RFC 9180 for the code path, the draft's case for the very suite of grants, and the hybrid
//! stanzas of age for what must be refused.
#![allow(clippy::unwrap_used)]

use data_encoding::{BASE64_NOPAD, HEXLOWER};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{X25519HkdfSha256, XWing};
use hpke::{Deserializable, Kem, OpModeR, Serializable, setup_receiver, single_shot_open};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
struct Case {
    mode: u8,
    kem_id: u16,
    kdf_id: u16,
    aead_id: u16,
    info: String,
    #[serde(rename = "skRm")]
    secret: String,
    #[serde(rename = "pkRm")]
    public: String,
    enc: String,
    encryptions: Vec<Encryption>,
    exports: Vec<Export>,
}

#[derive(Deserialize)]
struct Encryption {
    aad: String,
    ct: String,
    pt: String,
}

#[derive(Deserialize)]
struct Export {
    exporter_context: String,
    exported_value: String,
}

fn hex(text: &str) -> Vec<u8> {
    HEXLOWER.decode(text.as_bytes()).unwrap()
}

/// Opens every message and makes every export of a case; gives how many of each.
fn run<K: Kem>(case: &Case) -> (usize, usize) {
    let secret = K::PrivateKey::from_bytes(&hex(&case.secret)).unwrap();
    assert_eq!(K::sk_to_pk(&secret).to_bytes().to_vec(), hex(&case.public));
    let enc = K::EncappedKey::from_bytes(&hex(&case.enc)).unwrap();
    let mut context =
        setup_receiver::<ChaCha20Poly1305, HkdfSha256, K>(&OpModeR::Base, &secret, &enc, &hex(&case.info)).unwrap();
    for message in &case.encryptions {
        assert_eq!(context.open(&hex(&message.ct), &hex(&message.aad)).unwrap(), hex(&message.pt));
    }
    for export in &case.exports {
        let expected = hex(&export.exported_value);
        let mut value = vec![0; expected.len()];
        context.export(&hex(&export.exporter_context), &mut value).unwrap();
        assert_eq!(value, expected);
    }
    (case.encryptions.len(), case.exports.len())
}

#[test]
fn rfc_9180_a2_base_mode() {
    let case: Case = serde_json::from_str(include_str!("fixtures/hpke-rfc9180-a2-base.json")).unwrap();
    assert_eq!((case.mode, case.kem_id, case.kdf_id, case.aead_id), (0, 0x20, 1, 3));
    assert_eq!(run::<X25519HkdfSha256>(&case), (257, 3));
}

#[test]
fn the_suite_of_grants() {
    let case: Case = serde_json::from_str(include_str!("fixtures/hpke-pq-mlkem768-x25519.json")).unwrap();
    assert_eq!((case.mode, case.kem_id, case.kdf_id, case.aead_id), (0, 0x647a, 1, 3));
    assert_eq!(run::<XWing>(&case), (10, 5));
}

#[derive(Deserialize)]
struct AgeFile {
    name: String,
    expect: String,
    identities: Vec<Identity>,
    file_key: String,
    stanzas: Vec<Stanza>,
}

#[derive(Deserialize)]
struct Identity {
    kind: String,
    seed: String,
}

#[derive(Deserialize)]
struct Stanza {
    args: Vec<String>,
    body: String,
}

const STANZA: &str = "mlkem768x25519";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
/// Small-order X25519 shares: this crate's `hpke` takes the lenient of the two key types that `x-wing` offers. Only the maker
/// of a grant can cause it, the ML-KEM half still protects, and the commitment stands behind it.
const KNOWN_DIFFERENCES: [&str; 2] = ["hybrid_identity", "hybrid_low_order"];
/// Rules of age's own file format, not of HPKE: the number of arguments, the length of a file key, the name's case, another kind
/// of stanza.
const FORMAT_OF_AGE: [&str; 4] =
    ["hybrid_extra_argument", "hybrid_long_file_key", "hybrid_uppercase", "hybrid_x25519_arg"];

/// What the stanza opens to with one of the file's hybrid identities.
fn opened(file: &AgeFile, stanza: &Stanza) -> Option<Vec<u8>> {
    let enc = BASE64_NOPAD.decode(stanza.args.get(1)?.as_bytes()).ok()?;
    let body = BASE64_NOPAD.decode(stanza.body.as_bytes()).ok()?;
    let enc = <XWing as Kem>::EncappedKey::from_bytes(&enc).ok()?;
    file.identities.iter().filter(|identity| identity.kind == "AGE-SECRET-KEY-PQ-").find_map(|identity| {
        let secret = <XWing as Kem>::PrivateKey::from_bytes(&hex(&identity.seed)).unwrap();
        let mode = OpModeR::Base;
        single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(&mode, &secret, &enc, INFO, &body, b"").ok()
    })
}

#[test]
fn hybrid_stanzas_of_age() {
    let files: Vec<AgeFile> = serde_json::from_str(include_str!("fixtures/cctv-age-hybrid.json")).unwrap();
    let (mut as_expected, mut differences) = (0, Vec::new());
    for file in files.iter().filter(|file| !FORMAT_OF_AGE.contains(&file.name.as_str())) {
        let key = file.stanzas.iter().filter(|it| it.args[0] == STANZA).find_map(|stanza| opened(file, stanza));
        match (file.expect.as_str(), key) {
            ("success", key) => {
                assert_eq!(key, Some(hex(&file.file_key)), "{}", file.name);
                as_expected += 1;
            }
            ("no match" | "header failure", None) => as_expected += 1,
            ("no match" | "header failure", Some(_)) => differences.push(file.name.as_str()),
            (other, _) => panic!("{}: {other}", file.name),
        }
    }
    assert_eq!(differences, KNOWN_DIFFERENCES);
    assert!(as_expected >= 12, "{as_expected} of {}", files.len());
}
