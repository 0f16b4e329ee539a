"""p-bits that look at their inputs at given times: the next event, whether one of those or a flip
that arrives somewhere.

With delays, filters, thresholds that persist or ticks, flips go through
:mod:`pbit.kernels.events.queue` (``lag``); else each is added to the fields of its neighbours at
once.
"""

from __future__ import annotations

from typing import Any

from numba import int64, njit

from pbit.kernels.events.averages import count_flip
from pbit.kernels.events.queue import is_due, is_short, taken
from pbit.kernels.events.reads import pauses
from pbit.kernels.events.records import AT, CROWDED, DONE, EVENT, SHORT, SINCE, SIZE, STOPPED
from pbit.kernels.events.synapses import arrive, mode_of, send, spread


@njit(inline="always")
def attempts(
    supply: Any,
    deliver: Any,
    attempt: Any,
    chip: Any,
    memory: Any,
    read: Any,
    beta: Any,
    end: Any,
    stop: Any,
) -> Any:
    """Events in their order: the step ``advance`` of :mod:`pbit.kernels.events.reads`.

    ``supply`` draws more events, ``deliver(what, when, mode, chip, memory, read)`` is what arrives,
    ``attempt(at, t, beta, mode, chip, memory, read)`` event ``at`` of the batch.
    """
    cursor, queue, times = read.cursor, memory.queue, memory.events.times
    lag, pace, room = chip.wheel.lag, chip.wheel.pace, memory.room
    mode = mode_of(chip.filters)
    while True:
        if pauses(cursor) and stop[0]:
            return STOPPED
        if cursor[AT] == cursor[SIZE]:
            supply(memory.events, chip.clock, read.number, cursor, read.moment)
        at = cursor[AT]
        t = times[at] if at < cursor[SIZE] and times[at] < end else end
        if lag:
            if is_short(queue, room):
                return SHORT
            due = is_due(queue, pace, t, room)
            if due == 2:
                return CROWDED
            if due == 1:
                when, what = taken(queue)
                cursor[SINCE] += 1
                deliver(what, when, mode, chip, memory, read)
                continue
        if t >= end:
            return DONE
        cursor[AT] += 1
        cursor[EVENT] += 1
        cursor[SINCE] += 1
        attempt(at, t, beta, mode, chip, memory, read)


@njit(inline="always")
def deliver_fields(what: Any, when: Any, mode: Any, chip: Any, memory: Any, read: Any) -> None:
    """What arrives at a group of p-bits that do not answer at once."""
    groups, targets, weights = chip.edges.groups, chip.edges.targets, chip.edges.weights
    read.tallies[2] += 1
    sign = 1.0 if what & 1 else -1.0
    for e in range(groups[what >> 1], groups[(what >> 1) + 1]):
        i = int64(targets[e])
        arrive(e, i, sign, when, mode, weights[e], chip.filters.rates, memory.network)


@njit(inline="always")
def flip(i: Any, new: Any, t: Any, chip: Any, memory: Any, read: Any) -> None:
    """p-bit i flips and tells."""
    read.s[i] = new
    read.tallies[1] += 1
    count_flip(i, new, t, read.averages)
    if chip.wheel.lag:
        send(i, new, t, chip.edges, memory.queue, chip.wheel.pace)
    else:
        spread(i, new, memory.network.fields, chip.edges)
