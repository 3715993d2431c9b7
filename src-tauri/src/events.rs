//! What the window is told without asking.

use crate::anew;
use app::{App, Event, views::Stage};
use std::sync::Arc;
use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::error::RecvError;

/// The name under which every event goes out; its payload says what kind it is.
const CHANNEL: &str = "aidpost";

/// Passes everything on, until the program ends.
pub fn pass_on(handle: &AppHandle, app: &Arc<App>) {
    let (handle, mut events) = (handle.clone(), app.events());
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(Event::Browse { address }) => browse(&address),
                // The window goes with the process: what the page and the keys left in memory is gone.
                Ok(Event::Session { stage: Stage::Locked }) => handle.exit(anew::CODE),
                Ok(event) => emit(&handle, &event),
                // The window asks again for what it shows when the next event comes; nothing is lost but a hint.
                Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "the window was told too much at once"),
                Err(RecvError::Closed) => return,
            }
        }
    });
}

fn emit(handle: &AppHandle, event: &Event) {
    if let Err(error) = handle.emit(CHANNEL, event) {
        tracing::warn!(%error, "the window could not be told");
    }
}

/// Only the program's own addresses come here: the window has no command that opens one. Without a browser the window shows the
/// address, to be carried over.
fn browse(address: &str) {
    if let Err(error) = tauri_plugin_opener::open_url(address, None::<&str>) {
        tracing::warn!(%error, "the browser could not be opened");
    }
}
