//! Lines in exactly Mooncake's layout, read without asking what could stand there.
//!
//! Once the file has told what it is, its lines are predicted from one another: the same keys with
//! the same blanks. What is not as predicted goes the general way, with the same result.

use super::TraceReader;
use super::blocks::put_blocks;
use super::container::Container;
use super::decide::Meta;
use super::ids::{Ids, Run};
use super::list::{self, COMPACT, SPACED, after, number};
use super::value::Time;
use crate::model::Request;
use crate::trace::Log;
use crate::trace::formats::{IdScope, RowsAre, TimeUnit};

/// What stands between the values of a line.
struct Spacing {
    timestamp: &'static [u8],
    input: &'static [u8],
    output: &'static [u8],
    ids: &'static [u8],
}

/// As others write JSON, with a gap of one byte between ids, and as Python does, with two.
const SPACINGS: [Spacing; 2] = [
    Spacing {
        timestamp: b"{\"timestamp\":",
        input: b",\"input_length\":",
        output: b",\"output_length\":",
        ids: b",\"hash_ids\":[",
    },
    Spacing {
        timestamp: b"{\"timestamp\": ",
        input: b", \"input_length\": ",
        output: b", \"output_length\": ",
        ids: b", \"hash_ids\": [",
    },
];
const END: &[u8] = b"]}\n";

/// The state of predicting.
#[derive(Clone, Debug, Default)]
pub(super) struct Predicted {
    /// The unit of the times on predicted lines; none while nothing is predicted.
    unit: Option<TimeUnit>,
    /// The latest line that was as predicted had no blanks.
    compact: bool,
}

impl Predicted {
    /// Whether lines are predicted.
    pub(super) fn is_on(&self) -> bool {
        self.unit.is_some()
    }
}

/// A line that was as predicted.
#[derive(Clone, Copy)]
struct Line {
    time: u64,
    input: u32,
    output: u32,
    ids: usize,
    /// Where it ends.
    end: usize,
    /// It has no blanks.
    compact: bool,
}

impl TraceReader {
    /// Whether lines can be predicted: everything is decided, and nothing says that ids or times
    /// mean anything but themselves.
    pub(super) fn predict(&mut self) {
        let header = self.header.unwrap_or_default();
        let plain = matches!(self.container, Some(Container::Lines))
            && self.options.id_scope.or(header.scope) != Some(IdScope::Local)
            && self.options.rows != Some(RowsAre::Delta)
            && self.tokens_of.is_empty()
            && self.told.ids;
        let unit = self.report.time_unit.as_ref().map(|unit| unit.value);
        let unit = self.options.time_unit.or(header.time_unit).or(unit);
        self.predicted.unit = unit.filter(|_| plain && self.report.block_size.is_some());
    }

    /// Reads the line that `bytes` start with, if it is as predicted; returns where it ends.
    #[inline]
    pub(super) fn read_predicted(&mut self, bytes: &[u8], out: &mut Log) -> Option<usize> {
        let unit = self.predicted.unit?;
        let runs = &mut self.record.runs;
        let line = match self.predicted.compact {
            true => read::<COMPACT>(bytes, runs).or_else(|| read::<SPACED>(bytes, runs)),
            false => read::<SPACED>(bytes, runs).or_else(|| read::<COMPACT>(bytes, runs)),
        }?;
        self.predicted.compact = line.compact;
        if line.end > self.options.max_line_bytes
            || self.interner.room() < line.ids
            || self.report.requests >= u64::from(u32::MAX)
        {
            return None;
        }
        let time = Time { value: line.time as f64, unit: Some(unit), dated: false };
        let meta = Meta {
            line: self.report.lines + 1,
            time: Some(time),
            delay: None,
            tool_wait: None,
            after: (0, 0),
            input: line.input,
            ids: line.ids as u32,
            no_output: false,
            joined: false,
            block_size: None,
        };
        let mut request = Request {
            index: self.report.requests as u32,
            arrival_s: 0.0,
            input_tokens: line.input,
            output_tokens: line.output,
            session: Request::NO_SESSION,
        };
        self.told_scope(false, false);
        self.add(&request, &meta);
        self.warn_of(&meta, self.size);
        request.arrival_s = self.arrival_s(&meta, Request::NO_SESSION);
        let ids = Ids { runs: (0, self.record.runs.len()), count: line.ids, grouped: false };
        let (record, interner) = (&self.record, &mut self.interner);
        out.push_with(request, |path| {
            put_blocks(record, interner, (ids, None), path.len(), path);
        });
        Some(line.end)
    }
}

/// The line that `bytes` start with, its ids in `runs`, if it is as predicted.
#[inline(never)]
fn read<const GAP: usize>(bytes: &[u8], runs: &mut Vec<Run>) -> Option<Line> {
    let spacing = &SPACINGS[GAP - 1];
    let at = after(bytes, 0, spacing.timestamp)?;
    let (time, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.input)?;
    let (input, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.output)?;
    let (output, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.ids)?;
    runs.clear();
    let (ids, at) = list::read::<GAP>(bytes, at, runs)?;
    let at = after(bytes, at, END)?;
    let (input, output) = (u32::try_from(input).ok()?, u32::try_from(output).ok()?);
    Some(Line { time, input, output, ids, end: at - 1, compact: GAP == COMPACT })
}
