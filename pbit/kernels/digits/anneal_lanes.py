"""Annealing of digits, sixteen reads side by side: the states of
:mod:`pbit.kernels.digits.anneal`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pbit.kernels.digits.anneal import tell
from pbit.kernels.digits.lane_sweep import (
    Lanes,
    LaneScratch,
    group_of,
    set_beta,
    start_lanes,
    sweep_lanes,
)
from pbit.kernels.digits.lanes import LANES
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import key_schedule


class AnnealLanes(NamedTuple):
    """Memory of sixteen reads: ``groups`` and ``scratch`` of
    :mod:`pbit.kernels.digits.lane_sweep`; the lowest states, ``best`` int16 (n, 16), and energies,
    ``lowest`` float64 (16,)."""

    groups: Any
    scratch: Any
    best: Any
    lowest: Any

    @classmethod
    def of(cls, n: int, count: int, stream: Any) -> AnnealLanes:
        """For n sites of so many values."""
        return cls(
            Lanes.of(n, count, LANES),
            LaneScratch.of(count, key_schedule(*stream[1:])),
            np.zeros((n, LANES), np.int16),
            np.zeros(LANES),
        )


@bare_kernel
def anneal_in_lanes(
    model: Any, reads: Any, memory: Any, plan: Any, stream: Any, watch: Any, shape: Any
) -> None:
    """Sweeps of all reads of a block by the heat bath, until it is stopped.

    The arguments are those of :func:`pbit.kernels.digits.anneal.anneal_reads`; ``model``:
    PottsSites of one K and int16; ``shape``: see :mod:`pbit.kernels.digits.lanes`.
    """
    for first in range(0, reads.values.shape[0], LANES):
        if watch.stop[0] and first:
            return
        _start(model, reads, memory, stream, first, len(shape))
        _anneal_group(model, reads, memory, plan, watch, shape, first)
        _finish(reads, memory, plan, first)


@inner
def _start(model: Any, reads: Any, memory: Any, stream: Any, first: Any, count: Any) -> None:
    """Values, fields and energies; lanes beyond the last read repeat it."""
    lanes, total = group_of(memory.groups, 0), reads.values.shape[0]
    for lane in range(LANES):
        read = min(first + lane, total - 1)
        lanes.reads[lane, 1] = stream.read + read
        for i in range(lanes.values.shape[0]):
            lanes.values[i, lane] = memory.best[i, lane] = reads.values[read, i]
    start_lanes(model, lanes, count)
    for lane in range(LANES):
        memory.lowest[lane] = lanes.energies[lane]
        if first + lane < total:
            reads.sweeps[first + lane] = 0


@inner
def _anneal_group(
    model: Any, reads: Any, memory: Any, plan: Any, watch: Any, shape: Any, first: Any
) -> None:
    lanes = group_of(memory.groups, 0)
    wanted = min(LANES, reads.values.shape[0] - first)
    for s in range(plan.betas.shape[0] * plan.sweeps_per_beta):
        for lane in range(LANES):
            column = min(first + lane, plan.betas.shape[1] - 1)
            set_beta(lanes, lane, plan.betas[s // plan.sweeps_per_beta, column])
        sweep_lanes(model, lanes, memory.scratch, s, shape)
        for lane in range(wanted):
            energy = lanes.energies[lane]
            reads.sweeps[first + lane] = s + 1
            if energy < memory.lowest[lane]:
                memory.lowest[lane] = energy
                if plan.keeps_best:
                    for i in range(memory.best.shape[0]):
                        memory.best[i, lane] = lanes.values[i, lane]
            tell(watch, s, energy, 1)
        if watch.stop[0]:
            return


@inner
def _finish(reads: Any, memory: Any, plan: Any, first: Any) -> None:
    lanes = group_of(memory.groups, 0)
    states = memory.best if plan.keeps_best else lanes.values
    energies = memory.lowest if plan.keeps_best else lanes.energies
    for lane in range(min(LANES, reads.values.shape[0] - first)):
        reads.energies[first + lane] = energies[lane]
        for i in range(states.shape[0]):
            reads.values[first + lane, i] = states[i, lane]
