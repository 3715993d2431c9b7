//! Settings of this person on this device.

use crate::{
    Problem, Session,
    problem::invalid,
    views::{Nothing, SettingsView},
};
use std::sync::Arc;
use vault::Vault;

const KEY: &str = "settings";
/// A shared computer waits for nobody longer than this.
const SHARED_MINUTES: u32 = 5;

/// The settings, or what they are before anyone changed them.
pub fn get(session: &Arc<Session>, _: Nothing) -> Result<SettingsView, Problem> {
    of(&session.vault)
}

/// The same of a vault whose session has not begun.
pub(crate) fn of(vault: &Vault) -> Result<SettingsView, Problem> {
    let stored = vault.setting(KEY)?;
    Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(|| defaults("en")))
}

/// Keeps the settings.
pub fn set(session: &Arc<Session>, settings: SettingsView) -> Result<SettingsView, Problem> {
    check(&settings)?;
    if settings.shared {
        crate::quick::forget(session.vault.folder())?;
    }
    let text = serde_json::to_string(&settings).map_err(|error| Problem::said("internal", &error))?;
    session.vault.set_setting(KEY, Some(&text))?;
    Ok(settings)
}

/// The settings of a new vault in this language.
pub fn defaults(language: &str) -> SettingsView {
    SettingsView {
        language: if language == "fr" { "fr" } else { "en" }.to_owned(),
        theme: "system".to_owned(),
        text_size: 100,
        // 112 reaches help in every country of the EU and from mobile phones nearly everywhere (ETSI TS 122 101).
        emergency_number: "112".to_owned(),
        single_keys: true,
        lock_minutes: 15,
        shared: false,
    }
}

fn check(settings: &SettingsView) -> Result<(), Problem> {
    if !matches!(settings.language.as_str(), "en" | "fr") {
        return Err(invalid("language"));
    }
    if !matches!(settings.theme.as_str(), "light" | "dark" | "system") {
        return Err(invalid("theme"));
    }
    if !(90..=150).contains(&settings.text_size) {
        return Err(invalid("text_size"));
    }
    let number = &settings.emergency_number;
    if !(2..=15).contains(&number.len()) || !number.chars().all(|c| c.is_ascii_digit() || c == '+') {
        return Err(invalid("emergency_number"));
    }
    let longest = if settings.shared { SHARED_MINUTES } else { 720 };
    if !(1..=longest).contains(&settings.lock_minutes) {
        return Err(invalid("lock_minutes"));
    }
    Ok(())
}
