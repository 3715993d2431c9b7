//! Slots: the file beside the database, and the object on the remote. None costs any work before its bounds are looked at.
#![no_main]

use crypto::slot::Slot;
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;
use vault::trust::object::SLOTS;
use vault::trust::{KeyObject, slots};

fuzz_target!(|data: &[u8]| {
    if let Ok(slot) = serde_json::from_slice::<Slot>(data) {
        let text = serde_json::to_vec(&slot).expect("a slot is JSON");
        assert_eq!(serde_json::from_slice::<Slot>(&text).expect("what was written can be read"), slot);
    }
    let _ = bson::deserialize_from_slice::<Slot>(data);
    let scope = data.first_chunk().map_or(Uuid::nil(), |bytes| Uuid::from_bytes(*bytes));
    if let Ok(object) = KeyObject::new(SLOTS, scope, scope, data.to_vec()) {
        let _ = slots::read(&object);
    }
});
