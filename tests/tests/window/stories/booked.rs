//! Two people book one doctor's time while they cannot see each other's entries.

use crate::support::{SLOW, clinic, let_in, text, told, unlock};
use aidpost_tests::desk::Desk;
use aidpost_tests::trouble::Result;
use aidpost_tests::window::Window;
use model::Time;
use serde_json::json;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use sync::server::LocalServer;
use uuid::Uuid;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

async fn register(head: &Desk, name: &str) -> Result<Uuid> {
    let form = json!({ "name": name, "date_of_birth": null, "gender": null, "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    Ok(Uuid::parse_str(&text(&head.ask("patients.register", form).await?["id"])).unwrap())
}

async fn sync(desks: &[&Desk]) -> Result<()> {
    for desk in desks {
        desk.ask("sync.now", json!({})).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_that_was_booked_twice_stands_for_a_reason_or_stays_called_off() -> Result<()> {
    let (home, elsewhere, data) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let server = LocalServer::start(data.path(), 0).await?;
    let (head, _) = clinic(&home.path().join("vaults")).await?;
    head.ask("sync.set_remote", json!({ "address": server.uri("") })).await?;
    let colleague = let_in(&head, elsewhere.path()).await?;
    let charts = [register(&head, "Amara Nwosu").await?, register(&head, "Ben Adeyemi").await?];
    sync(&[&head, &colleague, &head, &colleague]).await?;
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
    let ten = (now / DAY_MS + 3) * DAY_MS + 10 * HOUR_MS;
    for hour in [0, 2] {
        head.book(charts[0], head.me()?, Time::from_ms(ten + hour * HOUR_MS))?;
    }
    for hour in [0, 2] {
        colleague.book(charts[1], head.me()?, Time::from_ms(ten + hour * HOUR_MS))?;
    }
    sync(&[&head, &colleague, &head]).await?;
    colleague.leave().await;
    head.leave().await;

    let window = Window::open(home.path()).await?;
    unlock(&window).await?;
    told!("it is shown on the first page", shown(&window));
    told!("one stands for a reason, the other stays called off", settled(&window));
    window.end().await
}

async fn shown(window: &Window) -> Result<()> {
    window.sees_within("2 appointments were called off", SLOW).await?;
    window.sees("Amara Nwosu had been booked first").await?;
    window.sees("was called off: the doctor had been booked for that time before").await?;
    window.pictures("booked-twice").await
}

async fn settled(window: &Window) -> Result<()> {
    window.button("Let both stand").await?;
    window.fill("Why both stand", "The same family, seen together").await?;
    window.pictures("booked-reason").await?;
    window.button("Let both stand").await?;
    window.sees_within("1 appointment was called off", SLOW).await?;
    window.button("Leave it called off").await?;
    let deadline = Instant::now() + SLOW;
    while window.shows("Booked twice").await? {
        assert!(Instant::now() < deadline, "it is still shown");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    window.pictures("booked-settled").await
}
