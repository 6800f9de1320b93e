//! The rules, one file each; [`super::table`] lists them.

pub mod cold_first;
pub mod heat_window;
pub mod ttft_doubling;
