//! Claim 1: the order of four routers by hit rate.
//!
//! As noted: the first 5,000 requests, four nodes of 500 blocks, any-block matches, no load
//! signal, and an eviction that drops 50 random blocks at once where LFU was meant. Made right:
//! the whole trace, prefix matches, the recent load, LFU. Bulk eviction and random routing
//! depend on chance, so every run is repeated over the seeds and differences are paired by seed.

use super::{
    CAPACITY, NODES, SEEDS, SOURCE, WORKLOAD, any_hits, as_noted, fact, made_right, mean, percents,
    token_hits, told_apart,
};
use crate::columns::order::sort_by;
use crate::config::{Config, PolicyChoice};
use crate::figures::counted;
use crate::params::ParamValue;
use crate::sim::Summary;
use crate::studies::cell::seeded;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Fact, Findings, Holds, Kind, Opening, Row, Serves, Study, StudyRow, Table, Unit,
    Verdict,
};
use std::cmp::Ordering;

/// The claimed order, best first, with the notes' hit rates.
const CLAIMED: [(&str, &str, f64); 4] = [
    ("hotspot_migration", "Hotspot migration", 0.2956),
    ("random", "Random", 0.2858),
    ("cache_aware", "Cache aware", 0.2850),
    ("enhanced", "Enhanced", 0.2824),
];
/// Requests of the notes' runs.
const REQUESTS: u64 = 5000;
/// Blocks that their eviction drops at once.
const BULK: f64 = 50.0;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_order",
    kind: Kind::Claim,
    title: "Claim 1: the order of four routers",
    summary: "By hit rate, hotspot migration comes first, then random, cache aware and enhanced.",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: SEEDS,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

/// As the notes' code ran it.
fn noted(router: &str) -> Config {
    let bulk = PolicyChoice::new("random").with("bulk", ParamValue::Number(BULK));
    as_noted(router).eviction(bulk)
}

fn cells(seeds: u32) -> Vec<Cell> {
    let noted = CLAIMED.iter().flat_map(|(router, ..)| seeded(&noted(router), seeds));
    let right = CLAIMED.iter().flat_map(|(router, ..)| seeded(&made_right(router), seeds));
    noted.map(|config| Cell::of_first(REQUESTS, config)).chain(right.map(Cell::of)).collect()
}

/// Lanes serve the same requests, and the two settings do not.
fn opens(router: &str) -> [Opening; 2] {
    let as_noted = Opening::of(noted(router)).setting("as noted").serving(Serves::First(REQUESTS));
    [as_noted, Opening::of(made_right(router)).setting("made right")].map(Opening::of_means)
}

fn conclude(findings: &Findings<'_>) -> Study {
    let each = findings.seeds as usize;
    let (noted_runs, right_runs) = findings.summaries.split_at(CLAIMED.len() * each);
    let noted_runs: Vec<&[Summary]> = noted_runs.chunks(each).collect();
    let right_runs: Vec<&[Summary]> = right_runs.chunks(each).collect();
    let rows = CLAIMED.iter().enumerate().map(|(at, &(router, called, published))| {
        let (noted, right) = (mean(noted_runs[at], any_hits), mean(right_runs[at], token_hits));
        let values = vec![
            Some(published),
            Some(noted.mean),
            noted.half_width,
            Some(right.mean),
            right.half_width,
        ];
        Row::new(called, values).opening(opens(router))
    });
    let table = Table {
        title: format!("Hit rate, mean over {}", counted(findings.seeds.into(), "seed")),
        columns: columns([
            ("Router", Unit::Name),
            ("Notes", Unit::Share),
            ("Any-block hits, as noted", Unit::Share),
            ("±", Unit::Spread),
            ("Token hits, made right", Unit::Share),
            ("±", Unit::Spread),
        ]),
        rows: rows.collect(),
    };
    let (as_noted, right) = (ordered(&noted_runs, any_hits), ordered(&right_runs, token_hits));
    let sentence = format!(
        "as noted, {}; made right, {}",
        said(&noted_runs, any_hits),
        said(&right_runs, token_hits)
    );
    Study {
        tables: vec![table],
        facts: vec![
            fact("nodes", NODES.to_string()),
            fact("blocks of a node", CAPACITY.to_string()),
            fact(
                "as noted",
                "first 5,000 requests, any-block match, no load signal, 50 random \
                              blocks evicted at once",
            ),
            fact("made right", "whole trace, prefix match, recent load, LFU"),
            fact(
                "told apart",
                "where the 95 % interval of differences, paired by seed, \
                                excludes 0",
            ),
            Fact::of_opened(findings.seeds),
            Fact::of_any_hits(),
        ],
        verdict: Verdict { holds: Holds::of(as_noted, right), sentence },
    }
}

/// Whether every router is above the next of the claimed order.
fn ordered(runs: &[&[Summary]], of: fn(&Summary) -> f64) -> bool {
    runs.windows(2).all(|pair| told_apart(pair[0], pair[1], of) == Ordering::Greater)
}

/// The order found, ties included.
fn said(runs: &[&[Summary]], of: fn(&Summary) -> f64) -> String {
    let mut places: Vec<usize> = (0..runs.len()).collect();
    let value = |place: usize| mean(runs[place], of).mean;
    sort_by(&mut places, |&one, &other| value(other).total_cmp(&value(one)));
    let rates = percents(&places.iter().map(|&place| value(place)).collect::<Vec<f64>>());
    let mut said = String::new();
    for (at, (&place, rate)) in places.iter().zip(rates).enumerate() {
        if at > 0 {
            let apart = told_apart(runs[places[at - 1]], runs[place], of);
            said += if apart == Ordering::Greater { " > " } else { " ≈ " };
        }
        said += &format!("{} {rate}", CLAIMED[place].1);
    }
    said
}
