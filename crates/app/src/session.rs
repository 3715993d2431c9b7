//! One running program, and the one vault that is open in it.

use crate::{
    Clock, Event, Problem,
    ask::of,
    backups::Backups,
    checks::Drafts,
    doctor::Looking,
    factor::Setup,
    glass::Glass,
    hosted::Hosting,
    intake::Intakes,
    keychain::OwnSafe,
    lan::LinkHost,
    lock::Pending,
    oidc::Outside,
    recorder::Recorder,
    rotation::Rotation,
    step_up::Proof,
    syncing::Engine,
    transfer::Transfers,
    views::{LockedView, Stage},
};
use model::{BlobRef, Collection, Map, Time};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;
use vault::{Changed, Me, Row, Vault, Writer};

/// How a shell wants the program to behave.
#[derive(Clone, Debug)]
pub struct Options {
    /// Serve shares on this computer only, never on the local network.
    pub loopback_only: bool,
    /// Keep a link host running while shares are live.
    pub serve_links: bool,
    /// Lock by itself: when nobody has touched the window for as long as the settings say, twelve hours after unlocking, and with the
    /// computer's sleep or the desktop's lock.
    pub idle_lock: bool,
    /// A window shows the record: before it is locked, the window is asked to keep what is still being written.
    pub window: bool,
    /// Keep the device's part of the key in the system's keychain, where there is one.
    pub keychain: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { loopback_only: false, serve_links: true, idle_lock: false, window: false, keychain: false }
    }
}

/// The running program.
pub struct App {
    root: PathBuf,
    pub(crate) options: Options,
    clock: Arc<dyn Clock>,
    bell: broadcast::Sender<Event>,
    pub(crate) session: RwLock<Option<Arc<Session>>>,
    joining: RwLock<Option<Arc<Pending>>>,
    /// When somebody was last at the window, on the steady clock.
    touched: AtomicU64,
    /// Set by whoever wants a restore to stop.
    restoring: AtomicBool,
    /// The record that was locked last.
    pub(crate) locked: RwLock<Option<LockedView>>,
    /// The window has kept what was being written.
    pub(crate) kept: Notify,
    /// Held while the file of the window's look is changed.
    pub(crate) shell: Mutex<()>,
    /// Held while a session is ended, so that whoever else wants its end waits until it is over.
    pub(crate) ending: tokio::sync::Mutex<()>,
    /// Held while a passphrase is tried: attempts are counted one after the other.
    pub(crate) unlocking: tokio::sync::Mutex<()>,
}

impl App {
    /// Starts with the folder that holds the vaults of this computer's user.
    pub fn new(root: &Path, clock: Arc<dyn Clock>, options: Options) -> Arc<Self> {
        let (bell, _) = broadcast::channel(256);
        Arc::new(App {
            root: root.to_owned(),
            options,
            clock,
            bell,
            session: RwLock::new(None),
            joining: RwLock::new(None),
            touched: AtomicU64::new(0),
            restoring: AtomicBool::new(false),
            locked: RwLock::new(None),
            kept: Notify::new(),
            shell: Mutex::new(()),
            ending: tokio::sync::Mutex::new(()),
            unlocking: tokio::sync::Mutex::new(()),
        })
    }

    /// Hears what happens.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.bell.subscribe()
    }

    /// The folder of the vaults.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Where this computer keeps the device's part of the key of a vault.
    pub(crate) fn safe(&self, folder: &Path) -> OwnSafe {
        OwnSafe::new(folder, self.options.keychain)
    }

    /// The mark by which a restore is stopped.
    pub(crate) fn restoring(&self) -> &AtomicBool {
        &self.restoring
    }

    /// The open vault's session, or the problem `locked`.
    pub fn session(&self) -> Result<Arc<Session>, Problem> {
        let open = self.session.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        open.clone().ok_or_else(|| Problem::new("locked", None))
    }

    /// The enrolment under way.
    pub fn joining(&self) -> Option<Arc<Pending>> {
        self.joining.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Begins or ends an enrolment.
    pub fn set_joining(&self, pending: Option<Arc<Pending>>) {
        *self.joining.write().unwrap_or_else(std::sync::PoisonError::into_inner) = pending;
    }

    /// Somebody is at the window.
    pub fn touch(&self) {
        self.touched.store(self.clock.steady_ms(), Ordering::Relaxed);
    }

    /// How long nobody has been there, in milliseconds.
    pub(crate) fn idle_ms(&self) -> u64 {
        self.clock.steady_ms().saturating_sub(self.touched.load(Ordering::Relaxed))
    }

    /// Is this the session that is open now?
    pub(crate) fn is_open(&self, session: &Arc<Session>) -> bool {
        self.session().is_ok_and(|open| Arc::ptr_eq(&open, session))
    }

    /// Opens the session of a vault, and starts what runs while it is open.
    pub async fn begin(self: &Arc<Self>, vault: Vault) -> Result<Arc<Session>, Problem> {
        let session = Arc::new(Session::new(vault, self)?);
        let this = session.clone();
        // What cannot be put in line now is tried again at the next unlock: the vault is open either way.
        if let Err(problem) = off_thread(move || crate::keys::finish(&this)).await {
            tracing::warn!(code = problem.code, "the new keys were not finished");
        }
        let this = session.clone();
        // One that cannot write any more (a removed person, a full disk) is read all the same.
        if let Err(problem) = off_thread(move || crate::sessions::renew(&this)).await {
            tracing::warn!(code = problem.code, "the row of this device's session was not written");
        }
        *self.session.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(session.clone());
        self.remember_lock(None);
        // Before the engine, so that nothing that it brings is missed.
        let ended = self.events();
        session.engine.start(&session).await?;
        if let Err(problem) = session.links.resume(&session).await {
            tracing::warn!(code = problem.code, "the link host did not start");
        }
        crate::rotation::start(&session);
        tokio::spawn(crate::soundness::watch(Arc::downgrade(self), Arc::downgrade(&session)));
        tokio::spawn(crate::devices::retry_after_update(Arc::downgrade(&session)));
        tokio::spawn(crate::hosted::watch(Arc::downgrade(&session), self.events()));
        self.touch();
        tokio::spawn(crate::sessions::watch(Arc::downgrade(self), Arc::downgrade(&session), ended));
        tokio::spawn(crate::deletion::watch(Arc::downgrade(self), Arc::downgrade(&session), self.events()));
        tokio::spawn(crate::backups::watch(Arc::downgrade(self), Arc::downgrade(&session)));
        if self.options.idle_lock {
            tokio::spawn(crate::idle::watch(Arc::downgrade(self), Arc::downgrade(&session)));
            crate::away::start(self, &session);
        }
        self.ring(Event::Session { stage: Stage::Open });
        Ok(session)
    }

    /// Runs work on the open vault off the async threads.
    pub async fn blocking<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Arc<Session>) -> Result<T, Problem> + Send + 'static,
    {
        let session = self.session()?;
        off_thread(move || work(&session)).await
    }

    pub(crate) fn ring(&self, event: Event) {
        // Nobody listening is not an error: the command line hears nothing.
        let _ = self.bell.send(event);
    }
}

/// Runs blocking work on a thread made for it.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::said("internal", &error))?
}

/// An open vault and what runs beside it.
pub struct Session {
    /// The vault.
    pub vault: Arc<Vault>,
    /// Who is at work.
    pub me: Me,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// When it was opened, on the steady clock.
    pub(crate) opened_ms: u64,
    /// Analysed recordings that are not yet in the chart.
    pub drafts: Drafts,
    /// Files and shares that were read and not yet filed.
    pub intakes: Intakes,
    /// Records on their way from screen to camera.
    pub(crate) transfers: Transfers,
    /// When this person last proved who they are.
    pub proof: Proof,
    /// A second factor that is being set up.
    pub setup: Setup,
    /// A visit to a provider elsewhere, and what it showed.
    pub outside: Outside,
    /// Held while a code is sent or checked: they are counted one after the other.
    pub(crate) sending: tokio::sync::Mutex<()>,
    /// The microphone.
    pub recorder: Recorder,
    /// The sync engine.
    pub engine: Engine,
    /// The link host on the local network.
    pub links: LinkHost,
    /// The exchange with the link host beside the database.
    pub(crate) hosting: Hosting,
    /// Restricted charts that are open for an emergency.
    pub glass: Glass,
    /// New keys that are being made.
    pub rotation: Rotation,
    /// The look through this device that may be under way.
    pub looking: Looking,
    /// The backup that is being made.
    pub backups: Backups,
    /// Where the device's part of the key is kept.
    pub safe: OwnSafe,
    bell: broadcast::Sender<Event>,
}

impl Session {
    fn new(vault: Vault, app: &App) -> Result<Self, Problem> {
        Ok(Session {
            me: vault.me()?,
            safe: app.safe(vault.folder()),
            vault: Arc::new(vault),
            clock: app.clock.clone(),
            opened_ms: app.clock.steady_ms(),
            drafts: Drafts::default(),
            intakes: Intakes::default(),
            transfers: Transfers::default(),
            proof: Proof::by_passphrase(&*app.clock),
            setup: Setup::default(),
            outside: Outside::default(),
            sending: tokio::sync::Mutex::new(()),
            recorder: Recorder::default(),
            engine: Engine::default(),
            links: LinkHost::new(app.options.clone()),
            hosting: Hosting::default(),
            glass: Glass::default(),
            rotation: Rotation::default(),
            looking: Looking::default(),
            backups: Backups::default(),
            bell: app.bell.clone(),
        })
    }

    /// This device. A copied vault becomes another one while it is open, so it is not kept in `me`.
    pub fn device(&self) -> Result<Uuid, Problem> {
        Ok(self.vault.me()?.device)
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Writes in one transaction, then tells the window and the engine.
    pub fn write<T>(&self, work: impl FnOnce(&mut Writer<'_, '_>) -> vault::Result<T>) -> Result<T, Problem> {
        let (out, changed) = self.vault.write(self.clock.now_ms(), work)?;
        self.changed(&changed);
        self.engine.wake();
        Ok(out)
    }

    /// The bytes of a file. One that is not here is fetched before all others: the problem `file_not_here`.
    pub fn read_file(&self, file: &BlobRef) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        let outcome = self.vault.read_file(file, &mut bytes);
        if matches!(outcome, Err(vault::Error::FileNotHere)) {
            self.want_file(file.blob)?;
        }
        outcome?;
        Ok(bytes)
    }

    /// Somebody waits for a file that is not here.
    pub fn want_file(&self, file: Uuid) -> Result<(), Problem> {
        self.vault.want_file(file)?;
        self.engine.wake();
        Ok(())
    }

    /// Where files are has changed.
    pub fn files_moved(&self) {
        self.ring(Event::Changed { collections: vec![sync::FILES.to_owned()], ids: Vec::new(), from_remote: false });
    }

    /// Tells the window what changed here.
    pub fn changed(&self, changed: &Changed) {
        let collections = changed.collections.keys().map(|name| (*name).to_owned()).collect();
        let ids = changed.collections.values().flatten().copied().collect();
        self.ring(Event::Changed { collections, ids, from_remote: false });
    }

    /// Tells the window.
    pub fn ring(&self, event: Event) {
        // Nobody listening is not an error: the command line hears nothing.
        let _ = self.bell.send(event);
    }

    /// The document, or the problem `not_found`.
    pub fn need<T: Collection>(&self, id: Uuid) -> Result<Row<T>, Problem> {
        self.vault.get::<T>(id)?.ok_or_else(crate::problem::not_found)
    }

    /// All documents of a chart, newest first by the field `order`.
    pub fn of_patient<T: Collection>(
        &self,
        patient: Uuid,
        order: &'static str,
        limit: u32,
    ) -> Result<Vec<Row<T>>, Problem> {
        Ok(self.vault.list::<T>(&of("patient_id", patient).newest(order).limit(limit))?)
    }
}

/// The values of a form as a map, leaving out what is absent.
pub fn fields(value: Value) -> Map {
    fields_and_nulls(value).into_iter().filter(|(_, value)| !value.is_null()).collect()
}

/// The same with the nulls, which empty a field.
pub fn fields_and_nulls(value: Value) -> Map {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
