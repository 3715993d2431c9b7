//! A logind of the test, on a bus of the test: it says that the computer sleeps, or that the desktop is locked.
#![allow(dead_code, reason = "each story uses what it needs")]
#![allow(missing_docs, reason = "the macro of the bus makes methods that nobody reads")]

use std::{
    io::{BufRead, BufReader, PipeReader},
    os::fd::OwnedFd as SystemFd,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use zbus::{
    Connection, connection, fdo, interface,
    object_server::SignalEmitter,
    zvariant::{OwnedFd, OwnedObjectPath},
};

const MANAGER: &str = "/org/freedesktop/login1";
const SESSION: &str = "/org/freedesktop/login1/session/_32";

/// A bus of its own.
pub struct Bus {
    process: Child,
    pub address: String,
}

impl Bus {
    fn start() -> Bus {
        let mut process = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon (Debian: dbus)");
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Bus { process, address: address.trim().to_owned() }
    }

    pub async fn connect(&self) -> Connection {
        connection::Builder::address(self.address.as_str()).unwrap().build().await.unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Who holds sleep back, and the end of the pipe at which it is heard when they let go.
pub type Holders = Arc<Mutex<Vec<(String, PipeReader)>>>;

struct Manager(Holders);

#[interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    fn get_session(&self, id: &str) -> fdo::Result<OwnedObjectPath> {
        assert_eq!(id, "auto");
        Ok(OwnedObjectPath::try_from(SESSION).unwrap())
    }

    fn inhibit(&self, what: &str, who: &str, _why: &str, mode: &str) -> OwnedFd {
        let (reader, writer) = std::io::pipe().unwrap();
        self.0.lock().unwrap().push((format!("{what} {who} {mode}"), reader));
        SystemFd::from(writer).into()
    }

    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
}

struct LoginSession {
    locked: bool,
}

#[interface(name = "org.freedesktop.login1.Session")]
impl LoginSession {
    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.locked
    }

    #[zbus(signal)]
    async fn lock(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

pub struct Logind {
    pub bus: Bus,
    connection: Connection,
    pub holders: Holders,
}

impl Logind {
    pub async fn start() -> Logind {
        let (bus, holders) = (Bus::start(), Holders::default());
        let connection = connection::Builder::address(bus.address.as_str())
            .unwrap()
            .serve_at(MANAGER, Manager(holders.clone()))
            .unwrap()
            .serve_at(SESSION, LoginSession { locked: false })
            .unwrap()
            .name("org.freedesktop.login1")
            .unwrap()
            .build()
            .await
            .unwrap();
        Logind { bus, connection, holders }
    }

    /// How many have asked to hold sleep back.
    pub fn holders(&self) -> usize {
        self.holders.lock().unwrap().len()
    }

    /// Waits until one more than `before` holds sleep back and listens.
    pub async fn followed(&self, before: usize) {
        for _ in 0..1_500 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if self.holders() > before {
                // The streams are made in the moments after.
                return tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
        panic!("nobody asked logind for anything");
    }

    pub async fn sleep(&self, start: bool) {
        let manager = self.connection.object_server().interface::<_, Manager>(MANAGER).await.unwrap();
        Manager::prepare_for_sleep(manager.signal_emitter(), start).await.unwrap();
    }

    pub async fn lock(&self) {
        let session = self.connection.object_server().interface::<_, LoginSession>(SESSION).await.unwrap();
        LoginSession::lock(session.signal_emitter()).await.unwrap();
    }

    pub async fn hint(&self, locked: bool) {
        let session = self.connection.object_server().interface::<_, LoginSession>(SESSION).await.unwrap();
        session.get_mut().await.locked = locked;
        session.get().await.locked_hint_changed(session.signal_emitter()).await.unwrap();
    }
}
