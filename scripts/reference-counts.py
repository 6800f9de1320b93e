#!/usr/bin/env python3
"""Counts that kvscope must reproduce, made by other people's simulators on data anybody can make.

Writes tests/data/libcachesim.json and tests/data/kvcache-simulator.json. Nothing in them comes
from a real trace: the streams are integer recipes, written below and again in
tests/common/streams.rs, and the traces are built-in workloads (`kvscope synth`). To rerun:

    python3 -m venv /tmp/reference
    /tmp/reference/bin/pip install libcachesim==0.3.5 kvcache-simulator==0.1.3
    cargo build --release
    /tmp/reference/bin/python scripts/reference-counts.py target/release/kvscope

It takes some minutes. The files must come out byte for byte as they are in the repository.
"""

import heapq
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import libcachesim
from kvcache_sim.plan import build_execution_plan
from kvcache_sim.policies import simulate_ceiling, simulate_policy
from kvcache_sim.trace import parse_trace_file
from libcachesim import libcachesim_python as native

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
BLOCK_SIZE = 512
SEED = 7
REQUESTS = 3000
WORKLOADS = ["toolagent", "conversation"]
MASK = (1 << 64) - 1


def splitmix64(seed):
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def mix():
    """Seven accesses of ten favour low ids, two walk a loop, one is never seen again."""
    random, hot, loop, at, scan = splitmix64(2), 50_000, 10_000, 0, 0
    for _ in range(300_000):
        kind = next(random) % 10
        if kind < 7:
            wide = next(random)
            yield wide % (next(random) % hot + 1)
        elif kind < 9:
            yield hot + at
            at = (at + 1) % loop
        else:
            yield hot + loop + scan
            scan += 1


def hot():
    """Few ids, low ones far more often."""
    random = splitmix64(3)
    for _ in range(200_000):
        wide, middle = next(random), next(random)
        yield wide % (middle % (next(random) % 64 + 1) + 1)


def twigs():
    """Requests over a bushy tree. An id says only which child: it recurs behind every parent."""
    random = splitmix64(5)
    for _ in range(4000):
        length = next(random) % 9 + 1
        ids = []
        for _ in range(length):
            wide = next(random)
            ids.append(wide % (next(random) % 6 + 1))
        yield {"input_length": length * BLOCK_SIZE - next(random) % BLOCK_SIZE, "hash_ids": ids}


POLICIES = {
    "FIFO": libcachesim.FIFO,
    "LRU": libcachesim.LRU,
    "LFU": libcachesim.LFU,
    "Clock": libcachesim.Clock,
    "SIEVE": libcachesim.Sieve,
    # As in the SOSP'23 paper; the package gives it no class of its own.
    "S3FIFOv0": lambda capacity, hashpower: libcachesim.cache.CacheBase(
        native.S3FIFOv0_init(
            native.CommonCacheParams(cache_size=capacity, hashpower=hashpower), ""
        )
    ),
    "ARC": libcachesim.ARC,
    "TwoQ": libcachesim.TwoQ,
    "Belady": libcachesim.Belady,
}


def next_uses(ids):
    """For each access the position of the next one to the same id."""
    never = (1 << 63) - 1
    following, seen = [never] * len(ids), {}
    for at in range(len(ids) - 1, -1, -1):
        following[at] = seen.get(ids[at], never)
        seen[ids[at]] = at
    return following


def misses(policy, capacity, ids, following):
    cache = policy(capacity, hashpower=16)
    request = libcachesim.Request()
    request.obj_size, request.valid = 1, True
    count = 0
    for id, next_use in zip(ids, following):
        request.obj_id, request.next_access_vtime = id, next_use
        count += not cache.get(request)
    return count


def belady_bypass(capacity, ids, following):
    """MIN in which the new block itself may be the one not kept: libCacheSim has none."""
    held, order, count = {}, [], 0
    for id, next_use in zip(ids, following):
        known = id in held
        count += not known
        if not known and len(held) == capacity:
            while held.get(order[0][1]) != -order[0][0]:
                heapq.heappop(order)
            if -order[0][0] <= next_use:
                continue
            del held[heapq.heappop(order)[1]]
        held[id] = next_use
        heapq.heappush(order, (-next_use, id))
    return count


def count_misses(ids, capacities):
    following = next_uses(ids)
    table = {}
    for name, policy in POLICIES.items():
        # Its small queue, a tenth, must have room for one.
        wanted = [c for c in capacities if name != "S3FIFOv0" or 10 <= c]
        table[name] = {str(c): misses(policy, c, ids, following) for c in wanted}
    table["Belady-bypass"] = {str(c): belady_bypass(c, ids, following) for c in capacities}
    return {"accesses": len(ids), "unique": len(set(ids)), "first": ids[:8], "misses": table}


def hit_tokens(path, capacities):
    trace = parse_trace_file(path, block_size=BLOCK_SIZE)
    assert trace.parse_errors == 0 and trace.skipped_records == 0
    plan = build_execution_plan(trace)
    table = {}
    for policy in ["fifo", "lru", "optimal"]:
        results = {c: simulate_policy(plan, policy, c) for c in capacities}
        for capacity, result in results.items():
            assert result.measurementMode == "fixed_window", f"{capacity} blocks never fill"
        table[policy] = {str(c): result.hitTokens for c, result in results.items()}
    return {
        "unique": plan.unique_blocks,
        "measured_tokens": plan.total_measured_tokens,
        "ceiling_tokens": simulate_ceiling(plan).hitTokens,
        "hit_tokens": table,
    }


def json_lines(tables):
    """JSON with one line for each table of numbers."""
    entries = ['  "made_by": "scripts/reference-counts.py"']
    for name, table in tables.items():
        lines = []
        for key, value in table.items():
            if isinstance(value, dict):
                rows = [f"      {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
                value = "{\n" + ",\n".join(rows) + "\n    }"
            else:
                value = json.dumps(value)
            lines.append(f"    {json.dumps(key)}: {value}")
        entries.append(f"  {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(entries) + "\n}\n"


def main(kvscope):
    small, large = [2, 4, 8, 12, 16, 20, 24, 32, 48], [100, 500, 1000, 5000, 10000, 30000]
    accesses = {
        "mix": count_misses(list(mix()), large + [50000]),
        "hot": count_misses(list(hot()), small),
    }
    tokens = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.jsonl"
        for workload in WORKLOADS:
            args = [kvscope, "synth", workload, "--requests", str(REQUESTS), "--seed", str(SEED)]
            lines = subprocess.run(args, check=True, capture_output=True).stdout
            path.write_bytes(lines)
            ids = [id for line in lines.splitlines() for id in json.loads(line)["hash_ids"]]
            accesses[workload] = count_misses(ids, large[:-1] + [20000])
            tokens[workload] = hit_tokens(path, [30, 300, 1000, 3000, 5859, 10000])
        path.write_text("".join(json.dumps(request) + "\n" for request in twigs()))
        tokens["twigs"] = hit_tokens(path, [1, 2, 5, 20, 100, 500, 2000])
    (DATA / "libcachesim.json").write_text(json_lines(accesses))
    (DATA / "kvcache-simulator.json").write_text(json_lines(tokens))


if __name__ == "__main__":
    main(sys.argv[1])
