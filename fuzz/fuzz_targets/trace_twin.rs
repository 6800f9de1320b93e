//! Files of lines against the slow twin, in random chunks.
//!
//! `cargo +nightly fuzz run trace_twin` (start it with `tests/data` as its corpus).
#![no_main]

use kvscope::trace::{HeldAs, Log, ReadOptions, TimeUnit, TraceReader};
use libfuzzer_sys::fuzz_target;

#[path = "../../tests/oracle_trace/twin.rs"]
mod twin;
#[path = "../../tests/oracle_trace/values.rs"]
mod values;

fuzz_target!(|input: &[u8]| {
    let Some((&chunk, bytes)) = input.split_first() else { return };
    let options = ReadOptions {
        time_unit: Some(TimeUnit::Milliseconds),
        block_size: Some(16),
        ..ReadOptions::default()
    };
    let (mut reader, mut log) = (TraceReader::new(options), Log::new());
    for chunk in bytes.chunks(1 + usize::from(chunk)) {
        reader.push(chunk, &mut log);
    }
    reader.finish(&mut log);
    let report = reader.report();
    let told = twin::read(bytes, 1e3);
    // The twin reads flat rows of files of lines; rows that are nested or count from the row
    // before are checked elsewhere.
    let nested = [&b"\"requests\""[..], b"\"sub_requests\"", b"\"request\"", b"\"replay\"",
        b"\"agent_context\"", b"delay", b"think_time", b"tool_", b"\"input_tok_ids\"",
        b"block_tokens", b"\\u"];
    let has = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    // What is no trace by its first bytes is stopped before its lines are looked at.
    let lines = match report.held_as {
        Some(held_as) => held_as == HeldAs::Lines,
        None => report.stopped.is_none(),
    };
    if !lines || (report.stopped.is_some() && !told.stopped) || nested.iter().any(|it| has(it)) {
        return;
    }
    let places: Vec<(u64, u64)> = report.bad_lines.iter().map(|it| (it.line, it.offset)).collect();
    assert_eq!(places, told.bad[..told.bad.len().min(20)]);
    assert_eq!(log.len(), told.requests.len() as u64);
    for (found, expected) in log.iter().zip(&told.requests) {
        assert_eq!(found.request.input_tokens, expected.input);
        assert_eq!(found.request.output_tokens, expected.output);
        assert_eq!(found.request.arrival_s, expected.arrival_s);
        let blocks: Vec<u32> = found.blocks.iter().map(|block| block.0).collect();
        assert_eq!(blocks, expected.blocks);
    }
});
