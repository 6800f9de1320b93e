//! How fast a trace is read, interning included: `cargo bench --bench parse`.
//!
//! Prints megabytes per second of processor time, the median of five runs, for kvscope's reader
//! and for serde_json filling a typed struct (which interns nothing) on the same bytes: the
//! conversation trace, looked for as the tests do, or else lines made up to resemble it, repeated
//! to 300 MB.
//! Then the same in other layouts, which the reader must not be slow on either.

use kvscope::trace::{Log, ReadOptions, TraceReader};
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Instant;

const TOTAL_BYTES: usize = 300_000_000;
const RUNS: usize = 5;
/// What the page's worker gets from a `File` at a time, more or less.
const CHUNK: usize = 64 << 10;

#[derive(serde::Deserialize)]
#[allow(dead_code, reason = "filled to be measured, not to be read")]
struct Typed {
    timestamp: u64,
    input_length: u32,
    output_length: u32,
    hash_ids: Vec<u64>,
}

fn main() {
    let (name, trace) = conversation();
    let bytes = repeated(&trace);
    println!("{name}, repeated to {} MB; median of {RUNS}", bytes.len() / 1_000_000);
    let reader = measure("kvscope reader, 64 KiB chunks", &bytes, kvscope);
    let serde = measure("serde_json, typed struct", &bytes, serde_json_lines);
    println!("{:<44} {:>8.1} x", "ratio", reader / serde);

    let text = String::from_utf8(trace).expect("the trace is text");
    let compact = repeated(text.replace(": ", ":").replace(", ", ",").as_bytes());
    measure("kvscope reader, no blanks", &compact, kvscope);
    let scattered = repeated(&scatter_ids(&text));
    measure("kvscope reader, ids of 64 random bits", &scattered, kvscope);
    measure("serde_json, ids of 64 random bits", &scattered, serde_json_lines);
    measure("kvscope reader, trace read once (all new)", text.as_bytes(), kvscope);
}

fn conversation() -> (&'static str, Vec<u8>) {
    let given = std::env::var_os("KVSCOPE_TRACES").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/traces");
    let real = given
        .into_iter()
        .chain([beside])
        .find_map(|folder| std::fs::read(folder.join("conversation_trace.jsonl")).ok());
    real.map_or_else(|| ("made-up lines", made_up()), |bytes| ("the conversation trace", bytes))
}

fn made_up() -> Vec<u8> {
    let mut lines = String::new();
    let mut next = 1;
    for index in 0..12_000_u64 {
        let blocks = 1 + index * 7919 % 47;
        let ids: Vec<String> = (next..next + blocks).map(|id| id.to_string()).collect();
        next = if index % 3 == 0 { next + blocks } else { next };
        lines += &format!(
            "{{\"timestamp\": {}, \"input_length\": {}, \"output_length\": {}, \"hash_ids\": \
             [0, {}]}}\n",
            index / 10 * 3000,
            (blocks + 1) * 512,
            index % 700,
            ids.join(", ")
        );
    }
    lines.into_bytes()
}

fn repeated(trace: &[u8]) -> Vec<u8> {
    trace.repeat(TOTAL_BYTES.div_ceil(trace.len()))
}

/// The same lines with each id replaced by a number that looks random.
fn scatter_ids(text: &str) -> Vec<u8> {
    let mut lines = String::new();
    for line in text.lines() {
        let (head, ids) = line.split_once('[').expect("a line of the trace has ids");
        let ids: Vec<String> = ids
            .trim_end_matches("]}")
            .split(", ")
            .map(|id| {
                let id: u64 = id.parse().expect("an id is a number");
                (id + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_string()
            })
            .collect();
        lines += &format!("{head}[{}]}}\n", ids.join(", "));
    }
    lines.into_bytes()
}

/// Seconds of processor time that this thread has had, to the nanosecond where the system tells
/// (so that what else runs here counts less), else of the wall.
fn processor_time() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran: Option<f64> = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    ran.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// Prints the median speed of `read` in MB/s and returns it.
fn measure(what: &str, bytes: &[u8], read: impl Fn(&[u8]) -> u64) -> f64 {
    let mut speeds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = processor_time();
            black_box(read(black_box(bytes)));
            bytes.len() as f64 / 1e6 / (processor_time() - start)
        })
        .collect();
    speeds.sort_by(f64::total_cmp);
    let median = speeds[RUNS / 2];
    println!("{what:<44} {median:>8.0} MB/s");
    median
}

fn kvscope(bytes: &[u8]) -> u64 {
    let mut reader = TraceReader::new(ReadOptions::default());
    let mut log = Log::new();
    let (mut next, mut sum) = (0, 0);
    for chunk in bytes.chunks(CHUNK) {
        reader.push(chunk, &mut log);
        // Takes the requests away, as a lane does.
        while next < log.len() {
            let found = log.get(next);
            sum += u64::from(found.request.input_tokens) + found.blocks.len() as u64;
            next += 1;
        }
        log.free_before(next);
    }
    reader.finish(&mut log);
    assert_eq!(reader.report().bad_lines_total, 0, "{:?}", reader.report().bad_lines);
    sum
}

fn serde_json_lines(bytes: &[u8]) -> u64 {
    let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let typed: Typed = serde_json::from_slice(line).expect("a line of the trace");
            u64::from(typed.input_length) + typed.hash_ids.len() as u64
        })
        .sum()
}
