//! `serve`: a link host beside a database, or the live shares of a vault.

use crate::output::Output;
use app::{
    Problem, SystemClock,
    host::{Host, HostOptions},
};
use clap::Args;
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

/// With `--public` everything that a link host needs is on the command line, but for its secrets: the address of the database with the
/// host's login comes from AIDPOST_HOST_DATABASE or standard input, the secret of the tickets from AIDPOST_TICKET_SECRET or a file.
#[derive(Args)]
pub struct Serve {
    /// The host's own address as links name it, such as https://links.example.org.
    #[arg(long, value_name = "ADDRESS")]
    public: Option<String>,
    /// Where it listens.
    #[arg(long, requires = "public", default_value = "127.0.0.1:8417", value_name = "IP:PORT")]
    listen: SocketAddr,
    /// Certificate, PEM, with those that vouch for it. Read once: after a renewal the host is started again.
    #[arg(long, requires_all = ["public", "private_key"], value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The certificate's private key, PEM.
    #[arg(long, requires = "certificate", value_name = "FILE")]
    private_key: Option<PathBuf>,
    /// Plain HTTP although others can reach it. Whoever reads along sees recipients and passcodes, and never what is shared.
    #[arg(long, requires = "public", conflicts_with = "certificate")]
    plain: bool,
    /// A proxy of yours is in front: plain HTTP, and X-Forwarded-For says where requests come from. Nobody else may reach the port.
    #[arg(long, requires = "public", conflicts_with = "certificate")]
    behind_proxy: bool,
    /// A file with a secret of at least 32 characters that all hosts of the same links share, so that each takes the tickets of the
    /// others. Where it is missing, each takes its own.
    #[arg(long, requires = "public", value_name = "FILE")]
    ticket_secret: Option<PathBuf>,
}

impl Serve {
    /// Is it a link host that is asked for?
    pub fn is_host(&self) -> bool {
        self.public.is_some()
    }

    /// Serves until Ctrl C, or until the system asks it to end.
    pub async fn host(&self, output: &Output) -> Result<(), Problem> {
        let host = Host::open(self.options()?, Arc::new(SystemClock)).await?;
        output.text(&format!("Serving hosted links at {}. Stop with Ctrl C.", host.at()?));
        host.serve(stop_asked()).await;
        Ok(())
    }

    fn options(&self) -> Result<HostOptions, Problem> {
        let secret = match (std::env::var("AIDPOST_TICKET_SECRET"), &self.ticket_secret) {
            (Ok(secret), _) => Some(secret),
            (Err(_), Some(file)) => Some(text(crate::read(file)?)?),
            (Err(_), None) => None,
        };
        let pem = |file: &Option<PathBuf>| file.as_deref().map(crate::read).transpose();
        Ok(HostOptions {
            public: self.public.clone().unwrap_or_default(),
            listen: self.listen,
            tls: pem(&self.certificate)?.zip(pem(&self.private_key)?),
            plain: self.plain,
            behind_proxy: self.behind_proxy,
            ticket_secret: secret,
            pace: Default::default(),
            database: crate::secret("AIDPOST_HOST_DATABASE")?,
        })
    }
}

fn text(bytes: Vec<u8>) -> Result<String, Problem> {
    String::from_utf8(bytes).map_err(|error| Problem::said("file_not_readable", &error))
}

/// Ctrl C, or the signal by which systems end services.
async fn stop_asked() {
    #[cfg(unix)]
    {
        let terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminated) = terminated {
            tokio::select! {
                _ = terminated.recv() => return,
                asked = tokio::signal::ctrl_c() => return drop(asked),
            }
        }
    }
    // Without a way to be asked it would never end.
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "no signal can be heard");
    }
}
