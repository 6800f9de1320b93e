//! A cluster set up by hand for one plan: what the unit tests of the rules share.

use super::{BlockFacts, MigrationRow, MigrationView, Migrator, Plan};
use crate::columns::Ledger;
use crate::model::{BlockId, NodeId};
use crate::params::{Build, ParamValue, Params};
use crate::rng::Stream;
use crate::route::{Outcome, Signals};

/// Nodes that hold the first so many of the blocks 0, 1, 2 and so on.
pub(crate) struct Scene {
    pub(crate) number: u64,
    pub(crate) now_s: f64,
    pub(crate) signals: Signals,
    pub(crate) alive: Vec<bool>,
    pub(crate) resident: Vec<u32>,
    residency: Ledger,
}

/// The coldest block is the one with the lowest id.
struct LowestFirst;

impl BlockFacts for LowestFirst {
    fn coldest(&self, _node: NodeId, count: usize) -> Vec<BlockId> {
        (0..count as u32).map(BlockId).collect()
    }
}

impl Scene {
    pub(crate) fn new(resident: &[u32]) -> Self {
        let residency = Ledger::holding(resident);
        let (signals, resident) = (Signals::new(resident.len()), resident.to_vec());
        let alive = vec![true; resident.len()];
        Self { number: 1, now_s: 0.0, signals, alive, resident, residency }
    }

    /// A rule with these parameters and all others by default.
    pub(crate) fn migrator(
        &self,
        row: &MigrationRow,
        params: &[(&str, &str)],
    ) -> Box<dyn Migrator> {
        let given = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), ParamValue::parse(value)))
            .collect();
        let mut reasons = Vec::new();
        let params = Params::resolve(row.params, &given, row.id, &mut reasons);
        assert!(reasons.is_empty(), "{reasons:?}");
        let stream = Stream::new(1, row.id, 0);
        let nodes = self.resident.len();
        (row.build)(Build {
            params: &params,
            nodes,
            joining: 0,
            capacity: 100,
            block_size: 512,
            stream,
        })
    }

    pub(crate) fn view(&self) -> MigrationView<'_> {
        MigrationView {
            number: self.number,
            now_s: self.now_s,
            alive: &self.alive,
            resident: &self.resident,
            residency: &self.residency,
            signals: &self.signals,
            facts: &LowestFirst,
        }
    }

    pub(crate) fn plan(&self, rule: &mut dyn Migrator) -> Plan {
        rule.plan(&self.view())
    }

    /// Tells the rule of a request for the first `blocks` blocks that `node` served.
    pub(crate) fn learn(&self, rule: &mut dyn Migrator, node: usize, blocks: u32, ttft_s: f64) {
        let blocks: Vec<BlockId> = (0..blocks).map(BlockId).collect();
        let node = NodeId::from_index(node);
        let outcome = Outcome { node, ttft_s, hit_blocks: 0, evicted_blocks: 0 };
        rule.learn(self.now_s, &blocks, &outcome);
    }
}
