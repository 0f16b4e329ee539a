"""What is measured of slices of imaginary time between sweeps, all lanes at once.

Sums over slices are whole numbers. Those of single sites gather in a byte a lane, one for each row
of slices, and are added up by read when the byte is full.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64

from pbit.kernels.imaginary_time.slice_circuits import add_differing, turn_row
from pbit.kernels.imaginary_time.slices import (
    Grid,
    Plan,
    Scratch,
    count_slice_energies,
    fill_slice_thresholds,
    sweep_slices,
)
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.sweeps.bitsliced import Edges
from pbit.kernels.sweeps.records import Stream

_FULL = 255


class Looks(NamedTuple):
    """When is looked, and where what is found goes.

    After sweep ``burn_in`` + 1 and every so many. ``sums`` float64 (looks, reads, 7), over slices:
    energies in units, kinks, M, |M|, M^2, M^4, the square of the sum of M; M: spins up less spins
    down. ``bins`` int64 (looks,). Sums over the slices and looks of a bin, float64
    (bins, reads, n or m): ``downs`` of spins; ``kinks``; ``apart``, pairs that differ.
    """

    burn_in: int
    every: int
    sums: Any
    bins: Any
    pairs: Any
    downs: Any
    kinks: Any
    apart: Any


class Counters(NamedTuple):
    """``lanes`` int64 (P, 64 V) of slices, ``kinks`` int64 (64 V,) of lanes; bytes of sites and
    pairs (n or m, 64 V); ``held``: rows in each byte."""

    lanes: Any
    kinks: Any
    site_downs: Any
    site_kinks: Any
    pair_apart: Any
    held: Any

    @classmethod
    def of(cls, grid: Grid, pairs: int) -> Counters:
        """For a piece, all 0."""
        width = grid.reads.size
        downs, kinks, apart = (
            np.zeros((rows, width), np.uint8) for rows in (grid.sites, grid.sites, pairs)
        )
        lanes = np.zeros((grid.rows, width), np.int64)
        return cls(lanes, np.zeros(width, np.int64), downs, kinks, apart, np.zeros(1, np.int64))


@inner
def _move(counts: Any, sums: Any) -> None:
    """Add what was counted to the sums."""
    for lane in range(counts.size):
        sums[lane] += int64(counts[lane])
        counts[lane] = 0


@inner
def _count_down(words: Any, grid: Any, p: Any, counts: Any, sums: Any, shape: Any) -> None:
    """Spins down in each slice of a row."""
    for lane in range(counts.size):
        sums[lane] = 0
        counts[lane] = 0
    for site in range(grid.sites):
        rows = (int64(site * grid.rows + p), int64(grid.ones))
        add_differing(words, rows, counts, shape)
        if site % _FULL == _FULL - 1:
            _move(counts, sums)
    _move(counts, sums)


@inner
def _above(words: Any, grid: Any, site: Any, p: Any, shape: Any) -> Any:
    """Row of the slices after those of row p."""
    first = int64(site * grid.rows)
    if p < grid.rows - 1:
        return first + p + 1
    turn_row(words, (first, int64(grid.spare)), grid.turns[1], shape)
    return int64(grid.spare)


@inner
def _count_kinks(words: Any, grid: Any, p: Any, counts: Any, sums: Any, shape: Any) -> None:
    for site in range(grid.sites):
        rows = (int64(site * grid.rows + p), _above(words, grid, site, p, shape))
        add_differing(words, rows, counts, shape)
        if site % _FULL == _FULL - 1:
            _move(counts, sums)
    _move(counts, sums)


@inner
def _count_sites(words: Any, grid: Any, p: Any, pairs: Any, counters: Any, shape: Any) -> None:
    ones, rows = int64(grid.ones), grid.rows
    for site in range(grid.sites):
        row = int64(site * rows + p)
        add_differing(words, (row, ones), counters.site_downs[site], shape)
        above = _above(words, grid, site, p, shape)
        add_differing(words, (row, above), counters.site_kinks[site], shape)
    for pair in range(pairs.shape[1]):
        ends = (int64(pairs[0, pair]) * rows + p, int64(pairs[1, pair]) * rows + p)
        add_differing(words, ends, counters.pair_apart[pair], shape)


@inner
def _move_by_read(bytes_: Any, reads: Any, sums: Any) -> None:
    for k in range(bytes_.shape[0]):
        for lane in range(reads.size):
            if reads[lane] >= 0:
                sums[reads[lane], k] += bytes_[k, lane]
            bytes_[k, lane] = 0


@inner
def _empty(counters: Any, grid: Any, looks: Any, which: Any) -> None:
    """Bytes of sites and pairs into the sums of a bin."""
    _move_by_read(counters.site_downs, grid.reads, looks.downs[which])
    _move_by_read(counters.site_kinks, grid.reads, looks.kinks[which])
    _move_by_read(counters.pair_apart, grid.reads, looks.apart[which])
    counters.held[0] = 0


@inner
def _sum_by_read(grid: Any, energies: Any, counters: Any, sums: Any) -> None:
    for lane in range(grid.reads.size):
        r = grid.reads[lane]
        if r < 0:
            continue
        sums[r, 1] += counters.kinks[lane]
        for p in range(grid.rows):
            m = float(grid.sites - 2 * counters.lanes[p, lane])
            sums[r, 0] += energies[p, lane]
            sums[r, 2] += m
            sums[r, 3] += abs(m)
            sums[r, 4] += m * m
            sums[r, 5] += m * m * m * m
    for r in range(sums.shape[0]):
        sums[r, 6] = sums[r, 2] * sums[r, 2]


@inner
def _look(
    words: Any, edges: Any, grid: Any, scratch: Any, counters: Any, looks: Any, at: Any
) -> None:
    counts, shape = scratch.counts, edges.shapes[0][2]
    count_slice_energies(words, edges, grid, counts, scratch.energies)
    for lane in range(counts.size):
        counters.kinks[lane] = 0
    for p in range(grid.rows):
        _count_down(words, grid, p, counts, counters.lanes[p], shape)
        _count_kinks(words, grid, p, counts, counters.kinks, shape)
        if counters.held[0] == _FULL:
            _empty(counters, grid, looks, looks.bins[at])
        _count_sites(words, grid, p, looks.pairs, counters, shape)
        counters.held[0] += 1
    _sum_by_read(grid, scratch.energies, counters, looks.sums[at])
    if at + 1 == looks.bins.size or looks.bins[at + 1] != looks.bins[at]:
        _empty(counters, grid, looks, looks.bins[at])


def measure_slices(
    words: Any, edges: Edges, grid: Grid, plan: Plan, stream: Stream, looks: Looks, watch: Any
) -> int:
    """Heat-bath sweeps at one temperature and field, with looks in between; sweeps made.

    Arguments as of :func:`pbit.kernels.imaginary_time.slices.anneal_slices`; the plan has one step.
    """
    scratch = Scratch.of(edges, grid, stream)
    counters = Counters.of(grid, looks.pairs.shape[1])
    return int(
        _measure_slices(words, edges, grid, plan, stream.read, looks, watch, scratch, counters)
    )


@bare_kernel
def _measure_slices(
    words: Any,
    edges: Any,
    grid: Any,
    plan: Any,
    block: Any,
    looks: Any,
    watch: Any,
    scratch: Any,
    counters: Any,
) -> Any:
    active = fill_slice_thresholds(scratch.table, plan.scales[0], plan.bonds[0])
    thresholds = (scratch.table, int64(active))
    at = 0
    for sweep in range(plan.sweeps_per_step):
        draws = (int64(sweep), block, scratch.keys, scratch.lanes)
        if not sweep_slices(words, edges, grid, thresholds, draws, watch.stop) or watch.stop[0]:
            return sweep
        watch.beat[0] += scratch.found.size
        if sweep >= looks.burn_in and (sweep - looks.burn_in) % looks.every == 0:
            _look(words, edges, grid, scratch, counters, looks, at)
            at += 1
    return plan.sweeps_per_step
