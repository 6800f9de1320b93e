//! A lane: one configuration serving a log.
//!
//! [`Lane::step`] takes requests out of the log in this lane's order and serves each in the
//! numbered steps of `serve`. Policies decide, the lane acts, observers hear of it as events.

mod serve;
mod alone;
mod perturb;
mod flights;
mod watch;
mod budget;
mod report;
mod events;
mod monitored;

pub use budget::Bounds;
pub use monitored::MonitoringSummary;
pub use report::{HotBlock, HotSummary, PerturbedEvent, PerturbedSummary, Summary, TtftSummary};

use self::flights::Flights;
use self::perturb::Schedule;
use crate::cache::{Store, USE_BANDS};
use crate::clock::Timed;
use crate::cluster::{Caches, Cluster};
use crate::config::{Config, Resolved};
use crate::error::{Error, Result};
use crate::migrate::Migrator;
use crate::model::{NodeState, Retuning, Signals};
use crate::observe::{MOST_FAMILIES, Metrics, Observe};
use crate::route::{Decision, Router};
use crate::trace::Log;
use crate::trace::order::{Arrivals, Order};
use crate::tune::Monitor;
use budget::Budget;

/// A cluster serving a log. A clone is a checkpoint: it goes on as the original would.
#[derive(Clone)]
pub struct Lane {
    config: Resolved,
    order: Order,
    cluster: Cluster,
    router: Box<dyn Router>,
    migrator: Option<Box<dyn Migrator>>,
    matched: Vec<u32>,
    /// Leading blocks in use on every node, where there is an account.
    active_matched: Vec<u32>,
    number: u64,
    /// Requests taken so far, and again those that came back from killed nodes.
    arrivals: u64,
    /// There is nothing to choose and nothing to wait for: see `alone`.
    is_alone: bool,
    /// What is still to be done to the cluster.
    schedule: Option<Box<Schedule>>,
    /// What is unfinished, while it may yet be moved to another time.
    flights: Option<Box<Flights>>,
    /// The place in the log of the latest request.
    last_place: u64,
    /// Arrival of the first request, as the trace has it; all times count from it.
    first_arrival_s: Option<f64>,
    last_arrival_s: f64,
    metrics: Metrics,
    /// Watches the cluster, where anybody looks or its weights are tuned.
    monitor: Option<Box<Monitor>>,
    /// What it asked to change before the next request.
    retuning: Option<Box<Retuning>>,
    budget: Budget,
}

impl Lane {
    /// A cluster with empty caches for blocks of `block_size` tokens, which is the trace's word
    /// unless the configuration has its own. Everything is observed.
    ///
    /// # Errors
    /// A configuration error with every reason at once.
    pub fn new(config: &Config, block_size: Option<u32>) -> Result<Self> {
        Ok(Self::of(config.check()?.with_block_size(block_size)?, Observe::All))
    }

    /// As [`Lane::new`], of a checked configuration whose blocks have a size, observed as far as
    /// `observe` says.
    pub fn of(config: Resolved, observe: Observe) -> Self {
        let checked = &config.checked;
        let nodes = checked.all_nodes();
        let timed = config.timed.clone().map(|timed| Timed::new(timed, nodes));
        let order = config.timed.as_ref().map_or(Order::File(0), |timed| {
            Order::Arrival(Box::new(Arrivals::new(timed.rate, timed.spread_arrivals)))
        });
        let slo_s = config.timed.as_ref().map_or(0.0, |timed| timed.slo_s);
        let schedule = Schedule::new(&checked.perturb);
        let (router, migrator) = (config.router(), config.migrator());
        // Heat is drawn, and rules move the coldest.
        let asks_for_touches = observe == Observe::All || migrator.is_some();
        let monitor = Monitor::new(checked, observe == Observe::All);
        let is_alone = nodes == 1
            && observe == Observe::Sums
            && timed.is_none()
            && schedule.is_none()
            && migrator.is_none()
            && monitor.is_none();
        let cache = |node| if is_alone { config.lone_cache() } else { config.cache(node) };
        let caches = Caches::new((0..nodes).map(cache).collect(), asks_for_touches);
        Self {
            order,
            cluster: Cluster::new(caches, timed, config.refresh_age())
                .with_account(router.keeps_account())
                .with_first(checked.nodes),
            router,
            migrator,
            matched: Vec::new(),
            active_matched: Vec::new(),
            number: 0,
            arrivals: 0,
            flights: config
                .timed
                .as_ref()
                .and(schedule.as_ref())
                .and_then(|schedule| schedule.reschedules().then(|| Box::new(Flights::new(nodes)))),
            is_alone,
            schedule,
            last_place: 0,
            first_arrival_s: None,
            last_arrival_s: 0.0,
            metrics: Metrics::new(observe, nodes, checked.window, slo_s)
                .with_perturbations(checked.perturb.len(), checked.window)
                .with_watch(monitor.is_some()),
            monitor,
            retuning: None,
            budget: Budget::default(),
            config,
        }
    }

    /// Requests of the log that can be served at least, as long as it is now; 0 only if none
    /// can.
    pub fn ready(&mut self, log: &Log) -> u64 {
        if self.config.checked.needs_whole_trace && !log.is_ended() {
            return 0;
        }
        self.order.ready(log)
    }

    /// Requests of the log that were not served.
    pub fn waiting(&self, log: &Log) -> u64 {
        self.order.left(log)
    }

    /// The place in the log before which this lane will not look again.
    pub fn oldest(&self) -> u64 {
        if self.config.checked.needs_whole_trace && self.number == 0 {
            0
        } else {
            let again = self.flights.as_ref().and_then(|flights| flights.oldest(self.now_s()));
            again.into_iter().fold(self.order.oldest(), u64::min)
        }
    }

    /// The moment reached on the clock of the run; without time, none.
    fn now_s(&self) -> f64 {
        self.cluster.timed().map_or(0.0, |timed| timed.now_s())
    }

    /// Whether every request of an ended log has been served.
    pub fn is_done(&self, log: &Log) -> bool {
        log.is_ended() && self.waiting(log) == 0
    }

    /// Requests served or rejected so far.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Arrival of the latest request, in seconds after the first.
    pub fn time_s(&self) -> f64 {
        self.last_arrival_s
    }

    /// The place in the log of the latest request; 0 before any.
    pub fn latest(&self) -> u64 {
        self.last_place
    }

    /// What a node's cache holds.
    pub fn cache(&self, node: usize) -> &Store {
        self.cluster.caches().store_of(node)
    }

    /// What a node's cache holds by family, the blocks of none first, and in each by the bands of
    /// their uses; zeros where sums alone are observed. O(resident).
    pub fn held(&self, node: usize) -> [[u32; USE_BANDS]; MOST_FAMILIES + 1] {
        let mut held = [[0; USE_BANDS]; MOST_FAMILIES + 1];
        let store = self.cache(node);
        if let (Some(detail), true) = (self.metrics.detail(), store.counts_touches()) {
            for (slot, block) in store.resident() {
                held[usize::from(detail.families().of(block))][store.band(slot)] += 1;
            }
        }
        held
    }

    /// Queues and waits at this moment; zeros under the logical clock.
    pub fn signals(&self) -> &Signals {
        self.cluster.signals()
    }

    /// What every node is to the others.
    pub fn states(&self) -> &[NodeState] {
        self.cluster.states()
    }

    /// How many times as long a node's prefills take as they should.
    pub fn slow_of(&self, node: usize) -> f64 {
        self.cluster.timed().map_or(1.0, |timed| timed.slow_of(node))
    }

    /// Which nodes take new requests.
    pub fn alive(&self) -> &[bool] {
        self.cluster.alive()
    }

    /// Distinct blocks that requests have used; at most so many where there are
    /// [bounds](Lane::bounds).
    pub fn distinct_blocks(&self) -> u64 {
        self.cluster.caches().distinct()
    }

    /// The configuration in force.
    pub fn config(&self) -> &Resolved {
        &self.config
    }

    /// Everything counted.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Whether decisions are taken down; the next one served then can be read by
    /// [`Lane::decision`].
    ///
    /// # Errors
    /// If this lane keeps sums only.
    pub fn explain(&mut self, wanted: bool) -> Result<()> {
        self.metrics.explain(wanted)
    }

    /// Whether decisions are taken down.
    pub fn explains(&self) -> bool {
        self.metrics.explains()
    }

    /// The components of the latest decision taken down.
    pub fn decision(&self) -> Option<&Decision> {
        self.metrics.detail()?.decision()
    }

    /// Serves at most `n` requests; returns how many. Fewer are served when the log has no more
    /// that are ready, or while a configuration that needs the whole trace waits for its end.
    ///
    /// # Errors
    /// If the configuration needs the future of the trace and the log does not know it: see
    /// [`Log::look_ahead`].
    pub fn step(&mut self, log: &Log, n: u64) -> Result<u64> {
        let mut served = 0;
        while served < n {
            let ready = self.ready(log).min(n - served);
            if ready == 0 {
                break;
            }
            self.begin(log)?;
            if self.is_alone {
                served += self.step_alone(log, ready);
                self.tidy_up();
                continue;
            }
            for _ in 0..ready {
                if self.schedule.is_some() {
                    self.perturb(log);
                }
                let Some((place, arrival_s)) = self.order.next(log) else { break };
                self.last_place = place;
                self.retune();
                let found = log.get(place);
                let finish_s = self.serve(&found, arrival_s);
                self.order.finished(found.request, finish_s);
                self.watch();
                served += 1;
                self.tidy_up();
            }
        }
        if self.is_done(log) {
            self.finish();
        }
        Ok(served)
    }

    /// Between requests: names may be too many, and debug builds recount now and then.
    #[inline]
    fn tidy_up(&mut self) {
        if self.budget.is_reached(self.cluster.caches().known()) {
            self.forget();
        }
        if cfg!(debug_assertions) && self.number.is_power_of_two() {
            self.validate();
        }
    }

    /// Serves everything that can be.
    ///
    /// # Errors
    /// As [`Lane::step`].
    pub fn run(&mut self, log: &Log) -> Result<()> {
        while self.step(log, u64::MAX)? > 0 {}
        Ok(())
    }

    /// Roughly what a clone of it takes, in bytes: caches, ledger, the times behind percentiles and
    /// the columns. O(nodes).
    pub fn bytes(&self) -> u64 {
        const RESIDENT: u64 = 48;
        const DISTINCT: u64 = 24;
        const SAMPLES_OF_A_NODE: u64 = 16 << 10;
        const REST: u64 = 64 << 10;
        let resident: u64 = self.cluster.resident().iter().map(|&blocks| u64::from(blocks)).sum();
        let nodes = self.config.checked.nodes as u64;
        let times = 8 * self.number.min(1_000_000);
        RESIDENT * resident
            + DISTINCT * self.distinct_blocks()
            + SAMPLES_OF_A_NODE * nodes
            + times
            + REST
    }

    /// Recounts everything from scratch. O(resident blocks).
    ///
    /// # Panics
    /// If anything disagrees.
    pub fn validate(&self) {
        self.cluster.validate();
        self.metrics.validate(self.cluster.resident());
        let placed: u64 = self.signals().assigned.iter().sum();
        let (sums, latency) = (self.metrics.sums(), self.metrics.latency());
        if self.config.checked.warmup == 0.0 {
            let retried = self.arrivals - self.number;
            assert_eq!(placed + sums.rejected, self.arrivals, "placed and rejected requests");
            assert_eq!(sums.requests + retried, placed, "requests placed, and placed again");
            assert!(latency.count == 0 || latency.count == sums.requests, "timed requests");
        }
    }

    /// Before the first request: checks that the future is known where it is needed, and sets
    /// where counting starts, now that a held trace shows its length.
    fn begin(&mut self, log: &Log) -> Result<()> {
        let checked = &self.config.checked;
        if self.number > 0 || !checked.needs_whole_trace {
            return Ok(());
        }
        if checked.needs_future && !log.knows_future() {
            let reason = "this policy needs the future of every block, and nobody looked ahead";
            return Err(Error::State(reason.to_owned()));
        }
        let warm = libm::floor(log.len() as f64 * checked.warmup) as u64;
        self.metrics.count_from(warm + 1);
        Ok(())
    }
}
