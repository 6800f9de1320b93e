//! What nothing else beats, of two figures.

use super::metric::Better;

/// Whether `one` is at least as good as `other`, both ways; in what is no goal nothing is.
fn no_worse(one: [f64; 2], other: [f64; 2], better: [Better; 2]) -> bool {
    (0..2).all(|at| match better[at] {
        Better::More => one[at] >= other[at],
        Better::Less => one[at] <= other[at],
        Better::Neither => false,
    })
}

/// Whether each point is on the frontier: no other point is at least as good in both figures and
/// better in one. Points without one of the two figures are not. Equal points are on it together.
/// Of a figure that is no goal there is no frontier, and nothing is on it.
/// O(n²), and a sweep's groups are few beside its runs.
pub fn frontier(points: &[[Option<f64>; 2]], better: [Better; 2]) -> Vec<bool> {
    if better.contains(&Better::Neither) {
        return vec![false; points.len()];
    }
    let known = |point: &[Option<f64>; 2]| Some([point[0]?, point[1]?]);
    let on = |point: &[Option<f64>; 2]| {
        let Some(own) = known(point) else { return false };
        let mut others = points.iter().filter_map(known);
        !others.any(|other| other != own && no_worse(other, own, better))
    };
    points.iter().map(on).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Better::{Less, More, Neither};

    #[test]
    fn a_point_that_nothing_beats_is_on_it() {
        let points = [
            [Some(0.5), Some(0.3)],
            [Some(0.5), Some(0.2)],
            [Some(0.4), Some(0.1)],
            [Some(0.3), Some(0.1)],
            [Some(0.5), Some(0.2)],
            [None, Some(0.0)],
            [Some(0.2), Some(0.0)],
        ];
        let on = [false, true, true, false, true, false, true];
        assert_eq!(frontier(&points, [More, Less]), on);
        // Both the other way: only the least of both remain.
        let on = [false, false, false, false, false, false, true];
        assert_eq!(frontier(&points, [Less, Less]), on);
        assert_eq!(frontier(&points, [More, Neither]), [false; 7]);
    }
}
