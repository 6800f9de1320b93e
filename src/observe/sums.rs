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
    /// Requests turned away because no node was alive.
    no_node: u64,
}

impl Sums {
    pub(super) fn new(nodes: usize) -> Self {
        Self { count_from: 1, number: 0, nodes: vec![Tally::default(); nodes], no_node: 0 }
    }

    pub(super) fn count_from(&mut self, number: u64) {
        self.count_from = number;
    }

    /// Whether the latest request counts.
    fn counts(&self) -> bool {
        self.count_from <= self.number
    }

    /// Whether this request counts.
    pub(super) fn counts_number(&self, number: u64) -> bool {
        self.count_from <= number
    }

    /// Requests turned away because no node was alive, which no node has.
    pub(super) fn no_node(&self) -> u64 {
        self.no_node
    }

    /// By node.
    pub fn nodes(&self) -> &[Tally] {
        &self.nodes
    }

    /// Takes in what the counted ones of the requests up to `number` amount to, all of which the
    /// only node took.
    pub(super) fn on_alone(&mut self, number: u64, tally: &Tally) {
        self.number = self.number.max(number);
        self.nodes[0] += *tally;
    }

    #[inline]
    pub(super) fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::Decided(_)
            | Event::Perturbed(_)
            | Event::Postponed(_)
            | Event::Watched(_)
            | Event::Alerted(_)
            | Event::Tuned(_) => {}
            Event::Interrupted(it) => {
                if self.counts_number(it.number) {
                    self.nodes[it.node.index()] -= it.tally;
                }
            }
            Event::Routed(routed) => {
                self.number = self.number.max(routed.number);
                if self.counts_number(routed.number) {
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
                self.number = self.number.max(rejected.number);
                if self.counts_number(rejected.number) {
                    match rejected.node {
                        Some(node) => self.nodes[node.index()].rejected += 1,
                        None => self.no_node += 1,
                    }
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
