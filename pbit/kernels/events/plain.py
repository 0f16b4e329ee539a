"""Ideal p-bits that see each other at once: redrawn by the heat bath at the times of one Poisson
process. What the general kernel does (:mod:`pbit.kernels.events.heat_bath`), bit for bit, faster.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import float32, int64, njit

from pbit.kernels.events.clocks import draw_events, new_events
from pbit.kernels.events.inputs import clipped
from pbit.kernels.events.reads import pauses, run
from pbit.kernels.events.records import (
    AT,
    DONE,
    SINCE,
    SIZE,
    STOPPED,
    ChipArrays,
    Clock,
    Edges,
    Events,
)
from pbit.kernels.jit import bare_kernel
from pbit.kernels.sweeps.single import heat_bath
from pbit.kernels.vectors.float_bits import prefetch

_CERTAIN = 1e9  # an input that leaves nothing to chance
_AHEAD = 16  # events between asking for a p-bit's memory and using it
_TWO_LOG2E = 2 * 1.4426950408889634


class Plain(NamedTuple):
    """What the kernel needs of a chip."""

    h: Any
    edges: Edges
    clock: Clock
    lines: Any  # float64 (n, 2): slope and shift of the input


class Memory(NamedTuple):
    """What it works in; large arrays are of NumPy's making, which asks for large pages."""

    events: Events
    cells: Any  # float64 (n, 4): field, slope and shift of the input, spin; two to a cache line


def chip_and_memory(chip: ChipArrays, key: Any) -> tuple[Plain, Memory]:
    """The first two arguments of :func:`run_plain`."""
    before, after = chip.inputs.before, chip.inputs.after
    slopes = before[0] * after[0] * _TWO_LOG2E
    shifts = (before[1] * after[0] + after[1]) * _TWO_LOG2E
    lines = np.stack(
        [
            np.where(chip.stuck != 0, 0.0, slopes),
            np.where(chip.stuck != 0, chip.stuck * _CERTAIN, shifts),
        ],
        axis=1,
    )
    plain = Plain(chip.h, chip.edges, chip.clock, np.ascontiguousarray(lines))
    return plain, Memory(new_events(chip.clock, key), np.empty((chip.h.size, 4)))


@bare_kernel
def run_plain(
    chip: Any,
    memory: Any,
    block: Any,
    exact: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
) -> Any:
    """Arguments as :func:`pbit.kernels.events.reads.run`."""
    return run(_begin, _warm, _advance, chip, memory, block, exact, tracked, watch, observer, False)


@njit(inline="always")
def _begin(chip: Any, memory: Any, read: Any) -> None:
    cells, s = memory.cells, read.s
    senders, groups, targets, weights, _ = chip.edges
    for i in range(s.size):
        cells[i, 0] = chip.h[i]
        cells[i, 1] = chip.lines[i, 0]
        cells[i, 2] = chip.lines[i, 1]
        cells[i, 3] = float(s[i])
    for j in range(s.size):
        for e in range(groups[senders[j]], groups[senders[j + 1]]):
            cells[targets[e], 0] += weights[e] * cells[j, 3]


@njit(inline="always")
def _warm(chip: Any, memory: Any, read: Any, beta: Any) -> Any:
    return DONE


@njit(inline="always")
def _advance(chip: Any, memory: Any, read: Any, beta: Any, end: Any, stop: Any) -> Any:
    cursor = read.cursor
    while True:
        if pauses(cursor) and stop[0]:
            return STOPPED
        _redraw(chip, memory, read, beta, end)
        if cursor[AT] < cursor[SIZE]:
            return DONE
        draw_events(memory.events, chip.clock, read.number, cursor, read.moment)


@njit(inline="always")
def _redraw(chip: Any, memory: Any, read: Any, beta: Any, end: Any) -> None:
    """Redraw p-bits until ``end`` or the end of the batch."""
    starts, targets, weights = chip.edges.groups, chip.edges.targets, chip.edges.weights
    times, sites, words = memory.events.times, memory.events.sites, memory.events.words
    cells, s, cursor = memory.cells, read.s, read.cursor
    first = at = cursor[AT]
    size = cursor[SIZE]
    flips = 0
    for k in range(_AHEAD if at == 0 and size else 0):  # batches are longer
        prefetch(cells, (int64(sites[k]), 0))
    while at < size and times[at] < end:
        if at + _AHEAD < size:
            prefetch(cells, (int64(sites[at + _AHEAD]), 0))
        i = int64(sites[at])
        x = cells[i, 1] * (beta * cells[i, 0]) + cells[i, 2]
        new = heat_bath(float32(clipped(x, -1e30, 1e30)), words[4 * at + 2])
        at += 1
        change = float(new) - cells[i, 3]
        if change == 0.0:
            continue
        s[i] = new
        cells[i, 3] = float(new)
        flips += 1
        for e in range(starts[i], starts[i + 1]):
            cells[targets[e], 0] += change * weights[e]
    read.tallies[0] += at - first
    read.tallies[1] += flips
    cursor[AT] = at
    cursor[SINCE] += at - first
