//! Random: every living node is as likely as any other.
//!
//! Source: the notes. Cost: O(nodes). Parameters: none; the draws come from the run's seed. When
//! not to use it: it forgets where prefixes are and lets queues differ by chance; it is the
//! baseline of Mooncake's Figure 5.

use crate::rng::Stream;
use crate::route::{ClusterView, Formula, Notes, Origin, Route, Router, RouterRow};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "random",
    title: "Random",
    summary: "Every node is as likely as any other.",
    formula: Formula::new("uniform over the living nodes"),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[],
    needs: &[],
    migration: None,
    production: None,
    symmetric: false,
    build: |build| Box::new(Random { stream: build.stream }),
};

#[derive(Clone)]
struct Random {
    stream: Stream,
}

impl Router for Random {
    fn route(&mut self, view: &ClusterView<'_>, _notes: &mut Notes) -> Route {
        let draw = self.stream.below(view.living_count() as u64) as usize;
        Route::to(view.living_at(draw))
    }
}
