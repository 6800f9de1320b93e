//! What a row of a study opens is what the row is of: the same runs, with the same figures.

use kvscope::advise::{GOALS, Goal, distances};
use kvscope::params::ParamValue;
use kvscope::sim::Summary;
use kvscope::studies::{Cell, Opening, Row, STUDIES, Serves, Study, StudyRow};
use kvscope::trace::{Log, synth};
use serde_json::Value;

/// What lanes of the page may each have of their own, as `OWN` of www/src/state/lanes.ts has it.
const OWN: [&str; 7] =
    ["router", "migration", "eviction", "nodes", "capacity_blocks", "insertion", "perturb"];
/// Lanes that the page shows at most.
const MOST_LANES: usize = 4;

fn toolagent(requests: u32) -> Log {
    synth::log(synth::find("toolagent").expect("a workload"), 0, requests)
}

fn run(row: &StudyRow, log: &Log, seeds: u32) -> Study {
    row.run(log, seeds, |_, _| true).expect("it runs").expect("nobody stops it")
}

fn rows(study: &Study) -> impl Iterator<Item = &Row> {
    study.tables.iter().flat_map(|table| &table.rows)
}

/// Lane after lane of an opening, served again.
fn served(Opening { serves, lanes, .. }: &Opening, log: &Log) -> Vec<Summary> {
    let cells = lanes.iter().map(|lane| Cell { config: lane.config.clone(), serves: *serves });
    cells.map(|cell| cell.run(log).expect("it runs")).collect()
}

fn any(run: &Summary) -> f64 {
    run.sums.block_hits as f64 / run.sums.blocks as f64
}

fn tokens(run: &Summary) -> f64 {
    run.token_hit_rate
}

fn resident(run: &Summary) -> f64 {
    run.balance_resident.largest_share
}

fn requests(run: &Summary) -> f64 {
    run.balance_requests.largest_share
}

fn work(run: &Summary) -> f64 {
    run.balance_work.largest_share
}

fn mean_s(run: &Summary) -> f64 {
    run.ttft.expect("it is timed").mean_ttft_s
}

/// What a router scores in the cell that an opening is of.
fn score(row: &Row, at: usize, runs: &[Summary]) -> f64 {
    let goals: Vec<&Goal> = GOALS.iter().filter(|goal| !goal.needs_time()).collect();
    let lane = row.opens[at].lanes.iter().position(|lane| lane.name == row.name);
    let far = &distances(runs, &goals)[lane.expect("the row's router is a lane")];
    100.0 * (1.0 - far.iter().sum::<f64>() / goals.len() as f64)
}

/// The values of a row, of the runs that it opens; none where a value is not of runs but
/// published, an interval or a difference.
fn values_of(id: &str, row: &Row, runs: &[Vec<Summary>]) -> Vec<Option<f64>> {
    let all = |of: fn(&Summary) -> f64| runs.iter().flatten().map(of).map(Some);
    let of = |opening: usize, of: fn(&Summary) -> f64| Some(of(&runs[opening][0]));
    match id {
        "figure5" => {
            let [logged, spread] = [of(0, mean_s), of(1, mean_s)];
            vec![None, logged, None, logged, logged, None, spread, None]
        }
        "figure9" => all(|run| run.token_hit_rate / run.ceiling_token_rate).collect(),
        "table1" => all(any).flat_map(|rate| [None, rate]).collect(),
        "claim_order" => vec![None, of(0, any), None, of(1, tokens), None],
        "claim_evictions" => [None; 3].into_iter().chain(all(any)).collect(),
        "claim_one_node" => vec![of(0, requests), of(0, work), of(0, tokens)],
        "claim_concentration" => all(resident).chain(all(requests)).chain(all(work)).collect(),
        "claim_fitness" => {
            let score = |at: usize| Some(score(row, at, &runs[at]));
            vec![None, None, None, score(0), score(1)]
        }
        "claim_rule" => vec![of(0, tokens), None, None, of(0, work)],
        "claim_weight" => {
            runs[0].iter().flat_map(|run| [tokens(run), work(run)]).map(Some).collect()
        }
        "claim_surface" => {
            let p99 = |run: &Summary| run.ttft.expect("it is timed").p99;
            vec![of(0, mean_s), of(0, p99), of(0, tokens), of(0, work)]
        }
        "peers" if row.opens[0].lanes[0].config.settings["insertion"] == text("tree") => {
            vec![None, of(0, |run| run.sums.hit_tokens as f64)]
        }
        "peers" => vec![None, of(0, |run| (run.sums.blocks - run.sums.block_hits) as f64)],
        _ => panic!("{id}: which figures its rows have, this test must know"),
    }
}

fn text(value: &str) -> ParamValue {
    ParamValue::Text(value.to_owned())
}

/// Over one seed a mean is its run; there are more requests than any row is of the first of.
#[test]
fn what_a_row_opens_has_the_figures_of_the_row() {
    let log = toolagent(5200);
    for study in STUDIES.iter().filter(|row| row.about.id != "claim_hot_set") {
        let id = study.about.id;
        for row in rows(&run(study, &log, 1)) {
            let runs: Vec<Vec<Summary>> =
                row.opens.iter().map(|opening| served(opening, &log)).collect();
            let again = values_of(id, row, &runs);
            assert_eq!(again.len(), row.values.len(), "{id}, {}", row.name);
            for (at, (value, again)) in row.values.iter().zip(again).enumerate() {
                assert!(again.is_none() || *value == again, "{id}, {}, value {at}", row.name);
            }
        }
    }
}

#[test]
fn what_is_opened_at_once_can_stand_side_by_side() {
    let log = toolagent(60);
    for study in STUDIES {
        for row in rows(&run(study, &log, 1)) {
            let named = |row: &Row| format!("{}, {}", study.about.id, row.name);
            let is_one = row.opens.len() == 1;
            for Opening { setting, lanes, .. } in &row.opens {
                assert_eq!(setting.is_empty(), is_one, "{}", named(row));
                assert!((1..=MOST_LANES).contains(&lanes.len()), "{}", named(row));
                let shared: Vec<Value> = lanes.iter().map(|lane| shared(&lane.config)).collect();
                assert!(shared.iter().all(|it| *it == shared[0]), "{}", named(row));
                let is_alone = lanes.len() == 1;
                assert!(lanes.iter().all(|lane| lane.name.is_empty() == is_alone), "{}", row.name);
            }
        }
    }
}

/// What a lane cannot have of its own.
fn shared(config: &kvscope::config::Config) -> Value {
    config.clone().check().expect("a row opens a run that can be run");
    let mut all = serde_json::to_value(config).expect("it is plain");
    let map = all.as_object_mut().expect("it has parts");
    map.retain(|name, _| !OWN.contains(&name.as_str()));
    all
}

/// Somebody who opens a row sees a run that is in it.
#[test]
fn a_row_opens_runs_that_were_measured() {
    let (log, seeds) = (toolagent(60), 3);
    let mut of_means = 0;
    for study in STUDIES {
        let cells = (study.cells)(seeds);
        let found = run(study, &log, seeds);
        let before = of_means;
        for Opening { serves, lanes, .. } in rows(&found).flat_map(|row| &row.opens) {
            for opened in lanes.iter().map(|lane| &lane.config) {
                let alike = |cell: &&Cell| {
                    cell.serves == *serves && cell.config.clone().seed(0) == opened.clone().seed(0)
                };
                let alike = cells.iter().filter(alike).count();
                assert!(0 < alike, "{}: {opened:?}", study.about.id);
                let is_mean = 1 < alike;
                assert!(!is_mean || opened.seed == text("1"), "{}: {opened:?}", study.about.id);
                of_means += usize::from(is_mean);
            }
        }
        let told = found.facts.iter().find(|fact| fact.name == "run that a row of means opens");
        let told = told.map(|fact| fact.value.split(':').next().expect("a part"));
        let wanted = "seed 1 of 1–3, not the mean";
        assert_eq!(told, (before < of_means).then_some(wanted), "{}", study.about.id);
    }
    let wanted = 2 + 2 * 4 + 4;
    assert_eq!(of_means, wanted, "random of Figure 5, and the routers of claims 1 and 6");
}

/// What is concluded of early moments is opened at them.
#[test]
fn a_row_of_the_first_requests_opens_no_more_of_them() {
    let of = |id: &str| -> Vec<Serves> {
        let row = kvscope::studies::find(id).expect("a study");
        let study = run(row, &toolagent(60), 1);
        rows(&study).flat_map(|row| row.opens.iter().map(|it| it.serves)).collect()
    };
    let moments = [100, 200, 500, 1000].map(Serves::First);
    let wanted: Vec<Serves> = moments.into_iter().chain([Serves::Trace]).collect();
    assert_eq!(of("claim_concentration"), wanted);
    assert_eq!(of("claim_order"), [Serves::First(5000), Serves::Trace].repeat(4));
}
