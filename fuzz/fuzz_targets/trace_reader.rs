//! Any bytes, in any two ways of cutting them: no panic, and the same result both ways.
//!
//! `cargo +nightly fuzz run trace_reader` (start it with `tests/data` as its corpus).
#![no_main]

use kvscope::trace::HeldAs;
use libfuzzer_sys::fuzz_target;

mod reading;

fuzz_target!(|input: &[u8]| {
    let Some((&chunk, bytes)) = input.split_first() else { return };
    let whole = reading::read(bytes, usize::MAX);
    assert_eq!(whole, reading::read(bytes, 1 + usize::from(chunk)));
    let report = whole.1;
    if report.held_as == Some(HeldAs::Lines) && report.stopped.is_none() {
        let rows = report.requests + report.header_lines + report.other_rows;
        // A line with a session on it is several requests.
        assert!(report.lines <= report.blank_lines + report.bad_lines_total + rows + 1);
    }
});
