//! Claim 7: a larger β balances the load.
//!
//! As noted there is no load signal, so β multiplies nothing. Made right it multiplies the
//! recent load; then hit rate against concentration is a frontier, one point for each β.

use super::{
    CAPACITY, NODES, SOURCE, WORKLOAD, as_noted, fact, largest_work, made_right, percents,
    token_hits,
};
use crate::config::Config;
use crate::params::ParamValue;
use crate::sim::Summary;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Findings, Holds, Kind, Opening, Row, Study, StudyRow, Table, Unit, Verdict,
};

/// Values of β; the notes' is the third.
const BETAS: [f64; 6] = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4];
/// The notes' β.
const NOTED: usize = 2;
/// What the largest share of work must fall by to count as balancing: a point.
const GAIN: f64 = 0.01;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_weight",
    kind: Kind::Claim,
    title: "Claim 7: a larger β balances",
    summary: "Raising β above the paper's value balances the load.",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

fn with(mut config: Config, beta: f64) -> Config {
    config.router = config.router.with("beta", ParamValue::Number(beta));
    config
}

fn cells(_seeds: u32) -> Vec<Cell> {
    let of = |config: fn(&str) -> Config| {
        BETAS.into_iter().map(move |beta| Cell::of(with(config("enhanced"), beta)))
    };
    of(as_noted).chain(of(made_right)).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let (noted, right) = findings.summaries.split_at(BETAS.len());
    let row = |(at, &beta): (usize, &f64)| {
        let of = |run: &Summary| [token_hits(run), largest_work(run)];
        let values = of(&noted[at]).into_iter().chain(of(&right[at])).map(Some).collect();
        let lanes = [("as noted", as_noted("enhanced")), ("made right", made_right("enhanced"))]
            .map(|(called, config)| (called, with(config, beta)));
        Row::new(format!("β = {beta}"), values).opening([Opening::beside(lanes)])
    };
    let change =
        |runs: &[Summary], of: fn(&Summary) -> f64| of(&runs[BETAS.len() - 1]) - of(&runs[NOTED]);
    let balances = |runs: &[Summary]| change(runs, largest_work) <= -GAIN;
    let ends = |runs: &[Summary], of: fn(&Summary) -> f64| {
        percents(&[of(&runs[NOTED]), of(&runs[BETAS.len() - 1])]).join(" to ")
    };
    let sentence = format!(
        "from β = {} to {} the busiest node's share of the work goes from {} as noted, from {} \
         with a load signal, whose token hit rate goes from {}",
        BETAS[NOTED],
        BETAS[BETAS.len() - 1],
        ends(noted, largest_work),
        ends(right, largest_work),
        ends(right, token_hits)
    );
    Study {
        tables: vec![Table {
            title: "Hit rate against concentration, by β at α = 0.6".to_owned(),
            columns: columns([
                ("β", Unit::Name),
                ("Token hits, as noted", Unit::Share),
                ("Largest share of work", Unit::Share),
                ("Token hits, made right", Unit::Share),
                ("Largest share of work", Unit::Share),
            ]),
            rows: BETAS.iter().enumerate().map(row).collect(),
        }],
        facts: vec![
            fact("nodes", NODES.to_string()),
            fact("blocks of a node", CAPACITY.to_string()),
            fact("balances", "where the largest share of work falls by a point or more"),
        ],
        verdict: Verdict { holds: Holds::of(balances(noted), balances(right)), sentence },
    }
}
