//! Rows that HiSim's converters make for a replay.

use super::{About, Field, Format, Sign};

pub(super) static ROW: Format = Format {
    id: "tair_replay",
    title: "Tair KVCache replay rows",
    project: "Tair KVCache (Alibaba), HiSim",
    names: &[(Field::HashIds, &["block_ids"])],
    sign: Sign { any: &["block_ids"], all: &[], none: &[], groups: false, weak: false },
    full_blocks: true,
    about: About {
        fields: "timestamp, input_length, output_length, block_ids, instance_id",
        time: "ms or s: told by the digits of a date, else by the gaps, and then it is a guess",
        block: "found by the number of ids",
        identity: "signed or unsigned 64-bit ids",
        modelled: "arrivals, lengths, full blocks",
        not_modelled: "instances",
    },
    ..Format::PLAIN
};
