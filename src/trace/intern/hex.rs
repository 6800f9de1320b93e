//! Texts that spell 64 bits: sixteen lower-case hex digits, behind `0x` or alone.
//!
//! Such a text and its number say the same, so the number stands for it: no two of these texts
//! have the same number and the same prefix. Every other text, be it of upper-case digits or of
//! fewer, stays what it is, letter by letter.

use super::{BARE_HEX, HEX};
use std::fmt;

const DIGITS: usize = 16;
const PREFIX: &[u8] = b"0x";

/// An id that is written as sixteen lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hex {
    pub(super) value: u64,
    /// Without `0x` before the digits.
    pub(super) bare: bool,
}

impl Hex {
    /// What a node with it is marked as.
    #[inline]
    pub(super) fn kind(self) -> u32 {
        if self.bare { BARE_HEX } else { HEX }
    }

    /// The id that all of `text` spells.
    #[inline]
    pub(in crate::trace) fn of(text: &[u8]) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == DIGITS);
        let bare = digits.is_none();
        let value = value(digits.unwrap_or(text).try_into().ok()?)?;
        Some(Self { value, bare })
    }

    /// The id that the string in quotes spells which `bytes` start with, and its length, quotes
    /// included. None close to the end of the bytes, and where the string is a decimal number.
    #[inline(always)]
    pub(in crate::trace) fn quoted(bytes: &[u8]) -> Option<(Self, usize)> {
        let first: &[u8; DIGITS + 4] = bytes.first_chunk()?;
        let [b'"', text @ .., last] = first else { return None };
        if let [b'0', b'x', digits @ ..] = text
            && *last == b'"'
        {
            return Some((Self { value: value(digits)?, bare: false }, first.len()));
        }
        let digits = text.first_chunk()?;
        if text[DIGITS] != b'"' || (digits[0] != b'0' && digits.iter().all(u8::is_ascii_digit)) {
            return None;
        }
        Some((Self { value: value(digits)?, bare: true }, DIGITS + 2))
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.bare { "" } else { "0x" };
        write!(f, "{prefix}{:016x}", self.value)
    }
}

/// The value of sixteen digits, if that is what they are.
#[inline(always)]
fn value(digits: &[u8; DIGITS]) -> Option<u64> {
    let (high, low) = (digits.first_chunk()?, digits.last_chunk()?);
    Some(u64::from(eight(*high)?) << 32 | u64::from(eight(*low)?))
}

/// The value of eight digits: what they would be is spelt again and compared.
#[inline(always)]
fn eight(digits: [u8; 8]) -> Option<u32> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let text = u64::from_le_bytes(digits);
    // Of the digits that come, only letters have bit 6; they begin at 1, and stand for 10 on.
    let value = (text & (0xf * ONES)) + (text >> 6 & ONES) * 9;
    let letters = (value + 6 * ONES) >> 4 & ONES;
    if value & (0xf0 * ONES) != 0
        || value + ONES * u64::from(b'0') + letters * u64::from(b'a' - b'0' - 10) != text
    {
        return None;
    }
    // The first digit is the highest; then pairs, fours and eights of them are joined.
    let pairs = value.swap_bytes();
    let pairs = (pairs | pairs >> 4) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    Some((fours | fours >> 16) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_the_standard_library_reads_them_for_every_byte_and_place() {
        for place in 0..DIGITS {
            for byte in 0..=255_u8 {
                let mut digits = *b"0918a7b6c5d4e3f2";
                digits[place] = byte;
                let known = matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                let text = std::str::from_utf8(&digits).unwrap_or("");
                let expected = known.then(|| u64::from_str_radix(text, 16).unwrap());
                assert_eq!(value(&digits), expected, "{}", digits.escape_ascii());
                let hex = |bare| expected.map(|value| Hex { value, bare });
                let prefixed = [PREFIX, &digits].concat();
                assert_eq!(Hex::of(&digits), hex(true));
                assert_eq!(Hex::of(&prefixed), hex(false));
                let quoted = |text: &[u8]| [b"\"", text, b"\", "].concat();
                let found = |text: &[u8]| Hex::quoted(&quoted(text));
                assert_eq!(found(&digits), hex(true).map(|hex| (hex, 18)));
                assert_eq!(found(&prefixed), hex(false).map(|hex| (hex, 20)));
                if let Some(hex) = Hex::of(&prefixed) {
                    assert_eq!(hex.to_string().as_bytes(), prefixed);
                }
            }
        }
    }

    #[test]
    fn what_is_no_such_text_is_left_alone() {
        for other in [
            "",
            "0x",
            "ff",
            "0x00ff",
            "0X0918a7b6c5d4e3f2",
            "0x0918A7b6c5d4e3f2",
            "0x0918a7b6c5d4e3f20",
            "0x0918a7b6c5d4e3f",
            "x0918a7b6c5d4e3f2",
            "0918a7b6c5d4e3f20",
        ] {
            assert_eq!(Hex::of(other.as_bytes()), None, "{other}");
            assert_eq!(Hex::quoted(format!("\"{other}\",      ").as_bytes()), None, "{other}");
        }
        // A decimal number in quotes is that number; with a leading zero it is a text.
        assert_eq!(Hex::quoted(b"\"1234567890123456\",   "), None);
        assert!(Hex::quoted(b"\"0234567890123456\",   ").is_some());
        assert_eq!(Hex::quoted(b"\"0234567890123456\""), None);
    }
}
