//! One line to one [`Line`]: which fields it has, with every reason to refuse it.

use super::ids::{Name, Run, Text, read_ids, read_string_name};
use super::json::Cursor;
use super::layout::Layout;
use super::problem::{LineError, Problem, Span};
use crate::trace::formats::{Field, Key, TimeUnit};

/// A time as the line has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Time {
    pub(super) value: f64,
    /// Written without point and exponent.
    pub(super) whole: bool,
    /// The unit, if the line states it.
    pub(super) unit: Option<TimeUnit>,
}

/// The names that stand on a Mooncake line.
const MOONCAKE: u128 = 1 << Field::Time.first_bit()
    | 1 << Field::Input.first_bit()
    | 1 << Field::Output.first_bit()
    | 1 << Field::HashIds.first_bit();

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
    /// One bit for each name that stands on the line, see [`Key::bit`].
    seen: u128,
    /// Which of their names the time and the session were taken from.
    time_name: u8,
    session_name: u8,
    /// Where the block size and its key stand.
    pub(super) block_size_at: usize,
    pub(super) block_size_key: Option<Span>,
}

impl Line {
    fn clear(&mut self) {
        self.time = None;
        self.input = None;
        self.output = None;
        self.session = None;
        self.parent_turn = None;
        self.block_size = None;
        self.time_unit = None;
        self.schema = None;
        self.ids = None;
        self.seen = 0;
        self.texts.clear();
    }

    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.runs.capacity() * size_of::<Run>() + self.texts.capacity()
    }

    /// Whether the line names this field, be it with null.
    pub(super) fn has(&self, field: Field) -> bool {
        self.seen & field.bits() != 0
    }

    /// Whether the line names this field by its preferred name.
    pub(super) fn has_preferred(&self, field: Field) -> bool {
        self.seen & 1 << field.first_bit() != 0
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
        if let Some(end) = self.read_mooncake(bytes, start) {
            return Ok(Some(end));
        }
        self.clear();
        self.read_any(Cursor { bytes, at: start }, layout)
    }

    /// Reads a line in exactly the layout of the published Mooncake traces, to the same result
    /// as [`read_any`](Self::read_any) has; none if it is anything else.
    fn read_mooncake(&mut self, bytes: &[u8], start: usize) -> Option<usize> {
        let mut cursor = Cursor { bytes, at: start };
        let length = |cursor: &mut Cursor<'_>| u32::try_from(cursor.try_whole()?).ok();
        cursor.take(b"{\"timestamp\": ").then_some(())?;
        let time = cursor.try_whole()?;
        cursor.take(b", \"input_length\": ").then_some(())?;
        self.input = Some(length(&mut cursor)?);
        cursor.take(b", \"output_length\": ").then_some(())?;
        self.output = Some(length(&mut cursor)?);
        cursor.take(b", \"hash_ids\": ").then_some(())?;
        self.ids = Some(read_ids(&mut cursor, &mut self.runs, &mut self.texts).ok()?);
        cursor.take(b"}\n").then_some(())?;
        self.time = Some(Time { value: time as f64, whole: true, unit: None });
        self.seen = MOONCAKE;
        Some(cursor.at - 1)
    }

    fn read_any(
        &mut self,
        mut cursor: Cursor<'_>,
        layout: &mut Layout,
    ) -> Result<Option<usize>, LineError> {
        cursor.blanks();
        match cursor.byte() {
            b'{' => cursor.at += 1,
            b'\n' => return Ok(None),
            b'[' => return cursor.error(Problem::Array),
            0xfe | 0xff | 0 => return cursor.error(Problem::OtherEncoding),
            0x1f | 0x28 if is_compressed(&cursor.bytes[cursor.at..]) => {
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
        if self.seen & key.mask != 0 {
            return Err(LineError::new(name.0 - 1, Problem::Repeated));
        }
        self.seen |= key.mask;
        if cursor.byte() == b'n' && cursor.take(b"null") {
            return Ok(());
        }
        let at = cursor.at;
        let differs = match key.field {
            Field::Time => {
                let time = read_time(cursor, key.unit)?;
                if self.time.is_none() || key.bit < self.time_name {
                    (self.time, self.time_name) = (Some(time), key.bit);
                }
                false
            }
            Field::Session => {
                let name = self.read_name(cursor)?;
                if self.session.is_none() || key.bit < self.session_name {
                    (self.session, self.session_name) = (Some(name), key.bit);
                }
                false
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
    if let Some(value) = cursor.try_whole() {
        return Ok(Time { value: value as f64, whole: true, unit });
    }
    let number = cursor.number()?;
    let value: f64 = number.text.parse().unwrap_or(f64::INFINITY);
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
