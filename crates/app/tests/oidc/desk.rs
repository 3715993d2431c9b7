//! A clinic with one administrator, as a shell meets it.

use app::{App, Clock, Event, Options, Problem, SystemClock};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

pub const PASSPHRASE: &str = "quiet orchard morning ferry";

/// A clock that stands still until it is moved.
pub struct Hands(AtomicU64);

impl Clock for Hands {
    fn now_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub struct Desk {
    pub app: Arc<App>,
    clock: Arc<Hands>,
}

impl Desk {
    pub async fn new(root: &Path) -> Desk {
        drop(rustls::crypto::ring::default_provider().install_default());
        let clock = Arc::new(Hands(AtomicU64::new(SystemClock.now_ms())));
        let options = Options { loopback_only: true, serve_links: false, ..Options::default() };
        let desk = Desk { app: App::new(root, clock.clone(), options), clock };
        let clinic = json!({ "clinic_name": "Harbour Clinic", "name": "Dr Amina Rahman", "email": null, "specialization": null, "passphrase": PASSPHRASE, "language": "en" });
        desk.ask("session.make_clinic", clinic).await;
        desk
    }

    pub async fn try_ask(&self, name: &str, input: Value) -> Result<Value, Problem> {
        app::answer(&self.app, name, input).await
    }

    pub async fn ask(&self, name: &str, input: Value) -> Value {
        self.try_ask(name, input).await.unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    pub async fn refused(&self, name: &str, input: Value) -> String {
        self.try_ask(name, input).await.expect_err(name).code
    }

    /// What a code proved is forgotten with that.
    pub async fn lock_and_unlock(&self) {
        self.ask("session.lock", json!({})).await;
        let state = self.ask("session.state", json!({})).await;
        let profile = &state["profiles"][0]["id"];
        self.ask("session.unlock", json!({ "profile": profile, "passphrase": PASSPHRASE })).await;
    }

    pub fn forward(&self, seconds: u64) {
        self.clock.0.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Enters a provider; gives its id.
    pub async fn provider(&self, issuer: &str, client: &str) -> Value {
        let ask = json!({ "id": null, "name": "Harbour ID", "issuer": issuer, "client_id": client });
        self.ask("oidc.set_provider", ask).await["providers"][0]["id"].clone()
    }

    /// Begins a visit; gives its name and the address that the browser was asked to show.
    pub async fn begin(&self, provider: &Value, purpose: &str) -> (Value, String) {
        let mut events = self.app.events();
        let begun = self.ask("oidc.begin", json!({ "provider": provider, "purpose": purpose })).await;
        let asked = loop {
            if let Event::Browse { address } = events.recv().await.unwrap() {
                break address;
            }
        };
        assert_eq!(begun["address"], json!(asked));
        (begun["visit"].clone(), asked)
    }

    pub async fn wait(&self, visit: &Value) -> Result<Value, Problem> {
        self.try_ask("oidc.wait", json!({ "id": visit })).await
    }

    pub async fn accounts(&self) -> Vec<Value> {
        self.ask("oidc.accounts", json!({})).await.as_array().unwrap().clone()
    }

    pub async fn step_up(&self, passphrase: &str, visit: &Value) -> Result<Value, Problem> {
        self.try_ask("session.step_up", json!({ "passphrase": passphrase, "code": null, "outside": visit })).await
    }
}
