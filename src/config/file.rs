//! A configuration as a file says it: in our own words, in those of the notes' production file, or
//! in both.
//!
//! ```yaml
//! scheduling: {cache_affinity_weight: 0.6, load_balance_weight: 0.8, migration_threshold: 0.7}
//! caching: {default_policy: LFU, local_cache_size: 4GB, eviction_batch_size: 50}
//! monitoring: {auto_tuning_enabled: true, alert_thresholds: {hit_rate_min: 0.30}}
//! nodes: 16
//! clock: timed
//! ```
//!
//! docs/config.md has every word. What a word means is looked up in the rows' own declarations
//! ([`Role`]); which row has it is nowhere said twice.

use super::{Capacity, Draft, Part, PolicyChoice, SETTINGS};
use crate::clock::CLOCKS;
use crate::error::Reason;
use crate::evict::EVICTIONS;
use crate::params::{ParamKind, ParamSpec, ParamValue, Role, with_role};
use crate::route::ROUTERS;
use crate::{evict, route, suggest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Anything that JSON or YAML can say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Entry {
    /// A number, a word or a switch.
    Plain(ParamValue),
    /// Several of something.
    List(Vec<Self>),
    /// Entries by name.
    Section(BTreeMap<String, Self>),
    /// Nothing: what stands behind a colon and is left out.
    Nothing,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(value) => write!(f, "{value}"),
            Self::List(entries) => write!(f, "a list of {}", entries.len()),
            Self::Section(entries) => write!(f, "a section of {}", entries.len()),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

/// A word of a section, and what it says.
struct Word {
    section: &'static str,
    name: &'static str,
    aim: Aim,
}

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Aim {
    /// Which row is chosen.
    Row(Part),
    /// The router's parameter with this role, or the migration rule's.
    Role(Role),
    /// A setting.
    Setting(&'static str),
    /// A node's cache, with units of files.
    Cache,
    /// How many blocks are evicted at once.
    Batch,
}

const fn word(section: &'static str, name: &'static str, aim: Aim) -> Word {
    Word { section, name, aim }
}

/// The words of sections; a dot goes down. Rows come before what is said of them.
static WORDS: &[Word] = &[
    word("scheduling", "router", Aim::Row(Part::Router)),
    word("scheduling", "policy", Aim::Row(Part::Router)),
    word("scheduling", "cache_affinity_weight", Aim::Role(Role::Affinity)),
    word("scheduling", "load_balance_weight", Aim::Role(Role::Balance)),
    word("scheduling", "migration_threshold", Aim::Role(Role::Threshold)),
    word("scheduling", "hotspot_detection_window", Aim::Setting("detection_window")),
    word("caching", "default_policy", Aim::Row(Part::Eviction)),
    word("caching", "local_cache_size", Aim::Cache),
    word("caching", "eviction_batch_size", Aim::Batch),
    word("monitoring", "auto_tuning_enabled", Aim::Setting("auto_tuning_enabled")),
    word("monitoring", "hot_share", Aim::Setting("hot_share")),
    word("monitoring.alert_thresholds", "hit_rate_min", Aim::Setting("hit_rate_min")),
    word("monitoring.alert_thresholds", "concentration_max", Aim::Setting("concentration_max")),
];

/// The sections, and those inside them.
const SECTIONS: [&str; 3] = ["scheduling", "caching", "monitoring"];

/// The router that the notes' weights are of, where a file names none.
const NOTES_ROUTER: &str = "hotspot_migration";

const PARTS: [Part; 4] = [Part::Router, Part::Eviction, Part::Migration, Part::Clock];

/// Every name that may stand in a section, by its path; for the schema, and for what is meant.
pub fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.iter().map(|word| (word.section, word.name))
}

/// Reads a configuration. What is wrong with it is kept and told with all the rest when the draft
/// becomes a configuration.
pub fn read(file: &Entry) -> Draft {
    let mut reading = Reading::default();
    match file {
        Entry::Section(entries) => reading.file(entries),
        other => reading.refuse("configuration", other, "names with their values".to_owned()),
    }
    reading.draft
}

#[derive(Default)]
struct Reading {
    draft: Draft,
    /// What sections say, by section and name.
    said: Vec<(&'static Word, Entry)>,
}

impl Reading {
    fn file(&mut self, entries: &BTreeMap<String, Entry>) {
        for (name, entry) in entries {
            if SECTIONS.contains(&name.as_str()) {
                self.section(name, entry);
            } else {
                self.own(name, entry);
            }
        }
        let said = std::mem::take(&mut self.said);
        let weighs = |(word, _): &(&Word, Entry)| matches!(word.aim, Aim::Role(_));
        let names = |(word, _): &(&Word, Entry)| word.aim == Aim::Row(Part::Router);
        if said.iter().any(weighs) && !said.iter().any(names) && !entries.contains_key("router") {
            *self.draft.choice(Part::Router) = PolicyChoice::new(NOTES_ROUTER);
        }
        for word in WORDS {
            let entry = said.iter().find(|(it, _)| std::ptr::eq(*it, word));
            entry.into_iter().for_each(|(_, entry)| self.word(word, entry, entries));
        }
    }

    /// A name of ours.
    fn own(&mut self, name: &str, entry: &Entry) {
        let part = PARTS.into_iter().find(|part| part.name() == name);
        match (name, part, entry) {
            (_, Some(part), entry) => self.row(part, name, entry),
            ("perturb", _, Entry::List(all)) => {
                for entry in all {
                    match entry {
                        Entry::Plain(ParamValue::Text(text)) => self.draft.perturb(text),
                        other => self.refuse(name, other, "WHAT@WHEN, as kill:3@5000".to_owned()),
                    }
                }
            }
            ("perturb", _, other) => self.refuse(name, other, "a list of WHAT@WHEN".to_owned()),
            ("model", _, Entry::Plain(value)) => {
                self.draft.param(Part::Clock, "model", value.clone());
                self.draft.called("clock.params.model", "model");
            }
            (_, _, Entry::Plain(value)) if is_setting(name) => {
                self.draft.set(name, value.clone());
                self.draft.called(&format!("settings.{name}"), name);
            }
            (_, _, other) if is_setting(name) || name == "model" => {
                self.refuse(name, other, "a number, a word or a switch".to_owned());
            }
            (_, _, other) if is_of_clock(name) => {
                let expected = format!("it in clock: {{id: timed, params: {{{name}: …}}}}");
                self.refuse(name, other, expected);
            }
            (_, _, other) => {
                let names = PARTS.iter().map(|part| part.name()).chain(SECTIONS);
                let names = names.chain(["seed", "perturb", "model"]);
                let names: Vec<&str> = names.chain(SETTINGS.iter().map(|it| it.name)).collect();
                self.refuse(name, other, suggest::one_of(name, &names));
            }
        }
    }

    /// The names inside a section.
    fn section(&mut self, path: &str, entry: &Entry) {
        let Entry::Section(entries) = entry else {
            self.refuse(path, entry, "names with their values".to_owned());
            return;
        };
        for (name, entry) in entries {
            let inner = format!("{path}.{name}");
            if WORDS.iter().any(|word| word.section == inner) {
                self.section(&inner, entry);
                continue;
            }
            match WORDS.iter().find(|word| word.section == path && word.name == name) {
                Some(word) => self.said.push((word, entry.clone())),
                None => {
                    let within = |word: &&Word| word.section.starts_with(path);
                    let names = WORDS.iter().filter(within).map(|word| {
                        let deeper = word.section.strip_prefix(path).unwrap_or_default();
                        if deeper.is_empty() { word.name } else { &deeper[1..] }
                    });
                    let mut names: Vec<&str> = names.collect();
                    names.dedup();
                    self.refuse(&inner, entry, suggest::one_of(name, &names));
                }
            }
        }
    }

    /// A row: its id with parameters as a command line has it, or an object.
    fn row(&mut self, part: Part, path: &str, entry: &Entry) {
        match entry {
            Entry::Plain(ParamValue::Text(text)) => self.draft.choose(part, text),
            Entry::Section(entries) => {
                for name in entries.keys().filter(|name| !["id", "params"].contains(&&***name)) {
                    let expected = suggest::one_of(name, &["id", "params"]);
                    self.refuse(&format!("{path}.{name}"), &entries[name], expected);
                }
                match entries.get("id") {
                    Some(Entry::Plain(ParamValue::Text(id))) => self.draft.choose(part, id),
                    Some(other) => self.refuse(path, other, "the id of a row".to_owned()),
                    None => self.refuse(path, entry, "the id of a row, as id".to_owned()),
                }
                match entries.get("params") {
                    Some(Entry::Section(params)) => {
                        for (name, entry) in params {
                            match entry {
                                Entry::Plain(value) => self.draft.param(part, name, value.clone()),
                                other => self.refuse(
                                    &format!("{path}.params.{name}"),
                                    other,
                                    "a number, a word or a switch".to_owned(),
                                ),
                            }
                        }
                    }
                    None | Some(Entry::Nothing) => {}
                    Some(other) => {
                        self.refuse(
                            &format!("{path}.params"),
                            other,
                            "names and values".to_owned(),
                        );
                    }
                }
            }
            other => self.refuse(path, other, "the id of a row, with parameters".to_owned()),
        }
    }

    /// What a word of a section says.
    fn word(&mut self, word: &Word, entry: &Entry, file: &BTreeMap<String, Entry>) {
        let path = format!("{}.{}", word.section, word.name);
        let Entry::Plain(value) = entry else {
            return self.refuse(&path, entry, "a number, a word or a switch".to_owned());
        };
        match word.aim {
            Aim::Row(part) => {
                let other = if word.name == "policy" { "scheduling.router" } else { part.name() };
                if file.contains_key(part.name()) || self.draft.is_called(part.name()) {
                    let expected = format!("nothing: {other} says it too; leave one of them out");
                    return self.refuse(&path, entry, expected);
                }
                self.draft.choose(part, &value.to_string().to_ascii_lowercase());
                self.draft.called(&format!("{}.id", part.name()), &path);
                self.draft.called(part.name(), &path);
            }
            Aim::Role(role) => self.weight(&path, role, value),
            Aim::Setting(name) => {
                self.draft.set(name, value.clone());
                self.draft.called(&format!("settings.{name}"), &path);
            }
            Aim::Cache => {
                let text = value.to_string();
                match Capacity::parse_decimal(&text) {
                    Ok(capacity) => {
                        let capacity = ParamValue::parse(&capacity.to_string());
                        self.draft.set("capacity_blocks", capacity);
                        self.draft.called("settings.capacity_blocks", &path);
                    }
                    Err(expected) => self.refuse(&path, entry, expected),
                }
            }
            Aim::Batch => self.batch(&path, value),
        }
    }

    /// The parameter of a role: the router's, or that of a rule that was chosen.
    fn weight(&mut self, path: &str, role: Role, value: &ParamValue) {
        let router = self.draft.choice(Part::Router).id.clone();
        let rule = self.draft.choice(Part::Migration).id.clone();
        let rows = [
            (Part::Router, route::find(&router).map(|row| row.params)),
            (Part::Migration, crate::migrate::find(&rule).map(|row| row.params)),
        ];
        // A router that is not known is refused for itself.
        if rows[0].1.is_none() {
            return;
        }
        for (part, specs) in rows {
            if let Some(name) = specs.and_then(|specs| with_role(specs, role)) {
                self.draft.param(part, name, value.clone());
                return self.draft.called(&format!("{}.params.{name}", part.name()), path);
            }
        }
        let having = ROUTERS.iter().filter(|row| with_role(row.params, role).is_some());
        let ids: Vec<&str> = having.map(|row| row.id).collect();
        let expected = format!(
            "nothing, since {router} has no such parameter; these routers have: {}",
            ids.join(", ")
        );
        self.refuse(path, &Entry::Plain(value.clone()), expected);
    }

    /// How many blocks go at once: the policy's own parameter, or the row that evicts in batches in
    /// the policy's order. One at a time is what every policy does.
    fn batch(&mut self, path: &str, value: &ParamValue) {
        let id = self.draft.choice(Part::Eviction).id.clone();
        let Some(row) = evict::find(&id) else { return };
        let own = with_role(row.params, Role::Batch).map(|name| (row.id, None, name));
        let of_batches = || {
            EVICTIONS.iter().find_map(|row| {
                let order = row.params.iter().find(|spec| offers(spec, &id))?;
                Some((row.id, Some(order.name), with_role(row.params, Role::Batch)?))
            })
        };
        match own.or_else(of_batches) {
            Some((_, None, name)) => {
                self.draft.param(Part::Eviction, name, value.clone());
                self.draft.called(&format!("eviction.params.{name}"), path);
            }
            Some((row, Some(order), name)) => {
                let choice = self.draft.choice(Part::Eviction);
                let params = std::mem::take(&mut choice.params);
                *choice = PolicyChoice { id: row.to_owned(), params };
                self.draft.param(Part::Eviction, order, ParamValue::Text(id));
                self.draft.param(Part::Eviction, name, value.clone());
                self.draft.called(&format!("eviction.params.{name}"), path);
            }
            None if *value == ParamValue::Number(1.0) => {}
            None => {
                let expected = format!("1, or a policy that evicts in batches: {id} does not");
                self.refuse(path, &Entry::Plain(value.clone()), expected);
            }
        }
    }

    fn refuse(&mut self, path: &str, entry: &Entry, expected: String) {
        let (path, value) = (path.to_owned(), entry.to_string());
        self.draft.fault(Reason { path, value, expected });
    }
}

/// Whether a parameter is a choice that has `id`.
fn offers(spec: &ParamSpec, id: &str) -> bool {
    matches!(spec.kind, ParamKind::Choice { choices, .. } if choices.iter().any(|it| it.0 == id))
}

/// Whether it is a parameter of a clock alone, which stands there.
fn is_of_clock(name: &str) -> bool {
    CLOCKS.iter().any(|row| row.params.iter().any(|spec| spec.name == name))
}

fn is_setting(name: &str) -> bool {
    name == "seed" || SETTINGS.iter().any(|spec| spec.name == name)
}
