//! Shares that work from anywhere: where they are served, and how their links are handed over.

use crate::{Problem, Session, host::PublicAddress, hosted};
use model::ShareToken;
use share::Link;
use std::sync::Arc;

/// Where shares are served that work from anywhere.
pub(super) fn link_host(session: &Session) -> Result<PublicAddress, Problem> {
    if crate::syncing::remote_setting(session)?.is_none() {
        return Err(Problem::new("no_remote", None));
    }
    hosted::address(session)?.ok_or_else(|| Problem::new("no_link_host", None))
}

/// Tells the link host now. What cannot be told now is told by the next exchange, and the screen says that it was not.
pub(super) async fn tell_host(session: &Arc<Session>) {
    if let Err(problem) = hosted::exchange(session).await {
        tracing::info!(code = problem.code, "the link host could not be told");
    }
}

/// The link as it is handed over: where a host serves it, it opens in any browser, by the host's own page.
pub(super) fn shown_link(token: &ShareToken, link: &Link) -> Result<String, Problem> {
    match &token.link_host {
        None => Ok(token.encrypted_token.clone()),
        Some(host) => Ok(link.to_text_for(&PublicAddress::parse(host)?.viewer())?.to_string()),
    }
}

pub(super) fn reach(token: &ShareToken, link: &Link) -> &'static str {
    if token.link_host.is_some() { "host" } else { crate::lan::reach_of(link.url()) }
}
