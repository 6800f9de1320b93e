//! One decision of a router alone: everything that its view shows is set by hand.

use kvscope::columns::Ledger;
use kvscope::model::{BlockId, Decision, NodeId, Prompt, Request, Signals};
use kvscope::params::{ParamValue, Params};
use kvscope::rng::Stream;
use kvscope::route::{self, Build, ClusterView, Notes, Router};

/// What the view of a router shows, every node alive.
pub(crate) struct Seat {
    pub(crate) block_size: u32,
    pub(crate) decisions: u64,
    pub(crate) matched: Vec<u32>,
    /// Leading complete blocks of the request in use on every node.
    pub(crate) active_matched: Vec<u32>,
    pub(crate) signals: Signals,
    alive: Vec<bool>,
    resident: Vec<u32>,
    residency: Ledger,
}

/// A decision, and which nodes could have been picked as well.
pub(crate) struct Decided {
    pub(crate) decision: Decision,
    /// The nodes with the lowest cost, where the last component is one.
    pub(crate) minima: Vec<usize>,
}

impl Seat {
    /// Idle nodes.
    pub(crate) fn new(nodes: usize, block_size: u32) -> Self {
        Self {
            block_size,
            decisions: 0,
            matched: vec![0; nodes],
            active_matched: vec![0; nodes],
            signals: Signals::new(nodes),
            alive: vec![true; nodes],
            resident: vec![0; nodes],
            residency: Ledger::new(nodes),
        }
    }

    /// The router `id` with these parameters.
    pub(crate) fn router(&self, id: &str, given: &[(&str, ParamValue)]) -> Box<dyn Router> {
        let row = route::find(id).unwrap_or_else(|| panic!("no router is called {id}"));
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let mut reasons = Vec::new();
        let params = Params::resolve(row.params, &given, row.id, &mut reasons);
        assert!(reasons.is_empty(), "parameters of {id}: {reasons:?}");
        let (nodes, block_size) = (self.matched.len(), self.block_size);
        let stream = Stream::new(super::SEED, row.id, 0);
        (row.build)(Build {
            params: &params,
            nodes,
            joining: 0,
            capacity: 1000,
            block_size,
            stream,
        })
    }

    /// What it does with a request of so many tokens and these blocks.
    pub(crate) fn decide(
        &self,
        router: &mut dyn Router,
        input_tokens: u32,
        blocks: &[BlockId],
    ) -> Decided {
        let view = ClusterView {
            request: Prompt {
                index: 0,
                arrival_s: 0.0,
                input_tokens,
                session: Request::NO_SESSION,
            },
            blocks,
            token_ends: &[],
            decisions: self.decisions,
            now_s: 0.0,
            block_size: self.block_size,
            capacity: 1000,
            matched: &self.matched,
            alive: &self.alive,
            active_matched: &self.active_matched,
            resident: &self.resident,
            residency: &self.residency,
            signals: &self.signals,
            refreshed: true,
            service: None,
            outputs: None,
        };
        let mut notes = Notes::new(true);
        let picked = router.route(&view, &mut notes).node;
        Decided::of(notes.decision(self.decisions + 1, picked.index() as u32))
    }
}

impl Decided {
    /// With the nodes whose last component is lowest.
    pub(crate) fn of(decision: Decision) -> Self {
        let costs = decision.columns.last().map_or(Vec::new(), |&last| decision.column(last));
        let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
        let minima = (0..costs.len()).filter(|&node| costs[node] == least).collect();
        Self { decision, minima }
    }
}

/// Notes in `sent` that `node` holds `blocks`, of which it may hold some already.
#[allow(dead_code, reason = "not every program that has a seat sends")]
pub(crate) fn send(sent: &mut Ledger, blocks: &[BlockId], node: NodeId) {
    sent.cover(blocks.iter().map(|block| block.0 + 1).max().unwrap_or(0));
    for &block in blocks {
        if !sent.contains(block, node) {
            sent.marks(node).insert(block);
        }
    }
}
