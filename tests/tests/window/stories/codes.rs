//! Records go from this screen to another computer without any network, and the list of who looked proves itself.

use crate::support::{SLOW, open_first_patient, text, told, unlock};
use aidpost_tests::desk::Desk;
use aidpost_tests::inputs;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The code that is shown now, as the picture that a camera would take.
const SHOWN: &str = "return document.querySelector('[role=dialog] img')?.src ?? null";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_go_from_screen_to_screen_and_leave_an_entry_that_can_be_checked() -> Result<()> {
    let (home, elsewhere) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let desk = Desk::make_clinic(&home.path().join("vaults")).await?;
    desk.import(inputs::sample("bundle.json.gz")?).await?;
    desk.leave().await;
    let receiver = Desk::make_clinic(elsewhere.path()).await?;
    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    told!("the code for a sender is shown", waits(&window));
    told!("what is chosen is sealed, shown, and arrives", sends(&window, &receiver));
    told!("the list of who looked holds", proves(&window));
    window.end().await
}

async fn waits(window: &Window) -> Result<()> {
    window.link("Receive a share").await?;
    window.button("Receive without a network").await?;
    window.sees_within("1. Show this code to the sender", SLOW).await?;
    window.pictures("codes-receive").await?;
    window.button("Back").await
}

async fn sends(window: &Window, receiver: &Desk) -> Result<()> {
    let waiting = receiver.ask("transfer.receive", json!({ "source": "from a screen" })).await?;
    open_first_patient(window).await?;
    window.tab("Shares & access").await?;
    window.button("Send without a network").await?;
    window.fill("Code of the receiver", &text(&waiting["code"])).await?;
    window.sees_within("The same characters must stand on the other screen", SLOW).await?;
    window.fill("Who receives it", "Dr Wei Chen, City Hospital").await?;
    window.pictures("codes-send").await?;
    window.button("Show the codes").await?;
    window.sees_within("are needed", SLOW).await?;
    let arrived = film(window, receiver, &waiting["ticket"]).await?;
    assert_eq!(arrived["source"], "from a screen");
    window.pictures("codes-shown").await?;
    window.button("Stop").await
}

/// Looks at the screen as a camera does, until all has arrived.
async fn film(window: &Window, receiver: &Desk, ticket: &Value) -> Result<Value> {
    let (deadline, mut last) = (Instant::now() + SLOW, Value::Null);
    loop {
        assert!(Instant::now() < deadline, "it never arrived:\n{}", window.words().await?);
        let shown = window.run(SHOWN, Vec::new()).await?;
        if shown == last || shown.is_null() {
            tokio::time::sleep(Duration::from_millis(30)).await;
            continue;
        }
        let png = text(&shown).split_once(',').map(|(_, png)| STANDARD.decode(png).unwrap()).unwrap();
        let taken = receiver.give("transfer.take_picture", json!({ "id": ticket }), png).await?;
        if !taken["intake"].is_null() {
            return Ok(taken["intake"].clone());
        }
        last = shown;
    }
}

async fn proves(window: &Window) -> Result<()> {
    window.sees_within("Dr Wei Chen, City Hospital", SLOW).await?;
    window.button("Check this list").await?;
    window.sees_within("The list holds.", SLOW).await?;
    window.pictures("access-holds").await
}
