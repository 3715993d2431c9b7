//! The second factor: codes of an authenticator app, and ten codes on paper for when it is lost.
//!
//! These are checks by an honest program. They stop somebody who watched a passphrase being typed, not a thief who runs a program of
//! their own: nothing is encrypted with them, and the screen must not claim more.

use crate::{Problem, Session, attempts::attempt_code, names, problem::not_found, session::fields, settings, views::*};
use crypto::{
    Zeroizing,
    backup_code::{self, Set},
    totp::{DIGITS, Totp},
};
use model::{BackupCode, Map, Time, TwoFactor, User};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use vault::Vault;

/// A secret that no app has proved to hold yet: in memory only, and wiped when it goes.
#[derive(Default)]
pub struct Setup(Mutex<Option<Zeroizing<String>>>);

impl Setup {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Zeroizing<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Is a second factor asked for? The person's own sealed entry counts; what the directory says is for others to see.
pub fn is_on(session: &Session) -> Result<bool, Problem> {
    Ok(active(session)?.is_some())
}

fn active(session: &Session) -> Result<Option<TwoFactor>, Problem> {
    active_in(&session.vault)
}

fn active_in(vault: &Vault) -> Result<Option<TwoFactor>, Problem> {
    let row = vault.get::<TwoFactor>(vault.me()?.user)?;
    Ok(row.map(|row| row.value).filter(|factor| !factor.secret.is_empty()))
}

/// On or off, since when, and how many codes on paper are left.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<FactorView, Problem> {
    let factor = active(session)?;
    let left = factor.iter().flat_map(|factor| &factor.backup_codes).filter(|code| code.used_at.is_none()).count();
    Ok(FactorView {
        on: factor.is_some(),
        since: factor.and_then(|factor| factor.enabled_at),
        backup_codes_left: u32::try_from(left).unwrap_or(u32::MAX),
    })
}

/// Draws a secret for an app to take over. Nothing is kept in the record until a code proves that it did.
pub fn begin(session: &Arc<Session>, _: Nothing) -> Result<FactorSetup, Problem> {
    let totp = Totp::make()?;
    let name = names::of_user(session, session.me.user).filter(|name| !name.is_empty());
    let account = name.unwrap_or_else(|| session.me.user.to_string());
    let address = totp.address(&account)?;
    let secret = totp.base32();
    let view = FactorSetup { qr: share::qr::svg(&address)?, address: address.to_string(), secret: in_fours(&secret) };
    *session.setup.lock() = Some(secret);
    Ok(view)
}

fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Turns the factor on, or moves it to another app, once a code shows that the app has the secret. Gives the codes on paper, once.
pub fn confirm(session: &Arc<Session>, ask: FactorConfirm) -> Result<BackupCodes, Problem> {
    let secret = session.setup.lock().clone().ok_or_else(not_found)?;
    let (totp, now) = (Totp::from_base32(&secret)?, session.clock.now_ms());
    let step = number(totp.step_of(&digits(&ask.code), now / 1000).ok_or_else(wrong_code)?)?;
    let set = Set::make()?;
    // Of this secret no code was taken yet; those of the one before may have gone further, and the number only rises.
    let last = last_step(session)?.map_or(step, |last| last.max(step));
    let changes = fields(json!({
        "user_id": session.me.user, "secret": *secret, "enabled_at": session.now(), "last_step": last,
        "backup_codes": entries(session, &set)?,
    }));
    write(session, &changes, Some(true))?;
    *session.setup.lock() = None;
    session.proof.add_code();
    Ok(codes_view(&set))
}

/// Gives ten new codes on paper; those of before are void.
pub fn new_backup_codes(session: &Arc<Session>, _: Nothing) -> Result<BackupCodes, Problem> {
    active(session)?.ok_or_else(not_found)?;
    let set = Set::make()?;
    write(session, &fields(json!({ "backup_codes": entries(session, &set)? })), None)?;
    Ok(codes_view(&set))
}

/// Turns the factor off. The highest accepted step stays: a code that was used is never good again.
pub fn off(session: &Arc<Session>, _: Nothing) -> Result<FactorView, Problem> {
    active(session)?.ok_or_else(not_found)?;
    let mut changes = fields(json!({ "secret": "", "backup_codes": [] }));
    changes.insert("enabled_at".to_owned(), Value::Null);
    write(session, &changes, Some(false))?;
    view(session, Nothing {})
}

/// Takes a code of the app or from paper, each at most once.
///
/// # Errors
/// `wrong_code`; `code_was_used` for one of the app that was accepted before, or is older than one that was.
pub fn spend(session: &Session, typed: &str) -> Result<(), Problem> {
    write(session, &spent(&session.vault, typed, session.clock.now())?, None)
}

/// On a shared computer the code is asked for with the passphrase, of whoever has a second factor. The vault is open by then: this is
/// the program's own check, which holds up somebody who watched the passphrase, and nobody who runs another program.
///
/// # Errors
/// `code_needed`; as [`spend`]; `too_many_codes`.
pub(crate) fn at_unlock(vault: &Vault, code: Option<&str>, now_ms: u64) -> Result<(), Problem> {
    if !settings::of(vault)?.shared || active_in(vault)?.is_none() {
        return Ok(());
    }
    let code = code.map(str::trim).filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| Problem::new("code_needed", None))?;
    let now = Time::from_unsigned_ms(now_ms);
    attempt_code(vault.folder(), now_ms, || {
        let changes = spent(vault, code, now)?;
        let user = vault.me()?.user;
        match vault.write(now_ms, |w| w.put::<TwoFactor>(user, user, &changes)) {
            // A record that is read only can be read; that the code was used cannot be written down.
            Ok(_) | Err(vault::Error::CheckFailed) => Ok(()),
            Err(error) => Err(Problem::from(error)),
        }
    })
}

/// Is the code right, and what is to be written down so that it is never good again?
fn spent(vault: &Vault, typed: &str, now: Time) -> Result<Map, Problem> {
    let factor = active_in(vault)?.ok_or_else(wrong_code)?;
    if backup_code::looks_like_one(typed) {
        return spent_backup_code(factor, typed, now);
    }
    let totp = Totp::from_base32(&factor.secret)?;
    let seconds = u64::try_from(now.ms() / 1000).unwrap_or_default();
    let step = number(totp.step_of(&digits(typed), seconds).ok_or_else(wrong_code)?)?;
    // It must be higher than any before, whichever device took that.
    match factor.last_step.is_some_and(|last| step <= last) {
        true => Err(Problem::new("code_was_used", None)),
        false => Ok(fields(json!({ "last_step": step }))),
    }
}

fn spent_backup_code(factor: TwoFactor, typed: &str, now: Time) -> Result<Map, Problem> {
    let mut codes = factor.backup_codes;
    let hashes: Vec<&str> = codes.iter().map(|code| code.hash.as_str()).collect();
    let at = backup_code::find(&hashes, typed)?.ok_or_else(wrong_code)?;
    // A used code stays in the list with its time, so that it is used on every device that hears of it.
    match codes[at].used_at.replace(now) {
        None => Ok(fields(json!({ "backup_codes": codes }))),
        Some(_) => Err(Problem::new("code_was_used", None)),
    }
}

fn last_step(session: &Session) -> Result<Option<f64>, Problem> {
    Ok(session.vault.get::<TwoFactor>(session.me.user)?.and_then(|row| row.value.last_step))
}

/// A step is a number of half minutes since 1970, as the record keeps it.
fn number(step: u64) -> Result<f64, Problem> {
    u32::try_from(step).map(f64::from).map_err(|_| wrong_code())
}

fn write(session: &Session, changes: &Map, listed: Option<bool>) -> Result<(), Problem> {
    let (user, realm) = (session.me.user, session.me.realm);
    session.write(|w| {
        w.put::<TwoFactor>(user, user, changes)?;
        match listed {
            Some(on) => w.put::<User>(user, realm, &fields(json!({ "two_factor_enabled": on }))),
            None => Ok(()),
        }
    })
}

fn entries(session: &Session, set: &Set) -> Result<Vec<BackupCode>, Problem> {
    let entry = |hash: &String| {
        Ok(BackupCode { id: session.vault.new_id(session.clock.now_ms())?, hash: hash.clone(), used_at: None })
    };
    set.hashes.iter().map(entry).collect()
}

fn codes_view(set: &Set) -> BackupCodes {
    BackupCodes { codes: set.codes.iter().map(|code| code.to_string()).collect() }
}

/// People type the space that apps show in the middle.
fn digits(typed: &str) -> Zeroizing<String> {
    let digits = typed.chars().filter(|one| !one.is_whitespace());
    Zeroizing::new(digits.take(usize::from(DIGITS) + 1).collect())
}

fn wrong_code() -> Problem {
    Problem::new("wrong_code", None)
}
