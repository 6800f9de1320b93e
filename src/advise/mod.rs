//! Advice: which router and which eviction policy a trace asks for, measured.
//!
//! A [`Plan`] is made of what somebody asks. Its [`Unit`]s are runs that any thread or worker may
//! do: [`Plan::open`] names those that are left, [`Unit::run`] does one, and [`Answers`] keeps what
//! came back, in any order. [`Plan::advise`] tells what the answers amount to, also while some are
//! missing. Some units turn out not to be needed, so `open` is asked until it names none.
//!
//! Reading order: `goal` (what a cluster can be good at), `class` (the notes' rule of thumb),
//! `question` (who is compared), `plan` (what is run), `measure` (figures of candidates, paired by
//! seed), then what they amount to: `rank`, `turns`, `fitness`, and `words`. docs/metrics.md
//! defines every figure.

mod goal;
mod class;
mod question;
mod plan;
mod measure;
mod rank;
mod turns;
mod fitness;
mod words;

pub use class::{Class, LEAVES, Leaf};
pub use fitness::{Distance, Fitness, NOTES, SCENARIOS, Score, distances};
pub use goal::{GOALS, Goal, Margin, Weights};
pub use plan::{Answers, Plan, Unit, Work};
pub use question::{Candidate, LeftOut, Question};
pub use rank::{Cost, Ranked, Ranking, RuleLeaf};
pub use turns::{AtCapacity, Turns};

use crate::analyze::facts::Popularity;
use crate::trace::Log;
use measure::Measured;
use serde::Serialize;

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// The trace by the notes' thresholds.
    pub class: Class,
    /// Nodes, as asked.
    pub nodes: u32,
    /// Blocks that a node may hold, as asked.
    pub capacity_blocks: u32,
    /// The clock, as asked.
    pub clock: String,
    /// Seeds of what depends on chance, from 1.
    pub seeds: u32,
    /// Units that have no answer yet.
    pub missing: u32,
    /// Who was compared; numbers of candidates are places here.
    pub candidates: Vec<Candidate>,
    /// Routers that the clock leaves out, where nobody said which to compare.
    pub left_out: Vec<LeftOut>,
    /// A ranking for each goal that the clock tells, at the capacity that was asked for.
    pub goals: Vec<Ranking>,
    /// The candidate with the fewest parameters that is within every goal's margin.
    pub simplest: Option<u32>,
    /// The notes' tree with what each leaf costs here.
    pub rule: Vec<RuleLeaf>,
    /// What other capacities would change.
    pub turns: Vec<Turns>,
    /// `None` until one seed of all scenarios was served.
    pub fitness: Option<Fitness>,
    /// The same in sentences.
    pub words: Vec<String>,
}

impl Plan {
    /// What the answers so far amount to, on a trace whose blocks are used like that.
    /// O(units · candidates).
    pub fn advise(&self, popularity: &Popularity, answers: &Answers) -> Advice {
        let measured = Measured::new(self, answers);
        let goals: Vec<Ranking> =
            self.goals().map(|goal| Ranking::of(&measured, goal, 0)).collect();
        let mut advice = Advice {
            class: Class::of(popularity),
            nodes: self.nodes,
            capacity_blocks: self.capacities[0],
            clock: self.question.config.clock.id.clone(),
            seeds: self.question.seeds,
            missing: self.open(answers).len() as u32,
            candidates: self.candidates.clone(),
            left_out: self.question.left_out(),
            simplest: rank::simplest(&self.candidates, &goals),
            rule: Vec::new(),
            turns: self.goals().filter_map(|goal| Turns::of(&measured, goal)).collect(),
            fitness: Fitness::of(self, answers),
            goals,
            words: Vec::new(),
        };
        advice.rule = rank::rule(&advice, &self.question.config.eviction);
        advice.words = words::of(&advice);
        advice
    }
}

/// Runs everything on this thread.
///
/// # Errors
/// As [`Plan::new`] and [`Unit::run`].
pub fn advise(
    log: &Log,
    question: Question,
    popularity: &Popularity,
) -> crate::error::Result<Advice> {
    let plan = Plan::new(question, log.block_size())?;
    let mut answers = Answers::new(&plan);
    loop {
        let open = plan.open(&answers);
        if open.is_empty() {
            return Ok(plan.advise(popularity, &answers));
        }
        for unit in open {
            answers.put(unit.number, unit.run(log)?);
        }
    }
}
