//! The contract between migration rules and the lane that asks them.

use crate::columns::{Kept, Ledger};
use crate::model::{BlockId, NodeId, Outcome, Plan, Signals};
use crate::params::{Build, Formula, Need, Origin, ParamSpec, Params};

/// Facts about resident blocks that only the caches know.
pub trait BlockFacts {
    /// The `count` blocks of `node` with the fewest touches since their insertion there, coldest
    /// first; ties: the one first seen earliest in the trace. O(resident of the node).
    fn coldest(&self, node: NodeId, count: usize) -> Vec<BlockId>;
}

/// The cluster as a rule sees it, before the request is routed.
#[derive(Clone, Copy)]
pub struct MigrationView<'a> {
    /// Number of the request that is about to be routed, from 1.
    pub number: u64,
    /// Its arrival in seconds; its number under the logical clock.
    pub now_s: f64,
    /// Which nodes take new requests; only these may be targets. One that does not may still hold
    /// blocks, and be a source.
    pub alive: &'a [bool],
    /// Resident blocks of every node.
    pub resident: &'a [u32],
    /// Which node holds which block.
    pub residency: &'a Ledger,
    /// Queues and waits, exact.
    pub signals: &'a Signals,
    /// What the caches know.
    pub facts: &'a dyn BlockFacts,
}

impl MigrationView<'_> {
    /// The nodes that are alive, ascending.
    pub fn living(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.alive.len()).filter(|&node| self.alive[node])
    }

    /// A living node's resident blocks over those of all living nodes; 0 while nothing is resident,
    /// and of a node that is not alive.
    pub fn share(&self, node: usize) -> f64 {
        let total: u64 = self.living().map(|node| u64::from(self.resident[node])).sum();
        if total == 0 || !self.alive[node] {
            0.0
        } else {
            f64::from(self.resident[node]) / total as f64
        }
    }
}

/// Decides what to move or copy.
pub trait Migrator: MigratorClone + Send {
    /// The plan before request `view.number`. Called before every request; a rule on a schedule
    /// returns an empty plan in between at O(1).
    fn plan(&mut self, view: &MigrationView<'_>) -> Plan;

    /// The values of its parameters are now these; only those that are declared to be live differ.
    fn tune(&mut self, _params: &Params) {}

    /// Hears of a request that was served.
    fn learn(&mut self, _now_s: f64, _blocks: &[BlockId], _outcome: &Outcome) {}

    /// Adds to `kept` the blocks it remembers from one request to the next; all, where it reads
    /// what number a block has. What is not kept by anybody is forgotten: its number may go to
    /// another block.
    fn keep_names(&self, _kept: &mut Kept) {}
}

/// What every rule that is [`Clone`] has, so that a lane can be cloned as a checkpoint.
pub trait MigratorClone {
    /// A clone of this rule.
    fn clone_box(&self) -> Box<dyn Migrator>;
}

impl<M: Migrator + Clone + 'static> MigratorClone for M {
    fn clone_box(&self) -> Box<dyn Migrator> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Migrator> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// One rule.
pub struct MigrationRow {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What it does, as a formula.
    pub formula: Formula,
    /// Paper or project.
    pub source: &'static str,
    /// Whose it is.
    pub origin: Origin,
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// What it needs.
    pub needs: &'static [Need],
    /// Makes one.
    pub build: fn(Build<'_>) -> Box<dyn Migrator>,
}

#[cfg(test)]
mod tests {
    use crate::migrate::scene::Scene;

    #[test]
    fn shares_are_of_what_the_living_hold_and_are_numbers_before_anything_is_held() {
        let mut scene = Scene::new(&[3, 4, 1]);
        scene.alive[1] = false;
        let shares = |scene: &Scene| [0, 1, 2].map(|node| scene.view().share(node));
        assert_eq!(shares(&scene), [0.75, 0.0, 0.25]);
        assert_eq!(shares(&Scene::new(&[0, 0, 0])), [0.0; 3]);
    }
}
