//! New keys for scopes, after a removal, once a year, and where two devices made one apart; and another standing for a person.
//!
//! The work is what the store of trust says is due, so it goes on after any interruption where it was.

use crate::{
    Result, Vault, journal,
    trust::{self, Reason, Renewal, Standing},
    work::Work,
};
use model::Role;
use uuid::Uuid;

impl Vault {
    /// The scopes for which this person is to make new keys: the care team's first, since charts are sealed for it, then the
    /// realm's, then the newest charts.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn due_renewals(&self, now_ms: u64) -> Result<Vec<Uuid>> {
        self.with_core(|_, core| {
            let (me, trust) = (core.keyring.user(), &core.trust);
            let mine = |scope: &Uuid| trust.renewer(*scope, now_ms).is_some_and(|(user, _)| user == me);
            let mut due: Vec<Uuid> = core.keyring.scopes().filter(mine).collect();
            due.sort_by_key(|scope| (*scope != trust.team(), *scope != trust.realm(), std::cmp::Reverse(*scope)));
            Ok(due)
        })
    }

    /// Makes new keys for these scopes in one transaction; one that is not due any more is passed over.
    ///
    /// # Errors
    /// [`crate::Error::Trust`] when this person may not; [`crate::Error::DiskFull`], [`crate::Error::Closed`].
    pub fn renew_scopes(&self, scopes: &[Uuid], now_ms: u64) -> Result<()> {
        self.transact(now_ms, |work| scopes.iter().try_for_each(|scope| renew_scope(work, *scope, now_ms)))
    }

    /// Gives a person another standing. Where it is another one than before, what they signed under the earlier certificate
    /// counts up to what is known here.
    ///
    /// # Errors
    /// [`crate::Error::Trust`] when this person may not give it.
    pub fn change_role(&self, user: Uuid, role: Role, clinical: bool, now_ms: u64) -> Result<()> {
        self.transact(now_ms, |work| {
            let heads = journal::heads(work.db)?;
            let (keyring, trust) = (&work.core.keyring, &work.core.trust);
            let object = trust::remove::change_role(keyring, trust, user, Standing { role, clinical }, &heads, now_ms)?;
            work.take_own_objects(&[object])
        })
    }
}

fn renew_scope(work: &mut Work<'_>, scope: Uuid, now_ms: u64) -> Result<()> {
    let (keyring, trust) = (&work.core.keyring, &work.core.trust);
    let Some(why) = trust.renewal(scope, now_ms) else { return Ok(()) };
    let reason = if why == Renewal::Removed { Reason::Removed } else { Reason::Renewed };
    let objects = trust::renew(keyring, trust, scope, reason, now_ms)?;
    work.take_own_objects(&objects)
}
