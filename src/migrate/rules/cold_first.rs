//! Cold first: crowded nodes give a share of their coldest blocks to empty ones.
//!
//! Every `interval` requests, nodes strictly over `threshold` of all resident blocks, largest
//! share first, each give ⌊fraction × blocks⌋ (at least 1) of their blocks to the next of the
//! nodes strictly under threshold / 2, smallest share first; the last target is reused when
//! they run out; without a target nothing moves. Shares of all living nodes are taken once, before
//! the first move; nodes that are not alive neither give nor take; ties go to the lower index. The
//! blocks are those with the fewest touches since their insertion on that node; ties: the one first
//! seen earliest in the trace.
//!
//! Source: the notes. Cost: O(nodes) a check and O(resident) for each crowded node. Parameters:
//! threshold (default 0.7, in [0, 1]), interval (100 requests), fraction (0.2, in [0, 1]). When
//! not to use it: once all caches are full every share is near 1/N and nothing is over any
//! threshold above that; and a moved block without its ancestors is stranded.

use crate::columns::{Kept, order};
use crate::migrate::{
    Formula, MigrationRow, MigrationView, Migrator, MoveKind, Origin, Plan, Transfer,
};
use crate::model::NodeId;
use crate::params::Params;
use crate::route::moving::{FRACTION, INTERVAL, THRESHOLD};

/// The table row.
pub static ROW: MigrationRow = MigrationRow {
    id: "cold_first",
    title: "Cold blocks first",
    summary: "Nodes with too large a share of all blocks give their coldest to empty ones.",
    formula: Formula::new(
        "every interval requests, shares being resident blocks / all resident blocks: share > \
         threshold gives max(1, ⌊fraction × blocks⌋), fewest touches first, to share < \
         threshold / 2",
    ),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[THRESHOLD, INTERVAL, FRACTION],
    needs: &[],
    build: |build| {
        Box::new(ColdFirst {
            threshold: build.params.number("threshold"),
            interval: build.params.integer("interval"),
            fraction: build.params.number("fraction"),
        })
    },
};

#[derive(Clone)]
struct ColdFirst {
    threshold: f64,
    interval: u64,
    fraction: f64,
}

impl Migrator for ColdFirst {
    fn plan(&mut self, view: &MigrationView<'_>) -> Plan {
        if !view.number.is_multiple_of(self.interval) {
            return Plan::new();
        }
        let shares: Vec<f64> = (0..view.resident.len()).map(|node| view.share(node)).collect();
        let over = |node: &usize| self.threshold < shares[*node];
        let under = |node: &usize| shares[*node] < self.threshold / 2.0;
        let mut sources: Vec<usize> = view.living().filter(over).collect();
        let mut targets: Vec<usize> = view.living().filter(under).collect();
        // Equal shares stand by node, as they do already.
        order::sort_by(&mut sources, |&a, &b| shares[b].total_cmp(&shares[a]));
        order::sort_by(&mut targets, |&a, &b| shares[a].total_cmp(&shares[b]));
        let Some(last) = targets.last() else { return Plan::new() };
        let pairs = sources.into_iter().zip(targets.iter().chain(std::iter::repeat(last)));
        pairs
            .map(|(source, &target)| {
                let given = libm::floor(f64::from(view.resident[source]) * self.fraction);
                let source = NodeId::from_index(source);
                Transfer {
                    kind: MoveKind::Move,
                    source,
                    target: NodeId::from_index(target),
                    blocks: view.facts.coldest(source, (given as usize).max(1)),
                }
            })
            .collect()
    }

    fn tune(&mut self, params: &Params) {
        self.threshold = params.number("threshold");
        self.fraction = params.number("fraction");
    }

    fn keep_names(&self, kept: &mut Kept) {
        // Which of two blocks the trace named first is told by their numbers.
        kept.keep_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::scene::Scene;
    use crate::model::BlockId;

    #[test]
    fn the_crowded_give_to_the_empty_largest_share_to_smallest() {
        let mut scene = Scene::new(&[40, 50, 1, 9]);
        let mut rule = scene.migrator(&ROW, &[("threshold", "0.3"), ("interval", "10")]);
        scene.number = 11;
        assert_eq!(scene.plan(&mut *rule), [], "not its turn");
        scene.number = 20;
        let plan = scene.plan(&mut *rule);
        let moves: Vec<_> = plan.iter().map(|t| (t.source.0, t.target.0, t.blocks.len())).collect();
        assert_eq!(moves, [(1, 2, 10), (0, 3, 8)]);
        assert!(plan.iter().all(|transfer| transfer.kind == MoveKind::Move));
    }

    #[test]
    fn the_last_target_is_used_again_and_without_one_nothing_moves() {
        let mut scene = Scene::new(&[40, 40, 2]);
        scene.number = 100;
        let mut rule = scene.migrator(&ROW, &[("threshold", "0.3"), ("fraction", "0.01")]);
        let plan = scene.plan(&mut *rule);
        let moves: Vec<_> = plan.iter().map(|t| (t.target.0, &t.blocks[..])).collect();
        assert_eq!(moves, [(2, &[BlockId(0)][..]); 2], "at least one block each");
        let mut scene = Scene::new(&[40, 20]);
        scene.number = 100;
        let mut rule = scene.migrator(&ROW, &[("threshold", "0.6")]);
        assert_eq!(scene.plan(&mut *rule), []);
    }

    #[test]
    fn a_node_at_the_threshold_gives_nothing_and_one_at_half_of_it_takes_nothing() {
        let plan = |resident: &[u32]| {
            let mut scene = Scene::new(resident);
            scene.number = 100;
            let mut rule = scene.migrator(&ROW, &[("threshold", "0.5")]);
            let plan = scene.plan(&mut *rule);
            plan.iter().map(|t| (t.source.0, t.target.0)).collect::<Vec<_>>()
        };
        // Eighths, which doubles hold exactly.
        assert_eq!(plan(&[4, 1, 1, 2]), [], "4 of 8 are not over one half");
        assert_eq!(plan(&[6, 2]), [], "2 of 8 are not under one quarter");
        assert_eq!(plan(&[5, 2, 1]), [(0, 2)]);
    }
}
