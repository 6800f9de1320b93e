"""The compiled core. Structured values cross as JSON text."""

__version__: str

class ConfigError(ValueError):
    """A configuration that cannot be run; its text has every reason."""

class TraceError(ValueError):
    """A trace that cannot be read."""

class Reader:
    """Reads a trace that comes in chunks; `config` is JSON with the settings of reading."""

    def __init__(self, config: str) -> None: ...
    def push(self, chunk: bytes) -> None: ...
    def finish(self) -> Trace: ...

class Trace:
    """A whole trace. Nothing that is asked of it changes it, so threads may share it."""

    def __len__(self) -> int:
        """Requests."""
    def report(self) -> str: ...
    def facts(self) -> str: ...
    def run(self, config: str) -> str: ...
    def curve(
        self,
        configs: list[str],
        capacities: tuple[int, int] | None,
        points: int,
        threads: int,
    ) -> str: ...
    def sweep(self, grid: str, shard: tuple[int, int] | None, threads: int) -> str: ...
    def study(self, id: str, seeds: int | None, threads: int) -> str: ...

def workload(id: str, seed: int = 0, requests: int | None = None) -> Trace:
    """A built-in workload as a trace; without a length, that of the trace it stands for."""

def stand_in(study: str) -> Trace:
    """The built-in workload that stands for a study's own trace."""

def tables() -> str: ...
