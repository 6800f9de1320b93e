//! kvscope command line.
fn main() {}
