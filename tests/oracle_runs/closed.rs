//! Traces at random in which requests wait for others, as docs/traces.md has it: sessions with
//! delays, rows that name others. Each is written as a file, and read.

use super::generate::one;
use super::twin::{Asked, BLOCK_TOKENS};
use kvscope::model::Wait;
use kvscope::rng::Stream;
use kvscope::trace::order::REORDER_WINDOW;
use kvscope::trace::{Log, ReadOptions, SessionsAre, TraceReader};
use std::collections::BTreeMap;

/// The beginning of a file.
#[derive(Clone)]
pub(crate) struct Opening {
    reader: TraceReader,
    log: Log,
    rows: Rows,
}

/// What rows are like.
#[derive(Clone, Copy)]
struct Rows {
    /// Each has a name, by which others may wait for it; or only sessions have.
    named: bool,
    /// Sessions close: a row of one that says nothing else waits as long as the trace has it.
    close: bool,
}

impl Opening {
    /// A header.
    pub(crate) fn header(named: bool, close: bool) -> Self {
        let sessions = close.then_some(SessionsAre::Closed);
        let options = ReadOptions { sessions, ..ReadOptions::default() };
        let (mut reader, mut log) = (TraceReader::new(options), Log::new());
        let header = format!("{{\"block_size\": {BLOCK_TOKENS}}}\n");
        reader.push(header.as_bytes(), &mut log);
        Self { reader, log, rows: Rows { named, close } }
    }

    /// A header, and requests behind all others in time: so many that the window of the order
    /// has room for one more, and what follows is looked at when what came before has been served.
    pub(crate) fn full_window(named: bool) -> Self {
        let mut opening = Self::header(named, false);
        for _ in 1..REORDER_WINDOW {
            let row = "{\"not_before_s\": 1e6, \"in\": 0, \"out\": 0, \"hash_ids\": []}\n";
            opening.reader.push(row.as_bytes(), &mut opening.log);
        }
        opening
    }
}

/// Makes many requests of a trace wait for others, and returns what is read of its file.
pub(crate) fn close(trace: &mut [Asked], opening: Opening, stream: &mut Stream) -> Log {
    let Opening { mut reader, mut log, rows } = opening;
    let mut file = String::new();
    let mut latest = BTreeMap::new();
    for place in 0..trace.len() {
        let said = wait(trace, place, rows, &mut latest, stream);
        let Asked { input, output, blocks, .. } = &trace[place];
        let lengths = format!("\"in\": {input}, \"out\": {output}");
        file += &format!("{{{lengths}, \"hash_ids\": {blocks:?}{said}}}\n");
    }
    reader.push(file.as_bytes(), &mut log);
    reader.finish(&mut log);
    log.end();
    log.look_ahead().expect("a whole trace");
    assert_eq!(reader.report().bad_lines.len(), 0, "{:?}\n{file}", reader.report());
    let before = log.len() - trace.len() as u64;
    for asked in trace {
        let read = log.get(before + asked.place as u64);
        let shifted = |wait: &Wait| Wait { after: wait.after + before as u32, ..*wait };
        let waits: Vec<Wait> = asked.waits.iter().map(shifted).collect();
        assert_eq!(waits, read.waits, "what it waits for: {file}");
        if asked.waits.is_empty() {
            assert_eq!(asked.timestamp_s, read.request.arrival_s, "its time: {file}");
        }
        // Numbered in order of first appearance.
        asked.blocks = read.blocks.iter().map(|block| block.0).collect();
    }
    log
}

/// Says of a request what it waits for, if anything; returns the end of its row. `latest` has
/// the latest row of each session.
fn wait(
    trace: &mut [Asked],
    place: usize,
    Rows { named, close }: Rows,
    latest: &mut BTreeMap<u64, usize>,
    stream: &mut Stream,
) -> String {
    let mut timestamp_s = trace[place].timestamp_s;
    let (mut row, mut waits) = (String::new(), Vec::new());
    let session = Some(stream.below(6)).filter(|&session| session < 4);
    let before = session.and_then(|session| latest.insert(session, place));
    if named {
        row += &format!(", \"id\": {place}");
    }
    if let Some(session) = session {
        row += &format!(", \"session_id\": {session}");
    }
    let has_time = close || stream.below(2) == 0;
    let after = |place: usize, delay_s, not_before_s| {
        let after = place as u32;
        Wait { after, delay_s, not_before_s }
    };
    match (stream.below(4), before) {
        (0, Some(before)) => {
            let delay_s = delay_s(stream);
            row += &format!(", \"delay_s\": {delay_s}");
            waits.push(after(before, delay_s, f64::NEG_INFINITY));
        }
        // Where sessions close, a gap would add to what is named.
        (1, _) if named && 0 < place && !(close && session.is_some()) => {
            // Late enough to decide.
            timestamp_s += one(stream, &[0.0, 0.5, 3.0]);
            let not_before_s = if has_time { timestamp_s } else { f64::NEG_INFINITY };
            let mut back: Vec<u64> =
                (0..1 + stream.below(3)).map(|_| 1 + stream.below(place.min(8) as u64)).collect();
            back.sort_unstable();
            back.dedup();
            let named = |back: u64| after(place - back as usize, delay_s(stream), not_before_s);
            waits.extend(back.into_iter().map(named));
            let told =
                |wait: &Wait| format!("{{\"id\": {}, \"delay_s\": {}}}", wait.after, wait.delay_s);
            let told: Vec<String> = waits.iter().map(told).collect();
            row += &format!(", \"dependencies\": [{}]", told.join(", "));
        }
        (_, Some(before)) if close => {
            let delay_s = (timestamp_s - trace[before].timestamp_s).max(0.0);
            waits.push(after(before, delay_s, f64::NEG_INFINITY));
        }
        _ => {}
    }
    if has_time || waits.is_empty() {
        row += &format!(", \"not_before_s\": {timestamp_s}");
    }
    (trace[place].timestamp_s, trace[place].waits) = (timestamp_s, waits);
    row
}

/// How long after another has finished a request comes: at once, soon, later.
fn delay_s(stream: &mut Stream) -> f64 {
    match stream.below(4) {
        0 | 1 => 0.0,
        2 => stream.below(40) as f64 * 0.0125,
        _ => one(stream, &[1.0, 5.0]),
    }
}
