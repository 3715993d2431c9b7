//! Files from other systems: a draft or a refusal, with every resource accounted for.
#![no_main]

use interop::fhir::{Limits, read};
use libfuzzer_sys::fuzz_target;
use model::Time;
use uuid::Uuid;

fuzz_target!(|data: &[u8]| {
    let limits = Limits { bytes: 1 << 20, ..Limits::default() };
    let Ok(incoming) = read(data, &limits) else { return };
    for index in 0..incoming.patients.len().min(3) {
        let draft = incoming.chart(index, Uuid::nil(), Time::from_ms(0), "x").expect("a patient of the file");
        for tally in draft.report.types.values() {
            assert_eq!(tally.total, tally.mapped + tally.ignored.values().sum::<u32>() + tally.kept_in_original);
        }
    }
});
