//! Claim 3: cache-aware routing sends everything to one node.
//!
//! As noted no node ever seems loaded, so the first node to hold the common prefix wins every
//! time. Made right the router sees the recent load.

use super::{
    CAPACITY, NODES, SOURCE, WORKLOAD, as_noted, fact, largest_requests, largest_work, made_right,
    percents, token_hits,
};
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Findings, Holds, Kind, Opening, Row, Study, StudyRow, Table, Unit, Verdict,
};

/// What "everything" means: 99 % of the requests.
const EVERYTHING: f64 = 0.99;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_one_node",
    kind: Kind::Claim,
    title: "Claim 3: cache-aware routing uses one node",
    summary: "Cache-aware routing sends 100 % of the requests to one node.",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

fn cells(_seeds: u32) -> Vec<Cell> {
    [as_noted("cache_aware"), made_right("cache_aware")].map(Cell::of).to_vec()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let [noted, right] = findings.summaries else { unreachable!("two cells were run") };
    let row = |name: &str, config, run| {
        let values = [largest_requests(run), largest_work(run), token_hits(run)];
        Row::new(name, values.map(Some).to_vec()).opening([Opening::of(config)])
    };
    let shares = percents(&[largest_requests(noted), largest_requests(right)]);
    let rates = percents(&[token_hits(noted), token_hits(right)]);
    let sentence = format!(
        "as noted the busiest node takes {} of the requests, with a load signal {}; the token hit \
         rate is {} and {}",
        shares[0], shares[1], rates[0], rates[1]
    );
    let all = |run| EVERYTHING <= largest_requests(run);
    Study {
        tables: vec![Table {
            title: "Cache-aware routing under LFU".to_owned(),
            columns: columns([
                ("Run", Unit::Name),
                ("Largest share of requests", Unit::Share),
                ("Largest share of work", Unit::Share),
                ("Token hits", Unit::Share),
            ]),
            rows: vec![
                row("as noted", as_noted("cache_aware"), noted),
                row("made right", made_right("cache_aware"), right),
            ],
        }],
        facts: vec![
            fact("nodes", NODES.to_string()),
            fact("blocks of a node", CAPACITY.to_string()),
            fact("as noted", "any-block match, no load signal"),
            fact("made right", "prefix match, recent load"),
        ],
        verdict: Verdict { holds: Holds::of(all(noted), all(right)), sentence },
    }
}
