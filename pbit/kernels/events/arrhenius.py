"""Superparamagnetic junctions that flip at rates set by their input: kinetic Monte Carlo.

P-bit i flips at ``exp(arrhenius_log(m_i x_i)) / tau_i`` (:mod:`pbit.kernels.events.inputs`).
Proposals come at the sum of upper bounds of all rates, kept in :mod:`pbit.kernels.events.bins`, and
are accepted with rate / bound, so that filtered inputs, whose rates change all the time, are exact
too: between arrivals a filtered field moves to one side, and the bound is the rate at the worse of
its ends.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import int64, njit

from pbit.kernels.events import bins as rates
from pbit.kernels.events.averages import count_flip
from pbit.kernels.events.bins import Bins, bin_of, bound_of, drawn, new_bins, put, take_total
from pbit.kernels.events.clocks import draw_words, new_events
from pbit.kernels.events.inputs import log_rate
from pbit.kernels.events.queue import Queue, empty, is_due, is_short, taken
from pbit.kernels.events.reads import pauses, run
from pbit.kernels.events.records import (
    AT,
    BY_EDGE,
    CROWDED,
    DIRECT,
    DONE,
    SHORT,
    SINCE,
    SIZE,
    STOPPED,
    ChipArrays,
    Events,
)
from pbit.kernels.events.synapses import (
    Network,
    arrive,
    mode_of,
    new_network,
    queue_of,
    room_for_a_step,
    seen,
    send,
    settle,
)
from pbit.kernels.jit import bare_kernel, merged

_LOG2E = 1.4426950408889634
_WORDS = 4294967296.0
_NOW, _REST = range(2)  # of the times: now, and the waiting time left in units of the total rate


class Memory(NamedTuple):
    """What the kernel works in."""

    events: Events
    network: Network
    queue: Queue
    room: int  # of entries that an event may add to the queue
    bins: Bins


def new_memory(chip: ChipArrays, key: Any) -> Memory:
    """Room for a chip; ``key`` of the random stream."""
    return Memory(
        new_events(chip.clock, key),
        new_network(chip),
        queue_of(chip),
        room_for_a_step(chip.edges),
        new_bins(chip.h.size),
    )


@bare_kernel
def run_rates(
    chip: Any,
    memory: Any,
    block: Any,
    exact: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
) -> Any:
    """Arguments as :func:`pbit.kernels.events.reads.run`."""
    return run(_begin, _warm, _advance, chip, memory, block, exact, tracked, watch, observer, False)


@njit(inline="always")
def _begin(chip: Any, memory: Any, read: Any) -> None:
    settle(read.s, chip.h, chip.edges, memory.network)
    empty(memory.queue)
    rates.empty(memory.bins)
    times = memory.events.times
    times[_NOW], times[_REST] = 0.0, -1.0


@njit(inline="always")
def _warm(chip: Any, memory: Any, read: Any, beta: Any) -> Any:
    mode = mode_of(chip.filters)
    for i in range(read.s.size):
        _sort(i, beta, read.s, mode, chip, memory.network, memory.bins)
    take_total(memory.bins)
    return DONE


@merged
def _sort(i: Any, beta: Any, s: Any, mode: Any, chip: Any, network: Any, bins: Any) -> None:
    """Put p-bit i where its rate belongs, at the worst field until something arrives."""
    if chip.stuck[i] != 0:
        return
    fields, levels, values = network.fields, network.levels, network.values
    field = fields[i]
    spin = float(s[i])
    if mode == BY_EDGE:
        field = chip.h[i]
        for k in range(chip.filters.starts[i], chip.filters.starts[i + 1]):
            e = chip.filters.ids[k]
            weight = spin * chip.edges.weights[e]
            first, second = weight * levels[e], weight * values[e]
            field += spin * (second if second < first else first)
    elif mode != DIRECT:
        first, second = spin * field, spin * levels[i]
        field = spin * (second if second < first else first)
    put(bins, i, bin_of(log_rate(i, field, s[i], beta, chip.inputs, chip.rates) * _LOG2E))


@njit(inline="always")
def _advance(chip: Any, memory: Any, read: Any, beta: Any, end: Any, stop: Any) -> Any:
    """Events in their order, until ``end`` or until something is missing: why it came back."""
    senders, groups, targets, weights, _ = chip.edges
    lag, pace = chip.wheel.lag, chip.wheel.pace
    s, cursor, tallies = read.s, read.cursor, read.tallies
    events, network, queue, room, bins = memory
    times, words, fields = events.times, events.words, network.fields
    total, where, mode = bins.total, bins.where, mode_of(chip.filters)
    while True:
        if pauses(cursor):
            take_total(bins)
            if stop[0]:
                return STOPPED
        if cursor[AT] == cursor[SIZE]:
            draw_words(events, read.number, cursor)
        if lag and is_short(queue, room):
            return SHORT
        at = 4 * cursor[AT]
        if times[_REST] < 0.0:
            times[_REST] = -math.log((float(words[at]) + 0.5) / _WORDS)
        next_t = times[_NOW] + times[_REST] / total[0] if total[0] > 0.0 else np.inf
        if lag:
            due = is_due(queue, pace, next_t if next_t < end else end, room)
            if due == 2:
                return CROWDED
            if due == 1:
                when, what = taken(queue)
                tallies[2] += 1
                cursor[SINCE] += 1
                _wait_until(when, times, total)
                sign = 1.0 if what & 1 else -1.0
                for e in range(groups[what >> 1], groups[(what >> 1) + 1]):
                    i = int64(targets[e])
                    arrive(e, i, sign, when, mode, weights[e], chip.filters.rates, network)
                    _sort(i, beta, s, mode, chip, network, bins)
                continue
        if next_t >= end:
            _wait_until(end, times, total)
            return DONE
        t = times[_NOW] = next_t
        times[_REST] = -1.0
        i = drawn(bins, words[at + 1], words[at + 2])
        cursor[AT] += 1
        cursor[SINCE] += 1
        tallies[0] += 1
        field = seen(i, t, mode, chip.h, weights, chip.filters, network)
        steep = log_rate(i, field, s[i], beta, chip.inputs, chip.rates)
        rate = math.exp(steep if steep < 100.0 else 100.0)
        goes = (float(words[at + 3]) + 0.5) / _WORDS < rate / bound_of(int64(where[i]))
        if goes:
            new = np.int8(-s[i])
            s[i] = new
            tallies[1] += 1
            count_flip(i, new, t, read.averages)
            if lag:
                send(i, new, t, chip.edges, queue, pace)
            else:
                change = 2.0 * float(new)
                for e in range(groups[senders[i]], groups[senders[i + 1]]):
                    j = int64(targets[e])
                    fields[j] += change * weights[e]
                    _sort(j, beta, s, mode, chip, network, bins)
        if goes or mode != DIRECT:
            _sort(i, beta, s, mode, chip, network, bins)


@njit(inline="always")
def _wait_until(t: Any, times: Any, total: Any) -> None:
    """Waiting times have no memory: what is left of one goes on at the new total."""
    rest = times[_REST] - (t - times[_NOW]) * total[0]
    times[_REST] = rest if rest > 0.0 else 0.0
    times[_NOW] = t
