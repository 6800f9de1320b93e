//! Who comes next, as the twin has it: from docs/metrics.md, "The timed clock", and docs/traces.md,
//! "Sessions". It is worked out anew before every request, from what has finished so far.

use super::twin::{Asked, Placed, Settings, Twin};
use kvscope::model::Wait;

impl Twin {
    /// Serves a whole trace.
    pub(crate) fn run(&mut self, trace: &[Asked]) {
        let open = open_arrivals(&self.settings, trace);
        let mut left = vec![true; trace.len()];
        while let Some((moment_s, place)) = self.next(trace, &open, &left) {
            // One that is looked at too late comes when its turn does.
            let now_s = moment_s.max(self.now_s);
            if !self.perturb(&trace[place], now_s) {
                left[place] = false;
                self.late += u64::from(moment_s < self.now_s);
                self.serve(&trace[place], now_s);
            }
        }
    }

    /// Who comes next of those that are left, with the moment: of equals the first of the file.
    fn next(&self, trace: &[Asked], open: &[(f64, usize)], left: &[bool]) -> Option<(f64, usize)> {
        let next = open.iter().find(|(_, place)| left[*place]);
        let of_open = next.map(|&(steady_s, place)| (self.pace(steady_s), place));
        if self.settings.logical {
            return of_open;
        }
        let ends_s = self.ends_s(trace.len());
        let first_s = trace[open[0].1].timestamp_s;
        let moment_s = |wait: &Wait| {
            let not_before_s = self.pace((wait.not_before_s - first_s) / self.settings.rate);
            Some((ends_s[wait.after as usize]? + wait.delay_s).max(not_before_s))
        };
        let of_open_left = |&place: &usize| left[place] && trace[place].waits.is_empty();
        let last = (0..trace.len()).filter(of_open_left).nth(self.settings.room - 1);
        let seen = 0..last.unwrap_or(trace.len());
        let of_waiting = seen.filter(|&place| left[place]).filter_map(|place| {
            let all: Option<Vec<f64>> = trace[place].waits.iter().map(moment_s).collect();
            Some((all?.into_iter().reduce(f64::max)?, place))
        });
        let all = of_open.into_iter().chain(of_waiting);
        all.min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)))
    }

    /// By place, when what was placed has its last output token, and what was turned away was.
    fn ends_s(&self, requests: usize) -> Vec<Option<f64>> {
        let mut ends_s = vec![None; requests];
        for placed in &self.placed {
            let decode_s = f64::from(placed.asked.output) * self.settings.output_token_s;
            ends_s[placed.asked.place] = Some(placed.finish_s() + decode_s);
        }
        self.rejected_s.iter().for_each(|&(place, at_s)| ends_s[place] = Some(at_s));
        ends_s
    }

    /// Moments at which a request arrived, its prefill ended, or all of it.
    pub(crate) fn moments_s(&self) -> Vec<f64> {
        let arrivals_s = self.placed.iter().map(|placed| placed.arrival_s);
        let prefills_s = self.placed.iter().map(Placed::finish_s);
        let ends_s = self.ends_s(self.nodes.len()).into_iter().flatten();
        arrivals_s.chain(prefills_s).chain(ends_s).collect()
    }
}

/// Requests that wait for nothing in the order in which they come, each with its arrival on the
/// run's clock unless the rate changes.
fn open_arrivals(settings: &Settings, trace: &[Asked]) -> Vec<(f64, usize)> {
    if settings.logical {
        return (0..trace.len()).map(|place| (place as f64 + 1.0, place)).collect();
    }
    let mut order: Vec<usize> = (0..trace.len()).filter(|&at| trace[at].waits.is_empty()).collect();
    order.sort_by(|&a, &b| trace[a].timestamp_s.total_cmp(&trace[b].timestamp_s));
    let times: Vec<f64> = order.iter().map(|&at| trace[at].timestamp_s).collect();
    let spread = |place: usize| {
        let own = times[place];
        if !settings.spread_arrivals {
            return own;
        }
        let first = times.iter().position(|&other| other == own).expect("itself");
        let size = times.iter().filter(|&&other| other == own).count();
        let gap = match (times.get(first + size), first.checked_sub(1)) {
            (Some(next), _) => next - own,
            (None, Some(before)) => own - times[before],
            (None, None) => 0.0,
        };
        own + gap * ((place - first) as f64 / size as f64)
    };
    let clock = |place: usize| (spread(place) - times[0]) / settings.rate;
    order.into_iter().enumerate().map(|(place, at)| (clock(place), at)).collect()
}
