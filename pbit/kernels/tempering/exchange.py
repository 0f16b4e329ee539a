"""Parallel tempering's swaps: which neighbours in temperature exchange their states, and the books.

A ladder has T temperatures, from hot to cold, with R replicas at each; (t, r) is a slot and r its
column. A swap is tried between (t, r) and (t + 1, r), for even t after one sweep and odd t after
the next, and accepted with probability ``min(1, exp((beta' - beta) (E' - E)))`` (Hukushima,
Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996), eqs. 3-5).

Random words: purpose EXCHANGE of :mod:`pbit.kernels.random.stream`, slot ``t R + r``, sweep and
read.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import int64

from pbit.kernels.jit import inner
from pbit.kernels.random.stream import EXCHANGE, tag
from pbit.kernels.random.stream_lanes import fill_slots

PATIENCE = 1000  # sweeps
_SLOTS = 64  # words that one call fills


class Books(NamedTuple):
    """What is counted, all over the sweeps since it was cleared.

    ``tried``, ``accepted`` int64 (T - 1,); ``sums`` float64 (2, T): energies less ``origin`` (T,),
    and their squares; ``counts`` int64 (1,): how many sweeps; ``walker`` int32 (T, R): which of the
    T R walkers is in the slot; ``heading`` int8 (T R,): the end of the ladder that a walker was at
    last, +1 the hot one, -1 the cold one, 0 neither; ``flow`` int64 (2, T): visits of walkers that
    came from the hot end, and from the cold one; ``trips`` int64 (T R,): round trips, counted where
    a walker from the hot end reaches the cold one.
    """

    tried: Any
    accepted: Any
    origin: Any
    sums: Any
    counts: Any
    walker: Any
    heading: Any
    flow: Any
    trips: Any


class Exchange(NamedTuple):
    """Memory of the swaps of T temperatures with R replicas each: ``energies`` float64 (T, R), from
    hot to cold; ``swaps`` uint8 (T, R); ``words`` uint32 (>= T R, a multiple of 64)."""

    energies: Any
    swaps: Any
    words: Any

    @classmethod
    def of(cls, temperatures: int, replicas: int) -> Exchange:
        """For a ladder of this shape."""
        shape = (temperatures, replicas)
        words = -(-temperatures * replicas // _SLOTS) * _SLOTS
        return cls(np.zeros(shape), np.zeros(shape, np.uint8), np.empty(words, np.uint32))


@inner
def clear(energies: Any, books: Any) -> None:
    """Empty the books, but for where the walkers are; energies (T, R) set the origins."""
    temperatures, replicas = energies.shape
    books.counts[0] = 0
    for t in range(temperatures - 1):
        books.tried[t] = books.accepted[t] = 0
    for walker in range(books.trips.size):
        books.trips[walker] = 0
    for t in range(temperatures):
        books.sums[0, t] = books.sums[1, t] = 0.0
        books.flow[0, t] = books.flow[1, t] = 0
        total = 0.0
        for r in range(replicas):
            total += energies[t, r]
        books.origin[t] = total / replicas


@inner
def _observe(energies: Any, books: Any) -> None:
    origin, sums, walker, heading = books.origin, books.sums, books.walker, books.heading
    temperatures, replicas = energies.shape
    books.counts[0] += 1
    for t in range(temperatures):
        total = squares = 0.0
        for r in range(replicas):
            apart = energies[t, r] - origin[t]
            total += apart
            squares += apart * apart
        sums[0, t] += total
        sums[1, t] += squares
    for r in range(replicas if temperatures > 1 else 0):  # one has no ends to travel between
        heading[walker[0, r]] = 1
        cold = walker[temperatures - 1, r]
        books.trips[cold] += heading[cold] == 1
        heading[cold] = -1
    for t in range(temperatures):
        for r in range(replicas):
            head = heading[walker[t, r]]
            books.flow[0, t] += head > 0
            books.flow[1, t] += head < 0


@inner
def gives_up(sweep: Any, best_sweep: Any, begun: Any, patience: Any) -> Any:
    """Whether a run, begun after sweep ``begun``, has gone without a lower state for a thousand
    sweeps and ``patience`` times as many as it took to find its lowest one."""
    if patience <= 0:
        return False
    return sweep - best_sweep > PATIENCE + patience * (best_sweep - begun)


@inner
def _odds(gap: Any, rise: Any) -> Any:
    """``(beta' - beta) (E' - E)``; nothing is lost between equal energies, even at beta = inf."""
    return 0.0 if rise == 0 else gap * rise


@inner
def decide(betas: Any, parity: Any, draws: Any, exchange: Any, books: Any) -> None:
    """Decide the swaps of one parity, ``exchange.swaps``: 1 at the hotter slot of a pair.

    betas (T,), from hot to cold; draws = (sweep, read, round keys).
    """
    sweep, read, keys = draws
    energies, swaps, words = exchange
    walker = books.walker
    temperatures, replicas = energies.shape
    _observe(energies, books)
    c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(EXCHANGE, sweep, 0))
    for at in range(0, temperatures * replicas, _SLOTS):
        fill_slots(words, int64(at), (int64(at >> 2), c1, int64(read), c3), keys)
    for t in range(temperatures):
        for r in range(replicas):
            swaps[t, r] = 0
    for t in range(parity, temperatures - 1, 2):
        gap = betas[t + 1] - betas[t]
        for r in range(replicas):
            odds = _odds(gap, energies[t + 1, r] - energies[t, r])
            uniform = (words[t * replicas + r] + 0.5) / 4294967296.0
            if odds >= 0 or uniform < math.exp(odds):
                swaps[t, r] = 1
                books.accepted[t] += 1
                here = walker[t, r]
                walker[t, r] = walker[t + 1, r]
                walker[t + 1, r] = here
        books.tried[t] += replicas
