//! Conductor: shortest TTFT, with the prefix fetched from the best node where that pays.
//!
//! best = the longest match over the nodes (the lowest index among equals). Where best > balance
//! × own match, a node is costed with the match best and a transfer of (best − own) whole blocks
//! at the link's bandwidth; else with its own match and no transfer. cost = wait + transfer +
//! prefill; smallest wins. An own match of 0 beside a best above 0 always means a transfer.
//! Source: Mooncake FAST'25, Algorithm 1 ("global cache-aware"); the balance threshold is not
//! published. Cost: O(nodes). Parameters: balance (default 2.0, in [1, 1000]), the refresh age
//! of the waits. When not to use it: on slow links, where a transfer costs more than it saves.
//!
//! Formula only: held to its paper's text and figure, not to running code (docs/peers.md).

use crate::model::NodeId;
use crate::params::{ParamSpec, Params};
use crate::route::signal::REFRESH;
use crate::route::{ClusterView, Formula, Need, Notes, Origin, Route, Router, RouterRow, lowest};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "conductor",
    title: "Conductor",
    summary: "Shortest TTFT, fetching the prefix from the node that has most of it.",
    formula: Formula::new(
        "cost = wait + transfer of (best − matched) blocks + prefill with best, where best > \
         balance × matched, else wait + prefill with matched; best = longest match; smallest \
         wins",
    ),
    source: "Mooncake FAST'25, Algorithm 1; formula only",
    origin: Origin::Paper,
    params: &[
        ParamSpec::number("balance", 2.0, 1.0, 1000.0).told(
            "Balance threshold",
            "A node fetches the missing prefix where the best match is more than this many times \
             its own.",
        ).live(),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: true,
    build: |build| Box::new(Conductor { balance: build.params.number("balance") }),
};

#[derive(Clone)]
struct Conductor {
    balance: f64,
}

impl Router for Conductor {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let (service, tokens) = (view.service(), view.request.input_tokens);
        let (mut best, mut source) = (0, 0);
        for (node, &matched) in view.matched.iter().enumerate() {
            if best < matched {
                (best, source) = (matched, node);
            }
        }
        let fetches = |own: u32| self.balance * f64::from(own) < f64::from(best);
        let columns = &["matched", "fetched", "wait s", "transfer s", "prefill s", "TTFT s"];
        let node = lowest(view, notes, columns, |node| {
            let own = view.matched[node];
            let fetched = if fetches(own) { best - own } else { 0 };
            let wait = view.signals.wait_s[node];
            let transfer = service.transfer_s(fetched);
            let prefill = service.prefill_s(tokens, view.cached_tokens(own + fetched));
            let ttft = wait + transfer + prefill;
            [f64::from(own), f64::from(fetched), wait, transfer, prefill, ttft]
        });
        let fetch = fetches(view.matched[node]);
        Route { fetch_from: fetch.then(|| NodeId::from_index(source)), ..Route::to(node) }
    }

    fn tune(&mut self, params: &Params) {
        self.balance = params.number("balance");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    fn routed(scene: &Scene, params: &[(&str, &str)]) -> (u16, Option<u16>) {
        let router = &mut *scene.router(&ROW, params);
        let route = router.route(&scene.view(), &mut Notes::new(false));
        (route.node.0, route.fetch_from.map(|source| source.0))
    }

    #[test]
    fn of_equal_matches_the_lowest_index_is_the_source() {
        let mut scene = Scene::new(40, &[0, 30, 30, 29]);
        scene.signals.wait_s = vec![0.0, 1e3, 1e3, 1e3];
        assert_eq!(routed(&scene, &[]), (0, Some(1)));
        scene.matched = vec![0, 29, 30, 30];
        assert_eq!(routed(&scene, &[]), (0, Some(2)));
    }

    #[test]
    fn a_match_that_is_just_balanced_is_not_fetched_for() {
        let mut scene = Scene::new(40, &[15, 30]);
        scene.signals.wait_s = vec![0.0, 1e3];
        assert_eq!(routed(&scene, &[]), (0, None), "30 is not more than twice 15");
        scene.matched = vec![14, 30];
        assert_eq!(routed(&scene, &[]), (0, Some(1)));
        assert_eq!(routed(&scene, &[("balance", "3")]), (0, None));
        scene.matched = vec![0, 0];
        assert_eq!(routed(&scene, &[]), (0, None), "nobody has anything");
    }
}
