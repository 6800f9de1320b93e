//! The line that describes the others, and may come again where files were joined.

use super::TraceReader;
use super::decide::Seen;
use super::json::Cursor;
use super::problem::{LineError, Problem};
use super::row::Row;
use crate::trace::formats::{FORMATS, Field, IdScope, Names, TimeUnit};
use crate::trace::report::WarningKind;

/// What the header line says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) block_size: Option<u32>,
    pub(super) time_unit: Option<TimeUnit>,
    pub(super) scope: Option<IdScope>,
}

/// Fields of which a header has one at least.
const DESCRIBING: [Field; 5] =
    [Field::Schema, Field::Version, Field::BlockSize, Field::IdScope, Field::TimeUnit];
/// Fields of which a header has none.
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

impl TraceReader {
    /// Whether a record with these names describes others.
    pub(super) fn is_header(&self, seen: &Names) -> bool {
        let all = self.record.vocabulary();
        seen.meet(&all.fields(&DESCRIBING)) && !seen.meet(&all.fields(&OF_A_ROW))
    }

    /// Takes over what the header says. One that comes later must not contradict the first.
    pub(super) fn take_header(
        &mut self,
        row: &Row,
        number: u64,
        end: usize,
    ) -> Result<(), LineError> {
        let Row { block_size, time_unit, scope, .. } = *row;
        let before = self.header.unwrap_or_default();
        let again = Header {
            block_size: block_size.or(before.block_size),
            time_unit: time_unit.or(before.time_unit),
            scope: scope.or(before.scope),
        };
        let text = row.schema.map_or("", |text| self.record.text(text));
        let text: String = text.chars().take(64).collect();
        if self.header.is_some() {
            // Its size is that of every block; the rest holds for the rows behind it.
            if block_size.is_some() && block_size != before.block_size {
                let problem = Problem::OtherHeader { before: before.block_size };
                return Err(LineError { at: row.block_size_at.min(end), key: None, problem });
            }
        } else {
            self.report.header = Some(text.clone());
            self.stated_block_size = self.stated_block_size.or(block_size);
        }
        if self.told.schema.is_empty() {
            self.told.schema = text;
        }
        self.header = Some(again);
        self.report.header_lines += 1;
        self.check_version(row, number);
        self.predict();
        Ok(())
    }

    /// Notes where the record just read states a version that is not known, by its number or at
    /// the end of its schema's name. What is known of its names is read all the same.
    pub(super) fn check_version(&mut self, row: &Row, number: u64) {
        let schema = row.schema.map_or("", |text| self.record.text(text));
        let (stem, ending) = match schema.rsplit_once(".v") {
            Some((stem, digits)) => (stem, digits.parse().ok()),
            None => (schema, None),
        };
        let is_known = |version: u32| {
            FORMATS.iter().any(|format| {
                format.versions.contains(&version)
                    && format.schemas.iter().any(|known| stem.starts_with(known))
            })
        };
        if !self.record.version.or(ending).is_none_or(is_known) {
            self.report.warn(WarningKind::UnknownVersion, number);
        }
    }

    /// Whether the refused `line` is a header, whose rows must not be served without it.
    #[cold]
    pub(super) fn describes(&self, line: &[u8], error: &LineError) -> bool {
        if let Problem::OtherHeader { .. } = error.problem {
            return true;
        }
        if self.report.requests > 0 || self.header.is_some() {
            return false;
        }
        let text = [line, b"\n"].concat();
        let mut cursor = Cursor { bytes: &text, at: 0 };
        names_on(&mut cursor, self.record.vocabulary())
            .is_some_and(|seen| self.is_header(&seen.names))
    }
}

/// The names that stand on a line which is an object at least in form.
fn names_on(cursor: &mut Cursor<'_>, all: &crate::trace::formats::Vocabulary) -> Option<Seen> {
    let mut seen = Seen::default();
    cursor.each_key(|name| {
        let key = all.key(name);
        if key.field != Field::Other {
            seen.names.put(key.number);
        }
    })?;
    Some(seen)
}
