//! The order in which one reader takes requests out of the log: as the file has them, or by
//! arrival for the timed clock.
//!
//! A trace that is out of order is sorted within a window of [`REORDER_WINDOW`] requests, ties in
//! file order; a request that comes later than that keeps its place and arrives when its turn
//! comes, and is counted. The window is always full until the trace ends, so the order does not
//! depend on how the trace was cut into chunks. Where simultaneous arrivals are spread, the window
//! also reaches to the next later timestamp, however large the group.

use super::Log;
use std::collections::VecDeque;

/// Requests looked at together.
pub const REORDER_WINDOW: usize = 4096;

/// How a reader takes requests out of a log.
#[derive(Clone, Debug)]
pub enum Order {
    /// In file order; the place of the next request.
    File(u64),
    /// By arrival.
    Arrival(Arrivals),
}

impl Order {
    /// How many requests can be taken at least, now that `log` is as long as it is; 0 only if
    /// none can.
    pub fn ready(&mut self, log: &Log) -> u64 {
        match self {
            Self::File(next) => log.len() - *next,
            Self::Arrival(arrivals) => arrivals.ready(log),
        }
    }

    /// Takes the next request, which is ready: its place, and under the timed clock its arrival in
    /// seconds after the first.
    pub fn next(&mut self, log: &Log) -> Option<(u64, Option<f64>)> {
        match self {
            Self::File(next) => {
                let place = *next;
                (place < log.len()).then(|| {
                    *next += 1;
                    (place, None)
                })
            }
            Self::Arrival(arrivals) => {
                arrivals.next(log).map(|(place, arrival_s)| (place, Some(arrival_s)))
            }
        }
    }

    /// Requests of the log that were not taken.
    pub fn left(&self, log: &Log) -> u64 {
        match self {
            Self::File(next) => log.len() - next,
            Self::Arrival(arrivals) => log.len() - arrivals.seen + arrivals.held.len() as u64,
        }
    }

    /// The place before which no request will be asked for again.
    pub fn oldest(&self) -> u64 {
        match self {
            Self::File(next) => *next,
            Self::Arrival(arrivals) => {
                let held = arrivals.held.iter().map(|&(_, place)| place);
                held.min().unwrap_or(arrivals.seen)
            }
        }
    }

    /// Requests that came too late to be sorted.
    pub fn late(&self) -> u64 {
        match self {
            Self::File(_) => 0,
            Self::Arrival(arrivals) => arrivals.late,
        }
    }
}

/// The sorting window.
#[derive(Clone, Debug)]
pub struct Arrivals {
    rate: f64,
    spread: bool,
    window: usize,
    /// The place of the next request of the log to look at.
    seen: u64,
    /// Requests looked at and not taken: time and place, in the order in which they are taken.
    held: VecDeque<(f64, u64)>,
    first_s: Option<f64>,
    group: Group,
    latest_s: f64,
    late: u64,
}

/// Requests with one timestamp that are being spread until the next timestamp.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    start_s: f64,
    gap_s: f64,
    size: u32,
    released: u32,
}

impl Arrivals {
    /// With the trace's arrival rate multiplied by `rate` > 0, sorted among `window` > 0 requests.
    pub fn new(rate: f64, spread: bool, window: usize) -> Self {
        Self {
            rate,
            spread,
            window,
            seen: 0,
            held: VecDeque::new(),
            first_s: None,
            group: Group::default(),
            latest_s: f64::NEG_INFINITY,
            late: 0,
        }
    }

    fn ready(&mut self, log: &Log) -> u64 {
        self.fill(log);
        let left = log.len() - self.seen + self.held.len() as u64;
        if log.is_ended() {
            return left;
        }
        if self.is_short() {
            return 0;
        }
        let full = left - (self.window as u64 - 1);
        if !self.spread {
            return full;
        }
        let (last_s, _) = self.held[self.held.len() - 1];
        full.min(self.held.partition_point(|&(at_s, _)| at_s < last_s) as u64)
    }

    /// Looks at more of the log while the window is short. O(distance out of order) a request.
    fn fill(&mut self, log: &Log) {
        while self.is_short() && self.seen < log.len() {
            let at_s = log.get(self.seen).request.arrival_s;
            let behind = self.held.iter().rev().take_while(|held| at_s < held.0).count();
            self.held.insert(self.held.len() - behind, (at_s, self.seen));
            self.seen += 1;
        }
    }

    /// Whether more must be seen before the first can be taken.
    fn is_short(&self) -> bool {
        self.held.len() < self.window || (self.spread && self.is_one_group())
    }

    fn is_one_group(&self) -> bool {
        match (self.held.front(), self.held.back()) {
            (Some((first_s, _)), Some((last_s, _))) => first_s == last_s,
            _ => true,
        }
    }

    fn next(&mut self, log: &Log) -> Option<(u64, f64)> {
        self.fill(log);
        let (at_s, place) = self.held.pop_front()?;
        let first_s = *self.first_s.get_or_insert(at_s);
        if at_s < self.latest_s {
            self.late += 1;
        }
        self.latest_s = self.latest_s.max(at_s);
        let arrival_s = if self.spread { self.spread(at_s) } else { at_s };
        Some((place, (arrival_s - first_s) / self.rate))
    }

    fn spread(&mut self, at_s: f64) -> f64 {
        let group = &mut self.group;
        if group.released == group.size || at_s != group.start_s {
            let rest = self.held.iter().take_while(|held| held.0 == at_s).count();
            let gap_s = match self.held.get(rest) {
                Some((next_s, _)) => next_s - at_s,
                None => group.gap_s,
            };
            *group = Group { start_s: at_s, gap_s, size: rest as u32 + 1, released: 0 };
        }
        let place = f64::from(group.released) / f64::from(group.size);
        group.released += 1;
        group.start_s + group.gap_s * place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockId, Request};

    fn arrivals(times: &[f64], spread: bool, window: usize) -> Vec<(u64, f64)> {
        let mut log = Log::new();
        let mut order = Order::Arrival(Arrivals::new(2.0, spread, window));
        let mut out = Vec::new();
        for (index, &arrival_s) in (0..).zip(times) {
            let session = Request::NO_SESSION;
            let request = Request { index, arrival_s, input_tokens: 1, output_tokens: 0, session };
            log.push(request, &[BlockId(index)]);
            for _ in 0..order.ready(&log) {
                let (place, at) = order.next(&log).expect("ready");
                out.push((place, at.expect("by arrival")));
            }
            assert!(order.oldest() <= order.left(&log) + out.len() as u64);
        }
        log.end();
        assert_eq!(order.ready(&log), order.left(&log));
        while let Some((place, at)) = order.next(&log) {
            out.push((place, at.expect("by arrival")));
        }
        out
    }

    #[test]
    fn order_is_by_time_and_ties_keep_file_order_at_the_multiplied_rate() {
        let want = [(1, 0.0), (0, 1.0), (2, 1.0), (3, 2.0)];
        assert_eq!(arrivals(&[12.0, 10.0, 12.0, 14.0], false, 4), want);
    }

    #[test]
    fn a_request_beyond_the_window_arrives_when_its_turn_comes() {
        let want = [(0, 0.0), (1, 1.0), (2, -4.0)];
        assert_eq!(arrivals(&[10.0, 12.0, 2.0], false, 1), want);
    }

    #[test]
    fn groups_are_spread_until_the_next_and_the_last_by_the_gap_before() {
        let want = [(0, 0.0), (1, 1.0), (2, 2.0), (3, 3.0)];
        for window in [1, 2, 8] {
            assert_eq!(arrivals(&[0.0, 0.0, 4.0, 4.0], true, window), want, "{window}");
        }
    }

    #[test]
    fn a_group_larger_than_the_window_is_spread_until_the_next_timestamp() {
        let mut times = vec![0.0];
        times.extend([10.0; REORDER_WINDOW]);
        times.push(11.0);
        let out = arrivals(&times, true, REORDER_WINDOW);
        let at: Vec<f64> = out.iter().map(|it| it.1 * 2.0).collect();
        assert_eq!((at[0], at[1], at[REORDER_WINDOW + 1]), (0.0, 10.0, 11.0));
        let last = 10.0 + (REORDER_WINDOW - 1) as f64 / REORDER_WINDOW as f64;
        assert_eq!(at[REORDER_WINDOW], last);
    }
}
