//! The order in which one reader takes requests out of the log: as the file has them, or by
//! arrival for the timed clock.
//!
//! A trace that is out of order is sorted within a window of [`REORDER_WINDOW`] requests, ties in
//! file order; a request that comes later than that keeps its place and arrives when its turn
//! comes, and is counted. The window is always full until the trace ends, so the order does not
//! depend on how the trace was cut into chunks.
//!
//! With spreading, requests with one timestamp arrive evenly until the next timestamp. A group
//! is all requests that leave the window one after the other with one timestamp, late ones among
//! them; it is held whole, because its size and the timestamp after it decide when the first of
//! it arrives. The last group of a trace has no timestamp after it and takes the gap before it;
//! where there is none either, all of it arrives at once.

mod closed;
mod pace;
#[cfg(test)]
mod tests;

use super::Log;
use crate::model::Request;
use closed::Closed;
use pace::Pace;
use std::collections::VecDeque;

/// Requests looked at together.
pub const REORDER_WINDOW: usize = 4096;

/// How a reader takes requests out of a log.
#[derive(Clone, Debug)]
pub enum Order {
    /// In file order; the place of the next request.
    File(u64),
    /// By arrival.
    Arrival(Box<Arrivals>),
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

    /// Takes the next `n` requests, which are ready, in file order.
    pub fn skip(&mut self, n: u64) {
        match self {
            Self::File(next) => *next += n,
            Self::Arrival(_) => panic!("by arrival, requests are taken one by one"),
        }
    }

    /// What [`Order::next`] would take.
    pub fn peek(&mut self, log: &Log) -> Option<(u64, Option<f64>)> {
        match self {
            Self::File(next) => (*next < log.len()).then_some((*next, None)),
            Self::Arrival(arrivals) => {
                arrivals.peek(log).map(|(place, arrival_s)| (place, Some(arrival_s)))
            }
        }
    }

    /// Requests of the log that were not taken.
    pub fn left(&self, log: &Log) -> u64 {
        match self {
            Self::File(next) => log.len() - next,
            Self::Arrival(arrivals) => arrivals.left(log),
        }
    }

    /// The place before which no request will be asked for again.
    pub fn oldest(&self) -> u64 {
        match self {
            Self::File(next) => *next,
            Self::Arrival(arrivals) => {
                let held = arrivals.held.iter().map(|&(_, place)| place);
                held.chain(arrivals.closed.oldest()).min().unwrap_or(arrivals.seen)
            }
        }
    }

    /// Tells that a request that was taken has finished, on the run's clock. To be called before
    /// the next one is taken; others may wait for it.
    pub fn finished(&mut self, request: &Request, at_s: f64) {
        if let Self::Arrival(arrivals) = self {
            let place = u64::from(request.index);
            let named = place < arrivals.named_to;
            let (first_s, pace) = (arrivals.first_s.unwrap_or(0.0), arrivals.pace);
            let row = (place, request.session);
            arrivals.closed.finish(row, at_s, named, |s| pace.at(s - first_s));
        }
    }

    /// A request that was said to finish at another time does at `at_s`; nothing that waits for it
    /// has been taken.
    pub fn revise(&mut self, log: &Log, place: u64, at_s: f64) {
        if let Self::Arrival(arrivals) = self {
            let (first_s, pace) = (arrivals.first_s.unwrap_or(0.0), arrivals.pace);
            let row = (place, log.get(place).request.session);
            arrivals.closed.revise(log, row, at_s, |s| pace.at(s - first_s));
        }
    }

    /// From `at_s` on the run's clock, which nothing that is still to be taken comes before, gaps
    /// are divided by `factor`. Without time there are none.
    pub fn change_rate(&mut self, log: &Log, at_s: f64, factor: f64) {
        if let Self::Arrival(arrivals) = self {
            arrivals.pace.change(at_s, factor);
            let (first_s, pace) = (arrivals.first_s.unwrap_or(0.0), arrivals.pace);
            arrivals.closed.hear_again(log, |s| pace.at(s - first_s));
        }
    }

    /// Memory held by what has finished and may be waited for, in bytes.
    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::File(_) => 0,
            Self::Arrival(arrivals) => arrivals.closed.memory_bytes(),
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

/// The sorting window, and in front of it the group that is being spread.
#[derive(Clone, Debug)]
pub struct Arrivals {
    pace: Pace,
    window: usize,
    /// The place of the next request of the log to look at.
    seen: u64,
    /// Requests looked at and not taken: time and place, in the order in which they are taken.
    held: VecDeque<(f64, u64)>,
    first_s: Option<f64>,
    latest_s: f64,
    /// The latest arrival of those that were taken, on the run's clock.
    taken_s: f64,
    late: u64,
    spread: bool,
    group: Group,
    closed: Closed,
    /// Those before this place may be waited for by name: see [`Log::named_to`].
    named_to: u64,
}

/// Requests with one timestamp that are being spread until the next timestamp.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    start_s: f64,
    gap_s: f64,
    size: u32,
    released: u32,
    /// Whether all of it is held.
    is_whole: bool,
}

impl Group {
    /// Requests in front of the window, which no later one can overtake.
    fn settled(&self) -> usize {
        (self.size - self.released) as usize
    }

    /// When the next of it arrives, in the trace's seconds.
    fn next_s(&self) -> f64 {
        self.start_s + self.gap_s * (f64::from(self.released) / f64::from(self.size))
    }
}

impl Arrivals {
    /// With the trace's arrival rate multiplied by `rate` > 0.
    pub fn new(rate: f64, spread: bool) -> Self {
        Self::with_window(rate, spread, REORDER_WINDOW)
    }

    /// With a sorting window of `window` ≥ 1 requests, for tests.
    pub fn with_window(rate: f64, spread: bool, window: usize) -> Self {
        Self {
            pace: Pace::new(rate),
            window,
            seen: 0,
            held: VecDeque::new(),
            first_s: None,
            latest_s: f64::NEG_INFINITY,
            taken_s: f64::NEG_INFINITY,
            late: 0,
            spread,
            group: Group::default(),
            closed: Closed::default(),
            named_to: 0,
        }
    }

    fn left(&self, log: &Log) -> u64 {
        log.len() - self.seen + (self.held.len() + self.closed.len()) as u64
    }

    /// Looks at what the order needs of the log; returns how many requests have their places and
    /// times settled at least. O(distance out of order) a request looked at.
    fn ready(&mut self, log: &Log) -> u64 {
        let open = self.ready_in_window(log);
        let Some(open) = open else { return 0 };
        if self.held.is_empty() && self.closed.released() == 0 && log.is_ended() {
            let since_s = self.latest_s - self.first_s.unwrap_or(0.0);
            self.closed.give_up(self.pace.at(since_s));
        }
        // Before the end the next one that waits for nothing may need more of the log, and until
        // then nothing that waits for something can be taken either.
        let released = if log.is_ended() { self.closed.released() as u64 } else { 0 };
        open + released
    }

    /// The same for those that wait for nothing; none while not even the first is settled, and
    /// so none that comes before it.
    fn ready_in_window(&mut self, log: &Log) -> Option<u64> {
        if self.spread {
            self.gather(log);
            let over = log.is_ended() && self.seen == log.len() && self.held.is_empty();
            return (self.group.is_whole || over).then(|| self.group.settled() as u64);
        }
        if !self.fill(log) {
            return None;
        }
        let held = self.held.len() as u64;
        let unseen = if log.has_waits() { 0 } else { log.len() - self.seen };
        let more = if log.is_ended() { 0 } else { self.window as u64 - 1 };
        Some((held + unseen).saturating_sub(more))
    }

    /// Gathers the group that leaves the window next.
    fn gather(&mut self, log: &Log) {
        while !self.group.is_whole && self.fill(log) {
            let Some(&(at_s, _)) = self.held.get(self.group.settled()) else {
                self.group.is_whole = 0 < self.group.size;
                return;
            };
            let group = &mut self.group;
            if group.size == 0 {
                group.start_s = at_s;
            }
            if at_s <= group.start_s {
                group.size += 1;
            } else {
                group.gap_s = at_s - group.start_s;
                group.is_whole = true;
            }
        }
    }

    /// Fills the window; returns whether what stands first in it is settled.
    fn fill(&mut self, log: &Log) -> bool {
        let settled = self.group.settled();
        while self.held.len() - settled < self.window {
            if self.seen == log.len() {
                return log.is_ended();
            }
            let found = log.get(self.seen);
            let session = found.request.session;
            self.named_to = log.named_to();
            if !found.waits.is_empty() {
                let (first_s, pace) = (self.first_s.unwrap_or(0.0), self.pace);
                let row = (self.seen, session);
                let at_s = self.closed.wait(row, found.waits, |s| pace.at(s - first_s));
                self.late += u64::from(at_s.is_some_and(|at_s| at_s < self.taken_s));
            }
            if session != Request::NO_SESSION {
                self.closed.follow(self.seen, session);
            }
            if !found.waits.is_empty() {
                self.seen += 1;
                continue;
            }
            let at_s = found.request.arrival_s;
            let behind = self.held.iter().skip(settled).rev().take_while(|it| at_s < it.0).count();
            self.held.insert(self.held.len() - behind, (at_s, self.seen));
            self.seen += 1;
        }
        true
    }

    fn next(&mut self, log: &Log) -> Option<(u64, f64)> {
        if self.ready(log) == 0 {
            return None;
        }
        if let Some((at_s, place)) = self.closed.first()
            && self.first_open().is_none_or(|open| (at_s, place) < open)
        {
            self.closed.take(log, self.named_to);
            self.taken_s = self.taken_s.max(at_s);
            return Some((place, at_s));
        }
        let (at_s, place) = self.held.pop_front()?;
        let first_s = *self.first_s.get_or_insert(at_s);
        if at_s < self.latest_s {
            self.late += 1;
        }
        self.latest_s = self.latest_s.max(at_s);
        let arrival_s = if self.spread { self.place() } else { at_s };
        let arrival_s = self.pace.at(arrival_s - first_s);
        self.taken_s = self.taken_s.max(arrival_s);
        Some((place, arrival_s))
    }

    /// The request that is taken next, and when it arrives.
    fn peek(&mut self, log: &Log) -> Option<(u64, f64)> {
        if self.ready(log) == 0 {
            return None;
        }
        let before = |one: &(f64, u64), other: &(f64, u64)| one < other;
        let next = match (self.closed.first(), self.first_open()) {
            (Some(closed), Some(open)) if before(&open, &closed) => open,
            (closed, open) => closed.or(open)?,
        };
        Some((next.1, next.0))
    }

    /// When the first of those that wait for nothing arrives on the run's clock, and its place.
    fn first_open(&self) -> Option<(f64, u64)> {
        let &(at_s, place) = self.held.front()?;
        let at_s = if self.spread { self.group.next_s() } else { at_s };
        Some((self.pace.at(at_s - self.first_s.unwrap_or(at_s)), place))
    }

    /// Releases one request of the group; returns when it arrives, in the trace's seconds.
    fn place(&mut self) -> f64 {
        let group = &mut self.group;
        let arrival_s = group.next_s();
        group.released += 1;
        if group.released == group.size {
            // The gap stays: the trace may end with the group that follows.
            *group = Group { gap_s: group.gap_s, ..Group::default() };
        }
        arrival_s
    }
}
