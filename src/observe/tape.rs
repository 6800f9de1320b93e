//! The latest requests one by one, for a picture that shows them as they are served.

use crate::event::{Routed, Stored};
use std::collections::VecDeque;

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
}

/// The last [`TAPE_LENGTH`] requests, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    marks: VecDeque<Mark>,
}

impl Tape {
    /// The requests after number `after`.
    pub fn since(&self, after: u64) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(move |mark| after < mark.number)
    }

    pub(super) fn on_routed(&mut self, routed: &Routed<'_>) {
        if self.marks.len() == TAPE_LENGTH {
            self.marks.pop_front();
        }
        self.marks.push_back(Mark {
            number: routed.number,
            node: routed.node.0,
            blocks: routed.blocks.len() as u32,
            prefix_hits: routed.prefix,
            evicted: 0,
        });
    }

    pub(super) fn on_stored(&mut self, stored: &Stored) {
        if let Some(mark) = self.marks.back_mut() {
            mark.evicted += stored.evicted;
        }
    }
}
