//! A look through this device: the vault, its files, what waits, the remote, both sides, the clock and the backups. What is safe to
//! mend is mended; the rest is named, with what to do.

use crate::{
    App, Problem, Session, backups, hundredths::Hundredths, session::off_thread, soundness, syncing, views::*,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use vault::Examination;

/// The name under which the window hears of it.
const TASK: &str = "doctor";
/// A backup that is older is worth a word.
const BACKUP_OLD_MS: i64 = 14 * 86_400_000;

/// The look that may be under way.
#[derive(Default)]
pub struct Looking {
    stop: AtomicBool,
}

impl Looking {
    /// Ends it at the next file.
    pub(crate) fn end(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Looks through everything.
pub async fn look(app: &Arc<App>, session: &Arc<Session>, _: Nothing) -> Result<ExaminationView, Problem> {
    session.looking.stop.store(false, Ordering::Relaxed);
    let mut findings = vec![of_record(soundness::check(session).await)?];
    let this = session.clone();
    let examined = off_thread(move || examine(&this)).await?;
    session.engine.wake();
    findings.extend(of_files(&examined));
    findings.extend(of_remote(app, session).await?);
    findings.push(of_clock(&syncing::state(app, session, Nothing {}).await?));
    findings.push(of_backups(session)?);
    let sound = findings.iter().all(|one| one.verdict != Verdict::Wrong);
    Ok(ExaminationView { findings, sound })
}

/// Ends the look that is under way.
pub fn stop(session: &Arc<Session>, _: Nothing) -> Result<Nothing, Problem> {
    session.looking.end();
    Ok(Nothing {})
}

fn examine(session: &Session) -> Result<Examination, Problem> {
    let mut steps = Hundredths::new(TASK, 1, &session.looking.stop, |event| session.ring(event));
    Ok(session.vault.examine(session.clock.now_ms(), &mut |done, total| steps.at(0, done, total))?)
}

fn finding(code: &str, verdict: Verdict, count: u64) -> Finding {
    Finding { code: code.to_owned(), verdict, count: u32::try_from(count).unwrap_or(u32::MAX), problem: None }
}

fn of_record(checked: Result<(), Problem>) -> Result<Finding, Problem> {
    match checked {
        Ok(()) => Ok(finding("record_good", Verdict::Good, 0)),
        Err(problem) if problem.code == soundness::FAILED => {
            Ok(Finding { problem: Some(problem.code), ..finding("record_damaged", Verdict::Wrong, 0) })
        }
        Err(problem) => Err(problem),
    }
}

fn of_files(examined: &Examination) -> Vec<Finding> {
    let mut findings = vec![finding("files_good", Verdict::Good, examined.files_good)];
    let counted = [
        ("files_fetched_again", Verdict::Mended, examined.files_fetched_again),
        ("files_left_over", Verdict::Mended, examined.files_left_over),
        ("files_lost", Verdict::Wrong, examined.files_lost.len() as u64),
        ("waiting", Verdict::Note, examined.waiting),
        ("set_aside", Verdict::Wrong, examined.set_aside),
    ];
    let met = counted.into_iter().filter(|(_, _, count)| *count > 0);
    findings.extend(met.map(|(code, verdict, count)| finding(code, verdict, count)));
    findings
}

/// Being offline is a state, not a fault.
async fn of_remote(app: &Arc<App>, session: &Arc<Session>) -> Result<Vec<Finding>, Problem> {
    let noted =
        |code: &str, verdict: Verdict, problem: Option<String>| Finding { problem, ..finding(code, verdict, 0) };
    match syncing::now(app, session, Nothing {}).await {
        Ok(_) => {}
        Err(problem) if problem.code == "no_remote" => return Ok(vec![finding("no_remote", Verdict::Note, 0)]),
        Err(problem) => {
            let blocked = syncing::state(app, session, Nothing {}).await?.phase == SyncPhase::Blocked;
            let verdict = if blocked { Verdict::Wrong } else { Verdict::Note };
            return Ok(vec![noted("remote_silent", verdict, Some(problem.code))]);
        }
    }
    let compared = match syncing::verify(app, session, Nothing {}).await {
        Ok(report) if report.same => {
            finding("sides_same", Verdict::Good, report.rows.iter().map(|row| u64::from(row.equal)).sum())
        }
        Ok(report) => {
            let differing = report.rows.iter().map(|row| u64::from(row.only_here + row.only_there + row.different));
            // What others wrote this moment differs too: it is named, and looked at again by itself.
            finding("sides_differ", Verdict::Note, differing.sum())
        }
        Err(problem) => noted("not_compared", Verdict::Note, Some(problem.code)),
    };
    Ok(vec![finding("remote_good", Verdict::Good, 0), compared])
}

fn of_clock(state: &SyncView) -> Finding {
    let off = state.clock_off_ms.unwrap_or(0.0).abs() > sync::CLOCK_BOUND_MS as f64;
    match (state.clock_off_ms, off) {
        (None, _) => finding("clock_unknown", Verdict::Note, 0),
        (Some(_), false) => finding("clock_good", Verdict::Good, 0),
        (Some(_), true) => finding("clock_off", Verdict::Wrong, 0),
    }
}

fn of_backups(session: &Arc<Session>) -> Result<Finding, Problem> {
    let view = backups::view(session, Nothing {})?;
    Ok(match (view.last, view.trouble) {
        (_, Some(trouble)) => Finding { problem: Some(trouble.code), ..finding("backup_failed", Verdict::Wrong, 0) },
        (None, None) => finding("no_backup", Verdict::Note, 0),
        (Some(last), None) if session.now().ms() - last.made_at.ms() > BACKUP_OLD_MS => {
            finding("backup_old", Verdict::Note, 0)
        }
        (Some(_), None) => finding("backup_good", Verdict::Good, 0),
    })
}
