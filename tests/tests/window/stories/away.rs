//! A large file stays in the database until somebody opens it; a doctor keeps a patient at hand.

use crate::support::{SLOW, clinic, let_in, open_first_patient, text, told, unlock};
use aidpost_tests::desk::Desk;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::json;
use std::time::Instant;
use sync::server::LocalServer;

const TITLE: &str = "Chest, standing";
/// Is the picture itself in sight? Its thumbnail is beside it all the time.
const WHOLE: &str = "return [...document.querySelectorAll('main img')].some((one) => one.naturalWidth === 640)";

/// A picture that does not shrink: as much as a scan of a few hundred kilobytes needs.
fn large_picture() -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(7);
    let noise = image::RgbImage::from_fn(640, 640, |_, _| image::Rgb([rng.u8(..), rng.u8(..), rng.u8(..)]));
    let mut png = std::io::Cursor::new(Vec::new());
    noise.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

async fn add_picture(head: &Desk) -> Result<()> {
    let form = json!({ "name": "Amara Nwosu", "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    let patient = text(&head.ask("patients.register", form).await?["id"]);
    let record = json!({ "patient": patient, "title": TITLE, "document_type": "SCAN", "date_of_record": null, "source_doctor": null, "notes": null, "file_name": "chest.png" });
    head.give("records.add", record, large_picture()).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_file_comes_when_it_is_opened_and_a_patient_is_kept_at_hand() -> Result<()> {
    let (home, elsewhere, data) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let mut server = LocalServer::start(data.path(), 0).await?;
    let (head, _) = clinic(elsewhere.path()).await?;
    head.ask("sync.set_remote", json!({ "address": server.uri("") })).await?;
    add_picture(&head).await?;
    let colleague = let_in(&head, &home.path().join("vaults")).await?;
    for desk in [&head, &colleague, &head, &colleague] {
        desk.ask("sync.now", json!({})).await?;
    }
    colleague.leave().await;
    head.leave().await;
    server.stop().await;

    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    told!("without the database the file is not here, and that is said", not_here(&window));
    server.restart().await?;
    told!("it comes as soon as the database is there", comes(&window));
    told!("the patient is kept at hand, and found among those who are", kept_at_hand(&window));
    window.end().await
}

async fn not_here(window: &Window) -> Result<()> {
    open_first_patient(window).await?;
    window.tab("Records").await?;
    window.press(Kind::Option, TITLE).await?;
    window.sees_within("This file is not on this device yet", SLOW).await?;
    window.pictures("file-away").await
}

async fn comes(window: &Window) -> Result<()> {
    window.link("Sync centre").await?;
    window.button("Sync now").await?;
    window.sees_within("Synced", SLOW).await?;
    open_first_patient(window).await?;
    window.tab("Records").await?;
    window.press(Kind::Option, TITLE).await?;
    let deadline = Instant::now() + SLOW;
    while window.run(WHOLE, Vec::new()).await? != json!(true) {
        assert!(Instant::now() < deadline, "the picture never came:\n{}", window.words().await?);
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    window.pictures("file-came").await
}

async fn kept_at_hand(window: &Window) -> Result<()> {
    window.button("Save this patient").await?;
    window.fill("Remarks for yourself", "Asks for Dr Chen").await?;
    window.pictures("patient-saved").await?;
    window.button("Save with remarks").await?;
    let deadline = Instant::now() + SLOW;
    while !window.has(Kind::Button, "Saved patient: remarks").await? {
        assert!(Instant::now() < deadline, "the star is not filled");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    window.link("Patients").await?;
    window.tick("Only saved by you").await?;
    window.sees_within("1 patient", SLOW).await?;
    window.sees("Amara Nwosu").await?;
    window.pictures("patients-saved").await
}
