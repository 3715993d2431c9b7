//! A MongoDB of one's own on this computer: a one-node replica set on loopback, for tests, the demo and benchmarks.

use crate::address::{Address, DATABASE};
use crate::error::{Result, SyncError};
use mongodb::bson::{Document, doc};
use mongodb::options::ClientOptions;
use mongodb::{Client, error::Error};
use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::Instant;

/// Name of the variable that says where mongod is.
pub const MONGOD: &str = "AIDPOST_MONGOD";
const REPLICA_SET: &str = "rs0";
const START_TIME: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(50);
const ATTEMPTS: u32 = 3;

/// How the server runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerOptions {
    /// The port; 0 finds a free one.
    pub port: u16,
    /// A replica set of one node, initiated; else a standalone server.
    pub replica_set: bool,
    /// Initiate the replica set?
    pub initiate: bool,
    /// One of several members: it may follow another.
    pub several: bool,
    /// User name and password of an administrator: the server then asks everybody for a login.
    pub login: Option<(String, String)>,
    /// Fail points for tests.
    pub test_commands: bool,
    /// TLS for everybody: a PEM file with the server's certificate and key, and one with the certificate that signed it.
    pub tls: Option<(PathBuf, PathBuf)>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        ServerOptions {
            port: 0,
            replica_set: true,
            initiate: true,
            several: false,
            login: None,
            test_commands: false,
            tls: None,
        }
    }
}

/// A running mongod; it is killed when this is dropped. Its data stay in the folder.
pub struct LocalServer {
    dir: PathBuf,
    port: u16,
    options: ServerOptions,
    child: Option<Child>,
}

impl LocalServer {
    /// Starts a one-node replica set whose data are in `dir`; `port` 0 finds a free one.
    ///
    /// # Errors
    /// [`SyncError::LocalServer`], which says what is missing.
    pub async fn start(dir: &Path, port: u16) -> Result<LocalServer> {
        LocalServer::start_with(dir, ServerOptions { port, ..ServerOptions::default() }).await
    }

    /// Starts a server as the options say.
    ///
    /// # Errors
    /// [`SyncError::LocalServer`], which says what is missing.
    pub async fn start_with(dir: &Path, options: ServerOptions) -> Result<LocalServer> {
        std::fs::create_dir_all(dir)
            .map_err(|error| trouble(format!("the folder for MongoDB's data cannot be made: {error}")))?;
        let mut server = LocalServer { dir: dir.to_owned(), port: options.port, options, child: None };
        server.first_start().await?;
        if server.options.replica_set && server.options.initiate {
            server.initiate().await?;
        }
        server.make_login().await?;
        Ok(server)
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The connection string of a database on it, with the administrator's login if it has one.
    pub fn uri(&self, database: &str) -> String {
        let login = self.options.login.as_ref().map(|(user, password)| format!("{user}:{password}@"));
        let mut options: Vec<String> = login.iter().map(|_| "authSource=admin".to_owned()).collect();
        options.extend(self.options.tls.iter().map(|(_, signer)| format!("tls=true&tlsCAFile={}", signer.display())));
        let mark = if options.is_empty() { "" } else { "?" };
        format!("mongodb://{}127.0.0.1:{}/{database}{mark}{}", login.unwrap_or_default(), self.port, options.join("&"))
    }

    /// The address of the default database on it.
    ///
    /// # Errors
    /// [`SyncError::AddressMalformed`] if the login has characters that must be encoded.
    pub fn address(&self) -> Result<Address> {
        Address::parse(&self.uri(DATABASE))
    }

    /// Kills it, as an outage would. The data stay.
    pub async fn stop(&mut self) {
        if let Some(mut child) = self.child.take()
            && let Err(error) = child.kill().await
        {
            tracing::warn!(%error, "mongod could not be stopped");
        }
    }

    /// Starts it again on the same port, and waits until it serves.
    ///
    /// # Errors
    /// [`SyncError::LocalServer`].
    pub async fn restart(&mut self) -> Result<()> {
        self.stop().await;
        self.launch().await
    }

    /// A free port may be taken by somebody else before mongod has it; then another one is tried.
    async fn first_start(&mut self) -> Result<()> {
        for _ in 1..ATTEMPTS {
            if self.options.port != 0 {
                break;
            }
            self.port = free_port()?;
            if self.launch().await.is_ok() {
                return Ok(());
            }
        }
        self.port = if self.options.port == 0 { free_port()? } else { self.options.port };
        self.launch().await
    }

    async fn launch(&mut self) -> Result<()> {
        let mongod = find_mongod()?;
        let child = self.command(&mongod)?.spawn();
        self.child =
            Some(child.map_err(|error| trouble(format!("mongod cannot be run ({}): {error}", mongod.display())))?);
        let answer = self.wait_until(|hello| hello.get_f64("ok").unwrap_or(0.0) > 0.0).await;
        let serves = match &answer {
            // A set that was initiated earlier elects its one node by itself.
            Ok(hello) if hello.contains_key("setName") => {
                let several = self.options.several;
                self.wait_until(|hello| is_primary(hello) || several && follows(hello)).await.map(|_| ())
            }
            Ok(_) => Ok(()),
            Err(error) => Err(error.clone()),
        };
        if serves.is_err() {
            self.stop().await;
        }
        serves
    }

    fn command(&self, mongod: &Path) -> Result<Command> {
        let mut command = Command::new(mongod);
        command.args(["--bind_ip", "127.0.0.1", "--nounixsocket", "--quiet", "--wiredTigerCacheSizeGB", "0.25"]);
        command.arg("--port").arg(self.port.to_string()).arg("--dbpath").arg(&self.dir);
        command.arg("--logappend").arg("--logpath").arg(self.log());
        command.args(["--setParameter", "diagnosticDataCollectionEnabled=false"]);
        if self.options.replica_set {
            command.args(["--replSet", REPLICA_SET, "--oplogSize", "64"]);
        }
        if let Some((server, signer)) = &self.options.tls {
            command.args(["--tlsMode", "requireTLS", "--tlsAllowConnectionsWithoutCertificates"]);
            command.arg("--tlsCertificateKeyFile").arg(server).arg("--tlsCAFile").arg(signer);
        }
        if self.options.test_commands {
            command.args(["--setParameter", "enableTestCommands=1"]);
        }
        if self.options.login.is_some() {
            command.arg("--auth");
            if self.options.replica_set {
                command.arg("--keyFile").arg(self.key_file()?);
            }
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        Ok(command)
    }

    fn log(&self) -> PathBuf {
        self.dir.join("mongod.log")
    }

    /// The members of a set know each other by a common key; with one member any will do.
    fn key_file(&self) -> Result<PathBuf> {
        let path = self.dir.join("keyfile");
        let key = uuid::Uuid::new_v4().simple().to_string();
        if !path.exists() {
            write_private(&path, &key).map_err(|error| trouble(format!("the key file cannot be written: {error}")))?;
        }
        Ok(path)
    }

    async fn client(&self, login: bool) -> Result<Client> {
        let mut options = ClientOptions::parse(self.uri("admin")).await.map_err(|error| driver(&error))?;
        if !login {
            options.credential = None;
        }
        options.direct_connection = Some(true);
        options.server_selection_timeout = Some(Duration::from_secs(1));
        Client::with_options(options).map_err(|error| driver(&error))
    }

    /// Asks `hello` until the answer pleases.
    async fn wait_until(&mut self, pleases: impl Fn(&Document) -> bool) -> Result<Document> {
        let client = self.client(false).await?;
        let deadline = Instant::now() + START_TIME;
        loop {
            if let Some(Ok(Some(status))) = self.child.as_mut().map(Child::try_wait) {
                return Err(trouble(format!("mongod ended at once ({status}); {} says why", self.log().display())));
            }
            match client.database("admin").run_command(doc! { "hello": 1 }).await {
                Ok(hello) if pleases(&hello) => return Ok(hello),
                _ if Instant::now() > deadline => {
                    return Err(trouble(format!("mongod is not ready; see {}", self.log().display())));
                }
                _ => tokio::time::sleep(GLANCE).await,
            }
        }
    }

    async fn initiate(&mut self) -> Result<()> {
        let port = self.port;
        self.initiate_with(&[port], doc! {}).await
    }

    /// Makes a set of the servers on these ports of this computer, this one among them.
    async fn initiate_with(&mut self, ports: &[u16], settings: Document) -> Result<()> {
        let host = |(id, port): (i32, &u16)| doc! { "_id": id, "host": format!("127.0.0.1:{port}") };
        let members: Vec<Document> = (0..).zip(ports).map(host).collect();
        let command = doc! { "replSetInitiate": { "_id": REPLICA_SET, "members": members, "settings": settings } };
        let done = self.client(false).await?.database("admin").run_command(command).await;
        match done {
            // 23: it is initiated already, from an earlier start on the same folder.
            Err(error) if super::remote::mongo::errors::command_code(&error) == Some(23) => {}
            done => drop(done.map_err(|error| driver(&error))?),
        }
        let several = self.options.several;
        self.wait_until(|hello| is_primary(hello) || several && follows(hello)).await.map(|_| ())
    }

    /// Makes the administrator; MongoDB lets the first user be made from this computer without a login.
    async fn make_login(&self) -> Result<()> {
        let Some((user, password)) = &self.options.login else { return Ok(()) };
        let command = doc! { "createUser": user, "pwd": password, "roles": ["root"], "mechanisms": ["SCRAM-SHA-256"] };
        match self.client(false).await?.database("admin").run_command(command).await {
            Ok(_) => Ok(()),
            // There is one already, so the door is shut; the login itself must then work.
            Err(_) => {
                let ping = self.client(true).await?.database("admin").run_command(doc! { "ping": 1 }).await;
                ping.map(|_| ()).map_err(|error| driver(&error))
            }
        }
    }
}

fn is_primary(hello: &Document) -> bool {
    hello.get_bool("isWritablePrimary").unwrap_or(false)
}

fn follows(hello: &Document) -> bool {
    hello.get_bool("secondary").unwrap_or(false)
}

/// A replica set of three on this computer, of which the primary can be killed.
pub struct LocalSet(Vec<LocalServer>);

/// A primary that is gone is missed after so long, in milliseconds; members look at each other three times in it.
const ELECTION_MS: i32 = 1_500;

impl LocalSet {
    /// Starts it; the members' data are in folders under `dir`.
    ///
    /// # Errors
    /// [`SyncError::LocalServer`].
    pub async fn start(dir: &Path) -> Result<LocalSet> {
        let mut members = Vec::new();
        for name in ["a", "b", "c"] {
            let options = ServerOptions { initiate: false, several: true, ..ServerOptions::default() };
            members.push(LocalServer::start_with(&dir.join(name), options).await?);
        }
        let ports: Vec<u16> = members.iter().map(LocalServer::port).collect();
        let settings = doc! { "electionTimeoutMillis": ELECTION_MS, "heartbeatIntervalMillis": ELECTION_MS / 3 };
        members[0].initiate_with(&ports, settings).await?;
        let mut set = LocalSet(members);
        set.primary().await?;
        Ok(set)
    }

    /// The connection string of a database on it.
    pub fn uri(&self, database: &str) -> String {
        let hosts: Vec<String> = self.0.iter().map(|one| format!("127.0.0.1:{}", one.port)).collect();
        format!("mongodb://{}/{database}?replicaSet={REPLICA_SET}", hosts.join(","))
    }

    /// The member that is primary, as soon as there is one.
    async fn primary(&mut self) -> Result<usize> {
        let deadline = Instant::now() + START_TIME;
        while Instant::now() < deadline {
            for (at, member) in self.0.iter().enumerate().filter(|(_, member)| member.child.is_some()) {
                let hello = member.client(false).await?.database("admin").run_command(doc! { "hello": 1 }).await;
                if hello.is_ok_and(|hello| is_primary(&hello)) {
                    return Ok(at);
                }
            }
            tokio::time::sleep(GLANCE).await;
        }
        Err(trouble("no member becomes primary".into()))
    }

    /// Kills the primary as a power cut would, waits until another one serves, and brings the first back.
    ///
    /// # Errors
    /// [`SyncError::LocalServer`].
    pub async fn kill_primary(&mut self) -> Result<()> {
        let killed = self.primary().await?;
        self.0[killed].stop().await;
        self.primary().await?;
        self.0[killed].restart().await
    }
}

/// Where mongod is: `AIDPOST_MONGOD`, the PATH, then the cache that `scripts/fetch-mongod.sh` fills.
///
/// # Errors
/// [`SyncError::LocalServer`], naming the script.
pub fn find_mongod() -> Result<PathBuf> {
    find_by(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
}

fn find_by(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    if let Some(named) = variable(MONGOD).map(PathBuf::from) {
        let missing = || trouble(format!("{MONGOD} names no file: {}", named.display()));
        return if named.is_file() { Ok(named) } else { Err(missing()) };
    }
    let path = variable("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|dir| dir.join("mongod"));
    let home = || variable("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = variable("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    let found = on_path.chain(cache.map(|dir| dir.join("aidpost/mongod"))).find(|candidate| candidate.is_file());
    let advice = "no mongod was found: install MongoDB, or run scripts/fetch-mongod.sh, or set AIDPOST_MONGOD";
    found.ok_or_else(|| trouble(advice.into()))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| trouble(format!("no free port: {error}")))
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    // mongod refuses a key that others can read.
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}

fn trouble(text: String) -> SyncError {
    SyncError::LocalServer(text)
}

fn driver(error: &Error) -> SyncError {
    trouble(format!("mongod does not obey: {}", error.kind))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_missing_mongod_names_the_script_and_a_wrong_path_itself() {
        let error = find_by(|_| None).unwrap_err().to_string();
        assert!(error.contains("scripts/fetch-mongod.sh"), "{error}");
        let wrong = |name: &str| (name == MONGOD).then(|| OsString::from("/no/such/mongod"));
        let error = find_by(wrong).unwrap_err().to_string();
        assert!(error.contains("/no/such/mongod"), "{error}");
    }

    #[test]
    fn the_path_comes_before_the_cache() {
        let dir = tempfile::tempdir().unwrap();
        let cached = dir.path().join("aidpost/mongod");
        std::fs::create_dir_all(cached.parent().unwrap()).unwrap();
        std::fs::write(&cached, "").unwrap();
        let only_cache = |name: &str| (name == "XDG_CACHE_HOME").then(|| dir.path().into());
        assert_eq!(find_by(only_cache).unwrap(), cached);
        std::fs::write(dir.path().join("mongod"), "").unwrap();
        let both = |name: &str| ["XDG_CACHE_HOME", "PATH"].contains(&name).then(|| dir.path().into());
        assert_eq!(find_by(both).unwrap(), dir.path().join("mongod"));
    }
}
