//! What counts: decided at each look-up from what is held, by the removals that stand.
//!
//! A removal says, per device, up to which journal entry the removed one's signatures still count. So once something was
//! removed, an object of its signer counts only if a journal entry at or below that mark covers it ([`Trust::place`]).
//! Removals are made by somebody of higher authority, or by a person about their own devices. The latter always stand: a
//! thief can so lock a person out, never keep a person from locking the thief out. That leaves no circle to decide.

use super::certificate::{Certificate, Holder, ROOT, Revocation, Standing, last_of, may_certify};
use super::journal::Entry;
use super::object::{CERTS, KeyObject, SCOPE_KEYS};
use super::store::Trust;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A place in a device's journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The device.
    pub device: Uuid,
    /// The number of the entry; 0 for what was made on this device and is not pushed yet.
    pub n: u64,
}

/// Up to where a removed one's signatures count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// As the removals say: for keys and trust, which nothing lets in again.
    OfRemovals,
    /// And as readmissions say: for documents.
    WithReadmissions,
}

impl Trust {
    /// Notes which objects of keys and trust an entry covers. The entry must have passed `check_entry`.
    pub fn place(&mut self, entry: &Entry) {
        let position = Position { device: entry.device, n: entry.n };
        let ours = entry.writes.iter().filter(|write| matches!(write.collection.as_str(), CERTS | SCOPE_KEYS));
        for write in ours {
            self.put_at(write.id, position);
        }
    }

    /// An object counts from here on if it had to be covered.
    fn put_at(&mut self, object: Uuid, position: Position) {
        if !self.placed.entry(object).or_default().insert(position) {
            return;
        }
        match self.versions.get(&object) {
            Some(version) => self.touched.push(version.scope),
            None if self.certificates.contains_key(&object)
                || self.revocations.contains_key(&object)
                || self.readmissions.contains_key(&object) =>
            {
                self.upheavals += 1;
            }
            None => {}
        }
    }

    /// Notes which objects were made on this very device, so that they count before they were pushed. To be called with
    /// what was made here, and again for what is still unsent when a vault is opened.
    pub fn place_own(&mut self, device: Uuid, objects: &[KeyObject]) {
        let ours = objects.iter().filter(|object| matches!(object.collection, CERTS | SCOPE_KEYS));
        for object in ours {
            self.put_at(object.id, Position { device, n: 0 });
        }
    }

    /// A certificate that is held, whether or not it still counts.
    pub fn certificate(&self, id: Uuid) -> Option<&Certificate> {
        self.certificates.get(&id)
    }

    /// Is this a device's certificate that does not count? Who sends it on would bring the device in.
    pub(crate) fn is_shut_out(&self, certificate: Uuid) -> bool {
        let held = self.certificates.get(&certificate).filter(|held| held.device_keys().is_some());
        held.is_some_and(|held| !self.certificate_counts(held))
    }

    /// The person whose certificate this is, or whose device's.
    pub fn user_of_certificate(&self, id: Uuid) -> Option<Uuid> {
        let certificate = self.certificates.get(&id)?;
        match certificate.holder {
            Holder::User { .. } => Some(certificate.subject),
            Holder::Device(_) => self.certificates.get(&certificate.issuer).map(|issuer| issuer.subject),
        }
    }

    /// The newest certificate of a device that counts. A removed device keeps its certificate: what it wrote up to its
    /// mark stays valid.
    pub fn device(&self, device: Uuid) -> Option<&Certificate> {
        self.counting(device).filter(|certificate| certificate.device_keys().is_some()).max_by_key(|c| (c.n, c.id))
    }

    /// The person whose device this is.
    pub fn user_of_device(&self, device: Uuid) -> Option<Uuid> {
        self.device(device).and_then(|certificate| self.user_of_certificate(certificate.id))
    }

    /// Every device that was ever certified, with its person, whatever became of them.
    pub fn certified_devices(&self) -> impl Iterator<Item = (Uuid, Uuid)> {
        self.devices_of.iter().flat_map(|(user, devices)| devices.iter().map(|device| (*device, *user)))
    }

    /// The person's devices that count, in the order of their ids, removed ones included.
    pub fn devices_of(&self, user: Uuid) -> Vec<Uuid> {
        let devices = self.devices_of.get(&user).into_iter().flatten().copied();
        devices.filter(|device| self.user_of_device(*device) == Some(user)).collect()
    }

    /// The newest certificate of a person that counts, also of a removed one. Of two with one number, the lower role.
    pub fn user(&self, user: Uuid) -> Option<&Certificate> {
        let rank = |c: &&Certificate| (c.n, std::cmp::Reverse(c.standing()), c.id);
        self.counting(user).filter(|certificate| certificate.user_keys().is_some()).max_by_key(rank)
    }

    /// Was this person ever certified with this root?
    pub(super) fn was_root_of(&self, user: Uuid, root: &crypto::root::UserRoot) -> bool {
        let mut held = self.counting(user).filter_map(Certificate::user_keys);
        held.any(|keys| super::keyring::is_root_of(root, keys))
    }

    /// What a person may do now; `None` for somebody unknown or removed.
    pub fn role_of(&self, user: Uuid) -> Option<Standing> {
        if self.is_removed(user) {
            return None;
        }
        self.user(user)?.standing()
    }

    /// Everybody who is certified and not removed.
    pub fn users(&self) -> Vec<Uuid> {
        self.by_subject.keys().copied().filter(|subject| self.role_of(*subject).is_some()).collect()
    }

    /// Is this id a person's, a device's or a scope's, ever?
    pub fn is_known(&self, id: Uuid) -> bool {
        id == self.realm || self.by_subject.contains_key(&id) || self.by_scope.contains_key(&id)
    }

    /// Was this user or device removed?
    pub fn is_removed(&self, subject: Uuid) -> bool {
        self.removals_of(subject).next().is_some()
    }

    /// The last journal entry of a device that still counts, or counts again, and its hash if it was recorded; `None` when
    /// nothing limits the device.
    pub fn upto(&self, device: Uuid) -> Option<(u64, Option<[u8; 32]>)> {
        let removals: Vec<_> = self.removals_against(device).collect();
        let lowest = removals.iter().map(|removal| self.mark_of(removal, device)).min()?;
        let readmitted = removals.iter().filter_map(|removal| self.readmitted(removal.id, device));
        let mut heads = removals.iter().flat_map(|removal| &removal.upto).chain(readmitted);
        let hash = heads.find(|head| head.device == device && head.n == lowest).map(|head| head.hash);
        Some((lowest, hash))
    }

    /// Does a document that this person signed under this certificate count, if these entries cover it?
    pub fn signature_counts(&self, certificate: Uuid, covered_by: &[Position]) -> bool {
        let positions = covered_by.iter().copied().collect();
        self.signed_counts(certificate, &positions, Marks::WithReadmissions)
    }

    /// Does an object of this room count that was signed under this certificate?
    pub(super) fn object_counts(&self, certificate: Uuid, object: Uuid) -> bool {
        let none = BTreeSet::new();
        self.signed_counts(certificate, self.placed.get(&object).unwrap_or(&none), Marks::OfRemovals)
    }

    fn signed_counts(&self, certificate: Uuid, positions: &BTreeSet<Position>, marks: Marks) -> bool {
        if certificate == self.realm {
            return true;
        }
        let Some(signer) = self.certificates.get(&certificate) else {
            return false;
        };
        if signer.user_keys().is_none() || !self.certificate_counts(signer) {
            return false;
        }
        !self.is_limited(signer)
            || positions.iter().any(|position| self.admits(signer, *position, marks, &mut BTreeSet::new()))
    }

    fn counting(&self, subject: Uuid) -> impl Iterator<Item = &Certificate> {
        let held = self.by_subject.get(&subject).into_iter().flatten();
        held.filter_map(|id| self.certificates.get(id)).filter(|certificate| self.certificate_counts(certificate))
    }

    /// A device needs no entry that covers its certificate: after a removal it is the removal itself that names the
    /// devices which stay, and up to where the others count.
    fn certificate_counts(&self, certificate: &Certificate) -> bool {
        match certificate.holder {
            Holder::User { .. } => self.object_counts(certificate.issuer, certificate.id) && !self.usurps(certificate),
            Holder::Device(_) => {
                let issuer = self.certificates.get(&certificate.issuer);
                issuer.is_some_and(|issuer| self.certificate_counts(issuer))
                    && self.is_kept(certificate, &mut BTreeSet::new())
            }
        }
    }

    /// Does it take over somebody whom a higher authority had certified by then?
    fn usurps(&self, certificate: &Certificate) -> bool {
        let authority = self.authority_of(certificate.issuer);
        let others = self.by_subject.get(&certificate.subject).into_iter().flatten();
        let others = others.filter_map(|id| self.certificates.get(id));
        others.into_iter().any(|other| other.n <= certificate.n && self.authority_of(other.issuer) > authority)
    }

    pub(super) fn authority_of(&self, certificate: Uuid) -> u8 {
        if certificate == self.realm {
            return ROOT;
        }
        let standing = self.certificates.get(&certificate).and_then(Certificate::standing);
        standing.map_or(0, Standing::authority)
    }

    /// Does any removal, of the signer, a device of theirs, or a role, limit what this certificate signed?
    fn is_limited(&self, signer: &Certificate) -> bool {
        let user = signer.subject;
        self.removals_of(user).next().is_some()
            || self.lowerings(signer).next().is_some()
            || self.devices_of.get(&user).into_iter().flatten().any(|device| self.is_removed(*device))
    }

    /// The marks of later certificates of the same person that lower the role.
    fn lowerings<'a>(&'a self, signer: &'a Certificate) -> impl Iterator<Item = &'a [super::journal::Head]> {
        let held = self.by_subject.get(&signer.subject).into_iter().flatten();
        let later = held.filter_map(|id| self.certificates.get(id)).filter(move |other| other.n > signer.n);
        later.filter_map(|other| match &other.holder {
            Holder::User { upto: Some(upto), .. } if self.object_counts(other.issuer, other.id) => {
                Some(upto.as_slice())
            }
            Holder::User { .. } | Holder::Device(_) => None,
        })
    }

    /// Is this a place in a journal of the signer's where their signature still counts?
    fn admits(&self, signer: &Certificate, position: Position, marks: Marks, asked: &mut BTreeSet<Uuid>) -> bool {
        let Some(device) = self.device_of(signer.subject, position.device) else {
            return false;
        };
        let within = |removal: &Revocation| {
            position.n
                <= match marks {
                    Marks::OfRemovals => removal.last_of(position.device),
                    Marks::WithReadmissions => self.mark_of(removal, position.device),
                }
        };
        self.removals_of(position.device).all(within)
            && self.removals_of(signer.subject).all(within)
            && self.lowerings(signer).all(|upto| position.n <= last_of(upto, position.device))
            && self.is_kept(device, asked)
    }

    /// A held certificate of this device, issued by this person.
    fn device_of(&self, user: Uuid, device: Uuid) -> Option<&Certificate> {
        let held = self.by_subject.get(&device).into_iter().flatten();
        let held = held.filter_map(|id| self.certificates.get(id));
        held.into_iter().find(|c| c.device_keys().is_some() && self.user_of_certificate(c.id) == Some(user))
    }

    /// A device that was removed knew the user's root and could certify others. So after a removal, a device under that
    /// root counts only if the removal names it, or one of the user's other devices that count brought it in.
    fn is_kept(&self, device: &Certificate, asked: &mut BTreeSet<Uuid>) -> bool {
        let Some(issuer) = self.certificates.get(&device.issuer) else {
            return false;
        };
        let Some(keys) = issuer.user_keys() else {
            return false;
        };
        let siblings = self.devices_of.get(&issuer.subject).into_iter().flatten();
        let removals = siblings.filter(|other| **other != device.subject).flat_map(|other| self.removals_of(*other));
        let unnamed = |removal: &Revocation| keys.version <= removal.version && !removal.keep.contains(&device.subject);
        if !removals.into_iter().any(unnamed) {
            return true;
        }
        if !asked.insert(device.subject) {
            return false;
        }
        let places = self.placed.get(&device.id).into_iter().flatten();
        let others: Vec<_> = places.filter(|place| place.device != device.subject).copied().collect();
        others.into_iter().any(|place| self.admits(issuer, place, Marks::OfRemovals, asked))
    }

    /// The removals of a user or device that stand.
    pub(super) fn removals_of(&self, subject: Uuid) -> impl Iterator<Item = &Revocation> {
        let about = self.by_removed.get(&subject).into_iter().flatten();
        about.filter_map(|id| self.revocations.get(id)).filter(|removal| self.removal_stands(removal))
    }

    fn removal_stands(&self, removal: &Revocation) -> bool {
        let Some((user, standing)) = self.subject_standing(removal.subject) else {
            return false;
        };
        let signer = self.certificates.get(&removal.issuer);
        if user != removal.subject && signer.is_some_and(|signer| signer.subject == user) {
            return true;
        }
        may_certify(self.authority_of(removal.issuer), standing) && self.object_counts(removal.issuer, removal.id)
    }

    /// Whom a removal concerns, and the standing that says who may remove them; without regard to removals.
    pub(super) fn subject_standing(&self, subject: Uuid) -> Option<(Uuid, Standing)> {
        let any = self.certificates.get(self.by_subject.get(&subject)?.first()?)?;
        let user = self.user_of_certificate(any.id)?;
        let held = self.by_subject.get(&user)?.iter().filter_map(|id| self.certificates.get(id));
        let own = held.filter(|certificate| !self.usurps(certificate));
        let newest = own.max_by_key(|certificate| (certificate.n, std::cmp::Reverse(certificate.standing())))?;
        Some((user, newest.standing()?))
    }
}
