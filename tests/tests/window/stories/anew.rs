//! The real window at its lock: the process goes with everything that it held, another one takes its place.

use crate::support::{SLOW, text};
use aidpost_tests::desk::{Desk, PASSPHRASE};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// Ctrl and L, as a driver writes keys.
const CTRL_L: &str = "\u{e009}l\u{e000}";

/// A clinic with one patient, and the record of somebody else.
async fn two_people(vaults: &Path) -> Result<()> {
    let desk = Desk::make_clinic(vaults).await?;
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": "1967-08-14", "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    desk.ask("patients.register", form).await?;
    desk.leave().await;
    let other = Desk::at(vaults);
    let own = json!({ "name": "Maria Okafor", "date_of_birth": null, "gender": null, "passphrase": PASSPHRASE, "language": "en" });
    other.ask("session.keep_own", own).await?;
    other.leave().await;
    Ok(())
}

async fn unlock(window: &Window) -> Result<()> {
    window.fill("Passphrase", PASSPHRASE).await?;
    window.button("Unlock").await?;
    window.sees_within("Where the changes are", SLOW).await
}

fn is_running(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.is_ok_and(|stat| stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z')))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locking_starts_the_process_anew_at_the_same_person_with_the_draft_kept() -> Result<()> {
    let home = tempfile::tempdir()?;
    two_people(&home.path().join("vaults")).await?;
    let window = Window::open(home.path()).await?;
    window.sees_within("Whose record?", SLOW).await?;
    window.button("AR · Clinician").await?;
    unlock(&window).await?;
    window.link("Settings").await?;
    window.tick("Dark").await?;
    window.resize((1200, 820)).await?;
    write_half_a_note(&window).await?;

    let (program, family) = (window.program().processes()?, window.program().family()?);
    assert!(family.len() > program.len(), "the web view has processes of its own: {family:?}");
    // The window may be gone before it answers.
    drop(window.keys(CTRL_L).await);
    window.comes_back(&program).await?;
    window.sees_within("AR · Clinician", SLOW).await?;
    gone(&family).await;
    looks_as_before(&window).await?;
    window.pictures("unlock-anew").await?;

    unlock(&window).await?;
    open_patient(&window).await?;
    window.tab("Notes").await?;
    window.button("New note").await?;
    window.sees("A draft was kept").await?;
    window.button("Go on writing").await?;
    let written = window.run("return document.querySelector('textarea').value", Vec::new()).await?;
    assert_eq!(written, json!("Walks unaided, and"), "the last words were typed a moment before the lock");
    window.end().await
}

async fn open_patient(window: &Window) -> Result<()> {
    window.link("Patients").await?;
    window.press(aidpost_tests::window::Kind::Option, "Amara Nwosu").await?;
    window.part("[aria-label=Patient] h1").await.map(|_| ())
}

async fn write_half_a_note(window: &Window) -> Result<()> {
    open_patient(window).await?;
    window.tab("Notes").await?;
    window.button("New note").await?;
    window.fill("Note", "Walks unaided, and").await
}

/// Nothing of the process before is left, the helpers of its web view neither.
async fn gone(family: &[u32]) {
    let deadline = Instant::now() + SLOW;
    while family.iter().any(|pid| is_running(*pid)) {
        assert!(Instant::now() < deadline, "processes from before the lock still run: {family:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The same person is chosen, in the colours and the size of before; the other one is a step away.
async fn looks_as_before(window: &Window) -> Result<()> {
    window.sees("Someone else").await?;
    let scheme = "return document.documentElement.getAttribute('data-mantine-color-scheme')";
    assert_eq!(window.run(scheme, Vec::new()).await?, json!("dark"));
    let size = window.run("return [innerWidth, innerHeight]", Vec::new()).await?;
    let near = |at: usize, wanted: i64| (size[at].as_i64().unwrap() - wanted).abs() <= 2;
    assert!(near(0, 1200) && near(1, 820), "{size}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lock_screen_says_why_it_locked() -> Result<()> {
    let home = tempfile::tempdir()?;
    let vaults = home.path().join("vaults");
    let desk = Desk::make_clinic(&vaults).await?;
    let profile = desk.ask("session.state", json!({})).await?["profiles"][0]["id"].clone();
    desk.leave().await;
    for (reason, sentence) in
        [("idle", "Locked because nobody was at it"), ("sleep", "Locked when the computer went to sleep")]
    {
        // As the process before says it.
        let words = [format!("--locked-profile={}", text(&profile)), format!("--locked-reason={reason}")];
        let window = Window::open_with(home.path(), &[], &words).await?;
        window.sees_within(sentence, SLOW).await?;
        window.sees("kept as a draft").await?;
        window.pictures(&format!("unlock-{reason}")).await?;
        window.end().await?;
    }
    Ok(())
}
