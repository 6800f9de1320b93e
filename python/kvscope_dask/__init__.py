"""Spreads the slices of a kvscope sweep over a Dask cluster."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from distributed import Client, as_completed

__all__ = ["SweepError", "slice_of", "sweep"]

class SweepError(RuntimeError):
    """What kvscope said when a slice could not be run or slices not be merged."""


def _printed(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SweepError(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.strip()}")
    return done.stdout


def slice_of(
    kvscope: str, trace: str, grid: str, index: int, of: int, threads: int = 1
) -> str:
    """Runs one slice where it is called, and returns what `sweep --json` prints of it.

    Slice `index` of `of` has the cells whose number is `index` modulo `of`.
    """
    shard = ["--shard", f"{index}/{of}", "--threads", str(threads), "--json"]
    return _printed([kvscope, "sweep", trace, grid, *shard])


def sweep(
    client: Client,
    trace: str | os.PathLike[str],
    grid: str | os.PathLike[str],
    *,
    shards: int,
    kvscope: str = "kvscope",
    threads: int = 1,
    done: Callable[[int, int], None] | None = None,
) -> str:
    """Runs a sweep in `shards` tasks and returns the JSON of the whole.

    The text is the same for any number of shards and workers, and whether or not workers died on
    the way. `trace`, `grid` and the command `kvscope` are named as the workers see them; each task
    uses `threads` threads. `done` hears how many slices of how many have come.

    Raises SweepError with what kvscope said; other exceptions are Dask's.
    """
    if shards < 1:
        raise ValueError(f"found {shards} shards, expected 1 or more")
    tasks = client.map(
        lambda index: slice_of(kvscope, os.fspath(trace), os.fspath(grid), index, shards, threads),
        range(shards),
        # What a slice prints depends on files that a key cannot know.
        pure=False,
    )
    with tempfile.TemporaryDirectory() as place:
        for count, task in enumerate(as_completed(tasks), start=1):
            index = tasks.index(task)
            Path(place, f"{index}.json").write_text(task.result(), encoding="utf-8")
            if done is not None:
                done(count, shards)
        slices = [str(Path(place, f"{index}.json")) for index in range(shards)]
        return _printed([kvscope, "merge", *slices, "--json"])
