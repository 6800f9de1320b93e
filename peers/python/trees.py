"""The prefixes that Ray's tree finds on every worker, on the native program's streams.

    python trees.py FOLDER

A block is one character, so that a match is counted in blocks. Each request is asked of the tree
for every worker alone, then goes where Ray's router sends it while no queue is longer than
another: to the first worker with the longest match, or below a tenth of the prompt to the worker
that holds least. One line a request: stream, worker, and the blocks matched on every worker.
"""

import json
import sys
from pathlib import Path

import only

REQUESTS = 3000
WORKERS = 8
# Below this are control characters, here as in gateways.py.
FIRST_CHARACTER = 0x10000
MATCH_RATE = 0.1
TREE = "ray.llm._internal.serve.routing_policies.prefix_aware.prefix_tree"


def picks(prompts):
    """Worker of every request, and what was matched before it on each."""
    from ray.llm._internal.serve.routing_policies.prefix_aware.prefix_tree import PrefixTree

    tree, names = PrefixTree(), [f"w{worker}" for worker in range(WORKERS)]
    tree.add_tenants(names, 0.0)
    for moment, prompt in enumerate(prompts, 1):
        matched = [len(tree.prefix_match(prompt, [name])[0]) for name in names]
        text, best = tree.prefix_match(prompt, names)
        if len(text) < MATCH_RATE * len(prompt) or not best:
            best = tree.get_smallest_tenants()
        else:
            longest = [name for name, length in zip(names, matched) if length == len(text)]
            assert best == longest, (best, matched, text)
        yield names.index(best[0]), matched
        tree.insert(prompt, best[0], float(moment))


def main(folder):
    import ray.serve._private.constants as constants

    constants.SERVE_LOGGER_NAME = "ray.serve"
    for line in (folder / "streams.tsv").read_text().splitlines():
        stream = line.split("\t")[0]
        lines = (folder / f"{stream}.jsonl").read_text().splitlines()[:REQUESTS]
        requests = [json.loads(line)["hash_ids"] for line in lines]
        prompts = ["".join(chr(FIRST_CHARACTER + id) for id in ids) for ids in requests]
        for pick, matched in picks(prompts):
            print(stream, pick, ",".join(map(str, matched)), sep="\t")


if __name__ == "__main__":
    only.imports("ray", [TREE])
    main(Path(sys.argv[1]))
