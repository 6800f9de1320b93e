//! Numbers that follow one another, by one each.
//!
//! In traces numbered by first appearance 88 % of ids are the one before plus 1. So the decimal
//! text of the next number is kept at hand and compared, eight bytes at once, which
//! is cheaper than reading the number and proves the same.

use super::json::Cursor;

/// Counts and steps over the numbers that follow, one by one, the number at `start`. The cursor
/// is right behind its digits, and then right behind those of the last number found. It may stop
/// early: the rest is then another run.
#[inline]
pub(super) fn successors(cursor: &mut Cursor<'_>, start: usize) -> usize {
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
