//! What a routing decision was made of.

use serde::Serialize;

/// Which value of what was compared wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// The highest.
    Highest,
    /// The lowest.
    Lowest,
}

/// The components of one decision, and what the cluster looked like to it.
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
    /// Which value of the last component wins; none where the router picks without comparing it
    /// over all nodes.
    pub aim: Option<Aim>,
    /// Blocks of the request.
    pub blocks: u32,
    /// Its leading blocks resident on every node, before anything was inserted.
    pub matched: Vec<u32>,
    /// How old the load signals were that the router saw: in seconds, or without time in requests.
    pub signal_age: f64,
    /// Under the timed clock, the time to first token that every node would have given, in seconds:
    /// the picked one with what the router had fetched, the others with what they hold.
    pub ttft_s: Vec<f64>,
}

impl Decision {
    /// One component of every node; empty if there is none of that name.
    pub fn column(&self, name: &str) -> Vec<f64> {
        let at = self.columns.iter().position(|&column| column == name);
        let rows = self.values.chunks(self.columns.len().max(1));
        at.map_or_else(Vec::new, |at| rows.map(|row| row[at]).collect())
    }
}
