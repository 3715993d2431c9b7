//! New keys after a removal, in the background: begun by whoever removed, gone on with after any interruption.

use crate::{Event, Problem, Session, session::off_thread, views::*};
use std::sync::{
    Arc, Weak,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

/// So many scopes get their keys in one transaction: the keyring is written with each.
const AT_ONCE: usize = 20;
/// The name under which the window hears of it.
const TASK: &str = "rotation";

/// How far it has come.
#[derive(Default)]
pub struct Rotation {
    running: AtomicBool,
    done: AtomicU32,
    total: AtomicU32,
    /// Something became due while it ran: it looks once more.
    again: AtomicBool,
}

/// Where it stands.
pub fn state(session: &Arc<Session>, _: Nothing) -> Result<RotationView, Problem> {
    let rotation = &session.rotation;
    let at = |count: &AtomicU32| count.load(Ordering::Relaxed);
    let running = rotation.running.load(Ordering::Relaxed);
    Ok(RotationView { running, done: at(&rotation.done), total: at(&rotation.total) })
}

/// Makes the keys that are due, on a thread of its own. One that runs already looks once more when it is done.
pub fn start(session: &Arc<Session>) {
    let rotation = &session.rotation;
    rotation.again.store(true, Ordering::SeqCst);
    if rotation.running.swap(true, Ordering::SeqCst) {
        return;
    }
    let session = Arc::downgrade(session);
    tokio::spawn(off_thread(move || {
        run(&session);
        Ok(())
    }));
}

/// It holds the session only for one transaction at a time, so that a lock need not wait for it.
fn run(weak: &Weak<Session>) {
    while let Some(session) = weak.upgrade() {
        if !session.rotation.again.swap(false, Ordering::SeqCst) {
            session.rotation.running.store(false, Ordering::SeqCst);
            // Whoever asked between these two lines found it running and went away.
            let asked = session.rotation.again.load(Ordering::SeqCst);
            if asked && !session.rotation.running.swap(true, Ordering::SeqCst) {
                continue;
            }
            return;
        }
        if let Err(problem) = all(weak, session) {
            // What is left stays due: it goes on at the next unlock.
            tracing::warn!(code = problem.code, "making new keys stopped");
        }
        if let Some(session) = weak.upgrade() {
            session.engine.wake();
        }
    }
}

fn all(weak: &Weak<Session>, session: Arc<Session>) -> Result<(), Problem> {
    let due = session.vault.due_renewals(session.clock.now_ms())?;
    let total = u32::try_from(due.len()).unwrap_or(u32::MAX);
    session.rotation.total.store(total, Ordering::Relaxed);
    session.rotation.done.store(0, Ordering::Relaxed);
    drop(session);
    for scopes in due.chunks(AT_ONCE) {
        let Some(session) = weak.upgrade() else { return Ok(()) };
        session.vault.renew_scopes(scopes, session.clock.now_ms())?;
        let some = u32::try_from(scopes.len()).unwrap_or(u32::MAX);
        let done = session.rotation.done.fetch_add(some, Ordering::Relaxed).saturating_add(some);
        session.ring(Event::Progress { task: TASK.to_owned(), done, total });
    }
    Ok(())
}
