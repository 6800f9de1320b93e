//! Requests in order of arrival, for the timed clock.
//!
//! A trace that is out of order is sorted within a window of [`REORDER_WINDOW`] requests, ties in
//! file order; a request that comes later than that keeps its place and arrives when its turn
//! comes, and is counted. The window is always full until the trace ends, so the order does not
//! depend on how the trace was cut into chunks.

use super::RequestQueue;
use crate::model::{BlockId, Request};
use std::collections::VecDeque;

/// Requests looked at together.
pub const REORDER_WINDOW: usize = 4096;

/// The sorting window.
#[derive(Clone, Debug)]
pub struct Arrivals {
    rate: f64,
    spread: bool,
    held: VecDeque<(Request, Vec<BlockId>)>,
    spare: Vec<Vec<BlockId>>,
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
    /// With the trace's arrival rate multiplied by `rate` > 0.
    pub fn new(rate: f64, spread: bool) -> Self {
        Self {
            rate,
            spread,
            held: VecDeque::new(),
            spare: Vec::new(),
            first_s: None,
            group: Group::default(),
            latest_s: f64::NEG_INFINITY,
            late: 0,
        }
    }

    /// Fills the window from `queue`. O(distance out of order) a request.
    pub fn fill(&mut self, queue: &mut RequestQueue) {
        while self.held.len() < REORDER_WINDOW {
            let mut blocks = self.spare.pop().unwrap_or_default();
            let Some(request) = queue.pop_into(&mut blocks) else {
                self.spare.push(blocks);
                return;
            };
            let after = |held: &&(Request, _)| request.arrival_s < held.0.arrival_s;
            let behind = self.held.iter().rev().take_while(after).count();
            self.held.insert(self.held.len() - behind, (request, blocks));
        }
    }

    /// Whether the next request's place is settled.
    pub fn is_ready(&self, ended: bool) -> bool {
        self.held.len() == REORDER_WINDOW || (ended && !self.held.is_empty())
    }

    /// Requests held.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Requests that came too late for the window.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// Takes the next request, its blocks into `blocks`; returns it with its arrival on the
    /// run's clock, in seconds after the first.
    pub fn pop_into(&mut self, blocks: &mut Vec<BlockId>) -> Option<(Request, f64)> {
        let (request, mut own) = self.held.pop_front()?;
        std::mem::swap(blocks, &mut own);
        self.spare.push(own);
        let first_s = *self.first_s.get_or_insert(request.arrival_s);
        if request.arrival_s < self.latest_s {
            self.late += 1;
        }
        self.latest_s = self.latest_s.max(request.arrival_s);
        let arrival_s = if self.spread { self.spread(&request) } else { request.arrival_s };
        Some((request, (arrival_s - first_s) / self.rate))
    }

    fn spread(&mut self, request: &Request) -> f64 {
        let group = &mut self.group;
        if group.released == group.size || request.arrival_s != group.start_s {
            let same = |held: &&(Request, _)| held.0.arrival_s == request.arrival_s;
            let rest = self.held.iter().take_while(same).count();
            let gap_s = match self.held.get(rest) {
                Some((next, _)) => next.arrival_s - request.arrival_s,
                None => group.gap_s,
            };
            let (start_s, size) = (request.arrival_s, rest as u32 + 1);
            *group = Group { start_s, gap_s, size, released: 0 };
        }
        let place = f64::from(group.released) / f64::from(group.size);
        group.released += 1;
        group.start_s + group.gap_s * place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrivals(times: &[f64], spread: bool) -> Vec<(u32, f64)> {
        let mut queue = RequestQueue::new();
        for (index, &arrival_s) in (0..).zip(times) {
            let session = Request::NO_SESSION;
            let request = Request { index, arrival_s, input_tokens: 1, output_tokens: 0, session };
            queue.push(request, &[BlockId(index)]);
        }
        let mut arrivals = Arrivals::new(2.0, spread);
        let (mut out, mut blocks) = (Vec::new(), Vec::new());
        arrivals.fill(&mut queue);
        while arrivals.is_ready(true) {
            let (request, at) = arrivals.pop_into(&mut blocks).expect("ready");
            assert_eq!(blocks, [BlockId(request.index)]);
            out.push((request.index, at));
        }
        out
    }

    #[test]
    fn order_is_by_time_and_ties_keep_file_order_at_the_multiplied_rate() {
        let want = [(1, 0.0), (0, 1.0), (2, 1.0), (3, 2.0)];
        assert_eq!(arrivals(&[12.0, 10.0, 12.0, 14.0], false), want);
    }

    #[test]
    fn groups_are_spread_until_the_next_and_the_last_by_the_gap_before() {
        let want = [(0, 0.0), (1, 1.0), (2, 2.0), (3, 3.0)];
        assert_eq!(arrivals(&[0.0, 0.0, 4.0, 4.0], true), want);
    }
}
