//! Four checks for a sample of every format: what is read, what is detected (never by the file's
//! name), that writing and reading again changes nothing, and the exact words for a broken one.

use super::{Outcome, read, sample};
use kvscope::model::Request;
use kvscope::trace::formats::FORMATS;
use kvscope::trace::{DecidedBy, Format, HeldAs, IdScope, RawRequest, TimeUnit, write_line};

/// A sample and what is known about it.
pub(crate) struct Sample {
    pub(crate) file: &'static str,
    /// The format that it is told to be.
    pub(crate) format: &'static str,
    pub(crate) held_as: HeldAs,
    pub(crate) unit: (TimeUnit, DecidedBy),
    pub(crate) size: (u32, DecidedBy),
    pub(crate) scope: (IdScope, DecidedBy),
    /// A line a request: arrival, lengths, session, blocks.
    pub(crate) snapshot: &'static str,
    /// A place in the text, what to put there, and what is said then.
    pub(crate) broken: (&'static str, &'static str, &'static str),
}

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

fn assert_detected(outcome: &Outcome, expected: &Sample) {
    let report = &outcome.report;
    let file = expected.file;
    assert_eq!(report.bad_lines, [], "{file}");
    assert_eq!(report.stopped, None, "{file}");
    assert_eq!(report.schema, Some(expected.format), "{file}");
    assert_eq!(report.held_as, Some(expected.held_as), "{file}");
    let unit = report.time_unit.as_ref().expect("decided");
    assert_eq!((unit.value, unit.by), expected.unit, "{file}: {}", unit.why);
    let size = report.block_size.as_ref().expect("decided");
    assert_eq!((size.value, size.by), expected.size, "{file}: {}", size.why);
    let scope = report.id_scope.as_ref().expect("decided");
    assert_eq!((scope.value, scope.by), expected.scope, "{file}: {}", scope.why);
}

/// Writing takes the dense ids: they name the same blocks. Sessions are not written.
fn assert_written_and_read_again(outcome: &Outcome, file: &str) {
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
        assert_eq!((without(before), blocks), (after.0, &after.1), "{file}");
    }
    assert_eq!(again.requests.len(), outcome.requests.len(), "{file}");
}

/// What is said of the broken sample, where it is not what is expected.
fn told_of_broken(bytes: &[u8], expected: &Sample) -> Option<String> {
    let (place, other, words) = expected.broken;
    let text = String::from_utf8(bytes.to_vec()).expect("samples are text");
    assert!(text.contains(place), "{}: no {place}", expected.file);
    let report = read(text.replacen(place, other, 1).as_bytes()).report;
    let said = report.bad_lines.first().map(ToString::to_string).or(report.stopped);
    let said = said.unwrap_or_default();
    (said != words).then(|| format!("{}: {said}", expected.file))
}

/// The four checks, and that chunks make no difference.
#[test]
fn every_sample_passes_the_four_checks() {
    let mut otherwise = Vec::new();
    for expected in super::table::SAMPLES {
        let bytes = sample(expected.file);
        let outcome = read(&bytes);
        assert_detected(&outcome, expected);
        assert_eq!(snapshot(&outcome), expected.snapshot, "{}", expected.file);
        assert_written_and_read_again(&outcome, expected.file);
        otherwise.extend(told_of_broken(&bytes, expected));
    }
    assert!(otherwise.is_empty(), "said otherwise than expected:\n{}", otherwise.join("\n"));
}

#[test]
fn every_format_has_a_sample() {
    for format in FORMATS {
        let told =
            |sample: &&Sample| Format::find(sample.format).is_some_and(|it| it.id == format.id);
        assert!(super::table::SAMPLES.iter().any(|sample| told(&sample)), "none of {}", format.id);
    }
}

#[track_caller]
fn assert_all_refused(outcome: &Outcome, expected: &[&str]) {
    let bad: Vec<String> = outcome.report.bad_lines.iter().map(ToString::to_string).collect();
    assert_eq!(outcome.report.bad_lines_total, bad.len() as u64);
    assert_eq!(bad, expected, "{bad:#?}");
}

/// Sixty good lines and seven that are broken in seven ways. The page's own tests use it too.
#[test]
fn broken() {
    let outcome = read(&sample("broken.jsonl"));
    assert_eq!(outcome.requests.len(), 60);
    assert_all_refused(
        &outcome,
        &[
            "line 5, column 84 (line starts at byte 374), field hash_ids: found the end of \
             the line: expected ',' or ']' in the list of ids: a request must stand on one \
             line",
            "line 12, column 37 (line starts at byte 1037), field input_length: found -5: \
             expected a whole number from 0 to 4294967295",
            "line 20, column 63 (line starts at byte 1848): found the end of the line: the \
             line has lengths but no block ids, and earlier lines have them: nothing can be told \
             about its re-use",
            "line 31, column 43 (line starts at byte 2861), field input_length: found \
             \"input_length\": the key stands twice, and taking either value would be a guess",
            "line 42, column 15 (line starts at byte 4021), field timestamp: found NaN: \
             expected a time: a number, 0 or above, or a date as in 2025-07-01T10:00:00Z",
            "line 50, column 80 (line starts at byte 4813), field hash_ids: found \
             18446744073709551616: expected a block id: a whole number from \
             -9223372036854775808 to 18446744073709551615, without a point, or a string",
            "line 64, column 84 (line starts at byte 6216), field hash_ids: found \\xe9\": \
             the text is not UTF-8: save it as UTF-8",
        ],
    );
    assert_written_and_read_again(&outcome, "broken.jsonl");
}

/// Each way in which a value can be wrong.
#[test]
fn refused() {
    let outcome = read(&sample("refused.jsonl"));
    assert_eq!(outcome.requests.len(), 1, "the first line is a request");
    assert_all_refused(
        &outcome,
        &[
            "line 2, column 38 (line starts at byte 73): found the end of the line: the line \
             has no block ids and no prompt length; its keys are prompt, max_tokens; known \
             names are hash_ids, input_sequence_hashes, keys, input_block_hash_ids, block_ids, \
             chunk_hashes, total_hashes, block_hashes, hash_id",
            "line 3, column 59 (line starts at byte 111): found the end of the line: the line \
             has lengths but no block ids, and earlier lines have them: nothing can be told \
             about its re-use",
            "line 4, column 49 (line starts at byte 170), field hash_id_scope: found \
             \"session\": expected a scope of ids: \"global\" (an id means the same in every \
             session) or \"local\"",
            "line 5, column 91 (line starts at byte 289): found 5: expected an object, one of \
             the session's rows",
            "line 6, column 15 (line starts at byte 383), field timestamp: found \
             \"yesterday\": expected a time: a number, 0 or above, or a date as in \
             2025-07-01T10:00:00Z",
            "line 7, column 69 (line starts at byte 446), field hash_ids: found \"suffix\": \
             expected one array of block ids in prefix order, or RAGPulse's groups \
             (sys_prompt, passages_ids, history, web_search, user_input), whose order is known",
            "line 8, column 1 (line starts at byte 530): found [{\"timestamp\": 1, \"input…: \
             expected a JSON object, as in {\"timestamp\": 0, \"input_length\": 600, \
             \"output_length\": 9, \"hash_ids\": [1, 2]}",
            "line 9, column 1 (line starts at byte 585): found timestamp: expected a JSON \
             object, as in {\"timestamp\": 0, \"input_length\": 600, \"output_length\": 9, \
             \"hash_ids\": [1, 2]}",
            "line 10, column 34 (line starts at byte 622), field input_length: found 5.5: \
             expected a whole number from 0 to 4294967295, and this one has a fraction",
            "line 11, column 15 (line starts at byte 677), field timestamp: found -1: times \
             count from the start of the trace or from 1970, so none lies before 0: subtract \
             the smallest one from all",
            "line 12, column 15 (line starts at byte 731), field timestamp: found 1e999: the \
             time is too large to compute with: none may lie above 1e30",
            "line 13, column 49 (line starts at byte 788): found the end of the line: the line \
             has no prompt length; its keys are timestamp, hash_ids, prompt; known names are \
             input_length, in, input_len, input_toks, input_tokens, Request tokens, \
             ContextTokens, prompt_tokens, prompt_length, prompt_len, num_prefill_tokens, isl, \
             seq_len",
            "line 14, column 54 (line starts at byte 837), field prompt_tokens: found 6: \
             another key of the same meaning has another value, and taking either would be a \
             guess",
            "line 15, column 53 (line starts at byte 910), field hash_ids: found 2.0: expected \
             a block id: a whole number from -9223372036854775808 to 18446744073709551615, \
             without a point, or a string",
            "line 16, column 54 (line starts at byte 968): found {}: expected the line to end \
             after the object",
            "line 17, column 51 (line starts at byte 1024), field block_size: found 0: \
             expected a block size of 1 token or more",
            "line 18, column 67 (line starts at byte 1094), field time_unit: found \"h\": \
             expected a time unit: \"s\", \"ms\", \"us\" or \"ns\"",
            "line 19, column 79 (line starts at byte 1165): found the end of the line: the ids \
             are local, and the line has neither play_id nor session_id to say to what: add \
             one, or set the scope to global if ids mean the same everywhere",
            "line 20, column 77 (line starts at byte 1244): found the end of the line: \
             block_tokens must have a number from 1 on for each of the 1 block ids",
            "line 21, column 52 (line starts at byte 1321): found the end of the line: \
             expected ',' or '}': the file ends in the middle of this line; get it again in \
             full",
        ],
    );
}
