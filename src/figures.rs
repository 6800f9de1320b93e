//! Figures as people read them: thousands apart, a minus that is one, a word in its number.
//!
//! Every sentence and table of the core and of the command line takes them from here; JSON and CSV
//! are for programs and have the plain numbers.

/// The sign below 0: a dash as wide as a plus.
pub const MINUS: &str = "−";

/// `1234567` as `1,234,567`.
pub fn grouped(number: u64) -> String {
    grouped_digits(&number.to_string())
}

/// So many of these: `1 block`, `1,234 blocks`.
pub fn counted(count: u64, what: &str) -> String {
    format!("{} {}", grouped(count), plural(count, what))
}

/// The word alone, as it stands behind so many.
pub fn plural(count: u64, what: &str) -> String {
    match (count, what.ends_with("ch")) {
        (1, _) => what.to_owned(),
        (_, true) => format!("{what}es"),
        (_, false) => format!("{what}s"),
    }
}

/// With so many decimals; what is written as zero has no sign.
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    if !value.is_finite() {
        return text;
    }
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero { MINUS } else { "" };
    format!("{sign}{}{rest}", grouped_digits(whole))
}

/// The same with its sign, on zero as well.
pub fn signed(value: f64, decimals: usize) -> String {
    let size = fixed(value.abs(), decimals);
    match size == fixed(0.0, decimals) {
        true => format!("±{size}"),
        false => format!("{}{size}", if value < 0.0 { MINUS } else { "+" }),
    }
}

/// A share in percent: `12.34 %`.
pub fn percent(share: f64, decimals: usize) -> String {
    format!("{} %", fixed(100.0 * share, decimals))
}

fn grouped_digits(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (number, want) in cases {
            assert_eq!(grouped(number), want);
        }
        assert_eq!(counted(1, "block"), "1 block");
        assert_eq!(counted(0, "block"), "0 blocks");
        assert_eq!(counted(2, "search"), "2 searches");
        assert_eq!(counted(12_031, "block"), "12,031 blocks");
    }

    #[test]
    fn what_is_below_0_has_a_minus_and_what_reads_as_0_has_none() {
        let cases = [
            (12_031.456, 2, "12,031.46"),
            (-12_031.456, 0, "−12,031"),
            (-0.004, 2, "0.00"),
            (0.5, 3, "0.500"),
            (999.996, 2, "1,000.00"),
            (f64::INFINITY, 1, "inf"),
        ];
        for (value, decimals, want) in cases {
            assert_eq!(fixed(value, decimals), want);
        }
        assert_eq!(
            [1.25, -1.25, -0.001].map(|it| signed(it, 1)),
            ["+1.2", "−1.2", "±0.0"].map(str::to_owned)
        );
        assert_eq!(percent(-0.123_45, 2), "−12.35 %");
    }
}
