//! Picking the best node, and the record of why.

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

/// Takes down the components of a decision while somebody wants them.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    wanted: bool,
    columns: &'static [&'static str],
    values: Vec<f64>,
}

impl Notes {
    /// Notes that are kept only if `wanted`.
    pub fn new(wanted: bool) -> Self {
        Self { wanted, columns: &[], values: Vec::new() }
    }

    /// Starts the table of a decision. A router that decides in rounds starts again for the
    /// round that decides.
    #[inline]
    pub fn start(&mut self, columns: &'static [&'static str]) {
        self.columns = columns;
        self.values.clear();
    }

    /// Notes the components of the next node.
    #[inline]
    pub fn row(&mut self, components: &[f64]) {
        if self.wanted {
            debug_assert_eq!(components.len(), self.columns.len());
            self.values.extend_from_slice(components);
        }
    }

    /// The table, for the request and the node picked.
    pub fn decision(self, request: u64, node: u32) -> Decision {
        Decision { request, node, columns: self.columns.to_vec(), values: self.values }
    }
}

/// The node whose last component is highest; ties go to the lowest index.
pub fn highest<const K: usize>(
    nodes: usize,
    notes: &mut Notes,
    columns: &'static [&'static str; K],
    mut components: impl FnMut(usize) -> [f64; K],
) -> usize {
    notes.start(columns);
    let (mut best, mut best_score) = (0, f64::NEG_INFINITY);
    for node in 0..nodes {
        let row = components(node);
        notes.row(&row);
        if best_score < row[K - 1] {
            (best, best_score) = (node, row[K - 1]);
        }
    }
    best
}

/// The node whose last component is lowest; ties go to the lowest index.
pub fn lowest<const K: usize>(
    nodes: usize,
    notes: &mut Notes,
    columns: &'static [&'static str; K],
    mut components: impl FnMut(usize) -> [f64; K],
) -> usize {
    notes.start(columns);
    let (mut best, mut best_cost) = (0, f64::INFINITY);
    for node in 0..nodes {
        let row = components(node);
        notes.row(&row);
        if row[K - 1] < best_cost {
            (best, best_cost) = (node, row[K - 1]);
        }
    }
    best
}
