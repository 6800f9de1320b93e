//! Decisions that are looked up are those of a run that is watched from its beginning.

use super::workload;
use kvscope::analyze::decisions::{First, STORY, Search, Step, decisions};
use kvscope::config::{Config, PolicyChoice};
use kvscope::model::BlockId;
use kvscope::sim::Lane;
use kvscope::trace::Log;

fn configs() -> [Config; 2] {
    let config = Config::new(4, 200).router(PolicyChoice::new("cache_aware"));
    let timed = config.clone().clock(PolicyChoice::new("timed"));
    [config, timed]
}

/// All decisions, each with the time and the place of its request: the slow twin.
fn watched(log: &Log, config: &Config) -> Vec<(Step, f64, u64)> {
    let mut lane = Lane::new(config, log.block_size()).expect("it can be run");
    lane.explain(true).expect("everything is observed");
    let mut all = Vec::new();
    while lane.step(log, 1).expect("no foresight") > 0 {
        let step = Step::of(&lane).expect("decisions are taken down");
        all.push((step, lane.time_s(), lane.latest()));
    }
    all
}

fn found(log: &Log, config: &Config, first: First, count: u64) -> Vec<Step> {
    decisions(log, config, first, count).expect("there is one")
}

#[test]
fn by_number_by_time_and_by_family_are_those_of_a_run_that_is_watched() {
    let log = workload("toolagent", 5, 600);
    for config in configs() {
        let all = watched(&log, &config);
        let steps = |from: usize, count: usize| -> Vec<Step> {
            all[from..].iter().take(count).map(|(step, ..)| step.clone()).collect()
        };
        assert_eq!(found(&log, &config, First::Number(1), STORY), steps(0, 20));
        assert_eq!(found(&log, &config, First::Number(599), 9), steps(598, 9));
        assert_eq!(steps(598, 9).len(), 2, "the trace ends");
        for at in [0.0, 17.3, all[300].1, all[599].1] {
            let from = all.iter().position(|(_, time_s, _)| at <= *time_s).expect("one is later");
            assert_eq!(found(&log, &config, First::At(at), 3), steps(from, 3), "{at}");
        }
        for (block, from) in [(0, 1), (0, 200), (40, 1), (700, 1)] {
            let enters = |(step, _, place): &&(Step, f64, u64)| {
                from <= step.decision.request && log.get(*place).blocks.contains(&BlockId(block))
            };
            let first = all.iter().find(enters).expect("a block that is used");
            let place = first.0.decision.request as usize - 1;
            let step = found(&log, &config, First::Family(BlockId(block), from), 1);
            assert_eq!(step, steps(place, 1), "block {block} from {from}");
        }
    }
}

#[test]
fn what_is_not_there_is_said_with_what_is() {
    let log = workload("toolagent", 5, 60);
    let [config, _] = configs();
    let told = |first| decisions(&log, &config, first, 1).unwrap_err().to_string();
    assert!(told(First::Number(61)).contains("found request 61, expected one in [1, 60]"));
    assert!(told(First::At(1e9)).contains("expected at most the trace's last arrival"));
    assert!(told(First::Family(BlockId(u32::MAX - 1), 1)).contains("family of block"));
}

/// In any parts the same, and shares that a person can add up.
#[test]
fn a_search_can_be_taken_in_parts() {
    let log = workload("conversation", 1, 90);
    let [config, _] = configs();
    let mut search = Search::new(&log, &config, First::Number(2), 30).expect("it can be run");
    while search.step(&log, 7).expect("the trace is long enough") {}
    assert_eq!(search.found, found(&log, &config, First::Number(2), 30));
    let second = &search.found[0];
    let shares = [0.5, 1.0].contains(&second.largest_share_of_requests);
    assert!(shares, "of two requests: {}", second.largest_share_of_requests);
}
