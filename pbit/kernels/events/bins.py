"""p-bits in bins by their rates, a factor of two wide: draw one, move one, in constant time.

Source: Slepoy, Thompson, Plimpton, "A constant-time kinetic Monte Carlo algorithm for simulation of
large biochemical reaction networks", J. Chem. Phys. 128, 205101 (2008).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.events.inputs import clipped
from pbit.kernels.jit import bare, inner

BINS = 128
MIDDLE = 64

_PAGE = 64
_LOST = 1e-6


class Bins(NamedTuple):
    """Pages of members of each bin, and of free ones. Bin b holds rates up to
    ``2**(b - MIDDLE + 1)``."""

    table: Any  # int32 (BINS, pages)
    slots: Any  # int32 (_PAGE * pages in all,)
    counts: Any  # int64 (BINS,)
    where: Any  # int8 (n,): bin, or -1
    place: Any  # int32 (n,)
    free: Any  # int32 (pages in all,): a stack
    state: Any  # int64 (3,): free pages, lowest and highest bin that may hold any
    total: Any  # float64 (2,): sum of the bins' bounds; the largest since it was last taken exactly


def new_bins(n: int) -> Bins:
    """Bins without a member, for p-bits 0 to n - 1."""
    pages = n // _PAGE + 1
    in_all = pages + BINS
    bins = Bins(
        np.empty((BINS, pages), np.int32),
        np.empty(in_all * _PAGE, np.int32),
        np.empty(BINS, np.int64),
        np.empty(n, np.int8),
        np.empty(n, np.int32),
        np.empty(in_all, np.int32),
        np.empty(3, np.int64),
        np.empty(2),
    )
    empty.py_func(bins)
    return bins


@njit(inline="always")
def empty(bins: Any) -> None:
    """Take everything out."""
    for k in range(bins.free.size):
        bins.free[k] = k
    for b in range(BINS):
        bins.counts[b] = 0
    for i in range(bins.where.size):
        bins.where[i] = -1
    bins.state[0], bins.state[1], bins.state[2] = bins.free.size, BINS, -1
    bins.total[0] = bins.total[1] = 0.0


@njit(inline="always")
def bound_of(b: Any) -> Any:
    """Largest rate in a bin."""
    return math.ldexp(1.0, b - MIDDLE + 1)


@njit(inline="always")
def bin_of(log2_rate: Any) -> Any:
    """Bin of a rate; rates beyond the ends go into the outermost bins."""
    # Cut off first: the floor of a number beyond 2**63 is none.
    return math.floor(clipped(log2_rate, -float(MIDDLE), BINS - 1.0 - MIDDLE)) + MIDDLE


@njit(inline="always")
def _take_out(bins: Any, i: Any) -> None:
    table, slots, counts, where, place, free, state, total = bins
    b = where[i]
    last = counts[b] - 1
    page = table[b, last // _PAGE]
    j = slots[page * _PAGE + last % _PAGE]
    p = place[i]
    slots[table[b, p // _PAGE] * _PAGE + p % _PAGE] = j
    place[j] = p
    counts[b] = last
    if last % _PAGE == 0:
        free[state[0]] = page
        state[0] += 1
    total[0] -= bound_of(b)


@njit(inline="always")
def put(bins: Any, i: Any, b: Any) -> None:
    """Move p-bit i into bin b, from none if it was in none."""
    table, slots, counts, where, place, free, state, total = bins
    if where[i] == b:
        return
    if where[i] >= 0:
        _take_out(bins, i)
    at = counts[b]
    if at % _PAGE == 0:
        state[0] -= 1
        table[b, at // _PAGE] = free[state[0]]
    slots[table[b, at // _PAGE] * _PAGE + at % _PAGE] = i
    place[i] = at
    where[i] = b
    counts[b] = at + 1
    if b < state[1]:
        state[1] = b
    if b > state[2]:
        state[2] = b
    total[0] += bound_of(b)
    if total[0] > total[1]:
        total[1] = total[0]
    if total[0] < _LOST * total[1]:
        take_total(bins)


@inner
def take_total(bins: Any) -> None:
    """Sum the bounds anew: differences of large sums leave nothing of the small ones."""
    counts, state, total = bins.counts, bins.state, bins.total
    fresh, lowest, highest = 0.0, BINS, -1
    for b in range(BINS):
        if counts[b]:
            fresh += counts[b] * bound_of(b)
            highest = b
            if lowest == BINS:
                lowest = b
    state[1], state[2] = lowest, highest
    total[0] = total[1] = fresh


@bare
def drawn(bins: Any, word0: Any, word1: Any) -> Any:
    """A p-bit, with probability bound / total, from two random words of 32 bits."""
    table, slots, counts = bins.table, bins.slots, bins.counts
    state, total = bins.state, bins.total
    left = (float(word0) + 0.5) / 4294967296.0 * total[0]
    b = chosen = state[2]
    while b >= state[1]:
        if counts[b]:
            chosen = b
            left -= counts[b] * bound_of(b)
            if left < 0.0:
                break
        b -= 1
    p = int64((uint64(word1) * uint64(counts[chosen])) >> uint64(32))
    return int64(slots[table[chosen, p // _PAGE] * _PAGE + p % _PAGE])
