//! The real window, told as stories. `scripts/display.sh cargo test -p aidpost-tests --test window` plays them on a virtual
//! display; the pictures go to `AIDPOST_ARTEFACTS`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that meets what it does not expect has failed, and a story tells how it goes"
)]

#[path = "../../../crates/app/tests/common/logind.rs"]
mod logind;
mod support;

/// One name before all, so that they can be played beside the rest of a run.
mod stories {
    mod anew;
    mod anywhere;
    mod asleep;
    mod attempts;
    mod away;
    mod backups;
    mod booked;
    mod canary;
    mod checks;
    mod clinic;
    mod codes;
    mod coming_back;
    mod elsewhere;
    mod found;
    mod many;
    mod protection;
    mod recording;
    mod sharing;
    mod syncing;
    mod trouble;
}
