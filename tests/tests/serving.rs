//! `aidpost serve` as a process, its record reconciled with a real MongoDB: budgets under many at once, and a process that is killed
//! in the middle of it.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use aidpost_tests::desk::{Desk, PASSPHRASE};
use aidpost_tests::window::driver::built;
use serde_json::{Value, json};
use share::fetch::{AddressPolicy, open};
use share::link::Link;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use sync::server::LocalServer;
use tempfile::TempDir;

/// A clinic with one patient, whose record lies in a database too.
struct Clinic {
    folder: TempDir,
    patient: String,
    _server: LocalServer,
}

/// A process that is killed at the end of the story, or before.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Clinic {
    async fn make() -> Clinic {
        let folder = tempfile::tempdir().unwrap();
        let server = LocalServer::start(&folder.path().join("database"), 0).await.expect("run scripts/setup.sh test");
        let desk = Desk::make_clinic(&folder.path().join("vaults")).await.unwrap();
        let register = json!({
            "name": "Maria Okafor", "date_of_birth": "1950-03-01", "gender": "female", "phone": null, "email": null, "address": null,
            "preferred_language": null, "blood_group": null,
        });
        let patient = desk.ask("patients.register", register).await.unwrap()["id"].as_str().unwrap().to_owned();
        desk.ask("sync.set_remote", json!({ "address": server.uri("") })).await.unwrap();
        desk.ask("sync.now", json!({})).await.unwrap();
        desk.leave().await;
        Clinic { folder, patient, _server: server }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(built("aidpost").unwrap());
        command.args(["--json", "--home"]).arg(self.folder.path().join("vaults")).args(words);
        command.env("AIDPOST_PASSPHRASE", PASSPHRASE).env("HOME", self.folder.path()).stdin(Stdio::null());
        command
    }

    fn ask(&self, name: &str, input: &Value) -> Value {
        let output = self.command(&["ask", name, &input.to_string()]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn share(&self, more: Value) -> (Value, Link) {
        let mut ask = json!({ "patient": self.patient, "choices": [], "kinds": ["allergies"], "label": "For the desk", "minutes": 60, "max_uses": null, "passcode": null, "direct": false });
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let view = self.ask("shares.make", &ask);
        (view["row"]["id"].clone(), Link::parse(view["link"].as_str().unwrap()).unwrap())
    }

    fn row(&self, id: &Value) -> Value {
        self.ask("shares.view", &json!({ "id": id }))["row"].clone()
    }

    /// Serves, and waits until the listener answers.
    async fn serve(&self, link: &Link) -> Serving {
        let serving = Serving(self.command(&["serve"]).stdout(Stdio::null()).spawn().unwrap());
        let at = link.url().split('/').nth(2).unwrap();
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(at).await.is_ok() {
                return serving;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("`aidpost serve` never listened");
    }
}

async fn code(link: &Link, passcode: Option<&str>) -> &'static str {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let opened = open(link, "Dr Ann", passcode, AddressPolicy { allow_lan: true }, now).await;
    opened.map_or_else(|e| e.code(), |_| "ok")
}

/// Everybody asks at once.
async fn at_once(times: usize, link: &Link, passcode: Option<&'static str>) -> Vec<&'static str> {
    let one = |_| {
        let link = link.clone();
        tokio::spawn(async move { code(&link, passcode).await })
    };
    let all: Vec<_> = (0..times).map(one).collect();
    let mut codes = Vec::new();
    for one in all {
        codes.push(one.await.unwrap());
    }
    codes
}

fn count(codes: &[&str], code: &str) -> usize {
    codes.iter().filter(|own| **own == code).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_s3_s9_budgets_hold_under_many_at_once_and_over_a_kill() {
    let clinic = Clinic::make().await;
    let (twice, three) = clinic.share(json!({ "max_uses": 7 }));
    let (guessed, secret) = clinic.share(json!({ "passcode": "4711" }));
    let serving = clinic.serve(&three).await;
    assert_eq!(count(&at_once(20, &three, None).await, "ok"), 7, "S3");
    assert_eq!(code(&secret, Some("1")).await, "wrong_passcode");
    // Killed while others ask.
    let (asked, ()) = tokio::join!(at_once(100, &secret, Some("2")), async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        drop(serving);
    });
    let before = 1 + count(&asked, "wrong_passcode");
    let serving = clinic.serve(&secret).await;
    assert_eq!(code(&three, None).await, "no_longer_shared", "S9: the uses are still used up");
    let after = count(&at_once(1_000, &secret, Some("3")).await, "wrong_passcode");
    assert_eq!(code(&three, None).await, "no_longer_shared");
    drop(serving);
    // A guess that was written down just before the end may have had no answer; none is answered and not written down.
    assert!(before + after <= 5, "S2: {before} + {after}");
    let view = clinic.ask("access.view", &json!({ "patient": clinic.patient }));
    let outcomes: Vec<&str> =
        view["accesses"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert_eq!((count(&outcomes, "granted"), count(&outcomes, "wrong_passcode")), (7, 5));
    assert_eq!((clinic.row(&twice)["uses"].clone(), clinic.row(&guessed)["over"].clone()), (json!(7), json!(true)));
}
