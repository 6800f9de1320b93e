//! How far a figure falls when something is done to the cluster, and when it is back.

use serde::{Deserialize, Serialize};

/// How near to what it was a figure must be to be back.
const NEAR: f64 = 0.05;

/// The course of one figure of the window of W requests; docs/metrics.md, "What if".
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Just before; `None` where no request was placed before.
    pub before: Option<f64>,
    /// The worst since then, until it was back.
    pub worst: Option<f64>,
    /// After how many placed requests it was back; 0 where it was never away, `None` while it is.
    pub back_after_requests: Option<u64>,
    /// Likewise in seconds; `None` without time too.
    pub back_after_s: Option<f64>,
    /// Whether it has been away.
    #[serde(skip)]
    left: bool,
}

impl Course {
    /// Nothing has happened to it yet.
    pub(super) fn new(before: Option<f64>) -> Self {
        let (worst, back_after_requests, back_after_s, left) = (None, None, None, false);
        Self { before, worst, back_after_requests, back_after_s, left }
    }

    /// The window's value after the `placed`-th request since, `since_s` seconds after; it holds
    /// none of those before if it `is_clean`. `falls`: less is worse.
    pub(super) fn follow(
        &mut self,
        value: f64,
        falls: bool,
        (placed, is_clean): (u64, bool),
        since_s: Option<f64>,
    ) {
        let (Some(before), None) = (self.before, self.back_after_requests) else { return };
        let worse = |one: f64, other: f64| if falls { one.min(other) } else { one.max(other) };
        self.worst = Some(self.worst.map_or(value, |worst| worse(worst, value)));
        let away =
            if falls { value < before * (1.0 - NEAR) } else { before * (1.0 + NEAR) < value };
        self.left |= away;
        if is_clean && !away {
            self.back_after_requests = Some(if self.left { placed } else { 0 });
            self.back_after_s = since_s.map(|since_s| if self.left { since_s } else { 0.0 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows values, one a request, with a window of two.
    fn course(before: f64, falls: bool, values: &[f64]) -> Course {
        let mut course = Course::new(Some(before));
        for (placed, &value) in (1..).zip(values) {
            course.follow(value, falls, (placed, 2 <= placed), Some(10.0 * placed as f64));
        }
        course
    }

    #[test]
    fn a_dip_ends_where_a_window_of_its_own_is_within_five_percent() {
        let dip = course(0.5, true, &[0.5, 0.3, 0.2, 0.4749, 0.475, 0.1]);
        assert_eq!((dip.worst, dip.back_after_requests), (Some(0.2), Some(5)));
        assert_eq!(dip.back_after_s, Some(50.0));
        let rise = course(2.0, false, &[2.0, 9.0, 2.11, 2.1, 50.0]);
        assert_eq!((rise.worst, rise.back_after_requests), (Some(9.0), Some(4)));
    }

    #[test]
    fn what_was_never_away_is_back_at_once_and_what_is_away_is_not() {
        let calm = course(0.5, true, &[0.48, 0.49, 0.1]);
        assert_eq!((calm.worst, calm.back_after_requests), (Some(0.48), Some(0)));
        assert_eq!(course(0.5, true, &[0.1, 0.2]).back_after_requests, None);
        let mut nothing = Course::new(None);
        nothing.follow(0.1, true, (9, true), None);
        assert_eq!(nothing, Course::new(None));
    }
}
