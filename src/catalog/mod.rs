//! The tables as data: what menus, help, the documentation page and the tests are made of.

mod lines;
#[cfg(not(target_arch = "wasm32"))]
mod markdown;
mod production;

pub use lines::{Model, Preset, StudyLine};
#[cfg(not(target_arch = "wasm32"))]
pub use markdown::markdown;
pub use production::{ProductionLine, ProductionWord};

use crate::cache::{CACHES, CacheRow};
use crate::clock::{CLOCKS, HARDWARE, MODELS};
use crate::config::{PERTURBATIONS, PerturbationRow, SETTINGS};
use crate::migrate::{AUTO, MIGRATIONS, NONE};
use crate::observe::COLUMNS;
use crate::observe::columns::Column;
use crate::params::{Group, Need, Origin, ParamKind, ParamSpec, ParamValue};
use crate::presets::presets;
use crate::route::ROUTERS;
use crate::studies;
use crate::sweep::{METRICS, Metric};
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
    /// Studies.
    pub studies: Vec<StudyLine>,
    /// Models.
    pub models: Vec<Model>,
    /// Nodes' hardware.
    pub hardware: Vec<Row>,
    /// What menus group policies by, in their order.
    pub origins: Vec<Group>,
    /// Settings that belong to no policy.
    pub settings: Vec<Param>,
    /// Names of the columns of a run's series.
    pub series: SeriesColumns,
    /// The figures of a sweep's rows.
    pub metrics: &'static [Metric],
    /// What may be done to the cluster while it serves.
    pub perturbations: &'static [PerturbationRow],
}

/// The names of a series' columns, in the order in which files have them.
#[derive(Clone, Debug, Serialize)]
pub struct SeriesColumns {
    /// One value a sample.
    pub each: Vec<&'static str>,
    /// One value a sample, under the timed clock.
    pub timed: Vec<&'static str>,
    /// One value a sample and node.
    pub by_node: Vec<&'static str>,
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
    /// What it does in one line; not in wasm, and empty where the row is no policy.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub formula: &'static str,
    /// Paper or project.
    pub source: &'static str,
    /// Whose a policy is: a word of [`Group::id`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<&'static str>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Words of [`Need::id`], and `flat` or `tree` for an eviction policy that is defined under
    /// just one insertion discipline.
    pub needs: Vec<&'static str>,
    /// What it knows that no real system can, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub foresight: String,
    /// Words of [`Need::id`] that a clock meets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meets: Vec<&'static str>,
    /// The migration rule that comes with a router.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migration: Option<&'static str>,
    /// What a router stands for where it runs in production.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub production: Option<ProductionLine>,
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
    /// Largest number accepted; a number with a smallest and no largest has no upper limit.
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
    /// Units that the value may have as text.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub units: &'static [&'static str],
    /// What it is to others than its own row: a word of [`crate::params::Role::id`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// Whether it may change while a run is on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub live: bool,
    /// Read only while another parameter, if that is read itself, has this value.
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
    pub value: ParamValue,
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

/// Every table of this build.
pub fn tables() -> Tables {
    Tables {
        version: env!("CARGO_PKG_VERSION"),
        routers: ROUTERS.iter().map(|row| router(row)).collect(),
        evictions: CACHES.iter().map(eviction).collect(),
        migrations: migrations(),
        clocks: CLOCKS.iter().map(|row| clock(row)).collect(),
        workloads: workloads()
            .iter()
            .map(|row| WorkloadLine {
                row: plain(row.id, row.title, row.summary, row.source, &[], &[]),
                default_requests: row.default_requests,
                duration_s: row.duration_s,
            })
            .collect(),
        presets: presets()
            .map(|row| Preset {
                id: row.id,
                title: row.title,
                lesson: row.lesson,
                workload: row.workload,
                mends: row.mends,
                config: (row.config)(),
            })
            .collect(),
        studies: studies::ABOUT
            .iter()
            .map(|row| StudyLine {
                id: row.id,
                kind: row.kind,
                title: row.title,
                summary: row.summary,
                source: row.source,
                default_seeds: row.default_seeds,
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
        origins: Origin::groups(),
        hardware: HARDWARE
            .iter()
            .map(|row| Row {
                summary: format!("{:.0} TFLOP/s bf16 peak", row.devices * row.device_flops / 1e12),
                ..plain(row.id, row.title, "", "vendors' data sheets", &[], &[])
            })
            .collect(),
        settings: SETTINGS.iter().map(param).collect(),
        series: SeriesColumns {
            each: names(COLUMNS.series),
            timed: names(COLUMNS.series_timed),
            by_node: names(COLUMNS.series_by_node),
        },
        metrics: METRICS,
        perturbations: PERTURBATIONS,
    }
}

fn router(row: &crate::route::RouterRow) -> Row {
    let plain = plain(row.id, row.title, row.summary, row.source, row.params, row.needs);
    let production = row.production.as_ref().map(ProductionLine::of);
    Row {
        formula: row.formula.line(),
        origin: Some(row.origin.group().id),
        migration: row.migration,
        production,
        ..plain
    }
}

fn clock(row: &crate::clock::ClockRow) -> Row {
    let plain = plain(row.id, row.title, row.summary, "", row.params, &[]);
    let meets = row.meets.iter().map(|need| need.id()).collect();
    Row { formula: row.formula.line(), meets, ..plain }
}

fn eviction(cache: &CacheRow) -> Row {
    let row = cache.policy;
    let mut plain = plain(row.id, row.title, row.summary, row.source, row.params, row.needs);
    plain.formula = row.formula.line();
    plain.origin = Some(row.origin.group().id);
    match (cache.flat, cache.tree) {
        (Some(_), None) => plain.needs.push("flat"),
        (None, Some(_)) => plain.needs.push("tree"),
        _ => {}
    }
    plain
}

fn migrations() -> Vec<Row> {
    let auto = "The rule that comes with the router, with the router's parameters.";
    let mut rows = vec![
        plain(AUTO, "The router's own", auto, "", &[], &[]),
        plain(NONE, "None", "Blocks stay where they were computed.", "", &[], &[]),
    ];
    let rules = MIGRATIONS.iter();
    rows.extend(rules.map(|row| Row {
        formula: row.formula.line(),
        origin: Some(row.origin.group().id),
        ..plain(row.id, row.title, row.summary, row.source, row.params, row.needs)
    }));
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
        formula: "",
        source,
        origin: None,
        params: params.iter().map(param).collect(),
        needs: needs.iter().map(|need| need.id()).collect(),
        foresight: foresight(needs),
        meets: Vec::new(),
        migration: None,
        production: None,
    }
}

fn foresight(needs: &[Need]) -> String {
    let foreseen = needs.iter().filter(|need| need.is_foresight()).map(|need| need.title());
    foreseen.collect::<Vec<_>>().join(", ")
}

fn names<F>(columns: &[Column<F>]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
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
        max: range.map(|range| range.1).filter(|max| max.is_finite()),
        least: range.filter(|_| spec.or_zero).map(|range| range.0),
        least_blocks: (0 < spec.least_blocks).then_some(spec.least_blocks),
        log,
        choices: choices.iter().map(choice).collect(),
        units: spec.wording.map_or(&[], |wording| wording.units),
        role: spec.role.map(|role| role.id()),
        live: spec.live,
        only_if: spec.only_if.map(|(name, value)| OnlyIf { name, value: value.value() }),
    }
}
