//! Dynamo's agentic Mooncake, version 2: plays of sessions that wait for one another; and the
//! older rows that name what they wait for.

use super::{About, Field, Format, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "agentic_mooncake",
    title: "Dynamo agentic Mooncake",
    project: "Dynamo (ai-dynamo), dynamo.agentic_mooncake version 2",
    names: &[
        (Field::Time, &["not_before"]),
        (Field::Play, &["play_id"]),
        (Field::Id, &["request_id", "id"]),
        (Field::After, &["dependencies", "wait_for"]),
        (Field::ToolWait, &["tool_wait"]),
    ],
    sign: Sign {
        any: &["play_id", "not_before_ms", "dependencies", "wait_for", "tool_wait_ms"],
        all: &[],
        none: &[],
        groups: false,
        weak: false,
    },
    schemas: &["dynamo.agentic_mooncake"],
    versions: &[1, 2],
    time_unit: Some(TimeUnit::Milliseconds),
    whole_rows: true,
    about: About {
        fields: "a header with schema, version, block_size, hash_id_scope; request_id, play_id, \
                 session_id, not_before_ms, dependencies (names, or objects with request_id and \
                 delay_ms), input_length, output_length, hash_ids; before version 2 wait_for, \
                 delay, tool_wait_ms",
        time: "ms",
        block: "the header's",
        identity: "ids of a play where the scope is local",
        modelled: "plays, sessions, dependencies and their delays (a closed loop)",
        not_modelled: "a dependency on a request's dispatch counts as one on its end; models, \
                       priorities, branches, prefix resets",
    },
    ..Format::PLAIN
};
