//! A sweep as one document: what was asked, of which trace, and the rows there are so far.

use super::cells::Cell;
use super::grid::Grid;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::observe::Observe;
use crate::sim::{Lane, Summary};
use crate::trace::Log;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a trace is known by when slices of a sweep come together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceWords {
    /// Its requests.
    pub requests: u64,
    /// Its block references.
    pub references: u64,
    /// FNV-1a, 64 bits, in hex, of arrivals, lengths, sessions and blocks of every request.
    pub digest: String,
}

impl TraceWords {
    /// Of a whole log. O(references).
    pub fn of(log: &Log) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |word: u64| {
            for byte in word.to_le_bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        add(log.block_size().map_or(0, u64::from));
        for found in log.iter() {
            let request = found.request;
            add(request.arrival_s.to_bits());
            add(u64::from(request.input_tokens) << 32 | u64::from(request.output_tokens));
            add(u64::from(request.session) << 32 | found.blocks.len() as u64);
            found.blocks.iter().for_each(|block| add(u64::from(block.0)));
        }
        let digest = format!("{hash:016x}");
        Self { requests: log.len(), references: log.references(), digest }
    }
}

/// Which cells a slice has: those whose number is `index` modulo `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// From 0, below `of`.
    pub index: u32,
    /// How many slices there are.
    pub of: u32,
}

impl Shard {
    /// All of the cells.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// Whether the slice has this cell.
    pub fn has(self, cell: u32) -> bool {
        cell % self.of == self.index
    }
}

/// What came of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The cell's number.
    pub cell: u32,
    /// The combination that it repeats.
    pub group: u32,
    /// Its value of each axis that counts.
    pub point: BTreeMap<String, String>,
    /// What was run: the same as a single run's configuration.
    pub config: Config,
    /// The run's sums, as a single run prints them.
    pub summary: Summary,
}

/// Makes the log ready for all cells: what knows the future is told it once.
///
/// # Errors
/// As [`Log::look_ahead`].
pub fn prepare(log: &mut Log, cells: &[Cell]) -> Result<()> {
    for cell in cells {
        if cell.config.check()?.needs_future {
            return log.look_ahead();
        }
    }
    Ok(())
}

/// Serves the whole log for one cell, on sums alone.
///
/// # Errors
/// A configuration error where a node's capacity holds no block of the log's size; as
/// [`Lane::run`].
pub fn run_cell(log: &Log, cell: &Cell) -> Result<Row> {
    let config = cell.config.check()?.with_block_size(log.block_size())?;
    let mut lane = Lane::of(config, Observe::Sums);
    lane.run(log)?;
    Ok(Row {
        cell: cell.number,
        group: cell.group,
        point: cell.point.clone(),
        config: cell.config.clone(),
        summary: lane.summary(),
    })
}

/// A sweep, whole or in part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// What was asked.
    pub grid: Grid,
    /// Of which trace.
    pub trace: TraceWords,
    /// How many cells the grid has.
    pub cells: u32,
    /// In the order of their cells, each once.
    pub rows: Vec<Row>,
}

impl Sweep {
    /// Of no row yet.
    pub fn new(grid: Grid, trace: TraceWords, cells: u32) -> Self {
        Self { grid, trace, cells, rows: Vec::new() }
    }

    /// Takes in a row, which may come in any order. O(rows) at worst, O(1) in order.
    ///
    /// # Errors
    /// If the cell's row is there already and is another one, or if there is no such cell.
    pub fn add(&mut self, row: Row) -> Result<()> {
        if row.cell >= self.cells {
            return Err(Error::State(format!(
                "found a row of cell {}, expected one of the grid's {}",
                row.cell, self.cells
            )));
        }
        let place = self.rows.partition_point(|before| before.cell < row.cell);
        match self.rows.get(place) {
            Some(same) if same.cell == row.cell && *same == row => {}
            Some(other) if other.cell == row.cell => {
                return Err(Error::State(format!(
                    "cell {} has two rows that differ: they are not of the same version, trace \
                     and grid",
                    row.cell
                )));
            }
            _ => self.rows.insert(place, row),
        }
        Ok(())
    }

    /// Whether the cell has its row.
    pub fn has(&self, cell: u32) -> bool {
        self.rows.binary_search_by_key(&cell, |row| row.cell).is_ok()
    }

    /// Takes in all rows of a slice.
    ///
    /// # Errors
    /// If it is of another grid or trace; as [`Sweep::add`].
    pub fn merge(&mut self, other: Self) -> Result<()> {
        let what = if self.grid != other.grid {
            "grid"
        } else if self.trace != other.trace {
            "trace"
        } else {
            return other.rows.into_iter().try_for_each(|row| self.add(row));
        };
        Err(Error::State(format!("found a slice of another {what}, expected slices of one sweep")))
    }

    /// Cells without a row.
    pub fn missing(&self) -> u32 {
        self.cells - self.rows.len() as u32
    }
}
