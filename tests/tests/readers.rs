//! What this program shares is opened by programs that were not written here: a reader of SMART Health Links, two decoders of QR codes
//! (jsQR, ZXing), a coder of Uniform Resources (series of codes), and a validator of FHIR R4. They are npm packages of fixed versions; `scripts/setup.sh test` installs them.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use aidpost_tests::desk::Desk;
use aidpost_tests::hosting::Town;
use aidpost_tests::inputs;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use serde_json::{Value, json};
use share::link::{Flags, Link};
use share::transfer::{FRAGMENT_BYTES, Joiner, Receiver, Sender};
use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Asks one of the readers.
fn reader(question: Value) -> Value {
    let home = || PathBuf::from(env::var_os("HOME").expect("a home folder")).join(".cache");
    let folder = env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from).join("aidpost/readers");
    assert!(folder.join("installed.json").exists(), "no readers to test with: run scripts/setup.sh test");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("readers/read.mjs");
    let mut node = Command::new("node");
    let node = node.arg(script).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = node.spawn().expect("Node.js");
    process.stdin.take().unwrap().write_all(question.to_string().as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "the reader broke off");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn open(link: &str, passcode: Option<&str>, embedded_length_max: Option<u64>) -> Value {
    reader(
        json!({ "do": "link", "text": link, "recipient": "Dr Ann", "passcode": passcode, "embedded_length_max": embedded_length_max }),
    )
}

/// A clinic with one chart as another program exported it.
struct House {
    desk: Desk,
    patient: String,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::make_clinic(&folder.path().join("vaults")).await.unwrap();
        let bundle = include_bytes!("../../crates/interop/tests/fixtures/ips-example.json").to_vec();
        let patient = desk.import(bundle).await.unwrap();
        House { desk, patient, _folder: folder }
    }

    async fn share(&self, minutes: Option<u32>, passcode: Option<&str>, direct: bool) -> Value {
        let choices = self.desk.ask("shares.choices", json!({ "patient": self.patient })).await.unwrap();
        let records = choices.as_array().unwrap().iter().filter(|one| one["kind"] == "record");
        let records: Vec<Value> = records.map(|one| one["id"].clone()).collect();
        let ask = json!({
            "patient": self.patient, "choices": records, "kinds": ["allergies", "conditions", "medications", "vitals"],
            "label": "For the front desk", "minutes": minutes, "max_uses": null, "passcode": passcode, "direct": direct,
        });
        self.desk.ask("shares.make", ask).await.unwrap()
    }
}

fn resources(opened: &Value) -> Vec<String> {
    let bundle = &opened["resources"][0];
    assert_eq!((opened["resources"].as_array().unwrap().len(), bundle["resourceType"].as_str()), (1, Some("Bundle")));
    let entries = bundle["entry"].as_array().unwrap();
    entries.iter().map(|entry| entry["resource"]["resourceType"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_link_is_opened_by_a_reader_not_written_here() {
    let house = House::new().await;
    for (minutes, passcode, direct, flag) in [
        (Some(60), None, true, Some("U")),
        (Some(60), Some("4711"), false, Some("P")),
        (None, None, false, Some("L")),
        (None, Some("4711"), false, Some("LP")),
        (Some(60), None, false, None),
    ] {
        let share = house.share(minutes, passcode, direct).await;
        let text = share["link"].as_str().unwrap();
        for embedded in [None, Some(0)] {
            let opened = open(text, passcode, embedded);
            let found = resources(&opened);
            for kind in ["Patient", "AllergyIntolerance", "Condition", "MedicationStatement"] {
                assert!(found.iter().any(|one| one == kind), "{flag:?}: {kind} in {found:?}");
            }
            assert_eq!((opened["flag"].as_str(), opened["label"].as_str()), (flag, Some("For the front desk")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_lived_direct_file_is_opened_and_refusals_are_understood() {
    let house = House::new().await;
    let share = house.share(Some(60), None, true).await;
    let ours = Link::parse(share["link"].as_str().unwrap()).unwrap();
    let mut flags = Flags::direct();
    flags.long_term = true;
    let again = Link::make(ours.url(), ours.key().clone(), None, flags, None).unwrap();
    assert_eq!(open(&again.to_text(), None, None)["flag"], "LU");
    let viewer = again.to_text_for("https://viewer.example.org/#").unwrap();
    assert!(open(&viewer, None, None)["resources"].is_array());

    let share = house.share(None, Some("4711"), false).await;
    let text = share["link"].as_str().unwrap();
    assert_eq!(open(text, Some("1"), None), json!({ "refused": "SHLInvalidPasscodeError" }));
    house.desk.ask("shares.revoke", json!({ "id": share["row"]["id"] })).await.unwrap();
    assert_eq!(open(text, Some("4711"), None), json!({ "refused": "SHLManifestNotFoundError" }));
}

/// The picture turned about its middle by an angle in degrees, on white.
fn turned(picture: &GrayImage, degrees: f32) -> GrayImage {
    let side = picture.width() * 3 / 2;
    let (sin, cos) = degrees.to_radians().sin_cos();
    #[expect(clippy::cast_precision_loss, reason = "sides of a few hundred pixels")]
    let (middle, own) = (side as f32 / 2.0, picture.width() as f32 / 2.0);
    GrayImage::from_fn(side, side, |x, y| {
        #[expect(clippy::cast_precision_loss, reason = "sides of a few hundred pixels")]
        let (dx, dy) = (x as f32 - middle, y as f32 - middle);
        let (u, v) = (cos * dx + sin * dy + own, cos * dy - sin * dx + own);
        if u < 0.0 || v < 0.0 {
            return Luma([255]);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not below zero, as looked at above"
        )]
        let (u, v) = (u as u32, v as u32);
        picture.get_pixel_checked(u, v).copied().unwrap_or(Luma([255]))
    })
}

fn jpeg(picture: &GrayImage) -> Vec<u8> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 60).encode_image(picture).unwrap();
    out
}

#[test]
fn p8_codes_are_read_by_two_other_decoders_after_jpeg_and_tilt() {
    let url = format!("https://links.example.org/shl/{}", share::link::make_id().unwrap());
    for label in [None, Some("x".repeat(80))] {
        let key = share::LinkKey::make().unwrap();
        let link = Link::make(&url, key, Some(1_900_000_000), Flags::direct(), label.as_deref()).unwrap();
        let text = link.to_text();
        let png = share::qr::png(&text, 8).unwrap();
        let drawn = image::load_from_memory(&png).unwrap().into_luma8();
        let photos = [png.clone(), jpeg(&drawn), jpeg(&turned(&drawn, 15.0)), jpeg(&turned(&drawn, 30.0))];
        for (at, photo) in photos.iter().enumerate() {
            let seen = reader(json!({ "do": "code", "picture": STANDARD.encode(photo) }));
            assert_eq!(seen["jsqr"], text.as_str(), "jsQR, picture {at}");
            assert_eq!(
                (seen["zxing"].as_str(), seen["level"].as_str()),
                (Some(text.as_str()), Some("M")),
                "ZXing, {at}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_is_valid_fhir() {
    let house = House::new().await;
    let share = house.share(Some(60), None, true).await;
    let bundle = open(share["link"].as_str().unwrap(), None, None)["resources"][0].clone();
    let judged = reader(json!({ "do": "fhir", "resource": bundle }));
    assert_eq!(judged, json!({ "valid": true, "messages": [] }));
    let mut wrong = bundle;
    wrong["entry"][0]["resource"]["gender"] = json!("perhaps");
    wrong["type"] = json!("no such type");
    assert_eq!(reader(json!({ "do": "fhir", "resource": wrong }))["valid"], false, "the validator sees what is wrong");
}

#[test]
fn the_picture_of_the_standard_is_read_alike() {
    let picture = include_bytes!("../../crates/share/tests/data/IPS_IG-bundle-01-shl.png");
    let seen = reader(json!({ "do": "code", "picture": STANDARD.encode(picture) }));
    let ours = share::qr::read_picture(picture).unwrap();
    assert_eq!((seen["jsqr"].as_str(), seen["zxing"].as_str()), (Some(ours[0].as_str()), Some(ours[0].as_str())));
    let none = seen_nothing();
    assert_eq!((none["jsqr"].clone(), none["zxing"].clone()), (Value::Null, Value::Null));
}

fn seen_nothing() -> Value {
    reader(json!({ "do": "code", "picture": STANDARD.encode(inputs::no_code().unwrap()) }))
}

/// A message for a receiver, and frames of it: all mixed with those that come after the first round, and each fourth lost.
fn shown(content: &[u8]) -> (Receiver, Vec<String>) {
    let receiver = Receiver::make().unwrap();
    let mut sender = Sender::new(&receiver.code(), content).unwrap();
    let count = 4 * sender.parts();
    let frames = (0..count).map(|_| sender.next_frame()).enumerate().filter(|(at, _)| at % 4 != 0);
    (receiver, frames.map(|(_, frame)| frame).rev().collect())
}

#[test]
fn our_frames_are_put_together_by_a_coder_not_written_here() {
    let content: Vec<u8> = (0..9_000u32).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_le_bytes()).collect();
    let (mut receiver, frames) = shown(&content);
    let joined = reader(json!({ "do": "series", "frames": frames }));
    assert_eq!(joined["type"], "bytes");
    let sealed = STANDARD.decode(joined["content"].as_str().unwrap()).unwrap();
    assert!(sealed.len() > content.len() / 2 && !sealed.windows(8).any(|part| part == &content[..8]));
    // What it put together, in its own frames, is what we open.
    let again = reader(json!({
        "do": "frames", "content": STANDARD.encode(&sealed), "fragment": FRAGMENT_BYTES, "skip": 0, "count": 4 * frames.len(),
    }));
    let again: Vec<&str> = again["frames"].as_array().unwrap().iter().map(|frame| frame.as_str().unwrap()).collect();
    let opened = again.iter().find_map(|frame| receiver.take(frame).unwrap().content);
    assert_eq!(opened.unwrap(), content);
}

/// Also where the first round was missed, and in other sizes, down to one frame for all.
#[test]
fn frames_of_a_coder_not_written_here_are_put_together_by_ours() {
    let content: Vec<u8> = (0..5_000u32).flat_map(|n| (n * n).to_be_bytes()).take(15_000).collect();
    for (length, fragment, skip) in [(15_000, 100, 0), (15_000, 333, 200), (15_000, 500, 1_000_000), (40, 100, 0)] {
        let given = &content[..length];
        let made = reader(json!({
            "do": "frames", "content": STANDARD.encode(given), "fragment": fragment, "skip": skip, "count": 400,
        }));
        let mut joiner = Joiner::default();
        let frames = made["frames"].as_array().unwrap();
        let message = frames.iter().find_map(|frame| joiner.take(frame.as_str().unwrap()).unwrap().message);
        let message = message.unwrap_or_else(|| panic!("{length} bytes by {fragment} from {skip}"));
        assert_eq!(minicbor::Decoder::new(&message).bytes().unwrap(), given);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_a_host_are_opened_by_a_reader_not_written_here() {
    let town = Town::found().await.unwrap();
    let host = town.serve().await.unwrap();
    for (more, passcode, flag) in [
        (json!({ "direct": true }), None, Some("U")),
        (json!({ "passcode": "4711" }), Some("4711"), Some("P")),
        (json!({ "minutes": null, "passcode": "4711" }), Some("4711"), Some("LP")),
        (json!({}), None, None),
    ] {
        let share = town.make(more).await.unwrap();
        let text = share["link"].as_str().unwrap();
        assert!(text.contains("/view#shlink:/"));
        for embedded in [None, Some(0)] {
            let opened = open(text, passcode, embedded);
            let found = resources(&opened);
            assert!(found.iter().any(|one| one == "AllergyIntolerance"), "{flag:?}: {found:?}");
            assert_eq!((opened["flag"].as_str(), opened["label"].as_str()), (flag, Some("For the desk")));
        }
        if passcode.is_some() {
            assert_eq!(open(text, Some("1"), None), json!({ "refused": "SHLInvalidPasscodeError" }));
        }
        town.change("shares.revoke", &share["row"]["id"]).await.unwrap();
        let gone = open(text, passcode, None);
        assert!(gone["refused"].is_string(), "{gone}");
    }
    drop(host);
}
