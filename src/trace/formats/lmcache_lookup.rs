//! LMCache's log of lookups.

use super::{About, Field, Format, Lengths, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "lmcache_lookup",
    title: "LMCache lookup log",
    project: "LMCache",
    lengths: &[Lengths::PromptOnly("seq_len")],
    names: &[(Field::HashIds, &["chunk_hashes"]), (Field::BlockSize, &["chunk_size"])],
    sign: Sign { any: &["chunk_hashes"], all: &[], none: &[], groups: false, weak: false },
    time_unit: Some(TimeUnit::Seconds),
    about: About {
        fields: "timestamp, seq_len, chunk_size, chunk_hashes",
        time: "s since 1970",
        block: "chunk_size, usually 256",
        identity: "hashes of full chunks and all before them, as text",
        modelled: "arrivals, prompt lengths, full chunks; the tail never hits",
        not_modelled: "output lengths (there are none), models, dtypes, shapes",
    },
    ..Format::PLAIN
};
