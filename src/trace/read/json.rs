//! Just enough JSON for trace lines: a cursor over one line that never goes past its end.
//!
//! Strict like RFC 8259. No recursion and no allocation, except for texts that have escapes.

use super::problem::{LineError, Problem};

/// How deep arrays and objects may nest inside a line's object.
pub(super) const MAX_DEPTH: u32 = 127;

/// Eight times the same byte.
const fn splat(byte: u8) -> u64 {
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

/// A string token, without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct StringToken<'a> {
    pub(super) raw: &'a [u8],
    /// Where `raw` starts in the line.
    pub(super) at: usize,
    pub(super) escaped: bool,
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
    pub(super) fn take(&mut self, word: &[u8]) -> bool {
        let found = self.bytes[self.at..].starts_with(word);
        if found {
            self.at += word.len();
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
    #[inline]
    pub(super) fn digits(&mut self) -> (usize, Option<u64>) {
        let start = self.at;
        let mut value = Some(0_u64);
        while let Some(word) = self.word() {
            let count = digit_count(word);
            if count == 0 {
                return (self.at - start, value);
            }
            let part = digits_value(word, count);
            value = if self.at == start {
                Some(part)
            } else {
                value
                    .and_then(|value| value.checked_mul(10_u64.pow(count)))
                    .and_then(|value| value.checked_add(part))
            };
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

    /// Reads a whole number in `[0, max]`.
    #[inline]
    pub(super) fn whole(&mut self, max: u64) -> Result<u64, LineError> {
        let start = self.at;
        let first = self.byte();
        let (count, value) = self.digits();
        let plain = count == 1 || (count > 1 && first != b'0');
        match value {
            Some(value) if plain && value <= max && !matches!(self.byte(), b'.' | b'e' | b'E') => {
                Ok(value)
            }
            _ => {
                self.at = start;
                self.not_whole(max)
            }
        }
    }

    /// Says why what stands here is no whole number in `[0, max]`.
    #[cold]
    fn not_whole(&self, max: u64) -> Result<u64, LineError> {
        let mut ahead = *self;
        let problem = match ahead.number() {
            Ok(number) if !number.whole => Problem::Fraction(max),
            Ok(number) if number.text.starts_with('-') => Problem::Negative(max),
            Ok(_) => Problem::TooLarge(max),
            Err(_) if self.byte() == b'"' => Problem::Quoted(max),
            Err(_) => Problem::NotWhole(max),
        };
        self.error(problem)
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

    /// Reads a string; the cursor is at its opening quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<StringToken<'a>, LineError> {
        self.step(b'"', "a string")?;
        let start = self.at;
        let mut escaped = false;
        loop {
            while let Some(word) = self.word() {
                let special = special_bytes(word);
                if special != 0 {
                    self.at += special.trailing_zeros() as usize / 8;
                    break;
                }
                self.at += 8;
            }
            match self.byte() {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                b'\n' => return self.error(Problem::Expected("the closing quote of a string")),
                0..0x20 => return self.error(Problem::ControlCharacter),
                _ => self.at += 1,
            }
        }
        let raw = &self.bytes[start..self.at];
        self.at += 1;
        Ok(StringToken { raw, at: start, escaped })
    }

    /// Steps over an escape; the cursor is at its backslash.
    fn escape(&mut self) -> Result<(), LineError> {
        self.at += 1;
        match self.byte() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
            b'u' => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.byte().is_ascii_hexdigit() {
                        return self.error(Problem::Expected("four hex digits after \\u"));
                    }
                    self.at += 1;
                }
            }
            _ => return self.error(Problem::Expected("an escape that JSON has")),
        }
        Ok(())
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
fn digit_count(word: u64) -> u32 {
    let high = splat(0xf0);
    let other =
        ((word & high) ^ splat(b'0')) | ((word.wrapping_add(splat(6)) & high) ^ splat(b'0'));
    other.trailing_zeros() / 8
}

/// The value of a word's `count` lowest bytes, which are decimal digits; `count` in [1, 8].
#[inline]
fn digits_value(word: u64, count: u32) -> u64 {
    // As if with leading zeros; then pairs, fours and eights of digits are joined.
    let digits = (word << (64 - 8 * count)) & splat(0x0f);
    let pairs = (digits.wrapping_mul(2561) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(6_553_601) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(42_949_672_960_001) >> 32
}

/// Has the top bit set of the first byte, and perhaps of later ones, that ends a plain stretch
/// of a string: a quote, a backslash or a control character.
#[inline]
fn special_bytes(word: u64) -> u64 {
    let zero_byte = |word: u64| word.wrapping_sub(splat(1)) & !word;
    let control = word.wrapping_sub(splat(0x20)) & !word;
    (zero_byte(word ^ splat(b'"')) | zero_byte(word ^ splat(b'\\')) | control) & splat(0x80)
}

impl StringToken<'_> {
    /// Appends the text that the token stands for.
    pub(super) fn decode_into(&self, out: &mut String) -> Result<(), LineError> {
        let text = match std::str::from_utf8(self.raw) {
            Ok(text) => text,
            Err(error) => {
                return Err(LineError::new(self.at + error.valid_up_to(), Problem::NotUtf8));
            }
        };
        if !self.escaped {
            out.push_str(text);
            return Ok(());
        }
        let mut rest = text;
        while let Some(position) = rest.find('\\') {
            out.push_str(&rest[..position]);
            let at = self.at + text.len() - rest.len() + position;
            let (char, len) = unescape(&rest.as_bytes()[position..])
                .ok_or_else(|| LineError::new(at, Problem::LoneSurrogate))?;
            out.push(char);
            rest = &rest[position + len..];
        }
        out.push_str(rest);
        Ok(())
    }
}

/// The character of the escape that `bytes` start with, and the escape's length.
/// None if it is one half of a surrogate pair.
fn unescape(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = std::str::from_utf8(bytes.get(at..at + 4)?).ok()?;
        u16::from_str_radix(digits, 16).ok()
    };
    Some(match bytes[1] {
        b'b' => ('\u{8}', 2),
        b'f' => ('\u{c}', 2),
        b'n' => ('\n', 2),
        b'r' => ('\r', 2),
        b't' => ('\t', 2),
        b'u' => {
            let high = unit(2)?;
            if let Some(char) = char::from_u32(u32::from(high)) {
                (char, 6)
            } else {
                let low = if bytes.get(6..8)? == b"\\u" { unit(8)? } else { return None };
                (char::decode_utf16([high, low]).next()?.ok()?, 12)
            }
        }
        same => (char::from(same), 2),
    })
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
                if count > 0 {
                    let text = std::str::from_utf8(&bytes[..count]).unwrap();
                    assert_eq!(digits_value(word, count as u32), text.parse::<u64>().unwrap());
                }
            }
        }
    }

    #[test]
    fn special_bytes_are_found_at_every_place() {
        for place in 0..8 {
            for byte in 0..=255_u8 {
                let mut bytes = *b"abcdefgh";
                bytes[place] = byte;
                let special = byte == b'"' || byte == b'\\' || byte < 0x20;
                let found = special_bytes(u64::from_le_bytes(bytes)).trailing_zeros() / 8;
                assert_eq!(found as usize, if special { place } else { 8 }, "{byte}");
            }
        }
    }
}
