//! The slow twin of the trace reader: serde_json, hash maps and no cleverness.
//!
//! It takes a whole file of lines at once and says which lines are requests, with which blocks,
//! and which are bad. It does not decide units or block sizes: tests set both by hand. Names it
//! takes from the table of formats; what they mean is written again here.

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
enum Name {
    Number(u64),
    Negative(i64),
    Text(String),
}

/// An object's keys in order, with their values' text; only those that are known, unless `ALL`.
struct Keys<const ALL: bool>(Vec<(String, String)>);

type Entries = Keys<false>;

/// Units in seconds, by suffix, in the order in which suffixes are preferred.
const SUFFIXES: [&str; 7] = ["", "_ms", "_s", "_us", "_ns", "_sec", "_seconds"];
const GROUPS: [&str; 5] = ["sys_prompt", "passages_ids", "history", "web_search", "user_input"];
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

/// What stands between the quotes, if this is a string.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// A number as JSON writes it, or such a number in quotes.
fn number(text: &str) -> Option<f64> {
    let text = quoted(text).map_or(text, |inner| inner.trim_matches([' ', '\t']));
    let raw: &RawValue = serde_json::from_str(text).ok()?;
    let begins = raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit());
    (begins && raw.get() == text).then(|| text.parse().ok())?
}

fn length(text: &str) -> Option<u32> {
    let value = number(text)?;
    let fits = value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value);
    fits.then_some(value as u32)
}

fn lengths(text: &str) -> Option<Vec<u32>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    items.iter().map(|item| length(item.get())).collect()
}

fn size(text: &str) -> Option<u32> {
    length(text).filter(|&size| size > 0)
}

/// A time, and whether it is a date.
fn time(text: &str) -> Option<(f64, bool)> {
    let value = match (number(text), quoted(text)) {
        (Some(value), _) => (value, false),
        (None, Some(inner)) => (date(inner.trim_matches([' ', '\t']))?, true),
        (None, None) => return None,
    };
    (value.0.is_sign_positive() && value.0.is_finite()).then_some(value)
}

/// `2025-07-01T10:00:00.5+02:00`, by counting days one after the other.
fn date(text: &str) -> Option<f64> {
    let (day, clock) = (text.get(..10)?, text.get(11..)?);
    if !["T", "t", " "].contains(&text.get(10..11)?) {
        return None;
    }
    let digits = |text: &str, count: usize| {
        let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<i64>().ok())?
    };
    let mut parts = day.split('-');
    let mut next = |count| digits(parts.next()?, count);
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let month_days = |year: i64, month: i64| match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if year < 1971 || !(1..=month_days(year, month)).contains(&day) {
        return None;
    }
    let before = (1970..year).flat_map(|year| (1..=12).map(move |month| month_days(year, month)));
    let this = (1..month).map(|month| month_days(year, month));
    let days = before.sum::<i64>() + this.sum::<i64>() + day - 1;
    let colons = clock.get(2..3)? == ":" && clock.get(5..6)? == ":";
    let (hour, minute) = (digits(clock.get(..2)?, 2)?, digits(clock.get(3..5)?, 2)?);
    let (second, mut rest) = (digits(clock.get(6..8)?, 2)?, clock.get(8..)?);
    if !colons || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut fraction = 0.0;
    if let Some(more) = rest.strip_prefix('.') {
        let end = more.find(|c: char| !c.is_ascii_digit()).unwrap_or(more.len());
        fraction = format!("0.{}", &more[..end]).parse().ok().filter(|_| end > 0)?;
        rest = &more[end..];
    }
    let east = match rest {
        "" | "Z" | "z" => 0,
        _ => {
            let sign = if rest.starts_with('-') { -1 } else { 1 };
            let bare = rest.strip_prefix(['+', '-'])?;
            let (hours, minutes) = match bare.len() {
                2 => (bare, "00"),
                4 => bare.split_at(2),
                5 => bare.split_once(':')?,
                _ => return None,
            };
            sign * (digits(hours, 2)? * 60 + digits(minutes, 2)?)
        }
    };
    Some((((days * 24 + hour) * 60 + minute - east) * 60 + second) as f64 + fraction)
}

fn name(text: &str) -> Option<Name> {
    let whole = |text: &str| match (text.parse::<u64>(), text.parse::<i64>()) {
        (Ok(number), _) => Some(Name::Number(number)),
        (_, Ok(0)) => Some(Name::Number(0)),
        (_, Ok(number)) => Some(Name::Negative(number)),
        _ => None,
    };
    if !text.starts_with('"') {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        return if plain { whole(text) } else { None };
    }
    let text: String = serde_json::from_str(text).ok()?;
    let canonical = match whole(&text) {
        Some(Name::Number(number)) => number.to_string() == text,
        Some(Name::Negative(number)) => number.to_string() == text,
        _ => false,
    };
    if canonical { whole(&text) } else { Some(Name::Text(text)) }
}

fn list(text: &str) -> Option<Vec<Name>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    items.iter().map(|item| name(item.get())).collect()
}

/// Ids, plain or in groups.
fn ids(text: &str) -> Option<Vec<Name>> {
    if text.starts_with('[') {
        return list(text);
    }
    let groups: Keys<true> = serde_json::from_str(text).ok()?;
    let raw: HashMap<&str, &str> = groups.0.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    if raw.len() != groups.0.len() || raw.keys().any(|key| !GROUPS.contains(key)) {
        return None;
    }
    let mut all = Vec::new();
    for group in GROUPS {
        for id in raw.get(group).map_or(Some(Vec::new()), |text| list(text))? {
            let id = match id {
                Name::Number(number) => number.to_string(),
                Name::Negative(number) => number.to_string(),
                Name::Text(text) => text,
            };
            all.push(Name::Text(format!("{group}:{id}")));
        }
    }
    Some(all)
}

fn unit(text: &str) -> Option<()> {
    let text: String = serde_json::from_str(text).ok()?;
    kvscope::trace::TimeUnit::named(&text).map(|_| ())
}

/// Whether ids are local.
fn scope(text: &str) -> Option<bool> {
    match serde_json::from_str::<String>(text).ok()?.as_str() {
        "global" => Some(false),
        "local" => Some(true),
        _ => None,
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
    sessions: HashMap<Name, u32>,
    session_count: u32,
    session_clock_s: HashMap<u32, f64>,
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

/// None for a bad line, which leaves no trace.
fn read_line(
    line: &[u8],
    (per_second, names): (f64, &Names),
    state: &mut State,
    twin: &mut Twin,
) -> Option<()> {
    let entries: Entries = serde_json::from_slice(line).ok()?;
    let mut keys: Vec<&str> = entries.0.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    let block_tokens = entries.all(names.of(Field::BlockTokens), lengths)?.pop();
    entries.all(names.of(Field::TokenIds), lengths)?;
    for delay in [Field::Delay, Field::ToolWait, Field::DelayAfter] {
        entries.all(names.of(delay), time)?;
    }
    let time = entries.all(names.of(Field::Time), time)?.into_iter().next();
    let prompt_only = entries.agreed(names.of(Field::PromptOnly), length)?;
    let input = entries.agreed(names.of(Field::Input), length)?.or(prompt_only);
    let output = entries.agreed(names.of(Field::Output), length)?;
    let block_size = entries.agreed(names.of(Field::BlockSize), size)?;
    entries.agreed(names.of(Field::TimeUnit), unit)?;
    let ids = entries.agreed(names.of(Field::HashIds), ids)?;
    let sessions = entries.all(names.of(Field::Session), name)?;
    let play = entries.all(names.of(Field::Play), name)?.pop();
    let parent = entries.all(names.of(Field::ParentTurn), name)?.pop();
    let parent = parent.filter(|parent| *parent != Name::Negative(-1));
    let local = entries.agreed(names.of(Field::IdScope), scope)?;
    for text in names.of(Field::Schema).iter().filter_map(|key| entries.get(key)) {
        if text.starts_with('"') {
            serde_json::from_str::<String>(text).ok()?;
        }
    }
    let skipped = FORMATS.iter().flat_map(|format| format.skipped).any(|(key, kinds)| {
        let kind = entries.get(key).filter(|text| text.starts_with('"'));
        kind.is_some_and(|kind| kinds.iter().any(|not| format!("\"{not}\"") == kind))
    });
    for text in names.of(Field::Kind).iter().filter_map(|key| entries.get(key)) {
        if text.starts_with('"') {
            serde_json::from_str::<String>(text).ok()?;
        }
    }
    if skipped {
        return Some(());
    }
    if ids.is_none() && entries.has(names, &DESCRIBING) && !entries.has(names, &OF_A_ROW) {
        if state.header && block_size.is_some() && block_size != state.size {
            return None;
        }
        state.header = true;
        state.size = state.size.or(block_size);
        state.local = local.or(state.local);
        return Some(());
    }
    let input = input.filter(|_| ids.is_some() || !state.ids)?;
    if block_size.is_some_and(|size| state.size.is_some_and(|before| before != size)) {
        return None;
    }
    let local = local.or(state.local).unwrap_or(false);
    if local && play.is_none() && sessions.is_empty() {
        return None;
    }
    let count = ids.as_ref().map_or(0, Vec::len);
    if block_tokens.as_ref().is_some_and(|tokens| tokens.len() != count) {
        return None;
    }
    state.size = state.size.or(block_size);
    let session = sessions.into_iter().next().map(|name| session(state, name, parent));
    let scope = local.then(|| {
        let key = play.map_or_else(|| Err(session.expect("one of both is there")), Ok);
        let new = state.scopes.len() as u32;
        *state.scopes.entry(key).or_insert(new)
    });
    state.ids |= ids.is_some();
    let mut parent_block = None;
    let mut blocks = Vec::new();
    for id in ids.unwrap_or_default() {
        let new = state.blocks.len() as u32;
        let scope = scope.filter(|_| parent_block.is_none());
        let block = *state.blocks.entry((parent_block, scope, id)).or_insert(new);
        parent_block = Some(block);
        blocks.push(block);
    }
    let time = time.map(|(time, dated)| if dated { time } else { time / per_second });
    let arrival_s = time.unwrap_or(state.clock_s);
    if let (Some(session), Some(time)) = (session, time) {
        state.session_clock_s.insert(session, time);
    }
    state.clock_s = arrival_s;
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
