"""Which routing and which cache-eviction policy should an LLM serving cluster run?

    import kvscope

    trace = kvscope.read("conversation_trace.jsonl")
    kvscope.run(trace, nodes=8, router="cache_aware")["token_hit_rate"]

A trace is read once and can then be asked as often as one likes; results are dictionaries with the
keys that the command line's ``--json`` prints (docs/metrics.md defines each), and the same figures
to the last bit. ``frame`` makes pandas frames of them where pandas is installed.

A configuration is said by keywords: any setting by its name (``nodes``, ``capacity_blocks``,
``window``), ``router``, ``eviction``, ``migration`` and ``clock`` as text (``"conductor"``,
``"cache_aware:load_weight=5"``) or as a dictionary with ``id`` and ``params``, ``seed``, and
``perturb``, a list of what is done to the cluster (``["kill:1@1500"]``). What cannot be run raises
ConfigError with every reason at once.
"""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Union

from kvscope._core import ConfigError, Trace, TraceError, __version__, stand_in, tables, workload
from kvscope._core import Reader as _Reader

if TYPE_CHECKING:
    import pandas

__all__ = [
    "ConfigError", "Trace", "TraceError", "__version__", "curve", "facts", "frame", "policies",
    "read", "report", "run", "study", "sweep", "workload",
]

#: Settings by name; rows as text or as dictionaries with ``id`` and ``params``; ``perturb``, a list.
Value = Union[str, int, float, bool, Mapping[str, Any], Sequence[str]]
#: Where a trace comes from.
Source = Union[str, "os.PathLike[str]", bytes, IO[bytes], Trace]

_CHUNK = 1 << 20
_SEED_LIMIT = 1 << 53


def _plain(value: Any) -> Any:
    """Whole numbers that a double cannot hold cross as text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _SEED_LIMIT:
        return str(value)
    return value


def _base(config: Mapping[str, Value]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in config.items() if value is not None}


def _grid(config: Mapping[str, Value], **more: Any) -> str:
    """The grid that has this configuration in all its cells."""
    base = _base(config)
    perturb = base.pop("perturb", [])
    return json.dumps({"base": base, "perturb": perturb, **more}, allow_nan=False)


def _said(config: Mapping[str, Value]) -> str:
    seed = _plain(config.get("seed", 0))
    rest = {name: value for name, value in config.items() if name != "seed"}
    return _grid(rest, seeds=[seed])


def read(source: Source, **reading: Value) -> Trace:
    """Reads a whole trace: a path, bytes or a binary file, plain or gzipped.

    ``reading`` says what the file does not: ``block_size``, ``time_unit``, ``id_scope``, ``rows``,
    ``sessions``, ``shared_prefix``. Raises TraceError where nothing of it can be served, OSError
    where it cannot be opened.
    """
    if isinstance(source, Trace):
        return source
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            return read(file, **reading)
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    reader = _Reader(_said(reading))
    first = file.read(_CHUNK)
    if first[:2] == b"\x1f\x8b":
        file = gzip.GzipFile(fileobj=_Joined(first, file))  # type: ignore[arg-type]
        first = file.read(_CHUNK)
    elif first[:4] == b"\x28\xb5\x2f\xfd":
        raise TraceError("found a zstd file, expected it unpacked: zstd -d FILE")
    while first:
        reader.push(first)
        first = file.read(_CHUNK)
    return reader.finish()


class _Joined(io.RawIOBase):
    """What was read already, and what is still to come."""

    def __init__(self, first: bytes, rest: IO[bytes]) -> None:
        self._first, self._rest = first, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._first:
            return self._rest.read(size)
        if size < 0:
            size = len(self._first)
        taken, self._first = self._first[:size], self._first[size:]
        return taken


def report(trace: Trace) -> dict[str, Any]:
    """How the trace was read: schema, time unit, block size, scope of ids, and from what each."""
    return json.loads(trace.report())


def facts(trace: Source) -> dict[str, Any]:
    """What is in the trace: rates, lengths, popularity, re-use, the prefix tree, hot sets."""
    return json.loads(read(trace).facts())


def run(trace: Source, **config: Value) -> dict[str, Any]:
    """Serves the trace once; the result is what ``kvscope run --json`` prints."""
    return json.loads(read(trace).run(_said(config)))


def curve(
    trace: Source,
    policies: Sequence[Value] = ("lru",),
    *,
    capacities: tuple[int, int] | None = None,
    points: int = 40,
    threads: int = 0,
    nodes: int = 1,
    **config: Value,
) -> dict[str, Any]:
    """Hit rate against capacity for some eviction policies.

    LRU on one node is exact at every capacity in one pass; other policies are run at ``points``
    capacities at most, more where a line bends. ``capacities`` is the smallest and the largest, in
    blocks of a node.
    """
    said = [_said({**config, "nodes": nodes, "eviction": policy}) for policy in policies]
    return json.loads(read(trace).curve(said, capacities, points, threads))


def sweep(
    trace: Source,
    axes: Mapping[str, Iterable[Value]],
    *,
    seeds: int | Sequence[int] = (0,),
    shard: tuple[int, int] | None = None,
    threads: int = 0,
    **config: Value,
) -> dict[str, Any]:
    """Every combination of the axes, in threads that hold no lock of Python's.

    ``axes`` names settings, ``router``, ``eviction``, ``migration``, ``clock``, or parameters
    behind a dot (``"cache_aware.load_weight"``); ``config`` is what all cells share. ``shard`` is
    ``(i, n)``: the cells whose number is i modulo n.
    """
    counted = seeds if isinstance(seeds, int) else [_plain(seed) for seed in seeds]
    varied = {name: [_plain(value) for value in values] for name, values in axes.items()}
    grid = _grid(config, axes=varied, seeds=counted)
    return json.loads(read(trace).sweep(grid, shard, threads))


def study(
    id: str, trace: Source | None = None, *, seeds: int | None = None, threads: int = 0
) -> dict[str, Any]:
    """A published figure or claim beside what comes out on the trace.

    Without a trace it runs on the built-in workload that stands for the study's own.
    """
    held = stand_in(id) if trace is None else read(trace)
    return json.loads(held.study(id, seeds, threads))


def policies() -> dict[str, Any]:
    """Every table of this build: routers, evictions, migrations, clocks, workloads, settings."""
    return json.loads(tables())


def frame(result: Mapping[str, Any]) -> "pandas.DataFrame":
    """Rows of a sweep, points of a curve, or one run, as a pandas frame.

    Raises ImportError where pandas is not installed.
    """
    import pandas

    if "rows" in result:
        rows = [{"cell": row["cell"], "seed": row["config"].get("seed", 0), **row["point"],
                 **_scalars(row["summary"])} for row in result["rows"]]
    elif "lines" in result:
        rows = [{"policy": line["name"], "method": line["method"], **point}
                for line in result["lines"] for point in line["points"]]
    else:
        rows = [_scalars(result)]
    return pandas.DataFrame(rows)


def _scalars(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Figures by name; those of a group behind a dot, lists left out."""
    flat: dict[str, Any] = {}
    for name, value in summary.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}.{inner}": it for inner, it in value.items()
                         if not isinstance(it, (Mapping, list))})
        elif not isinstance(value, list):
            flat[name] = value
    return flat
