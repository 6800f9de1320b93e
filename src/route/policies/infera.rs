//! Infera: blocks to compute, plus active blocks, plus a fading memory of recent work.
//!
//! cost = w × (request blocks − hits) + active + recent; smallest wins, ties to the lowest
//! index. Active is the distinct complete prompt blocks of the node's requests from the moment
//! they are placed to their end; outputs are not counted. Every pick multiplies all nodes'
//! recent by 0.97 and charges the picked one the blocks it missed. Source: AMD Infera. Where it
//! differs: a pick that is rejected is not charged. Cost: O(nodes), and O(blocks) a request for
//! the account. Parameters: w (1, in [0, 1000]), decay (0.97, in [0, 1]), the refresh age of the
//! active blocks; the memory is the router's own and never old. When not to use it: fully
//! matched requests are charged nothing, so a node that only serves hits looks idle but for its
//! active blocks.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::params::{ParamSpec, Params};
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Outcome, Route, Router, RouterRow, lowest,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "infera",
    title: "Infera",
    summary: "Blocks to compute, plus active blocks, plus a fading memory of recent work.",
    formula: Formula::new(
        "cost = w × (len − matched) + active blocks + recent, after each pick recent × decay on \
         all nodes and + missed on the picked one; smallest wins",
    ),
    source: "AMD Infera; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::number("w", 1.0, 0.0, 1000.0)
            .told("Miss weight", "Of the blocks to compute against active and recent ones.")
            .live(),
        ParamSpec::number("decay", 0.97, 0.0, 1.0)
            .told("Decay", "What is left of every node's recent work after each pick.")
            .live(),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: true,
    build: |build| {
        Box::new(Infera {
            w: build.params.number("w"),
            decay: build.params.number("decay"),
            recent: vec![0.0; build.all_nodes()],
        })
    },
};

#[derive(Clone)]
struct Infera {
    w: f64,
    decay: f64,
    recent: Vec<f64>,
}

impl Router for Infera {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let signals = view.signals;
        let missed = |node: usize| view.blocks.len() as f64 - f64::from(view.matched[node]);
        let columns = &["missed", "active", "recent", "cost"];
        let node = lowest(view, notes, columns, |node| {
            let active = signals.active_blocks[node] as f64;
            let recent = self.recent[node];
            [missed(node), active, recent, self.w * missed(node) + active + recent]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.w = params.number("w");
        self.decay = params.number("decay");
    }

    fn keeps_account(&self) -> bool {
        true
    }

    fn learn(&mut self, view: &ClusterView<'_>, outcome: &Outcome) {
        for recent in &mut self.recent {
            *recent *= self.decay;
        }
        let missed = view.blocks.len() as f64 - f64::from(outcome.hit_blocks);
        self.recent[outcome.node.index()] += missed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn recent_work_is_charged_where_it_was_missed_and_fades() {
        let scene = Scene::new(10, &[4, 0]);
        let mut router = scene.router(&ROW, &[("decay", "0.5")]);
        // Node 0 costs 6, then 6 + 6, then 6 + 3; node 1 costs 10, then 10 + 0, then 10 + 10.
        let picked: Vec<usize> = (0..3).map(|_| scene.serve(&mut *router)).collect();
        assert_eq!(picked, [0, 1, 0]);
        let mut notes = Notes::new(true);
        router.route(&scene.view(), &mut notes);
        assert_eq!(notes.decision(4, 0).column("recent"), [6.0 / 4.0 + 6.0, 10.0 / 2.0]);
    }

    #[test]
    fn blocks_in_use_count_once_each() {
        let mut scene = Scene::new(10, &[4, 0]);
        scene.signals.active_blocks = vec![7, 0];
        let (node, decision) = scene.explain(&ROW, &[]);
        assert_eq!((node, decision.column("cost")), (1, vec![13.0, 10.0]));
    }
}
