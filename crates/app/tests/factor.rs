//! The second factor and the proof before what matters most, as a shell meets them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::{App, Clock, Options, Problem};
use common::{Hands, MINUTES, PASSPHRASE};
use crypto::totp::{STEP_S, Totp};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc};

struct Desk {
    app: Arc<App>,
    clock: Arc<Hands>,
}

impl Desk {
    fn at(root: &Path, clock: &Arc<Hands>) -> Desk {
        let options =
            Options { loopback_only: true, serve_links: false, idle_lock: false, window: false, keychain: false };
        Desk { app: App::new(root, clock.clone(), options), clock: clock.clone() }
    }

    async fn new(root: &Path) -> Desk {
        let desk = Desk::at(root, &Hands::new());
        let clinic = json!({ "clinic_name": "Harbour Clinic", "name": "Dr Amina Rahman", "email": null, "specialization": null, "passphrase": PASSPHRASE, "language": "en" });
        desk.ask("session.make_clinic", clinic).await;
        desk
    }

    async fn try_ask(&self, name: &str, input: Value) -> Result<Value, Problem> {
        app::answer(&self.app, name, input).await
    }

    async fn ask(&self, name: &str, input: Value) -> Value {
        self.try_ask(name, input).await.unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    /// Code and detail of the refusal.
    async fn refused(&self, name: &str, input: Value) -> (String, Option<String>) {
        let problem = self.try_ask(name, input).await.expect_err(name);
        (problem.code, problem.detail)
    }

    async fn prove(&self, passphrase: &str, code: Option<&str>) -> Result<Value, Problem> {
        self.try_ask("session.step_up", json!({ "passphrase": passphrase, "code": code })).await
    }

    async fn unlock(&self) {
        let state = self.ask("session.state", json!({})).await;
        let profile = state["profiles"][0]["id"].clone();
        self.ask("session.unlock", json!({ "profile": profile, "passphrase": PASSPHRASE })).await;
    }

    /// What an app shows, so many steps from now.
    fn app_code(&self, secret: &str, steps: i64) -> String {
        let totp = Totp::from_base32(&secret.replace(' ', "")).unwrap();
        let at = self.clock.now_ms() / 1000;
        totp.code_at(at.saturating_add_signed(steps * i64::try_from(STEP_S).unwrap())).to_string()
    }

    /// Turns the factor on; gives the secret and the codes on paper.
    async fn turn_on(&self) -> (String, Vec<String>) {
        let setup = self.ask("factor.begin", json!({})).await;
        let secret = text(&setup["secret"]);
        let done = self.ask("factor.confirm", json!({ "code": self.app_code(&secret, 0) })).await;
        (secret, done["codes"].as_array().unwrap().iter().map(text).collect())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn own_device() -> Value {
    json!({ "own_device": true, "role": null, "clinical": false, "chart": null })
}

fn needs(what: &str) -> (String, Option<String>) {
    ("step_up_needed".to_owned(), Some(what.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_matters_most_asks_again_after_ten_minutes() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    desk.ask("people.invite", own_device()).await;
    desk.clock.forward(10 * MINUTES);
    desk.ask("people.invite", own_device()).await;
    desk.clock.forward(1);
    for (name, input) in [
        ("people.invite", own_device()),
        ("people.admit", json!({ "request": "x", "typed_check": "x" })),
        ("factor.begin", json!({})),
        ("factor.off", json!({})),
        ("factor.new_backup_codes", json!({})),
        ("realm.set_up", json!({ "address": "mongodb://nowhere" })),
        ("shares.make", json!({})),
    ] {
        assert_eq!(desk.refused(name, input).await, needs("passphrase"), "{name}");
    }
    desk.ask("people.list", json!({})).await;
    assert_eq!(desk.prove("not the right words", None).await.unwrap_err().code, "wrong_passphrase");
    assert_eq!(desk.refused("people.invite", own_device()).await, needs("passphrase"));
    desk.prove(PASSPHRASE, None).await.unwrap();
    desk.ask("people.invite", own_device()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_makes_no_old_proof_fresh_and_unlocking_is_a_proof() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    desk.clock.back(60 * MINUTES);
    assert_eq!(desk.refused("people.invite", own_device()).await, needs("passphrase"));
    desk.ask("session.lock", json!({})).await;
    assert_eq!(desk.refused("people.invite", own_device()).await.0, "locked");
    desk.unlock().await;
    desk.ask("people.invite", own_device()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passphrases_at_a_proof_are_slowed_like_those_at_unlock() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    for _ in 0..4 {
        assert_eq!(desk.prove("not the right words", None).await.unwrap_err().code, "wrong_passphrase");
    }
    let fifth = desk.prove("not the right words", None).await.unwrap_err();
    assert_eq!((fifth.code.as_str(), fifth.detail.as_deref()), ("too_many_attempts", Some("30")));
    assert_eq!(desk.prove(PASSPHRASE, None).await.unwrap_err().code, "too_many_attempts");
    desk.clock.forward(30);
    desk.prove(PASSPHRASE, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_factor_is_on_once_the_app_has_proved_it_and_its_codes_are_good_once() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    assert_eq!(desk.ask("factor.view", json!({})).await, json!({ "on": false, "since": null, "backup_codes_left": 0 }));
    assert_eq!(desk.refused("factor.confirm", json!({ "code": "123456" })).await.0, "not_found");
    let setup = desk.ask("factor.begin", json!({})).await;
    assert!(text(&setup["address"]).starts_with("otpauth://totp/Aidpost:Dr%20Amina%20Rahman?secret="));
    assert!(text(&setup["qr"]).contains("<svg"));
    let secret = text(&setup["secret"]);
    assert_eq!(desk.refused("factor.confirm", json!({ "code": desk.app_code(&secret, 9) })).await.0, "wrong_code");
    assert!(!desk.ask("factor.view", json!({})).await["on"].as_bool().unwrap(), "nothing is kept before that");

    let code = desk.app_code(&secret, 0);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let codes = desk.ask("factor.confirm", json!({ "code": spaced })).await;
    assert_eq!(codes["codes"].as_array().unwrap().len(), 10);
    let view = desk.ask("factor.view", json!({})).await;
    assert_eq!((&view["on"], &view["backup_codes_left"]), (&json!(true), &json!(10)));
    assert!(view["since"].is_string());
    assert_eq!(desk.refused("factor.confirm", json!({ "code": code })).await.0, "not_found", "the setup is over");

    // The code that turned it on is a proof, and is not good again.
    desk.ask("people.invite", own_device()).await;
    desk.ask("session.lock", json!({})).await;
    desk.unlock().await;
    assert_eq!(desk.refused("people.invite", own_device()).await, needs("passphrase+code"));
    assert_eq!(desk.prove(PASSPHRASE, None).await.unwrap_err().code, "code_needed");
    assert_eq!(desk.prove(PASSPHRASE, Some(&code)).await.unwrap_err().code, "code_was_used");
    let next = desk.app_code(&secret, 1);
    desk.prove(PASSPHRASE, Some(&next)).await.unwrap();
    desk.ask("people.invite", own_device()).await;
    assert_eq!(desk.prove(PASSPHRASE, Some(&code)).await.unwrap_err().code, "code_was_used", "an older step");
    desk.clock.forward(11 * MINUTES);
    assert_eq!(desk.refused("people.invite", own_device()).await, needs("passphrase+code"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_on_paper_is_good_once_also_after_a_new_start_and_a_new_set_voids_the_old() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    let (_, codes) = desk.turn_on().await;
    desk.prove(PASSPHRASE, Some(&codes[4].to_uppercase().replace('-', " "))).await.unwrap();
    assert_eq!(desk.ask("factor.view", json!({})).await["backup_codes_left"], 9);
    desk.ask("session.lock", json!({})).await;
    desk.unlock().await;
    assert_eq!(desk.prove(PASSPHRASE, Some(&codes[4])).await.unwrap_err().code, "code_was_used");
    desk.prove(PASSPHRASE, Some(&codes[5])).await.unwrap();
    let anew = desk.ask("factor.new_backup_codes", json!({})).await;
    assert_eq!(desk.ask("factor.view", json!({})).await["backup_codes_left"], 10);
    assert_eq!(desk.prove(PASSPHRASE, Some(&codes[6])).await.unwrap_err().code, "wrong_code");
    desk.prove(PASSPHRASE, Some(&text(&anew["codes"][0]))).await.unwrap();
    desk.ask("factor.off", json!({})).await;
    assert_eq!(desk.ask("factor.view", json!({})).await, json!({ "on": false, "since": null, "backup_codes_left": 0 }));
    desk.ask("session.lock", json!({})).await;
    desk.unlock().await;
    desk.ask("people.invite", own_device()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_are_slowed_and_the_right_passphrase_does_not_forgive_them() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    let (secret, _) = desk.turn_on().await;
    for _ in 0..4 {
        assert_eq!(desk.prove(PASSPHRASE, Some("000000")).await.unwrap_err().code, "wrong_code");
    }
    desk.ask("session.lock", json!({})).await;
    desk.unlock().await;
    assert_eq!(desk.prove(PASSPHRASE, Some("not a code")).await.unwrap_err().code, "too_many_codes");
    assert_eq!(desk.prove(PASSPHRASE, Some(&desk.app_code(&secret, 1))).await.unwrap_err().code, "too_many_codes");
    desk.clock.forward(31);
    desk.prove(PASSPHRASE, Some(&desk.app_code(&secret, 1))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_says_that_the_factor_is_on_and_the_secret_is_in_the_persons_own_scope() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    let (secret, _) = desk.turn_on().await;
    let session = desk.app.session().unwrap();
    let user = session.need::<app::model::User>(session.me.user).unwrap();
    assert!(user.value.two_factor_enabled);
    let factor = session.need::<app::model::TwoFactor>(session.me.user).unwrap();
    assert_eq!((factor.scope, factor.value.secret), (session.me.user, secret.replace(' ', "")));
    assert!(factor.value.backup_codes.iter().all(|code| code.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")));
    let salts: std::collections::BTreeSet<_> =
        factor.value.backup_codes.iter().map(|code| code.hash.split('$').nth(4).unwrap().to_owned()).collect();
    assert_eq!(salts.len(), 1, "one salt for the set");
}

async fn share_this_computer(desk: &Desk, lock_minutes: u32) -> Result<Value, Problem> {
    let mut settings = desk.ask("settings.get", json!({})).await;
    settings["shared"] = json!(true);
    settings["lock_minutes"] = json!(lock_minutes);
    desk.try_ask("settings.set", settings).await
}

async fn unlock_with(desk: &Desk, code: Option<&str>) -> Result<Value, Problem> {
    let state = desk.ask("session.state", json!({})).await;
    let unlock = json!({ "profile": state["profiles"][0]["id"], "passphrase": PASSPHRASE, "code": code });
    desk.try_ask("session.unlock", unlock).await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_shared_computer_the_code_is_asked_for_at_unlock_and_counts_as_a_proof() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    let (secret, paper) = desk.turn_on().await;
    assert_eq!(share_this_computer(&desk, 15).await.unwrap_err().code, "invalid_input", "nobody waits so long there");
    share_this_computer(&desk, 5).await.unwrap();
    desk.ask("session.lock", json!({})).await;

    assert_eq!(unlock_with(&desk, None).await.unwrap_err().code, "code_needed");
    assert_eq!(unlock_with(&desk, Some(" ")).await.unwrap_err().code, "code_needed");
    assert_eq!(
        desk.refused("patients.banner", json!({ "patient": uuid::Uuid::nil() })).await.0,
        "locked",
        "it was closed again"
    );
    for _ in 0..4 {
        assert_eq!(unlock_with(&desk, Some("000000")).await.unwrap_err().code, "wrong_code");
    }
    assert_eq!(
        unlock_with(&desk, Some("000000")).await.unwrap_err().code,
        "too_many_codes",
        "the passphrase forgives nothing"
    );
    desk.clock.forward(31);
    let code = desk.app_code(&secret, 0);
    unlock_with(&desk, Some(&code)).await.unwrap();
    desk.ask("people.invite", own_device()).await;
    desk.ask("session.lock", json!({})).await;
    assert_eq!(unlock_with(&desk, Some(&code)).await.unwrap_err().code, "code_was_used");
    unlock_with(&desk, Some(&paper[0])).await.unwrap();
    assert_eq!(desk.ask("factor.view", json!({})).await["backup_codes_left"], 9);
    assert_eq!(desk.refused("security.set_pin", json!({ "pin": "271828" })).await.0, "pin_on_shared");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_computer_asks_nobody_for_a_factor_that_is_off_and_a_private_one_never_at_unlock() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    share_this_computer(&desk, 5).await.unwrap();
    desk.ask("session.lock", json!({})).await;
    unlock_with(&desk, None).await.unwrap();
    desk.turn_on().await;
    let mut settings = desk.ask("settings.get", json!({})).await;
    settings["shared"] = json!(false);
    desk.ask("settings.set", settings).await;
    desk.ask("session.lock", json!({})).await;
    unlock_with(&desk, None).await.unwrap();
    assert_eq!(desk.refused("people.invite", own_device()).await, needs("passphrase+code"));
}
