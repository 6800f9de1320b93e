//! The minimal rows of KVCache.AI's hit rate simulator.

use super::{About, Field, Format, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "kvcache_ai",
    title: "KVCache.AI minimal",
    project: "kvcache-simulator (KVCache.AI)",
    names: &[(Field::BlockSize, &["block_size"]), (Field::BlockTokens, &["block_tokens"])],
    sign: Sign {
        any: &["block_size", "block_tokens"],
        all: &["input_length", "hash_ids"],
        // With times it is Mooncake's row, which states its block size.
        none: &["timestamp", "session_id"],
        groups: false,
        weak: false,
    },
    time_unit: Some(TimeUnit::Milliseconds),
    whole_times: true,
    about: About {
        fields: "block_size, hash_ids, input_length, perhaps output_length, block_tokens",
        time: "none; ms where there are any",
        block: "block_size; block_tokens where blocks have lengths of their own",
        identity: "the order of ids: a block is its id and all before it",
        modelled: "hits in tokens by block_tokens, the same for the same block",
        not_modelled: "transfers and memory count whole blocks of block_size",
    },
    ..Format::PLAIN
};
