//! The keyring as the vault keeps it: everything but the person's root, which a passphrase opens.

use super::keyring::{HeldKey, Keyring, Secrets};
use super::{Error, Result};
use crypto::grant::AgreementKey;
use crypto::root::UserRoot;
use crypto::scope::ScopeKey;
use crypto::sign::Signer;
use crypto::{Key, Zeroizing};
use std::collections::BTreeMap;
use uuid::Uuid;

const MARK: &[u8; 4] = b"AKR2";
/// Before people could renew their root: without the list of earlier keys.
const FIRST_MARK: &[u8; 4] = b"AKR1";
const HEAD: usize = 4 + 5 * 16 + 8 + 4 + 3 * 32 + 4 + 4;
const EARLIER: usize = 4 + 32;
const KEY: usize = 16 + 16 + 4 + 32 + 1;
const BAD: Error = Error::Malformed("the saved keyring");

impl Keyring {
    /// Writes all but the person's root, for the encrypted vault and nothing else.
    pub fn to_vault_bytes(&self) -> Zeroizing<Vec<u8>> {
        let held: Vec<_> = self.scopes.values().flatten().collect();
        // The whole capacity at once: a buffer that grew would leave its beginning behind.
        let mut out = Zeroizing::new(Vec::with_capacity(HEAD + self.earlier.len() * EARLIER + held.len() * KEY));
        out.extend_from_slice(MARK);
        for id in [self.realm, self.user, self.user_certificate, self.device, self.device_certificate] {
            out.extend_from_slice(id.as_bytes());
        }
        out.extend_from_slice(&self.user_begins_s.to_be_bytes());
        out.extend_from_slice(&self.secrets.root.version().to_be_bytes());
        let Secrets { account, device_signer, device_agreement, .. } = &self.secrets;
        for key in [account, device_signer.seed(), device_agreement.seed()] {
            out.extend_from_slice(key.expose());
        }
        out.extend_from_slice(&u32::try_from(self.earlier.len()).unwrap_or(u32::MAX).to_be_bytes());
        for (version, key) in &self.earlier {
            out.extend_from_slice(&version.to_be_bytes());
            out.extend_from_slice(key.seed().expose());
        }
        out.extend_from_slice(&u32::try_from(held.len()).unwrap_or(u32::MAX).to_be_bytes());
        for HeldKey { version, key, newest } in held {
            out.extend_from_slice(key.scope());
            out.extend_from_slice(version.as_bytes());
            out.extend_from_slice(&key.version().to_be_bytes());
            out.extend_from_slice(key.key().expose());
            out.push(u8::from(*newest));
        }
        out
    }

    /// Reads what [`Keyring::to_vault_bytes`] wrote, with the root that the passphrase opened.
    ///
    /// # Errors
    /// [`Error::Malformed`]; [`Error::ForeignKey`] for a root of another version than the one it was written with.
    pub fn from_vault_bytes(root: UserRoot, bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes;
        let mark = take::<4>(&mut rest)?;
        if mark != MARK && mark != FIRST_MARK {
            return Err(BAD);
        }
        let mut id = || take::<16>(&mut rest).map(|bytes| Uuid::from_bytes(*bytes));
        let (realm, user, user_certificate) = (id()?, id()?, id()?);
        let (device, device_certificate) = (id()?, id()?);
        let user_begins_s = u64::from_be_bytes(*take(&mut rest)?);
        if u32::from_be_bytes(*take(&mut rest)?) != root.version() {
            return Err(Error::ForeignKey);
        }
        let mut key = || take::<32>(&mut rest).and_then(|bytes| Ok(Key::from_slice(bytes)?));
        let account = key()?;
        let (device_signer, device_agreement) = (Signer::from_seed(&key()?), AgreementKey::from_seed(&key()?));
        let earlier = if mark == MARK { read_earlier(&mut rest)? } else { BTreeMap::new() };
        let scopes = read_scopes(rest)?;
        let (signer, agreement) = (root.signer(), root.agreement());
        let secrets = Secrets { root, account, device_signer, device_agreement };
        Ok(Keyring {
            realm,
            user,
            user_certificate,
            user_begins_s,
            device,
            device_certificate,
            secrets,
            signer,
            agreement,
            earlier,
            scopes,
            marked: (0, 0),
        })
    }
}

fn read_earlier(rest: &mut &[u8]) -> Result<BTreeMap<u32, AgreementKey>> {
    let count = u32::from_be_bytes(*take(rest)?);
    let mut earlier = BTreeMap::new();
    for _ in 0..count {
        let version = u32::from_be_bytes(*take(rest)?);
        earlier.insert(version, AgreementKey::from_seed(&Key::from_slice(take::<32>(rest)?)?));
    }
    Ok(earlier)
}

fn read_scopes(mut rest: &[u8]) -> Result<BTreeMap<Uuid, Vec<HeldKey>>> {
    let count = u32::from_be_bytes(*take(&mut rest)?) as usize;
    if rest.len() != count.checked_mul(KEY).ok_or(BAD)? {
        return Err(BAD);
    }
    let mut scopes: BTreeMap<Uuid, Vec<HeldKey>> = BTreeMap::new();
    for _ in 0..count {
        let scope = *take::<16>(&mut rest)?;
        let version = Uuid::from_bytes(*take(&mut rest)?);
        let v = u32::from_be_bytes(*take(&mut rest)?);
        let key = ScopeKey::from_key(Key::from_slice(take::<32>(&mut rest)?)?, scope, v);
        let newest = take::<1>(&mut rest)? == &[1];
        scopes.entry(Uuid::from_bytes(scope)).or_default().push(HeldKey { version, key, newest });
    }
    Ok(scopes)
}

pub(super) fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Result<&'a [u8; N]> {
    let (head, tail) = rest.split_first_chunk().ok_or(BAD)?;
    *rest = tail;
    Ok(head)
}
