//! The contract between routers and the lane that asks them.

use super::{ClusterView, Notes};
use crate::columns::Kept;
use crate::model::{Outcome, Route};
use crate::params::{Build, Formula, Need, Origin, ParamSpec, Params};

/// Picks the node for a request.
pub trait Router: RouterClone + Send {
    /// Decides. Must not assume that the decision is carried out: a request may be rejected.
    /// O(nodes), or as the row's file says. `notes` receives the components of the decision.
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route;

    /// Whether it reads the account of what was placed: `active_tokens` and `active_blocks` of
    /// [`Signals`](crate::model::Signals), `active_matched` of [`ClusterView`]. It is kept under
    /// the timed clock, and only for routers that say so.
    fn keeps_account(&self) -> bool {
        false
    }

    /// The values of the row's parameters are now these; only those that are declared to be live
    /// differ. What it knows it keeps.
    fn tune(&mut self, _params: &Params) {}

    /// Hears what the decision led to. Signals that have an age must not be refreshed from here.
    fn learn(&mut self, _view: &ClusterView<'_>, _outcome: &Outcome) {}

    /// Adds to `kept` the blocks it remembers from one request to the next; all, where it reads
    /// what number a block has. What is not kept by anybody is forgotten: its number may go to
    /// another block.
    fn keep_names(&self, _kept: &mut Kept) {}
}

/// What every router that is [`Clone`] has, so that a lane can be cloned as a checkpoint.
pub trait RouterClone {
    /// A clone of this router.
    fn clone_box(&self) -> Box<dyn Router>;
}

impl<R: Router + Clone + 'static> RouterClone for R {
    fn clone_box(&self) -> Box<dyn Router> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Router> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// One router.
pub struct RouterRow {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What it does, as a formula.
    pub formula: Formula,
    /// Paper or project.
    pub source: &'static str,
    /// Whose it is.
    pub origin: Origin,
    /// Its parameters, those of its migration rule included.
    pub params: &'static [ParamSpec],
    /// What it needs.
    pub needs: &'static [Need],
    /// Migration rule that comes with it, an id of [`crate::migrate::MIGRATIONS`], which then
    /// takes its parameters from the router's.
    pub migration: Option<&'static str>,
    /// What it stands for where it runs in production, as far as its words there are known.
    pub production: Option<Production>,
    /// Whether renaming the nodes only renames the results, ties apart.
    pub symmetric: bool,
    /// Makes one.
    pub build: fn(Build<'_>) -> Box<dyn Router>,
}

/// The same rule in production: how it is switched on there, and what its parameters are called.
#[derive(Clone, Copy, Debug)]
pub struct Production {
    /// The project, with the version that the words are of where one is known.
    pub project: &'static str,
    /// What switches it on, with everything that does not depend on parameters.
    pub switch: &'static str,
    /// Parameters of the row, and what stands for each: `{}` is its value.
    pub words: &'static [(&'static str, Word)],
}

/// How a parameter is said in production.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Text around the value, which stands for `{}`.
    pub form: &'static str,
    /// What the value is multiplied by there.
    pub times: f64,
}

impl Word {
    /// The value as it is.
    pub const fn plain(form: &'static str) -> Self {
        Self { form, times: 1.0 }
    }

    /// The value times so much.
    pub const fn times(form: &'static str, times: f64) -> Self {
        Self { form, times }
    }
}

impl Production {
    /// The words for these parameters, one a line.
    pub fn lines(&self, params: &Params) -> Vec<String> {
        let word = |(name, word): &(&str, Word)| {
            word.form.replace("{}", &(word.times * params.number(name)).to_string())
        };
        let words = self.words.iter().map(word);
        [self.switch.to_owned()].into_iter().chain(words).collect()
    }
}
