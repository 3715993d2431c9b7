//! Wrong passphrases, and wrong codes of the second factor, slow a person down, and nothing more: nothing is ever deleted for them.
//!
//! Five are free, then 30 s, 1, 2, 5 and 15 minutes, the last for every further one. The count lies beside the vault, not in it, so
//! that it outlives the program; it holds nothing that helps to guess, and whoever can delete it can also copy the vault.

use crate::Problem;
use serde::{Deserialize, Serialize};
use std::{fs, io, path::Path};

/// The file in the person's folder, for passphrases.
const FILE: &str = "attempts.json";
/// And for codes.
const CODES_FILE: &str = "code-attempts.json";
/// What counts as a wrong entry.
const WRONG: [&str; 2] = ["wrong_passphrase", "wrong_code"];
/// The count is a few bytes; a longer file is not ours.
const FILE_MAX: u64 = 1024;
/// Wrong entries without a delay.
const FREE: u32 = 5;
/// What follows the free ones, in milliseconds.
const DELAYS_MS: [u64; 5] = [30_000, 60_000, 120_000, 300_000, 900_000];

/// How often it went wrong since it last went right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// Wrong entries in a row.
    wrong: u32,
    /// The last of them, in milliseconds since 1970.
    last_ms: u64,
}

impl Attempts {
    /// What is written in a person's folder; one that does not read counts as one without wrong entries, for a damaged file must not
    /// keep anybody out.
    pub fn read(folder: &Path) -> Attempts {
        Attempts::in_file(&folder.join(FILE))
    }

    fn in_file(path: &Path) -> Attempts {
        match fs::metadata(path) {
            Ok(about) if about.len() <= FILE_MAX => {}
            Ok(_) | Err(_) => return Attempts::default(),
        }
        let bytes = fs::read(path).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Wrong entries in a row.
    pub fn wrong(&self) -> u32 {
        self.wrong
    }

    /// Whole seconds until the next attempt; 0 when it may be made now. A clock that was set back is not waited for: the delay then
    /// begins anew and is never longer than itself.
    pub fn wait_seconds(&self, now_ms: u64) -> u64 {
        let Some(step) = self.wrong.checked_sub(FREE) else { return 0 };
        let last = usize::try_from(step).unwrap_or(usize::MAX).min(DELAYS_MS.len() - 1);
        let delay = DELAYS_MS[last];
        let over = now_ms.saturating_sub(self.last_ms);
        delay.saturating_sub(over).div_ceil(1_000)
    }

    /// The same with one more wrong entry.
    fn and_another(self, now_ms: u64) -> Attempts {
        Attempts { wrong: self.wrong.saturating_add(1), last_ms: now_ms }
    }

    fn write(self, path: &Path) -> io::Result<()> {
        if self.wrong == 0 {
            return match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            };
        }
        let beside = path.with_extension("new");
        fs::write(&beside, serde_json::to_vec(&self)?)?;
        fs::rename(beside, path)
    }
}

/// Makes one attempt to open the vault in a folder. It is written down as wrong before it is made: ending the program in the middle
/// gives no attempt for free.
///
/// # Errors
/// `too_many_attempts` with the seconds to wait as its detail, when it may not be tried yet and when it was wrong once too often; else
/// what `open` says.
pub fn attempt<T, E: Into<Problem>>(
    folder: &Path,
    now_ms: u64,
    open: impl FnOnce() -> Result<T, E>,
) -> Result<T, Problem> {
    counted(&folder.join(FILE), now_ms, open)
}

/// The same for a code of the second factor. It has a count of its own: the right passphrase does not forgive wrong codes.
///
/// # Errors
/// As [`attempt`], but `too_many_codes`.
pub fn attempt_code<T, E: Into<Problem>>(
    folder: &Path,
    now_ms: u64,
    check: impl FnOnce() -> Result<T, E>,
) -> Result<T, Problem> {
    counted(&folder.join(CODES_FILE), now_ms, check).map_err(|problem| match problem.code.as_str() {
        "too_many_attempts" => Problem { code: "too_many_codes".to_owned(), ..problem },
        _ => problem,
    })
}

fn counted<T, E: Into<Problem>>(file: &Path, now_ms: u64, check: impl FnOnce() -> Result<T, E>) -> Result<T, Problem> {
    let mut before = Attempts::in_file(file);
    if now_ms < before.last_ms {
        before.last_ms = now_ms;
        keep(before, file)?;
    }
    if let Some(problem) = too_many(before, now_ms) {
        return Err(problem);
    }
    let after = before.and_another(now_ms);
    keep(after, file)?;
    let problem: Problem = match check() {
        Ok(passed) => {
            keep(Attempts::default(), file)?;
            return Ok(passed);
        }
        Err(error) => error.into(),
    };
    if WRONG.contains(&problem.code.as_str()) {
        return Err(too_many(after, now_ms).unwrap_or(problem));
    }
    // It was not about the entry: a full disk or another window is no wrong one.
    keep(before, file)?;
    Err(problem)
}

/// The problem that tells how long to wait, if one must.
fn too_many(attempts: Attempts, now_ms: u64) -> Option<Problem> {
    let wait = attempts.wait_seconds(now_ms);
    (wait > 0).then(|| Problem::new("too_many_attempts", wait.to_string()).passing())
}

fn keep(attempts: Attempts, file: &Path) -> Result<(), Problem> {
    attempts.write(file).map_err(|error| Problem::said("folder_not_writable", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_700_000_000_000;

    fn wrong() -> Result<(), vault::Error> {
        Err(vault::Error::WrongPassphrase)
    }

    fn code(result: Result<(), Problem>) -> (String, Option<String>) {
        let problem = result.unwrap_err();
        (problem.code.clone(), (problem.code == "too_many_attempts").then_some(problem.detail).flatten())
    }

    #[test]
    fn five_are_free_then_the_delays_rise_and_the_last_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut now = NOW;
        for _ in 1..FREE {
            assert_eq!(code(attempt(folder.path(), now, wrong)).0, "wrong_passphrase");
        }
        for seconds in [30, 60, 120, 300, 900, 900] {
            let too_many = ("too_many_attempts".to_owned(), Some(seconds.to_string()));
            assert_eq!(code(attempt(folder.path(), now, wrong)), too_many);
            let never = || -> Result<(), vault::Error> { panic!("it was tried before the time") };
            assert_eq!(code(attempt(folder.path(), now + 1, never)), too_many);
            now += seconds * 1_000;
        }
    }

    #[test]
    fn the_right_one_ends_it_and_the_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..FREE {
            drop(attempt(folder.path(), NOW, wrong));
        }
        attempt(folder.path(), NOW + 30_000, || Ok::<(), vault::Error>(())).unwrap();
        assert!(!folder.path().join(FILE).exists());
        assert_eq!(code(attempt(folder.path(), NOW + 30_001, wrong)).0, "wrong_passphrase");
    }

    #[test]
    fn what_is_not_about_the_passphrase_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..20 {
            assert_eq!(code(attempt(folder.path(), NOW, || Err::<(), _>(vault::Error::InUse))).0, "vault_in_use");
        }
        assert_eq!(Attempts::read(folder.path()), Attempts::default());
    }

    #[test]
    fn codes_have_a_count_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let wrong_code = || -> Result<(), Problem> { Err(Problem::new("wrong_code", None)) };
        for _ in 1..FREE {
            assert_eq!(code(attempt_code(folder.path(), NOW, wrong_code)).0, "wrong_code");
            attempt(folder.path(), NOW, || Ok::<(), vault::Error>(())).unwrap();
        }
        let too_many = attempt_code(folder.path(), NOW, wrong_code).unwrap_err();
        assert_eq!((too_many.code.as_str(), too_many.detail.as_deref()), ("too_many_codes", Some("30")));
        attempt(folder.path(), NOW, || Ok::<(), vault::Error>(())).unwrap();
        assert_eq!(attempt_code(folder.path(), NOW, wrong_code).unwrap_err(), too_many);
        attempt_code(folder.path(), NOW + 30_000, || Ok::<(), Problem>(())).unwrap();
        assert_eq!(code(attempt_code(folder.path(), NOW + 30_001, wrong_code)).0, "wrong_code");
    }

    #[test]
    fn a_clock_that_was_set_back_never_locks_anybody_out() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..FREE {
            drop(attempt(folder.path(), NOW, wrong));
        }
        let earlier = NOW - 86_400_000;
        assert_eq!(code(attempt(folder.path(), earlier, wrong)).1, Some("30".to_owned()));
        attempt(folder.path(), earlier + 30_000, || Ok::<(), vault::Error>(())).unwrap();
    }

    #[test]
    fn a_file_that_does_not_read_keeps_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), b"{\"wrong\":\"many").unwrap();
        attempt(folder.path(), NOW, || Ok::<(), vault::Error>(())).unwrap();
    }
}
