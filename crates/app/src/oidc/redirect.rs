//! Where the browser comes back to: `http://127.0.0.1:<any free port>/cb`, answered once (RFC 8252, 7.3).

use crate::Problem;
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, sync::oneshot};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Names and values, as they came.
pub(crate) type Answer = Vec<(String, String)>;

/// Listens until it has answered once, or is dropped.
pub(crate) struct Redirect {
    /// What the provider is told to send the browser to.
    pub(crate) address: String,
    answer: oneshot::Receiver<Answer>,
    _stop: DropGuard,
}

struct Once {
    host: String,
    page: String,
    answer: Mutex<Option<oneshot::Sender<Answer>>>,
}

impl Redirect {
    /// Begins to listen. The browser is shown this page when it comes.
    pub(crate) async fn listen(page: String) -> Result<Self, Problem> {
        let failed = |error: std::io::Error| Problem::said("oidc.no_port", &error);
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.map_err(failed)?;
        let host = listener.local_addr().map_err(failed)?.to_string();
        let address = format!("http://{host}/cb");
        let (sender, answer) = oneshot::channel();
        let once = Arc::new(Once { host, page, answer: Mutex::new(Some(sender)) });
        let router = Router::new().route("/cb", get(take)).with_state(once);
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
                tracing::warn!(%error, "the browser cannot come back");
            }
        });
        Ok(Redirect { address, answer, _stop: stop.drop_guard() })
    }

    /// Waits for the browser.
    ///
    /// # Errors
    /// `oidc.timeout`.
    pub(crate) async fn answer(self, patience: Duration) -> Result<Answer, Problem> {
        match tokio::time::timeout(patience, self.answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(_) => Err(Problem::new("oidc.timeout", None)),
        }
    }
}

async fn take(State(once): State<Arc<Once>>, headers: HeaderMap, Query(answer): Query<Answer>) -> Response {
    // A page elsewhere whose name was made to lead here has another one.
    if headers.get(header::HOST).is_none_or(|host| host.as_bytes() != once.host.as_bytes()) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let sender = once.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
    match sender.map(|sender| sender.send(answer)) {
        Some(Ok(())) => shown(&once.page),
        Some(Err(_)) | None => StatusCode::GONE.into_response(),
    }
}

fn shown(page: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::CONNECTION, "close"),
    ];
    (headers, page.to_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn redirect() -> Redirect {
        drop(rustls::crypto::ring::default_provider().install_default());
        Redirect::listen("<p>back</p>".to_owned()).await.unwrap()
    }

    #[tokio::test]
    async fn it_is_answered_once_and_then_is_gone() {
        let redirect = redirect().await;
        let address = format!("{}?code=a&state=b%26c", redirect.address);
        let other = redirect.address.replace("/cb", "/favicon.ico");
        assert_eq!(reqwest::get(other).await.unwrap().status(), 404);
        let first = reqwest::get(&address).await.unwrap();
        assert_eq!((first.status().as_u16(), first.headers()["cache-control"].to_str().unwrap()), (200, "no-store"));
        assert_eq!(first.text().await.unwrap(), "<p>back</p>");
        assert_eq!(reqwest::get(&address).await.unwrap().status(), 410, "it is not taken twice");
        let answer = redirect.answer(Duration::from_secs(1)).await.unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(answer, [pair("code", "a"), pair("state", "b&c")]);
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(reqwest::get(&address).await.is_err(), "nobody listens any more");
    }

    #[tokio::test]
    async fn a_name_that_only_leads_here_is_refused() {
        let redirect = redirect().await;
        let asked = reqwest::Client::new().get(&redirect.address).header("host", "evil.example");
        assert_eq!(asked.send().await.unwrap().status(), 421);
    }

    #[tokio::test]
    async fn a_browser_that_does_not_come_is_given_up() {
        let redirect = redirect().await;
        let address = redirect.address.clone();
        assert_eq!(redirect.answer(Duration::from_millis(50)).await.unwrap_err().code, "oidc.timeout");
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(reqwest::get(&address).await.is_err());
    }
}
