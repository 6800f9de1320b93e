//! Azure's traces of LLM inference: lengths and times. They have no block ids.

use super::{About, Field, Format, Lengths, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "azure",
    title: "Azure LLM inference",
    project: "Azure Public Dataset, LLM inference traces 2023 and 2024",
    lengths: &[Lengths::Pair("ContextTokens", "GeneratedTokens")],
    names: &[(Field::Time, &["TIMESTAMP"])],
    sign: Sign { any: &["ContextTokens"], all: &[], none: &[], groups: false, weak: false },
    time_unit: Some(TimeUnit::Seconds),
    whole_rows: true,
    about: About {
        fields: "CSV: TIMESTAMP, ContextTokens, GeneratedTokens",
        time: "dates, to 100 ns",
        block: "none",
        identity: "none: no hit rate can be told",
        modelled: "arrivals and lengths; `shared_prefix` makes up blocks",
        not_modelled: "re-use",
    },
    ..Format::PLAIN
};
