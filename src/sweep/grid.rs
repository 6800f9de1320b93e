//! A grid as a person writes it: what is the same in all cells, what varies, and over which seeds.
//!
//! ```json
//! {"base": {"clock": "timed", "nodes": 8},
//!  "axes": {"router": ["cache_aware", "conductor:balance=2"], "capacity_blocks": [1000, "1TiB"],
//!           "cache_aware.load_weight": [5, 10, 20], "clock.rate": [1, 1.5]},
//!  "seeds": 5}
//! ```
//!
//! Names are `router`, `eviction`, `migration` and `clock`, whose values are rows with parameters
//! (as text, or as objects with `id` and `params`); any setting; and a parameter behind a dot of
//! the part that chooses the row or of the row's own id. A parameter counts where the chosen row
//! has it: cells of other rows appear once, not once for each of its values. `perturb` is what is
//! done to the cluster of every cell on the way.

use crate::clock;
use crate::config::{Config, Draft, Part, PolicyChoice, SETTINGS};
use crate::error::{Error, Reason, Result};
use crate::migrate::{self, AUTO};
use crate::params::{ParamSpec, ParamValue};
use crate::{evict, route, suggest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The parts that rows are chosen for, in the order of axes.
const PARTS: [Part; 4] = [Part::Router, Part::Eviction, Part::Migration, Part::Clock];

/// Settings of how the trace is read and held, which is once.
pub(crate) const READING: [&str; 7] =
    ["block_size", "time_unit", "id_scope", "rows", "sessions", "shared_prefix", "distinct_budget"];

/// A value of an axis, or of the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Of a setting or a parameter; a row as text.
    Plain(ParamValue),
    /// A row.
    Row(PolicyChoice),
}

/// Which seeds each combination is repeated over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Seeds {
    /// So many, from 1 on.
    Count(u32),
    /// These: whole numbers, as text where a double cannot hold them.
    List(Vec<ParamValue>),
}

impl Default for Seeds {
    fn default() -> Self {
        Self::List(vec![ParamValue::Number(0.0)])
    }
}

/// What to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// What is the same in all cells, where it is not the default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub base: BTreeMap<String, Value>,
    /// What is done to the cluster meanwhile, the same in all cells: `kill:3@5000`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perturb: Vec<String>,
    /// What varies, and the values it takes.
    #[serde(default)]
    pub axes: BTreeMap<String, Vec<Value>>,
    /// What each combination is repeated over; seed 0 alone by default, as a single run has it.
    #[serde(default)]
    pub seeds: Seeds,
}

/// What a name of the grid means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// The choice of a row.
    Part(Part),
    /// A setting.
    Setting(&'static str),
    /// A parameter of whatever row is chosen for the part, or of this row only.
    Param { part: Part, row: Option<&'static str>, name: String },
}

impl Place {
    /// Whether it can be filled only once the row is chosen.
    pub(crate) fn is_param(&self) -> bool {
        matches!(self, Self::Param { .. })
    }
}

impl Grid {
    /// The names of the axes in the order in which they vary, the last one fastest: router,
    /// eviction, migration, clock, then the others by name.
    pub fn order(&self) -> Vec<&str> {
        let parts = PARTS.map(Part::name);
        let first = parts.iter().copied().filter(|part| self.axes.contains_key(*part));
        let rest = self.axes.keys().map(String::as_str).filter(|name| !parts.contains(name));
        first.chain(rest).collect()
    }

    /// The seeds, as configurations have them.
    pub(super) fn seeds(&self) -> Vec<ParamValue> {
        match &self.seeds {
            Seeds::Count(count) => {
                (1..=*count).map(|seed| ParamValue::Number(seed.into())).collect()
            }
            Seeds::List(seeds) => seeds.clone(),
        }
    }

    /// The values of the base as a configuration, to read the trace by.
    ///
    /// # Errors
    /// Every name that means nothing and every value that cannot stand there.
    pub fn base(&self) -> Result<Config> {
        let mut config = Config::default();
        let mut reasons = Vec::new();
        let places: Vec<_> = self.base.keys().map(|name| place(name)).collect();
        for params in [false, true] {
            for ((name, value), place) in self.base.iter().zip(&places) {
                let put = match place {
                    Ok(place) if place.is_param() == params => put(&mut config, place, value),
                    Err(expected) if !params => Err(expected.clone()),
                    _ => Ok(()),
                };
                if let Err(expected) = put {
                    reasons.push(refused("base", name, value, expected));
                }
            }
        }
        if reasons.is_empty() { Ok(config) } else { Err(Error::Config(reasons)) }
    }

    /// Everything that is wrong with the names and the form of the grid.
    pub(super) fn faults(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (name, values) in &self.axes {
            let told = |expected: &str| Reason {
                path: format!("axes.{name}"),
                value: format!("{} values", values.len()),
                expected: expected.to_owned(),
            };
            if values.is_empty() {
                reasons.push(told("at least one value"));
            }
            if let Some(at) = (1..values.len()).find(|&at| values[..at].contains(&values[at])) {
                let twice = format!("each value once: {} stands twice", written(&values[at]));
                reasons.push(told(&twice));
            }
            if READING.contains(&name.as_str()) {
                reasons.push(told(
                    "nothing: the trace is read once for all cells and held whole, so what says \
                     how to read or hold it belongs into base",
                ));
            }
            if self.base.contains_key(name) {
                reasons.push(told("nothing: base has a value for it; leave one of them out"));
            }
        }
        if self.seeds().is_empty() {
            let (path, value) = ("seeds".to_owned(), "none".to_owned());
            reasons.push(Reason { path, value, expected: "at least one seed".to_owned() });
        }
        reasons
    }
}

/// A value as a person would write it.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Plain(value) => value.to_string(),
        Value::Row(row) => written_row(row),
    }
}

/// A row as a command line says it.
pub fn written_row(row: &PolicyChoice) -> String {
    let params: Vec<String> =
        row.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let colon = if params.is_empty() { "" } else { ":" };
    format!("{}{colon}{}", row.id, params.join(","))
}

pub(super) fn refused(within: &str, name: &str, value: &Value, expected: String) -> Reason {
    Reason { path: format!("{within}.{name}"), value: written(value), expected }
}

/// What a name means, or what was expected.
pub(crate) fn place(name: &str) -> std::result::Result<Place, String> {
    if let Some(part) = PARTS.into_iter().find(|part| part.name() == name) {
        return Ok(Place::Part(part));
    }
    if let Some(spec) = SETTINGS.iter().find(|spec| spec.name == name) {
        return Ok(Place::Setting(spec.name));
    }
    if let Some((before, param)) = name.split_once('.') {
        let by_part = PARTS.into_iter().find(|part| part.name() == before);
        let found = by_part.map(|part| (part, None)).or_else(|| {
            let rows = PARTS
                .into_iter()
                .flat_map(|part| row_ids(part).into_iter().map(move |id| (part, Some(id))));
            rows.into_iter().find(|(_, id)| *id == Some(before))
        });
        if let Some((part, row)) = found {
            let ids = row.map_or_else(|| row_ids(part), |id| vec![id]);
            let mut names: Vec<&str> = Vec::new();
            for spec in ids.iter().flat_map(|id| specs_of(part, id).unwrap_or(&[])) {
                if !names.contains(&spec.name) {
                    names.push(spec.name);
                }
            }
            if names.contains(&param) {
                return Ok(Place::Param { part, row, name: param.to_owned() });
            }
            return Err(format!("a parameter of {before}{}", suggest::did_you_mean(param, &names)));
        }
    }
    let settings = SETTINGS.iter().map(|spec| spec.name);
    let names: Vec<&str> = PARTS.iter().map(|part| part.name()).chain(settings).collect();
    let near = suggest::did_you_mean(name, &names);
    Err(format!(
        "router, eviction, migration, clock, a setting, or a parameter as in router.alpha \
                 or cache_aware.load_weight{near}"
    ))
}

fn row_ids(part: Part) -> Vec<&'static str> {
    match part {
        Part::Router => route::ROUTERS.iter().map(|row| row.id).collect(),
        Part::Eviction => evict::EVICTIONS.iter().map(|row| row.id).collect(),
        Part::Migration => migrate::MIGRATIONS.iter().map(|row| row.id).collect(),
        Part::Clock => clock::CLOCKS.iter().map(|row| row.id).collect(),
    }
}

/// The parameters of the row called `id`.
pub(crate) fn specs_of(part: Part, id: &str) -> Option<&'static [ParamSpec]> {
    match part {
        Part::Router => route::find(id).map(|row| row.params),
        Part::Eviction => evict::EVICTIONS.iter().find(|row| row.id == id).map(|row| row.params),
        Part::Migration if id == AUTO => None,
        Part::Migration => migrate::find(id).map(|row| row.params),
        Part::Clock => clock::find(id).map(|row| row.params),
    }
}

/// Whether a parameter counts in this configuration; rows and settings always do.
pub(crate) fn counts(config: &mut Config, place: &Place) -> bool {
    let Place::Param { part, row, name } = place else { return true };
    let id = &config.choice(*part).id;
    row.is_none_or(|row| row == id)
        && specs_of(*part, id).is_some_and(|specs| specs.iter().any(|spec| spec.name == name))
}

/// Puts a value in its place. A parameter that does not count there is left out.
pub(crate) fn put(
    config: &mut Config,
    place: &Place,
    value: &Value,
) -> std::result::Result<(), String> {
    match (place, value) {
        (Place::Part(part), Value::Row(row)) => *config.choice(*part) = row.clone(),
        (Place::Part(part), Value::Plain(ParamValue::Text(text))) => {
            let mut draft = Draft::new();
            draft.choose(*part, text);
            *config.choice(*part) = draft.chosen(*part)?;
        }
        (Place::Part(_), Value::Plain(_)) => {
            return Err("the id of a row, with parameters or without".to_owned());
        }
        (Place::Setting(name), Value::Plain(value)) => {
            config.settings.insert((*name).to_owned(), value.clone());
        }
        (Place::Param { part, name, .. }, Value::Plain(value)) => {
            if counts(config, place) {
                config.choice(*part).params.insert(name.clone(), value.clone());
            }
        }
        (_, Value::Row(_)) => return Err("a number, a word or a switch".to_owned()),
    }
    Ok(())
}
