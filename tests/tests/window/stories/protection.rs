//! A restricted chart, a second factor, and a wish to leave.

use crate::support::{SLOW, clinic, text};
use aidpost_tests::desk::{self, PASSPHRASE};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restricted_chart_a_second_factor_and_a_wish_to_leave() -> Result<()> {
    let home = tempfile::tempdir()?;
    let vaults = home.path().join("vaults");
    let (head, _) = clinic(&vaults).await?;
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": "1967-08-14", "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": "O+" });
    let chart = text(&head.ask("patients.register", form).await?["id"]);
    head.leave().await;
    desk::restrict(&vaults, &chart)?;

    let window = Window::open(home.path()).await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    window.button("Unlock").await?;
    emergency(&window).await?;
    protect_the_account(&window).await?;
    leave(&window).await?;
    settings(&window).await?;
    window.end().await
}

async fn emergency(window: &Window) -> Result<()> {
    window.sees_within("Nothing new.", SLOW).await?;
    window.link("Patients").await?;
    window.fill("Search patients", "nwo").await?;
    window.press(Kind::Option, "Amara Nwosu").await?;
    window.sees_within("This chart is restricted", SLOW).await?;
    window.pictures("chart-restricted").await?;
    window.button("Open in an emergency").await?;
    window.fill("Why it cannot wait", "Unconscious, nobody to ask").await?;
    window.pictures("chart-emergency").await?;
    window.button("Write it down and open").await?;
    window.sees_within("Allergies not asked", SLOW).await?;
    window.tab("Shares & access").await?;
    window.sees_within("“Unconscious, nobody to ask”", SLOW).await?;
    window.sees("Others open it in an emergency only").await?;
    window.pictures("chart-access").await?;
    window.button("Show the card").await?;
    window.sees("Nobody recorded").await?;
    window.pictures("emergency-card").await?;
    window.button("Close").await
}

async fn protect_the_account(window: &Window) -> Result<()> {
    window.link("Security").await?;
    window.sees_within("Second factor", SLOW).await?;
    window.button("Set up").await?;
    window.sees_within("If the phone cannot scan", SLOW).await?;
    window.pictures("security-factor").await?;
    window.fill("Code that the app shows now", "000000").await?;
    window.button("Turn on").await?;
    window.sees_within("This code is not right.", SLOW).await?;
    window.button("Cancel").await?;
    show(window, "Second factor", "security-second-factor").await?;
    show(window, "Devices and sessions", "security-sessions").await?;
    show(window, "E-mail and phone", "security-contacts").await
}

async fn leave(window: &Window) -> Result<()> {
    show(window, "Leave and delete", "security-leave").await?;
    window.button("Delete from this computer only").await?;
    window.pictures("security-erase").await?;
    window.button("Cancel").await
}

async fn settings(window: &Window) -> Result<()> {
    window.link("Settings").await?;
    window.sees_within("Sending codes", SLOW).await?;
    show(window, "Sending codes", "settings-sending").await?;
    show(window, "Charts of people who left", "settings-custodian").await?;
    show(window, "Sign-in providers", "settings-providers").await
}

/// Scrolls to a card, and takes its pictures.
async fn show(window: &Window, card: &str, name: &str) -> Result<()> {
    let script = "const head = [...document.querySelectorAll('section h2')].find((one) => one.textContent === arguments[0]);\
        head.closest('section').scrollIntoView({ block: 'start' });";
    window.run(script, vec![json!(card)]).await?;
    window.pictures(name).await
}
