//! Capacity said once: in blocks, in tokens, in bytes of a model's KV cache, or without limit.
//!
//! The command line, links, the page and the library all say it in the setting `capacity_blocks`:
//! a whole number of blocks, or a text that [`Capacity::parse`] reads. Bytes and tokens become
//! blocks once it is known how many tokens a block has.

use crate::clock::ModelRow;
use crate::model::UNLIMITED_BLOCKS;
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
                let amount = amount.trim().parse().ok();
                let amount: Option<f64> = amount.filter(|&it: &f64| it.is_finite() && it > 0.0);
                let amount = amount.ok_or_else(|| format!("a number above 0 before {unit}"))?;
                let of_bytes = bytes.map(|bytes| Self::Bytes(amount * bytes));
                return Ok(of_bytes.unwrap_or(Self::Tokens(amount)));
            }
        }
        let blocks = text.parse().ok().filter(|blocks| (1..=UNLIMITED_BLOCKS).contains(blocks));
        let (most, examples) = (UNLIMITED_BLOCKS, WORDING.examples);
        let expected =
            || format!("a whole number of blocks in [1, {most}], or a number {examples}");
        blocks.map(Self::Blocks).ok_or_else(expected)
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
    fn a_capacity_is_read_back_as_it_is_told() {
        for text in ["1", "5859", "inf", "915GiB", "1TiB", "0.5MiB", "3000000tokens"] {
            let capacity = Capacity::parse(text).expect(text);
            assert_eq!(Capacity::parse(&capacity.to_string()), Ok(capacity), "{text}");
        }
    }
}
