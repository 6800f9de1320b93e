//! Which blocks requests have named, and how these hang together.

mod reached;

use super::Kept;
use crate::model::BlockId;
use std::collections::BTreeMap;

/// The blocks that requests have named, with the place of each in the prefix tree.
///
/// Blocks are numbered by first appearance in the trace and rise along a request. So while
/// requests come in the order of the trace the new blocks of one are just the next numbers, each
/// the child of the one before, and to take them in is O(1); only another order needs a look at
/// each. Memory: 12 bytes a request with new blocks; a bit a block once the order is another.
///
/// Names may be forgotten and given to other blocks: see [`Seen::forget`]. From then on numbers
/// say nothing of the order, and every request is looked at as if it were out of turn.
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
    /// The same once names were forgotten, since new ones then come anywhere between.
    moved: Option<BTreeMap<BlockId, Place>>,
    /// Names that were forgotten, each time counted anew.
    forgotten: u64,
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
    /// How many blocks have been named and not forgotten.
    #[inline]
    pub fn len(&self) -> u32 {
        self.below + self.beyond
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many blocks have been named; one that was forgotten and comes again counts again.
    pub fn named(&self) -> u64 {
        u64::from(self.len()) + self.forgotten
    }

    /// All blocks named so far are below this one.
    #[inline]
    pub fn bound(&self) -> u32 {
        self.below.max(self.others.len() as u32 * 64)
    }

    /// Whether numbers rise along every request: until names are forgotten.
    #[inline]
    pub fn rises(&self) -> bool {
        self.moved.is_none()
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
        debug_assert!(self.moved.is_some() || blocks.is_sorted(), "numbers rise along a request");
        if last.0 < self.below {
            return blocks.len() as u32;
        }
        let new = (last.0 - self.below) as usize + 1;
        let known = blocks.len().checked_sub(new).filter(|&at| blocks[at].0 == self.below);
        let in_turn = self.others.is_empty() && self.moved.is_none();
        let Some(known) = known.filter(|_| in_turn) else {
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
        // What is named has named ancestors.
        let known = blocks.partition_point(|&block| self.contains(block));
        for (depth, &block) in blocks.iter().enumerate().skip(known) {
            let (word, bit) = (block.index() / 64, 1 << (block.0 % 64));
            if self.others.len() <= word {
                self.others.resize(word + 1, 0);
            }
            self.others[word] |= bit;
            self.beyond += 1;
            let Some(place) = start(blocks, depth) else { continue };
            if let Some(moved) = &mut self.moved {
                moved.insert(block, place);
            } else {
                let at = self.starts.partition_point(|start| start.block < block);
                self.starts.insert(at, Start { block, place });
            }
        }
        known as u32
    }

    /// Where `block`, which has been named, stands. O(log requests).
    pub fn place(&self, block: BlockId) -> Place {
        debug_assert!(self.contains(block), "{block:?} has not been named");
        let Start { block: first, place } = self.start_of(block);
        match block.0 - first.0 {
            0 => place,
            further => Place { parent: BlockId(block.0 - 1), depth: place.depth + further },
        }
    }
}

/// Forgetting.
impl Seen {
    /// Memory held, in bytes; that of the map that takes the place of the column is estimated.
    pub fn memory_bytes(&self) -> usize {
        let moved = self.moved.as_ref().map_or(0, BTreeMap::len);
        self.others.capacity() * size_of::<u64>()
            + self.starts.capacity() * size_of::<Start>()
            + moved * 2 * size_of::<Start>()
    }

    /// Adds to `kept` the blocks that have been named.
    pub fn keep_named(&self, kept: &mut Kept) {
        kept.keep_words(&self.others, self.below);
    }

    /// Adds to `kept`, which has only named blocks, all their ancestors. O(blocks / 64 + requests)
    /// and O(log requests) for each path that ends in an ancestor.
    pub fn keep_ancestors(&self, kept: &mut Kept) {
        let mut starts = self.starts().peekable();
        while let Some(Start { block: first, place }) = starts.next() {
            let end = starts.peek().map_or(self.bound(), |next| next.block.0);
            let Some(last) = kept.last_in(first.0..end) else { continue };
            // Each of a run is the parent of the next.
            kept.keep_range(first.0..last.0);
            let mut parent = place.parent;
            // The ancestors of one that is kept are seen to when its own run is.
            while parent != BlockId::NONE && !kept.contains(parent) {
                let above = self.start_of(parent);
                kept.keep_range(above.block.0..parent.0 + 1);
                parent = above.place.parent;
            }
        }
    }

    /// Forgets the blocks that are not in `kept`, which has the ancestors of all that are: their
    /// numbers may then be given to other blocks, or to the same ones again. O(blocks / 64 +
    /// requests).
    pub fn forget(&mut self, kept: &Kept) {
        let mut named = Kept::default();
        self.keep_named(&mut named);
        let before = u64::from(self.len());
        self.others.clear();
        let both = named.words().iter().zip(kept.words()).map(|(named, kept)| named & kept);
        self.others.extend(both);
        self.below = 0;
        self.beyond = self.others.iter().map(|word| word.count_ones()).sum();
        self.forgotten += before - u64::from(self.beyond);
        let starts = self.starts().filter(|start| self.contains(start.block));
        self.moved = Some(starts.map(|start| (start.block, start.place)).collect());
        self.starts = Vec::new();
    }

    /// The first of the run that `block`, which has been named, belongs to.
    fn start_of(&self, block: BlockId) -> Start {
        if let Some(moved) = &self.moved {
            let (&block, &place) = moved.range(..=block).next_back().expect("a named block");
            return Start { block, place };
        }
        let after = self.starts.partition_point(|start| start.block <= block);
        self.starts[after - 1]
    }

    /// The first of each run, ascending.
    fn starts(&self) -> impl Iterator<Item = Start> + '_ {
        let moved = self.moved.iter().flatten();
        let moved = moved.map(|(&block, &place)| Start { block, place });
        self.starts.iter().copied().chain(moved)
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

    /// Requests name paths by their texts; a number that was forgotten goes to the next new block,
    /// or stays with its own.
    #[test]
    fn forgetting_equals_a_map_that_forgets_whether_or_not_numbers_go_to_others() {
        for round in 0..200 {
            let mut stream = Stream::new(round, "forget", 0);
            let reuses = round % 2 == 0;
            let (mut seen, mut twin) = (Seen::default(), BTreeMap::new());
            let mut numbers = BTreeMap::<Vec<u64>, BlockId>::new();
            let (mut next, mut total) = (0, 0);
            for _ in 0..120 {
                let path: Vec<u64> = (0..stream.below(7)).map(|_| stream.below(3)).collect();
                let mut blocks = Vec::new();
                for depth in 1..=path.len() {
                    let taken = |block| numbers.values().any(|&it| it == block);
                    let free = (0..next).map(BlockId).find(|&block| reuses && !taken(block));
                    let block = *numbers.entry(path[..depth].to_vec()).or_insert_with(|| {
                        free.unwrap_or_else(|| {
                            next += 1;
                            BlockId(next - 1)
                        })
                    });
                    blocks.push(block);
                }
                let known = blocks.iter().take_while(|block| twin.contains_key(*block)).count();
                assert_eq!(seen.name(&blocks), known as u32, "{blocks:?}");
                total += (blocks.len() - known) as u64;
                let mut parent = BlockId::NONE;
                for (&block, depth) in blocks.iter().zip(0..) {
                    twin.insert(block, Place { parent, depth });
                    parent = block;
                }
                if stream.below(12) == 0 {
                    let mut kept = Kept::default();
                    let wanted = twin.keys().filter(|_| stream.below(5) == 0);
                    let wanted: Vec<BlockId> = wanted.copied().collect();
                    wanted.iter().for_each(|&block| kept.keep(block));
                    seen.keep_ancestors(&mut kept);
                    let mut all = BTreeMap::new();
                    for mut block in wanted {
                        while block != BlockId::NONE {
                            all.insert(block, twin[&block]);
                            block = twin[&block].parent;
                        }
                    }
                    let found = (0..next).map(BlockId).filter(|&block| kept.contains(block));
                    assert!(found.eq(all.keys().copied()));
                    seen.forget(&kept);
                    twin = all;
                    if reuses {
                        numbers.retain(|_, block| twin.contains_key(block));
                    }
                }
                assert_eq!((seen.len() as usize, seen.named()), (twin.len(), total));
                for block in (0..next + 70).map(BlockId) {
                    assert_eq!(seen.contains(block), twin.contains_key(&block));
                    assert!(block.0 < seen.bound() || !seen.contains(block));
                }
                assert!(twin.iter().all(|(&block, &place)| seen.place(block) == place));
            }
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
