//! Sweeps as tables, CSV and JSON.

use super::args_sweep::OutputArgs;
use super::figures::{NOTHING, counted, fixed, mean};
use super::print;
use anyhow::Result;
use kvscope::sweep::{Better, Cell, METRICS, Metric, Search, Sweep, frontier, groups};
use serde::Serialize;
use std::io::{self, Write};

/// The figures of the table that people read; CSV and JSON have all.
const SHOWN: [&str; 5] =
    ["token_hit_rate", "ceiling_token_rate", "balance_work.largest_share", "mean_ttft_s", "p99"];

/// What was found for a configuration.
#[derive(Serialize)]
pub(crate) struct Saturation {
    pub(crate) cell: Cell,
    pub(crate) rate: Search,
    pub(crate) nodes: Search,
    /// Of the smallest number of nodes with their caches.
    pub(crate) cost: Option<f64>,
}

/// Prints a sweep's rows, and as a table what they amount to.
pub(crate) fn sweep(sweep: &Sweep, output: &OutputArgs) -> Result<()> {
    let object = serde_json::to_string(sweep)?;
    print::results(|out| {
        if output.json {
            writeln!(out, "{object}")
        } else if output.csv {
            csv(out, sweep)
        } else {
            table(out, sweep)
        }
    })
}

fn csv(out: &mut impl Write, sweep: &Sweep) -> io::Result<()> {
    let axes = sweep.grid.order();
    let metrics = METRICS.iter().map(|metric| metric.id);
    let heads = ["cell", "group"].into_iter().chain(axes.iter().copied()).chain(["seed"]);
    writeln!(out, "{}", heads.chain(metrics).map(quoted).collect::<Vec<_>>().join(","))?;
    for row in &sweep.rows {
        let ids = [row.cell, row.group].map(|id| id.to_string());
        let point = axes.iter().map(|axis| row.point.get(*axis).cloned().unwrap_or_default());
        let seed = [row.config.seed.to_string()];
        let values = METRICS.iter().map(|metric| (metric.of)(&row.summary));
        let values = values.map(|value| value.map_or(String::new(), |value| value.to_string()));
        let cells = ids.into_iter().chain(point).chain(seed).chain(values);
        let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    Ok(())
}

/// A field of RFC 4180.
pub(super) fn quoted(text: &str) -> String {
    let plain = !text.contains([',', '"', '\n', '\r']);
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

fn table(out: &mut impl Write, sweep: &Sweep) -> io::Result<()> {
    let (axes, groups) = (sweep.grid.order(), groups(&sweep.rows));
    let told = |metric: &Metric| groups.iter().any(|group| group.means[place(metric)].is_some());
    let shown: Vec<&Metric> =
        METRICS.iter().filter(|metric| SHOWN.contains(&metric.id) && told(metric)).collect();
    // What nothing else beats: hit rate against the slowest TTFT, or without time against balance.
    let against = shown.last().filter(|metric| metric.id == "p99");
    let against = against.copied().or_else(|| find("balance_work.largest_share"));
    let best = against.map(|against| {
        let points = groups
            .iter()
            .map(|group| [0, place(against)].map(|at| group.means[at].map(|mean| mean.mean)));
        frontier(&points.collect::<Vec<_>>(), [Better::More, Better::Less])
    });
    let mut lines = vec![Vec::new()];
    lines[0].extend(axes.iter().map(|axis| (*axis).to_owned()));
    lines[0].extend(shown.iter().map(|metric| metric.label.to_owned()));
    for (at, group) in groups.iter().enumerate() {
        let point = axes.iter().map(|axis| group.point.get(*axis).map_or(NOTHING, String::as_str));
        let mut line: Vec<String> = point.map(str::to_owned).collect();
        let told = shown.iter().map(|metric| (metric.unit, group.means[place(metric)]));
        line.extend(
            told.map(|(unit, found)| found.map_or(NOTHING.to_owned(), |it| mean(it, unit))),
        );
        if best.as_ref().is_some_and(|best| best[at]) {
            line.push("*".to_owned());
        }
        lines.push(line);
    }
    columns(out, &lines, axes.len())?;
    if let (Some(against), true) = (against, groups.len() > 1) {
        let against = against.label;
        writeln!(out, "\n* nothing else has both a higher token hit rate and a lower {against}")?;
    }
    let seeds = groups.iter().map(|group| group.seeds).max().unwrap_or(0);
    if seeds > 1 {
        let seeds = counted(seeds.into(), "seed");
        writeln!(out, "± half of the 95 % interval of the mean over {seeds} (Student's t)")?;
    }
    Ok(())
}

fn find(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == id)
}

fn place(metric: &Metric) -> usize {
    METRICS.iter().position(|other| other.id == metric.id).expect("a row of the table")
}

/// Writes lines of cells under each other; the first `left` are words.
pub(super) fn columns(out: &mut impl Write, lines: &[Vec<String>], left: usize) -> io::Result<()> {
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(at, (cell, &width))| {
            if at < left { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Prints what the searches found.
pub(crate) fn saturation(rows: &[Saturation], output: &OutputArgs) -> Result<()> {
    let object = serde_json::to_string(rows)?;
    let axes: Vec<&str> = rows
        .first()
        .map(|row| row.cell.point.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let none = || "none".to_owned();
    // Files have plain numbers.
    let written: fn(f64, usize) -> String =
        if output.csv { |value, digits| format!("{value:.digits$}") } else { fixed };
    let line = |row: &Saturation| {
        let point = axes.iter().map(|axis| row.cell.point.get(*axis).cloned().unwrap_or_default());
        let ends = [
            row.rate.found.map_or_else(none, |rate| written(rate, 2)),
            row.nodes.found.map_or_else(none, |nodes| written(nodes, 0)),
            row.cost.map_or_else(|| NOTHING.to_owned(), |cost| written(cost, 2)),
        ];
        point.chain(ends).collect::<Vec<String>>()
    };
    let heads = axes.iter().copied().chain(["Largest rate", "Least nodes", "Cost"]);
    let mut lines: Vec<Vec<String>> = vec![heads.map(str::to_owned).collect()];
    lines.extend(rows.iter().map(line));
    print::results(|out| {
        if output.json {
            return writeln!(out, "{object}");
        }
        if output.csv {
            lines[0].extend(["Why no rate", "Why no nodes"].map(str::to_owned));
            for (line, row) in lines[1..].iter_mut().zip(rows) {
                let whys = [&row.rate, &row.nodes].map(|it| it.why_none.clone());
                line.extend(whys.map(Option::unwrap_or_default));
            }
            for line in &lines {
                let cells: Vec<String> = line.iter().map(|cell| quoted(cell)).collect();
                writeln!(out, "{}", cells.join(","))?;
            }
            return Ok(());
        }
        columns(out, &lines, axes.len())?;
        writeln!(
            out,
            "\nLargest rate: multiple of the logged arrival rate, within 1 %. Least nodes: at the \
             configured rate.\nBoth with a p99 time to first token inside the objective (slo_s)."
        )?;
        rows.iter().try_for_each(|row| tell_none(out, row))
    })
}

/// Says why something was not found.
fn tell_none(out: &mut impl Write, row: &Saturation) -> io::Result<()> {
    let point = row.cell.point.iter().map(|(name, value)| format!("{name}={value}"));
    let point = point.collect::<Vec<_>>().join(", ");
    let here = if point.is_empty() { String::new() } else { format!("{point}: ") };
    for (what, search) in [("rate", &row.rate), ("number of nodes", &row.nodes)] {
        if let Some(why) = &search.why_none {
            writeln!(out, "{here}no {what}: {why}.")?;
        }
    }
    if row.nodes.found.is_some() && row.cost.is_none() {
        writeln!(out, "{here}no cost: a cache without limit has no price.")?;
    }
    Ok(())
}
