//! Texts to dense numbers, exactly: one arena of bytes and an open-addressing table.

/// An empty slot.
const NONE: u32 = u32::MAX;

/// Numbers distinct texts in order of first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct TextTable {
    arena: String,
    /// Where each text ends in the arena; it starts where the one before it ends.
    ends: Vec<usize>,
    /// A power of two of slots, at most half of them used.
    slots: Vec<u32>,
}

impl TextTable {
    /// The text numbered `id`.
    pub(super) fn get(&self, id: u32) -> &str {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        &self.arena[start..self.ends[id]]
    }

    /// The number of `text`, given now if it is new. Amortised O(length).
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mut slot = self.slot_of(text);
        loop {
            match self.slots[slot] {
                NONE => break,
                id if self.get(id) == text => return id,
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
        let id = self.ends.len() as u32;
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
        self.slots[slot] = id;
        id
    }

    /// The number of `text`, if it has one.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut slot = self.slot_of(text);
        loop {
            match self.slots[slot] {
                NONE => return None,
                id if self.get(id) == text => return Some(id),
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.arena.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + self.slots.capacity() * size_of::<u32>()
    }

    fn slot_of(&self, text: &str) -> usize {
        let mut hash = text.len() as u64;
        for part in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            hash ^= hash >> 32;
        }
        hash as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(64);
        self.slots = vec![NONE; slots];
        for id in 0..self.ends.len() as u32 {
            let mut slot = self.slot_of(self.get(id));
            while self.slots[slot] != NONE {
                slot = (slot + 1) & (slots - 1);
            }
            self.slots[slot] = id;
        }
    }
}
