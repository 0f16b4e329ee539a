"""Reads with kept fields, one after the other: what "dense" goes on with and "cached" does."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.block import Block
from pbit.engines.task import Task


def anneal_kept(task: Task, block: Block, arguments: tuple[Any, ...], cold: int) -> None:
    """Sweeps from number ``cold`` on of every read of the block."""
    from pbit.kernels.sweeps import cached, records

    states, model, plan, stream, tracked, watch, observer = arguments
    energies, best_energies, best, best_seen, sweeps_done = tracked
    sweeps, n = task.num_sweeps, task.model.num_spins
    for k in range(block.wanted if cold < sweeps else 0):
        if watch.stop[0] and (k or cold):
            return
        one, lane = np.ascontiguousarray(states[:n, k : k + 1].astype(np.int8)), slice(k, k + 1)
        lowest = np.ascontiguousarray(best[:n, lane].astype(np.int8))
        observed = observer.lane(lane)
        scales = plan.scales[:, min(k, plan.scales.shape[1] - 1), None]
        cached.anneal_cached(
            one,
            model,
            plan._replace(scales=np.ascontiguousarray(scales), first=cold),
            stream._replace(read=np.uint64(stream.read + np.uint64(k))),
            records.Tracked(
                energies[lane], best_energies[lane], lowest, best_seen, sweeps_done[lane]
            ),
            watch._replace(wanted=1),
            observed,
        )
        states[:n, lane] = one
        best[: len(lowest), lane] = lowest
        if observer.every:  # nobody looks at, nor may write, what serves for none
            observer.take_back(lane, observed)
