//! Bringing in a device or a person, and coming in: [`crate::trust::enrol`] with its objects kept and queued.

use crate::{
    Error, Result, Vault,
    front::weak,
    journal, objects, store,
    trust::{
        self, KeyObject, Standing,
        enrol::{self, Admission, Invitation, OutsideProof, Purpose, Used},
        object::{GRANTS, SLOTS},
    },
    work::Work,
};
use crypto::{root::UserRoot, sign::Signer, slot::Cost};
use model::Role;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
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
    /// What the inviter's program wrote into the invitation.
    pub card: Vec<u8>,
    /// When the invitation was made, seconds since 1970.
    pub invited_s: u64,
    /// That whoever asks signed in elsewhere, as they say: it is not checked here.
    pub outside: Option<OutsideProof>,
    /// What the provider must have put into its token.
    pub outside_nonce: String,
    /// Was another request to the same invitation read before? Then somebody else may have seen the invitation, or whoever asks began anew.
    pub another: bool,
}

/// What goes with an admission besides the keys.
#[derive(Clone, Copy, Default)]
pub struct Admitting<'a> {
    /// A credential of the database for the new device.
    pub credential: Option<&'a [u8]>,
    /// Was the proof of a sign-in elsewhere that the request carries found good?
    pub outside_checked: bool,
    /// The realm's root key, for somebody who is brought back.
    root_kit: Option<&'a str>,
}

impl<'a> Admitting<'a> {
    /// For a new person or device.
    pub fn new(credential: Option<&'a [u8]>, outside_checked: bool) -> Self {
        Admitting { credential, outside_checked, root_kit: None }
    }
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
        self.transact(now_ms, |work| {
            let (invitation, kind, request) = invitation_of(work.db, text, now_ms)?;
            let enrol::Request { check_words, outside, outside_nonce, .. } = request;
            let (card, invited_s) = (invitation.card().to_vec(), invitation.invited_s());
            let another = is_another(work.db, &invitation, &check_words)?;
            Ok(RequestSeen { kind, check_words, card, invited_s, outside, outside_nonce, another })
        })
    }

    /// Admits who asked, once the letters typed from the other screen agree; gives the answer for the other computer.
    ///
    /// # Errors
    /// [`Error::Trust`] says what does not hold.
    pub fn admit(&self, request_text: &str, typed_check: &str, now_ms: u64) -> Result<String> {
        self.admit_with(request_text, typed_check, &Admitting::default(), now_ms)
    }

    /// As [`Vault::admit`], with more.
    ///
    /// # Errors
    /// As [`Vault::admit`].
    pub fn admit_with(&self, request_text: &str, typed_check: &str, with: &Admitting, now_ms: u64) -> Result<String> {
        self.transact(now_ms, |work| {
            let (invitation, kind, request) = invitation_of(work.db, request_text, now_ms)?;
            let slot = own_slot(work)?;
            let (standing, charts) = standing_of(kind);
            let floors = journal::heads(work.db)?;
            let (charts, slot) = (charts.as_slice(), slot.as_ref());
            let admission = Admission {
                typed_check,
                standing,
                charts,
                floors: &floors,
                slot,
                credential: with.credential,
                outside_checked: with.outside_checked,
            };
            let back = back_with(work, kind, with.root_kit)?;
            work.keys_changed = true;
            let (core, mut used) = (&mut *work.core, Used::default());
            let (keyring, trust) = (&core.keyring, &mut core.trust);
            let admitted = match &back {
                Some((root, earlier)) => {
                    let old = (root, earlier);
                    enrol::admit_again(keyring, trust, &invitation, &request, &admission, old, &mut used, now_ms)?
                }
                None => enrol::admit(keyring, trust, &invitation, &request, &admission, &mut used, now_ms)?,
            };
            let sql = "UPDATE invitations SET used = 1 WHERE id = ?1";
            work.db.prepare_cached(sql)?.execute([invitation.id().to_string()])?;
            work.take_own_objects(&admitted.objects)?;
            Ok(admitted.answer_text.to_string())
        })
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
        let with = Admitting { credential, root_kit: Some(root_kit), outside_checked: false };
        self.admit_with(request_text, typed_check, &with, now_ms)
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

    /// The account elsewhere that this person signed in to before they came in and that the inviter's program found good: the
    /// provider's issuer, and the subject.
    ///
    /// # Errors
    /// [`Error::Damaged`], [`Error::Closed`].
    pub fn outside_account(&self) -> Result<Option<(String, String)>> {
        let Some(text) = self.setting(OUTSIDE)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|_| Error::Damaged(format!("the setting {OUTSIDE}")))
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

pub(crate) const CARD: &str = "enrolment.card";
pub(crate) const CREDENTIAL: &str = "enrolment.credential";
pub(crate) const OUTSIDE: &str = "enrolment.outside";

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

/// Keeps which request was read first, and tells whether there was another one; from then on that holds for each of them.
fn is_another(db: &Connection, invitation: &Invitation, check_words: &str) -> Result<bool> {
    let sql = "UPDATE invitations SET first = CASE coalesce(first, ?2) WHEN ?2 THEN ?2 ELSE '' END WHERE id = ?1 RETURNING first";
    let mut statement = db.prepare_cached(sql)?;
    let only: String = statement.query_row((invitation.id().to_string(), check_words), |row| row.get(0))?;
    Ok(only.is_empty())
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
