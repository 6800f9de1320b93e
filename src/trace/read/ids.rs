//! The list of block ids of one row, kept as runs of consecutive numbers.
//!
//! A list may also be an object of lists, whose ids then belong to their groups.

use super::json::Cursor;
use super::list::{self, COMPACT, SPACED};
use super::problem::{LineError, Problem, Span};
use crate::trace::intern::Hex;

/// The groups that ids may come in, in the order of the prompt they make up (RAGPulse).
const GROUPS: [&str; 5] = ["sys_prompt", "passages_ids", "history", "web_search", "user_input"];

/// One id or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// `first`, `first + 1`, …: `count` of them.
    Numbers { first: u64, count: usize },
    /// A number below 0.
    Negative(i64),
    /// A string that spells 64 bits.
    Hex(Hex),
    /// Any other string, in the row's texts.
    Text(Text),
}

/// A decoded string: a range of the row's texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A list of ids that was read: which runs, and how many ids in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ids {
    pub(super) runs: Span,
    pub(super) count: usize,
    /// They came in groups.
    pub(super) grouped: bool,
}

/// Reads a list of ids, or an object of such lists, and appends them to `runs`; strings are
/// decoded into `texts`.
pub(super) fn read_ids(
    cursor: &mut Cursor<'_>,
    runs: &mut Vec<Run>,
    texts: &mut String,
) -> Result<Ids, LineError> {
    let start = runs.len();
    let (count, grouped) = match cursor.byte() {
        b'[' => (read_list(cursor, runs, texts)?, false),
        b'{' => (read_groups(cursor, runs, texts)?, true),
        _ => return cursor.error(Problem::IdList),
    };
    Ok(Ids { runs: (start, runs.len()), count, grouped })
}

/// Reads an array of ids; returns how many there are.
fn read_list(
    cursor: &mut Cursor<'_>,
    runs: &mut Vec<Run>,
    texts: &mut String,
) -> Result<usize, LineError> {
    cursor.at += 1;
    let list = runs.len();
    if let Some((total, end)) = read_numbers(cursor, runs) {
        cursor.at = end + 1;
        return Ok(total);
    }
    runs.truncate(list);
    cursor.blanks();
    if cursor.byte() == b']' {
        cursor.at += 1;
        return Ok(0);
    }
    let mut total = 0;
    loop {
        let start = cursor.at;
        total += 1;
        match cursor.try_whole() {
            Some(id) => match runs[list..].last_mut() {
                Some(Run::Numbers { first, count }) if first.wrapping_add(*count as u64) == id => {
                    *count += 1;
                }
                _ => runs.push(Run::Numbers { first: id, count: 1 }),
            },
            None => match Hex::quoted(&cursor.bytes[start..]) {
                Some((hex, length)) => {
                    cursor.at += length;
                    runs.push(Run::Hex(hex));
                }
                None => {
                    let name = read_name(cursor, texts, Problem::NotAnId)?;
                    runs.push(run_of(name, texts));
                }
            },
        }
        cursor.blanks();
        match cursor.byte() {
            b',' => cursor.at += 1,
            b']' => {
                cursor.at += 1;
                return Ok(total);
            }
            _ => return cursor.error(Problem::Expected("',' or ']' in the list of ids")),
        }
        cursor.blanks();
    }
}

/// Reads a list of nothing but numbers, in one of the usual spellings: how many there are, and
/// where its closing bracket is. Where it is none, `runs` may have some of them.
fn read_numbers(cursor: &Cursor<'_>, runs: &mut Vec<Run>) -> Option<(usize, usize)> {
    let start = runs.len();
    list::read::<SPACED>(cursor.bytes, cursor.at, runs).or_else(|| {
        runs.truncate(start);
        list::read::<COMPACT>(cursor.bytes, cursor.at, runs)
    })
}

/// Reads ids in groups: an id is then its group and itself, and groups follow one another in the
/// order of [`GROUPS`], however they stand.
#[cold]
fn read_groups(
    cursor: &mut Cursor<'_>,
    runs: &mut Vec<Run>,
    texts: &mut String,
) -> Result<usize, LineError> {
    let start = cursor.at;
    let mut total = 0;
    for (place, group) in GROUPS.iter().enumerate() {
        cursor.at = start + 1;
        cursor.blanks();
        let mut found = false;
        while cursor.byte() != b'}' {
            let at = cursor.at;
            let name = cursor.string()?;
            let known = GROUPS.iter().any(|known| known.as_bytes() == name.raw);
            if !known {
                return Err(LineError::new(at, Problem::UnknownGroup));
            }
            cursor.colon()?;
            if name.raw == group.as_bytes() {
                if std::mem::replace(&mut found, true) {
                    return Err(LineError::new(at, Problem::Repeated));
                }
                total += read_group(cursor, place, runs, texts)?;
            } else {
                cursor.skip_value()?;
            }
            cursor.blanks();
            match cursor.byte() {
                b',' => cursor.at += 1,
                b'}' => break,
                _ => return cursor.error(Problem::Expected("',' or '}'")),
            }
            cursor.blanks();
        }
    }
    cursor.at += 1;
    Ok(total)
}

fn read_group(
    cursor: &mut Cursor<'_>,
    place: usize,
    runs: &mut Vec<Run>,
    texts: &mut String,
) -> Result<usize, LineError> {
    // Of a group that is left empty.
    if cursor.take(b"null") {
        return Ok(0);
    }
    if cursor.byte() != b'[' {
        return cursor.error(Problem::IdList);
    }
    let start = runs.len();
    let count = read_list(cursor, runs, texts)?;
    for run in runs.split_off(start) {
        let mut name = |name: &str| {
            let from = texts.len();
            texts.push_str(GROUPS[place]);
            texts.push(':');
            texts.push_str(name);
            runs.push(Run::Text(Text { start: from, end: texts.len() }));
        };
        match run {
            Run::Numbers { first, count } => {
                (0..count as u64).for_each(|more| name(&first.wrapping_add(more).to_string()));
            }
            Run::Negative(number) => name(&number.to_string()),
            Run::Hex(hex) => name(&hex.to_string()),
            Run::Text(text) => {
                let text = texts[text.start..text.end].to_owned();
                let from = texts.len();
                texts.push_str(GROUPS[place]);
                texts.push(':');
                texts.push_str(&text);
                runs.push(Run::Text(Text { start: from, end: texts.len() }));
            }
        }
    }
    Ok(count)
}

/// A name: a number, also when it was written as a string, or any other string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Number(u64),
    Negative(i64),
    Text(Text),
}

/// The id that a name is.
fn run_of(name: Name, texts: &mut String) -> Run {
    match name {
        Name::Number(first) => Run::Numbers { first, count: 1 },
        Name::Negative(number) => Run::Negative(number),
        Name::Text(text) => match Hex::of(&texts.as_bytes()[text.start..text.end]) {
            Some(hex) => {
                texts.truncate(text.start);
                Run::Hex(hex)
            }
            None => Run::Text(text),
        },
    }
}

/// Reads a whole number or a string; `problem` is what to say of anything else.
pub(super) fn read_name(
    cursor: &mut Cursor<'_>,
    texts: &mut String,
    problem: Problem,
) -> Result<Name, LineError> {
    let at = cursor.at;
    if let Some(number) = cursor.try_whole() {
        return Ok(Name::Number(number));
    }
    match cursor.byte() {
        b'"' => read_string_name(cursor, texts),
        b'-' | b'0'..=b'9' => {
            let number = cursor.number()?;
            let name = if number.whole { number_name(number.text) } else { None };
            name.ok_or_else(|| LineError::new(at, problem))
        }
        _ => cursor.error(problem),
    }
}

/// The name that a whole number is, unless it is too large.
fn number_name(text: &str) -> Option<Name> {
    match (text.parse(), text.parse::<i64>()) {
        (Ok(number), _) => Some(Name::Number(number)),
        (_, Ok(0)) => Some(Name::Number(0)),
        (_, Ok(number)) => Some(Name::Negative(number)),
        _ => None,
    }
}

/// Reads a string, decoding it into `texts` unless it is a number. Decimal digits without a
/// leading zero are the number they spell; it is how some writers save 64-bit ids from doubles.
fn read_string_name(cursor: &mut Cursor<'_>, texts: &mut String) -> Result<Name, LineError> {
    let token = cursor.string()?;
    let start = texts.len();
    token.decode_into(texts)?;
    let text = &texts[start..];
    if is_canonical(text.as_bytes())
        && let Some(name) = number_name(text)
    {
        texts.truncate(start);
        return Ok(name);
    }
    Ok(Name::Text(Text { start, end: texts.len() }))
}

/// Whether a number would be written like this: no sign but a minus, no leading zero.
fn is_canonical(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let plain = digits.iter().all(u8::is_ascii_digit) && !digits.is_empty();
    plain && (text == b"0" || digits[0] != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str) -> Result<(Vec<Run>, usize), LineError> {
        let line = format!("{list}\n");
        let (mut runs, mut texts) = (Vec::new(), String::new());
        let mut cursor = Cursor { bytes: line.as_bytes(), at: 0 };
        let ids = read_ids(&mut cursor, &mut runs, &mut texts)?;
        assert_eq!(ids.runs, (0, runs.len()));
        Ok((runs, ids.count))
    }

    #[test]
    fn runs_are_found_across_every_carry_and_separator() {
        for separator in [",", ", ", " , ", ",\t"] {
            for first in [0, 7, 95, 998, 99_997, 9_999_990, 99_999_999_999_990, u64::MAX - 20] {
                let numbers: Vec<u64> = (first..first + 20).collect();
                let text: Vec<String> = numbers.iter().map(u64::to_string).collect();
                let padding = " ".repeat(16);
                let (runs, total) = read(&format!("[{}]{padding}", text.join(separator))).unwrap();
                assert_eq!(total, 20);
                let got: Vec<u64> = runs
                    .iter()
                    .flat_map(|run| match *run {
                        Run::Numbers { first, count } => first..first + count as u64,
                        _ => panic!("{run:?} is none of these numbers"),
                    })
                    .collect();
                assert_eq!(got, numbers);
                assert_eq!(runs.len(), 1, "one run of {separator:?} from {first}");
            }
        }
    }

    #[test]
    fn what_only_starts_like_the_successor_is_read_for_what_it_is() {
        let one = |first| Run::Numbers { first, count: 1 };
        let two = |first| Run::Numbers { first, count: 2 };
        let padding = "                ";
        assert_eq!(read(&format!("[1, 23]{padding}")).unwrap().0, [one(1), one(23)]);
        assert_eq!(read(&format!("[1, 2, 35]{padding}")).unwrap().0, [two(1), one(35)]);
        assert_eq!(
            read(&format!("[1, 2 , 3]{padding}")).unwrap().0,
            [Run::Numbers { first: 1, count: 3 }]
        );
        for bad in ["[1, 2.0]", "[1, 2.0, 3]", "[1, 2e0]", "[1, 02]", "[1, 2, ]", "[1, 2", "[1 2]"]
        {
            assert!(read(&format!("{bad}{padding}")).is_err(), "{bad}");
        }
    }
    #[test]
    fn ids_are_signed_unsigned_or_text_and_never_floats() {
        let one = |first| Run::Numbers { first, count: 1 };
        let read_one = |id: &str| read(&format!("[{id}]")).map(|(runs, _)| runs[0]);
        assert_eq!(read_one("18446744073709551615"), Ok(one(u64::MAX)));
        assert_eq!(read_one("-9223372036854775808"), Ok(Run::Negative(i64::MIN)));
        assert_eq!(read_one("-0"), Ok(one(0)));
        assert_eq!(read_one("\"-12\""), Ok(Run::Negative(-12)));
        assert_eq!(read_one("\"12\""), Ok(one(12)));
        let hex = Run::Hex(Hex::of(b"0x0000000000000abc").unwrap());
        for text in ["\"0x0000000000000abc\"", "\"\\u0030x0000000000000abc\""] {
            assert_eq!(read_one(text), Ok(hex), "{text}");
            assert_eq!(read_one(&format!("{text},  0, 0, 0, 0, 0, 0")), Ok(hex), "{text}");
        }
        for text in ["\"012\"", "\"-0\"", "\"0x1f\"", "\"\"", "\"+1\"", "\"-\"", "\"1.0\""] {
            assert!(matches!(read_one(text), Ok(Run::Text(_))), "{text}");
        }
        for bad in ["1.0", "1e3", "18446744073709551616", "-9223372036854775809", "null", "[1]"] {
            assert!(read_one(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn groups_follow_the_order_of_the_prompt_and_not_of_the_file() {
        let runs = |text: &str| {
            let line = format!("{text}\n");
            let (mut runs, mut texts) = (Vec::new(), String::new());
            let mut cursor = Cursor { bytes: line.as_bytes(), at: 0 };
            let ids = read_ids(&mut cursor, &mut runs, &mut texts)?;
            assert!(ids.grouped && cursor.at == text.len());
            let names = runs.iter().map(|run| match run {
                Run::Text(text) => texts[text.start..text.end].to_owned(),
                other => panic!("{other:?}"),
            });
            Ok::<_, LineError>(names.collect::<Vec<_>>())
        };
        let told = runs(r#"{"history": ["x"], "sys_prompt": [7, 8], "user_input": []}"#);
        assert_eq!(told.unwrap(), ["sys_prompt:7", "sys_prompt:8", "history:x"]);
        assert_eq!(runs("{}").unwrap(), [""; 0]);
        for bad in [r#"{"other": [1]}"#, r#"{"history": 1}"#, r#"{"history": [1]"#] {
            assert!(runs(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_run_has_no_longest_length() {
        let padding = " ".repeat(16);
        for (separator, count) in [(",", 400), (", ", 400), (",", 70_000)] {
            let text: Vec<String> = (1_000_u64..1_000 + count).map(|id| id.to_string()).collect();
            let (runs, total) = read(&format!("[{}]{padding}", text.join(separator))).unwrap();
            assert_eq!(runs, [Run::Numbers { first: 1_000, count: count as usize }]);
            assert_eq!(total as u64, count);
        }
    }
}
