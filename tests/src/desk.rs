//! One person at one device without a window: the same requests, for filling a vault before a story is told.

use crate::trouble::{Result, Trouble};
use app::{App, Options, SystemClock};
use model::{Appointment, BusyTime, Patient, Role, Time};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Once};
use uuid::Uuid;
use vault::Vault;

/// The passphrase of everybody whom the tests make.
pub const PASSPHRASE: &str = "quiet orchard morning ferry";
/// The clinic's name.
pub const CLINIC: &str = "Harbour Clinic";
/// Its doctor.
pub const DOCTOR: &str = "Dr Amina Rahman";

/// The program, open for one person.
pub struct Desk {
    app: Arc<App>,
}

impl Desk {
    /// Sits down at the vaults in a folder.
    pub fn at(vaults: &Path) -> Desk {
        prepare_tls();
        let options =
            Options { loopback_only: true, serve_links: true, idle_lock: false, window: false, keychain: false };
        Desk { app: App::new(vaults, Arc::new(SystemClock), options) }
    }

    /// Makes the clinic in a folder, and stays at work in it.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn make_clinic(vaults: &Path) -> Result<Desk> {
        let desk = Desk::at(vaults);
        let clinic = json!({ "clinic_name": CLINIC, "name": DOCTOR, "email": null, "specialization": null, "passphrase": PASSPHRASE, "language": "en" });
        desk.ask("session.make_clinic", clinic).await?;
        Ok(desk)
    }

    /// Opens the one vault that is there.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn unlock(&self) -> Result<()> {
        let state = self.ask("session.state", json!({})).await?;
        let profile = state["profiles"][0]["id"].clone();
        self.ask("session.unlock", json!({ "profile": profile, "passphrase": PASSPHRASE })).await.map(|_| ())
    }

    /// Asks a request.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn ask(&self, name: &str, input: impl Serialize) -> Result<Value> {
        let answer = app::answer(&self.app, name, serde_json::to_value(input)?).await;
        answer.map_err(|problem| Trouble::Refused { name: name.to_owned(), problem })
    }

    /// Asks a request that comes with bytes.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn give(&self, name: &str, input: impl Serialize, bytes: Vec<u8>) -> Result<Value> {
        let answer = app::answer_upload(&self.app, name, serde_json::to_value(input)?, bytes).await;
        answer.map_err(|problem| Trouble::Refused { name: name.to_owned(), problem })
    }

    /// Asks a request that answers with bytes.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn fetch(&self, name: &str, input: impl Serialize) -> Result<Vec<u8>> {
        let answer = app::answer_download(&self.app, name, serde_json::to_value(input)?).await;
        answer.map_err(|problem| Trouble::Refused { name: name.to_owned(), problem })
    }

    /// Files a whole bundle into a new chart, and gives its id.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn import(&self, bundle: Vec<u8>) -> Result<String> {
        let read = self.give("intake.read", json!({ "file_name": "record.json", "patient": null }), bundle).await?;
        let done = self.ask("intake.file", json!({ "ticket": read["ticket"], "items": null, "patient": null })).await?;
        Ok(done["patient"].as_str().unwrap_or_default().to_owned())
    }

    /// Whoever sits here.
    ///
    /// # Errors
    /// [`Trouble::Input`] while the record is locked.
    pub fn me(&self) -> Result<Uuid> {
        Ok(self.app.session().map_err(refused)?.me.user)
    }

    /// Books half an hour of a doctor for a chart, as a calendar will.
    ///
    /// # Errors
    /// [`Trouble::Input`] while the record is locked, or for what the vault refuses.
    pub fn book(&self, chart: Uuid, doctor: Uuid, start: Time) -> Result<()> {
        let session = self.app.session().map_err(refused)?;
        let wall = start.to_string()[..16].to_owned();
        let visit = json!({
            "patient_id": chart, "doctor_id": doctor, "appointment_date": start, "local_time": wall, "zone": "UTC",
            "duration_minutes": 30, "status": "confirmed", "state": "confirmed", "reason": "Blood pressure review",
        });
        let values = |value: Value| value.as_object().cloned().unwrap_or_default();
        let write = session.write(|w| {
            let id = w.new_id()?;
            w.put::<Appointment>(id, chart, &values(visit))?;
            let busy = json!({ "doctor_id": doctor, "start": start, "duration_minutes": 30, "is_free": false, "appointment_id": id });
            w.put::<BusyTime>(id, session.me.realm, &values(busy))
        });
        write.map_err(refused)
    }

    /// Closes the vault and ends the tasks.
    pub async fn leave(self) {
        self.app.end(app::views::LockReason::Asked).await;
    }
}

fn refused(problem: app::Problem) -> Trouble {
    Trouble::Input(problem.to_string())
}

fn prepare_tls() {
    static ONCE: Once = Once::new();
    // Another test of the same program may have done it; one provider is as good as the other.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

const FIRST: [&str; 20] = [
    "Amara", "Bruno", "Chidi", "Dalia", "Emeka", "Fatou", "Goran", "Hana", "Imani", "Jonas", "Karim", "Leila",
    "Moussa", "Nadia", "Oluwa", "Priya", "Quentin", "Rosa", "Samir", "Tariq",
];
const LAST: [&str; 25] = [
    "Abebe", "Bakker", "Castillo", "Diallo", "Eriksen", "Fofana", "Gupta", "Haddad", "Ivanova", "Jansen", "Kowalski",
    "Lopez", "Mensah", "Nguyen", "Okafor", "Pereira", "Quispe", "Rahman", "Santos", "Traore", "Ueda", "Vargas",
    "Wekesa", "Yilmaz", "Zhang",
];

/// Registers so many invented people, a thousand in one transaction. Their front pages are sealed for the care team instead of
/// for a chart of each: a list does not look at keys, and opening ten thousand charts takes minutes. The vault must be closed.
///
/// # Errors
/// What the vault refuses, as [`Trouble::Input`].
pub fn fill(vaults: &Path, people: u32, now_ms: u64) -> Result<()> {
    let failed = |error: vault::Error| Trouble::Input(error.to_string());
    let profile = vault::profiles(vaults).map_err(failed)?.into_iter().find(|one| one.role != Role::Patient.word());
    let folder = profile.ok_or_else(|| Trouble::Input("no vault to fill".to_owned()))?.folder;
    let vault = Vault::open(&folder, PASSPHRASE, now_ms).map_err(failed)?;
    let team = vault.me().map_err(failed)?.team;
    for from in (0..people).step_by(1_000) {
        vault
            .write(now_ms, |w| (from..people.min(from + 1_000)).try_for_each(|n| register(w, team, n)))
            .map_err(failed)?;
    }
    vault.close().map_err(failed)
}

/// Restricts a chart to somebody who is not here, as a colleague's program does. The vault must be closed.
///
/// # Errors
/// What the vault refuses, as [`Trouble::Input`].
pub fn restrict(vaults: &Path, chart: &str) -> Result<()> {
    let failed = |error: vault::Error| Trouble::Input(error.to_string());
    let chart = Uuid::parse_str(chart).map_err(|error| Trouble::Input(error.to_string()))?;
    let profile = vault::profiles(vaults).map_err(failed)?.into_iter().next();
    let folder = profile.ok_or_else(|| Trouble::Input("no vault".to_owned()))?.folder;
    let now_ms = app::Clock::now_ms(&SystemClock);
    let vault = Vault::open(&folder, PASSPHRASE, now_ms).map_err(failed)?;
    let colleague = vault.new_id(now_ms).map_err(failed)?;
    let closed = json!({ "is_restricted": true, "allowed_members": [{ "id": colleague }] });
    let values = closed.as_object().cloned().unwrap_or_default();
    vault.write(now_ms, |w| w.put::<Patient>(chart, chart, &values)).map_err(failed)?;
    vault.close().map_err(failed)
}

fn register(w: &mut vault::Writer<'_, '_>, team: Uuid, n: u32) -> vault::Result<()> {
    let id = w.new_id()?;
    let of = |names: &[&'static str], step: u32| names[(n / step) as usize % names.len()];
    let name = format!("{} {}", of(&FIRST, 1), of(&LAST, 20));
    let front = json!({
        "name": name, "patient_number": format!("TEST-{n:05}"), "date_of_birth": format!("{}-{:02}-{:02}", 1930 + n % 90, 1 + n % 12, 1 + n % 28),
        "phone": format!("+44 7700 9{n:05}"), "gender": if n.is_multiple_of(2) { "female" } else { "male" }, "is_archived": false,
    });
    w.put::<Patient>(id, team, front.as_object().expect("an object"))
}
