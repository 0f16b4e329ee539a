"""Sweeps over the slices of imaginary time, bits of words: one update is one of all their lanes.

A site in row p of slices has its neighbours in space in the same row, the same lanes; those in
imaginary time are the site's rows next to p, where the first and the last row meet with their lanes
turned by one within each read (:mod:`.layout`). The rest is
:mod:`pbit.kernels.sweeps.bitsliced`: fields in units of the smallest coupling, |F| = 2 m + odd, and
a threshold for each class, compared bit by bit. Here a class is m and the sum g = -2, 0, 2 of the
two spins in imaginary time, signed like F; the work against F is scale |F| + 2 K g, which may be
negative: then it is the opposite sign that a read goes against. Exact to 2**-33 either way.

Random bits: as there, counter 0 being site P + p and counter 2 the block of 128 lanes. With one
slice they are the same.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64

from pbit.kernels.imaginary_time.layout import Layout
from pbit.kernels.imaginary_time.slice_circuits import (
    LINES,
    TIMES,
    add_slice_agreements,
    turn_row,
    update_slice,
)
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.sweeps.bitsliced import (
    CHECK_EVERY,
    Edges,
    flush_agreements,
    threshold,
    work_against,
)
from pbit.kernels.sweeps.records import Stream
from pbit.kernels.vectors.bit_circuits import DRAWS

_LOOK_EVERY = 64
_NO_AIM = -(2**63)


class Grid(NamedTuple):
    """Where the slices of a piece lie.

    ``sites``; ``rows``: P; ``ones``: the first of P rows of ones; ``spare``: the first of two rows
    of scratch; ``turns`` uint64 (2, 4, 2, V), see :meth:`Layout.turns`; ``reads`` int64 (64 V,),
    the read of each lane among those wanted, else -1.
    """

    sites: int
    rows: int
    ones: int
    spare: int
    turns: Any
    reads: Any

    @classmethod
    def of(cls, layout: Layout, sites: int, words: int, wanted: tuple[int, int]) -> Grid:
        """For reads first to last - 1 of ``wanted``, counted from the first block's."""
        first, last = wanted
        reads, rows = layout.reads_of_lanes(words), layout.rows
        inside = np.where((reads >= first) & (reads < last), reads - first, -1)
        ones = sites * rows
        return cls(sites, rows, ones, ones + rows, layout.turns(words), inside)

    def words(self) -> Any:
        """Memory for the spins uint64, its rows of ones set."""
        words = np.zeros((self.spare + 2, len(self.reads) // 64), np.uint64)
        words[self.ones : self.spare] = ~np.uint64(0)
        return words


class Scratch(NamedTuple):
    """``keys`` int64 (16,), the round keys; ``lanes`` uint64 (V,), bits of the lanes that count;
    ``table`` int64 (2, LINES, classes, V), the thresholds; ``counts`` uint8 (64 V,); ``energies``
    int64 (P, 64 V), in units, of each slice; ``found`` int64 (reads,)."""

    keys: Any
    lanes: Any
    table: Any
    counts: Any
    energies: Any
    found: Any

    @classmethod
    def of(cls, edges: Edges, grid: Grid, stream: Stream) -> Scratch:
        """For a piece."""
        planes, _, words = (len(part) for part in edges.shapes[0][:3])
        bits = (grid.reads >= 0).astype(np.uint8)
        return cls(
            keys=key_schedule(*stream[1:]),
            lanes=np.packbits(bits, bitorder="little").view("<u8").astype(np.uint64),
            table=np.zeros((2, LINES, TIMES * 2 ** (planes - 1), words), np.int64),
            counts=np.zeros(64 * words, np.uint8),
            energies=np.zeros((grid.rows, 64 * words), np.int64),
            found=np.zeros(int(grid.reads.max()) + 1, np.int64),
        )


class Plan(NamedTuple):
    """``scales`` float64 (steps,) = 2 b unit, b = beta / R; ``bonds`` float64 (steps,) = 4 K;
    ``unit``: the smallest coupling."""

    scales: Any
    bonds: Any
    sweeps_per_step: int
    unit: float


class Best(NamedTuple):
    """``energies`` int64 (reads,), in units, and ``spins`` int8 (reads, n) of the lowest slice of
    each read: the lowest that was seen if ``keeps``, else the lowest at the end."""

    energies: Any
    spins: Any
    keeps: bool


class Watch(NamedTuple):
    """``stop`` uint8 (1,); ``beat`` float64 (2,): sweeps of reads done, lowest energy so far;
    ``aim`` int64, in units, the smallest if there is none."""

    stop: Any
    beat: Any
    aim: int


@inner
def _set_line(table: Any, odd: Any, line: Any, kind: Any) -> None:
    for w in range(table.shape[3]):
        table[odd, line, kind, w] = -1


@inner
def fill_slice_thresholds(table: Any, scale: Any, bond: Any) -> Any:
    """Bits of the thresholds, ``table[odd, line, class, word]``, and of the classes that are turned
    round in the last line; number of classes with any set."""
    active = 1
    for odd in range(2):
        for line in range(LINES):
            for kind in range(table.shape[2]):
                for w in range(table.shape[3]):
                    table[odd, line, kind, w] = 0
        for kind in range(table.shape[2]):
            work = work_against(scale, kind // TIMES, odd)
            if kind % TIMES != 1:
                work += (1 - kind % TIMES) * bond
            limit = threshold(abs(work), None)
            for draw in range(DRAWS):
                if (limit >> (DRAWS - 1 - draw)) & 1:
                    _set_line(table, odd, draw, kind)
            if work < 0:
                _set_line(table, odd, DRAWS, kind)
            if limit or work < 0:
                active = max(active, kind + 1)
    return active


@inner
def sweep_slices(words: Any, edges: Any, grid: Any, thresholds: Any, draws: Any, stop: Any) -> Any:
    """Update every site in every slice once; whether the sweep came to its end."""
    start, odd, shape = edges.start, edges.odd, edges.shapes[0]
    rows, spare = grid.rows, grid.spare
    since_check = 0
    for site in range(grid.sites):
        constants = (start[site], odd[site])
        first = int64(site * rows)
        for p in range(rows):
            below, above = first + p - 1, first + p + 1
            if p == 0:
                below = int64(spare)
                turn_row(words, (first + rows - 1, below), grid.turns[0], shape[2])
            if p == rows - 1:
                above = int64(spare + 1)
                turn_row(words, (first, above), grid.turns[1], shape[2])
            where = (int64(site), int64(p), int64(rows))
            times = (below, above)
            update_slice(words, where, edges.fields, constants, thresholds, draws, shape, times)
        since_check += rows * grid.reads.size
        if since_check > CHECK_EVERY:
            since_check = 0
            if stop[0]:
                return False
    return True


@inner
def count_slice_energies(words: Any, edges: Any, grid: Any, counts: Any, energies: Any) -> None:
    """Energies of all slices in units, int64 (P, 64 V)."""
    for p in range(grid.rows):
        for lane in range(counts.size):
            energies[p, lane] = edges.total
            counts[lane] = 0
        waiting = 0
        for site in range(grid.sites):
            where = (int64(site), int64(p), int64(grid.rows))
            add_slice_agreements(words, where, edges.energies, counts, edges.shapes[1])
            waiting += 1
            if waiting == edges.flush_every:
                flush_agreements(counts, energies[p])
                waiting = 0
        flush_agreements(counts, energies[p])


@inner
def _copy_slice(words: Any, rows: Any, p: Any, lane: Any, spins: Any) -> None:
    for i in range(spins.size):
        bit = (int64(words[i * rows + p, lane >> 6]) >> int64(lane & 63)) & 1
        spins[i] = 2 * bit - 1


@inner
def _keep_lowest(words: Any, grid: Any, energies: Any, found: Any, best: Any) -> None:
    """Keep, of each read, the lowest slice if it is lower than before."""
    for r in range(found.size):
        found[r] = -1
    for p in range(grid.rows):
        for lane in range(grid.reads.size):
            r = grid.reads[lane]
            if r >= 0 and energies[p, lane] < best.energies[r]:
                best.energies[r] = energies[p, lane]
                found[r] = p * grid.reads.size + lane
    for r in range(found.size):
        if found[r] >= 0:
            p, lane = found[r] // grid.reads.size, found[r] % grid.reads.size
            _copy_slice(words, grid.rows, p, lane, best.spins[r])


@inner
def _lowest(energies: Any, reads: Any) -> Any:
    lowest = int64(2**62)
    for p in range(energies.shape[0]):
        for lane in range(reads.size):
            if reads[lane] >= 0:
                lowest = min(lowest, energies[p, lane])
    return lowest


def anneal_slices(
    words: Any, edges: Edges, grid: Grid, plan: Plan, stream: Stream, best: Best, watch: Watch
) -> tuple[int, Any]:
    """Heat-bath sweeps of the slices of 64 V lanes through a schedule.

    words uint64, from :meth:`Grid.words`, with the spins at the start; the stream's read is the
    first block of 128 lanes. Energies are looked at every 64 sweeps, or every sweep where it
    matters. Sweeps made; energies of all slices in units, int64 (P, 64 V).
    """
    scratch = Scratch.of(edges, grid, stream)
    sweeps = _anneal_slices(words, edges, grid, plan, stream.read, best, watch, scratch)
    return int(sweeps), scratch.energies


@bare_kernel
def _anneal_slices(
    words: Any,
    edges: Any,
    grid: Any,
    plan: Any,
    block: Any,
    best: Any,
    watch: Any,
    scratch: Any,
) -> Any:
    keys, lanes, table, counts, energies, found = scratch
    stop, beat, aim = watch
    every = 1 if best.keeps or aim > _NO_AIM else _LOOK_EVERY
    sweeps = plan.scales.size * plan.sweeps_per_step
    if best.keeps or not sweeps:
        count_slice_energies(words, edges, grid, counts, energies)
        _keep_lowest(words, grid, energies, found, best)
    active, done = 1, 0
    for sweep in range(sweeps):
        if sweep % plan.sweeps_per_step == 0:
            step = sweep // plan.sweeps_per_step
            active = fill_slice_thresholds(table, plan.scales[step], plan.bonds[step])
        draws = (int64(sweep), block, keys, lanes)
        if sweep_slices(words, edges, grid, (table, int64(active)), draws, stop):
            done = sweep + 1
            beat[0] += found.size
        if done % every == 0 or done == sweeps or stop[0]:
            count_slice_energies(words, edges, grid, counts, energies)
            lowest = _lowest(energies, grid.reads)
            beat[1] = min(beat[1], plan.unit * lowest)
            if best.keeps:
                _keep_lowest(words, grid, energies, found, best)
            if lowest <= aim:
                stop[0] = 1
        if stop[0]:
            break
    if not best.keeps:
        _keep_lowest(words, grid, energies, found, best)
    return done
