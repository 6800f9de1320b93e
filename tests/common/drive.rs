//! Driving a lane: the one place where tests make one and step it.

use kvscope::config::Config;
use kvscope::model::{BlockId, Request};
use kvscope::route::Decision;
use kvscope::sim::{Lane, Summary};
use kvscope::trace::synth::{self, Workload};
use kvscope::trace::{Log, write_line};

/// A trace: requests with their blocks.
pub(crate) type Trace = Vec<(Request, Vec<BlockId>)>;

/// A run, or the beginning of one.
pub(crate) struct Finished {
    pub(crate) summary: Summary,
    /// Every decision, in the order of serving, rejected requests included.
    pub(crate) decisions: Vec<Decision>,
}

impl Finished {
    /// The node picked for every request.
    pub(crate) fn nodes(&self) -> Vec<u32> {
        self.decisions.iter().map(|decision| decision.node).collect()
    }

    /// The component `name` of the last decision, one value a node.
    pub(crate) fn last(&self, name: &str) -> Vec<f64> {
        self.decisions.last().expect("a request was served").column(name)
    }
}

/// Serves the whole trace.
pub(crate) fn run(config: &Config, trace: &Trace) -> Finished {
    serve(config, trace, usize::MAX)
}

/// Serves the first `count` requests in the order of serving, then looks.
pub(crate) fn serve(config: &Config, trace: &Trace, count: usize) -> Finished {
    let mut log = Log::new();
    trace.iter().for_each(|(request, blocks)| log.push(*request, blocks));
    log.end();
    log.look_ahead().expect("a whole trace");
    serve_log(config, &log, count)
}

/// The same of a log, which is whole.
pub(crate) fn serve_log(config: &Config, log: &Log, count: usize) -> Finished {
    let mut lane = Lane::new(config, None).expect("a configuration that can be run");
    lane.explain(true).expect("everything is observed");
    let mut decisions = Vec::new();
    while decisions.len() < count && lane.step(log, 1).expect("the trace fits") == 1 {
        decisions.push(lane.decision().expect("it is explained").clone());
    }
    lane.validate();
    Finished { summary: lane.summary(), decisions }
}

/// The first `requests` requests of a built-in workload as the bytes of a trace file.
pub(crate) fn workload_file(id: &str, seed: u64, requests: u32) -> Vec<u8> {
    let row = synth::find(id).expect("a built-in workload");
    let mut bytes = Vec::new();
    for raw in Workload::new(row, seed, requests) {
        write_line(&raw, &mut bytes);
    }
    bytes
}
