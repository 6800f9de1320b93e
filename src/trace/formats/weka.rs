//! Sessions of coding agents as WEKA's kv-cache-tester and SemiAnalysis publish them: one object
//! a session, requests nested in it, sub-agents nested in those.

use super::{About, Field, Format, Lengths, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "weka",
    title: "Weka sessions (kv-cache-tester, SemiAnalysis)",
    project: "kv-cache-tester (callanjfox), SemiAnalysis InferenceX traces",
    lengths: &[Lengths::Pair("in", "out")],
    names: &[(Field::Time, &["t"]), (Field::Rows, &["requests"]), (Field::Delay, &["think_time"])],
    sign: Sign { any: &["requests"], all: &[], none: &[], groups: false, weak: false },
    time_unit: Some(TimeUnit::Seconds),
    block_size: Some(64),
    whole_rows: true,
    // A marker without rows of its own.
    skipped: &[("type", &["subagent"])],
    about: About {
        fields: "id, block_size, hash_id_scope, requests: t, in, out, hash_ids, think_time, or a \
                 sub-agent with t, agent_id and requests of its own",
        time: "s from the start of the session; those of a sub-agent likewise, unless its first \
               lies before its own marker: then from the marker on",
        block: "block_size, usually 64",
        identity: "ids of the session, sub-agents included, unless hash_id_scope is global",
        modelled: "rows of a session in order of time; a sub-agent is a session of its own; \
                   think_time (a closed loop)",
        not_modelled: "every session starts at its own 0, so all at once; a parent does not wait \
                       for its sub-agents; api_time, tool_tokens, system_tokens",
    },
    ..Format::PLAIN
};
