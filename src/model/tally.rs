//! What requests and migrations add up to.

use serde::{Deserialize, Serialize};
use std::ops::{AddAssign, SubAssign};

/// Declares the sums once, and adding and subtracting them field by field.
macro_rules! tally {
    ($($(#[$told:meta])* $name:ident,)*) => {
        /// Everything that is counted: of a node, a cluster, a window or a sample in `u64`, and
        /// what one event adds to each of them in `u32`.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Tally<T = u64> {
            $($(#[$told])* pub $name: T,)*
        }

        impl<T: AddAssign + From<U>, U> AddAssign<Tally<U>> for Tally<T> {
            #[inline]
            fn add_assign(&mut self, other: Tally<U>) {
                $(self.$name += T::from(other.$name);)*
            }
        }

        impl<T: SubAssign + From<U>, U> SubAssign<Tally<U>> for Tally<T> {
            #[inline]
            fn sub_assign(&mut self, other: Tally<U>) {
                $(self.$name -= T::from(other.$name);)*
            }
        }
    };
}

tally! {
    /// Requests placed.
    requests,
    /// Block references.
    blocks,
    /// Found resident when their turn came.
    block_hits,
    /// Inside the prefix the chosen node started with, fetched blocks included.
    prefix_hits,
    /// Longest prefix on any node.
    reachable_hits,
    /// Leading blocks used before in the trace.
    ceiling_hits,
    /// Prompt tokens saved.
    hit_tokens,
    /// Prompt tokens.
    input_tokens,
    /// Generated tokens.
    output_tokens,
    /// Prompt tokens an infinite cache would save.
    ceiling_tokens,
    /// Blocks evicted.
    evictions,
    /// Insertions of blocks the node had evicted before.
    rewanted,
    /// Blocks not kept.
    refused,
    /// (source, target) pairs of migrations, counted on the target.
    migrations,
    /// Blocks named by migration plans.
    chosen_blocks,
    /// Blocks that migrations inserted.
    migrated_blocks,
    /// Blocks that migrations lost.
    dropped_blocks,
    /// Blocks fetched by requests.
    transferred_blocks,
    /// Requests turned away.
    rejected,
}

impl Tally {
    /// Prompt tokens that had to be computed.
    pub fn work_tokens(&self) -> u64 {
        self.input_tokens - self.hit_tokens
    }

    /// Prompt tokens saved over prompt tokens; `None` while there are none.
    pub fn token_hit_rate(&self) -> Option<f64> {
        (self.input_tokens > 0).then(|| self.hit_tokens as f64 / self.input_tokens as f64)
    }

    /// All of `parts` together.
    pub fn sum<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sum = Self::default();
        parts.into_iter().for_each(|&part| sum += part);
        sum
    }
}
