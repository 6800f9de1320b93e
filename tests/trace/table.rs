//! Samples of every format, each in as many ways as it is met.

use super::samples::Sample;
use kvscope::trace::DecidedBy::{Assumed, Digits, Field, Fit, Header, Schema};
use kvscope::trace::HeldAs::{Csv, Lines, Spread};
use kvscope::trace::IdScope::{Global, Local};
use kvscope::trace::TimeUnit::{Microseconds, Milliseconds, Nanoseconds, Seconds};

pub(crate) static SAMPLES: &[Sample] = &[
    Sample {
        file: "mooncake.jsonl",
        format: "mooncake",
        held_as: Lines,
        unit: (Milliseconds, Schema),
        size: (512, Fit),
        scope: (Global, Assumed),
        snapshot: "0 1500 52 - [0, 1, 2]\n\
                   0 1024 3 - [0, 1]\n\
                   3.052 2048 3 - [0, 1, 2, 3]\n\
                   6.104 700 26 - [4, 5]\n",
        broken: (
            "1024",
            "-1024",
            "line 2, column 34 (line starts at byte 86), field input_length: found -1024: \
             expected a whole number from 0 to 4294967295",
        ),
    },
    Sample {
        file: "mooncake_array.json",
        format: "mooncake",
        held_as: Spread,
        unit: (Milliseconds, Schema),
        size: (512, Fit),
        scope: (Global, Assumed),
        snapshot: "0 1536 5 - [0, 1, 2]\n3 1024 5 - [0, 3]\n",
        broken: (
            "[0, 7]",
            "[0, 7",
            "line 3, column 80 (line starts at byte 89), field hash_ids: found }: expected \
             ',' or ']' in the list of ids",
        ),
    },
    // The header's suffix states the unit.
    Sample {
        file: "mooncake.csv",
        format: "aliases",
        held_as: Csv,
        unit: (Milliseconds, Field),
        size: (512, Fit),
        scope: (Global, Assumed),
        snapshot: "0 1536 5 - [0, 1, 2]\n2.5 1024 5 - [0, 3]\n",
        broken: (
            "1024",
            "x",
            "line 3, column 6 (line starts at byte 66), field input_length: found \"x\": \
             expected a whole number from 0 to 4294967295",
        ),
    },
    Sample {
        file: "dynamo.jsonl",
        format: "dynamo",
        held_as: Lines,
        unit: (Milliseconds, Schema),
        size: (128, Header),
        scope: (Global, Assumed),
        // The delay counts from the session's row before.
        snapshot: "0.0125 130 9 0 [0, 1]\n0.014 128 9 1 [0]\n0.5125 300 9 0 [0, 1, 2]\n",
        broken: (
            "128",
            "0",
            "line 1, column 56 (line starts at byte 0), field block_size: found 0: expected \
             a block size of 1 token or more",
        ),
    },
    Sample {
        file: "agentic_mooncake.jsonl",
        format: "agentic_mooncake",
        held_as: Lines,
        unit: (Milliseconds, Field),
        size: (64, Header),
        scope: (Local, Header),
        snapshot: "0 128 10 0 [0, 1]\n0.02 128 10 0 [2, 3]\n0.04 200 10 0 [0, 1, 4]\n",
        broken: (
            "\"local\"",
            "\"worker\"",
            "line 1, column 88 (line starts at byte 0), field hash_id_scope: found \
             \"worker\": expected a scope of ids: \"global\" (an id means the same in every \
             session) or \"local\"",
        ),
    },
    Sample {
        file: "dynamo_request_trace.jsonl",
        format: "dynamo_request_trace",
        held_as: Lines,
        unit: (Milliseconds, Field),
        size: (64, Field),
        scope: (Global, Assumed),
        // What the replay object says counts, and the tool is no request.
        snapshot: "1732000000 130 4 0 [0, 1]\n1732000001.5 200 5 0 [0, 1, 2]\n",
        broken: (
            "\"trace_block_size\": 64, \"input_length\": 130",
            "\"trace_block_size\": 0",
            "line 1, column 285 (line starts at byte 0), field trace_block_size: found 0: \
             expected a block size of 1 token or more",
        ),
    },
    // Content ids: 5 behind 5, and 1091 behind 1093, are blocks of their own. Turns join the
    // session of the turn they name.
    Sample {
        file: "qwen_bailian.jsonl",
        format: "qwen_bailian",
        held_as: Lines,
        unit: (Seconds, Schema),
        size: (16, Fit),
        scope: (Global, Assumed),
        snapshot: "61.114 40 132 0 [0, 1, 2]\n\
                   61.25 33 7 1 [0, 3, 4]\n\
                   62.5 64 90 0 [0, 1, 5, 6]\n\
                   63.001 65 1 0 [0, 1, 5, 6, 7]\n",
        broken: (
            "\"chat_id\": 159",
            "\"chat_id\": [1]",
            "line 1, column 13 (line starts at byte 0), field chat_id: found [1], \
             \"parent_chat_id\": -…: expected a session: a string or a whole number",
        ),
    },
    // 2^53 + 1 is not 2^53: no id passes through a double.
    Sample {
        file: "kvcache_ai.jsonl",
        format: "kvcache_ai",
        held_as: Lines,
        unit: (Milliseconds, Schema),
        size: (64, Field),
        scope: (Global, Assumed),
        snapshot: "0 100 0 - [0, 1]\n0 192 5 - [0, 2, 3]\n0 0 0 - []\n",
        broken: (
            "[64, 64, 64]",
            "[64, 64]",
            "line 2, column 139 (line starts at byte 90): found the end of the line: \
             block_tokens must have a number from 1 on for each of the 3 block ids",
        ),
    },
    // Hex strings are told apart as they are written; digits in quotes are the number.
    Sample {
        file: "aiperf.jsonl",
        format: "aiperf",
        held_as: Lines,
        unit: (Milliseconds, Digits),
        size: (16, Field),
        scope: (Global, Assumed),
        snapshot: "1732000000 20 4 - [0, 1]\n\
                   1732000000.25 36 4 - [0, 1, 2]\n\
                   1732000000.1 48 4 - [0, 3, 4]\n",
        broken: (
            "\"hash_id_block_size\": 16",
            "\"hash_id_block_size\": 1.5",
            "line 1, column 92 (line starts at byte 0), field hash_id_block_size: found 1.5: \
             expected a whole number from 0 to 4294967295, and this one has a fraction",
        ),
    },
    // Rows in order of time; the sub-agent is a session of its own, and its times count from its
    // marker; ids are the session's, sub-agents included.
    Sample {
        file: "weka.json",
        format: "weka",
        held_as: Spread,
        unit: (Seconds, Schema),
        size: (64, Field),
        scope: (Local, Field),
        snapshot: "10 130 4 0 [0, 1]\n\
                   12.5 64 4 1 [0]\n\
                   15 192 4 0 [0, 1, 2]\n\
                   21.5 128 4 1 [0, 3]\n\
                   0.5 64 4 2 [4]\n",
        broken: (
            "\"in\": 64",
            "\"in\": -64",
            "line 11, column 39 (line starts at byte 234), field in: found -64: expected a \
             whole number from 0 to 4294967295",
        ),
    },
    // Groups stand in the order of the prompt; 2 in the history is not 2 in the user's input.
    Sample {
        file: "ragpulse.jsonl",
        format: "ragpulse",
        held_as: Lines,
        unit: (Seconds, Schema),
        size: (512, Assumed),
        scope: (Global, Assumed),
        snapshot: "0.5 2400 10 0 [0, 1, 2, 3, 4]\n1.25 2000 10 1 [0, 5, 6]\n",
        broken: (
            "web_search",
            "tool",
            "line 1, column 139 (line starts at byte 0), field hash_ids: found \"tool\": \
             expected one array of block ids in prefix order, or RAGPulse's groups \
             (sys_prompt, passages_ids, history, web_search, user_input), whose order is \
             known",
        ),
    },
    Sample {
        file: "tair_optimizer.jsonl",
        format: "tair_optimizer",
        held_as: Lines,
        unit: (Microseconds, Field),
        size: (1024, Fit),
        scope: (Global, Assumed),
        snapshot: "1 2600 0 - [0, 1]\n2 3900 7 - [0, 1, 2]\n",
        broken: (
            "88123]",
            "88123.0]",
            "line 1, column 87 (line starts at byte 0), field keys: found 88123.0: expected \
             a block id: a whole number from -9223372036854775808 to 18446744073709551615, \
             without a point, or a string",
        ),
    },
    Sample {
        file: "tair_timeline.jsonl",
        format: "tair_timeline",
        held_as: Lines,
        unit: (Seconds, Digits),
        size: (256, Fit),
        scope: (Global, Assumed),
        snapshot: "1718000000.125 600 0 - [0, 1]\n1718000000.5 800 0 - [0, 1, 2]\n",
        broken: (
            "\"00b2\"]",
            "\"00b2",
            "line 1, column 93 (line starts at byte 0), field input_block_hash_ids: found \
             pods\":: expected ',' or ']' in the list of ids",
        ),
    },
    Sample {
        file: "tair_replay.jsonl",
        format: "tair_replay",
        held_as: Lines,
        unit: (Seconds, Fit),
        size: (256, Fit),
        scope: (Global, Assumed),
        snapshot: "1000 1280 1 - [0, 1, 2, 3, 4]\n1000.5 1024 1 - [0, 1, 2, 5]\n",
        broken: (
            "1000.0",
            "-1000.0",
            "line 1, column 15 (line starts at byte 0), field timestamp: found -1000.0: \
             times count from the start of the trace or from 1970, so none lies before 0: \
             subtract the smallest one from all",
        ),
    },
    // The tokens of full blocks: the first row's 33 make two, the last one's 17 make one.
    Sample {
        file: "llm_serving_sim.jsonl",
        format: "llm_serving_sim",
        held_as: Lines,
        unit: (Nanoseconds, Field),
        size: (16, Assumed),
        scope: (Global, Assumed),
        snapshot: "1 33 2 - [0, 1]\n2 16 5 0 [0]\n2.5 17 5 0 [2]\n",
        broken: (
            "\"input_tok_ids\": [1,",
            "\"input_tok_ids\": [true,",
            "line 1, column 87 (line starts at byte 0), field input_tok_ids: found true: \
             expected a whole number from 0 to 4294967295",
        ),
    },
    Sample {
        file: "lmcache_lookup.jsonl",
        format: "lmcache_lookup",
        held_as: Lines,
        unit: (Seconds, Digits),
        size: (256, Field),
        scope: (Global, Assumed),
        snapshot: "1711929600.125 600 0 - [0, 1]\n1711929601.5 300 0 - [0]\n",
        broken: (
            "\"seq_len\": 600",
            "\"len\": 600",
            "line 1, column 198 (line starts at byte 0): found the end of the line: the line \
             has no prompt length; its keys are timestamp, request_id, model_name, \
             chunk_size, len, dtypes, shapes, chunk_hashes; known names are input_length, \
             in, input_len, input_toks, input_tokens, Request tokens, ContextTokens, \
             prompt_tokens, prompt_length, prompt_len, num_prefill_tokens, isl, seq_len",
        ),
    },
    Sample {
        file: "baseten.jsonl",
        format: "baseten",
        held_as: Lines,
        unit: (Milliseconds, Field),
        size: (64, Field),
        scope: (Global, Assumed),
        snapshot: "1732000000 128 50 0 [0, 1]\n1732000000.8 200 8 1 [0, 1, 2]\n",
        broken: (
            "\"block_size\": 64",
            "\"block_size\": \"big\"",
            "line 1, column 180 (line starts at byte 0), field block_size: found \"big\": \
             expected a whole number from 0 to 4294967295",
        ),
    },
    Sample {
        file: "burstgpt.csv",
        format: "burstgpt",
        held_as: Csv,
        unit: (Seconds, Schema),
        size: (512, Assumed),
        scope: (Global, Assumed),
        snapshot: "5 472 18 - []\n45 1087 230 - []\n",
        broken: (
            "1087",
            "many",
            "line 3, column 10 (line starts at byte 107), field Request tokens: found \
             \"many\": expected a whole number from 0 to 4294967295",
        ),
    },
    Sample {
        file: "azure.csv",
        format: "azure",
        held_as: Csv,
        unit: (Seconds, Field),
        size: (512, Assumed),
        scope: (Global, Assumed),
        snapshot: "1700158546.5 374 44 - []\n1700158550.75 396 109 - []\n",
        broken: (
            "18:15:50",
            "18:61:50",
            "line 3, column 1 (line starts at byte 77), field TIMESTAMP: found \"2023-11-16 \
             18:61:50.750…: expected a time: a number, 0 or above, or a date as in \
             2025-07-01T10:00:00Z",
        ),
    },
    // A byte order mark, a blank line, blanks everywhere, ids and sessions as text and number.
    Sample {
        file: "aliases.jsonl",
        format: "aliases",
        held_as: Lines,
        unit: (Seconds, Field),
        size: (512, Fit),
        scope: (Global, Assumed),
        snapshot: "0.5 600 8 0 [0, 1]\n1.25 1025 8 0 [0, 1, 2]\n2 1 0 - [3]\n",
        broken: (
            "\"keys\":[3,4]",
            "\"keys\":[3,[4]]",
            "line 1, column 78 (line starts at byte 0), field keys: found \
             [4]],\"model\":\"m\",\"conver…: expected a block id: a whole number from \
             -9223372036854775808 to 18446744073709551615, without a point, or a string",
        ),
    },
];
