//! A configuration that was checked, and the same once the trace has said its block size.

use super::{Capacity, Change, Monitoring, Part, Perturbation, Reading, Setting};
use crate::cache::{self, Constructor, NodeCache};
use crate::clock::{self, ClockRow, ModelRow, TimedConfig};
use crate::error::{Error, Reason, Result};
use crate::evict::EvictionRow;
use crate::figures::counted;
use crate::migrate::{MigrationRow, Migrator};
use crate::model::{DEFAULT_BLOCK_SIZE, UNLIMITED_BLOCKS};
use crate::params::{Build, ParamSpec, Params, Role, with_role};
use crate::rng::Stream;
use crate::route::{Router, RouterRow};
use crate::trace::ReadOptions;

/// A configuration that can be run, once it is known how many tokens a block has.
#[derive(Clone)]
pub struct Checked {
    /// How many there are at first, in `[1, MAX_NODES]`.
    pub nodes: usize,
    /// What is done to the cluster while it serves, as it was listed.
    pub perturb: Vec<Perturbation>,
    /// What a node may hold, as it was said.
    pub capacity: Capacity,
    /// Tokens in a full block, where the configuration insists; otherwise the trace says.
    pub block_size: Option<u32>,
    /// How the trace is to be read.
    pub reading: Reading,
    /// Sliding window in requests.
    pub window: usize,
    /// Share of the requests that is not counted, in [0, 0.99].
    pub warmup: f64,
    /// Distinct blocks whose names are known at most; 0 is any number.
    pub distinct_budget: u32,
    /// When alerts are raised, and whether the router's weights follow.
    pub monitoring: Monitoring,
    /// Tree insertion rather than flat.
    pub tree: bool,
    /// Seed of all streams.
    pub seed: u64,
    /// Nothing can be served before the trace has ended.
    pub needs_whole_trace: bool,
    /// Next uses must be known.
    pub needs_future: bool,
    /// The router is shown the true output lengths.
    pub needs_outputs: bool,
    /// The router.
    pub router: &'static RouterRow,
    /// Its values.
    pub router_params: Params,
    /// The eviction policy.
    pub eviction: &'static EvictionRow,
    /// Its values.
    pub eviction_params: Params,
    /// Its constructor for the insertion discipline.
    pub build: Constructor,
    /// The migration rule and its values.
    pub migration: Option<(&'static MigrationRow, Params)>,
    /// The rule takes its parameters from the router's.
    pub shared: bool,
    /// The clock.
    pub clock: &'static ClockRow,
    /// Its values.
    pub clock_params: Params,
}

impl Checked {
    /// With another value for a live parameter; returns whether router and rule have new values.
    pub fn set(&mut self, set: &Setting) -> (bool, bool) {
        let spec = |specs: &'static [ParamSpec]| specs.iter().find(|spec| spec.name == set.name);
        let (of_router, of_rule) = match set.part {
            Part::Migration => (false, true),
            _ => (true, self.shared && self.migration.is_some()),
        };
        if of_router && let Some(spec) = spec(self.router.params) {
            self.router_params = self.router_params.clone().with(spec, set.value.clone());
        }
        if of_rule
            && let Some((row, params)) = &mut self.migration
            && let Some(spec) = spec(if self.shared { self.router.params } else { row.params })
        {
            *params = params.clone().with(spec, set.value.clone());
        }
        (of_router, of_rule)
    }

    /// How many nodes there will have been, those that join later included.
    pub fn all_nodes(&self) -> usize {
        self.nodes + self.joining()
    }

    /// How many join later.
    fn joining(&self) -> usize {
        let added = self.perturb.iter().map(|one| match one.change {
            Change::Add(nodes) => nodes as usize,
            _ => 0,
        });
        added.sum()
    }

    /// How to read the trace: with the unit and block size that the configuration insists on.
    pub fn read_options(&self) -> ReadOptions {
        ReadOptions {
            time_unit: self.reading.time_unit,
            block_size: self.block_size,
            id_scope: self.reading.id_scope,
            rows: self.reading.rows,
            sessions: self.reading.sessions,
            shared_prefix: self.reading.shared_prefix,
            ..ReadOptions::default()
        }
    }

    /// Whose KV cache the blocks hold.
    pub fn model(&self) -> &'static ModelRow {
        clock::model(&self.clock_params)
    }

    /// What runs, now that the trace has said how many tokens a block has (`None`: it ended
    /// without a word). What the configuration says itself goes before it.
    ///
    /// # Errors
    /// If a node has no room for a block of that size, or too little for the eviction policy.
    pub fn with_block_size(&self, of_trace: Option<u32>) -> Result<Resolved> {
        let block_size = self.block_size.or(of_trace).unwrap_or(DEFAULT_BLOCK_SIZE);
        let mut reasons = Vec::new();
        let eviction = Some((self.eviction, &self.eviction_params));
        let room = room(self.capacity, block_size, self.model(), eviction, &mut reasons);
        let (Some(capacity), true) = (room, reasons.is_empty()) else {
            return Err(Error::Config(reasons));
        };
        let mut resolved = Resolved { checked: self.clone(), capacity, block_size, timed: None };
        resolved.timed = (self.clock.build)(&resolved.build(&self.clock_params, "clock", 0));
        Ok(resolved)
    }
}

/// The blocks of `block_size` tokens that a node holds, with a reason if they are none, and for
/// everything that the eviction policy has too few of them for.
pub(super) fn room(
    capacity: Capacity,
    block_size: u32,
    model: &ModelRow,
    eviction: Option<(&EvictionRow, &Params)>,
    reasons: &mut Vec<Reason>,
) -> Option<u32> {
    let blocks = capacity.blocks(block_size, model);
    match (blocks, eviction) {
        (None, _) => {
            let bytes = f64::from(block_size) * model.kv_bytes_per_token;
            let expected = format!(
                "room for at least one block: {block_size} tokens of {} are {} MiB of KV cache",
                model.title,
                bytes / f64::from(1 << 20),
            );
            let (path, value) = ("settings.capacity_blocks".to_owned(), capacity.to_string());
            reasons.push(Reason { path, value, expected });
        }
        (Some(blocks), Some((row, params))) => {
            params.fit(row.params, blocks, "eviction.params", reasons);
        }
        (Some(_), None) => {}
    }
    blocks
}

/// A configuration whose blocks have a size: what a lane is made of.
#[derive(Clone)]
pub struct Resolved {
    /// All that does not depend on it.
    pub checked: Checked,
    /// Blocks a node may hold, in `[1, 2^30]`.
    pub capacity: u32,
    /// Tokens in a full block.
    pub block_size: u32,
    /// The timed clock; `None` is the logical one.
    pub timed: Option<TimedConfig>,
}

impl Resolved {
    /// The router.
    pub fn router(&self) -> Box<dyn Router> {
        let checked = &self.checked;
        (checked.router.build)(self.build(&checked.router_params, "router", 0))
    }

    /// The cache of a node.
    pub fn cache(&self, node: usize) -> Box<dyn NodeCache> {
        let checked = &self.checked;
        (checked.build)(self.build(&checked.eviction_params, "eviction", node as u32))
    }

    /// The cache of the only node, where no block comes or goes but by requests.
    pub fn lone_cache(&self) -> Box<dyn NodeCache> {
        let checked = &self.checked;
        let row = cache::find(checked.eviction.id).filter(|_| checked.tree);
        let build = row.and_then(|row| row.paths).unwrap_or(checked.build);
        build(self.build(&checked.eviction_params, "eviction", 0))
    }

    /// The migration rule.
    pub fn migrator(&self) -> Option<Box<dyn Migrator>> {
        let (row, params) = self.checked.migration.as_ref()?;
        Some((row.build)(self.build(params, "migration", 0)))
    }

    /// What a node may hold, in bytes of the model's KV cache; `None` where it is unlimited.
    pub fn capacity_bytes(&self) -> Option<f64> {
        let block_bytes = f64::from(self.block_size) * self.checked.model().kv_bytes_per_token;
        let limited = self.capacity < UNLIMITED_BLOCKS;
        limited.then(|| f64::from(self.capacity) * block_bytes)
    }

    /// What there is to say of a batch of evictions that is no part of the cache but all of it.
    pub fn batch_warning(&self) -> Option<String> {
        let checked = &self.checked;
        let name = with_role(checked.eviction.params, Role::Batch)?;
        let batch = checked.eviction_params.integer(name);
        (u64::from(self.capacity) <= batch && 1 < batch).then(|| {
            let capacity = counted(self.capacity.into(), "block");
            format!(
                "a node holds {capacity} and {batch} are evicted at once: each eviction empties \
                 its cache"
            )
        })
    }

    /// The age that the router's signals may reach: seconds, or requests without time; 0 where
    /// they are always exact.
    pub fn refresh_age(&self) -> f64 {
        let name = with_role(self.checked.router.params, Role::Refresh);
        name.map_or(0.0, |name| self.checked.router_params.number(name))
    }

    fn build<'a>(&self, params: &'a Params, stream: &str, index: u32) -> Build<'a> {
        let (capacity, block_size) = (self.capacity, self.block_size);
        let stream = Stream::new(self.checked.seed, stream, index);
        let (nodes, joining) = (self.checked.nodes, self.checked.joining());
        Build { params, nodes, joining, capacity, block_size, stream }
    }
}
