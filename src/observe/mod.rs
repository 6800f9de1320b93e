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
pub mod history;
pub mod tape;
pub mod columns;

pub use balance::Balance;
pub use columns::COLUMNS;
pub use detail::Detail;
pub use history::MigrationRecord;
pub use latency::Latency;
pub use series::Series;

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
        Self { sums: Sums::new(nodes), latency, detail }
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
        if let Event::Routed(routed) = event
            && let Some(timing) = &routed.timing
            && self.sums.counts()
        {
            self.latency.push(timing);
        }
        if let Some(detail) = &mut self.detail {
            detail.on(event);
        }
    }

    /// Sums of the counted requests over all nodes. O(nodes).
    pub fn sums(&self) -> Tally {
        Tally::sum(self.nodes())
    }

    /// Sums of the counted requests by node.
    pub fn nodes(&self) -> &[Tally] {
        self.sums.nodes()
    }

    /// Times to first token; empty under the logical clock.
    pub fn latency(&self) -> &Latency {
        &self.latency
    }

    /// What sums do not tell, where it is observed.
    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_deref()
    }

    /// How the counted requests, by `of`, are spread over the nodes.
    pub fn balance(&self, of: impl Fn(&Tally) -> u64) -> Balance {
        Balance::new(self.nodes().iter().map(of))
    }

    /// Adds to `kept` the blocks that are remembered by name: those of the window.
    pub fn keep_names(&self, kept: &mut Kept) {
        if let Some(detail) = &self.detail {
            detail.keep_names(kept);
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
        for (node, sums) in self.nodes().iter().enumerate() {
            assert!(sums.prefix_hits <= sums.reachable_hits, "node {node}: above the best match");
            assert!(sums.reachable_hits <= sums.ceiling_hits, "node {node}: above the ceiling");
        }
        if let Some(detail) = &self.detail {
            detail.validate(resident);
        }
    }
}
