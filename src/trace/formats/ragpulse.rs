//! RAGPulse: requests of retrieval-augmented generation, ids by component of the prompt.

use super::{About, Format, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "ragpulse",
    title: "RAGPulse",
    project: "RAGPulse (flashserve)",
    sign: Sign { any: &[], all: &["hash_ids"], none: &[], groups: true, weak: false },
    time_unit: Some(TimeUnit::Seconds),
    about: About {
        fields: "timestamp (a string), input_length, output_length, session_id, hash_ids: \
                 sys_prompt, passages_ids, history, web_search, user_input",
        time: "s",
        block: "differs by component; one size is fitted or assumed, so hits in tokens are \
                estimates",
        identity: "an id and its group, and all before it; groups in the order just given",
        modelled: "arrivals, lengths, components as blocks",
        not_modelled: "the length of a component",
    },
    ..Format::PLAIN
};
