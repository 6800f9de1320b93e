//! The slow twin of the trace reader: serde_json, hash maps and no cleverness.
//!
//! It takes the whole file at once and says which lines are requests, with which blocks, and
//! which are bad. It does not decide units or block sizes: tests set both by hand.

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// A request as the twin reads it.
#[derive(Debug, PartialEq)]
pub(crate) struct TwinRequest {
    pub(crate) arrival_s: f64,
    pub(crate) input: u32,
    pub(crate) output: u32,
    pub(crate) session: Option<u32>,
    pub(crate) blocks: Vec<u32>,
}

/// What the twin makes of a file.
#[derive(Debug, Default)]
pub(crate) struct Twin {
    pub(crate) requests: Vec<TwinRequest>,
    /// Line number and byte offset of each bad line.
    pub(crate) bad: Vec<(u64, u64)>,
    pub(crate) blank: u64,
    pub(crate) lines: u64,
    pub(crate) distinct: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Name {
    Number(u64),
    Text(String),
}

/// A line's known keys in order, with their values' text; skipped ones without.
struct Entries(Vec<(String, String)>);

const TIMES: [&str; 6] = ["timestamp", "time", "ts", "arrival_time", "created_time", "t"];
/// Units in seconds, by suffix, in the order in which suffixes are preferred.
const SUFFIXES: [(&str, f64); 7] = [
    ("", 0.0),
    ("_ms", 1e3),
    ("_s", 1.0),
    ("_us", 1e6),
    ("_ns", 1e9),
    ("_sec", 1.0),
    ("_seconds", 1.0),
];
const INPUTS: [&str; 7] = [
    "input_length",
    "input_tokens",
    "prompt_length",
    "prompt_tokens",
    "in",
    "input_len",
    "input_toks",
];
const OUTPUTS: [&str; 4] = ["output_length", "output_tokens", "completion_tokens", "out"];
const IDS: [&str; 4] = ["hash_ids", "block_hashes", "keys", "hash_id"];
const SESSIONS: [&str; 3] = ["session_id", "chat_id", "conversation_id"];
const SIZES: [&str; 2] = ["block_size", "hash_id_block_size"];
const UNITS: [&str; 2] = ["time_unit", "timestamp_unit"];
const SKIPPED: [&str; 2] = ["version", "requests"];

fn times() -> Vec<String> {
    let forms = SUFFIXES.iter().flat_map(|(s, _)| TIMES.iter().map(move |t| format!("{t}{s}")));
    forms.collect()
}

fn is_known(key: &str) -> bool {
    let others = ["parent_chat_id", "hash_id_scope", "schema"];
    [&INPUTS[..], &OUTPUTS, &IDS, &SESSIONS, &SIZES, &UNITS, &others]
        .iter()
        .any(|names| names.contains(&key))
        || times().iter().any(|name| name == key)
}

impl<'de> serde::Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Entries;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if is_known(&key) {
                        let value: Box<RawValue> = map.next_value()?;
                        entries.push((key, value.get().to_owned()));
                    } else {
                        map.next_value::<IgnoredAny>()?;
                        if SKIPPED.contains(&key.as_str()) {
                            entries.push((key, String::new()));
                        }
                    }
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// Digits only: JSON's grammar was checked before.
fn whole(text: &str, max: u64) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&value| digits && value <= max)
}

fn length(text: &str) -> Option<u32> {
    whole(text, u64::from(u32::MAX)).map(|value| value as u32)
}

fn size(text: &str) -> Option<u32> {
    length(text).filter(|&size| size > 0)
}

fn time(text: &str) -> Option<f64> {
    let number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    text.parse().ok().filter(|value: &f64| number && value.is_sign_positive() && value.is_finite())
}

fn name(text: &str) -> Option<Name> {
    if let Some(number) = whole(text, u64::MAX) {
        return Some(Name::Number(number));
    }
    let text: String = serde_json::from_str(text).ok()?;
    match text.parse::<u64>() {
        Ok(number) if number.to_string() == text => Some(Name::Number(number)),
        _ => Some(Name::Text(text)),
    }
}

fn names(text: &str) -> Option<Vec<Name>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    items.iter().map(|item| name(item.get())).collect()
}

fn unit(text: &str) -> Option<f64> {
    let text: String = serde_json::from_str(text).ok()?;
    Some(match text.as_str() {
        "s" | "sec" | "second" | "seconds" => 1.0,
        "ms" | "msec" | "millisecond" | "milliseconds" => 1e3,
        "us" | "usec" | "microsecond" | "microseconds" => 1e6,
        "ns" | "nsec" | "nanosecond" | "nanoseconds" => 1e9,
        _ => return None,
    })
}

impl Entries {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, text)| text.as_str())
    }

    /// The values of those of `names` that are there and not null, the preferred name first;
    /// none if one of them is not valid.
    fn all<T>(&self, names: &[&str], read: fn(&str) -> Option<T>) -> Option<Vec<T>> {
        let texts = names.iter().filter_map(|name| self.get(name)).filter(|&text| text != "null");
        texts.map(read).collect()
    }

    /// The value that all names agree on.
    fn agreed<T: PartialEq>(
        &self,
        names: &[&str],
        read: fn(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        let mut all = self.all(names, read)?;
        let agree = all.windows(2).all(|pair| pair[0] == pair[1]);
        agree.then(|| all.pop())
    }

    fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }
}

/// What carries over from line to line.
#[derive(Default)]
struct State {
    header: bool,
    size: Option<u32>,
    clock_s: f64,
    blocks: HashMap<(Option<u32>, Name), u32>,
    sessions: HashMap<Name, u32>,
    session_count: u32,
}

/// Reads a whole file. All times count in units of which `per_second` make a second.
pub(crate) fn read(bytes: &[u8], per_second: f64) -> Twin {
    let mut twin = Twin::default();
    let mut state = State::default();
    let mut offset = 0;
    for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
        let mut line = piece.strip_suffix(b"\n").unwrap_or(piece);
        twin.lines += 1;
        if twin.lines == 1 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.iter().all(|byte| b" \t\r".contains(byte)) {
            twin.blank += 1;
        } else if read_line(line, per_second, &mut state, &mut twin).is_none() {
            twin.bad.push((twin.lines, offset));
        }
        offset += piece.len() as u64;
    }
    twin.distinct = state.blocks.len();
    twin
}

/// None for a bad line, which leaves no trace.
fn read_line(line: &[u8], per_second: f64, state: &mut State, twin: &mut Twin) -> Option<()> {
    let entries: Entries = serde_json::from_slice(line).ok()?;
    let mut keys: Vec<&str> = entries.0.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    let time_names = times();
    let time_names: Vec<&str> = time_names.iter().map(String::as_str).collect();
    let time = entries.all(&time_names, time)?.into_iter().next();
    let input = entries.agreed(&INPUTS, length)?;
    let output = entries.agreed(&OUTPUTS, length)?;
    let block_size = entries.agreed(&SIZES, size)?;
    entries.agreed(&UNITS, unit)?;
    let mut ids = entries.all(&IDS, names)?;
    let sessions = entries.all(&SESSIONS, name)?;
    let parent = match entries.get("parent_chat_id") {
        None | Some("null" | "-1") => None,
        Some(text) => Some(name(text)?),
    };
    if let Some(scope) = entries.get("hash_id_scope").filter(|&text| text != "null")
        && serde_json::from_str::<String>(scope).ok()? != "global"
    {
        return None;
    }
    if let Some(schema) = entries.get("schema").filter(|text| text.starts_with('"')) {
        serde_json::from_str::<String>(schema).ok()?;
    }
    let describes = entries.has(&["schema", "version"]) || entries.has(&SIZES);
    let first = twin.requests.is_empty() && twin.bad.is_empty() && !state.header;
    let request = entries.has(&INPUTS) || entries.has(&IDS) || entries.has(&["requests"]);
    if first && describes && !request {
        state.header = true;
        state.size = block_size;
        return Some(());
    }
    let (input, ids) = (input?, if ids.len() == 1 { ids.pop()? } else { return None });
    if block_size.is_some_and(|size| *state.size.get_or_insert(size) != size) {
        return None;
    }
    let mut parent_block = None;
    let mut blocks = Vec::new();
    for id in ids {
        let new = state.blocks.len() as u32;
        let block = *state.blocks.entry((parent_block, id)).or_insert(new);
        parent_block = Some(block);
        blocks.push(block);
    }
    let session = sessions.into_iter().next().map(|name| session(state, name, parent));
    state.clock_s = time.map_or(state.clock_s, |time| time / per_second);
    let arrival_s = state.clock_s;
    let output = output.unwrap_or(0);
    twin.requests.push(TwinRequest { arrival_s, input, output, session, blocks });
    Some(())
}

fn session(state: &mut State, name: Name, parent: Option<Name>) -> u32 {
    let parent = parent.map(|parent| session(state, parent, None));
    if let Some(&session) = state.sessions.get(&name) {
        return session;
    }
    let session = parent.unwrap_or_else(|| {
        state.session_count += 1;
        state.session_count - 1
    });
    state.sessions.insert(name, session);
    session
}
