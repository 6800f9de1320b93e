//! Figures in text, the same in every command: those of the core, and means with their intervals.

pub(crate) use kvscope::figures::{counted, fixed, grouped, plural, signed};
use kvscope::sweep::Mean;

/// What stands where there is no figure.
pub(crate) const NOTHING: &str = "–";

/// A part of a whole in percent.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => NOTHING.to_owned(),
        _ => share(part as f64 / whole as f64),
    }
}

/// A share in percent.
pub(crate) fn share(share: f64) -> String {
    kvscope::figures::percent(share, 2)
}

/// A time to the millisecond.
pub(crate) fn seconds(seconds: f64) -> String {
    format!("{} s", fixed(seconds, 3))
}

/// How a figure is told, by its unit.
struct Scale {
    factor: f64,
    decimals: usize,
    unit: &'static str,
}

/// A difference of shares is told in points.
fn scale(unit: &str, is_difference: bool) -> Scale {
    let (factor, decimals, unit) = match unit {
        "share" if is_difference => (100.0, 2, " points"),
        "share" => (100.0, 2, " %"),
        "s" => (1.0, 3, " s"),
        "blocks" => (1.0, 0, ""),
        _ => (1.0, 3, ""),
    };
    Scale { factor, decimals, unit }
}

/// A mean with its interval.
pub(crate) fn mean(mean: Mean, unit: &str) -> String {
    told(mean, &scale(unit, false), fixed)
}

/// How far a mean is from another, with its sign and its interval.
pub(crate) fn difference(mean: Mean, unit: &str) -> String {
    told(mean, &scale(unit, true), signed)
}

/// How far a mean is behind the best one: a difference that needs no sign.
pub(crate) fn behind(mean: Mean, unit: &str) -> String {
    told(mean, &scale(unit, true), fixed)
}

fn told(mean: Mean, scale: &Scale, written: fn(f64, usize) -> String) -> String {
    let Scale { factor, decimals, unit } = *scale;
    let interval = match mean.half_width {
        Some(half) if half > 0.0 => format!(" ±{}", fixed(factor * half, decimals)),
        _ => String::new(),
    };
    format!("{}{interval}{unit}", written(factor * mean.mean, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_signs_and_shares_are_told_in_points() {
        let of = |mean: f64, half_width| Mean { mean, half_width, least: mean, most: mean };
        assert_eq!(mean(of(0.1234, None), "share"), "12.34 %");
        assert_eq!(mean(of(1105.849, None), "s"), "1,105.849 s");
        assert_eq!(mean(of(0.995, None), ""), "0.995");
        assert_eq!(behind(of(0.0041, Some(0.001)), "share"), "0.41 ±0.10 points");
        let cases = [
            (of(-0.1234, None), "share", "−12.34 points"),
            (of(0.0, Some(0.0)), "s", "±0.000 s"),
            (of(2.5, Some(0.25)), "s", "+2.500 ±0.250 s"),
            (of(-1234.0, None), "blocks", "−1,234"),
        ];
        for (mean, unit, wanted) in cases {
            assert_eq!(difference(mean, unit), wanted);
        }
        assert_eq!((percent(1, 4), percent(0, 0)), ("25.00 %".to_owned(), "–".to_owned()));
    }
}
