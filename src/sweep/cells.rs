//! The cells of a grid: all combinations of its axes' values, repeated over its seeds.

use super::grid::{Grid, Place, Value, counts, place, put, refused, written};
use crate::config::Config;
use crate::error::{Error, Reason, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// The most cells that a grid may have.
pub const MOST_CELLS: u64 = 1_000_000;

/// One run of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// Its place in the grid, from 0: seeds vary fastest, then the last axis.
    pub number: u32,
    /// The combination that it repeats, from 0.
    pub group: u32,
    /// Its value of each axis, as text; axes that do not count there are left out.
    pub point: BTreeMap<String, String>,
    /// What it runs.
    pub config: Config,
}

/// An axis on the way to cells; what the base says is one of a single value.
struct Axis<'a> {
    name: &'a str,
    values: &'a [Value],
    place: Place,
    /// Where it stands in the grid.
    within: &'static str,
    /// The value whose turn it is.
    at: usize,
    /// Whether some cell so far had a use for it.
    counted: bool,
}

impl Grid {
    /// All cells, checked: each can be run, but for capacities in bytes or tokens that hold no
    /// block of the trace's size. O(cells).
    ///
    /// # Errors
    /// Every reason at once, each once, with the values of the first cell that it is of.
    pub fn cells(&self) -> Result<Vec<Cell>> {
        let mut reasons = self.faults();
        let mut axes = self.axes(&mut reasons);
        let seeds = self.seeds();
        let counts = axes.iter().map(|axis| axis.values.len()).chain([seeds.len()]);
        let all = counts.fold(1_u64, |product, count| product.saturating_mul(count as u64));
        if all > MOST_CELLS {
            let expected = format!("at most {MOST_CELLS} cells: fewer values, or several sweeps");
            let (path, value) = ("axes".to_owned(), format!("{all} combinations"));
            reasons.push(Reason { path, value, expected });
        }
        if !reasons.is_empty() {
            return Err(Error::Config(reasons));
        }
        let mut cells: Vec<Cell> = Vec::new();
        let mut group = 0;
        loop {
            if let Some((mut config, point)) = combination(&mut axes, &mut reasons) {
                config.perturb.clone_from(&self.perturb);
                for seed in &seeds {
                    let mut config = config.clone();
                    config.seed = seed.clone();
                    add(&mut reasons, config.check().err(), &point);
                    let (number, point) = (cells.len() as u32, point.clone());
                    cells.push(Cell { number, group, point, config });
                }
                group += 1;
            }
            if !next(&mut axes) {
                break;
            }
        }
        for axis in axes.iter().filter(|axis| !axis.counted) {
            let expected = "a parameter of a row that some cell chooses";
            reasons.push(refused(axis.within, axis.name, &axis.values[0], expected.to_owned()));
        }
        if reasons.is_empty() { Ok(cells) } else { Err(Error::Config(reasons)) }
    }

    fn axes(&self, reasons: &mut Vec<Reason>) -> Vec<Axis<'_>> {
        let base =
            self.base.iter().map(|(name, value)| (name.as_str(), std::slice::from_ref(value)));
        let varied = self.order().into_iter().map(|name| (name, self.axes[name].as_slice()));
        let all = base.map(|it| ("base", it)).chain(varied.map(|it| ("axes", it)));
        let mut axes = Vec::new();
        for (within, (name, values)) in all.filter(|(_, (_, values))| !values.is_empty()) {
            match place(name) {
                Ok(place) => axes.push(Axis { name, values, place, within, at: 0, counted: false }),
                Err(expected) => reasons.push(refused(within, name, &values[0], expected)),
            }
        }
        axes
    }
}

/// The configuration whose turn it is, and its values of the axes. None where a parameter that
/// does not count stands at another than its first value: that combination was there before.
fn combination(
    axes: &mut [Axis<'_>],
    reasons: &mut Vec<Reason>,
) -> Option<(Config, BTreeMap<String, String>)> {
    let (mut config, mut point) = (Config::default(), BTreeMap::new());
    for params in [false, true] {
        for axis in axes.iter_mut().filter(|axis| axis.place.is_param() == params) {
            let value = &axis.values[axis.at];
            if !counts(&mut config, &axis.place) {
                if axis.at > 0 {
                    return None;
                }
                continue;
            }
            axis.counted = true;
            if let Err(expected) = put(&mut config, &axis.place, value) {
                let reason = refused(axis.within, axis.name, value, expected);
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
            if axis.within == "axes" {
                point.insert(axis.name.to_owned(), written(value));
            }
        }
    }
    Some((config, point))
}

/// Goes on to the next combination, the last axis first; false after the last one.
fn next(axes: &mut [Axis<'_>]) -> bool {
    for axis in axes.iter_mut().rev() {
        axis.at += 1;
        if axis.at < axis.values.len() {
            return true;
        }
        axis.at = 0;
    }
    false
}

/// Adds what is wrong with the cell at `point`, as far as no cell before had it.
fn add(reasons: &mut Vec<Reason>, error: Option<Error>, point: &BTreeMap<String, String>) {
    let Some(Error::Config(more)) = error else { return };
    let place: Vec<String> = point.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let place =
        if place.is_empty() { String::new() } else { format!(" (at {})", place.join(", ")) };
    for mut reason in more {
        let known = |before: &Reason| {
            before.path == reason.path
                && before.value == reason.value
                && before.expected.starts_with(&reason.expected)
        };
        if !reasons.iter().any(known) {
            reason.expected += &place;
            reasons.push(reason);
        }
    }
}
