//! A clinic with one administrator, as a shell meets it.

use super::common::{self, Hands};
use app::{Clock, Event, Problem};
use serde_json::{Value, json};
use std::{ops::Deref, path::Path};

pub use super::common::PASSPHRASE;

pub struct Desk(common::Desk);

impl Deref for Desk {
    type Target = common::Desk;

    fn deref(&self) -> &common::Desk {
        &self.0
    }
}

impl Desk {
    pub async fn new(root: &Path) -> Desk {
        Desk(common::Desk::clinic(root, &Hands::new()).await)
    }

    /// What a code proved is forgotten with that.
    pub async fn lock_and_unlock(&self) {
        self.get("session.lock").await;
        self.unlock().await;
    }

    pub fn forward(&self, seconds: u64) {
        self.clock.forward(seconds);
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
