//! The trace reader against a slow twin: on every small mutation of valid lines, and on random
//! files in random chunks.
#![cfg(not(target_arch = "wasm32"))]

mod generate;
mod twin;

use generate::Random;
use kvscope::model::Request;
use kvscope::trace::{Log, ReadOptions, ReadReport, TimeUnit, TraceReader};
use twin::{Twin, TwinRequest};

/// Lines of every schema that is read, each way to write an id, and a header.
const VALID: &[&str] = &[
    r#"{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2, 9, 10]}"#,
    r#"{"timestamp":27482,"input_length":1600,"output_length":1,"hash_ids":[8,9,10,11]}"#,
    r#"{"chat_id": 159, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 521,
 "output_length": 132, "type": "text", "turn": 1, "hash_ids": [1089, 1090, 1091]}"#,
    r#"{"block_size":16,"hash_ids":[7],"input_length":9,"block_tokens":[[1,{"a":[]}],null,-1e9]}"#,
    r#"{"arrival_time_ms": 1.5, "prompt_tokens": 20, "out": 3, "keys": ["0xff", "12", "\u00e9x"]}"#,
    r#"{"schema": "dynamo", "version": 1, "block_size": 64, "time_unit": "ms"}"#,
    r#"{"session_id": "a\nb", "t": 3, "in": 1, "hash_id": [18446744073709551615], "x": "\ud800"}"#,
];

fn valid() -> impl Iterator<Item = String> {
    VALID.iter().map(|line| line.replace('\n', ""))
}

/// What the reader makes of a file, its chunks as long as `chunk` says.
fn read(bytes: &[u8], mut chunk: impl FnMut() -> usize) -> (Vec<TwinRequest>, ReadReport) {
    let options = ReadOptions {
        time_unit: Some(TimeUnit::Milliseconds),
        block_size: Some(16),
        ..ReadOptions::default()
    };
    let mut reader = TraceReader::new(options);
    let mut log = Log::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(chunk().min(rest.len()));
        reader.push(now, &mut log);
        rest = later;
    }
    reader.finish(&mut log);
    let report = reader.report().clone();
    reader.finish(&mut log);
    assert_eq!(report, *reader.report(), "finishing twice changes nothing");
    reader.interner().validate();
    let mut requests = Vec::new();
    for found in log.iter() {
        let (request, blocks) = (found.request, found.blocks);
        assert_eq!(request.index as usize, requests.len());
        requests.push(TwinRequest {
            arrival_s: request.arrival_s,
            input: request.input_tokens,
            output: request.output_tokens,
            session: (request.session != Request::NO_SESSION).then_some(request.session),
            blocks: blocks.iter().map(|block| block.0).collect(),
        });
    }
    (requests, report)
}

/// Reads a file both ways and compares everything that both ways tell.
fn agree(bytes: &[u8], chunk: impl FnMut() -> usize) -> (Twin, ReadReport) {
    let (requests, report) = read(bytes, chunk);
    let twin = twin::read(bytes, 1e3);
    let context = || format!("{}\n{report:#?}", bytes.escape_ascii());
    let places: Vec<(u64, u64)> =
        report.bad_lines.iter().map(|bad| (bad.line, bad.offset)).collect();
    assert_eq!(places, twin.bad[..twin.bad.len().min(20)], "{}", context());
    for (place, (ours, theirs)) in requests.iter().zip(&twin.requests).enumerate() {
        assert_eq!(ours, theirs, "request {place} of {}", context());
    }
    assert_eq!(requests.len(), twin.requests.len(), "{}", context());
    assert_eq!(report.requests, twin.requests.len() as u64);
    assert_eq!(report.lines, twin.lines, "{}", context());
    assert_eq!(report.blank_lines, twin.blank, "{}", context());
    assert_eq!(report.bytes, bytes.len() as u64);
    assert_eq!(report.bad_lines_total, twin.bad.len() as u64, "{}", context());
    assert_eq!(report.distinct_blocks, twin.distinct as u64);
    let blocks: usize = twin.requests.iter().map(|request| request.blocks.len()).sum();
    assert_eq!(report.blocks, blocks as u64);
    for bad in &report.bad_lines {
        assert!(!bad.reason.is_empty() && !bad.found.is_empty(), "{bad:?}");
        assert!(bad.found.len() <= 100, "{bad:?}");
    }
    (twin, report)
}

#[test]
fn every_valid_line_is_accepted() {
    for line in valid() {
        let (twin, _) = agree(line.as_bytes(), || usize::MAX);
        assert_eq!(twin.bad, [], "{line}");
    }
}

/// The mutation stands alone, so that it is read without knowledge of a line before; and between
/// two copies of the valid line, so that it is compared with one.
fn agree_alone_and_between(mutation: &[u8], valid: &str) {
    agree(mutation, || usize::MAX);
    let between = [valid.as_bytes(), mutation, valid.as_bytes()].join(&b'\n');
    agree(&between, || usize::MAX);
}

#[test]
fn every_line_cut_at_every_byte() {
    for line in valid() {
        for end in 0..line.len() {
            agree_alone_and_between(&line.as_bytes()[..end], &line);
        }
    }
}

#[test]
fn every_byte_of_every_line_replaced() {
    // All that JSON and this format give a meaning, and some of what they do not.
    let bytes = b"\"\\{}[]:,0159-+.eE nutfx/ \t\r\n\0\x1f\x7f\x80\xc3\xff";
    for line in valid() {
        for place in 0..line.len() {
            for &byte in bytes {
                let mut mutation = line.clone().into_bytes();
                mutation[place] = byte;
                agree_alone_and_between(&mutation, &line);
            }
        }
    }
}

#[test]
fn every_byte_of_every_line_left_out_or_doubled() {
    for line in valid() {
        for place in 0..line.len() {
            let mut mutation = line.clone().into_bytes();
            let byte = mutation.remove(place);
            agree_alone_and_between(&mutation, &line);
            mutation.insert(place, byte);
            mutation.insert(place, byte);
            agree_alone_and_between(&mutation, &line);
        }
    }
}

#[test]
fn random_files_in_random_chunks() {
    let mut accepted = 0;
    let mut refused = 0;
    for seed in 0..3_000 {
        let mut random = Random::new(seed);
        let file = random.file();
        let most = [1, 7, 100, 65_536][random.below(4)];
        let (twin, report) = agree(&file, || 1 + random.below(most));
        assert_eq!(read(&file, || usize::MAX).1, report, "chunks make no difference");
        accepted += twin.requests.len();
        refused += twin.bad.len();
    }
    assert!(accepted > 10_000 && refused > 5_000, "{accepted} accepted, {refused} refused");
}
