//! Serving where nothing is chosen and only sums are kept: one node, no time, nothing that is done
//! to it.
//!
//! The node takes every request, whatever the router, which therefore is not asked; its prefix
//! match is what the cache finds before it misses, so that nobody goes over the blocks before it
//! does. Sums are those that the numbered steps of `serve` would give: what a lane does not observe
//! it does not pay for.

use super::Lane;
use crate::model::{NodeId, Request, RequestRef, Tally};
use crate::trace::Log;

impl Lane {
    /// Serves `n` requests that are ready, or fewer where names are to be forgotten before the
    /// next; returns how many. They are counted at the end, all at once.
    pub(super) fn step_alone(&mut self, log: &Log, n: u64) -> u64 {
        let (first, mut sums, mut served) = (self.order.oldest(), Tally::default(), 0);
        for place in first..first + n {
            let found = log.get(place);
            self.number += 1;
            if self.metrics.counts_number(self.number) {
                self.serve_alone(&found, &mut sums);
            } else {
                self.serve_alone(&found, &mut Tally::default());
            }
            served += 1;
            let is_due = cfg!(debug_assertions) && self.number.is_power_of_two();
            if is_due || self.budget.is_reached(self.cluster.caches().known()) {
                break;
            }
        }
        self.arrivals += served;
        self.last_place = first + served - 1;
        let arrival_s = |place: u64| log.get(place).request.arrival_s;
        let first_s = *self.first_arrival_s.get_or_insert_with(|| arrival_s(first));
        self.last_arrival_s = arrival_s(self.last_place) - first_s;
        self.order.skip(served);
        self.cluster.assign(NodeId(0), served);
        self.metrics.on_alone(self.number, &sums);
        served
    }

    /// Serves the request on the only node, and adds what is counted of it.
    #[inline(always)]
    fn serve_alone(&mut self, found: &RequestRef<'_>, sums: &mut Tally) {
        let Request { input_tokens, output_tokens, .. } = *found.request;
        let ceiling = self.cluster.name(found.blocks);
        let next_use = if self.config.checked.needs_future { found.next_use } else { &[] };
        let served = self.cluster.serve(NodeId(0), found.blocks, next_use);
        let saved = |blocks: u32| {
            let tokens = found.tokens_in(blocks, self.config.block_size);
            tokens.min(u64::from(input_tokens))
        };
        sums.requests += 1;
        sums.blocks += found.blocks.len() as u64;
        sums.block_hits += u64::from(served.hits);
        sums.prefix_hits += u64::from(served.leading);
        sums.reachable_hits += u64::from(served.leading);
        sums.ceiling_hits += u64::from(ceiling);
        sums.hit_tokens += saved(served.leading);
        sums.input_tokens += u64::from(input_tokens);
        sums.output_tokens += u64::from(output_tokens);
        sums.ceiling_tokens += saved(ceiling);
        sums.evictions += u64::from(served.evicted);
        sums.rewanted += u64::from(served.rewanted);
        sums.refused += u64::from(served.refused);
    }
}
