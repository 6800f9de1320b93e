//! Families that requests are seen to begin with, so that a picture can give each a colour of its
//! own: docs/metrics.md, "Families as they are seen".
//!
//! Three bytes a block, its uses and the family it was last used in, and O(len) a request.

use std::collections::BTreeMap;

use crate::columns::Kept;
use crate::model::BlockId;

/// Families that are told apart; the blocks of all others are of none.
pub const MOST_FAMILIES: usize = 7;

/// Uses before which nothing is a family: the first requests of a trace are each 1 % of them.
const LEAST_USES: u32 = 20;

/// A family has at least one request of so many.
const PART: u64 = 100;

/// The families seen so far, in the order in which they came to be.
#[derive(Clone, Debug, Default)]
pub struct Families {
    roots: Vec<BlockId>,
    /// Requests of each.
    requests: Vec<u64>,
    /// By block, requests that entered; at the most, the number stands in `many`.
    uses: Vec<u16>,
    /// Uses of the few blocks that have at least `u16::MAX`.
    many: BTreeMap<BlockId, u32>,
    /// By block, the family at the last use, from 1; 0 is none.
    family: Vec<u8>,
    placed: u64,
}

impl Families {
    /// A request with these blocks was placed. Returns its family, from 1: the innermost one on
    /// its way; 0 is none.
    pub(super) fn push(&mut self, blocks: &[BlockId]) -> u8 {
        self.placed += 1;
        let (mut family, mut above) = (0, None);
        let mut left = blocks;
        while let [block, behind @ ..] = left {
            let (block, at) = (*block, block.index());
            if self.uses.len() <= at {
                left = self.see(left, family);
                above = Some(1);
                continue;
            }
            left = behind;
            let (uses, before) = (self.count(block), self.family[at]);
            if before > 0 && self.roots[usize::from(before) - 1] == block {
                family = before;
            } else if self.is_family(uses, above) {
                self.roots.push(block);
                self.requests.push(0);
                family = self.roots.len() as u8;
            }
            self.family[at] = family;
            above = Some(uses);
        }
        if family > 0 {
            self.requests[usize::from(family) - 1] += 1;
        }
        family
    }

    /// Takes in the first use of the first of `blocks` and of those that follow it in number, which
    /// are beyond all that were seen: none of these becomes a family. Returns what is left.
    fn see<'a>(&mut self, blocks: &'a [BlockId], family: u8) -> &'a [BlockId] {
        const { assert!(1 < LEAST_USES) };
        let numbers = (blocks[0].0..).map(BlockId);
        let new = blocks.iter().zip(numbers).take_while(|(block, number)| *block == number).count();
        let first = blocks[0].index();
        self.uses.resize(first, 0);
        self.family.resize(first, 0);
        self.uses.resize(first + new, 1);
        self.family.resize(first + new, family);
        &blocks[new..]
    }

    /// Counts another use of a block that has been seen, and returns how many it has.
    fn count(&mut self, block: BlockId) -> u32 {
        let uses = &mut self.uses[block.index()];
        if *uses < u16::MAX - 1 {
            *uses += 1;
            return u32::from(*uses);
        }
        *uses = u16::MAX;
        let many = self.many.entry(block).or_insert(u32::from(u16::MAX) - 1);
        *many = many.saturating_add(1);
        *many
    }

    /// Whether a block that is no family's root becomes one: its parent has so many uses.
    fn is_family(&self, uses: u32, above: Option<u32>) -> bool {
        self.roots.len() < MOST_FAMILIES
            && LEAST_USES <= uses
            && self.placed <= u64::from(uses) * PART
            && above.is_none_or(|above| u64::from(uses) * 2 <= u64::from(above))
    }

    /// The family in which a block was last used, from 1; 0 is none.
    #[inline]
    pub fn of(&self, block: BlockId) -> u8 {
        self.family.get(block.index()).copied().unwrap_or(0)
    }

    /// The root of each, and its requests since it came to be.
    pub fn roots(&self) -> impl Iterator<Item = (BlockId, u64)> {
        self.roots.iter().copied().zip(self.requests.iter().copied())
    }

    /// Requests placed since the start, those that came back from killed nodes counted again: what
    /// the requests of families are a part of.
    pub fn placed(&self) -> u64 {
        self.placed
    }

    /// The roots are remembered by name: a family does not end.
    pub(super) fn keep_names(&self, kept: &mut Kept) {
        self.roots.iter().for_each(|&root| kept.keep(root));
    }

    /// Names that are not kept may be given to other blocks, of which nothing has been seen.
    pub(super) fn forget(&mut self, kept: &Kept) {
        for (number, (uses, family)) in (0..).zip(self.uses.iter_mut().zip(&mut self.family)) {
            if !kept.contains(BlockId(number)) {
                (*uses, *family) = (0, 0);
            }
        }
        self.many.retain(|&block, _| kept.contains(block));
    }

    /// Recounts what is told of each block.
    ///
    /// # Panics
    /// If anything disagrees.
    pub(super) fn validate(&self) {
        assert!(self.roots.len() <= MOST_FAMILIES);
        assert_eq!(self.roots.len(), self.requests.len());
        for (at, root) in self.roots.iter().enumerate() {
            assert_eq!(usize::from(self.of(*root)), at + 1, "a root is of its own family");
        }
        assert!(self.requests.iter().sum::<u64>() <= self.placed);
        let most = self.uses.iter().filter(|&&uses| uses == u16::MAX).count();
        assert_eq!(most, self.many.len(), "what has many uses is counted apart");
        assert!(self.many.values().all(|&uses| uses >= u32::from(u16::MAX)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    fn blocks(numbers: &[u32]) -> Vec<BlockId> {
        numbers.iter().map(|&number| BlockId(number)).collect()
    }

    #[test]
    fn what_many_requests_begin_with_is_a_family_and_an_inner_one_has_half_at_most() {
        let mut families = Families::default();
        let found: Vec<u8> = (0..100)
            .map(|i| {
                // All begin with 0; one of four goes on with 1, and every one ends on its own.
                let path = if i % 4 == 0 { vec![0, 1, 1000 + i] } else { vec![0, 1000 + i] };
                families.push(&blocks(&path))
            })
            .collect();
        // Its 20th use makes 0 a family, and the 20th of 1, of 77 of 0, another inside it.
        assert_eq!(found.iter().position(|&it| it == 1), Some(19));
        assert_eq!(found.iter().position(|&it| it == 2), Some(76));
        assert_eq!([families.of(BlockId(0)), families.of(BlockId(1))], [1, 2]);
        assert_eq!(families.of(BlockId(1076)), 2, "what lies below belongs to it");
        assert_eq!(families.of(BlockId(1075)), 1);
        assert_eq!(families.of(BlockId(1000)), 0, "before it was one, it was none");
        assert_eq!(families.roots().collect::<Vec<_>>(), [(BlockId(0), 75), (BlockId(1), 6)]);
        families.validate();
    }

    #[test]
    fn there_are_seven_at_most_and_what_is_rare_is_none() {
        let mut families = Families::default();
        for round in 0..40 {
            for root in 0..9 {
                families.push(&blocks(&[root, 100 + round]));
            }
        }
        assert_eq!(families.roots().count(), MOST_FAMILIES);
        assert_eq!(families.of(BlockId(8)), 0);
        let mut rare = Families::default();
        for i in 0..4000 {
            rare.push(&blocks(&[if i % 110 == 0 { 1 } else { 1000 + i }]));
        }
        assert_eq!(rare.roots().count(), 0, "37 of 4,000 are less than 1 %");
    }

    #[test]
    fn exactly_one_percent_and_exactly_half_are_enough() {
        let mut rare = Families::default();
        for i in 0..2000 {
            rare.push(&blocks(&[if i % 100 == 99 { 1 } else { 1000 + i }]));
        }
        assert_eq!(rare.roots().map(|(root, _)| root.0).collect::<Vec<_>>(), [1], "20 of 2,000");
        let mut half = Families::default();
        let path = |i: u32| if i % 2 == 1 { vec![0, 1] } else { vec![0, 100 + i] };
        let found: Vec<u8> = (0..50).map(|i| half.push(&blocks(&path(i)))).collect();
        assert_eq!(found.iter().position(|&it| it == 2), Some(39), "20 uses of the parent's 40");
        assert_eq!((found[48], found[49]), (1, 2), "the innermost on the way");
    }

    #[test]
    fn uses_are_counted_like_in_a_map_whatever_the_order_of_first_uses() {
        for round in 0..20 {
            let mut stream = Stream::new(round, "families", 0);
            let (mut families, mut uses) = (Families::default(), BTreeMap::<u32, u16>::new());
            for _ in 0..40 {
                let (mut path, mut block) = (Vec::new(), stream.below(200) as u32);
                for _ in 0..stream.below(40) {
                    path.push(block);
                    *uses.entry(block).or_default() += 1;
                    block += 1 + stream.below(8).saturating_sub(6) as u32;
                }
                families.push(&blocks(&path));
                let all = (0..).zip(&families.uses).filter(|&(_, &uses)| uses > 0);
                assert!(all.map(|(block, &uses)| (block, uses)).eq(uses.clone()), "{path:?}");
                assert_eq!(families.uses.len(), families.family.len());
            }
        }
    }

    #[test]
    fn a_name_that_is_given_again_is_a_block_never_seen() {
        let mut families = Families::default();
        for i in 0..30 {
            families.push(&blocks(&[0, 10 + i]));
        }
        let mut kept = Kept::default();
        families.keep_names(&mut kept);
        families.forget(&kept);
        assert_eq!([families.of(BlockId(0)), families.of(BlockId(35))], [1, 0]);
        assert_eq!(families.push(&blocks(&[35])), 0);
        // Nor is it as good as a family for what the block before it was used.
        for _ in 0..19 {
            families.push(&blocks(&[50]));
        }
        families.forget(&kept);
        assert_eq!(families.push(&blocks(&[50])), 0);
        families.validate();
    }

    #[test]
    fn no_number_of_uses_is_too_large() {
        let mut families = Families::default();
        families.push(&blocks(&[0, 1]));
        for uses in 2..70_000 {
            assert_eq!(families.count(BlockId(1)), uses);
        }
        families.validate();
        assert_eq!(families.count(BlockId(0)), 2);
    }

    #[test]
    fn a_name_that_is_given_back_has_no_uses() {
        let mut families = Families::default();
        families.push(&blocks(&[0, 1]));
        for _ in 0..70_000 {
            families.count(BlockId(1));
        }
        families.forget(&Kept::default());
        families.validate();
        assert_eq!(families.count(BlockId(1)), 1);
    }
}
