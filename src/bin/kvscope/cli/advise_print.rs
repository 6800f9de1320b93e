//! Advice as sentences, tables and JSON.

use super::figures::{NOTHING, behind, counted, fixed, grouped, mean};
use super::print;
use super::sweep_print::columns;
use anyhow::Result;
use kvscope::advise::{Advice, Fitness, GOALS, Goal, Ranking, Score};
use kvscope::sweep::{METRICS, Mean, Metric};
use std::io::{self, Write};

pub(crate) fn advice(advice: &Advice, json: bool) -> Result<()> {
    let object = serde_json::to_string(advice)?;
    print::results(|out| if json { writeln!(out, "{object}") } else { tell(out, advice) })
}

fn tell(out: &mut impl Write, advice: &Advice) -> io::Result<()> {
    for sentence in &advice.words {
        writeln!(out, "{sentence}")?;
    }
    for ranking in advice.goals.iter().filter(|ranking| !ranking.ranked.is_empty()) {
        writeln!(out)?;
        columns(out, &ranked(advice, ranking), 3)?;
    }
    writeln!(
        out,
        "\nBehind: paired by seed. ± is half of the 95 % interval of the mean over {} \
         (Student's t); exact: chance plays\nno part. = cannot be told apart from the best, ~ is \
         within the goal's margin of it, * is the cluster's own.",
        counted(advice.seeds.into(), "seed")
    )?;
    writeln!(out, "\nThe notes' rule of thumb, and what it costs here:")?;
    columns(out, &tree(advice), 2)?;
    if !advice.turns.is_empty() {
        writeln!(out, "\nThe best by capacity of a node:")?;
        columns(out, &by_capacity(advice), 3)?;
    }
    if let Some(found) = &advice.fitness {
        fitness(out, found)?;
    }
    Ok(())
}

fn metric(goal: &str) -> &'static Metric {
    let goal = goal_of(goal);
    METRICS.iter().find(|metric| metric.id == goal.metric).expect("a row of the table")
}

fn goal_of(id: &str) -> &'static Goal {
    GOALS.iter().find(|goal| goal.id == id).expect("a row of the table")
}

fn ranked(advice: &Advice, ranking: &Ranking) -> Vec<Vec<String>> {
    let metric = metric(ranking.goal);
    let heads = ["", "Router", "Eviction", "Parameters", ranking.title, "", "Behind", ""];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    for (place, entry) in ranking.ranked.iter().enumerate() {
        let candidate = &advice.candidates[entry.candidate as usize];
        let mut marks = String::new();
        for (mark, is_so) in
            [("=", !entry.told_apart), ("~", entry.is_near), ("*", candidate.is_own)]
        {
            marks += if is_so { mark } else { "" };
        }
        lines.push(vec![
            (place + 1).to_string(),
            candidate.router.clone(),
            candidate.eviction.clone(),
            candidate.parameters.to_string(),
            mean(entry.value, metric.unit),
            if entry.exact { "exact".to_owned() } else { String::new() },
            behind(entry.behind, metric.unit),
            marks,
        ]);
    }
    lines
}

fn tree(advice: &Advice) -> Vec<Vec<String>> {
    let goals = advice.goals.iter().map(|ranking| ranking.title.to_owned());
    let heads = ["Class", "Router", ""].map(str::to_owned).into_iter();
    let mut lines = vec![heads.chain(goals).collect::<Vec<String>>()];
    for leaf in &advice.rule {
        for cost in &leaf.routers {
            let figures = advice.goals.iter().map(|ranking| {
                let ranked = ranking.of_candidate(cost.candidate?)?;
                Some(behind(ranked.behind, metric(ranking.goal).unit))
            });
            let here = if leaf.applies { "this trace" } else { "" };
            let words = [leaf.condition, cost.router, here].map(str::to_owned).into_iter();
            let figures = figures.map(|figure| figure.unwrap_or_else(|| NOTHING.to_owned()));
            lines.push(words.chain(figures).collect());
        }
    }
    lines
}

fn by_capacity(advice: &Advice) -> Vec<Vec<String>> {
    let mut lines = vec![["Goal", "Blocks", "Best", "", "Ahead of the answer"].map(str::to_owned)];
    for turns in &advice.turns {
        let metric = metric(turns.goal);
        for at in &turns.at {
            let best = &advice.candidates[at.best as usize];
            let ahead = match (at.best == turns.answer, at.turned) {
                (true, _) => NOTHING.to_owned(),
                (false, true) => behind(at.behind, metric.unit),
                (false, false) => format!("{}, not turned", behind(at.behind, metric.unit)),
            };
            lines.push([
                metric.label.to_owned(),
                grouped(at.capacity_blocks.into()),
                format!("{} with {}", best.router, best.eviction),
                mean(at.value, metric.unit),
                ahead,
            ]);
        }
    }
    lines.into_iter().map(|line| line.to_vec()).collect()
}

fn fitness(out: &mut impl Write, fitness: &Fitness) -> io::Result<()> {
    let weights = fitness.weights.iter().map(|(goal, weight)| format!("{goal} {weight}"));
    writeln!(
        out,
        "\nFitness over the scenarios {} ({} each), weights {}:",
        fitness.scenarios.join(", "),
        counted(fitness.requests.into(), "request"),
        weights.collect::<Vec<_>>().join(", "),
    )?;
    let heads = ["Router", "Notes", "Measured", "Least to most"].map(str::to_owned);
    let distances = fitness.weights.iter().map(|(goal, _)| format!("Far in {goal}"));
    let heads = heads.into_iter().chain(distances).collect();
    let lines: Vec<Vec<String>> =
        std::iter::once(heads).chain(fitness.scores.iter().map(score)).collect();
    columns(out, &lines, 1)?;
    writeln!(
        out,
        "\nNotes: fixed formulas, nothing measured. Measured: 100 is the best of every cell in \
         every goal; the mean over {}\nof the workload with its 95 % interval, then the \
         lowest and the highest single cell. Far: distance to the best of the cell.",
        counted(fitness.seeds.into(), "seed")
    )
}

fn score(score: &Score) -> Vec<String> {
    let ends = [
        score.router.clone(),
        score.notes.map_or_else(|| NOTHING.to_owned(), |notes| fixed(notes, 1)),
        spread(score.score, 1.0, ""),
        format!("{} to {}", fixed(score.least_cell, 1), fixed(score.most_cell, 1)),
    ];
    let far = score.distances.iter().map(|it| spread(it.distance, 100.0, " %"));
    ends.into_iter().chain(far).collect()
}

fn spread(mean: Mean, scale: f64, unit: &str) -> String {
    let half =
        mean.half_width.map_or_else(String::new, |half| format!(" ±{}", fixed(scale * half, 1)));
    format!("{}{half}{unit}", fixed(scale * mean.mean, 1))
}
