//! What a policy needs that not every run has, and what no real system could give it.

/// What a policy, or one choice of a parameter, needs that not every run has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The whole trace in advance: block uses to come.
    Future,
    /// Arrival times, queues and service times.
    TimedClock,
    /// How many tokens requests will generate, before they have.
    OutputLengths,
}

impl Need {
    /// The word for it in tables.
    pub fn id(self) -> &'static str {
        match self {
            Self::Future => "future",
            Self::TimedClock => "timed_clock",
            Self::OutputLengths => "output_lengths",
        }
    }

    /// What that is, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Future => "when blocks will be used next",
            Self::TimedClock => "arrival times, queues and service times",
            Self::OutputLengths => "how long outputs will be in the end",
        }
    }

    /// Whether no real system can know it: what has not happened yet.
    pub fn is_foresight(self) -> bool {
        match self {
            Self::Future | Self::OutputLengths => true,
            Self::TimedClock => false,
        }
    }
}
