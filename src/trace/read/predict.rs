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
const COMPACT: usize = 1;
const SPACED: usize = 2;
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
        let runs = &mut self.predicted.runs;
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
        let (interner, runs) = (&mut self.interner, &self.predicted.runs);
        out.push_with(request, |path| interner.extend_runs(path, runs));
        Some(line.end)
    }
}

/// The line that `bytes` start with, its ids in `runs`, if it is as predicted.
#[inline(never)]
fn read<const GAP: usize>(bytes: &[u8], runs: &mut Vec<(u64, usize)>) -> Option<Line> {
    let spacing = &SPACINGS[GAP - 1];
    let at = after(bytes, 0, spacing.timestamp)?;
    let (time, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.input)?;
    let (input, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.output)?;
    let (output, at) = number(bytes, at)?;
    let at = after(bytes, at, spacing.ids)?;
    runs.clear();
    let (ids, at) = read_ids::<GAP>(bytes, at, runs)?;
    let at = after(bytes, at, END)?;
    let (input, output) = (u32::try_from(input).ok()?, u32::try_from(output).ok()?);
    Some(Line { time, input, output, ids, end: at - 1, compact: GAP == COMPACT })
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

/// Reads ids from `at` on up to the closing bracket: how many there are, and where that is.
#[inline(always)]
fn read_ids<const GAP: usize>(
    bytes: &[u8],
    at: usize,
    runs: &mut Vec<(u64, usize)>,
) -> Option<(usize, usize)> {
    let (mut at, mut total) = (at, 0);
    if bytes.get(at) == Some(&b']') {
        return Some((0, at));
    }
    loop {
        let text = word(bytes, at)?;
        // That ids are mostly as long as those before lets the processor go on as if it knew.
        let run = match digit_count(text) {
            2 => run::<2, GAP>(bytes, at, text),
            3 => run::<3, GAP>(bytes, at, text),
            4 => run::<4, GAP>(bytes, at, text),
            5 => run::<5, GAP>(bytes, at, text),
            6 => run::<6, GAP>(bytes, at, text),
            7 => run::<7, GAP>(bytes, at, text),
            8 if bytes.get(at + 8) == Some(&b',') => run::<8, GAP>(bytes, at, text),
            _ => one::<GAP>(bytes, at),
        }?;
        total += run.count;
        match runs.last_mut() {
            Some((first, count)) if first.wrapping_add(*count as u64) == run.first => {
                *count += run.count;
            }
            _ => runs.push((run.first, run.count)),
        }
        if run.ended {
            return Some((total, run.at));
        }
        at = run.at;
    }
}

/// Numbers that follow one another by one each.
struct Run {
    first: u64,
    count: usize,
    /// Where the next number stands or, if the list has `ended`, its bracket.
    at: usize,
    ended: bool,
}

/// The number at `at` alone.
#[inline(always)]
fn one<const GAP: usize>(bytes: &[u8], at: usize) -> Option<Run> {
    let (first, end) = number(bytes, at)?;
    let ended = bytes.get(end) == Some(&b']');
    let at = if ended { end } else { after(bytes, end, &SEPARATOR[..GAP])? };
    Some(Run { first, count: 1, at, ended })
}

/// What stands between ids, as far as the gap goes.
const SEPARATOR: &[u8; 2] = b", ";

/// The numbers from 00 to 99 as text.
const PAIRS: [u16; 100] = {
    let (mut pairs, mut at) = ([0; 100], 0);
    while at < 100 {
        pairs[at] = u16::from_le_bytes([b'0' + at as u8 / 10, b'0' + at as u8 % 10]);
        at += 1;
    }
    pairs
};

/// The number of so many digits at `at`, where `text` stands, and which numbers follow it as long
/// as nothing but their last two digits changes: only these differ between the text that is
/// expected and the text before, so that no number is read, and nothing carried.
#[inline(always)]
fn run<const DIGITS: usize, const GAP: usize>(bytes: &[u8], at: usize, text: u64) -> Option<Run> {
    // What is compared at once is the last eight bytes of digits and gap; a few may precede them.
    let len = DIGITS + GAP;
    let head_len = len.saturating_sub(8);
    let (mask, head_mask) = (u64::MAX >> (64 - 8 * len.min(8)), (1 << (8 * head_len)) - 1);
    let place = 8 * (DIGITS - head_len - 2);
    if text & 0xff == u64::from(b'0') {
        return None;
    }
    let first = digits_value(text, DIGITS as u32);
    let end = at + DIGITS;
    let mut run = Run { first, count: 1, at: at + len, ended: false };
    if after(bytes, end, &SEPARATOR[..GAP]).is_none() {
        let ended = bytes.get(end) == Some(&b']');
        return ended.then_some(Run { at: end, ended, ..run });
    }
    let tail = if head_len == 0 { text } else { word(bytes, at + head_len)? };
    let pair = tail >> place & 0x0f0f;
    let pair = (pair & 0xff) * 10 + (pair >> 8);
    let stays = tail & mask & !(0xffff << place);
    for expected in PAIRS.get(pair as usize + 1..)? {
        let expected = stays | u64::from(*expected) << place;
        let tail = word(bytes, run.at + head_len)?;
        if head_len > 0 && (word(bytes, run.at)? ^ text) & head_mask != 0 {
            return Some(run);
        }
        let other = (tail ^ expected) & mask;
        if other != 0 {
            let end = run.at + DIGITS;
            if other & (mask >> (8 * GAP)) == 0 && bytes.get(end) == Some(&b']') {
                return Some(Run { count: run.count + 1, at: end, ended: true, ..run });
            }
            return Some(run);
        }
        run.count += 1;
        run.at += len;
    }
    Some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Option<Vec<u64>> {
        let padded = format!("{text}]                        ");
        let mut runs = Vec::new();
        let (total, end) = read_ids::<SPACED>(padded.as_bytes(), 0, &mut runs)?;
        assert_eq!(end, text.len());
        assert_eq!(total, runs.iter().map(|run| run.1).sum::<usize>());
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
