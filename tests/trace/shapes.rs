//! Files of unusual shape: ends, lengths, encodings, limits.

use super::{Outcome, read, read_with, sample};
use kvscope::trace::{
    Interner, Log, RawRequest, ReadOptions, TraceReader, WarningKind, write_line,
};

const LINE: &str =
    r#"{"timestamp": 5, "input_length": 600, "output_length": 1, "hash_ids": [1, 2]}"#;

fn bad_lines(outcome: &Outcome) -> Vec<String> {
    outcome.report.bad_lines.iter().map(ToString::to_string).collect()
}

#[test]
fn every_sample_is_the_same_in_any_chunks() {
    let samples = super::table::SAMPLES.iter().map(|sample| sample.file);
    for name in samples.chain(["refused.jsonl", "broken.jsonl"]) {
        let bytes = sample(name);
        let whole = read(&bytes);
        for chunk in [1, 2, 3, 7, 64, 1_000] {
            let parts = read_with(ReadOptions::default(), &bytes, chunk);
            assert_eq!(parts.report, whole.report, "{name} in chunks of {chunk}");
            assert_eq!(parts.requests, whole.requests, "{name} in chunks of {chunk}");
        }
    }
}

#[test]
fn empty_files_say_nothing() {
    for bytes in [&b""[..], b"\n", b"\xef\xbb\xbf", b" \r\n\n\t"] {
        let Outcome { requests, report, .. } = read(bytes);
        assert_eq!(requests, []);
        assert_eq!((report.bad_lines_total, report.requests), (0, 0));
        assert_eq!(report.lines, report.blank_lines);
        assert_eq!(report.block_size, None);
    }
}

#[test]
fn where_somebody_stopped_reading_nothing_is_a_fault_of_the_file() {
    for sample in super::table::SAMPLES {
        let bytes = super::sample(sample.file);
        let whole = read(&bytes).report;
        let mut left = 0;
        for end in 0..bytes.len() {
            let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
            reader.push(&bytes[..end], &mut log);
            reader.finish_early(&mut log);
            let told = reader.report();
            let bad = (told.bad_lines_total, &told.bad_lines);
            assert!(bad.0 <= whole.bad_lines_total, "{} up to {end}: {bad:?}", sample.file);
            assert!(told.requests <= whole.requests);
            left += whole.requests - told.requests;
        }
        assert!(left > 0, "{}: nothing was left out anywhere", sample.file);
    }
}

#[test]
fn a_file_cut_in_the_middle_of_a_line_says_so() {
    let cut = read(format!("{LINE}\n{}", &LINE[..40]).as_bytes());
    assert_eq!(cut.report.requests, 1);
    assert_eq!(
        bad_lines(&cut),
        ["line 2, column 41 (line starts at byte 78): found the end of the line: \
          expected the closing quote of a string: the file ends in the middle of this line; get \
          it again in full"]
    );
}

#[test]
fn lines_of_more_than_a_mebibyte_are_read() {
    let ids: Vec<u64> = (0..200_000).map(|id| id * 3 + 1_000_000_000_000).collect();
    let request = RawRequest {
        timestamp_ms: 1,
        input_tokens: 512 * 200_000,
        output_tokens: 0,
        hash_ids: ids,
    };
    let mut bytes = Vec::new();
    write_line(&request, &mut bytes);
    assert!(bytes.len() > 2 << 20);
    let outcome = read_with(ReadOptions::default(), &bytes, 1_000);
    assert_eq!((outcome.report.blocks, outcome.report.warnings.len()), (200_000, 0));
    let text = format!("{{\"prompt\": \"{}\", {}", "x".repeat(2 << 20), &LINE[1..]);
    assert_eq!(read(text.as_bytes()).requests[0].1, [0, 1]);
}

#[test]
fn a_line_beyond_the_limit_is_a_bad_line_and_takes_no_memory() {
    let options = ReadOptions { max_line_bytes: 1 << 10, ..ReadOptions::default() };
    let long = format!("{LINE}\n{{\"x\": \"{}\"}}\n{LINE}\n", "y".repeat(5 << 20));
    let whole = read_with(options.clone(), long.as_bytes(), usize::MAX);
    assert_eq!(
        bad_lines(&whole),
        ["line 2, column 1 (line starts at byte 78): found {\"x\": \"yyyyyyyyyyyyyyyyy…: \
          the line is longer than 1024 bytes, the most a reader holds: shorten it"]
    );
    assert_eq!(whole.report.requests, 2);
    let mut reader = TraceReader::new(options.clone());
    let mut log = Log::new();
    for chunk in long.as_bytes().chunks(7) {
        reader.push(chunk, &mut log);
        assert!(reader.memory_bytes() < 64 << 10, "{} bytes", reader.memory_bytes());
    }
    reader.finish(&mut log);
    assert_eq!(*reader.report(), whole.report);
    // The limit itself is allowed, with the blanks that belong to the line.
    let exact = format!("{LINE}{}", " ".repeat((1 << 10) - LINE.len()));
    assert_eq!(read_with(options.clone(), exact.as_bytes(), 7).report.requests, 1);
    assert_eq!(read_with(options, format!("{exact} ").as_bytes(), 7).report.bad_lines_total, 1);
}

#[test]
fn nesting_is_skipped_up_to_its_limit() {
    let nested = |depth: usize| {
        let value = "[".repeat(depth) + &"]".repeat(depth);
        read(format!("{{\"x\": {value}, {}", &LINE[1..]).as_bytes())
    };
    assert_eq!(nested(127).report.requests, 1);
    let outcome = nested(128);
    let bad = &outcome.report.bad_lines[0];
    assert_eq!(bad.reason, "nested more than 127 deep: nothing here needs that");
    assert_eq!(bad.column, 134);
    assert_eq!(nested(100_000).report.bad_lines_total, 1);
}

#[test]
fn files_that_are_no_traces_stop_the_reader_with_what_to_do() {
    let utf16: Vec<u8> = LINE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&[u8], &str); 8] = [
        (&[b"\xff\xfe", &utf16[..]].concat(), "iconv -f UTF-16 "),
        (&utf16, "iconv -f UTF-16LE "),
        (b"\x1f\x8b\x08\x00\0\0\0\0", "gunzip"),
        (b"\x28\xb5\x2f\xfd", "unzstd"),
        (b"PAR1\x15\x04\x15\x20\x15\x26", "duckdb"),
        (b"PK\x03\x04\x14\0\0\0", "unzip"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
        (b"<!DOCTYPE html>\n<html>\n", "HTML"),
    ];
    for (bytes, word) in cases {
        let outcome = read(bytes);
        let stopped = outcome.report.stopped.expect("it is no trace");
        assert!(stopped.contains(word), "{stopped}");
        assert_eq!(outcome.report.bad_lines_total, 0);
        let parts = read_with(ReadOptions::default(), bytes, 1).report.stopped;
        assert_eq!(parts, Some(stopped), "told alike from single bytes");
    }
}

/// A header that cannot be honoured is never dropped while its rows are served.
#[test]
fn a_broken_header_stops_the_reader() {
    for header in [
        r#"{"schema": "x", "version": 2, "block_size": 0}"#,
        r#"{"schema": "x", "hash_id_scope": "worker"}"#,
        r#"{"version": 1, "time_unit": "fortnight"}"#,
    ] {
        let outcome = read(format!("{header}\n{LINE}\n").as_bytes());
        assert_eq!(outcome.requests, [], "{header}");
        let stopped = outcome.report.stopped.expect("it cannot be honoured");
        assert!(stopped.contains("header") && stopped.contains("none of its rows"), "{stopped}");
    }
    let other = format!(
        "{{\"schema\": \"x\", \"block_size\": 64}}\n{LINE}\n\
                         {{\"schema\": \"x\", \"block_size\": 32}}\n{LINE}\n"
    );
    let outcome = read(other.as_bytes());
    assert_eq!(outcome.requests.len(), 1);
    assert!(outcome.report.stopped.expect("two sizes").contains("(64)"));
}

#[test]
fn a_version_that_is_not_known_is_told_and_its_rows_are_read() {
    let warned = |first: &str| {
        let outcome = read(format!("{first}\n{LINE}\n").as_bytes());
        assert_eq!((outcome.requests.len(), outcome.report.bad_lines_total), (1, 0), "{first}");
        let mut told = outcome.report.warnings.into_iter();
        let told = told.find(|warning| warning.kind == WarningKind::UnknownVersion);
        told.map(|warning| (warning.first_line, warning.count))
    };
    for known in [
        r#"{"schema": "dynamo.agentic_mooncake", "version": 2}"#,
        r#"{"version": "1", "schema": "dynamo.agentic_mooncake", "block_size": 512}"#,
        r#"{"schema": "dynamo.trace", "version": 1.0}"#,
        r#"{"schema": "mooncake"}"#,
    ] {
        assert_eq!(warned(known), None, "{known}");
    }
    for unknown in [
        r#"{"schema": "dynamo.agentic_mooncake", "version": 3}"#,
        r#"{"schema": "dynamo.agentic_mooncake", "version": "2.1"}"#,
        r#"{"schema": "dynamo.trace.v2"}"#,
        r#"{"schema": "dynamo.trace", "version": 2}"#,
        r#"{"schema": "x", "version": 1}"#,
        r#"{"version": 4, "block_size": 512}"#,
    ] {
        assert_eq!(warned(unknown), Some((1, 1)), "{unknown}");
    }
    // Rows that name their schema are held to it, too; a version alone may be of anything.
    let row = |more: &str| LINE.replacen('{', &format!("{{{more}, "), 1);
    let count = |more: &str| {
        let report = read(format!("{}\n{}\n", row(more), row(more)).as_bytes()).report;
        assert_eq!(report.requests, 2);
        report.warnings.iter().find(|it| it.kind == WarningKind::UnknownVersion).map(|it| it.count)
    };
    assert_eq!(count(r#""schema": "dynamo.request.trace.v1""#), None);
    assert_eq!(count(r#""schema": "dynamo.request.trace.v2""#), Some(2));
    assert_eq!(count(r#""version": 7"#), None);
}

/// Files joined with `cat` have their headers in the middle; what they say holds from there on.
#[test]
fn the_same_header_again_is_no_fault() {
    let header = r#"{"schema": "x", "block_size": 512, "time_unit": "s"}"#;
    let other = r#"{"schema": "x", "block_size": 512, "time_unit": "ms"}"#;
    let text = [header, LINE, header, LINE, other, LINE].join("\n");
    let outcome = read(text.as_bytes());
    assert_eq!((outcome.report.header_lines, outcome.report.bad_lines_total), (3, 0));
    let arrivals: Vec<f64> =
        outcome.requests.iter().map(|(request, _)| request.arrival_s).collect();
    assert_eq!(arrivals, [5.0, 5.0, 0.005]);
}

#[test]
fn bad_lines_are_counted_and_the_first_twenty_kept() {
    let outcome = read("{}\n".repeat(50).as_bytes());
    assert_eq!(outcome.report.bad_lines_total, 50);
    assert_eq!(outcome.report.bad_lines.len(), 20);
    let offsets: Vec<u64> = outcome.report.bad_lines.iter().map(|bad| bad.offset).collect();
    assert_eq!(offsets, (0..20).map(|line| line * 3).collect::<Vec<_>>());
}

#[test]
fn a_bad_line_leaves_no_blocks_behind() {
    let bad = r#"{"timestamp": 5, "hash_ids": [7, "x"], "input_length": 600, "input_length": 1}"#;
    let outcome = read(format!("{bad}\n{LINE}").as_bytes());
    assert_eq!(outcome.interner.len(), 2);
    assert_eq!(outcome.requests[0].1, [0, 1]);
}

#[test]
fn odd_requests_are_accepted_with_a_warning_each_kind_once() {
    let text = r#"{"timestamp": 9, "input_length": 600, "output_length": 1, "hash_ids": [1, 2]}
{"timestamp": 8, "input_length": 600, "output_length": 1, "hash_ids": [1, 2]}
{"input_length": 600, "hash_ids": [1, 2]}
{"timestamp": 9, "input_length": 600, "output_length": 1, "hash_ids": []}
{"timestamp": 9, "input_length": 0, "output_length": null, "hash_ids": []}"#;
    let outcome = read(text.as_bytes());
    let warnings: Vec<(WarningKind, u64, u64)> =
        outcome.report.warnings.iter().map(|w| (w.kind, w.count, w.first_line)).collect();
    assert_eq!(
        warnings,
        [
            (WarningKind::OutOfOrder, 1, 2),
            (WarningKind::NoOutput, 2, 3),
            (WarningKind::NoTime, 1, 3),
            (WarningKind::BlockCount, 1, 4),
        ]
    );
    assert_eq!(outcome.report.out_of_order, 1);
    assert_eq!(outcome.requests[2].0.arrival_s, 0.008, "a request without time joins the last");
}

#[test]
fn a_workload_takes_the_same_way_as_a_file() {
    let raw = [(3, vec![u64::MAX, 0, 1]), (4, vec![]), (4, vec![u64::MAX, 0, 7])];
    let mut interner = Interner::new();
    let mut log = Log::new();
    let mut bytes = Vec::new();
    for (index, (timestamp_ms, hash_ids)) in (0..).zip(raw) {
        let input_tokens = 512 * hash_ids.len() as u32;
        let request = RawRequest { timestamp_ms, input_tokens, output_tokens: 1, hash_ids };
        interner.push_raw(&request, index, &mut log);
        write_line(&request, &mut bytes);
    }
    let file = read(&bytes);
    assert_eq!(file.interner.len(), interner.len());
    for ((request, expected), found) in file.requests.iter().zip(log.iter()) {
        assert_eq!(found.request, request);
        assert_eq!(found.blocks.iter().map(|block| block.0).collect::<Vec<_>>(), *expected);
    }
}

#[test]
fn rows_of_cells_that_do_not_fit_are_refused_and_a_header_is_asked_for() {
    let text = "timestamp,input_length,output_length\n0,1,024,1\n1,1024,1,\n2,1024,\"1\n3,7,1\n";
    let outcome = read(text.as_bytes());
    assert_eq!(
        bad_lines(&outcome),
        [
            "line 2, column 9 (line starts at byte 37): found \"1\": the row has more cells than \
             the header has names (3): a cell that holds a comma must stand in quotes",
            "line 4, column 8 (line starts at byte 57): found \"1\": the quote is not closed on \
             its line: a row must stand on one line"
        ]
    );
    assert_eq!(outcome.requests.len(), 2);
    let stopped = read(b"0,1024,1\n5000,1024,1\n").report.stopped.expect("it has no header");
    assert!(stopped.contains("without a header") && stopped.contains("0, 1024, 1"), "{stopped}");
}

#[test]
fn a_group_of_ids_may_be_null_and_a_delay_not_negative() {
    let groups = r#"{"timestamp": "0", "input_length": 9, "output_length": 1,
"hash_ids": {"history": [7], "web_search": null, "sys_prompt": [1]}}"#;
    assert_eq!(read(groups.replace('\n', "").as_bytes()).requests[0].1, [0, 1]);
    let delay = LINE.replace("\"timestamp\": 5", "\"session_id\": 1, \"delay_ms\": -5");
    let bad = &read(delay.as_bytes()).report.bad_lines[0];
    assert_eq!(bad.reason, "a row comes after the one before: expected a delay, 0 or above");
}

/// Two plays with the same names for their rows, one among the other.
#[test]
fn rows_wait_for_those_of_their_own_play() {
    let row = |play: &str, name: &str, after: &str| {
        format!(
            "{{\"request_id\": \"{name}\", \"play_id\": {play}, \"not_before_ms\": 0, \
             \"dependencies\": [{after}], \"input_length\": 64, \"hash_ids\": [1]}}\n"
        )
    };
    let text = [
        row("\"p\"", "a", ""),
        row("\"q\"", "a", ""),
        row("null", "c", ""),
        row("\"p\"", "b", "\"a\""),
        row("\"q\"", "b", "\"a\", \"c\""),
        row("\"r\"", "b", "\"a\""),
    ]
    .concat();
    let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
    reader.push(text.as_bytes(), &mut log);
    reader.finish(&mut log);
    let after = |at: u64| log.get(at).waits.iter().map(|wait| wait.after).collect::<Vec<_>>();
    assert_eq!(
        (0..6).map(after).collect::<Vec<_>>(),
        [vec![], vec![], vec![], vec![0], vec![1, 2], vec![]]
    );
    let told = reader.report().warnings.iter().find(|told| told.kind == WarningKind::UnknownRow);
    assert_eq!(told.map(|told| (told.count, told.first_line)), Some((1, 6)));
}
