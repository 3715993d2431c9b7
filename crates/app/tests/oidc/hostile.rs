//! A small provider that lies where it is told to.

use axum::{
    Json, Router,
    body::Body,
    extract::{Form, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest, hmac,
    signature::{Ed25519KeyPair, KeyPair},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

pub const CLIENT: &str = "aidpost";
const ACCESS: &str = "an-access-token";

/// What it does otherwise than a good one; as it comes, nothing.
#[derive(Clone, Default)]
pub struct Tricks {
    /// Members of the discovery document to replace.
    pub discovery: Option<Value>,
    /// Claims of the ID token to replace; null leaves one out.
    pub claims: Option<Value>,
    /// How the token is signed.
    pub signing: Signing,
    /// The token endpoint sends elsewhere.
    pub redirects_token: bool,
    /// The discovery document never ends.
    pub endless: bool,
    /// The token endpoint refuses.
    pub refuses: bool,
    /// A refresh token is given.
    pub refresh: bool,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub enum Signing {
    #[default]
    EdDsa,
    OtherKey,
    None,
    Hs256,
}

#[derive(Default)]
struct Heard {
    nonce: String,
    tokens: Vec<HashMap<String, String>>,
}

pub struct Hostile {
    pub issuer: String,
    now_s: u64,
    tricks: Arc<Mutex<Tricks>>,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Clone)]
struct Inside {
    issuer: String,
    tricks: Arc<Mutex<Tricks>>,
    heard: Arc<Mutex<Heard>>,
    now_s: u64,
}

impl Hostile {
    pub async fn start(now_ms: u64) -> Hostile {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let (tricks, heard) = (Arc::<Mutex<Tricks>>::default(), Arc::<Mutex<Heard>>::default());
        let inside =
            Inside { issuer: issuer.clone(), tricks: tricks.clone(), heard: heard.clone(), now_s: now_ms / 1000 };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(async || Json(json!({ "keys": [jwk()] }))))
            .route("/token", post(token))
            .with_state(inside);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Hostile { issuer, now_s: now_ms / 1000, tricks, heard }
    }

    pub fn play(&self, tricks: Tricks) {
        *self.tricks.lock().unwrap() = tricks;
        self.heard.lock().unwrap().tokens.clear();
    }

    /// The nonce that the next token carries.
    pub fn nonce(&self, nonce: &str) {
        self.heard.lock().unwrap().nonce = nonce.to_owned();
    }

    /// A token of its own making, for this nonce.
    pub fn id_token(&self, nonce: &str, with: Value, signing: Signing) -> String {
        let now = self.now_s;
        let mut claims = json!({
            "iss": self.issuer, "sub": "42", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce,
            "name": "Wei Chen", "email": "wei@harbour.example", "email_verified": true,
        });
        replace(&mut claims, Some(with));
        sign(&claims, signing)
    }

    /// What the token endpoint was asked.
    pub fn token_asked(&self) -> Vec<HashMap<String, String>> {
        self.heard.lock().unwrap().tokens.clone()
    }
}

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn jwk() -> Value {
    let public = URL_SAFE_NO_PAD.encode(key(1).public_key().as_ref());
    json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "one", "x": public })
}

async fn discovery(State(inside): State<Inside>) -> Response {
    let tricks = inside.tricks.lock().unwrap().clone();
    if tricks.endless {
        let chunk = vec![b' '; 64 * 1024];
        let stream = futures_util::stream::iter((0..1_600).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
        return ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(stream)).into_response();
    }
    let issuer = &inside.issuer;
    let mut document = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/auth"), "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    });
    replace(&mut document, tricks.discovery);
    Json(document).into_response()
}

async fn token(State(inside): State<Inside>, Form(form): Form<HashMap<String, String>>) -> Response {
    let tricks = inside.tricks.lock().unwrap().clone();
    let nonce = {
        let mut heard = inside.heard.lock().unwrap();
        heard.tokens.push(form);
        heard.nonce.clone()
    };
    if tricks.redirects_token {
        return Redirect::temporary("http://127.0.0.2:9/token").into_response();
    }
    if tricks.refuses {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    let hash = digest::digest(&digest::SHA512, ACCESS.as_bytes());
    let mut claims = json!({
        "iss": inside.issuer, "sub": "42", "aud": CLIENT, "exp": inside.now_s + 300, "iat": inside.now_s,
        "auth_time": inside.now_s, "nonce": nonce, "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..32]),
    });
    replace(&mut claims, tricks.claims);
    let mut answer = json!({ "access_token": ACCESS, "token_type": "Bearer", "expires_in": 60, "id_token": sign(&claims, tricks.signing) });
    if tricks.refresh {
        answer["refresh_token"] = json!("a-refresh-token");
    }
    Json(answer).into_response()
}

fn replace(document: &mut Value, with: Option<Value>) {
    let Some(Value::Object(with)) = with else { return };
    let document = document.as_object_mut().unwrap();
    for (name, value) in with {
        match value {
            Value::Null => drop(document.remove(&name)),
            value => drop(document.insert(name, value)),
        }
    }
}

fn sign(claims: &Value, signing: Signing) -> String {
    let header = match signing {
        Signing::EdDsa | Signing::OtherKey => json!({ "alg": "EdDSA", "kid": "one" }),
        Signing::None => json!({ "alg": "none" }),
        Signing::Hs256 => json!({ "alg": "HS256" }),
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(claims));
    let signature = match signing {
        Signing::EdDsa => key(1).sign(signed.as_bytes()).as_ref().to_vec(),
        Signing::OtherKey => key(2).sign(signed.as_bytes()).as_ref().to_vec(),
        Signing::None => Vec::new(),
        // The old mistake: the public key taken for a shared secret.
        Signing::Hs256 => {
            let secret = hmac::Key::new(hmac::HMAC_SHA256, key(1).public_key().as_ref());
            hmac::sign(&secret, signed.as_bytes()).as_ref().to_vec()
        }
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
