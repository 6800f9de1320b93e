//! Picking the best node of those that are alive, and the record of why. The record has a row for
//! every node; one that is not alive was not weighed, and its components are no numbers.

use super::ClusterView;
use crate::model::{Aim, Decision};
use crate::rng::Stream;

/// Takes down the components of a decision while somebody wants them.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    wanted: bool,
    columns: &'static [&'static str],
    values: Vec<f64>,
    aim: Option<Aim>,
}

impl Notes {
    /// Notes that are kept only if `wanted`.
    pub fn new(wanted: bool) -> Self {
        Self { wanted, ..Self::default() }
    }

    /// Starts the table of a decision. A router that decides in rounds starts again for the
    /// round that decides.
    #[inline]
    pub fn start(&mut self, columns: &'static [&'static str]) {
        self.columns = columns;
        self.values.clear();
        self.aim = None;
    }

    /// Notes the components of the next node.
    #[inline]
    pub fn row(&mut self, components: &[f64]) {
        if self.wanted {
            debug_assert_eq!(components.len(), self.columns.len());
            self.values.extend_from_slice(components);
        }
    }

    /// Notes the components of every node of a router that picks without comparing them all.
    pub fn rows<const K: usize>(
        &mut self,
        view: &ClusterView<'_>,
        components: impl Fn(usize) -> [f64; K],
    ) {
        if self.wanted {
            for node in 0..view.nodes() {
                let row = if view.alive[node] { components(node) } else { [f64::NAN; K] };
                self.row(&row);
            }
        }
    }

    /// The table, for the request and the node picked.
    pub fn decision(self, request: u64, node: u32) -> Decision {
        let (columns, aim) = (self.columns.to_vec(), self.aim);
        Decision { request, node, columns, values: self.values, aim, ..Decision::default() }
    }
}

/// The node whose last component is highest; ties go to the lowest index.
pub fn highest<const K: usize>(
    view: &ClusterView<'_>,
    notes: &mut Notes,
    columns: &'static [&'static str; K],
    components: impl FnMut(usize) -> [f64; K],
) -> usize {
    let higher = |row: &[f64; K], best: &[f64; K]| best[K - 1] < row[K - 1];
    pick(view, (notes, Aim::Highest), columns, components, higher)
}

/// The node whose last component is lowest; ties go to the lowest index.
pub fn lowest<const K: usize>(
    view: &ClusterView<'_>,
    notes: &mut Notes,
    columns: &'static [&'static str; K],
    components: impl FnMut(usize) -> [f64; K],
) -> usize {
    let lower = |row: &[f64; K], best: &[f64; K]| row[K - 1] < best[K - 1];
    pick(view, (notes, Aim::Lowest), columns, components, lower)
}

/// The node whose last component is lowest; ties go by the component before it, and so on for
/// the last `keys` components, then to the lowest index.
pub fn lowest_by<const K: usize>(
    keys: usize,
    view: &ClusterView<'_>,
    notes: &mut Notes,
    columns: &'static [&'static str; K],
    components: impl FnMut(usize) -> [f64; K],
) -> usize {
    pick(view, (notes, Aim::Lowest), columns, components, |row, best| {
        let differs = |column: &usize| row[*column] != best[*column];
        let decides = (K - keys..K).rev().find(differs);
        decides.is_some_and(|column| row[column] < best[column])
    })
}

/// The node whose last component is highest; a tie is drawn from `stream`, every equal as
/// likely as the others. Nothing is drawn without a tie.
pub fn highest_or_any<const K: usize>(
    stream: &mut Stream,
    view: &ClusterView<'_>,
    notes: &mut Notes,
    columns: &'static [&'static str; K],
    components: impl FnMut(usize) -> [f64; K],
) -> usize {
    let mut equals = 1;
    pick(view, (notes, Aim::Highest), columns, components, |row, best| {
        drawn(best[K - 1], row[K - 1], &mut equals, stream)
    })
}

/// The node whose last component is lowest; a tie is drawn as by [`highest_or_any`].
pub fn lowest_or_any<const K: usize>(
    stream: &mut Stream,
    view: &ClusterView<'_>,
    notes: &mut Notes,
    columns: &'static [&'static str; K],
    components: impl FnMut(usize) -> [f64; K],
) -> usize {
    let mut equals = 1;
    pick(view, (notes, Aim::Lowest), columns, components, |row, best| {
        drawn(row[K - 1], best[K - 1], &mut equals, stream)
    })
}

/// The first living node that no other beats, with every node's components noted. O(nodes).
fn pick<const K: usize>(
    view: &ClusterView<'_>,
    (notes, aim): (&mut Notes, Aim),
    columns: &'static [&'static str; K],
    mut components: impl FnMut(usize) -> [f64; K],
    mut beats: impl FnMut(&[f64; K], &[f64; K]) -> bool,
) -> usize {
    notes.start(columns);
    notes.aim = Some(aim);
    let mut best = None::<(usize, [f64; K])>;
    for (node, &alive) in view.alive.iter().enumerate() {
        if !alive {
            notes.row(&[f64::NAN; K]);
            continue;
        }
        let row = components(node);
        notes.row(&row);
        if best.is_none_or(|(_, best)| beats(&row, &best)) {
            best = Some((node, row));
        }
    }
    best.expect("a router is asked while a node is alive").0
}

/// Whether the later of two takes the place of the earlier: the n-th equal does in one case of
/// n, which makes every equal as likely.
fn drawn(lower: f64, upper: f64, equals: &mut u64, stream: &mut Stream) -> bool {
    if lower < upper {
        *equals = 1;
        return true;
    }
    if lower == upper {
        *equals += 1;
        return stream.below(*equals) == 0;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn ties_go_to_the_lowest_index_or_by_the_columns_before() {
        let rows = [[3.0, 1.0], [2.0, 1.0], [2.0, 1.0], [9.0, 0.5]];
        let columns = &["second", "first"];
        let notes = &mut Notes::new(false);
        let (three, four) = (Scene::new(1, &[0; 3]), Scene::new(1, &[0; 4]));
        assert_eq!(lowest(&three.view(), notes, columns, |node| rows[node]), 0);
        assert_eq!(lowest_by(2, &three.view(), notes, columns, |node| rows[node]), 1);
        assert_eq!(lowest_by(2, &four.view(), notes, columns, |node| rows[node]), 3);
        assert_eq!(highest(&four.view(), notes, columns, |node| rows[node]), 0);
    }

    #[test]
    fn who_is_not_alive_is_not_weighed_and_has_a_row_without_numbers() {
        let mut scene = Scene::new(1, &[0; 3]);
        scene.alive = vec![false, true, true];
        let mut notes = Notes::new(true);
        let score = |node: usize| {
            assert_ne!(node, 0, "nobody asks for it");
            [[9.0, 1.0, 1.0][node]]
        };
        assert_eq!(highest(&scene.view(), &mut notes, &["score"], score), 1);
        let scores = notes.decision(1, 1).column("score");
        assert!(scores[0].is_nan() && scores[1..] == [1.0, 1.0], "{scores:?}");
    }

    #[test]
    fn drawn_ties_reach_every_equal_alike_and_nothing_else() {
        let mut stream = Stream::new(1, "ties", 0);
        let (notes, scene) = (&mut Notes::new(true), Scene::new(1, &[0; 4]));
        let view = &scene.view();
        let mut seen = [0; 4];
        for _ in 0..3000 {
            let score = |node: usize| [[1.0, 0.0, 1.0, 1.0][node]];
            seen[highest_or_any(&mut stream, view, notes, &["score"], score)] += 1;
        }
        assert!(seen[1] == 0 && [0, 2, 3].iter().all(|&node| 900 < seen[node]), "{seen:?}");
        let before = stream.clone().below(1 << 60);
        assert_eq!(lowest_or_any(&mut stream, view, notes, &["cost"], |node| [node as f64]), 0);
        assert_eq!(stream.below(1 << 60), before, "no tie, no draw");
    }

    #[test]
    fn a_better_one_is_not_weighed_against_the_equals_before_it() {
        let mut stream = Stream::new(1, "better", 0);
        let (notes, scene) = (&mut Notes::new(false), Scene::new(1, &[0; 4]));
        let score = |node: usize| [[1.0, 1.0, 2.0, 2.0][node]];
        let mut draw = || highest_or_any(&mut stream, &scene.view(), notes, &["score"], score);
        let last = (0..4000).filter(|_| draw() == 3).count();
        assert!(last.abs_diff(2000) < 150, "{last}");
    }

    #[test]
    fn a_table_that_is_started_anew_aims_at_nothing_yet() {
        let (mut notes, scene) = (Notes::new(true), Scene::new(1, &[0; 2]));
        lowest(&scene.view(), &mut notes, &["score"], |_| [0.0]);
        notes.start(&["score"]);
        assert_eq!(notes.decision(1, 0).aim, None);
    }
}
