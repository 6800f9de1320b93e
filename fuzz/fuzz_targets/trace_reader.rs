//! Any bytes, in any two ways of cutting them: no panic, and the same result both ways.
//!
//! `cargo +nightly fuzz run trace_reader` (start it with `tests/data` as its corpus).
#![no_main]

use kvscope::trace::{ReadOptions, ReadReport, Request, RequestQueue, TraceReader};
use libfuzzer_sys::fuzz_target;

fn read(bytes: &[u8], chunk: usize) -> (Vec<(Request, Vec<u32>)>, ReadReport) {
    let options = ReadOptions { max_line_bytes: 4_096, ..ReadOptions::default() };
    let mut reader = TraceReader::new(options);
    let mut queue = RequestQueue::new();
    for chunk in bytes.chunks(chunk) {
        reader.push(chunk, &mut queue);
    }
    reader.finish(&mut queue);
    reader.interner().validate();
    let mut requests = Vec::new();
    let mut blocks = Vec::new();
    while let Some(request) = queue.pop_into(&mut blocks) {
        requests.push((request, blocks.iter().map(|block| block.0).collect()));
    }
    (requests, reader.report().clone())
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
