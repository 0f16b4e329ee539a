"""How a flip reaches other p-bits: at once, late, through a low-pass of a p-bit or of an edge."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from pbit.kernels.events.queue import Queue, new_queue, push
from pbit.kernels.events.records import BY_EDGE, BY_PBIT, DIRECT, ChipArrays, Edges
from pbit.kernels.jit import inner


class Network(NamedTuple):
    """Fields as they have arrived, and where each filter is."""

    fields: Any  # float64 (n,)
    levels: Any  # float64 (n,) or (m,), or (0,): of the filters
    since: Any  # float64, as many: when they were there
    values: Any  # float64 (m,) where filters are of edges, or (0,): what they go to


def new_network(chip: ChipArrays) -> Network:
    """Room for the fields and filters of a chip."""
    filters = chip.filters.rates.size
    edges = chip.edges.targets.size if mode_of.py_func(chip.filters) == BY_EDGE else 0
    return Network(np.empty(chip.h.size), np.empty(filters), np.empty(filters), np.empty(edges))


@njit(inline="always")
def mode_of(filters: Any) -> Any:
    """Which filters there are."""
    if filters.rates.size == 0:
        return DIRECT
    return BY_EDGE if filters.starts.size > 1 else BY_PBIT


@inner
def settle(s: Any, h: Any, edges: Any, network: Any) -> None:
    """All flips have arrived and all filters are where they go."""
    senders, groups, targets, weights, _ = edges
    fields, levels, since, values = network
    for i in range(fields.size):
        fields[i] = h[i]
    for j in range(fields.size):
        spin = float(s[j])
        for e in range(groups[senders[j]], groups[senders[j + 1]]):
            fields[targets[e]] += weights[e] * spin
            if values.size:
                values[e] = levels[e] = spin
    for k in range(since.size):
        since[k] = 0.0
        if values.size == 0:
            levels[k] = fields[k]


@inner
def seen(i: Any, t: Any, mode: Any, h: Any, weights: Any, filters: Any, network: Any) -> Any:
    """Field of p-bit i as its input has it at time t; a p-bit's own filter is brought there."""
    fields, levels, since, values = network
    if mode == DIRECT:
        return fields[i]
    if mode == BY_PBIT:
        return relaxed(i, t, fields[i], filters.rates, network)
    total = h[i]
    for k in range(filters.starts[i], filters.starts[i + 1]):
        e = filters.ids[k]
        decay = math.exp(-(t - since[e]) * filters.rates[e])
        total += weights[e] * (values[e] + (levels[e] - values[e]) * decay)
    return total


@njit(inline="always")
def relaxed(k: Any, t: Any, goal: Any, rates: Any, network: Any) -> Any:
    """Where filter k is at time t, on its way to ``goal``; it is brought there."""
    levels, since = network.levels, network.since
    levels[k] = goal + (levels[k] - goal) * math.exp(-(t - since[k]) * rates[k])
    since[k] = t
    return levels[k]


@inner
def arrive(
    e: Any, i: Any, sign: Any, t: Any, mode: Any, weight: Any, rates: Any, network: Any
) -> None:
    """The flip of a neighbour of p-bit i, to ``sign``, comes in through edge e."""
    fields, values = network.fields, network.values
    if mode == BY_PBIT:
        relaxed(i, t, fields[i], rates, network)
    elif mode == BY_EDGE:
        relaxed(e, t, values[e], rates, network)
        values[e] = sign
    fields[i] += 2.0 * sign * weight


@inner
def spread(i: Any, new: Any, fields: Any, edges: Any) -> None:
    """Add the flip of p-bit i to the fields it acts on."""
    senders, groups, targets, weights, _ = edges
    change = 2.0 * float(new)
    for e in range(groups[senders[i]], groups[senders[i + 1]]):
        fields[targets[e]] += change * weights[e]


@inner
def send(i: Any, new: Any, t: Any, edges: Any, queue: Any, pace: Any) -> None:
    """Queue the flip of p-bit i for everybody it tells: twice the group, plus one if up."""
    senders, delays = edges.senders, edges.delays
    for a in range(senders[i], senders[i + 1]):
        push(queue, pace, t + (delays[a] if delays.size else 0.0), 2 * a + (new > 0))


def room_for_a_step(edges: Edges) -> int:
    """Most entries that one event adds to the queue: what flips in all that one arrival reaches,
    each in as many groups as there may be, and a crossing for each."""
    most, widest = (int(np.diff(ends).max(initial=1)) for ends in (edges.senders, edges.groups))
    return most * (widest + 1) + widest + 1


def queue_of(chip: ChipArrays) -> Queue:
    """A queue for the chip, of little use if nothing is late."""
    if not chip.wheel.lag:
        return new_queue(1, 1)
    return new_queue(chip.wheel.buckets, 4 * room_for_a_step(chip.edges) + 64)
