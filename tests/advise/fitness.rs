//! Fitness against a slow twin, and what its weights do.

use super::{ask, log, question, run};
use kvscope::advise::{Advice, Question, SCENARIOS, Weights};
use kvscope::config::{Config, PolicyChoice};
use kvscope::session::Session;
use kvscope::trace::Log;
use kvscope::trace::pack::unpack;
use kvscope::trace::synth::{Workload, find};

const ROUTERS: [&str; 3] = ["random", "cache_aware", "round_robin"];
const REQUESTS: u32 = 300;

fn scenario(id: &str, seed: u64) -> Log {
    let workload = Workload::new(find(id).expect("a workload"), seed, REQUESTS);
    let mut session = Session::workload(&[Config::default()], workload).expect("it can be run");
    session.keep();
    while session.make(1_000).expect("it fits") {}
    unpack(&session.pack().expect("a whole trace")).expect("a packed log")
}

fn advice(weights: &str, routers: &[&str]) -> Advice {
    let weights = Weights::parse(weights).expect("weights");
    let asked = question(Config::new(3, 400), routers, &["lru"]);
    ask(&log([vec![0], vec![0]]), Question { weights, scenario_requests: REQUESTS, ..asked })
}

#[test]
fn a_score_is_what_the_slow_way_gives() {
    let found = advice("hit=2,balance=1", &ROUTERS).fitness.expect("it was measured");
    assert_eq!((found.seeds, found.weights.as_slice()), (3, &[("hit", 2.0), ("balance", 1.0)][..]));
    // By seed, router and scenario.
    let mut scores = vec![vec![Vec::new(); ROUTERS.len()]; 3];
    for (at, seed) in (1..=3).enumerate() {
        for id in SCENARIOS {
            let log = scenario(id, seed);
            let figures = ROUTERS.map(|router| {
                let config = Config::new(3, 400).router(PolicyChoice::new(router)).seed(seed);
                let summary = run(&log, &config);
                (summary.token_hit_rate, summary.balance_work.largest_share)
            });
            let hit = figures.iter().map(|it| it.0).fold(0.0, f64::max);
            let share = figures.iter().map(|it| it.1).fold(1.0, f64::min);
            for (router, (own_hit, own_share)) in figures.into_iter().enumerate() {
                let score = 100.0 * (2.0 * own_hit / hit + share / own_share) / 3.0;
                scores[at][router].push(score);
            }
        }
    }
    for (router, id) in ROUTERS.iter().enumerate() {
        let score = found.scores.iter().find(|score| score.router == *id).expect("a score");
        let mean: f64 = scores.iter().flat_map(|seed| &seed[router]).sum::<f64>() / 15.0;
        assert!((score.score.mean - mean).abs() < 1e-9, "{id}: {mean} {score:?}");
        let cells = || scores.iter().flat_map(|seed| seed[router].iter().copied());
        assert!((score.least_cell - cells().fold(f64::INFINITY, f64::min)).abs() < 1e-9);
        assert!((score.most_cell - cells().fold(0.0, f64::max)).abs() < 1e-9);
        for (at, mean) in score.by_scenario.iter().enumerate() {
            let plainly = scores.iter().map(|seed| seed[router][at]).sum::<f64>() / 3.0;
            assert!((mean.mean - plainly).abs() < 1e-9, "{id} in {}", SCENARIOS[at]);
        }
        assert!(score.score.half_width.is_some_and(|half| half > 0.0), "{score:?}");
    }
    assert!(found.scores.is_sorted_by(|one, next| next.score.mean <= one.score.mean));
    let notes: Vec<_> = ROUTERS
        .iter()
        .map(|id| found.scores.iter().find(|score| score.router == *id).expect("a score").notes)
        .collect();
    assert_eq!(notes, [Some(75.9), Some(68.8), None]);
}

#[test]
fn weights_decide_what_counts() {
    // Alone, a router is the best of every cell.
    let alone = advice("hit=1", &["random"]).fitness.expect("it was measured");
    let only = &alone.scores[0];
    assert_eq!((only.score.mean, only.least_cell, only.most_cell), (100.0, 100.0, 100.0));
    let by_hits = advice("hit=1,balance=0", &ROUTERS).fitness.expect("it was measured");
    assert_eq!(by_hits.scores[0].router, "cache_aware");
    assert_eq!(by_hits.scores[0].least_cell, 100.0, "it hits most in every cell");
    let by_balance = advice("hit=0,balance=1", &ROUTERS).fitness.expect("it was measured");
    let of = |id: &str| by_balance.scores.iter().find(|score| score.router == id).expect("a score");
    assert!(of("cache_aware").score.mean < of("round_robin").score.mean, "{by_balance:?}");
}
