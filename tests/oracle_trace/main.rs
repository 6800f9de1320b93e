//! The trace reader against a slow twin: on every small mutation of valid lines, and on random
//! files in random chunks.
#![cfg(not(target_arch = "wasm32"))]

mod generate;
mod twin;
mod values;

use generate::Random;
use kvscope::model::Request;
use kvscope::trace::{HeldAs, Log, ReadOptions, ReadReport, TimeUnit, TraceReader};
use twin::{Twin, TwinRequest};

/// Lines of every schema that is read, each way to write an id, and a header.
const VALID: &[&str] = &[
    r#"{"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2, 9, 10]}"#,
    r#"{"timestamp":27482,"input_length":1600,"output_length":1,"hash_ids":[8,9,10,11]}"#,
    r#"{"chat_id": 159, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 521,
 "output_length": 132, "type": "text", "turn": 1, "hash_ids": [1089, 1090, 1091]}"#,
    r#"{"block_size":16,"hash_ids":[7],"input_length":9,"block_tokens":[9],
"x":[[1,{"a":[]}],null,-1e9]}"#,
    r#"{"arrival_time_ms": 1.5, "prompt_tokens": 20, "out": 3, "keys": ["0xff", "12", "\u00e9x"]}"#,
    r#"{"ts": 1.5, "isl": 20, "osl": 3, "keys": ["0x00c0ffee00c0ffee", "1234567890123456",
 "0234567890123456", "00c0ffee00c0ffee"]}"#,
    r#"{"schema": "dynamo", "version": 1, "block_size": 64, "time_unit": "ms"}"#,
    r#"{"session_id": "a\nb", "t": 3, "in": 1, "hash_id": [18446744073709551615], "x": "\ud800"}"#,
    r#"{"timestamp":"2025-07-01T10:00:00.5+02:00","seq_len":"20.0",
"hash_ids":[-7,-9223372036854775808]}"#,
    r#"{"hash_id_scope": "local", "play_id": "p", "session_id": -3, "input_len": 2e1,
 "keys": [1, 2]}"#,
    r#"{"type": "write", "timestamp_ns": "7", "input_toks": 1, "hash_ids": {"history": [1, "x"]}}"#,
    r#"{"timestamp": " 7.5 ", "isl": 9, "osl": "3",
 "hash_ids": {"history": [1, "x"], "sys_prompt": [2]}}"#,
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

/// Reads a file both ways and compares everything that both ways tell. The twin reads lines only:
/// of a file that is no such file after a mutation, none.
fn agree(bytes: &[u8], chunk: impl FnMut() -> usize) -> Option<(Twin, ReadReport)> {
    let (requests, report) = read(bytes, chunk);
    let twin = twin::read(bytes, 1e3);
    let context = || format!("{}\n{report:#?}", bytes.escape_ascii());
    let lines = matches!(report.held_as, None | Some(HeldAs::Lines));
    if !lines || (report.stopped.is_some() && !twin.stopped) {
        return None;
    }
    assert_eq!(report.stopped.is_some(), twin.stopped, "{}", context());
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
    let other = report.header_lines + report.other_rows;
    let rows = report.blank_lines + report.bad_lines_total + report.requests + other;
    assert_eq!(report.lines, rows, "{}", context());
    assert_eq!(report.bad_lines_total, twin.bad.len() as u64, "{}", context());
    assert_eq!(report.distinct_blocks, twin.distinct as u64);
    let blocks: usize = twin.requests.iter().map(|request| request.blocks.len()).sum();
    assert_eq!(report.blocks, blocks as u64);
    for bad in &report.bad_lines {
        assert!(!bad.reason.is_empty() && !bad.found.is_empty(), "{bad:?}");
        assert!(bad.found.len() <= 100, "{bad:?}");
    }
    Some((twin, report))
}

#[test]
fn every_valid_line_is_accepted() {
    for line in valid() {
        let (twin, _) = agree(line.as_bytes(), || usize::MAX).expect("it is a line");
        assert_eq!(twin.bad, [], "{line}");
    }
}

/// The mutation stands alone, so that it is read without knowledge of a line before; and between
/// two copies of the valid line, so that it is compared with one.
fn agree_alone_and_between(mutation: &[u8], valid: &str) {
    agree(mutation, || usize::MAX);
    let between = [valid.as_bytes(), mutation, valid.as_bytes()].join(&b'\n');
    let told = agree(&between, || usize::MAX);
    assert!(told.is_some() || valid.contains("schema"), "the first line is one");
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
        let (parts, whole) = (read(&file, || 1 + random.below(most)), read(&file, || usize::MAX));
        assert_eq!(parts.1, whole.1, "chunks make no difference to {}", file.escape_ascii());
        assert_eq!(parts.0, whole.0, "chunks make no difference to {}", file.escape_ascii());
        if let Some((twin, _)) = agree(&file, || 1 + random.below(most)) {
            accepted += twin.requests.len();
            refused += twin.bad.len();
        }
    }
    assert!(accepted > 10_000 && refused > 5_000, "{accepted} accepted, {refused} refused");
}

/// Lines are read by what those before them have in common.
#[test]
fn random_lines_that_look_alike_in_random_chunks() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..2_000 {
        let mut random = Random::new(seed + 20_000);
        let file = random.alike();
        let most = [1, 7, 100, 65_536][random.below(4)];
        let (parts, whole) = (read(&file, || 1 + random.below(most)), read(&file, || usize::MAX));
        assert_eq!(parts, whole, "chunks make no difference to {}", file.escape_ascii());
        if let Some((twin, _)) = agree(&file, || 1 + random.below(most)) {
            accepted += twin.requests.len();
            refused += twin.bad.len();
        }
    }
    assert!(accepted > 20_000 && refused > 5_000, "{accepted} accepted, {refused} refused");
}

/// The same rows in an array on one line, in an array over lines, and printed with every value on
/// a line of its own.
#[test]
fn rows_are_the_same_however_the_file_holds_them() {
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let file = random.file();
        let lines = file.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
        let good = |line: &&[u8]| {
            line.starts_with(b"{")
                && agree(line, || usize::MAX).is_some_and(|it| it.0.bad.is_empty())
        };
        let lines: Vec<&[u8]> = lines.filter(good).collect();
        let (expected, told) = read(&lines.join(&b'\n'), || usize::MAX);
        let spread = |line: &&[u8]| {
            let text = String::from_utf8_lossy(line).into_owned();
            let value: &serde_json::value::RawValue = serde_json::from_str(&text).expect("a row");
            let mut in_string = false;
            let mut escaped = false;
            let mut out = String::new();
            for char in value.get().chars() {
                out.push(char);
                in_string ^= char == '"' && !escaped;
                escaped = char == '\\' && !escaped;
                if !in_string && "{[,:".contains(char) {
                    out.push_str("\r\n  ");
                }
            }
            out.into_bytes()
        };
        let printed: Vec<Vec<u8>> = lines.iter().map(spread).collect();
        let forms = [
            [b"[", &lines.join(&b',')[..], b"]"].concat(),
            [b"\xef\xbb\xbf\n[\n", &lines.join(&b",\n"[..])[..], b"\n]\n"].concat(),
            printed.join(&b'\n'),
        ];
        for form in forms {
            let most = [1, 7, 100, 65_536][random.below(4)];
            let (requests, report) = read(&form, || 1 + random.below(most));
            assert_eq!(requests, expected, "{}\n{report:#?}", form.escape_ascii());
            let bad = (report.bad_lines_total, told.bad_lines_total);
            assert_eq!(bad.0, bad.1, "{}\n{report:#?}", form.escape_ascii());
        }
    }
}

/// Behind so many lines of Mooncake's layout that everything is decided, and lines are predicted.
fn behind_a_sample(compact: bool, rest: &[u8]) -> Vec<u8> {
    let line = |at: usize| {
        let ids: Vec<String> = (at / 3..at / 3 + at % 5).map(|id| id.to_string()).collect();
        let line = format!(
            "{{\"timestamp\": {at}, \"input_length\": {}, \"output_length\": 1, \
             \"hash_ids\": [{}]}}\n",
            at % 5 * 16,
            ids.join(", ")
        );
        if compact { line.replace(' ', "") } else { line }
    };
    [(1..70).map(line).collect::<String>().as_bytes(), rest].concat()
}

#[test]
fn predicted_lines_are_what_the_twin_reads() {
    let ids = "8, 9, 10, 11, 99, 100, 7, 18446744073709551615, 0, 1";
    mutate(ids, b"\"\\{}[]:,0159-+.eE nu \t\r\n\xff");
}

/// Ids are compared with what follows from the ones before, so any of their digits and gaps may be
/// what differs: at each length, where a run crosses a hundred and where ids grow longer.
#[test]
fn predicted_runs_of_every_length_are_what_the_twin_reads() {
    for ids in [
        "98, 99, 100, 101, 7",
        "12345, 12346, 12347, 99999, 100000",
        "1234599, 1234600, 1234601",
        "12345678, 12345679, 99999999, 100000000",
    ] {
        mutate(ids, b"/09:]");
    }
}

/// Lines with these ids, any byte of them left out, doubled, replaced by one of `bytes`, or the
/// last, and a good one behind.
fn mutate(ids: &str, bytes: &[u8]) {
    let line = format!(
        "{{\"timestamp\": 27482, \"input_length\": 160, \"output_length\": 10, \
         \"hash_ids\": [{ids}]}}"
    );
    for compact in [false, true] {
        let line = if compact { line.replace(' ', "") } else { line.clone() };
        let after = |mutation: &[u8]| {
            let rest = [mutation, b"\n", line.as_bytes()].concat();
            agree(&behind_a_sample(compact, &rest), || 999).expect("the first line is one");
        };
        for place in 0..line.len() {
            let with = |byte: Option<u8>, over: usize| {
                let mut mutation = line.clone().into_bytes();
                mutation.splice(place..place + over, byte);
                mutation
            };
            bytes.iter().for_each(|&byte| after(&with(Some(byte), 1)));
            after(&with(None, 1));
            after(&with(Some(line.as_bytes()[place]), 0));
            after(&line.as_bytes()[..place]);
        }
    }
}

/// Long runs, which cross every hundred and grow longer, cut into chunks anywhere.
#[test]
fn long_predicted_runs_in_random_chunks() {
    for seed in 0..200 {
        let mut random = Random::new(seed + 90_000);
        let compact = random.below(2) == 0;
        let mut rest = String::new();
        for at in 0..20 {
            let mut ids = Vec::new();
            for _ in 0..random.below(4) {
                let first = 10_u64.pow(random.below(12) as u32).saturating_sub(99);
                let first = first + random.below(200) as u64;
                ids.extend((first..first + random.below(250) as u64).map(|id| id.to_string()));
            }
            rest += &format!(
                "{{\"timestamp\": {at}, \"input_length\": 16, \"output_length\": 1, \
                 \"hash_ids\": [{}]}}\n",
                ids.join(", ")
            );
        }
        let rest = if compact { rest.replace(' ', "") } else { rest };
        let file = behind_a_sample(compact, rest.as_bytes());
        let most = [7, 100, 65_536][random.below(3)];
        let (twin, _) = agree(&file, || 1 + random.below(most)).expect("the first line is one");
        assert_eq!(twin.requests.len(), 89);
    }
}

#[test]
fn random_files_behind_a_sample_in_random_chunks() {
    for seed in 0..1_500 {
        let mut random = Random::new(seed + 50_000);
        let compact = random.below(2) == 0;
        let file = behind_a_sample(compact, &random.file());
        let most = [1, 7, 100, 65_536][random.below(4)];
        let (parts, whole) = (read(&file, || 1 + random.below(most)), read(&file, || usize::MAX));
        assert_eq!(parts, whole, "chunks make no difference to {}", file.escape_ascii());
        agree(&file, || 1 + random.below(most)).expect("the first line is one");
    }
}
