//! Dynamo's Mooncake rows with sessions and delays, with or without a header line.

use super::{About, Field, Format, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "dynamo",
    title: "Dynamo (Mooncake with sessions)",
    project: "Dynamo (ai-dynamo), mooncake and mooncake-delta",
    names: &[
        (Field::Time, &["created_time"]),
        (Field::Session, &["session_id"]),
        (Field::Delay, &["delay"]),
        (Field::Schema, &["schema"]),
        (Field::Version, &["version"]),
        (Field::IdScope, &["hash_id_scope", "id_scope"]),
    ],
    sign: Sign {
        any: &["delay", "delay_ms", "created_time"],
        all: &["input_length", "hash_ids"],
        none: &[],
        groups: false,
        weak: false,
    },
    schemas: &["dynamo.trace", "dynamo.mooncake", "mooncake"],
    versions: &[1],
    time_unit: Some(TimeUnit::Milliseconds),
    about: About {
        fields: "Mooncake's, session_id, delay or delay_ms, created_time; a header line with \
                 schema, version, block_size, hash_id_scope",
        time: "ms",
        block: "the header's, else found by the number of ids",
        identity: "unsigned 64-bit ids; local to a session where hash_id_scope says so",
        modelled: "sessions, delays (a closed loop), rows that carry only what is new \
                   (`rows = delta`)",
        not_modelled: "priorities and policy classes; a seed of the output's tokens",
    },
    ..Format::PLAIN
};
