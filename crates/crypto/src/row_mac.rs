//! Terms of the accumulator by which a vault notices that old rows were put back into its file.
//!
//! The accumulator is the exclusive-or of one term per synchronised row. It changes in the transaction that
//! changes the row: the old term out, the new term in, both by [`fold`].

use crate::encode::{lp, sha256};
use crate::{Key, kdf};

/// The key of the row terms, made from the vault's database key.
pub struct RowKey(Key);

impl RowKey {
    /// Derives the row key of a vault.
    pub fn from_vault_key(vault_key: &Key) -> Self {
        Self(kdf::expand(vault_key, &lp(&[b"mv1/row"])))
    }

    /// Gives the term of one row:
    /// `HMAC-SHA-256(row key, lp("mv1/row", collection, id, stamp) ‖ H(row bytes))`.
    pub fn term(&self, collection: &str, id: &[u8], stamp: &[u8], row: &[u8]) -> [u8; 32] {
        let mut message = lp(&[b"mv1/row", collection.as_bytes(), id, stamp]);
        message.extend_from_slice(&sha256(row));
        kdf::mac(&self.0, &message)
    }
}

/// Adds a term to the accumulator, or takes it out again: the operation is its own inverse.
pub fn fold(accumulator: &mut [u8; 32], term: &[u8; 32]) {
    for (sum, byte) in accumulator.iter_mut().zip(term) {
        *sum ^= byte;
    }
}
