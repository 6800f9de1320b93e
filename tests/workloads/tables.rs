//! The table "published, ours", as text and in the documentation.

use super::published::{Row, Tolerance};
use super::trace::Trace;
use std::path::PathBuf;

pub(crate) fn measure(rows: &[Row], trace: &Trace) -> Vec<f64> {
    rows.iter().map(|row| (row.measure)(trace)).collect()
}

/// The table as Markdown, aligned for a terminal.
pub(crate) fn render(rows: &[Row], ours: &[f64]) -> String {
    let mut text = format!(
        "| {:<32} | {:>11} | {:>11} | {:>10} | {:>9} |\n",
        "fact", "published", "ours", "difference", "tolerance"
    );
    text += &format!("|{:-<34}|{:->12}:|{:->12}:|{:->11}:|{:->10}:|\n", "", "", "", "", "");
    for (row, &ours) in rows.iter().zip(ours) {
        let (difference, tolerance) = match row.tolerance {
            Tolerance::Exact => (format!("{:+}", ours - row.published), "exact".to_owned()),
            Tolerance::Relative(share) => (
                format!("{:+.2} %", 100.0 * (ours / row.published - 1.0)),
                format!("{} %", 100.0 * share),
            ),
            Tolerance::Points(points) => (
                format!("{:+.2} pt", 100.0 * (ours - row.published)),
                format!("{} pt", 100.0 * points),
            ),
        };
        text += &format!(
            "| {:<32} | {:>11} | {:>11} | {difference:>10} | {tolerance:>9} |\n",
            row.what,
            figure(row.published),
            figure(ours)
        );
    }
    text
}

/// Shares as per cent, small figures with two decimals, large ones grouped by thousands.
fn figure(value: f64) -> String {
    if value < 1.0 {
        return format!("{:.2} %", 100.0 * value);
    }
    if value < 10.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/workloads.md")
}

pub(crate) fn documentation() -> String {
    std::fs::read_to_string(path()).expect("docs/workloads.md")
}

/// The table between the marks of `id` in the documentation is `table`; rewritten when
/// `KVSCOPE_BLESS` is set.
pub(crate) fn check_documentation(id: &str, table: &str) {
    let text = documentation();
    let (start, end) = (format!("<!-- table: {id} -->\n"), format!("<!-- end: {id} -->"));
    let from = text.find(&start).expect("the mark before the table") + start.len();
    let to = text.find(&end).expect("the mark after the table");
    if std::env::var_os("KVSCOPE_BLESS").is_some() {
        let renewed = format!("{}{table}{}", &text[..from], &text[to..]);
        std::fs::write(path(), renewed).expect("docs/workloads.md can be written");
        return;
    }
    assert_eq!(&text[from..to], table, "docs/workloads.md is out of date: see tests/workloads");
}
