//! What protects a person's record, and changing it.

use crate::{Problem, Session, attempts::attempt, disk, kit, lock::check_passphrase, names, settings, views::*};
use model::{DeviceTag, Time};
use std::sync::Arc;
use uuid::Uuid;
use vault::Vault;

/// Nothing has come from any other device for a week.
const SILENT: &str = "silent";

/// What protects this record now, and the ways back into it.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<SecurityView, Problem> {
    let (vault, this) = (&session.vault, session.device()?);
    let own = |device: &vault::Device| device.user == session.me.user && device.device != this;
    let pin = Vault::quick_stands(vault.folder(), "", 0)?.is_some();
    let settings = settings::get(session, Nothing {})?;
    Ok(SecurityView {
        secret_in_a_file: session.safe.lies_in_a_file()?,
        keychain: session.safe.keychain().is_some(),
        pin,
        awaits_new_key: Vault::awaits_new_key(vault.folder())?,
        shared: settings.shared,
        kit_checked_at: kit::checked_at(session)?,
        other_devices: u32::try_from(vault.devices()?.iter().filter(|device| own(device)).count()).unwrap_or(u32::MAX),
        lock_minutes: settings.lock_minutes,
        disk: disk::shelter(vault.folder()),
        fingerprint: vault.fingerprint()?,
    })
}

/// Chooses another passphrase. The old one is tried like one at unlock: whoever found the window open may not guess at it.
pub fn change_passphrase(session: &Arc<Session>, ask: ChangePassphrase) -> Result<Nothing, Problem> {
    let name = names::of_user(session, session.me.user).unwrap_or_default();
    check_passphrase(&ask.new, &[&name])?;
    let now = session.clock.now_ms();
    attempt(session.vault.folder(), now, || session.vault.change_passphrase(&ask.old, &ask.new, now))?;
    session.engine.wake();
    Ok(Nothing {})
}

/// Moves the device's part of the key from the file beside the vault into the system's keychain.
pub fn use_keychain(session: &Arc<Session>, _: Nothing) -> Result<SecurityView, Problem> {
    if session.safe.keychain().is_none() {
        return Err(Problem::new("no_keychain", None));
    }
    session.vault.keep_account_secret(&session.safe)?;
    match session.safe.lies_in_a_file()? {
        true => Err(Problem::new("keychain_silent", None)),
        false => view(session, Nothing {}),
    }
}

/// Lets the next unlock give the database on this computer a new key.
pub fn wish_new_key(session: &Arc<Session>, _: Nothing) -> Result<SecurityView, Problem> {
    session.vault.wish_new_key()?;
    view(session, Nothing {})
}

/// What was found about journals, devices and keys, newest first; last, and of less weight, that nothing comes from other devices.
pub fn alarms(session: &Arc<Session>, _: Nothing) -> Result<Vec<AlarmView>, Problem> {
    let view = |alert: vault::Alert| AlarmView {
        owner: owner_of(session, alert.device),
        code: alert.code,
        at: Time::from_unsigned_ms(alert.at_ms),
        calm: false,
    };
    let silent = |since_ms: u64| AlarmView {
        owner: None,
        code: SILENT.to_owned(),
        at: Time::from_unsigned_ms(since_ms),
        calm: true,
    };
    let silence = session.vault.silent_since_ms(session.clock.now_ms())?.map(silent);
    Ok(session.vault.alerts()?.into_iter().map(view).chain(silence).collect())
}

fn owner_of(session: &Session, device: Uuid) -> Option<String> {
    let owner = session.vault.device_owner(DeviceTag::of(device)).ok().flatten()?;
    names::of_user(session, owner)
}
