//! Heat window: prefixes asked for often enough get a second home.
//!
//! A block is hot while requests that use it have come at `rate` or more a second over the last
//! `window`. After each request the leading blocks of it that are hot and have fewer than
//! `replicas` homes are copied from its node to the one with the fewest unfinished requests
//! among those without the first of them (then the fewest blocks, then the lowest index).
//! Source: Mooncake Store. Where it differs: the store replicates objects wherever there is
//! room; here a copy is worth something only with all its ancestors, so runs are copied. Cost:
//! O(blocks) a request; 4 bytes a distinct block and what the window holds. Parameters: window_s
//! (10, in [0.1, 86400]), rate (0.8 a second, in [0.001, 1000]), replicas (2, in [2, 1024]).
//! When not to use it: with routers that ignore matches every prefix has many homes already.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::columns::Kept;
use crate::migrate::{
    Formula, MigrationRow, MigrationView, Migrator, MoveKind, Need, Origin, Plan, Transfer,
};
use crate::model::{BlockId, NodeId};
use crate::params::ParamSpec;
use crate::route::Outcome;
use std::collections::VecDeque;

/// The table row.
pub static ROW: MigrationRow = MigrationRow {
    id: "heat_window",
    title: "Heat window replication",
    summary: "Prefixes asked for often enough are copied to a second node.",
    formula: Formula::new(
        "leading blocks with uses in window_s ≥ rate × window_s and fewer than replicas homes \
         are copied to the node with the fewest unfinished requests",
    ),
    source: "Mooncake Store; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::number("window_s", 10.0, 0.1, 86_400.0)
            .told("Heat window", "How far back requests count.")
            .unit("s")
            .log(),
        ParamSpec::number("rate", 0.8, 0.001, 1000.0)
            .told("Hot at", "Requests a second that make a block hot.")
            .unit("requests/s")
            .log(),
        ParamSpec::integer("replicas", 2, 2, 1024)
            .told("Most replicas", "On how many nodes a hot block may be for its heat's sake.")
            .unit("nodes"),
    ],
    needs: &[Need::TimedClock],
    build: |build| {
        Box::new(HeatWindow {
            window_s: build.params.number("window_s"),
            hot: build.params.number("window_s") * build.params.number("rate"),
            replicas: build.params.integer("replicas") as u32,
            served: VecDeque::new(),
            uses: Vec::new(),
            run: Vec::new(),
            source: NodeId(0),
        })
    },
};

#[derive(Clone)]
struct HeatWindow {
    window_s: f64,
    /// Uses in the window that make a block hot.
    hot: f64,
    replicas: u32,
    served: VecDeque<(f64, Vec<BlockId>)>,
    /// Uses in the window, by block.
    uses: Vec<u32>,
    /// Hot leading blocks of the latest request, and its node.
    run: Vec<BlockId>,
    source: NodeId,
}

impl Migrator for HeatWindow {
    fn plan(&mut self, view: &MigrationView<'_>) -> Plan {
        let wanted = |block: &BlockId| {
            view.residency.replicas(*block) < self.replicas
                && view.residency.contains(*block, self.source)
        };
        let blocks: Vec<BlockId> = self.run.drain(..).filter(wanted).collect();
        let Some(&first) = blocks.first() else { return Plan::new() };
        let place = |&node: &usize| (view.signals.unfinished[node], view.resident[node], node);
        let lacks = |node: &usize| !view.residency.contains(first, NodeId::from_index(*node));
        let target = view.living().filter(lacks).min_by_key(place);
        let transfer = |target: usize| Transfer {
            kind: MoveKind::Copy,
            source: self.source,
            target: NodeId::from_index(target),
            blocks,
        };
        target.map(transfer).into_iter().collect()
    }

    fn learn(&mut self, now_s: f64, blocks: &[BlockId], outcome: &Outcome) {
        while let Some((at_s, _)) = self.served.front()
            && self.window_s <= now_s - at_s
            && let Some((_, blocks)) = self.served.pop_front()
        {
            for block in blocks {
                self.uses[block.index()] -= 1;
            }
        }
        for &block in blocks {
            if self.uses.len() <= block.index() {
                self.uses.resize(block.index() + 1, 0);
            }
            self.uses[block.index()] += 1;
        }
        let hot = |block: &&BlockId| self.hot <= f64::from(self.uses[block.index()]);
        self.run.clear();
        self.run.extend(blocks.iter().take_while(hot));
        self.source = outcome.node;
        self.served.push_back((now_s, blocks.to_vec()));
    }

    fn keep_names(&self, kept: &mut Kept) {
        let served = self.served.iter().flat_map(|(_, blocks)| blocks);
        served.for_each(|&block| kept.keep(block));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::scene::Scene;

    #[test]
    fn the_eighth_use_in_ten_seconds_copies_the_run_to_the_idlest_other_node() {
        let mut scene = Scene::new(&[2, 0, 0]);
        scene.signals.unfinished = vec![1, 3, 2];
        let mut rule = scene.migrator(&ROW, &[]);
        for number in 1..=8 {
            assert_eq!(scene.plan(&mut *rule), []);
            // Block 1 is used one time less.
            let blocks = if number == 1 { 1 } else { 2 };
            scene.learn(&mut *rule, 0, blocks, 0.0);
        }
        let plan = scene.plan(&mut *rule);
        let [transfer] = &plan[..] else { panic!("{plan:?}") };
        assert_eq!((transfer.source, transfer.target), (NodeId(0), NodeId(2)));
        assert_eq!((transfer.kind, &transfer.blocks[..]), (MoveKind::Copy, &[BlockId(0)][..]));
        assert_eq!(scene.plan(&mut *rule), [], "once");
    }

    #[test]
    fn nothing_is_copied_beyond_the_replicas_or_after_the_window() {
        let mut scene = Scene::new(&[1, 1, 0]);
        let mut rule = scene.migrator(&ROW, &[("rate", "0.2")]);
        scene.learn(&mut *rule, 0, 1, 0.0);
        scene.learn(&mut *rule, 0, 1, 0.0);
        assert_eq!(scene.plan(&mut *rule), [], "two homes already");
        let mut rule = scene.migrator(&ROW, &[("rate", "0.2"), ("replicas", "3")]);
        scene.learn(&mut *rule, 0, 1, 0.0);
        scene.now_s = 10.0;
        scene.learn(&mut *rule, 0, 1, 0.0);
        assert_eq!(scene.plan(&mut *rule), [], "the first use is ten seconds old");
        scene.learn(&mut *rule, 0, 1, 0.0);
        assert_eq!(scene.plan(&mut *rule).len(), 1);
    }

    #[test]
    fn it_goes_from_where_it_was_asked_for_to_the_emptiest_of_the_idlest_others() {
        let target = |unfinished: [u32; 4], resident: [u32; 4]| {
            let mut scene = Scene::new(&[0, 2, 0, 0]);
            (scene.signals.unfinished, scene.resident) = (unfinished.to_vec(), resident.to_vec());
            let mut rule = scene.migrator(&ROW, &[("rate", "0.1")]);
            scene.learn(&mut *rule, 1, 2, 0.0);
            let plan = scene.plan(&mut *rule);
            let [transfer] = &plan[..] else { panic!("{plan:?}") };
            assert_eq!((transfer.source, transfer.blocks.len()), (NodeId(1), 2));
            transfer.target.0
        };
        assert_eq!(target([3, 0, 2, 2], [7, 2, 9, 8]), 3, "fewer blocks of as many requests");
        assert_eq!(target([3, 0, 2, 2], [7, 2, 9, 9]), 2, "the first of equals");
        assert_eq!(target([1, 0, 2, 2], [7, 2, 0, 0]), 0, "fewer requests count first");
    }
}
