//! The computer sleeps, or its desktop is locked, while a record is open in the real window.

use crate::logind::Logind;
use crate::support::{SLOW, unlock};
use aidpost_tests::desk::Desk;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use std::path::PathBuf;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_locks_with_the_computer() -> Result<()> {
    let (home, logind) = (tempfile::tempdir()?, Logind::start().await);
    Desk::make_clinic(&home.path().join("vaults")).await?.leave().await;
    let bus = PathBuf::from(&logind.bus.address);
    let window = Window::open_with(home.path(), &[("DBUS_SYSTEM_BUS_ADDRESS", &bus)], &[]).await?;
    unlock(&window).await?;
    logind.followed(0).await;
    let before = window.program().processes()?;
    logind.sleep(true).await;
    window.comes_back(&before).await?;
    window.sees_within("Locked when the computer went to sleep", SLOW).await?;

    let holders = logind.holders();
    unlock(&window).await?;
    logind.followed(holders).await;
    let before = window.program().processes()?;
    logind.lock().await;
    window.comes_back(&before).await?;
    window.sees_within("Locked together with the computer.", SLOW).await?;
    window.pictures("unlock-desktop").await?;
    window.end().await
}
