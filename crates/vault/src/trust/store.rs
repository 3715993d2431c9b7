//! The verified store: everything in it is signed by somebody who might sign it.
//!
//! Objects come in any order. One whose issuer is not here yet waits inside and is looked at again. What a removal takes
//! away is decided at each look-up (see `counts`), from what is held, so the order of arrival changes nothing.

use super::certificate::{CERTIFICATE, Certificate, Holder, REVOCATION, ROOT, Revocation, may_certify};
use super::clinic_recovery::{CLINIC_RECOVERY, CONSENT, ClinicKey, Consent};
use super::counts::Position;
use super::new_keys::{KEY_REQUEST, KeyRequest};
use super::object::{CERTS, KeyObject, SCOPE_KEYS};
use super::readmission::{READMISSION, Readmission};
use super::retention::{CHART_END, ChartEnd, RETENTION, Retention};
use super::scope_keys::{SCOPE_KEY, ScopeKind, ScopeVersion, team_of};
use super::{Error, Result};
use crypto::encode::sha256;
use crypto::sign::{self, Signed};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The most objects that wait for others, and their most bytes.
const WAITING: usize = 50_000;
const WAITING_BYTES: usize = 64 * 1024 * 1024;

/// What became of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Learned {
    /// It is held now, and so are those that had waited for it; ids in the order in which they were taken in.
    Added(Vec<Uuid>),
    /// It was held before.
    Known,
    /// It waits for the object, user or device with this id.
    Waiting(Uuid),
}

/// The certificates, removals and scope versions of a realm that hold up to its root key.
#[derive(Clone)]
pub struct Trust {
    pub(super) root: [u8; 32],
    pub(super) realm: Uuid,
    pub(super) certificates: BTreeMap<Uuid, Certificate>,
    pub(super) by_subject: BTreeMap<Uuid, BTreeSet<Uuid>>,
    pub(super) devices_of: BTreeMap<Uuid, BTreeSet<Uuid>>,
    pub(super) revocations: BTreeMap<Uuid, Revocation>,
    pub(super) by_removed: BTreeMap<Uuid, BTreeSet<Uuid>>,
    pub(super) readmissions: BTreeMap<Uuid, Readmission>,
    pub(super) key_requests: BTreeMap<Uuid, KeyRequest>,
    pub(super) clinic_keys: BTreeMap<Uuid, ClinicKey>,
    pub(super) consents: BTreeMap<Uuid, Consent>,
    pub(super) retentions: BTreeMap<Uuid, Retention>,
    pub(super) retained: BTreeMap<Uuid, BTreeSet<Uuid>>,
    pub(super) chart_ends: BTreeMap<Uuid, ChartEnd>,
    /// People who were certified with other keys than their first.
    pub(super) renewed: BTreeSet<Uuid>,
    pub(super) versions: BTreeMap<Uuid, ScopeVersion>,
    pub(super) by_scope: BTreeMap<Uuid, BTreeSet<(u32, Uuid)>>,
    pub(super) placed: BTreeMap<Uuid, BTreeSet<Position>>,
    objects: BTreeMap<Uuid, KeyObject>,
    waiting: BTreeMap<Uuid, BTreeMap<[u8; 32], KeyObject>>,
    waiting_count: usize,
    waiting_bytes: usize,
    refused: Vec<(Uuid, Error)>,
    /// Are the objects those that this store, or one like it, verified before?
    verified: bool,
    /// Scopes whose versions came, or came to count, in the order in which they did.
    pub(super) touched: Vec<Uuid>,
    /// How often a certificate, removal or readmission came, or came to count: any scope may have changed by that.
    pub(super) upheavals: u64,
}

/// The outcome of looking at one object.
enum Held {
    New(Vec<Uuid>),
    Known,
    Missing(Uuid),
}

impl Trust {
    /// An empty store under a realm's root key, pinned for ever.
    pub fn new(root_public: [u8; 32]) -> Self {
        Trust {
            root: root_public,
            realm: Uuid::from_bytes(sign::realm_id(&root_public)),
            certificates: BTreeMap::new(),
            by_subject: BTreeMap::new(),
            devices_of: BTreeMap::new(),
            revocations: BTreeMap::new(),
            by_removed: BTreeMap::new(),
            readmissions: BTreeMap::new(),
            key_requests: BTreeMap::new(),
            clinic_keys: BTreeMap::new(),
            consents: BTreeMap::new(),
            retentions: BTreeMap::new(),
            retained: BTreeMap::new(),
            chart_ends: BTreeMap::new(),
            renewed: BTreeSet::new(),
            versions: BTreeMap::new(),
            by_scope: BTreeMap::new(),
            placed: BTreeMap::new(),
            objects: BTreeMap::new(),
            waiting: BTreeMap::new(),
            waiting_count: 0,
            waiting_bytes: 0,
            refused: Vec::new(),
            verified: false,
            touched: Vec::new(),
            upheavals: 0,
        }
    }

    /// Takes in objects that were verified when they first came and lie in the encrypted vault since: their signatures are
    /// not verified again. One whose issuer is not among them was not verified, and is when the issuer comes.
    pub(crate) fn learn_verified(&mut self, objects: impl IntoIterator<Item = KeyObject>) {
        self.verified = true;
        for object in objects {
            // One that was refused then is refused again, for the same reason.
            let _ = self.learn(&object);
        }
        self.verified = false;
    }

    /// How often a certificate, removal or readmission came, or came to count.
    pub(crate) fn upheavals(&self) -> u64 {
        self.upheavals
    }

    /// The realm's id, which names its root key.
    pub fn realm(&self) -> Uuid {
        self.realm
    }

    /// The realm's root key.
    pub fn root_public(&self) -> &[u8; 32] {
        &self.root
    }

    /// The scope of the care team.
    pub fn team(&self) -> Uuid {
        team_of(self.realm)
    }

    /// Takes in an object of [`CERTS`] or [`SCOPE_KEYS`]. Taking one in again changes nothing.
    ///
    /// # Errors
    /// [`Error::Malformed`], [`Error::TooLarge`], [`Error::Elsewhere`], [`Error::Signature`] for what is not as its maker
    /// signed it, [`Error::Forbidden`] for what its maker might not sign; [`Error::Crowded`].
    pub fn learn(&mut self, object: &KeyObject) -> Result<Learned> {
        match self.look(object)? {
            Held::Known => Ok(Learned::Known),
            Held::Missing(id) => {
                self.wait(id, object.clone())?;
                Ok(Learned::Waiting(id))
            }
            Held::New(unlocks) => Ok(Learned::Added(self.release(object.id, unlocks))),
        }
    }

    /// Takes in all objects of [`CERTS`] and [`SCOPE_KEYS`] among these; gives back those refused.
    pub fn learn_all(&mut self, objects: &[KeyObject]) -> Vec<(Uuid, Error)> {
        let ours = objects.iter().filter(|object| matches!(object.collection, CERTS | SCOPE_KEYS));
        let mut refused: Vec<_> = ours.filter_map(|object| Some((object.id, self.learn(object).err()?))).collect();
        refused.append(&mut self.take_refused());
        refused
    }

    /// The objects that had waited and were refused when what they waited for came.
    pub fn take_refused(&mut self) -> Vec<(Uuid, Error)> {
        std::mem::take(&mut self.refused)
    }

    /// How many objects wait for others.
    pub fn waiting(&self) -> usize {
        self.waiting_count
    }

    fn wait(&mut self, missing: Uuid, object: KeyObject) -> Result<()> {
        let key = sha256(&object.bytes);
        if self.waiting.get(&missing).is_some_and(|list| list.contains_key(&key)) {
            return Ok(());
        }
        if self.waiting_count >= WAITING || self.waiting_bytes + object.bytes.len() > WAITING_BYTES {
            return Err(Error::Crowded);
        }
        self.waiting_count += 1;
        self.waiting_bytes += object.bytes.len();
        self.waiting.entry(missing).or_default().insert(key, object);
        Ok(())
    }

    /// Looks again at all that waited for what has just come, and for what came with it.
    fn release(&mut self, first: Uuid, unlocks: Vec<Uuid>) -> Vec<Uuid> {
        let mut added = vec![first];
        let mut unlocked = unlocks;
        while let Some(id) = unlocked.pop() {
            for object in self.waiting.remove(&id).unwrap_or_default().into_values() {
                self.waiting_count -= 1;
                self.waiting_bytes -= object.bytes.len();
                match self.look(&object) {
                    Ok(Held::New(more)) => {
                        added.push(object.id);
                        unlocked.extend(more);
                    }
                    Ok(Held::Known) => {}
                    Ok(Held::Missing(other)) => {
                        let id = object.id;
                        if let Err(error) = self.wait(other, object) {
                            self.refused.push((id, error));
                        }
                    }
                    Err(error) => self.refused.push((object.id, error)),
                }
            }
        }
        added
    }

    /// The stored form of a certificate, removal or scope version that is held.
    pub fn object(&self, id: Uuid) -> Option<&KeyObject> {
        self.objects.get(&id)
    }

    fn look(&mut self, object: &KeyObject) -> Result<Held> {
        let held = self.look_at(object)?;
        if matches!(held, Held::New(_)) {
            self.objects.insert(object.id, object.clone());
        }
        Ok(held)
    }

    fn look_at(&mut self, object: &KeyObject) -> Result<Held> {
        let signed = object.read_signed()?;
        let signer = Uuid::from_bytes(signed.certificate);
        let Some(key) = self.user_key(signer)? else {
            return Ok(Held::Missing(signer));
        };
        if !self.verified {
            sign::verify(&signed, self.realm.as_bytes(), &key).map_err(|_| Error::Signature)?;
        }
        match (object.collection, signed.kind.as_str()) {
            (CERTS, CERTIFICATE) => self.look_at_certificate(object, &signed),
            (CERTS, REVOCATION) => self.look_at_revocation(object, &signed),
            (CERTS, READMISSION) => self.look_at_readmission(object, &signed),
            (CERTS, KEY_REQUEST) => self.look_at_key_request(object, &signed),
            (CERTS, CLINIC_RECOVERY) => self.look_at_clinic_key(object, &signed),
            (CERTS, CONSENT) => self.look_at_consent(object, &signed),
            (CERTS, RETENTION) => self.look_at_retention(object, &signed),
            (CERTS, CHART_END) => self.look_at_chart_end(object, &signed),
            (SCOPE_KEYS, SCOPE_KEY) => self.look_at_version(object, &signed),
            _ => Err(Error::Elsewhere),
        }
    }

    /// The key of the root, or of the person with this certificate; `None` when it is not here yet.
    fn user_key(&self, certificate: Uuid) -> Result<Option<[u8; 32]>> {
        if certificate == self.realm {
            return Ok(Some(self.root));
        }
        let Some(found) = self.certificates.get(&certificate) else {
            return Ok(None);
        };
        match found.user_keys() {
            Some(keys) => Ok(Some(keys.sign)),
            None => Err(Error::Forbidden("a device signs nothing but its journal")),
        }
    }

    fn look_at_certificate(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let certificate = Certificate::from_body(object.id, self.realm, &signed.body)?;
        if object.scope != self.realm || certificate.issuer.as_bytes() != &signed.certificate {
            return Err(Error::Elsewhere);
        }
        if self.certificates.contains_key(&certificate.id) {
            return Ok(Held::Known);
        }
        self.check_issue(&certificate)?;
        let unlocks = vec![certificate.id, certificate.subject];
        self.by_subject.entry(certificate.subject).or_default().insert(certificate.id);
        if let Some(user) = self.user_of_issuer(&certificate) {
            self.devices_of.entry(user).or_default().insert(certificate.subject);
        }
        if certificate.user_keys().is_some_and(|keys| keys.since_ms > 0) {
            self.renewed.insert(certificate.subject);
        }
        self.certificates.insert(certificate.id, certificate);
        self.upheavals += 1;
        Ok(Held::New(unlocks))
    }

    fn user_of_issuer(&self, certificate: &Certificate) -> Option<Uuid> {
        certificate.device_keys()?;
        self.certificates.get(&certificate.issuer).map(|issuer| issuer.subject)
    }

    /// May the issuer, as certified, issue this? The chain cannot be longer than root, super admin, admin, doctor, device,
    /// because every link but the last needs a higher role than the next.
    fn check_issue(&self, certificate: &Certificate) -> Result<()> {
        let issuer = self.certificates.get(&certificate.issuer);
        let authority = issuer.map_or(Some(ROOT), |issuer| issuer.standing().map(|standing| standing.authority()));
        let authority = authority.ok_or(Error::Forbidden("a device certifies nobody"))?;
        match &certificate.holder {
            Holder::User { standing, .. } if !may_certify(authority, *standing) => {
                return Err(Error::Forbidden("the issuer may not give this role"));
            }
            Holder::Device(_) if issuer.is_none() => {
                return Err(Error::Forbidden("the root has no devices"));
            }
            Holder::User { .. } | Holder::Device(_) => {}
        }
        let Some(issuer) = issuer else { return Ok(()) };
        if certificate.device_keys().is_some_and(|keys| !keys.claims(self.realm, issuer.subject)) {
            return Err(Error::Forbidden("the device does not say that it belongs to this person"));
        }
        match (issuer.not_before_s..=issuer.not_after_s).contains(&certificate.not_before_s) {
            true => Ok(()),
            false => Err(Error::OutOfTime("the issuer's certificate did not hold when this one begins")),
        }
    }

    fn look_at_revocation(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let revocation = Revocation::from_body(object.id, self.realm, &signed.body)?;
        if object.scope != self.realm || revocation.issuer.as_bytes() != &signed.certificate {
            return Err(Error::Elsewhere);
        }
        if self.revocations.contains_key(&revocation.id) {
            return Ok(Held::Known);
        }
        if !self.by_subject.contains_key(&revocation.subject) {
            return Ok(Held::Missing(revocation.subject));
        }
        let unlocks = vec![revocation.id];
        self.by_removed.entry(revocation.subject).or_default().insert(revocation.id);
        self.revocations.insert(revocation.id, revocation);
        self.upheavals += 1;
        Ok(Held::New(unlocks))
    }

    /// Somebody lets entries of a removed device count; whether they may is asked when it is looked up.
    fn look_at_readmission(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let signer = Uuid::from_bytes(signed.certificate);
        let word = Readmission::from_body(object.id, signer, self.realm, &signed.body)?;
        if object.scope != self.realm {
            return Err(Error::Elsewhere);
        }
        if self.readmissions.contains_key(&word.id) {
            return Ok(Held::Known);
        }
        if let Some(missing) = word.removals.iter().find(|removal| !self.revocations.contains_key(removal)) {
            return Ok(Held::Missing(*missing));
        }
        let id = word.id;
        self.readmissions.insert(id, word);
        self.upheavals += 1;
        Ok(Held::New(vec![id]))
    }

    /// A person asks for their own keys, under a certificate of theirs.
    fn look_at_key_request(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let request = KeyRequest::from_body(object.id, self.realm, &signed.body)?;
        let signer = self.certificates.get(&request.certificate).filter(|signer| signer.subject == request.user);
        if object.scope != self.realm || request.certificate.as_bytes() != &signed.certificate || signer.is_none() {
            return Err(Error::Elsewhere);
        }
        if self.key_requests.contains_key(&request.id) {
            return Ok(Held::Known);
        }
        let id = request.id;
        self.key_requests.insert(id, request);
        Ok(Held::New(vec![id]))
    }

    /// The root alone makes a key for recovery.
    fn look_at_clinic_key(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let key = ClinicKey::from_body(object.id, self.realm, &signed.body)?;
        if object.scope != self.realm {
            return Err(Error::Elsewhere);
        }
        if signed.certificate != *self.realm.as_bytes() {
            return Err(Error::Forbidden("the root makes the key for recovery"));
        }
        let id = key.id;
        Ok(if self.clinic_keys.insert(id, key).is_some() { Held::Known } else { Held::New(vec![id]) })
    }

    /// A person agrees for themself alone.
    fn look_at_consent(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let consent = Consent::from_body(object.id, self.realm, &signed.body)?;
        let signer = self.certificates.get(&consent.certificate).filter(|signer| signer.subject == consent.user);
        if object.scope != self.realm || consent.certificate.as_bytes() != &signed.certificate || signer.is_none() {
            return Err(Error::Elsewhere);
        }
        let id = consent.id;
        Ok(if self.consents.insert(id, consent).is_some() { Held::Known } else { Held::New(vec![id]) })
    }

    /// Somebody says that a chart is kept; whether they may is asked when it is looked up.
    fn look_at_retention(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let signer = Uuid::from_bytes(signed.certificate);
        let word = Retention::from_body(object.id, signer, self.realm, &signed.body)?;
        if object.scope != self.realm {
            return Err(Error::Elsewhere);
        }
        if self.retentions.contains_key(&word.id) {
            return Ok(Held::Known);
        }
        if !self.versions.contains_key(&word.version) {
            return Ok(Held::Missing(word.version));
        }
        let id = word.id;
        self.retained.entry(word.chart).or_default().insert(id);
        self.touched.push(word.chart);
        self.retentions.insert(id, word);
        Ok(Held::New(vec![id]))
    }

    /// A custodian says that a chart is over; whether they are one is asked when it is looked up.
    fn look_at_chart_end(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let signer = Uuid::from_bytes(signed.certificate);
        let end = ChartEnd::from_body(object.id, signer, self.realm, &signed.body)?;
        let subject = self.certificates.get(&signer).map(|held| held.subject);
        if object.scope != self.realm || subject != Some(end.by) {
            return Err(Error::Elsewhere);
        }
        let id = end.id;
        Ok(if self.chart_ends.insert(id, end).is_some() { Held::Known } else { Held::New(vec![id]) })
    }

    fn look_at_version(&mut self, object: &KeyObject, signed: &Signed) -> Result<Held> {
        let signer = Uuid::from_bytes(signed.certificate);
        let version = ScopeVersion::from_body(object.id, signer, self.realm, &signed.body)?;
        let home = if version.kind == ScopeKind::User { version.scope } else { self.realm };
        if object.scope != home {
            return Err(Error::Elsewhere);
        }
        if self.versions.contains_key(&version.id) {
            return Ok(Held::Known);
        }
        let signer = self.certificates.get(&signer).ok_or(Error::Forbidden("the root shares no scope"))?;
        if version.by != signer.subject {
            return Err(Error::Elsewhere);
        }
        let missing = version.previous.iter().find(|previous| !self.versions.contains_key(&previous.version));
        if let Some(previous) = missing {
            return Ok(Held::Missing(previous.version));
        }
        self.check_number(&version)?;
        self.by_scope.entry(version.scope).or_default().insert((version.v, version.id));
        let id = version.id;
        self.touched.push(version.scope);
        self.versions.insert(id, version);
        Ok(Held::New(vec![id]))
    }

    /// A version follows the highest of those it names, and all are of its scope.
    fn check_number(&self, version: &ScopeVersion) -> Result<()> {
        let named = version.previous.iter().filter_map(|previous| self.versions.get(&previous.version));
        let mut highest = 0;
        for previous in named {
            if previous.scope != version.scope || previous.kind != version.kind {
                return Err(Error::Elsewhere);
            }
            highest = highest.max(previous.v);
        }
        match version.v == highest + 1 {
            true => Ok(()),
            false => Err(Error::Malformed("number of the version")),
        }
    }
}
