//! Sweeps: one trace, many configurations, one row of figures each.
//!
//! A [`Grid`] says which values each part of a configuration takes; its [`Cell`]s are all
//! combinations, each repeated over the seeds, in an order that depends on nothing but the grid.
//! [`run_cell`] serves the trace once for a cell, on sums alone. Who runs the cells, on how many
//! threads or workers or machines, is not its business: a [`Sweep`] takes rows in any order and is
//! the same when it is whole. Shard i of n are the cells whose number is i modulo n.
//!
//! What the rows amount to stands beside them: [`groups()`] (means over seeds with their
//! intervals), [`frontier()`] (what nothing else beats), [`most_rate`] and [`least_nodes`] (what
//! keeps the objective). docs/metrics.md defines all of them.

mod cells;
mod document;
mod frontier;
mod grid;
mod groups;
mod metric;
mod saturation;
mod student;

pub use cells::{Cell, MOST_CELLS};
pub use document::{Row, Shard, Sweep, TraceWords, prepare, run_cell};
pub use frontier::frontier;
pub use grid::{Grid, Seeds, Value, written_row};
pub(crate) use grid::{Place, READING, counts, place, put, specs_of};
pub use groups::{Group, Mean, groups};
pub use metric::{Better, METRICS, Metric};
pub use saturation::{Cost, MOST_NODES, Probe, Search, cache_bytes, least_nodes, most_rate};
