//! Numbers and times as people write them: `1024`, `1024.0`, `"1024"`, `"2025-07-01T10:00:00Z"`.

use super::json::Cursor;
use super::problem::{LineError, Problem};
use crate::number;
use crate::trace::formats::TimeUnit;

/// A time as the row has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Time {
    pub(super) value: f64,
    /// The unit, if the row states it.
    pub(super) unit: Option<TimeUnit>,
    /// It was written as a date: in seconds, whatever anybody says.
    pub(super) dated: bool,
}

impl Time {
    /// The time in seconds: in the unit set by hand, else its own, else the one `decided` on.
    pub(super) fn seconds(self, by_hand: Option<TimeUnit>, decided: Option<TimeUnit>) -> f64 {
        if self.dated {
            return self.value;
        }
        let unit = by_hand.or(self.unit).or(decided);
        unit.map_or(0.0, |unit| self.value / unit.per_second())
    }
}

/// Reads a whole number in `[0, max]`, be it written with a point, an exponent or in quotes.
#[inline]
pub(super) fn whole(cursor: &mut Cursor<'_>, max: u32) -> Result<u32, LineError> {
    let start = cursor.at;
    if let Some(value) = cursor.try_whole()
        && value <= u64::from(max)
    {
        return Ok(value as u32);
    }
    cursor.at = start;
    any_whole(cursor, max)
}

#[cold]
fn any_whole(cursor: &mut Cursor<'_>, max: u32) -> Result<u32, LineError> {
    let at = cursor.at;
    let refused = |fraction: bool| {
        let problem = if fraction { Problem::Fraction(max) } else { Problem::NotWhole(max) };
        LineError::new(at, problem)
    };
    let value = quoted_number(cursor).map_err(|error| match error.problem {
        Problem::Expected("a number") => refused(false),
        _ => error,
    })?;
    if value.fract() != 0.0 {
        return Err(refused(true));
    }
    if !(0.0..=f64::from(max)).contains(&value) {
        return Err(refused(false));
    }
    Ok(value as u32)
}

/// Reads a number, in quotes or not.
fn quoted_number(cursor: &mut Cursor<'_>) -> Result<f64, LineError> {
    if cursor.byte() != b'"' {
        return number(cursor);
    }
    let at = cursor.at;
    let token = cursor.string()?;
    number_in(token.raw.trim_ascii()).ok_or_else(|| LineError::new(at, Problem::NOT_A_NUMBER))
}

fn number(cursor: &mut Cursor<'_>) -> Result<f64, LineError> {
    let token = cursor.number()?;
    Ok(number::parse(token.text).unwrap_or(f64::INFINITY))
}

/// The number that all of `text` is.
fn number_in(text: &[u8]) -> Option<f64> {
    let mut cursor = Cursor { bytes: text, at: 0 };
    let value = number(&mut cursor).ok()?;
    (cursor.at == text.len()).then_some(value)
}

/// The largest time of any unit: what is computed from it stays finite at any arrival rate.
const MOST_TIME: f64 = 1e30;

/// Reads a time: a number of some unit, in quotes or not, or a date.
#[inline]
pub(super) fn time(cursor: &mut Cursor<'_>, unit: Option<TimeUnit>) -> Result<Time, LineError> {
    let start = cursor.at;
    if let Some(value) = cursor.try_whole() {
        return Ok(Time { value: value as f64, unit, dated: false });
    }
    if let Some(value) = decimal(cursor) {
        return Ok(Time { value, unit, dated: false });
    }
    cursor.at = start;
    any_time(cursor, unit)
}

/// Reads a number with a point and so few digits that one division of exact doubles gives the
/// nearest; in place of anything else, the cursor stays.
#[inline]
fn decimal(cursor: &mut Cursor<'_>) -> Option<f64> {
    const MOST: usize = 15;
    let mut ahead = *cursor;
    let zero = ahead.byte() == b'0';
    let (count, whole) = ahead.digits();
    if count == 0 || (zero && count > 1) || ahead.byte() != b'.' {
        return None;
    }
    ahead.at += 1;
    let (decimals, fraction) = ahead.digits();
    if decimals == 0 || MOST < count + decimals || matches!(ahead.byte(), b'e' | b'E') {
        return None;
    }
    *cursor = ahead;
    let ten = 10_u64.pow(decimals as u32);
    Some((whole? * ten + fraction?) as f64 / ten as f64)
}

/// Whether `text` is nothing but a number or a date.
pub(super) fn is_number_or_date(text: &[u8]) -> bool {
    number_in(text).is_some() || date(text).is_some()
}

/// Reads how long after something a row comes.
pub(super) fn delay(cursor: &mut Cursor<'_>, unit: Option<TimeUnit>) -> Result<Time, LineError> {
    time(cursor, unit).map_err(|error| match error.problem {
        Problem::NegativeTime => LineError { problem: Problem::NegativeDelay, ..error },
        _ => error,
    })
}

fn any_time(cursor: &mut Cursor<'_>, unit: Option<TimeUnit>) -> Result<Time, LineError> {
    let at = cursor.at;
    let (value, unit, dated) = match cursor.byte() {
        b'"' => {
            let text = cursor.string()?.raw.trim_ascii();
            match (number_in(text), date(text)) {
                (Some(value), _) => (value, unit, false),
                (None, Some(value)) => (value, Some(TimeUnit::Seconds), true),
                (None, None) => return Err(LineError::new(at, Problem::NotATime)),
            }
        }
        b'-' | b'0'..=b'9' => (number(cursor)?, unit, false),
        _ => return cursor.error(Problem::NotATime),
    };
    if value.is_sign_negative() {
        return Err(LineError::new(at, Problem::NegativeTime));
    }
    if value > MOST_TIME {
        return Err(LineError::new(at, Problem::HugeTime));
    }
    Ok(Time { value, unit, dated })
}

/// Seconds since 1970 of a date and time as RFC 3339 writes them; also with a blank for the T,
/// and in UTC where no offset follows. Before 1970 they are negative.
pub(super) fn date(text: &[u8]) -> Option<f64> {
    let digits = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        let all = digits.iter().all(u8::is_ascii_digit);
        all.then(|| digits.iter().fold(0_i64, |sum, digit| sum * 10 + i64::from(digit - b'0')))
    };
    let mark = |at: usize, marks: &[u8]| text.get(at).is_some_and(|byte| marks.contains(byte));
    let marks = mark(4, b"-") && mark(7, b"-") && mark(10, b"Tt ") && mark(13, b":");
    if !marks || !mark(16, b":") {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    let in_range = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 61;
    if !in_range {
        return None;
    }
    let (fraction, end) = fraction(text, 19)?;
    let offset_minutes = offset(&text[end..])?;
    let minutes = (days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset_minutes;
    Some((minutes * 60 + second) as f64 + fraction)
}

/// The fraction of a second that may stand at `at`, and where it ends.
fn fraction(text: &[u8], at: usize) -> Option<(f64, usize)> {
    if text.get(at) != Some(&b'.') {
        return Some((0.0, at));
    }
    let digits = text[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let shown = std::str::from_utf8(&text[at..at + 1 + digits]).ok()?;
    let value = number::parse(shown)?;
    Some((value, at + 1 + digits))
}

/// Minutes east of Greenwich: `Z`, `+02:00`, `+0200`, `+02`, or nothing.
fn offset(text: &[u8]) -> Option<i64> {
    let two = |at: usize| {
        let digits = text.get(at..at + 2)?;
        let value = std::str::from_utf8(digits).ok()?;
        digits.iter().all(u8::is_ascii_digit).then(|| value.parse::<i64>().ok())?
    };
    let minutes = match text {
        b"" | b"Z" | b"z" => return Some(0),
        [b'+' | b'-', _, _] => two(1)? * 60,
        [b'+' | b'-', _, _, b':', _, _] => two(1)? * 60 + two(4)?,
        [b'+' | b'-', _, _, _, _] => two(1)? * 60 + two(3)?,
        _ => return None,
    };
    Some(if text[0] == b'-' { -minutes } else { minutes })
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March end with the leap day.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_seconds_since_1970() {
        let cases: [(&str, Option<f64>); 15] = [
            ("1970-01-01T00:00:00Z", Some(0.0)),
            ("2025-07-01T10:00:00Z", Some(1_751_364_000.0)),
            ("2025-07-01T12:00:00+02:00", Some(1_751_364_000.0)),
            ("2025-07-01T05:30:00-0430", Some(1_751_364_000.0)),
            ("2023-11-16 18:15:46.6805900", Some(1_700_158_546.680_59)),
            ("2024-02-29T23:59:59.5z", Some(1_709_251_199.5)),
            ("2000-02-29T00:00:00", Some(951_782_400.0)),
            ("1969-12-31T23:59:59Z", Some(-1.0)),
            ("2025-02-29T00:00:00Z", None),
            ("2025-13-01T00:00:00Z", None),
            ("2025-07-01", None),
            ("2025-07-01T10:00:00.", None),
            ("2025-07-01T10:00:00 Z", None),
            ("2025-07-01T24:00:00Z", None),
            ("1751364000", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(date(text.as_bytes()), seconds, "{text}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut day_number = days_since_1970(1900, 1, 1);
        for year in 1900..2300 {
            for month in 1..=12 {
                for day in 1..=days_in(year, month) {
                    assert_eq!(days_since_1970(year, month, day), day_number);
                    day_number += 1;
                }
            }
        }
        assert_eq!(days_since_1970(1970, 1, 1), 0);
    }

    #[test]
    fn short_decimals_are_what_the_standard_library_reads() {
        for text in ["0.5", "27.482", "1719792000.123", "9007199.25400993", "0.00000000000001"] {
            let line = format!("{text}, 1");
            let mut cursor = Cursor { bytes: line.as_bytes(), at: 0 };
            let value = decimal(&mut cursor).expect(text);
            assert_eq!(
                (value.to_bits(), cursor.at),
                (text.parse::<f64>().unwrap().to_bits(), text.len())
            );
        }
        for text in ["1", "01.5", ".5", "1.", "1.5e3", "-1.5", "1234567890.123456", "\"1.5\""] {
            let mut cursor = Cursor { bytes: text.as_bytes(), at: 0 };
            assert_eq!((decimal(&mut cursor), cursor.at), (None, 0), "{text}");
        }
    }

    #[test]
    fn whole_numbers_may_be_written_in_several_ways() {
        let read = |text: &str| {
            let line = format!("{text}\n");
            let mut cursor = Cursor { bytes: line.as_bytes(), at: 0 };
            whole(&mut cursor, 5_000).ok().filter(|_| cursor.at == text.len())
        };
        for text in ["1024", "1024.0", "\"1024\"", "\" 1024.00 \"", "1.024e3", "10240e-1"] {
            assert_eq!(read(text), Some(1_024), "{text}");
        }
        for text in ["-0", "0.0", "0e7"] {
            assert_eq!(read(text), Some(0), "{text}");
        }
        for text in ["1024.5", "-1", "5001", "\"\"", "\"12x\"", "true", "1e999", "\"0x10\""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
