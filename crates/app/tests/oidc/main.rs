//! Signing in elsewhere: against a certified provider, and against one that lies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod browser;
#[path = "../common/mod.rs"]
mod common;
mod desk;
mod hostile;
mod joining;
mod lies;
mod provider;

use app::Clock;
use app::model::OauthAccount;
use browser::Browser;
use crypto::totp::Totp;
use desk::{Desk, PASSPHRASE};
use provider::Provider;
use serde_json::{Value, json};
use std::collections::HashMap;
use url::Url;

fn query(address: &str) -> HashMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

fn invite() -> Value {
    json!({ "own_device": true, "role": null, "clinical": false, "chart": null })
}

/// Turns the second factor on, and lets what it proved go by.
async fn with_factor(desk: &common::Desk) {
    let setup = desk.ask("factor.begin", json!({})).await;
    let secret: String = setup["secret"].as_str().unwrap().split_whitespace().collect();
    let code = Totp::from_base32(&secret).unwrap().code_at(desk.clock.now_ms() / 1000);
    desk.ask("factor.confirm", json!({ "code": *code })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_linked_and_unlinked_with_each_allowed_signature() {
    let (home, provider) = (tempfile::tempdir().unwrap(), Provider::start());
    let desk = Desk::new(home.path()).await;
    desk.ask("oidc.test_provider", json!({ "issuer": provider.issuer })).await;
    let id = desk.provider(&provider.issuer, "rs256").await;
    for (client, login) in [("rs256", "amina"), ("es256", "bela"), ("eddsa", "chris")] {
        let change = json!({ "id": id, "name": "Harbour ID", "issuer": provider.issuer, "client_id": client });
        desk.ask("oidc.set_provider", change).await;
        let (visit, address) = desk.begin(&id, "link").await;
        let asked = query(&address);
        assert_eq!((asked["scope"].as_str(), asked["code_challenge_method"].as_str()), ("openid", "S256"));
        assert_eq!((asked["response_type"].as_str(), asked.get("client_secret")), ("code", None));
        // 32 bytes in base64url.
        assert!([&asked["state"], &asked["nonce"], &asked["code_challenge"]].iter().all(|text| text.len() == 43));
        assert!(asked["redirect_uri"].starts_with("http://127.0.0.1:") && asked["redirect_uri"].ends_with("/cb"));
        let back = Browser::new().sign_in(&address, login).await;
        assert!(back.as_str().contains("iss="), "it names itself when it sends the browser back");
        desk.wait(&visit).await.unwrap_or_else(|problem| panic!("{client}: {problem}"));
    }
    let accounts = desk.accounts().await;
    assert_eq!(accounts.len(), 3);
    assert_eq!((&accounts[0]["name"], &accounts[0]["issuer"]), (&json!("Harbour ID"), &json!(provider.issuer)));
    assert_eq!(accounts[0]["provider"], id);
    let kept = row_of(&desk, &accounts[0]);
    assert_eq!((kept.provider_user_id.as_str(), kept.refresh_token), ("amina", None));
    assert!(kept.access_token.is_some() && kept.expires_at.is_some());

    let left = desk.ask("oidc.unlink", json!({ "id": accounts[0]["id"] })).await;
    assert_eq!(left.as_array().unwrap().len(), 2);
    let wiped = row_of(&desk, &accounts[0]);
    assert_eq!((wiped.access_token, wiped.expires_at), (None, None));
    assert_eq!(desk.refused("oidc.unlink", json!({ "id": accounts[0]["id"] })).await, "not_found");
}

fn row_of(desk: &Desk, account: &Value) -> OauthAccount {
    let id = account["id"].as_str().unwrap().parse().unwrap();
    desk.app.session().unwrap().need::<OauthAccount>(id).unwrap().value
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_kept_if_given_and_an_algorithm_beyond_the_list_is_refused() {
    let (home, provider) = (tempfile::tempdir().unwrap(), Provider::start());
    let desk = Desk::new(home.path()).await;
    let id = desk.provider(&provider.issuer, "refreshing").await;
    let (visit, address) = desk.begin(&id, "link").await;
    Browser::new().sign_in(&address, "amina").await;
    desk.wait(&visit).await.unwrap();
    let accounts = desk.accounts().await;
    assert!(row_of(&desk, &accounts[0]).refresh_token.is_some_and(|token| token.len() > 20));

    let change = json!({ "id": id, "name": "Harbour ID", "issuer": provider.issuer, "client_id": "ps256" });
    desk.ask("oidc.set_provider", change).await;
    let (visit, address) = desk.begin(&id, "link").await;
    Browser::new().sign_in(&address, "bela").await;
    assert_eq!(desk.wait(&visit).await.unwrap_err().code, "oidc.wrong_signature");
    assert_eq!(desk.accounts().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_linked_account_stands_in_for_the_code_and_never_for_the_passphrase() {
    let (home, provider) = (tempfile::tempdir().unwrap(), Provider::start());
    let desk = Desk::new(home.path()).await;
    with_factor(&desk).await;
    let id = desk.provider(&provider.issuer, "es256").await;
    let mut browser = Browser::new();
    let (visit, address) = desk.begin(&id, "link").await;
    browser.sign_in(&address, "amina").await;
    desk.wait(&visit).await.unwrap();
    assert_eq!(desk.step_up(PASSPHRASE, &visit).await.unwrap_err().code, "oidc.over", "a link proves nothing again");

    desk.lock_and_unlock().await;
    let stale = desk.try_ask("people.invite", invite()).await.unwrap_err();
    assert_eq!((stale.code.as_str(), stale.detail.as_deref()), ("step_up_needed", Some("passphrase+code")));
    let begin = json!({ "provider": id, "purpose": "link" });
    assert_eq!(desk.refused("oidc.begin", begin).await, "step_up_needed", "a new way asks for the ways there are");

    let (visit, address) = desk.begin(&id, "step_up").await;
    let asked = query(&address);
    assert_eq!((asked["prompt"].as_str(), asked["max_age"].as_str()), ("login", "0"));
    browser.sign_in(&address, "amina").await;
    desk.wait(&visit).await.unwrap();
    assert_eq!(desk.refused("people.invite", invite()).await, "step_up_needed", "never alone");
    assert_eq!(desk.step_up("not the right words", &visit).await.unwrap_err().code, "wrong_passphrase");
    desk.step_up(PASSPHRASE, &visit).await.unwrap();
    desk.ask("people.invite", invite()).await;
    assert_eq!(desk.step_up(PASSPHRASE, &visit).await.unwrap_err().code, "oidc.over", "it is good once");

    let (visit, address) = desk.begin(&id, "step_up").await;
    Browser::new().sign_in(&address, "mallory").await;
    assert_eq!(desk.wait(&visit).await.unwrap_err().code, "oidc.other_account");
    assert_eq!(desk.step_up(PASSPHRASE, &visit).await.unwrap_err().code, "oidc.over");

    let (visit, address) = desk.begin(&id, "step_up").await;
    browser.sign_in(&address, "amina").await;
    desk.wait(&visit).await.unwrap();
    desk.forward(5 * 60 + 1);
    assert_eq!(desk.step_up(PASSPHRASE, &visit).await.unwrap_err().code, "oidc.over", "five minutes and no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn providers_are_entered_changed_and_withdrawn() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    let set = |id: Value, name: &str, issuer: &str| json!({ "id": id, "name": name, "issuer": issuer, "client_id": "aidpost" });
    for (issuer, code) in [
        ("http://id.harbour.example", "oidc.tls_required"),
        ("ftp://id.harbour.example", "oidc.tls_required"),
        ("id.harbour.example", "invalid_input"),
        ("https://id.harbour.example/?a=b", "invalid_input"),
        ("https://me:secret@id.harbour.example", "invalid_input"),
        ("", "invalid_input"),
    ] {
        assert_eq!(desk.refused("oidc.set_provider", set(Value::Null, "Harbour ID", issuer)).await, code, "{issuer}");
    }
    let issuer = "https://id.harbour.example";
    let view = desk.ask("oidc.set_provider", set(Value::Null, "Harbour ID", issuer)).await;
    let id = view["providers"][0]["id"].clone();
    assert_eq!((&view["may_change"], &view["providers"][0]["issuer"]), (&json!(true), &json!(issuer)));
    assert_eq!(desk.refused("oidc.set_provider", set(Value::Null, "Again", issuer)).await, "already_taken");
    assert_eq!(desk.refused("oidc.set_provider", set(id.clone(), "x", "https://b.example")).await, "cannot_be_changed");
    let view = desk.ask("oidc.set_provider", set(id.clone(), "Harbour", issuer)).await;
    assert_eq!((&view["providers"][0]["name"], &view["providers"][0]["id"]), (&json!("Harbour"), &id));
    let view = desk.ask("oidc.remove_provider", json!({ "id": id })).await;
    assert_eq!(view["providers"], json!([]));
    assert_eq!(desk.refused("oidc.begin", json!({ "provider": id, "purpose": "link" })).await, "not_found");
}
