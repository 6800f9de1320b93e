//! What a router sees: the request, the nodes, and how busy they were when last told.
//!
//! Nothing here tells how long an output will be, except [`Outputs`], which a view has only for
//! a row, or a choice of its parameters, that declares [`Need::OutputLengths`].
//!
//! [`Need::OutputLengths`]: crate::params::Need::OutputLengths

use crate::clock::ServiceModel;
use crate::clock::account::complete;
use crate::columns::Ledger;
use crate::model::{BlockId, Outputs, Prompt, Signals, tokens_in};

/// The cluster as a router sees it at one decision.
#[derive(Clone, Copy)]
pub struct ClusterView<'a> {
    /// The request to place.
    pub request: Prompt,
    /// Its blocks, root first.
    pub blocks: &'a [BlockId],
    /// For each the tokens up to its end; empty where all but the last are of one size.
    pub token_ends: &'a [u32],
    /// How many decisions came before this one.
    pub decisions: u64,
    /// Its arrival in seconds; the request's number under the logical clock.
    pub now_s: f64,
    /// Tokens in a full block.
    pub block_size: u32,
    /// Capacity of a node in blocks.
    pub capacity: u32,
    /// Which nodes take new requests, at least one; a route to another is a broken invariant.
    pub alive: &'a [bool],
    /// Prefix match of every node, in blocks, exact.
    pub matched: &'a [u32],
    /// How many leading complete blocks of the request are in use on every node, exact; empty
    /// unless the router [keeps an account](super::Router::keeps_account).
    pub active_matched: &'a [u32],
    /// Resident blocks of every node, exact.
    pub resident: &'a [u32],
    /// Which node holds which block, exact.
    pub residency: &'a Ledger,
    /// Everything else, as old as the router's refresh age allows.
    pub signals: &'a Signals,
    /// Whether the signals were refreshed for this decision.
    pub refreshed: bool,
    /// The service model under the timed clock.
    pub service: Option<&'a ServiceModel>,
    /// The true output lengths, where the router declares that it needs them.
    pub outputs: Option<Outputs<'a>>,
}

impl ClusterView<'_> {
    /// How many nodes there are, living or not: the length of every column.
    pub fn nodes(&self) -> usize {
        self.matched.len()
    }

    /// The nodes that are alive, ascending.
    pub fn living(&self) -> impl DoubleEndedIterator<Item = usize> + Clone + '_ {
        (0..self.nodes()).filter(|&node| self.alive[node])
    }

    /// How many nodes are alive. O(nodes).
    pub fn living_count(&self) -> usize {
        self.alive.iter().filter(|&&alive| alive).count()
    }

    /// The living node at this place among them. O(nodes).
    pub fn living_at(&self, place: usize) -> usize {
        if self.living_count() == self.nodes() {
            return place;
        }
        self.living().nth(place).expect("a place below their count")
    }

    /// The longest prefix match of a living node. O(nodes).
    pub fn longest_match(&self) -> u32 {
        self.living().map(|node| self.matched[node]).max().unwrap_or(0)
    }

    /// Fewest and most unfinished requests of any living node. O(nodes).
    pub fn unfinished_range(&self) -> (u32, u32) {
        let counts = self.living().map(|node| self.signals.unfinished[node]);
        counts.fold((u32::MAX, 0), |(least, most), count| (least.min(count), most.max(count)))
    }

    /// Unfinished requests of all living nodes together. O(nodes).
    pub fn unfinished_total(&self) -> u64 {
        self.living().map(|node| u64::from(self.signals.unfinished[node])).sum()
    }

    /// The service model.
    ///
    /// # Panics
    /// Under the logical clock: routers that call it declare [`Need::TimedClock`].
    ///
    /// [`Need::TimedClock`]: crate::params::Need::TimedClock
    pub fn service(&self) -> &ServiceModel {
        self.service.expect("a router that declares the timed clock")
    }

    /// How many blocks of the request are full: all but the last, or all.
    pub fn complete_blocks(&self) -> u32 {
        complete(self.blocks, self.request.input_tokens, self.block_size).len() as u32
    }

    /// The true output lengths.
    ///
    /// # Panics
    /// Without the need: routers that call it declare [`Need::OutputLengths`].
    ///
    /// [`Need::OutputLengths`]: crate::params::Need::OutputLengths
    pub fn outputs(&self) -> &Outputs<'_> {
        self.outputs.as_ref().expect("a router that declares output lengths")
    }

    /// Tokens that the requests generating on `node` had produced when the signals were taken,
    /// fractions included: what an engine reports of its outputs, and nothing of what is to come.
    pub fn generated_tokens(&self, node: usize) -> f64 {
        let signals = self.signals;
        if signals.decoding[node] == 0 {
            return 0.0;
        }
        let moments = f64::from(signals.decoding[node]) * signals.taken_s;
        (moments - signals.decode_begun_s[node]).max(0.0) / self.service().output_token_s
    }

    /// Matched share of the request's blocks, in [0, 1]; 0 for a request without blocks.
    pub fn matched_share(&self, matched: u32) -> f64 {
        if self.blocks.is_empty() { 0.0 } else { f64::from(matched) / self.blocks.len() as f64 }
    }

    /// Tokens of the request that a match of `matched` blocks saves on the timed clock: at least
    /// one token is always computed.
    pub fn cached_tokens(&self, matched: u32) -> u32 {
        let tokens = tokens_in(self.token_ends, matched, self.block_size);
        tokens.min(u64::from(self.request.input_tokens.saturating_sub(1))) as u32
    }
}

#[cfg(test)]
mod tests {
    use crate::route::scene::Scene;

    #[test]
    fn what_is_told_of_all_nodes_is_told_of_the_living() {
        let mut scene = Scene::new(4, &[4, 1, 2]);
        (scene.signals.unfinished, scene.alive[0]) = (vec![9, 2, 1], false);
        let view = scene.view();
        let unfinished = (view.unfinished_range(), view.unfinished_total());
        assert_eq!((view.longest_match(), unfinished), (2, ((1, 2), 3)));
    }

    #[test]
    fn where_outputs_take_no_time_nothing_is_generated_by_nobody() {
        let mut scene = Scene::new(1, &[0]);
        scene.service.output_token_s = 0.0;
        assert_eq!(scene.view().generated_tokens(0), 0.0);
    }
}
