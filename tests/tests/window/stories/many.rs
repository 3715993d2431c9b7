//! Ten thousand patients are found as one types.

use crate::support::{SLOW, told, unlock};
use aidpost_tests::desk::{self, Desk};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use serde_json::json;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

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
    window.__TAURI_INTERNALS__.invoke('ask', { name: 'patients.find', input: { text, offset: 0, limit: 100, archived: false, saved: false } })\
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
