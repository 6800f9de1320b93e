//! Claim 5: fixed fitness scores, beside measured ones.
//!
//! The notes' scores are results of fixed formulas in which nothing is measured. Measured, a
//! router's score in one cell (a scenario and a seed) is 100 × (1 − its mean distance to the
//! best router of the cell), over the goals that the logical clock tells: token hit rate and
//! largest share of work. Cells of a seed are averaged over the five scenarios, and the seeds
//! give mean and interval. `kvscope advise` has it with weights and more goals.

use super::{CAPACITY, NODES, ROUTERS, SEEDS, SOURCE, WORKLOAD, called, fact, made_right};
use crate::advise::{GOALS, Goal, NOTES, SCENARIOS, distances};
use crate::columns::order::sort_by;
use crate::config::Config;
use crate::figures::{counted, grouped};
use crate::sim::Summary;
use crate::studies::cell::FIRST_SEED;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Findings, Holds, Kind, Opening, Row, Serves, Study, StudyRow, Table, Unit, Verdict,
};
use crate::sweep::Mean;

/// Requests of a scenario.
const REQUESTS: u32 = 4000;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_fitness",
    kind: Kind::Claim,
    title: "Claim 5: fitness scores",
    summary: "Random is the fittest router (75.9), before hotspot migration (74.0), cache aware \
              (68.8) and enhanced (64.6).",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: SEEDS,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

/// Routers within scenarios within seeds.
fn cells(seeds: u32) -> Vec<Cell> {
    let places = 0..seeds as usize * SCENARIOS.len();
    places
        .flat_map(|place| {
            let serves = serves(place);
            NOTES.iter().map(move |(router, _)| Cell { config: config(router, place), serves })
        })
        .collect()
}

/// The seed of a cell by its place.
fn seed(place: usize) -> u64 {
    FIRST_SEED + (place / SCENARIOS.len()) as u64
}

fn serves(place: usize) -> Serves {
    let id = SCENARIOS[place % SCENARIOS.len()];
    Serves::Workload { id, seed: seed(place), requests: REQUESTS }
}

fn config(router: &str, place: usize) -> Config {
    made_right(router).seed(seed(place))
}

/// All routers of the cells where one of them scores least and most: a score is of a router beside
/// the others.
fn opens(scores: &[f64]) -> [Opening; 2] {
    let cell = |place: usize| {
        let lanes = ROUTERS.map(|(router, called)| (called, config(router, place)));
        Opening::beside(lanes).serving(serves(place))
    };
    let places = || 0..scores.len();
    let least = places().fold(0, |at, place| if scores[place] < scores[at] { place } else { at });
    let most = places().fold(0, |at, place| if scores[at] < scores[place] { place } else { at });
    [cell(least).setting("least cell"), cell(most).setting("most")]
}

fn conclude(findings: &Findings<'_>) -> Study {
    let goals: Vec<&Goal> = GOALS.iter().filter(|goal| !goal.needs_time()).collect();
    let scores = |runs: &[Summary]| -> Vec<f64> {
        let score = |far: &Vec<f64>| 100.0 * (1.0 - far.iter().sum::<f64>() / goals.len() as f64);
        distances(runs, &goals).iter().map(score).collect()
    };
    let by_cell: Vec<Vec<f64>> = findings.summaries.chunks(NOTES.len()).map(scores).collect();
    let measured = |router: usize| {
        let of_seed = |cells: &[Vec<f64>]| {
            cells.iter().map(|cell| cell[router]).sum::<f64>() / cells.len() as f64
        };
        let seeds: Vec<f64> = by_cell.chunks(SCENARIOS.len()).map(of_seed).collect();
        Mean::of(&seeds)
    };
    let means: Vec<Mean> = (0..NOTES.len()).map(measured).collect();
    let row = |(at, (router, published)): (usize, &(&str, f64))| {
        let scores: Vec<f64> = by_cell.iter().map(|cell| cell[at]).collect();
        let cells = Mean::of(&scores);
        let Mean { mean, half_width, .. } = means[at];
        let values =
            vec![Some(*published), Some(mean), half_width, Some(cells.least), Some(cells.most)];
        Row::new(called(router), values).opening(opens(&scores))
    };
    let clear = |pair: &[Mean]| {
        let widths = pair[0].half_width.unwrap_or(0.0) + pair[1].half_width.unwrap_or(0.0);
        widths < pair[0].mean - pair[1].mean
    };
    let holds = means.windows(2).all(clear);
    Study {
        tables: vec![Table {
            title: format!(
                "Fitness over five scenarios of {} requests, {}",
                grouped(REQUESTS.into()),
                counted(findings.seeds.into(), "seed")
            ),
            columns: columns([
                ("Router", Unit::Name),
                ("Notes, by formula", Unit::Number),
                ("Measured", Unit::Number),
                ("±", Unit::Number),
                ("least cell", Unit::Number),
                ("most", Unit::Number),
            ]),
            rows: NOTES.iter().enumerate().map(row).collect(),
        }],
        facts: vec![
            fact("nodes", NODES.to_string()),
            fact("blocks of a node", CAPACITY.to_string()),
            fact("goals", "token hit rate and largest share of work, weighed alike"),
            fact("policies", "prefix match, recent load, LFU"),
            fact(
                "a cell",
                "a scenario and a seed; scores are by its best router, so all are opened",
            ),
        ],
        verdict: Verdict { holds: Holds::whether(holds), sentence: sentence(&means) },
    }
}

fn sentence(means: &[Mean]) -> String {
    let mut places: Vec<usize> = (0..means.len()).collect();
    sort_by(&mut places, |&one, &other| means[other].mean.total_cmp(&means[one].mean));
    let said: Vec<String> =
        places.iter().map(|&at| format!("{} {:.1}", called(NOTES[at].0), means[at].mean)).collect();
    format!("measured, the order is {}", said.join(", "))
}
