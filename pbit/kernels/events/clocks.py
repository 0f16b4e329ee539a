"""Which p-bit looks at its input when.

clock = (code, inverse tau (n,), alias thresholds float64 (n,) or (0,), aliases int32, tick, order
int32, starts int64): POISSON, exponential waiting times of one common process, the p-bit drawn with
weight 1/tau; PERIODIC, each after its own tau; CHROMATIC, colours in turn; TICKS, all at once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.jit import bare
from pbit.kernels.random.philox import EVENT, tag
from pbit.kernels.random.philox_lanes import fill_slots

POISSON, PERIODIC, CHROMATIC, TICKS = range(4)
BATCH = 128  # events, a multiple of 16

_LOW32 = uint64(0xFFFFFFFF)


@bare
def draw_words(batch: Any, words: Any, read: Any, keys: Any) -> None:
    """Words of events ``BATCH * batch`` to ``BATCH * (batch + 1) - 1``, four each."""
    for part in range(BATCH // 16):
        number = uint64(BATCH) * uint64(batch) + uint64(16 * part)
        low, high = int64(number & _LOW32), int64(number >> uint64(32))
        counter = (low, high, int64(read & _LOW32), int64(tag(EVENT, 0, 0)))
        fill_slots(words, 64 * part, counter, keys)


@bare
def draw_events(
    t: Any, batch: Any, words: Any, read: Any, keys: Any, clock: Any, total: Any, out: Any
) -> Any:
    """Times and sites of the next BATCH events of the Poisson process; the time of the last."""
    _, inverse_tau, thresholds, aliases, _, _, _ = clock
    times, sites = out
    draw_words(batch, words, read, keys)
    n = uint64(inverse_tau.size)
    for e in range(BATCH):
        t += -math.log((float(words[4 * e]) + 0.5) / 4294967296.0) / total
        times[e] = t
        i = int64((uint64(words[4 * e + 1]) * n) >> uint64(32))
        if thresholds.size and float(words[4 * e + 3]) >= thresholds[i]:
            i = int64(aliases[i])
        sites[e] = i
    return t


@njit
def clocked_events(k: Any, n: Any, clock: Any, phases: Any) -> Any:
    """(times, sites, numbers) of sweep k, in order; the number is that of the p-bit's period or of
    the sweep."""
    if clock[0] == PERIODIC:
        return _periodic_events(k, clock[1], phases)
    return _chromatic_events(k, n, clock)


@njit
def tick_events(batch: Any, n: Any, tick: Any) -> Any:
    """(times, sites, numbers) of the next ticks, several where there are few p-bits; tick m is at
    ``(m + 1/2) * tick``, and m its number."""
    ticks = max(1, BATCH // max(n, 1))
    times, sites = np.empty(ticks * n), np.empty(ticks * n, np.int32)
    numbers = np.empty(ticks * n, np.int64)
    for k in range(ticks * n):
        numbers[k] = batch * ticks + k // n
        sites[k] = k % n
        times[k] = (numbers[k] + 0.5) * tick
    return times, sites, numbers


@njit
def _periodic_events(k: Any, inverse_tau: Any, phases: Any) -> Any:
    count = 0
    for i in range(phases.size):
        first = max(0, math.ceil(k * inverse_tau[i] - phases[i]))
        count += max(0, math.ceil((k + 1) * inverse_tau[i] - phases[i]) - first)
    times, sites, numbers = np.empty(count), np.empty(count, np.int32), np.empty(count, np.int64)
    at = 0
    for i in range(phases.size):
        first = max(0, math.ceil(k * inverse_tau[i] - phases[i]))
        for m in range(first, math.ceil((k + 1) * inverse_tau[i] - phases[i])):
            times[at], sites[at], numbers[at] = (m + phases[i]) / inverse_tau[i], i, m
            at += 1
    order = np.argsort(times)
    return times[order], sites[order], numbers[order]


@njit
def _chromatic_events(k: Any, n: Any, clock: Any) -> Any:
    _, _, _, _, _, order, starts = clock
    times = np.empty(n)
    colors = starts.size - 1
    for c in range(colors):
        times[starts[c] : starts[c + 1]] = k + (c + 0.5) / colors
    return times, order.copy(), np.full(n, k, np.int64)
