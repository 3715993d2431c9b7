//! The life of the sync engine while a vault is open.

use crate::{
    App, Event, Problem, Session,
    views::{FirstSyncView, Nothing, RemoteTest, SetRemote, SyncPhase, SyncView, VerifyRow, VerifyView},
};
use model::{Time, mailbox::Mailbox};
use std::sync::{Arc, Mutex, PoisonError};
use sync::{Address, Options, Phase, SyncState, Target, Trouble};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) const REMOTE: &str = "remote";
const PAUSED: &str = "sync_paused";
/// The engine's word for a vault of which there are two.
const CLONE: &str = "device.clone";

/// The engine of one session. Every session has one, with or without a remote.
#[derive(Default)]
pub struct Engine {
    running: Mutex<Option<Running>>,
    parting: tokio::sync::Mutex<()>,
}

struct Running {
    engine: sync::Engine,
    cancel: CancellationToken,
    tasks: TaskTracker,
    remote: Option<Remote>,
    paused: bool,
    /// Since when the remote cannot be reached.
    offline_since: Option<Time>,
}

/// Where the remote is, as it may be shown.
#[derive(Clone)]
struct Remote {
    address: Address,
    shown: String,
}

impl Engine {
    /// Starts it on the remote that was set last.
    pub async fn start(&self, session: &Arc<Session>) -> Result<(), Problem> {
        let remote = session.vault.setting(REMOTE)?.map(|text| remote(session, &text)).transpose()?;
        let paused = session.vault.setting(PAUSED)?.is_some();
        let clock = session.clock.clone();
        let cancel = CancellationToken::new();
        let mailbox: Arc<dyn Mailbox> = session.vault.clone();
        let options = Options::new(Arc::new(move || clock.now_ms()));
        let target = remote.clone().map_or(Target::None, |remote| Target::Mongo(remote.address));
        let engine = sync::Engine::start(mailbox, target, options, cancel.clone());
        if paused {
            engine.pause().await;
        }
        let tasks = TaskTracker::new();
        tasks.spawn(pass_on(Arc::downgrade(session), engine.clone(), cancel.clone()));
        tasks.close();
        *self.lock() = Some(Running { engine, cancel, tasks, remote, paused, offline_since: None });
        Ok(())
    }

    /// Stops it, and waits until it has let go of the vault.
    pub async fn stop(&self) {
        let Some(running) = self.lock().take() else { return };
        running.engine.stop().await;
        running.cancel.cancel();
        running.tasks.wait().await;
    }

    /// Something was written here.
    pub fn wake(&self) {
        if let Some(running) = self.lock().as_ref() {
            running.engine.wake();
        }
    }

    fn handle(&self) -> Result<sync::Engine, Problem> {
        self.lock().as_ref().map(|running| running.engine.clone()).ok_or_else(|| Problem::new("locked", None))
    }

    fn remote(&self) -> Option<Remote> {
        self.lock().as_ref().and_then(|running| running.remote.clone())
    }

    fn set_paused(&self, paused: bool) {
        if let Some(running) = self.lock().as_mut() {
            running.paused = paused;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers when the remote went out of reach.
    fn note_reach(&self, state: &SyncState, now: Time) {
        if let Some(running) = self.lock().as_mut() {
            let out = running.remote.is_some() && !running.paused && state.phase == Phase::Offline;
            let trying = state.phase == Phase::Connecting;
            running.offline_since = match (out, trying) {
                (true, _) => running.offline_since.or(Some(now)),
                (false, true) => running.offline_since,
                (false, false) => None,
            };
        }
    }

    fn view(&self) -> Result<SyncView, Problem> {
        let running = self.lock();
        let running = running.as_ref().ok_or_else(|| Problem::new("locked", None))?;
        let state = running.engine.state().borrow().clone();
        Ok(SyncView {
            offline_since: running.offline_since,
            ..sync_view(&state, running.remote.as_ref(), running.paused)
        })
    }
}

/// Tells the window what the engine says, until it ends.
async fn pass_on(session: std::sync::Weak<Session>, engine: sync::Engine, cancel: CancellationToken) {
    let (mut states, mut changes) = (engine.state(), engine.changes());
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            moved = states.changed() => {
                let Some(session) = session.upgrade().filter(|_| moved.is_ok()) else { return };
                let state = states.borrow_and_update().clone();
                note_success(&session, &state);
                session.engine.note_reach(&state, session.now());
                if state.trouble.as_ref().is_some_and(|trouble| trouble.code == CLONE) {
                    go_on_apart(&session, &engine).await;
                }
                finish_keys(&session).await;
                if let Ok(state) = session.engine.view() {
                    session.ring(Event::Sync { state });
                }
            }
            changed = changes.recv() => {
                let Some(session) = session.upgrade() else { return };
                match changed {
                    Ok(changed) => session.ring(incoming(&changed)),
                    // Too many to name one by one: everything may have changed.
                    Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => session.ring(everything()),
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
                }
            }
        }
    }
}

/// New keys of this person may have come.
async fn finish_keys(session: &Arc<Session>) {
    let this = session.clone();
    if let Err(problem) = crate::session::off_thread(move || crate::keys::finish(&this)).await {
        tracing::warn!(code = problem.code, "the new keys were not finished");
    }
}

/// A vault that was copied, or put back from a backup, becomes a device of its own (security page, 7). Answers whether this
/// call made it one.
async fn part_from_copy(session: &Arc<Session>) -> Result<bool, Problem> {
    let _once = session.engine.parting.lock().await;
    let (vault, now_ms) = (session.vault.clone(), session.clock.now_ms());
    let parted = crate::session::off_thread(move || {
        if !vault.is_copy()? {
            return Ok(false);
        }
        vault.become_new_device(now_ms)?;
        Ok(true)
    });
    let parted = parted.await?;
    if parted {
        session.ring(everything());
    }
    Ok(parted)
}

async fn go_on_apart(session: &Arc<Session>, engine: &sync::Engine) {
    match part_from_copy(session).await {
        Ok(false) => {}
        Ok(true) => {
            let engine = engine.clone();
            // How it ends is told as the engine's state.
            tokio::spawn(async move { drop(engine.sync_now().await) });
        }
        // The trouble stays on the screen, and says what a person can do.
        Err(problem) => tracing::warn!(code = problem.code, "the copy could not become a device of its own"),
    }
}

fn incoming(changed: &[(String, uuid::Uuid)]) -> Event {
    let mut collections: Vec<String> = changed.iter().map(|(name, _)| name.clone()).collect();
    collections.sort_unstable();
    collections.dedup();
    Event::Changed { collections, ids: changed.iter().map(|(_, id)| *id).collect(), from_remote: true }
}

fn everything() -> Event {
    let collections = model::ALL.iter().map(|def| def.name.to_owned()).collect();
    Event::Changed { collections, ids: Vec::new(), from_remote: true }
}

/// The time of the last agreement is shown before unlock, so it is kept outside the vault.
fn note_success(session: &Session, state: &SyncState) {
    let Some(ms) = state.last_success_ms.and_then(|ms| i64::try_from(ms).ok()) else { return };
    if let Err(error) = session.vault.set_last_sync_ms(ms) {
        tracing::warn!(%error, "the time of the last agreement was not kept");
    }
}

/// The address of the remote, with its login.
pub fn remote_setting(session: &Session) -> Result<Option<String>, Problem> {
    Ok(session.vault.setting(REMOTE)?)
}

/// Takes over the address that came with an admission.
pub fn adopt_credential(vault: &vault::Vault) -> Result<(), Problem> {
    let Some(bytes) = vault.credential()? else { return Ok(()) };
    let text = String::from_utf8(bytes).map_err(|error| Problem::said("internal", &error))?;
    Ok(vault.set_setting(REMOTE, Some(&text))?)
}

/// The state, with what waits counted now: the engine may not have looked yet.
pub async fn state(_: &Arc<App>, session: &Arc<Session>, _: Nothing) -> Result<SyncView, Problem> {
    let view = session.engine.view()?;
    let vault = session.vault.clone();
    let counts =
        crate::session::off_thread(move || vault.counts().map_err(|error| Problem::said("internal", &error))).await?;
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(SyncView {
        to_send: small(counts.to_send),
        to_send_bytes: counts.to_send_bytes as f64,
        files_to_send: small(counts.files_to_send),
        files_to_fetch: small(counts.files_to_fetch),
        conflicts: small(counts.conflicts),
        quarantined: small(counts.quarantined),
        oldest_unsent: counts.oldest_unsent_ms.map(Time::from_unsigned_ms),
        ..view
    })
}

/// Reconciles now, and answers when it is done.
pub async fn now(_: &Arc<App>, session: &Arc<Session>, _: Nothing) -> Result<SyncView, Problem> {
    if session.engine.remote().is_none() {
        return Err(Problem::new("no_remote", None));
    }
    let engine = session.engine.handle()?;
    let outcome = match engine.sync_now().await {
        Err(trouble) if trouble.code == CLONE => {
            part_from_copy(session).await?;
            engine.sync_now().await
        }
        outcome => outcome,
    };
    outcome.map_err(|trouble| passing(&trouble))?;
    crate::hosted::exchange(session).await.map_err(Problem::passing)?;
    session.engine.view()
}

fn passing(trouble: &Trouble) -> Problem {
    Problem::new(trouble.code, trouble.sentence.clone()).passing()
}

/// Holds everything.
pub async fn pause(_: &Arc<App>, session: &Arc<Session>, _: Nothing) -> Result<SyncView, Problem> {
    session.vault.set_setting(PAUSED, Some("yes"))?;
    session.engine.set_paused(true);
    session.engine.handle()?.pause().await;
    session.engine.view()
}

/// Goes on.
pub async fn resume(_: &Arc<App>, session: &Arc<Session>, _: Nothing) -> Result<SyncView, Problem> {
    session.vault.set_setting(PAUSED, None)?;
    session.engine.set_paused(false);
    session.engine.handle()?.resume().await;
    session.engine.view()
}

/// Sets or forgets the remote.
pub async fn set_remote(_: &Arc<App>, session: &Arc<Session>, ask: SetRemote) -> Result<SyncView, Problem> {
    let remote = ask.address.as_deref().map(|text| remote(session, text)).transpose()?;
    session.vault.set_setting(REMOTE, ask.address.as_deref().map(str::trim))?;
    let target = remote.clone().map_or(Target::None, |remote| Target::Mongo(remote.address));
    session.engine.handle()?.set_remote(target).await;
    if let Some(running) = session.engine.lock().as_mut() {
        running.remote = remote;
    }
    session.engine.view()
}

/// Tries a connection without keeping it.
pub async fn test_remote(_: &Arc<App>, session: &Arc<Session>, ask: SetRemote) -> Result<RemoteTest, Problem> {
    let text = ask.address.unwrap_or_default();
    let remote = match remote(session, &text) {
        Ok(remote) => remote,
        Err(problem) => {
            return Ok(RemoteTest { ok: false, problem: Some(problem.code), sentence: problem.detail, host: None });
        }
    };
    let host = Some(remote.shown);
    Ok(match sync::test_connection(&remote.address).await {
        Ok(_) => RemoteTest { ok: true, problem: None, sentence: None, host },
        Err(error) => {
            RemoteTest { ok: false, problem: Some(error.code().to_owned()), sentence: Some(error.to_string()), host }
        }
    })
}

/// The name of a realm's database where its address names none.
pub(crate) fn own_database(realm: uuid::Uuid) -> String {
    format!("aidpost_{}", realm.simple())
}

/// One database for each realm: where the address names none, it is named after the realm.
pub(crate) fn realm_address(realm: uuid::Uuid, text: &str) -> Result<Address, Problem> {
    let address = Address::parse(text)?;
    match address.database() == sync::address::DATABASE {
        true => Ok(address.with_database(&own_database(realm))?),
        false => Ok(address),
    }
}

/// Does a person want nothing to leave at the moment?
pub(crate) fn is_paused(session: &Session) -> Result<bool, Problem> {
    Ok(session.vault.setting(PAUSED)?.is_some())
}

fn remote(session: &Session, text: &str) -> Result<Remote, Problem> {
    let address = realm_address(session.me.realm, text)?;
    let shown = format!("{address:?}").trim_start_matches("Address(").trim_end_matches(')').to_owned();
    Ok(Remote { address, shown })
}

/// Compares both sides by name.
pub async fn verify(_: &Arc<App>, session: &Arc<Session>, _: Nothing) -> Result<VerifyView, Problem> {
    let remote = session.engine.remote().ok_or_else(|| Problem::new("no_remote", None))?;
    let failed = |error: sync::SyncError| Problem::from(error).passing();
    let connected =
        sync::remote::mongo::MongoRemote::connect(&remote.address, Some(session.me.realm)).await.map_err(failed)?;
    let report = sync::verify::verify(session.vault.clone(), &connected).await.map_err(failed)?;
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(VerifyView {
        same: report.values().all(sync::verify::Comparison::is_equal),
        rows: report
            .into_iter()
            .map(|(collection, one)| VerifyRow {
                collection,
                equal: small(one.equal),
                only_here: small(one.only_here),
                only_there: small(one.only_there),
                different: small(one.different),
            })
            .collect(),
    })
}

fn sync_view(state: &SyncState, remote: Option<&Remote>, paused: bool) -> SyncView {
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    SyncView {
        phase: phase(state.phase, remote.is_some(), paused),
        problem: state.trouble.as_ref().map(|trouble| trouble.code.to_owned()),
        detail: state.trouble.as_ref().map(|trouble| trouble.sentence.clone()),
        to_send: small(state.to_send),
        to_send_bytes: state.to_send_bytes as f64,
        to_fetch: small(state.to_fetch.unwrap_or(0)),
        first: state.first.as_ref().map(|first| FirstSyncView {
            done: small(first.done),
            total: small(first.total),
            left_ms: first.left_ms.map(|left| left as f64),
            usable: first.usable,
        }),
        files_to_send: small(state.files_to_send),
        files_to_fetch: small(state.files_to_fetch),
        file_bytes_done: state.file.as_ref().map_or(0.0, |file| file.done as f64),
        file_bytes_total: state.file.as_ref().map_or(0.0, |file| file.total as f64),
        oldest_unsent: state.oldest_unsent_ms.map(Time::from_unsigned_ms),
        last_success: state.last_success_ms.map(Time::from_unsigned_ms),
        offline_since: None,
        conflicts: small(state.conflicts),
        quarantined: small(state.quarantined),
        clock_off_ms: state.clock_offset_ms.map(|ms| -(ms as f64)),
        remote: remote.map(|remote| remote.shown.clone()),
    }
}

fn phase(phase: Phase, has_remote: bool, paused: bool) -> SyncPhase {
    if !has_remote {
        return SyncPhase::NoRemote;
    }
    if paused {
        return SyncPhase::Paused;
    }
    match phase {
        Phase::Offline => SyncPhase::Offline,
        Phase::Connecting => SyncPhase::Connecting,
        Phase::Pulling => SyncPhase::Pulling,
        Phase::Pushing => SyncPhase::Pushing,
        Phase::Live => SyncPhase::Live,
        Phase::Paused => SyncPhase::Paused,
        Phase::Blocked => SyncPhase::Blocked,
    }
}
