//! The hotspot detector: blocks that many requests of a window name.
//!
//! A block's name means one prefix, so that what is hot is a tree with its root: requests are
//! grouped by their first block, and only groups that are large enough are looked at deeper.
//! Memory: 4 bytes for each reference of the window.

use crate::columns::order;
use crate::model::{BlockId, Hot};

/// The blocks of a window's requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Hotspots {
    blocks: Vec<BlockId>,
    /// Where the blocks of each request end.
    ends: Vec<usize>,
    /// Names were forgotten in this window.
    forgot: bool,
}

impl Hotspots {
    #[inline]
    pub(super) fn push(&mut self, blocks: &[BlockId]) {
        self.blocks.extend_from_slice(blocks);
        self.ends.push(self.blocks.len());
    }

    /// The numbers of this window's blocks may go to others before it ends.
    pub(super) fn forget(&mut self) {
        self.forgot = true;
    }

    /// The blocks that strictly more than `share` of the requests name, and an empty window; none
    /// where names were forgotten in it.
    pub(super) fn take(&mut self, share: f64) -> Option<Hot> {
        let hot = (!self.forgot).then(|| self.over(share));
        self.blocks.clear();
        self.ends.clear();
        self.forgot = false;
        hot
    }

    /// O(n log n) for n references above or just below what is hot.
    fn over(&self, share: f64) -> Hot {
        let requests = self.ends.len();
        let least = share * requests as f64;
        let mut hot = Hot { blocks: 0, hottest: None };
        let mut most = 0;
        let mut open: Vec<(usize, Vec<u32>)> = vec![(0, (0..requests as u32).collect())];
        while let Some((depth, group)) = open.pop() {
            let named = group.iter().filter_map(|&request| {
                let block = self.request(request as usize).get(depth)?;
                Some(u64::from(block.0) << 32 | u64::from(request))
            });
            let mut named: Vec<u64> = named.collect();
            order::sort(&mut named);
            for same in named.chunk_by(|one, other| one >> 32 == other >> 32) {
                if same.len() as f64 <= least {
                    continue;
                }
                hot.blocks += 1;
                // Nothing deeper is named by more: the first of the first level that has most.
                if most < same.len() {
                    most = same.len();
                    let share = most as f64 / requests as f64;
                    hot.hottest = Some((BlockId((same[0] >> 32) as u32), share));
                }
                open.push((depth + 1, same.iter().map(|&word| word as u32).collect()));
            }
        }
        hot
    }

    fn request(&self, request: usize) -> &[BlockId] {
        let start = if request == 0 { 0 } else { self.ends[request - 1] };
        &self.blocks[start..self.ends[request]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn what_is_hot_is_what_counting_every_block_finds() {
        let mut stream = Stream::new(1, "hot", 0);
        for share in [0.0, 0.05, 0.2, 0.5, 1.0] {
            let (mut hotspots, mut all) = (Hotspots::default(), Vec::new());
            for _ in 0..200 {
                // A path through a binary tree: block b has the children 2b + 1 and 2b + 2.
                let (mut path, mut block) = (Vec::new(), 0);
                for _ in 0..stream.below(7) {
                    path.push(BlockId(block));
                    block = 2 * block + 1 + u32::from(stream.below(4) == 0);
                }
                hotspots.push(&path);
                all.extend(path);
            }
            let counts: Vec<(BlockId, usize)> = (0..256)
                .map(|block| (BlockId(block), all.iter().filter(|it| it.0 == block).count()))
                .filter(|&(_, count)| share * 200.0 < count as f64)
                .collect();
            let most = counts.iter().map(|&(_, count)| count).max();
            let hottest = counts.iter().find(|&&(_, count)| Some(count) == most);
            let found = hotspots.take(share).expect("no name was forgotten");
            assert_eq!(found.blocks, counts.len() as u64, "share {share}");
            let hottest = hottest.map(|&(block, count)| (block, count as f64 / 200.0));
            assert_eq!(found.hottest, hottest, "share {share}");
        }
    }

    fn of(paths: &[&[u32]]) -> Hotspots {
        let mut hotspots = Hotspots::default();
        for path in paths {
            hotspots.push(&path.iter().copied().map(BlockId).collect::<Vec<_>>());
        }
        hotspots
    }

    #[test]
    fn of_blocks_that_as_many_name_the_first_is_the_hottest() {
        let hottest =
            |paths: &[&[u32]]| of(paths).take(0.1).expect("nothing was forgotten").hottest;
        assert_eq!(hottest(&[&[3], &[2], &[3], &[2]]), Some((BlockId(2), 0.5)), "by number");
        assert_eq!(hottest(&[&[7, 1], &[7, 1]]), Some((BlockId(7), 1.0)), "and by depth");
    }

    #[test]
    fn a_window_in_which_names_were_forgotten_tells_nothing_and_the_next_one_does() {
        let mut hotspots = of(&[&[1], &[1]]);
        hotspots.forget();
        assert_eq!(hotspots.take(0.1), None);
        hotspots.push(&[BlockId(1)]);
        assert_eq!(hotspots.take(0.1), Some(Hot { blocks: 1, hottest: Some((BlockId(1), 1.0)) }));
    }
}
