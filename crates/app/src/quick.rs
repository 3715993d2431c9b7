//! Quick unlock by PIN, for a working day on a computer whose keychain keeps the other half.

use crate::{
    App, Problem, Session,
    attempts::{Attempts, attempt},
    keychain::Keychain,
    lock::enter,
    sessions,
    views::*,
};
use std::{path::Path, sync::Arc};
use vault::Vault;

/// After so many wrong entries in a row there is no PIN any more.
const PIN_TRIES: u32 = 10;

/// Opens a vault with its PIN.
pub async fn unlock(app: &Arc<App>, ask: UnlockQuick) -> Result<MeView, Problem> {
    let me = enter(app, ask.profile, move |app, folder, now| {
        let opened = attempt(folder, now, || Vault::open_quick(folder, &ask.pin, &Keychain, &boot(), now));
        sessions::refuse_ended(opened.map_err(|problem| after_wrong(folder, problem))?, app.clock().now())
    })
    .await?;
    // Six digits are not enough for what asks for a proof.
    app.session()?.proof.forget();
    Ok(me)
}

/// A wrong PIN has its own words, and ends the PIN when it was one too many.
fn after_wrong(folder: &Path, problem: Problem) -> Problem {
    let wrong = matches!(problem.code.as_str(), "wrong_passphrase" | "too_many_attempts");
    if !wrong {
        return problem;
    }
    if Attempts::read(folder).wrong() >= PIN_TRIES {
        return match Vault::remove_quick(folder, &Keychain) {
            Ok(()) | Err(vault::Error::Keychain(_)) => Problem::new("pin_ended", None),
            Err(error) => error.into(),
        };
    }
    match problem.code.as_str() {
        "wrong_passphrase" => Problem::new("wrong_pin", None),
        _ => problem,
    }
}

/// Sets the PIN of the open vault.
pub fn set(session: &Arc<Session>, ask: SetPin) -> Result<SecurityView, Problem> {
    if crate::settings::get(session, Nothing {})?.shared {
        return Err(Problem::new("pin_on_shared", None));
    }
    let keychain = session.safe.keychain().ok_or_else(|| Problem::new("no_keychain", None))?;
    session.vault.set_quick(&ask.pin, &keychain, &boot(), session.clock.now_ms()).map_err(|error| match error {
        vault::Error::WeakPassphrase(_) => Problem::new("weak_pin", None),
        other => other.into(),
    })?;
    crate::security::view(session, Nothing {})
}

/// Takes the PIN away.
pub fn remove(session: &Arc<Session>, _: Nothing) -> Result<SecurityView, Problem> {
    Vault::remove_quick(session.vault.folder(), &Keychain)?;
    crate::security::view(session, Nothing {})
}

/// There is no PIN any more, if there was one. A keychain that does not answer keeps a key that opens nothing by itself.
pub(crate) fn forget(folder: &Path) -> Result<(), Problem> {
    if Vault::quick_stands(folder, "", 0)?.is_none() {
        return Ok(());
    }
    match Vault::remove_quick(folder, &Keychain) {
        Err(error @ vault::Error::Keychain(_)) => {
            tracing::warn!(%error, "the key of the PIN stays in the keychain");
            Ok(())
        }
        other => Ok(other?),
    }
}

/// May a PIN open the vault in this folder now? A folder that does not read shows its own problem.
pub(crate) fn may_be_used(app: &App, folder: &Path, now_ms: u64) -> bool {
    let has_keychain = app.safe(folder).may_use_keychain();
    has_keychain && matches!(Vault::quick_stands(folder, &boot(), now_ms), Ok(Some(true)))
}

/// The passphrase was given: a PIN that is set holds for another working day.
pub(crate) fn lengthen(folder: &Path, now_ms: u64) -> Result<(), Problem> {
    Ok(Vault::lengthen_quick(folder, &boot(), now_ms)?)
}

/// Names the start of this computer, so that a PIN ends with it. Empty where the system has no such name: there a PIN ends by
/// its time alone.
fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|id| id.trim().to_owned()).unwrap_or_default()
}
