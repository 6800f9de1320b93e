"""What the caches of real engines hit, on streams that the native program has written.

    python engines.py sglang FOLDER
    python engines.py vllm FOLDER

The modules that keep a prefix cache are the packages' own. What they import beside them (torch,
kernels, the rest of the engine) serves a GPU, is not installed, and is empty here. A token is a
block and a page is a token; one request runs at a time, so that it is matched, makes room, is
stored and ends before the next. One line a case: stream, policy, capacity, blocks hit.
"""

import json
import sys
import types
from array import array
from pathlib import Path

import only

REQUESTS = 3000

# The modules that are taken as they are; everything else of these packages is empty.
REAL = {
    "sglang": [
        "sglang.srt.mem_cache.radix_cache",
        "sglang.srt.mem_cache.base_prefix_cache",
        "sglang.srt.mem_cache.cache_init_params",
        "sglang.srt.mem_cache.evict_policy",
        "sglang.srt.mem_cache.utils",
        "sglang.srt.mem_cache.events",
    ],
    "vllm": ["vllm.v1.core.block_pool", "vllm.v1.core.kv_cache_utils"],
}


def cases(folder):
    """Name, requests and capacities of every stream; engines refuse what is longer than a cache."""
    for line in (folder / "streams.tsv").read_text().splitlines():
        name, _, capacities = line.split("\t")
        lines = (folder / f"{name}.jsonl").read_text().splitlines()[:REQUESTS]
        requests = [json.loads(line)["hash_ids"] for line in lines]
        distinct, longest = len(set().union(*requests)), max(map(len, requests))
        capacities = [int(capacity) for capacity in capacities.split(",")]
        yield name, requests, [c for c in capacities if longest <= c < distinct]


class Indices:
    """Stands for a tensor of places in the memory of a GPU: only how many is of account."""

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, part):
        return Indices(len(range(self.count)[part]))

    def clone(self):
        return self


def sglang_hits(requests, policy, capacity):
    from sglang.srt.mem_cache.base_prefix_cache import EvictParams, InsertParams
    from sglang.srt.mem_cache.base_prefix_cache import MatchPrefixParams
    from sglang.srt.mem_cache.cache_init_params import CacheInitParams
    from sglang.srt.mem_cache.radix_cache import RadixCache, RadixKey

    class Pool:
        device, free = None, capacity

        def free_segment(self, indices, start_pos):
            self.free += len(indices)

    pool = Pool()
    cache = RadixCache(
        CacheInitParams(
            disable=False,
            req_to_token_pool=None,
            token_to_kv_pool_allocator=pool,
            page_size=1,
            eviction_policy=policy,
        )
    )
    hits = 0
    for blocks in requests:
        key = RadixKey(array("q", blocks))
        found = cache.match_prefix(MatchPrefixParams(key=key))
        hits += found.device_prefix_len
        node, new = found.last_device_node, len(blocks) - found.device_prefix_len
        cache.inc_lock_ref(node)
        if pool.free < new:
            cache.evict(EvictParams(num_tokens=new - pool.free))
        pool.free -= new
        assert 0 <= pool.free
        cache.insert(InsertParams(key=key, value=Indices(len(blocks))))
        cache.dec_lock_ref(node)
    return hits


def sglang(folder):
    import torch
    from sglang.srt.mem_cache.base_prefix_cache import BasePrefixCache

    torch.device = type("device", (), {"__init__": lambda self, name: None})
    BasePrefixCache.update_eviction_metrics = lambda self, count, since: None
    for stream, requests, capacities in cases(folder):
        for capacity in capacities:
            for policy in ["lru", "lfu", "slru"]:
                hits = sglang_hits(requests, policy, capacity)
                print(stream, policy, capacity, hits, sep="\t", flush=True)


def vllm_hits(requests, capacity):
    from vllm.v1.core.block_pool import BlockPool

    # One block stands for no block.
    pool = BlockPool(num_gpu_blocks=capacity + 1, enable_caching=True, hash_block_size=1)
    hits = 0
    for ids in requests:
        # The streams' ids are of everything before a block, too, as its hash is.
        hashes = [id.to_bytes(8, "big") for id in ids]
        blocks = []
        for name in hashes:
            found = pool.get_cached_block(name, [0])
            if not found:
                break
            blocks += found
        matched = len(blocks)
        hits += matched
        pool.touch(blocks)
        blocks += pool.get_new_blocks(len(ids) - matched)
        request = types.SimpleNamespace(block_hashes=hashes)
        pool.cache_full_blocks(request, blocks, matched, len(ids), 1, 0)
        pool.free_blocks(reversed(blocks))
    return hits


def vllm(folder):
    for stream, requests, capacities in cases(folder):
        for capacity in capacities:
            print(stream, "lru", capacity, vllm_hits(requests, capacity), sep="\t", flush=True)


if __name__ == "__main__":
    package = sys.argv[1]
    only.imports(package, REAL[package])
    {"sglang": sglang, "vllm": vllm}[package](Path(sys.argv[2]))
