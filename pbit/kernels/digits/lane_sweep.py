"""A sweep over sixteen replicas side by side: the states of :mod:`pbit.kernels.digits.sites`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import float32, int64, uint64

from pbit.kernels.digits.boltzmann import LOG2_E
from pbit.kernels.digits.lanes import LANES, draw, how_many, push
from pbit.kernels.jit import inner
from pbit.kernels.random.stream import UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_chosen

_FEW = 4  # rows of all reads to an entry of one, in time


class Lanes(NamedTuple):
    """Sixteen replicas: ``values`` int16 (n, 16), ``fields`` int16 (n K, 16), ``energies`` float64
    (16,), ``scales`` float32 (16,), which :func:`set_beta` sets, ``reads`` int64 (16, 2): 0 and the
    number of the read whose random words they have. Of many, with one axis more in front."""

    values: Any
    fields: Any
    energies: Any
    scales: Any
    reads: Any

    @classmethod
    def of(cls, n: int, count: int, replicas: int) -> Lanes:
        """So many replicas, filled up to sixteens, of n sites of so many values."""
        groups = -(-replicas // LANES)
        return cls(
            np.zeros((groups, n, LANES), np.int16),
            np.zeros((groups, n * count, LANES), np.int16),
            np.zeros((groups, LANES)),
            np.zeros((groups, LANES), np.float32),
            np.zeros((groups, LANES, 2), np.int64),
        )


class LaneScratch(NamedTuple):
    """Memory of a sweep: ``words`` uint32 (4, 16), ``moves`` int16 (K + 1, 16), ``costs`` int32
    (16,); ``keys`` int64 (16,), the round keys."""

    words: Any
    moves: Any
    costs: Any
    keys: Any

    @classmethod
    def of(cls, count: int, keys: Any) -> LaneScratch:
        """For sites of so many values."""
        return cls(
            np.zeros((4, LANES), np.uint32),
            np.zeros((count + 1, LANES), np.int16),
            np.zeros(LANES, np.int32),
            keys,
        )


@inner
def group_of(groups: Any, group: Any) -> Any:
    """Sixteen of many replicas: views."""
    return Lanes(
        groups.values[group],
        groups.fields[group],
        groups.energies[group],
        groups.scales[group],
        groups.reads[group],
    )


@inner
def set_beta(lanes: Any, lane: Any, beta: Any) -> None:
    """Of one replica."""
    lanes.scales[lane] = float32(max(-beta * LOG2_E, -3e38))


@inner
def start_lanes(model: Any, lanes: Any, count: Any) -> None:
    """Fields and energies summed anew from the values, K = ``count``."""
    values, fields, stride, n = lanes.values, lanes.fields, model.stride, lanes.values.shape[0]
    for i in range(n):
        for a in range(count):
            for lane in range(LANES):
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
        lanes.energies[lane] = energy


@inner
def sweep_lanes(model: Any, lanes: Any, scratch: Any, sweep: Any, shape: Any) -> None:
    """Sites in their order by the heat bath; ``shape``: see :mod:`pbit.kernels.digits.lanes`."""
    values, fields, words, moves = lanes.values, lanes.fields, scratch.words, scratch.moves
    n = values.shape[0]
    c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(UPDATE, sweep, 0))
    graph = (model.neighbours, model.weights)
    for start in range(0, n, 4):
        fill_chosen(words, (int64(start >> 2), c1, int64(0), c3), lanes.reads, scratch.keys)
        for k in range(min(4, n - start)):
            i = start + k
            moved = draw(values, fields, i, words[k], lanes.scales, moves, scratch.costs, shape)
            if _FEW * how_many(moved) > len(shape):
                push(fields, graph, model.pointers[i], model.pointers[i + 1], moves, shape)
            elif moved:
                _push_few(model, lanes, i, moved, moves[len(shape)])
    for lane in range(LANES):
        lanes.energies[lane] += scratch.costs[lane]
        scratch.costs[lane] = 0


@inner
def _push_few(model: Any, lanes: Any, site: Any, moved: Any, olds: Any) -> None:
    """Fields of the neighbours follow in these reads alone."""
    fields, count = lanes.fields, uint64(lanes.fields.shape[0] // lanes.values.shape[0])
    first, last = model.pointers[site], model.pointers[site + 1]
    for lane in range(LANES):
        if moved >> lane & 1:
            old, new = uint64(olds[lane]), uint64(lanes.values[site, lane])
            for entry in range(first, last):
                row, weight = uint64(model.neighbours[entry]) * count, model.weights[entry]
                fields[row + old, uint64(lane)] -= weight
                fields[row + new, uint64(lane)] += weight
