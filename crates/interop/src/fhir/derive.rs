//! Ids of imported things: derived, so that the same file gives the same ids.

use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use uuid::Uuid;

/// UUIDv8 (RFC 9562, 5.8) from the first 16 bytes of SHA-256 over chart, kind and key, each with its length before it.
pub(crate) fn id(chart: Uuid, kind: &str, key: &str) -> Uuid {
    let mut context = Context::new(&SHA256);
    for part in [chart.as_bytes().as_slice(), kind.as_bytes(), key.as_bytes()] {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&context.finish().as_ref()[..16]);
    Uuid::new_v8(bytes)
}

/// SHA-256, hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-1: FHIR's `Attachment.hash` is defined with it. It finds damage; it proves nothing.
pub(crate) fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_depend_on_every_part_and_on_nothing_else() {
        let chart = Uuid::from_u128(7);
        let base = id(chart, "Condition", "a");
        assert_eq!(base, id(chart, "Condition", "a"));
        assert_eq!(base.get_version_num(), 8);
        assert_ne!(base, id(Uuid::from_u128(8), "Condition", "a"));
        assert_ne!(base, id(chart, "Conditiona", ""));
    }
}
