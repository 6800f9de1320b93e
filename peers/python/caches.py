"""What other people's cache simulators count, on streams that the native program has written.

    python caches.py libcachesim FOLDER
    python caches.py kvcache-simulator FOLDER

One line a case: stream, policy, capacity, count (misses or hit tokens).
"""

import sys
from pathlib import Path

BLOCK_SIZE = 512


def streams(folder):
    for line in (folder / "streams.tsv").read_text().splitlines():
        name, accesses, capacities = line.split("\t")
        yield name, int(accesses), [int(capacity) for capacity in capacities.split(",")]


def libcachesim(folder):
    import libcachesim as lib
    from libcachesim import libcachesim_python as native

    def made(init, parameters=""):
        def make(capacity, hashpower):
            common = native.CommonCacheParams(cache_size=capacity, hashpower=hashpower)
            return lib.cache.CacheBase(init(common, parameters))

        return make

    policies = {
        "fifo": lib.FIFO,
        "lru": lib.LRU,
        "lfu": lib.LFU,
        "clock": lib.Clock,
        "sieve": lib.Sieve,
        # As in the SOSP'23 paper; the package gives it no class of its own.
        "s3fifo": made(native.S3FIFOv0_init),
        "arc": lib.ARC,
        "two_q": lib.TwoQ,
        "slru": made(native.SLRU_init, "n-seg=2,seg-size=1:4"),
        "wtinylfu": lib.WTinyLFU,
        "random": lib.Random,
        "optimal": lib.Belady,
    }
    for stream, accesses, capacities in streams(folder):
        for policy, make in policies.items():
            for capacity in capacities:
                # Segments, windows and small queues must have room for a block.
                least = {"s3fifo": 20, "slru": 5, "wtinylfu": 100, "two_q": 4}.get(policy, 1)
                if capacity < least:
                    continue
                path = str(folder / f"{stream}.bin")
                reader = lib.TraceReader(path, lib.TraceType.ORACLE_GENERAL_TRACE)
                misses, _ = make(capacity, hashpower=18).process_trace(reader)
                print(stream, policy, capacity, round(misses * accesses), sep="\t", flush=True)


def kvcache_simulator(folder):
    from kvcache_sim.plan import build_execution_plan
    from kvcache_sim.policies import simulate_policy
    from kvcache_sim.trace import parse_trace_file

    for stream, _, capacities in streams(folder):
        trace = parse_trace_file(folder / f"{stream}.jsonl", block_size=BLOCK_SIZE)
        assert trace.parse_errors == 0 and trace.skipped_records == 0
        plan = build_execution_plan(trace)
        for policy in ["fifo", "lru", "optimal"]:
            for capacity in capacities:
                result = simulate_policy(plan, policy, capacity)
                # Where a cache is not full when it begins to count, it counts something else.
                if result.measurementMode == "fixed_window":
                    print(stream, policy, capacity, result.hitTokens, sep="\t", flush=True)


if __name__ == "__main__":
    check = {"libcachesim": libcachesim, "kvcache-simulator": kvcache_simulator}[sys.argv[1]]
    check(Path(sys.argv[2]))
