//! Rows of cells under a header. A row becomes the JSON object that it stands for, so that cells
//! mean what values mean and are refused with the same words.

use super::problem::{LineError, Problem};
use super::value;
use crate::trace::formats::{Field, Key, Vocabulary};

/// The header, and what its row needs.
#[derive(Clone, Debug)]
pub(super) struct Csv {
    delimiter: u8,
    columns: Vec<(String, Key)>,
    /// The latest row as JSON, with a line end.
    json: Vec<u8>,
    /// Where each cell's value begins: in the JSON, and in the row.
    places: Vec<(usize, usize)>,
    cell: Vec<u8>,
    /// The latest cell began with a quote that nothing closed.
    open: bool,
}

impl Csv {
    /// The header that `line` is, if it has two cells or more.
    pub(super) fn header(line: &[u8], all: &Vocabulary) -> Option<Self> {
        let line = line.trim_ascii_end();
        let count = |delimiter: u8| line.iter().filter(|&&byte| byte == delimiter).count();
        let delimiter = *b",\t;|".iter().max_by_key(|&&delimiter| {
            // Of equally many the one named first.
            (count(delimiter), std::cmp::Reverse(delimiter))
        })?;
        let is_json = line.iter().any(|byte| b"{}[]".contains(byte));
        if count(delimiter) == 0 || is_json || std::str::from_utf8(line).is_err() {
            return None;
        }
        let mut csv = Self {
            delimiter,
            columns: Vec::new(),
            json: Vec::new(),
            places: Vec::new(),
            cell: Vec::new(),
            open: false,
        };
        let mut at = 0;
        while let Some(next) = csv.next_cell(line, at) {
            let name = String::from_utf8_lossy(csv.cell.trim_ascii()).into_owned();
            let key = all.key(name.as_bytes());
            csv.columns.push((name, key));
            at = next;
        }
        Some(csv)
    }

    /// Whether a column has this meaning.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|(_, key)| key.field == field)
    }

    /// Whether these are names of columns rather than values or a sentence.
    pub(super) fn is_header(&self) -> bool {
        self.columns().all(|name| {
            let mut chars = name.chars();
            chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
                && chars.all(|other| other.is_alphanumeric() || "_ .-/()".contains(other))
        })
    }

    /// The names of the columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// Whether these are values: numbers and dates where names should be.
    pub(super) fn is_of_values(&self) -> bool {
        self.columns().all(|cell| value::is_number_or_date(cell.as_bytes()))
    }

    /// The row as JSON, with a line end; a blank row is a blank line. What no row of cells may be
    /// is an error, and stands in the JSON as well.
    pub(super) fn convert(&mut self, row: &[u8]) -> Result<&[u8], LineError> {
        let fault = self.put_row(row);
        self.json.push(b'\n');
        fault.map_or(Ok(()), Err)?;
        Ok(&self.json)
    }

    /// The same without the line end; returns what is wrong with it.
    fn put_row(&mut self, row: &[u8]) -> Option<LineError> {
        self.json.clear();
        self.places.clear();
        if row.trim_ascii().is_empty() {
            return None;
        }
        self.json.push(b'{');
        let (mut at, mut column) = (0, 0);
        while let Some(next) = self.next_cell(row, at) {
            let names = self.columns.len();
            let problem = match self.open {
                true => Some(Problem::OpenQuote),
                // Behind the last cell a delimiter may stand.
                false if column < names || self.cell.trim_ascii().is_empty() => None,
                false => Some(Problem::MoreCells { names }),
            };
            if let Some(problem) = problem {
                let place = self.json.len();
                self.places.push((place, at));
                quote(&self.cell, &mut self.json);
                return Some(LineError::new(place, problem));
            }
            if column < names {
                self.put(column, at);
            }
            (at, column) = (next, column + 1);
        }
        self.json.push(b'}');
        None
    }

    /// The latest row as JSON.
    pub(super) fn json(&self) -> &[u8] {
        &self.json
    }

    /// Where in the row the cell begins that stands at `at` in its JSON.
    pub(super) fn place(&self, at: usize) -> usize {
        self.places.iter().rev().find(|(json, _)| *json <= at).map_or(0, |&(_, row)| row)
    }

    /// Appends a column's key and the latest cell; nothing for an empty one.
    fn put(&mut self, column: usize, at: usize) {
        let (name, key) = &self.columns[column];
        let cell = self.cell.trim_ascii();
        if cell.is_empty() || key.field == Field::Other {
            return;
        }
        if self.json.len() > 1 {
            self.json.push(b',');
        }
        self.places.push((self.json.len(), at));
        quote(name.as_bytes(), &mut self.json);
        self.json.push(b':');
        let list = matches!(
            key.field,
            Field::HashIds | Field::TokenIds | Field::BlockTokens | Field::After
        );
        match cell[0] {
            b'[' | b'{' => self.json.extend(cell.iter().map(|&byte| no_line_end(byte))),
            _ if list => {
                // Ids one behind the other, with anything but themselves between them.
                let part_of_an_id =
                    |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
                let ids = cell.split(|byte| !part_of_an_id(byte)).filter(|id| !id.is_empty());
                self.json.push(b'[');
                for (place, id) in ids.enumerate() {
                    if place > 0 {
                        self.json.push(b',');
                    }
                    quote(id, &mut self.json);
                }
                self.json.push(b']');
            }
            _ => quote(cell, &mut self.json),
        }
    }

    /// Reads the cell at `at` into `cell`; returns where the next one begins, one behind the end
    /// for the last.
    fn next_cell(&mut self, row: &[u8], at: usize) -> Option<usize> {
        if at > row.len() {
            return None;
        }
        self.cell.clear();
        self.open = false;
        let blanks = row[at..].iter().take_while(|&&byte| byte == b' ').count();
        if row.get(at + blanks) != Some(&b'"') {
            let rest = &row[at..];
            let end = rest.iter().position(|&byte| byte == self.delimiter).unwrap_or(rest.len());
            self.cell.extend_from_slice(&rest[..end]);
            return Some(at + end + 1);
        }
        let mut place = at + blanks + 1;
        self.open = true;
        while let Some(&byte) = row.get(place) {
            place += 1;
            if byte != b'"' {
                self.cell.push(byte);
            } else if row.get(place) == Some(&b'"') {
                self.cell.push(b'"');
                place += 1;
            } else {
                self.open = false;
                break;
            }
        }
        let rest = row.get(place..).unwrap_or_default();
        let end = rest.iter().position(|&byte| byte == self.delimiter).unwrap_or(rest.len());
        Some(place + end + 1)
    }
}

/// Appends a JSON string.
fn quote(text: &[u8], json: &mut Vec<u8>) {
    json.push(b'"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => json.extend_from_slice(&[b'\\', byte]),
            0..0x20 => json.push(b' '),
            _ => json.push(byte),
        }
    }
    json.push(b'"');
}

fn no_line_end(byte: u8) -> u8 {
    if byte == b'\n' { b' ' } else { byte }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_become_values() {
        let all = Vocabulary::new();
        let header = b"timestamp_ms,input_length, hash_ids ,other,\"output_length\"\r";
        let mut csv = Csv::header(header, &all).expect("a header");
        let mut json = |row: &str| {
            let json = csv.convert(row.as_bytes()).expect("a row");
            String::from_utf8(json.to_vec()).unwrap()
        };
        assert_eq!(
            json("5,600,\"[1, 2]\",x,9\r"),
            "{\"timestamp_ms\":\"5\",\"input_length\":\"600\",\"hash_ids\":[1, 2],\
             \"output_length\":\"9\"}\n"
        );
        assert_eq!(
            json("5,,0xa 7;-3,\"a \"\"b\"\"\",c"),
            "{\"timestamp_ms\":\"5\",\"hash_ids\":[\"0xa\",\"7\",\"-3\"],\
             \"output_length\":\"c\"}\n"
        );
        assert_eq!(json("5"), "{\"timestamp_ms\":\"5\"}\n");
        assert_eq!(json(" \r"), "\n");
        assert_eq!(
            csv.convert(b"5,\"6\"\"x\"").unwrap(),
            b"{\"timestamp_ms\":\"5\",\"input_length\":\"6\\\"x\"}\n"
        );
        assert_eq!([0, 1, 19, 20, 40].map(|at| csv.place(at)), [0, 0, 0, 2, 2]);
    }

    #[test]
    fn rows_that_do_not_fit_the_header_are_refused() {
        let all = Vocabulary::new();
        let mut csv = Csv::header(b"timestamp,input_length", &all).expect("a header");
        let mut problem = |row: &[u8]| csv.convert(row).err().map(|error| error.problem);
        for row in [&b"1,2"[..], b"1", b"1,2,", b"1,\"2\", ", b"1,\"\"\"\""] {
            assert_eq!(problem(row), None, "{}", row.escape_ascii());
        }
        assert_eq!(problem(b"1,1,024"), Some(Problem::MoreCells { names: 2 }));
        assert_eq!(problem(b"1,\"2"), Some(Problem::OpenQuote));
        assert_eq!(problem(b"\"1,2"), Some(Problem::OpenQuote));
    }

    #[test]
    fn the_delimiter_is_the_one_that_the_header_uses() {
        let all = Vocabulary::new();
        for header in ["t,in", "t\tin", "t;in", "t|in"] {
            let csv = Csv::header(header.as_bytes(), &all).expect("a header");
            assert!(csv.has(Field::Time) && csv.has(Field::Input), "{header}");
        }
        assert!(Csv::header(b"timestamp", &all).is_none());
    }
}
