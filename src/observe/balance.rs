//! How unequally something is spread over nodes.

use crate::columns::order;
use serde::{Deserialize, Serialize};

/// Measures of spread of non-negative whole numbers x_i over N nodes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// max x / Σx, in [1/N, 1]; 0 while the sum is.
    pub largest_share: f64,
    /// Which node that is; the lowest index among equals.
    pub largest_node: u32,
    /// (Σx)² / (N·Σx²), in [1/N, 1]; 1 while the sum is 0.
    pub jain: f64,
    /// Σ_i Σ_j |x_i − x_j| / (2·N·Σx), in [0, 1); 0 while the sum is.
    pub gini: f64,
    /// max x / (Σx / N), in [1, N]; 0 while the sum is.
    pub max_over_mean: f64,
}

impl Balance {
    /// Of one value a node, those alone that are alive.
    pub fn of_living(alive: &[bool], values: impl Iterator<Item = u64>) -> Self {
        let living = values.zip(alive).filter(|(_, alive)| **alive).map(|(value, _)| value);
        let mut balance = Self::new(living);
        let mut nodes = (0..).zip(alive).filter(|(_, alive)| **alive).map(|(node, _)| node);
        balance.largest_node = nodes.nth(balance.largest_node as usize).unwrap_or(0);
        balance
    }

    /// Whether there was anything to be spread: where not, no share can be told.
    pub fn is_of_something(&self) -> bool {
        self.max_over_mean > 0.0
    }

    /// Of one value a node. O(N log N).
    pub fn new(values: impl Iterator<Item = u64>) -> Self {
        let mut values: Vec<u64> = values.collect();
        let nodes = values.len() as f64;
        let (mut largest, mut largest_node) = (0, 0);
        for (node, &value) in values.iter().enumerate() {
            if largest < value {
                (largest, largest_node) = (value, node as u32);
            }
        }
        let sum: u64 = values.iter().sum();
        if sum == 0 {
            let (largest_share, gini, max_over_mean) = (0.0, 0.0, 0.0);
            return Self { largest_share, largest_node: 0, jain: 1.0, gini, max_over_mean };
        }
        order::sort(&mut values);
        let sum = sum as f64;
        let squares: f64 = values.iter().map(|&value| value as f64 * value as f64).sum();
        // Sorted ascending, Σ|x_i − x_j| is 2·Σ (2i − N + 1)·x_i over i from 0.
        let ranked = (0..).zip(&values);
        let spread: f64 =
            ranked.map(|(i, &value)| (2.0 * f64::from(i) - nodes + 1.0) * value as f64).sum();
        let largest = largest as f64;
        Self {
            largest_share: largest / sum,
            largest_node,
            jain: sum * sum / (nodes * squares),
            gini: spread / (nodes * sum),
            max_over_mean: largest / (sum / nodes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_spread_and_one_node_with_everything_are_the_ends() {
        let equal = Balance::new([5, 5, 5, 5].into_iter());
        let want = (0.25, 1.0, 0.0, 1.0);
        assert_eq!((equal.largest_share, equal.jain, equal.gini, equal.max_over_mean), want);
        let one = Balance::new([0, 0, 8, 0].into_iter());
        assert_eq!((one.largest_share, one.largest_node), (1.0, 2));
        assert_eq!((one.jain, one.gini, one.max_over_mean), (0.25, 0.75, 4.0));
    }

    #[test]
    fn gini_equals_its_double_sum() {
        let values = [3_u64, 9, 0, 4, 4];
        let pairs = values.iter().flat_map(|&a| values.iter().map(move |&b| a.abs_diff(b)));
        let want = pairs.sum::<u64>() as f64 / (2.0 * 5.0 * 20.0);
        assert!((Balance::new(values.into_iter()).gini - want).abs() < 1e-15);
    }
}
