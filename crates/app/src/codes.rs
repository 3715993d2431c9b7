//! One-time codes: sent to an address, given back by whoever reads what arrives there.
//!
//! Eight digits, ten minutes, five tries, one use; one live code for each purpose and person, at most five an hour. What is kept is a
//! keyed hash, on this device alone.

use crate::{
    App, Problem, Session,
    ask::of,
    contacts,
    problem::{not_allowed, not_found},
    sending::{self, letters},
    session::{fields, off_thread},
    views::*,
};
use crypto::{
    Zeroizing,
    one_time::{self, Bound},
};
use model::{Id, OtpChannel, OtpPurpose, OtpVerification, Time};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;
use vault::Row;

/// How long a code is good for.
const MINUTES: u64 = 10;
/// Wrong tries that end it.
const TRIES: u32 = 5;
/// Codes for one purpose and person within [`HOUR_MS`].
const AN_HOUR: usize = 5;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// For whom a code is, what for, and where it goes.
pub(crate) struct Addressed {
    pub(crate) user: Uuid,
    pub(crate) purpose: OtpPurpose,
    pub(crate) channel: OtpChannel,
    pub(crate) recipient: String,
}

/// A code that was sent, as it is kept.
pub(crate) struct Sent {
    pub(crate) view: CodeSent,
    pub(crate) otp_hash: String,
}

/// Sends a code to this person's own address.
pub async fn send(app: &Arc<App>, session: &Arc<Session>, ask: SendCode) -> Result<CodeSent, Problem> {
    let to = move |session: &Arc<Session>| {
        let recipient = contacts::address_of(session, ask.channel)?.ok_or_else(|| Problem::new("no_address", None))?;
        Ok(Addressed { user: session.me.user, purpose: ask.purpose, channel: ask.channel, recipient })
    };
    Ok(send_to(app, session, to).await?.view)
}

/// Sends a code. It is kept only when the server has taken the message, so that a server that is away costs none of the five.
pub(crate) async fn send_to(
    app: &Arc<App>,
    session: &Arc<Session>,
    to: impl FnOnce(&Arc<Session>) -> Result<Addressed, Problem> + Send + 'static,
) -> Result<Sent, Problem> {
    let _one_at_a_time = session.sending.lock().await;
    let (to, made) = app
        .blocking(move |session| {
            let to = to(session)?;
            let made = prepare(session, &to)?;
            Ok((to, made))
        })
        .await?;
    sending::send(session, to.channel, &to.recipient, &made.letter).await?;
    let this = session.clone();
    off_thread(move || keep(&this, to, made)).await
}

/// A code before it is sent.
struct Prepared {
    request: Uuid,
    code: Zeroizing<String>,
    letter: letters::Letter,
    device: String,
}

fn prepare(session: &Arc<Session>, to: &Addressed) -> Result<Prepared, Problem> {
    let since = session.now().ms() - HOUR_MS;
    let lately = earlier(session, to)?.iter().filter(|row| row.created_at.ms() > since).count();
    if lately >= AN_HOUR {
        return Err(Problem::new("too_many_sent", None));
    }
    let code = one_time::make_code()?;
    let letter = letters::code(session, to.purpose, &code, MINUTES)?;
    let request = session.vault.new_id(session.clock.now_ms())?;
    Ok(Prepared { request, code, letter, device: letters::device_name(session)? })
}

/// Codes for a person and a purpose.
fn earlier(session: &Session, to: &Addressed) -> Result<Vec<Row<OtpVerification>>, Problem> {
    let asked = of("user_id", Id::<model::User>::new(to.user)).and("purpose", to.purpose).newest("created_at");
    Ok(session.vault.list::<OtpVerification>(&asked.limit(100))?)
}

fn keep(session: &Arc<Session>, to: Addressed, made: Prepared) -> Result<Sent, Problem> {
    let request = made.request;
    let bound = Bound { purpose: to.purpose.word(), request: request.as_bytes(), recipient: &to.recipient };
    let otp_hash = session.vault.code_hash(&bound, &made.code)?;
    let live: Vec<Uuid> =
        earlier(session, &to)?.into_iter().filter(|row| !row.value.is_used).map(|row| row.id).collect();
    let expires_at = Time::from_ms(session.now().ms() + i64::try_from(MINUTES * 60_000).unwrap_or(0));
    let entry = OtpVerification {
        user_id: Id::new(to.user),
        purpose: to.purpose,
        channel: to.channel,
        otp_hash: otp_hash.clone(),
        attempts: 0,
        is_used: false,
        expires_at,
    };
    let values = fields(json!(entry));
    session.write(|w| {
        for old in live {
            w.put::<OtpVerification>(old, session.me.user, &fields(json!({ "is_used": true })))?;
        }
        w.put::<OtpVerification>(request, session.me.user, &values)
    })?;
    Ok(Sent { view: CodeSent { request, recipient: to.recipient, device: made.device, expires_at }, otp_hash })
}

/// Takes a code back, and notes that the address is this person's.
///
/// # Errors
/// `code_over` for one that ended, was used or was tried too often; `wrong_sent_code`.
pub fn check(session: &Arc<Session>, ask: CheckCode) -> Result<ContactsView, Problem> {
    let kept = session.need::<OtpVerification>(ask.request)?.value;
    let recipient = take_own(session, &ask, kept.purpose)?;
    contacts::confirmed(session, kept.channel, &recipient)?;
    contacts::view(session, Nothing {})
}

/// Takes back a code that this person was sent for this purpose; gives the address that it went to.
///
/// # Errors
/// As [`check`] and [`take`].
pub(crate) fn take_own(session: &Arc<Session>, ask: &CheckCode, purpose: OtpPurpose) -> Result<String, Problem> {
    let channel = session.need::<OtpVerification>(ask.request)?.value.channel;
    let recipient = contacts::address_of(session, channel)?.unwrap_or_default();
    take(session, ask, (session.me.user, purpose), &recipient)?;
    Ok(recipient)
}

/// Takes back a code that was sent for a person and a purpose to an address.
///
/// # Errors
/// `code_over`, `wrong_sent_code`; `not_allowed` for another person's, `not_found` for one that was made for something else.
pub(crate) fn take(
    session: &Arc<Session>,
    ask: &CheckCode,
    (user, purpose): (Uuid, OtpPurpose),
    recipient: &str,
) -> Result<(), Problem> {
    let _one_at_a_time = session.sending.blocking_lock();
    let row = session.need::<OtpVerification>(ask.request)?;
    let kept = row.value;
    if kept.purpose != purpose {
        return Err(not_found());
    }
    if kept.user_id.uuid != user {
        return Err(not_allowed());
    }
    let now = session.now().ms();
    // A clock that was set back lengthens nothing.
    let in_time = (row.created_at.ms()..kept.expires_at.ms()).contains(&now);
    if kept.is_used || !in_time || kept.attempts >= TRIES {
        return Err(Problem::new("code_over", None));
    }
    // Counted before it is looked at: ending the program in the middle gives no try for free.
    change(session, ask.request, json!({ "attempts": kept.attempts + 1 }))?;
    let code: Zeroizing<String> =
        Zeroizing::new(ask.code.chars().filter(|one| !one.is_whitespace()).take(32).collect());
    let bound = Bound { purpose: kept.purpose.word(), request: ask.request.as_bytes(), recipient };
    if !session.vault.code_holds(&bound, &code, &kept.otp_hash)? {
        let last = kept.attempts + 1 >= TRIES;
        return Err(Problem::new(if last { "code_over" } else { "wrong_sent_code" }, None));
    }
    change(session, ask.request, json!({ "is_used": true }))
}

fn change(session: &Session, request: Uuid, changes: serde_json::Value) -> Result<(), Problem> {
    session.write(|w| w.put::<OtpVerification>(request, session.me.user, &fields(changes)))
}
