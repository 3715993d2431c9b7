//! The desktop shell: one command in, events out. It decides nothing: requests go to [`app`], and so do their refusals.
//!
//! - [`door`]: the three commands that the window may call
//! - [`events`]: what the window is told without asking
//! - [`window`]: the window itself, and its last size
//! - [`anew`]: the process after the lock
//! - [`home`]: where this computer's user keeps vaults

mod anew;
mod door;
mod events;
mod home;
mod window;

use app::{App, Options, SystemClock, views::LockReason};
use std::{process::ExitCode, sync::Arc};
use tauri::{Manager, RunEvent};

/// Runs the window until it is closed.
pub fn run() -> ExitCode {
    tracing_subscriber::fmt().with_env_filter(filter()).with_writer(std::io::stderr).init();
    prepare_web_view();
    app::hardening::forbid_dumps();
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::warn!("another cryptography provider was installed before ours");
    }
    let root = match home::folder() {
        Ok(root) => root,
        Err(problem) => {
            tracing::error!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let app = App::new(
        &root,
        Arc::new(SystemClock),
        Options { idle_lock: true, window: true, keychain: app::keychain::is_wanted(), ..Options::default() },
    );
    app.remember_lock(anew::read(std::env::args().skip(1)));
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(app.clone())
        .setup(|app| window::open(app.handle()))
        .on_window_event(window::heed)
        .invoke_handler(tauri::generate_handler![door::ask, door::ask_bytes, door::bytes])
        .build(tauri::generate_context!());
    let window = match built {
        Ok(window) => window,
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            return ExitCode::FAILURE;
        }
    };
    events::pass_on(window.handle(), &app);
    let program = tauri::process::current_binary(&window.env());
    let code = window.run_return(|handle, event| {
        if let RunEvent::ExitRequested { .. } = event {
            window::keep_size(handle);
            close(handle);
        }
    });
    if code == anew::CODE {
        return anew::start(program, app.locked().as_ref());
    }
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Ends the tasks and closes the vault before the process goes.
fn close(handle: &tauri::AppHandle) {
    let app = handle.state::<Arc<App>>().inner().clone();
    tauri::async_runtime::block_on(async move { app.end_quietly(LockReason::Asked).await });
}

/// Some graphics drivers leave the window blank with the default renderer (tauri-apps/tauri#9394). The web view reads this from
/// the environment, which a running process may not change safely: the program starts itself anew with it set.
#[cfg(target_os = "linux")]
fn prepare_web_view() {
    use std::os::unix::process::CommandExt;
    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(RENDERER).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(RENDERER, "1").exec();
        tracing::warn!(%error, "the program could not start anew; the window may stay blank on some drivers");
    }
}

#[cfg(not(target_os = "linux"))]
fn prepare_web_view() {}

fn filter() -> tracing_subscriber::EnvFilter {
    tracing_subscriber::EnvFilter::try_from_env("AIDPOST_LOG").unwrap_or_else(|_| "warn,app=info,sync=info".into())
}
