//! The table, and the page it stands on.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};

use super::checks::Check;

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// What reruns it.
    name: String,
    peer: &'static str,
    /// Cases, equal, explained, open; or nothing where the check could not run.
    counts: Option<[u64; 4]>,
    note: String,
}

impl Line {
    /// A check that could not run.
    pub(crate) fn without(check: &Check, reason: &str) -> Self {
        let note = format!("not run: {reason}");
        Self { name: check.id.to_owned(), peer: check.peer, counts: None, note }
    }
}

/// The rows that a program printed: name, cases, equal, explained, open, note, by tabs.
pub(crate) fn read(check: &Check, printed: &str) -> anyhow::Result<Vec<Line>> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, cases, equal, explained, open, note] = fields[..] else {
            bail!("six fields by tabs were expected, not `{line}`");
        };
        let mut counts = [0; 4];
        for (count, text) in counts.iter_mut().zip([cases, equal, explained, open]) {
            *count = text.parse().with_context(|| format!("`{text}` in `{line}`"))?;
        }
        let (name, note) = (format!("{}/{name}", check.id), note.to_owned());
        Ok(Line { name, peer: check.peer, counts: Some(counts), note })
    };
    let lines = printed.lines().map(line).collect::<anyhow::Result<Vec<_>>>()?;
    if lines.is_empty() {
        bail!("no row of that name");
    }
    Ok(lines)
}

/// All rows in Markdown, with what each check took.
pub(crate) fn table(checks: &[(Vec<Line>, Duration)], has_trace: bool) -> String {
    let mut out = String::from(
        "| row | package and version | cases | equal | explained | open | s | what |\n\
         |---|---|---:|---:|---:|---:|---:|---|\n",
    );
    for (lines, took) in checks {
        for (at, Line { name, peer, counts, note }) in lines.iter().enumerate() {
            let counts = counts
                .map_or(["–".to_owned(), String::new(), String::new(), String::new()], |counts| {
                    counts.map(grouped)
                });
            let took = if at == 0 { took.as_secs().to_string() } else { String::new() };
            let counts = counts.join(" | ");
            writeln!(out, "| `{name}` | {peer} | {counts} | {took} | {note} |").expect("a String");
        }
    }
    let total: Duration = checks.iter().map(|check| check.1).sum();
    let trace = if has_trace { "With" } else { "Without" };
    let minutes = total.as_secs_f64() / 60.0;
    writeln!(
        out,
        "\n{trace} the conversation trace; {minutes:.1} minutes in all, building not included."
    )
    .expect("a String");
    out
}

/// A number as people read it.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Around the table on the page.
const MARKS: [&str; 2] = ["<!-- cargo xtask peers: -->\n", "<!-- :cargo xtask peers -->"];

/// Puts `table` between the marks of the page.
pub(crate) fn renew(page: &Path, table: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    Ok(fs::write(page, between_marks(&text, table)?)?)
}

fn between_marks(text: &str, table: &str) -> anyhow::Result<String> {
    let parted = text.split_once(MARKS[0]).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(MARKS[1])?;
        Some((before, after))
    });
    let (before, after) = parted.context("docs/peers.md has lost the marks around its table")?;
    Ok(format!("{before}{}\n{table}\n{}{after}", MARKS[0], MARKS[1]))
}

#[cfg(test)]
mod tests {
    use super::super::checks::Kind;
    use super::*;

    const CHECK: Check =
        Check { id: "some", peer: "PyPI some 1.0", kind: Kind::Native, recorded: None };

    #[test]
    fn what_was_printed_becomes_rows_and_what_was_not_run_says_why() {
        let lines = read(&CHECK, "lru\t1234\t1230\t4\t0\tmisses").unwrap();
        let table = table(
            &[
                (lines, Duration::from_secs(90)),
                (vec![Line::without(&CHECK, "no network")], Duration::ZERO),
            ],
            true,
        );
        let expected = "| `some/lru` | PyPI some 1.0 | 1,234 | 1,230 | 4 | 0 | 90 | misses |\n\
                        | `some` | PyPI some 1.0 | – |  |  |  | 0 | not run: no network |\n\n\
                        With the conversation trace; 1.5 minutes";
        assert!(table.contains(expected), "{table}");
    }

    #[test]
    fn a_line_that_is_not_a_row_is_an_error_and_so_is_none() {
        assert!(read(&CHECK, "lru\t1\t1").is_err());
        assert!(read(&CHECK, "lru\tmany\t1\t0\t0\tx").is_err());
        assert!(read(&CHECK, "").is_err());
    }

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let page = format!("before\n{}old\n{}\nafter\n", MARKS[0], MARKS[1]);
        let renewed = between_marks(&page, "new").unwrap();
        assert_eq!(renewed, format!("before\n{}\nnew\n{}\nafter\n", MARKS[0], MARKS[1]));
        assert!(between_marks("no marks", "new").is_err());
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [0, 12, 123, 1234, 1_234_567].map(grouped),
            ["0", "12", "123", "1,234", "1,234,567"]
        );
    }
}
