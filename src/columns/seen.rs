//! Which blocks requests have named, and how these hang together.

use crate::model::BlockId;

/// The blocks that requests have named, with the place of each in the prefix tree.
///
/// Blocks are numbered by first appearance in the trace and rise along a request. So while
/// requests come in the order of the trace the new blocks of one are just the next numbers, each
/// the child of the one before, and to take them in is O(1); only another order needs a look at
/// each. Memory: 12 bytes a request with new blocks; a bit a block once the order is another.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Every block below this one has been named.
    below: u32,
    /// The others that have been, a bit each by block; none while the order is the trace's.
    others: Vec<u64>,
    /// How many others.
    beyond: u32,
    /// The named blocks whose parent is not the one before them, ascending.
    starts: Vec<Start>,
}

/// Where a block stands in the requests that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The block before it, or [`BlockId::NONE`].
    pub parent: BlockId,
    /// Position from 0.
    pub depth: u32,
}

/// A block, and the first of a run in which each is the parent of the next.
#[derive(Clone, Copy, Debug)]
struct Start {
    block: BlockId,
    place: Place,
}

impl Seen {
    /// How many blocks have been named.
    pub fn len(&self) -> u32 {
        self.below + self.beyond
    }

    /// Whether none has been.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether `block` has been named.
    pub fn contains(&self, block: BlockId) -> bool {
        let word = self.others.get(block.index() / 64).copied().unwrap_or(0);
        block.0 < self.below || word >> (block.0 % 64) & 1 == 1
    }

    /// Takes in a request's blocks, root first; returns how many leading ones had been named
    /// before. O(1) in the order of the trace, otherwise O(blocks) and the requests out of turn.
    pub fn name(&mut self, blocks: &[BlockId]) -> u32 {
        let Some(&last) = blocks.last() else { return 0 };
        debug_assert!(blocks.is_sorted(), "numbers rise along a request");
        if last.0 < self.below {
            return blocks.len() as u32;
        }
        let new = (last.0 - self.below) as usize + 1;
        let known = blocks.len().checked_sub(new).filter(|&at| blocks[at].0 == self.below);
        let Some(known) = known.filter(|_| self.others.is_empty()) else {
            return self.name_out_of_turn(blocks);
        };
        // Numbers that rise from `below` to `last` in as many steps leave none out.
        if let Some(place) = start(blocks, known) {
            self.starts.push(Start { block: blocks[known], place });
        }
        self.below = last.0 + 1;
        known as u32
    }

    #[cold]
    fn name_out_of_turn(&mut self, blocks: &[BlockId]) -> u32 {
        let known = blocks.iter().take_while(|&&block| self.contains(block)).count();
        for (depth, &block) in blocks.iter().enumerate().skip(known) {
            let (word, bit) = (block.index() / 64, 1 << (block.0 % 64));
            if self.others.len() <= word {
                self.others.resize(word + 1, 0);
            }
            self.others[word] |= bit;
            self.beyond += 1;
            if let Some(place) = start(blocks, depth) {
                let at = self.starts.partition_point(|start| start.block < block);
                self.starts.insert(at, Start { block, place });
            }
        }
        known as u32
    }

    /// Where `block`, which has been named, stands. O(log requests).
    pub fn place(&self, block: BlockId) -> Place {
        debug_assert!(self.contains(block), "{block:?} has not been named");
        let after = self.starts.partition_point(|start| start.block <= block);
        let Start { block: first, place } = self.starts[after - 1];
        match block.0 - first.0 {
            0 => place,
            further => Place { parent: BlockId(block.0 - 1), depth: place.depth + further },
        }
    }
}

/// The place of the block at `depth`, unless it is told by the number before it.
fn start(blocks: &[BlockId], depth: usize) -> Option<Place> {
    let parent = depth.checked_sub(1).map_or(BlockId::NONE, |above| blocks[above]);
    let follows = parent != BlockId::NONE && parent.0 + 1 == blocks[depth].0;
    (!follows).then_some(Place { parent, depth: depth as u32 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeMap;

    /// Requests over a random tree, numbered in their order.
    fn requests(stream: &mut Stream) -> Vec<Vec<BlockId>> {
        let (mut requests, mut next) = (Vec::<Vec<BlockId>>::new(), 0);
        for _ in 0..200 {
            let mut blocks = match stream.below(4) {
                0 => Vec::new(),
                _ if requests.is_empty() => Vec::new(),
                _ => requests[stream.below(requests.len() as u64) as usize].clone(),
            };
            blocks.truncate(stream.below(blocks.len() as u64 + 1) as usize);
            let new = stream.below(4) as u32;
            blocks.extend((next..next + new).map(BlockId));
            next += new;
            requests.push(blocks);
        }
        requests
    }

    /// Names `requests` and compares all that can be asked with a map of every block.
    fn compare(requests: &[Vec<BlockId>]) {
        let (mut seen, mut twin) = (Seen::default(), BTreeMap::new());
        for blocks in requests {
            let known = blocks.iter().take_while(|block| twin.contains_key(*block)).count();
            assert_eq!(seen.name(blocks), known as u32, "{blocks:?}");
            let mut parent = BlockId::NONE;
            for (&block, depth) in blocks.iter().zip(0..) {
                twin.insert(block, Place { parent, depth });
                parent = block;
            }
            assert_eq!(seen.len() as usize, twin.len());
        }
        for block in (0..1000).map(BlockId) {
            assert_eq!(seen.contains(block), twin.contains_key(&block));
        }
        assert!(twin.iter().all(|(&block, &place)| seen.place(block) == place));
    }

    #[test]
    fn equals_a_map_in_the_order_of_the_trace_and_in_any_other() {
        for round in 0..50 {
            let mut stream = Stream::new(round, "seen", 0);
            let mut requests = requests(&mut stream);
            compare(&requests);
            for _ in 0..stream.below(100) {
                let at = stream.below(requests.len() as u64 - 1) as usize;
                requests.swap(at, at + 1);
            }
            compare(&requests);
            requests.reverse();
            compare(&requests);
        }
    }

    #[test]
    fn blocks_in_the_order_of_the_trace_cost_one_record_a_run() {
        let mut seen = Seen::default();
        let run = |from: u32, to: u32| (from..to).map(BlockId).collect::<Vec<_>>();
        assert_eq!(seen.name(&run(0, 1000)), 0);
        assert_eq!(seen.name(&run(0, 1500)), 1000);
        assert_eq!(seen.name(&[run(0, 10), run(1500, 1600)].concat()), 10);
        assert_eq!((seen.starts.len(), seen.others.len()), (2, 0));
    }
}
