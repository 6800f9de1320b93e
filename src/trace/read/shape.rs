//! Records like those before them: the same keys, and the same text between their values.
//!
//! Most records of most files are. Their keys need not be looked for then, and each value is read
//! by what reads it anywhere, in the same order; so that the same comes out. A record that is not
//! as expected is read again from its start, as if nobody had expected anything.

use super::json::Cursor;
use super::newline;
use super::record::Record;
use super::row::Row;
use crate::trace::formats::{Field, Key, Names};

/// The most text between values, and the most values, of a record that others are compared with.
const MOST_TEXT: usize = 2048;
const MOST_VALUES: usize = 64;

/// So many records on end must differ before another one is taken for what they look like.
const PATIENCE: u8 = 3;
/// The most records that are read without being compared, in a file in which they all differ.
const LONGEST_REST: u32 = 255;

/// What the records before had in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// What stands before each value and behind the last, up to the line's end; one behind the
    /// other.
    text: Vec<u8>,
    /// Its values; none while nothing is known.
    values: Vec<Value>,
    /// The names of all its keys.
    seen: Names,
    /// How many records on end were other ones.
    differed: u8,
    /// How many records are still read without being compared, and how many it was the last time.
    rest: u32,
    last_rest: u32,
}

/// One value of a record.
#[derive(Clone, Copy, Debug)]
struct Value {
    key: Key,
    /// Where the text before it ends.
    end: u16,
    /// Where its key's name stands, counted back from the value.
    name: (u16, u16),
}

impl Shape {
    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.text.capacity() + self.values.capacity() * size_of::<Value>()
    }

    /// Adds text between values; none if that is too much.
    fn put(&mut self, text: &[u8]) -> Option<()> {
        if MOST_TEXT < self.text.len() + text.len() {
            return None;
        }
        self.text.extend_from_slice(text);
        Some(())
    }

    /// A record was as expected.
    fn agreed(&mut self) {
        (self.differed, self.last_rest) = (0, 0);
    }

    /// A record was not. In a file in which none is like another, ever fewer are compared.
    fn disagreed(&mut self) {
        self.differed += 1;
        if self.differed == PATIENCE {
            self.last_rest = (2 * self.last_rest + 1).min(LONGEST_REST);
            (self.differed, self.rest) = (0, self.last_rest);
            self.values.clear();
        }
    }
}

impl Record {
    /// Reads the line that `bytes` start with, if it is like those before; returns where it ends.
    #[inline]
    pub(super) fn read_alike(&mut self, bytes: &[u8]) -> Option<usize> {
        if self.shape.values.is_empty() {
            return None;
        }
        let end = self.values(bytes);
        match end {
            Some(_) => self.shape.agreed(),
            None => self.shape.disagreed(),
        }
        end
    }

    /// The same where something is expected.
    fn values(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut cursor = Cursor { bytes, at: 0 };
        let mut row = Row { seen: self.shape.seen, ..Row::default() };
        let mut start = 0;
        for at in 0..self.shape.values.len() {
            let Value { key, end, name } = self.shape.values[at];
            let text = &self.shape.text[start..usize::from(end)];
            start = usize::from(end);
            if !cursor.bytes[cursor.at..].starts_with(text) {
                return None;
            }
            cursor.at += text.len();
            if key.field == Field::Other {
                cursor.skip_value().ok()?;
                continue;
            }
            let name = (cursor.at - usize::from(name.0), cursor.at - usize::from(name.1));
            self.field(&mut row, key, &mut cursor, name).ok()?;
        }
        if !cursor.bytes[cursor.at..].starts_with(&self.shape.text[start..]) {
            return None;
        }
        row.input = row.input.or(row.prompt_only);
        self.row = row;
        Some(cursor.at + self.shape.text.len() - start - 1)
    }

    /// Takes the line that `bytes` start with, which was read as one record, for what others look
    /// like, if nothing else is expected. Not one with objects in it whose keys mean something.
    #[inline]
    pub(super) fn expect_alike(&mut self, bytes: &[u8]) {
        if self.shape.values.is_empty() {
            match self.shape.rest {
                0 => self.learn(bytes),
                _ => self.shape.rest -= 1,
            }
        }
    }

    #[cold]
    fn learn(&mut self, bytes: &[u8]) {
        self.shape.text.clear();
        self.shape.seen = Names::default();
        if self.take_shape(bytes).is_none() {
            self.shape.values.clear();
            self.shape.disagreed();
        }
    }

    /// Takes down the shape of a line that was read; none of one that is left to others.
    fn take_shape(&mut self, bytes: &[u8]) -> Option<()> {
        let mut cursor = Cursor { bytes, at: 0 };
        cursor.blanks();
        cursor.at += 1;
        let (mut start, mut place) = (0, 0);
        while let Some((key, name)) = self.layouts[0].key(place, &mut cursor, &self.all).ok()? {
            let shape = &mut self.shape;
            shape.put(&bytes[start..cursor.at])?;
            let is_full = MOST_VALUES == shape.values.len();
            if is_full || matches!(key.field, Field::Inner | Field::Rows) {
                return None;
            }
            if key.field != Field::Other {
                shape.seen.put(key.number);
            }
            let name = ((cursor.at - name.0) as u16, (cursor.at - name.1) as u16);
            shape.values.push(Value { key, end: shape.text.len() as u16, name });
            cursor.skip_value().ok()?;
            start = cursor.at;
            cursor.blanks();
            cursor.at += 1;
            if bytes[cursor.at - 1] == b'}' {
                break;
            }
            place += 1;
        }
        let end = newline(bytes, cursor.at);
        self.shape.put(&bytes[start..=end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QWEN: [&str; 3] = [
        r#"{"chat_id": 159, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 521,
 "output_length": 132, "type": "text", "turn": 1, "hash_ids": [1089, 1090, 1091, 6326, 13148]}"#,
        r#"{"chat_id": 1600, "parent_chat_id": 159, "timestamp": 62, "input_length": 21,
 "output_length": 9, "type": "search", "turn": 2, "hash_ids": [1089, 99, 100, 7]}"#,
        r#"{"chat_id": "x", "parent_chat_id": 1600, "timestamp": 6.5, "input_length": "21",
 "output_length": null, "type": "\u0066ile", "turn": {"a": [1]}, "hash_ids": ["0xff", -3]}"#,
    ];
    const BLOCKS: [&str; 2] = [
        r#"{"block_size":16,"ts":0,"hash_ids":[7],"input_length":9,"block_tokens":[9],"x":null}"#,
        r#"{"block_size":16,"ts":1.5,"hash_ids":[7,8],"input_length":20,"block_tokens":[16,4],
"x":1}"#,
    ];
    const AGENTS: [&str; 2] = [
        r#" { "play_id" : "p", "request_id" : "a", "delay_ms" : 1 , "isl" : 5, "keys" : [ ] } "#,
        r#" { "play_id" : "q", "request_id" : 7, "delay_ms" : 2.5 , "isl" : 55,
 "keys" : ["\u00e9"] } "#,
    ];

    const LOOKUPS: [&str; 2] = [
        r#"{"timestamp":1,"hash_ids":["a","b"],"seq_len":512,"extra":{"hash_ids":[1]}}"#,
        r#"{"timestamp":2,"hash_ids":["a"],"seq_len":51,"extra":[true,false,"\""]}"#,
    ];

    /// As they stand above, on one line.
    fn line(text: &str) -> String {
        text.replace('\n', "") + "\n"
    }

    fn told(record: &Record) -> String {
        let Record { row, nested, runs, texts, tokens, after, version, .. } = record;
        format!("{row:?} {nested:?} {runs:?} {texts:?} {tokens:?} {after:?} {version:?}")
    }

    #[test]
    fn a_record_like_the_one_before_says_what_it_says_otherwise() {
        for lines in [&QWEN[..], &BLOCKS, &AGENTS, &LOOKUPS] {
            let lines: Vec<String> = lines.iter().map(|text| line(text)).collect();
            for (first, second) in lines.iter().flat_map(|a| lines.iter().map(move |b| (a, b))) {
                let mut record = Record::new();
                record.read(first.as_bytes(), 0).unwrap();
                let mut general = record.clone();
                general.shape = Shape::default();
                let end = general.read(second.as_bytes(), 0).unwrap();
                record.clear();
                assert_eq!(record.read_alike(format!("{second}{first}").as_bytes()), end);
                assert_eq!(told(&record), told(&general));
            }
        }
    }

    #[test]
    fn another_record_is_not_taken_for_one_of_these() {
        let line = line(QWEN[0]);
        for (from, to) in [
            ("chat_id", "chat_ie"),
            ("\": 159", "\":159"),
            (", \"turn\"", ",\"turn\""),
            ("159", " 159"),
            ("521", "521.5"),
            ("[1089", "{1089"),
            ("]}", "]} "),
            ("]}", "], \"x\": 1}"),
            ("\"turn\": 1", "\"turn\": 01"),
        ] {
            let mut record = Record::new();
            record.read(line.as_bytes(), 0).unwrap();
            let other = line.replacen(from, to, 1);
            assert_eq!(record.read_alike(other.as_bytes()), None, "{other}");
            assert!(record.read_alike(line.as_bytes()).is_some(), "one is an exception");
        }
    }

    #[test]
    fn what_most_lines_look_like_is_learnt_anew_and_none_of_what_never_comes_again() {
        let mut record = Record::new();
        let mut compared = |line: String| {
            let known = !record.shape.values.is_empty();
            record.read(line.as_bytes(), 0).unwrap();
            known && record.shape.differed == 0 && record.shape.last_rest == 0
        };
        let line = |name: usize| format!("{{\"x{name}\": 1, \"in\": 2, \"hash_ids\": [3]}}\n");
        assert!(!compared(line(0)) && compared(line(0)));
        // One line behind those that are not waited for is learnt.
        let learnt = (0..8).filter(|_| compared(line(1))).count();
        assert_eq!(learnt, 8 - usize::from(PATIENCE) - 1);
        let tried = (2..3_000).filter(|&name| {
            let known = !record.shape.values.is_empty();
            record.read(line(name).as_bytes(), 0).unwrap();
            known
        });
        assert!((10..100).contains(&tried.count()));
        // Rows within it, and more text or values than are compared.
        let nested = "{\"requests\": [{\"in\": 1, \"hash_ids\": [1]}]}\n";
        let blanks = format!("{}{}", " ".repeat(MOST_TEXT), line(1));
        let keys: String = (0..MOST_VALUES).map(|key| format!(", \"{key}\": 0")).collect();
        let long = format!("{{\"in\": 1, \"hash_ids\": [1]{keys}}}\n");
        for other in [nested, &blanks, &long] {
            let mut record = Record::new();
            record.read(other.as_bytes(), 0).unwrap();
            assert_eq!(record.read_alike(other.as_bytes()), None);
            assert!(record.shape.memory_bytes() < 3 * MOST_TEXT);
        }
    }
}
