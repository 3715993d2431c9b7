//! The real window when something has gone wrong: a forgotten passphrase, a colleague who leaves, a computer that is lost.

#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

use aidpost_tests::desk::{self, Desk, PASSPHRASE};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use sync::server::LocalServer;

const SLOW: Duration = Duration::from_secs(60);
const NEW: &str = "gravel lantern mosaic ferry";
const COLLEAGUE: &str = "Dr Wei Chen";

/// A clinic, and the text of its founder's kit.
async fn clinic(vaults: &Path) -> Result<(Desk, String)> {
    let desk = Desk::at(vaults);
    let form = json!({ "clinic_name": "Harbour Clinic", "name": "Dr Amina Rahman", "email": null, "specialization": null, "passphrase": PASSPHRASE, "language": "en" });
    let made = desk.ask("session.make_clinic", form).await?;
    Ok((desk, text(&made["papers"]["kit"])))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A colleague comes in on a computer of their own.
async fn let_in(head: &Desk, vaults: &Path) -> Result<Desk> {
    let invite = json!({ "own_device": false, "role": "doctor", "clinical": false, "chart": null });
    let invitation = head.ask("people.invite", invite).await?["text"].clone();
    let colleague = Desk::at(vaults);
    let join = json!({ "invitation": invitation, "name": COLLEAGUE, "passphrase": NEW });
    let joining = colleague.ask("session.join", join).await?;
    let admit = json!({ "request": joining["request"], "typed_check": joining["check_words"] });
    let answer = head.ask("people.admit", admit).await?["answer"].clone();
    colleague.ask("session.join_finish", json!({ "answer": answer })).await?;
    Ok(colleague)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_passphrase_and_a_colleague_who_leaves() -> Result<()> {
    let (home, elsewhere, data) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let server = LocalServer::start(data.path(), 0).await?;
    let (head, kit) = clinic(&home.path().join("vaults")).await?;
    head.ask("sync.set_remote", json!({ "address": server.uri("") })).await?;
    let colleague = let_in(&head, elsewhere.path()).await?;
    for desk in [&head, &colleague, &head] {
        desk.ask("sync.now", json!({})).await?;
    }
    colleague.leave().await;
    for name in ["Amara Nwosu", "Bruno Costa", "Chidi Obi"] {
        let form = json!({ "name": name, "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
        head.ask("patients.register", form).await?;
    }
    head.leave().await;

    let window = Window::open(home.path()).await?;
    forgotten(&window, &kit).await?;
    look_at_security(&window, &kit).await?;
    remove(&window).await?;
    window.end().await
}

async fn forgotten(window: &Window, kit: &str) -> Result<()> {
    window.sees_within("AR · Clinician", SLOW).await?;
    window.button("I forgot the passphrase").await?;
    window.fill("Recovery kit", &kit[..70]).await?;
    window.fill("New passphrase", NEW).await?;
    window.fill("The same again", NEW).await?;
    window.button("Open with the kit").await?;
    window.sees("letters are still missing").await?;
    window.pictures("unlock-kit").await?;
    window.fill("Recovery kit", kit).await?;
    window.button("Open with the kit").await?;
    window.sees_within("Your recovery kit was used to open your record.", SLOW).await?;
    window.picture("today-kit-used").await?;
    window.button("Lock").await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    window.button("Unlock").await?;
    window.sees("This is not the passphrase of this record.").await?;
    window.fill("Passphrase", NEW).await?;
    window.button("Unlock").await?;
    window.sees_within("Your recovery kit was used to open your record.", SLOW).await
}

async fn look_at_security(window: &Window, kit: &str) -> Result<()> {
    window.link("Security").await?;
    window.sees("What protects you now").await?;
    window.sees("You can get back in with your recovery kit").await?;
    window.sees("The recovery kit was used on this computer").await?;
    window.pictures("security").await?;
    window.button("Check my kit").await?;
    window.fill("Recovery kit", kit).await?;
    window.button("Check").await?;
    window.sees("This is your kit, and it opens this record.").await?;
    window.picture("security-kit-checked").await?;
    window.button("Done").await?;
    window.button("Change the passphrase").await?;
    window.fill("The passphrase in use", "not the right words").await?;
    window.fill("New passphrase", PASSPHRASE).await?;
    window.fill("The same again", PASSPHRASE).await?;
    window.button("Change").await?;
    window.sees_within("This is not the passphrase of this record.", SLOW).await?;
    window.picture("security-passphrase-wrong").await?;
    window.fill("The passphrase in use", NEW).await?;
    window.button("Change").await?;
    window.sees_within("The passphrase was changed.", SLOW).await
}

async fn remove(window: &Window) -> Result<()> {
    window.link("People and devices").await?;
    window.sees(COLLEAGUE).await?;
    window.pictures("people").await?;
    window.button(&format!("Change the role of {COLLEAGUE}")).await?;
    window.sees("Opens their own chart only").await?;
    window.pictures("people-role").await?;
    window.button("Cancel").await?;
    window.button(&format!("Remove {COLLEAGUE}")).await?;
    window.sees("Nobody can take that back.").await?;
    window.pictures("people-remove").await?;
    window.button("Remove").await?;
    gone(window).await?;
    window.link("Patients").await?;
    window.sees("3 patients").await?;
    window.link("People and devices").await?;
    window.picture("people-removed").await
}

/// Nobody of that name is listed any more.
async fn gone(window: &Window) -> Result<()> {
    let deadline = std::time::Instant::now() + SLOW;
    while window.shows(COLLEAGUE).await? {
        assert!(std::time::Instant::now() < deadline, "the colleague is still listed");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

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
    show(window, "Sign-in providers", "settings-providers").await
}

/// Scrolls to a card, and takes its pictures.
async fn show(window: &Window, card: &str, name: &str) -> Result<()> {
    let script = "const head = [...document.querySelectorAll('section h2')].find((one) => one.textContent === arguments[0]);\
        head.closest('section').scrollIntoView({ block: 'start' });";
    window.run(script, vec![json!(card)]).await?;
    window.pictures(name).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_lost_but_two_sheets_of_paper() -> Result<()> {
    let (lost, home, data) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let server = LocalServer::start(data.path(), 0).await?;
    let desk = Desk::at(lost.path());
    let own = json!({ "name": "Lea Jensen", "date_of_birth": "1951-02-03", "gender": null, "passphrase": PASSPHRASE, "language": "en" });
    let made = desk.ask("session.keep_own", own).await?;
    desk.ask("sync.set_remote", json!({ "address": server.uri("") })).await?;
    desk.ask("sync.now", json!({})).await?;
    let card = desk.ask("security.database_card", json!({})).await?;
    desk.leave().await;
    drop(lost);

    let window = Window::open(home.path()).await?;
    window.sees_within("Welcome", SLOW).await?;
    window.button("Come back with my kit").await?;
    window.pictures("start-come-back").await?;
    window.fill("Database card", &text(&card["text"])).await?;
    window.fill("Recovery kit", &text(&made["papers"]["kit"])).await?;
    window.fill("Your name", "Lea Jensen").await?;
    window.fill("New passphrase", NEW).await?;
    window.fill("The same again", NEW).await?;
    window.button("Come back").await?;
    window.sees_within("Your recovery kit was used to open your record.", SLOW).await?;
    window.sees_within("Synced", SLOW).await?;
    window.link("My record").await?;
    window.sees_within("3 Feb 1951", SLOW).await?;
    window.pictures("come-back-chart").await?;
    window.link("Security").await?;
    window.button("Database card").await?;
    window.sees("even if all your devices are lost").await?;
    window.pictures("security-database-card").await?;
    window.end().await
}
