"""Annealing of digits, sixteen reads side by side: the states of
:mod:`pbit.kernels.digits.anneal`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import float32, int64

from pbit.kernels.digits.anneal import tell
from pbit.kernels.digits.boltzmann import LOG2_E
from pbit.kernels.digits.lanes import LANES, draw, push
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.random.stream import UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_reads


class LaneScratch(NamedTuple):
    """Memory of sixteen reads: ``values``, ``best`` int16 (n, 16); ``fields`` int16 (n K, 16);
    ``energies``, ``lowest`` float64 (16,); ``words`` uint32 (4, 16); ``scales`` float32 (16,);
    ``moves`` int16 (K, 16); ``costs`` int32 (16,); ``keys`` int64 (16,), the round keys."""

    values: Any
    best: Any
    fields: Any
    energies: Any
    lowest: Any
    words: Any
    scales: Any
    moves: Any
    costs: Any
    keys: Any

    @classmethod
    def of(cls, n: int, count: int, stream: Any) -> LaneScratch:
        """For n sites of so many values."""
        return cls(
            np.zeros((n, LANES), np.int16),
            np.zeros((n, LANES), np.int16),
            np.zeros((n * count, LANES), np.int16),
            np.zeros(LANES),
            np.zeros(LANES),
            np.zeros((4, LANES), np.uint32),
            np.zeros(LANES, np.float32),
            np.zeros((count, LANES), np.int16),
            np.zeros(LANES, np.int32),
            key_schedule(*stream[1:]),
        )


@bare_kernel
def anneal_in_lanes(
    model: Any, reads: Any, scratch: Any, plan: Any, stream: Any, watch: Any, shape: Any
) -> None:
    """Sweeps of all reads of a block by the heat bath, until it is stopped.

    The arguments are those of :func:`pbit.kernels.digits.anneal.anneal_reads`; ``model``:
    PottsSites of one K and int16; ``shape``: see :mod:`pbit.kernels.digits.lanes`.
    """
    for first in range(0, reads.values.shape[0], LANES):
        if watch.stop[0] and first:
            return
        _start(model, reads, scratch, first, len(shape))
        _anneal_group(model, reads, scratch, plan, stream, watch, shape, first)
        _finish(reads, scratch, plan, first)


@inner
def _start(model: Any, reads: Any, scratch: Any, first: Any, count: Any) -> None:
    """Values, fields and energies; lanes beyond the last read repeat it."""
    values, fields, stride = scratch.values, scratch.fields, model.stride
    n = values.shape[0]
    for lane in range(LANES):
        read = min(first + lane, reads.values.shape[0] - 1)
        for i in range(n):
            values[i, lane] = scratch.best[i, lane] = reads.values[read, i]
            for a in range(count):
                fields[i * count + a, lane] = model.h[i * stride + a]
    for i in range(n):
        for entry in range(model.pointers[i], model.pointers[i + 1]):
            row, weight = model.neighbours[entry] * count, model.weights[entry]
            for lane in range(LANES):
                fields[row + values[i, lane], lane] += weight
    for lane in range(LANES):
        energy = 0.0
        for i in range(n):
            value = values[i, lane]
            energy += 0.5 * float(fields[i * count + value, lane])
            energy += 0.5 * float(model.h[i * stride + value])
        scratch.energies[lane] = scratch.lowest[lane] = energy
        scratch.costs[lane] = 0
        if first + lane < reads.sweeps.size:
            reads.sweeps[first + lane] = 0


@inner
def _anneal_group(
    model: Any, reads: Any, scratch: Any, plan: Any, stream: Any, watch: Any, shape: Any,
    first: Any,
) -> None:  # fmt: skip
    wanted = min(LANES, reads.values.shape[0] - first)
    for s in range(plan.betas.shape[0] * plan.sweeps_per_beta):
        for lane in range(LANES):
            column = min(first + lane, plan.betas.shape[1] - 1)
            beta = plan.betas[s // plan.sweeps_per_beta, column]
            scratch.scales[lane] = float32(max(-beta * LOG2_E, -3e38))
        _sweep(model, scratch, s, int64(stream.read) + first, shape)
        for lane in range(wanted):
            energy = scratch.energies[lane] + scratch.costs[lane]
            scratch.energies[lane] = energy
            scratch.costs[lane] = 0
            reads.sweeps[first + lane] = s + 1
            if energy < scratch.lowest[lane]:
                scratch.lowest[lane] = energy
                if plan.keeps_best:
                    for i in range(scratch.best.shape[0]):
                        scratch.best[i, lane] = scratch.values[i, lane]
            tell(watch, s, energy, 1)
        if watch.stop[0]:
            return


@inner
def _sweep(model: Any, scratch: Any, sweep: Any, read: Any, shape: Any) -> None:
    values, fields, words, moves = scratch.values, scratch.fields, scratch.words, scratch.moves
    n = values.shape[0]
    c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(UPDATE, sweep, 0))
    graph = (model.neighbours, model.weights)
    for start in range(0, n, 4):
        fill_reads(words, (int64(start >> 2), c1, read, c3), scratch.keys)
        for k in range(min(4, n - start)):
            i = start + k
            if draw(values, fields, i, words[k], scratch.scales, moves, scratch.costs, shape):
                push(fields, graph, model.pointers[i], model.pointers[i + 1], moves, shape)


@inner
def _finish(reads: Any, scratch: Any, plan: Any, first: Any) -> None:
    states = scratch.best if plan.keeps_best else scratch.values
    energies = scratch.lowest if plan.keeps_best else scratch.energies
    for lane in range(min(LANES, reads.values.shape[0] - first)):
        reads.energies[first + lane] = energies[lane]
        for i in range(states.shape[0]):
            reads.values[first + lane, i] = states[i, lane]
