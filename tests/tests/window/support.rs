//! What the stories share: unlocking, waiting, and saying how long it took.

use aidpost_tests::desk::{Desk, PASSPHRASE};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// What takes the time of Argon2id, of a network or of a new process.
pub const SLOW: Duration = Duration::from_secs(60);

/// Says how long a story took.
macro_rules! told {
    ($name:literal, $story:expr) => {{
        let begun = Instant::now();
        let told = $story.await?;
        println!("{:>6.1} s  {}", begun.elapsed().as_secs_f64(), $name);
        told
    }};
}
pub(crate) use told;

pub async fn until(window: &Window, script: &str, wanted: &Value) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while window.run(script, Vec::new()).await? != *wanted {
        assert!(Instant::now() < deadline, "{script} never gave {wanted}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

pub async fn unlock(window: &Window) -> Result<()> {
    window.sees_within("Unlock", SLOW).await?;
    window.fill("Passphrase", PASSPHRASE).await?;
    window.button("Unlock").await?;
    window.sees_within("Where the changes are", SLOW).await
}

pub async fn open_first_patient(window: &Window) -> Result<()> {
    window.link("Patients").await?;
    window.press(Kind::Option, "").await?;
    window.part("[aria-label=Patient] h1").await.map(|_| ())
}

/// The first patient's chart, where records for a share are chosen.
pub async fn begin_share(window: &Window) -> Result<()> {
    open_first_patient(window).await?;
    window.tab("Shares & access").await?;
    window.button("Share records").await
}

/// A clinic, and the text of its founder's kit.
pub async fn clinic(vaults: &Path) -> Result<(Desk, String)> {
    let desk = Desk::at(vaults);
    let form = json!({ "clinic_name": "Harbour Clinic", "name": "Dr Amina Rahman", "email": null, "specialization": null, "passphrase": PASSPHRASE, "language": "en" });
    let made = desk.ask("session.make_clinic", form).await?;
    Ok((desk, text(&made["papers"]["kit"])))
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Who comes in beside the founder.
pub const COLLEAGUE: &str = "Dr Wei Chen";

/// A colleague comes in on a computer of their own.
pub async fn let_in(head: &Desk, vaults: &Path) -> Result<Desk> {
    let invite = json!({ "own_device": false, "role": "doctor", "clinical": false, "chart": null });
    let invitation = head.ask("people.invite", invite).await?["text"].clone();
    let colleague = Desk::at(vaults);
    let join = json!({ "invitation": invitation, "name": COLLEAGUE, "passphrase": PASSPHRASE });
    let joining = colleague.ask("session.join", join).await?;
    let admit = json!({ "request": joining["request"], "typed_check": joining["check_words"] });
    let answer = head.ask("people.admit", admit).await?["answer"].clone();
    colleague.ask("session.join_finish", json!({ "answer": answer })).await?;
    Ok(colleague)
}
