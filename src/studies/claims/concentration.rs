//! Claim 4: migration cuts concentration from 100 % to 50.5 %.
//!
//! The notes measured the largest share of *resident blocks*, which says which caches have
//! filled and not who works: two full caches of four are 50 % each, whoever serves. Made right
//! it is the share of the work over the whole run. Both without a load signal, as the notes had
//! it, so that migration is all that spreads anything.

use super::{
    CAPACITY, NODES, SOURCE, WORKLOAD, as_noted, fact, largest_requests, largest_resident,
    largest_work, percent,
};
use crate::figures::grouped;
use crate::sim::Summary;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Findings, Holds, Kind, Row, Study, StudyRow, Table, Unit, Verdict,
};

/// Moments at which shares are read: after so many requests.
const MOMENTS: [u64; 4] = [100, 200, 500, 1000];
/// The notes' figure with migration.
const PUBLISHED: f64 = 0.505;
/// Near enough to it.
const NEAR: f64 = 0.1;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_concentration",
    kind: Kind::Claim,
    title: "Claim 4: migration halves concentration",
    summary: "Migration cuts concentration from 100 % to 50.5 %.",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

/// Without migration, then with it, at each moment and at the end.
fn cells(_seeds: u32) -> Vec<Cell> {
    let of = |router: &'static str| {
        let at = MOMENTS.into_iter().map(move |n| Cell::of_first(n, as_noted(router)));
        at.chain([Cell::of(as_noted(router))])
    };
    of("cache_aware").chain(of("hotspot_migration")).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let (without, with) = findings.summaries.split_at(MOMENTS.len() + 1);
    let of = |run: &Summary| [largest_resident(run), largest_requests(run), largest_work(run)];
    let rows = without.iter().zip(with).enumerate().map(|(at, (one, other))| {
        let values = of(one).into_iter().zip(of(other)).flat_map(|(one, other)| [one, other]);
        let values = values.map(Some).collect();
        match MOMENTS.get(at) {
            Some(n) => Row::new(format!("after {} requests", grouped(*n)), values),
            None => Row::of("whole run", as_noted("hotspot_migration"), values),
        }
    });
    let rows = rows.collect();
    let filling = &with[..MOMENTS.len()];
    let nearest = filling.iter().map(largest_resident).fold(1.0, |near: f64, it| {
        if (it - PUBLISHED).abs() < (near - PUBLISHED).abs() { it } else { near }
    });
    let ends = [&without[MOMENTS.len()], &with[MOMENTS.len()]];
    let (least, most) = (PUBLISHED - NEAR, PUBLISHED + NEAR);
    let is_near = |share: f64| least <= share && share <= most;
    Study {
        tables: vec![Table {
            title: "Largest share of a node, without and with migration".to_owned(),
            columns: columns([
                ("Moment", Unit::Name),
                ("Resident blocks, without", Unit::Share),
                ("with", Unit::Share),
                ("Requests, without", Unit::Share),
                ("with", Unit::Share),
                ("Work, without", Unit::Share),
                ("with", Unit::Share),
            ]),
            rows,
        }],
        facts: vec![
            fact("nodes", NODES.to_string()),
            fact("blocks of a node", CAPACITY.to_string()),
            fact("both", "LFU, any-block match, no load signal"),
            fact("near", "within 10 points of 50.5 %"),
        ],
        verdict: Verdict {
            holds: Holds::of(is_near(nearest), is_near(largest_work(ends[1]))),
            sentence: format!(
                "early on the largest share of resident blocks comes as near to the \
                 notes' as {}; over the whole run the busiest node's share of the work goes from \
                 {} to {}",
                percent(nearest),
                percent(largest_work(ends[0])),
                percent(largest_work(ends[1]))
            ),
        },
    }
}
