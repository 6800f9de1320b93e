//! A cache as docs/metrics.md describes the insertion disciplines: one list, oldest first.

use std::collections::{BTreeMap, BTreeSet};

/// Which block goes, and who may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Discipline {
    FlatFifo,
    FlatLru,
    TreeLru,
}

/// What one node holds, and what became of the blocks it was given.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    discipline: Discipline,
    capacity: usize,
    order: Vec<u32>,
    /// Evicted, and not had again since.
    gone: BTreeSet<u32>,
    pub(crate) hits: u64,
    pub(crate) evictions: u64,
    pub(crate) rewanted: u64,
    pub(crate) refused: u64,
}

/// The block before each block; a block has one, because it names a prefix.
pub(crate) type Parents = BTreeMap<u32, u32>;

impl Cache {
    pub(crate) fn new(discipline: Discipline, capacity: usize) -> Self {
        let (order, gone) = (Vec::new(), BTreeSet::new());
        Self { discipline, capacity, order, gone, hits: 0, evictions: 0, rewanted: 0, refused: 0 }
    }

    pub(crate) fn has(&self, block: u32) -> bool {
        self.order.contains(&block)
    }

    /// The node loses what it holds; returns how much that was. What it has evicted it still has.
    pub(crate) fn lose(&mut self) -> u64 {
        let lost = self.order.len() as u64;
        self.order.clear();
        lost
    }

    /// Drops a block; returns how many that were.
    pub(crate) fn forget(&mut self, block: u32) -> u64 {
        let before = self.order.len();
        self.order.retain(|&other| other != block);
        (before - self.order.len()) as u64
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// Leading blocks that are here.
    pub(crate) fn matched(&self, blocks: &[u32]) -> usize {
        blocks.iter().take_while(|&&block| self.has(block)).count()
    }

    /// Blocks here without an ancestor that is here, somewhere above them.
    pub(crate) fn stranded(&self, parents: &Parents) -> u64 {
        let reachable = |&block: &u32| {
            let mut above = parents.get(&block);
            while let Some(block) = above {
                if !self.has(*block) {
                    return false;
                }
                above = parents.get(block);
            }
            true
        };
        self.order.iter().filter(|block| !reachable(block)).count() as u64
    }

    /// Touches or inserts a request's blocks, root first; returns how many were there.
    pub(crate) fn serve(&mut self, blocks: &[u32], parents: &Parents) -> u64 {
        let before = self.hits;
        let tree = self.discipline == Discipline::TreeLru;
        let pinned: Vec<u32> = blocks.iter().copied().filter(|&block| self.has(block)).collect();
        let mut stopped = false;
        for &block in blocks {
            if self.has(block) {
                self.hits += 1;
                self.touch(block);
                continue;
            }
            if !stopped && self.order.len() == self.capacity {
                let goes = |victim: &u32| {
                    let parent_of_one = |other| parents.get(other) == Some(victim);
                    !tree || !pinned.contains(victim) && !self.order.iter().any(parent_of_one)
                };
                match self.order.iter().position(goes) {
                    Some(victim) => self.evict(victim),
                    None => stopped = true,
                }
            }
            let orphan = parents.get(&block).is_some_and(|&parent| !self.has(parent));
            stopped |= tree && orphan;
            if stopped {
                self.refused += 1;
            } else {
                self.order.push(block);
                self.rewanted += u64::from(self.gone.remove(&block));
            }
        }
        self.hits - before
    }

    fn touch(&mut self, block: u32) {
        if self.discipline != Discipline::FlatFifo {
            self.order.retain(|&other| other != block);
            self.order.push(block);
        }
    }

    fn evict(&mut self, at: usize) {
        let victim = self.order.remove(at);
        self.gone.insert(victim);
        self.evictions += 1;
    }
}
