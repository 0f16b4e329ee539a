"""Parallel tempering's swaps: which neighbours in temperature exchange their states, and the books.

A ladder has T temperatures, from hot to cold, with R replicas at each; (t, r) is a slot and r its
column. A swap is tried between (t, r) and (t + 1, r), for even t after one sweep and odd t after
the next, and accepted with probability ``min(1, exp((beta' - beta) (E' - E)))`` (Hukushima,
Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996), eqs. 3-5).

Books, all over the sweeps since they were cleared:

- ``tried``, ``accepted`` int64 (T - 1,);
- ``sums`` float64 (2, T): energies less ``origin`` (T,), and their squares; ``counts`` int64 (1,):
  how many sweeps;
- ``walker`` int32 (T, R): which of the T R walkers is in the slot; ``heading`` int8 (T R,): the
  end of the ladder that a walker was at last, +1 the hot one, -1 the cold one, 0 neither;
- ``flow`` int64 (2, T): visits of walkers that came from the hot end, and from the cold one;
- ``trips`` int64 (T R,): round trips, counted where a walker from the hot end reaches the cold one.

Random words: purpose EXCHANGE of :mod:`pbit.kernels.random.philox`, slot ``t R + r``, sweep and
read.
"""

from __future__ import annotations

import math
from typing import Any

from numba import int64, njit

from pbit.kernels.random.philox import EXCHANGE, tag
from pbit.kernels.random.philox_lanes import fill_slots

PATIENCE = 1000  # sweeps
_SLOTS = 64  # words that one call fills


@njit
def clear(energies: Any, books: Any) -> None:
    """Empty the books, but for where the walkers are; energies (T, R) set the origins."""
    tried, accepted, origin, sums, counts, _, _, flow, trips = books
    tried[:] = 0
    accepted[:] = 0
    sums[:] = 0
    counts[:] = 0
    flow[:] = 0
    trips[:] = 0
    for t in range(energies.shape[0]):
        origin[t] = energies[t].mean()


@njit
def _observe(energies: Any, books: Any) -> None:
    _, _, origin, sums, counts, walker, heading, flow, trips = books
    temperatures, replicas = energies.shape
    counts[0] += 1
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
        trips[cold] += heading[cold] == 1
        heading[cold] = -1
    for t in range(temperatures):
        for r in range(replicas):
            head = heading[walker[t, r]]
            flow[0, t] += head > 0
            flow[1, t] += head < 0


@njit
def gives_up(sweep: Any, best_sweep: Any, begun: Any, patience: Any) -> Any:
    """Whether a run, begun after sweep ``begun``, has gone without a lower state for a thousand
    sweeps and ``patience`` times as many as it took to find its lowest one."""
    if patience <= 0:
        return False
    return sweep - best_sweep > PATIENCE + patience * (best_sweep - begun)


@njit
def _odds(gap: Any, rise: Any) -> Any:
    """``(beta' - beta) (E' - E)``; nothing is lost between equal energies, even at beta = inf."""
    return 0.0 if rise == 0 else gap * rise


@njit
def decide(betas: Any, energies: Any, parity: Any, stream: Any, swaps: Any, books: Any) -> None:
    """Decide the swaps of one parity, ``swaps`` uint8 (T, R): 1 at the hotter slot of a pair.

    betas (T,) and energies (T, R), from hot to cold; stream = (sweep, read, round keys, words),
    words uint32 (>= T R, a multiple of 64).
    """
    sweep, read, keys, words = stream
    tried, accepted, _, _, _, walker, _, _, _ = books
    temperatures, replicas = energies.shape
    _observe(energies, books)
    c1, c3 = int64(sweep & 0xFFFFFFFF), int64(tag(EXCHANGE, sweep, 0))
    for at in range(0, temperatures * replicas, _SLOTS):
        fill_slots(words, int64(at), (int64(at >> 2), c1, int64(read), c3), keys)
    swaps[:] = 0
    for t in range(parity, temperatures - 1, 2):
        gap = betas[t + 1] - betas[t]
        for r in range(replicas):
            odds = _odds(gap, energies[t + 1, r] - energies[t, r])
            uniform = (words[t * replicas + r] + 0.5) / 4294967296.0
            if odds >= 0 or uniform < math.exp(odds):
                swaps[t, r] = 1
                accepted[t] += 1
                here = walker[t, r]
                walker[t, r] = walker[t + 1, r]
                walker[t + 1, r] = here
        tried[t] += replicas
