//! What a routing decision was made of.

use serde::Serialize;

/// The components of one decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Decision {
    /// Request number from 1.
    pub request: u64,
    /// The node picked.
    pub node: u32,
    /// Names of the components; the last is what was compared.
    pub columns: Vec<&'static str>,
    /// Row-major nodes × columns.
    pub values: Vec<f64>,
}

impl Decision {
    /// One component of every node; empty if there is none of that name.
    pub fn column(&self, name: &str) -> Vec<f64> {
        let at = self.columns.iter().position(|&column| column == name);
        let rows = self.values.chunks(self.columns.len().max(1));
        at.map_or_else(Vec::new, |at| rows.map(|row| row[at]).collect())
    }
}
