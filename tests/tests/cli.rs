//! The command line from outside: what it answers, with which exit code, and that a refusal leaves nothing behind.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect has failed, and a story tells how it goes"
)]

use aidpost_tests::desk::{self, Desk, PASSPHRASE};
use aidpost_tests::inputs::{self, Tone};
use aidpost_tests::window::driver::built;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use sync::server::{LocalServer, ServerOptions};
use tempfile::TempDir;

const VOICE: Tone = Tone { rate: 44_100, channels: 1, bits: 16, peak: 0.5 };

/// A clinic with one patient, and the program beside it.
struct Clinic {
    folder: TempDir,
    patient: String,
}

/// What the program said.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn value(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A refusal is one JSON object on standard error, and nothing on standard output.
    fn problem(&self) -> Value {
        assert_eq!((self.code, self.out.trim()), (Some(1), ""), "{self:?}");
        let line = self.err.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    fn refuses(&self, code: &str, words: &str) {
        let problem = self.problem();
        assert_eq!(problem["code"], code, "{self:?}");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.to_lowercase().contains(&words.to_lowercase()), "“{words}” is not in “{detail}”");
    }
}

impl Clinic {
    async fn make() -> Clinic {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::make_clinic(&folder.path().join("vaults")).await.unwrap();
        let register = json!({
            "name": "Maria Okafor", "date_of_birth": "1950-03-01", "gender": "female", "phone": null, "email": null, "address": null,
            "preferred_language": null, "blood_group": null,
        });
        let banner = desk.ask("patients.register", register).await.unwrap();
        desk.leave().await;
        Clinic { folder, patient: banner["id"].as_str().unwrap().to_owned() }
    }

    fn vaults(&self) -> PathBuf {
        self.folder.path().join("vaults")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(built("aidpost").unwrap());
        command.args(["--json", "--home"]).arg(self.vaults()).args(words);
        command
            .env("AIDPOST_PASSPHRASE", PASSPHRASE)
            .env("HOME", self.folder.path())
            .env_remove("AIDPOST_HOME")
            .env_remove("AIDPOST_CODE")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Said {
        said(&mut self.command(words))
    }

    fn file(&self, name: &str, bytes: &[u8]) -> String {
        inputs::put(self.folder.path(), name, bytes).unwrap().to_str().unwrap().to_owned()
    }

    /// How many of everything there is; a refused request must not change it.
    fn counts(&self) -> Value {
        let found = self
            .run(&["ask", "patients.find", r#"{"text":"","offset":0,"limit":200,"archived":false,"saved":false}"#])
            .value();
        let banner = self.run(&["ask", "patients.banner", &json!({ "patient": self.patient }).to_string()]).value();
        let sync = self.run(&["ask", "sync.state"]).value();
        json!({ "patients": found["total"], "chart": banner["counts"], "to_send": sync["to_send"], "files": sync["files_to_send"], "blobs": self.blobs() })
    }

    fn blobs(&self) -> usize {
        let of_profile =
            |folder: std::fs::DirEntry| std::fs::read_dir(folder.path().join("blobs")).map_or(0, Iterator::count);
        std::fs::read_dir(self.vaults()).unwrap().map(|entry| of_profile(entry.unwrap())).sum()
    }

    fn profile(&self) -> PathBuf {
        vault::profiles(&self.vaults()).unwrap().remove(0).folder
    }

    fn check(&self, kind: &str, file: &str) -> Said {
        self.run(&["check", kind, file, "--patient", &self.patient, "--yes"])
    }
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A chart of real size: nothing of it may go by unnamed.
#[tokio::test]
async fn a_whole_life_is_imported_and_every_resource_is_accounted_for() {
    let clinic = Clinic::make().await;
    let life = inputs::fixture("whole-life.json.gz").unwrap();
    let resources = serde_json::from_slice::<Value>(&life).unwrap()["entry"].as_array().unwrap().len() as u64;
    assert!(resources > 1_000, "{resources}");
    let path = clinic.file("life.json", &life);
    let begun = Instant::now();
    let dry = clinic.run(&["import", &path]).value();
    let read = begun.elapsed();
    let sum =
        |field: &str| dry["types"].as_array().unwrap().iter().map(|kind| kind[field].as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum("total"), resources);
    assert_eq!(sum("mapped") + sum("ignored") + sum("kept"), resources, "{}", dry["types"]);
    let begun = Instant::now();
    let done = clinic.run(&["import", &path, "--yes"]).value();
    println!(
        "{resources} resources: dry run {} ms, filed {} ms, {done}",
        read.as_millis(),
        begun.elapsed().as_millis()
    );
    assert_eq!(done["filed"].as_u64(), dry["items"].as_array().map(|items| items.len() as u64));
    let again = clinic.run(&["import", &path, "--patient", done["patient"].as_str().unwrap()]).value();
    let new = again["items"].as_array().unwrap().iter().filter(|item| item["state"] == "new").count();
    assert_eq!(new, 0, "the same file a second time holds nothing new");
}

#[tokio::test]
async fn a_file_that_is_no_fhir_r4_is_refused_by_name_and_nothing_is_filed() {
    let clinic = Clinic::make().await;
    let before = clinic.counts();
    let bundle = inputs::sample("bundle.json.gz").unwrap();
    let ten_times =
        [b"{\"resourceType\":\"Bundle\",\"x\":\"".to_vec(), vec![b'a'; 640 << 20], b"\"}".to_vec()].concat();
    let r5 = r#"{"resourceType":"Bundle","type":"collection","meta":{"profile":["http://hl7.org/fhir/5.0/StructureDefinition/Bundle"]},"entry":[{"resource":{"resourceType":"Patient","name":[{"family":"A"}]}},{"resource":{"resourceType":"MedicationStatement","status":"recorded","medication":{"concept":{"text":"x"}}}}]}"#;
    let cases: [(&str, &[u8], &str); 8] = [
        ("empty.json", b"", "empty"),
        ("cut.json", &bundle[..bundle.len() / 2], "truncated"),
        ("huge.json", &ten_times, "too_large"),
        ("record.xml", b"<?xml version=\"1.0\"?><Bundle xmlns=\"http://hl7.org/fhir\"/>", "xml"),
        ("r5.json", r5.as_bytes(), "other_version"),
        ("other.json", b"{\"hello\":1}", "not_fhir"),
        ("noise.json", &[0xff, 0xfe, 0x00, 0x81, 0x99], "not_text"),
        ("nobody.json", b"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[]}", "no_patient"),
    ];
    for (name, bytes, code) in cases {
        let path = clinic.file(name, bytes);
        clinic.run(&["import", &path, "--yes"]).refuses(code, "");
        std::fs::remove_file(path).unwrap();
    }
    clinic.run(&["import", "/no/such/file.json", "--yes"]).refuses("file_not_readable", "/no/such/file.json");
    assert_eq!(clinic.counts(), before);

    let path = clinic.file("record.json", &bundle);
    let dry = clinic.run(&["import", &path]).value();
    assert!(dry["items"].as_array().is_some_and(|items| items.len() > 20), "{dry}");
    assert_eq!(clinic.counts(), before, "a dry run stores nothing");
    let done = clinic.run(&["import", &path, "--yes"]).value();
    assert!(done["filed"].as_u64() > Some(20), "{done}");
}

#[tokio::test]
async fn a_recording_that_cannot_be_read_is_refused_and_one_that_cannot_be_judged_says_so() {
    let clinic = Clinic::make().await;
    let before = clinic.counts();
    let voice = inputs::vowel(VOICE).unwrap();
    let refused: [(&str, &[u8], &str); 3] = [
        ("empty.wav", b"", "recording_empty"),
        ("text.wav", b"this is no sound at all", "not_audio"),
        ("cut.wav", &voice[..voice.len() / 2], "recording_truncated"),
    ];
    for (name, bytes, code) in refused {
        clinic.check("voice", &clinic.file(name, bytes)).refuses(code, "");
    }
    assert_eq!(clinic.counts(), before);

    let judge = |name: &str, tone: Tone| {
        let path = clinic.file(name, &inputs::vowel(tone).unwrap());
        let said = clinic.run(&["check", "voice", &path, "--patient", &clinic.patient]);
        assert!(matches!(said.code, Some(0 | 4)), "{said:?}");
        let view: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(said.code == Some(4), view["quality_verdict"] == "reject", "{view}");
        view
    };
    // Eight kilohertz and clipping are told; two channels and 24 bits are read like any other.
    assert_ne!(judge("narrow.wav", Tone { rate: 8_000, ..VOICE })["quality_verdict"], "accept");
    assert_ne!(judge("clipped.wav", Tone { peak: 20.0, ..VOICE })["quality_verdict"], "accept");
    let (stereo, deep) =
        (judge("stereo.wav", Tone { channels: 2, ..VOICE }), judge("deep.wav", Tone { bits: 24, ..VOICE }));
    let pitch = |view: &Value| measured(view, "f0_mean");
    assert!(
        (pitch(&stereo) - 120.0).abs() < 1.0 && (pitch(&deep) - 120.0).abs() < 1.0,
        "{} {}",
        pitch(&stereo),
        pitch(&deep)
    );
    assert_eq!(clinic.counts(), before, "without --yes nothing is kept");
}

fn measured(view: &Value, name: &str) -> f64 {
    let all = view["measures"].as_array().unwrap();
    all.iter().find(|one| one["name"] == name).and_then(|one| one["value"].as_f64()).unwrap_or(f64::NAN)
}

#[tokio::test]
async fn a_table_that_is_no_stance_is_refused_with_the_row_or_the_column() {
    let clinic = Clinic::make().await;
    let before = clinic.counts();
    let good = inputs::stance();
    let cases = [
        ("columns.csv", good.replace("ap_cm", "height_cm"), "recording_missing_column", "forward sway"),
        ("units.csv", good.replace("ml_cm", "ml"), "recording_missing_unit", "\"ml\""),
        ("nan.csv", good.replacen("\n0.02,", "\n0.02,NaN,", 1), "recording_not_a_number", "row 4"),
        ("short.csv", format!("{good}70.00\n"), "recording_short_row", "row"),
        ("back.csv", format!("{good}1.00,0.1,0.1\n"), "recording_time_not_increasing", "row"),
        ("empty.csv", String::new(), "recording_empty", "no data"),
        ("heading.csv", "time_s,ml_cm,ap_cm\n".to_owned(), "recording_empty", "no data"),
    ];
    for (name, text, code, words) in cases {
        clinic.check("balance", &clinic.file(name, text.as_bytes())).refuses(code, words);
    }
    // A comma for the point splits every cell in two: it must be refused, never read as a thousand times as much.
    let comma = clinic.check("balance", &clinic.file("comma.csv", good.replace('.', ",").as_bytes()));
    assert!(comma.problem()["code"].as_str().is_some_and(|code| code.starts_with("recording_")), "{comma:?}");
    assert_eq!(clinic.counts(), before);

    let kept = clinic.check("balance", &clinic.file("good.csv", good.as_bytes()));
    assert!(matches!(kept.code, Some(0 | 4)), "{kept:?}");
    assert_ne!(clinic.counts(), before);
}

#[tokio::test]
async fn a_code_or_link_that_opens_nothing_says_why() {
    let clinic = Clinic::make().await;
    let before = clinic.counts();
    let open = |link: &str| clinic.run(&["open", link, "--recipient", "Dr Wei Chen", "--local", "--yes"]);
    let link = |exp: u64| {
        let url = format!("http://127.0.0.1:9/{}", share::link::make_id().unwrap());
        let made =
            share::Link::make(&url, share::LinkKey::make().unwrap(), Some(exp), share::Flags::direct(), Some("Papers"));
        made.unwrap().to_text().to_string()
    };
    let (live, over) = (link(4_000_000_000), link(1_000_000_000));
    open(&clinic.file("none.png", &inputs::no_code().unwrap())).refuses("no_code", "");
    open(&clinic.file("two.png", &inputs::two_codes(&live, &over).unwrap())).refuses("two_codes", "2");
    open(&clinic.file("foreign.png", &share::qr::png("https://example.org/menu", 6).unwrap()))
        .refuses("foreign_code", "");
    open(&clinic.file("text.png", b"no picture")).refuses("not_a_picture", "");
    open("shlink:/eyJ1cmwiOi").refuses("damaged_link", "");
    open(&over).refuses("link_expired", "");
    open(&live).refuses("host_unreachable", "");
    clinic.run(&["open", &live, "--recipient", "Dr Wei Chen", "--yes"]).refuses("local_address", "");
    open("/no/such/picture.png").refuses("file_not_readable", "/no/such/picture.png");
    assert_eq!(clinic.counts(), before);
}

/// A program that serves, stopped as a person does; killed if that does not help.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        drop(Command::new("kill").args(["-INT", &self.0.id().to_string()]).status());
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            if self.0.try_wait().is_ok_and(|status| status.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn a_share_is_served_filed_by_another_clinic_and_closed_when_it_is_revoked() {
    let (owner, reader) = (Clinic::make().await, Clinic::make().await);
    let allergy =
        json!({ "patient": owner.patient, "substance": "Penicillin", "reaction": "rash", "severity": "severe" });
    owner.run(&["ask", "patients.add_allergy", &allergy.to_string()]).value();
    let picture = owner.folder.path().join("code.png");
    let made = owner.run(&["share", &owner.patient, "--png", picture.to_str().unwrap()]).value();
    let (link, id) = (made["link"].as_str().unwrap(), made["row"]["id"].as_str().unwrap());
    let open = |what: &str| reader.run(&["open", what, "--recipient", "Dr Wei Chen", "--local", "--yes"]);

    let serving = Serving(owner.command(&["serve"]).stdout(Stdio::null()).spawn().unwrap());
    let deadline = Instant::now() + Duration::from_secs(20);
    let filed = loop {
        let said = open(picture.to_str().unwrap());
        if said.code == Some(0) || Instant::now() > deadline {
            break said.value();
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    drop(serving);
    let banner = reader.run(&["ask", "patients.banner", &json!({ "patient": filed["patient"] }).to_string()]).value();
    assert_eq!((&banner["name"], &banner["allergies"][0]["substance"]), (&json!("Maria Okafor"), &json!("Penicillin")));

    let access = owner.run(&["ask", "access.view", &json!({ "patient": owner.patient }).to_string()]).value();
    assert!(access["accesses"].as_array().unwrap().iter().any(|row| row["recipient"] == "Dr Wei Chen"), "{access}");
    owner.run(&["ask", "shares.revoke", &json!({ "id": id }).to_string()]).value();
    let second = owner.run(&["share", &owner.patient, "--label", "Another"]).value();
    assert!(second["link"].as_str().is_some());
    let before = reader.counts();
    let _serving = Serving(owner.command(&["serve"]).stdout(Stdio::null()).spawn().unwrap());
    let deadline = Instant::now() + Duration::from_secs(20);
    let refused = loop {
        let said = open(link);
        if said.problem()["code"] != "host_unreachable" || Instant::now() > deadline {
            break said;
        }
        std::thread::sleep(Duration::from_millis(200));
    };
    refused.refuses("no_longer_shared", "");
    assert_eq!(reader.counts(), before);
}

#[tokio::test]
async fn a_remote_that_cannot_be_used_is_named_and_the_changes_go_on_waiting() {
    let clinic = Clinic::make().await;
    let before = clinic.counts();
    let data = tempfile::tempdir().unwrap();
    let server = async |name: &str, options: ServerOptions| {
        LocalServer::start_with(&data.path().join(name), options).await.unwrap()
    };
    let alone = server("alone", ServerOptions { replica_set: false, ..ServerOptions::default() }).await;
    let login = Some(("ada".to_owned(), "right".to_owned()));
    let guarded = server("guarded", ServerOptions { login, ..ServerOptions::default() }).await;
    let remotes = [
        ("postgres://db/clinic".to_owned(), "address.scheme"),
        ("mongodb://".to_owned(), "address.malformed"),
        ("mongodb://db.example.org/clinic".to_owned(), "address.tls_required"),
        ("mongodb://127.0.0.1:9/clinic".to_owned(), "remote.unreachable"),
        (alone.uri("clinic"), "remote.standalone"),
        (guarded.uri("clinic").replace("right", "wrong"), "remote.login"),
    ];
    for (address, code) in remotes {
        let said = clinic.run(&["sync", "--remote", &address]);
        said.refuses(code, "");
        assert!(!said.err.contains("wrong"), "an error quotes the login");
    }
    assert_eq!(clinic.counts(), before);

    let done = clinic.run(&["sync", "--remote", &guarded.uri("clinic"), "verify"]).value();
    assert_eq!(done["same"], true, "{done}");
}

#[tokio::test]
async fn a_clinic_sets_its_database_up_and_works_there_with_a_login_that_removes_nothing() {
    let clinic = Clinic::make().await;
    let script = clinic.run(&["realm", "setup"]);
    assert!(script.code == Some(0) && script.out.contains("aidpost_device"), "{script:?}");

    let data = tempfile::tempdir().unwrap();
    let login = Some(("root".to_owned(), "operator".to_owned()));
    let server =
        LocalServer::start_with(data.path(), ServerOptions { login, ..ServerOptions::default() }).await.unwrap();
    let apply =
        |address: &str| said(clinic.command(&["realm", "setup", "--apply"]).env("AIDPOST_ADMIN_ADDRESS", address));
    apply(&server.uri("clinic").replace("operator", "guess")).refuses("remote.login", "");
    let logins = apply(&server.uri("clinic")).value();
    let address = logins[0]["address"].as_str().unwrap();
    assert!(address.contains("://d-") && !address.contains("operator"), "{address}");

    let done = clinic.run(&["sync", "--remote", address, "verify"]).value();
    assert_eq!(done["same"], true, "{done}");
    said(clinic.command(&["realm", "setup", "--apply"]).env("AIDPOST_ADMIN_ADDRESS", address))
        .refuses("remote.forbidden", "");
}

#[tokio::test]
async fn the_login_of_a_removed_device_is_named_ended_and_turned_away() {
    let (one, data) = (Clinic::make().await, tempfile::tempdir().unwrap());
    let login = Some(("root".to_owned(), "operator".to_owned()));
    let server =
        LocalServer::start_with(data.path(), ServerOptions { login, ..ServerOptions::default() }).await.unwrap();
    let as_operator = |words: &[&str]| said(one.command(words).env("AIDPOST_ADMIN_ADDRESS", server.uri("clinic")));
    let own = as_operator(&["realm", "setup", "--apply"]).value()[0]["address"].as_str().unwrap().to_owned();
    one.run(&["sync", "--remote", &own]).value();
    assert_eq!(one.run(&["realm", "drop"]).value(), json!([]));
    // A copy becomes a device of its own, and gets a login of its own.
    let folder = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").arg("-r").arg(one.vaults()).arg(folder.path()).status().unwrap();
    assert!(copied.success());
    let other = Clinic { folder, patient: one.patient.clone() };
    let note =
        |words: &str| json!({ "patient": one.patient, "text": words, "shared_with_patient": false, "amends": null });
    one.run(&["ask", "notes.save", &note("here").to_string()]).value();
    one.run(&["sync"]).value();
    other.run(&["ask", "notes.save", &note("there").to_string()]).value();
    other.run(&["sync"]).value();
    one.run(&["sync"]).value();
    let logins = as_operator(&["realm", "setup", "--apply"]).value();
    let devices = one.run(&["ask", "people.list"]).value()["devices"].clone();
    let lost = devices.as_array().unwrap().iter().find(|device| device["this_device"] == json!(false)).unwrap();
    let theirs = logins.as_array().unwrap().iter().find(|login| login["device"] == lost["id"]).unwrap();
    let address = theirs["address"].as_str().unwrap();
    other.run(&["sync", "--remote", address]).value();

    let name = format!("d-{}", lost["id"].as_str().unwrap().replace('-', ""));
    as_operator(&["realm", "drop", &name, "--apply"]).refuses("not_found", "");
    one.run(&["ask", "people.remove_device", &json!({ "id": lost["id"] }).to_string()]).value();
    assert_eq!(one.run(&["realm", "drop"]).value()[0]["login"], json!(name));
    assert!(one.run(&["realm", "setup"]).out.contains(&format!(r#"["{name}"]"#)));
    assert!(one.run(&["realm", "drop", &name]).out.contains(&format!(r#"dropUser("{name}")"#)));
    other.run(&["sync"]).value();

    let gone = as_operator(&["realm", "drop", &name, "--apply"]).value();
    assert_eq!((&gone["login"], &gone["left"]), (&json!(name), &json!([])));
    other.run(&["sync", "--remote", address]).refuses("remote.login", "");
    assert_eq!(one.run(&["realm", "drop"]).value(), json!([]));
    let own = logins.as_array().unwrap().iter().find(|login| login["device"] != lost["id"]).unwrap();
    one.run(&["sync", "--remote", own["address"].as_str().unwrap()]).value();
}

/// A folder that was copied to a second computer: both write on, and nothing of either is lost.
#[tokio::test]
async fn a_copied_vault_goes_on_as_a_device_of_its_own() {
    let (one, data) = (Clinic::make().await, tempfile::tempdir().unwrap());
    let server = LocalServer::start(data.path(), 0).await.unwrap();
    one.run(&["sync", "--remote", &server.uri("clinic")]).value();
    let folder = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").arg("-r").arg(one.vaults()).arg(folder.path()).status().unwrap();
    assert!(copied.success());
    let other = Clinic { folder, patient: one.patient.clone() };
    let devices = || one.run(&["ask", "people.list"]).value()["devices"].as_array().unwrap().len();
    assert_eq!(devices(), 1);

    for (clinic, words) in [(&one, "written on the first"), (&other, "written on the copy")] {
        let note = json!({ "patient": clinic.patient, "text": words, "shared_with_patient": false, "amends": null });
        clinic.run(&["ask", "notes.save", &note.to_string()]).value();
        let done = clinic.run(&["sync", "verify"]).value();
        assert_eq!(done["same"], true, "{done}");
    }
    one.run(&["sync"]).value();
    assert_eq!(devices(), 2);
    for clinic in [&one, &other] {
        assert_eq!(clinic.counts()["chart"]["notes"], 2, "both notes are on both");
        assert_eq!(clinic.run(&["ask", "sync.quarantine"]).value(), json!([]));
    }
}

/// A disk with backups, a computer that dies, and a look through the one that comes after it.
#[tokio::test]
async fn a_backup_brings_the_clinic_back_and_the_doctor_finds_it_sound() {
    let (clinic, disk) = (Clinic::make().await, tempfile::tempdir().unwrap());
    let place = disk.path().to_str().unwrap();
    clinic.run(&["backup", "/no/such/folder"]).refuses("folder_not_found", "");
    let made = clinic.run(&["backup", place]).value();
    assert!(made["verified_at"].is_string() && made["documents"].as_f64() > Some(0.0), "{made}");
    assert_eq!(clinic.run(&["restore", place]).value().as_array().map(Vec::len), Some(1));
    let note =
        json!({ "patient": clinic.patient, "text": "after the backup", "shared_with_patient": false, "amends": null });
    clinic.run(&["ask", "notes.save", &note.to_string()]).value();
    let name = clinic.run(&["restore", place, "--yes"]).value()["name"].as_str().unwrap().to_owned();
    let banner = json!({ "patient": clinic.patient }).to_string();
    let restored = clinic.run(&["--profile", &name, "ask", "patients.banner", &banner]).value();
    assert_eq!((&restored["name"], &restored["counts"]["notes"]), (&json!("Maria Okafor"), &json!(0)));
    let look = clinic.run(&["--profile", &name, "doctor"]);
    assert_eq!(look.value()["sound"], true, "{look:?}");
    // A file that is gone and nowhere else is for a person to look at.
    let gone = clinic.file("tone.wav", &inputs::vowel(VOICE).unwrap());
    let check = ["--profile", &name, "check", "voice", &gone, "--patient", &clinic.patient, "--yes"];
    assert!(matches!(clinic.run(&check).code, Some(0 | 4)));
    let blobs = clinic.vaults().join(&name).join("blobs");
    std::fs::read_dir(blobs).unwrap().for_each(|file| std::fs::remove_file(file.unwrap().path()).unwrap());
    let sick = clinic.run(&["--profile", &name, "doctor"]);
    assert_eq!(sick.code, Some(5), "{sick:?}");
    assert!(sick.out.contains("files_lost"), "{sick:?}");
}

#[tokio::test]
async fn a_vault_that_does_not_open_says_why_and_is_left_as_it_is() {
    let clinic = Clinic::make().await;
    let before = clinic.counts();
    said(clinic.command(&["ask", "sync.state"]).env("AIDPOST_PASSPHRASE", "not the right words"))
        .refuses("wrong_passphrase", "");
    clinic.run(&["--profile", "nobody", "ask", "sync.state"]).problem();
    assert_eq!(clinic.counts(), before);

    let slots = clinic.profile().join("vault.slots");
    let written = std::fs::read_to_string(&slots).unwrap();
    std::fs::write(
        &slots,
        written.replacen("\"format\":1", "\"format\":2", 1).replacen("\"format\": 1", "\"format\": 2", 1),
    )
    .unwrap();
    clinic.run(&["ask", "sync.state"]).refuses("vault_newer", "");
    std::fs::write(&slots, written).unwrap();

    let database = clinic.profile().join("vault.db");
    let whole = std::fs::read(&database).unwrap();
    let mut torn = whole.clone();
    torn[1_000..1_200].fill(0);
    std::fs::write(&database, &torn).unwrap();
    clinic.run(&["ask", "sync.state"]).refuses("vault_damaged", "");
    assert_eq!(std::fs::read(&database).unwrap(), torn, "a damaged vault is not touched");
    std::fs::write(&database, whole).unwrap();
    assert_eq!(clinic.counts(), before);
}

/// Without a vault and without a passphrase.
#[tokio::test]
async fn a_saved_access_log_is_checked_alone() {
    let clinic = Clinic::make().await;
    let desk = Desk::at(&clinic.vaults());
    desk.unlock().await.unwrap();
    let shown = desk.ask("transfer.receive", json!({ "source": "here" })).await.unwrap();
    let send = json!({ "patient": clinic.patient, "choices": [], "kinds": ["allergies"], "receiver": shown["code"], "recipient": "Dr Ann" });
    desk.ask("transfer.send", send).await.unwrap();
    let file = desk.fetch("access.export", json!({ "patient": clinic.patient })).await.unwrap();
    desk.leave().await;

    let check = |path: &str| {
        let mut alone = Command::new(built("aidpost").unwrap());
        said(alone.args(["--json", "access", "verify", path]).env("HOME", clinic.folder.path()).stdin(Stdio::null()))
    };
    let checked = check(&clinic.file("access.json", &file)).value();
    assert_eq!((&checked["entries"], &checked["chart"]), (&json!(1), &json!(clinic.patient)));
    let altered = String::from_utf8(file).unwrap().replace("Dr Ann", "Dr Bob");
    check(&clinic.file("altered.json", altered.as_bytes())).refuses("access_file_altered", "");
    check(&clinic.file("other.json", b"{}")).refuses("access_file_malformed", "");
    check("/nowhere/access.json").refuses("file_not_readable", "");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let in_place = inputs::put(folder.path(), "vaults", b"a file").unwrap();
    let mut command = Command::new(built("aidpost").unwrap());
    command
        .args(["--json", "--home"])
        .arg(&in_place)
        .args(["make-clinic", desk::CLINIC, desk::DOCTOR])
        .env("AIDPOST_PASSPHRASE", PASSPHRASE);
    said(&mut command).refuses("folder_not_writable", "");
    assert_eq!(std::fs::read(&in_place).unwrap(), b"a file");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Every command gives the passphrase, which is a fresh proof; with the second factor a code is asked for besides.
#[tokio::test]
async fn the_second_factor_asks_for_a_code_and_says_where_it_goes() {
    let clinic = Clinic::make().await;
    let invite = ["ask", "people.invite", r#"{"own_device":true,"role":null,"clinical":false,"chart":null}"#];
    clinic.run(&invite).value();
    let desk = Desk::at(&clinic.vaults());
    desk.unlock().await.unwrap();
    let setup = desk.ask("factor.begin", json!({})).await.unwrap();
    let secret = setup["secret"].as_str().unwrap().replace(' ', "");
    let app = crypto::totp::Totp::from_base32(&secret).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let made = desk.ask("factor.confirm", json!({ "code": *app.code_at(now) })).await.unwrap();
    desk.leave().await;

    clinic.run(&invite).refuses("code_needed", "--code or in AIDPOST_CODE");
    clinic.run(&["ask", "patients.find", r#"{"text":"","offset":0,"limit":1,"archived":false,"saved":false}"#]).value();
    clinic.run(&[&["--code", "000000"][..], &invite].concat()).refuses("wrong_code", "");
    let [first, second] = [0, 1].map(|at| made["codes"][at].as_str().unwrap().to_owned());
    clinic.run(&[&["--code", &first][..], &invite].concat()).value();
    clinic.run(&[&["--code", &first][..], &invite].concat()).refuses("code_was_used", "");
    said(clinic.command(&invite).env("AIDPOST_CODE", &second)).value();
}

#[tokio::test]
async fn words_that_are_no_command_give_two_and_an_unknown_request_gives_one() {
    let clinic = Clinic::make().await;
    assert_eq!(clinic.run(&["frobnicate"]).code, Some(2));
    clinic.run(&["ask", "patients.frobnicate"]).refuses("unknown_request", "patients.frobnicate");
    clinic.run(&["ask", "patients.find", "{"]).refuses("invalid_request", "");
    clinic
        .run(&["ask", "patients.banner", r#"{"patient":"00000000-0000-0000-0000-000000000000"}"#])
        .refuses("not_found", "");
}

#[test]
fn the_demo_verifies_the_whole_thread() {
    let folder = tempfile::tempdir().unwrap();
    let said = said(
        Command::new(built("aidpost").unwrap()).args(["demo", "--json"]).env("HOME", folder.path()).envs(mongod()),
    );
    let summary = said.value();
    let verified = summary["verified"].as_array().unwrap();
    assert!(verified.len() > 10, "{summary}");
    println!("{} claims verified in {} s", verified.len(), summary["seconds"]);
}

/// Where mongod is does not depend on the home folder, which the demo is given anew.
fn mongod() -> Option<(String, PathBuf)> {
    sync::server::find_mongod().ok().map(|path| (sync::server::MONGOD.to_owned(), Path::new(&path).to_owned()))
}
