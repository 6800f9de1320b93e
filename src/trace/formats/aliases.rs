//! Names that are met in traces of no format in particular.

use super::{About, Field, Format, Lengths, Sign};

pub(super) static ROW: Format = Format {
    id: "aliases",
    title: "rows with known names",
    project: "no project in particular",
    lengths: &[
        Lengths::Pair("prompt_tokens", "completion_tokens"),
        Lengths::Pair("prompt_length", "response_length"),
        Lengths::Pair("prompt_len", "response_len"),
        Lengths::Pair("num_prefill_tokens", "num_decode_tokens"),
        Lengths::Pair("isl", "osl"),
    ],
    names: &[
        (Field::Time, &["time", "ts", "arrived_at"]),
        (Field::HashIds, &["block_hashes", "hash_id"]),
        (Field::Session, &["conversation_id"]),
        (Field::TimeUnit, &["time_unit", "timestamp_unit"]),
    ],
    sign: Sign { any: &[], all: &[], none: &[], groups: false, weak: true },
    about: About {
        fields: "any mixture of the names above and of prompt_tokens, completion_tokens, \
                 prompt_length, response_length, prompt_len, response_len, num_prefill_tokens, \
                 num_decode_tokens, isl, osl, time, ts, arrived_at, block_hashes, hash_id, \
                 conversation_id, time_unit, timestamp_unit",
        time: "a suffix (_ms, _s, _us, _ns) or time_unit, else the digits of a date, else by the \
               gaps, and then it is a guess",
        block: "declared, else found by the number of ids, else 512",
        identity: "numbers or text: the id and all before it",
        modelled: "what the names mean",
        not_modelled: "everything else",
    },
    ..Format::PLAIN
};
