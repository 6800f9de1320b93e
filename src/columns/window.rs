//! The last W of something.

use std::collections::VecDeque;

/// The last `size` of what is pushed, oldest first.
#[derive(Clone, Debug)]
pub struct Last<T> {
    size: usize,
    items: VecDeque<T>,
}

impl<T> Last<T> {
    /// Empty. Memory grows with what is pushed, up to `size` items.
    pub fn new(size: usize) -> Self {
        Self { size, items: VecDeque::new() }
    }

    /// How many are kept.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Takes in the next; returns the one that leaves for it. O(1).
    #[inline]
    pub fn push(&mut self, item: T) -> Option<T> {
        let leaves = if self.items.len() == self.size { self.items.pop_front() } else { None };
        self.items.push_back(item);
        leaves
    }

    /// The one pushed last.
    pub fn newest_mut(&mut self) -> Option<&mut T> {
        self.items.back_mut()
    }

    /// Oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.items.iter()
    }
}
