//! `policies`: the tables, for people, for programs and for docs/policies.md.

use super::args::PoliciesArgs;
use super::print;
use anyhow::Result;
use kvscope::catalog::{Param, Row, Tables, tables};
use kvscope::config::{Draft, Part};
use kvscope::params::ParamValue;
use std::io::{self, Write};

pub(crate) fn policies(args: &PoliciesArgs) -> Result<()> {
    if let Some(text) = &args.router {
        return one(text);
    }
    let all = tables();
    let object = serde_json::to_string(&all)?;
    print::results(|out| match args {
        PoliciesArgs { json: true, .. } => writeln!(out, "{object}"),
        PoliciesArgs { markdown: true, .. } => write!(out, "{}", kvscope::catalog::markdown(&all)),
        _ => list(out, &all),
    })
}

/// One router: what it does, its parameters, and the same in production.
fn one(text: &str) -> Result<()> {
    let mut draft = Draft::new();
    draft.choose(Part::Router, text);
    draft.choose(Part::Clock, "timed");
    let checked = draft.config()?.check()?;
    let row = checked.router;
    let all = tables();
    let line = all.routers.iter().find(|line| line.id == row.id);
    let params = line.map_or(&[][..], |line| &line.params);
    print::results(|out| {
        writeln!(out, "{}: {}\n{}", row.id, row.title, row.summary)?;
        writeln!(out, "{}\nsource: {}", row.formula.line(), row.source)?;
        for param in params {
            writeln!(out, "  {}", describe(param))?;
        }
        let Some(production) = &row.production else {
            return writeln!(out, "\nthe same in production: nothing is known of its words there");
        };
        writeln!(out, "\nthe same in production: {}", production.project)?;
        let lines = production.lines(&checked.router_params);
        lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
    })
}

fn list(out: &mut impl Write, all: &Tables) -> io::Result<()> {
    let sections: [(&str, Vec<&Row>); 6] = [
        ("routers", all.routers.iter().collect()),
        ("evictions", all.evictions.iter().collect()),
        ("migrations", all.migrations.iter().collect()),
        ("clocks", all.clocks.iter().collect()),
        ("workloads", all.workloads.iter().map(|line| &line.row).collect()),
        ("hardware", all.hardware.iter().collect()),
    ];
    for (name, rows) in sections {
        writeln!(out, "{name}")?;
        for row in rows {
            let needs = if row.needs.is_empty() {
                String::new()
            } else {
                format!(" [needs {}]", row.needs.join(", "))
            };
            writeln!(out, "  {:<21} {}{needs}", row.id, row.summary)?;
            if !row.formula.is_empty() {
                writeln!(out, "      {}", row.formula)?;
            }
            if !row.foresight.is_empty() {
                writeln!(out, "      knows the future: {}", row.foresight)?;
            }
            for param in &row.params {
                writeln!(out, "      {}", describe(param))?;
            }
        }
        writeln!(out)?;
    }
    writeln!(out, "presets")?;
    for preset in &all.presets {
        writeln!(out, "  {:<22}{}", preset.id, preset.lesson)?;
    }
    writeln!(out, "\nmodels")?;
    for model in &all.models {
        let kib = model.kv_bytes_per_token / 1024.0;
        writeln!(out, "  {:<22}{} ({kib} KiB of KV a token)", model.id, model.title)?;
    }
    Ok(())
}

fn describe(param: &Param) -> String {
    let default = match &param.default {
        ParamValue::Text(text) => text.clone(),
        other => other.to_string(),
    };
    format!("{}={default}  {}", param.name, param.values())
}
