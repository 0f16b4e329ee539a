"""Averages over time of a network in continuous time: every state counts for as long as it lasts.

``averages``: :class:`pbit.kernels.events.records.Averages` of one read.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, njit

from pbit.kernels.events.records import Averages
from pbit.kernels.jit import inner


def new_averages(burn_in: float, ups: Any, histogram: Any) -> Averages:
    """Averages of a block of reads, into ``ups`` (R, n or 0) and ``histogram`` (R, states or 0)."""
    return Averages(
        burn_in, ups, histogram, np.zeros(ups.shape[1]), np.zeros(1, np.int64), np.zeros(1)
    )


@njit(inline="always")
def of_read(averages: Any, r: Any) -> Any:
    """Those of read r."""
    burn_in, ups, histogram, since, state, when = averages
    return Averages(burn_in, ups[r], histogram[r], since, state, when)


@inner
def begin_averages(s: Any, averages: Any) -> None:
    """All is open from time 0 on."""
    averages.when[0] = 0.0
    for i in range(averages.since.size):
        averages.since[i] = 0.0
    averages.state[0] = 0
    for i in range(s.size if averages.histogram.size else 0):
        if s[i] > 0:
            averages.state[0] |= int64(1) << int64(i)


@inner
def count_flip(i: Any, new: Any, t: Any, averages: Any) -> None:
    """Book p-bit i's flip to ``new`` at time t."""
    burn_in, ups, histogram, since, state, when = averages
    if ups.size:
        if new < 0:
            ups[i] += max(t - max(since[i], burn_in), 0.0)
        since[i] = t
    if histogram.size:
        histogram[state[0]] += max(t - max(when[0], burn_in), 0.0)
        state[0] ^= int64(1) << int64(i)
        when[0] = t


@inner
def finish(s: Any, t: Any, averages: Any) -> None:
    """Book what is left at the end, time t."""
    burn_in, ups, histogram, since, state, when = averages
    for i in range(ups.size):
        if s[i] > 0:
            ups[i] += max(t - max(since[i], burn_in), 0.0)
    if histogram.size:
        histogram[state[0]] += max(t - max(when[0], burn_in), 0.0)
