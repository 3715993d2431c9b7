//! Proving again who is at the keyboard, before what matters most: whoever found the window open cannot do it (OWASP ASVS 5.0,
//! V7.5.1).
//!
//! Which requests ask for it is written at their line in [`crate::requests`]. With a second factor, its code is asked for once after
//! unlocking, and with the passphrase whenever that is asked for. An account elsewhere ([`crate::oidc`]) stands in for the code, never for
//! the passphrase.

use crate::{
    Clock, Problem, Session,
    attempts::{attempt, attempt_code},
    factor,
    views::{Nothing, StepUp},
};
use std::sync::{Arc, Mutex, PoisonError};

/// How long a proof is good for, in milliseconds.
const GOOD_FOR_MS: u64 = 10 * 60 * 1000;

/// When this person last proved who they are; in memory only.
pub struct Proof(Mutex<Proven>);

#[derive(Clone, Copy)]
struct Proven {
    /// In milliseconds since 1970.
    at_ms: u64,
    /// The same moment on the steady clock.
    steady_ms: u64,
    /// Was a code of the second factor given too?
    with_code: bool,
}

impl Proven {
    fn now(clock: &dyn Clock, with_code: bool) -> Self {
        Proven { at_ms: clock.now_ms(), steady_ms: clock.steady_ms(), with_code }
    }

    /// A clock that was set back, and back again, makes no old proof fresh: the one that nobody sets must agree.
    fn is_fresh(self, clock: &dyn Clock) -> bool {
        let age = clock.now_ms().checked_sub(self.at_ms);
        let lasted = clock.steady_ms().checked_sub(self.steady_ms);
        [age, lasted].into_iter().all(|ms| ms.is_some_and(|ms| ms <= GOOD_FOR_MS))
    }
}

impl Proof {
    /// The passphrase was just given: at unlock, or when the vault was made.
    pub fn by_passphrase(clock: &dyn Clock) -> Self {
        Proof(Mutex::new(Proven::now(clock, false)))
    }

    /// The vault was opened by something less than the passphrase.
    pub fn forget(&self) {
        *self.lock() = Proven { at_ms: 0, steady_ms: 0, with_code: false };
    }

    /// A code was just given, for instance the first one of a new app, or the kit, which is worth more.
    pub fn add_code(&self) {
        self.lock().with_code = true;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Proven> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Passes when the last proof is fresh and whole.
///
/// # Errors
/// `step_up_needed`, with what to ask for as its detail: `passphrase` or `passphrase+code`.
pub fn need(session: &Session) -> Result<(), Problem> {
    let factor = factor::is_on(session)?;
    let proven = *session.proof.lock();
    if proven.is_fresh(&*session.clock) && (proven.with_code || !factor) {
        return Ok(());
    }
    let ask = if factor { "passphrase+code" } else { "passphrase" };
    Err(Problem::new("step_up_needed", ask.to_owned()))
}

/// Takes the proof: the passphrase, and a code where the second factor is on. Wrong ones slow down, each kind by its own count, or
/// a known passphrase would give as many tries at the code as one likes.
pub fn prove(session: &Arc<Session>, ask: StepUp) -> Result<Nothing, Problem> {
    // Held throughout: attempts are counted one after the other.
    let mut proven = session.proof.lock();
    let (folder, now) = (session.vault.folder(), session.clock.now_ms());
    let factor = factor::is_on(session)?;
    let code = ask.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    if factor && code.is_none() && ask.outside.is_none() {
        return Err(Problem::new("code_needed", None));
    }
    attempt(folder, now, || session.vault.check_passphrase(&ask.passphrase))?;
    match (code, ask.outside) {
        _ if !factor => {}
        (Some(code), _) => attempt_code(folder, now, || factor::spend(session, code))?,
        (None, Some(visit)) => session.outside.spend(visit, now)?,
        (None, None) => return Err(Problem::new("code_needed", None)),
    }
    *proven = Proven::now(&*session.clock, factor);
    Ok(Nothing {})
}
