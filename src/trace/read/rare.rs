//! Fields that few formats have.

use super::ids::{Name, Text, read_name};
use super::json::Cursor;
use super::problem::{LineError, Problem, Span};
use super::record::{LEVELS, Record};
use super::row::{After, Row};
use super::value;
use crate::trace::formats::{FORMATS, Field, IdScope, Key, TimeUnit};

impl Record {
    /// The same for fields that few formats have. Returns whether it agrees with a value that
    /// another name of the field has.
    pub(super) fn rare_field(
        &mut self,
        row: &mut Row,
        key: Key,
        cursor: &mut Cursor<'_>,
        name: Span,
    ) -> Result<bool, LineError> {
        let at = cursor.at;
        match key.field {
            Field::PromptOnly => row.prompt_only = Some(value::whole(cursor, u32::MAX)?),
            Field::BlockSize => {
                (row.block_size_at, row.block_size_key) = (at, Some(name));
                return match value::whole(cursor, u32::MAX)? {
                    0 => Err(LineError::new(at, Problem::BlockSizeZero)),
                    size => Ok(agrees(&mut row.block_size, size)),
                };
            }
            Field::TimeUnit => {
                let unit = self.unit(cursor)?;
                return Ok(agrees(&mut row.time_unit, unit));
            }
            Field::IdScope => {
                let scope = self.scope(cursor)?;
                return Ok(agrees(&mut row.scope, scope));
            }
            Field::ParentTurn => {
                let parent = read_name(cursor, &mut self.texts, Problem::NotASession)?;
                row.parent_turn = Some(parent).filter(|&parent| parent != Name::Negative(-1));
            }
            Field::Play => row.play = Some(self.name(cursor)?),
            // Of `request_id` and `id` the first counts, and neither has to be a name.
            Field::Id if matches!(cursor.byte(), b'"' | b'0'..=b'9') && row.id.is_none() => {
                let mut ahead = *cursor;
                match self.name(&mut ahead) {
                    Ok(name) => (row.id, *cursor) = (Some(name), ahead),
                    Err(_) => cursor.skip_text()?,
                }
            }
            Field::Delay => row.delay = Some(value::delay(cursor, key.unit)?),
            Field::ToolWait => row.tool_wait = Some(value::delay(cursor, key.unit)?),
            Field::DelayAfter => row.delay_after = Some(value::delay(cursor, key.unit)?),
            Field::After => row.after = Some(self.waited_for(cursor)?),
            Field::BlockTokens => row.block_tokens = Some(self.numbers(cursor)?),
            Field::TokenIds => row.tokens = Some(self.numbers(cursor)?),
            Field::Schema if cursor.byte() == b'"' => {
                row.schema = Some(decoded(cursor, &mut self.texts)?);
            }
            Field::Version => {
                let mut ahead = *cursor;
                let whole = value::whole(&mut ahead, u32::MAX);
                self.version = Some(whole.unwrap_or(u32::MAX));
                cursor.skip_text()?;
            }
            Field::Kind if cursor.byte() == b'"' => {
                row.skipped |= self.is_skipped(cursor, name)?;
            }
            _ => cursor.skip_text()?,
        }
        Ok(true)
    }

    /// Reads the kind of a row; returns whether rows of this kind are no requests. Most rows are
    /// of the kind of the one before.
    fn is_skipped(&mut self, cursor: &mut Cursor<'_>, name: Span) -> Result<bool, LineError> {
        let mut ahead = *cursor;
        ahead.string()?;
        let text = &cursor.bytes[name.0..ahead.at];
        if self.request_kind == text {
            cursor.at = ahead.at;
            return Ok(false);
        }
        let kind = decoded(cursor, &mut self.texts)?;
        let (name, kind) = (&cursor.bytes[name.0..name.1], self.text(kind));
        let skipped = FORMATS
            .iter()
            .flat_map(|format| format.skipped)
            .any(|skip| skip.0.as_bytes() == name && skip.1.contains(&kind));
        if !skipped {
            self.request_kind.clear();
            self.request_kind.extend_from_slice(text);
        }
        Ok(skipped)
    }

    /// Reads the rows that must have finished before: names, or objects with a name and a delay.
    fn waited_for(&mut self, cursor: &mut Cursor<'_>) -> Result<Span, LineError> {
        let start = self.after.len();
        cursor.step(b'[', "a list of rows, by their names")?;
        cursor.blanks();
        while cursor.byte() != b']' || start < self.after.len() {
            let at = cursor.at;
            let after = if cursor.byte() == b'{' {
                let row = self.object(cursor, LEVELS)?;
                let name = row.id.ok_or_else(|| LineError::new(at, Problem::NotAName))?;
                After { name, delay: row.delay }
            } else {
                After { name: self.name(cursor)?, delay: None }
            };
            self.after.push(after);
            cursor.blanks();
            match cursor.byte() {
                b',' => cursor.at += 1,
                b']' => break,
                _ => return cursor.error(Problem::Expected("',' or ']'")),
            }
            cursor.blanks();
        }
        cursor.at += 1;
        Ok((start, self.after.len()))
    }

    /// Reads a list of whole numbers.
    fn numbers(&mut self, cursor: &mut Cursor<'_>) -> Result<Span, LineError> {
        let start = self.tokens.len();
        cursor.step(b'[', "a list of whole numbers")?;
        cursor.blanks();
        while cursor.byte() != b']' || start < self.tokens.len() {
            self.tokens.push(value::whole(cursor, u32::MAX)?);
            cursor.blanks();
            match cursor.byte() {
                b',' => cursor.at += 1,
                b']' => break,
                _ => return cursor.error(Problem::Expected("',' or ']'")),
            }
            cursor.blanks();
        }
        cursor.at += 1;
        Ok((start, self.tokens.len()))
    }

    fn name(&mut self, cursor: &mut Cursor<'_>) -> Result<Name, LineError> {
        read_name(cursor, &mut self.texts, Problem::NotAName)
    }

    fn unit(&mut self, cursor: &mut Cursor<'_>) -> Result<TimeUnit, LineError> {
        let at = cursor.at;
        let unit = match cursor.byte() {
            b'"' => {
                let text = decoded(cursor, &mut self.texts)?;
                TimeUnit::named(self.text(text))
            }
            _ => None,
        };
        unit.ok_or_else(|| LineError::new(at, Problem::NotAUnit))
    }

    fn scope(&mut self, cursor: &mut Cursor<'_>) -> Result<IdScope, LineError> {
        let at = cursor.at;
        let scope = match cursor.byte() {
            b'"' => {
                let text = decoded(cursor, &mut self.texts)?;
                match self.text(text) {
                    "global" => Some(IdScope::Global),
                    "local" => Some(IdScope::Local),
                    _ => None,
                }
            }
            _ => None,
        };
        scope.ok_or_else(|| LineError::new(at, Problem::NotAScope))
    }
}

fn decoded(cursor: &mut Cursor<'_>, texts: &mut String) -> Result<Text, LineError> {
    let start = texts.len();
    cursor.string()?.decode_into(texts)?;
    Ok(Text { start, end: texts.len() })
}

/// Sets `slot`, or tells whether it has this value already.
pub(super) fn agrees<T: PartialEq + Copy>(slot: &mut Option<T>, value: T) -> bool {
    *slot.get_or_insert(value) == value
}
