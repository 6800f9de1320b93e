//! The parameters of the built-in mixes.
//!
//! They were fitted by hand, a few at a time, until every row of the tables in
//! docs/workloads.md came within its tolerance for a dozen seeds. Quantile tables are rounded
//! summaries of the traces' distributions; nothing here restores a request.

use super::chat::ChatModel;
use super::draw::Quantiles;
use super::mix::{ArrivalModel, Family, MixModel};
use super::prompt::PromptModel;

/// The chat population of the conversation trace.
const CONVERSATION_CHAT: ChatModel = ChatModel {
    first_tokens: Quantiles(&[
        (0.0, 891.0),
        (0.14, 950.0),
        (0.25, 1_250.0),
        (0.33, 1_900.0),
        (0.4, 3_750.0),
        (0.5, 5_100.0),
        (0.6, 7_000.0),
        (0.7, 10_200.0),
        (0.8, 14_800.0),
        (0.9, 23_800.0),
        (0.96, 40_000.0),
        (0.99, 90_000.0),
        (1.0, 126_000.0),
    ]),
    second_turn: Quantiles(&[
        (0.0, 0.0),
        (0.14, 0.0),
        (0.14, 0.445),
        (0.9, 0.38),
        (0.9, 0.27),
        (1.0, 0.27),
    ]),
    follow_ups: &[0.44, 0.57, 0.63, 0.66, 0.69, 0.73, 0.77, 0.8, 0.82],
    under_way: 500,
    under_way_from: 0.2,
    max_turns: 24,
    pause_s: Quantiles(&[
        (0.0, 10.0),
        (0.05, 31.0),
        (0.1, 43.0),
        (0.3, 85.0),
        (0.5, 139.0),
        (0.7, 245.0),
        (0.8, 385.0),
        (0.9, 605.0),
        (0.96, 950.0),
        (0.99, 2_300.0),
        (1.0, 3_000.0),
    ]),
    added_tokens: Quantiles(&[
        (0.0, 2.0),
        (0.3, 11.0),
        (0.5, 26.0),
        (0.75, 172.0),
        (0.85, 695.0),
        (0.92, 2_550.0),
        (0.97, 4_200.0),
        (0.99, 8_000.0),
        (1.0, 16_700.0),
    ]),
    last_added_tokens: Quantiles(&[
        (0.0, 2.0),
        (0.3, 11.0),
        (0.5, 40.0),
        (0.7, 300.0),
        (0.75, 1_500.0),
        (0.85, 4_300.0),
        (0.96, 9_000.0),
        (0.99, 20_000.0),
        (1.0, 60_000.0),
    ]),
    reask_share: 0.19,
    reask_keep: Quantiles(&[(0.0, 0.01), (0.3, 0.13), (0.6, 0.29), (0.8, 0.52), (1.0, 1.0)]),
    reask_tokens: Quantiles(&[
        (0.0, 500.0),
        (0.1, 4_500.0),
        (0.5, 9_500.0),
        (0.8, 16_000.0),
        (0.95, 26_000.0),
        (1.0, 50_000.0),
    ]),
    pause_growth: 0.005,
    pause_hurry: 0.08,
    output_tokens: Quantiles(&[
        (0.0, 1.0),
        (0.1, 24.0),
        (0.2, 100.0),
        (0.3, 213.0),
        (0.5, 350.0),
        (0.7, 445.0),
        (0.9, 590.0),
        (0.97, 800.0),
        (0.99, 1_120.0),
        (1.0, 2_000.0),
    ]),
    context_tokens: 126_200,
    marathon_every: 8_192,
    marathon_tokens: 6_600,
    marathon_turns: 43,
    marathon_pause_s: Quantiles(&[(0.0, 55.0), (1.0, 100.0)]),
};

/// The stand-in for the trace of one hour of chat.
pub(super) static CONVERSATION: MixModel = MixModel {
    arrivals: ArrivalModel {
        interval_ms: 3_000.0,
        group_size: Quantiles(&[
            (0.0, 2.0),
            (0.05, 5.3),
            (0.25, 8.0),
            (0.5, 9.9),
            (0.75, 12.1),
            (0.95, 15.9),
            (1.0, 21.0),
        ]),
    },
    chat: CONVERSATION_CHAT,
    prompts: &[],
    opening: &[],
};

/// The stand-in for the trace of one hour of chat and tool calls.
pub(super) static TOOLAGENT: MixModel = MixModel {
    arrivals: ArrivalModel {
        interval_ms: 3_053.5,
        group_size: Quantiles(&[
            (0.0, 7.0),
            (0.05, 12.8),
            (0.25, 17.0),
            (0.5, 20.0),
            (0.75, 23.0),
            (0.95, 27.4),
            (1.0, 34.0),
        ]),
    },
    // The same habits, with shorter prompts and pauses and longer answers.
    chat: ChatModel {
        first_tokens: Quantiles(&[
            (0.0, 891.0),
            (0.14, 950.0),
            (0.25, 1_150.0),
            (0.33, 1_700.0),
            (0.4, 3_100.0),
            (0.5, 4_300.0),
            (0.6, 5_900.0),
            (0.7, 8_200.0),
            (0.8, 12_400.0),
            (0.9, 20_500.0),
            (0.96, 33_300.0),
            (0.99, 72_300.0),
            (1.0, 122_000.0),
        ]),
        second_turn: Quantiles(&[
            (0.0, 0.0),
            (0.14, 0.0),
            (0.14, 0.46),
            (0.9, 0.41),
            (0.9, 0.28),
            (1.0, 0.28),
        ]),
        under_way: 800,
        under_way_from: 0.4,
        pause_s: Quantiles(&[
            (0.0, 10.0),
            (0.05, 33.0),
            (0.1, 45.0),
            (0.3, 82.0),
            (0.5, 130.0),
            (0.7, 225.0),
            (0.8, 330.0),
            (0.9, 510.0),
            (0.96, 740.0),
            (0.99, 1_600.0),
            (1.0, 3_000.0),
        ]),
        output_tokens: Quantiles(&[
            (0.0, 1.0),
            (0.1, 30.0),
            (0.2, 130.0),
            (0.3, 235.0),
            (0.5, 375.0),
            (0.7, 475.0),
            (0.9, 630.0),
            (0.97, 850.0),
            (0.99, 1_200.0),
            (1.0, 2_000.0),
        ]),
        ..CONVERSATION_CHAT
    },
    prompts: &[
        (
            0.3898,
            PromptModel {
                name: "tool",
                prompt_blocks: 12,
                own_tokens: Quantiles(&[
                    (0.0, 100.0),
                    (0.5, 900.0),
                    (0.9, 1_900.0),
                    (1.0, 3_072.0),
                ]),
                output_tokens: Quantiles(&[(0.0, 3.0), (0.4, 3.0), (0.4, 20.0), (1.0, 40.0)]),
            },
        ),
        (
            0.1469,
            PromptModel {
                name: "agent",
                prompt_blocks: 5,
                own_tokens: Quantiles(&[(0.0, 400.0), (0.5, 540.0), (1.0, 700.0)]),
                output_tokens: Quantiles(&[(0.0, 12.0), (1.0, 28.0)]),
            },
        ),
    ],
    // 1 + 45 blocks of chat, 12 + 4 of tool calls and 12 of chat: the tools' prompt gets the ids
    // 46 to 57 and the agents' 74 to 78, as in the trace.
    opening: &[
        (Family::Chat, 14),
        (Family::Chat, 9),
        (Family::Chat, 12),
        (Family::Chat, 10),
        (Family::Prompt(0), 4),
        (Family::Chat, 12),
        (Family::Prompt(1), 2),
    ],
};
