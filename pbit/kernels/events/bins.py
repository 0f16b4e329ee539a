"""p-bits in bins by their rates, a factor of two wide: draw one, move one, in constant time.

bins = (table int32 (BINS, pages), slots int32 (64 * pages in all,), counts int64 (BINS,), where
int8 (n,): bin or -1, place int32 (n,), free int32 (pages,): a stack, state int64 (3,): free pages,
lowest and highest bin that may hold any; total float64 (2,): sum of the bins' upper bounds and the
largest such sum since it was last taken exactly). Bin b holds rates up to
``2**(b - MIDDLE + 1)``.

Source: Slepoy, Thompson, Plimpton, "A constant-time kinetic Monte Carlo algorithm for simulation of
large biochemical reaction networks", J. Chem. Phys. 128, 205101 (2008).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.jit import bare

BINS = 128
MIDDLE = 64

_PAGE = 64
_LOST = 1e-6


@njit
def new_bins(n: Any) -> Any:
    """Bins without a member, for p-bits 0 to n - 1."""
    pages = n // _PAGE + 1
    in_all = pages + BINS
    free = np.arange(in_all).astype(np.int32)
    return (
        np.zeros((BINS, pages), np.int32),
        np.zeros(in_all * _PAGE, np.int32),
        np.zeros(BINS, np.int64),
        np.full(n, -1, np.int8),
        np.zeros(n, np.int32),
        free,
        np.array([in_all, BINS, -1], np.int64),
        np.zeros(2),
    )


@bare
def bound_of(b: Any) -> Any:
    """Largest rate in a bin."""
    return math.ldexp(1.0, b - MIDDLE + 1)


@bare
def bin_of(log2_rate: Any) -> Any:
    """Bin of a rate; rates beyond the ends go into the outermost bins."""
    # Cut off first: the floor of a number beyond 2**63 is none.
    return math.floor(min(max(log2_rate, -float(MIDDLE)), BINS - 1.0 - MIDDLE)) + MIDDLE


@bare
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


@bare
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
    state[1] = min(state[1], b)
    state[2] = max(state[2], b)
    total[0] += bound_of(b)
    total[1] = max(total[1], total[0])
    if total[0] < _LOST * total[1]:
        take_total(bins)


@bare
def take_total(bins: Any) -> None:
    """Sum the bounds anew: differences of large sums leave nothing of the small ones."""
    _, _, counts, _, _, _, state, total = bins
    fresh, lowest, highest = 0.0, BINS, -1
    for b in range(BINS):
        if counts[b]:
            fresh += counts[b] * bound_of(b)
            lowest, highest = min(lowest, b), max(highest, b)
    state[1], state[2] = lowest, highest
    total[0] = total[1] = fresh


@bare
def drawn(bins: Any, word0: Any, word1: Any) -> Any:
    """A p-bit, with probability bound / total, from two random words of 32 bits."""
    table, slots, counts, _, _, _, state, total = bins
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
