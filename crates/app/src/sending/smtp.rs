//! Mail through the clinic's own server (RFC 5321), protected by TLS unless the server is on this computer.

use super::letters::Letter;
use crate::Problem;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    address::Address,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        Error,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use model::SmtpTls;
use std::{error::Error as _, io, time::Duration};

/// A handful of certificates, in bytes.
const CA_MAX: usize = 64 * 1024;
/// A server that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// An account at a mail server.
pub(crate) struct Account {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: SmtpTls,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) from: String,
    /// Certificates, PEM, of whoever vouches for the server besides those whom the system trusts.
    pub(crate) ca: Option<String>,
}

/// Hands one letter to the server.
///
/// # Errors
/// `mail.…`: what the server or the way to it refused, its own words as the detail.
pub(crate) async fn send(account: &Account, to: &str, letter: &Letter) -> Result<(), Problem> {
    let message = Message::builder()
        .from(Mailbox::new(Some("Aidpost".to_owned()), mailbox(&account.from)?))
        .to(Mailbox::new(None, mailbox(to)?))
        .subject(&letter.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.clone())
        .map_err(|error| Problem::said("internal", &error))?;
    transport(account)?.send(message).await.map(drop).map_err(|error| said(&error))
}

fn mailbox(address: &str) -> Result<Address, Problem> {
    address.parse().map_err(|error| Problem::said("mail.recipient", &error))
}

fn transport(account: &Account) -> Result<AsyncSmtpTransport<Tokio1Executor>, Problem> {
    let parameters = || parameters(account);
    let tls = match account.tls {
        SmtpTls::Tls => Tls::Wrapper(parameters()?),
        SmtpTls::StartTls => Tls::Required(parameters()?),
        // Settings come from the remote too: they may not lower this.
        SmtpTls::None if super::is_this_computer(&account.host) => Tls::None,
        SmtpTls::None => return Err(Problem::new("mail.tls_required", None)),
    };
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&account.host)
        .port(account.port)
        .tls(tls)
        .timeout(Some(PATIENCE));
    Ok(match (&account.user, &account.password) {
        (Some(user), Some(password)) => builder.credentials(Credentials::new(user.clone(), password.clone())).build(),
        _ => builder.build(),
    })
}

/// The server must prove its name with a certificate that the system, or the clinic's own authority, vouches for.
fn parameters(account: &Account) -> Result<TlsParameters, Problem> {
    let builder = TlsParameters::builder(account.host.clone());
    let builder = match account.ca.as_deref().map(certificates).transpose()? {
        Some(vouching) => builder.add_root_certificate(vouching),
        None => builder,
    };
    builder.build().map_err(|error| said(&error))
}

/// Reads certificates of an authority; only those, so that nobody keeps a private key here by mistake.
///
/// # Errors
/// `mail.ca_unreadable`.
pub(crate) fn certificates(pem: &str) -> Result<Certificate, Problem> {
    let unreadable = || Problem::new("mail.ca_unreadable", None);
    let begins = |what: &str| pem.matches(&format!("-----BEGIN {what}-----")).count();
    if pem.len() > CA_MAX || begins("CERTIFICATE") == 0 || pem.contains("PRIVATE KEY") {
        return Err(unreadable());
    }
    let read = Certificate::from_pem(pem.as_bytes()).map_err(|_| unreadable())?;
    // Only when it is used is each of them looked at.
    let tried = TlsParameters::builder("localhost".to_owned()).add_root_certificate(read.clone()).build();
    tried.map_err(|_| unreadable())?;
    Ok(read)
}

/// What a refusal is about. Reply codes by RFC 5321 and RFC 4954.
fn said(error: &Error) -> Problem {
    let reply = error.status().map(u16::from);
    let (code, passing) = match reply {
        Some(454 | 530 | 534 | 535 | 538) => ("mail.login", false),
        Some(450 | 550..=553) => ("mail.recipient", false),
        Some(400..=499) => ("mail.busy", true),
        Some(_) => ("mail.refused", false),
        None if error.is_tls() || is_about_tls(error) => ("mail.tls", false),
        None if error.is_timeout() => ("mail.unreachable", true),
        None if error.is_client() && error.to_string().contains("uthentication") => ("mail.login", false),
        None if error.is_client() => ("mail.no_starttls", false),
        None if error.is_response() => ("mail.not_smtp", false),
        None => ("mail.unreachable", true),
    };
    let problem = Problem::said(code, &WithCause(error));
    if passing { problem.passing() } else { problem }
}

/// rustls reports what is wrong with a certificate as an error of input or output.
pub(crate) fn is_about_tls(error: &dyn std::error::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        source = cause.source();
    }
    false
}

struct WithCause<'a>(&'a Error);

impl std::fmt::Display for WithCause<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        match self.0.source() {
            Some(cause) if !self.0.to_string().contains(&cause.to_string()) => write!(f, ": {cause}"),
            _ => Ok(()),
        }
    }
}
