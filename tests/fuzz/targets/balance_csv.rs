//! Tables of a stance: a trace or a refusal that names row and column.
#![no_main]

use detect::csv;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let _ = csv::parse(&text);
    if let Ok(headings) = csv::headings(&text)
        && let [time, ml, ap, ..] = headings.as_slice()
    {
        let _ = csv::parse_columns(&text, time, ml, ap);
    }
});
