//! One line to one [`Line`]: which fields it has, with every reason to refuse it.

use super::ids::{Name, Run, Text, read_ids, read_string_name};
use super::json::Cursor;
use super::layout::Layout;
use super::problem::{LineError, Problem, Span};
use crate::trace::formats::{FIELDS, Field, Key, TimeUnit};

/// A time as the line has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Time {
    pub(super) value: f64,
    /// Written without point and exponent.
    pub(super) whole: bool,
    /// The unit, if the line states it.
    pub(super) unit: Option<TimeUnit>,
}

/// What a line says. One value serves all lines, so that nothing is allocated per line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) time: Option<Time>,
    pub(super) input: Option<u32>,
    pub(super) output: Option<u32>,
    pub(super) session: Option<Name>,
    pub(super) parent_turn: Option<Name>,
    pub(super) block_size: Option<u32>,
    /// A unit for this line's times, or a header's for all.
    pub(super) time_unit: Option<TimeUnit>,
    /// Text of `schema`.
    pub(super) schema: Option<Text>,
    /// How many ids there are; none if there is no list.
    pub(super) ids: Option<usize>,
    pub(super) runs: Vec<Run>,
    pub(super) texts: String,
    /// Per field, one bit for each of its names that stands on the line.
    pub(super) seen: [u64; FIELDS],
    /// Per field, the name whose value was taken.
    taken: [u8; FIELDS],
    /// Where the block size and its key stand.
    pub(super) block_size_at: usize,
    pub(super) block_size_key: Option<Span>,
}

impl Line {
    fn clear(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        let mut texts = std::mem::take(&mut self.texts);
        texts.clear();
        *self = Self { runs, texts, ..Self::default() };
    }

    /// Whether the line names this field, be it with null.
    pub(super) fn has(&self, field: Field) -> bool {
        self.seen[field as usize] != 0
    }

    /// Whether the line names this field by its preferred name.
    pub(super) fn has_preferred(&self, field: Field) -> bool {
        self.seen[field as usize] & 1 != 0
    }

    /// The time, with the unit that the line states in one way or the other.
    pub(super) fn time_with_unit(&self) -> Option<Time> {
        self.time.map(|time| Time { unit: time.unit.or(self.time_unit), ..time })
    }

    /// Reads the line that `bytes` start with, from byte `start` on. They hold a line end;
    /// returns where, and none for a blank line.
    pub(super) fn read(
        &mut self,
        bytes: &[u8],
        start: usize,
        layout: &mut Layout,
    ) -> Result<Option<usize>, LineError> {
        self.clear();
        let mut cursor = Cursor { bytes, at: start };
        cursor.blanks();
        match cursor.byte() {
            b'{' => cursor.at += 1,
            b'\n' => return Ok(None),
            b'[' => return cursor.error(Problem::Array),
            0xfe | 0xff | 0 => return cursor.error(Problem::OtherEncoding),
            0x1f | 0x28 if is_compressed(&bytes[cursor.at..]) => {
                return cursor.error(Problem::Compressed);
            }
            _ => return cursor.error(Problem::NotAnObject),
        }
        let mut place = 0;
        while let Some((key, name)) = layout.key(place, &mut cursor)? {
            if key.field == Field::Other {
                cursor.skip_value()?;
            } else {
                let result = self.field(key, &mut cursor, name);
                result.map_err(|error| LineError { key: Some(name), ..error })?;
            }
            cursor.blanks();
            match cursor.byte() {
                b',' => cursor.at += 1,
                b'}' => break,
                _ => return cursor.error(Problem::Expected("',' or '}'")),
            }
            place += 1;
        }
        cursor.at += 1;
        cursor.blanks();
        match cursor.byte() {
            b'\n' => Ok(Some(cursor.at)),
            _ => cursor.error(Problem::Trailing),
        }
    }

    /// Reads the value of a field; the cursor is at it, and its key's name at `name`.
    #[inline]
    fn field(&mut self, key: Key, cursor: &mut Cursor<'_>, name: Span) -> Result<(), LineError> {
        let field = key.field as usize;
        let again = self.seen[field] != 0;
        if self.seen[field] >> key.name & 1 == 1 {
            return Err(LineError::new(name.0 - 1, Problem::Repeated));
        }
        self.seen[field] |= 1 << key.name;
        if cursor.byte() == b'n' && cursor.take(b"null") {
            return Ok(());
        }
        let at = cursor.at;
        let differs = match key.field {
            Field::Time => {
                let time = read_time(cursor, key.unit)?;
                return self.prefer(key, again, |line| line.time = Some(time));
            }
            Field::Session => {
                let name = self.read_name(cursor)?;
                return self.prefer(key, again, |line| line.session = Some(name));
            }
            Field::Input => differs(&mut self.input, cursor.whole(u64::from(u32::MAX))? as u32),
            Field::Output => differs(&mut self.output, cursor.whole(u64::from(u32::MAX))? as u32),
            Field::BlockSize => {
                self.block_size_at = at;
                self.block_size_key = Some(name);
                match cursor.whole(u64::from(u32::MAX))? as u32 {
                    0 => return Err(LineError::new(at, Problem::BlockSizeZero)),
                    size => differs(&mut self.block_size, size),
                }
            }
            Field::HashIds if self.ids.is_some() => true,
            Field::HashIds => {
                self.ids = Some(read_ids(cursor, &mut self.runs, &mut self.texts)?);
                false
            }
            Field::TimeUnit => {
                let unit = self.read_unit(cursor)?;
                differs(&mut self.time_unit, unit)
            }
            Field::ParentTurn => {
                self.parent_turn = match cursor.take(b"-1") {
                    true => None,
                    false => Some(self.read_name(cursor)?),
                };
                false
            }
            Field::IdScope => self.read_scope(cursor)?,
            Field::Schema if cursor.byte() == b'"' => {
                self.schema = Some(self.read_text(cursor)?);
                false
            }
            Field::Schema | Field::Version | Field::Requests | Field::Other => {
                cursor.skip_value()?;
                false
            }
        };
        if differs { Err(LineError::new(at, Problem::Disagrees)) } else { Ok(()) }
    }

    /// Takes a value unless one with a preferred name was taken.
    fn prefer(
        &mut self,
        key: Key,
        again: bool,
        take: impl FnOnce(&mut Self),
    ) -> Result<(), LineError> {
        let taken = &mut self.taken[key.field as usize];
        if !again || key.name < *taken {
            *taken = key.name;
            take(self);
        }
        Ok(())
    }

    fn read_text(&mut self, cursor: &mut Cursor<'_>) -> Result<Text, LineError> {
        let start = self.texts.len();
        cursor.string()?.decode_into(&mut self.texts)?;
        Ok(Text { start, end: self.texts.len() })
    }

    fn read_name(&mut self, cursor: &mut Cursor<'_>) -> Result<Name, LineError> {
        if matches!(cursor.byte(), b'-' | b'0'..=b'9') {
            return Ok(Name::Number(cursor.whole(u64::MAX)?));
        }
        if cursor.byte() != b'"' {
            return cursor.error(Problem::NotASession);
        }
        read_string_name(cursor, &mut self.texts)
    }

    fn read_unit(&mut self, cursor: &mut Cursor<'_>) -> Result<TimeUnit, LineError> {
        let at = cursor.at;
        if cursor.byte() == b'"' {
            let text = self.read_text(cursor)?;
            if let Some(unit) = TimeUnit::named(&self.texts[text.start..text.end]) {
                return Ok(unit);
            }
        }
        Err(LineError::new(at, Problem::NotAUnit))
    }

    /// Reads the scope of ids and refuses any but the global one.
    fn read_scope(&mut self, cursor: &mut Cursor<'_>) -> Result<bool, LineError> {
        let at = cursor.at;
        if cursor.byte() == b'"' {
            let text = self.read_text(cursor)?;
            if &self.texts[text.start..text.end] == "global" {
                return Ok(false);
            }
        }
        Err(LineError::new(at, Problem::IdScope))
    }
}

/// Sets `slot`, or tells whether it has another value already.
fn differs<T: PartialEq + Copy>(slot: &mut Option<T>, value: T) -> bool {
    *slot.get_or_insert(value) != value
}

fn read_time(cursor: &mut Cursor<'_>, unit: Option<TimeUnit>) -> Result<Time, LineError> {
    let at = cursor.at;
    if !matches!(cursor.byte(), b'-' | b'0'..=b'9') {
        return cursor.error(Problem::NotATime);
    }
    let number = cursor.number()?;
    let short = number.whole && number.text.len() < 19 && !number.text.starts_with('-');
    let value = if short {
        // Below 10^18: read as a whole number, and rounded once like the general way does.
        let digits = Cursor { bytes: number.text.as_bytes(), at: 0 }.digits().1;
        digits.unwrap_or_default() as f64
    } else {
        number.text.parse().unwrap_or(f64::INFINITY)
    };
    if value.is_sign_negative() {
        return Err(LineError::new(at, Problem::NegativeTime));
    }
    if value.is_infinite() {
        return Err(LineError::new(at, Problem::InfiniteTime));
    }
    Ok(Time { value, whole: number.whole, unit })
}

/// Starts like gzip or zstd data.
fn is_compressed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"\x28\xb5\x2f\xfd")
}
