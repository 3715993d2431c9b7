//! A marker in what a person writes, and the passphrase: after the lock they are in no file and in no memory of the real program.

use crate::support::SLOW;
use aidpost_tests::desk::{Desk, PASSPHRASE};
use aidpost_tests::traces::Traces;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// Nobody has such a name.
const MARKER: &str = "Zephyrine Quillonwhist";

async fn marked_clinic(vaults: &Path) -> Result<()> {
    let desk = Desk::make_clinic(vaults).await?;
    let form = json!({ "name": MARKER, "date_of_birth": "1967-08-14", "gender": null, "phone": "+44 7700 900142", "email": null, "address": format!("{MARKER} Road"), "preferred_language": null, "blood_group": null });
    desk.ask("patients.register", form).await?;
    desk.leave().await;
    Ok(())
}

/// Unlocks by typing, looks for the patient, and writes a note that is signed and one that stays a draft.
async fn work(window: &Window) -> Result<()> {
    window.sees_within("Unlock", SLOW).await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    window.button("Unlock").await?;
    window.sees_within("Where the changes are", SLOW).await?;
    window.link("Patients").await?;
    window.fill("Search patients", "zephyrine quillon").await?;
    window.press(Kind::Option, MARKER).await?;
    window.tab("Notes").await?;
    window.button("New note").await?;
    window.fill("Note", &format!("{MARKER} walks unaided.")).await?;
    window.button("Sign").await?;
    window.sees(&format!("{MARKER} walks unaided.")).await?;
    window.button("New note").await?;
    window.fill("Note", &format!("{MARKER} sleeps well.")).await?;
    window.sees("Saved on this device").await?;
    window.button("Keep as draft").await
}

fn in_memory(traces: &Traces, processes: &[u32]) -> Result<Vec<String>> {
    let found: Result<Vec<Vec<String>>> = processes.iter().map(|pid| traces.in_memory(*pid)).collect();
    Ok(found?.concat())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_lock_no_file_and_no_memory_holds_what_a_person_wrote_nor_the_passphrase() -> Result<()> {
    let home = tempfile::tempdir()?;
    marked_clinic(&home.path().join("vaults")).await?;
    // As talkative as it can be, and with its memory open to look at.
    let more = [("AIDPOST_LOG", Path::new("trace")), ("AIDPOST_ALLOW_DUMPS", Path::new("1"))];
    let window = Window::open_with(home.path(), &more, &[]).await?;
    let (marker, both) = (Traces::of(&[MARKER]), Traces::of(&[MARKER, PASSPHRASE]));
    work(&window).await?;
    let family = window.program().family()?;
    assert!(!in_memory(&marker, &family)?.is_empty(), "it is on the screen: whoever looks finds it");

    window.lock().await?;
    window.sees_within("Passphrase", SLOW).await?;
    let deadline = Instant::now() + SLOW;
    while window.program().family()?.iter().any(|pid| family.contains(pid)) {
        assert!(Instant::now() < deadline, "processes from before the lock still run");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let left = in_memory(&both, &window.program().family()?)?;
    assert!(left.is_empty(), "in memory: {left:#?}");
    window.end().await?;
    let left = both.in_files(home.path())?;
    assert!(left.is_empty(), "in files: {left:#?}");
    let log = std::fs::read_to_string(home.path().join("window.log"))?;
    assert!(log.contains("AIDPOST_ALLOW_DUMPS is set"), "it is said that dumps are allowed: {log}");
    assert!(home.path().join("vaults/shell.json").is_file(), "the look of the window was among the files");
    Ok(())
}

/// Nothing of the program, nor of the web view that it starts, leaves a core image.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_process_of_the_program_may_leave_a_core_image() -> Result<()> {
    let home = tempfile::tempdir()?;
    let window = Window::open(home.path()).await?;
    window.sees_within("Welcome", SLOW).await?;
    let family = window.program().family()?;
    assert!(family.len() > 1, "{family:?}");
    for pid in family {
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits"))?;
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{pid}: {core}");
    }
    window.end().await
}
