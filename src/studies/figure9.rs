//! Mooncake FAST'25 on how much cache there must be: the share of the largest hit rate that one
//! node's memory reaches, and that a pool of many reaches.
//!
//! The paper says of its workloads that 3 M tokens, what one node can hold, reach less than half
//! of the hit rate that a cache without limit would have (all but its synthetic one), and that
//! 50 M tokens, pooled over some twenty nodes, nearly reach it. Here one cache serves all
//! requests; the eviction policy is not published, so two are run. Nothing depends on chance.

use super::cell::one_cache;
use super::claims::{fact, percent};
use super::table::columns;
use super::{
    About, Cell, Findings, Holds, Kind, Opening, Row, Study, StudyRow, Table, Unit, Verdict,
};
use crate::config::Config;
use crate::params::ParamValue;
use crate::sim::Summary;

/// Policies, as tables and as people call them.
const EVICTIONS: [(&str, &str); 2] = [("lru", "LRU"), ("lfu", "LFU")];
/// Millions of tokens, each with what the paper says of it.
const CAPACITIES: [(u32, &str); 6] = [
    (1, ""),
    (3, "the paper: less than half"),
    (10, ""),
    (30, ""),
    (50, "the paper: nearly all"),
    (100, ""),
];
/// What one node holds, and what a pool holds, as places in [`CAPACITIES`].
const NODE: usize = 1;
const POOL: usize = 4;
/// Less than this is less than half.
const HALF: f64 = 0.5;
/// From this on it is nearly all. The paper says no more than "nearly".
const NEARLY: f64 = 0.95;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "figure9",
    kind: Kind::Figure,
    title: "Mooncake FAST'25, Figure 9",
    summary: "One node's memory reaches less than half of the largest hit rate, a pool of twenty \
              nearly all of it.",
    source: "Qin et al., Mooncake, FAST'25, Figure 9",
    workload: "conversation",
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

fn config(eviction: &str, millions: u32) -> Config {
    let capacity = ParamValue::Text(format!("{millions}000000tokens"));
    one_cache(eviction, 1).with("capacity_blocks", capacity)
}

fn cells(_seeds: u32) -> Vec<Cell> {
    let of = |(millions, _)| EVICTIONS.map(|(eviction, _)| Cell::of(config(eviction, millions)));
    CAPACITIES.into_iter().flat_map(of).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let shares: Vec<[f64; 2]> = findings
        .summaries
        .chunks(EVICTIONS.len())
        .map(|runs| std::array::from_fn(|at| share_of_largest(&runs[at])))
        .collect();
    let row = |(&(millions, said), shares): (&(u32, &str), &[f64; 2])| {
        let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
        let name = format!("{millions} M tokens{said}");
        let lanes = EVICTIONS.map(|(eviction, called)| (called, config(eviction, millions)));
        Row::new(name, shares.map(Some).to_vec()).opening([Opening::beside(lanes)])
    };
    let largest = findings.summaries.first().map_or(0.0, |run| run.ceiling_token_rate);
    Study {
        tables: vec![Table {
            title: "Share of the largest token hit rate, by capacity of one cache".to_owned(),
            columns: columns([
                ("Capacity", Unit::Name),
                (EVICTIONS[0].1, Unit::Share),
                (EVICTIONS[1].1, Unit::Share),
            ]),
            rows: CAPACITIES.iter().zip(&shares).map(row).collect(),
        }],
        facts: vec![
            fact("caches", "one, which serves all requests"),
            fact("largest token hit rate", percent(largest)),
            fact("nearly all", format!("{} or more", percent(NEARLY))),
            fact("what would explain a gap", "the paper's eviction policy is not published"),
        ],
        verdict: verdict(&shares),
    }
}

/// Of the largest rate; all of it where nothing can be hit.
fn share_of_largest(run: &Summary) -> f64 {
    if run.ceiling_token_rate > 0.0 { run.token_hit_rate / run.ceiling_token_rate } else { 1.0 }
}

/// Under either policy, since the paper's is not known.
fn verdict(shares: &[[f64; 2]]) -> Verdict {
    let is_short = shares[NODE].iter().all(|&share| share < HALF);
    let is_enough = shares[POOL].iter().all(|&share| share >= NEARLY);
    let told = |at: usize| -> String {
        let of =
            |(&(_, called), &share): (&(&str, &str), &f64)| format!("{called} {}", percent(share));
        EVICTIONS.iter().zip(&shares[at]).map(of).collect::<Vec<String>>().join(", ")
    };
    Verdict {
        holds: if is_short && is_enough { Holds::Supported } else { Holds::NotSupported },
        sentence: format!(
            "of the largest hit rate {} M tokens reach {}; {} M reach {}",
            CAPACITIES[NODE].0,
            told(NODE),
            CAPACITIES[POOL].0,
            told(POOL)
        ),
    }
}
