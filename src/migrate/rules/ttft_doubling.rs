//! TTFT doubling: a node that has become slow shares its prefix with the least loaded one.
//!
//! A node's requests of the last `window` are halved by time. When the mean TTFT of the newer
//! half is at least `growth` times that of the older (both with requests), the leading blocks of
//! the node's latest request that at least `hot_share` of the newer ones use are copied to the
//! node with the fewest unfinished requests among those without all of them (then the lowest
//! index). The node's memory then starts anew, which is the hold-off. Source: Preble (ICLR'25).
//! Where it differs: Preble looks at queueing time and copies whole subtrees. Cost: O(requests
//! of the node's window) a request and, when it copies, their blocks. Parameters: window_s (180,
//! in [1, 86400]), growth (2, in [1, 100]), hot_share (0.1, in [0, 1]). When not to use it:
//! where all nodes slow down together a copy only moves the queue.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::columns::Kept;
use crate::migrate::{
    Formula, MigrationRow, MigrationView, Migrator, MoveKind, Need, Origin, Plan, Transfer,
};
use crate::model::{BlockId, NodeId};
use crate::route::Outcome;
use crate::route::moving::{GROWTH, HOT_SHARE, WINDOW};
use std::collections::VecDeque;

/// The table row.
pub static ROW: MigrationRow = MigrationRow {
    id: "ttft_doubling",
    title: "TTFT doubling replication",
    summary: "A node whose TTFT has doubled has its prefix copied to the least loaded node.",
    formula: Formula::new(
        "where mean TTFT of the newer half of window_s ≥ growth × of the older: leading blocks \
         in ≥ hot_share of the newer requests are copied to the node with the fewest unfinished \
         requests",
    ),
    source: "Preble, ICLR'25; formula only",
    origin: Origin::Paper,
    params: &[WINDOW, GROWTH, HOT_SHARE],
    needs: &[Need::TimedClock],
    build: |build| {
        Box::new(TtftDoubling {
            window_s: build.params.number("window_s"),
            growth: build.params.number("growth"),
            hot_share: build.params.number("hot_share"),
            memory: (0..build.all_nodes()).map(|_| Memory::default()).collect(),
            latest: None,
        })
    },
};

#[derive(Clone)]
struct Served {
    at_s: f64,
    ttft_s: f64,
    blocks: Vec<BlockId>,
}

/// A node's requests of the window, oldest first, and how many are in the older half.
#[derive(Clone, Default)]
struct Memory {
    served: VecDeque<Served>,
}

impl Memory {
    fn forget(&mut self, before_s: f64) {
        while self.served.front().is_some_and(|oldest| oldest.at_s <= before_s) {
            self.served.pop_front();
        }
    }

    /// Mean TTFT up to and after `middle_s`, where both halves have requests.
    fn halves(&self, middle_s: f64) -> Option<(f64, f64)> {
        let older = self.served.partition_point(|served| served.at_s <= middle_s);
        let newer = self.served.len() - older;
        let sum = |served: &mut dyn Iterator<Item = &Served>| -> f64 {
            served.map(|served| served.ttft_s).sum()
        };
        let older_s = sum(&mut self.served.iter().take(older));
        let newer_s = sum(&mut self.served.iter().skip(older));
        (0 < older && 0 < newer).then(|| (older_s / older as f64, newer_s / newer as f64))
    }

    /// Leading blocks of the latest request that `share` of those after `middle_s` use.
    fn hot_run(&self, middle_s: f64, share: f64) -> Vec<BlockId> {
        let older = self.served.partition_point(|served| served.at_s <= middle_s);
        let newer = self.served.len() - older;
        let Some(latest) = self.served.back() else { return Vec::new() };
        let used = |(depth, block): (usize, &BlockId)| {
            // A block's name includes its ancestors, so it has one depth.
            let uses = |served: &&Served| served.blocks.get(depth) == Some(block);
            let count = self.served.iter().skip(older).filter(uses).count();
            share * newer as f64 <= count as f64
        };
        let run = latest.blocks.iter().enumerate().take_while(|&at| used(at));
        run.map(|(_, &block)| block).collect()
    }
}

#[derive(Clone)]
struct TtftDoubling {
    window_s: f64,
    growth: f64,
    hot_share: f64,
    memory: Vec<Memory>,
    /// The node that served the latest request, until its plan is asked for.
    latest: Option<(NodeId, f64)>,
}

impl Migrator for TtftDoubling {
    fn plan(&mut self, view: &MigrationView<'_>) -> Plan {
        let Some((source, now_s)) = self.latest.take() else { return Plan::new() };
        let memory = &mut self.memory[source.index()];
        let middle_s = now_s - self.window_s / 2.0;
        let slow = memory
            .halves(middle_s)
            .is_some_and(|(older, newer)| 0.0 < older && self.growth * older <= newer);
        if !slow {
            return Plan::new();
        }
        let mut blocks = memory.hot_run(middle_s, self.hot_share);
        memory.served.clear();
        blocks.retain(|&block| view.residency.contains(block, source));
        let holds_all = |node: usize| {
            let node = NodeId::from_index(node);
            blocks.iter().all(|&block| view.residency.contains(block, node))
        };
        let place = |&node: &usize| (view.signals.unfinished[node], node);
        let target = view.living().filter(|&node| !holds_all(node)).min_by_key(place);
        let transfer = |target: usize| Transfer {
            kind: MoveKind::Copy,
            source,
            target: NodeId::from_index(target),
            blocks,
        };
        target.map(transfer).into_iter().collect()
    }

    fn learn(&mut self, now_s: f64, blocks: &[BlockId], outcome: &Outcome) {
        let memory = &mut self.memory[outcome.node.index()];
        memory.forget(now_s - self.window_s);
        let (ttft_s, blocks) = (outcome.ttft_s, blocks.to_vec());
        memory.served.push_back(Served { at_s: now_s, ttft_s, blocks });
        self.latest = Some((outcome.node, now_s));
    }

    fn keep_names(&self, kept: &mut Kept) {
        let served = self.memory.iter().flat_map(|memory| &memory.served);
        served.flat_map(|served| &served.blocks).for_each(|&block| kept.keep(block));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::scene::Scene;

    #[test]
    fn a_doubled_mean_copies_the_shared_prefix_and_then_holds_off() {
        let mut scene = Scene::new(&[4, 0, 0]);
        scene.signals.unfinished = vec![5, 2, 1];
        let mut rule = scene.migrator(&ROW, &[("hot_share", "0.5")]);
        scene.learn(&mut *rule, 0, 4, 1.0);
        scene.now_s = 100.0;
        scene.learn(&mut *rule, 0, 2, 1.5);
        assert_eq!(scene.plan(&mut *rule), [], "1.5 is not twice 1");
        scene.learn(&mut *rule, 0, 2, 2.5);
        scene.learn(&mut *rule, 0, 4, 2.0);
        let plan = scene.plan(&mut *rule);
        let [transfer] = &plan[..] else { panic!("{plan:?}") };
        assert_eq!((transfer.source, transfer.target), (NodeId(0), NodeId(2)));
        // One of the three newer requests is not half of them.
        assert_eq!(transfer.blocks, [0, 1].map(BlockId));
        scene.learn(&mut *rule, 0, 4, 9.0);
        assert_eq!(scene.plan(&mut *rule), [], "it has nothing to compare with yet");
    }

    #[test]
    fn without_an_older_half_or_another_home_nothing_is_planned() {
        let mut scene = Scene::new(&[2, 2]);
        let mut rule = scene.migrator(&ROW, &[]);
        scene.learn(&mut *rule, 0, 2, 1.0);
        scene.learn(&mut *rule, 0, 2, 8.0);
        assert_eq!(scene.plan(&mut *rule), []);
        scene.now_s = 100.0;
        scene.learn(&mut *rule, 0, 2, 80.0);
        assert_eq!(scene.plan(&mut *rule), [], "both nodes hold it");
    }

    /// Whether times to first token, with the moment of each, make node 0 copy its prefix.
    fn copies(served: &[(f64, f64)]) -> bool {
        let mut scene = Scene::new(&[4, 0]);
        let mut rule = scene.migrator(&ROW, &[("window_s", "100")]);
        for &(now_s, ttft_s) in served {
            scene.now_s = now_s;
            scene.learn(&mut *rule, 0, 4, ttft_s);
        }
        !scene.plan(&mut *rule).is_empty()
    }

    #[test]
    fn the_halves_meet_in_the_middle_and_the_window_ends_where_it_says() {
        assert!(copies(&[(0.0, 1.0), (60.0, 2.0)]), "exactly twice");
        assert!(!copies(&[(0.0, 1.0), (60.0, 1.999)]));
        assert!(!copies(&[(0.0, 0.0), (60.0, 2.0)]), "nothing is not doubled");
        // Half a window before the latest is older; just after that is newer.
        assert!(copies(&[(10.0, 1.0), (60.0, 2.0)]));
        assert!(!copies(&[(10.001, 1.0), (60.0, 2.0)]), "there is no older half");
        // A whole window before the latest is forgotten.
        assert!(copies(&[(0.001, 1.0), (30.0, 3.0), (100.0, 4.0)]), "twice the mean of 1 and 3");
        assert!(!copies(&[(0.0, 1.0), (30.0, 3.0), (100.0, 4.0)]), "not twice 3");
    }

    #[test]
    fn a_block_that_just_enough_of_the_newer_requests_use_is_copied() {
        let mut scene = Scene::new(&[4, 0]);
        let mut rule = scene.migrator(&ROW, &[("hot_share", "0.5")]);
        scene.learn(&mut *rule, 0, 4, 1.0);
        scene.now_s = 100.0;
        scene.learn(&mut *rule, 0, 2, 9.0);
        scene.learn(&mut *rule, 0, 3, 9.0);
        assert_eq!(scene.plan(&mut *rule)[0].blocks, [0, 1, 2].map(BlockId), "one of two");
    }

    #[test]
    fn who_came_just_half_a_window_ago_does_not_count_among_the_newer() {
        let mut scene = Scene::new(&[4, 0]);
        let mut rule = scene.migrator(&ROW, &[("window_s", "180"), ("hot_share", "0.5")]);
        scene.now_s = 10.0;
        scene.learn(&mut *rule, 0, 1, 1.0);
        scene.now_s = 100.0;
        scene.learn(&mut *rule, 0, 2, 9.0);
        scene.learn(&mut *rule, 0, 3, 9.0);
        // The third block is used by one of the two newer; with the older it would be of three.
        assert_eq!(scene.plan(&mut *rule)[0].blocks, [0, 1, 2].map(BlockId));
    }

    #[test]
    fn of_equally_busy_nodes_the_first_that_lacks_a_block_is_the_target() {
        let mut scene = Scene::new(&[2, 2, 1, 0]);
        let mut rule = scene.migrator(&ROW, &[]);
        scene.learn(&mut *rule, 0, 2, 1.0);
        scene.now_s = 100.0;
        scene.learn(&mut *rule, 0, 2, 2.0);
        assert_eq!(scene.plan(&mut *rule)[0].target, NodeId(2));
    }
}
