//! Metrics: what is counted of events, and the ratios formed from it when read.
//!
//! docs/metrics.md defines each by symbol, formula and unit. This module sees events only; it
//! knows no policy and no cache. Sums are always kept. All else is a [`Detail`], which a run has
//! or has not from its beginning: what is not observed costs nothing and cannot be read.

pub mod balance;
pub mod sums;
pub mod latency;
pub mod detail;
pub mod window;
pub mod series;
pub mod hot;
pub mod families;
pub mod history;
pub mod tape;
pub mod course;
pub mod perturbed;
pub mod watched;
pub mod columns;

pub use balance::Balance;
pub use columns::COLUMNS;
pub use course::Course;
pub use detail::Detail;
pub use families::{Families, MOST_FAMILIES};
pub use history::MigrationRecord;
pub use latency::Latency;
pub use perturbed::{PerturbationRecord, Perturbations};
pub use series::Series;
pub use watched::{Account, AlertRecord, TunedRecord};

use crate::columns::Kept;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::model::Tally;
use sums::Sums;

/// How much of a run is observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observe {
    /// Sums by node and, under the timed clock, times to first token: all that a headline needs.
    Sums,
    /// The window, the columns, the latest requests, hot blocks, migrations and decisions too.
    All,
}

/// Everything observed in one run. A clone is a checkpoint.
#[derive(Clone, Debug)]
pub struct Metrics {
    sums: Sums,
    latency: Latency,
    detail: Option<Box<Detail>>,
    perturbed: Option<Box<Perturbations>>,
    watched: Option<Box<Account>>,
}

impl Metrics {
    /// Nothing yet. `window` is the sliding window in requests, `slo_s` the objective for the time
    /// to first token.
    pub fn new(observe: Observe, nodes: usize, window: usize, slo_s: f64) -> Self {
        let detail = match observe {
            Observe::Sums => None,
            Observe::All => Some(Box::new(Detail::new(nodes, window))),
        };
        let latency = Latency::new(slo_s, detail.is_some());
        Self { sums: Sums::new(nodes), latency, detail, perturbed: None, watched: None }
    }

    /// With an account of what `perturbed` things, listed in the configuration, do to
    /// windows of `window` requests.
    pub fn with_perturbations(mut self, perturbed: usize, window: usize) -> Self {
        let wanted = perturbed > 0;
        self.perturbed = wanted.then(|| Box::new(Perturbations::new(perturbed, window)));
        self
    }

    /// With an account of what is said where the cluster watches itself.
    pub fn with_watch(mut self, watched: bool) -> Self {
        self.watched = watched.then(Box::default);
        self
    }

    /// Leaves requests before this number (from 1) out of all sums and times: they warm the
    /// caches. To be called before the first event.
    pub fn count_from(&mut self, number: u64) {
        self.sums.count_from(number);
    }

    /// Takes in what happened.
    #[inline]
    pub fn on(&mut self, event: &Event<'_>) {
        self.sums.on(event);
        match event {
            Event::Routed(routed) => {
                if let Some(timing) = &routed.timing
                    && self.sums.counts_number(routed.number)
                {
                    self.latency.push(timing);
                }
            }
            Event::Interrupted(it) if self.sums.counts_number(it.number) => {
                self.latency.take_back(&it.timing, it.last_finish_s);
            }
            Event::Postponed(it) if self.sums.counts_number(it.number) => {
                self.latency.take_back(&it.before, it.last_finish_s);
                self.latency.push(&it.after);
            }
            _ => {}
        }
        if let Some(perturbed) = &mut self.perturbed {
            perturbed.on(event);
        }
        if let (Event::Watched(_) | Event::Alerted(_) | Event::Tuned(_), Some(account)) =
            (event, &mut self.watched)
        {
            account.on(event);
        }
        if let Some(detail) = &mut self.detail {
            detail.on(event);
        }
    }

    /// Whether the request of this number counts.
    #[inline]
    pub fn counts_number(&self, number: u64) -> bool {
        self.sums.counts_number(number)
    }

    /// Takes in what the counted ones of the requests up to `number` amount to, where sums are all
    /// that is observed, of one node without time.
    pub fn on_alone(&mut self, number: u64, tally: &Tally) {
        self.sums.on_alone(number, tally);
    }

    /// Sums of the counted requests over all nodes. O(nodes).
    pub fn sums(&self) -> Tally {
        let mut sums = Tally::sum(self.nodes());
        sums.rejected += self.sums.no_node();
        sums
    }

    /// Sums of the counted requests by node; a request that was turned away because no node was
    /// alive is in none.
    pub fn nodes(&self) -> &[Tally] {
        self.sums.nodes()
    }

    /// Times to first token; empty under the logical clock.
    pub fn latency(&self) -> &Latency {
        &self.latency
    }

    /// What was done to the cluster, where anything was to be.
    pub fn perturbed(&self) -> Option<&Perturbations> {
        self.perturbed.as_deref()
    }

    /// Alerts and changes of weights, where the cluster watches itself.
    pub fn watched(&self) -> Option<&Account> {
        self.watched.as_deref()
    }

    /// What sums do not tell, where it is observed.
    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_deref()
    }

    /// How the counted requests, by `of`, are spread over the living nodes.
    pub fn balance(&self, alive: &[bool], of: impl Fn(&Tally) -> u64) -> Balance {
        Balance::of_living(alive, self.nodes().iter().map(of))
    }

    /// Adds to `kept` the blocks that are remembered by name: those of the window.
    pub fn keep_names(&self, kept: &mut Kept) {
        if let Some(detail) = &self.detail {
            detail.keep_names(kept);
        }
    }

    /// Forgets what was seen of blocks whose names are not kept.
    pub fn forget(&mut self, kept: &Kept) {
        if let Some(detail) = &mut self.detail {
            detail.forget(kept);
        }
    }

    /// Whether decisions are to be taken down from now on.
    ///
    /// # Errors
    /// If this run keeps sums only.
    pub fn explain(&mut self, wanted: bool) -> Result<()> {
        match &mut self.detail {
            Some(detail) => detail.explain(wanted),
            None if wanted => {
                return Err(Error::State(
                    "this run keeps sums only and takes down no decisions: observe everything"
                        .to_owned(),
                ));
            }
            None => {}
        }
        Ok(())
    }

    /// Whether somebody wants decisions taken down.
    #[inline]
    pub fn explains(&self) -> bool {
        self.detail.as_ref().is_some_and(|detail| detail.explains())
    }

    /// Recounts what can be, given the resident blocks of every node.
    ///
    /// # Panics
    /// If anything disagrees.
    pub fn validate(&self, resident: &[u32]) {
        // What arrives again may find what came after it first did.
        let again = self.perturbed.as_ref().is_some_and(|it| it.retried() > 0);
        for (node, sums) in self.nodes().iter().enumerate() {
            assert!(sums.prefix_hits <= sums.reachable_hits, "node {node}: above the best match");
            let below = sums.reachable_hits <= sums.ceiling_hits;
            assert!(again || below, "node {node}: above the ceiling");
        }
        if let Some(detail) = &self.detail {
            detail.validate(resident);
        }
    }
}
