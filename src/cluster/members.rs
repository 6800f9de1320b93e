//! Which nodes take part, and how that may change.

use crate::model::NodeState;

/// What every node is to the others.
#[derive(Clone, Debug)]
pub(super) struct Members {
    states: Vec<NodeState>,
    /// By node whether it is [`NodeState::Alive`], which is asked for at every decision.
    alive: Vec<bool>,
    living: usize,
}

impl Members {
    pub(super) fn all_alive(nodes: usize) -> Self {
        Self { states: vec![NodeState::Alive; nodes], alive: vec![true; nodes], living: nodes }
    }

    /// The nodes from `first` on have yet to join.
    pub(super) fn only_first(&mut self, first: usize) {
        for node in first..self.states.len() {
            self.set(node, NodeState::Absent);
        }
    }

    pub(super) fn states(&self) -> &[NodeState] {
        &self.states
    }

    #[inline]
    pub(super) fn alive(&self) -> &[bool] {
        &self.alive
    }

    /// How many are alive.
    #[inline]
    pub(super) fn living(&self) -> usize {
        self.living
    }

    pub(super) fn set(&mut self, node: usize, state: NodeState) {
        let alive = state == NodeState::Alive;
        self.living = self.living + usize::from(alive) - usize::from(self.alive[node]);
        (self.states[node], self.alive[node]) = (state, alive);
    }

    /// The next `nodes` that have yet to join, do.
    pub(super) fn join(&mut self, nodes: usize) {
        for _ in 0..nodes {
            let absent = self.states.iter().position(|&state| state == NodeState::Absent);
            self.set(absent.expect("a column for every node that joins"), NodeState::Alive);
        }
    }

    /// # Panics
    /// If the two columns disagree.
    pub(super) fn validate(&self) {
        let alive = self.states.iter().map(|&state| state == NodeState::Alive);
        assert!(alive.eq(self.alive.iter().copied()), "who is alive");
        let living = self.alive.iter().filter(|&&alive| alive).count();
        assert_eq!(living, self.living, "living nodes");
    }
}
