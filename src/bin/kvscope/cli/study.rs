//! `study`: a published figure or claim beside what this model gives.

use super::args::StudyArgs;
use super::{AskedWrong, print, whole};
use anyhow::{Result, bail};
use kvscope::studies::{self, STUDIES, Study, StudyRow, Table, Unit};
use kvscope::suggest;
use kvscope::trace::{Log, ReadOptions};
use std::io::{self, Write};

pub(crate) fn run(args: &StudyArgs) -> Result<()> {
    let (Some(id), Some(trace)) = (&args.study, &args.trace) else {
        return print::results(list);
    };
    let row = studies::find(id).ok_or_else(|| {
        let ids: Vec<&str> = STUDIES.iter().map(|row| row.id).collect();
        AskedWrong(format!("found study {id}, expected {}", suggest::one_of(id, &ids)))
    })?;
    let (log, report) = whole::read(trace, ReadOptions::default())?;
    let done = show(args, row, &log);
    print::warn(&report);
    done
}

fn show(args: &StudyArgs, row: &StudyRow, log: &Log) -> Result<()> {
    let seeds = args.seeds.unwrap_or(row.default_seeds);
    let Some(study) = row.run(log, seeds, |_, _| true)? else { bail!("the study was cancelled") };
    let object = serde_json::to_string(&study)?;
    print::results(|out| {
        if args.json { writeln!(out, "{object}") } else { print_study(out, row, &study) }
    })
}

fn list(out: &mut impl Write) -> io::Result<()> {
    for row in STUDIES {
        writeln!(out, "{:<12}{}\n            {}", row.id, row.title, row.summary)?;
    }
    Ok(())
}

fn print_study(out: &mut impl Write, row: &StudyRow, study: &Study) -> io::Result<()> {
    writeln!(out, "{} ({})", row.title, row.source)?;
    for table in &study.tables {
        writeln!(out, "\n{}", table.title)?;
        print_table(out, table)?;
    }
    writeln!(out, "\n{}.", study.verdict)?;
    for fact in &study.facts {
        let fitted = if fact.fitted { " (fitted)" } else { "" };
        writeln!(out, "  {}: {}{fitted}", fact.name, fact.value)?;
    }
    Ok(())
}

fn print_table(out: &mut impl Write, table: &Table) -> io::Result<()> {
    let cells = |row: &studies::Row| -> Vec<String> {
        let units = table.columns.iter().skip(1).map(|column| column.unit);
        row.values.iter().zip(units).map(|(&value, unit)| written(value, unit)).collect()
    };
    let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
    for (at, column) in table.columns.iter().enumerate() {
        if at == 0 {
            write!(out, "{:<20}", column.name)?;
        } else {
            write!(out, "  {:>width$}", column.name, width = width(table, &rows, at))?;
        }
    }
    writeln!(out)?;
    for (row, cells) in table.rows.iter().zip(&rows) {
        write!(out, "{:<20}", row.name)?;
        for (at, cell) in cells.iter().enumerate() {
            write!(out, "  {:>width$}", cell, width = width(table, &rows, at + 1))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Characters of the widest cell of a column.
fn width(table: &Table, rows: &[Vec<String>], at: usize) -> usize {
    let cells = rows.iter().map(|row| row[at - 1].chars().count());
    cells.max().unwrap_or(0).max(table.columns[at].name.chars().count())
}

fn written(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Name => String::new(),
        Unit::Seconds => format!("{value:.2} s"),
        Unit::Share => format!("{:.2} %", 100.0 * value),
        Unit::Difference => format!("{:+.1} %", 100.0 * value),
    }
}
