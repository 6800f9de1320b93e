//! Four checks for every sample file: what is read, what is detected (never by the file's name),
//! that writing and reading again changes nothing, and the exact words for what is refused.

use super::{Outcome, read, sample};
use kvscope::model::Request;
use kvscope::trace::{DecidedBy, RawRequest, Schema, TimeUnit, write_line};

/// One line per request: arrival, lengths, session, blocks.
fn snapshot(outcome: &Outcome) -> String {
    let mut text = String::new();
    for (request, blocks) in &outcome.requests {
        let session = match request.session {
            Request::NO_SESSION => "-".to_owned(),
            session => session.to_string(),
        };
        let Request { arrival_s, input_tokens, output_tokens, .. } = request;
        text += &format!("{arrival_s} {input_tokens} {output_tokens} {session} {blocks:?}\n");
    }
    text
}

#[track_caller]
fn assert_detected(
    outcome: &Outcome,
    schema: Schema,
    unit: (TimeUnit, DecidedBy),
    size: (u32, DecidedBy),
) {
    let report = &outcome.report;
    assert_eq!(report.bad_lines, []);
    assert_eq!(report.schema, Some(schema));
    let decided = report.time_unit.as_ref().expect("decided");
    assert_eq!((decided.value, decided.by), unit, "{}", decided.why);
    let decided = report.block_size.as_ref().expect("decided");
    assert_eq!((decided.value, decided.by), size, "{}", decided.why);
}

/// Writing takes the dense ids: they name the same blocks. Sessions are not written.
#[track_caller]
fn assert_written_and_read_again(outcome: &Outcome) {
    let mut bytes = Vec::new();
    for (request, blocks) in &outcome.requests {
        let raw = RawRequest {
            timestamp_ms: (request.arrival_s * 1e3).round() as u64,
            input_tokens: request.input_tokens,
            output_tokens: request.output_tokens,
            hash_ids: blocks.iter().map(|&block| u64::from(block)).collect(),
        };
        write_line(&raw, &mut bytes);
    }
    let again = read(&bytes);
    let without = |request: &Request| Request {
        session: Request::NO_SESSION,
        arrival_s: (request.arrival_s * 1e3).round() / 1e3,
        ..*request
    };
    for ((before, blocks), after) in outcome.requests.iter().zip(&again.requests) {
        assert_eq!((without(before), blocks), (after.0, &after.1));
    }
    assert_eq!(again.requests.len(), outcome.requests.len());
}

#[test]
fn mooncake() {
    let outcome = read(&sample("mooncake.jsonl"));
    let unit = (TimeUnit::Milliseconds, DecidedBy::Schema);
    assert_detected(&outcome, Schema::Mooncake, unit, (512, DecidedBy::Fit));
    assert_eq!(
        snapshot(&outcome),
        "0 1500 52 - [0, 1, 2]\n\
         0 1024 3 - [0, 1]\n\
         3.052 2048 3 - [0, 1, 2, 3]\n\
         6.104 700 26 - [4, 5]\n"
    );
    assert_written_and_read_again(&outcome);
}

/// Content ids: 5 behind 5, and 1091 behind 1093, are blocks of their own. Turns join the
/// session of the turn they name.
#[test]
fn qwen_bailian() {
    let outcome = read(&sample("qwen_bailian.jsonl"));
    let unit = (TimeUnit::Seconds, DecidedBy::Schema);
    assert_detected(&outcome, Schema::QwenBailian, unit, (16, DecidedBy::Fit));
    assert_eq!(
        snapshot(&outcome),
        "61.114 40 132 0 [0, 1, 2]\n\
         61.25 33 7 1 [0, 3, 4]\n\
         62.5 64 90 0 [0, 1, 5, 6]\n\
         63.001 65 1 0 [0, 1, 5, 6, 7]\n"
    );
    assert_eq!(outcome.report.sessions, 2);
    assert_written_and_read_again(&outcome);
}

/// 2^53 + 1 is not 2^53: no id passes through a double.
#[test]
fn kvcache_ai() {
    let outcome = read(&sample("kvcache_ai.jsonl"));
    let unit = (TimeUnit::Milliseconds, DecidedBy::Assumed);
    assert_detected(&outcome, Schema::KvCacheAi, unit, (64, DecidedBy::Field));
    assert_eq!(snapshot(&outcome), "0 100 0 - [0, 1]\n0 192 5 - [0, 2, 3]\n0 0 0 - []\n");
    assert_written_and_read_again(&outcome);
}

#[test]
fn dynamo() {
    let outcome = read(&sample("dynamo.jsonl"));
    let unit = (TimeUnit::Milliseconds, DecidedBy::Schema);
    assert_detected(&outcome, Schema::Dynamo, unit, (128, DecidedBy::Header));
    assert_eq!(outcome.report.header.as_deref(), Some("dynamo.trace"));
    assert_eq!(
        snapshot(&outcome),
        "0.0125 130 9 0 [0, 1]\n0.014 128 9 1 [0]\n0.014 300 9 0 [0, 1, 2]\n"
    );
    assert_written_and_read_again(&outcome);
}

/// Hex strings are told apart as they are written; digits in quotes are the number.
#[test]
fn aiperf() {
    let outcome = read(&sample("aiperf.jsonl"));
    let unit = (TimeUnit::Milliseconds, DecidedBy::Fit);
    assert_detected(&outcome, Schema::AiPerf, unit, (16, DecidedBy::Field));
    assert_eq!(
        snapshot(&outcome),
        "1732000000 20 4 - [0, 1]\n\
         1732000000.25 36 4 - [0, 1, 2]\n\
         1732000000.1 48 4 - [0, 3, 4]\n"
    );
    assert_eq!(outcome.report.out_of_order, 1);
    assert_written_and_read_again(&outcome);
}

/// Byte order mark, CRLF, a blank line, blanks everywhere, no newline at the end.
#[test]
fn aliases() {
    let outcome = read(&sample("aliases.jsonl"));
    let unit = (TimeUnit::Seconds, DecidedBy::Field);
    assert_detected(&outcome, Schema::Aliases, unit, (512, DecidedBy::Fit));
    assert_eq!(snapshot(&outcome), "0.5 600 8 0 [0, 1]\n1.25 1025 8 0 [0, 1, 2]\n2 1 0 - [3]\n");
    assert_eq!((outcome.report.lines, outcome.report.blank_lines), (4, 1));
    assert_written_and_read_again(&outcome);
}

#[track_caller]
fn assert_refused(outcome: &Outcome, expected: &[&str]) {
    let bad: Vec<String> = outcome.report.bad_lines.iter().map(ToString::to_string).collect();
    assert_eq!(outcome.report.bad_lines_total, bad.len() as u64);
    for (ours, expected) in bad.iter().zip(expected) {
        assert_eq!(ours, expected);
    }
    assert_eq!(bad.len(), expected.len());
}

/// Sixty good lines and seven that are broken in seven ways. The page's own tests use it too.
#[test]
fn broken() {
    let outcome = read(&sample("broken.jsonl"));
    assert_eq!(outcome.requests.len(), 60);
    assert_refused(
        &outcome,
        &[
            "line 5, column 84 (line starts at byte 374), field hash_ids: found the end of \
             the line: expected ',' or ']' in the list of ids: a request must stand on one \
             line",
            "line 12, column 37 (line starts at byte 1037), field input_length: found -5: \
             expected a whole number from 0 to 4294967295",
            "line 20, column 63 (line starts at byte 1848): found the end of the line: the \
             line has lengths but no hash_ids (BurstGPT and Azure traces have none): without \
             block ids no reuse can be told; choose a built-in workload instead",
            "line 31, column 43 (line starts at byte 2861), field input_length: found \
             \"input_length\": the key stands twice, and taking either value would be a guess",
            "line 42, column 15 (line starts at byte 4021), field timestamp: found NaN: \
             expected a time: a number, 0 or above",
            "line 50, column 80 (line starts at byte 4813), field hash_ids: found \
             18446744073709551616: expected a whole number from 0 to 18446744073709551615",
            "line 64, column 84 (line starts at byte 6216), field hash_ids: found \\xe9\": \
             the text is not UTF-8: save it as UTF-8",
        ],
    );
    assert_written_and_read_again(&outcome);
}

/// Other formats, and each way in which a value can be wrong.
#[test]
fn refused() {
    let outcome = read(&sample("refused.jsonl"));
    assert_eq!(outcome.requests, []);
    assert_refused(
        &outcome,
        &[
            "line 1, column 83 (line starts at byte 0): found the end of the line: the line \
             has no hash_ids: without block ids no reuse can be told",
            "line 2, column 59 (line starts at byte 83): found the end of the line: the line \
             has lengths but no hash_ids (BurstGPT and Azure traces have none): without block \
             ids no reuse can be told; choose a built-in workload instead",
            "line 3, column 49 (line starts at byte 142), field hash_id_scope: found \
             \"local\": only ids of scope \"global\" can be compared across sessions: \
             renumber them",
            "line 4, column 91 (line starts at byte 259): found the end of the line: the line \
             holds a whole session (`requests`): write one line per request",
            "line 5, column 15 (line starts at byte 350), field timestamp: found \"2024-01-01 \
             00:00:00\": expected a time: a number, 0 or above",
            "line 6, column 49 (line starts at byte 455), field hash_ids: found \
             {\"sys_prompt\": [1], \"his…: expected one array of block ids in prefix order, \
             not an object: per-component ids (RAGPulse) have no order, so no prefix can be \
             shared",
            "line 7, column 1 (line starts at byte 540): found [{\"timestamp\": 1, \"input…: \
             expected one JSON object per line, not an array: convert it with `jq -c '.[]'`",
            "line 8, column 1 (line starts at byte 595): found timestamp: expected a JSON \
             object, as in {\"timestamp\": 0, \"input_length\": 600, \"output_length\": 9, \
             \"hash_ids\": [1, 2]}",
            "line 9, column 34 (line starts at byte 632), field input_length: found 5.0: \
             expected a whole number from 0 to 4294967295, without a point or exponent",
            "line 10, column 34 (line starts at byte 687), field input_length: found \"5\": \
             expected a whole number from 0 to 4294967295, without quotes",
            "line 11, column 34 (line starts at byte 742), field input_length: found \
             4294967296: expected a whole number from 0 to 4294967295",
            "line 12, column 15 (line starts at byte 804), field timestamp: found -1: \
             expected a time of 0 or above: shift the trace's times",
            "line 13, column 15 (line starts at byte 858), field timestamp: found 1e999: the \
             time is too large to compute with",
            "line 14, column 34 (line starts at byte 915): found the end of the line: the \
             line has no input_length (prompt tokens)",
            "line 15, column 54 (line starts at byte 949), field prompt_tokens: found 6: \
             another key of the same meaning has another value, and taking either would be a \
             guess",
            "line 16, column 53 (line starts at byte 1022), field hash_ids: found null: \
             expected a block id: a whole number from 0 to 18446744073709551615, or a string",
            "line 17, column 54 (line starts at byte 1081): found {}: expected the line to \
             end after the object",
            "line 18, column 51 (line starts at byte 1137), field block_size: found 0: \
             expected a block size of 1 token or more",
            "line 19, column 67 (line starts at byte 1207), field time_unit: found \"h\": \
             expected a time unit: \"s\", \"ms\", \"us\" or \"ns\"",
            "line 20, column 52 (line starts at byte 1278): found the end of the line: \
             expected ',' or '}': a request must stand on one line",
        ],
    );
}
