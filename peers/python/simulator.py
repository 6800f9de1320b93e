"""What Dynamo's own simulator makes of the conversation trace, whole runs of it.

    KVSCOPE_TRACE=FILE python simulator.py

Eight workers of 5,859 blocks each and requests as they arrive; all else as it comes. One line a
run: router, number of the run, share of the prompt tokens reused, mean and 99th percentile of the
time to first token in milliseconds, requests served, and the seconds that the run took.
"""

import os
import sys

WORKERS = 8
NODE_BLOCKS = 5859
BLOCK_SIZE = 512
# Round robin has no chance in it; the other router draws among equals, and takes no seed.
RUNS = {"round_robin": 1, "kv_router": 3}


def main():
    # It would write a line a decision, to where its results go.
    os.environ["DYN_LOG"] = "error"
    from dynamo._core import run_mocker_trace_replay

    trace = os.environ.get("KVSCOPE_TRACE")
    if not trace:
        sys.exit("the conversation trace is not on this machine")
    engine = {"engine": {"num_gpu_blocks": NODE_BLOCKS, "block_size": BLOCK_SIZE}}
    for router, runs in RUNS.items():
        for run in range(runs):
            found = run_mocker_trace_replay(
                [trace],
                extra_engine_args=engine,
                num_workers=WORKERS,
                router_mode=router,
                trace_block_size=BLOCK_SIZE,
                capture_planner_details=False,
            ).summary
            columns = ["prefix_cache_reused_ratio", "mean_ttft_ms", "p99_ttft_ms"]
            columns += ["completed_requests", "wall_time_ms"]
            print(router, run, *(found[name] for name in columns), sep="\t", flush=True)


if __name__ == "__main__":
    main()
