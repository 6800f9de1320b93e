//! JSON strings: where they end, and what they say.

use super::json::{Cursor, splat};
use super::problem::{LineError, Problem};

/// A string token, without its quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct StringToken<'a> {
    pub(super) raw: &'a [u8],
    /// Where `raw` starts in the line.
    pub(super) at: usize,
    pub(super) escaped: bool,
}

impl<'a> Cursor<'a> {
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

/// Has the top bit set of the first byte, and perhaps of later ones, that ends a plain stretch
/// of a string: a quote, a backslash or a control character.
#[inline]
fn special_bytes(word: u64) -> u64 {
    let zero_byte = |word: u64| word.wrapping_sub(splat(1)) & !word;
    let control = word.wrapping_sub(splat(0x20)) & !word;
    (zero_byte(word ^ splat(b'"')) | zero_byte(word ^ splat(b'\\')) | control) & splat(0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

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
