//! The computer sleeps, or the desktop is locked: a logind of the test says so, on a bus of the test.
#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "the macro of the bus makes methods that nobody reads")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod common;

use app::views::{LockReason, LockedView};
use common::{Desk, Hands};
use std::{
    io::{BufRead, BufReader, PipeReader, Read},
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
struct Bus {
    process: Child,
    address: String,
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

    async fn connect(&self) -> Connection {
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
type Holders = Arc<Mutex<Vec<(String, PipeReader)>>>;

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

struct Logind {
    bus: Bus,
    connection: Connection,
    holders: Holders,
}

impl Logind {
    async fn start() -> Logind {
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

    /// The program follows; comes back when it holds sleep back and listens.
    async fn followed_by(&self, desk: &Desk) {
        let before = self.holders.lock().unwrap().len();
        let (app, session) = (Arc::downgrade(&desk.app), Arc::downgrade(&desk.app.session().unwrap()));
        let bus = self.bus.connect().await;
        tokio::spawn(async move { app::away::follow(app, session, &bus).await.unwrap() });
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if self.holders.lock().unwrap().len() > before {
                // The streams are made in the moments after.
                return tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
        panic!("nobody asked logind for anything");
    }

    async fn sleep(&self, start: bool) {
        let manager = self.connection.object_server().interface::<_, Manager>(MANAGER).await.unwrap();
        Manager::prepare_for_sleep(manager.signal_emitter(), start).await.unwrap();
    }

    async fn lock(&self) {
        let session = self.connection.object_server().interface::<_, LoginSession>(SESSION).await.unwrap();
        LoginSession::lock(session.signal_emitter()).await.unwrap();
    }

    async fn hint(&self, locked: bool) {
        let session = self.connection.object_server().interface::<_, LoginSession>(SESSION).await.unwrap();
        session.get_mut().await.locked = locked;
        session.get().await.locked_hint_changed(session.signal_emitter()).await.unwrap();
    }
}

fn locked(desk: &Desk, reason: LockReason) -> bool {
    matches!(desk.app.locked(), Some(LockedView { reason: why, .. }) if why == reason)
}

#[tokio::test(flavor = "multi_thread")]
async fn sleep_waits_until_the_record_is_closed() {
    let (home, logind) = (tempfile::tempdir().unwrap(), Logind::start().await);
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    logind.followed_by(&desk).await;
    let (who, mut held) = logind.holders.lock().unwrap().pop().unwrap();
    assert_eq!(who, "sleep Aidpost delay");
    // The computer woke: that is no reason.
    logind.sleep(false).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(desk.app.session().is_ok());

    logind.sleep(true).await;
    // The other end is closed when the program lets go.
    let let_go = tokio::task::spawn_blocking(move || held.read(&mut [0]));
    let read = tokio::time::timeout(Duration::from_secs(10), let_go).await.expect("it lets go").unwrap().unwrap();
    assert_eq!(read, 0);
    assert!(desk.app.session().is_err(), "it was closed before");
    assert!(locked(&desk, LockReason::Sleep));
    desk.unlock().await;
    assert_eq!(desk.app.locked(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_of_the_desktop_locks_the_record() {
    let (home, logind) = (tempfile::tempdir().unwrap(), Logind::start().await);
    let desk = Desk::clinic(home.path(), &Hands::new()).await;
    logind.followed_by(&desk).await;
    logind.lock().await;
    assert!(desk.is_locked().await);
    desk.unlock().await;

    // A desktop that locks by itself says so afterwards.
    logind.followed_by(&desk).await;
    logind.hint(true).await;
    assert!(desk.is_locked().await);
    for _ in 0..100 {
        if locked(&desk, LockReason::Desktop) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no reason is kept");
}
