//! How far a configuration goes: the largest arrival rate and the smallest number of nodes that
//! keep the objective for the time to first token, and what they cost.
//!
//! Both are searches over runs of the whole trace. They take it that the p99 does not fall as the
//! rate rises or as nodes are taken away; where it does, what is found is one edge of several.
//! Every run that was looked at comes back, so that a reader can see.

use crate::config::Config;
use crate::error::{Error, Reason, Result};
use crate::figures::counted;
use crate::model::MAX_NODES;
use crate::observe::Observe;
use crate::params::ParamValue;
use crate::sim::{Lane, Summary};
use crate::trace::Log;
use serde::Serialize;

/// The rate is found to this, relative.
const RATE_TOLERANCE: f64 = 0.01;

/// The most nodes that a search for the smallest number goes to, unless somebody says less.
pub const MOST_NODES: usize = 1_024;

/// Less than this part of the mean prefill is hardly a wait: fewer arrivals a node would not
/// shorten what is left.
const HARDLY: f64 = 0.01;

/// The arrival rates that the clock takes.
const RATES: [f64; 2] = [0.01, 1000.0];

/// One run of a search.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Probe {
    /// The rate, or the number of nodes.
    pub at: f64,
    /// The p99 time to first token there, in seconds.
    pub p99_s: f64,
    /// The mean wait for the server and the mean prefill there, in seconds.
    pub mean_wait_s: f64,
    /// Likewise.
    pub mean_prefill_s: f64,
    /// Requests that were turned away.
    pub rejected: u64,
    /// Whether it is within the objective, and nothing was rejected.
    pub kept: bool,
}

impl Probe {
    /// Why this run, at the end of the range called `end`, does not keep the objective.
    fn why_not(&self, slo_s: f64, end: &str) -> String {
        let Self { at, p99_s, mean_wait_s, mean_prefill_s, rejected, .. } = *self;
        let of = match rejected {
            0 if mean_wait_s < HARDLY * mean_prefill_s => format!(
                "; hardly any of it is waiting ({mean_wait_s:.3} s on average, prefill \
                 {mean_prefill_s:.3} s), so that neither a lower rate nor more nodes shorten it"
            ),
            0 => format!(
                "; requests wait {mean_wait_s:.3} s there on average, and are prefilled in \
                 {mean_prefill_s:.3} s"
            ),
            many => format!(" with {} rejected, where none may be", counted(many, "request")),
        };
        format!(
            "the objective is a p99 TTFT of at most {slo_s} s (slo_s), and at {end}, {at}, it is \
             {p99_s:.3} s{of}"
        )
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Search {
    /// The largest rate, or the smallest number of nodes, that was seen to keep the objective;
    /// none where not even the end of the range does.
    pub found: Option<f64>,
    /// The objective: the p99 time to first token that is to be kept, in seconds.
    pub slo_s: f64,
    /// Why there is none, in a sentence.
    pub why_none: Option<String>,
    /// Every run, in the order in which they were made.
    pub probes: Vec<Probe>,
}

impl Search {
    /// What came of `probes`; where nothing did, the one at the end of the range, called `end`,
    /// says why.
    fn of(found: Option<f64>, slo_s: f64, probes: Vec<Probe>, end: &str) -> Self {
        let last = probes.last().filter(|_| found.is_none());
        let why_none = last.map(|probe| probe.why_not(slo_s, end));
        Self { found, slo_s, why_none, probes }
    }
}

/// Runs a configuration with the objective `slo_s` on `log`.
fn probe(log: &Log, config: &Config, at: f64, slo_s: f64) -> Result<Probe> {
    let checked = config.check()?.with_block_size(log.block_size())?;
    let mut lane = Lane::of(checked, Observe::Sums);
    lane.run(log)?;
    let Summary { ttft, sums, .. } = lane.summary();
    let Some(ttft) = ttft else {
        return Err(Error::State(
            "found the logical clock, expected the timed one: only it has an objective".to_owned(),
        ));
    };
    Ok(Probe {
        at,
        p99_s: ttft.p99,
        mean_wait_s: ttft.mean_wait_s,
        mean_prefill_s: ttft.mean_prefill_s,
        rejected: sums.rejected,
        kept: ttft.p99 <= slo_s && sums.rejected == 0,
    })
}

/// The objective that a configuration states; nothing may be done to its cluster.
fn objective_s(log: &Log, config: &Config) -> Result<f64> {
    if let Some(first) = config.perturb.first() {
        let expected = "nothing: a search runs the trace at other rates and with other numbers of \
                        nodes, where what is done to a cluster would come at another moment or to \
                        a node that is not there; leave perturb out, or run the cells without a \
                        search";
        let (path, value) = ("perturb".to_owned(), first.clone());
        return Err(Error::Config(vec![Reason { path, value, expected: expected.to_owned() }]));
    }
    let checked = config.check()?.with_block_size(log.block_size())?;
    checked
        .timed
        .map(|timed| timed.slo_s)
        .ok_or_else(|| Error::State("found the logical clock, expected the timed one".to_owned()))
}

/// The largest multiple of the logged arrival rate, within 1 % and in [0.01, 1000], at which the
/// p99 time to first token keeps the configuration's objective. `proceed` hears of every probe and
/// says whether to go on; `None` if it did not. Some 8 to 25 runs of the trace.
///
/// # Errors
/// As [`Lane::run`]; a configuration that cannot be run, or has no objective.
pub fn most_rate(
    log: &Log,
    config: &Config,
    mut proceed: impl FnMut(&Probe) -> bool,
) -> Result<Option<Search>> {
    let slo_s = objective_s(log, config)?;
    let mut probes: Vec<Probe> = Vec::new();
    let mut ask = |rate: f64| -> Result<Option<bool>> {
        let mut config = config.clone();
        config.clock = config.clock.with("rate", ParamValue::Number(rate));
        let probe = probe(log, &config, rate, slo_s)?;
        probes.push(probe);
        Ok(proceed(&probe).then_some(probe.kept))
    };
    let found = widest(&mut ask, 1.0, RATES)?;
    let end = "the lowest multiple of the logged rate that is tried";
    Ok(found.map(|found| Search::of(found, slo_s, probes, end)))
}

/// The largest value in `range`, from `start` on, that `ask` says yes to, within
/// [`RATE_TOLERANCE`]; the outer `None` if it was told to stop.
#[expect(clippy::option_option, reason = "stopped is not the same as nothing found")]
fn widest(
    ask: &mut impl FnMut(f64) -> Result<Option<bool>>,
    start: f64,
    range: [f64; 2],
) -> Result<Option<Option<f64>>> {
    let Some(kept) = ask(start)? else { return Ok(None) };
    let (mut low, mut high) = (start, start);
    // Doubled or halved until the answer changes.
    loop {
        let next = if kept { (high * 2.0).min(range[1]) } else { (low * 0.5).max(range[0]) };
        if next == if kept { high } else { low } {
            return Ok(Some(kept.then_some(high)));
        }
        let Some(now) = ask(next)? else { return Ok(None) };
        (low, high) = if kept { (high, next) } else { (next, low) };
        if now != kept {
            break;
        }
        (low, high) = (next, next);
    }
    while high / low > 1.0 + RATE_TOLERANCE {
        let middle = libm::sqrt(low * high);
        match ask(middle)? {
            None => return Ok(None),
            Some(true) => low = middle,
            Some(false) => high = middle,
        }
    }
    Ok(Some(Some(low)))
}

/// The smallest number of nodes, up to `most`, whose p99 time to first token keeps the objective
/// at the configuration's arrival rate. As [`most_rate`] otherwise.
///
/// # Errors
/// As [`most_rate`].
pub fn least_nodes(
    log: &Log,
    config: &Config,
    most: usize,
    mut proceed: impl FnMut(&Probe) -> bool,
) -> Result<Option<Search>> {
    let slo_s = objective_s(log, config)?;
    let most = most.clamp(1, MAX_NODES);
    let mut probes: Vec<Probe> = Vec::new();
    let mut ask = |nodes: usize| -> Result<Option<bool>> {
        let config = config.clone().with("nodes", ParamValue::Number(nodes as f64));
        let probe = probe(log, &config, nodes as f64, slo_s)?;
        probes.push(probe);
        Ok(proceed(&probe).then_some(probe.kept))
    };
    // `failing` nodes do not keep it (none never do), `keeping` do.
    let (mut failing, mut keeping, mut next) = (0, None, 1);
    while keeping.is_none() {
        match ask(next)? {
            None => return Ok(None),
            Some(true) => keeping = Some(next),
            Some(false) if next == most => {
                return Ok(Some(Search::of(None, slo_s, probes, "the most nodes that are tried")));
            }
            Some(false) => (failing, next) = (next, (2 * next).min(most)),
        }
    }
    let mut keeping = keeping.expect("the loop ended with one");
    while keeping - failing > 1 {
        let middle = failing + (keeping - failing) / 2;
        match ask(middle)? {
            None => return Ok(None),
            Some(true) => keeping = middle,
            Some(false) => failing = middle,
        }
    }
    Ok(Some(Search::of(Some(keeping as f64), slo_s, probes, "")))
}

/// The bytes that a node's cache of a configuration holds; none where it has no limit.
///
/// # Errors
/// A configuration that cannot be run on this trace.
pub fn cache_bytes(log: &Log, config: &Config) -> Result<Option<f64>> {
    Ok(config.check()?.with_block_size(log.block_size())?.capacity_bytes())
}

/// Prices, in any currency and for any time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Of a node without cache.
    pub node: f64,
    /// Of a GiB of KV cache.
    pub gib: f64,
}

impl Cost {
    /// Of a cluster whose nodes hold `bytes` of cache each.
    pub fn of(self, nodes: f64, bytes: f64) -> f64 {
        nodes * (self.node + self.gib * bytes / f64::from(1 << 30))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_is_found_from_either_side() {
        for edge in [0.02, 0.3, 0.99, 1.0, 1.01, 7.3, 640.0, 999.0] {
            let mut asked = 0;
            let mut ask = |at: f64| {
                asked += 1;
                Ok(Some(at <= edge))
            };
            let found = widest(&mut ask, 1.0, RATES).unwrap().unwrap().unwrap();
            assert!(found <= edge && edge / found <= 1.0 + RATE_TOLERANCE, "{edge}: {found}");
            assert!(asked < 26, "{edge}: {asked}");
        }
        assert_eq!(widest(&mut |_| Ok(Some(true)), 1.0, RATES), Ok(Some(Some(1000.0))));
        assert_eq!(widest(&mut |_| Ok(Some(false)), 1.0, RATES), Ok(Some(None)));
        assert_eq!(widest(&mut |_| Ok(None), 1.0, RATES), Ok(None));
    }
}
