//! Serving where nothing is chosen and only sums are kept: one node, no time, nothing that is done
//! to it.
//!
//! The node takes every request, whatever the router, which therefore is not asked; its prefix
//! match is what the cache finds before it misses, so that nobody goes over the blocks before it
//! does. Sums are those that the numbered steps of `serve` would give: what a lane does not observe
//! it does not pay for.

use super::Lane;
use crate::cluster::tally_of;
use crate::event::{Event, Routed};
use crate::model::{NodeId, RequestRef, Tally};

impl Lane {
    /// Serves the request on the only node; returns as [`Lane::serve`].
    pub(super) fn serve_alone(&mut self, found: &RequestRef<'_>) -> f64 {
        self.number += 1;
        self.arrivals += 1;
        let (node, request) = (NodeId(0), found.request);
        let first_s = *self.first_arrival_s.get_or_insert(request.arrival_s);
        self.last_arrival_s = request.arrival_s - first_s;
        let ceiling = self.cluster.name(found.blocks);
        self.cluster.assign(node);
        let next_use = if self.config.checked.needs_future { found.next_use } else { &[] };
        let served = self.cluster.serve(node, found.blocks, next_use);
        let saved = |blocks: u32| {
            let tokens = found.tokens_in(blocks, self.config.block_size);
            tokens.min(u64::from(request.input_tokens)) as u32
        };
        let mut tally = Tally {
            requests: 1,
            blocks: found.blocks.len() as u32,
            prefix_hits: served.leading,
            reachable_hits: served.leading,
            ceiling_hits: ceiling,
            hit_tokens: saved(served.leading),
            input_tokens: request.input_tokens,
            output_tokens: request.output_tokens,
            ceiling_tokens: saved(ceiling),
            ..Tally::default()
        };
        tally += tally_of(&served);
        self.metrics.on(&Event::Routed(Routed {
            number: self.number,
            time_s: self.last_arrival_s,
            node,
            blocks: found.blocks,
            tally,
            resident: self.cluster.resident()[0],
            timing: None,
            fetched_from: None,
            queues: &self.cluster.signals().unfinished,
        }));
        self.number as f64
    }
}
