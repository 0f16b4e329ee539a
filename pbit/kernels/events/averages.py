"""Averages over time of a network in continuous time: every state counts for as long as it lasts.

averages = (burn_in, ups float64 (n,) or (0,), histogram float64 (states,) or (0,)): time spent up
by each p-bit and in each state (bit i set: p-bit i up), from time ``burn_in`` on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, njit

from pbit.kernels.jit import bare


@njit
def begin(s: Any, averages: Any) -> Any:
    """(since float64 (n,), state int64 (1,), when float64 (1,)): what is open at the start."""
    _, ups, histogram = averages
    state = np.zeros(1, np.int64)
    for i in range(s.size if histogram.size else 0):
        if s[i] > 0:
            state[0] |= int64(1) << int64(i)
    return np.zeros(ups.size), state, np.zeros(1)


@bare
def count_flip(i: Any, new: Any, t: Any, averages: Any, counts: Any) -> None:
    """Book p-bit i's flip to ``new`` at time t."""
    burn_in, ups, histogram = averages
    since, state, when = counts
    if ups.size:
        if new < 0:
            ups[i] += max(t - max(since[i], burn_in), 0.0)
        since[i] = t
    if histogram.size:
        histogram[state[0]] += max(t - max(when[0], burn_in), 0.0)
        state[0] ^= int64(1) << int64(i)
        when[0] = t


@bare
def finish(s: Any, t: Any, averages: Any, counts: Any) -> None:
    """Book what is left at the end, time t."""
    burn_in, ups, histogram = averages
    since, state, when = counts
    for i in range(ups.size):
        if s[i] > 0:
            ups[i] += max(t - max(since[i], burn_in), 0.0)
    if histogram.size:
        histogram[state[0]] += max(t - max(when[0], burn_in), 0.0)
