//! Random trace files: mostly valid lines in every spelling, some damaged ones.

/// A splitmix64 stream: the tests need no crate for their randomness.
pub(crate) struct Random(u64);

const KEYS: &[&str] = &[
    "timestamp",
    "time_ms",
    "t",
    "input_length",
    "prompt_tokens",
    "output_length",
    "out",
    "session_id",
    "chat_id",
    "parent_chat_id",
    "block_size",
    "type",
    "hash_id_scope",
    "schema",
    "version",
    "extra",
    "time_unit",
    "inp\\u0075t_length",
    "keys",
    "play_id",
    "seq_len",
];

const VALUES: &[&str] = &[
    "0",
    "1",
    "16",
    "512",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "18446744073709551616",
    "-1",
    "-0",
    "1.5",
    "2e3",
    "1e400",
    "1e30",
    "1.1e30",
    "00",
    "NaN",
    "null",
    "true",
    "\"\"",
    "\"7\"",
    "\"07\"",
    "\"ms\"",
    "\"global\"",
    "\"local\"",
    "\"16.0\"",
    "-9223372036854775808",
    "-9223372036854775809",
    "\"-5\"",
    "\"2024-02-29 23:59:59.25\"",
    "{\"history\": [1], \"user_input\": [\"a\"]}",
    "\"caf\u{e9}\\u0041\\ud83d\\ude00\"",
    "[]",
    "{}",
    "[1, {\"hash_ids\": [\"x\"]}]",
    "{\"a\": {\"b\": [null, false]}}",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in [0, end).
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    pub(crate) fn file(&mut self) -> Vec<u8> {
        let mut file = Vec::new();
        if self.one_in(8) {
            file.extend_from_slice(b"\xef\xbb\xbf");
        }
        if self.one_in(6) {
            file.extend_from_slice(b"{\"schema\": \"x\", \"block_size\": 16}\n");
        }
        let end = self.of(&["\n", "\r\n", "\n\n", " \n"]);
        for _ in 0..self.below(30) {
            let mut line = self.line();
            if self.one_in(6) {
                self.damage(&mut line);
            }
            file.extend_from_slice(&line);
            file.extend_from_slice(end.as_bytes());
        }
        if self.one_in(3) {
            let cut = self.below(4).min(file.len());
            file.truncate(file.len() - cut);
        }
        file
    }

    fn line(&mut self) -> Vec<u8> {
        if self.one_in(3) {
            // The exact layout of the published traces.
            let (time, input, output) = (self.below(9_000), self.below(9_000), self.below(500));
            let ids = self.ids(", ");
            return format!(
                "{{\"timestamp\": {time}, \"input_length\": {input}, \"output_length\": {output}, \
                 \"hash_ids\": {ids}}}"
            )
            .into_bytes();
        }
        let blank = self.of(&["", " ", "  ", "\t"]);
        let colon = format!("{blank}:{}", self.of(&["", " "]));
        let separator = self.of(&[",", ", ", ",  ", " ,"]);
        let mut entries = vec![
            format!("\"timestamp\"{colon}{}", self.below(5_000)),
            format!("\"input_tokens\"{colon}{}", self.below(5_000)),
            format!("\"hash_ids\"{colon}{}", self.ids(separator)),
        ];
        for _ in 0..self.below(4) {
            let value = self.of(VALUES);
            entries.push(format!("\"{}\"{colon}{value}", self.of(KEYS)));
        }
        for place in (1..entries.len()).rev() {
            let other = self.below(place + 1);
            entries.swap(place, other);
        }
        format!("{{{blank}{}{blank}}}", entries.join(separator)).into_bytes()
    }

    /// Lines with the same keys in the same places, but for a few; some damaged.
    pub(crate) fn alike(&mut self) -> Vec<u8> {
        let (blank, colon) = (self.of(&["", "", " ", "\t"]), self.of(&[":", ": ", " :"]));
        let (separator, end) = (self.of(&[",", ", ", " ,"]), self.of(&["\n", "\r\n", " \n"]));
        let lengths = &["input_tokens", "input_length", "inp\\u0075t_length"];
        let mut keys = vec!["timestamp", self.of(lengths), self.of(&["hash_ids", "keys"])];
        let once = [lengths, &["prompt_tokens", "keys"][..]].concat();
        for _ in 0..self.below(6) {
            let key = self.of(KEYS);
            if !keys.contains(&key) && !once.contains(&key) {
                keys.insert(self.below(keys.len() + 1), key);
            }
        }
        let mut file = Vec::new();
        for _ in 0..5 + self.below(40) {
            let entry = |key: &&str| format!("\"{key}\"{colon}{}", self.value(key, separator));
            let entries: Vec<String> = keys.iter().map(entry).collect();
            let mut line = format!("{{{blank}{}{blank}}}", entries.join(separator)).into_bytes();
            match self.below(30) {
                0 => line = self.line(),
                1 | 2 => self.damage(&mut line),
                _ => {}
            }
            file.extend_from_slice(&line);
            file.extend_from_slice(end.as_bytes());
        }
        file
    }

    /// A value for this key, mostly one that it may have.
    fn value(&mut self, key: &str, separator: &str) -> String {
        match key {
            _ if self.one_in(60) => self.of(VALUES).to_owned(),
            "hash_ids" | "keys" => self.ids(separator),
            "timestamp" | "time_ms" | "t" => {
                let (whole, part) = (self.below(5_000), self.below(2_000));
                if self.one_in(2) { whole.to_string() } else { format!("{whole}.{part}") }
            }
            "session_id" | "chat_id" | "play_id" => self.below(9).to_string(),
            "parent_chat_id" => (self.below(9) as i64 - 1).to_string(),
            "type" => self.of(&["\"text\"", "\"search\"", "\"write\""]).to_owned(),
            "block_size" => "16".to_owned(),
            "schema" => "\"x\"".to_owned(),
            "time_unit" => "\"ms\"".to_owned(),
            "hash_id_scope" => "\"global\"".to_owned(),
            "extra" => self.of(VALUES).to_owned(),
            _ => self.below(5_000).to_string(),
        }
    }

    /// Mostly runs, from few starting points, so that prefixes are shared.
    fn ids(&mut self, separator: &str) -> String {
        let mut ids = Vec::new();
        let mut id = [0, 5, 96, 9_995, 99_999_990, u64::MAX - 9][self.below(6)];
        for _ in 0..self.below(24) {
            ids.push(match self.below(20) {
                0 => format!("\"{id}\""),
                1 => format!("\"0x{id:x}\""),
                3 => format!("\"0x{id:016x}\""),
                4 => format!("\"{id:016x}\""),
                5 => format!("\"{id:016X}\""),
                2 if self.one_in(9) => self.of(VALUES).to_owned(),
                _ => id.to_string(),
            });
            id = if self.one_in(5) { self.next() >> self.below(64) } else { id.wrapping_add(1) };
        }
        let blank = self.of(&["", "", " "]);
        format!("[{blank}{}{blank}]", ids.join(separator))
    }

    fn damage(&mut self, line: &mut Vec<u8>) {
        let place = self.below(line.len());
        match self.below(4) {
            0 => line.truncate(place),
            1 => line[place] = self.next() as u8,
            2 => drop(line.remove(place)),
            _ => {
                let value = self.of(VALUES).as_bytes();
                line.splice(place..place, value.iter().copied());
            }
        }
    }
}
