//! The rare acts that need the realm's root key, which exists on paper alone: it is typed, used once, and dropped.

use crate::{
    Result, Vault, journal,
    trust::{self, Error as TrustError, KeyObject, Standing, Trust, certificate::Issuer, found::read_root_kit, remove},
    work::Work,
};
use model::Role;
use uuid::Uuid;

impl Vault {
    /// Is this the realm's root key?
    ///
    /// # Errors
    /// [`crate::Error::Trust`] when it is mistyped, or another realm's.
    pub fn check_root_kit(&self, root_kit: &str) -> Result<()> {
        self.with_core(|_, core| Ok(read_root_kit(&core.trust, root_kit).map(drop)?))
    }

    /// Removes a super administrator. Others are removed by those above them.
    ///
    /// # Errors
    /// [`crate::Error::Trust`]: the key is not the realm's, the person is no super administrator, is oneself, or is the last one.
    pub fn remove_head(&self, user: Uuid, root_kit: &str, now_ms: u64) -> Result<()> {
        self.as_root(root_kit, now_ms, |work, issuer| {
            let (trust, keyring) = (&work.core.trust, &work.core.keyring);
            let heads = heads_of(trust);
            if user == keyring.user() || !heads.contains(&user) {
                return Err(TrustError::Forbidden("the root removes another super administrator").into());
            }
            if heads.len() < 2 {
                return Err(TrustError::Forbidden("a realm keeps a super administrator").into());
            }
            Ok(remove::remove_user_as(issuer, trust, user, &journal::heads(work.db)?, now_ms)?)
        })
    }

    /// Makes a member a super administrator. Who wrote clinical entries goes on to.
    ///
    /// # Errors
    /// [`crate::Error::Trust`]: the key is not the realm's, or the person is no member.
    pub fn make_head(&self, user: Uuid, root_kit: &str, now_ms: u64) -> Result<()> {
        self.as_root(root_kit, now_ms, |work, issuer| {
            let trust = &work.core.trust;
            let standing = trust.role_of(user).ok_or(TrustError::Unknown("the person"))?;
            if !standing.is_staff() || standing.role == Role::SuperAdmin {
                return Err(TrustError::Forbidden("one of the staff becomes a super administrator").into());
            }
            let standing = Standing { role: Role::SuperAdmin, clinical: standing.is_doctor() };
            Ok(remove::promote_as(issuer, trust, user, standing, now_ms)?)
        })
    }

    /// Certifies the new keys that this person asked for, who is a super administrator.
    ///
    /// # Errors
    /// [`crate::Error::Trust`]: the key is not the realm's, or nothing was asked for.
    pub fn certify_own_keys(&self, root_kit: &str, now_ms: u64) -> Result<()> {
        self.as_root(root_kit, now_ms, |work, issuer| {
            let user = work.core.keyring.user();
            Ok(trust::new_keys::certify_as_root(issuer, &work.core.trust, user, now_ms)?)
        })
    }

    /// Makes the key with which the clinic can recover the accounts of those who agree. It brings nobody's account within reach.
    ///
    /// # Errors
    /// [`crate::Error::Trust`]: the key is not the realm's.
    pub fn offer_recovery(&self, root_kit: &str, now_ms: u64) -> Result<()> {
        self.transact(now_ms, |work| {
            let signer = read_root_kit(&work.core.trust, root_kit)?;
            let object = trust::clinic_recovery::make_key(&signer, &work.core.trust, now_ms)?;
            work.take_own_objects(&[object])
        })
    }

    fn as_root(
        &self,
        root_kit: &str,
        now_ms: u64,
        act: impl FnOnce(&Work<'_>, Issuer<'_>) -> Result<KeyObject>,
    ) -> Result<()> {
        self.transact(now_ms, |work| {
            let signer = read_root_kit(&work.core.trust, root_kit)?;
            let object = act(work, Issuer::root(work.core.trust.realm(), &signer))?;
            work.take_own_objects(&[object])
        })
    }
}

fn heads_of(trust: &Trust) -> Vec<Uuid> {
    let is_head = |user: &Uuid| trust.role_of(*user).is_some_and(|standing| standing.role == Role::SuperAdmin);
    trust.users().into_iter().filter(is_head).collect()
}
