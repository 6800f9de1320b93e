//! Block names: (parent block, raw id) to dense [`BlockId`]s, exactly.
//!
//! Naming a block by its parent as well makes ids that are content hashes and ids that are
//! prefix hashes both correct. Cost: a block whose parent saw it first needs no hashing, any
//! other one probe of an open-addressing table; 16 bytes per block, plus 4 to 16 for each block
//! that is not its parent's first child.

use super::{Log, RawRequest};
use crate::model::{BlockId, Request};
use std::fmt;

mod text;

use text::TextTable;

/// Marks a node whose id is a text; the bit lies in [`Node::key`].
const TEXT: u32 = 1 << 31;
/// No node: the parent of a first block, the child of a leaf, an empty slot.
const NONE: u32 = TEXT - 1;

/// A block's id as the trace has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RawId<'a> {
    /// A number, also when it was written as a string of decimal digits.
    Number(u64),
    /// Any other string: hex, base64, a name. Compared byte by byte.
    Text(&'a str),
}

impl fmt::Display for RawId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The id, or the text's position in the text table.
    raw: u64,
    /// Parent, and whether `raw` names a text.
    key: u32,
    /// The child that was seen first: found without the table.
    first_child: u32,
}

/// Numbers the blocks of a trace in order of first appearance.
#[derive(Clone, Debug)]
pub struct Interner {
    nodes: Vec<Node>,
    root_child: u32,
    /// Blocks that are not their parent's first child; a power of two of slots, at most half
    /// of them used.
    slots: Vec<u32>,
    used: usize,
    texts: TextTable,
}

impl Default for Interner {
    fn default() -> Self {
        Self::new()
    }
}

impl Interner {
    /// The most distinct blocks one trace may have: about 2 billion.
    pub const MAX_BLOCKS: usize = NONE as usize;

    /// An interner that has seen nothing.
    pub fn new() -> Self {
        Self {
            nodes: Vec::new(),
            root_child: NONE,
            slots: Vec::new(),
            used: 0,
            texts: TextTable::default(),
        }
    }

    /// How many distinct blocks were seen.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether no block was seen.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many more distinct blocks fit.
    pub fn room(&self) -> usize {
        Self::MAX_BLOCKS - self.nodes.len()
    }

    /// Memory held, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
            + self.slots.capacity() * size_of::<u32>()
            + self.texts.memory_bytes()
    }

    /// The block that precedes `block`; [`BlockId::NONE`] for a first block.
    ///
    /// # Panics
    /// If this interner did not name `block`.
    pub fn parent_of(&self, block: BlockId) -> BlockId {
        match self.nodes[block.index()].key & !TEXT {
            NONE => BlockId::NONE,
            parent => BlockId(parent),
        }
    }

    /// The id that the trace gives `block`.
    ///
    /// # Panics
    /// If this interner did not name `block`.
    pub fn raw_of(&self, block: BlockId) -> RawId<'_> {
        let node = self.nodes[block.index()];
        if node.key & TEXT == 0 {
            RawId::Number(node.raw)
        } else {
            RawId::Text(self.texts.get(node.raw as u32))
        }
    }

    /// The block named `raw` behind `parent`, numbered now if it is new. Amortised O(1).
    ///
    /// The caller guarantees that `parent` is [`BlockId::NONE`] or came from this interner, and
    /// that there is [`room`](Self::room).
    ///
    /// # Panics
    /// If a guarantee is broken.
    pub fn child(&mut self, parent: BlockId, raw: RawId<'_>) -> BlockId {
        let parent = if parent == BlockId::NONE { NONE } else { parent.0 };
        BlockId(match raw {
            RawId::Number(number) => self.node(parent, 0, number),
            RawId::Text(text) => {
                let text = self.texts.intern(text);
                self.node(parent, TEXT, u64::from(text))
            }
        })
    }

    /// Names the `count` blocks `first`, `first + 1`, … one behind the other, appending them to
    /// `path`, whose last block (if any behind `start`) is the parent of the first.
    ///
    /// Same result as [`child`](Self::child) for each; a path that was seen before costs one
    /// load and one comparison per block.
    pub(super) fn extend_run(
        &mut self,
        path: &mut Vec<BlockId>,
        start: usize,
        first: u64,
        count: usize,
    ) {
        let mut parent = path[start..].last().map_or(NONE, |block| block.0);
        let mut next = self.first_child(parent);
        let mut raw = first;
        path.extend((0..count).map(|_| {
            let id = match self.nodes.get(next as usize) {
                Some(node) if node.raw == raw && node.key & TEXT == 0 => {
                    let id = next;
                    next = node.first_child;
                    id
                }
                _ => {
                    let id = self.node(parent, 0, raw);
                    next = self.nodes[id as usize].first_child;
                    id
                }
            };
            parent = id;
            raw = raw.wrapping_add(1);
            BlockId(id)
        }));
    }

    /// Appends a request that a workload made, under the number `index`.
    pub fn push_raw(&mut self, raw: &RawRequest, index: u32, out: &mut Log) {
        let request = Request {
            index,
            arrival_s: raw.timestamp_ms as f64 / 1e3,
            input_tokens: raw.input_tokens,
            output_tokens: raw.output_tokens,
            session: Request::NO_SESSION,
        };
        out.push_with(request, |path| {
            let start = path.len();
            for &id in &raw.hash_ids {
                self.extend_run(path, start, id, 1);
            }
        });
    }

    fn first_child(&self, parent: u32) -> u32 {
        if parent == NONE { self.root_child } else { self.nodes[parent as usize].first_child }
    }

    fn node(&mut self, parent: u32, kind: u32, raw: u64) -> u32 {
        let key = parent | kind;
        let first = self.first_child(parent);
        if first == NONE {
            let id = self.append(key, raw);
            if parent == NONE {
                self.root_child = id;
            } else {
                self.nodes[parent as usize].first_child = id;
            }
            return id;
        }
        if self.is(first, key, raw) {
            return first;
        }
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let mut slot = self.slot_of(key, raw);
        loop {
            match self.slots[slot] {
                NONE => break,
                id if self.is(id, key, raw) => return id,
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
        let id = self.append(key, raw);
        self.slots[slot] = id;
        self.used += 1;
        id
    }

    fn is(&self, id: u32, key: u32, raw: u64) -> bool {
        let node = self.nodes[id as usize];
        node.raw == raw && node.key == key
    }

    fn append(&mut self, key: u32, raw: u64) -> u32 {
        assert!(self.room() > 0, "{} distinct blocks: no room for more", self.nodes.len());
        let id = self.nodes.len() as u32;
        self.nodes.push(Node { raw, key, first_child: NONE });
        id
    }

    /// Where the search for a block starts. `slots` is not empty.
    fn slot_of(&self, key: u32, raw: u64) -> usize {
        let mixed = raw.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ u64::from(key).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(64);
        for id in std::mem::replace(&mut self.slots, vec![NONE; slots]) {
            if id != NONE {
                let node = self.nodes[id as usize];
                let mut slot = self.slot_of(node.key, node.raw);
                while self.slots[slot] != NONE {
                    slot = (slot + 1) & (slots - 1);
                }
                self.slots[slot] = id;
            }
        }
    }

    /// Recounts everything from scratch and panics at the first contradiction. O(blocks).
    pub fn validate(&self) {
        let mut firsts = 0;
        for (id, node) in (0_u32..).zip(&self.nodes) {
            let parent = node.key & !TEXT;
            assert!(parent == NONE || parent < id, "block {id} precedes its parent {parent}");
            if self.first_child(parent) == id {
                firsts += 1;
                continue;
            }
            let mut slot = self.slot_of(node.key, node.raw);
            while self.slots[slot] != id {
                assert_ne!(self.slots[slot], NONE, "block {id} is not in the table");
                slot = (slot + 1) & (self.slots.len() - 1);
            }
        }
        assert_eq!(firsts + self.used, self.nodes.len(), "each block is found in one way");
        assert!(self.used * 2 <= self.slots.len(), "at most half of the slots are used");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// A small generator, so that the tests need no crate: splitmix64.
    fn next(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    #[test]
    fn the_same_id_behind_another_parent_is_another_block() {
        let mut interner = Interner::new();
        let a = interner.child(BlockId::NONE, RawId::Number(7));
        let b = interner.child(a, RawId::Number(7));
        let c = interner.child(BlockId::NONE, RawId::Number(8));
        let d = interner.child(c, RawId::Number(7));
        assert_eq!([a, b, c, d].map(|block| block.0), [0, 1, 2, 3]);
        assert_eq!(interner.child(c, RawId::Number(7)), d);
        assert_eq!(interner.parent_of(d), c);
        assert_eq!(interner.parent_of(a), BlockId::NONE);
        assert_eq!(interner.raw_of(d), RawId::Number(7));
    }

    #[test]
    fn numbers_and_texts_are_never_confused() {
        let mut interner = Interner::new();
        let zero = interner.child(BlockId::NONE, RawId::Number(0));
        let text = interner.child(BlockId::NONE, RawId::Text("0x0"));
        let other = interner.child(BlockId::NONE, RawId::Text("0x00"));
        assert_eq!([zero, text, other].map(|block| block.0), [0, 1, 2]);
        let mut path = Vec::new();
        interner.extend_run(&mut path, 0, 0, 1);
        assert_eq!(path, [zero]);
        assert_eq!(interner.raw_of(other), RawId::Text("0x00"));
        interner.validate();
    }

    #[test]
    fn agrees_with_a_hash_map_over_random_paths() {
        for seed in 0..20 {
            let mut state = seed;
            let mut interner = Interner::new();
            let mut twin: HashMap<(u32, bool, u64), u32> = HashMap::new();
            for _ in 0..400 {
                let mut path = Vec::new();
                let mut parent = BlockId::NONE;
                for _ in 0..next(&mut state) % 12 {
                    let raw = [0, 1, 2, 3, u64::MAX][next(&mut state) as usize % 5];
                    let text = next(&mut state).is_multiple_of(4);
                    let new = twin.len() as u32;
                    let expected = *twin.entry((parent.0, text, raw)).or_insert(new);
                    let got = if text {
                        interner.child(parent, RawId::Text(&format!("x{raw}")))
                    } else {
                        interner.extend_run(&mut path, 0, raw, 1);
                        path[path.len() - 1]
                    };
                    assert_eq!(got.0, expected);
                    if text {
                        path.push(got);
                    }
                    parent = got;
                }
            }
            assert_eq!(interner.len(), twin.len());
            interner.validate();
        }
    }

    #[test]
    fn a_run_names_the_same_blocks_as_its_members_one_by_one() {
        let (mut runs, mut singles) = (Interner::new(), Interner::new());
        for (first, count) in [(0, 5), (3, 4), (0, 9), (u64::MAX - 1, 2), (0, 3)] {
            let mut path = vec![BlockId(9)];
            runs.extend_run(&mut path, 1, first, count);
            let mut parent = BlockId::NONE;
            for (k, block) in path[1..].iter().enumerate() {
                parent = singles.child(parent, RawId::Number(first + k as u64));
                assert_eq!(parent, *block);
            }
        }
    }
}
