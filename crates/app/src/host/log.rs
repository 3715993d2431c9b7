//! What the host writes down about each request, sealed for the owner of the link.

use crate::{Problem, session::off_thread};
use model::AccessOutcome;
use share::{audit, serve::Asked};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use sync::remote::{
    hosted::{Access, HostedLink},
    mongo::MongoRemote,
};
use uuid::Uuid;

/// How long refusals are gathered before they are written down together, after their answers: a dead link takes no longer than one that
/// never was.
const GATHERED: Duration = Duration::from_secs(1);
/// The most refusals that are gathered; whoever is refused more often in a second is not worth a line each.
const GATHERED_MAX: usize = 256;

/// One request, with what its line is sealed with.
struct Line {
    link: [u8; 32],
    audit_key: Vec<u8>,
    entry: audit::Entry,
    outcome: AccessOutcome,
    at_ms: u64,
}

impl Line {
    fn new(link: &HostedLink, asked: &Asked, outcome: AccessOutcome, at_ms: u64) -> Self {
        Line { link: link.id, audit_key: link.audit_key.clone(), entry: asked.into(), outcome, at_ms }
    }

    fn seal(&self) -> Result<Access, Problem> {
        let id = uuid::Builder::from_unix_timestamp_millis(self.at_ms, &crypto::random::bytes()?).into_uuid();
        let outcome = self.outcome.word().to_owned();
        let body = audit::seal(&self.audit_key, &context(id, &outcome), &self.entry)?;
        Ok(Access { id, link: self.link, at_ms: self.at_ms, outcome, body })
    }
}

/// What a line says in clear, so that its sealed part stands beside nothing else.
pub(crate) fn context(id: Uuid, outcome: &str) -> Vec<u8> {
    [id.as_bytes().as_slice(), outcome.as_bytes()].concat()
}

/// The host's list of requests.
pub(super) struct Journal {
    remote: Arc<MongoRemote>,
    refused: Mutex<Vec<Line>>,
}

impl Journal {
    pub(super) fn new(remote: Arc<MongoRemote>) -> Self {
        Journal { remote, refused: Mutex::default() }
    }

    /// Writes a request down before it is answered.
    pub(super) async fn write(
        &self,
        link: &HostedLink,
        asked: &Asked,
        outcome: AccessOutcome,
        at_ms: u64,
    ) -> Result<(), Problem> {
        let access = Line::new(link, asked, outcome, at_ms).seal()?;
        Ok(self.remote.log_accesses(&[access]).await?)
    }

    /// Keeps a refusal until it is written down with others.
    pub(super) fn gather(self: &Arc<Self>, link: &HostedLink, asked: &Asked, outcome: AccessOutcome, at_ms: u64) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= GATHERED_MAX {
            return;
        }
        refused.push(Line::new(link, asked, outcome, at_ms));
        if refused.len() > 1 {
            return;
        }
        let this = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(GATHERED).await;
            this.write_refused().await;
        });
    }

    /// Writes down what was gathered.
    pub(super) async fn write_refused(&self) {
        let refused = std::mem::take(&mut *self.refused.lock().unwrap_or_else(PoisonError::into_inner));
        if refused.is_empty() {
            return;
        }
        let written = async {
            let sealed = off_thread(move || refused.iter().map(Line::seal).collect::<Result<Vec<_>, _>>()).await?;
            self.remote.log_accesses(&sealed).await.map_err(Problem::from)
        };
        if let Err(problem) = written.await {
            tracing::warn!(code = problem.code, "refused openings were not written down");
        }
    }
}
