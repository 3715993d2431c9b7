//! A clinic whose database asks for logins, with a link host beside it that is a process of its own.

use crate::desk::Desk;
use crate::trouble::{Result, Trouble};
use crate::window::driver::built;
use crate::{seen::Seen, wire};
use serde_json::{Value, json};
use share::link::Link;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use sync::server::{LocalServer, ServerOptions};
use tempfile::TempDir;

/// What all hosts of a town derive their tickets from.
const SECRET: &str = "the secret of the hosts of this town";

/// A clinic with one patient, its database, and where its link host is to be.
pub struct Town {
    /// The doctor at work.
    pub desk: Desk,
    /// The patient's chart.
    pub patient: Value,
    /// Where links say that their host is.
    pub public: SocketAddr,
    /// The database.
    pub server: LocalServer,
    host_login: String,
    /// Where everything lies.
    pub folder: TempDir,
}

/// A host that is killed at the end of the story, or before.
pub struct Serving {
    child: Child,
    /// Where it listens.
    pub at: SocketAddr,
}

impl Serving {
    /// Ends it as a power cut would.
    ///
    /// # Errors
    /// [`Trouble::Io`].
    pub fn kill(&mut self) -> Result<()> {
        Ok(self.child.kill()?)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Town {
    /// Founds it: a database that asks for logins, set up by its operator, with one for the device and one for the host.
    ///
    /// # Errors
    /// What any of it refuses.
    pub async fn found() -> Result<Town> {
        let folder = tempfile::tempdir()?;
        let login = Some(("root".to_owned(), "operator".to_owned()));
        let options = ServerOptions { login, ..ServerOptions::default() };
        let server = LocalServer::start_with(&folder.path().join("database"), options).await?;
        let desk = Desk::make_clinic(&folder.path().join("vaults")).await?;
        let bundle = include_bytes!("../../crates/interop/tests/fixtures/ips-example.json").to_vec();
        let patient = json!(desk.import(bundle).await?);
        let operator = json!({ "address": server.uri("") });
        let devices = desk.ask("realm.set_up", operator.clone()).await?;
        let host_login = text(&desk.ask("realm.host_login", operator).await?["address"]);
        desk.ask("sync.set_remote", json!({ "address": devices[0]["address"] })).await?;
        desk.ask("sync.now", json!({})).await?;
        let public = free()?;
        desk.ask("shares.set_host", json!({ "address": format!("http://{public}") })).await?;
        Ok(Town { desk, patient, public, server, host_login, folder })
    }

    /// Shares the chart from anywhere; `more` says what differs from a manifest without bounds. Its row, and its link.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn share(&self, more: Value) -> Result<(Value, Link)> {
        let view = self.make(more).await?;
        Ok((
            view["row"]["id"].clone(),
            Link::parse(&text(&view["link"])).map_err(|error| Trouble::Host(error.to_string()))?,
        ))
    }

    /// The same, as the window sees it.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn make(&self, more: Value) -> Result<Value> {
        let mut ask = json!({
            "patient": self.patient, "choices": [], "kinds": ["allergies", "conditions", "medications", "vitals"],
            "label": "For the desk", "minutes": 60, "max_uses": null, "passcode": null, "direct": false, "anywhere": true,
        });
        if let (Some(ask), Some(more)) = (ask.as_object_mut(), more.as_object()) {
            ask.extend(more.clone());
        }
        self.desk.ask("shares.make", ask).await
    }

    /// Changes a share, and tells the host.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn change(&self, name: &str, id: &Value) -> Result<()> {
        self.desk.ask(name, json!({ "id": id })).await?;
        self.desk.ask("sync.now", json!({})).await.map(|_| ())
    }

    /// What the owner sees of a share after an exchange.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn row(&self, id: &Value) -> Result<Value> {
        self.desk.ask("sync.now", json!({})).await?;
        Ok(self.desk.ask("shares.view", json!({ "id": id })).await?["row"].clone())
    }

    /// The outcomes in the owner's access log, and who asked.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn accesses(&self) -> Result<Vec<Value>> {
        self.desk.ask("sync.now", json!({})).await?;
        let view = self.desk.ask("access.view", json!({ "patient": self.patient })).await?;
        Ok(view["accesses"].as_array().cloned().unwrap_or_default())
    }

    /// A host at the public address.
    ///
    /// # Errors
    /// [`Trouble::Host`] if it never listens.
    pub async fn serve(&self) -> Result<Serving> {
        self.serve_at(self.public, &[]).await
    }

    /// A host that listens elsewhere, for the same links.
    ///
    /// # Errors
    /// [`Trouble::Host`] if it never listens.
    pub async fn serve_at(&self, at: SocketAddr, more: &[&str]) -> Result<Serving> {
        let child = self.command(at, more)?.spawn()?;
        let serving = Serving { child, at };
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(at).await.is_ok() {
                return Ok(serving);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(Trouble::Host("it never listened".to_owned()))
    }

    /// `aidpost serve --public …`, with no vault anywhere near.
    ///
    /// # Errors
    /// [`Trouble`] if the program was not built.
    pub fn command(&self, at: SocketAddr, more: &[&str]) -> Result<Command> {
        let mut command = Command::new(built("aidpost")?);
        command.args(["serve", "--public", &format!("http://{}", self.public), "--listen", &at.to_string()]).args(more);
        command.env("AIDPOST_HOST_DATABASE", &self.host_login).env("AIDPOST_TICKET_SECRET", SECRET);
        command.env("HOME", self.folder.path().join("nobody")).env_remove("AIDPOST_HOME");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(command)
    }

    /// Asks a host for a link from the `n`th address of this computer.
    pub async fn ask(&self, at: SocketAddr, n: u16, method: &str, path: &str, body: &str) -> Option<Seen> {
        wire::ask(at, wire::address(n), method, path, &self.public.to_string(), body).await
    }
}

/// A port that was free a moment ago.
///
/// # Errors
/// Where this computer has none.
pub fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// The path of a link at its host.
pub fn path(link: &Link) -> String {
    link.url().splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
