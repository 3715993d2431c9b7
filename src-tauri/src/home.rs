//! Where this computer's user keeps vaults.

use std::path::PathBuf;

/// The folder: `AIDPOST_HOME` if set, else the system's place for a program's data.
pub fn folder() -> Result<PathBuf, String> {
    if let Some(folder) = std::env::var_os("AIDPOST_HOME").filter(|folder| !folder.is_empty()) {
        return Ok(PathBuf::from(folder));
    }
    data_folder().map(|folder| folder.join("aidpost")).ok_or_else(|| {
        "There is no place for this program's data: set AIDPOST_HOME to a folder that you can write to.".to_owned()
    })
}

#[cfg(target_os = "linux")]
fn data_folder() -> Option<PathBuf> {
    absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
}

#[cfg(target_os = "macos")]
fn data_folder() -> Option<PathBuf> {
    absolute("HOME").map(|home| home.join("Library/Application Support"))
}

#[cfg(target_os = "windows")]
fn data_folder() -> Option<PathBuf> {
    absolute("LOCALAPPDATA")
}

fn absolute(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}
