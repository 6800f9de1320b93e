//! Every figure that crosses to a reader as one of many alike: its name, its cells, how it is read.
//!
//! The page's frame and both CSVs are made by walking [`COLUMNS`]; tests hold `kvscope.d.ts` to
//! it. A new figure is a row here, and its line there.

use super::Series;
use super::series::Sample;
use super::tape::Mark;
use crate::model::{NodeState, Tally};

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cells {
    /// Whole numbers below 2^16.
    Shorts,
    /// Whole numbers below 2^32.
    Wholes,
    /// Everything else.
    Doubles,
}

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct Column<F> {
    /// Its name everywhere.
    pub name: &'static str,
    /// What its values are.
    pub cells: Cells,
    /// The value, of whatever has one.
    pub of: F,
}

/// Read from sums.
pub type OfTally = fn(&Tally) -> f64;
/// Read from a node.
pub type OfNode = fn(&NodeNow<'_>) -> f64;
/// Read from one of the latest requests.
pub type OfMark = fn(&Mark) -> f64;
/// Read from a sample.
pub type OfSample = fn(&Sample) -> f64;
/// Read from a sample for the node of this index.
pub type OfSampleNode = fn(&Sample, usize) -> f64;

/// One node at this moment.
#[derive(Clone, Copy, Debug)]
pub struct NodeNow<'a> {
    /// Over the counted requests.
    pub sums: &'a Tally,
    /// Over those in the window.
    pub window: &'a Tally,
    /// Resident blocks.
    pub resident: u32,
    /// Unfinished requests.
    pub queue: u32,
    /// Seconds until the server is free.
    pub wait_s: f64,
    /// What it is to the others.
    pub state: NodeState,
    /// How many times as long its prefills take as they should.
    pub slow: f64,
}

/// The columns by what has one value in each.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// The whole run.
    pub totals: &'static [Column<OfTally>],
    /// The last W requests.
    pub window: &'static [Column<OfTally>],
    /// A node.
    pub nodes: &'static [Column<OfNode>],
    /// One of the latest requests.
    pub recent: &'static [Column<OfMark>],
    /// A sample of the series.
    pub series: &'static [Column<OfSample>],
    /// A sample of the series, for each node.
    pub series_by_node: &'static [Column<OfSampleNode>],
    /// A sample of the series under the timed clock.
    pub series_timed: &'static [Column<OfSample>],
}

/// All columns, in the order in which readers find them.
pub static COLUMNS: Columns = Columns {
    totals: &[
        doubles("requests", |sums| sums.requests as f64),
        doubles("blocks", |sums| sums.blocks as f64),
        doubles("block_hits", |sums| sums.block_hits as f64),
        doubles("prefix_hits", |sums| sums.prefix_hits as f64),
        doubles("reachable_hits", |sums| sums.reachable_hits as f64),
        doubles("ceiling_hits", |sums| sums.ceiling_hits as f64),
        doubles("hit_tokens", |sums| sums.hit_tokens as f64),
        doubles("input_tokens", |sums| sums.input_tokens as f64),
        doubles("output_tokens", |sums| sums.output_tokens as f64),
        doubles("ceiling_tokens", |sums| sums.ceiling_tokens as f64),
        doubles("evictions", |sums| sums.evictions as f64),
        doubles("rewanted", |sums| sums.rewanted as f64),
        doubles("migrations", |sums| sums.migrations as f64),
        doubles("chosen_blocks", |sums| sums.chosen_blocks as f64),
        doubles("migrated_blocks", |sums| sums.migrated_blocks as f64),
        doubles("dropped_blocks", |sums| sums.dropped_blocks as f64),
        doubles("transferred_blocks", |sums| sums.transferred_blocks as f64),
        doubles("rejected", |sums| sums.rejected as f64),
    ],
    window: &[
        doubles("requests", |sums| sums.requests as f64),
        doubles("blocks", |sums| sums.blocks as f64),
        doubles("prefix_hits", |sums| sums.prefix_hits as f64),
        doubles("hit_tokens", |sums| sums.hit_tokens as f64),
        doubles("input_tokens", |sums| sums.input_tokens as f64),
    ],
    nodes: &[
        doubles("requests", |node| node.sums.requests as f64),
        doubles("work_tokens", |node| node.sums.work_tokens() as f64),
        doubles("hit_tokens", |node| node.sums.hit_tokens as f64),
        doubles("blocks", |node| node.sums.blocks as f64),
        doubles("prefix_hits", |node| node.sums.prefix_hits as f64),
        wholes("resident", |node| f64::from(node.resident)),
        doubles("evictions", |node| node.sums.evictions as f64),
        wholes("queue", |node| f64::from(node.queue)),
        doubles("wait_s", |node| node.wait_s),
        wholes("window_requests", |node| node.window.requests as f64),
        doubles("window_work_tokens", |node| node.window.work_tokens() as f64),
        doubles("window_blocks", |node| node.window.blocks as f64),
        doubles("window_prefix_hits", |node| node.window.prefix_hits as f64),
        shorts("state", |node| f64::from(node.state as u8)),
        doubles("slow", |node| node.slow),
    ],
    recent: &[
        wholes("request", |mark| mark.number as f64),
        shorts("node", |mark| f64::from(mark.node)),
        wholes("blocks", |mark| f64::from(mark.blocks)),
        wholes("prefix_hits", |mark| f64::from(mark.prefix_hits)),
        wholes("evicted", |mark| f64::from(mark.evicted)),
        wholes("rewanted", |mark| f64::from(mark.rewanted)),
        shorts("family", |mark| f64::from(mark.family)),
        wholes("fetched", |mark| f64::from(mark.fetched)),
        shorts("source", |mark| f64::from(mark.source)),
    ],
    series: &[
        doubles("request", |sample| sample.request as f64),
        doubles("time_s", |sample| sample.time_s),
        doubles("blocks", |sample| sample.tally.blocks as f64),
        doubles("prefix_hits", |sample| sample.tally.prefix_hits as f64),
        doubles("input_tokens", |sample| sample.tally.input_tokens as f64),
        doubles("hit_tokens", |sample| sample.tally.hit_tokens as f64),
        doubles("ceiling_tokens", |sample| sample.tally.ceiling_tokens as f64),
        doubles("evictions", |sample| sample.tally.evictions as f64),
        doubles("migrated_blocks", |sample| sample.tally.migrated_blocks as f64),
        doubles("resident_share", Sample::resident_share),
    ],
    series_by_node: &[
        wholes("node_requests", |sample, node| f64::from(sample.node_requests[node])),
        doubles("node_work_tokens", |sample, node| sample.node_work_tokens[node] as f64),
    ],
    series_timed: &[
        doubles("ttft_mean_s", Sample::mean_ttft_s),
        doubles("ttft_p99_s", |sample| sample.ttft.at(0.99)),
        wholes("queue_max", |sample| f64::from(sample.longest_queue)),
    ],
};

const fn doubles<F: Copy>(name: &'static str, of: F) -> Column<F> {
    Column { name, cells: Cells::Doubles, of }
}

const fn shorts<F: Copy>(name: &'static str, of: F) -> Column<F> {
    Column { name, cells: Cells::Shorts, of }
}

const fn wholes<F: Copy>(name: &'static str, of: F) -> Column<F> {
    Column { name, cells: Cells::Wholes, of }
}

/// The series as comma-separated values: a line of names, then a line for each sample; columns by
/// node after the rest.
pub fn series_csv(series: &Series) -> String {
    let timed = if series.is_timed() { COLUMNS.series_timed } else { &[] };
    let each = || COLUMNS.series.iter().chain(timed);
    let mut lines = vec![each().map(|column| column.name.to_owned()).collect::<Vec<_>>()];
    for column in COLUMNS.series_by_node {
        lines[0].extend((0..series.nodes()).map(|node| format!("{}_{node}", column.name)));
    }
    for sample in series.samples() {
        let mut line: Vec<String> = each().map(|column| (column.of)(sample).to_string()).collect();
        for column in COLUMNS.series_by_node {
            line.extend((0..series.nodes()).map(|node| (column.of)(sample, node).to_string()));
        }
        lines.push(line);
    }
    lines.iter().map(|line| line.join(",") + "\n").collect()
}
