//! A consistent-hashing ring, and the keys that requests are hashed by.

use crate::columns::order;
use crate::model::BlockId;

/// Points of all nodes on a circle of 64-bit hashes.
#[derive(Clone, Debug)]
pub struct Ring {
    points: Vec<(u64, u16)>,
}

impl Ring {
    /// With `replicas` points a node.
    pub fn new(nodes: usize, replicas: u32) -> Self {
        let place = |node: u64, replica: u64| mix(mix(node + 1).wrapping_add(replica));
        let of_node = |node: usize| {
            (0..u64::from(replicas)).map(move |replica| (place(node as u64, replica), node as u16))
        };
        let mut points: Vec<(u64, u16)> = (0..nodes).flat_map(of_node).collect();
        order::sort_by(&mut points, Ord::cmp);
        Self { points }
    }

    /// The nodes met walking once around from `key`; a node comes up once for each of its
    /// points. O(log points) to the first.
    pub fn walk(&self, key: u64) -> impl Iterator<Item = usize> + '_ {
        let start = self.points.partition_point(|point| point.0 < key);
        let (before, after) = self.points.split_at(start);
        after.iter().chain(before).map(|point| usize::from(point.1))
    }
}

/// Scatters a number over all 64 bits (the finaliser of SplitMix64).
pub fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A key for the first `count` blocks of a request, fewer where it is shorter. A block's name
/// includes its ancestors, so the last of them stands for all.
pub fn lead(blocks: &[BlockId], count: usize) -> u64 {
    let last = blocks[..count.min(blocks.len())].last();
    mix(last.map_or(0, |block| u64::from(block.0) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_meets_every_point_once_and_starts_alike_for_all_nodes() {
        let ring = Ring::new(8, 256);
        assert_eq!(ring.walk(42).count(), 8 * 256);
        let mut first = [0; 8];
        for key in 0..8000 {
            first[ring.walk(mix(key)).next().expect("a node")] += 1;
        }
        assert!(first.iter().all(|&count| 700 < count && count < 1300), "{first:?}");
    }

    #[test]
    fn losing_a_node_moves_only_its_own_keys() {
        let (before, after) = (Ring::new(8, 64), Ring::new(7, 64));
        for key in (0..1000).map(mix) {
            let was = before.walk(key).next().expect("a node");
            assert!(was == 7 || after.walk(key).next() == Some(was));
        }
    }

    #[test]
    fn the_lead_is_the_same_for_requests_that_begin_alike() {
        let blocks: Vec<BlockId> = [4, 5, 6].map(BlockId).to_vec();
        assert_eq!(lead(&blocks, 2), lead(&blocks[..2], 9));
        assert_ne!(lead(&blocks, 2), lead(&blocks, 3));
        assert_eq!(lead(&[], 2), mix(0));
    }
}
