//! The published conversation trace, where the machine has it.

use super::{Outcome, read, read_with};
use kvscope::trace::{RawId, RawRequest, ReadOptions, TimeUnit, write_line};
use std::path::PathBuf;

/// The trace's bytes, or none and a word about it.
fn conversation(test: &str) -> Option<Vec<u8>> {
    let given = std::env::var_os("KVSCOPE_TRACES").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/traces");
    let bytes = given
        .into_iter()
        .chain([beside])
        .find_map(|folder| std::fs::read(folder.join("conversation_trace.jsonl")).ok());
    if bytes.is_none() {
        println!(
            "SKIPPED {test}: no conversation_trace.jsonl in $KVSCOPE_TRACES or ../shared/traces"
        );
    }
    bytes
}

fn as_raw(outcome: &Outcome) -> Vec<RawRequest> {
    let id = |&block: &u32| match outcome.interner.raw_of(kvscope::model::BlockId(block)) {
        RawId::Number(number) => number,
        other => panic!("{other} is no plain number"),
    };
    let raw = |(request, blocks): &super::Served| RawRequest {
        timestamp_ms: (request.arrival_s * 1e3).round() as u64,
        input_tokens: request.input_tokens,
        output_tokens: request.output_tokens,
        hash_ids: blocks.iter().map(id).collect(),
    };
    outcome.requests.iter().map(raw).collect()
}

#[test]
fn the_conversation_trace_has_its_published_counts() {
    let Some(bytes) = conversation("the_conversation_trace_has_its_published_counts") else {
        return;
    };
    let report = read(&bytes).report;
    assert_eq!(report.requests, 12_031);
    assert_eq!(report.blocks, 288_500);
    assert_eq!(report.distinct_blocks, 182_790);
    assert_eq!(report.input_tokens, 144_793_823);
    assert_eq!((report.bad_lines_total, report.blank_lines, report.lines), (0, 0, 12_031));
    assert_eq!(report.warnings, [], "len(hash_ids) is ceil(input / 512), times only rise");
    assert_eq!(report.schema, Some("mooncake"));
    assert_eq!(report.block_size.map(|size| size.value), Some(512));
    assert_eq!(report.time_unit.map(|unit| unit.value), Some(TimeUnit::Milliseconds));
}

#[test]
fn chunks_of_the_conversation_trace_make_no_difference() {
    let Some(bytes) = conversation("chunks_of_the_conversation_trace_make_no_difference") else {
        return;
    };
    let whole = read(&bytes);
    for chunk in [1, 7, 4_099, 65_536] {
        let parts = read_with(ReadOptions::default(), &bytes, chunk);
        assert_eq!(parts.report, whole.report, "chunks of {chunk}");
        assert!(parts.requests == whole.requests, "chunks of {chunk}");
    }
}

#[test]
fn the_conversation_trace_is_written_as_it_was_read() {
    let Some(bytes) = conversation("the_conversation_trace_is_written_as_it_was_read") else {
        return;
    };
    let mut written = Vec::new();
    for request in as_raw(&read(&bytes)) {
        write_line(&request, &mut written);
    }
    let written_lines = written.split(|&byte| byte == b'\n');
    for (number, (ours, theirs)) in (1..).zip(written_lines.zip(bytes.split(|&byte| byte == b'\n')))
    {
        assert!(ours == theirs, "line {number}");
    }
    assert_eq!(written.len(), bytes.len());
}
