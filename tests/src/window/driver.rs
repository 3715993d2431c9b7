//! The process that drives a window, and its end on every way out.

use crate::trouble::{Result, Trouble};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START_TIME: Duration = Duration::from_secs(20);

/// A running WebKitWebDriver. When it is dropped, it and everything that it started are killed.
pub struct Driver {
    child: Child,
    /// Where it listens on 127.0.0.1.
    pub port: u16,
}

impl Driver {
    /// Starts one whose windows live in `home` alone: home folder, settings, caches and vaults. `more` is put into its environment.
    ///
    /// # Errors
    /// [`Trouble::NoDisplay`], [`Trouble::Driver`].
    pub fn start(home: &Path, more: &[(&str, &Path)]) -> Result<Driver> {
        if std::env::var_os("DISPLAY").is_none_or(|display| display.is_empty()) {
            return Err(Trouble::NoDisplay);
        }
        let port = free_port()?;
        let child = command(home, port)?
            .envs(more.iter().copied())
            .spawn()
            .map_err(|error| Trouble::Driver(error.to_string()))?;
        let mut driver = Driver { child, port };
        driver.wait_until_it_listens()?;
        Ok(driver)
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        let deadline = Instant::now() + START_TIME;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.child.try_wait()? {
                return Err(Trouble::Driver(format!("it ended at once ({status})")));
            }
            if Instant::now() > deadline {
                return Err(Trouble::Driver("it does not listen".to_owned()));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The driver leads a process group of its own, and the window and its helpers are in it.
        let group = format!("-{}", self.child.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        if !killed.is_ok_and(|status| status.success()) {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

fn command(home: &Path, port: u16) -> Result<Command> {
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={port}")).process_group(0);
    for (name, folder) in [
        ("HOME", "home"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("AIDPOST_HOME", "vaults"),
    ] {
        let folder = home.join(folder);
        std::fs::create_dir_all(&folder)?;
        command.env(name, folder);
    }
    for (name, value) in [
        ("TAURI_AUTOMATION", "true"),
        ("TAURI_WEBVIEW_AUTOMATION", "true"),
        // The program leaves the renderer alone once this is set; with "1" WebKitGTK 2.50 never answers for a picture.
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "0"),
        ("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1"),
        ("MESA_SHADER_CACHE_DISABLE", "true"),
        ("NO_AT_BRIDGE", "1"),
        ("LANG", "en_GB.UTF-8"),
        ("LC_ALL", "C.UTF-8"),
        ("LANGUAGE", "en"),
        ("TZ", "UTC"),
    ] {
        command.env(name, value);
    }
    let log = std::fs::File::create(home.join("window.log"))?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Ok(command)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// A program of this workspace as it was built for tests.
///
/// # Errors
/// [`Trouble::NotBuilt`].
pub fn built(name: &str) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from).unwrap_or_else(|| root().join("target"));
    let target = if target.is_absolute() { target } else { root().join(target) };
    let program = target.join("debug").join(name);
    if program.is_file() { Ok(program) } else { Err(Trouble::NotBuilt(program)) }
}

/// Where the pictures go: `AIDPOST_ARTEFACTS`, else `target/artefacts`.
pub fn artefacts() -> PathBuf {
    let given = std::env::var_os("AIDPOST_ARTEFACTS").map(PathBuf::from);
    given.map_or_else(
        || root().join("target/artefacts"),
        |folder| if folder.is_absolute() { folder } else { root().join(folder) },
    )
}

/// The workspace's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
