//! Power of two choices: of two nodes drawn at random, the one with fewer unfinished requests.
//!
//! The nodes drawn are distinct; ties go to the one drawn first. Source: Mitzenmacher; smg 1.13.0
//! and vllm-router 0.1.17 never take the most loaded one either (docs/peers.md). Cost:
//! O(d), and O(nodes) for the record. Parameters: d (2, in [1, 64]; all nodes where there are
//! fewer), the refresh age. When not to use it: when prefixes repeat; it forgets where they
//! are. Its strength is that an old signal does not herd everybody onto one node.

use crate::params::ParamSpec;
use crate::rng::Stream;
use crate::route::signal::REFRESH;
use crate::route::{ClusterView, Formula, Need, Notes, Origin, Route, Router, RouterRow};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "power_of_two",
    title: "Power of two choices",
    summary: "Of two nodes drawn at random, the one with fewer unfinished requests.",
    formula: Formula::new(
        "of d distinct nodes drawn uniformly the one with the fewest unfinished requests, the \
         first drawn among equals",
    ),
    source: "Mitzenmacher 2001",
    origin: Origin::Paper,
    params: &[
        ParamSpec::integer("d", 2, 1, 64)
            .told("Nodes drawn", "How many distinct nodes are compared.")
            .unit("nodes"),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: false,
    build: |build| {
        Box::new(PowerOfTwo {
            d: build.params.integer("d") as usize,
            order: Vec::new(),
            stream: build.stream,
        })
    },
};

#[derive(Clone)]
struct PowerOfTwo {
    d: usize,
    /// The living nodes; a draw shuffles the first d places.
    order: Vec<usize>,
    stream: Stream,
}

impl PowerOfTwo {
    /// Drops the nodes that are not alive any more and appends those that have become it,
    /// ascending; the others keep their places. O(nodes).
    fn follow(&mut self, view: &ClusterView<'_>) {
        let all_live = self.order.iter().all(|&node| view.alive[node]);
        if all_live && self.order.len() == view.living_count() {
            return;
        }
        self.order.retain(|&node| view.alive[node]);
        for node in view.living() {
            if !self.order.contains(&node) {
                self.order.push(node);
            }
        }
    }
}

impl Router for PowerOfTwo {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let unfinished = &view.signals.unfinished;
        self.follow(view);
        let d = self.d.min(self.order.len());
        for place in 0..d {
            let left = (self.order.len() - place) as u64;
            self.order.swap(place, place + self.stream.below(left) as usize);
        }
        let drawn = &self.order[..d];
        let mut node = drawn[0];
        for &other in drawn {
            if unfinished[other] < unfinished[node] {
                node = other;
            }
        }
        notes.start(&["drawn", "unfinished", "cost"]);
        notes.rows(view, |node| {
            let (place, load) = (drawn.iter().position(|&one| one == node), unfinished[node]);
            let cost = if place.is_some() { f64::from(load) } else { f64::INFINITY };
            [place.map_or(0.0, |place| (place + 1) as f64), f64::from(load), cost]
        });
        Route::to(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn the_busiest_node_is_never_taken_and_the_idlest_is_whenever_drawn() {
        let mut scene = Scene::new(1, &[0; 4]);
        scene.signals.unfinished = vec![9, 1, 5, 3];
        assert_eq!(scene.share_of(&ROW, &[], 0), 0.0);
        // Two of four: drawn in half of all pairs.
        let share = scene.share_of(&ROW, &[], 1);
        assert!((share - 0.5).abs() < 0.04, "{share}");
    }

    #[test]
    fn one_choice_is_random_and_all_choices_are_least_requests() {
        let mut scene = Scene::new(1, &[0; 4]);
        scene.signals.unfinished = vec![9, 1, 5, 3];
        let share = scene.share_of(&ROW, &[("d", "1")], 0);
        assert!((share - 0.25).abs() < 0.04, "{share}");
        assert_eq!(scene.share_of(&ROW, &[("d", "64")], 1), 1.0);
    }

    #[test]
    fn who_is_not_alive_any_more_is_not_drawn_though_another_has_come_for_it() {
        let mut scene = Scene::new(1, &[0; 3]);
        let mut router = scene.router(&ROW, &[("d", "1")]);
        let mut picked = |alive: [bool; 3]| {
            scene.alive = alive.to_vec();
            let mut nodes: Vec<_> = (0..50).map(|_| scene.route(&mut *router)).collect();
            nodes.sort_unstable();
            nodes.dedup();
            nodes
        };
        assert_eq!(picked([true, true, false]), [0, 1]);
        assert_eq!(picked([true, false, true]), [0, 2]);
    }

    #[test]
    fn of_equals_the_first_drawn_is_taken() {
        let scene = Scene::new(1, &[0; 4]);
        let mut router = scene.router(&ROW, &[]);
        for number in 0..20 {
            let mut notes = Notes::new(true);
            let node = router.route(&scene.view(), &mut notes).node;
            assert_eq!(notes.decision(number, 0).column("drawn")[node.index()], 1.0);
        }
    }
}
