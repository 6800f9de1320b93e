//! The trace reader and writer on real and hand-made files: what must come out, byte by byte.

use kvscope::trace::{ReadOptions, ReadReport, RequestQueue, TraceReader};
use std::path::PathBuf;

/// The real trace, or none where the machine does not have it.
fn conversation() -> Option<Vec<u8>> {
    let given = std::env::var_os("KVSCOPE_TRACES").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/traces");
    given
        .into_iter()
        .chain([beside])
        .find_map(|folder| std::fs::read(folder.join("conversation_trace.jsonl")).ok())
}

fn read(bytes: &[u8]) -> (RequestQueue, ReadReport) {
    let mut reader = TraceReader::new(ReadOptions::default());
    let mut queue = RequestQueue::new();
    reader.push(bytes, &mut queue);
    reader.finish(&mut queue);
    reader.interner().validate();
    (queue, reader.report().clone())
}

#[test]
fn the_conversation_trace_has_its_published_counts() {
    let Some(bytes) = conversation() else {
        println!("SKIPPED the_conversation_trace_has_its_published_counts: no trace file");
        return;
    };
    let (queue, report) = read(&bytes);
    assert_eq!(queue.len(), 12_031);
    assert_eq!(report.requests, 12_031);
    assert_eq!(report.blocks, 288_500);
    assert_eq!(report.distinct_blocks, 182_790);
    assert_eq!(report.input_tokens, 144_793_823);
    assert_eq!(report.bad_lines_total, 0);
    assert_eq!(report.warnings, []);
    println!("{report:#?}");
}
