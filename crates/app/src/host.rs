//! The link host: serves hosted links from a database, with a login that reads them and counts. It holds no key, opens no vault and keeps
//! no state; several may serve the same links, side by side.

mod links;
pub(crate) mod log;

use crate::{Clock, Problem};
pub use links::HostedLinks;
use share::serve::{self, Bounds, Pace, TicketKey, Tls};
use std::{net::SocketAddr, sync::Arc};
use sync::{Address, remote::mongo::MongoRemote};
use tokio::net::TcpListener;

/// How many connections a host serves at once, and of each address. Whoever keeps connections open without asking holds up themself.
const CONNECTIONS: usize = 1_024;
const EACH_ADDRESS: usize = 64;

/// How a link host runs.
pub struct HostOptions {
    /// Connection string of the database, with the host's login.
    pub database: String,
    /// The host's own address as links name it, such as `https://links.example.org`.
    pub public: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Certificate and key, PEM; without them it speaks plain HTTP, which [`PublicAddress`] allows on loopback or behind a proxy alone.
    pub tls: Option<(Vec<u8>, Vec<u8>)>,
    /// Plain HTTP although others can reach it.
    pub plain: bool,
    /// A proxy of ours is in front, and says where requests come from.
    pub behind_proxy: bool,
    /// What all hosts of the same links derive the key of their tickets from; without it the tickets are good at this process alone.
    pub ticket_secret: Option<String>,
    /// How often one address may ask for one link.
    pub pace: Pace,
}

/// A host that listens and is ready to serve.
pub struct Host {
    listener: TcpListener,
    links: Arc<HostedLinks>,
    options: serve::Options,
    bounds: Bounds,
}

impl Host {
    /// Checks the options, meets the database, and listens.
    ///
    /// # Errors
    /// `host_address` for an address that links cannot name, `host_plain` for plain HTTP that others can reach, `link_host_failed` where it
    /// cannot listen; those of a certificate and of a connection.
    pub async fn open(options: HostOptions, clock: Arc<dyn Clock>) -> Result<Host, Problem> {
        let public = PublicAddress::parse(&options.public)?;
        let tls = options.tls.as_ref().map(|(certificate, key)| Tls::from_pem(certificate, key)).transpose()?;
        let guarded = tls.is_some() || options.listen.ip().is_loopback() || options.plain || options.behind_proxy;
        if !guarded {
            return Err(Problem::new("host_plain", None));
        }
        let ticket_key = match options.ticket_secret.as_deref() {
            Some(secret) => TicketKey::from_secret(secret)?,
            None => TicketKey::make()?,
        };
        let remote = MongoRemote::connect_host(&Address::parse(&options.database)?).await?;
        // One that cannot read is told now, not to the first reader.
        remote.hosted_link(&[0; 32]).await?;
        let failed = |error| Problem::said("link_host_failed", &error);
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        Ok(Host {
            links: Arc::new(HostedLinks::new(remote, clock)),
            options: serve::Options {
                allowed_hosts: vec![public.authority],
                https: public.https,
                behind_proxy: options.behind_proxy,
                ticket_key,
                pace: options.pace,
            },
            bounds: Bounds {
                tls,
                connections: Some(CONNECTIONS),
                each_address: (!options.behind_proxy).then_some(EACH_ADDRESS),
            },
            listener,
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// `link_host_failed`.
    pub fn at(&self) -> Result<SocketAddr, Problem> {
        self.listener.local_addr().map_err(|error| Problem::said("link_host_failed", &error))
    }

    /// Serves until `stop` completes; then writes down what is still to be written.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let router = serve::router(self.links.clone(), self.options);
        serve::run(self.listener, router, self.bounds, stop).await;
        self.links.close().await;
    }
}

/// The address of a link host as links name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddress {
    /// Do readers come by https?
    pub https: bool,
    /// Name and port.
    pub authority: String,
}

impl PublicAddress {
    /// Reads `https://name[:port]`; `http` where the host is this computer's alone.
    ///
    /// # Errors
    /// `host_address`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let wrong = || Problem::new("host_address", None);
        let url = reqwest::Url::parse(text.trim()).map_err(|_| wrong())?;
        let name = url.host_str().ok_or_else(wrong)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let bare = bare && url.username().is_empty() && url.password().is_none();
        let https = url.scheme() == "https";
        let authority = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let address = PublicAddress { https, authority };
        let short = address.base().len() + "/shl/".len() + LINK_ID <= share::link::URL_MAX;
        if !(bare && short && (https || url.scheme() == "http" && share::link::is_loopback(name))) {
            return Err(wrong());
        }
        Ok(address)
    }

    /// The beginning of its links' addresses.
    pub fn base(&self) -> String {
        format!("{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }

    /// What a link begins with that opens in any browser.
    pub fn viewer(&self) -> String {
        format!("{}{}#", self.base(), serve::VIEWER)
    }
}

/// Characters of the random part of a link's address.
const LINK_ID: usize = 43;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_by_scheme_name_and_port_alone() {
        let base =
            |text: &str| PublicAddress::parse(text).map(|address| address.base()).map_err(|problem| problem.code);
        assert_eq!(base(" https://links.example.org/ ").unwrap(), "https://links.example.org");
        assert_eq!(base("https://links.example.org:8443").unwrap(), "https://links.example.org:8443");
        assert_eq!(base("http://127.0.0.1:8417").unwrap(), "http://127.0.0.1:8417");
        assert_eq!(base("http://[::1]:8417").unwrap(), "http://[::1]:8417");
        let long = format!("https://{}.example.org", "x".repeat(61));
        for wrong in [
            "links.example.org",
            "http://links.example.org",
            "https://links.example.org/shl",
            "https://u:p@links.example.org",
            "https://links.example.org/?a",
            "ftp://links.example.org",
            &long,
        ] {
            assert_eq!(base(wrong), Err("host_address".to_owned()), "{wrong}");
        }
        assert_eq!(
            PublicAddress::parse("https://links.example.org").unwrap().viewer(),
            "https://links.example.org/view#"
        );
    }
}
