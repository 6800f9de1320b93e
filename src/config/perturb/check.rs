//! What perturbations may do, one after the other.

use super::{Change, Moment, Perturbation};
use crate::columns::order;
use crate::error::Reason;
use crate::model::{MAX_NODES, NodeState};
use std::cmp::Ordering;

impl Perturbation {
    /// Reads the texts of a configuration of `nodes` nodes, in their order, with a reason for
    /// everything that cannot be done.
    pub(in crate::config) fn all(
        texts: &[String],
        nodes: usize,
        timed: bool,
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
                Ok(one) => read.push(one),
                Err(expected) => refuse(text, reasons, expected),
            }
        }
        if reasons.len() == before {
            follow(&read, nodes, reasons);
        }
        read
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
    let (node, wanted, next): (u32, &[NodeState], NodeState) = match *change {
        Change::Kill(node) => (node, &[NodeState::Alive, NodeState::Draining], NodeState::Dead),
        Change::Drain(node) => (node, &[NodeState::Alive], NodeState::Draining),
        Change::Heal(node) => (node, &[NodeState::Draining, NodeState::Dead], NodeState::Alive),
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
