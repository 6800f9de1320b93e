//! Reading alone: a trace in several spellings, kvscope's reader and `serde_json` on the same
//! bytes.

use crate::case::Ready;
use crate::core::Reading;
use crate::streams::Streams;
use std::fmt::Write;
use std::rc::Rc;

/// What is read in all, at least: the lines again and again.
const TOTAL_BYTES: usize = 300_000_000;
/// What the page's worker gets from a `File` at a time, more or less.
const CHUNK: usize = 64 << 10;
/// Requests of a session's object.
const SESSION: usize = 16;

/// A request of the trace, as its line has it.
struct Line<'a> {
    time: u64,
    input: u64,
    output: u64,
    ids: Vec<&'a str>,
}

/// Makes ready what reads the trace in one of the spellings.
pub fn prepare(peer: &str, spelling: &str, streams: &Streams) -> Result<Ready, String> {
    let lines: Rc<[u8]> = spelt(spelling, streams.lines())?.into();
    let times = TOTAL_BYTES.div_ceil(lines.len());
    let (work, twin) = (lines.len() * times, format!("reading {spelling}"));
    let run: Box<dyn FnMut() -> String> = match peer {
        "reader" => Box::new(move || {
            let mut reading = Reading::default();
            for _ in 0..times {
                lines.chunks(CHUNK).for_each(|chunk| reading.take(chunk));
            }
            told(reading.finish())
        }),
        #[cfg(not(target_arch = "wasm32"))]
        "serde_json" => Box::new(move || {
            let counted = (0..times).map(|_| typed::count(&lines));
            told(counted.fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1)))
        }),
        _ => return Err(format!("nothing here reads as {peer}")),
    };
    Ok(Ready { run, work, twin })
}

fn told((requests, ids): (u64, u64)) -> String {
    format!("{requests} requests, {ids} ids")
}

/// The lines of the trace in another spelling.
fn spelt(spelling: &str, lines: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(lines).map_err(|error| error.to_string())?;
    let parsed = || text.lines().map(parse);
    let mut out = String::new();
    match spelling {
        "conversation" => out.push_str(text),
        "compact" => out = text.replace(": ", ":").replace(", ", ","),
        "random" => parsed().for_each(|line| {
            let number = |id: &str| mixed(id).to_string();
            let ids: Vec<String> = line.ids.iter().map(|id| number(id)).collect();
            let Line { time, input, output, .. } = line;
            let _ = writeln!(
                out,
                "{{\"timestamp\": {time}, \"input_length\": {input}, \
                 \"output_length\": {output}, \"hash_ids\": [{}]}}",
                ids.join(", ")
            );
        }),
        "bailian" => parsed().zip(0..).for_each(|(line, chat)| {
            let Line { time, input, output, ids } = line;
            let _ = writeln!(
                out,
                "{{\"chat_id\": {chat}, \"parent_chat_id\": -1, \"timestamp\": {}, \
                 \"input_length\": {input}, \"output_length\": {output}, \"type\": \"text\", \
                 \"turn\": 1, \"hash_ids\": [{}]}}",
                time as f64 / 1e3,
                ids.join(", ")
            );
        }),
        "hex" => parsed().for_each(|line| {
            let ids: Vec<String> =
                line.ids.iter().map(|id| format!("\"0x{:016x}\"", mixed(id))).collect();
            let Line { time, input, output, .. } = line;
            let _ = writeln!(
                out,
                "{{\"timestamp\": {time}, \"input_length\": {input}, \
                 \"output_length\": {output}, \"hash_ids\": [{}]}}",
                ids.join(", ")
            );
        }),
        "sessions" => {
            let all: Vec<Line<'_>> = parsed().collect();
            for (session, lines) in all.chunks(SESSION).enumerate() {
                let row = |line: &Line<'_>| {
                    let Line { time, input, output, ids } = line;
                    format!(
                        "{{\"t\": {}, \"in\": {input}, \"out\": {output}, \"hash_ids\": [{}]}}",
                        *time as f64 / 1e3,
                        ids.join(", ")
                    )
                };
                let rows: Vec<String> = lines.iter().map(row).collect();
                let _ = writeln!(
                    out,
                    "{{\"id\": \"s{session}\", \"block_size\": 512, \"hash_id_scope\": \
                     \"global\", \"requests\": [{}]}}",
                    rows.join(", ")
                );
            }
        }
        _ => return Err(format!("the trace has no spelling {spelling}")),
    }
    Ok(out.into_bytes())
}

/// A number of 64 bits that looks random.
fn mixed(id: &str) -> u64 {
    let id: u64 = id.parse().expect("an id of the trace is a number");
    (id + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Takes a line in Mooncake's layout apart.
fn parse(line: &str) -> Line<'_> {
    let (head, ids) = line.split_once('[').expect("a line of the trace has ids");
    let mut numbers = head.split(|byte: char| !byte.is_ascii_digit()).filter(|it| !it.is_empty());
    let mut number = || numbers.next().and_then(|it| it.parse().ok()).expect("three numbers");
    let (time, input, output) = (number(), number(), number());
    let ids = ids.trim_end_matches("]}").split([',', ' ']).filter(|id| !id.is_empty()).collect();
    Line { time, input, output, ids }
}

/// What `serde_json` fills: one struct that has every spelling's fields, and no more.
#[cfg(not(target_arch = "wasm32"))]
mod typed {
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "filled to be measured, not to be read")]
    struct Mooncake<Id> {
        timestamp: u64,
        input_length: u32,
        output_length: u32,
        hash_ids: Vec<Id>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "filled to be measured, not to be read")]
    struct Bailian<'a> {
        chat_id: u64,
        parent_chat_id: i64,
        timestamp: f64,
        input_length: u32,
        output_length: u32,
        r#type: &'a str,
        turn: u32,
        hash_ids: Vec<u64>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "filled to be measured, not to be read")]
    struct Session<'a> {
        id: &'a str,
        block_size: u32,
        hash_id_scope: &'a str,
        requests: Vec<Row>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "filled to be measured, not to be read")]
    struct Row {
        t: f64,
        r#in: u32,
        out: u32,
        hash_ids: Vec<u64>,
    }

    /// Requests and ids.
    pub(super) fn count(lines: &[u8]) -> (u64, u64) {
        let first = &lines[..lines.len().min(200)];
        let has = |text: &str| first.windows(text.len()).any(|part| part == text.as_bytes());
        if has("\"chat_id\"") {
            sum(lines, |line: Bailian<'_>| (1, line.hash_ids.len()))
        } else if has("\"requests\"") {
            sum(lines, |line: Session<'_>| {
                let ids = line.requests.iter().map(|row| row.hash_ids.len()).sum();
                (line.requests.len(), ids)
            })
        } else if has("\"0x") {
            sum(lines, |line: Mooncake<&str>| (1, line.hash_ids.len()))
        } else {
            sum(lines, |line: Mooncake<u64>| (1, line.hash_ids.len()))
        }
    }

    fn sum<'a, T: Deserialize<'a>>(
        lines: &'a [u8],
        count: impl Fn(T) -> (usize, usize),
    ) -> (u64, u64) {
        let lines = lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let counted = lines.map(|line| count(serde_json::from_slice(line).expect("a line")));
        counted.fold((0, 0), |sum, more| (sum.0 + more.0 as u64, sum.1 + more.1 as u64))
    }
}
