//! One-time codes through a real mail server on this computer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::{App, Options, Problem};
use common::{Hands, MINUTES};
use serde_json::{Value, json};
use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

const EMAIL: &str = "amina@harbour.example";

/// aiosmtpd, in a process of its own.
struct MailServer {
    process: Child,
    port: u16,
    letters: Receiver<Value>,
}

impl MailServer {
    fn start(more: &[&str]) -> MailServer {
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.unwrap_or_else(|| PathBuf::from(env::var_os("HOME").expect("a home folder")).join(".cache"));
        let python = cache.join("aidpost/smtpd/bin/python");
        assert!(python.exists(), "no mail server to test with: run scripts/setup.sh test");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/server.py");
        let mut process = Command::new(python).arg(script).args(more).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.next().expect("the server says its port").unwrap().parse().unwrap();
        let (sender, letters) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        MailServer { process, port, letters }
    }

    fn letter(&self) -> Value {
        self.letters.recv_timeout(Duration::from_secs(10)).expect("a letter")
    }

    fn is_silent(&self) -> bool {
        self.letters.recv_timeout(Duration::from_millis(300)).is_err()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

struct Desk {
    app: Arc<App>,
    clock: Arc<Hands>,
}

impl Desk {
    async fn new(root: &Path, language: &str) -> Desk {
        drop(rustls::crypto::ring::default_provider().install_default());
        let clock = Hands::new();
        let options =
            Options { loopback_only: true, serve_links: false, idle_lock: false, window: false, keychain: false };
        let desk = Desk { app: App::new(root, clock.clone(), options), clock };
        let clinic = json!({ "clinic_name": "Harbour Clinic", "name": "Dr Amina Rahman", "email": null, "specialization": null, "passphrase": "quiet orchard morning ferry", "language": language });
        desk.ask("session.make_clinic", clinic).await;
        desk
    }

    /// A clinic that sends through this server, and an address that is not confirmed.
    async fn sending(root: &Path, server: &MailServer) -> Desk {
        let desk = Desk::new(root, "en").await;
        desk.ask("mail.set", json!({ "smtp": smtp(server.port), "sms": null })).await;
        desk.ask("contacts.set", json!({ "email": EMAIL, "mobile_number": null })).await;
        desk
    }

    async fn try_ask(&self, name: &str, input: Value) -> Result<Value, Problem> {
        app::answer(&self.app, name, input).await
    }

    async fn ask(&self, name: &str, input: Value) -> Value {
        self.try_ask(name, input).await.unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    async fn refused(&self, name: &str, input: Value) -> String {
        self.try_ask(name, input).await.expect_err(name).code
    }

    async fn send(&self) -> Value {
        self.ask("codes.send", to_email()).await
    }

    async fn check(&self, sent: &Value, code: &str) -> Result<Value, Problem> {
        self.try_ask("codes.check", json!({ "request": sent["request"], "code": code })).await
    }

    fn forward(&self, seconds: u64) {
        self.clock.forward(seconds);
    }
}

fn smtp(port: u16) -> Value {
    json!({ "host": "127.0.0.1", "port": port, "tls": "none", "user": null, "password": null, "from": "codes@harbour.example" })
}

fn with(mut smtp: Value, more: Value) -> Value {
    smtp.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "smtp": smtp, "sms": null })
}

fn to_email() -> Value {
    json!({ "purpose": "REGISTRATION", "channel": "email" })
}

fn code_in(letter: &Value) -> String {
    letter["text"].as_str().unwrap().chars().take(9).filter(char::is_ascii_digit).collect()
}

/// Another code of eight digits.
fn other_than(code: &str) -> String {
    let first = if code.starts_with('9') { '0' } else { '9' };
    format!("{first}{}", &code[1..])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_comes_back_confirms_the_address_and_is_good_once() {
    let (home, server) = (tempfile::tempdir().unwrap(), MailServer::start(&[]));
    let desk = Desk::sending(home.path(), &server).await;
    let before = desk.ask("contacts.view", json!({})).await;
    assert_eq!(before["email"], json!({ "address": EMAIL, "verified": false, "can_send": true, "taken": false }));
    assert_eq!(before["phone"], json!({ "address": null, "verified": false, "can_send": false, "taken": false }));

    let sent = desk.send().await;
    let letter = server.letter();
    assert_eq!((&letter["from"], &letter["to"]), (&json!("codes@harbour.example"), &json!([EMAIL])));
    assert_eq!((&letter["subject"], &letter["type"]), (&json!("Your Aidpost code"), &json!("text/plain")));
    let text = letter["text"].as_str().unwrap();
    assert!(text.contains(sent["device"].as_str().unwrap()) && text.contains("confirm this address"), "{text}");
    assert!(!text.contains("://") && !text.contains("Amina"), "no link, and nothing of a record: {text}");
    let code = code_in(&letter);
    assert_eq!(code.len(), 8);

    assert_eq!(desk.check(&sent, &other_than(&code)).await.unwrap_err().code, "wrong_sent_code");
    let spaced = format!(" {} {} ", &code[..4], &code[4..]);
    assert_eq!(desk.check(&sent, &spaced).await.unwrap()["email"]["verified"], true);
    assert_eq!(desk.check(&sent, &code).await.unwrap_err().code, "code_over");

    let changed = desk.ask("contacts.set", json!({ "email": "other@harbour.example", "mobile_number": null })).await;
    assert_eq!(changed["email"]["verified"], false, "another address is not the confirmed one");
    let back = desk.ask("contacts.set", json!({ "email": " AMINA@Harbour.example ", "mobile_number": null })).await;
    assert_eq!(back["email"], json!({ "address": EMAIL, "verified": true, "can_send": true, "taken": false }));
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_ones_ten_minutes_and_a_newer_code_end_it() {
    let (home, server) = (tempfile::tempdir().unwrap(), MailServer::start(&[]));
    let desk = Desk::sending(home.path(), &server).await;
    let (sent, code) = (desk.send().await, code_in(&server.letter()));
    for _ in 0..4 {
        assert_eq!(desk.check(&sent, &other_than(&code)).await.unwrap_err().code, "wrong_sent_code");
    }
    assert_eq!(desk.check(&sent, &other_than(&code)).await.unwrap_err().code, "code_over");
    assert_eq!(desk.check(&sent, &code).await.unwrap_err().code, "code_over", "the right one comes too late");

    let (old, old_code) = (desk.send().await, code_in(&server.letter()));
    let (newer, newer_code) = (desk.send().await, code_in(&server.letter()));
    assert_eq!(desk.check(&old, &old_code).await.unwrap_err().code, "code_over", "one is live at a time");
    assert_eq!(desk.check(&newer, &old_code).await.unwrap_err().code, "wrong_sent_code");
    desk.forward(10 * MINUTES);
    assert_eq!(desk.check(&newer, &newer_code).await.unwrap_err().code, "code_over");
    assert_eq!(desk.ask("contacts.view", json!({})).await["email"]["verified"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_bound_to_the_address_it_went_to_and_to_its_purpose() {
    let (home, server) = (tempfile::tempdir().unwrap(), MailServer::start(&[]));
    let desk = Desk::sending(home.path(), &server).await;
    let (sent, code) = (desk.send().await, code_in(&server.letter()));
    desk.ask("contacts.set", json!({ "email": "other@harbour.example", "mobile_number": null })).await;
    assert_eq!(desk.check(&sent, &code).await.unwrap_err().code, "wrong_sent_code");
    let reset = desk.ask("codes.send", json!({ "purpose": "PASSWORD_RESET", "channel": "email" })).await;
    let letter = server.letter();
    assert!(letter["text"].as_str().unwrap().contains("get back into your record"));
    assert_eq!(desk.check(&sent, &code_in(&letter)).await.unwrap_err().code, "wrong_sent_code");
    assert_eq!(desk.check(&reset, &code_in(&letter)).await.unwrap()["email"]["verified"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_are_sent_in_an_hour_and_a_server_that_is_away_costs_none() {
    let home = tempfile::tempdir().unwrap();
    let server = MailServer::start(&[]);
    let desk = Desk::sending(home.path(), &server).await;
    desk.ask("mail.set", json!({ "smtp": smtp(9), "sms": null })).await;
    for _ in 0..3 {
        assert_eq!(desk.refused("codes.send", to_email()).await, "mail.unreachable");
    }
    desk.ask("mail.set", json!({ "smtp": smtp(server.port), "sms": null })).await;
    for _ in 0..5 {
        desk.send().await;
        server.letter();
        desk.forward(MINUTES);
    }
    assert_eq!(desk.refused("codes.send", to_email()).await, "too_many_sent");
    assert!(server.is_silent());
    desk.forward(55 * MINUTES + 1);
    desk.send().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_a_hash_on_this_device_alone() {
    let (home, server) = (tempfile::tempdir().unwrap(), MailServer::start(&[]));
    let desk = Desk::sending(home.path(), &server).await;
    let sent = desk.send().await;
    let code = code_in(&server.letter());
    let session = desk.app.session().unwrap();
    let request = sent["request"].as_str().unwrap().parse().unwrap();
    let kept = session.need::<app::model::OtpVerification>(request).unwrap();
    assert_eq!(kept.value.otp_hash.len(), 64);
    assert!(!kept.value.otp_hash.contains(&code));
    assert!(!kept.waiting, "it is not to be sent anywhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_letter_says_what_is_wrong_with_the_settings() {
    let home = tempfile::tempdir().unwrap();
    let server = MailServer::start(&["--login", "clinic", "right horse", "--refuse", "nobody@harbour.example"]);
    let desk = Desk::new(home.path(), "fr").await;
    let test = json!({ "channel": "email", "to": EMAIL });
    assert_eq!(desk.refused("mail.test", test.clone()).await, "sending_not_set");
    assert_eq!(
        desk.refused("mail.test", json!({ "channel": "phone", "to": "+447700900142" })).await,
        "sending_not_set"
    );
    let login = |password: &str| with(smtp(server.port), json!({ "user": "clinic", "password": password }));
    desk.ask("mail.set", login("wrong")).await;
    assert_eq!(desk.refused("mail.test", test.clone()).await, "mail.login");
    desk.ask("mail.set", json!({ "smtp": smtp(server.port), "sms": null })).await;
    assert_eq!(desk.refused("mail.test", test.clone()).await, "mail.login", "it wants a login");
    desk.ask("mail.set", login("right horse")).await;
    let refused = json!({ "channel": "email", "to": "nobody@harbour.example" });
    assert_eq!(desk.refused("mail.test", refused).await, "mail.recipient");
    assert!(server.is_silent());
    desk.ask("mail.test", test.clone()).await;
    let letter = server.letter();
    assert_eq!((&letter["login"], &letter["subject"]), (&json!("clinic"), &json!("Message d’essai d’Aidpost")));

    desk.ask("mail.set", with(smtp(server.port), json!({ "tls": "starttls" }))).await;
    assert_eq!(desk.refused("mail.test", test.clone()).await, "mail.no_starttls");
    desk.ask("mail.set", with(smtp(server.port), json!({ "tls": "tls" }))).await;
    assert_eq!(desk.refused("mail.test", test).await, "mail.tls");
}

/// An authority of the clinic's own, in PEM, and a mail server with a certificate of it.
fn vouched_for(home: &Path, name: &str) -> (String, MailServer) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.distinguished_name.push(rcgen::DnType::CommonName, "Harbour Clinic");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority_key = KeyPair::generate().unwrap();
    let ca = authority.self_signed(&authority_key).unwrap().pem();
    let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    leaf.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let leaf_key = KeyPair::generate().unwrap();
    let made = leaf.signed_by(&leaf_key, &Issuer::new(authority, authority_key)).unwrap();
    let (certificate, key) = (home.join("certificate.pem"), home.join("key.pem"));
    std::fs::write(&certificate, made.pem()).unwrap();
    std::fs::write(&key, leaf_key.serialize_pem()).unwrap();
    let tls = ["--tls", certificate.to_str().unwrap(), key.to_str().unwrap()];
    (ca, MailServer::start(&[&tls[..], &["--login", "clinic", "right horse"]].concat()))
}

fn starttls(server: &MailServer, ca: Option<&str>) -> Value {
    let login =
        json!({ "host": "localhost", "tls": "starttls", "user": "clinic", "password": "right horse", "ca": ca });
    with(smtp(server.port), login)
}

/// A server with a certificate that nobody vouches for is not handed the letter, nor the password.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_prove_who_it_is_gets_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (_, server) = vouched_for(home.path(), "localhost");
    let desk = Desk::new(&home.path().join("vaults"), "en").await;
    let test = json!({ "channel": "email", "to": EMAIL });
    desk.ask("mail.set", starttls(&server, None)).await;
    assert_eq!(desk.refused("mail.test", test.clone()).await, "mail.tls");
    let elsewhere = tempfile::tempdir().unwrap();
    let (another, _server) = vouched_for(elsewhere.path(), "localhost");
    desk.ask("mail.set", starttls(&server, Some(&another))).await;
    assert_eq!(desk.refused("mail.test", test).await, "mail.tls", "another authority vouches for nobody here");
    assert!(server.is_silent());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_goes_by_starttls_where_the_clinics_own_authority_vouches_for_the_server() {
    let home = tempfile::tempdir().unwrap();
    let (ca, server) = vouched_for(home.path(), "localhost");
    let desk = Desk::sending(&home.path().join("vaults"), &server).await;
    let view = desk.ask("mail.set", starttls(&server, Some(&format!("\n{ca}\n")))).await;
    assert_eq!(view["smtp"]["ca"], ca.trim());
    desk.send().await;
    let letter = server.letter();
    assert_eq!((&letter["tls"], &letter["login"], &letter["to"]), (&json!(true), &json!("clinic"), &json!([EMAIL])));
    assert_eq!(code_in(&letter).len(), 8);
}

/// The name counts too: a certificate of the clinic's authority for another server is none for this one.
#[tokio::test(flavor = "multi_thread")]
async fn an_authority_vouches_for_the_name_of_the_server_and_its_text_must_read() {
    let home = tempfile::tempdir().unwrap();
    let (ca, server) = vouched_for(home.path(), "mail.harbour.example");
    let desk = Desk::new(&home.path().join("vaults"), "en").await;
    desk.ask("mail.set", starttls(&server, Some(&ca))).await;
    assert_eq!(desk.refused("mail.test", json!({ "channel": "email", "to": EMAIL })).await, "mail.tls");
    let key = std::fs::read_to_string(home.path().join("key.pem")).unwrap();
    let cut = &ca[..ca.len() / 2];
    for wrong in ["a certificate", cut, &key, &format!("{ca}{key}"), &"x".repeat(100_000)] {
        assert_eq!(desk.refused("mail.set", starttls(&server, Some(wrong))).await, "mail.ca_unreadable");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_not_given_out_and_stay_with_their_own_account() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path(), "en").await;
    let whole = json!({
        "smtp": { "host": "smtp.harbour.example", "port": 465, "tls": "tls", "user": "clinic", "password": "s3cret", "from": "codes@harbour.example" },
        "sms": { "account": "AC123", "token": "t0ken", "from": "+447700900100" },
    });
    let view = desk.ask("mail.set", whole.clone()).await;
    assert_eq!((&view["smtp"]["has_password"], &view["sms"]["account"]), (&json!(true), &json!("AC123")));
    assert!(!view.to_string().contains("s3cret") && !view.to_string().contains("t0ken"));
    let change = |part: &str, field: &str, value: Value| {
        let mut changed = whole.clone();
        changed["smtp"]["password"] = Value::Null;
        changed["sms"]["token"] = Value::Null;
        changed[part][field] = value;
        changed
    };
    desk.ask("mail.set", change("smtp", "port", json!(587))).await;
    assert_eq!(desk.refused("mail.set", change("smtp", "host", json!("evil.example"))).await, "invalid_input");
    assert_eq!(desk.refused("mail.set", change("sms", "account", json!("AC999"))).await, "invalid_input");
    for (field, value, code) in [
        ("tls", json!("none"), "mail.tls_required"),
        ("from", json!("no address"), "invalid_input"),
        ("host", json!(" "), "invalid_input"),
        ("port", json!(0), "invalid_input"),
    ] {
        assert_eq!(desk.refused("mail.set", change("smtp", field, value)).await, code, "{field}");
    }
    let off = desk.ask("mail.set", json!({ "smtp": null, "sms": null })).await;
    assert_eq!(off, json!({ "smtp": null, "sms": null, "may_change": true }));
}

/// Somebody who lost passphrase and kit: a code goes to the address that they confirmed, from an administrator's device.
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_to_be_let_in_again_shows_that_they_read_their_mail() {
    let (home, server) = (tempfile::tempdir().unwrap(), MailServer::start(&[]));
    let desk = Desk::sending(home.path(), &server).await;
    assert_eq!(desk.ask("people.reset_choices", json!({})).await, json!([]), "nobody else is here");
    let session = desk.app.session().unwrap();
    let lost: uuid::Uuid = "01920000-0000-7000-8000-000000000003".parse().unwrap();
    let entry = |confirmed: &str| {
        json!({ "name": "Dr Wei Chen", "email": "wei@harbour.example", "confirmed_email": confirmed, "role": "doctor", "is_active": true,
            "is_verified": true, "email_verified": true, "phone_verified": false, "two_factor_enabled": false })
    };
    let list = |confirmed: &str| {
        let values = entry(confirmed).as_object().unwrap().clone();
        session.write(|w| w.put::<app::model::User>(lost, session.me.realm, &values)).unwrap();
    };
    list("old@harbour.example");
    assert_eq!(desk.ask("people.reset_choices", json!({})).await, json!([]), "another address than the confirmed one");
    assert_eq!(desk.refused("people.send_reset", json!({ "id": lost })).await, "no_address");
    list("wei@harbour.example");
    let choices = desk.ask("people.reset_choices", json!({})).await;
    assert_eq!(choices, json!([{ "user": lost, "name": "Dr Wei Chen", "email": "wei@harbour.example" }]));

    let sent = desk.ask("people.send_reset", json!({ "id": lost })).await;
    let letter = server.letter();
    assert_eq!(letter["to"], json!(["wei@harbour.example"]));
    let code = code_in(&letter);
    let kept = |id: &Value| session.need::<app::model::PasswordReset>(id.as_str().unwrap().parse().unwrap()).unwrap();
    let noted = kept(&sent["request"]);
    assert_eq!((noted.scope, noted.value.used_at), (session.me.user, None));
    assert!(noted.value.token_hash.len() == 64 && !noted.value.token_hash.contains(&code));
    let give = |code: &str| json!({ "request": sent["request"], "code": code });
    assert_eq!(desk.refused("people.check_reset", give(&other_than(&code))).await, "wrong_sent_code");
    assert_eq!(desk.refused("codes.check", give(&code)).await, "not_allowed", "it confirms no address of one's own");
    desk.ask("people.check_reset", give(&code)).await;
    assert!(kept(&sent["request"]).value.used_at.is_some());
    assert_eq!(desk.refused("people.check_reset", give(&code)).await, "code_over");
}

/// The end of an account is confirmed with a code where one can be sent, and with no other code.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_account_needs_its_own_code() {
    let (home, server) = (tempfile::tempdir().unwrap(), MailServer::start(&[]));
    let desk = Desk::sending(home.path(), &server).await;
    let sent = desk.send().await;
    desk.check(&sent, &code_in(&server.letter())).await.unwrap();
    assert_eq!(desk.ask("deletion.request", json!({})).await["code_by"], "email");
    assert_eq!(desk.refused("deletion.confirm", json!({ "code": null })).await, "sent_code_needed");
    let other = desk.send().await;
    let wrong = json!({ "code": { "request": other["request"], "code": code_in(&server.letter()) } });
    assert_eq!(desk.refused("deletion.confirm", wrong).await, "not_found", "made for something else");
    let sent = desk.ask("codes.send", json!({ "purpose": "DELETION", "channel": "email" })).await;
    let letter = server.letter();
    assert!(letter["text"].as_str().unwrap().contains("delete your account"));
    let right = json!({ "code": { "request": sent["request"], "code": code_in(&letter) } });
    assert_eq!(desk.ask("deletion.confirm", right).await["stage"], "confirmed");
}
