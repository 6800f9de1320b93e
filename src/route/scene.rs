//! A cluster set up by hand for one decision: what the unit tests of routers share.

use super::{Build, ClusterView, Decision, Notes, Outcome, Route, Router, RouterRow, Signals};
use crate::clock::account::{Booking, complete};
use crate::clock::{self, Account, ServiceModel};
use crate::columns::Ledger;
use crate::model::{BlockId, NodeId, Request};
use crate::params::{ParamValue, Params};
use crate::rng::Stream;

/// One decision's view, every part of it open to the test.
pub(crate) struct Scene {
    pub(crate) request: Request,
    pub(crate) blocks: Vec<BlockId>,
    pub(crate) decisions: u64,
    pub(crate) now_s: f64,
    pub(crate) block_size: u32,
    pub(crate) capacity: u32,
    pub(crate) matched: Vec<u32>,
    pub(crate) alive: Vec<bool>,
    pub(crate) active_matched: Vec<u32>,
    pub(crate) resident: Vec<u32>,
    pub(crate) signals: Signals,
    account: Account,
    booked: u64,
    residency: Ledger,
    pub(crate) service: ServiceModel,
}

impl Scene {
    /// A request of `blocks` whole blocks of 512 tokens, matched as given, on idle nodes.
    pub(crate) fn new(blocks: u32, matched: &[u32]) -> Self {
        let timed = clock::find("timed").expect("a row");
        Self {
            request: Request {
                index: 0,
                arrival_s: 0.0,
                input_tokens: blocks * 512,
                output_tokens: 0,
                session: Request::NO_SESSION,
            },
            blocks: (0..blocks).map(BlockId).collect(),
            decisions: 0,
            now_s: 0.0,
            block_size: 512,
            capacity: 1000,
            matched: matched.to_vec(),
            alive: vec![true; matched.len()],
            active_matched: vec![0; matched.len()],
            resident: vec![0; matched.len()],
            signals: Signals::new(matched.len()),
            account: Account::new(matched.len()),
            booked: 0,
            residency: Ledger::new(matched.len()),
            service: ServiceModel::new(&Params::defaults(timed.params), 512),
        }
    }

    /// Another request comes: `tokens` of these blocks, matched as given.
    pub(crate) fn arrive(&mut self, tokens: u32, blocks: &[u32], matched: &[u32]) {
        self.request.input_tokens = tokens;
        self.blocks = blocks.iter().copied().map(BlockId).collect();
        self.matched = matched.to_vec();
        let blocks = complete(&self.blocks, tokens, self.block_size);
        self.account.matches(blocks, &mut self.active_matched);
    }

    /// It is placed on `node`, where its prefill and the whole of it end at these times; then
    /// what has ended by now is struck out.
    pub(crate) fn book(&mut self, node: usize, prefilled_s: f64, ended_s: f64) {
        let tokens = self.request.input_tokens;
        let blocks = complete(&self.blocks, tokens, self.block_size);
        let cached = self.matched[node].min(blocks.len() as u32) * self.block_size;
        self.booked += 1;
        let (number, tokens) = (self.booked, u64::from(tokens - cached));
        let node = NodeId::from_index(node);
        let booking = Booking { number, node, blocks, tokens, prefilled_s, ended_s };
        self.account.book(&booking, &mut self.signals);
        self.account.advance(self.now_s, &mut self.signals);
    }

    pub(crate) fn view(&self) -> ClusterView<'_> {
        ClusterView {
            request: (&self.request).into(),
            blocks: &self.blocks,
            token_ends: &[],
            decisions: self.decisions,
            now_s: self.now_s,
            block_size: self.block_size,
            capacity: self.capacity,
            matched: &self.matched,
            alive: &self.alive,
            active_matched: &self.active_matched,
            resident: &self.resident,
            residency: &self.residency,
            signals: &self.signals,
            refreshed: true,
            service: Some(&self.service),
            outputs: Some(self.signals.outputs(&self.request)),
        }
    }

    /// A router with these parameters and all others by default.
    pub(crate) fn router(&self, row: &RouterRow, params: &[(&str, &str)]) -> Box<dyn Router> {
        let given = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), ParamValue::parse(value)))
            .collect();
        let mut reasons = Vec::new();
        let params = Params::resolve(row.params, &given, row.id, &mut reasons);
        assert!(reasons.is_empty(), "{reasons:?}");
        let stream = Stream::new(1, row.id, 0);
        let (nodes, capacity) = (self.matched.len(), self.capacity);
        (row.build)(Build { params: &params, nodes, joining: 0, capacity, block_size: 512, stream })
    }

    /// Where `router` sends the request.
    pub(crate) fn route(&self, router: &mut dyn Router) -> usize {
        router.route(&self.view(), &mut Notes::new(false)).node.index()
    }

    /// Lets `router` decide and hear that it was done.
    pub(crate) fn serve(&self, router: &mut dyn Router) -> usize {
        let node = self.route(router);
        let outcome = Outcome {
            node: NodeId::from_index(node),
            ttft_s: 0.0,
            hit_blocks: self.matched[node],
            evicted_blocks: 0,
        };
        router.learn(&self.view(), &outcome);
        node
    }

    /// The node a new router picks.
    pub(crate) fn node(&self, row: &RouterRow) -> usize {
        self.route(&mut *self.router(row, &[]))
    }

    /// The node a new router picks, and why.
    pub(crate) fn explain(&self, row: &RouterRow, params: &[(&str, &str)]) -> (usize, Decision) {
        let mut notes = Notes::new(true);
        let Route { node, .. } = self.router(row, params).route(&self.view(), &mut notes);
        (node.index(), notes.decision(1, node.index() as u32))
    }

    /// The share of 4000 decisions of one router that pick `node`.
    pub(crate) fn share_of(&self, row: &RouterRow, params: &[(&str, &str)], node: usize) -> f64 {
        let mut router = self.router(row, params);
        let picked = (0..4000).filter(|_| self.route(&mut *router) == node).count();
        picked as f64 / 4000.0
    }
}
