//! The two layouts of a cache under LRU.

/// Blocks in order of use. Who is resident is known outside.
pub(super) trait Cache {
    fn new(capacity: usize, distinct: usize) -> Self;
    fn len(&self) -> usize;
    /// A resident block is used.
    fn touch(&mut self, block: u32);
    /// A block that is not resident is used, and there is room.
    fn insert(&mut self, block: u32);
    /// Drops the block whose last use is longest ago.
    fn evict(&mut self) -> u32;
}

const NONE: u32 = u32::MAX;
/// Blocks of a page.
const PAGE: u32 = 16;

/// Slots in pages of 16 neighbours, linked in order of use.
pub(super) struct Pages {
    /// By 16 blocks: their page, or none.
    page_of: Vec<u32>,
    /// By page: which 16 blocks, and how many of them are resident.
    pages: Vec<(u32, u32)>,
    free: Vec<u32>,
    /// By slot: the one used before it and the one used after it.
    links: Vec<[u32; 2]>,
    oldest: u32,
    newest: u32,
    len: usize,
}

impl Pages {
    fn slot(&self, block: u32) -> u32 {
        self.page_of[(block / PAGE) as usize] * PAGE + block % PAGE
    }

    fn append(&mut self, slot: u32) {
        self.links[slot as usize] = [self.newest, NONE];
        match self.links.get_mut(self.newest as usize) {
            Some(links) => links[1] = slot,
            None => self.oldest = slot,
        }
        self.newest = slot;
    }

    fn unlink(&mut self, slot: u32) {
        let [before, after] = self.links[slot as usize];
        match self.links.get_mut(before as usize) {
            Some(links) => links[1] = after,
            None => self.oldest = after,
        }
        match self.links.get_mut(after as usize) {
            Some(links) => links[0] = before,
            None => self.newest = before,
        }
    }
}

impl Cache for Pages {
    fn new(_capacity: usize, distinct: usize) -> Self {
        Self {
            page_of: vec![NONE; distinct.div_ceil(PAGE as usize)],
            pages: Vec::new(),
            free: Vec::new(),
            links: Vec::new(),
            oldest: NONE,
            newest: NONE,
            len: 0,
        }
    }

    fn len(&self) -> usize {
        self.len
    }

    #[inline]
    fn touch(&mut self, block: u32) {
        let slot = self.slot(block);
        if slot != self.newest {
            self.unlink(slot);
            self.append(slot);
        }
    }

    #[inline]
    fn insert(&mut self, block: u32) {
        let group = block / PAGE;
        if self.page_of[group as usize] == NONE {
            let page = self.free.pop().unwrap_or_else(|| {
                self.links.resize(self.links.len() + PAGE as usize, [NONE; 2]);
                self.pages.push((0, 0));
                self.pages.len() as u32 - 1
            });
            self.pages[page as usize] = (group, 0);
            self.page_of[group as usize] = page;
        }
        let page = self.page_of[group as usize];
        self.pages[page as usize].1 += 1;
        self.append(page * PAGE + block % PAGE);
        self.len += 1;
    }

    #[inline]
    fn evict(&mut self) -> u32 {
        let slot = self.oldest;
        self.unlink(slot);
        let page = slot / PAGE;
        let (group, resident) = &mut self.pages[page as usize];
        let group = *group;
        *resident -= 1;
        if *resident == 0 {
            self.page_of[group as usize] = NONE;
            self.free.push(page);
        }
        self.len -= 1;
        group * PAGE + slot % PAGE
    }
}

/// A ring of uses, oldest first; a use is stale when its block was used again.
pub(super) struct Ring {
    /// By block: the number of its last use; 0 where it is not resident.
    last_use: Vec<u32>,
    /// (block, number of the use), in a power of two of places.
    uses: Vec<(u32, u32)>,
    head: usize,
    tail: usize,
    number: u32,
    len: usize,
}

impl Ring {
    /// Drops stale uses, so that the ring has room again.
    #[cold]
    fn compact(&mut self) {
        let mask = self.uses.len() - 1;
        let mut to = self.head;
        for from in self.head..self.tail {
            let used = self.uses[from & mask];
            if self.last_use[used.0 as usize] == used.1 {
                self.uses[to & mask] = used;
                to += 1;
            }
        }
        self.tail = to;
    }
}

impl Cache for Ring {
    fn new(capacity: usize, distinct: usize) -> Self {
        Self {
            last_use: vec![0; distinct],
            uses: vec![(0, 0); (capacity.min(distinct) * 4).next_power_of_two().max(4)],
            head: 0,
            tail: 0,
            number: 0,
            len: 0,
        }
    }

    fn len(&self) -> usize {
        self.len
    }

    #[inline]
    fn touch(&mut self, block: u32) {
        if self.tail - self.head == self.uses.len() {
            self.compact();
        }
        self.number += 1;
        self.last_use[block as usize] = self.number;
        let mask = self.uses.len() - 1;
        self.uses[self.tail & mask] = (block, self.number);
        self.tail += 1;
    }

    #[inline]
    fn insert(&mut self, block: u32) {
        self.touch(block);
        self.len += 1;
    }

    #[inline]
    fn evict(&mut self) -> u32 {
        let mask = self.uses.len() - 1;
        loop {
            let (block, number) = self.uses[self.head & mask];
            self.head += 1;
            if self.last_use[block as usize] == number {
                self.last_use[block as usize] = 0;
                self.len -= 1;
                return block;
            }
        }
    }
}
