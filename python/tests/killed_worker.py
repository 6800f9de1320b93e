"""A sweep on two worker processes, one of which is killed half-way, is what one run prints.

Run as `python killed_worker.py KVSCOPE TRACE GRID`; prints `ok` at the end.
"""

import os
import signal
import subprocess
import sys

from distributed import Client, LocalCluster

from kvscope_dask import SweepError, sweep

SHARDS = 12


def main() -> None:
    kvscope, trace, grid = sys.argv[1:]
    whole = subprocess.run(
        [kvscope, "sweep", trace, grid, "--json"], capture_output=True, text=True, check=True
    ).stdout
    # Port 0: any free one, and nothing beyond this machine.
    options = {"host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **options) as cluster, \
            Client(cluster) as client:
        pids = list(client.run(os.getpid).values())
        assert len(set(pids)) == 2, pids
        killed = []

        def done(count: int, of: int) -> None:
            if count == of // 2:
                os.kill(pids[0], signal.SIGKILL)
                killed.append(count)

        merged = sweep(client, trace, grid, shards=SHARDS, kvscope=kvscope, done=done)
        assert killed == [SHARDS // 2], killed
        assert merged == whole, "the merged sweep differs from the single run"
        try:
            sweep(client, trace, grid + ".none", shards=2, kvscope=kvscope)
        except SweepError as error:
            assert "cannot read" in str(error), error
        else:
            raise AssertionError("a grid that is not there was swept")
    print("ok")


if __name__ == "__main__":
    main()
