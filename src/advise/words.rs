//! Advice in sentences.

use super::Advice;
use super::goal::Margin;
use super::rank::{Ranked, Ranking};
use super::turns::{AtCapacity, Turns};
use crate::figures::{fixed, grouped};
use crate::sweep::Mean;

/// All of it.
pub(super) fn of(advice: &Advice) -> Vec<String> {
    let mut words = vec![class(advice)];
    words.extend(left_out(advice));
    for ranking in &advice.goals {
        words.extend(best(advice, ranking));
        words.extend(rule(advice, ranking));
    }
    words.extend(simplest(advice));
    words.extend(advice.turns.iter().map(|turns| turn(advice, turns)));
    words
}

fn class(advice: &Advice) -> String {
    let class = &advice.class;
    let (Some(leaf), Some(skew), Some(distance)) = (class.leaf(), class.skew, class.distance)
    else {
        return "Fewer than two blocks are used twice, so this trace has no skew and the notes' \
                rule says nothing of it."
            .to_owned();
    };
    format!(
        "By the notes' thresholds this trace has a {} ({skew:.3}), for which their rule of thumb \
         is {}. {} Its law and this trace's cumulated shares are up to {:.1} points apart.",
        leaf.condition,
        leaf.routers.join(" or "),
        class.caveat,
        100.0 * distance,
    )
}

/// Who would have been compared under another clock.
fn left_out(advice: &Advice) -> Option<String> {
    let ids: Vec<&str> = advice.left_out.iter().map(|it| it.router.as_str()).collect();
    (!ids.is_empty()).then(|| {
        format!(
            "Left out: {}. The {} clock knows no times, which these routers need, and tells no \
             p99 TTFT; under the timed clock they are compared, too.",
            ids.join(", "),
            advice.clock
        )
    })
}

/// A candidate in words.
fn name(advice: &Advice, candidate: u32) -> String {
    let candidate = &advice.candidates[candidate as usize];
    format!("{} with {}", candidate.router, candidate.eviction)
}

fn best(advice: &Advice, ranking: &Ranking) -> Option<String> {
    let (first, others) = ranking.ranked.split_first()?;
    let title = ranking.title;
    let value = told(first.value, ranking.unit, Kind::Value);
    let best = format!("{title}: {} is best, at {value}", name(advice, first.candidate));
    let level = others.iter().filter(|other| !other.told_apart).count();
    let worst = others.last();
    Some(match (level, worst) {
        (_, None) => format!("{best}; nothing else was compared."),
        (0, Some(worst)) => {
            let ahead = told(others[0].behind, ranking.unit, Kind::Difference);
            let next = name(advice, others[0].candidate);
            let cost = told(worst.behind, ranking.unit, Kind::Difference);
            let last = name(advice, worst.candidate);
            format!("{best}, {ahead} ahead of {next}; the worst choice, {last}, costs {cost}.")
        }
        (level, Some(worst)) => {
            let cost = told(worst.behind, ranking.unit, Kind::Difference);
            let last = name(advice, worst.candidate);
            format!(
                "{best}; {level} of the {} others cannot be told apart from it; the worst choice, \
                 {last}, costs {cost}.",
                others.len(),
            )
        }
    })
}

/// What the rule of thumb costs in this goal.
fn rule(advice: &Advice, ranking: &Ranking) -> Option<String> {
    let leaf = advice.rule.iter().find(|leaf| leaf.applies)?;
    let costs = leaf.routers.iter().filter_map(|cost| {
        let ranked = ranking.of_candidate(cost.candidate?)?;
        Some(format!("{}: {}", name(advice, ranked.candidate), cost_of(ranked, ranking.unit)))
    });
    let costs: Vec<String> = costs.collect();
    let title = ranking.title;
    (!costs.is_empty()).then(|| format!("{title}, the rule of thumb: {}.", costs.join("; ")))
}

fn cost_of(ranked: &Ranked, unit: &str) -> String {
    if ranked.told_apart {
        format!("costs {}", told(ranked.behind, unit, Kind::Difference))
    } else if ranked.behind.mean == 0.0 {
        "costs nothing".to_owned()
    } else {
        format!("cannot be told from the best ({})", told(ranked.behind, unit, Kind::Difference))
    }
}

fn simplest(advice: &Advice) -> Option<String> {
    advice.goals.iter().find(|ranking| !ranking.ranked.is_empty())?;
    let margin = |ranking: &Ranking| match ranking.margin {
        Margin::Absolute(margin) => {
            let points = 100.0 * margin;
            let unit = if points == 1.0 { "point" } else { "points" };
            format!("{points} {unit} in {}", ranking.title)
        }
        Margin::Relative(share) => format!("{} % in {}", 100.0 * share, ranking.title),
    };
    let margins: Vec<String> = advice.goals.iter().map(margin).collect();
    let margins = margins.join(", ");
    Some(match advice.simplest {
        Some(at) => format!(
            "Simplicity: {} has the fewest parameters ({}) of those near the best of every goal \
             ({margins}).",
            name(advice, at),
            advice.candidates[at as usize].parameters,
        ),
        None => format!(
            "Simplicity: nothing is near the best of every goal ({margins}); the goals contradict \
             each other here, and one has to be chosen."
        ),
    })
}

fn turn(advice: &Advice, turns: &Turns) -> String {
    let ranking = advice.goals.iter().find(|ranking| ranking.goal == turns.goal);
    let ranking = ranking.expect("every goal has a ranking");
    let (title, answer) = (ranking.title, name(advice, turns.answer));
    let asked = turns.at.partition_point(|at| at.capacity_blocks < advice.capacity_blocks);
    let (below, above) = (&turns.at[..asked], &turns.at[asked + 1..]);
    let down = below.iter().rposition(|at| at.turned);
    let up = above.iter().position(|at| at.turned).map(|place| asked + 1 + place);
    let said = |from: usize, to: usize, there: usize| {
        let at: &AtCapacity = &turns.at[there];
        format!(
            "between {} and {} blocks the order turns, since at {} {} leads it by {}",
            grouped(turns.at[from].capacity_blocks.into()),
            grouped(turns.at[to].capacity_blocks.into()),
            grouped(at.capacity_blocks.into()),
            name(advice, at.best),
            told(at.behind, ranking.unit, Kind::Difference),
        )
    };
    let down = down.map(|at| said(at, at + 1, at));
    let parts: Vec<String> = down.into_iter().chain(up.map(|at| said(at - 1, at, at))).collect();
    let (Some(first), Some(last)) = (turns.at.first(), turns.at.last()) else {
        return format!("{title}: nothing was measured.");
    };
    if parts.is_empty() {
        let [first, last] = [first, last].map(|at| grouped(at.capacity_blocks.into()));
        return format!("{title}: no capacity tried from {first} to {last} blocks turns {answer}.");
    }
    let asked = grouped(advice.capacity_blocks.into());
    format!("{title}: {answer} is the answer at {asked} blocks; {}.", parts.join("; "))
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Value,
    Difference,
}

/// A mean with its interval.
fn told(mean: Mean, unit: &str, kind: Kind) -> String {
    let (scale, unit) = match (unit, kind) {
        ("share", Kind::Value) => (100.0, " %"),
        ("share", Kind::Difference) => (100.0, " points"),
        ("s", _) => (1.0, " s"),
        _ => (1.0, ""),
    };
    let value = fixed(scale * mean.mean, 2);
    match mean.half_width {
        Some(half) if half > 0.0 => format!("{value} ±{}{unit}", fixed(scale * half, 2)),
        _ => format!("{value}{unit}"),
    }
}
