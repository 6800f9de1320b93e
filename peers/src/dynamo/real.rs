//! Calls of the crate `dynamo-kv-router`: its selector, and the requests as it wants them.

use dynamo_kv_router::protocols::{RoutingConstraints, WorkerConfigLike, WorkerWithDpRank};
use dynamo_kv_router::scheduling::{OverlapSignals, ScheduleMode, SchedulingRequest};
use dynamo_kv_router::sequences::WorkerLoadProjection;
use dynamo_kv_router::{
    DefaultWorkerSelector, KvRouterConfig, WorkerSelectionInput, WorkerSelector,
};
use std::collections::{HashMap, HashSet};

/// What a router may be set to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) credit: f64,
    pub(crate) scale: f64,
    pub(crate) credit_decay: f64,
}

impl Settings {
    /// As the crate has them by default.
    pub(crate) const DEFAULT: Self = Self { credit: 1.0, scale: 1.0, credit_decay: 0.0 };
}

/// One request and what is known of every worker.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) block_size: u32,
    pub(crate) tokens: u32,
    /// Complete blocks of it that every worker has.
    pub(crate) overlap: Vec<u32>,
    pub(crate) loads: Vec<Load>,
}

/// How busy a worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Load {
    pub(crate) active_tokens: u64,
    pub(crate) active_blocks: u64,
    /// Complete blocks of the request that are not in use there.
    pub(crate) additional_blocks: u64,
}

impl From<WorkerLoadProjection> for Load {
    fn from(real: WorkerLoadProjection) -> Self {
        Self {
            active_tokens: real.active_prefill_tokens as u64,
            active_blocks: real.active_decode_blocks as u64,
            additional_blocks: real.additional_active_blocks as u64,
        }
    }
}

/// A worker without labels.
#[derive(Default)]
struct Plain(HashSet<String>);

impl WorkerConfigLike for Plain {
    fn data_parallel_start_rank(&self) -> u32 {
        0
    }
    fn data_parallel_size(&self) -> u32 {
        1
    }
    fn max_num_batched_tokens(&self) -> Option<u64> {
        None
    }
    fn total_kv_blocks(&self) -> Option<u64> {
        None
    }
    fn taints(&self) -> &HashSet<String> {
        &self.0
    }
}

/// Worker `node` as the crate names it.
pub(crate) fn worker(node: usize) -> WorkerWithDpRank {
    WorkerWithDpRank::from_worker_id(node as u64)
}

/// Its selector for so many workers.
pub(crate) struct Selector {
    workers: HashMap<u64, Plain>,
    selector: DefaultWorkerSelector,
}

impl Selector {
    pub(crate) fn new(nodes: usize, settings: Settings) -> Self {
        let config = KvRouterConfig {
            overlap_score_credit: settings.credit,
            prefill_load_scale: settings.scale,
            overlap_score_credit_decay: settings.credit_decay,
            ..KvRouterConfig::default()
        };
        Self {
            workers: (0..nodes as u64).map(|id| (id, Plain::default())).collect(),
            selector: DefaultWorkerSelector::new_seeded(Some(config), "prefill", 7),
        }
    }

    /// The workers it may send the request to, asked until every one of `expected` has come out;
    /// the first that is not among them ends it.
    pub(crate) fn minima(&self, asked: &Asked, expected: &[usize]) -> Vec<usize> {
        let request = request(asked);
        let mut seen = Vec::new();
        for _ in 0..400 {
            let picked = self.ask(&request, asked.block_size);
            if !seen.contains(&picked) {
                seen.push(picked);
            }
            if !expected.contains(&picked) || seen.len() == expected.len() {
                break;
            }
        }
        seen.sort_unstable();
        seen
    }

    fn ask(&self, request: &SchedulingRequest, block_size: u32) -> usize {
        let eligible = request.eligibility();
        let input = WorkerSelectionInput::configured(&self.workers, request, eligible, block_size);
        let selected = self.selector.select_worker(input).expect("every worker is eligible");
        selected.worker.worker_id as usize
    }
}

fn request(asked: &Asked) -> SchedulingRequest {
    let mut overlap = OverlapSignals::default();
    for (node, &blocks) in asked.overlap.iter().enumerate() {
        let cached = blocks as usize * asked.block_size as usize;
        overlap.tier_overlap_blocks.device.insert(worker(node), blocks as _);
        overlap.effective_overlap_blocks.insert(worker(node), f64::from(blocks));
        overlap.effective_cached_tokens.insert(worker(node), cached);
    }
    let loads = asked.loads.iter().enumerate().map(|(node, load)| {
        let projection = WorkerLoadProjection {
            active_prefill_tokens: load.active_tokens as usize,
            active_decode_blocks: load.active_blocks as usize,
            active_requests: 0,
            additional_active_blocks: load.additional_blocks as usize,
        };
        (worker(node), projection)
    });
    SchedulingRequest {
        mode: ScheduleMode::QueryOnly { request_id: None },
        token_seq: None,
        isl_tokens: asked.tokens as usize,
        lora_name: None,
        expected_output_tokens: None,
        affinity_target: None,
        pinned_worker: None,
        allowed_worker_ids: None,
        routing_constraints: RoutingConstraints::default(),
        router_config_override: None,
        track_prefill_tokens: true,
        priority_jump: 0.0,
        strict_priority: 0,
        policy_class: None,
        session_context: None,
        overlap,
        kv_transfer_candidates: None,
        retain_kv_transfer_chain: false,
        shared_cache_hits: None,
        worker_loads: loads.collect(),
        resp_tx: None,
    }
}
