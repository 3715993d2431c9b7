//! A share goes from one computer to another, and is taken back.

use crate::support::{SLOW, begin_share, told, unlock};
use aidpost_tests::desk::Desk;
use aidpost_tests::inputs;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use serde_json::json;
use std::path::Path;
use std::time::Instant;

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

async fn make_share(window: &Window, folder: &Path) -> Result<(String, Vec<u8>)> {
    begin_share(window).await?;
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
