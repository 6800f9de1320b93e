//! Shortest TTFT: the node where the first token would come first.
//!
//! cost = wait + prefill of the uncached tokens; smallest wins. Source: Mooncake FAST'25, the
//! "local cache-aware" scheduling of Figure 5. Cost: O(nodes). Parameters: the refresh age of
//! the waits. When not to use it: when one prefix is hot; its node queues up while the others
//! would have to compute it again.
//!
//! Formula only: held to its paper's text and figure, not to running code (docs/peers.md).

use crate::route::signal::REFRESH;
use crate::route::{ClusterView, Formula, Need, Notes, Origin, Route, Router, RouterRow, lowest};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "shortest_ttft",
    title: "Shortest TTFT",
    summary: "The node where waiting and computing what it lacks takes least.",
    formula: Formula::new("cost = wait + prefill of the uncached tokens; smallest wins"),
    source: "Mooncake FAST'25, local cache-aware scheduling of Figure 5; formula only",
    origin: Origin::Paper,
    params: &[REFRESH],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: true,
    build: |_| Box::new(ShortestTtft),
};

#[derive(Clone)]
struct ShortestTtft;

impl Router for ShortestTtft {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let (service, tokens) = (view.service(), view.request.input_tokens);
        let columns = &["matched", "wait s", "prefill s", "TTFT s"];
        let node = lowest(view, notes, columns, |node| {
            let matched = view.matched[node];
            let wait = view.signals.wait_s[node];
            let prefill = service.prefill_s(tokens, view.cached_tokens(matched));
            [f64::from(matched), wait, prefill, wait + prefill]
        });
        Route::to(node)
    }
}
