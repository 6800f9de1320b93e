//! The routers, one file each; [`super::table`] lists them.

pub mod random;
pub mod round_robin;
pub mod least_loaded;
pub mod cache_aware;
pub mod enhanced;
pub mod hotspot_migration;
pub mod least_requests;
pub mod shortest_ttft;
pub mod conductor;
pub mod power_of_two;
pub mod loadaware;
pub mod llm_d;
pub mod lmetric;
pub mod infera;
pub mod dynamo_kv;
pub mod sglang_cache_aware;
pub mod sglang_spill;
pub mod aibrix_prefix_cache;
pub mod trtllm_adp;
pub mod preble_e2;
pub mod flexlb_shortest_ttft;
pub mod chwbl;
pub mod prefix_hash_bounded;
pub mod session_affinity;
