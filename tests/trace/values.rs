//! What a run makes of traces of every kind that people have: hits in tokens, by hand.

use super::read_with;
use kvscope::config::{Config, PolicyChoice};
use kvscope::model::Wait;
use kvscope::params::ParamValue;
use kvscope::session::Session;
use kvscope::sim::Summary;
use kvscope::trace::{Log, ReadOptions, ReadReport, TraceReader, WarningKind};

/// One node, a cache that holds everything; `clock` and settings as given.
fn run(text: &str, clock: &str, settings: &[(&str, &str)]) -> (Summary, ReadReport) {
    let mut config = Config { clock: PolicyChoice::new(clock), ..Config::default() };
    let fixed = [("nodes", "1"), ("capacity_blocks", "1000000")];
    for (name, value) in fixed.iter().chain(settings) {
        config = config.with(name, ParamValue::parse(value));
    }
    let mut session = Session::read(&[config]).expect("a configuration that can be run");
    session.push(text.as_bytes()).expect("a trace");
    session.finish();
    session.run().expect("it runs");
    let report = session.report().expect("a file was read").clone();
    (session.lanes()[0].summary(), report)
}

#[track_caller]
fn assert_hits(text: &str, hit_tokens: u64, input_tokens: u64) -> ReadReport {
    let (summary, report) = run(text, "logical", &[]);
    assert_eq!((summary.sums.hit_tokens, summary.sums.input_tokens), (hit_tokens, input_tokens));
    assert_eq!(report.bad_lines, []);
    report
}

/// Ids are local to a play; without one, to a session; rows may say otherwise for themselves.
#[test]
fn local_ids_name_blocks_of_their_scope() {
    let rows = |scope: &str, key: &str| {
        format!(
            r#"{{"schema": "x", "version": 2, "block_size": 64, "hash_id_scope": "{scope}"}}
{{"timestamp": 0, "{key}": "a", "input_length": 128, "output_length": 1, "hash_ids": [1, 2]}}
{{"timestamp": 1, "{key}": "b", "input_length": 128, "output_length": 1, "hash_ids": [1, 2]}}
{{"timestamp": 2, "{key}": "a", "input_length": 192, "output_length": 1, "hash_ids": [1, 2, 3]}}"#
        )
    };
    for key in ["play_id", "session_id", "conversation_id", "chat_id"] {
        assert_hits(&rows("local", key), 128, 448);
        assert_hits(&rows("global", key), 256, 448);
    }
    // A play outlasts its sessions.
    let both =
        rows("local", "session_id").replace("\"session_id\"", "\"play_id\": 1, \"session_id\"");
    assert_hits(&both, 256, 448);
    let mixed = rows("local", "session_id")
        .replace("\"timestamp\": 1", "\"hash_id_scope\": \"global\", \"timestamp\": 1")
        .replace("\"timestamp\": 2", "\"hash_id_scope\": \"global\", \"timestamp\": 2");
    let report = assert_hits(&mixed, 128, 448);
    assert_eq!(report.facts().lines()[3].value, "mixed");
}

#[test]
fn only_full_blocks_may_have_ids() {
    let line =
        r#"{"timestamp": 0, "input_length": 1636, "output_length": 5, "hash_ids": [1, 2, 3]}"#;
    let report = assert_hits(&[line; 3].join("\n"), 3072, 4908);
    assert_eq!(report.warnings, [], "the tail never hits, and nothing is wrong");
    let wrong = line.replace("[1, 2, 3]", "[1, 2, 3, 4, 5]");
    let report = run(&[line, &wrong, &wrong].join("\n"), "logical", &[]).1;
    assert_eq!(report.warnings.len(), 1, "one warning for all lines of a kind");
    assert_eq!((report.warnings[0].count, report.warnings[0].first_line), (2, 2));
}

#[test]
fn numbers_are_read_as_people_write_them() {
    let text = r#"{"timestamp": 0.0, "input_length": 1024.0, "out": "5", "hash_ids": [-7, 2]}
{"timestamp": "1000", "input_length": "1024.0", "out": 5e0, "hash_ids": ["-7", "3"]}"#;
    assert_hits(text, 512, 2048);
    let dates = r#"{"timestamp": "2025-07-01T10:00:00Z", "input_length": 512, "hash_ids": [1]}
{"timestamp": "2025-07-01T12:00:01+02:00", "input_length": 512, "hash_ids": [1]}"#;
    let report = assert_hits(dates, 512, 1024);
    assert_eq!(
        (report.first_arrival_s, report.last_arrival_s),
        (Some(1_751_364_000.0), Some(1_751_364_001.0))
    );
    // A unit set by hand is not that of a date.
    let set = run(dates, "timed", &[("time_unit", "milliseconds")]).1;
    assert_eq!(set.last_arrival_s, Some(1_751_364_001.0));
}

/// 5 s apart nobody waits; 10 ms apart everybody does. The unit is told by the digits of a date
/// before the format is asked, and a stated block size is no format.
#[test]
fn the_unit_of_time_is_never_guessed_where_something_tells_it() {
    let rows = |times: [u64; 4], more: &str| {
        let row = |time: u64| {
            format!(
                r#"{{"timestamp": {time}, "input_length": 8192, "output_length": 5{more},
 "hash_ids": [{time}]}}"#
            )
        };
        times.map(|time| row(time).replace('\n', "")).join("\n")
    };
    let wait = |text: &str| run(text, "timed", &[]).0.ttft.expect("the clock is timed").mean_wait_s;
    for unit in [1, 1_000, 1_000_000, 1_000_000_000] {
        let times = [0, 5, 10, 15].map(|s| (1_780_923_600 + s) * unit);
        assert_eq!(wait(&rows(times, "")), 0.0, "{times:?}");
    }
    let burst = [0, 10, 20, 30];
    let waited = wait(&rows(burst, ""));
    assert!(waited > 1.0);
    assert_eq!(wait(&rows(burst, r#", "block_size": 8192"#)), waited);
}

#[test]
fn later_rows_that_carry_only_what_is_new_are_told_and_joined() {
    let text = r#"{"session_id": "a", "timestamp": 0, "in": 1024, "out": 100, "hash_ids": [1, 2]}
{"session_id": "a", "delay": 500, "in": 512, "out": 100, "hash_ids": [3]}
{"session_id": "b", "timestamp": 3000, "in": 1024, "out": 100, "hash_ids": [1, 2]}
{"session_id": "a", "delay": 500, "in": 512, "out": 100, "hash_ids": [4]}"#;
    let (summary, report) = run(text, "logical", &[]);
    assert_eq!(summary.sums.input_tokens, 3072);
    let told = report.warnings.iter().find(|warning| warning.message.contains("set rows to delta"));
    assert_eq!(told.map(|warning| (warning.count, warning.first_line)), Some((2, 2)));
    // 1024; 1024 + 100 + 512; 1024; 1636 + 100 + 512. Hits: two blocks, two, three.
    let (summary, report) = run(text, "logical", &[("rows", "delta")]);
    assert_eq!(summary.sums.input_tokens, 1024 + 1636 + 1024 + 2248);
    assert_eq!(summary.sums.hit_tokens, 1024 + 1024 + 1536);
    assert_eq!(report.warnings, []);
    assert_eq!(run(text, "logical", &[("rows", "whole")]).1.warnings, []);
}

#[test]
fn traces_without_ids_tell_no_hit_rate_unless_blocks_are_made_up() {
    let text = "Timestamp,Model,Request tokens,Response tokens\n1,m,1000,5\n2,m,1024,5\n";
    let (summary, report) = run(text, "logical", &[]);
    assert_eq!((summary.sums.blocks, report.ids, report.made_up), (0, false, false));
    assert!(report.warnings[0].message.contains("no hit rate can be told"));
    // Of four blocks of 256 two are common to all prompts.
    let settings = [("shared_prefix", "0.5"), ("block_size", "256")];
    let (summary, report) = run(text, "logical", &settings);
    assert_eq!((summary.sums.blocks, summary.sums.hit_tokens), (8, 512));
    assert_eq!((report.ids, report.made_up), (false, true));
}

/// What was set, and nothing in the file has a use for, is told with the lines that it is of.
#[test]
fn what_is_set_in_vain_is_told() {
    let row = |more: &str| format!("{{{more}\"input_length\": 512, \"hash_ids\": [1]}}\n");
    let plain = row("\"timestamp\": 1, \"output_length\": 1, ").repeat(70);
    let named = row("\"timestamp\": 1, \"session_id\": 1, \"output_length\": 1, ").repeat(2);
    let dated = row("\"timestamp\": \"2025-07-01T10:00:00Z\", \"output_length\": 1, ");
    let without = "Timestamp,Model,Request tokens,Response tokens\n1,m,1000,5\n".to_owned();
    // What is set, a file that has no use for it and is told so how often, and one that has.
    let cases = [
        ("shared_prefix", "0.5", &plain, 70, &without, WarningKind::SharedPrefixUnused),
        ("time_unit", "seconds", &dated, 1, &plain, WarningKind::TimeUnitUnused),
        ("id_scope", "global", &without, 1, &plain, WarningKind::IdScopeUnused),
        ("rows", "whole", &plain, 70, &named, WarningKind::RowsUnused),
        ("sessions", "closed", &plain, 70, &named, WarningKind::SessionsUnused),
        ("sessions", "as_logged", &plain, 70, &named, WarningKind::SessionsUnused),
    ];
    for (name, value, file, count, other, kind) in cases {
        let told = |file: &str, settings: &[(&str, &str)]| {
            let warnings = run(file, "timed", settings).1.warnings.into_iter();
            let found = warnings.filter(|warning| warning.kind == kind);
            found.map(|warning| (warning.count, warning.first_line)).collect::<Vec<_>>()
        };
        let first = if file.starts_with('{') { 1 } else { 2 };
        assert_eq!(told(file, &[(name, value)]), [(count, first)], "{name}");
        assert_eq!(told(other, &[(name, value)]), [], "{name}, where it counts");
        assert_eq!(told(file, &[]), [], "{name}, where it is not set");
    }
}

#[test]
fn tokens_are_cut_into_blocks_of_the_size_that_is_set() {
    let text = r#"{"input_toks": 5, "output_toks": 1, "input_tok_ids": [1, 2, 3, 4, 5]}
{"input_toks": 4, "output_toks": 1, "input_tok_ids": [1, 2, 3, 9]}"#;
    let blocks = |size: &str| run(text, "logical", &[("block_size", size)]).0.sums;
    assert_eq!((blocks("2").blocks, blocks("2").hit_tokens), (4, 2));
    assert_eq!((blocks("1").blocks, blocks("1").hit_tokens), (9, 3));
    assert_eq!(blocks("16").blocks, 0);
}

/// Names that would collide in a double, across signs and spellings are other names.
#[test]
fn an_id_is_its_value_or_its_text() {
    let ids = [
        "9007199254740992",
        "9007199254740993",
        "-1",
        "18446744073709551615",
        "\"0x1\"",
        "\"0x01\"",
        "1",
        "\"01\"",
        "\"a\"",
    ];
    let rows = ids.map(|id| format!(r#"{{"in": 5, "hash_ids": [{id}]}}"#)).join("\n");
    let outcome = read_with(ReadOptions::default(), rows.as_bytes(), 7);
    assert_eq!(outcome.interner.len(), ids.len());
    for (block, id) in (0..).zip(ids) {
        let shown = outcome.interner.raw_of(kvscope::model::BlockId(block)).to_string();
        assert_eq!(shown, id.trim_matches('"'));
    }
    let same = read_with(
        ReadOptions::default(),
        br#"{"in": 9, "keys": ["1"]}
{"in": 9, "keys": [1]}"#,
        7,
    );
    assert_eq!(same.interner.len(), 1);
}

/// Under the timed clock a row with a delay arrives that long after its session's row before has
/// finished, output and all; as logged, that long after its arrival.
#[test]
fn delays_close_the_loop_of_a_session() {
    let text = r#"{"session_id": "a", "timestamp": 1000, "in": 512, "out": 0, "hash_ids": [1]}
{"session_id": "a", "delay_ms": 2000, "in": 512, "out": 0, "hash_ids": [1]}
{"session_id": "a", "delay_ms": 2000, "in": 512, "out": 0, "hash_ids": [1]}"#;
    let last = |settings: &[(&str, &str)]| {
        let (summary, _) = run(text, "timed", settings);
        let ttft = summary.ttft.expect("the clock is timed");
        assert_eq!(ttft.mean_wait_s, 0.0, "nobody waits for a server");
        ttft.mean_prefill_s
    };
    assert_eq!(last(&[]), last(&[("sessions", "as_logged")]), "the same work");
    let burst = text.replace("2000", "0");
    let wait = |settings: &[(&str, &str)]| {
        run(&burst, "timed", settings).0.ttft.expect("the clock is timed").mean_wait_s
    };
    assert_eq!(wait(&[]), 0.0, "each comes when the one before has finished");
    assert!(wait(&[("sessions", "as_logged")]) > 0.0, "all come at once");
    // Times instead of delays: logged, or made delays.
    let timed = burst.replace("\"delay_ms\": 0", "\"timestamp\": 1000");
    let wait = |settings: &[(&str, &str)]| {
        run(&timed, "timed", settings).0.ttft.expect("the clock is timed").mean_wait_s
    };
    assert!(wait(&[]) > 0.0);
    assert_eq!(wait(&[("sessions", "closed")]), 0.0);
}

#[test]
fn rows_wait_for_those_they_depend_on() {
    let text = r#"{"schema": "dynamo.agentic_mooncake", "block_size": 64}
{"id": "a", "not_before_ms": 0, "in": 64, "out": 100, "hash_ids": [1]}
{"id": "b", "not_before_ms": 1, "dependencies": [{"request_id": "a", "delay_ms": 500}],
 "in": 64, "out": 1, "hash_ids": [1]}
{"id": "c", "not_before_ms": 2, "dependencies": ["a", "z"], "in": 64, "out": 1, "hash_ids": [1],
 "session_id": "s"}
{"id": "d", "session_id": "s", "delay_ms": 100, "tool_wait_ms": 20,
 "dependencies": [{"request_id": "a", "delay_ms": 500}], "in": 64, "out": 1, "hash_ids": [1]}
{"id": "e", "session_id": "s", "tool_wait_ms": 20, "in": 64, "out": 1, "hash_ids": [1]}"#;
    let text = text.replace(",\n", ",");
    let mut log = Log::new();
    let mut reader = TraceReader::new(ReadOptions::default());
    reader.push(text.as_bytes(), &mut log);
    reader.finish(&mut log);
    let waits: Vec<Vec<Wait>> = log.iter().map(|found| found.waits.to_vec()).collect();
    let wait = |delay_s, not_before_s| Wait { after: 0, delay_s, not_before_s };
    assert_eq!(waits[..3], [vec![], vec![wait(0.5, 0.001)], vec![wait(0.0, 0.002)]]);
    // What is named goes before the session, and all that is said of how long adds up.
    assert_eq!(waits[3], [wait(0.1 + 0.02 + 0.5, f64::NEG_INFINITY)]);
    assert_eq!(waits[4], [Wait { after: 3, ..wait(0.02, f64::NEG_INFINITY) }]);
    let told = &reader.report().warnings;
    assert!(told.iter().any(|warning| warning.message.contains("no earlier line names")));
}

#[test]
fn blocks_may_have_lengths_of_their_own() {
    let text = r#"{"hash_ids": ["s", "d", "u"], "in": 600, "block_tokens": [400, 150, 50]}
{"hash_ids": ["s", "d", "v"], "in": 600, "block_tokens": [400, 150, 50]}
{"hash_ids": ["s", "e", "w"], "in": 600, "block_tokens": [400, 150, 50]}"#;
    assert_hits(text, 950, 1800);
    let other = text.replace(
        r#""w"], "in": 600, "block_tokens": [400"#,
        r#""w"], "in": 600, "block_tokens": [401"#,
    );
    let report = run(&other, "logical", &[]).1;
    assert_eq!(report.bad_lines.len(), 1);
    assert!(report.bad_lines[0].reason.contains("401 tokens here and had 400 before"));
    // A row that does not tell its tokens has those of the blocks that others told.
    let silent = format!("{text}\n{{\"hash_ids\": [\"s\", \"d\"], \"in\": 600}}");
    assert_hits(&silent, 950 + 550, 2400);
}

#[test]
fn the_same_block_has_the_same_tokens_also_where_ids_are_local_or_rows_deltas() {
    let local = r#"{"session_id": "a", "hash_ids": [1], "in": 9, "block_tokens": [9]}
{"session_id": "b", "hash_ids": [1], "in": 8, "block_tokens": [8]}
{"session_id": "a", "hash_ids": [1, 2], "in": 9, "block_tokens": [7, 2]}
{"play_id": "p", "hash_ids": [1], "in": 5, "block_tokens": [5]}
{"play_id": "p", "hash_ids": [1], "in": 5, "block_tokens": [6]}"#;
    let reasons = |report: &ReadReport| -> Vec<(u64, String)> {
        report.bad_lines.iter().map(|bad| (bad.line, bad.reason.clone())).collect()
    };
    let told = reasons(&run(local, "logical", &[("id_scope", "local")]).1);
    assert_eq!(told.iter().map(|told| told.0).collect::<Vec<_>>(), [3, 5], "{told:?}");
    assert!(told[0].1.contains("7 tokens here and had 9 before"), "{told:?}");
    let delta = r#"{"session_id": "a", "hash_ids": [1], "in": 9, "block_tokens": [9]}
{"session_id": "b", "hash_ids": [1], "in": 9, "block_tokens": [9]}
{"session_id": "a", "hash_ids": [2], "in": 4, "block_tokens": [4]}
{"session_id": "b", "hash_ids": [2], "in": 4, "block_tokens": [3]}
{"session_id": "c", "hash_ids": [2], "in": 4, "block_tokens": [3]}"#;
    let told = reasons(&run(delta, "logical", &[("rows", "delta")]).1);
    assert_eq!(told.iter().map(|told| told.0).collect::<Vec<_>>(), [4], "{told:?}");
}

/// The report on rows of 512-token blocks with these times, prompts and ids.
fn report_on(rows: &[(&str, u32, &str)]) -> ReadReport {
    let row = |(time, input, ids): &(&str, u32, &str)| {
        format!("{{\"timestamp\": {time}, \"in\": {input}, \"out\": 1, \"hash_ids\": [{ids}]}}")
    };
    let options = ReadOptions { block_size: Some(512), ..ReadOptions::default() };
    let text = rows.iter().map(row).collect::<Vec<_>>().join("\n");
    read_with(options, text.as_bytes(), usize::MAX).report
}

#[test]
fn the_first_and_the_last_arrival_are_so_in_time_whatever_their_lines() {
    let rows = [5, 1, 9, 3].map(|second| format!("\"2025-07-01T10:00:0{second}Z\""));
    let report = report_on(&rows.each_ref().map(|time| (time.as_str(), 512, "1")));
    let (first_s, last_s) = (report.first_arrival_s, report.last_arrival_s);
    assert_eq!(last_s.zip(first_s).map(|(last_s, first_s)| last_s - first_s), Some(8.0));
}

#[test]
fn a_date_has_an_offset_of_minutes_too_and_a_minute_sixty_one_seconds_at_most() {
    let told = |date: &str| {
        let noon = "\"2025-07-01T12:00:00Z\"";
        let report = report_on(&[(noon, 512, "1"), (&format!("\"{date}\""), 512, "1")]);
        let after = report.last_arrival_s.zip(report.first_arrival_s);
        (report.bad_lines_total, after.map_or(0.0, |(last_s, first_s)| last_s - first_s))
    };
    assert_eq!(told("2025-07-01T14:30:07+02:30"), (0, 7.0));
    assert_eq!(told("2025-07-01T14:30:07+0230"), (0, 7.0));
    assert_eq!(told("2025-07-01T12:00:60Z"), (0, 60.0), "a leap second");
    for none in ["2025-07-01T12:00:61Z", "2025-07-01T12:60:00Z", "2025-07-01T24:00:00Z"] {
        assert_eq!(told(none), (1, 0.0), "{none}");
    }
}

#[test]
fn a_prompt_may_end_less_than_a_block_before_or_behind_its_last_block() {
    let odd = |input| {
        let report = report_on(&[("1", input, "1, 2")]);
        report.warnings.iter().any(|warning| warning.kind == WarningKind::BlockCount)
    };
    assert_eq!([512, 513, 1024, 1535, 1536].map(odd), [true, false, false, false, true]);
}
