//! Configuration: what to simulate, checked in one place, every fault told at once.

mod capacity;
mod check;
mod checked;
mod draft;
pub mod file;
mod perturb;
mod preset;
mod settings;
mod unread;

pub use capacity::Capacity;
pub use checked::{Checked, Resolved};
pub use draft::{Draft, Part};
pub use perturb::{Change, Moment, PERTURBATIONS, Perturbation, PerturbationRow, Setting};
pub use preset::PresetRow;
pub use settings::{Monitoring, Reading, SETTINGS};

use crate::migrate::AUTO;
use crate::params::ParamValue;
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
    /// What is done to the cluster while it serves, as [`Perturbation`] reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub perturb: Vec<String>,
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
    PolicyChoice::new(AUTO)
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
            perturb: Vec::new(),
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

    /// The row chosen for a part.
    pub fn choice(&mut self, part: Part) -> &mut PolicyChoice {
        match part {
            Part::Router => &mut self.router,
            Part::Eviction => &mut self.eviction,
            Part::Migration => &mut self.migration,
            Part::Clock => &mut self.clock,
        }
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
}
