//! A vowel is recorded from a microphone.

use crate::support::{SLOW, open_first_patient, told, unlock, until};
use aidpost_tests::desk::Desk;
use aidpost_tests::inputs;
use aidpost_tests::microphone::Microphone;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vowel_is_recorded_from_the_microphone() -> Result<()> {
    let home = tempfile::tempdir()?;
    let desk = Desk::make_clinic(&home.path().join("vaults")).await?;
    desk.import(inputs::sample("bundle.json.gz")?).await?;
    desk.leave().await;
    let microphone = Microphone::in_folder(home.path(), 0.4)?;
    let window = Window::open_with(home.path(), &[("ALSA_CONFIG_PATH", &microphone.config)], &[]).await?;
    unlock(&window).await?;
    open_first_patient(&window).await?;
    told!("a vowel is recorded, its level seen, and judged", record(&window));
    told!("leaving in the middle frees the microphone", leave_recording(&window));
    drop(microphone);
    window.end().await
}

const LEVEL: &str = "return document.querySelector('[role=meter]')?.getAttribute('aria-valuetext') ?? null";
/// Seconds on the timer, from words like “5 seconds recorded”.
const RECORDED: &str =
    "return parseInt(document.querySelector('[role=timer]')?.getAttribute('aria-label') ?? '-1', 10)";

async fn begin_recording(window: &Window) -> Result<()> {
    window.button("Start stroke check").await?;
    window.button("Voice").await?;
    window.sees("Microphone:").await?;
    window.button("Start recording").await
}

async fn record(window: &Window) -> Result<()> {
    begin_recording(window).await?;
    window.sees("Now: “aaah”").await?;
    until(window, LEVEL, &json!("Good level")).await?;
    window.picture("check-recording").await?;
    let deadline = Instant::now() + SLOW;
    while window.run(RECORDED, Vec::new()).await?.as_i64() < Some(7) {
        assert!(Instant::now() < deadline, "the timer does not move");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    window.button("Stop and look at the result").await?;
    window.sees_within("Keep in the chart", SLOW).await?;
    window.sees("Screening aid, not a diagnosis").await?;
    // One clean recording of a person who has none before: it could be used, and it says why it judges nothing yet.
    window.sees("Nothing to compare with").await?;
    window.pictures("check-recorded").await?;
    window.button("Keep in the chart").await?;
    window.sees_within("Review and record", SLOW).await
}

async fn leave_recording(window: &Window) -> Result<()> {
    begin_recording(window).await?;
    window.sees("Now: “aaah”").await?;
    window.keys("\u{e00c}").await?;
    window.sees("Review and record").await?;
    begin_recording(window).await?;
    window.sees("Now: “aaah”").await
}
