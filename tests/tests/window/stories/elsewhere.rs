//! Content that names an address elsewhere: nothing is fetched from there, whatever it is written as.

use crate::support::{SLOW, unlock};
use aidpost_tests::desk::Desk;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

/// Everything by which a page can reach out.
const REACH_OUT: &str = "const to = (way) => `http://127.0.0.1:${arguments[0]}/${way}`;\
    const put = (tag, values) => document.body.append(Object.assign(document.createElement(tag), values));\
    put('img', { src: to('img') });\
    put('img', { srcset: to('srcset') });\
    put('script', { src: to('script') });\
    put('link', { rel: 'stylesheet', href: to('style') });\
    put('link', { rel: 'icon', href: to('icon') });\
    put('link', { rel: 'preload', as: 'image', href: to('preload') });\
    put('link', { rel: 'prefetch', href: to('prefetch') });\
    put('iframe', { src: to('frame') });\
    put('object', { data: to('object') });\
    put('video', { src: to('video'), poster: to('poster'), autoplay: true });\
    put('style', { textContent: `@import '${to('import')}'; @font-face { font-family: far; src: url('${to('font')}'); } body { font-family: far; background: url('${to('background')}'); }` });\
    put('form', { action: to('form'), method: 'post' });\
    document.forms[document.forms.length - 1].submit();\
    fetch(to('fetch')).catch(() => {});\
    navigator.sendBeacon(to('beacon'), 'x');\
    try { new WebSocket(to('socket').replace('http', 'ws')); } catch {}\
    try { new EventSource(to('events')); } catch {}\
    try { window.open(to('open')); } catch {}\
    window.location.assign(to('navigation'));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_fetched_from_an_address_in_content() -> Result<()> {
    let home = tempfile::tempdir()?;
    Desk::make_clinic(&home.path().join("vaults")).await?.leave().await;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let asked = Arc::<AtomicUsize>::default();
    tokio::spawn(count(listener, asked.clone()));
    TcpStream::connect(("127.0.0.1", port)).await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(asked.load(Ordering::SeqCst), 1, "whoever comes is counted");

    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    window.run(REACH_OUT, vec![json!(port)]).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the window asked for something elsewhere");
    // The page is still the program's own.
    window.link("Patients").await?;
    window.sees_within("Register a patient", SLOW).await?;
    window.end().await
}

async fn count(listener: TcpListener, asked: Arc<AtomicUsize>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        asked.fetch_add(1, Ordering::SeqCst);
        drop(stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await);
    }
}
