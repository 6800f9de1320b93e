//! Just enough JSON for trace lines: a cursor over one line that never goes past its end.
//!
//! Strict like RFC 8259. No recursion and no allocation. Strings are in [`super::string`].

use super::problem::{LineError, Problem};

/// How deep arrays and objects may nest inside a line's object.
pub(super) const MAX_DEPTH: u32 = 127;

/// Eight times the same byte.
pub(super) const fn splat(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// A position in bytes that start with the line and hold its line end.
///
/// A line end is never part of a JSON token here, so nothing below moves past it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

/// A number token that is known to be well formed.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberToken<'a> {
    pub(super) text: &'a str,
    pub(super) whole: bool,
}

impl<'a> Cursor<'a> {
    /// The byte here; the line end where the bytes are used up.
    #[inline]
    pub(super) fn byte(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(b'\n')
    }

    /// An error at this place.
    #[cold]
    pub(super) fn error<T>(&self, problem: Problem) -> Result<T, LineError> {
        Err(LineError::new(self.at, problem))
    }

    /// Skips blanks.
    #[inline]
    pub(super) fn blanks(&mut self) {
        while matches!(self.byte(), b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
    }

    /// Steps over `byte`, or says that `expected` was expected.
    #[inline]
    pub(super) fn step(&mut self, byte: u8, expected: &'static str) -> Result<(), LineError> {
        if self.byte() != byte {
            return self.error(Problem::Expected(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// Steps over `word` if it stands here.
    #[inline]
    pub(super) fn take<const N: usize>(&mut self, word: &[u8; N]) -> bool {
        let found = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) == Some(word);
        if found {
            self.at += N;
        }
        found
    }

    /// The eight bytes here, the first one lowest; none close to the end of the bytes.
    #[inline]
    pub(super) fn word(&self) -> Option<u64> {
        let bytes = self.bytes.get(self.at..self.at + 8)?;
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// Reads decimal digits: how many there are, and their value unless it exceeds a `u64`.
    #[inline(always)]
    pub(super) fn digits(&mut self) -> (usize, Option<u64>) {
        if let Some(word) = self.word() {
            let count = digit_count(word);
            if count < 8 {
                self.at += count as usize;
                return (count as usize, Some(digits_value(word, count)));
            }
        }
        self.many_digits()
    }

    /// The same for more than seven of them, or close to the end of the bytes.
    #[inline(never)]
    fn many_digits(&mut self) -> (usize, Option<u64>) {
        let start = self.at;
        let mut value = Some(0_u64);
        while let Some(word) = self.word() {
            let count = digit_count(word);
            value = value
                .and_then(|value| value.checked_mul(10_u64.pow(count)))
                .and_then(|value| value.checked_add(digits_value(word, count)));
            self.at += count as usize;
            if count < 8 {
                return (self.at - start, value);
            }
        }
        while let digit @ b'0'..=b'9' = self.byte() {
            value = value
                .and_then(|value| value.checked_mul(10))
                .and_then(|value| value.checked_add(u64::from(digit - b'0')));
            self.at += 1;
        }
        (self.at - start, value)
    }

    /// Reads a whole number that fits; in place of anything else, the cursor stays.
    #[inline(always)]
    pub(super) fn try_whole(&mut self) -> Option<u64> {
        let start = self.at;
        let zero = self.byte() == b'0';
        let (count, value) = self.digits();
        let plain = count == 1 || (count > 1 && !zero);
        if plain && value.is_some() && !matches!(self.byte(), b'.' | b'e' | b'E') {
            return value;
        }
        self.at = start;
        None
    }

    /// Reads a number of any kind.
    pub(super) fn number(&mut self) -> Result<NumberToken<'a>, LineError> {
        let start = self.at;
        if self.byte() == b'-' {
            self.at += 1;
        }
        let zero = self.byte() == b'0';
        match self.digits().0 {
            0 => {
                self.at = start;
                return self.error(Problem::Expected("a number"));
            }
            1 => {}
            _ if zero => {
                self.at = start;
                return self.error(Problem::Expected("a number without leading zeros"));
            }
            _ => {}
        }
        let mut whole = true;
        if self.byte() == b'.' {
            whole = false;
            self.at += 1;
            if self.digits().0 == 0 {
                return self.error(Problem::Expected("a digit after the decimal point"));
            }
        }
        if matches!(self.byte(), b'e' | b'E') {
            whole = false;
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            if self.digits().0 == 0 {
                return self.error(Problem::Expected("a digit of the exponent"));
            }
        }
        let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        Ok(NumberToken { text, whole })
    }

    /// Steps over any value, checking its syntax.
    pub(super) fn skip_value(&mut self) -> Result<(), LineError> {
        // One bit per open bracket, the innermost lowest: 1 for an object.
        let mut kinds = 0_u128;
        let mut depth = 0_u32;
        loop {
            match self.byte() {
                b'"' => drop(self.string()?),
                b'-' | b'0'..=b'9' => drop(self.number()?),
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return self.error(Problem::TooDeep);
                    }
                    self.at += 1;
                    self.blanks();
                    if self.byte() == open + 2 {
                        self.at += 1;
                    } else {
                        depth += 1;
                        kinds = kinds << 1 | u128::from(open == b'{');
                        if open == b'{' {
                            self.skip_key()?;
                        }
                        continue;
                    }
                }
                _ if self.take(b"true") || self.take(b"false") || self.take(b"null") => {}
                _ => return self.error(Problem::Expected("a JSON value")),
            }
            loop {
                if depth == 0 {
                    return Ok(());
                }
                self.blanks();
                let object = kinds & 1 == 1;
                match (self.byte(), object) {
                    (b',', _) => {
                        self.at += 1;
                        self.blanks();
                        if object {
                            self.skip_key()?;
                        }
                        break;
                    }
                    (b'}', true) | (b']', false) => {
                        self.at += 1;
                        depth -= 1;
                        kinds >>= 1;
                    }
                    (_, true) => return self.error(Problem::Expected("',' or '}'")),
                    (_, false) => return self.error(Problem::Expected("',' or ']'")),
                }
            }
        }
    }

    /// Calls `each` with the keys of the object that stands here, as they are written; none if it
    /// is no object, or a broken one.
    #[cold]
    pub(super) fn each_key(&mut self, mut each: impl FnMut(&'a [u8])) -> Option<()> {
        self.blanks();
        self.step(b'{', "an object").ok()?;
        self.blanks();
        while self.byte() != b'}' {
            each(self.string().ok()?.raw);
            self.colon().ok()?;
            self.skip_value().ok()?;
            self.blanks();
            match self.byte() {
                b',' => self.at += 1,
                b'}' => break,
                _ => return None,
            }
            self.blanks();
        }
        Some(())
    }

    /// Steps over the value of a name that is known, which must be text throughout; that of any
    /// other name may hold bytes of whatever encoding.
    pub(super) fn skip_text(&mut self) -> Result<(), LineError> {
        let start = self.at;
        self.skip_value()?;
        match std::str::from_utf8(&self.bytes[start..self.at]) {
            Ok(_) => Ok(()),
            Err(error) => Err(LineError::new(start + error.valid_up_to(), Problem::NotUtf8)),
        }
    }

    fn skip_key(&mut self) -> Result<(), LineError> {
        if self.byte() != b'"' {
            return self.error(Problem::Expected("a key in quotes"));
        }
        self.string()?;
        self.colon()
    }

    /// Steps over the colon behind a key and the blanks around it.
    pub(super) fn colon(&mut self) -> Result<(), LineError> {
        self.blanks();
        self.step(b':', "':' after the key")?;
        self.blanks();
        Ok(())
    }
}

/// How many of a word's lowest bytes are decimal digits, before the first that is not.
#[inline]
pub(super) fn digit_count(word: u64) -> u32 {
    let high = splat(0xf0);
    let other =
        ((word & high) ^ splat(b'0')) | ((word.wrapping_add(splat(6)) & high) ^ splat(b'0'));
    other.trailing_zeros() / 8
}

/// The value of a word's `count` lowest bytes, which are decimal digits; `count` in [0, 8].
#[inline]
pub(super) fn digits_value(word: u64, count: u32) -> u64 {
    // As if with leading zeros; then pairs, fours and eights of digits are joined.
    let digits = word.checked_shl(64 - 8 * count).unwrap_or(0) & splat(0x0f);
    let pairs = (digits.wrapping_mul(2561) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(6_553_601) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(42_949_672_960_001) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digit_words_agree_with_the_plain_way_for_every_byte_and_place() {
        for place in 0..8 {
            for byte in 0..=255_u8 {
                let mut bytes = *b"19283746";
                bytes[place] = byte;
                let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let word = u64::from_le_bytes(bytes);
                assert_eq!(digit_count(word) as usize, count, "{bytes:?}");
                let text = std::str::from_utf8(&bytes[..count]).unwrap();
                assert_eq!(digits_value(word, count as u32), text.parse().unwrap_or(0));
            }
        }
    }
}
