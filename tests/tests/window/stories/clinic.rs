//! A clinic begins, and looks after its first patients.

use crate::support::{SLOW, told, until};
use aidpost_tests::desk::{CLINIC, DOCTOR, PASSPHRASE};
use aidpost_tests::inputs;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

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
    window.lock().await?;
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
