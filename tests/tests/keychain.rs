//! The real keychain of a Linux desktop: the account secret leaves the disk, a PIN opens for a working day, and too many wrong
//! ones end it. Runs itself once more inside a session bus with a Secret Service of its own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

use app::{App, Options, Problem, SystemClock, keychain::Keychain};
use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Command, Output},
    sync::Arc,
};

const PASSPHRASE: &str = "quiet orchard morning ferry";
const PIN: &str = "271828";
/// Set for the run inside the session, to the folder of the records.
const INSIDE: &str = "AIDPOST_TEST_INSIDE";

/// Starts this test program again where a Secret Service runs, whose collection is open.
fn inside(story: &str, home: &Path) -> Output {
    let service = "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$0\" \"$@\"";
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", service]).arg(program).args(["--exact", story, "--nocapture"]);
    command.env(INSIDE, home).env("HOME", home).env("XDG_DATA_HOME", home.join("data")).env("XDG_RUNTIME_DIR", home);
    command.output().unwrap_or_else(|error| panic!("dbus-run-session: {error}; run `scripts/setup.sh test` first"))
}

fn played(story: &str) {
    let home = tempfile::tempdir().unwrap();
    let output = inside(story, home.path());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("test result: ok. 1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

struct Desk(Arc<App>);

impl Desk {
    fn at(root: &Path) -> Desk {
        Desk(App::new(
            root,
            Arc::new(SystemClock),
            Options { loopback_only: true, keychain: true, ..Options::default() },
        ))
    }

    async fn try_ask(&self, name: &str, input: Value) -> Result<Value, Problem> {
        app::answer(&self.0, name, input).await
    }

    async fn ask(&self, name: &str, input: Value) -> Value {
        self.try_ask(name, input).await.unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    async fn make(&self) {
        let own = json!({ "name": "Lea Jensen", "date_of_birth": null, "gender": null, "passphrase": PASSPHRASE, "language": "en" });
        self.ask("session.keep_own", own).await;
    }

    async fn profile(&self) -> Value {
        self.ask("session.state", json!({})).await["profiles"][0].clone()
    }

    async fn enter(&self, pin: &str) -> Result<Value, Problem> {
        let id = self.profile().await["id"].clone();
        self.try_ask("session.unlock_quick", json!({ "profile": id, "pin": pin })).await
    }
}

fn has_secret_on_disk(root: &Path) -> bool {
    let mut folders = std::fs::read_dir(root).unwrap();
    folders.any(|folder| folder.unwrap().path().join("vault.secret").exists())
}

/// The folder of the run inside, or none in the run outside.
fn home() -> Option<std::path::PathBuf> {
    std::env::var_os(INSIDE).map(|home| Path::new(&home).join("records"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_secret_is_kept_by_the_keychain_and_a_pin_opens() {
    let Some(root) = home() else { return played("the_account_secret_is_kept_by_the_keychain_and_a_pin_opens") };
    assert!(tokio::task::spawn_blocking(Keychain::is_there).await.unwrap(), "the Secret Service does not answer");
    let desk = Desk::at(&root);
    desk.make().await;
    let view = desk.ask("security.view", json!({})).await;
    assert_eq!(
        (&view["secret_in_a_file"], &view["keychain"], &view["pin"]),
        (&json!(false), &json!(true), &json!(false))
    );
    assert!(!has_secret_on_disk(&root));

    desk.ask("security.set_pin", json!({ "pin": PIN })).await;
    desk.ask("session.lock", json!({})).await;
    assert_eq!(desk.profile().await["pin"], true);
    desk.enter(PIN).await.unwrap();
    // A PIN opens the record, and is not enough for what matters most.
    assert_eq!(desk.try_ask("security.set_pin", json!({ "pin": "111111" })).await.unwrap_err().code, "step_up_needed");
    desk.ask("session.lock", json!({})).await;
    let id = desk.profile().await["id"].clone();
    desk.ask("session.unlock", json!({ "profile": id, "passphrase": PASSPHRASE })).await;
    desk.ask("security.remove_pin", json!({})).await;
    desk.ask("session.lock", json!({})).await;
    assert_eq!(desk.profile().await["pin"], false);
    assert_eq!(desk.enter(PIN).await.unwrap_err().code, "pin_not_usable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_without_a_keychain_moves_into_one_when_asked() {
    let Some(root) = home() else { return played("a_record_without_a_keychain_moves_into_one_when_asked") };
    let plain = Desk(App::new(&root, Arc::new(SystemClock), Options { loopback_only: true, ..Options::default() }));
    plain.make().await;
    assert_eq!(plain.ask("security.view", json!({})).await["secret_in_a_file"], true);
    assert_eq!(plain.try_ask("security.set_pin", json!({ "pin": PIN })).await.unwrap_err().code, "no_keychain");
    plain.ask("session.lock", json!({})).await;
    assert!(has_secret_on_disk(&root));

    let desk = Desk::at(&root);
    let id = desk.profile().await["id"].clone();
    let unlock = json!({ "profile": id, "passphrase": PASSPHRASE });
    desk.ask("session.unlock", unlock.clone()).await;
    assert_eq!(desk.ask("security.use_keychain", json!({})).await["secret_in_a_file"], false);
    assert!(!has_secret_on_disk(&root));
    desk.ask("session.lock", json!({})).await;
    desk.ask("session.unlock", unlock).await;
}
