//! Bringing in a device or a person, and coming in: [`crate::trust::enrol`] with its objects kept and queued.

use crate::{
    Error, FileSafe, Papers, Result, Safe, Vault,
    folder::{self, Card},
    front::{Making, SafeIn, weak},
    journal, objects, store,
    trust::{
        self, KeyObject, Standing,
        enrol::{self, Admission, Invitation, Joiner, Purpose, Used},
        object::{GRANTS, SLOTS},
    },
    work::Work,
};
use crypto::{
    Key, Zeroizing,
    encode::lp,
    root::UserRoot,
    sign::Signer,
    slot::{self, Cost, Slot},
};
use model::Role;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// Who is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Invitee {
    /// Another device of this person's own.
    OwnDevice,
    /// A new person.
    Member {
        /// Their role.
        role: Role,
        /// Is an admin a doctor besides?
        clinical: bool,
        /// The chart that is theirs, for a patient.
        chart: Option<Uuid>,
    },
    /// A person of the realm who lost everything and agreed that the clinic brings them back.
    Returning {
        /// Who.
        user: Uuid,
    },
}

/// A request as the inviter sees it before admitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestSeen {
    /// Whom the invitation was for.
    pub kind: Invitee,
    /// Sixteen letters: a person compares them with the other screen and types them from there.
    pub check_words: String,
}

impl Vault {
    /// Makes an invitation, valid for ten minutes and once. `card` says how to reach the database.
    ///
    /// # Errors
    /// [`Error::Trust`] unless this person may bring in such a person.
    pub fn invite(&self, invitee: Invitee, card: &[u8], now_ms: u64) -> Result<String> {
        self.transact(now_ms, |work| {
            let purpose = purpose_of(&work.core.trust, invitee)?;
            let invitation = enrol::invite(&work.core.keyring, &work.core.trust, purpose, card, now_ms)?;
            let text = invitation.text();
            let kind = serde_json::to_string(&invitee).map_err(|_| Error::Damaged("an invitation".into()))?;
            let sql = "INSERT INTO invitations (id, text, invitee, expires) VALUES (?1, ?2, ?3, ?4)";
            let expires = store::whole(invitation.expires_s())?;
            work.db.prepare_cached(sql)?.execute((invitation.id().to_string(), text.as_str(), kind, expires))?;
            Ok(text.to_string())
        })
    }

    /// Reads a request to one of the invitations made here.
    ///
    /// # Errors
    /// [`Error::Trust`] for a request to no invitation of this device, or to one that has ended or was used.
    pub fn read_request(&self, text: &str, now_ms: u64) -> Result<RequestSeen> {
        self.with_core(|connection, _| {
            let (_, kind, request) = invitation_of(connection, text, now_ms)?;
            Ok(RequestSeen { kind, check_words: request.check_words })
        })
    }

    /// Admits who asked, once the letters typed from the other screen agree; gives the answer for the other computer.
    ///
    /// # Errors
    /// [`Error::Trust`] says what does not hold.
    pub fn admit(&self, request_text: &str, typed_check: &str, now_ms: u64) -> Result<String> {
        self.admit_with(request_text, typed_check, None, now_ms)
    }

    /// As [`Vault::admit`], with a credential of the database for the new device.
    ///
    /// # Errors
    /// As [`Vault::admit`].
    pub fn admit_with(
        &self,
        request_text: &str,
        typed_check: &str,
        credential: Option<&[u8]>,
        now_ms: u64,
    ) -> Result<String> {
        self.admit_as(request_text, typed_check, credential, None, now_ms)
    }

    /// Brings somebody back who agreed to that, with the realm's root key: they come in with the keys that they made on the new
    /// computer, and with what was shared with them before.
    ///
    /// # Errors
    /// As [`Vault::admit`]; [`Error::Trust`] without the person's consent, or for another root key.
    pub fn admit_again(
        &self,
        request_text: &str,
        typed_check: &str,
        credential: Option<&[u8]>,
        root_kit: &str,
        now_ms: u64,
    ) -> Result<String> {
        self.admit_as(request_text, typed_check, credential, Some(root_kit), now_ms)
    }

    fn admit_as(
        &self,
        request_text: &str,
        typed_check: &str,
        credential: Option<&[u8]>,
        root_kit: Option<&str>,
        now_ms: u64,
    ) -> Result<String> {
        self.transact(now_ms, |work| {
            let (invitation, kind, request) = invitation_of(work.db, request_text, now_ms)?;
            let slot = own_slot(work)?;
            let (standing, charts) = standing_of(kind);
            let floors = journal::heads(work.db)?;
            let (charts, slot) = (charts.as_slice(), slot.as_ref());
            let admission = Admission { typed_check, standing, charts, floors: &floors, slot, credential };
            let back = back_with(work, kind, root_kit)?;
            work.keys_changed = true;
            let (core, mut used) = (&mut *work.core, Used::default());
            let (keyring, trust) = (&core.keyring, &mut core.trust);
            let admitted = match &back {
                Some((root, earlier)) => {
                    let with = (root, earlier);
                    enrol::admit_again(keyring, trust, &invitation, &request, &admission, with, &mut used, now_ms)?
                }
                None => enrol::admit(keyring, trust, &invitation, &request, &admission, &mut used, now_ms)?,
            };
            let sql = "UPDATE invitations SET used = 1 WHERE id = ?1";
            work.db.prepare_cached(sql)?.execute([invitation.id().to_string()])?;
            work.take_own_objects(&admitted.objects)?;
            Ok(admitted.answer_text.to_string())
        })
    }

    /// Chooses another passphrase. Whoever knows the old one and has an old copy of this folder can still open that copy.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`] for the old one; [`Error::WeakPassphrase`] for the new one.
    pub fn change_passphrase(&self, old: &str, new: &str, now_ms: u64) -> Result<()> {
        let slots = crate::slots::SlotsFile::read(self.folder())?;
        let slot = self.with_core(|_, core| {
            let (keyring, account) = (&core.keyring, core.keyring.account_secret());
            slots.open(old, account)?;
            trust::slots::close(Cost::default(), keyring.user(), keyring.root(), account, new).map_err(weak)
        })?;
        slots.with_slot(&slot)?.write(self.folder())?;
        self.transact(now_ms, |work| {
            let device = work.core.keyring.device();
            work.keep_object(&slot, device, 0, true)
        })
    }

    /// Is this the passphrase? It is stretched as at unlock, and nothing is opened with it.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`]; [`Error::Damaged`], [`Error::Closed`].
    pub fn check_passphrase(&self, passphrase: &str) -> Result<()> {
        let slots = crate::slots::SlotsFile::read(self.folder())?;
        let account = self.with_core(|_, core| Ok(core.keyring.account_secret().duplicate()))?;
        slots.open(passphrase, &account).map(drop)
    }

    /// How to reach the database, as the inviter's program wrote it; `None` on the device that founded the realm.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Closed`].
    pub fn connection_card(&self) -> Result<Option<Vec<u8>>> {
        self.kept_bytes(CARD)
    }

    /// The database credential that came with the admission.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Closed`].
    pub fn credential(&self) -> Result<Option<Vec<u8>>> {
        self.kept_bytes(CREDENTIAL)
    }

    fn kept_bytes(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let Some(text) = self.setting(key)? else { return Ok(None) };
        data_encoding::HEXLOWER
            .decode(text.as_bytes())
            .map(Some)
            .map_err(|_| Error::Damaged(format!("the setting {key}")))
    }

    /// Removes one of this person's own devices, or as an admin another's: what it writes from here on is not accepted.
    /// `keep` names the person's other devices that they still have in their hands.
    ///
    /// # Errors
    /// [`Error::Trust`] when this person may not.
    pub fn remove_device(&self, device: Uuid, keep: &[Uuid], now_ms: u64) -> Result<()> {
        self.transact(now_ms, |work| {
            let heads = journal::heads(work.db)?;
            let object =
                trust::remove::remove_device(&work.core.keyring, &work.core.trust, device, &heads, keep, now_ms)?;
            work.take_own_objects(&[object])
        })
    }

    /// Removes a person from the realm.
    ///
    /// # Errors
    /// [`Error::Trust`] when this person may not.
    pub fn remove_user(&self, user: Uuid, now_ms: u64) -> Result<()> {
        self.transact(now_ms, |work| {
            let heads = journal::heads(work.db)?;
            let object = trust::remove::remove_user(&work.core.keyring, &work.core.trust, user, &heads, now_ms)?;
            work.take_own_objects(&[object])
        })
    }
}

const CARD: &str = "enrolment.card";
const CREDENTIAL: &str = "enrolment.credential";

fn purpose_of(trust: &trust::Trust, invitee: Invitee) -> Result<Purpose> {
    Ok(match invitee {
        Invitee::OwnDevice => Purpose::OwnDevice,
        Invitee::Member { .. } => Purpose::NewMember,
        Invitee::Returning { user } => {
            trust.recovery_consent(user).ok_or(trust::Error::Forbidden("this person did not agree to it"))?;
            let keys = trust.user(user).and_then(|held| held.user_keys()).ok_or(trust::Error::Unknown("the person"))?;
            Purpose::Returning { user, version: keys.version + 1 }
        }
    })
}

/// The realm's root key, and the earlier root of somebody who is brought back, as the two open it.
fn back_with(work: &Work<'_>, kind: Invitee, root_kit: Option<&str>) -> Result<Option<(Signer, UserRoot)>> {
    let Invitee::Returning { user } = kind else { return Ok(None) };
    let trust = &work.core.trust;
    let root = trust::found::read_root_kit(trust, root_kit.ok_or(trust::Error::Unknown("the realm's root key"))?)?;
    let earlier = trust::clinic_recovery::open(trust, &objects::all(work.db, GRANTS)?, &root, user)?;
    Ok(Some((root, earlier)))
}

fn standing_of(invitee: Invitee) -> (Standing, Vec<Uuid>) {
    match invitee {
        Invitee::OwnDevice | Invitee::Returning { .. } => (Standing::of(Role::Patient), Vec::new()),
        Invitee::Member { role, clinical, chart } => (Standing { role, clinical }, chart.into_iter().collect()),
    }
}

fn own_slot(work: &Work<'_>) -> Result<Option<KeyObject>> {
    let (user, version) = (work.core.keyring.user(), work.core.keyring.root().version());
    // One that was closed for the next root may lie there already.
    let fits = |slot: &KeyObject| slot.scope == user && trust::slots::read(slot).is_ok_and(|slot| slot.v == version);
    Ok(objects::all(work.db, SLOTS)?.into_iter().rev().find(fits))
}

/// The invitation that a request answers: the one whose secret opens it.
fn invitation_of(
    connection: &Connection,
    request_text: &str,
    now_ms: u64,
) -> Result<(Invitation, Invitee, enrol::Request)> {
    let sql = "SELECT text, invitee FROM invitations WHERE used = 0 AND expires > ?1 ORDER BY expires DESC LIMIT 64";
    let mut statement = connection.prepare_cached(sql)?;
    let now_s = store::whole(now_ms / 1000)?;
    let rows = statement.query_map([now_s], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut refusal = trust::Error::Unknown("an invitation for this request, or it has ended or was used");
    for row in rows {
        let (text, invitee) = row?;
        let invitation = Invitation::parse(&text)?;
        let invitee = serde_json::from_str(&invitee).map_err(|_| Error::Damaged("an invitation".into()))?;
        match enrol::read_request(&invitation, request_text) {
            Ok(request) => return Ok((invitation, invitee, request)),
            Err(trust::Error::Crypto(crypto::Error::Unopenable)) => {}
            Err(error) => refusal = error,
        }
    }
    Err(refusal.into())
}

/// An enrolment under way, on the side that comes in. It survives a restart of the program.
pub struct Joining {
    inner: enrol::Joining,
    root: PathBuf,
    folder: PathBuf,
    initials: String,
    passphrase: Zeroizing<String>,
    /// A new person's kit, with the realm that it is for.
    kit: Option<(crypto::kit::Kit, Uuid)>,
}

/// What is kept of an enrolment under way, beside its sealed secrets.
#[derive(Serialize, Deserialize)]
struct Kept {
    initials: String,
    slot: Slot,
    /// Hex.
    sealed: String,
}

impl Joining {
    /// Answers an invitation: makes the keys, and gives the request for the inviter's computer with the sixteen letters that
    /// a person types there. For a new person the passphrase is the one they chose; for a further device it is their own.
    ///
    /// # Errors
    /// [`Error::Trust`] for an invitation that is mistyped or has ended; [`Error::WeakPassphrase`].
    pub fn begin(
        root: &Path,
        invitation_text: &str,
        initials: &str,
        passphrase: &str,
        now_ms: u64,
    ) -> Result<(Joining, String, String)> {
        let invitation = Invitation::parse(invitation_text)?;
        let joiner = match invitation.purpose {
            Purpose::OwnDevice => Joiner::OwnDevice,
            Purpose::NewMember | Purpose::Returning { .. } => Joiner::NewMember { passphrase, cost: Cost::default() },
        };
        let begun = enrol::begin(invitation_text, joiner, now_ms).map_err(weak)?;
        let folder = folder::make(root, &format!("joining-{}", begun.joining.device()))?;
        let joining = Joining {
            inner: begun.joining,
            root: root.to_owned(),
            folder,
            initials: initials.to_owned(),
            passphrase: Zeroizing::new(passphrase.to_owned()),
            kit: begun.kit.map(|kit| (kit, invitation.realm())),
        };
        if let Err(error) = joining.keep() {
            joining.forget()?;
            return Err(error);
        }
        Ok((joining, begun.request_text.to_string(), begun.check_words))
    }

    /// Goes on with an enrolment that was begun before the program ended; `folder` is the one that the profile names.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::Damaged`], [`Error::NotAVault`].
    pub fn resume(folder: &Path, passphrase: &str) -> Result<Joining> {
        if !folder.join(folder::JOINING).exists() {
            return Err(Error::NotAVault);
        }
        let kept: Kept = folder::read_json(&folder.join(folder::JOINING))?;
        let secret = FileSafe::new(folder).get("")?.ok_or_else(|| damaged("vault.secret is missing"))?;
        let root = slot::open(&kept.slot, passphrase, &secret).map_err(|error| match error {
            crypto::Error::Unopenable => Error::WrongPassphrase,
            other => other.into(),
        })?;
        let sealed = data_encoding::HEXLOWER.decode(kept.sealed.as_bytes()).map_err(|_| damaged("joining.json"))?;
        let bytes = crypto::seal::open(&root.vault_kek(), &context(&kept.slot), &sealed)
            .map_err(|_| damaged("joining.json"))?;
        let home = folder.parent().ok_or(Error::NotAVault)?;
        Ok(Joining {
            inner: enrol::Joining::from_bytes(&bytes)?,
            root: home.to_owned(),
            folder: folder.to_owned(),
            initials: kept.initials,
            passphrase: Zeroizing::new(passphrase.to_owned()),
            kit: None,
        })
    }

    /// Seals the secrets behind the passphrase and a random secret of this device, as a finished vault does.
    fn keep(&self) -> Result<()> {
        let (root, secret) = (UserRoot::make(1)?, Key::make()?);
        let slot = slot::close(&root, self.inner.user().as_bytes(), &self.passphrase, &secret)?;
        let sealed = crypto::seal::seal(&root.vault_kek(), &context(&slot), &self.inner.to_bytes())?;
        FileSafe::new(&self.folder).keep("", &secret)?;
        folder::write_card(&self.folder, &Card { initials: self.initials.clone(), ..Card::default() })?;
        let sealed = data_encoding::HEXLOWER.encode(&sealed);
        folder::write_json(&self.folder.join(folder::JOINING), &Kept { initials: self.initials.clone(), slot, sealed })
    }

    /// Makes the request again; the letters stay the same.
    ///
    /// # Errors
    /// [`Error::Trust`].
    pub fn request(&self) -> Result<(String, String)> {
        Ok((self.inner.request_text()?.to_string(), self.inner.check_words()))
    }

    /// The folder, for [`Joining::resume`].
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Does somebody come back who is known in the realm?
    pub fn is_return(&self) -> bool {
        matches!(self.inner.purpose(), Purpose::Returning { .. })
    }

    /// A new person's papers, to be printed now: after a restart of the program the kit is nowhere any more. `None` for a
    /// further device, and after a restart.
    pub fn papers(&self) -> Option<Papers> {
        self.kit.as_ref().map(|(kit, realm)| Papers::of(kit, None, *realm))
    }

    /// Takes the answer in and makes the vault. May be called again after an answer that does not hold.
    ///
    /// # Errors
    /// [`Error::Trust`] says what does not hold; [`Error::WrongPassphrase`] when a further device was given another
    /// passphrase than the person's; [`Error::DiskFull`], [`Error::ReadOnlyFolder`].
    pub fn finish(&self, answer_text: &str, now_ms: u64) -> Result<(Vault, Option<Papers>)> {
        self.finish_with(answer_text, now_ms, &|folder| Box::new(FileSafe::new(folder)))
    }

    /// As [`Joining::finish`], with another place for the account secret.
    ///
    /// # Errors
    /// As [`Joining::finish`].
    pub fn finish_with(&self, answer_text: &str, now_ms: u64, safe: SafeIn<'_>) -> Result<(Vault, Option<Papers>)> {
        let enrolled = enrol::finish(&self.inner, answer_text, &self.passphrase, now_ms).map_err(weak)?;
        let slots = enrolled.made.iter().chain(&enrolled.received).filter(|object| object.collection == SLOTS);
        let own = slots.into_iter().find(|slot| slot.scope == enrolled.keyring.user()).cloned();
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let mut settings = vec![(CARD, hex(&enrolled.card))];
        settings.extend(enrolled.credential.as_ref().map(|credential| (CREDENTIAL, hex(credential))));
        let making = Making {
            root_public: *enrolled.trust.root_public(),
            keyring: enrolled.keyring,
            trust: enrolled.trust,
            slot: own.ok_or_else(|| damaged("an enrolment without a slot"))?,
            received: &enrolled.received,
            made: &enrolled.made,
            floors: &enrolled.floors,
            initials: &self.initials,
            shown_as: None,
            settings,
        };
        let vault = Vault::make(&self.root, making, now_ms, safe)?;
        self.forget()?;
        Ok((vault, self.papers()))
    }

    /// Gives the enrolment up.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn forget(&self) -> Result<()> {
        Ok(fs::remove_dir_all(&self.folder)?)
    }
}

fn context(slot: &Slot) -> Vec<u8> {
    lp(&[b"mv1/joining", &slot.user, &slot.id])
}

fn damaged(what: &str) -> Error {
    Error::Damaged(what.to_owned())
}
