//! The real window, told as stories. `scripts/display.sh cargo test -p aidpost-tests --test window` plays them on a virtual
//! display; the pictures go to `AIDPOST_ARTEFACTS`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that meets what it does not expect has failed, and a story tells how it goes"
)]

use aidpost_tests::desk::{self, CLINIC, DOCTOR, Desk, PASSPHRASE};
use aidpost_tests::inputs;
use aidpost_tests::microphone::Microphone;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use sync::server::{LocalServer, ServerOptions};

const SLOW: Duration = Duration::from_secs(60);

/// Says how long a story took.
macro_rules! told {
    ($name:literal, $story:expr) => {{
        let begun = Instant::now();
        let told = $story.await?;
        println!("{:>6.1} s  {}", begun.elapsed().as_secs_f64(), $name);
        told
    }};
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clinic_begins_and_looks_after_its_first_patients() -> Result<()> {
    let home = tempfile::tempdir()?;
    let window = Window::open(home.path()).await?;
    told!("first start: a clinic is made, the kit is shown and asked back", first_start(&window));
    told!("locked, a wrong passphrase, unlocked", lock_and_unlock(&window));
    told!("a patient is registered, asked about allergies, found again", register(&window));
    told!("the front page is given a picture and loses a number", front_page(&window, home.path()));
    told!("a whole record is imported after a dry run", import(&window, home.path()));
    told!("a PDF is filed and read", file_a_pdf(&window, home.path()));
    told!("values are measured and drawn", measure(&window));
    told!("a note is drafted, left, taken up and signed", write_a_note(&window));
    told!("voice and balance are checked from files", check(&window, home.path()));
    told!("the window speaks French, and is dark by its own setting", settings(&window));
    window.end().await
}

async fn first_start(window: &Window) -> Result<()> {
    window.sees_within("Welcome", SLOW).await?;
    window.pictures("start").await?;
    window.button("Make a clinic").await?;
    window.fill("Name of the clinic", CLINIC).await?;
    window.fill("Your name", DOCTOR).await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    window.fill("The same again", PASSPHRASE).await?;
    window.sees("strong").await?;
    window.pictures("start-clinic").await?;
    window.button("Make the clinic").await?;
    window.sees_within("Your recovery kit", SLOW).await?;
    window.pictures("start-kit").await?;
    let groups = kit_groups(window).await?;
    window.tick("I have printed it or written it down").await?;
    window.button("Go on").await?;
    window.sees("Is the kit at hand?").await?;
    answer(window, &groups, "XXXX").await?;
    window.button("Open my records").await?;
    window.sees("This is not what the kit says").await?;
    window.picture("start-ask-back").await?;
    answer(window, &groups, "").await?;
    window.button("Open my records").await?;
    window.sees_within("Nothing new.", SLOW).await?;
    window.sees("Only on this device").await?;
    window.sees("Every check has been looked at.").await?;
    window.pictures("today-empty").await
}

async fn kit_groups(window: &Window) -> Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('ol li')].filter((one) => !one.closest('[data-print-sheet]')).map((one) => one.lastChild.textContent)";
    Ok(serde_json::from_value(window.run(script, Vec::new()).await?)?)
}

/// Types the two groups that are asked for, or something else instead.
async fn answer(window: &Window, groups: &[String], instead: &str) -> Result<()> {
    for (at, group) in groups.iter().enumerate() {
        let field = format!("Group {}", at + 1);
        if window.has(Kind::Field, &field).await? {
            window.fill(&field, if instead.is_empty() { group } else { instead }).await?;
        }
    }
    Ok(())
}

async fn lock_and_unlock(window: &Window) -> Result<()> {
    window.button("Lock").await?;
    window.sees("Never synced on this computer").await?;
    window.pictures("unlock").await?;
    window.fill("Passphrase", "not the right words").await?;
    window.button("Unlock").await?;
    window.sees("This is not the passphrase of this record.").await?;
    window.picture("unlock-wrong").await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    let begun = Instant::now();
    window.keys("\u{e007}").await?;
    window.sees_within("Nothing new.", SLOW).await?;
    println!("          from Enter to Today: {} ms (looked at every 60 ms)", begun.elapsed().as_millis());
    Ok(())
}

async fn register(window: &Window) -> Result<()> {
    window.link("Patients").await?;
    window.sees("No chart yet.").await?;
    window.pictures("patients-empty").await?;
    window.button("Register a patient").await?;
    window.fill("Name", "Amara Nwosu").await?;
    window.fill("Date of birth", "14 Aug 1967").await?;
    window.choose("Gender (optional)", "Female").await?;
    window.fill("Telephone", "+44 7700 900142").await?;
    window.picture("register").await?;
    window.button("Open the chart").await?;
    window.sees("Allergies not asked").await?;
    window.pictures("chart-new").await?;
    window.link("Patients").await?;
    window.fill("Search patients", "nwo").await?;
    window.sees("1 patient").await?;
    window.press(Kind::Option, "Amara Nwosu").await?;
    window.button("Record the answer").await?;
    window.tick("No known allergies").await?;
    window.picture("allergies-answer").await?;
    window.button("Record the answer").await?;
    window.sees("No known allergies").await?;
    window.sees(&format!("by {DOCTOR}")).await?;
    window.button("Change the answer").await?;
    window.tick("Yes: record which").await?;
    window.fill("Substance", "Penicillin").await?;
    window.fill("Reaction", "anaphylaxis").await?;
    window.tick("Severe").await?;
    window.picture("allergies-add").await?;
    window.button("Add the allergy").await?;
    window.button("Done").await?;
    window.sees("anaphylaxis").await?;
    assert!(!window.shows("No known allergies").await?, "two answers at once");
    let filled = window.run("const chip = [...document.querySelectorAll('[aria-label=Patient] span')].find((one) => one.textContent.includes('Penicillin')); return getComputedStyle(chip).backgroundColor", Vec::new()).await?;
    assert_eq!(filled, json!("rgb(179, 38, 30)"), "a severe allergy is filled in the colour of danger");
    window.pictures("chart-allergy").await
}

async fn front_page(window: &Window, folder: &Path) -> Result<()> {
    let face = inputs::put(folder, "face.png", &inputs::no_code()?)?;
    window.button("Edit the front page").await?;
    window.give_file(&face).await?;
    window.sees("Change the picture").await?;
    window.fill("Telephone", "").await?;
    window.choose("Blood group", "O+").await?;
    window.sees("1 field is emptied when you save.").await?;
    window.pictures("front-page").await?;
    window.button("Save").await?;
    window.sees("No phone recorded").await?;
    window.sees("Blood group O+").await?;
    let drawn = "const photo = document.querySelector('[aria-label=Patient] img'); return photo !== null && photo.complete && photo.naturalWidth === 256";
    until(window, drawn, &json!(true)).await?;
    window.pictures("chart-photo").await?;
    window.button("Edit the front page").await?;
    window.button("Take it away").await?;
    window.sees("Add a picture").await?;
    window.button("Cancel").await
}

async fn import(window: &Window, folder: &Path) -> Result<()> {
    let bundle = inputs::put(folder, "record.json", &inputs::sample("bundle.json.gz")?)?;
    window.link("Import files").await?;
    window.sees("Drop a file here").await?;
    window.pictures("import").await?;
    window.give_file(&bundle).await?;
    window.sees_within("What would change", SLOW).await?;
    window.pictures("import-dry-run").await?;
    let state = "return document.querySelectorAll('main li input:checked').length";
    assert!(window.run(state, Vec::new()).await?.as_u64() > Some(10), "new entries are ticked");
    window.button("File ").await?;
    window.sees_within("entries were filed", SLOW).await?;
    window.picture("import-filed").await?;
    window.link("Open the chart").await?;
    window.part("[aria-label=Patient] h1").await?;
    window.sees("Vitals").await?;
    window.pictures("chart-summary").await?;
    for (tab, name) in [
        ("Records", "records"),
        ("Vitals", "vitals"),
        ("Medications", "medications"),
        ("Stroke checks", "checks"),
        ("Notes", "notes"),
        ("Shares & access", "shares"),
    ] {
        window.tab(tab).await?;
        let chosen =
            format!("return document.querySelector('[role=tab][aria-selected=true]').textContent.startsWith('{tab}')");
        until(window, &chosen, &json!(true)).await?;
        until(window, "return document.querySelector('main [aria-busy=true]') === null", &json!(true)).await?;
        window.pictures(&format!("chart-{name}")).await?;
    }
    Ok(())
}

async fn file_a_pdf(window: &Window, folder: &Path) -> Result<()> {
    let report = inputs::put(folder, "blood-count-2026-03-03.pdf", &inputs::sample("lab-report.pdf")?)?;
    window.tab("Records").await?;
    window.button("Add records").await?;
    window.sees("at most 50 MB each").await?;
    window.give_file(&report).await?;
    window.fill("Title", "Blood count").await?;
    window.choose("What it is", "Lab").await?;
    window.picture("record-add").await?;
    window.button("File it").await?;
    window.sees_within("Whole, as filed", SLOW).await?;
    let drawn = "const page = document.querySelector('main canvas'); return page !== null && page.width > 300";
    let deadline = Instant::now() + SLOW;
    while window.run(drawn, Vec::new()).await? != json!(true) {
        assert!(Instant::now() < deadline, "no page of the PDF was drawn");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    window.pictures("record-pdf").await
}

async fn measure(window: &Window) -> Result<()> {
    window.tab("Vitals").await?;
    window.button("Measure").await?;
    for (sign, value) in [
        ("Blood pressure, upper", "162"),
        ("Blood pressure, lower", "98"),
        ("Heart rate", "71"),
        ("Weight", "70.5"),
        ("Height", "172"),
    ] {
        window.fill(sign, value).await?;
    }
    window.sees("Body mass index from these: 23.8").await?;
    window.picture("measure").await?;
    window.button("Save").await?;
    window.sees("162/98").await?;
    window.pictures("vitals-measured").await?;
    window.tick("Table").await?;
    window.part("main table").await?;
    window.picture("vitals-table").await?;
    window.button("Withdraw 162/98 mmHg").await?;
    window.sees("Both numbers leave the list").await?;
    window.button("Withdraw the value").await?;
    let gone = "return !document.querySelector('main').innerText.includes('162') && !document.querySelector('main').innerText.includes('98 mmHg')";
    until(window, gone, &json!(true)).await
}

async fn write_a_note(window: &Window) -> Result<()> {
    window.tab("Notes").await?;
    window.button("New note").await?;
    window.fill("Note", "Walks unaided. Ramipril to 5 mg.").await?;
    window.sees("Saved on this device").await?;
    window.pictures("note-draft").await?;
    window.button("Keep as draft").await?;
    window.button("New note").await?;
    window.sees("A draft was kept").await?;
    window.picture("note-offered").await?;
    window.button("Go on writing").await?;
    window.button("Sign").await?;
    window.sees("Care team only").await?;
    window.sees("Ramipril to 5 mg.").await?;
    window.pictures("note-signed").await
}

async fn check(window: &Window, folder: &Path) -> Result<()> {
    let voice = inputs::put(folder, "vowel.wav", &inputs::sample("vowel.wav.gz")?)?;
    window.button("Start stroke check").await?;
    window.sees("Do not measure. Call").await?;
    window.pictures("check-choose").await?;
    window.button("Voice").await?;
    window.sees("Take a breath").await?;
    window.picture("check-voice").await?;
    window.give_file(&voice).await?;
    window.sees_within("Keep in the chart", SLOW).await?;
    window.sees("Screening aid, not a diagnosis").await?;
    assert!(!window.shows("stroke_detected").await?, "a stored code is shown");
    window.pictures("check-voice-result").await?;
    window.button("Keep in the chart").await?;
    window.sees_within("Review and record", SLOW).await?;
    window.picture("check-kept").await?;
    for (eyes, sample, name) in [("Eyes open", "BDS00001.csv.gz", "open"), ("Eyes closed", "BDS00004.csv.gz", "closed")]
    {
        let table = inputs::put(folder, &format!("{name}.csv"), &inputs::sample(sample)?)?;
        window.button("Start stroke check").await?;
        window.button("Balance").await?;
        window.tick(eyes).await?;
        window.picture(&format!("check-balance-{name}")).await?;
        window.give_file(&table).await?;
        window.sees_within("Keep in the chart", SLOW).await?;
        window.pictures(&format!("check-balance-{name}-result")).await?;
        window.button("Keep in the chart").await?;
        window.sees_within("Review and record", SLOW).await?;
    }
    window.button("Review and record").await?;
    window.picture("check-review").await?;
    window.keys("\u{e00c}").await?;
    window.tab("Summary").await?;
    window.sees("Unconfirmed, needs a clinician").await?;
    window.pictures("chart-summary-checked").await?;
    window.link("Today").await?;
    window.sees("Stroke checks to review").await?;
    window.pictures("today-full").await
}

async fn settings(window: &Window) -> Result<()> {
    window.link("Settings").await?;
    window.sees("Language and look").await?;
    window.pictures("settings").await?;
    window.tick("Dark").await?;
    let dark = "return document.documentElement.getAttribute('data-mantine-color-scheme')";
    until(window, dark, &json!("dark")).await?;
    window.picture("settings-own-dark").await?;
    window.tick("Français").await?;
    window.link("Aujourd").await?;
    until(window, dark, &json!("dark")).await?;
    window.picture("french-today-dark").await?;
    window.link("Réglages").await?;
    window.tick("Clair").await?;
    until(window, dark, &json!("light")).await?;
    window.pictures("french-settings").await?;
    window.link("Patients").await?;
    window.press(Kind::Option, "Amara Nwosu").await?;
    window.part("[aria-label=Patient]").await?;
    window.pictures("french-chart").await
}

async fn until(window: &Window, script: &str, wanted: &Value) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while window.run(script, Vec::new()).await? != *wanted {
        assert!(Instant::now() < deadline, "{script} never gave {wanted}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_share_goes_from_one_computer_to_another_and_is_taken_back() -> Result<()> {
    let (first, second) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let owner = Desk::make_clinic(&first.path().join("vaults")).await?;
    let patient = owner.import(inputs::sample("bundle.json.gz")?).await?;
    let report = json!({ "patient": patient, "title": "Blood count", "document_type": "LAB_REPORT", "date_of_record": null, "source_doctor": null, "notes": null, "file_name": "report.pdf" });
    owner.give("records.add", report, inputs::sample("lab-report.pdf")?).await?;
    owner.leave().await;
    Desk::make_clinic(&second.path().join("vaults")).await?.leave().await;

    let (owner, reader) = (Window::open(first.path()).await?, Window::open(second.path()).await?);
    unlock(&owner).await?;
    unlock(&reader).await?;
    let (link, png) = told!("a share is made, its code shown", make_share(&owner, first.path()));
    told!("pasted as text it is looked at, fetched and filed", receive(&reader, &link));
    told!("its picture is read as well", receive_picture(&reader, &png));
    told!("the owner sees who looked, and takes it back", take_back(&owner));
    told!("it is no longer shared", no_longer(&reader, &link));
    owner.end().await?;
    reader.end().await
}

async fn unlock(window: &Window) -> Result<()> {
    window.sees_within("Unlock", SLOW).await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    window.button("Unlock").await?;
    window.sees_within("Where the changes are", SLOW).await
}

async fn open_first_patient(window: &Window) -> Result<()> {
    window.link("Patients").await?;
    window.press(Kind::Option, "").await?;
    window.part("[aria-label=Patient] h1").await.map(|_| ())
}

async fn make_share(window: &Window, folder: &Path) -> Result<(String, Vec<u8>)> {
    open_first_patient(window).await?;
    window.tab("Shares & access").await?;
    window.button("Share records").await?;
    window.sees("What cannot be taken back").await?;
    window.tick("Blood count").await?;
    window.pictures("share-make").await?;
    window.button("Make the code").await?;
    window.sees_within("Copy the link", SLOW).await?;
    window.pictures("share-code").await?;
    let link = window.part("[role=group][aria-label=Link]").await?;
    window.button("Close").await?;
    let picture = folder.join("code.png");
    std::fs::write(
        &picture,
        share::qr::png(&link, 8).map_err(|error| aidpost_tests::trouble::Trouble::Input(error.to_string()))?,
    )?;
    Ok((link, std::fs::read(picture)?))
}

async fn look_at(window: &Window, link: &str) -> Result<()> {
    window.link("Today").await?;
    window.link("Receive a share").await?;
    window.fill("Text of the link", link).await?;
    window.button("Look at it").await?;
    window.sees("Before anything is fetched").await
}

async fn receive(window: &Window, link: &str) -> Result<()> {
    window.link("Receive a share").await?;
    window.pictures("receive").await?;
    look_at(window, link).await?;
    window.sees("Local network").await?;
    window.pictures("receive-look").await?;
    window.fill("Who is asking", "Dr Wei Chen, City Hospital").await?;
    fetch(window).await?;
    window.pictures("receive-dry-run").await?;
    window.button("File ").await?;
    window.sees_within("filed", SLOW).await?;
    window.link("Open the chart").await?;
    window.part("[aria-label=Patient] h1").await?;
    window.pictures("received-chart").await
}

async fn fetch(window: &Window) -> Result<()> {
    let yes = window
        .run("return document.querySelector('main input[type=checkbox]')?.labels[0].innerText", Vec::new())
        .await?;
    window.tick(yes.as_str().unwrap_or_default()).await?;
    window.button("Fetch and show").await?;
    window.sees_within("What would change", SLOW).await
}

async fn receive_picture(window: &Window, png: &[u8]) -> Result<()> {
    window.link("Today").await?;
    window.link("Receive a share").await?;
    window.sees("Text of the link").await?;
    window.paste_picture(png).await?;
    window.sees("Before anything is fetched").await?;
    fetch(window).await?;
    window.sees("Whose is it?").await?;
    // The person is here by now: the window asks which chart before anything can be filed.
    window.sees("Choose above whose chart they belong to.").await?;
    window.pictures("receive-known-person").await?;
    window.button("Keep none").await
}

async fn take_back(window: &Window) -> Result<()> {
    window.sees_within("Dr Wei Chen, City Hospital", SLOW).await?;
    window.pictures("shares-looked").await?;
    window.button("Revoke “").await?;
    window.sees("The code opens nothing from now on").await?;
    window.picture("share-revoke").await?;
    window.button("Revoke for good").await?;
    window.sees("Revoked").await
}

async fn no_longer(window: &Window, link: &str) -> Result<()> {
    look_at(window, link).await?;
    let yes = window
        .run("return document.querySelector('main input[type=checkbox]')?.labels[0].innerText", Vec::new())
        .await?;
    window.tick(yes.as_str().unwrap_or_default()).await?;
    window.button("Fetch and show").await?;
    window.sees_within("This is no longer shared.", SLOW).await?;
    window.pictures("receive-no-longer").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passphrases_are_slowed_even_after_a_new_start() -> Result<()> {
    let home = tempfile::tempdir()?;
    Desk::make_clinic(&home.path().join("vaults")).await?.leave().await;
    let window = Window::open(home.path()).await?;
    window.sees_within("Never synced on this computer", SLOW).await?;
    for attempt in 1..=5 {
        window.fill("Passphrase", &format!("not the right words {attempt}")).await?;
        window.button("Unlock").await?;
        window.sees(if attempt < 5 { "This is not the passphrase" } else { "Too many wrong passphrases." }).await?;
    }
    window.pictures("unlock-delayed").await?;
    window.end().await?;

    let window = Window::open(home.path()).await?;
    window.sees_within("Try again in", SLOW).await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    assert!(!window.has(Kind::Button, "Unlock").await?, "it can be tried before the time");
    let begun = Instant::now();
    while window.shows("Try again in").await? {
        assert!(begun.elapsed() < SLOW, "the time never ends");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    window.button("Unlock").await?;
    window.sees_within("Where the changes are", SLOW).await?;
    window.end().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vowel_is_recorded_from_the_microphone() -> Result<()> {
    let home = tempfile::tempdir()?;
    let desk = Desk::make_clinic(&home.path().join("vaults")).await?;
    desk.import(inputs::sample("bundle.json.gz")?).await?;
    desk.leave().await;
    let microphone = Microphone::in_folder(home.path(), 0.4)?;
    let window = Window::open_with(home.path(), &[("ALSA_CONFIG_PATH", &microphone.config)]).await?;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sync_centre_tells_the_truth_about_a_real_mongodb() -> Result<()> {
    let (home, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let mut server = LocalServer::start(&data.path().join("set"), 0).await?;
    let alone = LocalServer::start_with(
        &data.path().join("alone"),
        ServerOptions { replica_set: false, ..ServerOptions::default() },
    )
    .await?;
    Desk::make_clinic(&home.path().join("vaults")).await?.leave().await;
    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    told!("addresses that cannot be used are named", wrong_addresses(&window, &alone));
    told!("the right one takes everything in", first_sync(&window, &server));
    server.stop().await;
    told!("without it the work goes on and waits", offline(&window));
    server.restart().await?;
    told!("when it is back everything is sent", online_again(&window));
    window.end().await
}

async fn wrong_addresses(window: &Window, alone: &LocalServer) -> Result<()> {
    window.link("Sync centre").await?;
    window.sees("It begins with mongodb://").await?;
    window.pictures("sync-no-remote").await?;
    let cases = [
        ("mongodb://db.example.org/clinic".to_owned(), "The address leaves the connection unprotected."),
        ("mongodb://127.0.0.1:9/clinic".to_owned(), "The remote cannot be reached."),
        (alone.uri("clinic"), "The remote is a single server without a replica set."),
    ];
    for (address, sentence) in cases {
        window.fill("Connection address", &address).await?;
        window.button("Test the connection").await?;
        window.sees_within(sentence, SLOW).await?;
    }
    window.pictures("sync-standalone").await
}

async fn first_sync(window: &Window, server: &LocalServer) -> Result<()> {
    window.fill("Connection address", &server.uri("clinic")).await?;
    window.button("Test the connection").await?;
    window.sees_within("The connection works.", SLOW).await?;
    window.picture("sync-works").await?;
    window.button("Use it").await?;
    window.sees_within("Synced", SLOW).await?;
    window.sees_within("nothing waits", SLOW).await?;
    window.button("Compare").await?;
    window.sees_within("the same on both sides", SLOW).await?;
    window.pictures("sync-synced").await
}

async fn offline(window: &Window) -> Result<()> {
    window.link("Patients").await?;
    window.button("Register a patient").await?;
    window.fill("Name", "Amara Nwosu").await?;
    window.button("Open the chart").await?;
    window.sees("Allergies not asked").await?;
    window.sees_within("Offline · ", SLOW).await?;
    window.sees_within("waiting", SLOW).await?;
    window.sees("Waiting to send").await?;
    window.pictures("chart-offline").await?;
    window.link("Sync centre").await?;
    window.sees("Working offline since").await?;
    assert!(!window.shows("1970").await?, "the oldest unsent change is of the beginning of time");
    window.pictures("sync-offline").await
}

async fn online_again(window: &Window) -> Result<()> {
    window.button("Sync now").await?;
    window.sees_within("nothing waits", SLOW).await?;
    window.sees_within("Synced", SLOW).await?;
    window.picture("sync-again").await
}

const PEOPLE: u32 = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_patients_are_found_as_one_types() -> Result<()> {
    let home = tempfile::tempdir()?;
    let vaults = home.path().join("vaults");
    Desk::make_clinic(&vaults).await?.leave().await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let begun = Instant::now();
    desk::fill(&vaults, PEOPLE, u64::try_from(now).unwrap_or(u64::MAX))?;
    println!("{:>6.1} s  {PEOPLE} people were registered", begun.elapsed().as_secs_f64());
    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    window.link("Patients").await?;
    window.sees_within("10,000 patients", SLOW).await?;
    window.pictures("patients-10000").await?;
    told!("search as one types", search(&window));
    window.end().await
}

/// Types into the search field as the page sees it, and measures until the first row drawn holds what was looked for.
const TYPED: &str = "const [text, wanted, done] = arguments;\
    const field = document.querySelector('input[aria-label=\"Search patients\"]');\
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;\
    const begun = performance.now();\
    set.call(field, text);\
    field.dispatchEvent(new Event('input', { bubbles: true }));\
    const look = () => {\
      const row = document.querySelector('[role=option]');\
      if (row?.textContent.includes(wanted)) return done(performance.now() - begun);\
      if (performance.now() - begun > 10000) return done(null);\
      requestAnimationFrame(look);\
    };\
    requestAnimationFrame(look);";

/// The request alone, as the page asks it.
const ASKED: &str = "const [text, done] = arguments;\
    const begun = performance.now();\
    window.__TAURI_INTERNALS__.invoke('ask', { name: 'patients.find', input: { text, offset: 0, limit: 100, archived: false } })\
      .then((page) => done([performance.now() - begun, page.total]), (problem) => done(problem));";

async fn search(window: &Window) -> Result<()> {
    let mut shown = Vec::new();
    for (text, wanted) in [
        ("zhang", "Zhang"),
        ("ama oka", "Amara Okafor"),
        ("09999", "09999"),
        ("priya t", "Priya Traore"),
        ("q vargas", "Quentin Vargas"),
    ] {
        let drawn = window.run_async(TYPED, vec![json!(text), json!(wanted)]).await?;
        let asked = window.run_async(ASKED, vec![json!(text)]).await?;
        println!(
            "          “{text}”: drawn after {:.0} ms (80 of them waiting for the next key), the answer alone {:.1} ms, {} found",
            drawn.as_f64().unwrap_or(f64::NAN),
            asked[0].as_f64().unwrap_or(f64::NAN),
            asked[1]
        );
        shown.push(drawn.as_f64());
    }
    window.picture("patients-found").await?;
    assert!(shown.iter().all(Option::is_some), "a search never showed its row: {shown:?}");
    Ok(())
}
