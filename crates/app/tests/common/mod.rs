//! What the stories of several devices share: a desk with a clock that is moved by hand.
#![allow(dead_code, reason = "each story uses what it needs")]

use app::{App, Clock, Event, Options, Problem, SystemClock, views::Stage};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use sync::server::LocalServer;
use tempfile::TempDir;

pub const PASSPHRASE: &str = "quiet orchard morning ferry";
pub const MINUTES: u64 = 60;
pub const HOURS: u64 = 60 * MINUTES;
pub const DAYS: u64 = 24 * HOURS;

/// Clocks that stand still until they are moved: the one on the wall, which anybody can set, the steady one, and how much was slept.
pub struct Hands {
    wall: AtomicU64,
    steady: AtomicU64,
    slept: AtomicU64,
}

impl Hands {
    pub fn new() -> Arc<Hands> {
        Arc::new(Hands { wall: SystemClock.now_ms().into(), steady: 0.into(), slept: 0.into() })
    }

    /// Time passes.
    pub fn forward(&self, seconds: u64) {
        self.wall.fetch_add(seconds * 1_000, Ordering::Relaxed);
        self.steady.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    /// The computer sleeps so long.
    pub fn sleep(&self, seconds: u64) {
        self.slept.fetch_add(seconds * 1_000, Ordering::Relaxed);
        self.forward(seconds);
    }

    /// Somebody sets the clock on the wall forward.
    pub fn set_forward(&self, seconds: u64) {
        self.wall.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    /// Somebody sets the clock on the wall back.
    pub fn back(&self, seconds: u64) {
        self.wall.fetch_sub(seconds * 1_000, Ordering::Relaxed);
    }
}

impl Clock for Hands {
    fn now_ms(&self) -> u64 {
        self.wall.load(Ordering::Relaxed)
    }

    fn steady_ms(&self) -> u64 {
        self.steady.load(Ordering::Relaxed)
    }

    fn slept_ms(&self) -> u64 {
        self.slept.load(Ordering::Relaxed)
    }
}

/// One person at one computer.
pub struct Desk {
    pub app: Arc<App>,
    pub clock: Arc<Hands>,
    /// Was the window last told that the record is locked?
    told_locked: Arc<AtomicBool>,
}

impl Desk {
    pub fn at(root: &Path, clock: &Arc<Hands>) -> Desk {
        drop(rustls::crypto::ring::default_provider().install_default());
        let options =
            Options { loopback_only: true, serve_links: false, idle_lock: false, window: false, keychain: false };
        let app = App::new(root, clock.clone(), options);
        let told_locked = Arc::<AtomicBool>::default();
        tokio::spawn(hear(app.events(), told_locked.clone()));
        Desk { app, clock: clock.clone(), told_locked }
    }

    pub async fn clinic(root: &Path, clock: &Arc<Hands>) -> Desk {
        Desk::clinic_with_papers(root, clock).await.0
    }

    /// A clinic, and what its head prints.
    pub async fn clinic_with_papers(root: &Path, clock: &Arc<Hands>) -> (Desk, Value) {
        let desk = Desk::at(root, clock);
        let clinic = json!({ "clinic_name": "Harbour Clinic", "name": "Dr Amina Rahman", "email": null, "specialization": null, "passphrase": PASSPHRASE, "language": "en" });
        let papers = desk.ask("session.make_clinic", clinic).await["papers"].clone();
        (desk, papers)
    }

    pub async fn alone(root: &Path, clock: &Arc<Hands>) -> Desk {
        let desk = Desk::at(root, clock);
        let own = json!({ "name": "Maria Okafor", "date_of_birth": null, "gender": null, "passphrase": PASSPHRASE, "language": "en" });
        desk.ask("session.keep_own", own).await;
        desk
    }

    /// Another computer comes in: a device of the same person, or somebody with this role.
    pub async fn let_in(&self, root: &Path, role: Option<&str>) -> Desk {
        let invite = json!({ "own_device": role.is_none(), "role": role, "clinical": false, "chart": null });
        let invitation = self.ask("people.invite", invite).await["text"].clone();
        let other = Desk::at(root, &self.clock);
        let join = json!({ "invitation": invitation, "name": "Dr Wei Chen", "passphrase": PASSPHRASE });
        let joining = other.ask("session.join", join).await;
        let admit = json!({ "request": joining["request"], "typed_check": joining["check_words"] });
        let answer = self.ask("people.admit", admit).await["answer"].clone();
        other.ask("session.join_finish", json!({ "answer": answer })).await;
        other
    }

    pub async fn try_ask(&self, name: &str, input: Value) -> Result<Value, Problem> {
        app::answer(&self.app, name, input).await
    }

    pub async fn ask(&self, name: &str, input: Value) -> Value {
        self.try_ask(name, input).await.unwrap_or_else(|problem| panic!("{name}: {problem}"))
    }

    pub async fn get(&self, name: &str) -> Value {
        self.ask(name, json!({})).await
    }

    pub async fn refused(&self, name: &str, input: Value) -> String {
        self.try_ask(name, input).await.expect_err(name).code
    }

    /// Reconciles; a server that is busy is asked again.
    pub async fn sync(&self) {
        for _ in 0..20 {
            match self.try_ask("sync.now", json!({})).await {
                Err(problem) if problem.retry => tokio::time::sleep(std::time::Duration::from_millis(500)).await,
                done => return drop(done.unwrap_or_else(|problem| panic!("sync.now: {problem}"))),
            }
        }
        panic!("the server stays busy");
    }

    /// Several reconcile, one after the other.
    pub async fn sync_in_turn(desks: &[&Desk]) {
        for desk in desks {
            desk.sync().await;
        }
    }

    /// Reconciles with what locks this record, which may then not answer any more or be locked already, and waits until the window
    /// was told of it: by then what the lock screen says is written.
    pub async fn sync_and_lock(&self) -> bool {
        drop(self.try_ask("sync.now", json!({})).await);
        for _ in 0..400 {
            if self.told_locked.load(Ordering::Relaxed) && self.app.session().is_err() {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        false
    }

    pub async fn profile(&self) -> Value {
        self.get("session.state").await["profiles"][0].clone()
    }

    pub async fn unlock(&self) {
        let id = self.profile().await["id"].clone();
        self.ask("session.unlock", json!({ "profile": id, "passphrase": PASSPHRASE })).await;
    }

    pub async fn prove(&self) {
        self.ask("session.step_up", json!({ "passphrase": PASSPHRASE, "code": null })).await;
    }

    /// Waits until the record is locked by itself.
    pub async fn is_locked(&self) -> bool {
        for _ in 0..200 {
            if self.app.session().is_err() {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        false
    }
}

/// Keeps what the window was last told, until the program is gone.
async fn hear(mut events: tokio::sync::broadcast::Receiver<Event>, told_locked: Arc<AtomicBool>) {
    use tokio::sync::broadcast::error::RecvError;
    loop {
        match events.recv().await {
            Ok(Event::Session { stage }) => told_locked.store(stage == Stage::Locked, Ordering::Relaxed),
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Two devices of one person that meet in a database.
pub struct Pair {
    pub first: Desk,
    pub second: Desk,
    pub homes: [TempDir; 3],
    _server: LocalServer,
}

impl Pair {
    pub async fn new() -> Pair {
        let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let server = LocalServer::start(homes[2].path(), 0).await.expect("a mongod: run scripts/setup.sh test");
        let first = Desk::clinic(homes[0].path(), &Hands::new()).await;
        first.ask("sync.set_remote", json!({ "address": server.uri("") })).await;
        let second = first.let_in(homes[1].path(), None).await;
        let pair = Pair { first, second, homes, _server: server };
        Desk::sync_in_turn(&[&pair.first, &pair.second, &pair.first]).await;
        pair
    }
}
