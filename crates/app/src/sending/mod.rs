//! How a clinic sends codes: its mail server and its SMS gateway, kept sealed for all its members, changed by its administrators.

pub mod letters;
pub mod sms;
pub mod smtp;

use crate::{
    App, Problem, Session,
    patients::required,
    problem::{invalid, not_allowed},
    session::off_thread,
    views::*,
};
use model::{OtpChannel, Role, SendingSettings, SmtpTls};
use serde_json::{Value, json};
use std::{net::IpAddr, sync::Arc};

/// The longest server name (RFC 1035), login, password and token that is kept.
const LONGEST: usize = 253;

/// The settings without their secrets.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<SendingView, Problem> {
    let kept = kept(session)?;
    let sms = kept.sms().map(|sms| SmsView { account: sms.account, from: sms.from });
    let smtp = kept.smtp().map(|smtp| SmtpView {
        has_password: smtp.password.is_some(),
        host: smtp.host,
        port: smtp.port,
        tls: smtp.tls,
        user: smtp.user,
        from: smtp.from,
        ca: smtp.ca,
    });
    Ok(SendingView { smtp, sms, may_change: may_change(session) })
}

fn may_change(session: &Session) -> bool {
    matches!(session.me.role, Role::Admin | Role::SuperAdmin)
}

/// Keeps other settings. A secret that is not given stays, but only for the account that it belongs to: another server must not be
/// handed the password of this one.
pub fn set(session: &Arc<Session>, ask: SetSending) -> Result<SendingView, Problem> {
    if !may_change(session) {
        return Err(not_allowed());
    }
    let kept = kept(session)?;
    let smtp = ask.smtp.map(|asked| smtp_of(asked, kept.smtp())).transpose()?;
    let sms = ask.sms.map(|asked| sms_of(asked, kept.sms())).transpose()?;
    let values = json!({
        "smtp_host": smtp.as_ref().map(|one| &one.host), "smtp_port": smtp.as_ref().map(|one| one.port),
        "smtp_tls": smtp.as_ref().map(|one| one.tls), "smtp_user": smtp.as_ref().and_then(|one| one.user.as_ref()),
        "smtp_password": smtp.as_ref().and_then(|one| one.password.as_ref()), "smtp_from": smtp.as_ref().map(|one| &one.from),
        "smtp_ca": smtp.as_ref().and_then(|one| one.ca.as_ref()),
        "sms_account": sms.as_ref().map(|one| &one.account), "sms_token": sms.as_ref().map(|one| &one.token),
        "sms_from": sms.as_ref().map(|one| &one.from),
    });
    let Value::Object(values) = values else { return Err(invalid("settings")) };
    let realm = session.me.realm;
    session.write(|w| w.put::<SendingSettings>(realm, realm, &values))?;
    view(session, Nothing {})
}

/// Sends a message that holds no code, with the settings that are kept.
pub async fn test(app: &Arc<App>, session: &Arc<Session>, ask: TestSending) -> Result<Nothing, Problem> {
    if !may_change(session) {
        return Err(not_allowed());
    }
    let to = address(ask.channel, &ask.to)?;
    let letter = app.blocking(letters::test).await?;
    send(session, ask.channel, &to, &letter).await?;
    Ok(Nothing {})
}

/// Sends a letter by one of the two ways.
///
/// # Errors
/// `sending_not_set` where the clinic has no account for it; what the way says.
pub(crate) async fn send(
    session: &Arc<Session>,
    channel: OtpChannel,
    to: &str,
    letter: &letters::Letter,
) -> Result<(), Problem> {
    let this = session.clone();
    let kept = off_thread(move || kept(&this)).await?;
    let not_set = || Problem::new("sending_not_set", None);
    match channel {
        OtpChannel::Email => smtp::send(&kept.smtp().ok_or_else(not_set)?, to, letter).await,
        OtpChannel::Phone => sms::send(sms::TWILIO, &kept.sms().ok_or_else(not_set)?, to, &letter.body).await,
    }
}

/// Can this be sent to at all, as the clinic is set up?
pub(crate) fn can_send(session: &Session, channel: OtpChannel) -> Result<bool, Problem> {
    let kept = kept(session)?;
    Ok(match channel {
        OtpChannel::Email => kept.smtp().is_some(),
        OtpChannel::Phone => kept.sms().is_some(),
    })
}

/// An address or a number in the form in which it is kept and sent to.
pub(crate) fn address(channel: OtpChannel, text: &str) -> Result<String, Problem> {
    let (kind, field) = match channel {
        OtpChannel::Email => (crypto::IndexKind::Email, "email"),
        OtpChannel::Phone => (crypto::IndexKind::Phone, "mobile_number"),
    };
    kind.normalise(text).map_err(|_| invalid(field))
}

struct Kept(Option<SendingSettings>);

fn kept(session: &Session) -> Result<Kept, Problem> {
    Ok(Kept(session.vault.get::<SendingSettings>(session.me.realm)?.map(|row| row.value)))
}

impl Kept {
    fn smtp(&self) -> Option<smtp::Account> {
        let kept = self.0.clone()?;
        Some(smtp::Account {
            host: kept.smtp_host?,
            port: u16::try_from(kept.smtp_port?).ok()?,
            tls: kept.smtp_tls?,
            user: kept.smtp_user,
            password: kept.smtp_password,
            from: kept.smtp_from?,
            ca: kept.smtp_ca,
        })
    }

    fn sms(&self) -> Option<sms::Account> {
        let kept = self.0.clone()?;
        Some(sms::Account { account: kept.sms_account?, token: kept.sms_token?, from: kept.sms_from? })
    }
}

fn smtp_of(asked: SetSmtp, kept: Option<smtp::Account>) -> Result<smtp::Account, Problem> {
    let host = word("smtp_host", &asked.host)?;
    if asked.port == 0 {
        return Err(invalid("smtp_port"));
    }
    if asked.tls == SmtpTls::None && !is_this_computer(&host) {
        return Err(Problem::new("mail.tls_required", None));
    }
    let user = asked.user.map(|user| word("smtp_user", &user)).transpose()?;
    let same = kept.filter(|kept| kept.host == host && kept.user == user);
    let password = match asked.password {
        Some(password) => Some(secret("smtp_password", password)?),
        None => same.and_then(|kept| kept.password),
    };
    if user.is_some() != password.is_some() {
        return Err(invalid("smtp_password"));
    }
    let from = address(OtpChannel::Email, &asked.from).map_err(|_| invalid("smtp_from"))?;
    let ca = asked.ca.map(|pem| pem.trim().to_owned()).filter(|pem| !pem.is_empty());
    ca.as_deref().map(smtp::certificates).transpose()?;
    Ok(smtp::Account { host, port: asked.port, tls: asked.tls, user, password, from, ca })
}

fn sms_of(asked: SetSms, kept: Option<sms::Account>) -> Result<sms::Account, Problem> {
    let (account, from) = (word("sms_account", &asked.account)?, required("sms_from", &asked.from)?);
    if !account.bytes().all(|letter| letter.is_ascii_alphanumeric()) || from.len() > LONGEST {
        return Err(invalid("sms_account"));
    }
    let token = match asked.token {
        Some(token) => Some(secret("sms_token", token)?),
        None => kept.filter(|kept| kept.account == account).map(|kept| kept.token),
    };
    Ok(sms::Account { account, token: token.ok_or_else(|| invalid("sms_token"))?, from })
}

/// Without spaces: a name of a server or a login.
fn word(field: &str, text: &str) -> Result<String, Problem> {
    let text = required(field, text)?;
    match text.len() <= LONGEST && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        true => Ok(text),
        false => Err(invalid(field)),
    }
}

fn secret(field: &str, text: String) -> Result<String, Problem> {
    match !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control) {
        true => Ok(text),
        false => Err(invalid(field)),
    }
}

pub(crate) fn is_this_computer(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
