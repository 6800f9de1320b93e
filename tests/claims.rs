//! The claims' verdicts follow the numbers: on workloads built so that a verdict must change, and
//! on summaries made up so that it must.

use kvscope::model::{BlockId, Request};
use kvscope::rng::Stream;
use kvscope::sim::Summary;
use kvscope::studies::{Findings, Holds, Kind, STUDIES, Study, StudyRow, find};
use kvscope::trace::{Log, synth};

const TOKENS: u32 = 512;

/// One request a second, of full blocks, numbered in order of first appearance.
fn log(requests: impl IntoIterator<Item = Vec<u32>>) -> Log {
    let mut log = Log::new();
    log.set_block_size(TOKENS);
    for (index, blocks) in (0..).zip(requests) {
        let (input_tokens, output_tokens) = (TOKENS * blocks.len() as u32, 1);
        let (arrival_s, session) = (f64::from(index), Request::NO_SESSION);
        let request = Request { index, arrival_s, input_tokens, output_tokens, session };
        log.push(request, &blocks.into_iter().map(BlockId).collect::<Vec<_>>());
    }
    log.end();
    log
}

fn row(id: &str) -> &'static StudyRow {
    find(id).unwrap_or_else(|| panic!("no study {id}"))
}

fn study(id: &str, log: &Log) -> Study {
    row(id).run(log, 2, |_, _| true).expect("it runs").expect("nobody stops it")
}

fn holds(id: &str, log: &Log) -> Holds {
    study(id, log).verdict.holds
}

/// What a claim concludes of these summaries, whatever ran.
fn of(id: &str, log: &Log, summaries: &[Summary], seeds: u32) -> Holds {
    (row(id).conclude)(&Findings { seeds, log, summaries }).verdict.holds
}

/// The cells of a claim on a workload, to be bent afterwards.
fn summaries(id: &str, log: &Log, seeds: u32) -> Vec<Summary> {
    let cells = (row(id).cells)(seeds);
    cells.iter().map(|cell| cell.run(log).expect("it runs")).collect()
}

fn toolagent(requests: u32) -> Log {
    synth::log(synth::find("toolagent").expect("a workload"), 1, requests)
}

#[test]
fn there_are_nine_claims_and_each_says_what_it_measured() {
    let log = toolagent(300);
    let claims: Vec<_> = STUDIES.iter().filter(|row| row.about.kind == Kind::Claim).collect();
    assert_eq!(claims.len(), 9);
    for row in claims {
        let study = row.run(&log, 2, |_, _| true).expect("it runs").expect("nobody stops it");
        assert!(!study.tables.is_empty() && !study.facts.is_empty(), "{}", row.about.id);
        assert!(!study.verdict.sentence.ends_with('.'), "{}", row.about.id);
        for table in &study.tables {
            for row in &table.rows {
                assert_eq!(row.values.len() + 1, table.columns.len(), "{}", row.name);
            }
        }
    }
}

/// Independent draws by Zipf's law, under which counts are all there is to know.
fn independent() -> Log {
    let mut stream = Stream::new(3, "claims", 0);
    let mut draw = || {
        let part = stream.below(1 << 30) as f64 / f64::from(1 << 30);
        libm::pow(7000.0, part) as u32
    };
    log((0..60_000).map(|_| vec![draw()]))
}

/// Blocks used often and then never again, so that counts mislead.
fn phases() -> Log {
    let mut stream = Stream::new(3, "claims", 0);
    log((0..8000).map(|at: u32| vec![at / 1000 * 600 + stream.below(600) as u32]))
}

#[test]
fn lfu_is_above_lru_where_frequency_says_what_comes_next_and_not_where_it_misleads() {
    assert_eq!(holds("claim_evictions", &independent()), Holds::Supported);
    assert_eq!(holds("claim_evictions", &phases()), Holds::NotSupported);
    // Where nothing is ever wanted again there is no order.
    assert_eq!(holds("claim_evictions", &log((0..100).map(|at| vec![at]))), Holds::NotSupported);
}

#[test]
fn one_node_takes_everything_where_the_match_outweighs_any_load() {
    let prompt: Vec<u32> = (0..40).collect();
    assert_eq!(holds("claim_one_node", &log(vec![prompt; 400])), Holds::Supported);
    assert_eq!(holds("claim_one_node", &toolagent(2000)), Holds::OnlyUnder);
    // Nothing in common, nothing that attracts.
    let own = log((0..400).map(|at| vec![at]));
    assert_eq!(holds("claim_one_node", &own), Holds::OnlyUnder, "ties go to the first node");
}

#[test]
fn the_hot_set_is_that_of_the_stand_in_and_of_no_uniform_trace() {
    assert_eq!(holds("claim_hot_set", &toolagent(23_608)), Holds::Supported);
    let uniform = synth::log(synth::find("uniform").expect("a workload"), 1, 2000);
    assert_eq!(holds("claim_hot_set", &uniform), Holds::NotSupported);
}

#[test]
fn a_weight_balances_only_where_there_is_something_to_balance() {
    // As noted β multiplies nothing.
    assert_eq!(holds("claim_weight", &toolagent(4000)), Holds::OnlyRight);
    assert_eq!(holds("claim_weight", &log((0..400).map(|at| vec![at]))), Holds::NotSupported);
}

#[test]
fn the_time_to_first_token_depends_on_the_pair_only_where_nodes_are_busy() {
    assert_eq!(holds("claim_surface", &toolagent(6000)), Holds::Supported);
    assert_eq!(holds("claim_surface", &log((0..100).map(|at| vec![at]))), Holds::NotSupported);
    let log = toolagent(3000);
    let mut runs = summaries("claim_surface", &log, 1);
    let mut bend = |at: usize, by: f64| {
        runs[at].ttft.as_mut().expect("it is timed").mean_ttft_s *= by;
        of("claim_surface", &log, &runs, 1)
    };
    bend(0, 4.0);
    // Of the same ratio as the first: (0.3, 0.2), (0.6, 0.4), (1.2, 0.8), (2.4, 1.6).
    assert_eq!(bend(0, 1.0), Holds::NotSupported, "equal ratios differ");
    for at in [5, 10, 15] {
        bend(at, 4.0);
    }
    assert_eq!(bend(0, 1.0), Holds::Supported);
}

#[test]
fn the_order_of_routers_is_what_the_runs_say() {
    let log = toolagent(200);
    let seeds = 2;
    let mut runs = summaries("claim_order", &log, seeds);
    // Hits that fall from router to router, a little apart between seeds.
    let mut give = |half: usize, rank: [usize; 4]| {
        for (router, &place) in rank.iter().enumerate() {
            for seed in 0..2 {
                let run = &mut runs[half * 8 + router * 2 + seed];
                run.sums.blocks = 1000;
                run.sums.block_hits = 900 - 100 * place as u64 + seed as u64;
                run.token_hit_rate = run.sums.block_hits as f64 / 1000.0;
            }
        }
        of("claim_order", &log, &runs, seeds)
    };
    give(0, [0, 1, 2, 3]);
    assert_eq!(give(1, [0, 1, 2, 3]), Holds::Supported);
    assert_eq!(give(1, [0, 2, 1, 3]), Holds::OnlyUnder);
    assert_eq!(give(1, [0, 1, 1, 2]), Holds::OnlyUnder, "a tie is no order");
    assert_eq!(give(0, [3, 2, 1, 0]), Holds::NotSupported);
    assert_eq!(give(1, [0, 1, 2, 3]), Holds::OnlyRight, "as noted it is the reverse");
}

#[test]
fn concentration_is_halved_where_the_work_is() {
    let log = toolagent(200);
    let mut runs = summaries("claim_concentration", &log, 1);
    let mut give = |resident: f64, work: f64| {
        let with = runs.len() / 2;
        for run in &mut runs[with..] {
            run.balance_resident.largest_share = resident;
            run.balance_work.largest_share = work;
        }
        of("claim_concentration", &log, &runs, 1)
    };
    assert_eq!(give(0.5, 0.97), Holds::OnlyUnder);
    assert_eq!(give(0.5, 0.5), Holds::Supported);
    assert_eq!(give(0.9, 0.97), Holds::NotSupported);
}

/// The moment that the verdict is of is the nearest of the table, the end among them.
#[test]
fn concentration_is_told_of_the_moment_that_is_nearest_to_the_notes() {
    let log = toolagent(200);
    let mut runs = summaries("claim_concentration", &log, 1);
    let mut give = |shares: [f64; 5]| {
        for (run, share) in runs[5..].iter_mut().zip(shares) {
            run.balance_resident.largest_share = share;
        }
        let findings = Findings { seeds: 1, log: &log, summaries: &runs };
        (row("claim_concentration").conclude)(&findings).verdict.sentence
    };
    let early = give([0.684, 0.659, 0.6, 0.523, 0.2]);
    assert!(early.contains("notes' 50.5 % after 1,000 requests, with 52.30 %;"), "{early}");
    let end = give([0.684, 0.659, 0.6, 0.523, 0.5]);
    assert!(end.contains("notes' 50.5 % at the end, with 50.00 %;"), "{end}");
}

#[test]
fn fitness_is_the_distance_to_the_best_of_each_cell() {
    let log = toolagent(10);
    let seeds = 2;
    let mut runs = summaries("claim_fitness", &log, seeds);
    let mut give = |rates: [f64; 4]| {
        for cell in runs.chunks_mut(4) {
            for (run, rate) in cell.iter_mut().zip(rates) {
                run.token_hit_rate = rate;
                run.balance_work.largest_share = 0.25;
            }
        }
        let findings = Findings { seeds, log: &log, summaries: &runs };
        (row("claim_fitness").conclude)(&findings)
    };
    let study = give([0.8, 0.6, 0.4, 0.2]);
    assert_eq!(study.verdict.holds, Holds::Supported);
    let said = "the order is Random 100.0, Hotspot migration 87.5, Cache aware 75.0, Enhanced 62.5";
    assert!(study.verdict.sentence.ends_with(said), "{}", study.verdict.sentence);
    // Half of the weight is balance, where all are best; the other half is the share of the best.
    let scores: Vec<f64> = study.tables[0].rows.iter().filter_map(|row| row.values[1]).collect();
    for (score, want) in scores.iter().zip([100.0, 87.5, 75.0, 62.5]) {
        assert!((score - want).abs() < 1e-9, "{scores:?}");
    }
    assert_eq!(give([0.2, 0.4, 0.6, 0.8]).verdict.holds, Holds::NotSupported);
    assert_eq!(give([0.8, 0.8, 0.8, 0.8]).verdict.holds, Holds::NotSupported, "all alike");
}

#[test]
fn the_rule_holds_where_its_router_is_as_good_as_the_best() {
    let log = toolagent(3000);
    let seeds = 2;
    let mut runs = summaries("claim_rule", &log, seeds);
    // By the skew of this trace the rule names hotspot migration, which comes first.
    let mut give = |rates: [f64; 4]| {
        for (at, run) in runs.iter_mut().enumerate() {
            run.token_hit_rate = rates[at / 2] + 0.001 * (at % 2) as f64;
        }
        of("claim_rule", &log, &runs, seeds)
    };
    assert_eq!(give([0.5, 0.4, 0.4, 0.4]), Holds::Supported);
    assert_eq!(give([0.5, 0.4, 0.5, 0.4]), Holds::Supported, "as good as the best");
    assert_eq!(give([0.4, 0.3, 0.5, 0.4]), Holds::NotSupported);
}
