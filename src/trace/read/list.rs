//! Lists of numbers as most writers write them, with one and the same gap between any two.
//!
//! An id is mostly the one before plus 1: in traces numbered by first appearance 88 % are. It is
//! then compared as text, which is cheaper than reading it and proves the same. A list that is
//! written in another way, or holds anything but numbers, is left to others.

use super::ids::Run;
use super::json::{digit_count, digits_value};

/// The gap of those who write JSON as short as they can, a comma, and Python's, a blank behind it.
pub(super) const COMPACT: usize = 1;
pub(super) const SPACED: usize = 2;

/// Where `text` ends, if it stands at `at`.
#[inline(always)]
pub(super) fn after(bytes: &[u8], at: usize, text: &[u8]) -> Option<usize> {
    let end = at + text.len();
    (bytes.get(at..end)? == text).then_some(end)
}

/// Ten to the power of so many digits.
const TENS: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The number at `at`, and where it ends. None also close to the end of the bytes.
#[inline(always)]
pub(super) fn number(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
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

/// Reads numbers from `at` on up to the closing bracket, and appends them to `runs`: how many there
/// are, and where the bracket is. Where it is none, `runs` may have some of them.
#[inline(never)]
pub(super) fn read<const GAP: usize>(
    bytes: &[u8],
    at: usize,
    runs: &mut Vec<Run>,
) -> Option<(usize, usize)> {
    let (mut at, mut total, start) = (at, 0, runs.len());
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
        match runs[start..].last_mut() {
            Some(Run::Numbers { first, count })
                if first.wrapping_add(*count as u64) == run.first =>
            {
                *count += run.count;
            }
            _ => runs.push(Run::Numbers { first: run.first, count: run.count }),
        }
        if run.ended {
            return Some((total, run.at));
        }
        at = run.at;
    }
}

/// Numbers that follow one another by one each.
struct Followers {
    first: u64,
    count: usize,
    /// Where the next number stands or, if the list has `ended`, its bracket.
    at: usize,
    ended: bool,
}

/// The number at `at` alone.
#[inline(always)]
fn one<const GAP: usize>(bytes: &[u8], at: usize) -> Option<Followers> {
    let (first, end) = number(bytes, at)?;
    let ended = bytes.get(end) == Some(&b']');
    let at = if ended { end } else { after(bytes, end, &SEPARATOR[..GAP])? };
    Some(Followers { first, count: 1, at, ended })
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
fn run<const DIGITS: usize, const GAP: usize>(
    bytes: &[u8],
    at: usize,
    text: u64,
) -> Option<Followers> {
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
    let mut run = Followers { first, count: 1, at: at + len, ended: false };
    if after(bytes, end, &SEPARATOR[..GAP]).is_none() {
        let ended = bytes.get(end) == Some(&b']');
        return ended.then_some(Followers { at: end, ended, ..run });
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
                return Some(Followers { count: run.count + 1, at: end, ended: true, ..run });
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
        let (total, end) = read::<SPACED>(padded.as_bytes(), 0, &mut runs)?;
        assert_eq!(end, text.len());
        let numbers = |run: &Run| match *run {
            Run::Numbers { first, count } => (0..count as u64).map(move |more| first + more),
            ref other => panic!("{other:?} is none of these numbers"),
        };
        let ids: Vec<u64> = runs.iter().flat_map(numbers).collect();
        assert_eq!(total, ids.len());
        Some(ids)
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
