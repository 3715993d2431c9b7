//! Requests to a provider: over TLS, without redirects, of bounded size and time.

use crate::{
    Problem,
    sending::{is_this_computer, smtp::is_about_tls},
};
use openidconnect::{
    AsyncHttpClient, HttpRequest, HttpResponse,
    http::{Response, header::CONTENT_TYPE},
    url::Url,
};
use std::{future::Future, pin::Pin, time::Duration};

/// A provider that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(20);
/// Discovery documents and key sets of large providers are some 20 KB.
const ANSWER_MAX: usize = 256 * 1024;

/// The client.
pub(crate) struct Web(reqwest::Client);

impl Web {
    pub(crate) fn new() -> Result<Self, Problem> {
        let client = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build();
        client.map(Web).map_err(|error| Problem::said("no_tls", &error))
    }

    async fn fetch(&self, request: HttpRequest) -> Result<HttpResponse, Problem> {
        let request = reqwest::Request::try_from(request).map_err(|error| Problem::said("internal", &error))?;
        need_safe(request.url())?;
        let mut answer = self.0.execute(request).await.map_err(said)?;
        if answer.status().is_redirection() {
            return Err(Problem::new("oidc.redirected", None));
        }
        let mut made = Response::builder().status(answer.status());
        if let Some(kind) = answer.headers().get(CONTENT_TYPE) {
            made = made.header(CONTENT_TYPE, kind);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(said)? {
            if body.len() + chunk.len() > ANSWER_MAX {
                return Err(Problem::new("oidc.too_large", None));
            }
            body.extend_from_slice(&chunk);
        }
        made.body(body).map_err(|error| Problem::said("internal", &error))
    }
}

impl<'c> AsyncHttpClient<'c> for Web {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Problem>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.fetch(request))
    }
}

/// Protected on its way, or not leaving this computer.
pub(crate) fn need_safe(address: &Url) -> Result<(), Problem> {
    let host = address.host_str().unwrap_or_default();
    let here = || is_this_computer(host.trim_start_matches('[').trim_end_matches(']'));
    match address.scheme() {
        "https" => Ok(()),
        "http" if here() => Ok(()),
        _ => Err(Problem::new("oidc.tls_required", None)),
    }
}

/// Addresses may hold a code: they are not told on.
fn said(error: reqwest::Error) -> Problem {
    let error = error.without_url();
    match is_about_tls(&error) {
        true => Problem::said("oidc.tls", &error),
        false => Problem::said("oidc.unreachable", &error).passing(),
    }
}
