//! Mooncake's published traces: conversation, tool and agent, synthetic, arXiv.

use super::{About, Field, Format, Lengths, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "mooncake",
    title: "Mooncake",
    project: "Mooncake (kvcache-ai), FAST'25 traces",
    lengths: &[Lengths::Pair("input_length", "output_length")],
    names: &[(Field::Time, &["timestamp"]), (Field::HashIds, &["hash_ids"])],
    sign: Sign {
        any: &[],
        all: &["timestamp", "input_length", "output_length", "hash_ids"],
        none: &[],
        groups: false,
        weak: true,
    },
    time_unit: Some(TimeUnit::Milliseconds),
    whole_times: true,
    about: About {
        fields: "timestamp, input_length, output_length, hash_ids",
        time: "ms, where every time is a whole number",
        block: "512, found by the number of ids",
        identity: "prefix-chained ids: the block and all before it",
        modelled: "arrivals, lengths, blocks; ceil(input / block size) ids",
        not_modelled: "nothing is left out",
    },
    ..Format::PLAIN
};
