//! Looking at what surrounds the documents: files that are here, devices that were heard of, members and their charts;
//! and putting a displaced value back.

use crate::{Error, Result, Vault, Writer, amend, blobs, quarantine, rows};
use model::{Class, CollectionDef, DeviceTag, Map, Role};
use rusqlite::OptionalExtension;
use serde_json::Value;
use uuid::Uuid;

/// A member of the realm, as certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user: Uuid,
    /// What they may do.
    pub role: Role,
    /// May they write clinical statements?
    pub clinical: bool,
}

/// A device of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The device.
    pub device: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// The time in the newest journal entry of it that came here, in milliseconds since 1970.
    pub last_seen_ms: Option<i64>,
}

/// A chart that one member alone keeps, or kept, because its person left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The chart.
    pub chart: Uuid,
    /// The person who left.
    pub person: Uuid,
    /// Who keeps it.
    pub custodian: Uuid,
    /// Until when it must be kept, milliseconds since 1970.
    pub until_ms: u64,
    /// Has its custodian ended it?
    pub ended: bool,
}

impl Vault {
    /// The charts that were handed over to a custodian.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn kept_charts(&self) -> Result<Vec<Kept>> {
        self.with_trust(|trust| {
            let one = |word: &crate::trust::Retention| Kept {
                chart: word.chart,
                person: word.person,
                custodian: word.custodian,
                until_ms: word.until_ms,
                ended: trust.is_ended(word.chart),
            };
            trust.retained_charts().filter_map(|chart| trust.retention_of(chart)).map(one).collect()
        })
    }

    /// Everyone who is certified and not removed.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn members(&self) -> Result<Vec<Member>> {
        self.with_trust(|trust| {
            let standing =
                |user: Uuid| trust.role_of(user).map(|one| Member { user, role: one.role, clinical: one.clinical });
            trust.users().into_iter().filter(|user| !trust.is_removed(*user)).filter_map(standing).collect()
        })
    }

    /// All devices of all members, without those that were removed ([`Vault::removed_devices`]).
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::Damaged`].
    pub fn devices(&self) -> Result<Vec<Device>> {
        let known: Vec<(Uuid, Uuid)> = self.with_trust(|trust| {
            let of = |user: Uuid| trust.devices_of(user).into_iter().map(move |device| (device, user));
            trust.users().into_iter().flat_map(of).filter(|(device, _)| !trust.is_removed(*device)).collect()
        })?;
        self.with_reader(|connection| {
            let mut statement = connection.prepare_cached("SELECT at FROM heads WHERE device = ?1")?;
            known
                .into_iter()
                .map(|(device, user)| {
                    let last_seen_ms = statement.query_row([device.to_string()], |row| row.get(0)).optional()?;
                    Ok(Device { device, user, last_seen_ms })
                })
                .collect()
        })
    }

    /// All devices that were removed, by themselves or with their person.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn removed_devices(&self) -> Result<Vec<Device>> {
        self.with_trust(|trust| {
            let gone =
                trust.certified_devices().filter(|(device, user)| trust.is_removed(*device) || trust.is_removed(*user));
            gone.map(|(device, user)| Device { device, user, last_seen_ms: None }).collect()
        })
    }

    /// The person whose device has this tag in its stamps.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn device_owner(&self, tag: DeviceTag) -> Result<Option<Uuid>> {
        self.with_trust(|trust| {
            let has = |user: &Uuid| trust.devices_of(*user).into_iter().any(|device| DeviceTag::of(device) == tag);
            trust.users().into_iter().find(has)
        })
    }

    /// The charts whose key this person holds by name, not through the care team.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn own_charts(&self) -> Result<Vec<Uuid>> {
        self.with_core(|_, core| Ok(core.keyring.scopes().filter(|scope| core.is_own_chart(*scope)).collect()))
    }

    /// How many documents of a scope have a version that only a newer program reads. They are shown as they were before, and can't be
    /// changed ([`crate::Error::NewerDocument`]).
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn newer_documents(&self, scope: Uuid) -> Result<u64> {
        self.with_reader(|connection| quarantine::newer_in(connection, scope))
    }

    /// Are all bytes of a file on this device?
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::Io`].
    pub fn has_file(&self, file: Uuid) -> Result<bool> {
        self.with_reader(|connection| blobs::is_here(connection, self.folder(), file))
    }

    /// A new id: UUIDv7 of the given time.
    ///
    /// # Errors
    /// [`Error::Crypto`] when the system gives no random bytes.
    pub fn new_id(&self, now_ms: u64) -> Result<Uuid> {
        new_id(now_ms)
    }
}

/// A new id: UUIDv7 of the given time, its random part from the system.
pub(crate) fn new_id(now_ms: u64) -> Result<Uuid> {
    let random = crypto::random::bytes()?;
    Ok(uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid())
}

impl Writer<'_, '_> {
    /// Puts a value back that a merge displaced: a person decided so. `key` is the stamp key: a field, a group (then `value` is
    /// the object of its fields), or one element of a list.
    ///
    /// # Errors
    /// [`Error::NoDocument`], and as [`Writer::put`] and [`Writer::amend`].
    pub fn restore(&mut self, def: &'static CollectionDef, id: Uuid, key: &str, value: Value) -> Result<()> {
        let doc = rows::load(self.work.db, def, id)?.ok_or_else(|| Error::NoDocument(def.name.into()))?;
        let changes = changes_of(def, &doc.version.values, key, value);
        match def.class {
            Class::Mergeable => self.put_in(def, id, doc.scope, &changes),
            Class::Statement => amend::write(self, def, id, &changes),
            Class::Key => Err(Error::UnknownName(def.name.into())),
        }
    }
}

fn changes_of(def: &CollectionDef, now: &Map, key: &str, value: Value) -> Map {
    let is_group = def.fields.iter().any(|field| field.group == Some(key));
    match (key.split_once('/'), value) {
        (Some((list, element)), value) if def.field(list).is_some() => {
            let items = now.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
            let others = items.into_iter().filter(|item| item.get("id").and_then(Value::as_str) != Some(element));
            let joined = others.chain((!value.is_null()).then_some(value)).collect();
            Map::from_iter([(list.to_owned(), Value::Array(joined))])
        }
        (_, Value::Object(group)) if is_group => group,
        (_, value) => Map::from_iter([(key.to_owned(), value)]),
    }
}
