//! Capacity said once: in blocks, in tokens, in bytes of a model's KV cache, or without limit.
//!
//! The command line, links, the page and the library all say it in the setting `capacity_blocks`:
//! a whole number of blocks, or a text that [`Capacity::parse`] reads. Bytes and tokens become
//! blocks once it is known how many tokens a block has.

use crate::clock::ModelRow;
use crate::model::UNLIMITED_BLOCKS;
use crate::number;
use crate::params::{ParamValue, Wording};
use std::fmt;

/// What one node may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Capacity {
    /// So many blocks, in `[1, 2^30]`; 2^30 is unlimited.
    Blocks(u32),
    /// As many whole blocks as fit into so many tokens.
    Tokens(f64),
    /// As many whole blocks as fit into so many bytes.
    Bytes(f64),
}

const MIB: f64 = (1_u64 << 20) as f64;

/// Units with their bytes; tokens have a model's. A word that is not here is no unit; case counts.
const UNITS: &[(&str, Option<f64>)] = &[
    ("tokens", None),
    ("MiB", Some(MIB)),
    ("GiB", Some(MIB * 1024.0)),
    ("TiB", Some(MIB * 1024.0 * 1024.0)),
];

/// Decimal units with their bytes. Elsewhere they are asked back, since people mean either.
const DECIMAL: &[(&str, f64)] = &[("MB", 1e6), ("GB", 1e9), ("TB", 1e12)];

/// How the setting `capacity_blocks` may be said besides as a number.
pub(super) const WORDING: Wording = Wording {
    units: &["tokens", "MiB", "GiB", "TiB"],
    examples: "with a unit (915GiB, 1TiB, 3000000tokens), or inf",
    check: |text| Capacity::parse(text).map(|_| ()),
};

impl Capacity {
    /// No limit.
    pub const UNLIMITED: Self = Self::Blocks(UNLIMITED_BLOCKS);

    /// Reads `5859`, `915GiB`, `1 TiB`, `3000000tokens`, `inf`.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if matches!(text, "inf" | "unlimited") {
            return Ok(Self::UNLIMITED);
        }
        for (unit, bytes) in UNITS {
            if let Some(amount) = text.strip_suffix(unit) {
                let amount = number::parse(amount.trim());
                let amount = amount.filter(|&it| it.is_finite() && it > 0.0);
                let amount = amount.ok_or_else(|| format!("a number above 0 before {unit}"))?;
                let of_bytes = bytes.map(|bytes| Self::Bytes(amount * bytes));
                return Ok(of_bytes.unwrap_or(Self::Tokens(amount)));
            }
        }
        let blocks = text.parse().ok().filter(|blocks| (1..=UNLIMITED_BLOCKS).contains(blocks));
        blocks.map(Self::Blocks).ok_or_else(|| {
            let (most, examples, hint) = (UNLIMITED_BLOCKS, WORDING.examples, hint(text));
            format!("a whole number of blocks in [1, {most}], or a number {examples}{hint}")
        })
    }

    /// As [`Capacity::parse`], and `4GB` too, which are 4·10⁹ bytes: as files of configurations
    /// have it.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse_decimal(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let decimal = DECIMAL.iter().find_map(|(unit, bytes)| {
            let amount = number::parse(text.strip_suffix(unit)?.trim())?;
            (amount.is_finite() && amount > 0.0).then_some(Self::Bytes(amount * bytes))
        });
        decimal.map_or_else(|| Self::parse(text), Ok)
    }

    /// Of a checked value of the setting.
    ///
    /// # Panics
    /// If it is not one that the setting accepts.
    pub fn of(value: &ParamValue) -> Self {
        match value {
            ParamValue::Number(blocks) => Self::Blocks(*blocks as u32),
            other => Self::parse(&other.to_string()).expect("a checked capacity"),
        }
    }

    /// The whole blocks of `block_size` tokens that fit for `model`, at most 2^30; `None` where
    /// not even one does.
    pub fn blocks(self, block_size: u32, model: &ModelRow) -> Option<u32> {
        let tokens = f64::from(block_size);
        let blocks = match self {
            Self::Blocks(blocks) => return Some(blocks),
            Self::Tokens(capacity) => capacity / tokens,
            Self::Bytes(bytes) => bytes / (tokens * model.kv_bytes_per_token),
        };
        let blocks = blocks.min(f64::from(UNLIMITED_BLOCKS)) as u32;
        (blocks > 0).then_some(blocks)
    }
}

/// What a text that is no capacity may have meant.
fn hint(text: &str) -> String {
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let (amount, unit) = text.split_at(text.find(|c| !digits(c)).unwrap_or(text.len()));
    let unit = unit.trim().to_ascii_lowercase();
    let Some(amount) = number::parse(amount) else {
        let unlimited = ["infinite", "infinity", "unlimited", "none", "max", "∞"];
        let meant = unlimited.contains(&text.to_ascii_lowercase().as_str());
        return if meant { "; did you mean inf?".to_owned() } else { String::new() };
    };
    let decimal = match unit.as_str() {
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "m" | "mi" | "mib" => return format!("; did you mean {amount}MiB?"),
        "g" | "gi" | "gib" => return format!("; did you mean {amount}GiB?"),
        "t" | "ti" | "tib" => return format!("; did you mean {amount}TiB?"),
        "token" | "tokens" | "tok" => return format!("; did you mean {amount}tokens?"),
        "block" | "blocks" => return format!("; did you mean {amount}?"),
        _ => return String::new(),
    };
    let gib = amount * decimal / (MIB * 1024.0);
    let unit = unit.to_ascii_uppercase();
    format!("; {amount} {unit} are {gib:.2}GiB: a GiB is 2^30 bytes, a GB 10^9")
}

/// As a configuration says it.
impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocks(UNLIMITED_BLOCKS) => f.write_str("inf"),
            Self::Blocks(blocks) => write!(f, "{blocks}"),
            Self::Tokens(tokens) => write!(f, "{tokens}tokens"),
            Self::Bytes(bytes) if *bytes < MIB * 1024.0 => write!(f, "{}MiB", bytes / MIB),
            Self::Bytes(bytes) => write!(f, "{}GiB", bytes / (MIB * 1024.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MODELS;

    fn blocks(text: &str, block_size: u32, model: &str) -> Option<u32> {
        let model = MODELS.iter().find(|row| row.id == model).expect("a model");
        Capacity::parse(text).expect("a capacity").blocks(block_size, model)
    }

    #[test]
    fn what_people_say_becomes_blocks_of_the_traces_size() {
        // 2^40 bytes / (512 tokens × 320 KiB) = 6,553.6 blocks.
        assert_eq!(blocks("1TiB", 512, "llama3-70b"), Some(6553));
        assert_eq!(blocks("1TiB", 16, "llama3-70b"), Some(209_715));
        assert_eq!(blocks(" 1 GiB ", 16, "llama3.1-8b"), Some(512));
        assert_eq!(blocks("3e6tokens", 512, "llama3-70b"), Some(5859));
        assert_eq!(blocks("3000000 tokens", 16, "kimi-k2"), Some(187_500));
        assert_eq!(blocks("5859", 16, "llama3-70b"), Some(5859));
        assert_eq!(blocks("inf", 512, "llama3-70b"), Some(UNLIMITED_BLOCKS));
        assert_eq!(blocks("99999999TiB", 16, "qwen2.5-7b"), Some(UNLIMITED_BLOCKS));
        assert_eq!(blocks("100MiB", 512, "llama3-70b"), None, "a block has 160 MiB");
        assert_eq!(blocks("100MiB", 16, "llama3-70b"), Some(20));
    }

    #[test]
    fn what_is_no_capacity_is_refused() {
        let refused =
            ["", "0", "-1GiB", "nanGiB", "infTiB", "0GiB", "5.5", "-3", "1073741825", "GiB", "1GB"];
        for text in refused {
            assert!(Capacity::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_asked_back_with_the_difference() {
        let cases = [
            ("100GB", "; 100 GB are 93.13GiB: a GiB is 2^30 bytes, a GB 10^9"),
            ("1.5 tb", "; 1.5 TB are 1396.98GiB: a GiB is 2^30 bytes, a GB 10^9"),
            ("915gib", "; did you mean 915GiB?"),
            ("1T", "; did you mean 1TiB?"),
            ("3000000 Tokens", "; did you mean 3000000tokens?"),
            ("64 blocks", "; did you mean 64?"),
            ("Infinity", "; did you mean inf?"),
        ];
        for (text, told) in cases {
            let refused = Capacity::parse(text).expect_err(text);
            assert!(refused.ends_with(told), "{text}: {refused}");
        }
        assert!(Capacity::parse("5.5").expect_err("no whole number").ends_with("or inf"));
    }

    #[test]
    fn a_capacity_is_read_back_as_it_is_told() {
        for text in ["1", "5859", "inf", "915GiB", "1TiB", "0.5MiB", "3000000tokens"] {
            let capacity = Capacity::parse(text).expect(text);
            assert_eq!(Capacity::parse(&capacity.to_string()), Ok(capacity), "{text}");
        }
    }
}
