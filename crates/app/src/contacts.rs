//! How a person is reached: their own e-mail address and number in the directory, and whether they proved to read what is sent there.

use crate::{Problem, Session, sending, session::fields_and_nulls, views::*};
use model::{Collection, OtpChannel, User};
use serde_json::{Value, json};
use std::sync::Arc;

/// The remote's word for a value that stands in another document.
const TAKEN: &str = "taken";

/// Both ways.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<ContactsView, Problem> {
    let (user, is_held_back) = (own(session)?, is_held_back(session)?);
    let one = |channel| {
        let (address, verified) = (entries(&user, channel).0, confirmed_address(&user, channel).is_some());
        let taken = is_held_back && address.is_some() && is_taken(session, &user, channel)?;
        Ok::<_, Problem>(AddressView { address, verified, can_send: sending::can_send(session, channel)?, taken })
    };
    Ok(ContactsView { email: one(OtpChannel::Email)?, phone: one(OtpChannel::Phone)? })
}

/// Did the remote refuse this person's entry, because another account holds its address or number?
fn is_held_back(session: &Session) -> Result<bool, Problem> {
    let refused = |one: &vault::Quarantined| one.own && one.id == session.me.user && one.collection == User::DEF.name;
    Ok(session.vault.quarantine()?.iter().any(|one| refused(one) && one.reason == TAKEN))
}

/// Is it this one of the two? Both, while the other account has not come to this device.
fn is_taken(session: &Session, user: &User, asked: OtpChannel) -> Result<bool, Problem> {
    let plain = |user: &User, channel| entries(user, channel).0.and_then(|text| sending::address(channel, &text).ok());
    let others = session.vault.list::<User>(&vault::Find::default())?;
    let is_held = |channel| {
        let mine = plain(user, channel);
        let same = |row: &vault::Row<User>| row.id != session.me.user && plain(&row.value, channel) == mine;
        mine.is_some() && others.iter().any(same)
    };
    let [here, there] = [OtpChannel::Email, OtpChannel::Phone].map(is_held);
    Ok(match asked {
        OtpChannel::Email => here || !there,
        OtpChannel::Phone => there || !here,
    })
}

/// Changes them. Another address than the confirmed one is not confirmed.
pub fn set(session: &Arc<Session>, ask: SetContacts) -> Result<ContactsView, Problem> {
    let tidy = |channel, text: Option<String>| {
        let text = text.filter(|text| !text.trim().is_empty());
        text.map(|text| sending::address(channel, &text)).transpose()
    };
    let email = tidy(OtpChannel::Email, ask.email)?;
    let mobile_number = tidy(OtpChannel::Phone, ask.mobile_number)?;
    write(session, json!({ "email": email, "mobile_number": mobile_number }))?;
    view(session, Nothing {})
}

/// The address of this person that a code would be sent to.
pub(crate) fn address_of(session: &Session, channel: OtpChannel) -> Result<Option<String>, Problem> {
    let (address, _) = entries(&own(session)?, channel);
    address.map(|text| sending::address(channel, &text)).transpose()
}

/// The address of a person, if a code that was sent to it once came back.
pub(crate) fn confirmed_address(user: &User, channel: OtpChannel) -> Option<String> {
    let (address, confirmed) = entries(user, channel);
    address.filter(|address| Some(address) == confirmed.as_ref())
}

/// Did this person prove to read what is sent there?
pub(crate) fn is_confirmed(session: &Session, channel: OtpChannel) -> Result<bool, Problem> {
    let user = session.vault.get::<User>(session.me.user)?;
    Ok(user.is_some_and(|user| confirmed_address(&user.value, channel).is_some()))
}

/// A code that was sent there came back.
pub(crate) fn confirmed(session: &Session, channel: OtpChannel, address: &str) -> Result<(), Problem> {
    write(
        session,
        match channel {
            OtpChannel::Email => json!({ "email": address, "email_verified": true, "confirmed_email": address }),
            OtpChannel::Phone => {
                json!({ "mobile_number": address, "phone_verified": true, "confirmed_number": address })
            }
        },
    )
}

fn own(session: &Session) -> Result<User, Problem> {
    Ok(session.need::<User>(session.me.user)?.value)
}

fn entries(user: &User, channel: OtpChannel) -> (Option<String>, Option<String>) {
    match channel {
        OtpChannel::Email => (user.email.clone(), user.confirmed_email.clone()),
        OtpChannel::Phone => (user.mobile_number.clone(), user.confirmed_number.clone()),
    }
}

fn write(session: &Session, values: Value) -> Result<(), Problem> {
    session.write(|w| w.put::<User>(session.me.user, session.me.realm, &fields_and_nulls(values)))
}
