"""Reads with kept fields, one after the other: what "dense" goes on with and "cached" does."""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.engines.block import Block
from pbit.engines.task import Task


def anneal_kept(task: Task, block: Block, arguments: tuple[Any, ...], cold: int) -> None:
    """Sweeps from number ``cold`` on of every read of the block."""
    from pbit.kernels.sweeps import books, cached

    states, model, plan, (first_read, *key), tracked, watch, observer = arguments
    energies, best_energies, best, best_seen, sweeps_done = tracked
    sweeps, n = task.num_sweeps, task.model.num_spins
    for k in range(block.wanted if cold < sweeps else 0):
        if watch[0][0] and (k or cold):
            return
        one, lane = np.ascontiguousarray(states[:n, k : k + 1].astype(np.int8)), slice(k, k + 1)
        lowest = np.ascontiguousarray(best[:n, lane].astype(np.int8))
        scales = plan[0][:, min(k, plan[0].shape[1] - 1), None]
        cached.anneal_cached(
            one,
            model,
            (np.ascontiguousarray(scales), *plan[1:-1], (cold, sweeps)),
            (np.uint64(first_read + np.uint64(k)), *key),
            (energies[lane], best_energies[lane], lowest, best_seen, sweeps_done[lane]),
            (*watch[:3], 1, watch[4]),
            books.lane_of.py_func(observer, lane),
        )
        states[:n, lane] = one
        best[: len(lowest), lane] = lowest
