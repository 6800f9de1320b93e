//! Units: each run once, in any order, as many as are needed.

use super::{log, question};
use kvscope::advise::{Answers, Plan, Question, Unit, Work, advise};
use kvscope::analyze::Facts;
use kvscope::config::Config;

fn asked() -> Question {
    let asked = question(Config::new(3, 8), &["random", "cache_aware"], &["lru", "fifo"]);
    Question { seeds: 4, scenario_requests: 50, ..asked }
}

fn repeated() -> kvscope::trace::Log {
    log((0..300).map(|block| vec![block % 37]))
}

#[test]
fn nothing_is_run_twice_and_nothing_that_chance_does_not_touch_again() {
    let log = repeated();
    let plan = Plan::new(asked(), log.block_size()).expect("it can be run");
    let mut answers = Answers::new(&plan);
    let (mut run, mut waves): (Vec<Unit>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let open = plan.open(&answers);
        if open.is_empty() {
            break;
        }
        waves.push(open.len());
        for unit in open {
            answers.put(unit.number, unit.run(&log).expect("it runs"));
            assert!(!run.iter().any(|other| other.work == unit.work), "twice: {unit:?}");
            run.push(unit.clone());
        }
    }
    // Four candidates at five capacities with two seeds, and five scenarios with four; then the
    // two seeds that are left of the two candidates that draw.
    assert_eq!(waves, [4 * 5 * 2 + 5 * 4, 2 * 5 * 2]);
    for unit in &run {
        let text = serde_json::to_string(unit).expect("JSON");
        let again: Unit = serde_json::from_str(&text).expect("a unit");
        assert_eq!(&again, unit);
        if let Work::Scenario { configs, .. } = &unit.work {
            assert_eq!(configs.len(), 2, "a router each, on one workload made once");
        }
    }
}

#[test]
fn the_order_of_answers_makes_no_difference() {
    let log = repeated();
    let popularity = Facts::of(&log).popularity;
    let plain = advise(&log, asked(), &popularity).expect("it runs");
    let plan = Plan::new(asked(), log.block_size()).expect("it can be run");
    let mut answers = Answers::new(&plan);
    let partial = plan.advise(&popularity, &answers);
    assert!(partial.fitness.is_none() && partial.simplest.is_none() && partial.turns.is_empty());
    assert!(partial.goals.iter().all(|ranking| ranking.ranked.is_empty()));
    assert_eq!(partial.missing, 60);
    // The latest unit first, and what there is told in between.
    while let Some(unit) = plan.open(&answers).into_iter().next_back().cloned() {
        answers.put(unit.number, unit.run(&log).expect("it runs"));
        let so_far = plan.advise(&popularity, &answers);
        let ranked = so_far.goals.iter().flat_map(|ranking| &ranking.ranked);
        for ranked in ranked.filter(|ranked| !ranked.exact) {
            assert!(ranked.value.half_width.is_some(), "all seeds or none");
        }
    }
    assert_eq!(plan.advise(&popularity, &answers), plain);
    assert_eq!(plain.missing, 0);
}
