//! Values that are in range and yet do not fit the cluster: shares of a capacity that come to
//! nothing.

use super::{ParamSpec, Params};
use crate::error::Reason;

/// `share` of `capacity`, rounded down.
pub fn blocks_of(capacity: u32, share: f64) -> u32 {
    (f64::from(capacity) * share) as u32
}

/// The smallest capacity of which `share` > 0 is `least` ≥ 1 blocks.
fn least_capacity(share: f64, least: u32) -> u32 {
    let near = libm::ceil(f64::from(least) / share) as u32;
    // The quotient is rounded, and so may be one off either way.
    let around = near.saturating_sub(1)..=near.saturating_add(1);
    around.clone().find(|&capacity| least <= blocks_of(capacity, share)).unwrap_or(*around.end())
}

impl Params {
    /// Checks every value that is a share of a node's `capacity` in blocks, appending a reason
    /// for each that comes to too few of them. A share of 0 is meant.
    pub fn fit(&self, specs: &[ParamSpec], capacity: u32, path: &str, reasons: &mut Vec<Reason>) {
        for spec in specs.iter().filter(|spec| 0 < spec.least_blocks) {
            let (share, least) = (self.number(spec.name), spec.least_blocks);
            let blocks = blocks_of(capacity, share);
            if share == 0.0 || least <= blocks {
                continue;
            }
            let works_from = least_capacity(share, least);
            let expected = format!(
                "a share that comes to {least} of the node's blocks or more: of {capacity} it is \
                 {blocks}; with this share a capacity of {works_from} blocks does"
            );
            reasons.push(Reason {
                path: format!("{path}.{}", spec.name),
                value: share.to_string(),
                expected,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::ParamValue;

    const SPECS: &[ParamSpec] = &[
        ParamSpec::number("plain", 0.1, 0.0, 1.0),
        ParamSpec::number("kept", 0.25, 0.0, 1.0).least_blocks(1),
        ParamSpec::number("small", 0.1, 0.0, 1.0).least_blocks(2),
    ];

    fn told(kept: f64, capacity: u32) -> Vec<String> {
        let given = [("kept".to_owned(), ParamValue::Number(kept))];
        let mut reasons = Vec::new();
        let params = Params::resolve(SPECS, &given.into(), "params", &mut reasons);
        params.fit(SPECS, capacity, "params", &mut reasons);
        reasons.iter().map(Reason::to_string).collect()
    }

    #[test]
    fn a_share_of_too_few_blocks_is_told_with_the_capacity_from_which_it_works() {
        assert_eq!(
            told(0.25, 3),
            [
                "params.kept: found 0.25, expected a share that comes to 1 of the node's blocks or \
                 more: of 3 it is 0; with this share a capacity of 4 blocks does",
                "params.small: found 0.1, expected a share that comes to 2 of the node's blocks or \
                 more: of 3 it is 0; with this share a capacity of 20 blocks does",
            ]
        );
        assert_eq!(told(0.25, 20), [""; 0]);
        assert_eq!(told(0.0, 20), [""; 0], "none at all is meant");
    }

    #[test]
    fn the_least_capacity_is_the_least() {
        for hundredths in 1..=100 {
            let share = f64::from(hundredths) / 100.0;
            for least in 1..5 {
                let first = (1..).find(|&capacity| least <= blocks_of(capacity, share));
                assert_eq!(Some(least_capacity(share, least)), first, "{share} to {least}");
            }
        }
    }
}
