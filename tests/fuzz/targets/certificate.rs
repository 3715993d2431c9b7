//! Bodies of everything that is kept beside certificates, and of scope versions, signed by the realm's root.
#![no_main]

use aidpost_fuzz::REALM;
use libfuzzer_sys::fuzz_target;
use vault::trust::object::SCOPE_KEYS;

const KINDS: [&str; 8] = [
    "certificate",
    "revocation",
    "readmission",
    "key-request",
    "clinic-recovery",
    "recovery-consent",
    "retention",
    "chart-end",
];

fuzz_target!(|data: &[u8]| {
    let realm = &*REALM;
    let objects = KINDS.map(|kind| realm.certificate(kind, data));
    for object in objects.into_iter().chain([realm.by_root(SCOPE_KEYS, "scope-key", data)]).flatten() {
        let mut trust = realm.trust.clone();
        let _ = trust.learn(&object);
        for user in trust.users() {
            let _ = (trust.role_of(user), trust.is_removed(user));
        }
    }
});
