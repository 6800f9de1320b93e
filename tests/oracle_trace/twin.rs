//! The slow twin of the trace reader: serde_json, hash maps and no cleverness.
//!
//! It takes a whole file of lines at once and says which lines are requests, with which blocks,
//! and which are bad. It does not decide units or block sizes: tests set both by hand. Names it
//! takes from the table of formats; what they mean is written again here.

use super::values::{ids, length, lengths, name, scope, size, time, unit};
use kvscope::trace::Field;
use kvscope::trace::formats::{FORMATS, names_of};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::LazyLock;

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
    pub(crate) stopped: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Name {
    Number(u64),
    Negative(i64),
    Text(String),
}

/// An object's keys in order, with their values' text; only those that are known, unless `ALL`.
pub(crate) struct Keys<const ALL: bool>(pub(crate) Vec<(String, String)>);

type Entries = Keys<false>;

/// Units in seconds, by suffix, in the order in which suffixes are preferred.
const SUFFIXES: [&str; 7] = ["", "_ms", "_s", "_us", "_ns", "_sec", "_seconds"];
const FIELDS: [Field; 23] = [
    Field::Kind,
    Field::Time,
    Field::Input,
    Field::PromptOnly,
    Field::Output,
    Field::HashIds,
    Field::TokenIds,
    Field::Session,
    Field::Play,
    Field::ParentTurn,
    Field::Id,
    Field::Delay,
    Field::ToolWait,
    Field::DelayAfter,
    Field::After,
    Field::BlockSize,
    Field::BlockTokens,
    Field::TimeUnit,
    Field::IdScope,
    Field::Schema,
    Field::Version,
    Field::Rows,
    Field::Inner,
];

/// The names of a field, the preferred ones first.
fn names(field: Field) -> Vec<String> {
    let timed = [Field::Time, Field::Delay, Field::ToolWait, Field::DelayAfter].contains(&field);
    let suffixes = if timed { &SUFFIXES[..] } else { &SUFFIXES[..1] };
    let plain = names_of(field);
    suffixes.iter().flat_map(|suffix| plain.iter().map(move |n| format!("{n}{suffix}"))).collect()
}

static NAMES: LazyLock<Names> = LazyLock::new(Names::new);

/// What keys mean, gathered once.
struct Names {
    by_field: Vec<(Field, Vec<String>)>,
}

impl Names {
    fn new() -> Self {
        Self { by_field: FIELDS.iter().map(|&field| (field, names(field))).collect() }
    }

    fn of(&self, field: Field) -> &[String] {
        let row = self.by_field.iter().find(|(known, _)| *known == field);
        &row.expect("the list has every field").1
    }

    fn knows(&self, key: &str) -> bool {
        self.by_field.iter().any(|(_, names)| names.iter().any(|name| name == key))
    }
}

impl<'de, const ALL: bool> serde::Deserialize<'de> for Keys<ALL> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<const ALL: bool>;
        impl<'de, const ALL: bool> Visitor<'de> for Reader<ALL> {
            type Value = Keys<ALL>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys<ALL>, A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if ALL || NAMES.knows(&key) {
                        let value: Box<RawValue> = map.next_value()?;
                        entries.push((key, value.get().to_owned()));
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Keys(entries))
            }
        }
        deserializer.deserialize_map(Reader::<ALL>)
    }
}

impl Entries {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, text)| text.as_str())
    }

    /// The values of those of `names` that are there and not null, the preferred name first;
    /// none if one of them is not valid.
    fn all<T>(&self, names: &[String], read: fn(&str) -> Option<T>) -> Option<Vec<T>> {
        let texts = names.iter().filter_map(|name| self.get(name)).filter(|&text| text != "null");
        texts.map(read).collect()
    }

    /// The value that all names agree on.
    fn agreed<T: PartialEq>(
        &self,
        names: &[String],
        read: fn(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        let mut all = self.all(names, read)?;
        let agree = all.windows(2).all(|pair| pair[0] == pair[1]);
        agree.then(|| all.pop())
    }

    fn has(&self, names: &Names, fields: &[Field]) -> bool {
        let mut keys = fields.iter().flat_map(|&field| names.of(field));
        keys.any(|key| self.get(key).is_some())
    }
}

/// What carries over from line to line.
#[derive(Default)]
struct State {
    header: bool,
    local: Option<bool>,
    size: Option<u32>,
    ids: bool,
    clock_s: f64,
    blocks: HashMap<(Option<u32>, Option<u32>, Name), u32>,
    /// What rows said of the tokens of blocks.
    tokens: HashMap<u32, u32>,
    sessions: HashMap<Name, u32>,
    session_count: u32,
    /// Scopes: of plays by name, of sessions by number.
    scopes: HashMap<Result<Name, u32>, u32>,
}

/// Reads a whole file of lines. All times but dates count in units of which `per_second` make a
/// second.
pub(crate) fn read(bytes: &[u8], per_second: f64) -> Twin {
    let names = &*NAMES;
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
        } else if read_line(line, (per_second, names), &mut state, &mut twin).is_none() {
            twin.bad.push((twin.lines, offset));
            if twin.requests.is_empty() && !state.header && is_header(line, names) {
                twin.stopped = true;
                break;
            }
        }
        offset += piece.len() as u64;
    }
    twin.distinct = state.blocks.len();
    twin
}

const DESCRIBING: [Field; 5] =
    [Field::Schema, Field::Version, Field::BlockSize, Field::IdScope, Field::TimeUnit];
const OF_A_ROW: [Field; 8] = [
    Field::Input,
    Field::PromptOnly,
    Field::Output,
    Field::HashIds,
    Field::TokenIds,
    Field::BlockTokens,
    Field::Rows,
    Field::Inner,
];

fn is_header(line: &[u8], names: &Names) -> bool {
    let entries: Option<Entries> = serde_json::from_slice(line).ok();
    entries.is_some_and(|it| it.has(names, &DESCRIBING) && !it.has(names, &OF_A_ROW))
}

/// What a line says, if it says it well.
struct Line {
    time: Option<(f64, bool)>,
    input: Option<u32>,
    output: Option<u32>,
    block_size: Option<u32>,
    block_tokens: Option<Vec<u32>>,
    ids: Option<Vec<Name>>,
    session: Option<Name>,
    play: Option<Name>,
    parent: Option<Name>,
    local: Option<bool>,
    skipped: bool,
    is_header: bool,
}

/// The line, if every known key stands on it once and with a value that it may have.
fn parse(line: &[u8], names: &Names) -> Option<Line> {
    let entries: Entries = serde_json::from_slice(line).ok()?;
    let mut keys: Vec<&str> = entries.0.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    let of = |field| names.of(field);
    for field in [Field::Schema, Field::Kind] {
        for text in of(field).iter().filter_map(|key| entries.get(key)) {
            if text.starts_with('"') {
                serde_json::from_str::<String>(text).ok()?;
            }
        }
    }
    for field in [Field::Delay, Field::ToolWait, Field::DelayAfter] {
        entries.all(of(field), time)?;
    }
    entries.all(of(Field::TokenIds), lengths)?;
    entries.agreed(of(Field::TimeUnit), unit)?;
    let prompt_only = entries.agreed(of(Field::PromptOnly), length)?;
    let parent = entries.all(of(Field::ParentTurn), name)?.pop();
    let skips = FORMATS.iter().flat_map(|format| format.skipped);
    let ids = entries.agreed(of(Field::HashIds), ids)?;
    let describes = entries.has(names, &DESCRIBING) && !entries.has(names, &OF_A_ROW);
    Some(Line {
        time: entries.all(of(Field::Time), time)?.into_iter().next(),
        input: entries.agreed(of(Field::Input), length)?.or(prompt_only),
        output: entries.agreed(of(Field::Output), length)?,
        block_size: entries.agreed(of(Field::BlockSize), size)?,
        block_tokens: entries.all(of(Field::BlockTokens), lengths)?.pop(),
        is_header: ids.is_none() && describes,
        ids,
        session: entries.all(of(Field::Session), name)?.into_iter().next(),
        play: entries.all(of(Field::Play), name)?.pop(),
        parent: parent.filter(|parent| *parent != Name::Negative(-1)),
        local: entries.agreed(of(Field::IdScope), scope)?,
        skipped: skips.into_iter().any(|(key, kinds)| {
            let kind = entries.get(key);
            kinds.iter().any(|not| kind == Some(format!("\"{not}\"").as_str()))
        }),
    })
}

/// None for a bad line, which leaves no trace.
fn read_line(
    line: &[u8],
    (per_second, names): (f64, &Names),
    state: &mut State,
    twin: &mut Twin,
) -> Option<()> {
    let line = parse(line, names)?;
    if line.skipped {
        return Some(());
    }
    if line.is_header {
        if state.header && line.block_size.is_some() && line.block_size != state.size {
            return None;
        }
        state.header = true;
        state.size = state.size.or(line.block_size);
        state.local = line.local.or(state.local);
        return Some(());
    }
    let input = line.input.filter(|_| line.ids.is_some() || !state.ids)?;
    let local = line.local.or(state.local).unwrap_or(false);
    let count = line.ids.as_ref().map_or(0, Vec::len);
    let fits = line.block_size.is_none_or(|size| state.size.is_none_or(|before| before == size));
    let in_scope = !local || line.play.is_some() || line.session.is_some();
    let counted = line.block_tokens.as_ref().is_none_or(|tokens| tokens.len() == count);
    let tokens = line.block_tokens.unwrap_or_default();
    let ids = line.ids.as_deref().unwrap_or_default();
    if !fits || !in_scope || !counted || tokens.contains(&0) {
        return None;
    }
    if !local && !agrees_with_earlier(state, ids, &tokens) {
        return None;
    }
    state.size = state.size.or(line.block_size);
    let session = line.session.map(|name| session(state, name, line.parent));
    let scope = local.then(|| {
        let key = line.play.map_or_else(|| Err(session.expect("one of both is there")), Ok);
        let new = state.scopes.len() as u32;
        *state.scopes.entry(key).or_insert(new)
    });
    state.ids |= line.ids.is_some();
    let mut parent_block = None;
    let mut blocks = Vec::new();
    for id in line.ids.unwrap_or_default() {
        let new = state.blocks.len() as u32;
        let scope = scope.filter(|_| parent_block.is_none());
        let block = *state.blocks.entry((parent_block, scope, id)).or_insert(new);
        parent_block = Some(block);
        blocks.push(block);
    }
    state.tokens.extend(blocks.iter().copied().zip(tokens));
    let time = line.time.map(|(time, dated)| if dated { time } else { time / per_second });
    let arrival_s = time.unwrap_or(state.clock_s);
    state.clock_s = arrival_s;
    let output = line.output.unwrap_or(0);
    twin.requests.push(TwinRequest { arrival_s, input, output, session, blocks });
    Some(())
}

/// Whether blocks that earlier rows had have the tokens that those said.
fn agrees_with_earlier(state: &State, ids: &[Name], tokens: &[u32]) -> bool {
    let mut parent = None;
    for (id, tokens) in ids.iter().zip(tokens) {
        let Some(&block) = state.blocks.get(&(parent, None, id.clone())) else { break };
        if state.tokens.get(&block).is_some_and(|before| before != tokens) {
            return false;
        }
        parent = Some(block);
    }
    true
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
