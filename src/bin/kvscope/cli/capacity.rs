//! Capacities as people say them: in blocks, or in GiB for a model.

use anyhow::{Context, Result, bail};
use kvscope::clock::MODELS;
use kvscope::model::{DEFAULT_BLOCK_SIZE, UNLIMITED_BLOCKS};
use std::str::FromStr;

const GIB: f64 = (1_u64 << 30) as f64;

/// What one node may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Capacity {
    Blocks(u32),
    Bytes(f64),
}

impl FromStr for Capacity {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let expected = || format!("found {text:?}, expected blocks (5859), 915GiB, 1TiB or inf");
        for (suffix, bytes) in [("GiB", GIB), ("TiB", 1024.0 * GIB)] {
            if let Some(amount) = text.strip_suffix(suffix) {
                let amount: f64 = amount.trim().parse().with_context(expected)?;
                if !(amount.is_finite() && amount > 0.0) {
                    bail!(expected());
                }
                return Ok(Self::Bytes(amount * bytes));
            }
        }
        match text {
            "inf" | "unlimited" => Ok(Self::Blocks(UNLIMITED_BLOCKS)),
            _ => Ok(Self::Blocks(text.parse().with_context(expected)?)),
        }
    }
}

impl Capacity {
    /// The whole blocks of `block_size` tokens (512 where none is said) that fit for `model`.
    pub(crate) fn blocks(self, model: &str, block_size: Option<u32>) -> Result<u32> {
        let bytes = match self {
            Self::Blocks(blocks) => return Ok(blocks),
            Self::Bytes(bytes) => bytes,
        };
        let row = MODELS.iter().find(|row| row.id == model).with_context(|| {
            let ids: Vec<&str> = MODELS.iter().map(|row| row.id).collect();
            format!("found model {model}, expected one of {}", ids.join(", "))
        })?;
        let tokens = f64::from(block_size.unwrap_or(DEFAULT_BLOCK_SIZE));
        Ok((bytes / (tokens * row.kv_bytes_per_token)).min(f64::from(UNLIMITED_BLOCKS)) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tebibyte_holds_6553_blocks_of_llama_3_70b() {
        let capacity: Capacity = "1TiB".parse().expect("a capacity");
        assert_eq!(capacity.blocks("llama3-70b", None).expect("a model"), 6553);
        let fine: Capacity = "1 GiB".parse().expect("a capacity");
        assert_eq!(fine.blocks("llama3.1-8b", Some(16)).expect("a model"), 512);
        assert!("-1GiB".parse::<Capacity>().is_err());
        assert!("5 GB".parse::<Capacity>().is_err());
    }
}
