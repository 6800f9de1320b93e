//! Analyses: whole runs, or many of them, made into one table or figure.

pub mod figure5;
