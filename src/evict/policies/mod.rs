//! The eviction policies, one file each; [`super::table`] lists them.

pub mod lru;
pub mod fifo;
pub mod lfu;
pub mod clock;
pub mod sieve;
pub mod s3fifo;
pub mod arc;
pub mod two_q;
pub mod slru;
pub mod wtinylfu;
pub mod lfu_persistent;
pub mod length_aware;
pub mod lru_tail_first;
pub mod leaf_lru;
pub mod leaf_lfu;
pub mod leaf_slru;
pub mod batch;
pub mod random;
pub mod optimal;
pub mod optimal_tree;
