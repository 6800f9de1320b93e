//! A comparison as a table, CSV and JSON.

use super::args_sweep::OutputArgs;
use super::figures::{NOTHING, counted, difference, mean};
use super::sweep_print::{columns, quoted};
use super::{print, print_monitoring};
use anyhow::Result;
use kvscope::compare::{Comparison, Figure, Line, letter};
use kvscope::config::Config;
use kvscope::sim::MonitoringSummary;
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

#[derive(Serialize)]
struct Whole<'a> {
    sentence: &'a str,
    differences: &'a [kvscope::compare::Difference],
    lanes: Vec<LaneObject<'a>>,
    seeds: u32,
    metrics: &'a [Line],
}

#[derive(Serialize)]
struct LaneObject<'a> {
    letter: char,
    name: &'a str,
    config: &'a Config,
    /// What `run --json` prints of this configuration.
    run: &'a Value,
}

pub(crate) fn comparison(
    found: &Comparison,
    configs: &[Config],
    runs: &[Value],
    output: &OutputArgs,
) -> Result<()> {
    let lanes = configs.iter().zip(runs).enumerate().map(|(at, (config, run))| LaneObject {
        letter: letter(at),
        name: &found.names[at],
        config,
        run,
    });
    let whole = Whole {
        sentence: &found.sentence,
        differences: &found.differences,
        lanes: lanes.collect(),
        seeds: found.seeds,
        metrics: &found.lines,
    };
    let object = serde_json::to_string(&whole)?;
    print::results(|out| {
        if output.json {
            writeln!(out, "{object}")
        } else if output.csv {
            csv(out, found)
        } else {
            table(out, found)?;
            runs.iter().enumerate().try_for_each(|(at, run)| watched(out, found, at, run))
        }
    })
}

/// Alerts and changes of weights of a lane, where there were any.
fn watched(out: &mut impl Write, found: &Comparison, at: usize, run: &Value) -> io::Result<()> {
    let monitoring: MonitoringSummary = match run.get("monitoring") {
        Some(told) => serde_json::from_value(told.clone())?,
        None => return Ok(()),
    };
    if monitoring.alerts_raised == 0 && monitoring.tuned_changes == 0 {
        return Ok(());
    }
    writeln!(out, "\n{}", format!("{} {}", letter(at), found.names[at]).trim_end())?;
    print_monitoring::monitoring(out, &monitoring)
}

fn csv(out: &mut impl Write, found: &Comparison) -> io::Result<()> {
    writeln!(
        out,
        "metric,unit,better,lane,name,mean,half_width,least,most,difference,\
         difference_half_width,best"
    )?;
    for Line { metric, lanes } in &found.lines {
        for (at, figure) in lanes.iter().enumerate() {
            let Some(Figure { value, difference, best }) = figure else { continue };
            let number = |number: Option<f64>| number.map_or(String::new(), |it| it.to_string());
            let better = serde_json::to_value(metric.better)?;
            let cells = [
                metric.id.to_owned(),
                metric.unit.to_owned(),
                better.as_str().unwrap_or_default().to_owned(),
                letter(at).to_string(),
                found.names[at].clone(),
                value.mean.to_string(),
                number(value.half_width),
                value.least.to_string(),
                value.most.to_string(),
                number(difference.map(|it| it.mean)),
                number(difference.and_then(|it| it.half_width)),
                best.to_string(),
            ];
            writeln!(out, "{}", cells.map(|cell| quoted(&cell)).join(","))?;
        }
    }
    Ok(())
}

fn table(out: &mut impl Write, found: &Comparison) -> io::Result<()> {
    writeln!(out, "{}\n", found.sentence)?;
    let mut heads = vec![String::new()];
    for (at, name) in found.names.iter().enumerate() {
        heads.push(format!("{} {name}", letter(at)).trim_end().to_owned() + "  ");
        if at > 0 {
            heads.push(format!("{} − A", letter(at)));
        }
    }
    let mut lines = vec![heads];
    for line in &found.lines {
        let unit = line.metric.unit;
        let shown = |figure: &Option<Figure>| {
            figure.as_ref().map_or(NOTHING.to_owned(), |it| mean(it.value, unit))
        };
        let values: Vec<String> = line.lanes.iter().map(shown).collect();
        // What cannot be told apart as it is printed has no best either.
        let is_level = values.iter().all(|value| *value == values[0]);
        let mut cells = vec![line.metric.label.to_owned()];
        for (at, (figure, value)) in line.lanes.iter().zip(&values).enumerate() {
            let is_best = !is_level && figure.is_some_and(|it| it.best);
            cells.push(value.clone() + if is_best { " *" } else { "  " });
            if at > 0 {
                let away = figure.and_then(|it| it.difference);
                cells.push(away.map_or(NOTHING.to_owned(), |it| difference(it, unit)));
            }
        }
        lines.push(cells);
    }
    columns(out, &lines, 1)?;
    writeln!(out, "\n* best of its row; none where all are level, and none of what is no goal")?;
    if found.seeds > 1 {
        writeln!(
            out,
            "± half of the 95 % interval of the mean over {} (Student's t), of a difference \
             paired by seed; without it every seed gave the same",
            counted(found.seeds.into(), "seed")
        )?;
    }
    Ok(())
}
