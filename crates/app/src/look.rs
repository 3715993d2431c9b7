//! How the window looks before anybody is known: language, colours, size. It lies beside the vaults and holds nothing of a person; the
//! web view itself keeps nothing on the disk.

use crate::{
    App, Problem,
    problem::invalid,
    session::off_thread,
    views::{LookView, Nothing},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    sync::Arc,
};

const FILE: &str = "shell.json";
/// The file is a few bytes; a longer one is not ours.
const FILE_MAX: u64 = 4 * 1024;
/// No window is smaller than the words need, nor larger than a wall of screens, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 320..=20_000;

/// The size of the window, in logical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowSize {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Does it fill the screen?
    pub maximized: bool,
}

#[derive(Default, Serialize)]
struct Shell {
    look: LookView,
    window: Option<WindowSize>,
}

/// How the window looks; what was never chosen, or does not read, is as the computer has it.
pub async fn get(app: &Arc<App>, _: Nothing) -> Result<LookView, Problem> {
    let this = app.clone();
    off_thread(move || Ok(read(this.root()).look)).await
}

/// Keeps how the window looks.
pub async fn set(app: &Arc<App>, look: LookView) -> Result<LookView, Problem> {
    if look != bounded(look.clone()) {
        return Err(invalid("look"));
    }
    let this = app.clone();
    off_thread(move || {
        this.change_shell(|shell| shell.look = look.clone())?;
        Ok(look)
    })
    .await
}

impl App {
    /// The window's last size, where it was kept.
    pub fn window_size(&self) -> Option<WindowSize> {
        read(self.root()).window
    }

    /// Keeps the window's size.
    ///
    /// # Errors
    /// `folder_not_writable`.
    pub fn keep_window_size(&self, size: WindowSize) -> Result<(), Problem> {
        self.change_shell(|shell| shell.window = Some(size))
    }

    fn change_shell(&self, change: impl FnOnce(&mut Shell)) -> Result<(), Problem> {
        let _one_at_a_time = self.shell.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut shell = read(self.root());
        change(&mut shell);
        write(self.root(), &shell).map_err(|error| Problem::said("folder_not_writable", &error))
    }
}

/// Reads value by value: one that is damaged, or unknown to this version, takes no other with it.
fn read(root: &Path) -> Shell {
    let path = root.join(FILE);
    if !fs::metadata(&path).is_ok_and(|about| about.is_file() && about.len() <= FILE_MAX) {
        return Shell::default();
    }
    let kept: Value = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let part = |of: &str, name: &str| kept[of][name].clone();
    let look = LookView {
        language: part("look", "language").as_str().map(str::to_owned),
        theme: part("look", "theme").as_str().unwrap_or_default().to_owned(),
        text_size: part("look", "text_size").as_u64().and_then(|size| u32::try_from(size).ok()).unwrap_or_default(),
        letter_keys: part("look", "letter_keys").as_bool().unwrap_or(true),
        less_motion: part("look", "less_motion").as_bool().unwrap_or(false),
    };
    let window: Option<WindowSize> = serde_json::from_value(kept["window"].clone()).ok();
    let window = window.filter(|size| SIDES.contains(&size.width) && SIDES.contains(&size.height));
    Shell { look: bounded(look), window }
}

/// What is out of bounds is as if it had never been chosen.
fn bounded(look: LookView) -> LookView {
    let base = LookView::default();
    LookView {
        language: look.language.filter(|language| matches!(language.as_str(), "en" | "fr")),
        theme: if matches!(look.theme.as_str(), "light" | "dark" | "auto") { look.theme } else { base.theme },
        text_size: if (90..=150).contains(&look.text_size) { look.text_size } else { base.text_size },
        ..look
    }
}

/// A new file beside the old one, on the disk before it takes its place.
fn write(root: &Path, shell: &Shell) -> io::Result<()> {
    fs::create_dir_all(root)?;
    let (path, beside) = (root.join(FILE), root.join(format!("{FILE}.new")));
    let mut file = File::create(&beside)?;
    file.write_all(&serde_json::to_vec_pretty(shell)?)?;
    file.sync_all()?;
    fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_and_a_damaged_file_is_as_none() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(read(home.path()).look, LookView::default(), "no file");
        let look = LookView {
            language: Some("fr".into()),
            theme: "dark".into(),
            text_size: 125,
            letter_keys: false,
            less_motion: true,
        };
        let window = WindowSize { width: 1200, height: 800, maximized: true };
        write(home.path(), &Shell { look: look.clone(), window: Some(window) }).unwrap();
        assert_eq!((read(home.path()).look, read(home.path()).window), (look, Some(window)));
        assert!(!home.path().join("shell.json.new").exists());
        for damaged in ["", "{", "[]", "null", "7", "{\"look\":7,\"window\":{}}"] {
            fs::write(home.path().join(FILE), damaged).unwrap();
            assert_eq!((read(home.path()).look, read(home.path()).window), (LookView::default(), None), "{damaged}");
        }
    }

    #[test]
    fn one_wrong_value_takes_no_other_with_it() {
        let home = tempfile::tempdir().unwrap();
        let kept = r#"{ "look": { "language": "xx", "theme": "dark", "text_size": 9000, "colour": 1 }, "window": { "width": 7, "height": 800, "maximized": false } }"#;
        fs::write(home.path().join(FILE), kept).unwrap();
        let shell = read(home.path());
        assert_eq!(shell.look, LookView { theme: "dark".into(), ..LookView::default() });
        assert_eq!(shell.window, None);
        fs::write(home.path().join(FILE), vec![b' '; 5_000]).unwrap();
        assert_eq!(read(home.path()).look, LookView::default(), "a long file is not ours");
    }
}
