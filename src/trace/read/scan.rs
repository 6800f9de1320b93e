//! Where a JSON value ends that need not end on its line: brackets are counted, strings are
//! stepped over. Only what cannot be the start of a value is told to be broken here; the rest is
//! for the parser.

use super::json::MAX_DEPTH;

/// What a byte did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// The value goes on.
    More,
    /// The value ends with this byte.
    Done,
    /// No value goes like this.
    Broken,
}

/// How far a value has come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scanner {
    /// One bit per open bracket, the innermost lowest: 1 for an object.
    kinds: u128,
    depth: u32,
    in_string: bool,
    escaped: bool,
    last: u8,
}

impl Scanner {
    /// The last byte outside strings that was no blank.
    pub(super) fn last(&self) -> u8 {
        if self.in_string { b'"' } else { self.last }
    }

    /// Whether the next byte belongs to a string.
    pub(super) fn in_string(&self) -> bool {
        self.in_string && !self.escaped
    }

    /// Takes the next byte.
    #[inline]
    pub(super) fn step(&mut self, byte: u8) -> Scan {
        if self.in_string {
            return self.step_in_string(byte);
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => return Scan::More,
            b'"' => {
                if !matches!(self.last, b'{' | b'[' | b',' | b':') {
                    return Scan::Broken;
                }
                self.in_string = true;
            }
            b'{' | b'[' => {
                let starts = self.depth == 0 || matches!(self.last, b'[' | b',' | b':');
                if !starts || self.depth > MAX_DEPTH {
                    return Scan::Broken;
                }
                self.kinds = self.kinds << 1 | u128::from(byte == b'{');
                self.depth += 1;
            }
            b'}' | b']' => {
                if self.depth == 0 || (self.kinds & 1 == 1) != (byte == b'}') {
                    return Scan::Broken;
                }
                self.kinds >>= 1;
                self.depth -= 1;
            }
            _ => {}
        }
        self.last = byte;
        if self.depth == 0 { Scan::Done } else { Scan::More }
    }

    fn step_in_string(&mut self, byte: u8) -> Scan {
        match byte {
            b'\n' => return Scan::Broken,
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => {
                self.in_string = false;
                self.last = b'"';
            }
            _ => {}
        }
        Scan::More
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> (Scan, usize) {
        let mut scanner = Scanner::default();
        for (at, byte) in text.bytes().enumerate() {
            match scanner.step(byte) {
                Scan::More => {}
                end => return (end, at + 1),
            }
        }
        (Scan::More, text.len())
    }

    #[test]
    fn values_end_where_their_brackets_close() {
        let whole = r#"{"a": [1, {"b": "}]\"{"}, []], "c": {}}"#;
        assert_eq!(scan(&format!("{whole} {{")), (Scan::Done, whole.len()));
        for end in 1..whole.len() {
            assert_eq!(scan(&whole[..end]).0, Scan::More, "{}", &whole[..end]);
        }
        for broken in ["{]", "[1}", "{\"a\n", "{\"a\": {} {", "{\"a\" \"", "}", "[[1] \""] {
            assert_eq!(scan(broken), (Scan::Broken, broken.len()), "{broken}");
        }
        assert_eq!(scan(&"[".repeat(129)), (Scan::Broken, 129));
    }
}
