//! Student's t, as far as an interval of a mean needs it.
//!
//! The distribution function for whole degrees of freedom is a finite sum (Abramowitz and Stegun,
//! Handbook of Mathematical Functions, 26.7.3 and 26.7.4); its inverse is found by halving.

use std::f64::consts::FRAC_PI_2;

/// The share of |t| ≤ `t` among `freedom` ≥ 1 degrees of freedom, `t` ≥ 0. O(freedom).
fn within(t: f64, freedom: u32) -> f64 {
    let n = f64::from(freedom);
    let theta = libm::atan2(t, libm::sqrt(n));
    let (sine, cosine) = (libm::sin(theta), libm::cos(theta));
    let odd = freedom % 2 == 1;
    // The sum's terms: cosᵏ times a product of ratios, for k from 1 (odd) or 0 (even) up to n − 2.
    let (mut term, mut sum) = if odd { (cosine, 0.0) } else { (1.0, 0.0) };
    let mut power = if odd { 1 } else { 0 };
    while power + 2 <= freedom {
        sum += term;
        let (above, below) = (f64::from(power + 1), f64::from(power + 2));
        term *= cosine * cosine * above / below;
        power += 2;
    }
    if odd { (theta + sine * sum) / FRAC_PI_2 } else { sine * sum }
}

/// The t that 95 % of a distribution with `freedom` ≥ 1 degrees of freedom lie within, on both
/// sides. O(freedom).
pub(super) fn t95(freedom: u32) -> f64 {
    // Beyond this many it is the normal distribution's to five digits, and the sum only costs.
    let freedom = freedom.min(100_000);
    let (mut low, mut high) = (0.0, 16.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if within(middle, freedom) < 0.95 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_every_table_has() {
        // Two-sided 95 %, from any printed table.
        let table = [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (4, 2.776),
            (5, 2.571),
            (9, 2.262),
            (10, 2.228),
            (19, 2.093),
            (30, 2.042),
            (60, 2.000),
            (120, 1.980),
            (100_000, 1.960),
        ];
        for (freedom, t) in table {
            assert!((t95(freedom) - t).abs() < 6e-4, "{freedom}: {} and {t}", t95(freedom));
        }
    }
}
