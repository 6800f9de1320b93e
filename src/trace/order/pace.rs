//! The trace's seconds on the clock of the run.

/// Arrivals at a multiple of the trace's own rate, which may change while the run is on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    rate: f64,
    bend: Option<Bend>,
}

/// From a moment on gaps are divided by `factor`.
#[derive(Clone, Copy, Debug)]
struct Bend {
    /// The moment, as it would have been at the rate alone, and as it is.
    steady_s: f64,
    run_s: f64,
    factor: f64,
}

impl Pace {
    /// The trace's own rate multiplied by `rate` > 0.
    pub(super) fn new(rate: f64) -> Self {
        Self { rate, bend: None }
    }

    /// The run's seconds for so many after the first arrival.
    #[inline]
    pub(super) fn at(&self, since_s: f64) -> f64 {
        let steady_s = since_s / self.rate;
        match self.bend {
            None => steady_s,
            Some(bend) => bend.run_s + (steady_s - bend.steady_s) / bend.factor,
        }
    }

    /// From `run_s` on, which is not before the last change, gaps are divided by `factor` > 0.
    pub(super) fn change(&mut self, run_s: f64, factor: f64) {
        let steady_s = match self.bend {
            None => run_s,
            Some(bend) => bend.steady_s + (run_s - bend.run_s) * bend.factor,
        };
        self.bend = Some(Bend { steady_s, run_s, factor });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_divided_from_the_moment_of_a_change_on() {
        let mut pace = Pace::new(2.0);
        assert_eq!(pace.at(10.0), 5.0);
        pace.change(4.0, 0.5);
        // 4 s of the run are 8 of the trace; 2 more take 1 s at the rate, and 2 at half of it.
        assert_eq!([pace.at(8.0), pace.at(10.0)], [4.0, 6.0]);
        pace.change(6.0, 4.0);
        assert_eq!([pace.at(10.0), pace.at(18.0)], [6.0, 7.0]);
    }
}
