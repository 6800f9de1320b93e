//! Claim 2: LFU hits more than LRU, LRU more than FIFO.
//!
//! The notes measured it on what is one node of 512 blocks in effect: without a load signal all
//! requests land on the first node. Made right it is asked at every capacity of a range.
//! Nothing here depends on chance.

use super::{SOURCE, WORKLOAD, any_hits, fact, percents};
use crate::analyze::curve::turns;
use crate::figures::{counted, grouped};
use crate::sim::Summary;
use crate::studies::cell::one_cache;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Fact, Findings, Holds, Kind, Opening, Row, Study, StudyRow, Table, Unit, Verdict,
};

/// The claimed order, best first, with the notes' hit rates at 512 blocks.
const CLAIMED: [(&str, &str, f64); 3] =
    [("lfu", "LFU", 0.3418), ("lru", "LRU", 0.3382), ("fifo", "FIFO", 0.3182)];
/// Blocks of the notes' node.
const NOTED: u32 = 512;
/// The capacities, in blocks.
const CAPACITIES: [u32; 9] = [128, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 131_072];
/// Rates nearer than this are the same: a tenth of a point.
const APART: f64 = 0.001;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_evictions",
    kind: Kind::Claim,
    title: "Claim 2: LFU above LRU above FIFO",
    summary: "LFU hits more than LRU, and LRU more than FIFO.",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

fn cells(_seeds: u32) -> Vec<Cell> {
    let of = |capacity: u32| CLAIMED.map(|(eviction, ..)| Cell::of(one_cache(eviction, capacity)));
    CAPACITIES.into_iter().flat_map(of).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let at: Vec<[f64; 3]> = findings.summaries.chunks(CLAIMED.len()).map(rates).collect();
    let row = |(&capacity, rates): (&u32, &[f64; 3])| {
        let published = CLAIMED.map(|it| (capacity == NOTED).then_some(it.2));
        let values = published.into_iter().chain(rates.map(Some)).collect();
        let lanes = CLAIMED.map(|(eviction, called, _)| (called, one_cache(eviction, capacity)));
        Row::new(counted(capacity.into(), "block"), values).opening([Opening::beside(lanes)])
    };
    let noted = CAPACITIES.iter().position(|&it| it == NOTED).expect("it is one of them");
    let in_order = |rates: &[f64; 3]| rates.windows(2).all(|pair| pair[1] + APART <= pair[0]);
    // Where the cache is so large that nothing is evicted there is no order to find.
    let differ = |rates: &&[f64; 3]| rates.iter().any(|rate| APART <= (rate - rates[0]).abs());
    let everywhere = at.iter().filter(differ).all(in_order) && at.iter().any(|it| differ(&it));
    Study {
        tables: vec![Table {
            title: "Any-block hit rate of one node, by capacity".to_owned(),
            columns: columns([
                ("Capacity", Unit::Name),
                ("LFU, notes", Unit::Share),
                ("LRU, notes", Unit::Share),
                ("FIFO, notes", Unit::Share),
                ("LFU", Unit::Share),
                ("LRU", Unit::Share),
                ("FIFO", Unit::Share),
            ]),
            rows: CAPACITIES.iter().zip(&at).map(row).collect(),
        }],
        facts: vec![
            fact("nodes", "1"),
            fact("as noted", "512 blocks"),
            fact("made right", "nine capacities"),
            fact("told apart", "by a tenth of a point"),
            Fact::of_any_hits(),
        ],
        verdict: Verdict {
            holds: Holds::of(in_order(&at[noted]), everywhere),
            sentence: sentence(&at, noted),
        },
    }
}

fn rates(runs: &[Summary]) -> [f64; 3] {
    std::array::from_fn(|at| any_hits(&runs[at]))
}

fn sentence(at: &[[f64; 3]], noted: usize) -> String {
    let line = |policy: usize| -> Vec<(u32, f64)> {
        CAPACITIES.iter().zip(at).map(|(&capacity, rates)| (capacity, rates[policy])).collect()
    };
    let rates = percents(&at[noted]);
    let mut said =
        format!("at {NOTED} blocks LFU hits {}, LRU {}, FIFO {}", rates[0], rates[1], rates[2]);
    let mut turned = false;
    for (one, other) in [(0, 1), (1, 2), (0, 2)] {
        for turn in turns(&line(one), &line(other)) {
            let (above, below) = if turn.first_wins { (one, other) } else { (other, one) };
            turned = true;
            said += &format!(
                "; between {} and {} blocks {} passes {}",
                grouped(turn.from.into()),
                grouped(turn.to.into()),
                CLAIMED[above].1,
                CLAIMED[below].1
            );
        }
    }
    if !turned {
        said += "; no two of them change places at the other capacities";
    }
    said
}
