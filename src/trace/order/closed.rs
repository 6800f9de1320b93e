//! Closed loops: requests that arrive when others have finished.
//!
//! Of a session only the latest row can be waited for by one that comes later, so that one finish
//! a session is kept, in 16 bytes. Rows that others may wait for by name are kept as long as names
//! are ([`Log::named_to`]), and what somebody waits for who was not taken until that is.
//!
//! A request with [`Wait`]s arrives once all it waits for has finished, at the latest of
//! max(finish + delay, not before) over them. Finishes are on the run's clock, after a request was
//! placed and before the next one is asked for, so nothing that is not known yet can arrive
//! earlier than what is: whatever finishes later was placed later.

use crate::columns::Numbered;
use crate::model::{At, Wait};
use crate::trace::Log;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A request whose arrival is not known yet.
#[derive(Clone, Copy, Debug)]
struct Pending {
    /// How many of those it waits for have not finished.
    left: u32,
    /// Its arrival as far as the others tell.
    at_s: f64,
}

/// The latest row of a session that was looked at.
#[derive(Clone, Copy, Debug)]
struct Latest {
    place: u64,
    /// NaN until it has finished.
    finished_s: f64,
}

impl Latest {
    const NONE: Self = Self { place: u64::MAX, finished_s: f64::NAN };
}

/// Requests that wait for others, and what has finished.
#[derive(Clone, Debug, Default)]
pub(super) struct Closed {
    /// When requests have finished, by place: those that may be waited for by name, and those that
    /// somebody waits for.
    finished: Numbered<f64>,
    /// By session, its latest row.
    latest: Vec<Latest>,
    /// By the place waited for: who waits, and how.
    waiters: Numbered<Vec<(u64, Wait)>>,
    pending: Numbered<Pending>,
    released: BinaryHeap<Reverse<At>>,
    /// Places of those that are released.
    places: Numbered<()>,
}

impl Closed {
    /// How many are known of and were not taken.
    pub(super) fn len(&self) -> usize {
        self.pending.len() + self.released.len()
    }

    /// How many can be taken.
    pub(super) fn released(&self) -> usize {
        self.released.len()
    }

    /// The first place among them.
    pub(super) fn oldest(&self) -> Option<u64> {
        let pending = self.pending.first();
        pending.into_iter().chain(self.places.first()).min()
    }

    /// A row of a session is looked at, in the order of the file; what it waits for was told.
    pub(super) fn follow(&mut self, place: u64, session: u32) {
        let at = session as usize;
        if self.latest.len() <= at {
            self.latest.resize(at + 1, Latest::NONE);
        }
        self.latest[at] = Latest { place, ..Latest::NONE };
    }

    /// When the request at `place` has finished, which is the session's latest row or has a name.
    fn finish_of(&self, place: u64, session: u32) -> Option<f64> {
        let latest = self.latest.get(session as usize).filter(|latest| latest.place == place);
        let latest_s = latest.map(|latest| latest.finished_s).filter(|at_s| !at_s.is_nan());
        latest_s.or_else(|| self.finished.get(place).copied())
    }

    /// A request of a session waits; `clock` turns the trace's seconds into the run's. Returns its
    /// arrival where all it waits for has finished.
    pub(super) fn wait(
        &mut self,
        (place, session): (u64, u32),
        waits: &[Wait],
        clock: impl Fn(f64) -> f64,
    ) -> Option<f64> {
        let mut pending = Pending { left: 0, at_s: f64::NEG_INFINITY };
        for &wait in waits {
            match self.finish_of(wait.after.into(), session) {
                Some(at_s) => {
                    // A rate that changes, or an end that does, is heard of until it is taken.
                    self.finished.insert(wait.after.into(), at_s);
                    pending.hear(wait, at_s, &clock);
                }
                None => {
                    pending.left += 1;
                    let after = u64::from(wait.after);
                    match self.waiters.get_mut(after) {
                        Some(waiters) => waiters.push((place, wait)),
                        None => self.waiters.insert(after, vec![(place, wait)]),
                    }
                }
            }
        }
        if pending.left == 0 {
            self.release(place, pending.at_s);
            return Some(pending.at_s);
        }
        self.hold(place, pending);
        None
    }

    /// The request of a session at `place` has finished. `named`: others may wait for it later on.
    pub(super) fn finish(
        &mut self,
        (place, session): (u64, u32),
        at_s: f64,
        named: bool,
        clock: impl Fn(f64) -> f64,
    ) {
        if let Some(latest) = self.latest_at(place, session) {
            latest.finished_s = at_s;
        }
        if named || self.waiters.get(place).is_some() {
            self.finished.insert(place, at_s);
        }
        for (waiter, wait) in self.waiters.remove(place).unwrap_or_default() {
            let Some(pending) = self.pending.get_mut(waiter) else { continue };
            pending.left -= 1;
            pending.hear(wait, at_s, &clock);
            if pending.left == 0 {
                let at_s = pending.at_s;
                self.pending.remove(waiter);
                self.release(waiter, at_s);
            }
        }
    }

    /// The row at `place`, if it is the latest of its session.
    fn latest_at(&mut self, place: u64, session: u32) -> Option<&mut Latest> {
        self.latest.get_mut(session as usize).filter(|latest| latest.place == place)
    }

    /// The request at `place`, whose end was told, ends at `at_s` instead; who waits for it and was
    /// not taken hears of that.
    pub(super) fn revise(
        &mut self,
        log: &Log,
        (place, session): (u64, u32),
        at_s: f64,
        clock: impl Fn(f64) -> f64,
    ) {
        if let Some(latest) = self.latest_at(place, session) {
            latest.finished_s = at_s;
        }
        if let Some(told) = self.finished.get_mut(place) {
            *told = at_s;
            self.hear_again(log, clock);
        }
    }

    /// Everybody who waits hears again of all that has finished. O(who waits).
    pub(super) fn hear_again(&mut self, log: &Log, clock: impl Fn(f64) -> f64) {
        let finished = &self.finished;
        // One that was let go although something it waits for never finished keeps its time.
        let arrival_s = |waiter: u64, least_s: f64, partly: bool| {
            let mut pending = Pending { left: 0, at_s: f64::NEG_INFINITY };
            for &wait in log.get(waiter).waits {
                match finished.get(wait.after.into()) {
                    Some(&at_s) => pending.hear(wait, at_s, &clock),
                    None if partly => {}
                    None => return least_s,
                }
            }
            pending.at_s
        };
        for waiter in self.pending.numbers() {
            if let Some(pending) = self.pending.get_mut(waiter) {
                pending.at_s = arrival_s(waiter, pending.at_s, true);
            }
        }
        let released = std::mem::take(&mut self.released).into_iter();
        self.released = released
            .map(|Reverse(At(at_s, waiter))| Reverse(At(arrival_s(waiter, at_s, false), waiter)))
            .collect();
    }

    /// Lets the first that waits go at `now_s`, although not all it waits for has finished: the
    /// trace has ended, and nothing else can happen.
    pub(super) fn give_up(&mut self, now_s: f64) {
        if let Some((place, pending)) = self.pending.pop_first() {
            self.release(place, pending.at_s.max(now_s));
        }
    }

    /// The next one: its arrival and its place.
    pub(super) fn first(&self) -> Option<(f64, u64)> {
        self.released.peek().map(|Reverse(At(at_s, place))| (*at_s, *place))
    }

    /// Takes it: what it waited for is forgotten, unless others may wait for that by name, as they
    /// may below `named_to`.
    pub(super) fn take(&mut self, log: &Log, named_to: u64) -> Option<(f64, u64)> {
        let Reverse(At(at_s, place)) = self.released.pop()?;
        self.places.remove(place);
        let waited_for = log.get(place).waits.iter().map(|wait| u64::from(wait.after));
        for after in waited_for.filter(|&after| named_to <= after) {
            self.finished.remove(after);
        }
        Some((at_s, place))
    }

    /// Memory held by what has finished, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.latest.capacity() * size_of::<Latest>() + self.finished.memory_bytes()
    }

    fn hold(&mut self, place: u64, pending: Pending) {
        self.pending.insert(place, pending);
    }

    fn release(&mut self, place: u64, at_s: f64) {
        self.places.insert(place, ());
        self.released.push(Reverse(At(at_s, place)));
    }
}

impl Pending {
    fn hear(&mut self, wait: Wait, finished_s: f64, clock: &impl Fn(f64) -> f64) {
        let at_s = (finished_s + wait.delay_s).max(clock(wait.not_before_s));
        self.at_s = self.at_s.max(at_s);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{BlockId, Request, Wait};
    use crate::rng::Stream;
    use crate::trace::Log;
    use crate::trace::order::{Arrivals, Order};

    /// One request of a made-up trace.
    struct Made {
        arrival_s: f64,
        lasts_s: f64,
        waits: Vec<Wait>,
        /// None where others may wait for it by its name.
        session: Option<u32>,
    }

    fn made(stream: &mut Stream, index: u32) -> Made {
        let wait = |stream: &mut Stream| Wait {
            after: stream.below(u64::from(index)) as u32,
            delay_s: stream.below(4) as f64,
            not_before_s: [f64::NEG_INFINITY, stream.below(30) as f64][stream.below(2) as usize],
        };
        let number = if index == 0 { 0 } else { stream.below(5).saturating_sub(2) };
        let waits = (0..number).map(|_| wait(stream)).collect();
        let (arrival_s, lasts_s) = (stream.below(20) as f64, stream.below(9) as f64);
        Made { arrival_s, lasts_s, waits, session: None }
    }

    /// Rows of three sessions, most of which wait for their session's row before.
    fn made_of_sessions(stream: &mut Stream, length: u32) -> Vec<Made> {
        let mut latest = [None; 3];
        let row = |index| {
            let session = stream.below(3) as u32;
            let before = latest[session as usize].replace(index);
            let wait = |stream: &mut Stream, after| Wait {
                after,
                delay_s: stream.below(4) as f64,
                not_before_s: f64::NEG_INFINITY,
            };
            let before = before.filter(|_| stream.below(4) > 0);
            let waits = before.into_iter().map(|after| wait(stream, after)).collect();
            let (arrival_s, lasts_s) = (stream.below(20) as f64, stream.below(9) as f64);
            Made { arrival_s, lasts_s, waits, session: Some(session) }
        };
        (0..length).map(row).collect()
    }

    /// The order itself, its log written in chunks of `chunk` requests.
    fn served(all: &[Made], chunk: usize, window: usize) -> Vec<(u64, f64)> {
        let mut order = Order::Arrival(Box::new(Arrivals::with_window(1.0, false, window)));
        let (mut log, mut out) = (Log::new(), Vec::new());
        for part in all.chunks(chunk) {
            for made in part {
                let (index, session) = (log.len() as u32, made.session.unwrap_or(0));
                let Made { arrival_s, .. } = *made;
                let request =
                    Request { index, arrival_s, input_tokens: 1, output_tokens: 0, session };
                log.push(request, &[BlockId(index)]);
                log.set_named(made.session.is_none());
                made.waits.iter().for_each(|&wait| log.add_wait(wait));
            }
            if log.len() == all.len() as u64 {
                log.end();
            }
            while order.ready(&log) > 0 {
                let (place, at_s) = order.next(&log).expect("one is ready");
                let at_s = at_s.expect("by arrival");
                assert!(order.oldest() <= all.len() as u64);
                out.push((place, at_s));
                let found = log.get(place);
                order.finished(found.request, at_s + all[place as usize].lasts_s);
                assert_eq!(order.left(&log) + out.len() as u64, log.len());
            }
        }
        out
    }

    /// The obvious form: of all whose arrival is known, the first by (arrival, place).
    fn twin(all: &[Made]) -> Vec<(u64, f64)> {
        let mut finished = vec![None; all.len()];
        let mut out: Vec<(u64, f64)> = Vec::new();
        let open = all.iter().filter(|made| made.waits.is_empty());
        let first_s = open.map(|made| made.arrival_s).fold(f64::INFINITY, f64::min);
        while out.len() < all.len() {
            let arrival = |made: &Made| {
                if made.waits.is_empty() {
                    return Some(made.arrival_s - first_s);
                }
                let at = |wait: &Wait| {
                    let finish: f64 = finished[wait.after as usize]?;
                    Some((finish + wait.delay_s).max(wait.not_before_s - first_s))
                };
                made.waits
                    .iter()
                    .map(at)
                    .try_fold(f64::NEG_INFINITY, |most, at| Some(most.max(at?)))
            };
            let left = (0..all.len()).filter(|&place| finished[place].is_none());
            let known = left.filter_map(|place| Some((arrival(&all[place])?, place)));
            let (at_s, place) = known
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
                .expect("who waits, waits for an earlier one");
            finished[place] = Some(at_s + all[place].lasts_s);
            out.push((place as u64, at_s));
        }
        out
    }

    #[test]
    fn closed_loops_equal_their_twin_whatever_the_chunks() {
        let mut stream = Stream::new(8, "closed", 0);
        for case in 0..4000 {
            let length = 1 + stream.below(14) as u32;
            let all: Vec<Made> = match case % 2 {
                0 => (0..length).map(|index| made(&mut stream, index)).collect(),
                _ => made_of_sessions(&mut stream, length),
            };
            let expected = twin(&all);
            let chunk = 1 + stream.below(6) as usize;
            assert_eq!(served(&all, chunk, 100), expected);
            // A small window may sort less, but all come out, and chunks make no difference.
            let (whole, parts) = (served(&all, 100, 2), served(&all, chunk, 2));
            assert_eq!(whole, parts);
            assert_eq!(whole.len(), all.len());
        }
    }
}
