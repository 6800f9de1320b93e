//! Workloads of LLMServingSim: the tokens themselves, flat or as an agent's session.

use super::{About, Field, Format, Lengths, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "llm_serving_sim",
    title: "LLMServingSim",
    project: "LLMServingSim (casys-kaist)",
    lengths: &[Lengths::Pair("input_toks", "output_toks")],
    names: &[
        (Field::Time, &["arrival_time"]),
        (Field::TokenIds, &["input_tok_ids"]),
        (Field::Rows, &["sub_requests"]),
        (Field::DelayAfter, &["tool_duration"]),
    ],
    sign: Sign { any: &["input_toks"], all: &[], none: &["hash_ids"], groups: false, weak: false },
    time_unit: Some(TimeUnit::Nanoseconds),
    whole_rows: true,
    about: About {
        fields: "input_toks, output_toks, arrival_time_ns, input_tok_ids; session_id, \
                 sub_requests with tool_duration_ns",
        time: "ns",
        block: "16, unless it is set: token ids are cut into full blocks",
        identity: "the tokens of the block and of all before it",
        modelled: "arrivals, lengths, full blocks, sessions, the time tools take (a closed loop)",
        not_modelled: "output_tok_ids; a row without token ids has no blocks",
    },
    ..Format::PLAIN
};
