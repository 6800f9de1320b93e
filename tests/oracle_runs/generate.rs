//! Configurations and small traces at random, with as many coincidences as there can be.

use super::cache::Discipline;
use super::members::{What, When};
use super::twin::{Asked, BLOCK_TOKENS, Settings, Twin};
use kvscope::rng::Stream;

/// The one that fetches most often.
const ROUTERS: [&str; 8] = [
    "conductor",
    "conductor",
    "conductor",
    "conductor",
    "conductor",
    "shortest_ttft",
    "least_requests",
    "round_robin",
];

/// One of `values`.
pub(super) fn one<T: Copy>(stream: &mut Stream, values: &[T]) -> T {
    values[stream.below(values.len() as u64) as usize]
}

/// The configuration number `case`: its low bits are the flags, so that all combinations occur.
pub(crate) fn settings(case: u64, stream: &mut Stream) -> Settings {
    let flag = |bit: u32| case >> bit & 1 == 1;
    let spread_arrivals = flag(4) && flag(5);
    Settings {
        nodes: 1 + (case / 64 % 4) as usize,
        capacity: one(stream, &[1, 3, 6, 10, 20, 1000]),
        router: one(stream, &ROUTERS),
        discipline: one(
            stream,
            &[Discipline::FlatLru, Discipline::FlatLru, Discipline::FlatFifo, Discipline::TreeLru],
        ),
        link_contention: flag(0),
        transfers_wait: flag(1),
        completion: flag(2),
        enforce_slo: flag(3),
        spread_arrivals,
        rate: if flag(4) && !spread_arrivals { 2.5 } else { 1.0 },
        slo_s: one(stream, &[0.5, 3.0, 10.0, 30.0]),
        fixed_s: one(stream, &[0.0, 0.3]),
        output_token_s: 0.03,
        balance: one(stream, &[1.0, 1.5, 2.0, 4.0]),
        // Computing a block takes about 0.09 or 0.9 s, moving it 0.02, 0.08 or 0.5 s.
        flops: one(stream, &[7.5e14, 7.5e13, 7.5e13]),
        bandwidth_bytes_s: one(stream, &[1e10, 2e9, 3.4e8]),
        window: one(stream, &[5, 13, 1000]),
        room: usize::MAX,
        logical: false,
        perturb: Vec::new(),
    }
}

/// The same without times, under a router that needs none.
pub(crate) fn without_time(settings: Settings, stream: &mut Stream) -> Settings {
    Settings {
        router: one(stream, &["round_robin", "least_loaded"]),
        logical: true,
        link_contention: false,
        transfers_wait: false,
        completion: false,
        enforce_slo: false,
        spread_arrivals: false,
        rate: 1.0,
        fixed_s: 0.0,
        ..settings
    }
}

/// Perturbations that are possible one after the other, as a trace has `requests`: by number, or at
/// one of `moments_s`, when something arrives or ends, or between.
pub(crate) fn perturb(
    settings: &mut Settings,
    requests: usize,
    moments_s: &[f64],
    stream: &mut Stream,
) {
    let mut states = vec!["alive"; settings.nodes];
    let in_seconds = stream.below(2) == 0;
    let mut moments: Vec<When> = (0..1 + stream.below(6))
        .map(|_| {
            let at = stream.below(moments_s.len() as u64);
            let moment_s = moments_s[at as usize];
            match in_seconds {
                true => When::Seconds(moment_s + stream.below(3) as f64 * 0.0125),
                // Where no node is alive before the first request, there is no pick to compare.
                false => When::Request(at % requests as u64 + 2),
            }
        })
        .collect();
    let key = |when: &When| match *when {
        When::Request(number) => number as f64,
        When::Seconds(seconds) => seconds,
    };
    moments.sort_by(|one, other| key(one).total_cmp(&key(other)));
    for when in moments {
        let node = stream.below(states.len() as u64) as usize;
        let last = states.iter().filter(|state| **state == "alive").count() == 1;
        let early = last && key(&when) <= 2.0;
        let what = match (states[node], stream.below(4)) {
            ("alive", 0) if !early => What::Drain(node),
            ("alive", 1) if !early => What::Kill(node),
            ("draining", 1) => What::Kill(node),
            ("draining" | "dead", 0 | 1) => What::Heal(node),
            (_, 3) if stream.below(2) == 0 => What::Add(1 + stream.below(2) as usize),
            (_, 3) => What::Forget(stream.below(12) as u32),
            _ if settings.logical => continue,
            (_, 0) => What::Rate(one(stream, &[0.5, 1.0, 3.0])),
            _ => What::Slow(node, one(stream, &[0.5, 1.0, 2.5, 10.0])),
        };
        match what {
            What::Kill(node) => states[node] = "dead",
            What::Drain(node) => states[node] = "draining",
            What::Heal(node) => states[node] = "alive",
            What::Add(nodes) => states.resize(states.len() + nodes, "alive"),
            What::Slow(..) | What::Forget(_) | What::Rate(_) => {}
        }
        settings.perturb.push((when, what));
    }
}

/// Requests that mostly begin like an earlier one.
struct Prefixes {
    paths: Vec<Vec<u32>>,
    blocks: u32,
}

impl Prefixes {
    fn next(&mut self, stream: &mut Stream) -> Asked {
        let back = (stream.below(12) + 1) as usize;
        let mut blocks = match self.paths.len().checked_sub(back) {
            Some(at) if 0 < stream.below(8) => self.paths[at].clone(),
            _ => Vec::new(),
        };
        blocks.truncate(stream.below(8) as usize);
        for _ in 0..stream.below(4) {
            blocks.push(self.blocks);
            self.blocks += 1;
        }
        self.paths.push(blocks.clone());
        let whole = blocks.len() as u32 * BLOCK_TOKENS;
        // A partial last block, one left out, or whole blocks only.
        let input = match stream.below(3) {
            0 => whole.saturating_sub(stream.below(u64::from(BLOCK_TOKENS)) as u32),
            1 => whole + stream.below(u64::from(BLOCK_TOKENS)) as u32,
            _ => whole,
        };
        let output = stream.below(50) as u32;
        Asked { place: 0, timestamp_s: 0.0, input, output, blocks, waits: Vec::new() }
    }
}

/// When the next request comes: now, soon, or at the very moment something ends.
fn next_s(now_s: f64, twin: &Twin, stream: &mut Stream) -> f64 {
    let ends = twin.placed.iter().flat_map(|placed| [placed.transferred_s(), placed.finish_s()]);
    let ahead: Vec<f64> = ends.filter(|&end_s| now_s < end_s).collect();
    match stream.below(8) {
        0..4 => now_s,
        4..7 if !ahead.is_empty() => one(stream, &ahead).min(one(stream, &ahead)),
        _ => now_s + stream.below(40) as f64 * 0.0125,
    }
}

/// A trace in order of time, for a configuration.
pub(crate) fn trace(settings: &Settings, requests: usize, stream: &mut Stream) -> Vec<Asked> {
    let mut twin = Twin::new(settings.clone());
    let mut prefixes = Prefixes { paths: Vec::new(), blocks: 0 };
    let (mut trace, mut now_s) = (Vec::new(), 0.0);
    for at in 0..requests {
        let mut asked = prefixes.next(stream);
        if at > 0 {
            now_s = next_s(now_s, &twin, stream);
        }
        (asked.place, asked.timestamp_s) = (at, now_s);
        twin.serve(&asked, now_s);
        trace.push(asked);
    }
    trace
}

/// When the requests of a trace arrive where nothing waits or changes.
pub(crate) fn moments_s(settings: &Settings, trace: &[Asked]) -> Vec<f64> {
    trace.iter().map(|asked| asked.timestamp_s / settings.rate).collect()
}

/// The same requests in another order of the file, those of one moment as they were.
pub(crate) fn shuffled(trace: &[Asked], stream: &mut Stream) -> Vec<Asked> {
    let mut moments: Vec<&[Asked]> =
        trace.chunk_by(|a, b| a.timestamp_s == b.timestamp_s).collect();
    for last in (1..moments.len()).rev() {
        moments.swap(last, stream.below(last as u64 + 1) as usize);
    }
    let mut shuffled = moments.concat();
    shuffled.iter_mut().enumerate().for_each(|(place, asked)| asked.place = place);
    shuffled
}
