//! The optimizer log of Tair KVCache's cache manager.

use super::{About, Field, Format, Lengths, Sign};

pub(super) static ROW: Format = Format {
    id: "tair_optimizer",
    title: "Tair KVCache optimizer log",
    project: "Tair KVCache (Alibaba), kv_cache_manager optimizer",
    lengths: &[Lengths::Pair("input_len", "output_len")],
    names: &[(Field::HashIds, &["keys"]), (Field::Kind, &["type"])],
    sign: Sign { any: &["keys"], all: &["input_len"], none: &[], groups: false, weak: false },
    skipped: &[("type", &["write"])],
    full_blocks: true,
    about: About {
        fields: "type (get, request, write), timestamp_ns or timestamp_us, keys, input_len",
        time: "by the suffix",
        block: "found by the number of keys",
        identity: "signed or unsigned 64-bit keys of full blocks",
        modelled: "get and request rows; the tail never hits",
        not_modelled: "write rows (counted as other rows), block_mask, TTLs, instances",
    },
    ..Format::PLAIN
};
