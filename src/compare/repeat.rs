//! A lane once more, with another seed: what is told of lanes over seeds is of such runs.

use crate::config::Checked;
use crate::error::Result;
use crate::observe::Observe;
use crate::sim::{Lane, Summary};
use crate::trace::Log;

/// The summary of a lane over a whole log, with the seed that comes `by` after its own; after the
/// last comes 0. It keeps sums only. The log has looked ahead where the lane needs the future.
///
/// # Errors
/// As [`Checked::with_block_size`] and [`Lane::run`].
pub fn repeat(config: &Checked, by: u32, log: &Log) -> Result<Summary> {
    let config = Checked { seed: config.seed.wrapping_add(by.into()), ..config.clone() };
    let mut lane = Lane::of(config.with_block_size(log.block_size())?, Observe::Sums);
    lane.run(log)?;
    Ok(lane.summary())
}
