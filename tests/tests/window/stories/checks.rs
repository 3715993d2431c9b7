//! Checks of one person: what could not be done, how a recording looks, how the measures went, and the sheet of paper.

use crate::support::{SLOW, open_first_patient, told, unlock};
use aidpost_tests::desk::Desk;
use aidpost_tests::inputs::{self, Tone};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::json;
use std::time::Instant;

const VOICE: Tone = Tone { rate: 44_100, channels: 1, bits: 16, peak: 0.5 };

const TO_SPECTROGRAM: &str = "[...document.querySelectorAll('h2, h3')].find((one) => one.textContent.startsWith('Spectrogram'))?.scrollIntoView()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checks_are_looked_at_over_time_and_what_could_not_be_done_is_kept() -> Result<()> {
    let home = tempfile::tempdir()?;
    let desk = Desk::make_clinic(&home.path().join("vaults")).await?;
    let patient = desk.import(inputs::sample("bundle.json.gz")?).await?;
    desk.leave().await;
    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    told!("without any check there is nothing to follow", empty(&window));
    window.end().await?;

    let desk = Desk::at(&home.path().join("vaults"));
    desk.unlock().await?;
    for _ in 0..3 {
        let ask =
            json!({ "patient": patient, "task": "vowel", "file_name": "vowel.wav", "device": "computer-headset" });
        let draft = desk.give("checks.analyse", ask, inputs::vowel(VOICE)?).await?;
        desk.ask("checks.keep", json!({ "draft": draft["draft"], "notes": null })).await?;
    }
    desk.leave().await;
    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    told!("the measures of three recordings stand over time", over_time(&window));
    told!("a recording has its spectrogram", one(&window));
    told!("a task that could not be done is kept with its reason", could_not(&window));
    window.end().await
}

async fn to_checks(window: &Window) -> Result<()> {
    open_first_patient(window).await?;
    window.tab("Stroke checks").await
}

async fn empty(window: &Window) -> Result<()> {
    to_checks(window).await?;
    window.pictures("checks-empty").await
}

async fn over_time(window: &Window) -> Result<()> {
    to_checks(window).await?;
    window.sees_within("Over the months", SLOW).await?;
    window.pictures("checks-over-time").await
}

async fn one(window: &Window) -> Result<()> {
    window.press(Kind::Button, "Sustained vowel").await?;
    window.sees_within("Spectrogram", SLOW).await?;
    window.run(TO_SPECTROGRAM, Vec::new()).await?;
    window.pictures("check-spectrogram").await
}

async fn could_not(window: &Window) -> Result<()> {
    window.button("Start stroke check").await?;
    window.button("Could not do it").await?;
    window.sees("Why it could not be done").await?;
    window.pictures("check-could-not").await?;
    window.tick("Cannot speak").await?;
    window.tick("Not new").await?;
    window.button("Keep the attempt in the chart").await?;
    window.sees_within("The task could not be done, and that is not new.", SLOW).await?;
    assert!(!window.shows("nothing to compare with").await?, "it was not measured, so nothing was compared");
    window.pictures("check-attempt").await
}
