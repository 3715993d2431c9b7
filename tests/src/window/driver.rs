//! The program with its window, the process that drives it, and their end on every way out.

use crate::trouble::{Result, Trouble};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START_TIME: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(50);
/// The name of the program's processes, as the system keeps it: fifteen letters.
const NAME: &str = "aidpost-desktop";

/// A process that leads a group of its own. When it is dropped, it and everything that it started are killed.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        if !killed.is_ok_and(|status| status.success()) {
            drop(self.0.kill());
        }
        drop(self.0.wait());
    }
}

/// The running program. It may start itself anew: its processes stay in one group.
pub struct Program {
    group: Group,
    /// Where its web view waits for a driver, on 127.0.0.1.
    inspector: u16,
}

impl Program {
    /// Starts it in a world of its own: home folder, settings, caches and vaults lie in `home`. `more` is put into its environment,
    /// `words` onto its command line.
    ///
    /// # Errors
    /// [`Trouble::NoDisplay`], [`Trouble::NotBuilt`], [`Trouble::Io`].
    pub fn start(home: &Path, more: &[(&str, &Path)], words: &[String]) -> Result<Program> {
        if std::env::var_os("DISPLAY").is_none_or(|display| display.is_empty()) {
            return Err(Trouble::NoDisplay);
        }
        let inspector = free_port()?;
        let mut command = program(home)?;
        command.env("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{inspector}")).envs(more.iter().copied()).args(words);
        Ok(Program { group: Group(command.spawn()?), inspector })
    }

    /// The processes of the program itself that run now, without the helpers of its web view.
    ///
    /// # Errors
    /// [`Trouble::Io`].
    pub fn processes(&self) -> Result<Vec<u32>> {
        let own = |pid: u32| about(pid).is_some_and(|(name, group)| name == NAME && group == self.group.0.id());
        Ok(running()?.into_iter().filter(|pid| own(*pid)).collect())
    }

    /// All processes that belong to it, the helpers of its web view too.
    ///
    /// # Errors
    /// [`Trouble::Io`].
    pub fn family(&self) -> Result<Vec<u32>> {
        let own = |pid: u32| about(pid).is_some_and(|(_, group)| group == self.group.0.id());
        Ok(running()?.into_iter().filter(|pid| own(*pid)).collect())
    }

    /// Waits until none of the processes `before` runs any more, and another one is there in their place.
    ///
    /// # Errors
    /// [`Trouble::Driver`] when it does not come.
    pub async fn is_anew(&self, before: &[u32]) -> Result<()> {
        let deadline = Instant::now() + START_TIME;
        loop {
            let now = self.processes()?;
            if !now.is_empty() && now.iter().all(|pid| !before.contains(pid)) {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(Trouble::Driver(format!("the program was not started anew: {before:?}, then {now:?}")));
            }
            tokio::time::sleep(GLANCE).await;
        }
    }
}

/// Name and group of a process that has not ended.
fn about(pid: u32) -> Option<(String, u32)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    let (state, group) = (words.next()?, words.nth(1)?.parse().ok()?);
    (state != "Z").then(|| (name.to_owned(), group))
}

fn running() -> Result<Vec<u32>> {
    let entries = std::fs::read_dir("/proc")?;
    Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect())
}

/// A running WebKitWebDriver.
pub struct Driver {
    _group: Group,
    /// Where it listens on 127.0.0.1.
    pub port: u16,
}

impl Driver {
    /// Starts one that drives the window of a program.
    ///
    /// # Errors
    /// [`Trouble::Driver`].
    pub async fn of(program: &Program) -> Result<Driver> {
        listens(program.inspector).await?;
        let port = free_port()?;
        let child = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), format!("--target=127.0.0.1:{}", program.inspector)])
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Trouble::Driver(error.to_string()))?;
        let driver = Driver { _group: Group(child), port };
        listens(port).await?;
        Ok(driver)
    }
}

async fn listens(port: u16) -> Result<()> {
    let deadline = Instant::now() + START_TIME;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        if Instant::now() > deadline {
            return Err(Trouble::Driver(format!("nothing listens at {port}")));
        }
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}

fn program(home: &Path) -> Result<Command> {
    let mut command = Command::new(built(NAME)?);
    command.process_group(0);
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
