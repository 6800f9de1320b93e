//! The parts of serving one request, in the order in which they happen.

use super::Simulator;
use super::cluster::Cluster;
use super::pending::Finished;
use super::source::Next;
use crate::clock::Timed;
use crate::clock::timed::Work;
use crate::config::Checked;
use crate::event::{Event, Migrated, Routed};
use crate::migrate::{MigrationView, Plan};
use crate::model::Request;
use crate::model::Timing;
use crate::model::{BlockId, NodeId};
use crate::route::{ClusterView, Outcome, Route, Signals};

/// Where a request goes and with what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) route: Route,
    /// Leading blocks it starts with, fetched ones included.
    pub(super) prefix: u32,
    pub(super) fetched: u32,
    /// Leading blocks used before in the trace.
    pub(super) ceiling: u32,
    pub(super) timing: Option<Timing>,
}

/// A request at the moment of its decision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a> {
    pub(super) request: &'a Request,
    pub(super) blocks: &'a [BlockId],
    pub(super) number: u64,
    pub(super) now_s: f64,
    pub(super) refreshed: bool,
}

impl<'a> Moment<'a> {
    /// The cluster as the router sees it now: caches, published signals, queues.
    pub(super) fn view(
        &self,
        config: &Checked,
        matched: &'a [u32],
        (cluster, signals, timed): (&'a Cluster, &'a Signals, Option<&'a Timed>),
    ) -> ClusterView<'a> {
        ClusterView {
            request: self.request,
            blocks: self.blocks,
            decisions: self.number - 1,
            now_s: self.now_s,
            block_size: config.block_size,
            capacity: config.capacity,
            matched,
            resident: &cluster.resident,
            residency: &cluster.ledger,
            signals,
            refreshed: self.refreshed,
            service: timed.map(|timed| &timed.config().service),
        }
    }
}

impl Simulator {
    /// Brings queues up to `now_s` and stores what has finished by then. Returns the moment
    /// reached: a request that comes late arrives when its turn comes.
    pub(super) fn advance(&mut self, now_s: f64) -> f64 {
        let Some(timed) = &mut self.timed else { return now_s };
        timed.advance(now_s, &mut self.signals);
        let now_s = timed.now_s();
        self.ready.advance(now_s);
        while let Some(finished) = self.pending.pop(now_s) {
            self.store(finished.node, &finished.blocks, &finished.next_use);
        }
        now_s
    }

    /// Stores everything still in service, once the trace is over.
    pub(super) fn flush(&mut self) {
        while let Some(finished) = self.pending.pop(f64::INFINITY) {
            self.store(finished.node, &finished.blocks, &finished.next_use);
        }
    }

    fn store(&mut self, node: NodeId, blocks: &[BlockId], next_use: &[u32]) -> u32 {
        let stored = self.cluster.store(node, blocks, next_use);
        self.metrics.on(&Event::Stored(node, stored));
        stored.evicted
    }

    /// Carries out the migration rule's plan, if it has one now.
    pub(super) fn migrate(&mut self, now_s: f64) {
        let Some(migrator) = &mut self.migrator else { return };
        let view = MigrationView {
            number: self.number,
            now_s,
            resident: &self.cluster.resident,
            residency: &self.cluster.ledger,
            signals: &self.signals,
            facts: &self.cluster,
        };
        let plan = migrator.plan(&view);
        if !plan.is_empty() {
            let shares = (0..self.config.nodes).map(|node| view.share(node));
            let share_before = shares.fold(0.0, f64::max);
            self.execute(&plan, share_before);
        }
    }

    fn execute(&mut self, plan: &Plan, share_before: f64) {
        for transfer in plan {
            let moved = self.cluster.transfer(transfer);
            self.metrics.on(&Event::Migrated(Migrated {
                number: self.number,
                time_s: self.last_arrival_s,
                source: transfer.source,
                target: transfer.target,
                kind: transfer.kind.id(),
                chosen: transfer.blocks.len() as u32,
                moved: moved.moved,
                dropped: moved.dropped,
                evicted: moved.evicted,
                share_before,
            }));
        }
    }

    /// Publishes the signals if those the router has are too old; returns whether it did.
    pub(super) fn publish(&mut self, now_s: f64) -> bool {
        let fresh = self.published_at.is_none_or(|at| self.refresh <= now_s - at);
        if fresh {
            self.published.clone_from(&self.signals);
            self.published_at = Some(now_s);
        }
        fresh
    }

    /// Whether the objective is enforced and would be missed.
    pub(super) fn rejects(&self, timing: Option<&Timing>) -> bool {
        match (&self.timed, timing) {
            (Some(timed), Some(timing)) => {
                timed.config().enforce_slo && timed.config().slo_s < timing.ttft_s
            }
            _ => false,
        }
    }

    /// Queues the request, counts its match, then touches or inserts its blocks; returns how
    /// many blocks were evicted for it by now.
    pub(super) fn place(&mut self, request: &Request, next: &Next, placed: &Placed) -> u32 {
        let node = placed.route.node;
        self.signals.assigned[node.index()] += 1;
        let saved = |blocks: u32| {
            let tokens = u64::from(blocks) * u64::from(self.config.block_size);
            // The timed clock always computes one token; the logical one counts them all.
            let most = request.input_tokens.saturating_sub(u32::from(self.timed.is_some()));
            tokens.min(u64::from(most)) as u32
        };
        let (hit_tokens, ceiling_tokens) = (saved(placed.prefix), saved(placed.ceiling));
        if let (Some(timed), Some(timing)) = (&mut self.timed, &placed.timing) {
            let all = u64::from(request.input_tokens) + u64::from(request.output_tokens);
            let work = Work {
                sequence: self.number,
                tokens: u64::from(request.input_tokens - hit_tokens),
                blocks: next.blocks.len() as u64,
                output_tokens: request.output_tokens,
                decode_blocks: all.div_ceil(u64::from(self.config.block_size)),
            };
            let source = placed.route.fetch_from.filter(|_| placed.fetched > 0);
            timed.accept(node, timing, source, work, &mut self.signals);
            if timed.config().transfers_wait {
                let computed = &next.blocks[placed.prefix as usize..];
                self.ready.compute(node, computed, timing.finish_s(), self.number);
            }
        }
        let longest_queue = self.signals.unfinished.iter().copied().max().unwrap_or(0);
        self.metrics.on(&Event::Routed(Routed {
            number: self.number,
            request,
            blocks: &next.blocks,
            node,
            prefix: placed.prefix,
            fetched: placed.fetched,
            reachable: self.matched.iter().copied().max().unwrap_or(0),
            ceiling: placed.ceiling,
            hit_tokens,
            ceiling_tokens,
            timing: placed.timing,
            longest_queue,
        }));
        match (&self.timed, &placed.timing) {
            (Some(timed), Some(timing)) if timed.config().visible_at_completion => {
                let (blocks, next_use) = (next.blocks.clone(), next.next_use.clone());
                let finished = Finished { node, blocks, next_use };
                self.pending.push(timing.finish_s(), self.number, finished);
                0
            }
            _ => self.store(node, &next.blocks, &next.next_use),
        }
    }

    /// Tells router and migration rule what became of the request.
    pub(super) fn tell(&mut self, moment: &Moment<'_>, outcome: &Outcome) {
        let state = (&self.cluster, &self.published, self.timed.as_ref());
        let view = moment.view(&self.config, &self.matched, state);
        self.router.learn(&view, outcome);
        if let Some(migrator) = &mut self.migrator {
            migrator.learn(moment.now_s, moment.blocks, outcome);
        }
    }
}
