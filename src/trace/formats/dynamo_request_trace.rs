//! What Dynamo's frontend records: one object a request, its replay nested in it.

use super::{About, Field, Format, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "dynamo_request_trace",
    title: "Dynamo request trace",
    project: "Dynamo (ai-dynamo), dynamo.request.trace.v1",
    names: &[
        (Field::Inner, &["request", "replay", "agent_context"]),
        (Field::Time, &["request_received"]),
        (Field::HashIds, &["input_sequence_hashes"]),
        (Field::BlockSize, &["trace_block_size"]),
        (Field::Kind, &["event_type"]),
    ],
    sign: Sign { any: &["input_sequence_hashes"], all: &[], none: &[], groups: false, weak: false },
    schemas: &["dynamo.request.trace"],
    versions: &[1],
    time_unit: Some(TimeUnit::Milliseconds),
    whole_rows: true,
    skipped: &[(
        "event_type",
        &["request_start", "request_payload", "tool_start", "tool_end", "tool_error"],
    )],
    about: About {
        fields: "request.request_received_ms, request.output_tokens, request.replay with \
                 trace_block_size, input_length, input_sequence_hashes; agent_context.session_id",
        time: "ms since 1970",
        block: "trace_block_size",
        identity: "sequence hashes: the block and all before it",
        modelled: "arrivals as recorded, lengths, full blocks; the tail never hits",
        not_modelled: "events of tools (counted as other rows); recorded timings; which session \
                       is whose parent",
    },
    ..Format::PLAIN
};
