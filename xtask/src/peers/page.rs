//! The table, and the page it stands on.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};

use super::checks::{CHECKS, Check};

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

/// The rows of one check in Markdown, with what it took.
pub(crate) fn rows(lines: &[Line], took: Duration) -> Vec<String> {
    let row = |(at, line): (usize, &Line)| {
        let Line { name, peer, counts, note } = line;
        let none = || ["–", "", "", ""].map(str::to_owned);
        let counts = counts.map_or_else(none, |counts| counts.map(grouped));
        let took = if at == 0 { took.as_secs().to_string() } else { String::new() };
        format!("| `{name}` | {peer} | {} | {took} | {note} |", counts.join(" | "))
    };
    lines.iter().enumerate().map(row).collect()
}

/// A table of these rows, and what they took together.
pub(crate) fn table(rows: &[String], has_trace: bool) -> String {
    let mut out = String::from(
        "| row | package and version | cases | equal | explained | open | s | what |\n\
         |---|---|---:|---:|---:|---:|---:|---|\n",
    );
    for row in rows {
        writeln!(out, "{row}").expect("a String");
    }
    let seconds = |row: &String| row.split(" | ").nth(SECONDS)?.parse::<f64>().ok();
    let minutes = rows.iter().filter_map(seconds).sum::<f64>() / 60.0;
    let trace = if has_trace { "With" } else { "Without" };
    let told = "minutes in all, building not included.";
    writeln!(out, "\n{trace} the conversation trace; {minutes:.1} {told}").expect("a String");
    out
}

/// The cell of a row that tells its seconds.
const SECONDS: usize = 6;

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

/// Puts the rows of `check` into the page's table, where those of all others stay.
pub(crate) fn renew(
    page: &Path,
    check: &Check,
    rows: &[String],
    has_trace: bool,
) -> anyhow::Result<()> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    Ok(fs::write(page, renewed(&text, check, rows, has_trace)?)?)
}

fn renewed(text: &str, check: &Check, rows: &[String], has_trace: bool) -> anyhow::Result<String> {
    let parted = text.split_once(MARKS[0]).and_then(|(before, rest)| {
        let (table, after) = rest.split_once(MARKS[1])?;
        Some((before, table, after))
    });
    let lost = "docs/peers.md has lost the marks around its table";
    let (before, table, after) = parted.context(lost)?;
    let of = |known: &Check| -> Vec<String> {
        let is_its = |line: &&str| {
            let name = line.strip_prefix("| `").and_then(|rest| rest.split('`').next());
            name.is_some_and(|name| known.has(name))
        };
        table.lines().filter(is_its).map(str::to_owned).collect()
    };
    let all: Vec<String> = CHECKS
        .iter()
        .flat_map(|known| if known.id == check.id { rows.to_vec() } else { of(known) })
        .collect();
    let table = self::table(&all, has_trace);
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
        let without = vec![Line::without(&CHECK, "no network")];
        let first = rows(&lines, Duration::from_secs(90));
        let table = table(&[first, rows(&without, Duration::ZERO)].concat(), true);
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
    fn a_check_gives_its_own_rows_alone_in_the_order_of_the_table() {
        let page = |rows: &str, minutes: &str| {
            let rows = format!("{}\n\nWith the conversation trace; {minutes} minutes", rows.trim());
            let head = table(&[], true);
            let head = head.split("\n\nWith").next().unwrap();
            let told = "in all, building not included.";
            format!("before\n{}\n{head}\n{rows} {told}\n\n{}\nafter\n", MARKS[0], MARKS[1])
        };
        let ray = "| `ray/prefix_tree` | r | 1 | 1 | 0 | 0 | 60 | x |";
        let smg = "| `smg/cache_aware` | s | 2 | 2 | 0 | 0 | 30 | y |\n\
                   | `smg/power_of_two` | s | 2 | 2 | 0 | 0 |  | z |";
        let text = page(&format!("{ray}\n{smg}"), "1.5");
        let check = |id: &str| CHECKS.iter().find(|check| check.id == id).unwrap();
        let rows = ["| `smg/cache_aware` | s | 3 | 3 | 0 | 0 | 120 | new |".to_owned()];
        let after = renewed(&text, check("smg"), &rows, true).unwrap();
        assert_eq!(after, page(&format!("{ray}\n{}", rows[0]), "3.0"));
        let rows = ["| `vllm/lru` | v | 3 | 3 | 0 | 0 | 30 | first |".to_owned()];
        let after = renewed(&text, check("vllm"), &rows, true).unwrap();
        assert_eq!(after, page(&format!("{}\n{ray}\n{smg}", rows[0]), "2.0"));
        assert!(renewed("no marks", check("smg"), &rows, true).is_err());
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [0, 12, 123, 1234, 1_234_567].map(grouped),
            ["0", "12", "123", "1,234", "1,234,567"]
        );
    }
}
