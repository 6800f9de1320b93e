//! Twins of the policies that are made of queues: plain vectors, oldest first.

use super::naive::Twin;
use kvscope::evict::Access;
use kvscope::model::BlockId;

/// Takes `block` out of `queue`; whether it was there.
pub(crate) fn take(queue: &mut Vec<BlockId>, block: BlockId) -> bool {
    let before = queue.len();
    queue.retain(|&other| other != block);
    queue.len() < before
}

/// Moves `block` to the young end if `queue` has it; whether it has.
pub(crate) fn renew(queue: &mut Vec<BlockId>, block: BlockId) -> bool {
    let found = take(queue, block);
    if found {
        queue.push(block);
    }
    found
}

/// Adds a ghost to a list of at most `size`.
fn remember(ghosts: &mut Vec<BlockId>, block: BlockId, size: usize) {
    ghosts.push(block);
    if size < ghosts.len() {
        ghosts.remove(0);
    }
}

/// A queue whose blocks have a number each.
type Counted = Vec<(BlockId, u32)>;

fn count(queue: &mut Counted, block: BlockId) -> Option<&mut u32> {
    queue.iter_mut().find(|entry| entry.0 == block).map(|entry| &mut entry.1)
}

#[derive(Default)]
pub(crate) struct Clock(Counted);

impl Twin for Clock {
    fn hit(&mut self, access: &Access) {
        *count(&mut self.0, access.block).expect("resident") = 1;
    }

    fn insert(&mut self, access: &Access) {
        self.0.push((access.block, 0));
    }

    fn victim(&mut self, _eligible: &[BlockId], _incoming: &Access) -> Option<BlockId> {
        while self.0[0].1 == 1 {
            let (block, _) = self.0.remove(0);
            self.0.push((block, 0));
        }
        Some(self.0.remove(0).0)
    }

    fn leave(&mut self, block: BlockId) {
        self.0.retain(|entry| entry.0 != block);
    }
}

/// From the tail to the head, with the visited bit; the hand is a position.
#[derive(Default)]
pub(crate) struct Sieve {
    queue: Counted,
    hand: Option<usize>,
}

impl Sieve {
    /// Takes the block at `at` out; the hand keeps its block or moves to the newer neighbour.
    fn remove(&mut self, at: usize) -> BlockId {
        let (block, _) = self.queue.remove(at);
        self.hand = self.hand.map(|hand| if at < hand { hand - 1 } else { hand });
        self.hand = self.hand.filter(|&hand| hand < self.queue.len());
        block
    }
}

impl Twin for Sieve {
    fn hit(&mut self, access: &Access) {
        *count(&mut self.queue, access.block).expect("resident") = 1;
    }

    fn insert(&mut self, access: &Access) {
        self.queue.push((access.block, 0));
    }

    fn victim(&mut self, _eligible: &[BlockId], _incoming: &Access) -> Option<BlockId> {
        let mut hand = self.hand.unwrap_or(0);
        while self.queue[hand].1 == 1 {
            self.queue[hand].1 = 0;
            hand = (hand + 1) % self.queue.len();
        }
        self.hand = Some(hand);
        Some(self.remove(hand))
    }

    fn leave(&mut self, block: BlockId) {
        let at = self.queue.iter().position(|entry| entry.0 == block).expect("resident");
        self.remove(at);
    }
}

pub(crate) struct S3Fifo {
    small: Counted,
    main: Counted,
    ghosts: Vec<BlockId>,
    sizes: [usize; 3],
    to_main: bool,
}

impl S3Fifo {
    pub(crate) fn new(small: usize, main: usize, ghosts: usize) -> Self {
        let sizes = [small, main, ghosts];
        Self { small: vec![], main: vec![], ghosts: vec![], sizes, to_main: false }
    }
}

impl Twin for S3Fifo {
    fn hit(&mut self, access: &Access) {
        let uses = count(&mut self.small, access.block);
        *uses.or(count(&mut self.main, access.block)).expect("resident") += 1;
    }

    fn miss(&mut self, access: &Access) -> bool {
        self.to_main = take(&mut self.ghosts, access.block);
        self.to_main || 2 <= self.sizes[0]
    }

    fn insert(&mut self, access: &Access) {
        if self.to_main { &mut self.main } else { &mut self.small }.push((access.block, 0));
    }

    fn victim(&mut self, _eligible: &[BlockId], _incoming: &Access) -> Option<BlockId> {
        let main_first = self.sizes[1] < self.main.len();
        while !main_first && !self.small.is_empty() {
            let (block, uses) = self.small.remove(0);
            if uses < 2 {
                remember(&mut self.ghosts, block, self.sizes[2]);
                return Some(block);
            }
            self.main.push((block, 0));
        }
        loop {
            let (block, uses) = self.main.remove(0);
            match uses {
                0 => return Some(block),
                1..3 => self.main.push((block, uses - 1)),
                _ => self.main.push((block, 2)),
            }
        }
    }

    fn leave(&mut self, block: BlockId) {
        self.small.retain(|entry| entry.0 != block);
        self.main.retain(|entry| entry.0 != block);
    }
}

/// The lists of the paper under their names there.
pub(crate) struct Arc {
    c: usize,
    p: f64,
    t1: Vec<BlockId>,
    t2: Vec<BlockId>,
    b1: Vec<BlockId>,
    b2: Vec<BlockId>,
    /// Which ghost list had the missed block.
    found: Option<u32>,
}

impl Arc {
    pub(crate) fn new(c: usize) -> Self {
        Self { c, p: 0.0, t1: vec![], t2: vec![], b1: vec![], b2: vec![], found: None }
    }

    fn all(&self) -> usize {
        self.t1.len() + self.t2.len() + self.b1.len() + self.b2.len()
    }

    fn replace(&mut self) -> BlockId {
        let t1 = self.t1.len() as f64;
        let wanted = t1 > self.p || (t1 == self.p && self.found == Some(2));
        if (!self.t1.is_empty() && wanted) || self.t2.is_empty() {
            self.b1.push(self.t1.remove(0));
            self.b1[self.b1.len() - 1]
        } else {
            self.b2.push(self.t2.remove(0));
            self.b2[self.b2.len() - 1]
        }
    }
}

impl Twin for Arc {
    fn hit(&mut self, access: &Access) {
        take(&mut self.t1, access.block);
        take(&mut self.t2, access.block);
        self.t2.push(access.block);
    }

    fn miss(&mut self, access: &Access) -> bool {
        let (b1, b2) = (self.b1.len() as f64, self.b2.len() as f64);
        self.found = None;
        if take(&mut self.b1, access.block) {
            self.p = (self.p + if b2 > b1 { b2 / b1 } else { 1.0 }).min(self.c as f64);
            self.found = Some(1);
        } else if take(&mut self.b2, access.block) {
            self.p = (self.p - if b1 > b2 { b1 / b2 } else { 1.0 }).max(0.0);
            self.found = Some(2);
        }
        true
    }

    fn insert(&mut self, access: &Access) {
        if self.found.is_some() { &mut self.t2 } else { &mut self.t1 }.push(access.block);
        while self.c < self.t1.len() + self.b1.len() {
            self.b1.remove(0);
        }
        while 2 * self.c < self.all() {
            self.b2.remove(0);
        }
    }

    fn victim(&mut self, _eligible: &[BlockId], _incoming: &Access) -> Option<BlockId> {
        if self.found.is_none() {
            if self.t1.len() + self.b1.len() + 1 > self.c {
                if self.b1.is_empty() {
                    return Some(self.t1.remove(0));
                }
                self.b1.remove(0);
            } else if self.all() >= 2 * self.c && !self.b2.is_empty() {
                self.b2.remove(0);
            }
        }
        Some(self.replace())
    }

    fn leave(&mut self, block: BlockId) {
        take(&mut self.t1, block);
        take(&mut self.t2, block);
    }
}

pub(crate) struct TwoQ {
    a1in: Vec<BlockId>,
    a1out: Vec<BlockId>,
    am: Vec<BlockId>,
    kin: usize,
    kout: usize,
    to_am: bool,
}

impl TwoQ {
    pub(crate) fn new(kin: usize, kout: usize) -> Self {
        Self { a1in: vec![], a1out: vec![], am: vec![], kin, kout, to_am: false }
    }
}

impl Twin for TwoQ {
    fn hit(&mut self, access: &Access) {
        renew(&mut self.am, access.block);
    }

    fn miss(&mut self, access: &Access) -> bool {
        self.to_am = take(&mut self.a1out, access.block);
        self.kin > 0
    }

    fn insert(&mut self, access: &Access) {
        if self.to_am { &mut self.am } else { &mut self.a1in }.push(access.block);
    }

    fn victim(&mut self, _eligible: &[BlockId], _incoming: &Access) -> Option<BlockId> {
        if !self.am.is_empty() && self.a1in.len() <= self.kin {
            return Some(self.am.remove(0));
        }
        let block = self.a1in.remove(0);
        remember(&mut self.a1out, block, self.kout);
        Some(block)
    }

    fn leave(&mut self, block: BlockId) {
        take(&mut self.a1in, block);
        take(&mut self.am, block);
    }
}

pub(crate) struct Slru {
    pub(crate) probation: Vec<BlockId>,
    pub(crate) protected: Vec<BlockId>,
    size: usize,
}

impl Slru {
    pub(crate) fn new(size: usize) -> Self {
        Self { probation: vec![], protected: vec![], size }
    }

    pub(crate) fn first(&self) -> Option<BlockId> {
        self.probation.first().or(self.protected.first()).copied()
    }
}

impl Twin for Slru {
    fn hit(&mut self, access: &Access) {
        self.leave(access.block);
        self.protected.push(access.block);
        if self.size < self.protected.len() {
            self.probation.push(self.protected.remove(0));
        }
    }

    fn insert(&mut self, access: &Access) {
        self.probation.push(access.block);
    }

    fn victim(&mut self, _eligible: &[BlockId], _incoming: &Access) -> Option<BlockId> {
        let block = self.first()?;
        self.leave(block);
        Some(block)
    }

    fn leave(&mut self, block: BlockId) {
        take(&mut self.probation, block);
        take(&mut self.protected, block);
    }
}
