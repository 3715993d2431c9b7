//! The process after the lock. Neither the cryptographic library nor the web view can wipe what they hold, so that it ends with the
//! process that held it; the next one is told which record it was, and why it was locked.

use app::views::{LockReason, LockedView};
use std::{
    io,
    path::PathBuf,
    process::{Command, ExitCode},
};

/// The event loop ends with this when the process is to be started anew.
pub const CODE: i32 = 75;

const PROFILE: &str = "--locked-profile=";
const REASON: &str = "--locked-reason=";

/// Starts the program again, after its windows are gone and the vault is closed.
pub fn start(program: io::Result<PathBuf>, locked: Option<&LockedView>) -> ExitCode {
    match program.and_then(|program| Command::new(program).args(locked.map(words).into_iter().flatten()).spawn()) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the program could not be started anew: open it again by hand");
            ExitCode::FAILURE
        }
    }
}

/// The words on the command line. They name a folder and a reason, nothing of a person.
fn words(locked: &LockedView) -> [String; 2] {
    let reason = serde_json::to_value(locked.reason).unwrap_or_default();
    [format!("{PROFILE}{}", locked.profile), format!("{REASON}{}", reason.as_str().unwrap_or_default())]
}

/// Reads them. Anybody may write a command line: whatever does not read is as if it were not there, and a folder that is none of the
/// profiles is passed over by the lock screen.
pub fn read(words: impl Iterator<Item = String>) -> Option<LockedView> {
    let words: Vec<String> = words.collect();
    let after = |name: &str| words.iter().find_map(|word| word.strip_prefix(name));
    let reason: LockReason = serde_json::from_value(after(REASON)?.into()).ok()?;
    Some(LockedView { profile: after(PROFILE)?.chars().take(255).collect(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_process_reads_what_this_one_says() {
        for reason in [
            LockReason::Asked,
            LockReason::Idle,
            LockReason::OpenTooLong,
            LockReason::Sleep,
            LockReason::Desktop,
            LockReason::Ended,
        ] {
            let locked = LockedView { profile: "0197a0c2".to_owned(), reason };
            assert_eq!(read(words(&locked).into_iter()), Some(locked));
        }
    }

    #[test]
    fn a_foreign_command_line_says_nothing() {
        let read = |words: &[&str]| read(words.iter().map(|word| (*word).to_owned()));
        for words in [
            &[][..],
            &["shlink:/abc"],
            &["--locked-profile=a"],
            &["--locked-reason=idle"],
            &["--locked-profile=a", "--locked-reason=because"],
        ] {
            assert_eq!(read(words), None, "{words:?}");
        }
        let long = format!("--locked-profile={}", "x".repeat(10_000));
        assert!(read(&[&long, "--locked-reason=idle"]).is_some_and(|locked| locked.profile.len() == 255));
    }
}
