//! Backups by hand and by themselves, and the way back from one.
//!
//! A backup counts as made when it was opened in a scratch place and counted; that moment is the "last verified restore".

use crate::{
    App, Problem, Session,
    hundredths::Hundredths,
    problem::{invalid, not_found},
    session::off_thread,
    views::*,
};
use model::Time;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use vault::backup::{self, Backup};

const PLAN: &str = "backups.plan";
const LAST: &str = "backups.last";
const TROUBLE: &str = "backups.trouble";
/// So many stay unless a person says otherwise.
const KEEP: u32 = 7;
const MOST: u32 = 60;
const DAY_MS: i64 = 86_400_000;
/// After a failure it is tried again so much later: a disk that was unplugged may be back.
const AGAIN_MS: i64 = 3_600_000;
/// How often the clock is looked at.
const GLANCE: Duration = Duration::from_secs(60);
/// The names under which the window hears of the two.
const MAKING: &str = "backup";
const RESTORING: &str = "restore";

/// The one backup that may be under way.
#[derive(Default)]
pub struct Backups {
    /// Held while one is made.
    gate: Arc<tokio::sync::Mutex<()>>,
    stop: AtomicBool,
}

impl Backups {
    /// Ends the one that is under way, and waits until it has let go of the vault.
    pub(crate) async fn end(&self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(self.gate.lock().await);
    }

    fn is_running(&self) -> bool {
        self.gate.try_lock().is_err()
    }
}

/// The plan, the last good one, and what went wrong since.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<BackupsView, Problem> {
    Ok(BackupsView {
        plan: plan(session)?,
        last: kept(session, LAST)?,
        trouble: kept(session, TROUBLE)?,
        running: session.backups.is_running(),
        places: places(),
    })
}

fn plan(session: &Session) -> Result<BackupPlan, Problem> {
    let none = BackupPlan { folder: None, rhythm: BackupRhythm::ByHand, keep: KEEP };
    Ok(kept(session, PLAN)?.unwrap_or(none))
}

/// What a newer program wrote here in another form is as good as nothing.
fn kept<T: DeserializeOwned>(session: &Session, key: &str) -> Result<Option<T>, Problem> {
    Ok(session.vault.setting(key)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn keep<T: Serialize>(session: &Session, key: &str, value: Option<&T>) -> Result<(), Problem> {
    let text = value.map(serde_json::to_string).transpose().map_err(|error| Problem::said("internal", &error))?;
    Ok(session.vault.set_setting(key, text.as_deref())?)
}

/// Chooses where, how often, and how many stay.
pub fn set(session: &Arc<Session>, ask: BackupPlan) -> Result<BackupsView, Problem> {
    if !(1..=MOST).contains(&ask.keep) {
        return Err(invalid("keep"));
    }
    let folder = ask.folder.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if folder.is_none() && ask.rhythm != BackupRhythm::ByHand {
        return Err(Problem::new("no_backup_folder", None));
    }
    let folder = folder.map(|text| usable(session.vault.folder(), text)).transpose()?;
    let folder = folder.map(|path| path.to_string_lossy().into_owned());
    keep(session, PLAN, Some(&BackupPlan { folder, ..ask }))?;
    keep::<BackupTrouble>(session, TROUBLE, None)?;
    view(session, Nothing {})
}

/// A folder that is there, and is not the vault's own: what destroys one must not destroy both.
fn usable(vault: &Path, text: &str) -> Result<PathBuf, Problem> {
    let path = whole(text)?;
    let own = vault.parent().unwrap_or(vault).canonicalize().unwrap_or_else(|_| vault.to_owned());
    if path.starts_with(own) {
        return Err(Problem::new("backup_beside_vault", None));
    }
    Ok(path)
}

fn whole(text: &str) -> Result<PathBuf, Problem> {
    let path = Path::new(text.trim());
    let there = path.is_absolute().then(|| path.canonicalize().ok()).flatten().filter(|path| path.is_dir());
    there.ok_or_else(|| Problem::new("folder_not_found", None))
}

/// Makes one now, in the folder of the plan or in another, and looks through it.
pub async fn make(_: &Arc<App>, session: &Arc<Session>, ask: MakeBackup) -> Result<BackupsView, Problem> {
    let this = session.clone();
    off_thread(move || {
        make_here(&this, ask.folder.as_deref())?;
        view(&this, Nothing {})
    })
    .await
}

/// Stops the one that is being made. Nothing of it counts.
pub fn stop(session: &Arc<Session>, _: Nothing) -> Result<Nothing, Problem> {
    session.backups.stop.store(true, Ordering::SeqCst);
    Ok(Nothing {})
}

fn make_here(session: &Session, elsewhere: Option<&str>) -> Result<(), Problem> {
    let plan = plan(session)?;
    let folder = elsewhere.or(plan.folder.as_deref()).ok_or_else(|| Problem::new("no_backup_folder", None))?;
    let gate = session.backups.gate.clone();
    let _one_at_a_time = gate.try_lock().map_err(|_| Problem::new("backup_under_way", None).passing())?;
    session.backups.stop.store(false, Ordering::SeqCst);
    let outcome = usable(session.vault.folder(), folder).and_then(|folder| make_in(session, &folder, plan.keep));
    match &outcome {
        Ok(done) => {
            keep(session, LAST, Some(done))?;
            keep::<BackupTrouble>(session, TROUBLE, None)?;
        }
        Err(problem) => {
            tracing::warn!(code = problem.code, "no backup was made");
            let trouble = BackupTrouble { code: problem.code.clone(), at: session.now() };
            // The vault may be closed by now: then there is nobody to tell.
            keep(session, TROUBLE, Some(&trouble))?;
        }
    }
    outcome.map(drop)
}

fn make_in(session: &Session, folder: &Path, number: u32) -> Result<BackupDone, Problem> {
    let mut steps = Hundredths::new(MAKING, 2, &session.backups.stop, |event| session.ring(event));
    let backup = session.vault.back_up(folder, session.clock.now_ms(), &mut |done, total| steps.at(0, done, total));
    let backup = backup.map_err(of_disk)?;
    let verified = session.vault.verify_backup(&backup, &mut |done, total| steps.at(1, done, total));
    verified.map_err(|error| match error {
        vault::Error::Damaged(what) => Problem::new("backup_damaged", what),
        other => of_disk(other),
    })?;
    backup::keep_newest(&backup, number as usize).map_err(of_disk)?;
    let Backup { folder, card } = backup;
    Ok(BackupDone {
        made_at: Time::from_unsigned_ms(card.made_ms),
        verified_at: session.now(),
        folder: folder.to_string_lossy().into_owned(),
        documents: card.documents as f64,
        files: card.files as f64,
        bytes: card.bytes as f64,
    })
}

/// What the other disk refuses is not what the folder of the records does.
fn of_disk(error: vault::Error) -> Problem {
    match error {
        vault::Error::ReadOnlyFolder | vault::Error::Io(_) => Problem::said("backup_disk_failed", &error),
        other => other.into(),
    }
}

/// Makes one whenever the plan says so, until the session is over.
pub(crate) async fn watch(app: Weak<App>, session: Weak<Session>) {
    loop {
        tokio::time::sleep(GLANCE).await;
        let (Some(app), Some(session)) = (app.upgrade(), session.upgrade()) else { return };
        if !app.is_open(&session) {
            return;
        }
        drop(app);
        let made = off_thread(move || if is_due(&session)? { make_here(&session, None) } else { Ok(()) });
        // What went wrong was kept for the page, and is tried again.
        drop(made.await);
    }
}

/// Is it time for the next one?
pub fn is_due(session: &Session) -> Result<bool, Problem> {
    let every = match plan(session)?.rhythm {
        BackupRhythm::ByHand => return Ok(false),
        BackupRhythm::Daily => DAY_MS,
        BackupRhythm::Weekly => 7 * DAY_MS,
    };
    let now = session.now().ms();
    let long_ago = |at: Option<i64>, wait: i64| at.is_none_or(|at| now - at >= wait || at > now);
    let last = kept::<BackupDone>(session, LAST)?.map(|one| one.made_at.ms());
    let trouble = kept::<BackupTrouble>(session, TROUBLE)?.map(|one| one.at.ms());
    Ok(long_ago(last, every) && long_ago(trouble, AGAIN_MS))
}

/// Where desktops put disks that can be unplugged: Linux, older Linux, macOS. A disk of the network that does not answer is not asked.
const MOUNTS: [&str; 3] = ["/run/media", "/media", "/Volumes"];
/// More are not offered.
const PLACES: usize = 8;

/// The disks that can be unplugged and are there now.
fn places() -> Vec<String> {
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
    };
    let first = MOUNTS.iter().flat_map(|mount| folders(Path::new(mount)));
    let own = std::env::var("USER").unwrap_or_default();
    // Some systems have a folder for each user in between.
    let all = first.flat_map(|path| if path.ends_with(&own) { folders(&path) } else { vec![path] });
    all.take(PLACES).map(|path| path.to_string_lossy().into_owned()).collect()
}

/// The backups in a folder.
pub async fn look(_: &Arc<App>, ask: InFolder) -> Result<Vec<BackupFound>, Problem> {
    off_thread(move || Ok(found_in(&ask.folder)?.into_iter().map(found_view).collect())).await
}

fn found_in(folder: &str) -> Result<Vec<Backup>, Problem> {
    backup::find(&whole(folder)?).map_err(of_disk)
}

fn found_view(backup: Backup) -> BackupFound {
    BackupFound {
        initials: backup.initials(),
        made_at: Time::from_unsigned_ms(backup.card.made_ms),
        documents: backup.card.documents as f64,
        files: backup.card.files as f64,
        bytes: backup.card.bytes as f64,
        folder: backup.folder.to_string_lossy().into_owned(),
    }
}

/// Makes a vault of the newest backup in a folder; it is unlocked like any other then. Answers with its name among the profiles.
pub async fn restore(app: &Arc<App>, ask: InFolder) -> Result<ByName, Problem> {
    let this = app.clone();
    off_thread(move || {
        let backup = found_in(&ask.folder)?.into_iter().next().ok_or_else(not_found)?;
        let stop = this.restoring();
        stop.store(false, Ordering::SeqCst);
        let mut steps = Hundredths::new(RESTORING, 1, stop, |event| this.ring(event));
        let safe = |folder: &Path| -> Box<dyn vault::Safe> { Box::new(this.safe(folder)) };
        let home = backup::restore(this.root(), &backup, &safe, &mut |done, total| steps.at(0, done, total))?;
        let name = home.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(ByName { name })
    })
    .await
}

/// Stops a restore that is under way: nothing of it stays.
pub async fn stop_restore(app: &Arc<App>, _: Nothing) -> Result<Nothing, Problem> {
    app.restoring().store(true, Ordering::SeqCst);
    Ok(Nothing {})
}
