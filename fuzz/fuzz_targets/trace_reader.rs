//! Any bytes, in any two ways of cutting them: no panic, and the same result both ways.
//!
//! `cargo +nightly fuzz run trace_reader` (start it with `tests/data` as its corpus).
#![no_main]

use kvscope::model::Request;
use kvscope::trace::{Log, ReadOptions, ReadReport, TraceReader};
use libfuzzer_sys::fuzz_target;

fn read(bytes: &[u8], chunk: usize) -> (Vec<(Request, Vec<u32>)>, ReadReport) {
    let options = ReadOptions { max_line_bytes: 4_096, ..ReadOptions::default() };
    let mut reader = TraceReader::new(options);
    let mut log = Log::new();
    for chunk in bytes.chunks(chunk) {
        reader.push(chunk, &mut log);
    }
    reader.finish(&mut log);
    reader.interner().validate();
    let requests = log.iter().map(|found| {
        (*found.request, found.blocks.iter().map(|block| block.0).collect())
    });
    (requests.collect(), reader.report().clone())
}

fuzz_target!(|input: &[u8]| {
    let Some((&chunk, bytes)) = input.split_first() else { return };
    let whole = read(bytes, usize::MAX);
    assert_eq!(whole, read(bytes, 1 + usize::from(chunk)));
    let report = whole.1;
    let header = u64::from(report.header.is_some());
    assert_eq!(
        report.lines,
        report.blank_lines + report.bad_lines_total + report.requests + header
    );
});
