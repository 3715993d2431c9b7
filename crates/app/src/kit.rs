//! The recovery kit: the way back in with it, and whether the sheet in hand is the right one.

use crate::{
    App, Problem, Session,
    lock::{check_passphrase, enter},
    session::off_thread,
    sessions,
    summary::notify,
    views::*,
};
use model::NotificationType;
use std::sync::Arc;
use vault::Vault;

/// When the kit was last asked back, as a stored time.
const CHECKED: &str = "kit.checked";

/// Opens a vault with its kit, behind another passphrase. All devices of the person hear of it.
pub async fn recover(app: &Arc<App>, ask: Recover) -> Result<MeView, Problem> {
    check_passphrase(&ask.passphrase, &[])?;
    let me = enter(app, ask.profile, move |app, folder, now| {
        let vault = Vault::recover(folder, &ask.kit, &ask.passphrase, now, &app.safe(folder))?;
        sessions::heed(&vault)?;
        Ok(vault)
    })
    .await?;
    was_used(&app.session()?).await?;
    Ok(me)
}

/// All devices of the person hear of it; and the sheet is known to be at hand. It stands in for a code of the second factor, so that
/// whoever lost the app can turn that off.
pub(crate) async fn was_used(session: &Arc<Session>) -> Result<(), Problem> {
    session.proof.add_code();
    let session = session.clone();
    off_thread(move || {
        note_checked(&session)?;
        session.write(|w| notify(w, &session, NotificationType::AccountSecurity, None, "kit-used"))
    })
    .await
}

/// Is this the kit of the open vault?
pub fn check(session: &Arc<Session>, ask: CheckKit) -> Result<SecurityView, Problem> {
    session.vault.check_kit(&ask.kit)?;
    note_checked(session)?;
    crate::security::view(session, Nothing {})
}

/// The kit was shown and asked back, or used: it is known to be in somebody's hands.
pub fn confirmed(session: &Arc<Session>, _: Nothing) -> Result<Nothing, Problem> {
    note_checked(session)?;
    Ok(Nothing {})
}

fn note_checked(session: &Session) -> Result<(), Problem> {
    let now = serde_json::to_string(&session.now()).map_err(|error| Problem::said("internal", &error))?;
    Ok(session.vault.set_setting(CHECKED, Some(&now))?)
}

/// When it was last in hand.
pub(crate) fn checked_at(session: &Session) -> Result<Option<model::Time>, Problem> {
    Ok(session.vault.setting(CHECKED)?.and_then(|text| serde_json::from_str(&text).ok()))
}
