"""Runs the peers that come from PyPI, on streams that the native program has written.

    python peers.py libcachesim STREAM NAME CAPACITY POLICY...
    python peers.py kvcache-simulator TRACE CAPACITIES

Lines as the native program's: name, seconds of processor time, work, twin, what was counted.
"""

import math
import resource
import sys
import time

BLOCK_SIZE = 512


def libcachesim(path, stream, capacity, policy):
    """One cache in libCacheSim's own loop, over a file it reads as it goes."""
    import libcachesim as lib

    names = {"lru": "LRU", "fifo": "FIFO", "lfu": "LFU", "sieve": "Sieve", "s3fifo": "S3FIFO"}
    reader = lib.TraceReader(path, lib.TraceType.ORACLE_GENERAL_TRACE)
    # Twice as many buckets as objects: of the sizes tried, the one it is fastest with.
    hashpower = math.ceil(math.log2(capacity)) + 1
    cache = getattr(lib, names[policy])(capacity, hashpower=hashpower)
    start = time.thread_time()
    misses, _ = cache.process_trace(reader)
    seconds = time.thread_time() - start
    work = reader.get_num_of_req()
    # Its S3-FIFO is a later one than the paper's, which is what kvscope has.
    twin = "" if policy == "s3fifo" else f"{policy} {stream}"
    hits = round(work * (1 - misses))
    print(f"{policy}/{stream}", seconds, work, twin, f"{hits} hits", sep="\t")


def kvcache_simulator(path, capacities):
    """Its three policies over a parsed trace: the sweep that its command runs, whole, and what
    its compiled loop takes of that."""
    from kvcache_sim.cpp_backend import run_cpp_sweep
    from kvcache_sim.trace import parse_trace_file

    trace = parse_trace_file(path, block_size=BLOCK_SIZE)

    def children():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def seconds(capacities):
        here, there = time.thread_time(), children()
        run_cpp_sweep(
            trace,
            capacities=capacities,
            policies=["fifo", "lru", "optimal"],
            warmup_requests=trace.request_count // 2,
        )
        return time.thread_time() - here + children() - there

    seconds([0])  # Compiles the core, the first time.
    # A cache of no blocks answers at once: what is left is handing over and reading.
    around, whole = seconds([0]), seconds(capacities)
    work = len(trace.ids) * 3 * len(capacities)
    print("whole", whole, work, "", "", sep="\t")
    print("core", whole - around, work, "", "", sep="\t")


if __name__ == "__main__":
    if sys.argv[1] == "libcachesim":
        path, stream, capacity = sys.argv[2], sys.argv[3], int(sys.argv[4])
        for policy in sys.argv[5:]:
            libcachesim(path, stream, capacity, policy)
    else:
        kvcache_simulator(sys.argv[2], [int(blocks) for blocks in sys.argv[3].split(",")])
