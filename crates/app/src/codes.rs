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
use model::{Id, OtpPurpose, OtpVerification, Time};
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

/// Sends a code to this person's own address. It is kept only when the server has taken the message, so that a server that is away
/// costs none of the five.
pub async fn send(app: &Arc<App>, session: &Arc<Session>, ask: SendCode) -> Result<CodeSent, Problem> {
    let _one_at_a_time = session.sending.lock().await;
    let (recipient, code, letter, device) = app.blocking(move |session| prepare(session, ask)).await?;
    sending::send(session, ask.channel, &recipient, &letter).await?;
    let this = session.clone();
    off_thread(move || keep(&this, ask, recipient, &code, device)).await
}

type Prepared = (String, (Uuid, Zeroizing<String>), letters::Letter, String);

fn prepare(session: &Arc<Session>, ask: SendCode) -> Result<Prepared, Problem> {
    let recipient = contacts::address_of(session, ask.channel)?.ok_or_else(|| Problem::new("no_address", None))?;
    let since = session.now().ms() - HOUR_MS;
    let lately = earlier(session, ask.purpose)?.iter().filter(|row| row.created_at.ms() > since).count();
    if lately >= AN_HOUR {
        return Err(Problem::new("too_many_sent", None));
    }
    let code = one_time::make_code()?;
    let letter = letters::code(session, ask.purpose, &code, MINUTES)?;
    let request = session.vault.new_id(session.clock.now_ms())?;
    Ok((recipient, (request, code), letter, letters::device_name(session)?))
}

/// Codes of this person for a purpose.
fn earlier(session: &Session, purpose: OtpPurpose) -> Result<Vec<Row<OtpVerification>>, Problem> {
    let asked = of("user_id", Id::<model::User>::new(session.me.user)).and("purpose", purpose).newest("created_at");
    Ok(session.vault.list::<OtpVerification>(&asked.limit(100))?)
}

fn keep(
    session: &Arc<Session>,
    ask: SendCode,
    recipient: String,
    (request, code): &(Uuid, Zeroizing<String>),
    device: String,
) -> Result<CodeSent, Problem> {
    let bound = Bound { purpose: ask.purpose.word(), request: request.as_bytes(), recipient: &recipient };
    let otp_hash = session.vault.code_hash(&bound, code)?;
    let live: Vec<Uuid> =
        earlier(session, ask.purpose)?.into_iter().filter(|row| !row.value.is_used).map(|row| row.id).collect();
    let expires_at = Time::from_ms(session.now().ms() + i64::try_from(MINUTES * 60_000).unwrap_or(0));
    let entry = OtpVerification {
        user_id: Id::new(session.me.user),
        purpose: ask.purpose,
        channel: ask.channel,
        otp_hash,
        attempts: 0,
        is_used: false,
        expires_at,
    };
    let values = fields(json!(entry));
    session.write(|w| {
        for old in live {
            w.put::<OtpVerification>(old, session.me.user, &fields(json!({ "is_used": true })))?;
        }
        w.put::<OtpVerification>(*request, session.me.user, &values)
    })?;
    Ok(CodeSent { request: *request, recipient, device, expires_at })
}

/// Takes a code back, and notes that the address is this person's.
///
/// # Errors
/// `code_over` for one that ended, was used or was tried too often; `wrong_code`.
pub fn check(session: &Arc<Session>, ask: CheckCode) -> Result<ContactsView, Problem> {
    let _one_at_a_time = session.sending.blocking_lock();
    let row = session.vault.get::<OtpVerification>(ask.request)?.ok_or_else(not_found)?;
    let kept = row.value;
    if kept.user_id.uuid != session.me.user {
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
    let recipient = contacts::address_of(session, kept.channel)?.unwrap_or_default();
    let code: Zeroizing<String> =
        Zeroizing::new(ask.code.chars().filter(|one| !one.is_whitespace()).take(32).collect());
    let bound = Bound { purpose: kept.purpose.word(), request: ask.request.as_bytes(), recipient: &recipient };
    if !session.vault.code_holds(&bound, &code, &kept.otp_hash)? {
        let last = kept.attempts + 1 >= TRIES;
        return Err(Problem::new(if last { "code_over" } else { "wrong_sent_code" }, None));
    }
    change(session, ask.request, json!({ "is_used": true }))?;
    contacts::confirmed(session, kept.channel, &recipient)?;
    contacts::view(session, Nothing {})
}

fn change(session: &Session, request: Uuid, changes: serde_json::Value) -> Result<(), Problem> {
    session.write(|w| w.put::<OtpVerification>(request, session.me.user, &fields(changes)))
}
