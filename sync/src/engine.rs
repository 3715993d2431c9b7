//! The task that keeps a vault and its remote together. It owns the connection; everybody else has an [`Engine`], a handle.

use crate::address::Address;
use crate::error::{Result, SyncError};
use crate::files;
use crate::line::{Changed, Clock, Line, Tally};
use crate::post::Post;
use crate::remote::mongo::MongoRemote;
use crate::remote::{Bell, Remote};
use crate::schedule::Schedule;
use crate::state::{Board, Phase, SyncState, Trouble};
use futures_util::StreamExt;
use model::mailbox::Mailbox;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const COMMANDS: usize = 64;
const CHANGES: usize = 256;
/// The clock is looked at so often; if it then shows much more, the computer slept.
const GLANCE: Duration = Duration::from_secs(15);
const SLEPT_MS: u64 = 45_000;

/// Where the remote is.
#[derive(Clone)]
pub enum Target {
    /// Not decided yet; everything is kept.
    None,
    /// A MongoDB.
    Mongo(Address),
    /// A remote that is already there.
    Ready(Arc<dyn Remote>),
}

/// How the engine runs.
#[derive(Clone)]
pub struct Options {
    clock: Clock,
    seed: u64,
    quiet_every: Duration,
}

impl Options {
    /// `clock` gives this computer's time in milliseconds since 1970.
    pub fn new(clock: Clock) -> Self {
        Options { clock, seed: fastrand::u64(..), quiet_every: Duration::from_secs(6 * 3600) }
    }

    /// Makes the jitter repeatable.
    pub fn seed(self, seed: u64) -> Self {
        Options { seed, ..self }
    }

    /// How often both sides are compared when all is quiet; every six hours unless said otherwise.
    pub fn quiet_every(self, quiet_every: Duration) -> Self {
        Options { quiet_every, ..self }
    }
}

type Reply = oneshot::Sender<std::result::Result<Tally, Trouble>>;

enum Command {
    Sync(Reply),
    Wake,
    Pause,
    Resume,
    Retarget(Target),
}

/// A handle to the running task.
#[derive(Clone)]
pub struct Engine {
    commands: mpsc::Sender<Command>,
    board: Board,
    changed: broadcast::Sender<Changed>,
    cancel: CancellationToken,
    ended: watch::Receiver<bool>,
}

impl Engine {
    /// Starts the task on the current tokio runtime. It ends when `cancel` is canceled.
    pub fn start(mailbox: Arc<dyn Mailbox>, target: Target, options: Options, cancel: CancellationToken) -> Engine {
        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (board, changed) = (Board::new(), broadcast::Sender::new(CHANGES));
        let (end, ended) = watch::channel(false);
        let keeper = Keeper {
            post: Post::new(mailbox),
            target,
            board: board.clone(),
            changed: changed.clone(),
            schedule: Schedule::new(options.seed),
            options,
            inbox,
            cancel: cancel.clone(),
            paused: false,
            again: false,
            waiting: Vec::new(),
            asked: Vec::new(),
        };
        tokio::spawn(async move {
            keeper.run().await;
            end.send_replace(true);
        });
        Engine { commands, board, changed, cancel, ended }
    }

    /// The state now, and a way to wait for the next one.
    pub fn state(&self) -> watch::Receiver<SyncState> {
        self.board.watch()
    }

    /// Documents that come in, as (collection, id).
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.changed.subscribe()
    }

    /// Syncs now and returns when a full round, files included, is done. Ends a back-off, and tries a blocked remote once more.
    pub async fn sync_now(&self) -> std::result::Result<Tally, Trouble> {
        let (reply, answer) = oneshot::channel();
        let stopped = || Trouble::from(&SyncError::Stopped);
        self.commands.send(Command::Sync(reply)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Something was written here, or the computer woke up.
    pub fn wake(&self) {
        // A full inbox means that the task has plenty of reasons to look already.
        let _ = self.commands.try_send(Command::Wake);
    }

    /// Holds everything until [`Engine::resume`].
    pub async fn pause(&self) {
        self.tell(Command::Pause).await;
    }

    /// Goes on after a pause, and tries a blocked remote once more.
    pub async fn resume(&self) {
        self.tell(Command::Resume).await;
    }

    /// Goes to another remote, or away from this one.
    pub async fn set_remote(&self, target: Target) {
        self.tell(Command::Retarget(target)).await;
    }

    /// Ends the task and waits until it has let go of the vault.
    pub async fn stop(&self) {
        self.cancel.cancel();
        // An error means that the task is gone already.
        let _ = self.ended.clone().wait_for(|ended| *ended).await;
    }

    async fn tell(&self, command: Command) {
        // A task that has ended needs no orders.
        let _ = self.commands.send(command).await;
    }
}

/// Why a piece of work ended without a result.
enum Break {
    /// The engine is to stop.
    Stop,
    /// It was paused or sent elsewhere.
    Redirected,
    /// It failed.
    Failed(SyncError),
}

impl From<SyncError> for Break {
    fn from(error: SyncError) -> Self {
        Break::Failed(error)
    }
}

/// What the task rests on between two sessions.
enum Rest {
    /// Nothing: go.
    None,
    /// A person must act.
    Command,
    /// A local write may help as well (the disk has room again).
    CommandOrWake,
    /// Until then, unless somebody asks.
    Until(Instant),
}

struct Keeper {
    post: Post,
    target: Target,
    board: Board,
    changed: broadcast::Sender<Changed>,
    schedule: Schedule,
    options: Options,
    inbox: mpsc::Receiver<Command>,
    cancel: CancellationToken,
    paused: bool,
    again: bool,
    /// Who wants a round that has not begun.
    waiting: Vec<Reply>,
    /// Who wants the round that is going on.
    asked: Vec<Reply>,
}

impl Keeper {
    async fn run(mut self) {
        let mut rest = Rest::None;
        loop {
            rest = match self.step(rest).await {
                Ok(()) | Err(Break::Redirected) => Rest::None,
                Err(Break::Failed(error)) => {
                    // First, so that whoever is told of the failure reads true numbers.
                    self.recount().await;
                    self.failed(&error)
                }
                Err(Break::Stop) => break,
            };
        }
        self.answer(Err(Trouble::from(&SyncError::Stopped)));
        self.board.update(|state| (state.phase, state.file) = (Phase::Offline, None));
    }

    async fn step(&mut self, rest: Rest) -> std::result::Result<(), Break> {
        self.rest(rest).await?;
        if self.paused {
            self.board.update(|state| (state.phase, state.file) = (Phase::Paused, None));
            self.answer(Err(Trouble::from(&SyncError::Paused)));
            return self.rest(Rest::Command).await;
        }
        self.session().await
    }

    /// Waits for a reason to try (again).
    async fn rest(&mut self, rest: Rest) -> std::result::Result<(), Break> {
        let (until, wakes) = match rest {
            Rest::None => return Ok(()),
            Rest::Command => (None, false),
            Rest::CommandOrWake => (None, true),
            Rest::Until(until) => (Some(until), false),
        };
        loop {
            let timer = sleep_until(until);
            let command = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Break::Stop),
                command = self.inbox.recv() => command,
                () = timer => return Ok(()),
            };
            match command {
                None => return Err(Break::Stop),
                Some(Command::Wake) if !wakes => self.again = true,
                Some(command) => return self.take(command),
            }
            // Whether we can reach anybody or not, the person sees what waits.
            self.recount().await;
        }
    }

    async fn recount(&self) {
        match self.post.call(|mailbox| mailbox.counts()).await {
            Ok(counts) => self.board.counts(&counts),
            Err(error) => tracing::debug!(code = error.code(), "the vault could not be counted"),
        }
    }

    /// Takes one command in; `Err` if it ends what is going on.
    fn take(&mut self, command: Command) -> std::result::Result<(), Break> {
        match command {
            Command::Wake => self.again = true,
            Command::Sync(reply) => {
                self.again = true;
                self.waiting.push(reply);
            }
            Command::Pause if !self.paused => {
                self.paused = true;
                return Err(Break::Redirected);
            }
            Command::Resume if self.paused => {
                self.paused = false;
                return Err(Break::Redirected);
            }
            Command::Pause | Command::Resume => {}
            Command::Retarget(target) => {
                self.target = target;
                self.schedule.succeeded();
                return Err(Break::Redirected);
            }
        }
        Ok(())
    }

    fn failed(&mut self, error: &SyncError) -> Rest {
        let trouble = Trouble::from(error);
        let phase = if error.is_lasting() { Phase::Blocked } else { Phase::Offline };
        let phase = if matches!(error, SyncError::NoRemote) { Phase::Offline } else { phase };
        tracing::info!(code = trouble.code, ?phase, "syncing stopped");
        self.board.update(|state| (state.phase, state.file, state.trouble) = (phase, None, Some(trouble.clone())));
        self.answer(Err(trouble));
        match (error.is_lasting(), error.is_local()) {
            (true, true) => Rest::CommandOrWake,
            (true, false) => Rest::Command,
            (false, _) => Rest::Until(Instant::now() + self.schedule.after_failure()),
        }
    }

    fn answer(&mut self, answer: std::result::Result<Tally, Trouble>) {
        for reply in self.asked.drain(..).chain(self.waiting.drain(..)) {
            // Who asked may have gone away.
            let _ = reply.send(answer.clone());
        }
    }

    /// Does `work` while listening to commands and to the end.
    async fn attend<T>(&mut self, work: impl Future<Output = Result<T>>) -> std::result::Result<T, Break> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Break::Stop),
                command = self.inbox.recv() => self.take(command.ok_or(Break::Stop)?)?,
                done = &mut work => return Ok(done?),
            }
        }
    }

    /// From the first contact until something ends it.
    async fn session(&mut self) -> std::result::Result<(), Break> {
        self.board.phase(Phase::Connecting);
        self.recount().await;
        let line = self.connect().await?;
        let hears = line.remote.clone();
        let mut bell = self.attend(async move { hears.bell().await }).await?;
        let mut moving = Moving::default();
        let (mut checked, mut uneasy) = (Instant::now(), false);
        loop {
            self.asked.append(&mut self.waiting);
            self.again = false;
            let tally = self.attend(line.round()).await?;
            moving.start(&line).await?;
            // What waits may wait for something that was passed unseen.
            uneasy |= tally.waiting > 0;
            let due = uneasy || checked.elapsed() >= self.options.quiet_every;
            if tally == Tally::default() && moving.is_idle() && due {
                self.attend(line.quiet_check()).await?;
                (checked, uneasy) = (Instant::now(), false);
            }
            self.succeeded(&line);
            self.listen(&line, &mut bell, &mut moving, tally).await?;
        }
    }

    async fn connect(&mut self) -> std::result::Result<Arc<Line>, Break> {
        let (target, realm) = (self.target.clone(), self.post.address().realm);
        let remote = match target {
            Target::None => return Err(Break::Failed(SyncError::NoRemote)),
            Target::Ready(remote) => remote,
            Target::Mongo(address) => {
                let remote: Arc<dyn Remote> = Arc::new(self.attend(MongoRemote::connect(&address, Some(realm))).await?);
                remote
            }
        };
        let (board, clock, changed) = (self.board.clone(), self.options.clock.clone(), self.changed.clone());
        let line = Arc::new(Line::with(self.post.clone(), remote, board, clock, changed));
        let greeting = line.clone();
        self.attend(async move { greeting.greet().await }).await?;
        Ok(line)
    }

    fn succeeded(&mut self, line: &Line) {
        self.schedule.succeeded();
        let now = line.local_ms();
        self.board.update(|state| {
            (state.phase, state.trouble, state.last_success_ms) = (Phase::Live, None, Some(now));
        });
    }

    /// All is exchanged: waits for a reason for the next round. Files move meanwhile.
    async fn listen(
        &mut self,
        line: &Line,
        bell: &mut Bell,
        moving: &mut Moving,
        tally: Tally,
    ) -> std::result::Result<(), Break> {
        let pause = if tally.unsettled { self.schedule.breather() } else { self.schedule.poll() };
        let next = Instant::now() + pause;
        loop {
            if moving.is_idle() {
                // Who asked may have gone away.
                self.asked.drain(..).for_each(|reply| drop(reply.send(Ok(tally))));
            }
            if self.again || Instant::now() >= next {
                return Ok(());
            }
            let glance = next.min(Instant::now() + GLANCE);
            let wall = line.local_ms();
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(Break::Stop),
                command = self.inbox.recv() => self.take(command.ok_or(Break::Stop)?)?,
                ring = bell.next() => self.again |= rung(line, ring).await?,
                missed = moving.done() => self.again |= missed?,
                () = tokio::time::sleep_until(glance) => self.again |= line.local_ms() > wall + SLEPT_MS,
            }
        }
    }
}

async fn rung(line: &Line, ring: Option<Result<i64>>) -> Result<bool> {
    // A bell that stops is a connection that broke.
    line.is_news(ring.unwrap_or(Err(SyncError::Interrupted))?).await
}

async fn sleep_until(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// The transfer of files, beside the rounds; canceled with the session.
#[derive(Default)]
struct Moving {
    task: Option<JoinHandle<Result<()>>>,
    missed: bool,
}

impl Moving {
    fn is_idle(&self) -> bool {
        self.task.is_none()
    }

    async fn start(&mut self, line: &Arc<Line>) -> Result<()> {
        let counts = line.count().await?;
        // A running transfer has made its list of what to send already.
        self.missed = self.task.is_some();
        if self.task.is_none() && counts.files_to_send + counts.files_to_fetch > 0 {
            let line = line.clone();
            self.task = Some(tokio::spawn(async move { files::transfer(&line).await }));
        }
        Ok(())
    }

    /// Waits for its end; answers whether files may have been missed.
    async fn done(&mut self) -> Result<bool> {
        let Some(task) = &mut self.task else { return std::future::pending().await };
        let ended = task.await;
        self.task = None;
        ended.unwrap_or(Err(SyncError::Interrupted))?;
        Ok(std::mem::take(&mut self.missed))
    }
}

impl Drop for Moving {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
