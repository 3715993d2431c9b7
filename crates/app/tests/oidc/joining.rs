//! Signing in elsewhere before one asks to be let in, and what it is worth to whoever lets one in.

use crate::{
    browser::Browser,
    common::{self, PASSPHRASE},
    desk::Desk,
    hostile::{CLIENT, Hostile, Signing},
    provider::Provider,
    query, with_factor,
};
use app::Event;
use crypto::slot::Cost;
use serde_json::{Value, json};
use sync::server::LocalServer;
use tempfile::TempDir;
use vault::trust::enrol::{self, Joiner, Joining, OutsideProof};

const NAME: &str = "Dr Wei Chen";

async fn invite(desk: &Desk, provider: &Value) -> String {
    let ask = json!({ "own_device": false, "role": "doctor", "clinical": false, "chart": null, "outside": provider });
    desk.ask("people.invite", ask).await["text"].as_str().unwrap().to_owned()
}

/// Somebody who answers an invitation on a computer of their own.
async fn answering(home: &TempDir, desk: &Desk, invitation: &str) -> (common::Desk, Value) {
    let other = common::Desk::at(home.path(), &desk.clock);
    let join = json!({ "invitation": invitation, "name": NAME, "passphrase": PASSPHRASE });
    let joining = other.ask("session.join", join).await;
    (other, joining)
}

/// Begins the visit; gives it with the address that the browser was asked to show.
async fn sign_in(desk: &common::Desk) -> (Value, String) {
    let mut events = desk.app.events();
    let begun = desk.ask("session.join_sign_in", json!({ "language": "en" })).await;
    loop {
        if let Event::Browse { address } = events.recv().await.unwrap() {
            assert_eq!(begun["address"], json!(address));
            return (json!({ "id": begun["visit"] }), address);
        }
    }
}

async fn let_in(desk: &Desk, other: &common::Desk, joining: &Value) {
    let admit = json!({ "request": joining["request"], "typed_check": joining["check_words"] });
    let answer = desk.ask("people.admit", admit).await["answer"].clone();
    other.ask("session.join_finish", json!({ "answer": answer })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_before_joining_is_shown_to_the_inviter_and_known_later() {
    let (homes, provider) = ([0; 3].map(|_| tempfile::tempdir().unwrap()), Provider::start());
    let server = LocalServer::start(homes[2].path(), 0).await.expect("a mongod: run scripts/setup.sh test");
    let desk = Desk::new(homes[0].path()).await;
    desk.ask("sync.set_remote", json!({ "address": server.uri("") })).await;
    let id = desk.provider(&provider.issuer, "es256").await;
    let (other, before) = answering(&homes[1], &desk, &invite(&desk, &id).await).await;
    let wished = json!({ "provider": "Harbour ID", "issuer": provider.issuer, "person": null });
    assert_eq!((&before["outside"], &before["own_device"]), (&wished, &json!(false)));
    let seen = desk.ask("people.read_request", json!({ "request": before["request"] })).await;
    assert_eq!(seen["outside"], json!({ "provider": "Harbour ID", "given": false }));

    let (visit, address) = sign_in(&other).await;
    let asked = query(&address);
    assert_eq!((asked["scope"].as_str(), asked["prompt"].as_str()), ("openid email profile", "login"));
    assert_eq!((asked["nonce"].len(), asked["code_challenge_method"].as_str()), (43, "S256"));
    Browser::new().sign_in(&address, "wei").await;
    let joining = other.ask("session.join_signed_in", visit).await;
    assert_eq!(joining["outside"]["person"], "wei of Harbour");
    assert_ne!(joining["check_words"], before["check_words"], "the letters cover the proof");

    let request = json!({ "request": joining["request"] });
    let seen = desk.ask("people.read_request", request.clone()).await;
    assert_eq!(seen["outside"], json!({ "provider": "Harbour ID", "given": true }));
    let verdict = desk.ask("people.check_outside", request.clone()).await;
    let holds = json!({ "outcome": "verified", "subject": "wei", "name": "wei of Harbour", "email": "wei@harbour.example", "email_verified": true });
    assert_eq!(verdict, holds);
    let unread = json!({ "request": joining["request"], "typed_check": before["check_words"] });
    assert_eq!(desk.refused("people.admit", unread).await, "check_differs", "it replaces no comparison");
    let_in(&desk, &other, &joining).await;

    for one in [&*desk, &other, &*desk] {
        one.sync().await;
    }
    let accounts = other.get("oidc.accounts").await;
    assert_eq!(accounts.as_array().unwrap().len(), 1);
    assert_eq!((&accounts[0]["issuer"], &accounts[0]["name"]), (&json!(provider.issuer), &json!("Harbour ID")));
    let row = accounts[0]["id"].as_str().unwrap().parse().unwrap();
    let kept = other.app.session().unwrap().need::<app::model::OauthAccount>(row).unwrap().value;
    assert_eq!((kept.provider_user_id.as_str(), kept.access_token, kept.refresh_token), ("wei", None, None));

    with_factor(&other).await;
    for (login, expected) in [("mallory", Err("oidc.other_account".to_owned())), ("wei", Ok(()))] {
        let begun = other.ask("oidc.begin", json!({ "provider": id, "purpose": "step_up" })).await;
        Browser::new().sign_in(begun["address"].as_str().unwrap(), login).await;
        let ended = other.try_ask("oidc.wait", json!({ "id": begun["visit"] })).await;
        assert_eq!(ended.map(drop).map_err(|problem| problem.code), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_elsewhere_without_a_wish_and_nobody_has_to_go() {
    let homes = [0; 3].map(|_| tempfile::tempdir().unwrap());
    let desk = Desk::new(homes[0].path()).await;
    let hostile = Hostile::start(desk.now_ms()).await;
    let id = desk.provider(&hostile.issuer, CLIENT).await;
    let (other, joining) = answering(&homes[1], &desk, &invite(&desk, &Value::Null).await).await;
    assert_eq!(joining["outside"], Value::Null);
    assert_eq!(other.refused("session.join_sign_in", json!({ "language": "fr" })).await, "not_found");
    let request = json!({ "request": joining["request"] });
    assert_eq!(desk.ask("people.read_request", request.clone()).await["outside"], Value::Null);
    assert_eq!(desk.refused("people.check_outside", request).await, "not_found");

    let (wished, before) = answering(&homes[2], &desk, &invite(&desk, &id).await).await;
    let (visit, _) = sign_in(&wished).await;
    let (ended, after) = tokio::join!(wished.try_ask("session.join_signed_in", visit), async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        wished.get("session.join_sign_in_cancel").await
    });
    assert_eq!(ended.unwrap_err().code, "oidc.cancelled");
    assert_eq!(after["check_words"], before["check_words"]);
    let_in(&desk, &wished, &after).await;
    assert_eq!(wished.get("oidc.accounts").await, json!([]));
}

/// Makes a token for a nonce.
type Make<'a> = &'a dyn Fn(&str) -> String;

/// A request whose proof was made by hand, as no honest program makes one.
struct Forged {
    joining: Joining,
    request: String,
    words: String,
}

fn forge(invitation: &str, now_ms: u64, proof: impl Fn(&str) -> OutsideProof) -> Forged {
    let joiner = Joiner::NewMember { passphrase: PASSPHRASE, cost: Cost::SmallComputer };
    let mut joining = enrol::begin(invitation, joiner, now_ms).unwrap().joining;
    let nonce = joining.outside_nonce().unwrap();
    joining.carry(proof(&nonce)).unwrap();
    let (request, words) = (joining.request_text().unwrap().to_string(), joining.check_words());
    Forged { joining, request, words }
}

/// Lets a request in, and gives the account that comes with it.
async fn linked_by(desk: &Desk, forged: &Forged) -> Option<OutsideProof> {
    let admit = json!({ "request": forged.request, "typed_check": forged.words });
    let answer = desk.ask("people.admit", admit).await["answer"].as_str().unwrap().to_owned();
    enrol::finish(&forged.joining, &answer, PASSPHRASE, desk.now_ms()).unwrap().outside
}

fn proof(issuer: &str, subject: &str, token: String) -> OutsideProof {
    OutsideProof { issuer: issuer.to_owned(), subject: subject.to_owned(), token: crypto::Zeroizing::new(token) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_does_not_hold_is_refused_and_links_nothing() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    let hostile = Hostile::start(desk.now_ms()).await;
    let id = desk.provider(&hostile.issuer, CLIENT).await;
    // Two minutes lie between the invitation and the look at the request.
    let invitation = invite(&desk, &id).await;
    let (now_ms, issuer) = (desk.now_ms(), hostile.issuer.as_str());
    let now = now_ms / 1000;
    desk.forward(120);
    let earlier = forge(&invitation, now_ms, |nonce| proof(issuer, "42", nonce.to_owned()));
    let other_nonce = earlier.joining.outside_nonce().unwrap();
    let maker = &hostile;
    let claims = |with: Value| move |nonce: &str| maker.id_token(nonce, with.clone(), Signing::EdDsa);
    let signed = |signing| move |nonce: &str| maker.id_token(nonce, json!({}), signing);
    let of_another = |_: &str| hostile.id_token(&other_nonce, json!({}), Signing::EdDsa);
    let refused = |code: &str| json!({ "outcome": "refused", "code": code });
    let cases: [(&str, Make<'_>, Value); 12] = [
        ("of another request", &of_another, refused("oidc.wrong_nonce")),
        ("no nonce", &claims(json!({ "nonce": null })), refused("oidc.wrong_nonce")),
        ("another audience", &claims(json!({ "aud": "other" })), refused("oidc.wrong_audience")),
        ("one more audience", &claims(json!({ "aud": [CLIENT, "other"] })), refused("oidc.wrong_audience")),
        ("another issuer", &claims(json!({ "iss": "https://evil.example" })), refused("oidc.wrong_issuer")),
        ("expired for long", &claims(json!({ "exp": now + 120 - 661 })), refused("oidc.expired")),
        ("of before the invitation", &claims(json!({ "iat": now - 3_600 })), refused("oidc.expired")),
        ("of tomorrow", &claims(json!({ "iat": now + 86_400 })), refused("oidc.expired")),
        ("alg none", &signed(Signing::None), refused("oidc.wrong_signature")),
        ("a shared secret", &signed(Signing::Hs256), refused("oidc.wrong_signature")),
        ("another key", &signed(Signing::OtherKey), refused("oidc.wrong_signature")),
        ("no token", &|_| "a.b.c".to_owned(), refused("oidc.unreadable")),
    ];
    for (what, token, verdict) in cases {
        let forged = forge(&invitation, now_ms, |nonce| proof(issuer, "42", token(nonce)));
        let asked = desk.ask("people.check_outside", json!({ "request": forged.request })).await;
        assert_eq!(asked, verdict, "{what}");
    }
    let good = |nonce: &str| hostile.id_token(nonce, json!({}), Signing::EdDsa);
    for (what, issuer, subject, code) in [
        ("another subject than the token's", issuer, "43", "oidc.other_subject"),
        ("a provider that is none of the clinic's", "https://evil.example", "42", "oidc.not_offered"),
    ] {
        let forged = forge(&invitation, now_ms, |nonce| proof(issuer, subject, good(nonce)));
        let asked = desk.ask("people.check_outside", json!({ "request": forged.request })).await;
        assert_eq!(asked, refused(code), "{what}");
    }

    // Without a trick it holds, also when it ended while the request was on its way: it is the tricks that were refused.
    let late = forge(&invitation, now_ms, |nonce| {
        proof(issuer, "42", hostile.id_token(nonce, json!({ "exp": now + 60 }), Signing::EdDsa))
    });
    let asked = desk.ask("people.check_outside", json!({ "request": late.request })).await;
    assert_eq!((&asked["outcome"], &asked["name"]), (&json!("verified"), &json!("Wei Chen")));

    // What was found good is that request. Another one that holds nothing is let in by its letters, and links nothing.
    let bad = forge(&invitation, now_ms, |nonce| proof(issuer, "42", format!("{nonce}.b.c")));
    assert_eq!(linked_by(&desk, &bad).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_provider_the_proof_is_not_checked_and_links_nothing() {
    let home = tempfile::tempdir().unwrap();
    let desk = Desk::new(home.path()).await;
    let id = desk.provider("http://127.0.0.1:9", CLIENT).await;
    let invitation = invite(&desk, &id).await;
    let hostile = Hostile::start(desk.now_ms()).await;
    let forged = forge(&invitation, desk.now_ms(), |nonce| {
        let token = hostile.id_token(nonce, json!({ "iss": "http://127.0.0.1:9" }), Signing::EdDsa);
        proof("http://127.0.0.1:9", "42", token)
    });
    let asked = desk.ask("people.check_outside", json!({ "request": forged.request })).await;
    assert_eq!(asked, json!({ "outcome": "unchecked", "code": "oidc.unreachable" }));
    assert_eq!(linked_by(&desk, &forged).await, None);
}
