//! Perturbations: what is done to the cluster while it serves, and when.
//!
//! A configuration lists them as texts, `kill:3@5000` or `drain:2@90s`, so that links, the command
//! line and saved runs carry the same words. docs/metrics.md, "What if", says what each means.

mod check;
mod table;

pub(super) use check::Rows;
pub use table::{PERTURBATIONS, PerturbationRow};

use super::Part;
use crate::number;
use crate::params::ParamValue;
use std::fmt;

/// What happens, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Perturbation {
    /// When.
    pub moment: Moment,
    /// What.
    pub change: Change,
}

/// When something happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// Before the request of this number, from 1, is routed.
    Request(u64),
    /// So many seconds after the first arrival, 0 or more; without time, before the first request
    /// whose timestamp is at least as late.
    Seconds(f64),
}

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A node loses everything.
    Kill(u32),
    /// A node takes no new requests.
    Drain(u32),
    /// A node that was killed or is draining takes requests again.
    Heal(u32),
    /// So many nodes join.
    Add(u32),
    /// A node's prefills that start from then on take so many times as long.
    Slow(u32, f64),
    /// A block leaves every cache.
    Forget(u32),
    /// Gaps between later arrivals are divided by this.
    Rate(f64),
    /// A parameter has another value.
    Set(Box<Setting>),
}

/// A parameter of a policy, and its value from then on.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// `router` or `migration`.
    pub part: Part,
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: ParamValue,
}

/// How a perturbation is written, for reasons.
const FORM: &str = "WHAT@WHEN, where WHEN is a request number, or seconds after the first arrival \
                    (kill:3@5000, drain:2@90s)";

impl Perturbation {
    /// Reads `kill:3@5000`.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (what, when) = text.trim().split_once('@').ok_or_else(|| FORM.to_owned())?;
        let (id, given) = what.split_once(':').unwrap_or((what, ""));
        match (Moment::parse(when), table::read(id, given)) {
            (Ok(moment), Ok(change)) => Ok(Self { moment, change }),
            (Err(when), Err(what)) => Err(format!("{when}; and {what}")),
            (Err(one), Ok(_)) | (Ok(_), Err(one)) => Err(one),
        }
    }
}

impl Moment {
    fn parse(text: &str) -> Result<Self, String> {
        let moment = match text.strip_suffix('s') {
            Some(seconds) => {
                let seconds = number::parse(seconds);
                seconds.filter(|&s| s.is_finite() && 0.0 <= s).map(Self::Seconds)
            }
            None => text.parse().ok().filter(|&number| 0 < number).map(Self::Request),
        };
        let expected = "after @ the number of a request from 1, or seconds of 0 or more with an s: \
                        @5000, @90s";
        moment.ok_or_else(|| expected.to_owned())
    }
}

/// As a configuration says it.
impl fmt::Display for Perturbation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.change, self.moment)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(number) => write!(f, "{number}"),
            Self::Seconds(seconds) => write!(f, "{seconds}s"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill(node) => write!(f, "kill:{node}"),
            Self::Drain(node) => write!(f, "drain:{node}"),
            Self::Heal(node) => write!(f, "heal:{node}"),
            Self::Add(nodes) => write!(f, "add:{nodes}"),
            Self::Slow(node, factor) => write!(f, "slow:{node}:{factor}"),
            Self::Forget(block) => write!(f, "forget:{block}"),
            Self::Rate(factor) => write!(f, "rate:{factor}"),
            Self::Set(set) => write!(f, "set:{}.{}={}", set.part.name(), set.name, set.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perturbation_is_read_back_as_it_is_told() {
        for text in [
            "kill:3@5000",
            "drain:0@90s",
            "heal:1023@0.5s",
            "add:2@1",
            "slow:3:2.5@60s",
            "forget:17@5000",
            "rate:0.5@7",
            "set:router.load_weight=20@5000",
        ] {
            let read = Perturbation::parse(text).expect(text);
            assert_eq!(read.to_string(), text);
        }
    }

    #[test]
    fn what_cannot_be_read_says_what_it_should_have_been() {
        let cases = [
            ("kill:3", "WHAT@WHEN"),
            ("kill:3@0", "the number of a request from 1"),
            ("kill:3@-2s", "the number of a request from 1"),
            ("kill:3@infs", "the number of a request from 1"),
            ("kil:3@5", "did you mean kill?"),
            ("kill:x@5", "kill:NODE"),
            ("kill@5", "kill:NODE"),
            ("add:0@5", "add:NODES"),
            ("slow:3@5", "slow:NODE:FACTOR"),
            ("slow:3:0.01@5", "slow:NODE:FACTOR"),
            ("rate:0@5", "rate:FACTOR"),
            ("set:clock.rate=2@5", "set:PART.NAME=VALUE"),
            ("set:router@5", "set:PART.NAME=VALUE"),
        ];
        for (text, part) in cases {
            let refused = Perturbation::parse(text).expect_err(text);
            assert!(refused.contains(part), "{text}: {refused}");
        }
    }
}
