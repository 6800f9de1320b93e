//! Advice on workloads built so that the right answer is known, and against a slow twin.
#![cfg(not(target_arch = "wasm32"))]

mod command;
#[cfg(feature = "cli")]
#[path = "../common/program.rs"]
mod program;
mod fitness;
mod known;
mod units;

use kvscope::advise::{Advice, Question, Ranking, advise};
use kvscope::analyze::Facts;
use kvscope::config::{Config, PolicyChoice};
use kvscope::error::Error;
use kvscope::model::{BlockId, Request};
use kvscope::observe::Observe;
use kvscope::sim::{Lane, Summary};
use kvscope::trace::Log;

/// Requests a second apart with these blocks, numbered in order of first appearance.
fn log(requests: impl IntoIterator<Item = Vec<u32>>) -> Log {
    let mut log = Log::new();
    for (index, blocks) in (0..).zip(requests) {
        let (input_tokens, output_tokens) = (512 * blocks.len() as u32, 1);
        let (arrival_s, session) = (f64::from(index), Request::NO_SESSION);
        let request = Request { index, arrival_s, input_tokens, output_tokens, session };
        log.push(request, &blocks.into_iter().map(BlockId).collect::<Vec<_>>());
    }
    log.set_block_size(512);
    log.end();
    log
}

fn rows(ids: &[&str]) -> Vec<PolicyChoice> {
    ids.iter().map(|id| PolicyChoice::new(id)).collect()
}

/// A question about the trace alone; the cluster's own rows are the first ones.
fn question(config: Config, routers: &[&str], evictions: &[&str]) -> Question {
    let config = config.router(PolicyChoice::new(routers[0]));
    let config = config.eviction(PolicyChoice::new(evictions[0]));
    let (routers, evictions) = (rows(routers), rows(evictions));
    Question { routers, evictions, seeds: 3, scenario_requests: 0, ..Question::new(config) }
}

fn ask(log: &Log, question: Question) -> Advice {
    advise(log, question, &Facts::of(log).popularity).expect("it can be run")
}

fn ranking<'a>(advice: &'a Advice, goal: &str) -> &'a Ranking {
    advice.goals.iter().find(|ranking| ranking.goal == goal).expect("the clock tells it")
}

/// Router and eviction of a candidate.
fn name(advice: &Advice, candidate: u32) -> (&str, &str) {
    let candidate = &advice.candidates[candidate as usize];
    (&candidate.router, &candidate.eviction)
}

/// The routers in the order of a goal.
fn order<'a>(advice: &'a Advice, goal: &str) -> Vec<&'a str> {
    let ranked = ranking(advice, goal).ranked.iter();
    ranked.map(|ranked| name(advice, ranked.candidate).0).collect()
}

/// A single run.
fn run(log: &Log, config: &Config) -> Summary {
    let config = config.check().expect("a configuration");
    let config = config.with_block_size(log.block_size()).expect("it fits");
    let mut lane = Lane::of(config, Observe::Sums);
    lane.run(log).expect("it runs");
    lane.summary()
}

fn reasons(question: Question) -> String {
    match advise(&log([vec![0]]), question, &Facts::of(&log([vec![0]])).popularity) {
        Err(Error::Config(reasons)) => {
            reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
        other => panic!("expected reasons, found {other:?}"),
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let config = Config::new(2, 8);
    let asked = question(config.clone(), &["random", "rond_robin"], &["lru", "optimal"]);
    let weights = kvscope::advise::Weights::parse("p99=2,hit=0,balance=0").expect("weights");
    let told = reasons(Question { seeds: 1, weights, ..asked });
    for part in [
        "seeds: found 1, expected 2 or more",
        "weights.p99: found 2, expected nothing, since the logical clock",
        "weights.hit: found 0, expected nothing, since goals weigh in the fitness score alone",
        "weights: found 0 for every goal, expected a weight above 0",
        "did you mean round_robin?",
        "eviction: found optimal, expected a policy that can be run",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert_eq!(told.lines().count(), 6, "each once: {told}");
    let timed = reasons(question(config, &["random", "conductor"], &["lru"]));
    assert!(timed.contains("router") && timed.contains("timed"), "{timed}");
}
