//! Block names: (parent block, raw id) to dense [`BlockId`]s, exactly.
//!
//! Naming a block by its parent as well makes ids that are content hashes and ids that are
//! prefix hashes both correct. Cost: a block whose number keeps step with its name, or that its
//! parent saw first, needs no hashing, any other one probe of an open-addressing table; a bit per
//! block in step and 4 bytes per run of these, 16 bytes per other block, plus 4 to 16 for each of
//! them that is not its parent's first child.

use super::{Log, RawRequest};
use crate::model::{BlockId, Request};
use std::fmt;

mod even;
mod hex;
mod path;
mod reclaim;
mod runs;
mod text;

use even::Even;
pub use hex::Hex;
use reclaim::Free;
use text::TextTable;

/// What an id is: these bits of [`Node::key`], none of which is set where it is a number from 0 on.
const KIND: u32 = 3 << 30;
/// The id is below [`ROOTS`] a text's number, from there on the number of a scoped root, and with
/// the top bit set a number below 0.
const TEXT: u32 = 1 << 30;
/// The id is the value of a [`Hex`], behind `0x` or bare.
const HEX: u32 = 2 << 30;
const BARE_HEX: u32 = 3 << 30;
const ROOTS: u64 = 1 << 62;
/// No node: the parent of a first block, the child of a leaf, an empty slot. All the bits of a
/// parent are set.
const NONE: u32 = !KIND;

/// A block's id as the trace has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RawId<'a> {
    /// A number, also when it was written as a string of decimal digits.
    Number(u64),
    /// A number below 0.
    Negative(i64),
    /// A string of sixteen lower-case hex digits, behind `0x` or not.
    Hex(Hex),
    /// Any other string: base64, a name. Compared byte by byte.
    Text(&'a str),
}

impl fmt::Display for RawId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Negative(number) => number.fmt(f),
            Self::Hex(hex) => hex.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The id, or what [`TEXT`] says of it.
    raw: u64,
    /// Parent, and what `raw` is.
    key: u32,
    /// The child that was seen first: found without the table.
    first_child: u32,
}

/// Numbers the blocks of a trace in order of first appearance.
#[derive(Clone, Debug)]
pub struct Interner {
    /// The leading blocks, as long as their numbers keep step with their names: nothing below knows
    /// of these but `follows`.
    even: Even,
    /// The others, from the first on that was out of step.
    nodes: Vec<Node>,
    root_child: u32,
    /// By block, a bit: it is a number, that of the block numbered before it plus 1, and that
    /// block is its parent.
    follows: Vec<u64>,
    /// Blocks that are not their parent's first child; a power of two of slots, at most half
    /// of them used.
    slots: Vec<u32>,
    used: usize,
    texts: TextTable,
    /// First blocks whose ids belong to a scope: scopes, and ids behind them.
    roots: Option<Box<Interner>>,
    /// Numbers that were given back, for the blocks that come next.
    free: Free,
}

impl Default for Interner {
    fn default() -> Self {
        Self::new()
    }
}

impl Interner {
    /// The most distinct blocks one trace may have: about a billion.
    pub const MAX_BLOCKS: usize = NONE as usize;

    /// An interner that has seen nothing.
    pub fn new() -> Self {
        Self {
            even: Even::default(),
            nodes: Vec::new(),
            root_child: NONE,
            follows: Vec::new(),
            slots: Vec::new(),
            used: 0,
            texts: TextTable::default(),
            roots: None,
            free: Free::default(),
        }
    }

    /// How many distinct blocks were seen and not given back.
    pub fn len(&self) -> usize {
        self.bound() - self.free.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All numbers given so far are below this one.
    pub fn bound(&self) -> usize {
        self.even.len() as usize + self.nodes.len()
    }

    /// How many more distinct blocks fit.
    pub fn room(&self) -> usize {
        Self::MAX_BLOCKS - self.len()
    }

    /// The block that precedes `block`; [`BlockId::NONE`] for a first block.
    ///
    /// # Panics
    /// If this interner did not name `block`.
    pub fn parent_of(&self, block: BlockId) -> BlockId {
        match self.named(block.0).key & NONE {
            NONE => BlockId::NONE,
            parent => BlockId(parent),
        }
    }

    /// The id that the trace gives `block`.
    ///
    /// # Panics
    /// If this interner did not name `block`.
    pub fn raw_of(&self, block: BlockId) -> RawId<'_> {
        let node = self.named(block.0);
        match (node.key & KIND, &self.roots) {
            (0, _) => RawId::Number(node.raw),
            (HEX, _) => RawId::Hex(Hex { value: node.raw, bare: false }),
            (BARE_HEX, _) => RawId::Hex(Hex { value: node.raw, bare: true }),
            _ if (node.raw as i64) < 0 => RawId::Negative(node.raw as i64),
            (_, Some(roots)) if node.raw >= ROOTS => roots.raw_of(BlockId(node.raw as u32)),
            _ => RawId::Text(self.texts.get(node.raw as u32)),
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
            RawId::Number(number) => match self.name_next(parent, number, 1) {
                Some(new) => new.start,
                None => self.number(parent, number),
            },
            RawId::Negative(number) => self.node(parent, TEXT, number as u64),
            RawId::Hex(hex) => self.hex(parent, hex),
            RawId::Text(text) => match Hex::of(text.as_bytes()) {
                Some(hex) => self.hex(parent, hex),
                None => self.text(parent, text),
            },
        })
    }

    /// The first block named `raw` in a scope: another one than that of any other scope, and
    /// than the one that [`child`](Self::child) names. Amortised O(1).
    ///
    /// The caller guarantees room as for `child`.
    pub fn first_in(&mut self, scope: u32, raw: RawId<'_>) -> BlockId {
        let roots = self.roots.get_or_insert_default();
        let scope = roots.child(BlockId::NONE, RawId::Number(u64::from(scope)));
        let root = roots.child(scope, raw);
        BlockId(self.node(NONE, TEXT, ROOTS + u64::from(root.0)))
    }

    /// The block named `raw` that begins a path in a scope of its own, if it was seen.
    pub fn find_first_in(&self, scope: u32, raw: RawId<'_>) -> Option<BlockId> {
        let roots = self.roots.as_ref()?;
        let scope = roots.find(BlockId::NONE, RawId::Number(u64::from(scope)))?;
        let root = roots.find(scope, raw)?;
        self.find_key(NONE | TEXT, ROOTS + u64::from(root.0))
    }

    /// The block named `raw` behind `parent`, if it was seen.
    pub fn find(&self, parent: BlockId, raw: RawId<'_>) -> Option<BlockId> {
        let parent = if parent == BlockId::NONE { NONE } else { parent.0 };
        let (kind, raw) = match raw {
            RawId::Number(number) => (0, number),
            RawId::Negative(number) => (TEXT, number as u64),
            RawId::Hex(hex) => (hex.kind(), hex.value),
            RawId::Text(text) => match Hex::of(text.as_bytes()) {
                Some(hex) => (hex.kind(), hex.value),
                None => (TEXT, u64::from(self.texts.find(text)?)),
            },
        };
        self.find_key(parent | kind, raw)
    }

    fn find_key(&self, key: u32, raw: u64) -> Option<BlockId> {
        let (parent, is_number) = (key & NONE, key & KIND == 0);
        if is_number && let Some(id) = self.even.find(&self.follows, parent, raw) {
            return Some(BlockId(id));
        }
        match self.first_child(parent) {
            Some(NONE) => return None,
            Some(first) if self.is(first, key, raw) => return Some(BlockId(first)),
            _ => {}
        }
        if self.slots.is_empty() {
            return None;
        }
        let mut slot = self.slot_of(key, raw);
        loop {
            match self.slots[slot] {
                NONE => return None,
                id if self.is(id, key, raw) => return Some(BlockId(id)),
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
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

    /// What block `id` is.
    #[inline]
    fn named(&self, id: u32) -> Node {
        match id.checked_sub(self.even.len()) {
            Some(at) => self.nodes[at as usize],
            None => {
                let (raw, parent) = (self.even.raw(id), self.even.parent(&self.follows, id));
                Node { raw, key: parent, first_child: NONE }
            }
        }
    }

    /// The node of block `id`; `None` for one that is in step, and if there is no such block.
    #[inline(always)]
    fn node_of(&self, id: u32) -> Option<&Node> {
        self.nodes.get(id.wrapping_sub(self.even.len()) as usize)
    }

    /// The child of `parent` that was seen first, of those out of step; `None` where there is no
    /// place for one, and all children of that parent are in the table.
    #[inline]
    fn first_child(&self, parent: u32) -> Option<u32> {
        match parent {
            NONE => Some(self.root_child),
            _ => self.node_of(parent).map(|node| node.first_child),
        }
    }

    /// Says that `id` is the first child of `parent`, which has a place for one.
    fn set_first_child(&mut self, parent: u32, id: u32) {
        match parent {
            NONE => self.root_child = id,
            _ => self.nodes[(parent - self.even.len()) as usize].first_child = id,
        }
    }

    /// The block behind `parent` that is not in step, numbered now if it is new.
    fn node(&mut self, parent: u32, kind: u32, raw: u64) -> u32 {
        let key = parent | kind;
        match self.first_child(parent) {
            Some(NONE) => {
                let id = self.append(key, raw);
                self.set_first_child(parent, id);
                return id;
            }
            Some(first) if self.is(first, key, raw) => return first,
            _ => {}
        }
        self.make_room();
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

    /// Enters a block that is not its parent's first child, and not there, into the table.
    fn enter(&mut self, id: u32, key: u32, raw: u64) {
        self.make_room();
        let mut slot = self.slot_of(key, raw);
        while self.slots[slot] != NONE {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = id;
        self.used += 1;
    }

    /// Whether block `id`, which is not in step, is this one.
    #[inline]
    fn is(&self, id: u32, key: u32, raw: u64) -> bool {
        self.node_of(id).is_some_and(|node| node.raw == raw && node.key == key)
    }

    fn append(&mut self, key: u32, raw: u64) -> u32 {
        assert!(self.room() > 0, "{} distinct blocks: no room for more", self.bound());
        let given_back = self.free.take();
        let id = given_back.unwrap_or(self.bound() as u32);
        let follows = id.checked_sub(1) == Some(key) && {
            let before = self.named(key);
            before.key & KIND == 0 && raw == before.raw.wrapping_add(1)
        };
        let (word, node) = (id as usize / 64, Node { raw, key, first_child: NONE });
        if self.follows.len() == word {
            self.follows.push(0);
        }
        self.follows[word] |= u64::from(follows) << (id % 64);
        match given_back {
            Some(id) => self.nodes[(id - self.even.len()) as usize] = node,
            None => self.nodes.push(node),
        }
        id
    }

    /// Where the search for a block starts. `slots` is not empty.
    fn slot_of(&self, key: u32, raw: u64) -> usize {
        let mixed = raw.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ u64::from(key).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.slots.len() - 1)
    }

    /// Sees to it that the table has room for one more.
    #[inline]
    fn make_room(&mut self) {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(64);
        for id in std::mem::replace(&mut self.slots, vec![NONE; slots]) {
            if id != NONE {
                let node = self.named(id);
                let mut slot = self.slot_of(node.key, node.raw);
                while self.slots[slot] != NONE {
                    slot = (slot + 1) & (slots - 1);
                }
                self.slots[slot] = id;
            }
        }
    }
}

#[cfg(test)]
mod tests;
