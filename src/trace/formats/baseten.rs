//! Baseten's request traces, exported from parquet to JSON lines.

use super::{About, Field, Format, Lengths, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "baseten",
    title: "Baseten",
    project: "Baseten request traces",
    lengths: &[Lengths::Pair("input_tokens", "output_tokens")],
    names: &[
        (Field::Time, &["timestamp_start_unix"]),
        (Field::HashIds, &["total_hashes"]),
        (Field::Session, &["provided_session_id", "poor_man_session_id"]),
    ],
    sign: Sign { any: &["total_hashes"], all: &[], none: &[], groups: false, weak: false },
    time_unit: Some(TimeUnit::Milliseconds),
    whole_rows: true,
    about: About {
        fields: "timestamp_start_unix_ms, input_tokens, output_tokens, total_hashes, block_size, \
                 provided_session_id, poor_man_session_id",
        time: "ms since 1970",
        block: "block_size",
        identity: "64-bit hashes of full blocks",
        modelled: "arrivals, lengths, full blocks, sessions",
        not_modelled: "cancelled requests count like others; measured durations; prompts",
    },
    ..Format::PLAIN
};
