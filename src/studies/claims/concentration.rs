//! Claim 4: migration cuts concentration from 100 % to 50.5 %.
//!
//! The notes measured the largest share of *resident blocks*, which says which caches have
//! filled and not who works: two full caches of four are 50 % each, whoever serves. They do not
//! say when, so that the moment that is nearest to their figure counts, the end among them. Made
//! right it is the share of the work over the whole run. Both without a load signal, as the notes
//! had it, so that migration is all that spreads anything.

use super::{
    CAPACITY, NODES, SOURCE, WORKLOAD, as_noted, fact, largest_requests, largest_resident,
    largest_work, percents,
};
use crate::figures::grouped;
use crate::sim::Summary;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Findings, Holds, Kind, Opening, Row, Serves, Study, StudyRow, Table, Unit, Verdict,
};

/// Moments at which shares are read: after so many requests.
const MOMENTS: [u64; 4] = [100, 200, 500, 1000];
/// What is compared, as people and as tables call it.
const ROUTERS: [(&str, &str); 2] =
    [("without migration", "cache_aware"), ("with migration", "hotspot_migration")];
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
        moments().map(move |(_, serves)| Cell { config: as_noted(router), serves })
    };
    ROUTERS.into_iter().flat_map(|(_, router)| of(router)).collect()
}

/// When shares are read, as people say it, and what is served until then.
fn moments() -> impl Iterator<Item = (String, Serves)> {
    let early = MOMENTS.map(|n| (format!("after {} requests", grouped(n)), Serves::First(n)));
    early.into_iter().chain([("whole run".to_owned(), Serves::Trace)])
}

fn conclude(findings: &Findings<'_>) -> Study {
    let (without, with) = findings.summaries.split_at(MOMENTS.len() + 1);
    let of = |run: &Summary| [largest_resident(run), largest_requests(run), largest_work(run)];
    let row = |((name, serves), (one, other)): ((String, Serves), (&Summary, &Summary))| {
        let values = of(one).into_iter().zip(of(other)).flat_map(|(one, other)| [one, other]);
        let lanes = ROUTERS.map(|(called, router)| (called, as_noted(router)));
        Row::new(name, values.map(Some).collect()).opening([Opening::beside(lanes).serving(serves)])
    };
    let (when, nearest) = nearest(with);
    let ends = [&without[MOMENTS.len()], &with[MOMENTS.len()]];
    let work = percents(&ends.map(largest_work));
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
            rows: moments().zip(without.iter().zip(with)).map(row).collect(),
        }],
        facts: vec![
            fact("nodes", NODES.to_string()),
            fact("blocks of a node", CAPACITY.to_string()),
            fact("both", "LFU, any-block match, no load signal"),
            fact("as noted", "resident blocks, at whichever moment is nearest to 50.5 %"),
            fact("made right", "work, over the whole run"),
            fact("near", "within 10 points of 50.5 %"),
        ],
        verdict: Verdict {
            holds: Holds::of(is_near(nearest), is_near(largest_work(ends[1]))),
            sentence: format!(
                "the largest share of resident blocks comes nearest to the notes' 50.5 % {when}, \
                 with {}; over the whole run the busiest node's share of the work goes from {} to \
                 {}",
                percents(&[nearest])[0],
                work[0],
                work[1]
            ),
        },
    }
}

/// When the largest share of resident blocks is nearest to the notes', first of all such moments,
/// and what it is then.
fn nearest(with: &[Summary]) -> (String, f64) {
    let share = |((name, serves), run): ((String, Serves), &Summary)| {
        let when = if serves == Serves::Trace { "at the end".to_owned() } else { name };
        (when, largest_resident(run))
    };
    let off = |(_, share): &(String, f64)| (share - PUBLISHED).abs();
    let shares = moments().zip(with).map(share);
    shares.reduce(|near, it| if off(&it) < off(&near) { it } else { near }).expect("one moment")
}
