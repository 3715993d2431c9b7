//! Leaving: the wish to have an account deleted, thirty days in which it can be taken back, and the end (security design, 12.8).
//!
//! Asked for → confirmed by passphrase, and by a code where one can be sent → thirty days → due. Until the end everything works, and
//! nothing is destroyed. Who keeps a record alone ends it themself. A member is removed by an administrator; their device clears
//! itself once it has heard of that and the days are over.

use crate::{
    App, Event, Problem, Session,
    ask::of,
    codes, contacts, erasing,
    problem::{invalid, not_allowed, not_found},
    retention, sending,
    session::{fields, off_thread},
    views::*,
};
use model::{AccountDeletionRequest, Clinic, Id, OtpChannel, OtpPurpose, Role, Time, User};
use serde_json::json;
use std::sync::{Arc, Weak};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use uuid::Uuid;
use vault::Row;

/// So long after it was confirmed a wish can be taken back, in milliseconds.
pub const GRACE_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// No law asks for longer, in years.
const YEARS_MAX: u32 = 100;

/// Where a wish stands.
pub fn stage(wish: &AccountDeletionRequest, now: Time) -> DeletionStage {
    match (wish.completed_at, wish.cancelled_at, wish.confirmed_at, wish.purge_after) {
        (Some(_), ..) => DeletionStage::Done,
        (_, Some(_), ..) => DeletionStage::Withdrawn,
        // Whatever end stands there: never earlier than thirty days after the confirmation.
        (_, _, Some(confirmed), Some(end)) if now.ms() >= end.ms().max(confirmed.ms() + GRACE_MS) => DeletionStage::Due,
        (_, _, Some(_), Some(_)) => DeletionStage::Confirmed,
        _ => DeletionStage::Requested,
    }
}

/// The wish of a person that stands now.
pub(crate) fn standing(session: &Session, user: Uuid) -> Result<Option<Row<AccountDeletionRequest>>, Problem> {
    let asked = of("user_id", Id::<User>::new(user)).newest("created_at").limit(1);
    let newest = session.vault.list::<AccountDeletionRequest>(&asked)?.into_iter().next();
    let over = |row: &Row<AccountDeletionRequest>| {
        matches!(stage(&row.value, session.now()), DeletionStage::Withdrawn | DeletionStage::Done)
    };
    // Nobody asks for another's: the rule of the collection says so, and whoever wrote it last is looked at here too.
    Ok(newest.filter(|row| !over(row) && row.author == Some(user)))
}

/// Where this person's wish stands, and what is needed next.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<DeletionView, Problem> {
    let wish = standing(session, session.me.user)?.map(|row| row.value);
    let clinic = session.vault.get::<Clinic>(session.me.realm)?.map(|row| row.value);
    Ok(DeletionView {
        stage: wish.as_ref().map(|wish| stage(wish, session.now())),
        requested_at: wish.as_ref().map(|wish| wish.requested_at),
        ends_at: wish.and_then(|wish| wish.purge_after),
        code_by: code_by(session)?,
        retention_years: clinic.as_ref().and_then(|clinic| clinic.retention_years),
        alone: is_alone(session)?,
        removed: is_removed(session)?,
        cut_off: is_cut_off(session)?,
    })
}

pub(crate) fn is_alone(session: &Session) -> Result<bool, Problem> {
    Ok(session.vault.get::<Clinic>(session.me.realm)?.is_some_and(|clinic| clinic.value.is_personal))
}

/// Was this device removed, by itself or with its person?
fn is_cut_off(session: &Session) -> Result<bool, Problem> {
    let this = session.device()?;
    Ok(session.vault.removed_devices()?.iter().any(|device| device.device == this))
}

/// Was this person removed from the realm?
fn is_removed(session: &Session) -> Result<bool, Problem> {
    Ok(session.vault.members()?.iter().all(|member| member.user != session.me.user))
}

/// The way by which a code can be sent to an address that the person proved to read.
fn code_by(session: &Session) -> Result<Option<OtpChannel>, Problem> {
    for channel in [OtpChannel::Email, OtpChannel::Phone] {
        if contacts::is_confirmed(session, channel)? && sending::can_send(session, channel)? {
            return Ok(Some(channel));
        }
    }
    Ok(None)
}

/// Asks for it. Nothing happens before it is confirmed.
pub fn request(session: &Arc<Session>, _: Nothing) -> Result<DeletionView, Problem> {
    if standing(session, session.me.user)?.is_some() {
        return view(session, Nothing {});
    }
    let email = contacts::address_of(session, OtpChannel::Email)?;
    let wish = json!({ "user_id": session.me.user, "user_email": email, "requested_at": session.now() });
    let realm = session.me.realm;
    session.write(|w| {
        let id = w.new_id()?;
        w.put::<AccountDeletionRequest>(id, realm, &fields(wish))
    })?;
    view(session, Nothing {})
}

/// Confirms it: the passphrase was just given, and where a code can be sent, it came back. The thirty days begin.
pub fn confirm(session: &Arc<Session>, ask: ConfirmDeletion) -> Result<DeletionView, Problem> {
    let wish = standing(session, session.me.user)?.ok_or_else(not_found)?;
    if stage(&wish.value, session.now()) != DeletionStage::Requested {
        return view(session, Nothing {});
    }
    if code_by(session)?.is_some() {
        let code = ask.code.ok_or_else(|| Problem::new("sent_code_needed", None))?;
        codes::take_own(session, &code, OtpPurpose::Deletion)?;
    }
    let now = session.now();
    let end = Time::from_ms(now.ms() + GRACE_MS);
    change(session, wish.id, json!({ "confirmed_at": now, "purge_after": end }))?;
    view(session, Nothing {})
}

/// Takes it back. The account is what it was.
pub fn withdraw(session: &Arc<Session>, _: Nothing) -> Result<DeletionView, Problem> {
    let wish = standing(session, session.me.user)?.ok_or_else(not_found)?;
    change(session, wish.id, json!({ "cancelled_at": session.now() }))?;
    set_active(session, true)?;
    view(session, Nothing {})
}

fn change(session: &Session, wish: Uuid, values: serde_json::Value) -> Result<(), Problem> {
    session.write(|w| w.put::<AccountDeletionRequest>(wish, session.me.realm, &fields(values)))
}

fn set_active(session: &Session, active: bool) -> Result<(), Problem> {
    let user = session.need::<User>(session.me.user)?;
    if user.value.is_active == active {
        return Ok(());
    }
    session.write(|w| w.put::<User>(user.id, user.scope, &fields(json!({ "is_active": active }))))
}

/// Says how long this clinic must keep what was written in its charts.
pub fn set_retention(session: &Arc<Session>, ask: SetRetention) -> Result<DeletionView, Problem> {
    if !matches!(session.me.role, Role::Admin | Role::SuperAdmin) {
        return Err(not_allowed());
    }
    if ask.years.is_some_and(|years| years > YEARS_MAX) {
        return Err(invalid("retention_years"));
    }
    let serde_json::Value::Object(values) = json!({ "retention_years": ask.years }) else {
        return Err(invalid("years"));
    };
    let realm = session.me.realm;
    session.write(|w| w.put::<Clinic>(realm, realm, &values))?;
    view(session, Nothing {})
}

/// May the record on this device be ended because the account is: the days are over, and a member was removed?
pub(crate) fn is_over(session: &Session) -> Result<bool, Problem> {
    let wish = standing(session, session.me.user)?;
    let due = wish.is_some_and(|wish| stage(&wish.value, session.now()) == DeletionStage::Due);
    Ok(due && (is_alone(session)? || is_removed(session)?))
}

/// What the end asks for when nobody presses a button. A member whose days are over is marked as one who left; one who was removed
/// besides has nothing to come back to. Who is alone ends it themself. Answers whether this device is to clear itself.
fn look(session: &Session) -> Result<bool, Problem> {
    retention::clear(session)?;
    let wish = standing(session, session.me.user)?;
    if is_alone(session)? || wish.is_none_or(|wish| stage(&wish.value, session.now()) != DeletionStage::Due) {
        return Ok(false);
    }
    match is_removed(session)? {
        true => Ok(true),
        false => set_active(session, false).map(|()| false),
    }
}

/// Looks at unlock and after every synchronisation, until the session is over.
pub(crate) async fn watch(app: Weak<App>, session: Weak<Session>, mut events: Receiver<Event>) {
    loop {
        let (Some(open), Some(this)) = (app.upgrade(), session.upgrade()) else { return };
        if !open.is_open(&this) {
            return;
        }
        let looked = this.clone();
        match off_thread(move || look(&looked)).await {
            Ok(false) => {}
            Ok(true) => {
                if let Err(problem) = erasing::by_itself(&open, this).await {
                    tracing::warn!(
                        code = problem.code,
                        "this device could not clear itself: it tries again at the next unlock"
                    );
                }
                return;
            }
            Err(problem) => tracing::warn!(code = problem.code, "whether the account is to end could not be looked up"),
        }
        drop((open, this));
        if !next(&mut events).await {
            return;
        }
    }
}

/// Waits for something after which to look again; false when nothing will come.
async fn next(events: &mut Receiver<Event>) -> bool {
    loop {
        match events.recv().await {
            Ok(Event::Sync { state }) if state.phase == SyncPhase::Live => return true,
            Ok(Event::Session { .. }) | Err(RecvError::Lagged(_)) => return true,
            Ok(_) => {}
            Err(RecvError::Closed) => return false,
        }
    }
}
