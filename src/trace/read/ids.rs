//! The list of block ids of one line, kept as runs of consecutive numbers.
//!
//! In traces numbered by first appearance 88 % of ids are the one before plus 1. So the decimal
//! text of the next number is kept at hand and compared, eight bytes at once, which
//! is cheaper than reading the number and proves the same.

use super::json::Cursor;
use super::problem::{LineError, Problem};

/// One id or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// `first`, `first + 1`, …: `count` of them.
    Numbers { first: u64, count: usize },
    /// A string, in the line's texts.
    Text(Text),
}

/// A decoded string: a range of the line's texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Reads an array of ids into `runs` (cleared first); strings are decoded into `texts`.
/// Returns how many ids there are.
pub(super) fn read_ids(
    cursor: &mut Cursor<'_>,
    runs: &mut Vec<Run>,
    texts: &mut String,
) -> Result<usize, LineError> {
    runs.clear();
    match cursor.byte() {
        b'[' => cursor.at += 1,
        b'{' => return cursor.error(Problem::IdComponents),
        _ => return cursor.error(Problem::IdList),
    }
    cursor.blanks();
    if cursor.byte() == b']' {
        cursor.at += 1;
        return Ok(0);
    }
    let mut total = 0;
    loop {
        if cursor.byte() == b'"' {
            runs.push(match read_string_name(cursor, texts)? {
                Name::Number(first) => Run::Numbers { first, count: 1 },
                Name::Text(text) => Run::Text(text),
            });
            total += 1;
        } else {
            let start = cursor.at;
            let id = number_id(cursor)?;
            total += 1;
            match runs.last_mut() {
                Some(Run::Numbers { first, count }) if first.wrapping_add(*count as u64) == id => {
                    let more = successors(cursor, start);
                    *count += 1 + more;
                    total += more;
                }
                _ => runs.push(Run::Numbers { first: id, count: 1 }),
            }
        }
        cursor.blanks();
        match cursor.byte() {
            b',' => cursor.at += 1,
            b']' => {
                cursor.at += 1;
                return Ok(total);
            }
            _ => return cursor.error(Problem::Expected("',' or ']' in the list of ids")),
        }
        cursor.blanks();
    }
}

/// Reads one number.
#[inline]
fn number_id(cursor: &mut Cursor<'_>) -> Result<u64, LineError> {
    match cursor.try_whole() {
        Some(id) => Ok(id),
        None if matches!(cursor.byte(), b'-' | b'0'..=b'9') => cursor.whole(u64::MAX),
        None => cursor.error(Problem::NotAnId),
    }
}

/// A name: a number, also when it was written as a string, or any other string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Number(u64),
    Text(Text),
}

/// Reads a string, decoding it into `texts` unless it is a number. Decimal digits without a
/// leading zero are the number they spell; it is how some writers save 64-bit ids from doubles.
pub(super) fn read_string_name(
    cursor: &mut Cursor<'_>,
    texts: &mut String,
) -> Result<Name, LineError> {
    let token = cursor.string()?;
    let start = texts.len();
    token.decode_into(texts)?;
    let text = &texts[start..];
    if is_canonical(text.as_bytes())
        && let Ok(number) = text.parse()
    {
        texts.truncate(start);
        return Ok(Name::Number(number));
    }
    Ok(Name::Text(Text { start, end: texts.len() }))
}

fn is_canonical(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit) && (text == b"0" || !text.is_empty() && text[0] != b'0')
}

/// Counts and steps over the numbers that follow, one by one, the number at `start`. The cursor
/// is right behind its digits, and then right behind those of the last number found. It may stop
/// early: the rest is then another run.
#[inline]
fn successors(cursor: &mut Cursor<'_>, start: usize) -> usize {
    let bytes = cursor.bytes;
    let separator = match bytes.get(cursor.at..cursor.at + 2) {
        Some([b',', b' ']) => 2,
        Some([b',', b'0'..=b'9']) => 1,
        _ => return 0,
    };
    let Some(mut expected) = Expected::behind(bytes, start, cursor.at, separator) else { return 0 };
    let mut at = cursor.at + separator;
    let mut count = 0;
    // The separator behind a number proves that the number ends there.
    while expected.is_at(bytes, at) {
        count += 1;
        at += expected.len;
        if !expected.advance() {
            cursor.at = at - separator;
            return count;
        }
    }
    // What precedes `at` is a separator, and what follows may be the list's last number.
    let digits = expected.len - separator;
    expected.mask >>= 8 * separator;
    if expected.is_at(bytes, at) && bytes.get(at + digits) == Some(&b']') {
        cursor.at = at + digits;
        count + 1
    } else {
        cursor.at = at - separator;
        count
    }
}

/// The text of the number expected next and of the separator behind it: its last eight bytes,
/// which change, and what precedes them, which does not.
struct Expected {
    /// The last bytes, the first of them lowest.
    text: u64,
    /// Which bits of `text` count.
    mask: u64,
    /// One, in the place of the last digit.
    one: u64,
    /// How often it can be added before the last digit turns over.
    steps: u8,
    /// The length of all the text, at most 16, and of what precedes the last bytes.
    len: usize,
    head_len: usize,
    head: u64,
    head_mask: u64,
}

impl Expected {
    /// The successor of the number in `start..end`, which the separator follows; none if that
    /// is another head or length.
    #[inline]
    fn behind(bytes: &[u8], start: usize, end: usize, separator: usize) -> Option<Self> {
        let len = end + separator - start;
        let head_len = len.saturating_sub(8);
        if head_len > 8 {
            return None;
        }
        let mask = u64::MAX >> (64 - 8 * len.min(8));
        let head_mask = u64::MAX.checked_shr(64 - 8 * head_len as u32).unwrap_or(0);
        let mut expected = Self {
            text: word(bytes, start + head_len)? & mask,
            mask,
            one: 1 << (8 * (end - start - head_len - 1)),
            steps: b'9' - bytes[end - 1],
            len,
            head_len,
            head: word(bytes, start)? & head_mask,
            head_mask,
        };
        expected.advance().then_some(expected)
    }

    /// Whether the bytes at `at` are this text.
    #[inline]
    fn is_at(&self, bytes: &[u8], at: usize) -> bool {
        let same = |at, text, mask| word(bytes, at).is_some_and(|word| (word ^ text) & mask == 0);
        same(at + self.head_len, self.text, self.mask)
            && (self.head_len == 0 || same(at, self.head, self.head_mask))
    }

    /// Adds 1; false if that changes the head or the length.
    #[inline]
    fn advance(&mut self) -> bool {
        if self.steps > 0 {
            self.steps -= 1;
            self.text += self.one;
            return true;
        }
        self.carry()
    }

    /// Adds 1 to a number that ends in 9; false if that changes the head or the length.
    fn carry(&mut self) -> bool {
        self.steps = 9;
        let mut one = self.one;
        let mut nine = self.one * u64::from(b'9');
        while one > 0 {
            if self.text & (one * 0xff) != nine {
                self.text += one;
                return true;
            }
            self.text -= one * 9;
            one >>= 8;
            nine >>= 8;
        }
        false
    }
}

/// The eight bytes at `at`, the first one lowest; none close to the end of the bytes.
#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str) -> Result<(Vec<Run>, usize), LineError> {
        let line = format!("{list}\n");
        let (mut runs, mut texts) = (Vec::new(), String::new());
        let mut cursor = Cursor { bytes: line.as_bytes(), at: 0 };
        let total = read_ids(&mut cursor, &mut runs, &mut texts)?;
        Ok((runs, total))
    }

    #[test]
    fn runs_are_found_across_every_carry_and_separator() {
        for separator in [",", ", ", " , ", ",\t"] {
            for first in [0, 7, 95, 998, 99_997, 9_999_990, 99_999_999_999_990, u64::MAX - 20] {
                let numbers: Vec<u64> = (first..first + 20).collect();
                let text: Vec<String> = numbers.iter().map(u64::to_string).collect();
                let padding = " ".repeat(16);
                let (runs, total) = read(&format!("[{}]{padding}", text.join(separator))).unwrap();
                assert_eq!(total, 20);
                let got: Vec<u64> = runs
                    .iter()
                    .flat_map(|run| match *run {
                        Run::Numbers { first, count } => first..first + count as u64,
                        Run::Text(_) => panic!("no text here"),
                    })
                    .collect();
                assert_eq!(got, numbers);
                assert_eq!(runs.len(), 1, "one run of {separator:?} from {first}");
            }
        }
    }

    #[test]
    fn what_only_starts_like_the_successor_is_read_for_what_it_is() {
        let one = |first| Run::Numbers { first, count: 1 };
        let two = |first| Run::Numbers { first, count: 2 };
        let padding = "                ";
        assert_eq!(read(&format!("[1, 23]{padding}")).unwrap().0, [one(1), one(23)]);
        assert_eq!(read(&format!("[1, 2, 35]{padding}")).unwrap().0, [two(1), one(35)]);
        assert_eq!(
            read(&format!("[1, 2 , 3]{padding}")).unwrap().0,
            [Run::Numbers { first: 1, count: 3 }]
        );
        for bad in ["[1, 2.0]", "[1, 2.0, 3]", "[1, 2e0]", "[1, 02]", "[1, 2, ]", "[1, 2", "[1 2]"]
        {
            assert!(read(&format!("{bad}{padding}")).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_run_has_no_longest_length() {
        let padding = " ".repeat(16);
        for (separator, count) in [(",", 400), (", ", 400), (",", 70_000)] {
            let text: Vec<String> = (1_000_u64..1_000 + count).map(|id| id.to_string()).collect();
            let (runs, total) = read(&format!("[{}]{padding}", text.join(separator))).unwrap();
            assert_eq!(runs, [Run::Numbers { first: 1_000, count: count as usize }]);
            assert_eq!(total as u64, count);
        }
    }
}
