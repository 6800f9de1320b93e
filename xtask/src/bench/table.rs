//! The table that is printed, in Markdown.

use std::fmt::Write;

use super::rows::{Aim, Row, Unit};
use super::samples::Samples;

/// All rows, under one heading.
pub(crate) fn table<'a>(rows: impl IntoIterator<Item = &'a Row>, samples: &Samples) -> String {
    let mut out = String::from("| what | kvscope | beside it | ratio | aim | reached |\n");
    out += "|---|--:|--:|--:|--:|---|\n";
    for row in rows {
        let [ours, beside, ratio, aim, reached] = cells(row, samples);
        let what = &row.what;
        writeln!(out, "| {what} | {ours} | {beside} | {ratio} | {aim} | {reached} |")
            .expect("a string takes everything");
    }
    out
}

fn cells(row: &Row, samples: &Samples) -> [String; 5] {
    let none = String::new;
    let aim = told_aim(row);
    let measure = if matches!(row.unit, Unit::Nanoseconds | Unit::Millions | Unit::Megabytes) {
        Samples::cost
    } else {
        Samples::median
    };
    let ours = match measure(samples, &row.ours) {
        Ok(ours) => ours,
        Err(reason) => return [format!("– ({reason})"), none(), none(), aim, none()],
    };
    let told = told_value(row.unit, ours);
    if row.beside.is_empty() {
        let reached = match row.aim {
            Aim::AtMost(most) => yes(in_unit(row.unit, ours) <= most),
            Aim::AtLeast(least) => yes(least <= in_unit(row.unit, ours)),
            _ => none(),
        };
        return [told, none(), none(), aim, reached];
    }
    let beside = row.beside.iter().filter_map(|name| Some((measure(samples, name).ok()?, name)));
    let Some((theirs, name)) = beside.min_by(|a, b| a.0.total_cmp(&b.0)) else {
        let reason = measure(samples, &row.beside[0]).expect_err("none of them was measured");
        return [told, format!("– ({reason})"), none(), aim, none()];
    };
    let (ratio, reached) = match row.aim {
        Aim::TimesAsFast(least) => (theirs / ours, yes(least <= theirs / ours)),
        Aim::TimesTheTime(most) => (ours / theirs, yes(ours / theirs <= most)),
        _ => (ours / theirs, none()),
    };
    let theirs = format!("{} ({})", told_value(row.unit, theirs), short(name));
    let kind = if matches!(row.aim, Aim::TimesAsFast(_)) { "as fast" } else { "the time" };
    [told, theirs, format!("{ratio:.2} × {kind}"), aim, reached]
}

fn yes(reached: bool) -> String {
    if reached { "yes" } else { "**no**" }.to_owned()
}

/// A value of seconds, or a plain one, in the row's unit.
fn in_unit(unit: Unit, value: f64) -> f64 {
    match unit {
        Unit::Nanoseconds => value * 1e9,
        Unit::Millions | Unit::Megabytes => 1e-6 / value,
        Unit::Milliseconds => value * 1e3,
        Unit::Plain(_) => value,
    }
}

fn told_value(unit: Unit, value: f64) -> String {
    let value = in_unit(unit, value);
    let digits = match unit {
        Unit::Millions => 2,
        Unit::Plain("") => 0,
        _ => usize::from(value < 100.0),
    };
    with_unit(format!("{value:.digits$}"), unit)
}

fn with_unit(value: String, unit: Unit) -> String {
    match unit {
        Unit::Nanoseconds => value + " ns",
        Unit::Millions => value + " M/s",
        Unit::Megabytes => value + " MB/s",
        Unit::Milliseconds => value + " ms",
        Unit::Plain("") => value,
        Unit::Plain(unit) => format!("{value} {unit}"),
    }
}

fn told_aim(row: &Row) -> String {
    match row.aim {
        Aim::TimesTheTime(most) => format!("≤ {most} ×"),
        Aim::TimesAsFast(least) => format!("≥ {least} ×"),
        Aim::AtMost(most) => with_unit(format!("≤ {most}"), row.unit),
        Aim::AtLeast(least) => with_unit(format!("≥ {least}"), row.unit),
        Aim::Shown => "–".to_owned(),
    }
}

/// What the fastest case beside a row is called there.
fn short(name: &str) -> String {
    let parts: Vec<&str> = name.split(['/', ':']).collect();
    match parts[..] {
        ["bare", .., layout] => format!("bare, {layout}"),
        ["cluster", _, nodes, _] => format!("{nodes} nodes"),
        ["cache", ..] => "native".to_owned(),
        ["crate", name, _] => name.to_owned(),
        [.., "json", _] => "JSON.parse".to_owned(),
        ["libcachesim", ..] => "libCacheSim".to_owned(),
        _ => parts[0].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(beside: &[&str], unit: Unit, aim: Aim) -> Row {
        let beside = beside.iter().map(|&name| name.to_owned()).collect();
        Row { what: "it".to_owned(), ours: "cache/lru/zipf".to_owned(), beside, unit, aim }
    }

    fn samples() -> Samples {
        let mut samples = Samples::default();
        let lines = "cache/lru/zipf\t2e-6\t100\t\t\ncrate/lru/zipf\t8e-6\t100\t\t\n\
                     crate/moka/zipf\t9e-6\t100\t\t\nbare/a/8/ring\tnone\tit is gone";
        samples.take("native", lines).unwrap();
        samples
    }

    #[test]
    fn the_fastest_beside_a_row_counts() {
        let row = row(
            &["crate/moka/zipf", "crate/lru/zipf", "bare/a/8/ring"],
            Unit::Nanoseconds,
            Aim::TimesAsFast(5.0),
        );
        let cells = cells(&row, &samples());
        assert_eq!(cells, ["20.0 ns", "80.0 ns (lru)", "4.00 × as fast", "≥ 5 ×", "**no**"]);
    }

    #[test]
    fn a_value_alone_is_held_to_its_aim() {
        let row = row(&[], Unit::Millions, Aim::AtLeast(50.0));
        assert_eq!(cells(&row, &samples()), ["50.00 M/s", "", "", "≥ 50 M/s", "yes"]);
    }

    #[test]
    fn what_is_missing_says_why() {
        let row = row(&["bare/a/8/ring"], Unit::Nanoseconds, Aim::TimesTheTime(2.0));
        assert_eq!(cells(&row, &samples()), ["20.0 ns", "– (it is gone)", "", "≤ 2 ×", ""]);
    }
}
