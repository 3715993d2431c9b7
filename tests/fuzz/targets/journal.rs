//! Bodies of journal entries, signed by a device that counts.
#![no_main]

use aidpost_fuzz::REALM;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use vault::trust::journal::{check_entry, check_seen, read_entry};

fuzz_target!(|data: &[u8]| {
    let realm = &*REALM;
    let Some(object) = realm.entry(data) else { return };
    let _ = check_entry(&realm.trust, None, &object);
    if let Ok((entry, _)) = read_entry(&realm.trust, &object) {
        check_seen(&entry, &BTreeMap::new());
        realm.trust.clone().place(&entry);
    }
});
