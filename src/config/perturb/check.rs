//! What perturbations may do, one after the other.

use super::super::Part;
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
        let before = reasons.len();
        let mut read = Vec::new();
        for text in texts {
            match Self::parse(text) {
                Ok(one) if one.change.row().needs_time && !timed => refuse(text, reasons, {
                    let id = one.change.row().id;
                    format!("the timed clock: without time {id} means nothing; set clock to timed")
                }),
                Ok(one) => {
                    if let Change::Set(set) = &one.change
                        && let Some(expected) = rows.fault(set)
                    {
                        refuse(text, reasons, expected);
                    }
                    read.push(one);
                }
                Err(expected) => refuse(text, reasons, expected),
            }
        }
        if reasons.len() == before {
            follow(&read, nodes, reasons);
        }
        read
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

/// Follows who is alive. By the moments where they are of one kind; where numbers and seconds stand
/// side by side only the run can tell which comes first, and the list's order is taken.
fn follow(perturbations: &[Perturbation], nodes: usize, reasons: &mut Vec<Reason>) {
    let mut ordered: Vec<&Perturbation> = perturbations.iter().collect();
    let numbered = |one: &&Perturbation| matches!(one.moment, Moment::Request(_));
    let numbers = ordered.iter().filter(|one| numbered(one)).count();
    if numbers == 0 || numbers == ordered.len() {
        order::sort_by(&mut ordered, |one, other| earlier(one.moment, other.moment));
    }
    let mut states = vec![NodeState::Alive; nodes];
    for one in ordered {
        if let Some(expected) = step(&one.change, &mut states) {
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

/// Changes the states; returns what is expected instead where that cannot be.
fn step(change: &Change, states: &mut Vec<NodeState>) -> Option<String> {
    let there = [NodeState::Alive, NodeState::Draining, NodeState::Dead];
    let (node, wanted, next): (u32, &[NodeState], NodeState) = match *change {
        Change::Kill(node) => (node, &[NodeState::Alive, NodeState::Draining], NodeState::Dead),
        Change::Drain(node) => (node, &[NodeState::Alive], NodeState::Draining),
        Change::Heal(node) => (node, &[NodeState::Draining, NodeState::Dead], NodeState::Alive),
        // It stays what it is.
        Change::Slow(node, _) => {
            (node, &there, states.get(node as usize).copied().unwrap_or(NodeState::Absent))
        }
        Change::Forget(_) | Change::Rate(_) | Change::Set(_) => return None,
        Change::Add(more) => {
            let room = MAX_NODES - states.len();
            if room < more as usize {
                return Some(format!("at most {room} more nodes, {MAX_NODES} in all"));
            }
            states.resize(states.len() + more as usize, NodeState::Alive);
            return None;
        }
    };
    let Some(state) = states.get_mut(node as usize) else {
        return Some(format!("a node in [0, {}], the nodes there are then", states.len() - 1));
    };
    if !wanted.contains(state) {
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
