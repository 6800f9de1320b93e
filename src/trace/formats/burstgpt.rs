//! BurstGPT: lengths and times of requests to a public service. It has no block ids.

use super::{About, Field, Format, Lengths, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "burstgpt",
    title: "BurstGPT",
    project: "BurstGPT (HPMLL), KDD'25",
    lengths: &[Lengths::Pair("Request tokens", "Response tokens")],
    names: &[(Field::Time, &["Timestamp"]), (Field::Session, &["Session ID"])],
    sign: Sign { any: &["Request tokens"], all: &[], none: &[], groups: false, weak: false },
    time_unit: Some(TimeUnit::Seconds),
    whole_rows: true,
    about: About {
        fields: "CSV: Timestamp, Model, Request tokens, Response tokens, Total tokens, Log Type; \
                 later also Session ID, Elapsed time",
        time: "s",
        block: "none",
        identity: "none: no hit rate can be told",
        modelled: "arrivals and lengths; `shared_prefix` makes up blocks",
        not_modelled: "re-use; models; failures count like others",
    },
    ..Format::PLAIN
};
