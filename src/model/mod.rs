//! The words that every other module shares: plain values without behaviour of their own.

mod ids;
mod request;
mod access;
mod route;
mod outcome;
mod timing;
mod membership;
mod signals;
mod transfer;
mod decision;
mod monitoring;
mod tally;

pub use access::Access;
pub use decision::{Aim, Decision};
pub use ids::{BlockId, DEFAULT_BLOCK_SIZE, MAX_NODES, NO_SLOT, NodeId, Slot, UNLIMITED_BLOCKS};
pub use membership::NodeState;
pub use monitoring::{AlertKind, Hot, Reading, Retuning, TuneReason, Turn};
pub use outcome::Outcome;
pub use request::{Prompt, Request, RequestRef, Wait, tokens_in};
pub use route::Route;
pub use signals::{Decode, Outputs, Signals};
pub use tally::Tally;
pub use timing::{At, Retimed, Timing};
pub use transfer::{MoveKind, Plan, Transfer};
