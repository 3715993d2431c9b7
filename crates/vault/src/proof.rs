//! What others can check without this program: statements as they were signed, the journals that vouch for them, and the certificates
//! that lead from a signer to the realm's root.

use crate::{
    Result, Vault, objects, store,
    trust::{self, Fault, KeyObject, Trust, object::JOURNAL, statement::Verified},
    work::signed_statement,
};
use crypto::{hash_chain::chain, sign::Signed};
use model::CollectionDef;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A statement as it is held.
#[derive(Clone, Debug)]
pub struct Held {
    /// The document.
    pub id: Uuid,
    /// What its author signed; `None` where the signed bytes are missing.
    pub signed: Option<Signed>,
    /// What the signature proves, or why it proves nothing.
    pub proven: std::result::Result<Verified, Fault>,
    /// The journal entries that vouch for it: of which device, with which number. None before it was sent.
    pub vouched: Vec<(Uuid, u64)>,
}

/// A device's journal, walked from the first entry that is held to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The device.
    pub device: Uuid,
    /// How many entries are held.
    pub entries: u64,
    /// Numbers of the entries whose signature does not hold, or that do not follow the one before.
    pub broken: Vec<u64>,
}

impl Vault {
    /// The statements with these ids, each with its signature looked at anew.
    ///
    /// # Errors
    /// [`crate::Error::Closed`], [`crate::Error::Database`].
    pub fn held_statements(&self, def: &'static CollectionDef, ids: &[Uuid]) -> Result<Vec<Held>> {
        let bytes = self.with_reader(|db| {
            let one = |id: &Uuid| Ok((*id, signed_statement(db, def.name, *id)?, vouched(db, def.name, *id)?));
            ids.iter().map(one).collect::<Result<Vec<_>>>()
        })?;
        self.with_trust(|trust| {
            let held = bytes.into_iter().map(|(id, stored, vouched)| {
                let (signed, proven) = match stored {
                    None => (None, Err(Fault::Elsewhere)),
                    Some((stamp, bytes)) => {
                        let proven = trust::statement::verify(trust, &bytes, def.name);
                        let here = |found: &Verified| found.id == id && found.stamp == stamp;
                        let proven =
                            proven.and_then(|found| if here(&found) { Ok(found) } else { Err(Fault::Elsewhere) });
                        (trust::statement::read_signed(&bytes, def.name).ok(), proven)
                    }
                };
                Held { id, signed, proven, vouched }
            });
            held.collect()
        })
    }

    /// Walks the journals of all devices: every signature, and every link to the entry before. Where an earlier entry is not held, as on
    /// a device that came later, the walk begins anew behind the gap.
    ///
    /// # Errors
    /// [`crate::Error::Closed`], [`crate::Error::Database`].
    pub fn walk_journals(&self) -> Result<Vec<Walk>> {
        let held = self.with_reader(|db| objects::all(db, JOURNAL))?;
        self.with_trust(|trust| walk(trust, &held))
    }

    /// The certificates by which these signers lead to the realm's root, as they were signed; without the root itself.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn certificates_of(&self, signers: &[Uuid]) -> Result<Vec<Vec<u8>>> {
        self.with_trust(|trust| {
            let mut found: BTreeMap<Uuid, Vec<u8>> = BTreeMap::new();
            let mut wanted = signers.to_vec();
            while let Some(id) = wanted.pop() {
                let Some(object) = trust.object(id).filter(|_| !found.contains_key(&id)) else { continue };
                wanted.extend(trust.certificate(id).map(|certificate| certificate.issuer));
                found.insert(id, object.bytes.clone());
            }
            found.into_values().collect()
        })
    }

    /// The public half of the realm's root.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn realm_root(&self) -> Result<[u8; 32]> {
        self.with_trust(|trust| *trust.root_public())
    }

    /// The certificate by which the person at work signs.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn own_certificate(&self) -> Result<Uuid> {
        self.with_core(|_, core| Ok(core.keyring.user_certificate()))
    }

    /// Signs a report as the person at work; `kind` is none of a stored object.
    ///
    /// # Errors
    /// [`crate::Error::Closed`].
    pub fn sign_report(&self, kind: &'static str, body: Vec<u8>) -> Result<Signed> {
        self.with_core(|_, core| Ok(core.keyring.sign_as_user(kind, body)))
    }
}

fn vouched(db: &rusqlite::Connection, collection: &str, id: Uuid) -> Result<Vec<(Uuid, u64)>> {
    let sql = "SELECT c.device, c.n FROM covered c JOIN statements s ON s.collection = c.collection AND s.id = c.id AND s.stamp = c.stamp
        WHERE c.collection = ?1 AND c.id = ?2 ORDER BY c.device, c.n";
    let mut statement = db.prepare_cached(sql)?;
    let rows =
        statement.query_map((collection, id.to_string()), |row| Ok((store::uuid(row, 0)?, row.get::<_, i64>(1)?)))?;
    rows.map(|row| row.map_err(Into::into).and_then(|(device, n)| Ok((device, store::count(n)?)))).collect()
}

/// Entries come in any order; of each device they are walked by their numbers.
fn walk(trust: &Trust, held: &[KeyObject]) -> Vec<Walk> {
    let mut journals: BTreeMap<Uuid, BTreeMap<u64, (trust::Entry, Signed)>> = BTreeMap::new();
    let mut unreadable = 0u64;
    for object in held {
        match trust::journal::read_entry(trust, object) {
            Ok((entry, signed)) => drop(journals.entry(entry.device).or_default().insert(entry.n, (entry, signed))),
            Err(_) => unreadable += 1,
        }
    }
    let mut walks: Vec<Walk> = journals.into_iter().map(|(device, entries)| walk_one(device, &entries)).collect();
    if unreadable > 0 {
        walks.push(Walk { device: Uuid::nil(), entries: unreadable, broken: vec![0] });
    }
    walks
}

fn walk_one(device: Uuid, entries: &BTreeMap<u64, (trust::Entry, Signed)>) -> Walk {
    let mut broken = Vec::new();
    for (n, (entry, _)) in entries {
        let before = n.checked_sub(1).and_then(|n| entries.get(&n)).map(|(_, signed)| signed);
        // Behind a gap nothing is known of the entry before.
        if (*n == 1 || before.is_some()) && chain(before) != entry.previous {
            broken.push(*n);
        }
    }
    Walk { device, entries: entries.len() as u64, broken }
}
