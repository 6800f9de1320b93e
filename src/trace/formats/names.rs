//! What the keys of a trace mean: every name of every format, gathered from the table.

use super::{FORMATS, Lengths, TimeUnit};

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Arrival time.
    Time,
    /// Prompt length in tokens.
    Input,
    /// The same in logs that have no outputs; yields to [`Field::Input`].
    PromptOnly,
    /// Generated length in tokens.
    Output,
    /// The blocks, in prefix order.
    HashIds,
    /// The tokens themselves, in order.
    TokenIds,
    /// Session, or the turn's own id where turns name their parent.
    Session,
    /// A replay of sessions that belong together: the scope of local ids.
    Play,
    /// The turn before this one.
    ParentTurn,
    /// A name of the row, or of the session where rows are nested in it.
    Id,
    /// How long after the session's last row has finished this one comes.
    Delay,
    /// How long a tool takes before this row comes, on top of any delay.
    ToolWait,
    /// How long after this row has finished the session's next one comes.
    DelayAfter,
    /// Rows that must have finished before.
    After,
    /// Tokens per block.
    BlockSize,
    /// The tokens of each block.
    BlockTokens,
    /// Unit of the times.
    TimeUnit,
    /// Whether ids mean the same in every session.
    IdScope,
    /// Name of the format.
    Schema,
    /// Version of the format (header line).
    Version,
    /// The rows of a session.
    Rows,
    /// An object whose keys count as the row's own.
    Inner,
    /// What kind of row it is: some formats have others beside requests.
    Kind,
    /// Anything else: skipped.
    Other,
}

impl Field {
    /// What to call it in front of people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Time => "arrival time",
            Self::Input | Self::PromptOnly => "prompt length",
            Self::Output => "output length",
            Self::HashIds => "block ids",
            Self::TokenIds => "token ids",
            Self::Session => "session",
            Self::Play => "play",
            Self::ParentTurn => "turn before",
            Self::Id => "name of the row",
            Self::Delay => "delay in a session",
            Self::ToolWait => "wait for a tool",
            Self::DelayAfter => "delay of the next row",
            Self::After => "rows waited for",
            Self::BlockSize => "block size",
            Self::BlockTokens => "tokens of each block",
            Self::TimeUnit => "time unit",
            Self::IdScope => "scope of ids",
            Self::Schema => "schema",
            Self::Version => "version",
            Self::Rows => "rows of a session",
            Self::Inner => "inner object",
            Self::Kind => "kind of row",
            Self::Other => "other",
        }
    }

    /// Whether a suffix of its names may state a unit of time.
    fn is_timed(self) -> bool {
        matches!(self, Self::Time | Self::Delay | Self::ToolWait | Self::DelayAfter)
    }
}

/// Suffixes that state a time's unit.
const SUFFIXES: &[(&str, TimeUnit)] = &[
    ("_ms", TimeUnit::Milliseconds),
    ("_s", TimeUnit::Seconds),
    ("_us", TimeUnit::Microseconds),
    ("_ns", TimeUnit::Nanoseconds),
    ("_sec", TimeUnit::Seconds),
    ("_seconds", TimeUnit::Seconds),
];

/// A key that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::trace) struct Key {
    /// What it means.
    pub(in crate::trace) field: Field,
    /// Its own number among all names of all fields, suffix included.
    pub(in crate::trace) number: u8,
    /// Of two names of one field the one of lower rank is preferred.
    pub(in crate::trace) rank: u16,
    /// The unit that the name's suffix states.
    pub(in crate::trace) unit: Option<TimeUnit>,
}

impl Key {
    /// A key that means nothing here.
    pub(in crate::trace) const OTHER: Self =
        Self { field: Field::Other, number: u8::MAX, rank: u16::MAX, unit: None };
}

/// A set of names, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::trace) struct Names([u64; 4]);

impl Names {
    /// Adds a name; returns whether it was there already.
    pub(in crate::trace) fn put(&mut self, number: u8) -> bool {
        let (word, mask) = (usize::from(number / 64), 1_u64 << (number % 64));
        let was = self.0[word] & mask != 0;
        self.0[word] |= mask;
        was
    }

    /// Adds all of `other`.
    pub(in crate::trace) fn join(&mut self, other: &Self) {
        for (own, more) in self.0.iter_mut().zip(other.0) {
            *own |= more;
        }
    }

    /// Whether any of `other` is there.
    pub(in crate::trace) fn meet(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(own, other)| own & other != 0)
    }

    /// Whether all of `other` are there.
    pub(in crate::trace) fn hold(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(own, other)| own & other == other)
    }
}

/// Every name of every field, in the order of the table of formats.
#[derive(Clone, Debug)]
pub(in crate::trace) struct Vocabulary {
    rows: Vec<(&'static str, Key)>,
    next: usize,
}

impl Vocabulary {
    /// Gathers the table's names; a name that stands in several rows counts once.
    pub(in crate::trace) fn new() -> Self {
        let mut all = Self { rows: Vec::new(), next: 0 };
        for format in FORMATS {
            for lengths in format.lengths {
                match *lengths {
                    Lengths::Pair(input, output) => {
                        all.add(Field::Input, input);
                        all.add(Field::Output, output);
                    }
                    Lengths::PromptOnly(input) => all.add(Field::PromptOnly, input),
                }
            }
            for &(field, names) in format.names {
                names.iter().for_each(|name| all.add(field, name));
            }
        }
        all
    }

    fn add(&mut self, field: Field, name: &'static str) {
        if self.rows.iter().any(|(known, _)| *known == name) {
            return;
        }
        let rank = self.rows.len() as u16;
        let number = u8::try_from(self.next).expect("fewer than 255 names");
        self.rows.push((name, Key { field, number, rank, unit: None }));
        self.next += if field.is_timed() { 1 + SUFFIXES.len() } else { 1 };
    }

    /// What `name` means. Exact and case-sensitive.
    pub(in crate::trace) fn key(&self, name: &[u8]) -> Key {
        let plain = |name: &[u8]| {
            self.rows.iter().find(|(known, _)| known.as_bytes() == name).map(|&(_, key)| key)
        };
        if let Some(key) = plain(name) {
            return key;
        }
        for (place, &(suffix, unit)) in (1_u8..).zip(SUFFIXES) {
            if let Some(stem) = name.strip_suffix(suffix.as_bytes())
                && let Some(key) = plain(stem)
                && key.field.is_timed()
            {
                // A name without a suffix is preferred to all that have one.
                let rank = key.rank + u16::from(place) * 256;
                return Key { number: key.number + place, rank, unit: Some(unit), ..key };
            }
        }
        Key::OTHER
    }

    /// The names of a field, without suffixes.
    pub(in crate::trace) fn names(&self, field: Field) -> impl Iterator<Item = &'static str> {
        self.rows.iter().filter(move |(_, key)| key.field == field).map(|&(name, _)| name)
    }

    /// The set of these names, all of which are in the table.
    pub(in crate::trace) fn set(&self, names: &[&str]) -> Names {
        let mut set = Names::default();
        for name in names {
            let key = self.key(name.as_bytes());
            assert_ne!(key, Key::OTHER, "{name} stands in no row's names");
            set.put(key.number);
        }
        set
    }

    /// The set of all names of these fields, with all their suffixes.
    pub(in crate::trace) fn fields(&self, fields: &[Field]) -> Names {
        let mut set = Names::default();
        for &(_, key) in self.rows.iter().filter(|(_, key)| fields.contains(&key.field)) {
            let forms = if key.field.is_timed() { 1 + SUFFIXES.len() as u8 } else { 1 };
            for number in key.number..key.number + forms {
                set.put(number);
            }
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_two_keys_share_a_number() {
        let all = Vocabulary::new();
        let mut seen = Names::default();
        for &(name, key) in &all.rows {
            let suffixes: &[(&str, TimeUnit)] = if key.field.is_timed() { SUFFIXES } else { &[] };
            for suffix in std::iter::once("").chain(suffixes.iter().map(|(suffix, _)| *suffix)) {
                let found = all.key(format!("{name}{suffix}").as_bytes());
                assert_eq!(found.field, key.field, "{name}{suffix}");
                assert!(!seen.put(found.number), "{name}{suffix} has its own number");
            }
        }
        assert!(all.next < usize::from(Key::OTHER.number));
    }

    #[test]
    fn a_suffix_states_the_unit_of_a_time_and_of_nothing_else() {
        let all = Vocabulary::new();
        let unit = |name: &str| all.key(name.as_bytes()).unit;
        assert_eq!(unit("timestamp_ms"), Some(TimeUnit::Milliseconds));
        assert_eq!(unit("t_s"), Some(TimeUnit::Seconds));
        assert_eq!(unit("arrival_time_seconds"), Some(TimeUnit::Seconds));
        assert_eq!(unit("delay_ms"), Some(TimeUnit::Milliseconds));
        for other in ["input_length_ms", "TimeStamp", "", "time_ms_s"] {
            assert_eq!(all.key(other.as_bytes()), Key::OTHER, "{other}");
        }
        assert!(all.key(b"ts").rank < all.key(b"time_s").rank);
    }

    #[test]
    fn sets_know_what_they_hold() {
        let all = Vocabulary::new();
        let lengths = all.set(&["input_length", "output_length"]);
        assert!(all.fields(&[Field::Input, Field::Output]).hold(&lengths));
        assert!(!all.fields(&[Field::Input]).hold(&lengths));
        assert!(all.fields(&[Field::Input]).meet(&lengths));
        assert!(all.fields(&[Field::Time]).hold(&all.set(&["timestamp_ns", "t"])));
    }
}
