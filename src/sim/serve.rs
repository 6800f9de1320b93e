//! Serving one request: the numbered steps of docs/metrics.md, in their order.

use super::Lane;
use crate::clock::timed::Work;
use crate::cluster::Cluster;
use crate::config::Resolved;
use crate::event::{Event, Migrated, Rejected, Routed};
use crate::migrate::{MigrationView, Plan};
use crate::model::{NodeId, Outcome, Request, RequestRef, Route, Tally, Timing};
use crate::route::{ClusterView, Notes};

/// A request at the moment of its decision.
#[derive(Clone, Copy)]
struct Moment<'a> {
    request: RequestRef<'a>,
    arrival: Arrival,
    now_s: f64,
    refreshed: bool,
}

/// Which request arrives, for the first time or again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    /// Its number from 1.
    pub(super) number: u64,
    /// Of one that arrives again: when it came first, on the clock of the run, and how many leading
    /// blocks the trace had used before it then.
    pub(super) again: Option<(f64, u32)>,
}

/// Where a request goes and with what. Counts are in blocks.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub(super) route: Route,
    /// The leading run it starts with, fetched blocks included.
    prefix: u32,
    fetched: u32,
    /// Leading blocks that the trace had used before.
    pub(super) ceiling: u32,
    /// Prompt tokens that it starts with under the timed clock.
    pub(super) cached: u32,
    /// What serving it takes from now on.
    pub(super) timing: Option<Timing>,
    /// The same, counted from its first arrival.
    pub(super) counted: Option<Timing>,
}

impl Lane {
    /// Serves the request, which arrives at `arrival_s` under the timed clock; returns when it will
    /// have finished, all of its output generated. One that is turned away has at once.
    pub(super) fn serve(&mut self, found: &RequestRef<'_>, arrival_s: Option<f64>) -> f64 {
        self.number += 1;
        // All times count from the first arrival.
        let first_s = *self.first_arrival_s.get_or_insert(found.request.arrival_s);
        self.last_arrival_s = found.request.arrival_s - first_s;
        // 1. Time moves: queues drain, and what finished becomes visible.
        let now_s = self.advance(arrival_s.unwrap_or(self.number as f64));
        self.arrive(found, &Arrival { number: self.number, again: None }, now_s)
    }

    /// The request arrives, now; returns as [`Lane::serve`].
    pub(super) fn arrive(&mut self, found: &RequestRef<'_>, arrival: &Arrival, now_s: f64) -> f64 {
        self.arrivals += 1;
        let request = Request { arrival_s: self.last_arrival_s, ..*found.request };
        // A log that several lanes share may know the future when this one does not ask.
        let next_use = if self.config.checked.needs_future { found.next_use } else { &[] };
        let found = RequestRef { request: &request, next_use, ..*found };
        // 2. The migration rule acts, if it is due.
        self.migrate(now_s);
        // 3. Every node's prefix match, before anything is inserted.
        self.cluster.match_prefixes(found.blocks, &mut self.matched);
        let named = self.cluster.name(found.blocks);
        let ceiling = arrival.again.map_or(named, |(_, ceiling)| ceiling);
        if self.cluster.living() == 0 {
            return self.reject(arrival, None, now_s);
        }
        // 4. The router decides on signals as old as its refresh age allows.
        let refreshed = self.cluster.publish(now_s);
        let block_size = self.config.block_size;
        self.cluster.match_active(&found, block_size, &mut self.active_matched);
        let moment = Moment { request: found, arrival: *arrival, now_s, refreshed };
        let placed = self.decide(&moment, ceiling);
        let node = placed.route.node;
        // 5. A request that would miss an enforced objective is turned away.
        if self.cluster.rejects(placed.counted.as_ref()) {
            return self.reject(arrival, Some(node), now_s);
        }
        // 6. The match on the chosen node is counted, then the blocks are touched or inserted.
        let evicted_blocks = self.place(&found, arrival, &placed);
        // 7. Router and rule hear what became of it.
        let ttft_s = placed.counted.map_or(0.0, |timing| timing.ttft_s);
        let outcome = Outcome { node, ttft_s, hit_blocks: placed.prefix, evicted_blocks };
        self.tell(&moment, &outcome);
        match (&placed.timing, self.cluster.timed()) {
            (Some(timing), Some(timed)) => {
                timed.config().service.ends_at(timing.finish_s(), request.output_tokens)
            }
            _ => now_s,
        }
    }

    /// Stores everything still in service, once the trace is over. A debug run ends with a look
    /// at everything.
    pub(super) fn finish(&mut self) {
        self.store_finished(f64::INFINITY);
        if cfg!(debug_assertions) {
            self.validate();
        }
    }

    /// Turns the request away; it has finished at once.
    fn reject(&mut self, arrival: &Arrival, node: Option<NodeId>, now_s: f64) -> f64 {
        let Arrival { number, again } = *arrival;
        let time_s = self.last_arrival_s;
        let rejected = Rejected { number, time_s, node, again: again.is_some() };
        self.metrics.on(&Event::Rejected(rejected));
        now_s
    }

    pub(super) fn advance(&mut self, now_s: f64) -> f64 {
        let now_s = self.cluster.advance(now_s);
        self.store_finished(now_s);
        now_s
    }

    fn store_finished(&mut self, now_s: f64) {
        while let Some(stored) = self.cluster.store_finished(now_s) {
            self.metrics.on(&Event::Stored(stored));
        }
    }

    fn migrate(&mut self, now_s: f64) {
        let Some(migrator) = &mut self.migrator else { return };
        let view = MigrationView {
            number: self.arrivals,
            now_s,
            alive: self.cluster.alive(),
            resident: self.cluster.resident(),
            residency: self.cluster.residency(),
            signals: self.cluster.signals(),
            facts: self.cluster.caches(),
        };
        let plan = migrator.plan(&view);
        if !plan.is_empty() {
            let shares = view.living().map(|node| view.share(node));
            let share_before = shares.fold(0.0, f64::max);
            self.execute(&plan, share_before);
        }
    }

    fn execute(&mut self, plan: &Plan, share_before: f64) {
        for transfer in plan {
            let tally = self.cluster.transfer(transfer);
            let resident = |node: NodeId| self.cluster.resident()[node.index()];
            self.metrics.on(&Event::Migrated(Migrated {
                number: self.number,
                time_s: self.last_arrival_s,
                source: transfer.source,
                target: transfer.target,
                kind: transfer.kind.id(),
                blocks: &transfer.blocks,
                tally,
                resident: [resident(transfer.source), resident(transfer.target)],
                share_before,
            }));
        }
    }

    fn decide(&mut self, moment: &Moment<'_>, ceiling: u32) -> Placed {
        let explains = self.metrics.explains();
        let mut notes = Notes::new(explains);
        let matches = (&self.matched[..], &self.active_matched[..]);
        let view = view(&self.config, &self.cluster, matches, (moment, self.arrivals));
        let route = self.router.route(&view, &mut notes);
        assert!(view.alive[route.node.index()], "a request for a node that is not alive");
        let own = self.matched[route.node.index()];
        let there = route.fetch_from.map_or(0, |source| self.matched[source.index()]);
        let (prefix, fetched) = (own.max(there), own.max(there) - own);
        let cached = view.cached_tokens(prefix);
        let fetch = (route.fetch_from, own as usize..prefix as usize);
        let timing = self.cluster.estimate(route.node, &moment.request, cached, fetch);
        if explains {
            let mut decision = notes.decision(moment.arrival.number, route.node.index() as u32);
            decision.blocks = moment.request.blocks.len() as u32;
            decision.matched.clone_from(&self.matched);
            decision.signal_age = self.cluster.signal_age(moment.now_s);
            if let Some(timing) = &timing {
                let alone = |(node, &matched): (usize, &u32)| {
                    if !view.alive[node] {
                        return Some(f64::NAN);
                    }
                    let (node, own) = (NodeId::from_index(node), matched as usize);
                    let cached = view.cached_tokens(matched);
                    let fetch = (None, own..own);
                    let timing = self.cluster.estimate(node, &moment.request, cached, fetch);
                    timing.map(|timing| timing.ttft_s)
                };
                let all = self.matched.iter().enumerate().filter_map(alone);
                decision.ttft_s = all.collect();
                decision.ttft_s[route.node.index()] = timing.ttft_s;
            }
            self.metrics.on(&Event::Decided(&decision));
        }
        let counted = match moment.arrival.again {
            Some((first_s, _)) => timing.map(|timing| timing.since(first_s)),
            None => timing,
        };
        Placed { route, prefix, fetched, ceiling, cached, timing, counted }
    }

    /// Queues the request, counts its match, then touches or inserts its blocks; returns how
    /// many blocks were evicted for it by now.
    fn place(&mut self, found: &RequestRef<'_>, arrival: &Arrival, placed: &Placed) -> u32 {
        let (node, request) = (placed.route.node, found.request);
        self.cluster.assign(node, 1);
        let saved = |blocks: u32| {
            let tokens = found.tokens_in(blocks, self.config.block_size);
            // The timed clock always computes one token; the logical one counts them all.
            let most = request.input_tokens.saturating_sub(u32::from(placed.timing.is_some()));
            tokens.min(u64::from(most)) as u32
        };
        let (hit_tokens, ceiling_tokens) = (saved(placed.prefix), saved(placed.ceiling));
        if let Some(timing) = &placed.timing {
            let all = u64::from(request.input_tokens) + u64::from(request.output_tokens);
            let work = Work {
                sequence: self.arrivals,
                tokens: u64::from(request.input_tokens - hit_tokens),
                blocks: found.blocks.len() as u64,
                output_tokens: request.output_tokens,
                decode_blocks: all.div_ceil(u64::from(self.config.block_size)),
            };
            let source = placed.route.fetch_from.filter(|_| placed.fetched > 0);
            self.cluster.accept(node, timing, source, work);
            self.cluster.expect(
                (node, self.arrivals),
                found,
                (placed.prefix, placed.fetched),
                timing,
            );
            let (entry, block_size) = ((self.arrivals, found), self.config.block_size);
            self.cluster.book(node, entry, placed.prefix, timing, block_size);
        }
        let mut tally = Tally {
            requests: 1,
            blocks: found.blocks.len() as u32,
            prefix_hits: placed.prefix,
            reachable_hits: self.matched.iter().copied().max().unwrap_or(0),
            ceiling_hits: placed.ceiling,
            hit_tokens,
            input_tokens: request.input_tokens,
            output_tokens: request.output_tokens,
            ceiling_tokens,
            transferred_blocks: placed.fetched,
            ..Tally::default()
        };
        let timing = placed.timing.as_ref();
        if let Some(stored) = self.cluster.store(node, self.arrivals, found, timing) {
            tally += stored.tally;
        }
        if self.flights.is_some() {
            self.keep(arrival, placed, found, &tally);
        }
        let routed = Routed {
            number: arrival.number,
            time_s: request.arrival_s,
            node,
            blocks: found.blocks,
            fetched_from: placed.route.fetch_from,
            tally,
            resident: self.cluster.resident()[node.index()],
            timing: placed.counted,
            queues: &self.cluster.signals().unfinished,
        };
        if let Some(monitor) = &mut self.monitor {
            monitor.on(&routed);
        }
        self.metrics.on(&Event::Routed(routed));
        tally.evictions
    }

    fn tell(&mut self, moment: &Moment<'_>, outcome: &Outcome) {
        let matches = (&self.matched[..], &self.active_matched[..]);
        let view = view(&self.config, &self.cluster, matches, (moment, self.arrivals));
        self.router.learn(&view, outcome);
        if let Some(migrator) = &mut self.migrator {
            migrator.learn(moment.now_s, moment.request.blocks, outcome);
        }
    }
}

/// The cluster as the router sees it now: caches, published signals, queues.
fn view<'a>(
    config: &Resolved,
    cluster: &'a Cluster,
    (matched, active_matched): (&'a [u32], &'a [u32]),
    (moment, arrivals): (&Moment<'a>, u64),
) -> ClusterView<'a> {
    let outputs = config.checked.needs_outputs;
    ClusterView {
        request: moment.request.request.into(),
        blocks: moment.request.blocks,
        token_ends: moment.request.token_ends,
        decisions: arrivals - 1,
        now_s: moment.now_s,
        block_size: config.block_size,
        capacity: config.capacity,
        alive: cluster.alive(),
        matched,
        active_matched,
        resident: cluster.resident(),
        residency: cluster.residency(),
        signals: cluster.published(),
        refreshed: moment.refreshed,
        service: cluster.timed().map(|timed| &timed.config().service),
        outputs: outputs.then(|| cluster.published().outputs(moment.request.request)),
    }
}
