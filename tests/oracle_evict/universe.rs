//! Small tries of blocks, and what may happen to a cache of them.

use kvscope::model::BlockId;
use kvscope::rng::Stream;

/// Blocks, each with the one before it; a parent has a smaller id.
#[derive(Clone, Debug)]
pub(crate) struct Trie {
    parents: Vec<BlockId>,
}

/// Something that happens to one node's cache. A block stands for the path to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// A request is served here.
    Serve(BlockId),
    /// A request is served on another node.
    ServeElsewhere(BlockId),
    /// A block migrates here.
    Adopt(BlockId),
    /// A block migrates away.
    Release(BlockId),
}

impl Trie {
    /// Blocks 0, 1, ... with these parents; `None` for a first block.
    pub(crate) fn new(parents: &[Option<u32>]) -> Self {
        let name = |parent: &Option<u32>| parent.map_or(BlockId::NONE, BlockId);
        Self { parents: parents.iter().map(name).collect() }
    }

    /// Blocks that do not belong together.
    pub(crate) fn singles(count: usize) -> Self {
        Self { parents: vec![BlockId::NONE; count] }
    }

    /// Some trie of `count` blocks.
    pub(crate) fn random(count: u64, stream: &mut Stream) -> Self {
        let mut parent = |block: u64| match stream.below(block + 2) {
            parent if parent < block => BlockId(parent as u32),
            _ => BlockId::NONE,
        };
        Self { parents: (0..count).map(&mut parent).collect() }
    }

    /// A trie in which most blocks follow the one before.
    pub(crate) fn chains(count: u64, stream: &mut Stream) -> Self {
        let mut parent = |block: u64| match (block, stream.below(24)) {
            (0, _) | (_, 0) => BlockId::NONE,
            (_, 1) => BlockId(stream.below(block) as u32),
            _ => BlockId(block as u32 - 1),
        };
        Self { parents: (0..count).map(&mut parent).collect() }
    }

    /// Every block.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = BlockId> {
        (0..self.parents.len() as u32).map(BlockId)
    }

    /// The block before `block`.
    pub(crate) fn parent(&self, block: BlockId) -> BlockId {
        self.parents[block.index()]
    }

    /// The request that ends with `block`.
    pub(crate) fn path(&self, block: BlockId) -> Vec<BlockId> {
        let next = |&block: &BlockId| Some(self.parent(block)).filter(|&it| it != BlockId::NONE);
        let mut path: Vec<_> = std::iter::successors(Some(block), next).collect();
        path.reverse();
        path
    }

    /// Mostly requests, sometimes migrations.
    pub(crate) fn random_ops(&self, count: usize, stream: &mut Stream) -> Vec<Op> {
        let mut op = || {
            let block = BlockId(stream.below(self.parents.len() as u64) as u32);
            match stream.below(20) {
                0..16 => Op::Serve(block),
                16 => Op::ServeElsewhere(block),
                17 => Op::Adopt(block),
                _ => Op::Release(block),
            }
        };
        (0..count).map(|_| op()).collect()
    }
}

/// Calls `run` with every sequence of `length` operations out of `alphabet`.
pub(crate) fn every_sequence(alphabet: &[Op], length: u32, mut run: impl FnMut(&[Op])) {
    let mut ops = Vec::new();
    for number in 0..alphabet.len().pow(length) {
        ops.clear();
        let mut rest = number;
        for _ in 0..length {
            ops.push(alphabet[rest % alphabet.len()]);
            rest /= alphabet.len();
        }
        run(&ops);
    }
}
