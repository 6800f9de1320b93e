//! The simulator: the only writer of cluster state.
//!
//! Requests go in through [`Simulator::queue`]; [`Simulator::step`] serves them one by one in the
//! order of docs/metrics.md: migrate if due, route, count the prefix match, then touch and
//! insert. Policies decide, the simulator acts, metrics hear of it as events.

mod cluster;
mod pending;
mod ready;
mod source;
mod serve;
mod report;

pub use report::{Summary, TtftSummary};

use crate::cache::Store;
use crate::clock::Timed;
use crate::clock::timed::Fetch;
use crate::config::{Checked, Config};
use crate::error::Result;
use crate::event::Event;
use crate::migrate::Migrator;
use crate::model::Request;
use crate::observe::Metrics;
use crate::rng::Stream;
use crate::route::{Decision, Notes, Outcome, Route, Router, RouterBuild, Signals};
use crate::trace::RequestQueue;
use cluster::Cluster;
use pending::Pending;
use ready::Ready;
use serve::{Moment, Placed};
use source::{Next, Source};

/// A cluster serving a trace.
pub struct Simulator {
    config: Checked,
    queue: RequestQueue,
    ended: bool,
    source: Source,
    next: Next,
    cluster: Cluster,
    router: Box<dyn Router>,
    migrator: Option<Box<dyn Migrator>>,
    timed: Option<Timed>,
    pending: Pending,
    ready: Ready,
    /// Exact signals, and those the router sees.
    signals: Signals,
    published: Signals,
    published_at: Option<f64>,
    refresh: f64,
    matched: Vec<u32>,
    number: u64,
    /// Arrival of the first request, as the trace has it; all times count from it.
    first_arrival_s: Option<f64>,
    last_arrival_s: f64,
    metrics: Metrics,
    explain: bool,
    decision: Option<Decision>,
}

impl Simulator {
    /// A cluster with empty caches.
    ///
    /// # Errors
    /// A configuration error with every reason at once.
    pub fn new(config: &Config) -> Result<Self> {
        let config = config.check()?;
        let nodes = config.nodes;
        let router = (config.router.build)(RouterBuild {
            params: &config.router_params,
            nodes,
            stream: Stream::new(config.seed, "router", 0),
        });
        let refresh = config.router_params.values().find(|(name, _)| *name == "refresh");
        let refresh = refresh.map_or(0.0, |_| config.router_params.number("refresh"));
        let slo_s = config.timed.as_ref().map_or(0.0, |timed| timed.slo_s);
        Ok(Self {
            queue: RequestQueue::new(),
            ended: false,
            source: Source::new(&config),
            next: Next::default(),
            cluster: Cluster::new(&config),
            router,
            migrator: config.migration.as_ref().map(|(row, params)| (row.build)(params, nodes)),
            timed: config.timed.clone().map(|timed| Timed::new(timed, nodes)),
            pending: Pending::default(),
            ready: Ready::default(),
            signals: Signals::new(nodes),
            published: Signals::new(nodes),
            published_at: None,
            refresh,
            matched: Vec::new(),
            number: 0,
            first_arrival_s: None,
            last_arrival_s: 0.0,
            metrics: Metrics::new(nodes, config.window, 1, slo_s),
            explain: false,
            decision: None,
            config,
        })
    }

    /// Where parsed requests go in.
    pub fn queue(&mut self) -> &mut RequestQueue {
        &mut self.queue
    }

    /// No request will follow.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// Takes the trace's word for the tokens in a block, unless the configuration has its own.
    /// To be called before the first step.
    pub fn set_block_size(&mut self, block_size: u32) {
        if !self.config.block_size_given {
            self.config.block_size = block_size;
            if let Some(timed) = &mut self.timed {
                timed.set_block_size(block_size);
            }
        }
    }

    /// Requests that went in and have not been served.
    pub fn waiting(&self) -> usize {
        self.queue.len() + self.source.held()
    }

    /// Whether every request of an ended trace has been served.
    pub fn is_done(&self) -> bool {
        self.ended && self.waiting() == 0
    }

    /// Requests served or rejected so far.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Arrival of the latest request, in seconds after the first.
    pub fn time_s(&self) -> f64 {
        self.last_arrival_s
    }

    /// From now on caches count how often their blocks are used, as frames show and migration
    /// needs. To be called before the first step.
    pub fn count_touches(&mut self) {
        self.cluster.count_touches();
    }

    /// What a node's cache holds.
    pub fn cache(&self, node: usize) -> &Store {
        self.cluster.caches[node].store()
    }

    /// Queues and waits at this moment; zeros under the logical clock.
    pub fn signals(&self) -> &Signals {
        &self.signals
    }

    /// Distinct blocks that requests have used.
    pub fn distinct_blocks(&self) -> u64 {
        self.cluster.distinct()
    }

    /// The configuration in force.
    pub fn config(&self) -> &Checked {
        &self.config
    }

    /// Everything counted.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Whether decisions are taken down; the next one served then can be read by
    /// [`Simulator::decision`].
    pub fn explain(&mut self, wanted: bool) {
        self.explain = wanted;
    }

    /// The components of the latest decision taken down.
    pub fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }

    /// Serves at most `n` requests; returns how many. Fewer are served when the queue runs dry,
    /// or while a configuration that needs the whole trace waits for its end.
    ///
    /// # Errors
    /// If the whole trace must be held and is too long for it.
    pub fn step(&mut self, n: usize) -> Result<usize> {
        for served in 0..n {
            if !self.source.prepare(&mut self.queue, self.ended)? {
                if self.is_done() {
                    self.flush();
                }
                return Ok(served);
            }
            self.begin_counting();
            let mut next = std::mem::take(&mut self.next);
            if let Some((mut request, at)) = self.source.pop(&mut self.queue, &mut next) {
                request.arrival_s -= *self.first_arrival_s.get_or_insert(request.arrival_s);
                self.serve(&request, at, &next);
            }
            self.next = next;
            if cfg!(debug_assertions) && self.number.is_power_of_two() {
                self.validate();
            }
        }
        if self.is_done() {
            self.flush();
        }
        Ok(n)
    }

    /// Serves everything that can be.
    ///
    /// # Errors
    /// As [`Simulator::step`].
    pub fn run(&mut self) -> Result<()> {
        while self.step(4096)? > 0 {}
        Ok(())
    }

    /// Recounts everything from scratch. O(resident blocks).
    ///
    /// # Panics
    /// If anything disagrees.
    pub fn validate(&self) {
        self.cluster.validate();
        let placed: u64 = self.signals.assigned.iter().sum();
        let (sums, latency) = (self.metrics.sums(), self.metrics.latency());
        if self.config.warmup == 0.0 {
            assert_eq!(placed + sums.rejected, self.number, "placed and rejected requests");
            assert!(latency.count == 0 || latency.count == placed, "timed requests");
            assert!(sums.prefix_hits <= sums.reachable_hits, "a match above the best");
            assert!(sums.reachable_hits <= sums.ceiling_hits, "a match above the ceiling");
        }
    }

    /// Sets where counting starts, once a held trace shows its length.
    fn begin_counting(&mut self) {
        if self.number == 0
            && self.config.warmup > 0.0
            && let Some(total) = self.source.total()
        {
            let warm = libm::floor(total as f64 * self.config.warmup) as u64;
            let slo_s = self.config.timed.as_ref().map_or(0.0, |timed| timed.slo_s);
            self.metrics = Metrics::new(self.config.nodes, self.config.window, warm + 1, slo_s);
        }
    }

    fn serve(&mut self, request: &Request, at: Option<f64>, next: &Next) {
        self.number += 1;
        self.last_arrival_s = request.arrival_s;
        let now_s = at.unwrap_or(self.number as f64);
        let now_s = self.advance(now_s);
        self.migrate(now_s);
        let blocks = &next.blocks;
        self.cluster.ledger.prefix_matches(blocks, &mut self.matched);
        let ceiling = self.cluster.name(blocks);
        let refreshed = self.publish(now_s);

        let mut notes = Notes::new(self.explain);
        let moment = Moment { request, blocks, number: self.number, now_s, refreshed };
        let state = (&self.cluster, &self.published, self.timed.as_ref());
        let view = moment.view(&self.config, &self.matched, state);
        let route = self.router.route(&view, &mut notes);
        if self.explain {
            self.decision = Some(notes.decision(self.number, route.node.index() as u32));
        }
        let (prefix, fetched) = starting_prefix(&self.matched, &route);
        let cached = view.cached_tokens(prefix);
        let timing = self.timed.as_ref().map(|timed| {
            let fetch = route.fetch_from.map(|source| {
                let blocks = &next.blocks[(prefix - fetched) as usize..prefix as usize];
                Fetch { source, blocks: fetched, ready_s: self.ready.at(source, blocks) }
            });
            timed.estimate(route.node, request.input_tokens, cached, fetch)
        });
        if self.rejects(timing.as_ref()) {
            self.metrics.on(&Event::Rejected(route.node, request));
            self.metrics.on(&Event::Settled(&self.cluster.resident));
            return;
        }
        let placed = Placed { route, prefix, fetched, ceiling, timing };
        let evicted_blocks = self.place(request, next, &placed);
        let outcome = Outcome {
            node: route.node,
            ttft_s: timing.map_or(0.0, |timing| timing.ttft_s),
            hit_blocks: prefix,
            evicted_blocks,
        };
        self.tell(&moment, &outcome);
        self.metrics.on(&Event::Settled(&self.cluster.resident));
    }
}

/// The prefix a request starts with, and how many of its blocks are fetched first.
fn starting_prefix(matched: &[u32], route: &Route) -> (u32, u32) {
    let own = matched[route.node.index()];
    let there = route.fetch_from.map_or(0, |source| matched[source.index()]);
    let prefix = own.max(there);
    (prefix, prefix - own)
}
