//! What perturbations may do, one after the other.

use super::super::Part;
use super::table::{self, Decides, NOTHING};
use super::{Change, Moment, Perturbation, Setting};
use crate::columns::order;
use crate::error::Reason;
use crate::model::{MAX_NODES, NodeState};
use crate::params::ParamSpec;
use crate::suggest;
use std::cmp::Ordering;

impl Perturbation {
    /// Reads the texts of a configuration of `nodes` nodes, in their order, with a reason for
    /// everything that cannot be done.
    pub(in crate::config) fn all(
        texts: &[String],
        nodes: usize,
        timed: bool,
        rows: &Rows,
        reasons: &mut Vec<Reason>,
    ) -> Vec<Self> {
        let parsed: Vec<_> = texts.iter().map(|text| (text, Self::parse(text))).collect();
        for (text, one) in &parsed {
            match one {
                Ok(one) => refuse_all(text, &one.change, timed, rows, reasons),
                Err(expected) => refuse(text, reasons, expected.clone()),
            }
        }
        let mut steps: Vec<Step<'_>> =
            parsed.iter().map(|(text, one)| Step::of(text, one)).collect();
        follow(&mut steps, nodes, reasons);
        parsed.into_iter().filter_map(|(_, one)| one.ok()).collect()
    }
}

/// With a reason for all that is wrong with one, whatever comes before it.
fn refuse_all(text: &str, change: &Change, timed: bool, rows: &Rows, reasons: &mut Vec<Reason>) {
    let row = change.row();
    if row.needs_time && !timed {
        let id = row.id;
        refuse(text, reasons, {
            format!("the timed clock: without time {id} means nothing; set clock to timed")
        });
    }
    if let Change::Set(set) = change
        && let Some(expected) = rows.fault(set)
    {
        refuse(text, reasons, expected);
    }
}

/// The parameters of the policies chosen.
pub(in crate::config) struct Rows {
    pub(in crate::config) router: &'static [ParamSpec],
    /// None where no rule moves anything.
    pub(in crate::config) migration: Option<&'static [ParamSpec]>,
    /// The rule takes its parameters from the router's.
    pub(in crate::config) shared: bool,
}

impl Rows {
    /// What is expected in place of what cannot be set.
    fn fault(&self, set: &Setting) -> Option<String> {
        let specs = match (set.part, self.migration) {
            (Part::Migration, None) => {
                return Some("a parameter of the router: no migration rule is chosen".to_owned());
            }
            (Part::Migration, Some(_)) if self.shared => {
                return Some("a parameter of the router, whose own rule takes its own".to_owned());
            }
            (Part::Migration, Some(specs)) => specs,
            _ => self.router,
        };
        let live = |spec: &&ParamSpec| spec.live;
        match specs.iter().filter(live).find(|spec| spec.name == set.name) {
            Some(spec) => spec.fault(&set.value).map(|expected| format!("{expected} after =")),
            None => {
                let names: Vec<&str> = specs.iter().filter(live).map(|spec| spec.name).collect();
                Some(match names.is_empty() {
                    true => "nothing: none of its parameters may change while it runs".to_owned(),
                    false => {
                        let names = suggest::one_of(&set.name, &names);
                        format!("a parameter that may change while it runs, {names}")
                    }
                })
            }
        }
    }
}

fn refuse(text: &str, reasons: &mut Vec<Reason>, expected: String) {
    reasons.push(Reason { path: "perturb".to_owned(), value: text.to_owned(), expected });
}

/// One of the list, as far as it could be read.
#[derive(Clone, Copy)]
struct Step<'a> {
    /// `None` where that could not be read.
    moment: Option<Moment>,
    /// `None` where it could not be read.
    one: Option<&'a Perturbation>,
    /// What it may then have been meant to decide.
    meant: Decides,
}

impl<'a> Step<'a> {
    fn of(text: &str, one: &'a Result<Perturbation, String>) -> Self {
        match one {
            Ok(one) => Self { moment: Some(one.moment), one: Some(one), meant: NOTHING },
            Err(_) => {
                let moment = text.trim().split_once('@').map(|(_, when)| Moment::parse(when));
                let moment = moment.and_then(Result::ok);
                Self { moment, one: None, meant: table::meant(text) }
            }
        }
    }
}

/// Follows who is alive. By the moments where they are of one kind; where numbers and seconds stand
/// side by side only the run can tell which comes first, and the list's order is taken. What has
/// none may come before all others.
fn follow(steps: &mut [Step<'_>], nodes: usize, reasons: &mut Vec<Reason>) {
    let moments = || steps.iter().filter_map(|step| step.moment);
    let numbers = moments().filter(|moment| matches!(moment, Moment::Request(_))).count();
    let mixed = 0 < numbers && numbers < moments().count();
    order::sort_by(steps, |one, other| match (one.moment, other.moment) {
        (Some(_), Some(_)) if mixed => Ordering::Equal,
        (Some(one), Some(other)) => earlier(one, other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    });
    let mut known = Known { states: vec![NodeState::Alive; nodes], in_doubt: NOTHING };
    for step in steps {
        known.in_doubt = known.in_doubt.and(step.meant);
        if let Some(one) = step.one
            && let Some(expected) = known.step(&one.change)
        {
            refuse(&one.to_string(), reasons, expected);
        }
    }
}

/// The order of two moments of one kind.
fn earlier(one: Moment, other: Moment) -> Ordering {
    match (one, other) {
        (Moment::Request(one), Moment::Request(other)) => one.cmp(&other),
        (Moment::Seconds(one), Moment::Seconds(other)) => one.total_cmp(&other),
        _ => Ordering::Equal,
    }
}

/// What is known of the nodes at a moment.
struct Known {
    states: Vec<NodeState>,
    /// What was refused may have decided, and nothing is held against.
    in_doubt: Decides,
}

impl Known {
    /// Changes the states; returns what is expected instead where that cannot be.
    fn step(&mut self, change: &Change) -> Option<String> {
        let there = [NodeState::Alive, NodeState::Draining, NodeState::Dead];
        let (node, wanted, next): (u32, &[NodeState], NodeState) = match *change {
            Change::Kill(node) => (node, &[NodeState::Alive, NodeState::Draining], NodeState::Dead),
            Change::Drain(node) => (node, &[NodeState::Alive], NodeState::Draining),
            Change::Heal(node) => (node, &[NodeState::Draining, NodeState::Dead], NodeState::Alive),
            // It stays what it is.
            Change::Slow(node, _) => {
                let state = self.states.get(node as usize);
                (node, &there, state.copied().unwrap_or(NodeState::Absent))
            }
            Change::Forget(_) | Change::Rate(_) | Change::Set(_) => return None,
            Change::Add(more) => return self.add(more as usize),
        };
        let Some(state) = self.states.get_mut(node as usize) else {
            return self.missing(node as usize);
        };
        if !self.in_doubt.states && !wanted.contains(state) {
            let wanted: Vec<&str> = wanted.iter().map(|state| state.id()).collect();
            return Some(format!(
                "a node that is {} then: node {node} is {}",
                wanted.join(" or "),
                state.id()
            ));
        }
        *state = next;
        None
    }

    fn add(&mut self, more: usize) -> Option<String> {
        let room = MAX_NODES - self.states.len();
        if room < more {
            self.in_doubt.nodes = true;
            return Some(format!("at most {room} more nodes, {MAX_NODES} in all"));
        }
        self.states.resize(self.states.len() + more, NodeState::Alive);
        None
    }

    /// What is expected instead of a node beyond those that are known to be there.
    fn missing(&self, node: usize) -> Option<String> {
        let last = self.states.len() - 1;
        match self.in_doubt.nodes {
            true if node < MAX_NODES => None,
            true => Some(format!("a node in [0, {}], more there cannot be", MAX_NODES - 1)),
            false => Some(format!("a node in [0, {last}], the nodes there are then")),
        }
    }
}
