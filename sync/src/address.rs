//! Where the remote is: a connection string, checked before anything is sent.

use crate::error::{Result, SyncError};
use crate::remote::ServerInfo;
use crate::remote::mongo;
use mongodb::options::{
    AuthMechanism, ClientOptions, ConnectionString, HostInfo, ReadConcern, ServerAddress, Tls, WriteConcern,
};
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// A connection string is never longer than this, in bytes.
const LONGEST: usize = 4_096;
/// The database where the address names none.
pub const DATABASE: &str = "aidpost";
/// How long [`test_connection`] may take.
pub const TEST_TIME: Duration = Duration::from_secs(5);

/// A checked connection string. Its `Debug` shows hosts and database, never the user's name or password.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    uri: String,
    database: String,
    hosts: Vec<String>,
    has_login: bool,
}

impl Address {
    /// Reads and checks a connection string.
    ///
    /// TLS is switched on for every host that is not loopback; an address that switches it off there, or weakens its checks
    /// anywhere, is refused (security page, 9.1).
    ///
    /// # Errors
    /// Those of [`SyncError`] whose code begins with `address.`.
    pub fn parse(text: &str) -> Result<Address> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(SyncError::AddressMalformed("it is longer than 4,096 characters"));
        }
        let srv = text.starts_with("mongodb+srv://");
        if !srv && !text.starts_with("mongodb://") {
            return Err(SyncError::AddressScheme);
        }
        refuse_weak_options(text)?;
        // The driver's own words could repeat parts of the string, so they are not passed on.
        let parsed = ConnectionString::parse(text).map_err(|_| SyncError::AddressMalformed(guess_fault(text)))?;
        check_tls(&parsed, srv)?;
        check_login(&parsed)?;
        let database = parsed.default_database.clone().unwrap_or_else(|| DATABASE.to_owned());
        check_database(&database)?;
        let has_login = parsed.credential.is_some();
        Ok(Address { uri: text.to_owned(), database, hosts: hosts(&parsed), has_login })
    }

    /// Does it carry a login?
    pub fn has_login(&self) -> bool {
        self.has_login
    }

    /// The database that holds the realm.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The same server with another database.
    ///
    /// # Errors
    /// [`SyncError::AddressMalformed`] if MongoDB could not have a database of this name.
    pub fn with_database(&self, database: &str) -> Result<Address> {
        check_database(database)?;
        Ok(Address { database: database.to_owned(), ..self.clone() })
    }

    /// The same server and database with the login of a user who is kept in that database.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn with_login(&self, user: &str, password: &str) -> Result<Address> {
        self.as_whom(&format!("{user}:{password}@"), &[&format!("authSource={}", self.database)])
    }

    /// The same server and database without a login.
    ///
    /// # Errors
    /// As [`Address::parse`].
    pub fn without_login(&self) -> Result<Address> {
        self.as_whom("", &[])
    }

    fn as_whom(&self, login: &str, more: &[&str]) -> Result<Address> {
        let (scheme, rest) = self.uri.split_once("://").ok_or(SyncError::AddressScheme)?;
        let (head, options) = rest.split_once('?').unwrap_or((rest, ""));
        let hosts = head.rsplit_once('@').map_or(head, |(_, hosts)| hosts);
        let hosts = hosts.split_once('/').map_or(hosts, |(hosts, _)| hosts);
        let kept = options.split('&').filter(|option| !option.is_empty() && !is_of_login(option));
        let options = kept.chain(more.iter().copied()).collect::<Vec<_>>().join("&");
        Address::parse(&format!("{scheme}://{login}{hosts}/{}?{options}", self.database))
    }

    /// The whole connection string, secrets included: for the vault, which stores it.
    pub fn secret(&self) -> &str {
        &self.uri
    }

    /// What the driver is told: the string, and all that security 9.1 asks for on top of it.
    pub(crate) async fn options(&self) -> Result<ClientOptions> {
        let parsing = ClientOptions::parse(&self.uri);
        let mut options = parsing.await.map_err(|error| mongo::errors::from_parsing(&error))?;
        if options.tls.is_none() && !options.hosts.iter().all(is_loopback) {
            options.tls = Some(Tls::Enabled(Default::default()));
        }
        if let Some(credential) = options.credential.as_mut().filter(|credential| credential.mechanism.is_none()) {
            credential.mechanism = Some(AuthMechanism::ScramSha256);
        }
        options.app_name = Some("aidpost".to_owned());
        options.retry_reads = Some(true);
        options.retry_writes = Some(true);
        options.read_concern = Some(ReadConcern::majority());
        options.write_concern =
            Some(WriteConcern::builder().w(mongodb::options::Acknowledgment::Majority).journal(true).build());
        options.selection_criteria = None;
        options.max_pool_size = Some(8);
        Ok(options)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}/{})", self.hosts.join(","), self.database)
    }
}

impl std::str::FromStr for Address {
    type Err = SyncError;

    fn from_str(text: &str) -> Result<Address> {
        Address::parse(text)
    }
}

/// Tries an address within [`TEST_TIME`] and changes nothing there: what is set up on the first contact is left for later.
///
/// # Errors
/// One sentence for each cause that a person can act on.
pub async fn test_connection(address: &Address) -> Result<ServerInfo> {
    match tokio::time::timeout(TEST_TIME, mongo::look(address)).await {
        Ok(answer) => answer,
        Err(_) => Err(SyncError::Unreachable),
    }
}

fn is_of_login(option: &str) -> bool {
    let name = option.split('=').next().unwrap_or_default().to_ascii_lowercase();
    ["authsource", "authmechanism", "authmechanismproperties"].contains(&name.as_str())
}

fn refuse_weak_options(text: &str) -> Result<()> {
    let options = text.split_once('?').map_or("", |(_, options)| options);
    for option in options.split(['&', ';']) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let off = value.eq_ignore_ascii_case("false");
        match name.to_ascii_lowercase().as_str() {
            "tlsinsecure" if !off => return Err(SyncError::TlsWeakened("tlsInsecure")),
            "tlsallowinvalidcertificates" if !off => return Err(SyncError::TlsWeakened("tlsAllowInvalidCertificates")),
            "tlsallowinvalidhostnames" if !off => return Err(SyncError::TlsWeakened("tlsAllowInvalidHostnames")),
            "tlsdisableocspendpointcheck" | "tlsdisablecertificaterevocationcheck" if !off => {
                return Err(SyncError::TlsWeakened("revocation checks"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_tls(parsed: &ConnectionString, srv: bool) -> Result<()> {
    if let Some(Tls::Enabled(options)) = &parsed.tls {
        let weak = options.allow_invalid_certificates == Some(true);
        return if weak { Err(SyncError::TlsWeakened("certificate checks")) } else { Ok(()) };
    }
    let off = matches!(parsed.tls, Some(Tls::Disabled));
    let local = match &parsed.host_info {
        HostInfo::HostIdentifiers(hosts) => hosts.iter().all(is_loopback),
        _ => false,
    };
    // An SRV address means TLS unless it says otherwise.
    let safe = local || (srv && !off);
    if safe { Ok(()) } else { Err(SyncError::TlsRequired) }
}

/// `localhost`, 127.0.0.0/8, ::1 and sockets of this computer.
pub(crate) fn is_loopback(server: &ServerAddress) -> bool {
    match server {
        ServerAddress::Tcp { host, .. } => {
            host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        ServerAddress::Unix { .. } => true,
        _ => false,
    }
}

fn check_login(parsed: &ConnectionString) -> Result<()> {
    let mechanism = parsed.credential.as_ref().and_then(|credential| credential.mechanism.as_ref());
    match mechanism {
        None | Some(AuthMechanism::ScramSha256 | AuthMechanism::MongoDbX509) => Ok(()),
        Some(_) => Err(SyncError::LoginMechanism),
    }
}

/// The rules of the MongoDB manual ("Naming Restrictions"), and no system database.
fn check_database(name: &str) -> Result<()> {
    let legal = !name.is_empty()
        && name.len() < 64
        && !name.contains(['/', '\\', '.', ' ', '"', '$', '*', '<', '>', ':', '|', '?', '\0']);
    if !legal {
        return Err(SyncError::AddressMalformed("the database name has a forbidden character or is longer than 63"));
    }
    if matches!(name, "admin" | "local" | "config") {
        return Err(SyncError::AddressMalformed(
            "admin, local and config belong to MongoDB itself; name a database of your own",
        ));
    }
    Ok(())
}

fn hosts(parsed: &ConnectionString) -> Vec<String> {
    match &parsed.host_info {
        HostInfo::HostIdentifiers(hosts) => hosts.iter().map(ToString::to_string).collect(),
        HostInfo::DnsRecord(host) => vec![host.clone()],
        _ => Vec::new(),
    }
}

/// The most usual mistakes, in the order in which the driver would meet them.
fn guess_fault(text: &str) -> &'static str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    let before_options = rest.split_once('?').map_or(rest, |(before, _)| before);
    let (login, hosts) = before_options.rsplit_once('@').map_or(("", before_options), |(login, hosts)| (login, hosts));
    let hosts = hosts.split_once('/').map_or(hosts, |(hosts, _)| hosts);
    if login.contains(['@', '/', '<', '>']) || login.matches(':').count() > 1 {
        return "special characters in the user name or password must be written as %-codes (@ is %40, / is %2F, : is %3A)";
    }
    if hosts.is_empty() {
        return "it names no host";
    }
    if text.starts_with("mongodb+srv://") && hosts.contains([':', ',']) {
        return "a mongodb+srv:// address has exactly one host and no port";
    }
    "the host, the port or an option is wrong"
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        Address::parse(text).map_or_else(|error| error.code(), |_| "ok")
    }

    #[test]
    fn only_mongodb_schemes_are_taken() {
        assert_eq!(code("postgres://db.example/x"), "address.scheme");
        assert_eq!(code("db.example:27017"), "address.scheme");
        assert_eq!(code(""), "address.scheme");
    }

    #[test]
    fn tls_is_required_beyond_loopback() {
        assert_eq!(code("mongodb://db.example/clinic"), "address.tls_required");
        assert_eq!(code("mongodb://db.example/clinic?tls=false"), "address.tls_required");
        assert_eq!(code("mongodb+srv://db.example/clinic?tls=false"), "address.tls_required");
        assert_eq!(code("mongodb://localhost,db.example/clinic"), "address.tls_required");
        assert_eq!(code("mongodb://localhost.db.example/clinic"), "address.tls_required");
        for fine in ["db.example/clinic?tls=true", "localhost/clinic", "127.0.0.1:27099/clinic", "[::1]:27017/clinic"] {
            assert_eq!(code(&format!("mongodb://{fine}")), "ok", "{fine}");
        }
        assert_eq!(code("mongodb+srv://db.example/clinic"), "ok");
    }

    #[test]
    fn weakened_checks_are_refused_everywhere() {
        for option in ["tlsInsecure", "tlsAllowInvalidCertificates", "TLSALLOWINVALIDHOSTNAMES"] {
            assert_eq!(
                code(&format!("mongodb://localhost/c?tls=true&{option}=true")),
                "address.tls_weakened",
                "{option}"
            );
        }
    }

    #[test]
    fn weak_logins_are_refused() {
        assert_eq!(code("mongodb://u:p@localhost/c?authMechanism=PLAIN&authSource=$external"), "address.mechanism");
        assert_eq!(code("mongodb://u:p@localhost/c?authMechanism=SCRAM-SHA-1"), "address.mechanism");
        assert_eq!(code("mongodb://u:p@localhost/c?authMechanism=SCRAM-SHA-256"), "ok");
    }

    #[test]
    fn whether_there_is_a_login_is_known() {
        let has = |text: &str| Address::parse(text).unwrap().has_login();
        assert!(has("mongodb://u:p@localhost/c") && !has("mongodb://localhost/c"));
        assert!(!Address::parse("mongodb://u:p@localhost/c").unwrap().without_login().unwrap().has_login());
    }

    #[test]
    fn faults_are_named_without_repeating_secrets() {
        let cases = [
            ("mongodb://", "no host"),
            ("mongodb://u:p@ss/w@localhost/c", "%-codes"),
            ("mongodb+srv://a.example:27017/c", "exactly one host"),
            ("mongodb://localhost:999999/c", "port"),
        ];
        for (text, part) in cases {
            let error = Address::parse(text).unwrap_err();
            assert_eq!(error.code(), "address.malformed", "{text}");
            assert!(error.to_string().contains(part), "{text}: {error}");
            assert!(!error.to_string().contains("p@ss"));
        }
    }

    #[test]
    fn the_database_is_named_checked_or_the_default() {
        assert_eq!(Address::parse("mongodb://localhost").unwrap().database(), DATABASE);
        assert_eq!(Address::parse("mongodb://localhost/clinic").unwrap().database(), "clinic");
        assert_eq!(code("mongodb://localhost/admin"), "address.malformed");
        let address = Address::parse("mongodb://localhost/clinic").unwrap();
        assert_eq!(address.with_database("other").unwrap().database(), "other");
        assert!(address.with_database("a.b").is_err());
    }

    #[test]
    fn a_login_takes_the_place_of_another_and_the_rest_stays() {
        let with = |text: &str| Address::parse(text).unwrap().with_login("d-1", "pw").unwrap().secret().to_owned();
        let admin = "mongodb://root:secret@db.example.net:27018,db2.example.net/clinic?authSource=admin&replicaSet=rs0&tls=true";
        let device =
            "mongodb://d-1:pw@db.example.net:27018,db2.example.net/clinic?replicaSet=rs0&tls=true&authSource=clinic";
        assert_eq!(with(admin), device);
        assert_eq!(with("mongodb://127.0.0.1/clinic"), "mongodb://d-1:pw@127.0.0.1/clinic?authSource=clinic");
        assert_eq!(
            with("mongodb+srv://a:b@c.example.net"),
            "mongodb+srv://d-1:pw@c.example.net/aidpost?authSource=aidpost"
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", Address::parse("mongodb://ada:geheim@localhost:27017/clinic").unwrap());
        assert_eq!(shown, "Address(localhost:27017/clinic)");
    }
}
