//! What trace files call things: field names, time units, and the schemas they add up to.

use serde::Serialize;

/// What a key of a trace line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Arrival time.
    Time,
    /// Prompt length in tokens.
    Input,
    /// Generated length in tokens.
    Output,
    /// The blocks, in prefix order.
    HashIds,
    /// Session, or the turn's own id where turns name their parent.
    Session,
    /// The turn before this one.
    ParentTurn,
    /// Tokens per block.
    BlockSize,
    /// Unit of the times.
    TimeUnit,
    /// Whether ids mean the same in every session.
    IdScope,
    /// Name of the format (header line).
    Schema,
    /// Version of the format (header line).
    Version,
    /// A whole session on one line.
    Requests,
    /// Anything else: skipped.
    Other,
}

/// A key that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// What it means.
    pub(super) field: Field,
    /// Its own number among all names of all fields, suffix included; below 128. Of two names
    /// of one field the smaller is preferred.
    pub(super) bit: u8,
    /// That bit alone.
    pub(super) mask: u128,
    /// The unit that the name's suffix states.
    pub(super) unit: Option<TimeUnit>,
}

/// Every name of every field, the preferred one first. A time may carry a suffix as well
/// ([`SUFFIXES`]).
const NAMES: &[(Field, &[&str])] = &[
    (Field::Time, &["timestamp", "time", "ts", "arrival_time", "created_time", "t"]),
    (
        Field::Input,
        &[
            "input_length",
            "input_tokens",
            "prompt_length",
            "prompt_tokens",
            "in",
            "input_len",
            "input_toks",
        ],
    ),
    (Field::Output, &["output_length", "output_tokens", "completion_tokens", "out"]),
    (Field::HashIds, &["hash_ids", "block_hashes", "keys", "hash_id"]),
    (Field::Session, &["session_id", "chat_id", "conversation_id"]),
    (Field::ParentTurn, &["parent_chat_id"]),
    (Field::BlockSize, &["block_size", "hash_id_block_size"]),
    (Field::TimeUnit, &["time_unit", "timestamp_unit"]),
    (Field::IdScope, &["hash_id_scope"]),
    (Field::Schema, &["schema"]),
    (Field::Version, &["version"]),
    (Field::Requests, &["requests"]),
];

/// Suffixes that state a time's unit.
const SUFFIXES: &[(&str, TimeUnit)] = &[
    ("_ms", TimeUnit::Milliseconds),
    ("_s", TimeUnit::Seconds),
    ("_us", TimeUnit::Microseconds),
    ("_ns", TimeUnit::Nanoseconds),
    ("_sec", TimeUnit::Seconds),
    ("_seconds", TimeUnit::Seconds),
];

impl Field {
    /// The number of its preferred name.
    pub(super) const fn first_bit(self) -> u8 {
        let mut bit = 0;
        let mut row = 0;
        while row < NAMES.len() && NAMES[row].0 as u8 != self as u8 {
            bit += name_count(NAMES[row].0, NAMES[row].1);
            row += 1;
        }
        bit
    }

    /// The bits of all its names.
    pub(super) fn bits(self) -> u128 {
        let names = NAMES
            .iter()
            .find(|&&(field, _)| field == self)
            .map_or(0, |&(field, names)| name_count(field, names));
        ((1 << names) - 1) << self.first_bit()
    }
}

const fn name_count(field: Field, names: &[&str]) -> u8 {
    let forms = if matches!(field, Field::Time) { 1 + SUFFIXES.len() } else { 1 };
    (names.len() * forms) as u8
}

impl Key {
    /// A key that means nothing here.
    pub(super) const OTHER: Self =
        Self { field: Field::Other, bit: 127, mask: 1 << 127, unit: None };

    /// What `name` means. Exact and case-sensitive.
    pub(super) fn named(name: &[u8]) -> Self {
        if let Some(key) = Self::plain(name, NAMES) {
            return key;
        }
        for (position, &(suffix, unit)) in (1_u8..).zip(SUFFIXES) {
            if let Some(stem) = name.strip_suffix(suffix.as_bytes())
                && let Some(key) = Self::plain(stem, &NAMES[..1])
            {
                let bit = key.bit + position * NAMES[0].1.len() as u8;
                return Self { bit, mask: 1 << bit, unit: Some(unit), ..key };
            }
        }
        Self::OTHER
    }

    fn plain(name: &[u8], table: &[(Field, &[&str])]) -> Option<Self> {
        table.iter().find_map(|&(field, names)| {
            let position = names.iter().position(|known| known.as_bytes() == name)?;
            let bit = field.first_bit() + position as u8;
            Some(Self { field, bit, mask: 1 << bit, unit: None })
        })
    }
}

/// Unit of a trace's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl TimeUnit {
    /// Every unit, the longest first.
    pub const ALL: [Self; 4] =
        [Self::Seconds, Self::Milliseconds, Self::Microseconds, Self::Nanoseconds];

    /// How many of this unit make a second.
    pub fn per_second(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Milliseconds => 1e3,
            Self::Microseconds => 1e6,
            Self::Nanoseconds => 1e9,
        }
    }

    /// The short name, as used in traces and in configurations.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Microseconds => "us",
            Self::Nanoseconds => "ns",
        }
    }

    /// The unit that `name` stands for: a symbol or an English word.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "s" | "sec" | "second" | "seconds" => Self::Seconds,
            "ms" | "msec" | "millisecond" | "milliseconds" => Self::Milliseconds,
            "us" | "usec" | "microsecond" | "microseconds" => Self::Microseconds,
            "ns" | "nsec" | "nanosecond" | "nanoseconds" => Self::Nanoseconds,
            _ => return None,
        })
    }
}

/// The family a trace file belongs to, told by its keys and never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Schema {
    /// `timestamp`, `input_length`, `output_length`, `hash_ids`.
    Mooncake,
    /// Mooncake behind a header line with schema, version or block size.
    Dynamo,
    /// Mooncake with `chat_id` and `parent_chat_id`; content ids, seconds.
    QwenBailian,
    /// A `block_size` on each line, times optional.
    KvCacheAi,
    /// Mooncake with `hash_id_block_size` (AIPerf, guidellm, vLLM).
    AiPerf,
    /// Some other mixture of known names.
    Aliases,
}

impl Schema {
    /// What to call it in front of people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Mooncake => "Mooncake",
            Self::Dynamo => "Dynamo (Mooncake with a header line)",
            Self::QwenBailian => "Qwen-Bailian",
            Self::KvCacheAi => "KVCache.AI minimal",
            Self::AiPerf => "AIPerf (Mooncake with hash_id_block_size)",
            Self::Aliases => "lines with known field names",
        }
    }

    /// The unit that the schema's definition states for unmarked times. `whole` says that
    /// every time seen was a whole number.
    pub(super) fn time_unit(self, whole: bool) -> Option<TimeUnit> {
        match self {
            Self::Mooncake if whole => Some(TimeUnit::Milliseconds),
            Self::Dynamo => Some(TimeUnit::Milliseconds),
            Self::QwenBailian => Some(TimeUnit::Seconds),
            Self::Mooncake | Self::KvCacheAi | Self::AiPerf | Self::Aliases => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_two_keys_share_a_name() {
        let mut seen = 0_u128;
        for &(field, names) in NAMES {
            let suffixes: &[(&str, TimeUnit)] = if field == Field::Time { SUFFIXES } else { &[] };
            for suffix in std::iter::once("").chain(suffixes.iter().map(|(suffix, _)| *suffix)) {
                for name in names {
                    let key = Key::named(format!("{name}{suffix}").as_bytes());
                    assert_eq!(key.field, field, "{name}{suffix}");
                    assert_eq!(seen & 1 << key.bit, 0, "{name}{suffix} has its own bit");
                    assert_ne!(field.bits() & 1 << key.bit, 0, "{name}{suffix} is the field's");
                    seen |= 1 << key.bit;
                }
            }
            assert_eq!(seen & field.bits(), field.bits(), "no bit to spare");
        }
        assert_eq!(seen & 1 << Key::OTHER.bit, 0);
    }

    #[test]
    fn a_suffix_states_the_unit_of_a_time_and_of_nothing_else() {
        assert_eq!(Key::named(b"timestamp_ms").unit, Some(TimeUnit::Milliseconds));
        assert_eq!(Key::named(b"t_s").unit, Some(TimeUnit::Seconds));
        assert_eq!(Key::named(b"arrival_time_seconds").unit, Some(TimeUnit::Seconds));
        assert_eq!(Key::named(b"input_length_ms"), Key::OTHER);
        assert_eq!(Key::named(b"Timestamp"), Key::OTHER);
        assert_eq!(Key::named(b""), Key::OTHER);
        assert_ne!(Key::named(b"time_s").bit, Key::named(b"ts").bit);
    }
}
