//! The timeline log of Tair KVCache's simulator HiSim.

use super::{About, Field, Format, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "tair_timeline",
    title: "Tair KVCache timeline log",
    project: "Tair KVCache (Alibaba), HiSim",
    names: &[(Field::HashIds, &["input_block_hash_ids"])],
    sign: Sign { any: &["input_block_hash_ids"], all: &[], none: &[], groups: false, weak: false },
    time_unit: Some(TimeUnit::Seconds),
    full_blocks: true,
    about: About {
        fields: "timestamp, input_length, input_block_hash_ids, pods, prefill",
        time: "s",
        block: "found by the number of ids, often 256",
        identity: "hex strings, compared as text",
        modelled: "arrivals, prompt lengths, full blocks",
        not_modelled: "pods and measured prefill times",
    },
    ..Format::PLAIN
};
