//! Twins of the policies that rank blocks: the rank is read off everything that ever happened.

use super::naive::Twin;
use kvscope::evict::Access;
use kvscope::model::BlockId;

/// Something that happened to a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    kind: Kind,
    access: Access,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Inserted,
    Hit,
    RequestEnded,
    UsedElsewhere,
}

/// What is compared: the smallest goes first.
pub(crate) type Key = [u64; 3];

/// Ranks a block by what happened.
pub(crate) type Ranking = Box<dyn Fn(&[Event], BlockId) -> Key>;

/// Whether the incoming block, with its key, goes rather than the lowest of the others.
pub(crate) type Bypass = fn(incoming: Key, lowest: Key) -> bool;

/// Drops the eligible block ranked lowest.
pub(crate) struct Historian {
    events: Vec<Event>,
    ranking: Ranking,
    bypass: Bypass,
    at_once: usize,
}

impl Historian {
    pub(crate) fn boxed(ranking: Ranking, bypass: Bypass) -> Box<dyn Twin> {
        Box::new(Self { events: Vec::new(), ranking, bypass, at_once: 1 })
    }

    /// Several go at once.
    pub(crate) fn batches(ranking: Ranking, at_once: usize) -> Box<dyn Twin> {
        Box::new(Self { events: Vec::new(), ranking, bypass: |_, _| false, at_once })
    }

    fn note(&mut self, kind: Kind, access: &Access) {
        self.events.push(Event { kind, access: *access });
    }
}

impl Twin for Historian {
    fn hit(&mut self, access: &Access) {
        self.note(Kind::Hit, access);
    }

    fn insert(&mut self, access: &Access) {
        self.note(Kind::Inserted, access);
    }

    fn victim(&mut self, eligible: &[BlockId], incoming: &Access) -> Option<BlockId> {
        let key = |block| (self.ranking)(&self.events, block);
        let lowest = eligible.iter().copied().min_by_key(|&block| key(block))?;
        let mut future = self.events.clone();
        future.push(Event { kind: Kind::Inserted, access: *incoming });
        let incoming = (self.ranking)(&future, incoming.block);
        (!(self.bypass)(incoming, key(lowest))).then_some(lowest)
    }

    fn at_once(&self) -> usize {
        self.at_once
    }

    fn leave(&mut self, _block: BlockId) {}

    fn end(&mut self, blocks: &[BlockId]) {
        for (depth, &block) in blocks.iter().enumerate().rev() {
            let access = Access { block, depth: depth as u32, next_use: 0 };
            self.note(Kind::RequestEnded, &access);
        }
    }

    fn used_elsewhere(&mut self, access: &Access) {
        self.note(Kind::UsedElsewhere, access);
    }
}

fn last(events: &[Event], block: BlockId, kinds: &[Kind]) -> usize {
    let found = |event: &Event| event.access.block == block && kinds.contains(&event.kind);
    events.iter().rposition(found).expect("the block was inserted")
}

const USES: [Kind; 2] = [Kind::Inserted, Kind::Hit];

/// When it was inserted.
pub(crate) fn age(events: &[Event], block: BlockId) -> u64 {
    last(events, block, &[Kind::Inserted]) as u64
}

/// When it was last used on this node.
pub(crate) fn last_use(events: &[Event], block: BlockId) -> u64 {
    last(events, block, &USES) as u64
}

/// When it was last used or stamped.
pub(crate) fn last_stamp(events: &[Event], block: BlockId) -> u64 {
    last(events, block, &[Kind::Inserted, Kind::Hit, Kind::RequestEnded]) as u64
}

/// How often it was used on this node, ever.
pub(crate) fn uses_ever(events: &[Event], block: BlockId) -> u64 {
    let is_use = |event: &&Event| event.access.block == block && USES.contains(&event.kind);
    events.iter().filter(is_use).count() as u64
}

/// How often it was used since its insertion, which counts as one.
pub(crate) fn uses(events: &[Event], block: BlockId) -> u64 {
    uses_ever(&events[age(events, block) as usize..], block)
}

/// Its position in its requests.
pub(crate) fn depth(events: &[Event], block: BlockId) -> u64 {
    u64::from(events[age(events, block) as usize].access.depth)
}

/// The next request that uses it.
pub(crate) fn next_use(events: &[Event], block: BlockId) -> u64 {
    let known = [Kind::Inserted, Kind::Hit, Kind::UsedElsewhere];
    u64::from(events[last(events, block, &known)].access.next_use)
}
