//! The page that shows what is in a link to somebody who has no program for it. Static: the link stands behind the `#` of its address,
//! which no browser sends, and is opened in the browser.

use axum::Router;
use axum::body::Body;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use axum::routing::get;

/// Where the page is; links for people without a program begin with the host's address and this, then `#`.
pub const PATH: &str = "/view";

/// What the page may do: run and show what comes from here, ask this host, show pictures that it decrypted. Nothing else, and no text
/// ever becomes markup (Trusted Types).
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src blob:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Each file of the page: where, what, and its text.
const FILES: [(&str, &str, &str); 6] = [
    (PATH, HTML, include_str!("../../viewer/view.html")),
    ("/view/view.css", CSS, include_str!("../../viewer/view.css")),
    ("/view/view.js", JAVASCRIPT, include_str!("../../viewer/view.js")),
    ("/view/link.js", JAVASCRIPT, include_str!("../../viewer/link.js")),
    ("/view/chart.js", JAVASCRIPT, include_str!("../../viewer/chart.js")),
    ("/view/words.js", JAVASCRIPT, include_str!("../../viewer/words.js")),
];

/// The routes of the page.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES.into_iter().fold(Router::new(), |router, (path, kind, text)| {
        router.route(path, get(move || async move { file(kind, text) }).fallback(super::wrong_method))
    })
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let mut answer = Response::new(Body::from(text));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    answer
}
