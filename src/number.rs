//! Decimal text to the nearest double, exactly as the standard library reads it.
//!
//! Why not the standard library's: its way of rounding takes a table of 10 kB that does not
//! compress and twice that in code, for texts that hardly ever come. Here the short ones, which is
//! nearly all, are one multiplication or division of exact numbers; the others are divided as whole
//! numbers, bit by bit. `tests` below compares the two.

/// Powers of ten that are doubles exactly.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// So many digits are a double exactly.
const MOST_EXACT: usize = 15;
/// Digits beyond which no double is told from another but by whether all that follow are 0.
const MOST_DIGITS: usize = 800;
/// Bits of a double's significand.
const BITS: i64 = 53;
/// The exponent of the smallest double above 0, 2^-1074.
const LEAST_EXPONENT: i64 = -1074;

/// The double nearest to a decimal number, a tie to the even one; `inf`, `infinity` and `nan` in
/// any case are numbers as well. Nothing if the text is anything else, blanks included.
pub fn parse(text: &str) -> Option<f64> {
    let (negative, text) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    if let Some(value) = short(text.as_bytes()) {
        return Some(if negative { -value } else { value });
    }
    let value = match Decimal::read(text.as_bytes()) {
        Some(decimal) => decimal.value(),
        None if text.eq_ignore_ascii_case("inf") => f64::INFINITY,
        None if text.eq_ignore_ascii_case("infinity") => f64::INFINITY,
        None if text.eq_ignore_ascii_case("nan") => f64::NAN,
        None => return None,
    };
    Some(if negative { -value } else { value })
}

/// Of a text that is exact in one multiplication or division, such as times in a trace, which must
/// take no memory; nothing of any other.
fn short(text: &[u8]) -> Option<f64> {
    let end = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
    let mut exponent = text.get(end + 1..).map_or(Some(0), whole)?;
    let (mut digits, mut count) = (0_u64, 0);
    let (mut any, mut point) = (false, false);
    for &byte in &text[..end] {
        match byte {
            b'.' if !point => point = true,
            b'0'..=b'9' => {
                any = true;
                digits = digits * 10 + u64::from(byte - b'0');
                count += usize::from(digits > 0);
                exponent -= i64::from(point);
                if MOST_EXACT < count {
                    return None;
                }
            }
            _ => return None,
        }
    }
    // Both are exact, so that the result is rounded once.
    let power = *EXACT.get(exponent.unsigned_abs() as usize)?;
    let digits = digits as f64;
    any.then_some(if exponent < 0 { digits / power } else { digits * power })
}

/// Digits × 10^exponent.
struct Decimal {
    /// Without leading zeros; at most [`MOST_DIGITS`], of which the last is odd if any that was
    /// left out is not 0.
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn read(text: &[u8]) -> Option<Self> {
        let end = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
        let exponent = match text.get(end + 1..) {
            Some(exponent) => whole(exponent)?,
            None => 0,
        };
        let mut decimal = Self { digits: Vec::new(), exponent };
        let (mut any, mut point) = (false, false);
        for &byte in &text[..end] {
            match byte {
                b'.' if !point => point = true,
                b'0'..=b'9' => {
                    any = true;
                    decimal.push(byte - b'0', point);
                }
                _ => return None,
            }
        }
        any.then_some(decimal)
    }

    fn push(&mut self, digit: u8, behind_point: bool) {
        let full = self.digits.len() == MOST_DIGITS;
        if full && digit > 0 {
            // Not exactly in the middle between two doubles any more.
            self.digits[MOST_DIGITS - 1] |= 1;
        }
        if !full && (digit > 0 || !self.digits.is_empty()) {
            self.digits.push(digit);
        }
        self.exponent += i64::from(full) - i64::from(behind_point);
    }

    fn value(&self) -> f64 {
        let count = self.digits.len() as i64;
        match count + self.exponent {
            _ if count == 0 => 0.0,
            310.. => f64::INFINITY,
            ..-330 => 0.0,
            _ => self.divided(),
        }
    }

    /// As a quotient of whole numbers.
    fn divided(&self) -> f64 {
        let mut above = Whole(vec![0]);
        for &digit in &self.digits {
            above.times_plus(10, digit.into());
        }
        let mut below = Whole(vec![1]);
        for _ in 0..self.exponent.unsigned_abs() {
            if self.exponent < 0 { &mut below } else { &mut above }.times_plus(10, 0);
        }
        // Brought to above / below in [1, 2) by powers of two: the first bit of the result stands
        // for 2^exponent.
        let mut exponent = above.bits() - below.bits();
        if exponent < 0 { &mut above } else { &mut below }.double(exponent.unsigned_abs());
        if !above.is_at_least(&below) {
            above.double(1);
            exponent -= 1;
        }
        if exponent < LEAST_EXPONENT - 1 {
            return 0.0;
        }
        let least = (exponent - BITS + 1).max(LEAST_EXPONENT);
        let mut significand = 0_u64;
        for _ in least..=exponent {
            significand = significand * 2 + u64::from(above.take(&below));
            above.double(1);
        }
        // What is left is under one bit, and was doubled: compared with `below`, it is the half.
        let half = above.take(&below);
        let more = half && (above.0.iter().any(|&limb| limb > 0) || significand % 2 == 1);
        (significand + u64::from(more)) as f64 * power_of_two(least)
    }
}

/// 2^exponent for an exponent in [-1074, 1023]: a double exactly.
fn power_of_two(exponent: i64) -> f64 {
    if exponent < -1022 {
        f64::from_bits(1 << (exponent - LEAST_EXPONENT))
    } else {
        f64::from_bits(((exponent + 1023) as u64) << (BITS - 1))
    }
}

/// A whole number of an exponent, with a sign or without; far beyond any double it stands still.
fn whole(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0_i64, |sum, digit| {
        (sum * 10 + i64::from(digit - b'0')).min(i64::from(u32::MAX) << 20)
    });
    Some(if negative { -size } else { size })
}

/// A whole number of any size, the lowest 32 bits first.
struct Whole(Vec<u32>);

impl Whole {
    fn times_plus(&mut self, factor: u32, plus: u32) {
        let mut carry = u64::from(plus);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn double(&mut self, times: u64) {
        for _ in 0..times {
            self.times_plus(2, 0);
        }
    }

    /// Of a number above 0.
    fn bits(&self) -> i64 {
        let top = self.0.iter().rposition(|&limb| limb > 0).unwrap_or(0);
        top as i64 * 32 + i64::from(32 - self.0[top].leading_zeros())
    }

    fn is_at_least(&self, other: &Self) -> bool {
        let limb = |of: &Self, at: usize| of.0.get(at).copied().unwrap_or(0);
        let all = (0..self.0.len().max(other.0.len())).rev();
        let differs = all.map(|at| (limb(self, at), limb(other, at))).find(|(a, b)| a != b);
        differs.is_none_or(|(a, b)| a > b)
    }

    /// Takes the other away if it is not larger; returns whether it was not.
    fn take(&mut self, other: &Self) -> bool {
        if !self.is_at_least(other) {
            return false;
        }
        let mut borrowed = false;
        for (at, limb) in self.0.iter_mut().enumerate() {
            let (less, first) = limb.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, second) = less.overflowing_sub(borrowed.into());
            *limb = less;
            borrowed = first || second;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    /// Bit for bit what the standard library reads, and nothing where it reads nothing.
    fn compare(text: &str) {
        let expected = text.parse::<f64>().ok().map(f64::to_bits);
        let found = parse(text).map(f64::to_bits);
        let both_nan = |it: Option<u64>| it.is_some_and(|bits| f64::from_bits(bits).is_nan());
        assert!(found == expected || (both_nan(found) && both_nan(expected)), "{text}");
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            " ",
            "1 ",
            " 1",
            "-",
            "+",
            ".",
            "e",
            "e5",
            ".e5",
            "1e",
            "1e+",
            "1e-",
            "1.2.3",
            "1e5.0",
            "1_0",
            "0x10",
            "--1",
            "+-1",
            "inf",
            "-Infinity",
            "iNf",
            "nan",
            "NaN",
            "-nan",
            "infinit",
            "1.",
            ".5",
            "+.5",
            "-0",
            "0e999999999999999999999999",
            "1e99999999999",
            "1e-99999999999",
            "00012",
            "0.000",
            "1E5",
            "1e+05",
            "٣",
            "1e٣",
            "∞",
        ] {
            compare(text);
        }
    }

    #[test]
    fn halves_limits_and_long_texts_round_as_they_must() {
        let half = "9007199254740993";
        let least = format!("{:.1074}", f64::from_bits(1));
        let half_of_least = format!("{:.1075}", f64::from_bits(1));
        let zeros = "0".repeat(900);
        for text in [
            half.to_owned(),
            format!("{half}.{zeros}"),
            format!("{half}.{zeros}1"),
            format!("9007199254740991.5{zeros}1e0"),
            format!("0.{zeros}{half}e900"),
            format!("{half}{zeros}e-900"),
            "1.7976931348623157e308".to_owned(),
            "1.7976931348623158e308".to_owned(),
            "1.7976931348623159e308".to_owned(),
            "179769313486231580793728971405301e276".to_owned(),
            "2.2250738585072011e-308".to_owned(),
            "2.2250738585072014e-308".to_owned(),
            "4.9e-324".to_owned(),
            "2.4703282292062327e-324".to_owned(),
            "2.4703282292062328e-324".to_owned(),
            "2e-324".to_owned(),
            least.clone(),
            half_of_least,
            format!("{least}1"),
        ] {
            compare(&text);
        }
    }

    #[test]
    fn whatever_is_drawn_is_read_as_the_standard_library_reads_it() {
        let mut draws = Stream::new(1, "test", 0);
        for _ in 0..3_000 {
            let bits = draws.below(u64::MAX);
            let value = f64::from_bits(bits);
            if value.is_finite() {
                compare(&format!("{value:e}"));
                compare(&format!("{value:.*e}", (bits % 40) as usize));
            }
            let (whole, part) =
                (draws.below(u64::MAX) >> (bits % 64), draws.below(u64::MAX) % 1000);
            compare(&format!("{whole}.{part}"));
            compare(&format!("{}e{}", whole, part as i64 % 700 - 350));
            // In the middle between two doubles, and just beside it.
            let middle = (u128::from(whole >> 11 | 1 << 52) * 2 + 1) << (part % 60);
            for near in [middle - 1, middle, middle + 1] {
                compare(&near.to_string());
            }
        }
    }
}
