//! Small traces for the tests, and runs over them.

use kvscope::config::{Config, PolicyChoice};
use kvscope::error::Result;
use kvscope::model::BlockId;
use kvscope::model::Request;
use kvscope::params::ParamValue;
use kvscope::rng::Stream;
use kvscope::sim::{Lane, Summary};
use kvscope::trace::Log;
use std::ops::{Deref, DerefMut};

pub(crate) const BLOCK_TOKENS: u32 = 512;

/// A trace: requests with their blocks.
pub(crate) type Trace = Vec<(Request, Vec<BlockId>)>;

/// Requests by hand: arrival in seconds and raw block ids, all of whole blocks without output.
pub(crate) fn by_hand(requests: &[(f64, &[u32])]) -> Trace {
    let request = |(index, (arrival_s, blocks)): (u32, &(f64, &[u32]))| {
        let request = Request {
            index,
            arrival_s: *arrival_s,
            input_tokens: blocks.len() as u32 * BLOCK_TOKENS,
            output_tokens: 0,
            session: Request::NO_SESSION,
        };
        (request, blocks.iter().copied().map(BlockId).collect())
    };
    (0..).zip(requests).map(request).collect()
}

/// A random trace in which prefixes are shared: most requests begin like an earlier one, many
/// arrive together, a few arrive out of order, some belong to a session.
pub(crate) fn random(seed: u64, requests: u32) -> Trace {
    let mut stream = Stream::new(seed, "trace", 0);
    let (mut blocks, mut now_s) = (0..1, 0.0);
    let mut trace: Trace = Vec::new();
    for index in 0..requests {
        let mut path = match stream.below(10) {
            0 => Vec::new(),
            1..4 => vec![BlockId(0)],
            _ => {
                let back = stream.below(u64::from(index).clamp(1, 40)) as usize;
                let earlier = trace.iter().rev().nth(back).map(|(_, path)| path.clone());
                let mut path = earlier.unwrap_or_default();
                path.truncate(stream.below(9) as usize);
                path
            }
        };
        for _ in 0..stream.below(5) + u64::from(path.is_empty()) {
            path.push(BlockId(blocks.end));
            blocks.end += 1;
        }
        if stream.below(3) > 0 {
            now_s += 0.25 * stream.unit();
        }
        let late_s = if stream.below(20) == 0 { 0.5 } else { 0.0 };
        let session = stream.below(30) as u32;
        let request = Request {
            index,
            arrival_s: now_s - late_s,
            input_tokens: (path.len() as u32 * BLOCK_TOKENS) - stream.below(512) as u32,
            output_tokens: stream.below(200) as u32,
            session: if session < 10 { session } else { Request::NO_SESSION },
        };
        trace.push((request, path));
    }
    trace
}

/// A choice with its parameters, as a command line has them.
pub(crate) fn choice(id: &str, params: &[(&str, &str)]) -> PolicyChoice {
    let with = |choice: PolicyChoice, (name, value): &(&str, &str)| {
        choice.with(name, ParamValue::parse(value))
    };
    params.iter().fold(PolicyChoice::new(id), with)
}

/// A lane with the log it serves.
pub(crate) struct Run {
    lane: Lane,
    log: Log,
}

impl Deref for Run {
    type Target = Lane;

    fn deref(&self) -> &Lane {
        &self.lane
    }
}

impl DerefMut for Run {
    fn deref_mut(&mut self) -> &mut Lane {
        &mut self.lane
    }
}

impl Run {
    pub(crate) fn step(&mut self, n: u64) -> Result<u64> {
        self.lane.step(&self.log, n)
    }

    pub(crate) fn run(&mut self) -> Result<()> {
        self.lane.run(&self.log)
    }

    pub(crate) fn waiting(&self) -> u64 {
        self.lane.waiting(&self.log)
    }
}

/// A lane before the whole trace.
pub(crate) fn lane(config: &Config, trace: &Trace) -> Run {
    let mut log = Log::new();
    trace.iter().for_each(|(request, blocks)| log.push(*request, blocks));
    log.end();
    log.look_ahead().expect("a whole trace");
    Run { lane: Lane::new(config, None).expect("a configuration that runs"), log }
}

/// The summary of a run.
pub(crate) fn run(config: &Config, trace: &Trace) -> Summary {
    let mut lane = lane(config, trace);
    lane.run().expect("a run without foresight");
    lane.validate();
    lane.summary()
}
