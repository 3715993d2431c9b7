//! Coming in: [`crate::trust::enrol`] on the side of whoever joins, with its secrets kept until the answer is there.

use crate::{
    Error, FileSafe, Papers, Result, Safe, Vault,
    enrol::{CARD, CREDENTIAL, OUTSIDE},
    folder::{self, Card},
    front::{Making, SafeIn, weak},
    trust::{
        enrol::{self, Invitation, Joiner, OutsideProof, Purpose},
        object::SLOTS,
    },
};
use crypto::{
    Key, Zeroizing,
    encode::lp,
    root::UserRoot,
    slot::{self, Cost, Slot},
};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

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
        let (kept, root) = open_kept(folder, passphrase)?;
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

    /// What the inviter's program wrote into the invitation.
    pub fn card(&self) -> &[u8] {
        self.inner.card()
    }

    /// What a provider elsewhere is to put into its token, so that it is good for this request alone.
    ///
    /// # Errors
    /// [`Error::Trust`].
    pub fn outside_nonce(&self) -> Result<String> {
        Ok(self.inner.outside_nonce()?)
    }

    /// Puts the proof of a sign-in elsewhere into the request. Request and letters become others.
    ///
    /// # Errors
    /// [`Error::Trust`] for a proof that is too large to be carried; [`Error::Io`] and the like.
    pub fn carry(&mut self, proof: OutsideProof) -> Result<()> {
        self.inner.carry(proof)?;
        let (kept, root) = open_kept(&self.folder, &self.passphrase)?;
        let sealed = crypto::seal::seal(&root.vault_kek(), &context(&kept.slot), &self.inner.to_bytes())?;
        let sealed = data_encoding::HEXLOWER.encode(&sealed);
        folder::write_json(&self.folder.join(folder::JOINING), &Kept { sealed, ..kept })
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
        if let Some(proof) = &enrolled.outside {
            let account = serde_json::to_string(&(&proof.issuer, &proof.subject));
            settings.push((OUTSIDE, account.map_err(|_| damaged("the account elsewhere"))?));
        }
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

/// What is kept of an enrolment, and the root that opens it.
fn open_kept(folder: &Path, passphrase: &str) -> Result<(Kept, UserRoot)> {
    if !folder.join(folder::JOINING).exists() {
        return Err(Error::NotAVault);
    }
    let kept: Kept = folder::read_json(&folder.join(folder::JOINING))?;
    let secret = FileSafe::new(folder).get("")?.ok_or_else(|| damaged("vault.secret is missing"))?;
    let root = slot::open(&kept.slot, passphrase, &secret).map_err(|error| match error {
        crypto::Error::Unopenable => Error::WrongPassphrase,
        other => other.into(),
    })?;
    Ok((kept, root))
}

fn context(slot: &Slot) -> Vec<u8> {
    lp(&[b"mv1/joining", &slot.user, &slot.id])
}

fn damaged(what: &str) -> Error {
    Error::Damaged(what.to_owned())
}
