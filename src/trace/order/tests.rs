//! Tests of the order.

use super::*;
use crate::model::{BlockId, Request, Wait};
use crate::rng::Stream;

fn request(index: u32, arrival_s: f64) -> Request {
    let session = Request::NO_SESSION;
    Request { index, arrival_s, input_tokens: 1, output_tokens: 0, session }
}

/// Runs `times` through the window, written in chunks of `chunk` requests.
fn served(arrivals: Arrivals, times: &[f64], chunk: usize) -> Vec<(u32, f64)> {
    let (mut log, mut order) = (Log::new(), Order::Arrival(Box::new(arrivals)));
    let mut out = Vec::new();
    let mut waiting = (0..).zip(times).peekable();
    loop {
        for (index, &arrival_s) in waiting.by_ref().take(chunk) {
            log.push(request(index, arrival_s), &[BlockId(index)]);
        }
        if waiting.peek().is_none() {
            log.end();
        }
        let mut ready = order.ready(&log);
        while ready > 0 {
            let taken = (0..ready).map(|_| order.next(&log).expect("it was ready"));
            out.extend(taken.map(|(place, at)| (place as u32, at.expect("by arrival"))));
            assert!(out.len() as u64 + order.left(&log) == log.len());
            let passed = out.iter().filter(|it| u64::from(it.0) < order.oldest()).count();
            assert_eq!(passed as u64, order.oldest(), "what lies before was all taken");
            ready = order.ready(&log);
        }
        assert_eq!(order.next(&log), None, "nothing more is ready");
        if log.is_ended() {
            assert_eq!((out.len(), order.left(&log)), (times.len(), 0), "all come out");
            return out;
        }
    }
}

fn arrivals(times: &[f64], spread: bool) -> Vec<(u32, f64)> {
    served(Arrivals::new(2.0, spread), times, times.len())
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
    assert_eq!(arrivals(&[7.0, 7.0], true), [(0, 0.0), (1, 0.0)], "no gap at all");
}

#[test]
fn a_group_longer_than_the_window_is_spread_until_the_next_timestamp() {
    for size in [REORDER_WINDOW - 1, REORDER_WINDOW, 3 * REORDER_WINDOW] {
        let times = [vec![0.0], vec![10.0; size], vec![11.0]].concat();
        let out = served(Arrivals::new(1.0, true), &times, 1000);
        let place = |at: usize| 10.0 + at as f64 / size as f64;
        let group = out[1..=size].iter().enumerate();
        assert!(group.into_iter().all(|(at, &(_, s))| s == place(at)), "{size} in a group");
        assert_eq!(out.last(), Some(&(size as u32 + 1, 11.0)), "{size} in a group");
    }
}

/// The obvious form: the least of the next `window` leaves first; a late one takes the time
/// of the one before it; each run of equal times is spread until the time that follows.
fn twin(times: &[f64], window: usize) -> Vec<(u32, f64)> {
    let mut rest: Vec<(u32, f64)> = (0..).zip(times.iter().copied()).collect();
    let mut order: Vec<(u32, f64)> = Vec::new();
    while !rest.is_empty() {
        let seen = &rest[..window.min(rest.len())];
        let least = seen.iter().map(|it| it.1).fold(f64::INFINITY, f64::min);
        let at = seen.iter().position(|it| it.1 == least).expect("one is the least");
        let (index, time) = rest.remove(at);
        let latest = order.last().map_or(f64::NEG_INFINITY, |it| it.1);
        order.push((index, time.max(latest)));
    }
    let spread = |at: usize| {
        let (index, time) = order[at];
        let own: Vec<usize> = (0..order.len()).filter(|&it| order[it].1 == time).collect();
        let (first, last) = (own[0], own[own.len() - 1]);
        let gap = match (order.get(last + 1), first.checked_sub(1)) {
            (Some(next), _) => next.1 - time,
            (None, Some(before)) => time - order[before].1,
            (None, None) => 0.0,
        };
        (index, time + gap * ((at - first) as f64 / own.len() as f64) - order[0].1)
    };
    (0..order.len()).map(spread).collect()
}

#[test]
fn spreading_equals_its_twin_whatever_the_window_and_the_chunks() {
    let mut stream = Stream::new(6, "arrivals", 0);
    for _ in 0..3000 {
        let (length, window) = (stream.below(14) as usize, 1 + stream.below(5) as usize);
        let times: Vec<f64> = (0..length).map(|_| stream.below(5) as f64).collect();
        let chunk = 1 + stream.below(6) as usize;
        let got = served(Arrivals::with_window(1.0, true, window), &times, chunk);
        assert_eq!(got, twin(&times, window), "{times:?}, window {window}");
    }
}

/// The second row stands in the window until 9 s, and what stands behind it could have come at 3 s.
#[test]
fn one_that_waits_is_late_where_the_window_comes_to_it_too_late() {
    for (window, late) in [(1, 1), (2, 0)] {
        let mut log = Log::new();
        [0.0, 9.0, 0.0]
            .iter()
            .zip(0..)
            .for_each(|(&at_s, place)| log.push(request(place, at_s), &[]));
        log.add_wait(Wait { after: 0, delay_s: 2.0, not_before_s: f64::NEG_INFINITY });
        log.set_named(true);
        log.end();
        let mut order = Order::Arrival(Box::new(Arrivals::with_window(1.0, false, window)));
        let mut out = Vec::new();
        while let Some((place, at_s)) = order.next(&log) {
            let at_s = at_s.expect("by arrival");
            order.finished(log.get(place).request, at_s + 1.0);
            out.push((place, at_s));
        }
        out.sort_by_key(|&(place, _)| place);
        assert_eq!((out, order.late()), (vec![(0, 0.0), (1, 9.0), (2, 3.0)], late));
    }
}
