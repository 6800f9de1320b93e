//! Configuration: what to simulate, checked in one place, every fault told at once.

mod capacity;
mod checked;
mod draft;
mod preset;
mod settings;

pub use capacity::Capacity;
pub use checked::{Checked, Resolved};
pub use draft::{Draft, Part};
pub use preset::PresetRow;
pub use settings::{Reading, SETTINGS};

use crate::cache::{self, Constructor};
use crate::clock::{self, ClockRow};
use crate::error::{Error, Reason, Result};
use crate::evict::{self, EvictionRow};
use crate::migrate::{self, MigrationRow};
use crate::params::{Need, ParamSpec, ParamValue, Params};
use crate::route::{self, RouterRow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A policy and the parameters that differ from its defaults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyChoice {
    /// A row's id.
    pub id: String,
    /// Values by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, ParamValue>,
}

impl PolicyChoice {
    /// A row with its defaults.
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), params: BTreeMap::new() }
    }

    /// With a value.
    pub fn with(mut self, name: &str, value: ParamValue) -> Self {
        self.params.insert(name.to_owned(), value);
        self
    }
}

/// What to simulate, as a person or a link says it; nothing is checked yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Picks the node.
    #[serde(default = "default_router")]
    pub router: PolicyChoice,
    /// Picks the block to drop.
    #[serde(default = "default_eviction")]
    pub eviction: PolicyChoice,
    /// Moves or copies blocks; `auto` is the router's own rule, `none` is none.
    #[serde(default = "default_migration")]
    pub migration: PolicyChoice,
    /// Logical or timed.
    #[serde(default = "default_clock")]
    pub clock: PolicyChoice,
    /// Seed of every random stream: a whole number, as text where a double cannot hold it.
    #[serde(default = "default_seed")]
    pub seed: ParamValue,
    /// Values of [`SETTINGS`] by name.
    #[serde(flatten)]
    pub settings: BTreeMap<String, ParamValue>,
}

fn default_router() -> PolicyChoice {
    PolicyChoice::new("round_robin")
}

fn default_eviction() -> PolicyChoice {
    PolicyChoice::new("lru")
}

fn default_migration() -> PolicyChoice {
    PolicyChoice::new("auto")
}

fn default_clock() -> PolicyChoice {
    PolicyChoice::new("logical")
}

fn default_seed() -> ParamValue {
    ParamValue::Text("0".to_owned())
}

impl Default for Config {
    fn default() -> Self {
        Self {
            router: default_router(),
            eviction: default_eviction(),
            migration: default_migration(),
            clock: default_clock(),
            seed: default_seed(),
            settings: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Round robin over `nodes` nodes of `capacity_blocks` with LRU, all else by default.
    pub fn new(nodes: usize, capacity_blocks: u32) -> Self {
        Self::default()
            .with("nodes", ParamValue::Number(nodes as f64))
            .with("capacity_blocks", ParamValue::Number(f64::from(capacity_blocks)))
    }

    /// With a setting.
    pub fn with(mut self, name: &str, value: ParamValue) -> Self {
        self.settings.insert(name.to_owned(), value);
        self
    }

    /// With a router.
    pub fn router(mut self, router: PolicyChoice) -> Self {
        self.router = router;
        self
    }

    /// With an eviction policy.
    pub fn eviction(mut self, eviction: PolicyChoice) -> Self {
        self.eviction = eviction;
        self
    }

    /// With a clock.
    pub fn clock(mut self, clock: PolicyChoice) -> Self {
        self.clock = clock;
        self
    }

    /// With a seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = ParamValue::Text(seed.to_string());
        self
    }

    /// Checks everything.
    ///
    /// # Errors
    /// [`Error::Config`] with every reason at once.
    pub fn check(&self) -> Result<Checked> {
        let mut reasons = Vec::new();
        let settings = Params::resolve(SETTINGS, &self.settings, "settings", &mut reasons);
        let seed = self.checked_seed(&mut reasons);
        let block_size = Some(settings.integer("block_size") as u32).filter(|&size| size > 0);
        let capacity = Capacity::of(settings.value("capacity_blocks"));
        let clock = self.checked_clock(&mut reasons);
        let timed = self.clock.id == "timed";
        let router = self.checked_router(timed, &mut reasons);
        let tree = settings.choice("insertion") == "tree";
        let eviction = self.checked_eviction(tree, timed, &mut reasons);
        let migration = match &router {
            Some((row, params)) => self.checked_migration(row, params, timed, &mut reasons),
            None => None,
        };
        if let Some((_, params)) = &clock {
            // Where the trace has yet to say its block size, any has at least one token.
            let (least, model) = (block_size.unwrap_or(1), clock::model(params));
            let eviction = eviction.as_ref().map(|(row, params, _)| (*row, params));
            checked::room(capacity, least, model, eviction, &mut reasons);
        }
        match (clock, router, eviction) {
            (
                Some((clock, clock_params)),
                Some((router, router_params)),
                Some((eviction, eviction_params, build)),
            ) if reasons.is_empty() => {
                let warmup = settings.number("warmup");
                let router_needs = needs(router.needs, router.params, &router_params);
                Ok(Checked {
                    nodes: settings.integer("nodes") as usize,
                    capacity,
                    block_size,
                    reading: Reading::new(&settings),
                    window: settings.integer("window") as usize,
                    warmup,
                    tree,
                    seed,
                    needs_whole_trace: warmup > 0.0 || eviction.needs.contains(&Need::Future),
                    needs_future: eviction.needs.contains(&Need::Future),
                    needs_outputs: router_needs.contains(&Need::OutputLengths),
                    router,
                    router_params,
                    eviction,
                    eviction_params,
                    build,
                    migration,
                    clock,
                    clock_params,
                })
            }
            _ => Err(Error::Config(reasons)),
        }
    }

    fn checked_seed(&self, reasons: &mut Vec<Reason>) -> u64 {
        let seed = match &self.seed {
            ParamValue::Text(text) => text.parse().ok(),
            ParamValue::Number(number) => {
                let whole = 0.0 <= *number && *number <= 9_007_199_254_740_992.0;
                (whole && libm::trunc(*number) == *number).then_some(*number as u64)
            }
            ParamValue::Switch(_) => None,
        };
        seed.unwrap_or_else(|| {
            let expected = "a whole number in [0, 2^64), as text above 2^53";
            push(reasons, "seed", &self.seed.to_string(), expected);
            0
        })
    }

    fn checked_clock(&self, reasons: &mut Vec<Reason>) -> Option<(&'static ClockRow, Params)> {
        let choice = &self.clock;
        let ids = clock::CLOCKS.iter().map(|row| row.id);
        let row = found(clock::find(&choice.id), "clock", &choice.id, ids, reasons)?;
        let params = Params::resolve(row.params, &choice.params, "clock.params", reasons);
        Some((row, params))
    }

    fn checked_router(
        &self,
        timed: bool,
        reasons: &mut Vec<Reason>,
    ) -> Option<(&'static RouterRow, Params)> {
        let choice = &self.router;
        let ids = route::ROUTERS.iter().map(|row| row.id);
        let row = found(route::find(&choice.id), "router", &choice.id, ids, reasons)?;
        let params = Params::resolve(row.params, &choice.params, "router.params", reasons);
        refuse_without_clock("router", row.id, row.needs, timed, reasons);
        for spec in row.params {
            let chosen = |choice: &&(&str, Need)| params.choice(spec.name) == choice.0;
            for (id, need) in spec.choice_needs.iter().filter(chosen) {
                let path = format!("router.params.{}", spec.name);
                refuse_without_clock(&path, id, &[*need], timed, reasons);
            }
        }
        Some((row, params))
    }

    fn checked_eviction(
        &self,
        tree: bool,
        timed: bool,
        reasons: &mut Vec<Reason>,
    ) -> Option<(&'static EvictionRow, Params, Constructor)> {
        let choice = &self.eviction;
        let ids = evict::EVICTIONS.iter().map(|row| row.id);
        let caches = found(cache::find(&choice.id), "eviction", &choice.id, ids, reasons)?;
        let row = caches.policy;
        let params = Params::resolve(row.params, &choice.params, "eviction.params", reasons);
        refuse_without_clock("eviction", row.id, row.needs, timed, reasons);
        let (build, other) = if tree { (caches.tree, "flat") } else { (caches.flat, "tree") };
        if build.is_none() {
            let expected = format!(
                "an eviction policy that is defined for this insertion discipline: {} needs \
                 insertion {other}",
                row.id
            );
            push(reasons, "eviction", row.id, &expected);
        }
        if timed && row.needs.contains(&Need::Future) {
            let expected = "a policy without foresight: the future of a block is counted in \
                            requests of the file, which the timed clock may reorder or reject";
            push(reasons, "eviction", row.id, expected);
        }
        Some((row, params, build?))
    }

    fn checked_migration(
        &self,
        router: &RouterRow,
        router_params: &Params,
        timed: bool,
        reasons: &mut Vec<Reason>,
    ) -> Option<(&'static MigrationRow, Params)> {
        let choice = &self.migration;
        if choice.id == "none" {
            return None;
        }
        if choice.id == "auto" {
            let row = migrate::find(router.migration?).expect("routers name rows of the table");
            return Some((row, router_params.clone()));
        }
        let ids = ["auto", "none"].into_iter().chain(migrate::MIGRATIONS.iter().map(|row| row.id));
        let row = found(migrate::find(&choice.id), "migration", &choice.id, ids, reasons)?;
        let params = Params::resolve(row.params, &choice.params, "migration.params", reasons);
        refuse_without_clock("migration", row.id, row.needs, timed, reasons);
        Some((row, params))
    }
}

fn push(reasons: &mut Vec<Reason>, path: &str, value: &str, expected: &str) {
    let (path, value, expected) = (path.to_owned(), value.to_owned(), expected.to_owned());
    reasons.push(Reason { path, value, expected });
}

fn found<T>(
    row: Option<T>,
    path: &str,
    id: &str,
    ids: impl Iterator<Item = &'static str>,
    reasons: &mut Vec<Reason>,
) -> Option<T> {
    if row.is_none() {
        let ids: Vec<&str> = ids.collect();
        push(reasons, &format!("{path}.id"), id, &format!("one of {}", ids.join(", ")));
    }
    row
}

/// What a row needs with these values: its own needs, and those of the choices made.
fn needs(own: &[Need], specs: &[ParamSpec], params: &Params) -> Vec<Need> {
    let chosen = |spec: &ParamSpec| {
        let made = |choice: &&(&str, Need)| params.choice(spec.name) == choice.0;
        spec.choice_needs.iter().filter(made).map(|choice| choice.1).collect::<Vec<_>>()
    };
    own.iter().copied().chain(specs.iter().flat_map(chosen)).collect()
}

fn refuse_without_clock(
    path: &str,
    id: &str,
    needs: &[Need],
    timed: bool,
    reasons: &mut Vec<Reason>,
) {
    if !timed && needs.contains(&Need::TimedClock) {
        let expected = "one that works under the logical clock: this one needs queues and service \
                        times, so set clock to timed";
        push(reasons, path, id, expected);
    }
}
