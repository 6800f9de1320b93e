//! Table 1 of the Mooncake report: hit ratios of three eviction policies at six capacities.
//!
//! The report counts 51 % with a cache without limit. The trace it published, which its built-in
//! stand-in follows, gives 55 %, so the report counts in a way that it does not say, and levels are
//! near where they are within what the ways of counting are apart; which policy hits more can be
//! held against the report as it is. One cache, blocks wherever they stand. The report has two
//! digits, so that an order holds to within a point; what stands the other way round by less is
//! told with by how much. Order and levels are two parts of the verdict. Nothing depends on chance.

use super::cell::one_cache;
use super::claims::{any_hits, fact, percent};
use super::table::columns;
use super::{
    About, Cell, Fact, Findings, Holds, Kind, Opening, Row, Study, StudyRow, Table, Told, Unit,
    Verdict,
};

/// Blocks of the one cache, as the report has them. The first is without limit: more than any
/// trace names.
const CAPACITIES: [(u32, &str); 6] = [
    (1 << 30, "without limit"),
    (100_000, "100,000 blocks"),
    (50_000, "50,000 blocks"),
    (30_000, "30,000 blocks"),
    (10_000, "10,000 blocks"),
    (1000, "1,000 blocks"),
];
/// A policy, as tables and as the report call it, with the report's ratios.
type Published = (&'static str, &'static str, [f64; 6]);
/// The place of a capacity, a policy, the report's ratio and the one that is found.
type Level = (usize, &'static str, f64, f64);
/// Policies, the report's best first.
const PUBLISHED: [Published; 3] = [
    ("lru", "LRU", [0.51, 0.51, 0.50, 0.48, 0.40, 0.30]),
    ("lfu", "LFU", [0.51, 0.51, 0.49, 0.43, 0.35, 0.30]),
    ("length_aware", "LengthAware", [0.51, 0.50, 0.48, 0.42, 0.35, 0.30]),
];
/// The report has two digits: what differs by less is the same.
const APART: f64 = 0.01;
/// A level is near the report's within what its way of counting is off without any limit, the 51 %
/// that are 55, and a point of rounding.
const NEAR: f64 = 0.05;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "table1",
    kind: Kind::Figure,
    title: "Mooncake report, Table 1",
    summary: "At every capacity LRU hits most, then LFU, then LengthAware.",
    source: "Qin et al., Mooncake, arXiv 2407.00079, Table 1",
    workload: "toolagent",
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

fn cells(_seeds: u32) -> Vec<Cell> {
    let of = |(capacity, _)| PUBLISHED.map(|(id, ..)| Cell::of(one_cache(id, capacity)));
    CAPACITIES.into_iter().flat_map(of).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let found: Vec<[f64; 3]> = findings
        .summaries
        .chunks(PUBLISHED.len())
        .map(|runs| std::array::from_fn(|at| any_hits(&runs[at])))
        .collect();
    let row = |(at, rates): (usize, &[f64; 3])| {
        let (capacity, called) = CAPACITIES[at];
        let values = PUBLISHED.iter().zip(rates).flat_map(|(it, rate)| [it.2[at], *rate]);
        let lanes = PUBLISHED.map(|(id, policy, _)| (policy, one_cache(id, capacity)));
        Row::new(called, values.map(Some).collect()).opening([Opening::beside(lanes)])
    };
    Study {
        tables: vec![Table {
            title: "Any-block hit rate of one cache, by capacity".to_owned(),
            columns: columns([
                ("Capacity", Unit::Name),
                ("LRU, report", Unit::Share),
                ("LRU", Unit::Share),
                ("LFU, report", Unit::Share),
                ("LFU", Unit::Share),
                ("LengthAware, report", Unit::Share),
                ("LengthAware", Unit::Share),
            ]),
            rows: found.iter().enumerate().map(row).collect(),
        }],
        facts: vec![
            fact("caches", "one, which serves all requests"),
            fact("the same", "less than a point apart, as the report has two digits"),
            fact("near the report's", "within 5 points, as it counts in another way"),
            fact(
                "what would explain a gap",
                "the report counts 51 % without limit where its published trace gives 55 %",
            ),
            Fact::of_any_hits(),
        ],
        verdict: verdict(&found),
    }
}

/// The pairs of policies that stand the other way round than in the report, by however little.
fn reversed(found: &[[f64; 3]]) -> Vec<String> {
    let mut told = Vec::new();
    for (rates, (_, capacity)) in found.iter().zip(CAPACITIES) {
        for (better, worse) in [(0, 1), (0, 2), (1, 2)] {
            let points = 100.0 * (rates[worse] - rates[better]);
            if points > 0.0 {
                let decimals = if points < 0.01 { 4 } else { 2 };
                let [over, under] = [worse, better].map(|at| PUBLISHED[at].1);
                told.push(format!("{over} over {under} {capacity} by {points:.decimals$} points"));
            }
        }
    }
    told
}

/// Order and levels, each in words of its own, and first what does not hold.
fn verdict(found: &[[f64; 3]]) -> Verdict {
    let mut parts = [order(found), levels(found)];
    let holds = Holds::of_parts(&[parts[0].0, parts[1].0]);
    if parts[1].0 < parts[0].0 {
        parts.swap(0, 1);
    }
    let [(_, first), (_, second)] = parts;
    Verdict { holds, sentence: format!("{first}; {second}") }
}

fn order(found: &[[f64; 3]]) -> (Told, String) {
    let in_order = |rates: &[f64; 3]| rates.windows(2).all(|pair| pair[0] + APART > pair[1]);
    let turned = found.iter().position(|rates| !in_order(rates));
    let said = match turned {
        None => "at every capacity the order is the report's".to_owned(),
        Some(at) => format!("the order is another than the report's, first {}", CAPACITIES[at].1),
    };
    let told = if turned.is_none() { Told::Yes } else { Told::No };
    let reversed = reversed(found);
    if reversed.is_empty() {
        return (told, said);
    }
    let within = if turned.is_none() { " to within a point" } else { "" };
    (told, format!("{said}{within} (the other way round are {})", reversed.join(", ")))
}

fn levels(found: &[[f64; 3]]) -> (Told, String) {
    let levels = || {
        found.iter().enumerate().flat_map(|(at, rates)| {
            let of = move |(row, &rate): (&Published, &f64)| (at, row.1, row.2[at], rate);
            PUBLISHED.iter().zip(rates).map(of)
        })
    };
    let off = |level: &Level| (level.3 - level.2).abs();
    let is_far = |level: &Level| NEAR < off(level);
    let far = levels().filter(is_far).count();
    let told = if far == 0 { Told::Yes } else { Told::No };
    let said = match far {
        0 => "every level is within 5 points of the report's".to_owned(),
        _ => format!("{far} of {} levels are more than 5 points off", levels().count()),
    };
    let farthest = levels().max_by(|one, other| off(one).total_cmp(&off(other)));
    match farthest {
        Some((at, called, report, here)) if report != here => {
            let (capacity, report) = (CAPACITIES[at].1, percent(report));
            let here = percent(here);
            (told, format!("{said}, the farthest {called} {capacity}: {report} there, {here} here"))
        }
        _ => (told, said),
    }
}
