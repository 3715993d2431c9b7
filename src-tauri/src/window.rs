//! The window itself.

use tauri::{AppHandle, WebviewWindowBuilder};

/// Set by a web driver; see [`open`].
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Opens the window that tauri.conf.json describes. It keeps nothing on the disk (no cache, no storage), except under a web
/// driver, which cannot reach a window that keeps nothing.
pub fn open(app: &AppHandle) -> Result<(), Box<dyn std::error::Error>> {
    let Some(config) = app.config().app.windows.first() else { return Err("no window is described".into()) };
    let private = std::env::var_os(AUTOMATION).is_none();
    WebviewWindowBuilder::from_config(app, config)?.incognito(private).build()?;
    Ok(())
}
