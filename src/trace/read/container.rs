//! How a file holds its records, told by its first bytes: one a line, in an array, spread over
//! lines, rows under a header; or that it is no trace at all.

use super::BYTE_ORDER_MARK;
use super::csv::Csv;
use super::scan::{Scan, Scanner};
use super::spread::Spread;
use crate::trace::formats::{Field, Vocabulary};
use crate::trace::report::HeldAs;

/// Told once, on the first line.
#[derive(Clone, Debug)]
pub(super) enum Container {
    /// One object a line.
    Lines,
    /// Objects in an array, or over several lines.
    Spread(Spread),
    /// Rows of cells under a header.
    Csv(Csv),
}

impl Container {
    /// The same, as reports have it.
    pub(super) fn held_as(&self) -> HeldAs {
        match self {
            Self::Lines => HeldAs::Lines,
            Self::Spread(_) => HeldAs::Spread,
            Self::Csv(_) => HeldAs::Csv,
        }
    }
}

/// What the first bytes tell.
#[derive(Clone, Debug)]
pub(super) enum Told {
    /// Not yet: more bytes are needed.
    NotYet,
    /// How records are held, and where they begin.
    Holds(Container, usize),
    /// This is no trace, and what to do.
    NoTrace(String),
}

/// How many bytes the names of other kinds of file take.
const TELLING: usize = 16;

/// Tells it by `bytes`, the file's first. `ended`: the file has no more. `most`: the longest
/// first line to wait for. `sought`: so many of them were not enough when this was asked before.
pub(super) fn told(
    bytes: &[u8],
    ended: bool,
    most: usize,
    sought: usize,
    all: &Vocabulary,
) -> Told {
    if bytes.len() < TELLING && !ended {
        return Told::NotYet;
    }
    if let Some(sentence) = other_kind(bytes) {
        return Told::NoTrace(sentence);
    }
    let start = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let Some(first) = bytes[start..].iter().position(|byte| !blank(byte)) else {
        return if ended { Told::Holds(Container::Lines, 0) } else { Told::NotYet };
    };
    let first = start + first;
    if bytes[first] == b'[' {
        return Told::Holds(Container::Spread(Spread::array()), first);
    }
    // Where fewer bytes came than names of other kinds take, nobody looked for a line end.
    let from = if sought < TELLING { first } else { first.max(sought) };
    let end = match memchr::memchr(b'\n', &bytes[from..]) {
        Some(end) => from + end,
        None if !ended && bytes.len() <= most => return Told::NotYet,
        None => bytes.len(),
    };
    let line = &bytes[first..end];
    if bytes[first] == b'{' {
        return if goes_on(line) && end < bytes.len() {
            let line = memchr::memrchr(b'\n', &bytes[..first]).map_or(0, |end| end + 1);
            Told::Holds(Container::Spread(Spread::objects(&bytes[line..first])), first)
        } else {
            Told::Holds(Container::Lines, 0)
        };
    }
    match Csv::header(line, all) {
        Some(csv) if csv.has(Field::Input) || csv.has(Field::HashIds) => {
            Told::Holds(Container::Csv(csv), end.saturating_add(1).min(bytes.len()))
        }
        Some(csv) if csv.is_header() => Told::NoTrace(no_known_column(&csv, all)),
        Some(csv) if csv.is_of_values() => Told::NoTrace(no_header(&csv)),
        _ => Told::Holds(Container::Lines, 0),
    }
}

/// Whether a line that starts an object ends in the middle of it, at a place where a person or a
/// program would break it.
fn goes_on(line: &[u8]) -> bool {
    let mut scanner = Scanner::default();
    for &byte in line {
        if scanner.step(byte) != Scan::More {
            return false;
        }
    }
    matches!(scanner.last(), b'{' | b'[' | b',' | b':')
}

fn no_known_column(csv: &Csv, all: &Vocabulary) -> String {
    let known: Vec<&str> = all.names(Field::Input).collect();
    format!(
        "the file looks like CSV with the columns {}, and none of them is a prompt length or a \
         list of block ids; names known for a prompt length are {}",
        csv.columns().collect::<Vec<_>>().join(", "),
        known.join(", ")
    )
}

fn no_header(csv: &Csv) -> String {
    format!(
        "the file looks like CSV without a header, its first row being {}: put a line with the \
         names of its columns before it, as in timestamp,input_length,output_length",
        csv.columns().collect::<Vec<_>>().join(", ")
    )
}

/// Kinds of file that are met in place of a trace, by their first bytes.
const OTHERS: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "this is a picture (PNG), not a trace"),
    (b"\xff\xd8\xff", "this is a picture (JPEG), not a trace"),
    (b"GIF8", "this is a picture (GIF), not a trace"),
    (b"%PDF", "this is a PDF, not a trace"),
    (
        b"PAR1",
        "this is parquet: convert it to JSON lines, as with `duckdb -c \"COPY (FROM \
         'trace.parquet') TO 'trace.jsonl'\"`",
    ),
    (
        b"ARROW1",
        "this is an Arrow file: convert it to JSON lines, as with `python -c \"import \
         pandas; pandas.read_feather('trace.arrow').to_json('trace.jsonl', orient='records', \
         lines=True)\"`",
    ),
    (b"PK\x03\x04", "this is a zip archive: unpack it, as with `unzip -p trace.zip > trace.jsonl`"),
    (b"PK\x05\x06", "this is an empty zip archive"),
    (b"\x1f\x8b", "the bytes are gzip still: unpack them first, as with `gunzip trace.gz`"),
    (
        b"\x28\xb5\x2f\xfd",
        "the bytes are zstd still: unpack them first, as with `unzstd trace.zst`",
    ),
    (b"BZh", "this is bzip2: unpack it, as with `bunzip2 trace.bz2`"),
    (b"\xfd7zXZ\0", "this is xz: unpack it, as with `unxz trace.xz`"),
    (b"7z\xbc\xaf\x27\x1c", "this is a 7z archive: unpack it, as with `7z e trace.7z`"),
    (b"\x04\x22\x4d\x18", "this is lz4: unpack it, as with `unlz4 trace.lz4`"),
    (
        b"SQLite format 3\0",
        "this is a SQLite database: export the table as JSON lines or as CSV with a header",
    ),
    (b"\x93NUMPY", "this is a NumPy array: export it as CSV with a header"),
    (b"\x89HDF", "this is HDF5: export it as CSV with a header"),
    (b"\x7fELF", "this is a program, not a trace"),
    (b"version https://git-lfs", "this is a pointer of Git LFS: get the file with `git lfs pull`"),
    (
        b"\xff\xfe",
        "the text is UTF-16: convert it, as with `iconv -f UTF-16 -t UTF-8 trace > trace.jsonl`",
    ),
    (
        b"\xfe\xff",
        "the text is UTF-16: convert it, as with `iconv -f UTF-16 -t UTF-8 trace > trace.jsonl`",
    ),
];

/// What kind of file this is, if it is none that can hold a trace.
fn other_kind(bytes: &[u8]) -> Option<String> {
    let by_name = OTHERS.iter().find(|(name, _)| bytes.starts_with(name));
    if let Some(&(_, sentence)) = by_name {
        return Some(sentence.to_owned());
    }
    // Texts and their encodings.
    let start = &bytes[..bytes.len().min(TELLING)];
    if start.contains(&0) {
        let halves = start.len() >= 4
            && (0..2).any(|half| start.iter().skip(half).step_by(2).all(|&byte| byte == 0));
        let sentence = if halves {
            "the text is UTF-16 without a mark: convert it, as with `iconv -f UTF-16LE -t UTF-8 \
             trace > trace.jsonl`"
        } else {
            "the file is binary, of no kind that is known here: a trace is JSON lines, a JSON \
             array or CSV with a header, .gz or .zst or not"
        };
        return Some(sentence.to_owned());
    }
    let text = start.trim_ascii_start();
    if text.first() == Some(&b'<') {
        return Some(
            "this is HTML or XML, perhaps a page about the trace in place of the file: download \
             the file itself"
                .to_owned(),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> &'static str {
        kind_of(told(bytes, true, 1 << 20, 0, &Vocabulary::new()))
    }

    fn kind_of(told: Told) -> &'static str {
        match told {
            Told::NotYet => "not yet",
            Told::Holds(Container::Lines, _) => "lines",
            Told::Holds(Container::Spread(_), _) => "spread",
            Told::Holds(Container::Csv(_), _) => "csv",
            Told::NoTrace(_) => "no trace",
        }
    }

    /// What is told of bytes that come one by one.
    fn kind_bit_by_bit(bytes: &[u8]) -> &'static str {
        let all = Vocabulary::new();
        let tell = |came: usize| kind_of(told(&bytes[..came], false, 1 << 20, came - 1, &all));
        (1..bytes.len()).map(tell).find(|&told| told != "not yet").unwrap_or_else(|| kind(bytes))
    }

    #[test]
    fn a_line_end_among_the_very_first_bytes_is_found_later() {
        let spread = b"{\n  \"timestamp\": 0, \"hash_ids\": [1]}\n{\n";
        assert_eq!(kind_bit_by_bit(spread), "spread");
        assert_eq!(kind_bit_by_bit(b"\t{\n  \"a\": [5, 6]}\n{\"timestamp\": 0}\n"), "spread");
        assert_eq!(kind_bit_by_bit(b"{\"t\": 1}\n{\"t\": 2, \"a\": 3}\n"), "lines");
        assert_eq!(kind_bit_by_bit(b"timestamp;input_length;hash_ids\n1;2;3\n"), "csv");
    }

    #[test]
    fn files_are_told_by_their_first_bytes() {
        let cases: [(&[u8], &str); 22] = [
            (b"", "lines"),
            (b"\n \n", "lines"),
            (b"{\"t\": 1}\n", "lines"),
            (b"\xef\xbb\xbf{\"t\": 1}", "lines"),
            (b"{\"hash_ids\": [1, 2\n{\"t\": 1}\n", "lines"),
            (b"{\"a\": \"[\n", "lines"),
            (b"{\n  \"t\": 1\n}\n", "spread"),
            (b"{\"requests\": [\n{\"t\": 1}\n]}", "spread"),
            (b"\n\n[\n", "spread"),
            (b"[{\"t\": 1}]", "spread"),
            (b"TIMESTAMP,ContextTokens,GeneratedTokens\r\n1,2,3\n", "csv"),
            (b"timestamp;input_length;hash_ids\n", "csv"),
            (b"name,age\n", "no trace"),
            (b"timestamp: 3\n", "lines"),
            (b"1,2,3\n", "no trace"),
            (b"2024-05-10 00:00:00.009930+00:00,2162,5\n", "no trace"),
            (b"1,x,3\n", "lines"),
            (b"PAR1\x15\x04\x15\x20", "no trace"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no trace"),
            (b"{\0\"\0t\0\"\0:\0", "no trace"),
            (b"<!DOCTYPE html>\n<html>", "no trace"),
            (b"\0\0\0\x18ftyp", "no trace"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(kind(bytes), expected, "{}", bytes.escape_ascii());
        }
    }
}
