//! Records that are not held by lines: the elements of an array, objects over several lines.

use super::scan::{Scan, Scanner};
use super::{Container, TraceReader, newlines};
use crate::trace::Log;
use crate::trace::report::HeldAs;

/// What stands for a line end within a record, which the parser takes for a blank.
pub(super) const LINE_END: u8 = b'\r';

/// How far the file has come between and within records.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    scanner: Scanner,
    state: State,
    /// No record has ended yet: the file may be one of lines after all, the first one broken.
    provisional: bool,
    /// What stands before the first record on its line.
    lead: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Between,
    Within,
    /// Behind something broken: the next line may be whole again.
    Lost,
}

impl Spread {
    /// The file starts with an array.
    pub(super) fn array() -> Self {
        let (scanner, state) = (Scanner::default(), State::Between);
        Self { scanner, state, provisional: false, lead: Vec::new() }
    }

    /// The file starts with an object that goes on on the next line, behind `lead` on its own.
    pub(super) fn objects(lead: &[u8]) -> Self {
        Self { provisional: true, lead: lead.to_vec(), ..Self::array() }
    }
}

impl TraceReader {
    /// Takes in bytes of a file whose records are not held by lines.
    pub(super) fn push_spread(&mut self, mut bytes: &[u8], out: &mut Log) {
        while !bytes.is_empty() {
            let Some(Container::Spread(spread)) = &mut self.container else {
                return self.push_lines(bytes, out);
            };
            bytes = match spread.state {
                State::Between => self.between(bytes),
                State::Lost => self.lost(bytes),
                State::Within => self.within(bytes, out),
            };
            if self.report.stopped.is_some() {
                return;
            }
        }
    }

    /// Steps to the next record; returns what is left.
    fn between<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let passed = |byte: &u8| b" \t\r\n,[]".contains(byte);
        let start = bytes.iter().position(|byte| !passed(byte)).unwrap_or(bytes.len());
        self.pass(&bytes[..start]);
        if start < bytes.len() {
            self.set_state(State::Within);
        }
        &bytes[start..]
    }

    /// Steps to the next line, or over the rest.
    fn lost<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1);
        self.pass(&bytes[..end]);
        if bytes[..end].ends_with(b"\n") {
            self.set_state(State::Between);
        }
        &bytes[end..]
    }

    /// Takes in more of a record, up to its end.
    fn within<'a>(&mut self, bytes: &'a [u8], out: &mut Log) -> &'a [u8] {
        let Some(Container::Spread(spread)) = &mut self.container else { return bytes };
        let mut at = 0;
        let scan = loop {
            if spread.scanner.in_string() {
                // Nothing within a string matters but its end.
                let rest = &bytes[at..];
                at += memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
            }
            let Some(&byte) = bytes.get(at) else { break Scan::More };
            match spread.scanner.step(byte) {
                Scan::More => at += 1,
                Scan::Done => {
                    at += 1;
                    break Scan::Done;
                }
                // A line end that breaks the record belongs to no record.
                Scan::Broken => {
                    at += usize::from(byte != b'\n');
                    break Scan::Broken;
                }
            }
        };
        let length = self.partial.len() + self.dropped + at;
        if scan == Scan::Broken && spread.provisional && length <= self.options.max_line_bytes {
            return self.fall_back(bytes, out);
        }
        self.hold(&bytes[..at]);
        if scan != Scan::More {
            self.end_record(scan, false, out);
        }
        &bytes[at..]
    }

    /// The record held has ended, well or not.
    fn end_record(&mut self, scan: Scan, last: bool, out: &mut Log) {
        let mut record = std::mem::take(&mut self.partial);
        let dropped = std::mem::take(&mut self.dropped);
        let lines = newlines(&record) + std::mem::take(&mut self.dropped_lines);
        let length = record.len() + dropped;
        if dropped > 0 {
            self.refuse_too_long(&record, length);
        } else {
            // Line ends between tokens are blanks here, and told apart from other blanks.
            for byte in &mut record {
                *byte = match *byte {
                    b'\n' => LINE_END,
                    b'\r' => b' ',
                    other => other,
                };
            }
            record.push(b'\n');
            self.read_record(&record, 0, last, out);
        }
        self.report.lines += lines;
        self.offset += length as u64;
        record.clear();
        record.shrink_to(super::KEPT_CAPACITY);
        self.partial = record;
        if let Some(Container::Spread(spread)) = &mut self.container {
            spread.provisional = false;
            spread.scanner = Scanner::default();
            spread.state = if scan == Scan::Broken { State::Lost } else { State::Between };
        }
    }

    /// The first record is none: the file is one of lines, and this its first.
    fn fall_back<'a>(&mut self, bytes: &'a [u8], out: &mut Log) -> &'a [u8] {
        let lines = self.container.replace(Container::Lines);
        self.report.held_as = Some(HeldAs::Lines);
        let mut held = std::mem::take(&mut self.partial);
        if let Some(Container::Spread(spread)) = lines {
            self.offset -= spread.lead.len() as u64;
            held.splice(..0, spread.lead);
        }
        self.push_lines(&held, out);
        bytes
    }

    /// Ends the input.
    pub(super) fn end_spread(&mut self, out: &mut Log) {
        let Some(Container::Spread(spread)) = &self.container else { return };
        if spread.state == State::Within {
            if self.has_lines() {
                let none = self.fall_back(&[], out);
                debug_assert!(none.is_empty());
                return self.end_lines(out);
            }
            self.end_record(Scan::Broken, true, out);
        }
        if self.ends_within_a_line {
            self.report.lines += 1;
            self.ends_within_a_line = false;
        }
    }

    /// No more of the record comes that is being read, if the records are not held by lines.
    pub(super) fn leave_record(&mut self, out: &mut Log) {
        if self.has_lines() {
            self.fall_back(&[], out);
        }
        self.set_state(State::Between);
    }

    /// Whether what was taken for a record over several lines has one in a line of its own.
    fn has_lines(&self) -> bool {
        let Some(Container::Spread(spread)) = &self.container else { return false };
        spread.provisional && self.partial.split(|&byte| byte == b'\n').any(is_whole_row)
    }

    /// Steps over bytes between records.
    fn pass(&mut self, bytes: &[u8]) {
        self.report.lines += newlines(bytes);
        self.offset += bytes.len() as u64;
    }

    fn set_state(&mut self, state: State) {
        if let Some(Container::Spread(spread)) = &mut self.container {
            spread.state = state;
        }
    }
}

/// Whether a line looks like one record of a file of lines.
fn is_whole_row(line: &[u8]) -> bool {
    let mut scanner = Scanner::default();
    let line = line.trim_ascii_end();
    let Some((&last, most)) = line.split_last() else { return false };
    line[0] == b'{'
        && most.iter().all(|&byte| scanner.step(byte) == Scan::More)
        && scanner.step(last) == Scan::Done
}
