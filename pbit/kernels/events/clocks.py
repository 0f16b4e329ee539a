"""Which p-bit looks at its input when.

POISSON: exponential waiting times of one common process, the p-bit drawn with weight 1/tau;
PERIODIC: each after its own tau; CHROMATIC: colours in turn; TICKS: all at once, tick m at ``(m +
1/2) * tick``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int64, njit, uint64

from pbit.kernels.events.records import (
    AT,
    BATCH,
    BATCHES,
    DRAWN,
    PERIODIC,
    SIZE,
    SUPPLIED,
    SWEEP,
    Clock,
    Events,
)
from pbit.kernels.jit import inner
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.random.stream import EVENT, tag
from pbit.kernels.random.stream_lanes import fill_slots

_LOW = 0xFFFFFFFF
_LOW32 = uint64(_LOW)


def new_events(clock: Clock, key: tuple[Any, Any]) -> Events:
    """Room for the events of a clock, and the round keys."""
    n = clock.inverse_tau.size
    periodic = clock.kind == PERIODIC
    # A period that is not over at the end of a sweep began in it or before.
    in_a_sweep = int(np.ceil(clock.inverse_tau).sum()) + n if periodic else n
    capacity = max(BATCH, in_a_sweep)
    return Events(
        np.empty(capacity),
        np.empty(capacity, np.int32),
        np.zeros(capacity, np.int64),
        np.empty(4 * BATCH, np.uint32),
        key_schedule(*key),
        np.empty(n if periodic else 0),
        np.empty(capacity + 2 if periodic else 0, np.int64),
    )


@inner
def draw_words(events: Any, number: Any, cursor: Any) -> None:
    """Words of the next BATCH events, four each."""
    for part in range(BATCH // 16):
        event = uint64(BATCH) * uint64(cursor[BATCHES]) + uint64(16 * part)
        low, high = int64(event & _LOW32), int64(event >> uint64(32))
        counter = (low, high, int64(number & _LOW32), int64(tag(EVENT, 0, 0)))
        fill_slots(events.words, 64 * part, counter, events.keys)
    cursor[BATCHES] += 1
    cursor[AT] = 0
    cursor[SIZE] = BATCH


@inner
def draw_events(events: Any, clock: Any, number: Any, cursor: Any, moment: Any) -> None:
    """The next BATCH events of the Poisson process."""
    times, sites, words = events.times, events.sites, events.words
    draw_words(events, number, cursor)
    n = uint64(clock.inverse_tau.size)
    t = moment[DRAWN]
    for e in range(BATCH):
        t += -math.log((float(words[4 * e]) + 0.5) / 4294967296.0) / clock.total
        times[e] = t
        i = int64((uint64(words[4 * e + 1]) * n) >> uint64(32))
        if clock.thresholds.size and float(words[4 * e + 3]) >= clock.thresholds[i]:
            i = int64(clock.aliases[i])
        sites[e] = i
    moment[DRAWN] = t


@inner
def draw_ticks(events: Any, clock: Any, number: Any, cursor: Any, moment: Any) -> None:
    """The p-bits of the next ticks, several where there are few."""
    n = clock.inverse_tau.size
    ticks = max(1, BATCH // max(n, 1))
    for k in range(ticks * n):
        tick = cursor[BATCHES] * ticks + k // n
        events.numbers[k] = tick
        events.sites[k] = k % n
        events.times[k] = (tick + 0.5) * clock.tick
    cursor[BATCHES] += 1
    cursor[AT] = 0
    cursor[SIZE] = ticks * n


@inner
def draw_sweep(events: Any, clock: Any, number: Any, cursor: Any, moment: Any) -> None:
    """All events of the present sweep in order, with the number of the p-bit's period or of the
    sweep; the second time none."""
    cursor[AT] = cursor[SIZE] = 0
    k = cursor[SWEEP]
    if cursor[SUPPLIED] > k:
        return
    cursor[SUPPLIED] = k + 1
    if clock.kind == PERIODIC:
        cursor[SIZE] = _periods(k, events, clock)
    else:
        cursor[SIZE] = _colors(k, events, clock)


@njit(inline="always")
def _colors(k: Any, events: Any, clock: Any) -> Any:
    colors = clock.starts.size - 1
    for c in range(colors):
        t = k + (c + 0.5) / colors
        for place in range(clock.starts[c], clock.starts[c + 1]):
            events.times[place] = t
            events.sites[place] = clock.order[place]
            events.numbers[place] = k
    return clock.order.size


@njit(inline="always")
def _periods(k: Any, events: Any, clock: Any) -> Any:
    """Sorted by the place in the sweep that time would have if they came evenly, then by insertion:
    they nearly do."""
    times, sites, numbers, places = events.times, events.sites, events.numbers, events.places
    n = clock.inverse_tau.size
    count = 0
    for i in range(n):
        first, last = _ordinals(k, clock.inverse_tau[i], events.phases[i])
        count += last - first
    for b in range(count + 1):
        places[b] = 0
    for i in range(n):
        first, last = _ordinals(k, clock.inverse_tau[i], events.phases[i])
        for m in range(first, last):
            places[_place((m + events.phases[i]) / clock.inverse_tau[i] - k, count) + 1] += 1
    for b in range(count):
        places[b + 1] += places[b]
    for i in range(n):
        first, last = _ordinals(k, clock.inverse_tau[i], events.phases[i])
        for m in range(first, last):
            t = (m + events.phases[i]) / clock.inverse_tau[i]
            b = _place(t - k, count)
            at = places[b]
            places[b] += 1
            times[at], sites[at], numbers[at] = t, i, m
    for end in range(1, count):
        t, i, m = times[end], sites[end], numbers[end]
        at = end
        while at > 0 and times[at - 1] > t:
            times[at], sites[at], numbers[at] = times[at - 1], sites[at - 1], numbers[at - 1]
            at -= 1
        times[at], sites[at], numbers[at] = t, i, m
    return count


@njit(inline="always")
def _ordinals(k: Any, inverse_tau: Any, phase: Any) -> Any:
    """Of a p-bit's periods, the first to begin in sweep k and the first after it."""
    first = max(0, math.ceil(k * inverse_tau - phase))
    return first, max(first, math.ceil((k + 1) * inverse_tau - phase))


@njit(inline="always")
def _place(part: Any, count: Any) -> Any:
    return min(max(int64(part * count), 0), count - 1)
