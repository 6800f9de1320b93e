//! Bytes to lines, and lines to records.

use super::container::Container;
use super::problem::{LineError, Problem};
use super::{BYTE_ORDER_MARK, HEAD, KEPT_CAPACITY, TraceReader, newline, newlines};
use crate::trace::Log;

impl TraceReader {
    /// Takes in bytes of a file of lines.
    pub(super) fn push_lines(&mut self, bytes: &[u8], out: &mut Log) {
        let mut rest = bytes;
        if !self.partial.is_empty() {
            match memchr::memchr(b'\n', rest) {
                Some(end) => {
                    self.hold(&rest[..end]);
                    self.end_partial(false, out);
                    rest = &rest[end + 1..];
                }
                None => {
                    self.hold(rest);
                    rest = &[];
                }
            }
        }
        if let Some(last) = memchr::memrchr(b'\n', rest) {
            let (mut lines, unfinished) = rest.split_at(last + 1);
            while !lines.is_empty() && self.report.stopped.is_none() {
                let end = self.read_line(lines, false, out);
                lines = &lines[end + 1..];
            }
            rest = unfinished;
        }
        if self.report.stopped.is_none() {
            self.hold(rest);
        }
    }

    pub(super) fn end_lines(&mut self, out: &mut Log) {
        if !self.partial.is_empty() {
            self.end_partial(true, out);
        }
    }

    /// Keeps a part of a line without its end.
    pub(super) fn hold(&mut self, part: &[u8]) {
        if self.dropped == 0 && self.partial.len() + part.len() <= self.options.max_line_bytes {
            self.partial.extend_from_slice(part);
            return;
        }
        let length = self.partial.len() + self.dropped + part.len();
        let missing = HEAD.saturating_sub(self.partial.len()).min(part.len());
        self.dropped_lines += newlines(&part[missing..]);
        self.dropped_lines += newlines(self.partial.get(HEAD..).unwrap_or_default());
        self.partial.extend_from_slice(&part[..missing]);
        self.partial.truncate(HEAD);
        self.partial.shrink_to(HEAD);
        self.dropped = length - self.partial.len();
    }

    /// Reads the line whose last part was held. `last`: the file ends with it.
    fn end_partial(&mut self, last: bool, out: &mut Log) {
        let mut line = std::mem::take(&mut self.partial);
        let dropped = std::mem::take(&mut self.dropped);
        if dropped > 0 {
            let length = line.len() + dropped;
            self.refuse_too_long(&line, length);
            self.end_line(length, last);
        } else {
            line.push(b'\n');
            self.read_line(&line, last, out);
        }
        line.clear();
        line.shrink_to(KEPT_CAPACITY);
        self.partial = line;
    }

    /// Reads the line that `bytes` start with; they hold its end. Returns where that is.
    fn read_line(&mut self, bytes: &[u8], last: bool, out: &mut Log) -> usize {
        if let Some(end) = self.read_predicted(bytes, out) {
            self.end_line(end, last);
            return end;
        }
        let end = if let Some(Container::Csv(_)) = self.container {
            self.read_cells(bytes, last, out)
        } else {
            let bom = self.report.lines == 0 && bytes.starts_with(BYTE_ORDER_MARK);
            let start = if bom { BYTE_ORDER_MARK.len() } else { 0 };
            self.read_record(bytes, start, last, out)
        };
        self.end_line(end, last);
        end
    }

    /// Reads the row of cells that `bytes` start with. Returns where it ends.
    fn read_cells(&mut self, bytes: &[u8], last: bool, out: &mut Log) -> usize {
        let end = newline(bytes, 0);
        // Taken out while the record is read, and put back for what there is to say about it.
        let Some(Container::Csv(mut csv)) = self.container.take() else { return end };
        let result = match csv.convert(&bytes[..end]) {
            Ok(json) => self.try_record(json, 0, out).1,
            Err(error) => Err(error),
        };
        let json = if result.is_err() { csv.json().to_vec() } else { Vec::new() };
        self.container = Some(Container::Csv(csv));
        if let Err(error) = result {
            self.refuse(&error, json.trim_ascii_end(), last);
        }
        end
    }

    pub(super) fn end_line(&mut self, end: usize, last: bool) {
        self.report.lines += 1;
        self.offset += end as u64 + u64::from(!last);
    }

    /// Reads the record that `bytes` start with, from byte `start` on; they hold the end of its
    /// line. Returns where that is.
    pub(super) fn read_record(
        &mut self,
        bytes: &[u8],
        start: usize,
        last: bool,
        out: &mut Log,
    ) -> usize {
        let (end, result) = self.try_record(bytes, start, out);
        if let Err(error) = result {
            let most = if let Problem::TooLong { .. } = error.problem { HEAD } else { end };
            self.refuse(&error, &bytes[..end.min(most)], last);
        }
        end
    }

    /// Reads a record and serves its rows; returns where its line ends.
    fn try_record(
        &mut self,
        bytes: &[u8],
        start: usize,
        out: &mut Log,
    ) -> (usize, Result<(), LineError>) {
        let read = self.record.read(bytes, start);
        let end = match read {
            Ok(Some(end)) => end,
            Ok(None) => newline(bytes, 0),
            Err(error) => newline(bytes, error.at),
        };
        let max = self.options.max_line_bytes;
        if end > max {
            return (end, Err(LineError::new(0, Problem::TooLong { max })));
        }
        let result = match read {
            Ok(Some(_)) => self.accept(self.report.lines + 1, end, out),
            Ok(None) => {
                self.report.blank_lines += 1;
                Ok(())
            }
            Err(error) => Err(error),
        };
        (end, result)
    }
}
