//! The latest requests one by one, for a picture that shows them as they are served.

use crate::columns::Last;
use crate::event::{Routed, Stored};

/// Requests kept.
pub const TAPE_LENGTH: usize = 256;

/// One request as it was served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Its number from 1.
    pub number: u64,
    /// Where it went.
    pub node: u16,
    /// Block references.
    pub blocks: u32,
    /// Prefix it started with.
    pub prefix_hits: u32,
    /// Blocks evicted for it.
    pub evicted: u32,
    /// Blocks it stored that its node had evicted before.
    pub rewanted: u32,
    /// The innermost family it begins with, from 1; 0 is none.
    pub family: u8,
    /// Blocks fetched for it from another node, and which.
    pub fetched: u32,
    /// Its own node where none were.
    pub source: u16,
}

/// The last [`TAPE_LENGTH`] requests, oldest first.
#[derive(Clone, Debug)]
pub struct Tape {
    marks: Last<Mark>,
}

impl Default for Tape {
    fn default() -> Self {
        Self { marks: Last::new(TAPE_LENGTH) }
    }
}

impl Tape {
    /// The requests after number `after`.
    pub fn since(&self, after: u64) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| after < mark.number)
    }

    pub(super) fn on_routed(&mut self, routed: &Routed<'_>, family: u8) {
        self.marks.push(Mark {
            number: routed.number,
            node: routed.node.0,
            blocks: routed.tally.blocks,
            prefix_hits: routed.tally.prefix_hits,
            evicted: routed.tally.evictions,
            rewanted: routed.tally.rewanted,
            family,
            fetched: routed.tally.transferred_blocks,
            source: routed.fetched_from.unwrap_or(routed.node).0,
        });
    }

    /// What is evicted later counts with the latest request, at whose moment it happens.
    pub(super) fn on_stored(&mut self, stored: &Stored) {
        if let Some(mark) = self.marks.newest_mut() {
            mark.evicted += stored.tally.evictions;
            mark.rewanted += stored.tally.rewanted;
        }
    }
}
