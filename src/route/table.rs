//! The table of routers.

use super::{RouterRow, policies};

/// Every router, in the order menus show them.
pub static ROUTERS: &[&RouterRow] = &[
    &policies::random::ROW,
    &policies::round_robin::ROW,
    &policies::least_loaded::ROW,
    &policies::cache_aware::ROW,
    &policies::enhanced::ROW,
    &policies::hotspot_migration::ROW,
    &policies::least_requests::ROW,
    &policies::shortest_ttft::ROW,
    &policies::conductor::ROW,
    &policies::power_of_two::ROW,
    &policies::loadaware::ROW,
    &policies::llm_d::ROW,
    &policies::lmetric::ROW,
    &policies::infera::ROW,
    &policies::dynamo_kv::ROW,
    &policies::sglang_cache_aware::ROW,
    &policies::sglang_spill::ROW,
    &policies::aibrix_prefix_cache::ROW,
    &policies::trtllm_adp::ROW,
    &policies::preble_e2::ROW,
    &policies::flexlb_shortest_ttft::ROW,
    &policies::chwbl::ROW,
    &policies::prefix_hash_bounded::ROW,
    &policies::session_affinity::ROW,
];

/// The row called `id`.
pub fn find(id: &str) -> Option<&'static RouterRow> {
    ROUTERS.iter().copied().find(|row| row.id == id)
}
