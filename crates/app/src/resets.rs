//! Somebody lost passphrase and kit and asks to be let in again: a code to the address that they once confirmed says whether whoever
//! asks reads their mail. It is one sign among others. It brings no key back and opens nothing (security design, 10.3).

use crate::{
    App, Problem, Session, codes, contacts,
    problem::{not_allowed, not_found},
    sending,
    session::{fields, off_thread},
    views::*,
};
use model::{Id, OtpChannel, OtpPurpose, PasswordReset, Role, User};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// Whom a code can be sent to: nobody where this person lets nobody in, or the clinic sends no mail.
pub fn choices(session: &Arc<Session>, _: Nothing) -> Result<Vec<ResetChoice>, Problem> {
    if !may_reset(session) || !sending::can_send(session, OtpChannel::Email)? {
        return Ok(Vec::new());
    }
    let users = session.vault.list::<User>(&vault::Find::default())?;
    let choice = |row: vault::Row<User>| {
        let email = contacts::confirmed_address(&row.value, OtpChannel::Email)?;
        Some(ResetChoice { user: row.id, name: row.value.name, email })
    };
    Ok(users.into_iter().filter(|row| row.id != session.me.user).filter_map(choice).collect())
}

fn may_reset(session: &Session) -> bool {
    matches!(session.me.role, Role::Admin | Role::SuperAdmin)
}

/// Sends a code to the address that a person once confirmed, and keeps in writing that it was sent.
pub async fn send(app: &Arc<App>, session: &Arc<Session>, ask: ById) -> Result<CodeSent, Problem> {
    let to = move |session: &Arc<Session>| {
        if !may_reset(session) {
            return Err(not_allowed());
        }
        let recipient = address_of(session, ask.id)?;
        let (purpose, channel) = (OtpPurpose::PasswordReset, OtpChannel::Email);
        Ok(codes::Addressed { user: ask.id, purpose, channel, recipient })
    };
    let sent = codes::send_to(app, session, to).await?;
    let this = session.clone();
    off_thread(move || note(&this, ask.id, sent)).await
}

fn address_of(session: &Session, user: Uuid) -> Result<String, Problem> {
    let user = session.need::<User>(user)?.value;
    contacts::confirmed_address(&user, OtpChannel::Email).ok_or_else(|| Problem::new("no_address", None))
}

fn note(session: &Session, user: Uuid, sent: codes::Sent) -> Result<CodeSent, Problem> {
    let (id, expires_at) = (sent.view.request, sent.view.expires_at);
    let reset = PasswordReset { user_id: Id::new(user), token_hash: sent.otp_hash, expires_at, used_at: None };
    session.write(|w| w.put::<PasswordReset>(id, session.me.user, &fields(json!(reset))))?;
    Ok(sent.view)
}

/// Takes the code that whoever asks read out.
pub fn check(session: &Arc<Session>, ask: CheckCode) -> Result<Nothing, Problem> {
    let reset = session.vault.get::<PasswordReset>(ask.request)?.ok_or_else(not_found)?.value;
    let user = reset.user_id.uuid;
    let recipient = address_of(session, user)?;
    codes::take(session, &ask, (user, OtpPurpose::PasswordReset), &recipient)?;
    let used = fields(json!({ "used_at": session.now() }));
    session.write(|w| w.put::<PasswordReset>(ask.request, session.me.user, &used))?;
    Ok(Nothing {})
}
