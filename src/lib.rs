//! kvscope.
