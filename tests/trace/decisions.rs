//! What a file leaves open: schema, time unit, block size; and who decides.

use super::{read, read_with};
use DecidedBy::{Assumed, Digits, Field, Fit, Header, Option as ByHand, Schema as BySchema};
use TimeUnit::{Microseconds, Milliseconds, Nanoseconds, Seconds};
use kvscope::trace::{DecidedBy, ReadOptions, TimeUnit, WarningKind};

/// A trace with these times under the key `key`, the key last, and extra text before it.
fn with_times(key: &str, times: &[&str]) -> String {
    let line = |time: &&str| format!("{{\"in\": 40, \"hash_ids\": [1, 2, 3], \"{key}\": {time}}}");
    times.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn assert_unit(text: &str, value: TimeUnit, by: DecidedBy) {
    let unit = read(text.as_bytes()).report.time_unit.expect("there are requests");
    assert_eq!((unit.value, unit.by), (value, by), "{}", unit.why);
}

#[test]
fn the_unit_is_what_the_file_states() {
    assert_unit(&with_times("time_ms", &["1"]), Milliseconds, Field);
    assert_unit(&with_times("timestamp_us", &["1"]), Microseconds, Field);
    assert_unit(&with_times("t_seconds", &["100000", "200000"]), Seconds, Field);
    let line = r#"{"in": 1, "keys": [1], "time": 5, "timestamp_unit": "ns"}"#;
    assert_unit(line, Nanoseconds, Field);
    let header = format!("{{\"version\": 2, \"time_unit\": \"s\"}}\n{}", with_times("t", &["5"]));
    assert_unit(&header, Seconds, Header);
}

#[test]
fn the_unit_is_what_the_schema_defines() {
    let mooncake = |time: &str| {
        format!(
            r#"{{"timestamp": {time}, "input_length": 9, "output_length": 1, "hash_ids": [1]}}"#
        )
    };
    assert_unit(&[mooncake("1"), mooncake("2")].join("\n"), Milliseconds, BySchema);
    // Not what Mooncake writes: the gaps decide.
    assert_unit(&[mooncake("0.5"), mooncake("2")].join("\n"), Seconds, Fit);
}

#[test]
fn the_unit_is_what_makes_the_gaps_or_the_date_sensible() {
    assert_unit(&with_times("ts", &["0", "0.25", "1", "1", "1.5"]), Seconds, Fit);
    assert_unit(&with_times("ts", &["0", "3000", "6000"]), Milliseconds, Fit);
    assert_unit(&with_times("ts", &["0", "250000", "300000", "900000"]), Microseconds, Fit);
    assert_unit(&with_times("ts", &["0", "250000000"]), Nanoseconds, Fit);
    assert_unit(&with_times("t", &["1732000000", "1732000000.5"]), Seconds, Digits);
    assert_unit(&with_times("t", &["1732000000000", "1732000000001"]), Milliseconds, Digits);
    assert_unit(&with_times("t", &["1732000000000000000"]), Nanoseconds, Digits);
    assert_unit(&with_times("ts", &["7", "7"]), Milliseconds, Assumed);
    // Of two gaps the larger is in the middle; 20 of any unit are the usual gap no more.
    assert_unit(&with_times("ts", &["0", "10", "40"]), Milliseconds, Fit);
    assert_unit(&with_times("ts", &["0", "20", "40"]), Milliseconds, Fit);
    assert_unit(&with_times("ts", &["0", "19.5", "39"]), Seconds, Fit);
}

#[test]
fn the_unit_is_decided_on_the_first_requests_and_kept() {
    // Sixty-four times in seconds, then a gap that would look like milliseconds.
    let mut times: Vec<String> = (0..64).map(|time| time.to_string()).collect();
    times.extend((1..=200).map(|time| (time * 5_000).to_string()));
    let times: Vec<&str> = times.iter().map(String::as_str).collect();
    let outcome = read(with_times("ts", &times).as_bytes());
    assert_eq!(outcome.requests[263].0.arrival_s, 1_000_000.0);
    assert_eq!(
        outcome.report.time_unit.map(|unit| unit.why).as_deref(),
        Some("a guess: the median gap of the first 64 times is 1, most likely in s")
    );
}

#[test]
fn the_user_overrules_the_file() {
    let options =
        ReadOptions { time_unit: Some(Seconds), block_size: Some(32), ..ReadOptions::default() };
    let text = r#"{"in": 40, "block_size": 16, "hash_ids": [1, 2, 3], "time_ms": 5}"#;
    let outcome = read_with(options, text.as_bytes(), 5);
    assert_eq!(outcome.requests[0].0.arrival_s, 5.0);
    let size = outcome.report.block_size.expect("there are requests");
    assert_eq!((size.value, size.by), (32, ByHand));
    let kinds: Vec<WarningKind> = outcome.report.warnings.iter().map(|w| w.kind).collect();
    let (count, overruled) = (WarningKind::BlockCount, WarningKind::BlockSizeOverruled);
    assert_eq!(kinds, [count, overruled, WarningKind::NoOutput]);
}

#[track_caller]
fn assert_size(lengths: &[(u32, usize)], value: u32, by: DecidedBy) {
    let mut text = String::new();
    for &(input, ids) in lengths {
        let ids: Vec<String> = (0..ids).map(|id| id.to_string()).collect();
        text += &format!("{{\"in\": {input}, \"hash_ids\": [{}]}}\n", ids.join(", "));
    }
    let size = read(text.as_bytes()).report.block_size.expect("there are requests");
    assert_eq!((size.value, size.by), (value, by), "{}", size.why);
}

#[test]
fn the_block_size_is_the_one_that_fits() {
    assert_size(&[(600, 2), (513, 2), (5_000, 10)], 512, Fit);
    assert_size(&[(600, 38), (5, 1)], 16, Fit);
    // One request in ten may be off, and some writers drop the partial block.
    let mut lengths = [(1_000, 16); 20];
    lengths[7] = (1_000, 3);
    assert_size(&lengths, 64, Fit);
    assert_size(&[(1_000, 15), (130, 2)], 64, Fit);
    // Nine of ten are enough and eight are not; no prompt and no ids say nothing.
    lengths[8] = (1_000, 3);
    assert_size(&lengths[..10], 512, Assumed);
    assert_size(&lengths[8..18], 64, Fit);
    assert_size(&[(1_000, 16), (1_000, 16), (0, 1), (900, 0)], 64, Fit);
    // Short requests fit every size, and these fit none.
    assert_size(&[(5, 1), (9, 1)], 512, Assumed);
    assert_size(&[(5, 9), (9, 1), (77, 40)], 512, Assumed);
    assert_size(&[(0, 0)], 512, Assumed);
}

/// Few requests may fit one size as all blocks and another one as full blocks.
#[test]
fn a_format_with_ids_of_full_blocks_is_asked_for_these_first() {
    let text = r#"{"type": "get", "timestamp_us": 10, "keys": [-5, 7], "input_len": 40}
{"type": "get", "timestamp_us": 20, "keys": [-5, 7], "input_len": 47}"#;
    let size = |text: &str| read(text.as_bytes()).report.block_size.expect("requests").value;
    assert_eq!(size(text), 16);
    let other = text.replace("\"type\": \"get\", ", "").replace("keys", "hash_ids");
    assert_eq!(size(&other.replace("input_len", "input_length")), 32);
}

#[test]
fn a_trace_has_one_block_size() {
    let text = r#"{"block_size": 16, "in": 5, "keys": [1]}
{"in": 5, "keys": [1]}
{"block_size": 32, "in": 5, "keys": [1]}"#;
    let report = read(text.as_bytes()).report;
    assert_eq!(report.requests, 2);
    assert_eq!(
        report.bad_lines[0].to_string(),
        "line 3, column 16 (line starts at byte 64), field block_size: found 32: the block \
         size was 16 before, and one trace has one block size: split the trace"
    );
}
