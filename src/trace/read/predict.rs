//! Lines in exactly Mooncake's layout, read without asking what could stand there.
//!
//! Once the file has told what it is, its lines are predicted from one another: the same keys with
//! the same blanks, and an id that is mostly the one before plus 1, which is compared as text. What
//! is not as predicted goes the general way, with the same result.

use super::TraceReader;
use super::container::Container;
use super::decide::Meta;
use super::json::{digit_count, digits_value};
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
    separator: &'static [u8],
}

/// As Python writes JSON, and as others do.
const SPACED: Spacing = Spacing {
    timestamp: b"{\"timestamp\": ",
    input: b", \"input_length\": ",
    output: b", \"output_length\": ",
    ids: b", \"hash_ids\": [",
    separator: b", ",
};
const COMPACT: Spacing = Spacing {
    timestamp: b"{\"timestamp\":",
    input: b",\"input_length\":",
    output: b",\"output_length\":",
    ids: b",\"hash_ids\":[",
    separator: b",",
};
const END: &[u8] = b"]}\n";

/// The state of predicting.
#[derive(Clone, Debug, Default)]
pub(super) struct Predicted {
    /// The unit of the times on predicted lines; none while nothing is predicted.
    unit: Option<TimeUnit>,
    /// The latest line that was as predicted had no blanks.
    compact: bool,
    /// The line's ids as runs: the first of each, and how many.
    runs: Vec<(u64, usize)>,
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
        let runs = &mut self.predicted.runs;
        let line = match self.predicted.compact {
            true => read(bytes, &COMPACT, runs).or_else(|| read(bytes, &SPACED, runs)),
            false => read(bytes, &SPACED, runs).or_else(|| read(bytes, &COMPACT, runs)),
        }?;
        self.predicted.compact = bytes[COMPACT.timestamp.len()] != b' ';
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
        let (interner, runs) = (&mut self.interner, &self.predicted.runs);
        out.push_with(request, |path| {
            let start = path.len();
            for &(first, count) in runs {
                interner.extend_run(path, start, first, count);
            }
        });
        Some(line.end)
    }
}

/// The line that `bytes` start with, its ids in `runs`, if it is as predicted.
#[inline(always)]
fn read(bytes: &[u8], spacing: &Spacing, runs: &mut Vec<(u64, usize)>) -> Option<Line> {
    let at = after(bytes, 0, spacing.timestamp)?;
    let (time, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.input)?;
    let (input, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.output)?;
    let (output, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.ids)?;
    runs.clear();
    let at = read_ids(bytes, at, spacing.separator, runs)?;
    let at = after(bytes, at, END)?;
    let ids = runs.iter().map(|&(_, count)| count).sum();
    let (input, output) = (u32::try_from(input).ok()?, u32::try_from(output).ok()?);
    Some(Line { time, input, output, ids, end: at - 1 })
}

/// Where `text` ends, if it stands at `at`.
#[inline(always)]
fn after(bytes: &[u8], at: usize, text: &[u8]) -> Option<usize> {
    let end = at + text.len();
    (bytes.get(at..end)? == text).then_some(end)
}

/// Ten to the power of so many digits.
const TENS: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The number at `at`, and where it ends. None also close to the end of the bytes.
#[inline(always)]
fn number(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let first = word(bytes, at)?;
    let count = digit_count(first);
    let value = digits_value(first, count);
    if count < 8 {
        // No digit, or a 0 before others, is no number.
        let plain = count > 0 && (count == 1 || bytes[at] != b'0');
        return plain.then_some((value, at + count as usize));
    }
    let more = word(bytes, at + 8)?;
    let count = digit_count(more);
    if bytes[at] == b'0' {
        return None;
    }
    if count < 8 {
        let value = value * TENS[count as usize] + digits_value(more, count);
        return Some((value, at + 8 + count as usize));
    }
    let value = value * 100_000_000 + digits_value(more, 8);
    let last = word(bytes, at + 16)?;
    let count = digit_count(last);
    if count > 4 {
        return None;
    }
    let value = value.checked_mul(TENS[count as usize])?;
    Some((value.checked_add(digits_value(last, count))?, at + 16 + count as usize))
}

/// The eight bytes at `at`, the first one lowest.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

/// Reads ids from `at` on up to the closing bracket, where it returns.
#[inline(always)]
fn read_ids(
    bytes: &[u8],
    at: usize,
    separator: &[u8],
    runs: &mut Vec<(u64, usize)>,
) -> Option<usize> {
    let mut at = at;
    if bytes.get(at) == Some(&b']') {
        return Some(at);
    }
    loop {
        let start = at;
        let (id, end) = number(bytes, at)?;
        let (next, more) = match after(bytes, end, separator) {
            Some(next) if next - start <= 8 => successors(bytes, (start, end, next))?,
            Some(next) => (next, 0),
            None => (end, 0),
        };
        match runs.last_mut() {
            Some((first, count)) if first.wrapping_add(*count as u64) == id => *count += 1 + more,
            _ => runs.push((id, 1 + more)),
        }
        if next == end {
            return (bytes.get(end) == Some(&b']')).then_some(end);
        }
        at = next;
    }
}

/// How many numbers follow that in `start..end` one by one, each with a separator behind it as it
/// has: the next one begins at `at`, at most 8 bytes from `start`. Also where they end.
#[inline(always)]
fn successors(bytes: &[u8], (start, end, at): (usize, usize, usize)) -> Option<(usize, usize)> {
    let (len, mut at, mut count) = (at - start, at, 0);
    let mask = u64::MAX >> (64 - 8 * len);
    let one = 1 << (8 * (end - start - 1));
    let mut expected = word(bytes, start)? & mask;
    let mut digit = bytes[end - 1];
    loop {
        digit += 1;
        expected += one;
        if digit > b'9' {
            digit = b'0';
            expected = carried(expected, one);
        }
        match word(bytes, at) {
            Some(next) if (next ^ expected) & mask == 0 => {}
            _ => return Some((at, count)),
        }
        count += 1;
        at += len;
    }
}

/// The text of a number whose last digit, at `one`, is one above 9, with the carry done. A number
/// that grows longer becomes a text that no number has, and is not met.
#[inline(never)]
fn carried(mut text: u64, mut one: u64) -> u64 {
    let ten = u64::from(b'9') + 1;
    while one > 0 && text & (one * 0xff) == one * ten {
        text -= one * 10;
        one >>= 8;
        text += one;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Option<Vec<u64>> {
        let padded = format!("{text}]                        ");
        let mut runs = Vec::new();
        let end = read_ids(padded.as_bytes(), 0, b", ", &mut runs)?;
        assert_eq!(end, text.len());
        let run = |&(first, count): &(u64, usize)| (0..count as u64).map(move |more| first + more);
        Some(runs.iter().flat_map(run).collect())
    }

    #[test]
    fn lists_are_what_they_say_across_every_carry() {
        for first in [0, 5, 95, 990, 9_990, 99_995, 999_995, 9_999_995, u64::MAX - 30] {
            let numbers: Vec<u64> = (first..first + 25).collect();
            let text: Vec<String> = numbers.iter().map(u64::to_string).collect();
            assert_eq!(ids(&text.join(", ")), Some(numbers), "from {first}");
        }
        assert_eq!(ids(""), Some(vec![]));
        assert_eq!(ids("7, 8, 9, 10, 12"), Some(vec![7, 8, 9, 10, 12]));
        assert_eq!(ids("18446744073709551615"), Some(vec![u64::MAX]));
    }

    #[test]
    fn what_is_not_as_predicted_is_left_to_others() {
        for other in ["07", "7,8", "7 , 8", "-1", "1.0", "\"1\"", "7, ", "18446744073709551616"] {
            assert_eq!(ids(other), None, "{other}");
        }
    }
}
