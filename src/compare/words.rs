//! What configurations differ in, in words.

use crate::config::{Config, Part, PolicyChoice, SETTINGS};
use crate::error::Result;
use crate::figures;
use crate::migrate::AUTO;
use crate::number;
use crate::params::{ParamSpec, ParamValue};
use crate::sweep::{specs_of, written_row};
use serde::Serialize;
use std::collections::BTreeMap;

/// One thing that not all lanes have alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is, in words: `router`, `load weight of the router`.
    pub part: String,
    /// What stands before a value where it stands alone: nothing where the value says it itself.
    pub short: String,
    /// Each lane's, in their order.
    pub values: Vec<String>,
    /// Unit of the values, or empty.
    pub unit: String,
    /// Whether whole numbers among them are counts, which people read in groups of digits.
    #[serde(skip)]
    counts: bool,
}

impl Difference {
    /// A lane's value as people read it.
    fn told(&self, lane: usize) -> String {
        let value = &self.values[lane];
        match value.parse() {
            Ok(count) if self.counts => figures::grouped(count),
            _ => value.clone(),
        }
    }
}

/// The letter of the lane at `place` below 26.
pub fn letter(place: usize) -> char {
    char::from(b'A' + place as u8)
}

/// What the lanes differ in: the rows they choose, their parameters, the settings, what is done to
/// the cluster, the seed. A value that is said and is the default is no difference; nor is the
/// migration rule that two routers bring along.
///
/// # Errors
/// As [`Config::check`].
pub fn differences(configs: &[Config]) -> Result<Vec<Difference>> {
    configs.iter().try_for_each(|config| config.check().map(|_| ()))?;
    let mut found = Vec::new();
    for (part, name) in PARTS {
        let choices: Vec<&PolicyChoice> = configs.iter().map(|it| chosen(it, part)).collect();
        rows(part, name, &choices, &mut found);
    }
    let settings: Vec<&BTreeMap<_, _>> = configs.iter().map(|it| &it.settings).collect();
    for spec in SETTINGS {
        found.extend(values(spec, &settings, &lowered(spec.label)));
    }
    let perturbed: Vec<String> = configs.iter().map(told_perturbations).collect();
    found.extend(differing("perturbations".to_owned(), String::new(), perturbed, ""));
    let seeds: Vec<String> = configs.iter().map(|config| config.seed.to_string()).collect();
    found.extend(differing("seed".to_owned(), "seed".to_owned(), seeds, ""));
    Ok(found)
}

const PARTS: [(Part, &str); 4] = [
    (Part::Router, "router"),
    (Part::Eviction, "eviction policy"),
    (Part::Migration, "migration rule"),
    (Part::Clock, "clock"),
];

/// What is done to the cluster, as a command line says it.
fn told_perturbations(config: &Config) -> String {
    match config.perturb.as_slice() {
        [] => "no perturbation".to_owned(),
        all => all.join(", "),
    }
}

fn chosen(config: &Config, part: Part) -> &PolicyChoice {
    match part {
        Part::Router => &config.router,
        Part::Eviction => &config.eviction,
        Part::Migration => &config.migration,
        Part::Clock => &config.clock,
    }
}

/// Adds what the choices of a part differ in: in the rows, or where all chose one, in its values.
fn rows(part: Part, name: &str, choices: &[&PolicyChoice], found: &mut Vec<Difference>) {
    if choices.iter().any(|choice| choice.id != choices[0].id) {
        let told = choices.iter().map(|choice| told_row(part, choice)).collect();
        let short = if part == Part::Migration { "migration" } else { "" };
        found.extend(differing(name.to_owned(), short.to_owned(), told, ""));
        return;
    }
    let params: Vec<&BTreeMap<_, _>> = choices.iter().map(|choice| &choice.params).collect();
    for spec in specs_of(part, &choices[0].id).unwrap_or(&[]) {
        let words = format!("{} of the {name}", lowered(spec.label));
        found.extend(values(spec, &params, &words));
    }
}

/// A row as a command line says it, with what differs from its defaults.
fn told_row(part: Part, choice: &PolicyChoice) -> String {
    if part == Part::Migration && choice.id == AUTO {
        return "the router's own".to_owned();
    }
    let specs = specs_of(part, &choice.id).unwrap_or(&[]);
    let mut told = choice.clone();
    told.params.retain(|name, value| {
        specs.iter().any(|spec| spec.name == name && spec.default_value() != *value)
    });
    written_row(&told)
}

fn values(
    spec: &ParamSpec,
    given: &[&BTreeMap<String, ParamValue>],
    words: &str,
) -> Option<Difference> {
    let value = |given: &&BTreeMap<String, ParamValue>| {
        given.get(spec.name).cloned().unwrap_or_else(|| spec.default_value()).to_string()
    };
    let told = given.iter().map(value).collect();
    let found = differing(words.to_owned(), lowered(spec.label), told, spec.unit)?;
    Some(Difference { counts: true, ..found })
}

fn differing(part: String, short: String, values: Vec<String>, unit: &str) -> Option<Difference> {
    // A capacity that brings its own unit has no use of another.
    let plain = values.iter().all(|value| number::parse(value).is_some());
    let unit = if plain { unit.to_owned() } else { String::new() };
    let same = values.iter().all(|value| *value == values[0]);
    (!same).then_some(Difference { part, short, values, unit, counts: false })
}

/// A label inside a sentence: an abbreviation keeps its capitals.
fn lowered(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_ascii_lowercase() => {
            let rest: String = label.chars().skip(1).collect();
            first.to_ascii_lowercase().to_string() + &rest
        }
        _ => label.to_owned(),
    }
}

/// All of it in one sentence.
pub fn sentence(differences: &[Difference]) -> String {
    if differences.is_empty() {
        return "Same in everything.".to_owned();
    }
    let told = |it: &Difference| {
        let unit = if it.unit.is_empty() { String::new() } else { format!(" {}", it.unit) };
        let values: Vec<String> = (0..it.values.len()).map(|lane| it.told(lane)).collect();
        format!("the {}: {}{unit}", it.part, listed(&values))
    };
    let parts: Vec<String> = differences.iter().map(told).collect();
    format!("Same but for {}.", parts.join("; "))
}

/// Two against each other; more with their letters, which say which is whose.
fn listed(values: &[String]) -> String {
    if let [one, other] = values {
        return format!("{one} against {other}");
    }
    let lettered = values.iter().enumerate().map(|(at, value)| format!("{} {value}", letter(at)));
    lettered.collect::<Vec<_>>().join(", ")
}

/// What each of so many lanes is called, by what it differs in.
pub fn names(differences: &[Difference], lanes: usize) -> Vec<String> {
    let name = |lane: usize| {
        let told = |it: &Difference| {
            let value = it.told(lane);
            if it.short.is_empty() { value } else { format!("{} {value}", it.short) }
        };
        differences.iter().map(told).collect::<Vec<_>>().join(", ")
    };
    (0..lanes).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> ParamValue {
        ParamValue::Number(value)
    }

    fn told(configs: &[Config]) -> String {
        sentence(&differences(configs).expect("configurations that run"))
    }

    #[test]
    fn two_lanes_stand_against_each_other() {
        let one = Config::new(4, 100);
        let router = |id: &str| one.clone().router(PolicyChoice::new(id));
        assert_eq!(told(&[one.clone(), one.clone()]), "Same in everything.");
        assert_eq!(
            told(&[router("cache_aware"), one.clone()]),
            "Same but for the router: cache_aware against round_robin."
        );
        // The rule that hotspot_migration brings along is the router's.
        assert_eq!(
            told(&[router("hotspot_migration"), one.clone()]),
            "Same but for the router: hotspot_migration against round_robin."
        );
        let both = one.clone().eviction(PolicyChoice::new("lfu")).with("nodes", number(8.0));
        assert_eq!(
            told(&[one.clone(), both]),
            "Same but for the eviction policy: lru against lfu; the nodes: 4 against 8."
        );
    }

    #[test]
    fn values_are_told_where_the_rows_are_the_same() {
        let weight = |weight: f64| {
            let row = PolicyChoice::new("cache_aware").with("load_weight", number(weight));
            Config::new(4, 100).router(row)
        };
        assert_eq!(
            told(&[weight(5.0), weight(20.0)]),
            "Same but for the load weight of the router: 5 against 20."
        );
        // The default, said or not, is no difference.
        let silent = Config::new(4, 100).router(PolicyChoice::new("cache_aware"));
        assert_eq!(told(&[weight(10.0), silent.clone()]), "Same in everything.");
        // In another row's company the values stand with the row, the default left out.
        let robin = Config::new(4, 100);
        let rows = differences(&[weight(5.0), robin, weight(10.0)]).expect("they run");
        assert_eq!(rows[0].values, ["cache_aware:load_weight=5", "round_robin", "cache_aware"]);
        assert_eq!(
            sentence(&rows),
            "Same but for the router: A cache_aware:load_weight=5, B round_robin, C cache_aware."
        );
    }

    #[test]
    fn a_lane_is_called_by_what_it_differs_in() {
        let large = Config::new(4, 200).with("capacity_blocks", ParamValue::Text("1TiB".into()));
        let configs = [Config::new(4, 100), large];
        let found = differences(&configs).expect("they run");
        assert_eq!(names(&found, 2), ["cache per node 100", "cache per node 1TiB"]);
        let sized = [Config::new(4, 100), Config::new(4, 200)];
        assert_eq!(told(&sized), "Same but for the cache per node: 100 against 200 blocks.");
        assert_eq!(told(&configs), "Same but for the cache per node: 100 against 1TiB.");
        assert_eq!(names(&[], 2), ["", ""]);
    }

    #[test]
    fn counts_are_read_in_groups_and_seeds_are_copied() {
        let configs = [(4, 100, 1234.0), (4, 12_000, 56_789.0)].map(|(nodes, blocks, seed)| {
            Config { seed: number(seed), ..Config::new(nodes, blocks) }
        });
        let found = differences(&configs).expect("they run");
        assert_eq!(
            sentence(&found),
            "Same but for the cache per node: 100 against 12,000 blocks; the seed: 1234 against \
             56789."
        );
        assert_eq!(names(&found, 2)[1], "cache per node 12,000, seed 56789");
        assert_eq!(found[0].values, ["100", "12000"], "programs read them as they are");
    }

    #[test]
    fn a_configuration_that_cannot_run_has_no_words() {
        let broken = Config::new(4, 100).router(PolicyChoice::new("nope"));
        assert!(differences(&[Config::new(4, 100), broken]).is_err());
    }
}
