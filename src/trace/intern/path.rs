//! A hash of a block's path, which outlives its number.

use super::{Interner, KIND, ROOTS, RawId, TEXT};
use crate::model::BlockId;

/// What the paths of a scope begin with: those of no scope begin with 0.
const SCOPE: u64 = 0x5c09_e5c0_9e5c_09e5;

impl Interner {
    /// The hash of the path that ends with `block`, whose parent's is `before` (0 for a first
    /// block). It depends on the raw ids of the path and their scope alone: a block whose name was
    /// given back has it again when it comes again. O(length of the raw id).
    ///
    /// # Panics
    /// If this interner did not name `block`.
    pub fn path_hash(&self, before: u64, block: BlockId) -> u64 {
        let node = self.named(block.0);
        match &self.roots {
            Some(roots) if node.key & KIND == TEXT && node.raw & (ROOTS | 1 << 63) == ROOTS => {
                let root = BlockId(node.raw as u32);
                let scope = roots.parent_of(root);
                let scope = of_raw(SCOPE, roots.raw_of(scope));
                of_raw(scope, roots.raw_of(root))
            }
            _ => of_raw(before, self.raw_of(block)),
        }
    }
}

fn of_raw(before: u64, raw: RawId<'_>) -> u64 {
    // A kind has a constant of its own, so that 7, −7 and "seven" are three.
    match raw {
        RawId::Number(number) => mix(before, number),
        RawId::Negative(number) => mix(mix(before, 1), number as u64),
        RawId::Hex(hex) => mix(mix(before, 3 + u64::from(hex.bare)), hex.value),
        RawId::Text(text) => {
            let start = mix(mix(before, 2), text.len() as u64);
            text.as_bytes().chunks(8).fold(start, |hash, part| {
                let mut bytes = [0; 8];
                bytes[..part.len()].copy_from_slice(part);
                mix(hash, u64::from_le_bytes(bytes))
            })
        }
    }
}

/// Steele, Lea and Flood's finalizer (SplitMix64, OOPSLA 2014) over both.
fn mix(before: u64, more: u64) -> u64 {
    let mut hash = before.rotate_left(25).wrapping_add(0x9e37_79b9_7f4a_7c15) ^ more;
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::Kept;

    fn hash(names: &mut Interner, raws: &[RawId<'_>], scope: Option<u32>) -> u64 {
        let (mut parent, mut hash) = (BlockId::NONE, 0);
        for &raw in raws {
            let block = match scope {
                Some(scope) if parent == BlockId::NONE => names.first_in(scope, raw),
                _ => names.child(parent, raw),
            };
            hash = names.path_hash(hash, block);
            parent = block;
        }
        hash
    }

    #[test]
    fn it_is_of_the_whole_path_and_stays_when_names_are_given_back() {
        let names = &mut Interner::new();
        let (one, two) = (RawId::Number(1), RawId::Number(2));
        let paths: [(&[RawId<'_>], Option<u32>); 12] = [
            (&[one], None),
            (&[two], None),
            (&[one, two], None),
            (&[two, one], None),
            (&[RawId::Negative(-1)], None),
            (&[RawId::Text("1a")], None),
            (&[RawId::Text("0xc000000000000001")], None),
            (&[RawId::Text("4000000000000001")], None),
            (&[RawId::Text("c000000000000001")], Some(1)),
            (&[RawId::Text("1a\0")], None),
            (&[one, two], Some(1)),
            (&[one, two], Some(2)),
        ];
        let first: Vec<u64> = paths.iter().map(|(raws, scope)| hash(names, raws, *scope)).collect();
        let mut distinct = first.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), paths.len());
        names.reclaim(&Kept::default());
        assert_eq!(names.len(), 0);
        for ((raws, scope), want) in paths.iter().zip(&first).rev() {
            assert_eq!(hash(names, raws, *scope), *want);
        }
    }
}
