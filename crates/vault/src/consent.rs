//! Whether the clinic may recover this person's account: off until they sign that it may.

use crate::{Result, Vault, trust};
use uuid::Uuid;

/// Where recovery by the clinic stands for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recoverable {
    /// Does the clinic offer it?
    pub offered: bool,
    /// Since when the person agrees, in milliseconds since 1970.
    pub since_ms: Option<u64>,
}

impl Vault {
    /// Where recovery by the clinic stands for the person at work.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn recoverable(&self) -> Result<Recoverable> {
        self.with_core(|_, core| {
            let consent = core.trust.recovery_consent(core.keyring.user());
            let since_ms = consent.map(|consent| consent.at_ms);
            Ok(Recoverable { offered: core.trust.clinic_key().is_some(), since_ms })
        })
    }

    /// Did this person agree that the clinic can recover their account?
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn agreed_to_recovery(&self, user: Uuid) -> Result<bool> {
        self.with_trust(|trust| trust.recovery_consent(user).is_some())
    }

    /// The person at work says whether the clinic may recover their account. What the clinic's key could open until a withdrawal, it
    /// can open until the person has new keys.
    ///
    /// # Errors
    /// [`crate::Error::Trust`] where the clinic does not offer it; [`crate::Error::DiskFull`], [`crate::Error::Closed`].
    pub fn consent_to_recovery(&self, on: bool, now_ms: u64) -> Result<()> {
        self.transact(now_ms, |work| {
            let said = trust::clinic_recovery::consent(&work.core.keyring, &work.core.trust, on, now_ms)?;
            work.take_own_objects(&said)
        })
    }
}
