//! The cluster: caches, queues, signals. The only world that changes while requests are served.
//!
//! `members` says which nodes take part, `caches` are their caches and what mirrors them, `pending`
//! what becomes visible when a prefill ends, `ready` what is still being computed. A lane drives it
//! in the order of docs/metrics.md; routers and rules see it read-only.

mod members;
mod caches;
mod pending;
mod ready;

pub use caches::Caches;

use crate::cache::{NodeCache, Served};
use crate::clock::account::{Booking, complete};
use crate::clock::timed::{Fetch, Work};
use crate::clock::{Account, Timed};
use crate::columns::{Kept, Ledger};
use crate::event::Stored;
use crate::model::{
    BlockId, NodeId, NodeState, Request, RequestRef, Retimed, Signals, Tally, Timing, Transfer,
};
use members::Members;
use pending::{Finished, Pending};
use ready::Ready;

/// Everything that a lane changes by serving requests.
#[derive(Clone)]
pub struct Cluster {
    caches: Caches,
    members: Members,
    /// Queues; `None` under the logical clock.
    timed: Option<Timed>,
    /// What was placed, where the router keeps an account of it.
    account: Option<Account>,
    pending: Pending,
    ready: Ready,
    signals: Signals,
    published: Signals,
    published_at: Option<f64>,
    /// Age that the published signals may reach.
    refresh: f64,
}

impl Cluster {
    /// Idle nodes with these caches, whose published signals get as old as `refresh`.
    pub fn new(caches: Caches, timed: Option<Timed>, refresh: f64) -> Self {
        let nodes = caches.resident.len();
        Self {
            caches,
            members: Members::all_alive(nodes),
            timed,
            account: None,
            pending: Pending::default(),
            ready: Ready::default(),
            signals: Signals::new(nodes),
            published: Signals::new(nodes),
            published_at: None,
            refresh,
        }
    }

    /// With an account of what is placed, if the router keeps one and there are times.
    pub fn with_account(self, wanted: bool) -> Self {
        let account =
            (wanted && self.timed.is_some()).then(|| Account::new(self.caches.resident.len()));
        Self { account, ..self }
    }

    /// With only the first `nodes` nodes; the others have yet to join.
    pub fn with_first(mut self, nodes: usize) -> Self {
        self.members.only_first(nodes);
        self
    }

    /// What the nodes hold.
    pub fn caches(&self) -> &Caches {
        &self.caches
    }

    /// Which node holds which block.
    pub fn residency(&self) -> &Ledger {
        &self.caches.ledger
    }

    /// Resident blocks of every node.
    pub fn resident(&self) -> &[u32] {
        &self.caches.resident
    }

    /// Takes in that a request names `blocks`; see [`Caches::name`].
    pub fn name(&mut self, blocks: &[BlockId]) -> u32 {
        self.caches.name(blocks)
    }

    /// Writes every node's prefix match of `blocks` into `matched`; see
    /// [`Ledger::prefix_matches`].
    pub fn match_prefixes(&self, blocks: &[BlockId], matched: &mut Vec<u32>) {
        self.caches.ledger.prefix_matches(blocks, matched);
    }

    /// Writes into `matched` how many leading complete blocks of the request are in use on every
    /// node; nothing where there is no account.
    pub fn match_active(&self, request: &RequestRef<'_>, block_size: u32, matched: &mut Vec<u32>) {
        if let Some(account) = &self.account {
            let blocks = complete(request.blocks, request.request.input_tokens, block_size);
            account.matches(blocks, matched);
        }
    }

    /// Enters a request that starts on `node` with `prefix` blocks into the account, where there
    /// is one.
    pub fn book(
        &mut self,
        node: NodeId,
        (number, request): (u64, &RequestRef<'_>),
        prefix: u32,
        timing: &Timing,
        block_size: u32,
    ) {
        let (Some(account), Some(timed)) = (&mut self.account, &self.timed) else { return };
        let Request { input_tokens, output_tokens, .. } = *request.request;
        let blocks = complete(request.blocks, input_tokens, block_size);
        let cached = u64::from(prefix.min(blocks.len() as u32)) * u64::from(block_size);
        let prefilled_s = timing.finish_s();
        let booking = Booking {
            number,
            node,
            blocks,
            tokens: u64::from(input_tokens) - cached,
            prefilled_s,
            ended_s: timed.config().service.ends_at(prefilled_s, output_tokens),
        };
        account.book(&booking, &mut self.signals);
    }

    /// Carries out one transfer of a migration; see [`Caches::transfer`].
    pub fn transfer(&mut self, transfer: &Transfer) -> Tally<u32> {
        self.caches.transfer(transfer)
    }

    /// Which nodes take new requests.
    #[inline]
    pub fn alive(&self) -> &[bool] {
        self.members.alive()
    }

    /// How many nodes take new requests.
    #[inline]
    pub fn living(&self) -> usize {
        self.members.living()
    }

    /// `node` loses its blocks, its queue and all that is known of its work; with `fresh` as its
    /// cache it may be healed. Returns how many blocks were lost.
    pub fn kill(&mut self, node: NodeId, fresh: Box<dyn NodeCache>) -> u32 {
        self.members.set(node.index(), NodeState::Dead);
        if let Some(timed) = &mut self.timed {
            timed.clear(node, &mut self.signals);
        }
        if let Some(account) = &mut self.account {
            account.clear(node);
        }
        self.pending.clear(node);
        self.ready.clear(node);
        self.caches.lose(node, fresh)
    }

    /// `node` takes no new requests, and goes on with what it has.
    pub fn drain(&mut self, node: NodeId) {
        self.members.set(node.index(), NodeState::Draining);
    }

    /// `node` takes requests again.
    pub fn heal(&mut self, node: NodeId) {
        self.members.set(node.index(), NodeState::Alive);
    }

    /// The next `nodes` nodes join.
    pub fn add(&mut self, nodes: u32) {
        self.members.join(nodes as usize);
    }

    /// Prefills that start on `node` from now on take `factor` times as long.
    pub fn slow(&mut self, node: NodeId, factor: f64) {
        if let Some(timed) = &mut self.timed {
            timed.slow(node, factor);
        }
    }

    /// Requests that wait on `node`, all behind the first of them, have other times.
    pub fn retime(&mut self, node: NodeId, all: &[Retimed]) {
        if let Some(timed) = &mut self.timed {
            timed.retime(node, all, &mut self.signals);
        }
        if let Some(account) = &mut self.account {
            account.retime(all);
        }
        self.pending.retime(all);
        self.ready.retime(all);
    }

    /// `block` leaves every cache; returns how many had it.
    pub fn drop_block(&mut self, block: BlockId) -> u32 {
        self.caches.drop_block(block)
    }

    /// What every node is to the others.
    pub fn states(&self) -> &[NodeState] {
        self.members.states()
    }

    /// The queues; `None` under the logical clock.
    pub fn timed(&self) -> Option<&Timed> {
        self.timed.as_ref()
    }

    /// Loads at this moment; zeros under the logical clock, but for assignments.
    pub fn signals(&self) -> &Signals {
        &self.signals
    }

    /// Loads as the router sees them.
    pub fn published(&self) -> &Signals {
        // Exact ones need no copy.
        if self.refresh == 0.0 { &self.signals } else { &self.published }
    }

    /// Brings queues up to `now_s`; returns the moment reached: a request that comes late
    /// arrives when its turn comes.
    pub fn advance(&mut self, now_s: f64) -> f64 {
        let Some(timed) = &mut self.timed else { return now_s };
        timed.advance(now_s, &mut self.signals);
        let now_s = timed.now_s();
        if let Some(account) = &mut self.account {
            account.advance(now_s, &mut self.signals);
        }
        self.ready.advance(now_s);
        now_s
    }

    /// Stores the next request in service that has finished by `now_s`, where blocks become
    /// visible at completion.
    pub fn store_finished(&mut self, now_s: f64) -> Option<Stored> {
        let finished = self.pending.pop(now_s)?;
        Some(self.caches.store(finished.node, &finished.blocks, &finished.next_use))
    }

    /// Publishes the signals if those the router has are too old; returns whether it did.
    pub fn publish(&mut self, now_s: f64) -> bool {
        let fresh = self.published_at.is_none_or(|at| self.refresh <= now_s - at);
        if fresh {
            if self.refresh > 0.0 {
                self.published.copy_from(&self.signals);
            }
            self.published_at = Some(now_s);
        }
        fresh
    }

    /// How old the published signals are: seconds, or without time requests.
    pub fn signal_age(&self, now_s: f64) -> f64 {
        self.published_at.map_or(0.0, |at| now_s - at)
    }

    /// What serving `request` on `node` now would take: `cached` of its tokens need no prefill,
    /// and its blocks `fetched` come from `source` first. `None` under the logical clock.
    pub fn estimate(
        &self,
        node: NodeId,
        request: &RequestRef<'_>,
        cached: u32,
        (source, fetched): (Option<NodeId>, std::ops::Range<usize>),
    ) -> Option<Timing> {
        let timed = self.timed.as_ref()?;
        let fetch = source.map(|source| {
            let ready_s = self.ready.at(source, &request.blocks[fetched.clone()]);
            Fetch { source, blocks: fetched.len() as u32, ready_s }
        });
        Some(timed.estimate(node, request.request.input_tokens, cached, fetch))
    }

    /// Whether the objective is enforced and would be missed, by a request with the times that
    /// would count.
    pub fn rejects(&self, timing: Option<&Timing>) -> bool {
        match (&self.timed, timing) {
            (Some(timed), Some(timing)) => {
                timed.config().enforce_slo && timed.config().slo_s < timing.ttft_s
            }
            _ => false,
        }
    }

    /// Counts so many assignments to `node`.
    pub fn assign(&mut self, node: NodeId, requests: u64) {
        self.signals.assigned[node.index()] += requests;
    }

    /// Queues the request on `node` with the timing estimated for it.
    pub fn accept(&mut self, node: NodeId, timing: &Timing, source: Option<NodeId>, work: Work) {
        if let Some(timed) = &mut self.timed {
            timed.accept(node, timing, source, work, &mut self.signals);
        }
    }

    /// Notes when the blocks will be there that the request, which starts with `prefix` blocks of
    /// which `fetched` come from elsewhere, fetches and computes on its node; only where transfers
    /// wait for that.
    pub fn expect(
        &mut self,
        (node, number): (NodeId, u64),
        request: &RequestRef<'_>,
        (prefix, fetched): (u32, u32),
        timing: &Timing,
    ) {
        let Some(timed) = &self.timed else { return };
        // What becomes visible at completion is ready whenever it can be matched.
        if timed.config().transfers_wait && !timed.config().visible_at_completion {
            let (had, computed) = request.blocks.split_at(prefix as usize);
            let fetched = &had[had.len() - fetched as usize..];
            self.ready.expect(node, fetched, timing.transferred_s(), number);
            self.ready.expect(node, computed, timing.finish_s(), number);
        }
    }

    /// Touches or inserts the request's blocks on `node`, now; or once its prefill has finished,
    /// where that is when blocks become visible: then `None`.
    pub fn store(
        &mut self,
        node: NodeId,
        number: u64,
        request: &RequestRef<'_>,
        timing: Option<&Timing>,
    ) -> Option<Stored> {
        if let (Some(timed), Some(timing)) = (&self.timed, timing)
            && timed.config().visible_at_completion
        {
            let (blocks, next_use) = (request.blocks.to_vec(), request.next_use.to_vec());
            self.pending.push(timing.finish_s(), number, Finished { node, blocks, next_use });
            return None;
        }
        Some(self.caches.store(node, request.blocks, request.next_use))
    }

    /// Touches or inserts a request's blocks on `node`, now, as a cluster does in which nothing
    /// takes time.
    pub fn serve(&mut self, node: NodeId, blocks: &[BlockId], next_use: &[u32]) -> Served {
        self.caches.serve(node, blocks, next_use)
    }

    /// Adds to `kept` what the cluster remembers: what is resident, what eviction policies have
    /// ghosts of, and what requests in flight will store or use.
    pub fn keep_names(&self, kept: &mut Kept) {
        self.caches.keep_names(kept);
        self.pending.keep_names(kept);
        self.ready.keep_names(kept);
        if let Some(account) = &self.account {
            account.keep_names(kept);
        }
    }

    /// Forgets what is neither in `kept`, which has all that the cluster remembers, nor an ancestor
    /// of what is. O(blocks known).
    pub fn forget(&mut self, kept: &mut Kept) {
        self.caches.forget(kept);
        if let Some(account) = &mut self.account {
            account.forget(kept);
        }
    }

    /// Recounts everything from scratch. O(resident blocks).
    ///
    /// # Panics
    /// If anything disagrees.
    pub fn validate(&self) {
        self.caches.validate();
        self.members.validate();
        let gone = |&node: &usize| {
            matches!(self.members.states()[node], NodeState::Dead | NodeState::Absent)
        };
        for node in (0..self.members.states().len()).filter(gone) {
            let has = (self.resident()[node], self.signals.unfinished[node]);
            assert_eq!(has, (0, 0), "blocks and requests of node {node}, which is not there");
        }
        let none_left = self.timed.is_none() && self.signals.unfinished.iter().any(|&it| it > 0);
        assert!(!none_left, "unfinished requests under the logical clock");
    }
}
