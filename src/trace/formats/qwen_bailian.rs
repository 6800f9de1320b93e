//! Alibaba Bailian's usage traces of Qwen.

use super::{About, Field, Format, Sign, TimeUnit};

pub(super) static ROW: Format = Format {
    id: "qwen_bailian",
    title: "Qwen-Bailian",
    project: "Qwen-Bailian usage traces (Alibaba), ATC'25",
    names: &[(Field::Session, &["chat_id"]), (Field::ParentTurn, &["parent_chat_id"])],
    sign: Sign { any: &["parent_chat_id"], all: &[], none: &[], groups: false, weak: false },
    time_unit: Some(TimeUnit::Seconds),
    block_size: Some(16),
    whole_rows: true,
    about: About {
        fields: "chat_id, parent_chat_id (-1: none), timestamp, input_length, output_length, \
                 type, turn, hash_ids",
        time: "s",
        block: "16",
        identity: "content ids, not chained: a block is its id and all before it",
        modelled: "arrivals, lengths, blocks; a turn joins the session of the turn it names",
        not_modelled: "type and turn",
    },
    ..Format::PLAIN
};
