//! A packed log and what is asked of it as a whole: facts, the curve of LRU, cells of a sweep.
//!
//! Passes are taken in parts, as many requests a call as the caller says, so that a worker can say
//! how far it is and hears when nobody waits any more.

use super::answers::Known;
use super::argument;
use super::object::{Fields, plain, set, thrown, told};
use crate::analyze::facts::{Collector, SOURCES};
use crate::analyze::points::capacities;
use crate::analyze::{Facts, Insertion, Reuse, ReuseCurve, block_size, walk};
use crate::sim::Summary;
use crate::studies::{self, Findings, StudyRow};
use crate::sweep::{Cell, Grid, METRICS, Row, frontier, groups, prepare, run_cell};
use crate::trace::{Log, pack};
use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("analysis.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const VALUES: &str = "
export class Analysis {
  /** Of a log that a simulator has packed. */
  constructor(packed: Uint8Array);
}
/** What rows of a sweep amount to: means over seeds, and which combinations no other beats in both
 *  metrics. */
export function amount(rows: SweepRow[], one: string, other: string): Amount;
/** Lanes beside each other over seeds: of each the summaries of its runs, as many as of any. */
export function beside(configs: CellConfig[], runs: Summary[][]): Comparison;
/** What a configuration file says, as docs/config.md has it; throws every reason at once. */
export function configuration(file: unknown): CellConfig;
/** What so many nodes cost that cache so many bytes each; null where one of them is not known. */
export function prices(sizes: (number | null)[][], node: number, gib: number): (number | null)[];
";

/// The most points of a picture of a curve.
const MOST_POINTS: u32 = 10_000;

/// The most seeds of a study, each of which serves the trace several times.
const MOST_SEEDS: u32 = 1000;

/// A whole trace.
#[wasm_bindgen(skip_typescript)]
pub struct Analysis {
    pub(super) log: Log,
    pub(super) collector: Collector,
    pub(super) facts: Option<Facts>,
    /// LRU by insertion: the pass, or what came of it.
    lru: [Lru; 2],
    cells: Vec<Cell>,
    pub(super) known: Known,
}

enum Lru {
    Pass { reuse: Box<Reuse>, place: u64 },
    Curve(ReuseCurve),
}

#[wasm_bindgen]
impl Analysis {
    /// Of a log packed by a simulator.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(packed: JsValue) -> Result<Analysis, JsValue> {
        let bytes: &Uint8Array = packed
            .dyn_ref()
            .ok_or_else(|| argument::wrong("packed", &packed, "the bytes of a packed log"))?;
        let log = pack::unpack(&bytes.to_vec()).map_err(|error| told(&error))?;
        let pass = |insertion| {
            let reuse = Box::new(Reuse::new(insertion, block_size(&log)));
            Lru::Pass { reuse, place: 0 }
        };
        let lru = [pass(Insertion::Flat), pass(Insertion::Tree)];
        let (collector, known) = (Collector::new(&log), Known::default());
        Ok(Self { collector, log, facts: None, lru, cells: Vec::new(), known })
    }

    /// Requests of the trace.
    #[wasm_bindgen(skip_typescript)]
    pub fn requests(&self) -> f64 {
        self.log.len() as f64
    }

    /// Looks at the next n requests; returns how many are left.
    #[wasm_bindgen(skip_typescript)]
    pub fn collect(&mut self, n: JsValue) -> Result<f64, JsValue> {
        let n = argument::whole(&n, "n", 0..=u32::MAX)?;
        let collector = &mut self.collector;
        let from = collector.number();
        let place = walk(&self.log, from, n.into(), |found| collector.push(&found));
        Ok((self.log.len() - place) as f64)
    }

    /// What is in the trace, once all of it was looked at.
    #[wasm_bindgen(skip_typescript)]
    pub fn facts(&mut self) -> Result<JsValue, JsValue> {
        if self.collector.number() < self.log.len() {
            return Err(thrown("state", "the facts of a trace need all of its requests"));
        }
        let (collector, log) = (&self.collector, &self.log);
        let facts = self.facts.get_or_insert_with(|| collector.clone().finish(log));
        let object = plain(facts)?;
        let published: Vec<Published<'_>> = SOURCES
            .iter()
            .map(|source| Published {
                id: source.id,
                title: source.title,
                rows: source.beside(facts),
            })
            .collect();
        set(&object, "published", plain(&published)?);
        Ok(object)
    }

    /// Takes the next n requests into the curve of LRU; returns how many are left.
    #[wasm_bindgen(skip_typescript)]
    pub fn reuse(&mut self, insertion: JsValue, n: JsValue) -> Result<f64, JsValue> {
        let n = argument::whole(&n, "n", 0..=u32::MAX)?;
        let at = insertion_of(&insertion)?;
        let Lru::Pass { reuse, place } = &mut self.lru[at] else { return Ok(0.0) };
        *place = walk(&self.log, *place, n.into(), |found| reuse.push(&found, true));
        Ok((self.log.len() - *place) as f64)
    }

    /// What LRU hits, exactly, at capacities even on a logarithmic axis, at most `count` of them.
    #[wasm_bindgen(skip_typescript)]
    pub fn lru(&mut self, insertion: JsValue, count: JsValue) -> Result<JsValue, JsValue> {
        let count = argument::whole(&count, "count", 2..=MOST_POINTS)?;
        let at = insertion_of(&insertion)?;
        if let Lru::Pass { reuse, place } = &self.lru[at] {
            if *place < self.log.len() {
                return Err(thrown("state", "the curve of a trace needs all of its requests"));
            }
            let curve = reuse.as_ref().clone().finish();
            self.lru[at] = Lru::Curve(curve);
        }
        let Lru::Curve(curve) = &self.lru[at] else { unreachable!("it was made above") };
        let all: Vec<_> =
            capacities(curve.enough(), count).into_iter().map(|it| curve.point(it)).collect();
        let totals = curve.totals();
        let object = Fields::new()
            .with("enough_blocks", f64::from(curve.enough()))
            .with("knee_blocks", f64::from(curve.knee()))
            .with("block_size", f64::from(block_size(&self.log)))
            .with("ceiling_token_rate", totals.ceiling_token_rate())
            .with("ceiling_rate", totals.ceiling_rate())
            .wholes("capacity", all.iter().map(|point| point.capacity))
            .doubles("token_hit_rate", all.iter().map(|point| point.token_hit_rate))
            .doubles("prefix_hit_rate", all.iter().map(|point| point.prefix_hit_rate))
            .doubles("block_hit_rate", all.iter().map(|point| point.block_hit_rate));
        Ok(object.done())
    }

    /// The cells of a grid, checked, for [`Analysis::run_cell`].
    #[wasm_bindgen(skip_typescript)]
    pub fn cells(&mut self, grid: JsValue) -> Result<JsValue, JsValue> {
        let grid: Grid = read("grid", &grid)?;
        self.cells = grid.cells().map_err(|error| told(&error))?;
        prepare(&mut self.log, &self.cells).map_err(|error| told(&error))?;
        plain(&self.cells)
    }

    /// Serves the whole trace for one cell: its row, and its value of each metric.
    #[wasm_bindgen(skip_typescript)]
    pub fn run_cell(&self, number: JsValue) -> Result<JsValue, JsValue> {
        let cell = self.cell(&number)?;
        let row = run_cell(&self.log, cell).map_err(|error| told(&error))?;
        let values: Vec<Option<f64>> =
            METRICS.iter().map(|metric| (metric.of)(&row.summary)).collect();
        Ok(Fields::new().with("row", plain(&row)?).with("values", plain(&values)?).done())
    }

    /// How many runs a study has.
    #[wasm_bindgen(skip_typescript)]
    pub fn study_cells(&self, id: JsValue, seeds: JsValue) -> Result<f64, JsValue> {
        let (row, seeds) = study_of(&id, &seeds)?;
        Ok((row.cells)(seeds).len() as f64)
    }

    /// One run of a study: its summary.
    #[wasm_bindgen(skip_typescript)]
    pub fn study_cell(
        &self,
        id: JsValue,
        seeds: JsValue,
        number: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (row, seeds) = study_of(&id, &seeds)?;
        let cells = (row.cells)(seeds);
        let most = cells.len().saturating_sub(1) as u32;
        let number = argument::whole(&number, "number", 0..=most)?;
        let cell =
            cells.get(number as usize).ok_or_else(|| thrown("state", "this study runs nothing"))?;
        plain(&cell.run(&self.log).map_err(|error| told(&error))?)
    }

    /// What a study concludes from the summaries of all its runs, in their order.
    #[wasm_bindgen(skip_typescript)]
    pub fn study(
        &self,
        id: JsValue,
        seeds: JsValue,
        summaries: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (row, seeds) = study_of(&id, &seeds)?;
        let summaries: Vec<Summary> = read("summaries", &summaries)?;
        let wanted = (row.cells)(seeds).len();
        if summaries.len() != wanted {
            let told = format!("summaries: found {}, expected {wanted}", summaries.len());
            return Err(thrown("argument", &told));
        }
        plain(&(row.conclude)(&Findings { seeds, log: &self.log, summaries: &summaries }))
    }
}

/// The row of a study, and its seeds.
fn study_of(id: &JsValue, seeds: &JsValue) -> Result<(&'static StudyRow, u32), JsValue> {
    let row = studies::find(&argument::text(id, "id")?)
        .ok_or_else(|| argument::wrong("id", id, "the id of a study"))?;
    Ok((row, argument::whole(seeds, "seeds", 1..=MOST_SEEDS)?))
}

impl Analysis {
    /// A cell of the grid that is known.
    pub(super) fn cell(&self, number: &JsValue) -> Result<&Cell, JsValue> {
        let most = self.cells.len().saturating_sub(1) as u32;
        let number = argument::whole(number, "number", 0..=most)?;
        let cell = self.cells.get(number as usize);
        cell.ok_or_else(|| thrown("state", "a cell is run once its grid is known"))
    }
}

/// What rows of a sweep amount to, in the order of their cells: means over seeds, and which of
/// them nothing else beats in two metrics.
#[wasm_bindgen(skip_typescript)]
pub fn amount(rows: JsValue, one: JsValue, other: JsValue) -> Result<JsValue, JsValue> {
    let mut rows: Vec<Row> = read("rows", &rows)?;
    rows.sort_by_key(|row| row.cell);
    let (one, other) = (metric_of("one", &one)?, metric_of("other", &other)?);
    let groups = groups(&rows);
    let at =
        |place: usize| move |means: &[Option<crate::sweep::Mean>]| means[place].map(|it| it.mean);
    let points: Vec<[Option<f64>; 2]> =
        groups.iter().map(|it| [at(one)(&it.means), at(other)(&it.means)]).collect();
    let best = frontier(&points, [METRICS[one].better, METRICS[other].better]);
    Ok(Fields::new().with("groups", plain(&groups)?).with("best", plain(&best)?).done())
}

/// Published figures beside those of this trace.
#[derive(Serialize)]
struct Published<'a> {
    id: &'a str,
    title: &'a str,
    rows: Vec<crate::analyze::facts::Beside>,
}

fn metric_of(name: &str, value: &JsValue) -> Result<usize, JsValue> {
    let id = argument::text(value, name)?;
    let at = METRICS.iter().position(|metric| metric.id == id);
    at.ok_or_else(|| argument::wrong(name, value, "the id of a metric"))
}

fn insertion_of(value: &JsValue) -> Result<usize, JsValue> {
    match argument::text(value, "insertion")?.as_str() {
        "flat" => Ok(0),
        "tree" => Ok(1),
        _ => Err(argument::wrong("insertion", value, "flat or tree")),
    }
}

/// A plain value of ours that JavaScript hands over.
pub(super) fn read<T: for<'de> serde::Deserialize<'de>>(
    name: &str,
    value: &JsValue,
) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value.clone())
        .map_err(|error| thrown("argument", &format!("{name}: {error}")))
}
