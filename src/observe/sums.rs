//! Sums of every node over the counted requests.

use crate::event::Event;
use crate::model::Tally;

/// One tally a node; those of the cluster are added up when somebody asks.
#[derive(Clone, Debug)]
pub struct Sums {
    /// Requests from this number (from 1) on count; earlier ones warm the caches.
    count_from: u64,
    /// The latest request.
    number: u64,
    nodes: Vec<Tally>,
}

impl Sums {
    pub(super) fn new(nodes: usize) -> Self {
        Self { count_from: 1, number: 0, nodes: vec![Tally::default(); nodes] }
    }

    pub(super) fn count_from(&mut self, number: u64) {
        self.count_from = number;
    }

    /// Whether the latest request counts.
    pub(super) fn counts(&self) -> bool {
        self.count_from <= self.number
    }

    /// By node.
    pub fn nodes(&self) -> &[Tally] {
        &self.nodes
    }

    #[inline]
    pub(super) fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::Decided(_) => {}
            Event::Routed(routed) => {
                self.number = routed.number;
                if self.counts() {
                    self.nodes[routed.node.index()] += routed.tally;
                }
            }
            // What becomes visible later counts with the latest request, as its evictions do.
            Event::Stored(stored) => {
                if self.counts() {
                    self.nodes[stored.node.index()] += stored.tally;
                }
            }
            Event::Rejected(rejected) => {
                self.number = rejected.number;
                if self.counts() {
                    self.nodes[rejected.node.index()].rejected += 1;
                }
            }
            Event::Migrated(migrated) => {
                if self.count_from <= migrated.number {
                    self.nodes[migrated.target.index()] += migrated.tally;
                }
            }
        }
    }
}
