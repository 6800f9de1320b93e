//! A configuration in the making, out of texts: what a command line says, word by word.
//!
//! Nothing that was given is lost on the way. What cannot be read, and what is given twice, is
//! kept as a reason and told at once with those of [`Config::check`].

use super::{Config, PolicyChoice};
use crate::error::{Error, Reason, Result};
use crate::params::ParamValue;

/// The part of a configuration that a row is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Picks the node.
    Router,
    /// Picks the block to drop.
    Eviction,
    /// Moves or copies blocks.
    Migration,
    /// Logical or timed.
    Clock,
}

impl Part {
    /// Its name in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Router => "router",
            Self::Eviction => "eviction",
            Self::Migration => "migration",
            Self::Clock => "clock",
        }
    }
}

/// A configuration and what is wrong with the texts it was made of.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    config: Config,
    reasons: Vec<Reason>,
    /// Paths of the configuration, and what a person calls them where that is another.
    called: Vec<(String, String)>,
}

impl Draft {
    /// Every default, nothing given.
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses a row, with parameters: `id` or `id:key=value,...`. To be called at most once for
    /// a part, before [`Draft::param`].
    pub fn choose(&mut self, part: Part, text: &str) {
        let (id, params) = text.split_once(':').map_or((text, None), |(id, it)| (id, Some(it)));
        *self.config.choice(part) = PolicyChoice::new(id);
        for pair in params.into_iter().flat_map(|params| params.split(',')) {
            match pair.split_once('=') {
                Some((name, value)) if !name.is_empty() => {
                    self.param(part, name, ParamValue::parse(value));
                }
                _ => {
                    let expected = "key=value after the colon and after each comma";
                    self.refuse(format!("{}.params", part.name()), pair, expected.to_owned());
                }
            }
        }
    }

    /// Gives the chosen row a parameter.
    pub fn param(&mut self, part: Part, name: &str, value: ParamValue) {
        let params = &mut self.config.choice(part).params;
        let before = params.get(name).map(ToString::to_string);
        match before {
            None => {
                params.insert(name.to_owned(), value);
            }
            Some(before) => {
                let path = format!("{}.params.{name}", part.name());
                self.refuse(path, &value.to_string(), twice(&before));
            }
        }
    }

    /// Gives a setting, or the seed.
    pub fn set(&mut self, name: &str, value: ParamValue) {
        if name == "seed" {
            self.config.seed = value;
            return;
        }
        let before = self.config.settings.get(name).map(ToString::to_string);
        match before {
            None => {
                self.config.settings.insert(name.to_owned(), value);
            }
            Some(before) => {
                self.refuse(format!("settings.{name}"), &value.to_string(), twice(&before));
            }
        }
    }

    /// The row chosen for a part, to be changed.
    pub(super) fn choice(&mut self, part: Part) -> &mut PolicyChoice {
        self.config.choice(part)
    }

    /// What is wrong at this path is told under another name.
    pub(super) fn called(&mut self, path: &str, name: &str) {
        self.called.push((path.to_owned(), name.to_owned()));
    }

    /// Whether a path has another name.
    pub(super) fn is_called(&self, path: &str) -> bool {
        self.called.iter().any(|(known, _)| known == path)
    }

    /// Something that is wrong.
    pub(super) fn fault(&mut self, reason: Reason) {
        self.reasons.push(reason);
    }

    /// Takes back what was said of a part, for what is said instead; returns it where it was not
    /// the default.
    pub fn replace(&mut self, part: Part) -> Option<PolicyChoice> {
        let default = std::mem::take(Config::default().choice(part));
        let before = std::mem::replace(self.config.choice(part), default.clone());
        (before != default).then_some(before)
    }

    /// Likewise a parameter of the row chosen for a part.
    pub fn replace_param(&mut self, part: Part, name: &str) -> Option<ParamValue> {
        self.config.choice(part).params.remove(name)
    }

    /// Likewise a setting, or the seed.
    pub fn replace_setting(&mut self, name: &str) -> Option<ParamValue> {
        if name == "seed" {
            let default = Config::default().seed;
            let before = std::mem::replace(&mut self.config.seed, default.clone());
            return (before != default).then_some(before);
        }
        self.config.settings.remove(name)
    }

    /// Adds something that is done to the cluster while it serves.
    pub fn perturb(&mut self, text: &str) {
        self.config.perturb.push(text.to_owned());
    }

    /// The row chosen for a part so far.
    ///
    /// # Errors
    /// What the texts should have been, where something is wrong with them.
    pub fn chosen(mut self, part: Part) -> std::result::Result<PolicyChoice, String> {
        let expected = self.reasons.into_iter().map(|reason| reason.expected);
        let expected = expected.collect::<Vec<_>>().join("; ");
        let choice = std::mem::take(self.config.choice(part));
        if expected.is_empty() { Ok(choice) } else { Err(expected) }
    }

    /// The configuration, if it can be run.
    ///
    /// # Errors
    /// [`Error::Config`] with every reason at once, those of the texts first.
    pub fn config(self) -> Result<Config> {
        let mut reasons = self.reasons;
        if let Err(Error::Config(mut more)) = self.config.check() {
            for reason in &mut more {
                let called = self.called.iter().find(|(path, _)| *path == reason.path);
                called.into_iter().for_each(|(_, name)| reason.path.clone_from(name));
            }
            reasons.extend(more);
        }
        if reasons.is_empty() { Ok(self.config) } else { Err(Error::Config(reasons)) }
    }

    fn refuse(&mut self, path: String, value: &str, expected: String) {
        let called = self.called.iter().find(|(known, _)| *known == path);
        let path = called.map_or(path, |(_, name)| name.clone());
        self.reasons.push(Reason { path, value: value.to_owned(), expected });
    }
}

fn twice(before: &str) -> String {
    format!("one value: {before} was given before; leave one of them out")
}
