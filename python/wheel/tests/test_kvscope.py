"""The package against the command line, the built-in vectors, its page of the book, and itself.

Run as `python test_kvscope.py KVSCOPE DATA`, where KVSCOPE is the command line and DATA the folder
tests/data of the repository.
"""

import contextlib
import gzip
import inspect
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import kvscope

KVSCOPE, DATA = sys.argv[1], Path(sys.argv[2])


def printed(*arguments, stdin=None):
    done = subprocess.run([KVSCOPE, *arguments], capture_output=True, check=True, input=stdin)
    return done.stdout


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bytes = printed("synth", "toolagent", "--requests", "3000", "--seed", "7")
        cls.trace = kvscope.read(cls.bytes)

    def test_a_run_is_what_the_command_line_prints(self):
        for flags, config in [
            ([], {}),
            (["--nodes", "4", "--capacity", "500", "--router", "cache_aware:load_weight=5"],
             {"nodes": 4, "capacity_blocks": 500,
              "router": {"id": "cache_aware", "params": {"load_weight": 5}}}),
            (["--clock", "timed", "--router", "conductor", "--seed", "18446744073709551615"],
             {"clock": "timed", "router": "conductor", "seed": 2**64 - 1}),
            (["--eviction", "optimal"], {"eviction": "optimal"}),
            (["--perturb", "kill:1@1500", "--perturb", "heal:1@2000"],
             {"perturb": ["kill:1@1500", "heal:1@2000"]}),
        ]:
            theirs = json.loads(printed("run", "-", "--json", *flags, stdin=self.bytes))
            self.assertEqual(kvscope.run(self.trace, **config), theirs, flags)

    def test_the_vectors_of_the_built_in_workloads(self):
        built_in = json.loads((DATA / "builtin.json").read_text())
        for id in ("toolagent", "conversation"):
            trace = kvscope.workload(id, seed=7, requests=3000)
            self.assertEqual(len(trace), 3000)
            for case in built_in[id]["logical"][:40]:
                router = {"id": case["router"], "params": case.get("params", {})}
                got = kvscope.run(trace, nodes=case["nodes"], capacity_blocks=case["capacity"],
                                  eviction=case["eviction"], router=router)
                for name, value in case["expect"].items():
                    if name in got:
                        self.assertEqual(got[name], value, (case, name))

    def test_facts_curves_sweeps_and_studies_are_what_the_command_line_prints(self):
        theirs = json.loads(printed("trace", "-", "--json", stdin=self.bytes))
        ours = kvscope.facts(self.trace)
        self.assertEqual(ours, {name: theirs[name] for name in ours})
        theirs = json.loads(printed("curve", "-", "--json", "--policy", "lru", "--policy", "lfu",
                                    "--points", "8", stdin=self.bytes))
        self.assertEqual(kvscope.curve(self.trace, ["lru", "lfu"], points=8), theirs)
        grid = json.loads((DATA / "grid.json").read_text())
        theirs = json.loads(printed("sweep", "-", str(DATA / "grid.json"), "--json",
                                    stdin=self.bytes))
        axes, seeds = grid["axes"], grid.get("seeds", (0,))
        for threads in (1, 2):
            got = kvscope.sweep(self.trace, axes, seeds=seeds, threads=threads, **grid["base"])
            self.assertEqual(got["rows"], theirs["rows"])
        half = kvscope.sweep(self.trace, axes, seeds=seeds, shard=(1, 2), **grid["base"])
        self.assertEqual(half["rows"], [row for row in theirs["rows"] if row["cell"] % 2 == 1])
        theirs = json.loads(printed("study", "claim_evictions", "-", "--json", stdin=self.bytes))
        self.assertEqual(kvscope.study("claim_evictions", self.trace), theirs)
        for study, of in (("claim_evictions", "toolagent"), ("figure5", "conversation")):
            theirs = printed("study", study, "--json", "--seeds", "1")
            self.assertEqual(kvscope.study(study, seeds=1), json.loads(theirs), of)

    def test_a_trace_comes_from_anywhere(self):
        length = len(self.trace)
        self.assertEqual(len(kvscope.read(io.BytesIO(self.bytes))), length)
        packed = gzip.compress(self.bytes[:100_000]) + gzip.compress(self.bytes[100_000:])
        self.assertEqual(len(kvscope.read(packed)), length)
        self.assertEqual(kvscope.report(self.trace)["block_size"], 512)

    def test_threads_may_share_a_trace(self):
        want = kvscope.run(self.trace, nodes=4)
        found = []
        threads = [threading.Thread(target=lambda: found.append(kvscope.run(self.trace, nodes=4)))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [want] * 4)

    def test_mistakes_say_everything_at_once(self):
        for config, words in [
            ({"router": "rond_robin", "nodes": 0}, ("rond_robin", "round_robin", "nodes")),
            ({"nobody": 1, "nothing": 2}, ("nobody", "nothing")),
            ({"seed": -1}, ("seed", "-1")),
        ]:
            with self.assertRaises(kvscope.ConfigError) as caught:
                kvscope.run(self.trace, **config)
            for word in words:
                self.assertIn(word, str(caught.exception))
        for wrong in (b"", b"\x89PNG\r\n\x1a\n", b"\x28\xb5\x2f\xfd", b"{}\n"):
            with self.assertRaises(kvscope.TraceError):
                kvscope.read(wrong)
        for call in (lambda: kvscope.sweep(self.trace, {"nodes": [2]}, shard=(2, 2)),
                     lambda: kvscope.study("nobody", self.trace),
                     lambda: kvscope.study("nobody"),
                     lambda: kvscope.workload("nobody"),
                     lambda: kvscope.run(self.trace, window=float("nan"))):
            with self.assertRaises(ValueError):
                call()
        with self.assertRaises(OSError):
            kvscope.read("no-such-file.jsonl")

    def test_tables_and_frames(self):
        self.assertIn("cache_aware", [row["id"] for row in kvscope.policies()["routers"]])
        try:
            import pandas  # noqa: F401
        except ImportError:
            self.skipTest("pandas is not installed")
        rows = kvscope.sweep(self.trace, {"nodes": [2, 4]})
        self.assertEqual(list(kvscope.frame(rows)["nodes"]), ["2", "4"])
        self.assertEqual(len(kvscope.frame(kvscope.run(self.trace))), 1)
        self.assertGreater(len(kvscope.frame(kvscope.curve(self.trace))), 2)


class Page(unittest.TestCase):
    """docs/python.md says what there is, and its examples run."""

    @classmethod
    def setUpClass(cls):
        cls.page = (DATA.parent.parent / "docs/python.md").read_text(encoding="utf-8")

    def test_it_tells_every_name_and_every_parameter(self):
        told = dict(re.findall(r"^### `(\w+)(.*)`$", self.page, re.MULTILINE))
        named = {name for name in kvscope.__all__ if f"### `{name}" in self.page}
        self.assertEqual(set(told), named)
        for name in set(kvscope.__all__) - named:
            self.assertIn(name, self.page)
        for name in named - {"Trace"}:
            plain = [one.replace(annotation=inspect.Parameter.empty)
                     for one in inspect.signature(getattr(kvscope, name)).parameters.values()]
            signature = str(inspect.Signature(plain)).replace("'", '"')
            self.assertEqual(told[name], signature, name)

    def test_its_examples_run_and_have_ten_lines_at_most(self):
        examples = re.findall(r"^```python\n(.*?)^```$", self.page, re.MULTILINE | re.DOTALL)
        self.assertGreater(len(examples), 5)
        trace = printed("synth", "conversation", "--requests", "3000")
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                Path("conversation_trace.jsonl").write_bytes(trace)
                for example in examples:
                    with self.subTest(example=example):
                        self.check(example)
            finally:
                os.chdir(before)

    def check(self, example):
        self.assertLessEqual(len([line for line in example.splitlines() if line]), 10)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(example, "docs/python.md", "exec"), {})
        self.assertTrue(said.getvalue())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
