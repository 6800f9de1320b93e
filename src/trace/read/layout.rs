//! Which key stands where: the lines of a trace look alike, so each key is first compared with
//! the text that stood in its place on the line before. The same bytes mean the same key.

use super::json::Cursor;
use super::problem::{LineError, Problem, Span};
use crate::trace::formats::{Key, Vocabulary};

/// The longest text remembered: blanks, key in quotes, colon, blanks.
const TEXT: usize = 48;
/// How many places are remembered.
const PLACES: usize = 24;

#[derive(Clone, Copy, Debug)]
struct Shape {
    text: [u8; TEXT],
    len: u8,
    /// Where the name stands in the text.
    name: (u8, u8),
    key: Key,
}

/// The keys of the lines before, by place.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    shapes: [Shape; PLACES],
    scratch: String,
}

impl Default for Layout {
    fn default() -> Self {
        let none = Shape { text: [0; TEXT], len: 0, name: (0, 0), key: Key::OTHER };
        Self { shapes: [none; PLACES], scratch: String::new() }
    }
}

impl Layout {
    /// Reads the key number `place` of an object, up to its value: what it means, and where its
    /// name stands. None at the end of an object without keys.
    #[inline]
    pub(super) fn key(
        &mut self,
        place: usize,
        cursor: &mut Cursor<'_>,
        all: &Vocabulary,
    ) -> Result<Option<(Key, Span)>, LineError> {
        let start = cursor.at;
        if let Some(shape) = self.shapes.get(place)
            && shape.len > 0
            && cursor.bytes[start..].starts_with(&shape.text[..usize::from(shape.len)])
            // The blanks must end where they ended before.
            && !matches!(
                cursor.bytes.get(start + usize::from(shape.len)),
                Some(b' ' | b'\t' | b'\r')
            )
        {
            cursor.at = start + usize::from(shape.len);
            let (name_start, name_end) = shape.name;
            let name = (start + usize::from(name_start), start + usize::from(name_end));
            return Ok(Some((shape.key, name)));
        }
        self.learn(place, cursor, all)
    }

    fn learn(
        &mut self,
        place: usize,
        cursor: &mut Cursor<'_>,
        all: &Vocabulary,
    ) -> Result<Option<(Key, Span)>, LineError> {
        let start = cursor.at;
        cursor.blanks();
        if cursor.byte() == b'}' && place == 0 {
            return Ok(None);
        }
        if cursor.byte() != b'"' {
            return cursor.error(Problem::Expected("a key in quotes"));
        }
        let token = cursor.string()?;
        let name = (token.at, token.at + token.raw.len());
        self.scratch.clear();
        token.decode_into(&mut self.scratch)?;
        let key = all.key(self.scratch.as_bytes());
        cursor.colon()?;
        let text = &cursor.bytes[start..cursor.at];
        if text.len() <= TEXT
            && let Some(shape) = self.shapes.get_mut(place)
        {
            shape.text[..text.len()].copy_from_slice(text);
            shape.len = text.len() as u8;
            shape.name = ((name.0 - start) as u8, (name.1 - start) as u8);
            shape.key = key;
        }
        Ok(Some((key, name)))
    }
}
