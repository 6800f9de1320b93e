//! Sessions under a budget of distinct blocks: as many as may be open are served as without one;
//! those idle longest are closed, a row of one begins it anew and is told, and memory is flat.
#![cfg(not(target_arch = "wasm32"))]

use kvscope::config::{Config, PolicyChoice};
use kvscope::params::ParamValue;
use kvscope::rng::Stream;
use kvscope::session::Session;
use kvscope::trace::{ReadReport, WarningKind};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A budget with which 1,024 sessions may be open, and no name is forgotten by the traces here.
const BUDGET: f64 = 16_384.0;
/// Names of a generation: half of what may be open.
const GENERATION: usize = 512;

fn config(budget: f64) -> Config {
    Config::new(3, 60)
        .clock(PolicyChoice::new("timed"))
        .router(PolicyChoice::new("cache_aware"))
        .with("distinct_budget", ParamValue::Number(budget))
}

/// What a run says of itself, and its reader of the trace.
fn served(config: &Config, trace: &str, chunk: usize) -> (String, ReadReport) {
    let mut session = Session::read(std::slice::from_ref(config)).expect("a lane that runs");
    for part in trace.as_bytes().chunks(chunk) {
        session.push(part).expect("a part of the trace");
        session.run().expect("no foresight");
    }
    session.finish();
    session.run().expect("a whole trace");
    assert!(session.is_done());
    let summary = session.lanes()[0].summary();
    assert_eq!(summary.bounds, None, "no name is forgotten");
    let told = serde_json::to_string(&summary).expect("JSON");
    (told, session.report().expect("a file").clone())
}

fn warned(report: &ReadReport, kind: WarningKind) -> u64 {
    report.warnings.iter().find(|it| it.kind == kind).map_or(0, |it| it.count)
}

/// A row of a session: every other one comes so long after the row before has finished.
fn row(text: &mut String, number: u64, session: &str, ids: [u64; 3]) {
    let delay = if number.is_multiple_of(2) { ", \"delay_ms\": 900" } else { "" };
    let [a, b, c] = ids;
    writeln!(
        text,
        "{{\"session_id\": \"{session}\", \"timestamp\": {}, \"input_length\": 1536, \
         \"output_length\": 20{delay}, \"hash_ids\": [{a}, {b}, {c}]}}",
        200 * number
    )
    .expect("a text grows");
}

/// Sessions of rows, most of them of the latest, some of any: the names by number of row.
fn names(rows: u64, sessions: u64) -> Vec<u64> {
    let mut stream = Stream::new(5, "sessions", 0);
    let name = |number: u64| {
        let newest = 1 + number * (sessions - 1) / rows;
        let age = if stream.below(8) == 0 { stream.below(newest) } else { stream.below(90) };
        newest.saturating_sub(age)
    };
    (0..rows).map(name).collect()
}

fn trace(names: impl Iterator<Item = String>) -> String {
    let (mut stream, mut text) = (Stream::new(6, "blocks", 0), String::new());
    for (number, name) in (0..).zip(names) {
        let ids = [0, 1 + stream.below(60), 100 + stream.below(2000)];
        row(&mut text, number, &name, ids);
    }
    text
}

#[test]
fn as_many_sessions_as_may_be_open_are_served_as_without_a_budget() {
    let names = names(5000, GENERATION as u64 - 1);
    let trace = trace(names.iter().map(|name| format!("s{name}")));
    let (told, report) = served(&config(BUDGET), &trace, 9000);
    let (free, of_free) = served(&config(0.0), &trace, 9000);
    assert!(told == free && report == of_free, "{report:?}");
    assert_eq!(warned(&report, WarningKind::SessionsClosed), 0);
}

/// The obvious form: what a session that is closed and comes again does is what another session
/// would do, so that a run that closes some is one without a bound of a trace in which these have
/// names of their own.
#[test]
fn a_session_that_was_closed_begins_anew_and_is_told() {
    let names = names(12_000, 4000);
    let (mut last, mut renamed) = (BTreeMap::<u64, (usize, usize)>::new(), Vec::new());
    let (mut generation, mut young, mut returned, mut closings) = (0, 0, 0, 0);
    for (number, &name) in names.iter().enumerate() {
        // The first 64 rows wait until the file is decided on.
        if 64 <= number && GENERATION <= young {
            closings += u64::from(last.values().any(|(latest, _)| *latest + 1 == generation));
            (generation, young) = (generation + 1, 0);
        }
        let (before, times) = last.get(&name).copied().unwrap_or((generation, 0));
        let is_closed = before + 1 < generation;
        returned += u64::from(before + 2 == generation);
        young += usize::from(before != generation || !last.contains_key(&name));
        let times = times + usize::from(is_closed);
        last.insert(name, (generation, times));
        renamed.push(format!("s{name} {times}"));
    }
    let bounded = trace(names.iter().map(|name| format!("s{name} 0")));
    let (told, report) = served(&config(BUDGET), &bounded, 9000);
    let (twin, of_twin) = served(&config(0.0), &trace(renamed.into_iter()), 9000);
    assert!(told == twin, "{told}\n{twin}");
    assert_eq!(report.sessions, of_twin.sessions);
    assert!(returned > 100 && closings > 3, "{returned} {closings}");
    assert_eq!(warned(&report, WarningKind::ClosedSession), returned);
    assert_eq!(warned(&report, WarningKind::SessionsClosed), closings);
    // However it is cut.
    for chunk in [777, 1 << 20] {
        let (cut, of_cut) = served(&config(BUDGET), &bounded, chunk);
        assert!(cut == told && of_cut == report, "in chunks of {chunk}");
    }
    // And without a bound it is another run.
    assert!(served(&config(0.0), &bounded, 9000).0 != told);
}

/// Bytes of names and of what is kept of sessions after each of so many parts.
fn memory(config: &Config, parts: u64, rows: u64) -> Vec<usize> {
    let mut session = Session::read(std::slice::from_ref(config)).expect("a lane that runs");
    let mut bytes = Vec::new();
    for part in 0..parts {
        let mut text = String::new();
        for number in part * rows..(part + 1) * rows {
            // A session has three rows, a few hundred rows apart; the next line may be of any.
            let name = number / 300 * 100 + number % 100;
            row(&mut text, number, &format!("session-{name}"), [0, 1 + number % 50, number % 9000]);
        }
        session.push(text.as_bytes()).expect("a part of the trace");
        session.run().expect("no foresight");
        bytes.push(session.names_bytes());
    }
    bytes
}

#[test]
fn memory_is_flat_for_any_number_of_sessions() {
    let bounded = memory(&config(BUDGET), 40, 3000);
    let (second, last) = (bounded[10..20].iter().max(), bounded[30..].iter().max());
    assert!(last <= second, "{bounded:?}");
    // Without a bound each session costs its name, its latest row and its finish, not each row.
    let free = memory(&config(0.0), 40, 3000);
    let sessions = 40 * 3000 / 3 - 10 * 1000;
    let each = (free[39] - free[9]) / sessions;
    println!("{each} bytes a session; {bounded:?}");
    assert!((40..260).contains(&each), "{each} bytes a session");
    assert!(free[39] > 3 * bounded[39], "{free:?}");
}

/// Rows without a session may be waited for by their names, however long ago they were served.
#[test]
fn a_row_waits_by_name_for_one_that_was_served_long_before() {
    let mut text = "{\"schema\": \"dynamo.agentic_mooncake\", \"block_size\": 512}\n".to_owned();
    let mut row = |number: u64, more: &str| {
        writeln!(
            text,
            "{{\"id\": \"r{number}\", \"not_before_ms\": {}{more}, \"in\": 512, \"out\": 0, \
             \"hash_ids\": [{number}]}}",
            1000 * number
        )
        .expect("a text grows");
    };
    (0..9000).for_each(|number| row(number, ""));
    // The logged moment is later than what is waited for, so that it decides.
    let waits = ", \"dependencies\": [{\"request_id\": \"r1\", \"delay_ms\": 500}]";
    row(9000, waits);
    (9001..20_000).for_each(|number| row(number, ""));
    let (waiting, report) = served(&config(0.0), &text, 1 << 16);
    let plain = text.replace(waits, "");
    let (free, _) = served(&config(0.0), &plain, 1 << 16);
    assert_eq!(warned(&report, WarningKind::UnknownRow), 0);
    assert!(waiting == free, "{waiting}\n{free}");
}
