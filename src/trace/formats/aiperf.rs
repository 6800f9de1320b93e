//! Mooncake's rows as AIPerf, guidellm and vLLM's benchmark write them.

use super::{About, Field, Format, Sign};

pub(super) static ROW: Format = Format {
    id: "aiperf",
    title: "AIPerf, guidellm, vLLM (Mooncake with hash_id_block_size)",
    project: "AIPerf (ai-dynamo), guidellm and vLLM (vllm-project)",
    names: &[(Field::BlockSize, &["hash_id_block_size"])],
    sign: Sign { any: &["hash_id_block_size"], all: &[], none: &[], groups: false, weak: false },
    about: About {
        fields: "Mooncake's, hash_id_block_size",
        time: "ms or s: told by the digits of a date, else by the gaps, and then it is a guess",
        block: "hash_id_block_size",
        identity: "unsigned 64-bit ids",
        modelled: "arrivals, lengths, blocks, sessions and delays where they are",
        not_modelled: "the text of prompts",
    },
    ..Format::PLAIN
};
