//! Hotspot migration: match against load and crowding, with cold blocks moved on a schedule.
//!
//! score = α × (matched / len) − β × load − 2 × max(0, share − threshold), left to right;
//! highest wins. `share` is the node's resident blocks over those of all living nodes, live at
//! every decision, 0 while nothing is resident. Source: the notes; the moves are those of
//! [`crate::migrate::rules::cold_first`], with this row's `threshold`, `interval` and `fraction`.
//! Cost: O(nodes). Parameters: α (0.6), β (0.8), threshold (0.7, in [0, 1]), interval (100
//! requests), fraction (0.2, in [0, 1]), `dynamic_weights` (off), `match`, `load_signal`,
//! `window`, `refresh`. When not to use it: once all caches are full the shares are near 1/N,
//! so it acts while they fill and hardly after.

use crate::params::{ParamSpec, Params, Role};
use crate::route::moving::{FRACTION, INTERVAL, THRESHOLD};
use crate::route::signal::{LOAD_SIGNAL, MATCH, REFRESH, WINDOW};
use crate::route::{
    ClusterView, Formula, LoadSignal, MatchSignal, Notes, Origin, Outcome, Route, Router,
    RouterRow, highest,
};

/// Largest share above which the dynamic weights apply, and what they multiply.
const CROWDED_SHARE: f64 = 0.8;
const CROWDED_ALPHA: f64 = 0.3;
const CROWDED_BETA: f64 = 1.5;

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "hotspot_migration",
    title: "Hotspot migration",
    summary: "Match against load and crowding; crowded nodes give cold blocks away on a schedule.",
    formula: Formula::new(
        "score = α × (matched / len) − β × load − 2 × max(0, share − threshold), share = \
         resident blocks / all resident blocks; highest wins",
    ),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[
        ParamSpec::number("alpha", 0.6, 0.0, 100.0)
            .told("α cache affinity", "Weight of the matched share of the request.")
            .live()
            .role(Role::Affinity),
        ParamSpec::number("beta", 0.8, 0.0, 100.0)
            .told("β load balance", "Weight of the load signal.")
            .live()
            .role(Role::Balance),
        THRESHOLD,
        INTERVAL,
        FRACTION,
        ParamSpec::switch("dynamic_weights", false).told(
            "Dynamic weights",
            "While the largest share of resident blocks is above 0.8, α counts 0.3 times and β \
             1.5 times.",
        ),
        MATCH,
        LOAD_SIGNAL,
        WINDOW,
        REFRESH,
    ],
    needs: &[],
    migration: Some("cold_first"),
    production: None,
    symmetric: true,
    build: |build| {
        Box::new(HotspotMigration {
            alpha: build.params.number("alpha"),
            beta: build.params.number("beta"),
            threshold: build.params.number("threshold"),
            dynamic_weights: build.params.switch("dynamic_weights"),
            matches: MatchSignal::new(build.params),
            loads: LoadSignal::new(build.params, build.all_nodes()),
        })
    },
};

#[derive(Clone)]
struct HotspotMigration {
    alpha: f64,
    beta: f64,
    threshold: f64,
    dynamic_weights: bool,
    matches: MatchSignal,
    loads: LoadSignal,
}

impl Router for HotspotMigration {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let matched = self.matches.read(view);
        let loads = self.loads.read(view);
        let total: u64 = view.living().map(|node| u64::from(view.resident[node])).sum();
        let share = |node: usize| match total {
            0 => 0.0,
            total => f64::from(view.resident[node]) / total as f64,
        };
        let (mut alpha, mut beta) = (self.alpha, self.beta);
        if self.dynamic_weights && view.living().any(|node| CROWDED_SHARE < share(node)) {
            alpha *= CROWDED_ALPHA;
            beta *= CROWDED_BETA;
        }
        let columns = &["matched share", "load", "resident share", "score"];
        let node = highest(view, notes, columns, |node| {
            let (matched, load, share) =
                (view.matched_share(matched[node]), loads[node], share(node));
            let over = (share - self.threshold).max(0.0);
            [matched, load, share, alpha * matched - beta * load - 2.0 * over]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.alpha = params.number("alpha");
        self.beta = params.number("beta");
        self.threshold = params.number("threshold");
    }

    fn learn(&mut self, _view: &ClusterView<'_>, outcome: &Outcome) {
        self.loads.assigned(outcome.node.index());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn the_dynamic_weights_apply_strictly_above_four_fifths() {
        let score = |resident: [u32; 2]| {
            let mut scene = Scene::new(10, &[5, 0]);
            scene.resident = resident.to_vec();
            let params = [("dynamic_weights", "true"), ("threshold", "1")];
            scene.explain(&ROW, &params).1.column("score")[0]
        };
        assert_eq!(score([4, 1]), 0.6 * 0.5, "exactly four fifths");
        assert_eq!(score([5, 1]), 0.6 * 0.3 * 0.5);
    }

    #[test]
    fn crowding_counts_twice_and_from_the_threshold_on() {
        let mut scene = Scene::new(10, &[0, 0]);
        scene.resident = vec![3, 1];
        let told = |threshold| scene.explain(&ROW, &[("threshold", threshold)]).1.column("score");
        assert_eq!(told("0.5"), [-2.0 * 0.25, 0.0]);
        assert_eq!(told("0.75"), [0.0, 0.0]);
    }

    #[test]
    fn shares_are_of_what_the_living_hold() {
        let mut scene = Scene::new(10, &[0, 0, 0]);
        (scene.resident, scene.alive[2]) = (vec![3, 1, 8], false);
        let told = scene.explain(&ROW, &[]).1.column("resident share");
        assert_eq!(told[..2], [0.75, 0.25]);
    }
}
