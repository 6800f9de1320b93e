//! Who does not declare that he knows output lengths does not: decisions do not change with what
//! has not been generated yet.

use crate::extremes::varied;
use crate::trace::{Trace, choice, lane, random};
use kvscope::config::Config;
use kvscope::rng::Stream;
use kvscope::route::{Decision, ROUTERS};
use std::collections::BTreeSet;

/// Every router under the timed clock, one parameter at an end of its range at a time.
fn configurations() -> Vec<Config> {
    let routers = ROUTERS.iter().flat_map(|row| varied(row.id, row.params));
    routers.map(|router| Config::new(4, 30).router(router).clock(choice("timed", &[]))).collect()
}

/// The trace with other output lengths from request `from` on.
fn regenerated(trace: &Trace, from: usize, seed: u64, least: u32) -> Trace {
    let mut stream = Stream::new(seed, "outputs", 0);
    let mut trace = trace.clone();
    for (request, _) in &mut trace[from..] {
        request.output_tokens = least + stream.below(3000) as u32;
    }
    trace
}

/// What was decided and why, request by request.
fn decisions(config: &Config, trace: &Trace) -> Vec<Decision> {
    let mut lane = lane(config, trace);
    lane.explain(true).expect("everything is observed");
    let mut all = Vec::new();
    while lane.step(1).expect("no foresight") == 1 {
        all.push(lane.decision().expect("explained").clone());
    }
    all
}

#[test]
fn an_output_that_has_not_ended_may_be_of_any_length() {
    let trace = random(5, 150);
    // At 10 s a token every request generates until the trace is over.
    let traces = [1, 2].map(|seed| regenerated(&trace, 0, seed, 1000));
    let (mut blind, mut declared, mut used) = (0, BTreeSet::new(), BTreeSet::new());
    for mut config in configurations() {
        config.clock = choice("timed", &[("output_token_s", "10")]);
        let [one, other] = traces.each_ref().map(|trace| decisions(&config, trace));
        if !config.check().expect("it can be run").needs_outputs {
            assert!(one == other, "{:?} knows how long outputs will be", config.router);
            blind += 1;
            continue;
        }
        if one != other {
            used.insert(config.router.id.clone());
        }
        declared.insert(config.router.id);
    }
    println!(
        "{blind} configurations do not know output lengths; of these routers some do: {used:?}"
    );
    assert!(100 < blind && !used.is_empty());
    assert_eq!(declared, used, "declared and not used");
}

#[test]
fn a_decision_does_not_depend_on_outputs_of_requests_that_have_not_come() {
    let mut trace = regenerated(&random(6, 150), 0, 0, 0);
    trace.sort_by(|one, other| one.0.arrival_s.total_cmp(&other.0.arrival_s));
    let all = configurations().into_iter();
    for config in all.filter(|config| !config.check().expect("it can be run").needs_outputs) {
        let before = decisions(&config, &trace);
        for from in [0, 40, 110] {
            let after = decisions(&config, &regenerated(&trace, from, 7, 0));
            let same = from + 1;
            assert!(before[..same] == after[..same], "{:?}, request {from}", config.router);
        }
    }
}
