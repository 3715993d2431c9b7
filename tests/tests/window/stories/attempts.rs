//! Wrong passphrases are slowed.

use crate::support::SLOW;
use aidpost_tests::desk::{Desk, PASSPHRASE};
use aidpost_tests::trouble::Result;
use aidpost_tests::window::{Kind, Window};
use std::time::{Duration, Instant};

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
