//! The only commands that the window may call. What is asked, by whom and whether it may be: `app` decides.

use app::{App, Problem};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use std::sync::Arc;
use tauri::{
    State,
    http::HeaderMap,
    ipc::{InvokeBody, Request, Response},
};

/// The most bytes that may come with one request.
const BYTES_MAX: usize = 256 * 1024 * 1024;

/// Answers a request.
#[tauri::command]
pub async fn ask(app: State<'_, Arc<App>>, name: String, input: Value) -> Result<Value, Problem> {
    app::answer(app.inner(), &name, input).await
}

/// Answers a request that comes with bytes: its name and input are in the headers, the bytes are the body.
#[tauri::command]
pub async fn ask_bytes(app: State<'_, Arc<App>>, request: Request<'_>) -> Result<Value, Problem> {
    let name = header(request.headers(), "name")?.to_owned();
    let input = decode(header(request.headers(), "input")?)?;
    let InvokeBody::Raw(bytes) = request.body() else { return Err(malformed("the bytes are missing")) };
    if bytes.len() > BYTES_MAX {
        return Err(Problem::new("file_too_large", None));
    }
    app::answer_upload(app.inner(), &name, input, bytes.clone()).await
}

/// Answers a request with bytes.
#[tauri::command]
pub async fn bytes(app: State<'_, Arc<App>>, name: String, input: Value) -> Result<Response, Problem> {
    app::answer_download(app.inner(), &name, input).await.map(Response::new)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Problem> {
    headers.get(name).and_then(|value| value.to_str().ok()).ok_or_else(|| malformed("a header is missing"))
}

fn decode(text: &str) -> Result<Value, Problem> {
    let bytes = STANDARD.decode(text).map_err(|_| malformed("the input is not base64"))?;
    serde_json::from_slice(&bytes).map_err(|_| malformed("the input is not JSON"))
}

fn malformed(what: &str) -> Problem {
    Problem::new("invalid_request", what.to_owned())
}
