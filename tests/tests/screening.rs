//! Screening from outside: a folder of recordings into a table, and what a chart keeps of its checks.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect has failed, and a story tells how it goes"
)]

use aidpost_tests::desk::Desk;
use aidpost_tests::inputs::{self, Tone};
use aidpost_tests::trouble::Trouble;
use aidpost_tests::window::driver::{built, root};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

const VOICE: Tone = Tone { rate: 44_100, channels: 1, bits: 16, peak: 0.5 };

/// A folder of recordings, and a place for the table beside it.
struct Folder {
    place: TempDir,
}

impl Folder {
    fn make() -> Folder {
        let place = tempfile::tempdir().unwrap();
        std::fs::create_dir(place.path().join("recordings")).unwrap();
        Folder { place }
    }

    fn recordings(&self) -> PathBuf {
        self.place.path().join("recordings")
    }

    fn table(&self) -> PathBuf {
        self.place.path().join("table.csv")
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        inputs::put(&self.recordings(), name, bytes).unwrap();
    }

    /// The command of a batch. No vault, no passphrase.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(built("aidpost").unwrap());
        command.arg("check").arg(words[0]).arg(self.recordings()).args(&words[1..]);
        command.env("HOME", self.place.path()).env_remove("AIDPOST_HOME").env_remove("AIDPOST_PASSPHRASE");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// What lies beside the recordings.
    fn beside(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.place.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Rows of a table by the name of the file, each as column to cell.
fn rows(table: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = std::fs::read_to_string(table).unwrap();
    let mut lines = text.split_terminator("\r\n").map(split);
    let head = lines.next().unwrap();
    let row = |cells: Vec<String>| {
        assert_eq!(cells.len(), head.len(), "{cells:?}");
        (cells[0].clone(), head.iter().cloned().zip(cells).collect())
    };
    lines.map(row).collect()
}

/// Cells of a line: quoted ones may hold commas and doubled quotes.
fn split(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

#[test]
fn a_folder_becomes_a_table_with_a_row_for_every_file() {
    let folder = Folder::make();
    let voice = inputs::vowel(VOICE).unwrap();
    folder.put("good.wav", &voice);
    folder.put("=cmd|' calc'!A1, \"x\".wav", &voice);
    folder.put("quiet.wav", &inputs::vowel(Tone { peak: 0.0001, ..VOICE }).unwrap());
    folder.put("words.txt", b"no recording at all");
    folder.put(".hidden.wav", &voice);
    std::fs::create_dir(folder.recordings().join("deeper")).unwrap();
    std::os::unix::fs::symlink("nowhere.wav", folder.recordings().join("lost.wav")).unwrap();

    let table = folder.table();
    let done = folder.run(&["voice", "--device", "phone-headset", "--csv", table.to_str().unwrap()]);
    let told = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(4), "a file failed: {told}");
    assert!(told.contains("1/5 ") && told.contains("5 files, 3 could not be judged"), "{told}");
    assert_eq!(folder.beside(), ["recordings", "table.csv"]);

    let rows = rows(&table);
    assert_eq!(rows.len(), 5);
    let good = &rows["good.wav"];
    assert_eq!((good["status"].as_str(), good["result"].as_str()), ("completed", "nothing_unusual"));
    assert_eq!(good["model_version"], "aidpost-screen 1.0.0");
    let number = |column: &str| good[column].parse::<f64>().unwrap_or(f64::NAN);
    assert!((number("f0_mean [Hz]") - 120.0).abs() < 1.0);
    assert!((0.0..=1.0).contains(&number("confidence [1]")) && number("hnr [dB]") > 10.0);
    assert!((number("duration [s]") - 6.0).abs() < 1e-6 && number("jitter_ppq5 [1]") >= 0.0);
    // What a spreadsheet would compute is text; its measures are those of the same sound.
    let hostile = rows.iter().find(|(name, _)| name.contains("calc")).unwrap();
    assert!(hostile.0.starts_with("'="), "{}", hostile.0);
    assert_eq!(hostile.1["hnr [dB]"], good["hnr [dB]"]);
    assert_eq!(rows["quiet.wav"]["status"], "insufficient_quality");
    assert!(rows["quiet.wav"]["reason"].contains("level"), "{}", rows["quiet.wav"]["reason"]);
    assert_eq!(rows["words.txt"]["status"], "not_read");
    assert!(rows["words.txt"]["reason"].starts_with("not_audio"), "{}", rows["words.txt"]["reason"]);
    assert!(rows["lost.wav"]["reason"].starts_with("file_not_readable"), "{}", rows["lost.wav"]["reason"]);
    assert!(rows.values().all(|row| row["reason"].is_empty() == (row["status"] == "completed")));
}

#[test]
fn json_gives_a_line_for_every_file_and_a_stance_has_its_own_columns() {
    let folder = Folder::make();
    folder.put("a.csv", inputs::stance().as_bytes());
    folder.put("b.csv", inputs::stance().replace("ap_cm", "height_cm").as_bytes());
    let done = folder.run(&["balance", "--json", "--age", "44"]);
    assert_eq!(done.status.code(), Some(4));
    let lines: Vec<Value> =
        String::from_utf8(done.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["report"]["task"], "stance_eyes_open");
    assert_eq!(lines[0]["report"]["status"], "no_reference", "one condition alone decides nothing");
    assert_eq!(
        (lines[1]["file"].as_str(), lines[1]["problem"]["code"].as_str()),
        (Some("b.csv"), Some("recording_missing_column"))
    );

    std::fs::remove_file(folder.recordings().join("b.csv")).unwrap();
    let done = folder.run(&["balance", "--eyes-closed", "--csv", folder.table().to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let rows = rows(&folder.table());
    assert_eq!(rows["a.csv"]["task"], "stance_eyes_closed");
    assert!(rows["a.csv"]["ellipse_area [cm2]"].parse::<f64>().unwrap() > 0.1);
    assert!(!rows["a.csv"].contains_key("hnr [dB]"));
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_anything_is_measured() {
    let folder = Folder::make();
    folder.put("good.wav", &inputs::vowel(VOICE).unwrap());
    let done = folder.run(&["voice", "--json", "--csv", "/nowhere/at/all/table.csv"]);
    assert_eq!((done.status.code(), done.stdout.len()), (Some(1), 0));
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("file_not_writable") && !told.contains("1/1"), "{told}");
    let done = folder.run(&["voice", "--json", "--device", "gramophone"]);
    assert_eq!((done.status.code(), done.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8(done.stderr).unwrap().contains("invalid_input"));
}

#[test]
fn ctrl_c_leaves_the_old_table_and_nothing_half_written() {
    let folder = Folder::make();
    let voice = inputs::vowel(Tone { rate: 96_000, ..VOICE }).unwrap();
    for n in 0..40 {
        folder.put(&format!("{n:02}.wav"), &voice);
    }
    std::fs::write(folder.table(), "of last week").unwrap();
    let mut child = folder.command(&["voice", "--csv", folder.table().to_str().unwrap()]).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(told.next().unwrap().unwrap().starts_with("1/40 "));
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let last = told.map(Result::unwrap).last().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{last}");
    assert!(last.starts_with("stopped after ") && !last.contains("after 40 "), "{last}");
    assert_eq!(std::fs::read_to_string(folder.table()).unwrap(), "of last week");
    assert_eq!(folder.beside(), ["recordings", "table.csv"]);
}

/// Most memory that a batch ever held, kB, as the system counted it.
fn most_memory(folder: &Folder) -> u64 {
    let mut child = folder.command(&["voice", "--csv", folder.table().to_str().unwrap()]).spawn().unwrap();
    drop(child.stderr.take());
    let mut most = 0;
    while running(&mut child) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        most = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(most);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    most
}

fn running(child: &mut Child) -> bool {
    child.try_wait().unwrap().is_none()
}

#[test]
fn memory_does_not_grow_with_the_number_of_files() {
    let voice = inputs::vowel(VOICE).unwrap();
    let filled = |count| {
        let folder = Folder::make();
        (0..count).for_each(|n| folder.put(&format!("{n:02}.wav"), &voice));
        folder
    };
    let (few, many) = (most_memory(&filled(2)), most_memory(&filled(12)));
    assert!(few > 1_000, "{few} kB was not measured");
    // One recording takes several megabytes; ten more must not show.
    assert!(many < few + few / 4, "2 files: {few} kB, 12 files: {many} kB");
}

/// A clinic with a patient whose checks are kept.
struct Chart {
    desk: Desk,
    patient: String,
    _folder: TempDir,
}

impl Chart {
    async fn make() -> Chart {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::make_clinic(&folder.path().join("vaults")).await.unwrap();
        let register = json!({
            "name": "Maria Okafor", "date_of_birth": "1950-03-01", "gender": "female", "phone": null, "email": null, "address": null,
            "preferred_language": "en", "blood_group": null,
        });
        let banner = desk.ask("patients.register", register).await.unwrap();
        Chart { desk, patient: banner["id"].as_str().unwrap().to_owned(), _folder: folder }
    }

    async fn analyse(&self, task: &str, more: Value, bytes: Vec<u8>) -> Result<Value, Trouble> {
        let mut ask = json!({ "patient": self.patient, "task": task, "file_name": "recording" });
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.desk.give("checks.analyse", ask, bytes).await
    }

    async fn kept(&self, task: &str, more: Value, bytes: Vec<u8>) -> Value {
        let draft = self.analyse(task, more, bytes).await.unwrap();
        self.desk.ask("checks.keep", json!({ "draft": draft["draft"], "notes": null })).await.unwrap()
    }

    async fn trends(&self) -> Vec<Value> {
        let trends = self.desk.ask("checks.trends", json!({ "patient": self.patient })).await.unwrap();
        trends.as_array().unwrap().clone()
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(root().join("crates").join(name)).unwrap()
}

fn value_of(view: &Value, name: &str) -> Option<f64> {
    view["measures"].as_array().unwrap().iter().find(|one| one["name"] == name)?["value"].as_f64()
}

fn code(trouble: Trouble) -> String {
    match trouble {
        Trouble::Refused { problem, .. } => problem.code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_device_and_the_text_reach_the_measures_and_stay_with_the_check() {
    let chart = Chart::make().await;
    let m4a = fixture("app/tests/fixtures/audio/vowel.m4a");
    let unknown = chart.analyse("vowel", json!({}), m4a.clone()).await.unwrap();
    assert_eq!((unknown["view"]["device"].as_str(), unknown["view"]["score"].is_null()), (Some("unknown"), true));
    let view = chart.kept("vowel", json!({ "device": "phone-headset" }), m4a).await;
    assert_eq!((view["device"].as_str(), view["row"]["status"].as_str()), (Some("phone-headset"), Some("completed")));

    let text = fixture("detect/tests/fixtures/voice/read_04.flac");
    let heard = chart.analyse("reading", json!({}), text.clone()).await.unwrap();
    assert_eq!(value_of(&heard["view"], "text_articulation_rate"), None);
    let known = chart.analyse("reading", json!({ "syllables": 124 }), text.clone()).await.unwrap();
    let (rate, time) = ("text_articulation_rate", value_of(&known["view"], "speech_time").unwrap());
    assert!((value_of(&known["view"], rate).unwrap() * time - 124.0).abs() < 1e-9);

    for wrong in [json!({ "device": "gramophone" }), json!({ "syllables": 0 }), json!({ "device": "force-plate" })] {
        assert_eq!(code(chart.analyse("reading", wrong, text.clone()).await.unwrap_err()), "invalid_input");
    }
}

#[tokio::test]
async fn a_spectrogram_comes_as_bytes_for_a_draft_and_a_check_and_never_of_a_stance() {
    let chart = Chart::make().await;
    let draft = chart.analyse("vowel", json!({}), inputs::vowel(VOICE).unwrap()).await.unwrap();
    let of_draft = chart.desk.fetch("checks.spectrogram", json!({ "id": draft["draft"] })).await.unwrap();
    let number = |at: usize| usize::from(u16::from_le_bytes([of_draft[at], of_draft[at + 1]]));
    let (columns, rows) = (number(0), number(2));
    assert!((1..=1000).contains(&columns) && (1..=256).contains(&rows));
    assert_eq!(of_draft.len(), 16 + columns * rows);
    // The first second is silent, the middle is not.
    let loudest = |column: usize| *of_draft[16 + column * rows..][..rows].iter().min().unwrap();
    assert!(loudest(columns / 20) > 160 && loudest(columns / 2) < 40);
    let kept = chart.desk.ask("checks.keep", json!({ "draft": draft["draft"], "notes": null })).await.unwrap();
    let of_check = chart.desk.fetch("checks.spectrogram", json!({ "id": kept["row"]["id"] })).await.unwrap();
    assert!(of_check == of_draft);
    let stance = chart.kept("stance_eyes_open", json!({}), inputs::stance().into_bytes()).await;
    let refused = chart.desk.fetch("checks.spectrogram", json!({ "id": stance["row"]["id"] })).await.unwrap_err();
    assert_eq!(code(refused), "invalid_input");
}

#[tokio::test]
async fn what_could_not_be_done_is_kept_and_new_is_a_sign_without_a_score() {
    let chart = Chart::make().await;
    let ask = |task: &str, reason: &str, is_new: bool| {
        let words = json!({ "patient": chart.patient, "task": task, "reason": reason, "is_new": is_new, "notes": "after breakfast" });
        chart.desk.ask("checks.could_not_do", words)
    };
    let known = ask("reading", "cannot_speak", false).await.unwrap();
    assert_eq!((known["row"]["status"].as_str(), known["row"]["result"].is_null()), (Some("no_reference"), true));
    assert_eq!(
        (known["row"]["inability"].as_str(), known["notes"].as_str()),
        (Some("cannot_speak"), Some("after breakfast"))
    );
    assert_eq!((&known["device"], &known["measures"]), (&Value::Null, &json!([])), "nothing was recorded");
    let new = ask("ddk_pataka", "unsafe", true).await.unwrap();
    assert_eq!(
        (new["row"]["result"].as_str(), new["row"]["model_version"].as_str()),
        (Some("stroke_detected"), Some("protocol"))
    );
    assert!(new["row"]["confidence"].is_null() && new["score"].is_null());
    for (task, reason) in [("reading", "step"), ("stance_eyes_open", "cannot_speak"), ("vowel", "lazy")] {
        assert_eq!(code(ask(task, reason, true).await.unwrap_err()), "invalid_input", "{task} {reason}");
    }
    let list = chart.desk.ask("checks.list", json!({ "patient": chart.patient })).await.unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(chart.trends().await, Vec::<Value>::new(), "attempts alone are no trend");
}

#[tokio::test]
async fn trends_follow_the_main_measures_of_each_task_with_gaps() {
    let chart = Chart::make().await;
    assert_eq!(chart.trends().await, Vec::<Value>::new());
    let train = || fixture("detect/tests/fixtures/voice/ddk_03.flac");
    let given = || json!({ "device": "computer-headset" });
    let first = chart.kept("ddk_pataka", given(), train()).await;
    chart.desk.ask("checks.could_not_do", json!({ "patient": chart.patient, "task": "ddk_pataka", "reason": "other", "is_new": false, "notes": null })).await.unwrap();
    chart.kept("ddk_pataka", given(), fixture("detect/tests/fixtures/voice/ddk_06.flac")).await;
    chart.kept("stance_eyes_open", json!({}), inputs::stance().into_bytes()).await;
    let trends = chart.trends().await;
    let named = |task: &str, measure: &str| trends.iter().find(|one| one["task"] == task && one["measure"] == measure);
    let rate = named("ddk_pataka", "ddk_rate").unwrap();
    let points = rate["points"].as_array().unwrap();
    assert_eq!((points.len(), points[1]["value"].is_null()), (3, true));
    assert_eq!(points[0]["value"].as_f64(), value_of(&first, "ddk_rate"));
    assert_eq!(points[0]["device"], "computer-headset");
    assert!(points.iter().all(|point| point["own"].is_null()), "one day is no own baseline");
    assert!(named("stance_eyes_open", "ellipse_area").is_some() && named("stance_eyes_open", "trunk_area").is_none());
}
