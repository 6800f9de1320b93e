//! Which of some blocks a prefix match can reach.

use super::{Place, Seen, Start};
use crate::columns::{Kept, order};
use crate::model::BlockId;

impl Seen {
    /// How many of `held`, all of which have been named, have all their ancestors there too.
    /// O(requests + held) while numbers rise along a request; once names have moved, O(held log
    /// held and log requests).
    pub fn reached(&self, held: &Kept) -> u32 {
        if self.moved.is_some() { self.reached_by_depth(held) } else { self.reached_in_turn(held) }
    }

    /// A block's parent comes before it, so it is known by then whether that was reached.
    fn reached_in_turn(&self, held: &Kept) -> u32 {
        let (mut reached, mut count) = (Kept::default(), 0);
        let mut starts = self.starts.iter().peekable();
        while let Some(Start { block: first, place }) = starts.next() {
            let parent = place.parent;
            if parent != BlockId::NONE && !reached.contains(parent) {
                continue;
            }
            // Each of a run is the parent of the next.
            let end = starts.peek().map_or(self.bound(), |next| next.block.0);
            for block in (first.0..end).map(BlockId).take_while(|&block| held.contains(block)) {
                reached.keep(block);
                count += 1;
            }
        }
        count
    }

    fn reached_by_depth(&self, held: &Kept) -> u32 {
        let by_depth = |block: BlockId| order::pair(self.place(block).depth, block.0);
        let mut blocks: Vec<u64> = held.blocks().map(by_depth).collect();
        order::sort(&mut blocks);
        let mut reached: Vec<u64> = Vec::new();
        for &block in &blocks {
            let Place { parent, depth } = self.place(BlockId(block as u32));
            let above = |depth: u32| order::pair(depth, parent.0);
            let above = depth.checked_sub(1).map(above);
            if above.is_none_or(|above| reached.binary_search(&above).is_ok()) {
                reached.push(block);
            }
        }
        reached.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeMap;

    #[test]
    fn equals_a_look_at_every_path_in_the_order_of_the_trace_and_in_any_other() {
        let mut stranded = 0;
        for round in 0..200 {
            let mut stream = Stream::new(round, "reached", 0);
            let (mut requests, mut next) = (vec![Vec::new()], 0);
            for _ in 0..1 + stream.below(40) {
                let of = stream.below(requests.len() as u64) as usize;
                let mut blocks: Vec<BlockId> = requests[of].clone();
                blocks.truncate(stream.below(blocks.len() as u64 + 1) as usize);
                let new = stream.below(6) as u32;
                blocks.extend((next..next + new).map(BlockId));
                next += new;
                requests.push(blocks);
            }
            if round % 2 == 0 {
                let at = stream.below(requests.len() as u64 - 1) as usize;
                requests.swap(at, at + 1);
            }
            let (mut seen, mut parents) = (Seen::default(), BTreeMap::new());
            for blocks in &requests {
                seen.name(blocks);
                let mut parent = None;
                for &block in blocks {
                    parents.insert(block, parent);
                    parent = Some(block);
                }
            }
            let mut held = Kept::default();
            for &block in parents.keys().filter(|_| stream.below(6) > 0) {
                held.keep(block);
            }
            let is_reached = |&block: &BlockId| {
                let mut at = Some(block);
                while let Some(block) = at.filter(|&block| held.contains(block)) {
                    at = parents[&block];
                }
                at.is_none()
            };
            let want = parents.keys().copied().filter(is_reached).count() as u32;
            assert_eq!(seen.reached(&held), want, "{requests:?}");
            assert_eq!(seen.reached_by_depth(&held), want, "{requests:?}");
            stranded += held.blocks().count() as u32 - want;
        }
        assert!(stranded > 1000, "{stranded} are stranded");
    }
}
