//! The window itself, and its last size.

use app::{App, look::WindowSize, views::LockReason};
use std::sync::Arc;
use tauri::{AppHandle, Manager, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent};

/// Set by a web driver; see [`open`].
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Opens the window that tauri.conf.json describes, in the size that it had last. It keeps nothing on the disk (no cache, no storage),
/// except under a web driver, which cannot reach a window that keeps nothing.
pub fn open(app: &AppHandle) -> Result<(), Box<dyn std::error::Error>> {
    let Some(config) = app.config().app.windows.first() else { return Err("no window is described".into()) };
    let private = std::env::var_os(AUTOMATION).is_none();
    let mut builder = WebviewWindowBuilder::from_config(app, config)?.incognito(private);
    if let Some(size) = app.state::<Arc<App>>().window_size() {
        builder = builder.inner_size(size.width.into(), size.height.into()).maximized(size.maximized);
    }
    builder.build()?;
    Ok(())
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
