//! The list of block ids of one line, kept as runs of consecutive numbers.
//!
//! In traces numbered by first appearance 88 % of ids are the one before plus 1. So the decimal
//! text of the next number is kept at hand and compared, eight or sixteen bytes at once, which
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
            let (first, digits) = number_id(cursor)?;
            let count = 1 + successors(cursor, first, digits);
            runs.push(Run::Numbers { first, count });
            total += count;
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

/// Reads one number, and tells how many digits it has.
#[inline]
fn number_id(cursor: &mut Cursor<'_>) -> Result<(u64, usize), LineError> {
    let start = cursor.at;
    if !matches!(cursor.byte(), b'-' | b'0'..=b'9') {
        return cursor.error(Problem::NotAnId);
    }
    let id = cursor.whole(u64::MAX)?;
    Ok((id, cursor.at - start))
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

/// Counts and steps over the numbers that follow `first` one by one. The cursor is right behind
/// `first`'s digits, and stays right behind a number's digits.
#[inline]
fn successors(cursor: &mut Cursor<'_>, first: u64, digits: usize) -> usize {
    let separator: &[u8] = match cursor.bytes.get(cursor.at..cursor.at + 2) {
        Some([b',', b' ']) => b", ",
        Some([b',', b'0'..=b'9']) => b",",
        _ => return 0,
    };
    let Some(mut expected) = Expected::behind(first, digits, separator) else { return 0 };
    let bytes = cursor.bytes;
    let mut at = cursor.at + separator.len();
    let mut count = 0;
    // A separator behind a number proves that the number ends there.
    while let Some(text) = sixteen(bytes, at)
        && (text ^ expected.text) & expected.mask == 0
    {
        count += 1;
        at += expected.len;
        if !expected.advance() {
            match Expected::behind(first + count, expected.len - separator.len(), separator) {
                Some(longer) => expected = longer,
                None => break,
            }
        }
    }
    // What precedes `at` is a separator, and what follows may be the list's last number.
    let digits = expected.len - separator.len();
    if let Some(text) = sixteen(bytes, at)
        && (text ^ expected.text) & (expected.mask >> (8 * separator.len())) == 0
        && bytes[at + digits] == b']'
    {
        count += 1;
        at += digits;
    } else {
        at -= separator.len();
    }
    cursor.at = at;
    count as usize
}

fn sixteen(bytes: &[u8], at: usize) -> Option<u128> {
    Some(u128::from_le_bytes(bytes.get(at..at + 16)?.try_into().ok()?))
}

/// The text of the number expected next and of the separator behind it.
#[derive(Clone, Copy)]
struct Expected {
    /// The first byte lowest.
    text: u128,
    /// The bytes that count.
    mask: u128,
    /// How many bytes count.
    len: usize,
    /// One, in the place of the last digit.
    one: u128,
    last_digit: u8,
}

impl Expected {
    /// The successor of `number`, which has `digits` digits; none if it is too long for this.
    fn behind(number: u64, digits: usize, separator: &[u8]) -> Option<Self> {
        const MOST: usize = 14;
        if digits > MOST {
            return None;
        }
        let mut rest = number + 1;
        let mut text = 0;
        let mut len = separator.len();
        for &byte in separator.iter().rev() {
            text = text << 8 | u128::from(byte);
        }
        while rest > 0 {
            text = text << 8 | u128::from(b'0' + (rest % 10) as u8);
            rest /= 10;
            len += 1;
        }
        let digits = len - separator.len();
        if digits > MOST {
            return None;
        }
        Some(Self {
            text,
            mask: u128::MAX >> (128 - 8 * len),
            len,
            one: 1 << (8 * (digits - 1)),
            last_digit: ((number + 1) % 10) as u8,
        })
    }

    /// Adds 1; false if that takes another digit.
    #[inline]
    fn advance(&mut self) -> bool {
        if self.last_digit < 9 {
            self.last_digit += 1;
            self.text += self.one;
            return true;
        }
        self.last_digit = 0;
        let mut one = self.one;
        while one > 0 {
            let digit = (self.text / one) as u8;
            if digit < b'9' {
                self.text += one;
                return true;
            }
            self.text -= one * 9;
            one >>= 8;
        }
        false
    }
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
                if separator.len() < 3 && separator != ",\t" && first < 99_999_999 {
                    assert_eq!(runs.len(), 1, "one run of {separator:?} from {first}");
                }
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
        assert_eq!(read(&format!("[1, 2 ]{padding}")).unwrap().0, [one(1), one(2)]);
        for bad in ["[1, 2.0]", "[1, 2.0, 3]", "[1, 2e0]", "[1, 02]", "[1, 2, ]", "[1, 2", "[1 2]"]
        {
            assert!(read(&format!("{bad}{padding}")).is_err(), "{bad}");
        }
    }
}
