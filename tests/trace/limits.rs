//! Where the reader's numbers end: long runs of ids, the longest line.

use super::{read, read_with};
use kvscope::trace::ReadOptions;

const LINE: &str =
    r#"{"timestamp": 5, "input_length": 600, "output_length": 1, "hash_ids": [1, 2]}"#;

#[test]
fn four_hundred_consecutive_ids_are_four_hundred_blocks() {
    for (separator, count) in [(", ", 400_u32), (",", 400), (", ", 70_000)] {
        let ids: Vec<String> = (7..7 + count).map(|id| id.to_string()).collect();
        let input = 512 * count;
        let line = format!(
            "{{\"timestamp\": 1, \"input_length\": {input}, \"output_length\": 1, \
             \"hash_ids\": [{}]}}\n",
            ids.join(separator)
        );
        for chunk in [line.len(), 1_000] {
            let outcome = read_with(ReadOptions::default(), line.as_bytes(), chunk);
            assert_eq!(outcome.report.blocks, u64::from(count));
            assert_eq!(outcome.requests[0].1, (0..count).collect::<Vec<_>>());
            let last = outcome.interner.raw_of(kvscope::model::BlockId(count - 1));
            assert_eq!(last, kvscope::trace::RawId::Number(u64::from(6 + count)));
        }
    }
}

/// Requests and refused lines of one line padded to `bytes`, with a line before and behind it.
fn around(options: &ReadOptions, bytes: usize, chunk: usize, newline: bool) -> (u64, u64) {
    let end = if newline { format!("\n{LINE}\n") } else { String::new() };
    let text = format!("{LINE}\n{LINE}{}{end}", " ".repeat(bytes - LINE.len()));
    let report = read_with(options.clone(), text.as_bytes(), chunk).report;
    let bad: Vec<u64> = report.bad_lines.iter().map(|bad| bad.line).collect();
    assert!(bad.is_empty() || bad == [2], "{bad:?}");
    assert_eq!(report.lines, if newline { 3 } else { 2 });
    (report.requests, report.bad_lines_total)
}

#[test]
fn a_line_may_be_as_long_as_the_limit_however_it_arrives() {
    let options = ReadOptions { max_line_bytes: 200, ..ReadOptions::default() };
    for chunk in [1, 7, 64, 150, 199, 200, 201, 279, 280, 1_000] {
        assert_eq!(around(&options, 200, chunk, true), (3, 0), "chunks of {chunk}");
        assert_eq!(around(&options, 201, chunk, true), (2, 1), "chunks of {chunk}");
        assert_eq!(around(&options, 200, chunk, false), (2, 0), "chunks of {chunk}, no newline");
        assert_eq!(around(&options, 201, chunk, false), (1, 1), "chunks of {chunk}, no newline");
    }
}

#[test]
fn the_limit_is_what_the_documentation_says() {
    let options = ReadOptions::default();
    let most = 64 << 20;
    for chunk in [1 << 20, usize::MAX] {
        assert_eq!(around(&options, most, chunk, true), (3, 0));
        assert_eq!(around(&options, most + 1, chunk, true), (2, 1));
    }
    assert_eq!(read(LINE.as_bytes()).report.requests, 1);
}

#[test]
fn what_only_looks_like_the_number_that_follows_is_another() {
    for ids in ["18, 19, 29, 30", "18,19,29,30", "198, 199, 299", "8, 9, 19"] {
        let line = format!("{{\"hash_ids\": [{ids}], \"timestamp\": 1, \"input_length\": 2048}}");
        let outcome = read(line.as_bytes());
        let named = |id| outcome.interner.raw_of(kvscope::model::BlockId(id)).to_string();
        let read: Vec<String> = (0..outcome.report.distinct_blocks as u32).map(named).collect();
        let written: Vec<&str> = ids.split(',').map(str::trim).collect();
        assert_eq!(read, written);
    }
}
