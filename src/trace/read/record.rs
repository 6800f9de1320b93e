//! One record (a JSON object) to the rows in it: which fields they have, with every reason to
//! refuse them.
//!
//! Most records are one row. A session's record has rows nested in it, and those of sub-agents
//! nested in these; they come out in order of time.

use super::ids::{Ids, Run, Text, read_ids, read_name};
use super::json::Cursor;
use super::layout::Layout;
use super::problem::{LineError, Problem, Span};
use super::rare::agrees;
use super::row::{After, Row};
use super::shape::Shape;
use super::value::{self, Time};
use crate::columns::order;
use crate::trace::formats::{Field, Key, Vocabulary};

/// How deep objects with known keys may lie in one another. Deeper ones are skipped.
pub(super) const LEVELS: usize = 8;

/// What a record says. One value serves all records, so that nothing is allocated for each.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) all: Vocabulary,
    pub(super) layouts: [Layout; 3],
    /// What the records before had in common.
    pub(super) shape: Shape,
    /// The record itself; a request, unless it has rows.
    pub(super) row: Row,
    /// The rows nested in it, in order of time.
    pub(super) nested: Vec<Row>,
    pub(super) runs: Vec<Run>,
    pub(super) texts: String,
    pub(super) tokens: Vec<u32>,
    pub(super) after: Vec<After>,
    agents: u32,
    /// The version of its format; `u32::MAX` where it is no whole number.
    pub(super) version: Option<u32>,
    /// The latest kind of a row that is a request, as it stands there with its key.
    pub(super) request_kind: Vec<u8>,
}

impl Record {
    pub(super) fn new() -> Self {
        Self {
            all: Vocabulary::new(),
            layouts: Default::default(),
            shape: Shape::default(),
            row: Row::default(),
            nested: Vec::new(),
            runs: Vec::new(),
            texts: String::new(),
            tokens: Vec::new(),
            after: Vec::new(),
            agents: 0,
            version: None,
            request_kind: Vec::new(),
        }
    }

    /// What names mean.
    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.all
    }

    /// The text that stands in `span`.
    pub(super) fn text(&self, text: Text) -> &str {
        &self.texts[text.start..text.end]
    }

    pub(super) fn clear(&mut self) {
        self.nested.clear();
        self.runs.clear();
        self.texts.clear();
        self.tokens.clear();
        self.after.clear();
        self.agents = 0;
        self.version = None;
    }

    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.runs.capacity() * size_of::<Run>()
            + self.texts.capacity()
            + self.tokens.capacity() * size_of::<u32>()
            + self.nested.capacity() * size_of::<Row>()
            + self.after.capacity() * size_of::<After>()
            + self.shape.memory_bytes()
    }

    /// Reads the line that `bytes` start with, from byte `start` on. They hold a line end;
    /// returns where, and none for a blank line.
    pub(super) fn read(&mut self, bytes: &[u8], start: usize) -> Result<Option<usize>, LineError> {
        self.clear();
        if start == 0
            && let Some(end) = self.read_alike(bytes)
        {
            return Ok(Some(end));
        }
        self.clear();
        let mut cursor = Cursor { bytes, at: start };
        cursor.blanks();
        match cursor.byte() {
            b'{' => {}
            b'\n' => return Ok(None),
            _ => return cursor.error(Problem::NotAnObject),
        }
        self.row = self.object(&mut cursor, 0)?;
        if self.row.has_rows {
            self.enclose(0);
        }
        cursor.blanks();
        match cursor.byte() {
            b'\n' => {}
            _ => return cursor.error(Problem::Trailing),
        }
        if start == 0 {
            self.expect_alike(bytes);
        }
        Ok(Some(cursor.at))
    }

    /// Reads an object; the cursor is at its brace.
    pub(super) fn object(
        &mut self,
        cursor: &mut Cursor<'_>,
        level: usize,
    ) -> Result<Row, LineError> {
        cursor.at += 1;
        let mut row = Row::default();
        let mut inner: Option<Row> = None;
        let mut place = 0;
        let layout = level.min(self.layouts.len() - 1);
        while let Some((key, name)) = self.layouts[layout].key(place, cursor, &self.all)? {
            let told = |error: LineError| LineError { key: error.key.or(Some(name)), ..error };
            if key.field != Field::Other && row.seen.put(key.number) {
                return Err(told(LineError::new(name.0 - 1, Problem::Repeated)));
            }
            match key.field {
                Field::Other => cursor.skip_value()?,
                Field::Inner if cursor.byte() == b'{' && level < LEVELS => {
                    let object = self.object(cursor, level + 1)?;
                    inner.get_or_insert_default().take_over(&object);
                }
                Field::Rows if cursor.byte() == b'[' && level < LEVELS => {
                    row.has_rows = true;
                    self.rows(cursor, level + 1)?;
                }
                _ => self.field(&mut row, key, cursor, name).map_err(told)?,
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
        if let Some(inner) = inner {
            row.take_over(&inner);
        }
        row.input = row.input.or(row.prompt_only);
        Ok(row)
    }

    /// Reads an array of rows; the cursor is at its bracket.
    fn rows(&mut self, cursor: &mut Cursor<'_>, level: usize) -> Result<(), LineError> {
        let start = self.nested.len();
        cursor.at += 1;
        cursor.blanks();
        if cursor.byte() == b']' {
            cursor.at += 1;
            return Ok(());
        }
        loop {
            if cursor.byte() != b'{' {
                return cursor.error(Problem::Expected("an object, one of the session's rows"));
            }
            let within = self.nested.len();
            let row = self.object(cursor, level)?;
            if row.has_rows {
                self.agents += 1;
                for own in &mut self.nested[within..] {
                    own.agent = if own.agent == 0 { self.agents } else { own.agent };
                }
                place_in_time(&mut self.nested[within..], row.time);
            } else if !row.skipped {
                self.nested.push(row);
            }
            cursor.blanks();
            match cursor.byte() {
                b',' => cursor.at += 1,
                b']' => break,
                _ => return cursor.error(Problem::Expected("',' or ']'")),
            }
            cursor.blanks();
        }
        cursor.at += 1;
        let rows = &mut self.nested[start..];
        for at in 1..rows.len() {
            let before = rows[at - 1].delay_after;
            rows[at].delay = rows[at].delay.or(before);
        }
        Ok(())
    }

    /// Gives the rows of a session what the session's object says, and puts them in order.
    fn enclose(&mut self, start: usize) {
        let (session, rows) = (self.row, &mut self.nested[start..]);
        place_in_time(rows, session.time);
        rows.iter_mut().for_each(|row| row.inherit(&session));
        let time = |row: &Row| row.time.map_or(f64::INFINITY, |time| time.value);
        let timed = rows.iter().all(|row| row.time.is_some());
        if timed && !rows.is_sorted_by_key(time) {
            order::sort_by(rows, |a, b| time(a).total_cmp(&time(b)));
        }
    }

    /// Reads the value of a field; the cursor is at it, and its key's name at `name`.
    pub(super) fn field(
        &mut self,
        row: &mut Row,
        key: Key,
        cursor: &mut Cursor<'_>,
        name: Span,
    ) -> Result<(), LineError> {
        if cursor.byte() == b'n' && cursor.take(b"null") {
            return Ok(());
        }
        let at = cursor.at;
        let agrees = match key.field {
            Field::Time => {
                let time = value::time(cursor, key.unit)?;
                if row.time.is_none() || key.rank < row.time_rank {
                    (row.time, row.time_rank) = (Some(time), key.rank);
                }
                true
            }
            Field::Session => {
                let name = read_name(cursor, &mut self.texts, Problem::NotASession)?;
                if row.session.is_none() || key.rank < row.session_rank {
                    (row.session, row.session_rank) = (Some(name), key.rank);
                }
                true
            }
            Field::Input => agrees(&mut row.input, value::whole(cursor, u32::MAX)?),
            Field::Output => agrees(&mut row.output, value::whole(cursor, u32::MAX)?),
            Field::HashIds => self.ids(row, cursor)?,
            _ => self.rare_field(row, key, cursor, name)?,
        };
        if agrees { Ok(()) } else { Err(LineError::new(at, Problem::Disagrees)) }
    }

    /// Reads a list of ids. A second one must be the same.
    fn ids(&mut self, row: &mut Row, cursor: &mut Cursor<'_>) -> Result<bool, LineError> {
        let ids = read_ids(cursor, &mut self.runs, &mut self.texts)?;
        let Some(before) = row.ids else {
            row.ids = Some(ids);
            return Ok(true);
        };
        let runs = |ids: Ids| &self.runs[ids.runs.0..ids.runs.1];
        let same = |(own, other): (&Run, &Run)| match (own, other) {
            (Run::Text(own), Run::Text(other)) => self.text(*own) == self.text(*other),
            (own, other) => own == other,
        };
        let (own, other) = (runs(before), runs(ids));
        Ok(own.len() == other.len() && own.iter().zip(other).all(same))
    }
}

/// Rows whose object stands at `marker` count from there if one of them lies before it, and
/// otherwise from where the object itself counts; the first takes the marker if none has a time.
fn place_in_time(rows: &mut [Row], marker: Option<Time>) {
    let Some(marker) = marker else { return };
    let times = rows.iter().filter_map(|row| row.time);
    let Some(first) = times.map(|time| time.value).reduce(f64::min) else {
        if let Some(row) = rows.first_mut() {
            row.time = Some(marker);
        }
        return;
    };
    if first < marker.value {
        for time in rows.iter_mut().filter_map(|row| row.time.as_mut()) {
            time.value += marker.value;
        }
    }
}
