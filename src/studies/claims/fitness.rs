//! Claim 5: fixed fitness scores, beside measured ones.
//!
//! The notes' scores are results of fixed formulas in which nothing is measured. Measured, a
//! router's score in one cell (a scenario and a seed) is 100 × (1 − its mean distance to the
//! best router of the cell), over the goals that the logical clock tells: token hit rate and
//! largest share of work. Cells of a seed are averaged over the five scenarios, and the seeds
//! give mean and interval. `kvscope advise` has it with weights and more goals.

use super::{CAPACITY, NODES, SEEDS, SOURCE, WORKLOAD, fact, made_right};
use crate::advise::{GOALS, Goal, NOTES, SCENARIOS, distances};
use crate::columns::order::sort_by;
use crate::figures::{counted, grouped};
use crate::sim::Summary;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Findings, Holds, Kind, Row, Serves, Study, StudyRow, Table, Unit, Verdict,
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
    let mut cells = Vec::new();
    for seed in 1..=u64::from(seeds) {
        for id in SCENARIOS {
            let serves = Serves::Workload { id, seed, requests: REQUESTS };
            cells.extend(
                NOTES
                    .iter()
                    .map(|(router, _)| Cell { config: made_right(router).seed(seed), serves }),
            );
        }
    }
    cells
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
        let cells = Mean::of(&by_cell.iter().map(|cell| cell[at]).collect::<Vec<f64>>());
        let Mean { mean, half_width, .. } = means[at];
        let values =
            vec![Some(*published), Some(mean), half_width, Some(cells.least), Some(cells.most)];
        Row::new(*router, values)
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
        ],
        verdict: Verdict { holds: Holds::whether(holds), sentence: sentence(&means) },
    }
}

fn sentence(means: &[Mean]) -> String {
    let mut places: Vec<usize> = (0..means.len()).collect();
    sort_by(&mut places, |&one, &other| means[other].mean.total_cmp(&means[one].mean));
    let said: Vec<String> =
        places.iter().map(|&at| format!("{} {:.1}", NOTES[at].0, means[at].mean)).collect();
    format!("measured, the order is {}", said.join(", "))
}
