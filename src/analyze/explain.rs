//! Why a request went where it went, in figures and in a sentence.
//!
//! docs/metrics.md defines regret and forgone locality under "Decisions".

use crate::figures;
use crate::model::{Aim, Decision};
use serde::Serialize;
use std::cmp::Ordering;

/// What a decision amounts to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// The node with the longest match, the picked one if it has it, else the lowest index.
    pub longest_node: u32,
    /// Leading blocks that it holds.
    pub longest_match: u32,
    /// Leading blocks that it holds beyond those of the picked node.
    pub forgone_blocks: u32,
    /// How much better than the picked node's the best value was of what the router compares, in
    /// its own unit, 0 or above; none where it does not compare all nodes.
    pub regret: Option<f64>,
    /// The node with the least time to first token, the picked one if it has it, else the lowest
    /// index; none without time.
    pub fastest_node: Option<u32>,
    /// How much longer the picked node's time to first token was than that node's, in seconds.
    pub regret_s: Option<f64>,
    /// All of it in words.
    pub why: String,
}

/// A decision and what it amounts to, as one object.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explained<'a> {
    /// What was taken down.
    #[serde(flatten)]
    pub decision: &'a Decision,
    /// What it amounts to.
    #[serde(flatten)]
    pub told: Told,
}

impl<'a> Explained<'a> {
    /// Of a decision that was taken down. O(nodes).
    pub fn of(decision: &'a Decision) -> Self {
        Self { decision, told: Told::of(decision) }
    }
}

/// The best of `values`, node `picked` before its equals, then the lowest index; a node that is not
/// alive has no number.
fn best(values: &[f64], picked: usize, better: Ordering) -> usize {
    let beats = |one: usize, other: usize| {
        !values[one].is_nan() && values[one].total_cmp(&values[other]) == better
    };
    (0..values.len()).fold(picked, |best, node| if beats(node, best) { node } else { best })
}

impl Told {
    /// Of a decision that was taken down. O(nodes).
    pub fn of(decision: &Decision) -> Self {
        let picked = decision.node as usize;
        let matched: Vec<f64> = decision.matched.iter().copied().map(f64::from).collect();
        let longest = best(&matched, picked, Ordering::Greater);
        let (longest_match, own) = (decision.matched[longest], decision.matched[picked]);
        let timed = !decision.ttft_s.is_empty();
        let fastest = timed.then(|| best(&decision.ttft_s, picked, Ordering::Less));
        let mut told = Self {
            longest_node: longest as u32,
            longest_match,
            forgone_blocks: longest_match - own,
            regret: compared(decision).map(|(values, better)| {
                let node = best(&values, picked, better);
                (values[node] - values[picked]).abs()
            }),
            fastest_node: fastest.map(|node| node as u32),
            regret_s: fastest.map(|node| decision.ttft_s[picked] - decision.ttft_s[node]),
            why: String::new(),
        };
        told.why = why(decision, &told);
        told
    }
}

/// What the router compared, of every node, and what wins.
fn compared(decision: &Decision) -> Option<(Vec<f64>, Ordering)> {
    let better = match decision.aim? {
        Aim::Highest => Ordering::Greater,
        Aim::Lowest => Ordering::Less,
    };
    Some((decision.column(decision.columns.last()?), better))
}

fn why(decision: &Decision, told: &Told) -> String {
    let picked = decision.node as usize;
    let mut why = format!("Request {} went to node {picked}", figures::grouped(decision.request));
    match compared(decision) {
        None => why += ", which this router picks without comparing all nodes",
        Some((values, better)) => {
            let word = if better == Ordering::Greater { "highest" } else { "lowest" };
            let (name, unit) = named(decision.columns.last().copied().unwrap_or_default());
            let equals = values.iter().filter(|&&value| value == values[picked]).count() - 1;
            let living = (0..values.len()).filter(|&node| !values[node].is_nan());
            let next = living.filter(|&node| values[node] != values[picked]);
            let next = next.reduce(|one, other| {
                if values[other].total_cmp(&values[one]) == better { other } else { one }
            });
            let [own, other] = apart(values[picked], next.map_or(f64::NAN, |next| values[next]));
            let is_best = told.regret == Some(0.0);
            let is = if is_best { "is" } else { "is not" };
            why += &format!(": its {name} of {own}{unit} {is} the {word}");
            if equals > 0 {
                why += &format!(", equal on {equals} more");
            }
            // Of those that it is not level with, the best.
            why += &match next {
                Some(next) if is_best => format!("; next is node {next} with {other}{unit}"),
                Some(next) => format!("; node {next} has {other}{unit}"),
                None => String::new(),
            };
        }
    }
    let own = decision.matched[picked];
    why += &format!(". It held {own} of {} leading blocks", decision.blocks);
    if told.forgone_blocks > 0 {
        why += &format!(", node {} {}", told.longest_node, told.longest_match);
    } else if own > 0 {
        why += ", and no node more";
    }
    if let (Some(node), Some(regret_s)) = (told.fastest_node, told.regret_s) {
        why += &format!(". Time to first token {} s", figure(decision.ttft_s[picked]));
        if regret_s > 0.0 {
            why += &format!("; node {node} would have taken {} s less", figure(regret_s));
        } else {
            why += ", the least of all nodes";
        }
    }
    why + "."
}

/// A column's name and its unit, which stands behind it where it is seconds.
fn named(column: &str) -> (&str, &str) {
    column.strip_suffix(" s").map_or((column, ""), |name| (name, " s"))
}

/// Two figures with as many digits as tell them apart, four at least.
fn apart(one: f64, other: f64) -> [String; 2] {
    let with = |digits: i32| [one, other].map(|value| rounded(value, digits));
    let first = |digits: &i32| with(*digits)[0] != with(*digits)[1];
    with((4..15).find(first).unwrap_or(15))
}

/// A figure with four digits that say something, as in 0.01235, 12.35 and 12,345.
fn figure(value: f64) -> String {
    rounded(value, 4)
}

fn rounded(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let above = libm::floor(libm::log10(value.abs())) as i32 + 1;
    let digits = (digits - above).clamp(0, digits + 4) as usize;
    let text = figures::fixed(value, digits);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(aim: Option<Aim>, compared: &[f64], matched: &[u32], ttft_s: &[f64]) -> Decision {
        Decision {
            request: 7,
            node: 1,
            columns: vec!["cost"],
            values: compared.to_vec(),
            aim,
            blocks: 9,
            matched: matched.to_vec(),
            signal_age: 0.0,
            ttft_s: ttft_s.to_vec(),
        }
    }

    #[test]
    fn regret_is_what_the_best_would_have_saved() {
        let told = Told::of(&decision(Some(Aim::Lowest), &[3.0, 2.0, 4.0], &[5, 2, 5], &[]));
        assert_eq!((told.longest_node, told.longest_match, told.forgone_blocks), (0, 5, 3));
        assert_eq!((told.regret, told.fastest_node, told.regret_s), (Some(0.0), None, None));
        assert_eq!(
            told.why,
            "Request 7 went to node 1: its cost of 2 is the lowest; next is node 0 with 3. It held \
             2 of 9 leading blocks, node 0 5."
        );
        let seconds = [1.5, 1.25, 0.25];
        let told = Told::of(&decision(Some(Aim::Highest), &[3.0, 2.0, 2.0], &[0, 2, 2], &seconds));
        assert_eq!((told.longest_node, told.forgone_blocks), (1, 0));
        assert_eq!(
            (told.regret, told.fastest_node, told.regret_s),
            (Some(1.0), Some(2), Some(1.0))
        );
        assert_eq!(
            told.why,
            "Request 7 went to node 1: its cost of 2 is not the highest, equal on 1 more; node 0 \
             has 3. It held 2 of 9 leading blocks, and no node more. Time to first token 1.25 s; \
             node 2 would have taken 1 s less."
        );
        let told = Told::of(&decision(None, &[3.0, 2.0, 2.0], &[0, 0, 0], &[1.0, 1.0, 1.0]));
        assert_eq!((told.regret, told.fastest_node, told.regret_s), (None, Some(1), Some(0.0)));
        assert!(told.why.contains("without comparing all nodes. It held 0 of 9"), "{}", told.why);
    }

    #[test]
    fn figures_keep_four_digits() {
        let cases = [
            (0.0, "0"),
            (0.012_341, "0.01234"),
            (12.345_6, "12.35"),
            (-3.5, "−3.5"),
            (123_456.7, "123,457"),
            (1.0, "1"),
            (1e-12, "0"),
            (f64::INFINITY, "inf"),
        ];
        for (value, want) in cases {
            assert_eq!(figure(value), want);
        }
    }
}
