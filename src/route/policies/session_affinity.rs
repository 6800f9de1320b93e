//! Session affinity: a session stays on the node its id hashes to.
//!
//! A request without a session goes by its first k blocks instead: most traces name none, and
//! then this is prefix hashing, not sessions. A node that joins takes its share of the sessions
//! from all others and nothing else moves (the principle of jump hashing); those of a node that is
//! not alive go each to the living node of largest hash (rendezvous), and come back with it.
//! Source: common. Cost: O(1), and O(nodes) for the
//! record. Parameters: k (2, in [1, 64]). When not to use it: it sees no load; a session pinned
//! to a saturated node waits while other nodes idle.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::columns::Kept;
use crate::model::Request;
use crate::params::ParamSpec;
use crate::route::ring::{lead, mix};
use crate::route::{ClusterView, Formula, Notes, Origin, Route, Router, RouterRow};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "session_affinity",
    title: "Session affinity",
    summary: "By the hash of the session; by that of the first blocks where the trace names none.",
    formula: Formula::new(
        "node = hash(session, or the first k blocks without one) mod N, nodes that joined \
         taking 1 / N each; of a node that is not alive, the living one of largest hash",
    ),
    source: "common; formula only",
    origin: Origin::Engine,
    params: &[ParamSpec::integer("k", 2, 1, 64)
        .told(
            "Leading blocks",
            "A request without a session, as in most traces, goes by the hash of so many \
                 leading blocks.",
        )
        .unit("blocks")],
    needs: &[],
    migration: None,
    production: None,
    symmetric: false,
    build: |build| {
        Box::new(SessionAffinity { k: build.params.integer("k") as usize, first: build.nodes })
    },
};

#[derive(Clone)]
struct SessionAffinity {
    k: usize,
    /// How many nodes there are from the beginning.
    first: usize,
}

impl SessionAffinity {
    /// The living node of a key: O(1), but O(nodes) once some have joined or are not alive.
    fn home(&self, view: &ClusterView<'_>, key: u64) -> usize {
        let mut home = (key % self.first as u64) as usize;
        for joined in (self.first..view.nodes()).filter(|&node| view.alive[node]) {
            if mix(key ^ mix(joined as u64)).is_multiple_of(joined as u64 + 1) {
                home = joined;
            }
        }
        if view.alive[home] {
            return home;
        }
        let weight = |node: &usize| mix(key ^ mix(!(*node as u64)));
        view.living().max_by_key(weight).expect("a node is alive")
    }
}

impl Router for SessionAffinity {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let session = view.request.session;
        let named = session != Request::NO_SESSION;
        let key = if named { mix(u64::from(session)) } else { lead(view.blocks, self.k) };
        let home = self.home(view, key);
        notes.start(&["by session", "home"]);
        notes.rows(view, |node| [f64::from(u8::from(named)), f64::from(u8::from(node == home))]);
        Route::to(home)
    }

    fn keep_names(&self, kept: &mut Kept) {
        // The ring is entered where the number of a block says.
        kept.keep_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn a_session_stays_whatever_its_blocks_and_others_go_by_their_first_blocks() {
        let mut scene = Scene::new(4, &[0; 64]);
        let by_blocks = scene.node(&ROW);
        scene.blocks.truncate(2);
        assert_eq!(scene.node(&ROW), by_blocks);
        scene.blocks.truncate(1);
        assert_ne!(scene.node(&ROW), by_blocks);
        scene.request.session = 7;
        let home = scene.node(&ROW);
        scene.blocks.clear();
        assert_eq!(scene.node(&ROW), home);
    }

    #[test]
    fn nodes_that_join_take_an_equal_share_each() {
        let mut scene = Scene::new(1, &[0; 4]);
        let mut router = SessionAffinity { k: 2, first: 2 };
        let mut taken = [0_u32; 4];
        for session in 0..4000 {
            scene.request.session = session;
            taken[scene.route(&mut router)] += 1;
        }
        assert!(taken.iter().all(|&taken| taken.abs_diff(1000) < 100), "{taken:?}");
    }
}
