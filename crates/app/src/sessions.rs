//! The devices of a person and their sessions, so that one can be ended from another (security design, 12.6).
//!
//! A session on this computer is the unlocked program; there is no token to steal. Each device keeps one row of `tokens` for itself,
//! by which the others know that it is in use. A row that is ended asks that device to lock and to forget its PIN. An honest device
//! does; to shut out one in other hands it is removed, which is for [`crate::people`].

use crate::{
    App, Event, Problem, Session,
    ask::of,
    names,
    problem::{not_allowed, not_found},
    quick,
    refresh::{self, Kept, Verdict},
    session::{fields, off_thread},
    summary::notify,
    views::*,
};
use crypto::Zeroizing;
use model::{Id, NotificationType, Time, Token};
use serde_json::json;
use std::sync::{Arc, Weak};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use uuid::Uuid;
use vault::{Row, Vault, Writer};

/// This device's own token, and the ends that it has heeded: settings of the vault, on this device alone.
const TOKEN: &str = "session.token";
const HEEDED: &str = "session.heeded";
/// A row is renewed once a day, and says at most once an hour that it was used: every write travels to all devices.
const RENEW_MS: i64 = 24 * 60 * 60 * 1000;
const TOUCH_MS: i64 = 60 * 60 * 1000;

/// The rows of a device, in the order in which they were made.
fn family(vault: &Vault, device: Uuid) -> Result<Vec<Row<Token>>, Problem> {
    let user = Id::<model::User>::new(vault.me()?.user);
    let mut rows = vault.list::<Token>(&of("user_id", user).newest("created_at").limit(10_000))?;
    rows.retain(|row| row.value.family == device.to_string());
    rows.reverse();
    Ok(rows)
}

fn kept(rows: &[Row<Token>]) -> Vec<Kept> {
    let kept = |row: &Row<Token>| Kept {
        hash: row.value.token_hash.clone(),
        made_ms: row.created_at.ms(),
        expires_ms: row.value.expires_at.ms(),
        revoked: row.value.revoked,
        replaced: row.value.replaced_by.is_some(),
    };
    rows.iter().map(kept).collect()
}

/// What the token of this device comes to.
fn verdict(vault: &Vault, rows: &[Row<Token>], device: Uuid, now_ms: i64) -> Result<Verdict, Problem> {
    let own = vault.setting(TOKEN)?.map(Zeroizing::new);
    // A vault that was copied goes on as another device, with a family of its own.
    let token = own.as_ref().and_then(|own| own.split_once(' ')).filter(|(of, _)| *of == device.to_string());
    Ok(token.map_or(Verdict::Unknown, |(_, token)| refresh::judge(&kept(rows), token, now_ms)))
}

/// Which ends this device has heeded.
fn heeded(vault: &Vault) -> Result<Vec<Uuid>, Problem> {
    let Some(text) = vault.setting(HEEDED)? else { return Ok(Vec::new()) };
    serde_json::from_str(&text).map_err(|error| Problem::said("internal", &error))
}

/// All ends that are known now are heeded.
fn heed_all(vault: &Vault, device: Uuid) -> Result<(), Problem> {
    let ends = serde_json::to_string(&ended_rows(&family(vault, device)?));
    let ends = ends.map_err(|error| Problem::said("internal", &error))?;
    Ok(vault.set_setting(HEEDED, Some(&ends))?)
}

fn ended_rows(rows: &[Row<Token>]) -> Vec<Uuid> {
    rows.iter().filter(|row| row.value.revoked).map(|row| row.id).collect()
}

/// Was the session of this device ended, and has it not heeded that yet? The passphrase may have been typed before the end came in:
/// it is the end that counts, not which row is the newest.
fn is_ended(vault: &Vault) -> Result<bool, Problem> {
    let heeded = heeded(vault)?;
    let rows = family(vault, vault.me()?.device)?;
    Ok(ended_rows(&rows).iter().any(|end| !heeded.contains(end)))
}

/// A PIN does not open a record whose session was ended: it is taken away, and the passphrase is due.
///
/// # Errors
/// `session_ended`.
pub(crate) fn refuse_ended(vault: Vault, now: Time) -> Result<Vault, Problem> {
    if !is_ended(&vault)? {
        return Ok(vault);
    }
    give_way(&vault, now)?;
    vault.close()?;
    Err(Problem::new("session_ended", None))
}

/// The passphrase or the kit was given: ends until now are heeded, and what they ask for is done.
pub(crate) fn heed(vault: &Vault) -> Result<(), Problem> {
    if is_ended(vault)? {
        quick::forget(vault.folder())?;
        heed_all(vault, vault.me()?.device)?;
    }
    Ok(Vault::note_end(vault.folder(), None)?)
}

/// What an end asks for: no PIN any more, and a word at the lock screen.
fn give_way(vault: &Vault, now: Time) -> Result<(), Problem> {
    quick::forget(vault.folder())?;
    Ok(Vault::note_end(vault.folder(), Some(now.ms()))?)
}

/// This device says that it is in use: a row is begun, renewed or touched.
pub(crate) fn renew(session: &Session) -> Result<(), Problem> {
    let (device, now) = (session.device()?, session.now());
    let rows = family(&session.vault, device)?;
    let held = verdict(&session.vault, &rows, device, now.ms())?;
    match held {
        Verdict::Good(at) if now.ms() - rows[at].created_at.ms() < RENEW_MS => touch(session, &rows[at]),
        Verdict::Good(at) => begin(session, &rows, Some(at)),
        Verdict::Reused => {
            end_family(session, &rows)?;
            // The passphrase was given, and this is the device that ended it.
            heed_all(&session.vault, device)?;
            begin(session, &rows, None)
        }
        Verdict::Ended | Verdict::Over | Verdict::Unknown => begin(session, &rows, None),
    }
}

fn touch(session: &Session, row: &Row<Token>) -> Result<(), Problem> {
    let last = row.value.last_used_at.map_or(0, |at| at.ms());
    if session.now().ms() - last < TOUCH_MS {
        return Ok(());
    }
    let used = fields(json!({ "last_used_at": session.now() }));
    session.write(|w| w.put::<Token>(row.id, session.me.user, &used))
}

/// Begins a row of this device; the ones before it are followed by it.
fn begin(session: &Session, rows: &[Row<Token>], after: Option<usize>) -> Result<(), Problem> {
    let (device, user, now) = (session.device()?, session.me.user, session.now());
    let (token, hash) = refresh::make()?;
    let expires = Time::from_ms(refresh::expires_ms(&kept(rows), after, now.ms()));
    session.write(|w| {
        let id = new_row(w, user, device, &hash, expires, now, false)?;
        let open = rows.iter().filter(|row| row.value.replaced_by.is_none());
        open.map(|row| row.id).try_for_each(|row| w.put::<Token>(row, user, &fields(json!({ "replaced_by": id }))))
    })?;
    let own = Zeroizing::new(format!("{device} {}", *token));
    Ok(session.vault.set_setting(TOKEN, Some(&own))?)
}

fn new_row(
    w: &mut Writer<'_, '_>,
    user: Uuid,
    device: Uuid,
    hash: &str,
    expires_at: Time,
    now: Time,
    revoked: bool,
) -> vault::Result<Uuid> {
    let id = w.new_id()?;
    let row = Token {
        user_id: Id::new(user),
        device_id: Some(device.to_string()),
        token_hash: hash.to_owned(),
        family: device.to_string(),
        expires_at,
        revoked,
        replaced_by: None,
        last_used_at: Some(now),
    };
    w.put::<Token>(id, user, &fields(json!(row)))?;
    Ok(id)
}

/// Somebody has a copy of a token: all of its family end, and every device of the person hears why.
fn end_family(session: &Session, rows: &[Row<Token>]) -> Result<(), Problem> {
    session.write(|w| {
        end_rows(w, session.me.user, rows)?;
        notify(w, session, NotificationType::AccountSecurity, None, "session-copied")
    })
}

fn end_rows(w: &mut Writer<'_, '_>, user: Uuid, rows: &[Row<Token>]) -> vault::Result<()> {
    let last = rows.iter().zip(kept(rows)).filter(|(_, kept)| kept.is_last());
    last.map(|(row, _)| row.id).try_for_each(|row| w.put::<Token>(row, user, &fields(json!({ "revoked": true }))))
}

/// The person's own devices, this one first.
pub fn list(session: &Arc<Session>, _: Nothing) -> Result<Vec<OwnSession>, Problem> {
    let this = session.device()?;
    let own = session.vault.devices()?.into_iter().filter(|device| device.user == session.me.user);
    let mut sessions = own.map(|device| view(session, &device, this)).collect::<Result<Vec<_>, _>>()?;
    sessions.sort_by_key(|one| (!one.this_device, std::cmp::Reverse(one.heard_of), one.device));
    Ok(sessions)
}

fn view(session: &Session, device: &vault::Device, this: Uuid) -> Result<OwnSession, Problem> {
    let rows = family(&session.vault, device.device)?;
    let last = rows.last();
    let state = match last.map(|row| &row.value) {
        None => OwnSessionState::Unknown,
        Some(row) if row.revoked => OwnSessionState::Ended,
        Some(row) if session.now() >= row.expires_at => OwnSessionState::Idle,
        Some(_) => OwnSessionState::Running,
    };
    let used = last.and_then(|row| row.value.last_used_at);
    let heard = device.last_seen_ms.map(Time::from_ms);
    Ok(OwnSession {
        device: device.device,
        name: names::of_device(device.device),
        this_device: device.device == this,
        heard_of: used.max(heard),
        state,
    })
}

/// Ends the session of another own device.
pub fn end(session: &Arc<Session>, ask: ById) -> Result<Vec<OwnSession>, Problem> {
    let devices = session.vault.devices()?;
    let device = devices.iter().find(|device| device.device == ask.id).ok_or_else(not_found)?;
    // This one is locked by its own button; other people's devices are removed by an administrator.
    if device.user != session.me.user || device.device == session.device()? {
        return Err(not_allowed());
    }
    end_device(session, device.device)?;
    list(session, Nothing {})
}

/// Ends all sessions but this one.
pub fn end_others(session: &Arc<Session>, _: Nothing) -> Result<Vec<OwnSession>, Problem> {
    let this = session.device()?;
    for device in session.vault.devices()? {
        if device.user == session.me.user && device.device != this {
            end_device(session, device.device)?;
        }
    }
    list(session, Nothing {})
}

fn end_device(session: &Session, device: Uuid) -> Result<(), Problem> {
    let (rows, user, now) = (family(&session.vault, device)?, session.me.user, session.now());
    if rows.last().is_some_and(|row| row.value.revoked) {
        return Ok(());
    }
    let (_, hash) = refresh::make()?;
    session.write(|w| match rows.is_empty() {
        // A device that has said nothing yet, or with an earlier program: the end waits for it.
        true => new_row(w, user, device, &hash, now, now, true).map(drop),
        false => end_rows(w, user, &rows),
    })
}

/// Waits until the session of this device is ended from another, then locks.
pub(crate) async fn watch(app: Weak<App>, session: Weak<Session>, mut events: Receiver<Event>) {
    loop {
        match events.recv().await {
            Ok(Event::Changed { collections, from_remote: true, .. })
                if collections.iter().any(|name| name == "tokens") => {}
            Ok(
                Event::Changed { .. }
                | Event::Sync { .. }
                | Event::Level { .. }
                | Event::Locking
                | Event::Progress { .. }
                | Event::Browse { .. },
            ) => continue,
            // The session is over, or this one is another's; too many to hear each: look.
            Ok(Event::Session { .. }) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
        let (Some(app), Some(session)) = (app.upgrade(), session.upgrade()) else { return };
        if !app.is_open(&session) {
            return;
        }
        let this = session.clone();
        match off_thread(move || look(&this)).await {
            Ok(false) => {}
            Ok(true) => {
                tracing::info!("the session was ended from another device: locking");
                return give_way_after_lock(&app, session).await;
            }
            Err(problem) => tracing::warn!(code = problem.code, "whether the session was ended could not be looked up"),
        }
    }
}

/// Is this record to be locked?
fn look(session: &Session) -> Result<bool, Problem> {
    let (vault, device) = (&session.vault, session.device()?);
    let rows = family(vault, device)?;
    if verdict(vault, &rows, device, session.now().ms())? == Verdict::Reused {
        end_family(session, &rows)?;
    }
    is_ended(vault)
}

/// Nothing but this writes beside the vault when the engine has stopped.
async fn give_way_after_lock(app: &App, session: Arc<Session>) {
    let now = session.now();
    app.end_quietly(LockReason::Ended).await;
    if let Err(problem) = off_thread(move || give_way(&session.vault, now)).await {
        tracing::warn!(code = problem.code, "the PIN stays until the next unlock");
    }
    app.tell_locked();
}
