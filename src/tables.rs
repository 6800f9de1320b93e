//! The tables as data: what menus, help, the documentation page and the tests are made of.

use crate::clock::{CLOCKS, HARDWARE, MODELS};
use crate::config::{Config, SETTINGS};
use crate::evict::EVICTIONS;
use crate::migrate::MIGRATIONS;
use crate::params::{Need, ParamKind, ParamSpec, ParamValue};
use crate::presets::PRESETS;
use crate::route::ROUTERS;
use crate::trace::synth::workloads;
use serde::Serialize;

/// Every table of this build.
#[derive(Clone, Debug, Serialize)]
pub struct Tables {
    /// Version of kvscope.
    pub version: &'static str,
    /// Routers.
    pub routers: Vec<Row>,
    /// Eviction policies.
    pub evictions: Vec<Row>,
    /// Migration rules, `auto` and `none` first.
    pub migrations: Vec<Row>,
    /// Clocks.
    pub clocks: Vec<Row>,
    /// Built-in workloads.
    pub workloads: Vec<WorkloadLine>,
    /// Saved configurations.
    pub presets: Vec<Preset>,
    /// Models.
    pub models: Vec<Model>,
    /// Nodes' hardware.
    pub hardware: Vec<Row>,
    /// Settings that belong to no policy.
    pub settings: Vec<Param>,
}

/// One row of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// One line.
    pub summary: String,
    /// Paper or project.
    pub source: &'static str,
    /// Parameters.
    pub params: Vec<Param>,
    /// Words of [`Need::id`], and `flat` or `tree` for an eviction policy that is defined under
    /// just one insertion discipline.
    pub needs: Vec<&'static str>,
    /// What it knows that no real system can, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub foresight: String,
    /// The migration rule that comes with a router.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migration: Option<&'static str>,
}

/// One parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Param {
    /// Name in configurations.
    pub name: &'static str,
    /// Label of its control.
    pub label: &'static str,
    /// One or two sentences.
    pub help: &'static str,
    /// Unit, or empty.
    pub unit: &'static str,
    /// `number`, `integer`, `switch` or `choice`.
    pub kind: &'static str,
    /// Value when none is given.
    pub default: ParamValue,
    /// Smallest number accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest number accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Smallest number accepted besides 0, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// How many blocks it must come to as a share of a node's capacity, unless it is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_blocks: Option<u32>,
    /// Whether a slider should run logarithmically.
    pub log: bool,
    /// Choices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChoiceRow>,
    /// Applies only while another parameter has this value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_if: Option<OnlyIf>,
}

/// One choice of a parameter.
#[derive(Clone, Debug, Serialize)]
pub struct ChoiceRow {
    /// Value.
    pub id: &'static str,
    /// What a control shows.
    pub label: &'static str,
    /// What it needs, as in [`Row::needs`].
    pub needs: Vec<&'static str>,
    /// See [`Row::foresight`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub foresight: String,
}

/// See [`Param::only_if`].
#[derive(Clone, Debug, Serialize)]
pub struct OnlyIf {
    /// The other parameter.
    pub name: &'static str,
    /// Its value.
    pub value: &'static str,
}

/// One built-in workload.
#[derive(Clone, Debug, Serialize)]
pub struct WorkloadLine {
    /// What all rows have.
    #[serde(flatten)]
    pub row: Row,
    /// Requests of the trace it stands for.
    pub default_requests: u32,
    /// Seconds they take to arrive.
    pub duration_s: f64,
}

/// One saved configuration with the lesson it teaches.
#[derive(Clone, Debug, Serialize)]
pub struct Preset {
    /// Name in links.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// What it shows, in one sentence.
    pub lesson: &'static str,
    /// Built-in workload that shows it, or whatever is loaded.
    pub workload: Option<&'static str>,
    /// The preset whose failure this one mends.
    pub mends: Option<&'static str>,
    /// What to run.
    pub config: Config,
}

/// One model, to turn GiB into blocks.
#[derive(Clone, Debug, Serialize)]
pub struct Model {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// KV cache of one token in bytes, at bf16.
    pub kv_bytes_per_token: f64,
    /// Where the figures come from.
    pub source: &'static str,
}

/// Every table of this build.
pub fn tables() -> Tables {
    Tables {
        version: env!("CARGO_PKG_VERSION"),
        routers: ROUTERS.iter().map(|row| router(row)).collect(),
        evictions: EVICTIONS.iter().map(|row| eviction(row)).collect(),
        migrations: migrations(),
        clocks: CLOCKS
            .iter()
            .map(|row| plain(row.id, row.title, row.summary, "", row.params, &[]))
            .collect(),
        workloads: workloads()
            .iter()
            .map(|row| WorkloadLine {
                row: plain(row.id, row.title, row.summary, row.source, &[], &[]),
                default_requests: row.default_requests,
                duration_s: row.duration_s,
            })
            .collect(),
        presets: PRESETS
            .iter()
            .map(|row| Preset {
                id: row.id,
                title: row.title,
                lesson: row.lesson,
                workload: row.workload,
                mends: row.mends,
                config: (row.config)(),
            })
            .collect(),
        models: MODELS
            .iter()
            .map(|row| Model {
                id: row.id,
                title: row.title,
                kv_bytes_per_token: row.kv_bytes_per_token,
                source: row.source,
            })
            .collect(),
        hardware: HARDWARE
            .iter()
            .map(|row| Row {
                summary: format!("{:.0} TFLOP/s bf16 peak", row.devices * row.device_flops / 1e12),
                ..plain(row.id, row.title, "", "vendors' data sheets", &[], &[])
            })
            .collect(),
        settings: SETTINGS.iter().map(param).collect(),
    }
}

fn router(row: &crate::route::RouterRow) -> Row {
    let plain = plain(row.id, row.title, row.summary, row.source, row.params, row.needs);
    Row { migration: row.migration, ..plain }
}

fn eviction(row: &crate::evict::EvictionRow) -> Row {
    let mut plain = plain(row.id, row.title, row.summary, row.source, row.params, row.needs);
    match (row.flat, row.tree) {
        (Some(_), None) => plain.needs.push("flat"),
        (None, Some(_)) => plain.needs.push("tree"),
        _ => {}
    }
    plain
}

fn migrations() -> Vec<Row> {
    let auto = "The rule that comes with the router, with the router's parameters.";
    let mut rows = vec![
        plain("auto", "The router's own", auto, "", &[], &[]),
        plain("none", "None", "Blocks stay where they were computed.", "", &[], &[]),
    ];
    let rules = MIGRATIONS.iter();
    rows.extend(
        rules.map(|row| plain(row.id, row.title, row.summary, row.source, row.params, row.needs)),
    );
    rows
}

fn plain(
    id: &'static str,
    title: &'static str,
    summary: &str,
    source: &'static str,
    params: &[ParamSpec],
    needs: &[Need],
) -> Row {
    Row {
        id,
        title,
        summary: summary.to_owned(),
        source,
        params: params.iter().map(param).collect(),
        needs: needs.iter().map(|need| need.id()).collect(),
        foresight: foresight(needs),
        migration: None,
    }
}

fn foresight(needs: &[Need]) -> String {
    let foreseen = needs.iter().filter(|need| need.is_foresight()).map(|need| need.title());
    foreseen.collect::<Vec<_>>().join(", ")
}

fn param(spec: &ParamSpec) -> Param {
    let (kind, range, log, choices): (_, _, _, &[_]) = match spec.kind {
        ParamKind::Number { min, max, log, .. } => ("number", Some((min, max)), log, &[]),
        ParamKind::Integer { min, max, log, .. } => {
            ("integer", Some((min as f64, max as f64)), log, &[])
        }
        ParamKind::Switch { .. } => ("switch", None, false, &[]),
        ParamKind::Choice { choices, .. } => ("choice", None, false, choices),
    };
    let choice = |&(id, label): &(&'static str, &'static str)| {
        let needs = spec.choice_needs.iter().filter(|need| need.0 == id);
        let needs: Vec<Need> = needs.map(|need| need.1).collect();
        let (words, foresight) = (needs.iter().map(|need| need.id()), foresight(&needs));
        ChoiceRow { id, label, needs: words.collect(), foresight }
    };
    Param {
        name: spec.name,
        label: spec.label,
        help: spec.help,
        unit: spec.unit,
        kind,
        default: spec.default_value(),
        min: range.map(|range| if spec.or_zero { 0.0 } else { range.0 }),
        max: range.map(|range| range.1),
        least: range.filter(|_| spec.or_zero).map(|range| range.0),
        least_blocks: (0 < spec.least_blocks).then_some(spec.least_blocks),
        log,
        choices: choices.iter().map(choice).collect(),
        only_if: spec.only_if.map(|(name, value)| OnlyIf { name, value }),
    }
}

impl ChoiceRow {
    fn told(&self) -> String {
        match self.foresight.as_str() {
            "" => self.id.to_owned(),
            known => format!("{} (knows the future: {known})", self.id),
        }
    }
}

impl Param {
    /// What values it takes, in words.
    pub fn values(&self) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        match (self.min, self.max) {
            (Some(min), Some(max)) => {
                let range = match self.least {
                    Some(least) => format!("0, or in [{least}, {max}]{unit}"),
                    None => format!("in [{min}, {max}]{unit}"),
                };
                match self.least_blocks {
                    Some(1) => format!("{range}, at least 1 block"),
                    Some(blocks) => format!("{range}, at least {blocks} blocks"),
                    None => range,
                }
            }
            _ if self.choices.is_empty() => "true or false".to_owned(),
            _ => self.choices.iter().map(ChoiceRow::told).collect::<Vec<_>>().join(" | "),
        }
    }
}

/// The page docs/policies.md.
pub fn markdown(all: &Tables) -> String {
    let mut page = String::from(
        "# Policies\n\nThis page is made from the tables by `kvscope policies --markdown`; a test \
         compares them.\n",
    );
    let sections: [(&str, Vec<&Row>); 6] = [
        ("Routers", all.routers.iter().collect()),
        ("Eviction policies", all.evictions.iter().collect()),
        ("Migration and replication", all.migrations.iter().collect()),
        ("Clocks", all.clocks.iter().collect()),
        ("Workloads", all.workloads.iter().map(|line| &line.row).collect()),
        ("Hardware", all.hardware.iter().collect()),
    ];
    for (title, rows) in sections {
        page.push_str(&format!("\n## {title}\n"));
        for row in rows {
            section(&mut page, row);
        }
    }
    page.push_str("\n## Presets\n\n| id | title | lesson |\n|---|---|---|\n");
    for preset in &all.presets {
        page.push_str(&format!("| `{}` | {} | {} |\n", preset.id, preset.title, preset.lesson));
    }
    page.push_str("\n## Models\n\n| id | model | KV KiB a token | source |\n|---|---|---|---|\n");
    for model in &all.models {
        let kib = model.kv_bytes_per_token / 1024.0;
        page.push_str(&format!(
            "| `{}` | {} | {kib} | {} |\n",
            model.id, model.title, model.source
        ));
    }
    page
}

fn section(page: &mut String, row: &Row) {
    page.push_str(&format!("\n### `{}`: {}\n\n{}\n", row.id, row.title, row.summary));
    let mut facts = Vec::new();
    if !row.source.is_empty() {
        facts.push(format!("Source: {}.", row.source));
    }
    if !row.needs.is_empty() {
        facts.push(format!("Needs: {}.", row.needs.join(", ")));
    }
    if !row.foresight.is_empty() {
        facts.push(format!("Knows the future: {}.", row.foresight));
    }
    if let Some(rule) = row.migration {
        facts.push(format!("Comes with the migration rule `{rule}`."));
    }
    if !facts.is_empty() {
        page.push_str(&format!("\n{}\n", facts.join(" ")));
    }
    if row.params.is_empty() {
        return;
    }
    page.push_str("\n| parameter | default | values | meaning |\n|---|---|---|---|\n");
    for param in &row.params {
        let values = param.values().replace('|', "\\|");
        page.push_str(&format!(
            "| `{}` | {} | {values} | {} |\n",
            param.name, param.default, param.help
        ));
    }
}
