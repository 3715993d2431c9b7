//! The window itself, and its last size.

use app::{App, look::WindowSize, views::LockReason};
use std::sync::Arc;
use tauri::{
    AppHandle, Manager, Url, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent, webview::NewWindowResponse,
};

/// Set by a web driver; see [`open`].
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Opens the window that tauri.conf.json describes, in the size that it had last. It keeps nothing on the disk (no cache, no storage),
/// except under a web driver, which cannot reach a window that keeps nothing.
pub fn open(app: &AppHandle) -> Result<(), Box<dyn std::error::Error>> {
    let Some(config) = app.config().app.windows.first() else { return Err("no window is described".into()) };
    let private = std::env::var_os(AUTOMATION).is_none();
    let mut builder = WebviewWindowBuilder::from_config(app, config)?
        .incognito(private)
        .on_navigation(goes)
        .on_new_window(|_, _| NewWindowResponse::Deny);
    if let Some(size) = app.state::<Arc<App>>().window_size() {
        builder = builder.inner_size(size.width.into(), size.height.into()).maximized(size.maximized);
    }
    builder.build()?;
    Ok(())
}

/// The page is the program's own and stays it: whatever stands in a record, nothing leads the window elsewhere. A number to call is
/// for the system's telephone.
fn goes(url: &Url) -> bool {
    let own = is_own(url);
    if url.scheme() == "tel" {
        if let Err(error) = tauri_plugin_opener::open_url(url, None::<&str>) {
            tracing::warn!(%error, "the system did not take a number to call");
        }
    } else if !own {
        tracing::warn!(scheme = url.scheme(), "the window was asked to go elsewhere and stayed");
    }
    own
}

fn is_own(url: &Url) -> bool {
    // What the page itself made, to be saved as a file.
    let made_here = url.scheme() == "blob" && Url::parse(url.path()).is_ok_and(|from| is_page(&from));
    is_page(url) || made_here
}

fn is_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // The web view of Windows knows no scheme of a program's own.
        "http" | "https" => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    }
}

/// A window that is closed by hand keeps what is being written, and goes when the vault is closed.
pub fn heed(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    api.prevent_close();
    let handle = window.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        let app = handle.state::<Arc<App>>().inner().clone();
        app.end_quietly(LockReason::Asked).await;
        handle.exit(0);
    });
}

/// Keeps the size of the window as it is now, while it is still there. Of a window that fills the screen, the size before is kept.
pub fn keep_size(handle: &AppHandle) {
    let Some(window) = handle.webview_windows().into_values().next() else { return };
    let app = handle.state::<Arc<App>>();
    let kept = match size(&window) {
        Ok(size) if size.maximized => WindowSize { maximized: true, ..app.window_size().unwrap_or(size) },
        Ok(size) => size,
        Err(error) => return tracing::warn!(%error, "the window does not say how large it is"),
    };
    if let Err(problem) = app.keep_window_size(kept) {
        tracing::warn!(code = problem.code, "the size of the window was not kept");
    }
}

fn size(window: &WebviewWindow) -> tauri::Result<WindowSize> {
    let size = window.inner_size()?.to_logical::<u32>(window.scale_factor()?);
    Ok(WindowSize { width: size.width, height: size.height, maximized: window.is_maximized()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_goes_to_its_own_page_alone() {
        let own = |text: &str| is_own(&Url::parse(text).unwrap());
        let pages = [
            "tauri://localhost",
            "tauri://localhost/patients?text=a",
            "http://tauri.localhost/",
            "blob:tauri://localhost/1-2",
        ];
        for text in pages {
            assert!(own(text), "{text}");
        }
        let others = [
            "https://example.org/",
            "http://127.0.0.1:8000/",
            "http://tauri.localhost:81/",
            "http://tauri.localhost.example.org/",
            "tauri://elsewhere/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "blob:null/1",
            "tel:+3212345",
            "blob:https://example.org/1",
            "about:blank",
        ];
        for text in others {
            assert!(!own(text), "{text}");
        }
    }
}
