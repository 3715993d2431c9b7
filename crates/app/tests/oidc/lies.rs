//! What a provider, or somebody between, may try: each ends in a word of its own, and nothing is kept.

use crate::{
    desk::Desk,
    hostile::{CLIENT, Hostile, Signing, Tricks},
    query,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use url::Url;

struct Scene {
    desk: Desk,
    hostile: Hostile,
    provider: Value,
    _home: TempDir,
}

impl Scene {
    async fn new() -> Scene {
        let home = tempfile::tempdir().unwrap();
        let desk = Desk::new(home.path()).await;
        let hostile = Hostile::start(desk.now_ms()).await;
        let provider = desk.provider(&hostile.issuer, CLIENT).await;
        Scene { desk, hostile, provider, _home: home }
    }

    /// Plays these tricks with a visit, whose answer is changed by `twist`; gives what came of it.
    async fn visit(&self, purpose: &str, tricks: Tricks, twist: impl Fn(&mut Vec<(String, String)>)) -> String {
        self.hostile.play(tricks);
        let (visit, address) = self.desk.begin(&self.provider, purpose).await;
        let asked = query(&address);
        self.hostile.nonce(&asked["nonce"]);
        let mut answer = vec![
            ("code".to_owned(), "a-code".to_owned()),
            ("state".to_owned(), asked["state"].clone()),
            ("iss".to_owned(), self.hostile.issuer.clone()),
        ];
        twist(&mut answer);
        let back = Url::parse_with_params(&asked["redirect_uri"], &answer).unwrap();
        assert_eq!(reqwest::get(back.clone()).await.unwrap().status(), 200);
        let outcome = self.desk.wait(&visit).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let second = reqwest::get(back).await;
        assert!(second.is_err() || second.is_ok_and(|answer| answer.status() == 410), "the redirect is good once");
        outcome.map_or_else(|problem| problem.code, |_| "ok".to_owned())
    }

    async fn link(&self, tricks: Tricks) -> String {
        self.visit("link", tricks, |_| {}).await
    }

    async fn nothing_is_kept(&self) {
        assert_eq!(self.desk.accounts().await, Vec::<Value>::new());
        let session = self.desk.app.session().unwrap();
        let rows = session.vault.list::<app::model::OauthAccount>(&vault::Find::default()).unwrap();
        assert_eq!(rows.len(), 0);
    }
}

fn claims(claims: Value) -> Tricks {
    Tricks { claims: Some(claims), ..Tricks::default() }
}

fn set(answer: &mut [(String, String)], name: &str, value: &str) {
    for pair in answer.iter_mut().filter(|(key, _)| key == name) {
        value.clone_into(&mut pair.1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_for_this_visit_are_refused() {
    let scene = Scene::new().await;
    let now = scene.desk.now_ms() / 1000;
    let signing = |signing| Tricks { signing, ..Tricks::default() };
    for (what, tricks, code) in [
        ("another issuer", claims(json!({ "iss": "https://evil.example" })), "oidc.wrong_issuer"),
        ("another nonce", claims(json!({ "nonce": "of another visit" })), "oidc.wrong_nonce"),
        ("no nonce", claims(json!({ "nonce": null })), "oidc.wrong_nonce"),
        ("another client", claims(json!({ "aud": "other" })), "oidc.wrong_audience"),
        ("one more client", claims(json!({ "aud": [CLIENT, "other"] })), "oidc.wrong_audience"),
        ("expired", claims(json!({ "exp": now - 1 })), "oidc.expired"),
        ("of tomorrow", claims(json!({ "iat": now + 86_400 })), "oidc.expired"),
        (
            "another access token",
            claims(json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" })),
            "oidc.wrong_hash",
        ),
        ("no subject", claims(json!({ "sub": "" })), "oidc.unreadable"),
        ("unsigned", signing(Signing::None), "oidc.wrong_signature"),
        ("a shared secret", signing(Signing::Hs256), "oidc.wrong_signature"),
        ("another key", signing(Signing::OtherKey), "oidc.wrong_signature"),
    ] {
        assert_eq!(scene.link(tricks).await, code, "{what}");
    }
    scene.nothing_is_kept().await;
    // The same provider without a trick: it is the tricks that were refused.
    assert_eq!(scene.link(Tricks::default()).await, "ok");
    assert_eq!(scene.link(Tricks::default()).await, "oidc.already_linked");
    assert_eq!(scene.desk.accounts().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_to_this_visit_never_reaches_the_token_endpoint() {
    let scene = Scene::new().await;
    type Twist = fn(&mut Vec<(String, String)>);
    let cases: [(&str, Twist, &str); 8] = [
        ("another state", |answer| set(answer, "state", "x"), "oidc.wrong_state"),
        ("no state", |answer| answer.retain(|(name, _)| name != "state"), "oidc.wrong_state"),
        ("another issuer", |answer| set(answer, "iss", "https://evil.example"), "oidc.wrong_issuer"),
        ("no issuer", |answer| answer.retain(|(name, _)| name != "iss"), "oidc.wrong_issuer"),
        ("no code", |answer| answer.retain(|(name, _)| name != "code"), "oidc.unreadable"),
        ("two codes", |answer| answer.push(("code".to_owned(), "other".to_owned())), "oidc.unreadable"),
        ("declined", |answer| answer.push(("error".to_owned(), "access_denied".to_owned())), "oidc.declined"),
        ("refused", |answer| answer.push(("error".to_owned(), "invalid_scope".to_owned())), "oidc.refused"),
    ];
    for (what, twist, code) in cases {
        assert_eq!(scene.visit("link", Tricks::default(), twist).await, code, "{what}");
        assert_eq!(scene.hostile.token_asked(), [], "{what}");
    }
    scene.nothing_is_kept().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_endpoint_that_refuses_or_sends_elsewhere_ends_the_visit() {
    let scene = Scene::new().await;
    assert_eq!(scene.link(Tricks { redirects_token: true, ..Tricks::default() }).await, "oidc.redirected");
    assert_eq!(scene.link(Tricks { refuses: true, ..Tricks::default() }).await, "oidc.refused");
    let asked = scene.hostile.token_asked();
    assert_eq!(asked.len(), 1, "once, and not again");
    assert_eq!((asked[0]["client_id"].as_str(), asked[0].get("client_secret")), (CLIENT, None));
    assert_eq!(asked[0]["code_verifier"].len(), 43);
    scene.nothing_is_kept().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_cannot_be_used_is_named_by_what_is_wrong() {
    let scene = Scene::new().await;
    let discovery = |value: Value| Tricks { discovery: Some(value), ..Tricks::default() };
    for (what, tricks, code) in [
        ("another issuer", discovery(json!({ "issuer": "https://evil.example" })), "oidc.wrong_issuer"),
        ("keys without protection", discovery(json!({ "jwks_uri": "http://evil.example/jwks" })), "oidc.tls_required"),
        (
            "a page without protection",
            discovery(json!({ "authorization_endpoint": "http://evil.example/" })),
            "oidc.tls_required",
        ),
        (
            "tokens without protection",
            discovery(json!({ "token_endpoint": "http://evil.example/" })),
            "oidc.tls_required",
        ),
        ("no token endpoint", discovery(json!({ "token_endpoint": null })), "oidc.unfit"),
        ("plain PKCE", discovery(json!({ "code_challenge_methods_supported": ["plain"] })), "oidc.unfit"),
        (
            "weak signatures",
            discovery(json!({ "id_token_signing_alg_values_supported": ["HS256", "none"] })),
            "oidc.unfit",
        ),
        ("no document", discovery(json!({ "jwks_uri": null })), "oidc.not_provider"),
    ] {
        scene.hostile.play(tricks);
        assert_eq!(test(&scene, &scene.hostile.issuer).await, code, "{what}");
        let begin = json!({ "provider": scene.provider, "purpose": "link" });
        assert_eq!(scene.desk.refused("oidc.begin", begin).await, code, "{what}");
    }
    scene.hostile.play(Tricks { endless: true, ..Tricks::default() });
    let began = Instant::now();
    assert_eq!(test(&scene, &scene.hostile.issuer).await, "oidc.too_large");
    assert!(began.elapsed() < Duration::from_secs(10), "it is not read to its end");
    scene.hostile.play(Tricks::default());
    assert_eq!(test(&scene, &format!("{}/nobody", scene.hostile.issuer)).await, "oidc.not_provider");
    assert_eq!(test(&scene, "http://127.0.0.1:9").await, "oidc.unreachable");
    assert_eq!(test(&scene, "http://id.harbour.example").await, "oidc.tls_required");
    scene.desk.ask("oidc.test_provider", json!({ "issuer": scene.hostile.issuer })).await;
}

async fn test(scene: &Scene, issuer: &str) -> String {
    scene.desk.refused("oidc.test_provider", json!({ "issuer": issuer })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn showing_again_who_is_there_asks_for_signing_in_anew() {
    let scene = Scene::new().await;
    assert_eq!(scene.link(Tricks::default()).await, "ok");
    let now = scene.desk.now_ms() / 1000;
    for (what, auth_time) in [("signed in an hour ago", json!(now - 3_600)), ("it does not say when", Value::Null)] {
        let tricks = claims(json!({ "auth_time": auth_time }));
        assert_eq!(scene.visit("step_up", tricks, |_| {}).await, "oidc.not_fresh", "{what}");
    }
    assert_eq!(scene.visit("step_up", claims(json!({ "sub": "43" })), |_| {}).await, "oidc.other_account");
    assert_eq!(scene.visit("step_up", Tricks::default(), |_| {}).await, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_is_given_up_replaced_or_locked_away_ends() {
    let scene = Scene::new().await;
    let (first, address) = scene.desk.begin(&scene.provider, "link").await;
    let (second, _) = {
        let waiting = scene.desk.wait(&first);
        let next = scene.desk.begin(&scene.provider, "link");
        let (ended, begun) = tokio::join!(waiting, next);
        assert_eq!(ended.unwrap_err().code, "oidc.cancelled");
        begun
    };
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(reqwest::get(&query(&address)["redirect_uri"]).await.is_err(), "nobody listens for the first any more");
    let (ended, _) = tokio::join!(scene.desk.wait(&second), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        scene.desk.ask("oidc.cancel", json!({})).await
    });
    assert_eq!(ended.unwrap_err().code, "oidc.cancelled");
    assert_eq!(scene.desk.wait(&second).await.unwrap_err().code, "not_found");

    let (third, address) = scene.desk.begin(&scene.provider, "link").await;
    let (ended, _) = tokio::join!(scene.desk.wait(&third), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        scene.desk.ask("session.lock", json!({})).await
    });
    assert_eq!(ended.unwrap_err().code, "oidc.cancelled");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(reqwest::get(&query(&address)["redirect_uri"]).await.is_err());
}
