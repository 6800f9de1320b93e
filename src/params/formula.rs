//! What a row does, in one line.

/// A score, a cost or a victim, in the field's words: the command line and docs/policies.md show
/// it. The core of the page, which everybody loads and which has no place for it, goes without.
#[derive(Clone, Copy, Debug)]
pub struct Formula(&'static str);

impl Formula {
    /// The line, without a full stop.
    pub const fn new(line: &'static str) -> Self {
        Self(if cfg!(target_arch = "wasm32") { "" } else { line })
    }

    /// The line; empty in wasm.
    pub fn line(self) -> &'static str {
        self.0
    }
}
