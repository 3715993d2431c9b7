//! The texts of an enrolment and of a kit: as they come, and with bodies that are sealed and checked right.
#![no_main]

use aidpost_fuzz::{NOW_MS, framed};
use crypto::invite::Invitation as Inner;
use crypto::kit::Kit;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vault::trust::enrol::{self, Begun, Invitation, Joiner};

struct Side {
    inner: Inner,
    invitation: Invitation,
    begun: Begun,
}

/// A realm with an invitation, and a device that answers it.
static SIDE: LazyLock<Side> = LazyLock::new(|| {
    let clinic = vault::trust::Founder::Clinic;
    let cost = crypto::slot::Cost::SmallComputer;
    let founded = vault::trust::found(clinic, cost, "velvet otter counts nine lanterns", NOW_MS).expect("a realm");
    let (keyring, trust) = (&founded.keyring, &founded.trust);
    let invitation = enrol::invite(keyring, trust, enrol::Purpose::OwnDevice, b"card", NOW_MS).expect("an invitation");
    let text = invitation.text();
    let begun = enrol::begin(&text, Joiner::OwnDevice, NOW_MS).expect("a beginning");
    Side { inner: Inner::parse(&text).expect("its text"), invitation, begun }
});

fuzz_target!(|data: &[u8]| {
    let side = &*SIDE;
    let text = String::from_utf8_lossy(data);
    for text in
        [text.as_ref(), &framed("INV1", data), &framed("KIT1", data), &framed("REQ1", data), &framed("ANS1", data)]
    {
        let _ = Invitation::parse(text);
        let _ = Kit::parse(text);
        assert!(enrol::read_request(&side.invitation, text).is_err());
        assert!(enrol::finish(&side.begun.joining, text, "a phrase", NOW_MS).is_err());
    }
    let _ = enrol::Joining::from_bytes(data);
    if let Ok(sealed) = side.inner.seal_up(data) {
        assert!(enrol::read_request(&side.invitation, &framed("REQ1", &sealed)).is_err());
    }
    if let Ok(sealed) = side.inner.seal_down(data) {
        assert!(enrol::finish(&side.begun.joining, &framed("ANS1", &sealed), "a phrase", NOW_MS).is_err());
    }
});
