//! Rows that differ in nothing but the seed: their mean and how sure it is.

use super::document::Row;
use super::metric::METRICS;
use super::student::t95;
use serde::Serialize;
use std::collections::BTreeMap;

/// The mean of a figure over the seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mean {
    /// Of the seeds' values.
    pub mean: f64,
    /// Half the width of the 95 % interval by Student's t; 0 where every seed gave the same value,
    /// and none for a single seed.
    pub half_width: Option<f64>,
    /// Least of the values.
    pub least: f64,
    /// Largest of the values.
    pub most: f64,
}

/// One combination of a sweep's axes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Its number.
    pub group: u32,
    /// Its value of each axis that counts.
    pub point: BTreeMap<String, String>,
    /// Rows it has so far.
    pub seeds: u32,
    /// One for each of [`METRICS`]; none where the clock does not tell it.
    pub means: Vec<Option<Mean>>,
}

impl Mean {
    /// Of at least one value. O(n).
    pub fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let (least, most) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |range, &it| {
            (range.0.min(it), range.1.max(it))
        });
        // A sum of equal values divided by their number need not be that value.
        if least == most {
            let half_width = (values.len() > 1).then_some(0.0);
            return Self { mean: least, half_width, least, most };
        }
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let deviation = libm::sqrt(squares / (n - 1.0));
        let half_width = Some(t95(values.len() as u32 - 1) * deviation / libm::sqrt(n));
        Self { mean, half_width, least, most }
    }
}

/// The groups of rows that stand in the order of their cells. O(rows).
pub fn groups(rows: &[Row]) -> Vec<Group> {
    let of = |rows: &[Row]| {
        let mean = |metric: &super::Metric| {
            let values: Option<Vec<f64>> =
                rows.iter().map(|row| (metric.of)(&row.summary)).collect();
            values.map(|values| Mean::of(&values))
        };
        Group {
            group: rows[0].group,
            point: rows[0].point.clone(),
            seeds: rows.len() as u32,
            means: METRICS.iter().map(mean).collect(),
        }
    };
    rows.chunk_by(|one, other| one.group == other.group).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_students() {
        // By hand: mean 3, deviation √2.5, t 2.776 of 4 degrees: 2.776 × 1.5811 / 2.2361.
        let mean = Mean::of(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!((mean.mean, mean.least, mean.most), (3.0, 1.0, 5.0));
        assert!((mean.half_width.unwrap() - 1.9632).abs() < 1e-3, "{mean:?}");
        assert_eq!(Mean::of(&[7.0]).half_width, None);
        assert_eq!(Mean::of(&[0.1, 0.1, 0.1]).half_width, Some(0.0));
        assert_eq!(Mean::of(&[0.1, 0.1, 0.1]).mean, 0.1);
    }
}
