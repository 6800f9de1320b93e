//! What a user can do wrong, told so that they can mend it.

use serde::Serialize;
use std::fmt;

/// One thing wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Where in the configuration: `router.params.alpha`.
    pub path: String,
    /// What stands there.
    pub value: String,
    /// What may stand there: a range, a list of names, or the sentence of a refusal.
    pub expected: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A person writes `nodes`, wherever that is written.
        let path = self.path.replacen("settings.", "", 1);
        write!(f, "{path}: found {}, expected {}", self.value, self.expected)
    }
}

/// The one error of the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The configuration cannot be run: every reason at once.
    Config(Vec<Reason>),
    /// A call that does not fit the moment, such as a chunk after the end of the trace.
    State(String),
}

impl Error {
    /// A short word for the kind, for callers that branch on it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::State(_) => "state",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(reasons) => {
                for (at, reason) in reasons.iter().enumerate() {
                    let separator = if at == 0 { "" } else { "\n" };
                    write!(f, "{separator}{reason}")?;
                }
                Ok(())
            }
            Self::State(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

/// A result of the core.
pub type Result<T> = std::result::Result<T, Error>;
