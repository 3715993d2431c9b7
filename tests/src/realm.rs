//! A clinic of three devices with real vaults: two doctors and a patient, who share one chart. Two more doctors have been let
//! in and wait to be removed, so that there is a reason for new keys.

use model::{Message, Observation, Patient, Role, Time};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;
use vault::{Find, Invitee, Joining, NewPerson, Vault};

/// Their passphrase: one for all, they are not what is tested.
pub const PASSPHRASE: &str = "tulip harbour seven lanterns";
/// Doctors who are members and have no device here.
const SPARE: usize = 2;
/// Index of the patient's device; the others are the doctors'.
pub const PATIENT: usize = 2;

/// The founded realm, closed; tests work on copies of it.
pub struct Realm {
    home: TempDir,
    names: Vec<PathBuf>,
    /// When it was founded, in milliseconds since 1970.
    pub founded_ms: u64,
    /// The chart, which is the patient's id as well.
    pub chart: Uuid,
    /// The realm's id.
    pub id: Uuid,
    /// People whom the founder may remove.
    pub spare: Vec<Uuid>,
}

/// One device with its vault open.
pub struct Device {
    /// The open vault.
    pub vault: Arc<Vault>,
    /// Who works there.
    pub user: Uuid,
    folder: PathBuf,
}

impl Realm {
    /// Founds a clinic, opens a chart, and lets the second doctor and the patient in.
    pub fn found(now_ms: u64) -> vault::Result<Realm> {
        let home = tempfile::tempdir()?;
        let person = NewPerson { initials: "AR", passphrase: PASSPHRASE, alone: false };
        let (founder, _) = Vault::found(home.path(), &person, now_ms)?;
        let chart = open_chart(&founder, now_ms)?;
        let doctor = Invitee::Member { role: Role::Doctor, clinical: false, chart: None };
        let patient = Invitee::Member { role: Role::Patient, clinical: false, chart: Some(chart) };
        let second = join(home.path(), &founder, doctor, now_ms)?;
        let third = join(home.path(), &founder, patient, now_ms)?;
        let id = founder.me()?.realm;
        let mut spare = Vec::new();
        for _ in 0..SPARE {
            let away = tempfile::tempdir()?;
            let doctor = Invitee::Member { role: Role::Doctor, clinical: false, chart: None };
            let vault = join(away.path(), &founder, doctor, now_ms)?;
            spare.push(vault.me()?.user);
            vault.close()?;
        }
        let mut names = Vec::new();
        for vault in [founder, second, third] {
            vault.close()?;
            names.extend(vault.folder().file_name().map(PathBuf::from));
        }
        Ok(Realm { home, names, founded_ms: now_ms, chart, id, spare })
    }

    /// Copies the three vaults into `folder` and opens them.
    pub fn settle(&self, folder: &Path) -> vault::Result<Vec<Device>> {
        let device = |name: &PathBuf| {
            let to = folder.join(name);
            copy_folder(&self.home.path().join(name), &to)?;
            Device::open(to, self.founded_ms)
        };
        self.names.iter().map(device).collect()
    }
}

impl Device {
    fn open(folder: PathBuf, now_ms: u64) -> vault::Result<Device> {
        let vault = Vault::open(&folder, PASSPHRASE, now_ms)?;
        Ok(Device { user: vault.me()?.user, vault: Arc::new(vault), folder })
    }

    /// Closes the vault and opens it again, as a restart of the program does.
    pub fn restart(&mut self, now_ms: u64) -> vault::Result<()> {
        self.vault.close()?;
        *self = Device::open(self.folder.clone(), now_ms)?;
        Ok(())
    }

    /// How large the file of its database is.
    pub fn database_bytes(&self) -> std::io::Result<u64> {
        Ok(std::fs::metadata(self.folder.join("vault.db"))?.len())
    }

    /// Copies the vault as it is now into `to`, as somebody does who copies the folder.
    pub fn copy_to(&mut self, to: &Path, now_ms: u64) -> vault::Result<()> {
        self.vault.close()?;
        copy_folder(&self.folder, to)?;
        *self = Device::open(self.folder.clone(), now_ms)?;
        Ok(())
    }

    /// Puts such a copy in the vault's place and opens it.
    pub fn put_back(&mut self, from: &Path, now_ms: u64) -> vault::Result<()> {
        self.vault.close()?;
        std::fs::remove_dir_all(&self.folder)?;
        copy_folder(from, &self.folder)?;
        *self = Device::open(self.folder.clone(), now_ms)?;
        Ok(())
    }

    /// Everything that the device holds of a collection, deleted or not, in the order of ids.
    pub fn contents<T: model::Collection + serde::Serialize>(&self) -> vault::Result<Vec<Value>> {
        let mut all = Vec::new();
        for deleted in [false, true] {
            let rows = self.vault.list::<T>(&Find { deleted, ..Find::default() })?;
            all.extend(rows.iter().map(|row| {
                json!({
                    "collection": T::DEF.name, "id": row.id, "rev": row.rev, "stamp": row.stamp, "deleted": row.deleted,
                    "made": row.created_at, "changed": row.updated_at, "value": row.value, "waiting": row.waiting,
                })
            }));
        }
        all.sort_by_key(|row| row["id"].to_string());
        Ok(all)
    }
}

fn open_chart(founder: &Vault, now_ms: u64) -> vault::Result<Uuid> {
    let opened = founder.write(now_ms, |w| {
        let id = w.new_id()?;
        w.open_chart(id, None)?;
        let front = json!({ "name": "Maria Okafor", "allergies": [], "is_archived": false });
        w.put::<Patient>(id, id, front.as_object().expect("an object"))?;
        Ok(id)
    });
    opened.map(|(id, _)| id)
}

fn join(root: &Path, founder: &Vault, invitee: Invitee, now_ms: u64) -> vault::Result<Vault> {
    let invitation = founder.invite(invitee, b"", now_ms)?;
    let (joining, request, check) = Joining::begin(root, &invitation, "XX", PASSPHRASE, now_ms)?;
    let answer = founder.admit(&request, &check, now_ms)?;
    joining.finish(&answer, now_ms).map(|(vault, _)| vault)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => std::fs::copy(entry.path(), target).map(|_| ())?,
        }
    }
    Ok(())
}

/// A measured value.
pub fn observation(chart: Uuid, user: Uuid, value: f64, at_ms: u64) -> Observation {
    Observation {
        patient_id: model::Id::new(chart),
        code: "8867-4".to_owned(),
        value,
        unit: "/min".to_owned(),
        observed_at: time(at_ms),
        entered_by: Some(model::Id::new(user)),
        panel: None,
        is_withdrawn: false,
        origin: None,
    }
}

/// A message in the chart.
pub fn message(chart: Uuid, user: Uuid, content: &str, at_ms: u64) -> Message {
    Message {
        sender_id: model::Id::new(user),
        receiver_id: None,
        patient_id: model::Id::new(chart),
        content: content.to_owned(),
        attachments: Vec::new(),
        timestamp: time(at_ms),
        read_at: None,
    }
}

fn time(at_ms: u64) -> Time {
    Time::from_ms(i64::try_from(at_ms).unwrap_or(i64::MAX))
}
