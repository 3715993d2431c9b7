//! A clinic for the tests: desks that enrol one another and pass objects on.

use crate::trust::enrol::{self, Admission, Admitted, Begun, Enrolled, Invitation, Joiner, Purpose, Used};
use crate::trust::object::{CERTS, JOURNAL, SCOPE_KEYS, SLOTS};
use crate::trust::*;
use crypto::slot::Cost;
use model::{DeviceTag, Role, Stamp};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use uuid::Uuid;

pub(super) const PASSPHRASE: &str = "velvet otter counts nine lanterns";
pub(super) const COST: Cost = Cost::SmallComputer;
/// 2026-01-01 in milliseconds.
pub(super) const NOW: u64 = 1_767_225_600_000;

/// One person at one device.
pub(super) struct Desk {
    pub(super) keyring: Keyring,
    pub(super) trust: Trust,
    pub(super) used: Used,
    pub(super) slot: KeyObject,
    pub(super) head: Option<Head>,
}

/// What lies at the remote.
pub(super) type Remote = Vec<KeyObject>;

/// A founded clinic, the same for all tests of a run: to found one takes the time of a passphrase.
pub(super) fn clinic() -> (Desk, Remote) {
    static CLINIC: OnceLock<(Desk, Remote)> = OnceLock::new();
    copy(CLINIC.get_or_init(make_clinic))
}

/// Another one.
pub(super) fn foreign_clinic() -> (Desk, Remote) {
    static CLINIC: OnceLock<(Desk, Remote)> = OnceLock::new();
    copy(CLINIC.get_or_init(make_clinic))
}

fn make_clinic() -> (Desk, Remote) {
    let founding = found(Founder::Clinic, COST, PASSPHRASE, NOW).unwrap();
    let remote = founding.objects.clone();
    (desk(founding.keyring, founding.trust, &founding.objects), remote)
}

fn copy((desk, remote): &(Desk, Remote)) -> (Desk, Remote) {
    let Desk { keyring, trust, used, slot, head } = desk;
    let (trust, used, slot, head) = (trust.clone(), used.clone(), slot.clone(), head.clone());
    (Desk { keyring: twin(keyring), trust, used, slot, head }, remote.clone())
}

/// A keyring with the same secrets.
pub(super) fn twin(keyring: &Keyring) -> Keyring {
    Keyring::from_vault_bytes(keyring.root().duplicate(), &keyring.to_vault_bytes()).unwrap()
}

fn desk(keyring: Keyring, trust: Trust, objects: &[KeyObject]) -> Desk {
    let slot = objects.iter().find(|object| object.collection == SLOTS).unwrap().clone();
    Desk { keyring, trust, used: Used::default(), slot, head: None }
}

pub(super) fn role(role: Role) -> Standing {
    Standing::of(role)
}

pub(super) fn begin(invitation: &Invitation) -> Begun {
    let joiner = match invitation.purpose {
        Purpose::OwnDevice => Joiner::OwnDevice,
        Purpose::NewMember | Purpose::Returning { .. } => Joiner::NewMember { passphrase: PASSPHRASE, cost: COST },
    };
    enrol::begin(&invitation.text(), joiner, NOW).unwrap()
}

impl Desk {
    pub(super) fn user(&self) -> Uuid {
        self.keyring.user()
    }

    /// Learns what it made itself.
    pub(super) fn take_own(&mut self, objects: &[KeyObject]) {
        self.trust.place_own(self.keyring.device(), objects);
        self.take_in(objects);
    }

    /// Learns all of these; nothing may be refused.
    pub(super) fn take_in(&mut self, objects: &[KeyObject]) {
        assert_eq!(self.trust.learn_all(objects), []);
        let opened = self.keyring.learn(&self.trust, objects).unwrap();
        assert_eq!(opened.refused, []);
    }

    pub(super) fn admit(
        &mut self,
        begun: &Begun,
        invitation: &Invitation,
        standing: Standing,
        charts: &[Uuid],
    ) -> Admitted {
        let request = enrol::read_request(invitation, &begun.request_text).unwrap();
        assert_eq!(request.check_words, begun.check_words);
        let slot = self.slot.clone();
        let admission = Admission {
            typed_check: &begun.check_words.to_lowercase(),
            standing,
            charts,
            floors: self.head.as_slice(),
            slot: Some(&slot),
            credential: Some(b"d-1:secret"),
            outside_checked: false,
        };
        enrol::admit(&self.keyring, &mut self.trust, invitation, &request, &admission, &mut self.used, NOW).unwrap()
    }

    /// Brings in a person or, with `None`, a device of one's own.
    pub(super) fn bring(&mut self, remote: &mut Remote, standing: Option<Standing>, charts: &[Uuid]) -> Desk {
        let purpose = if standing.is_some() { Purpose::NewMember } else { Purpose::OwnDevice };
        let invitation = enrol::invite(&self.keyring, &self.trust, purpose, b"host", NOW).unwrap();
        let begun = begin(&invitation);
        let admitted = self.admit(&begun, &invitation, standing.unwrap_or(role(Role::Patient)), charts);
        let enrolled = enrol::finish(&begun.joining, &admitted.answer_text, PASSPHRASE, NOW).unwrap();
        let Enrolled { keyring, trust, received, made, .. } = enrolled;
        remote.extend(admitted.objects);
        remote.extend(made.iter().cloned());
        let mut joined = desk(keyring, trust, &[received, made].concat());
        self.take_in(remote);
        joined.take_in(remote);
        joined
    }

    /// Writes an entry that covers these objects, and gives it.
    pub(super) fn push(&mut self, objects: &[KeyObject], seen: &BTreeMap<Uuid, u64>) -> KeyObject {
        let writes: Vec<_> = objects.iter().map(|object| self.write_of(object)).collect();
        self.push_writes(&writes, seen)
    }

    pub(super) fn push_writes(&mut self, writes: &[Write], seen: &BTreeMap<Uuid, u64>) -> KeyObject {
        let n = self.head.as_ref().map_or(1, |head| head.n + 1);
        let entry = make_entry(&self.keyring, n, self.head.as_ref(), NOW, writes, seen).unwrap();
        let (_, head) = check_entry(&self.trust, self.head.as_ref(), &entry).unwrap();
        self.head = Some(head);
        entry
    }

    fn write_of(&self, object: &KeyObject) -> Write {
        let stamp = self.stamp(NOW);
        let digest = journal::object_digest(object, stamp).unwrap();
        Write { collection: object.collection.to_owned(), id: object.id, stamp, digest }
    }

    pub(super) fn stamp(&self, ms: u64) -> Stamp {
        Stamp::new(ms, 0, DeviceTag::of(self.keyring.device()))
    }

    pub(super) fn head(&self) -> Head {
        self.head.clone().unwrap()
    }
}

/// Places what an entry covers.
pub(super) fn place(trust: &mut Trust, entry: &KeyObject) {
    let (entry, _) = journal::read_entry(trust, entry).unwrap();
    trust.place(&entry);
}

/// All that a store answers, as text.
pub(super) fn snapshot(trust: &Trust) -> String {
    let mut out = Vec::new();
    for id in trust.users() {
        out.push(format!("user {id} {:?} {:?}", trust.role_of(id), trust.user(id).map(|c| c.id)));
    }
    for (subject, certificates) in &trust.by_subject {
        let device = trust.device(*subject).map(|c| c.id);
        out.push(format!(
            "subject {subject} {certificates:?} {device:?} {:?} {}",
            trust.upto(*subject),
            trust.is_removed(*subject)
        ));
    }
    for scope in trust.by_scope.keys() {
        let versions: Vec<_> = trust.versions(*scope).iter().map(|version| version.id).collect();
        out.push(format!("scope {scope} {versions:?} {:?}", trust.newest(*scope).map(|version| version.id)));
        out.push(format!("members {:?} {:?}", trust.members(*scope), trust.renewal(*scope, NOW + 1)));
    }
    out.join("\n")
}

/// Pseudo-random order, the same for one seed.
pub(super) fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for at in (1..list.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
    }
}

pub(super) fn of<'a>(objects: &'a [KeyObject], collection: &str) -> Vec<&'a KeyObject> {
    assert!([CERTS, SCOPE_KEYS, SLOTS, JOURNAL, "grants"].contains(&collection));
    objects.iter().filter(|object| object.collection == collection).collect()
}
