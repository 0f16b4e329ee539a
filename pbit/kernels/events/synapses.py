"""How a flip reaches other p-bits: at once, late, through a low-pass of a p-bit or of an edge.

lagging = (levels, since, values, weights, h): where each filter is and since when, what it goes to
(edges only); the field of a p-bit itself is kept in ``fields``, as what has arrived so far.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from pbit.kernels.events.queue import push
from pbit.kernels.jit import bare

DIRECT, BY_PBIT, BY_EDGE = range(3)  # filters


@njit
def mode_of(filters: Any) -> Any:
    """Which filters there are."""
    rates, starts, _ = filters
    if rates.size == 0:
        return DIRECT
    return BY_EDGE if starts.size > 1 else BY_PBIT


@njit
def new_lagging(s: Any, fields: Any, mode: Any, edges: Any, h: Any) -> Any:
    """Filters that have settled."""
    senders, groups, targets, weights, _ = edges
    size = 0 if mode == DIRECT else (fields.size if mode == BY_PBIT else targets.size)
    levels, since = np.zeros(size), np.zeros(size)
    values = np.zeros(targets.size if mode == BY_EDGE else 0)
    if mode == BY_PBIT:
        levels[:] = fields
    if mode == BY_EDGE:
        for j in range(s.size):
            for e in range(groups[senders[j]], groups[senders[j + 1]]):
                values[e] = levels[e] = float(s[j])
    return levels, since, values, weights, h


@bare
def seen(i: Any, t: Any, fields: Any, mode: Any, filters: Any, lagging: Any) -> Any:
    """Field of p-bit i as its input has it at time t; a p-bit's own filter is brought there."""
    if mode == DIRECT:
        return fields[i]
    rates, starts, ids = filters
    levels, since, values, weights, h = lagging
    if mode == BY_PBIT:
        levels[i] = fields[i] + (levels[i] - fields[i]) * math.exp(-(t - since[i]) * rates[i])
        since[i] = t
        return levels[i]
    total = h[i]
    for k in range(starts[i], starts[i + 1]):
        e = ids[k]
        level = values[e] + (levels[e] - values[e]) * math.exp(-(t - since[e]) * rates[e])
        total += weights[e] * level
    return total


@bare
def arrive(
    e: Any, i: Any, sign: Any, t: Any, fields: Any, mode: Any, filters: Any, lagging: Any
) -> None:
    """The flip of a neighbour of p-bit i, to ``sign``, comes in through edge e."""
    rates, _, _ = filters
    levels, since, values, weights, _ = lagging
    if mode == BY_PBIT:
        levels[i] = fields[i] + (levels[i] - fields[i]) * math.exp(-(t - since[i]) * rates[i])
        since[i] = t
    elif mode == BY_EDGE:
        levels[e] = values[e] + (levels[e] - values[e]) * math.exp(-(t - since[e]) * rates[e])
        since[e] = t
        values[e] = sign
    fields[i] += 2.0 * sign * weights[e]


@bare
def spread(i: Any, new: Any, fields: Any, edges: Any) -> None:
    """Add the flip of p-bit i to the fields it acts on."""
    senders, groups, targets, weights, _ = edges
    change = 2.0 * float(new)
    for e in range(groups[senders[i]], groups[senders[i + 1]]):
        fields[targets[e]] += change * weights[e]


@bare
def send(i: Any, new: Any, t: Any, edges: Any, queue: Any, pace: Any) -> None:
    """Queue the flip of p-bit i for everybody it tells: twice the group, plus one if up."""
    senders, _, _, _, delays = edges
    for a in range(senders[i], senders[i + 1]):
        push(queue, pace, t + (delays[a] if delays.size else 0.0), 2 * a + (new > 0))


@njit
def room_for_a_step(edges: Any) -> Any:
    """Most entries that one event adds to the queue: what flips in all that one arrival reaches,
    each in as many groups as there may be, and a crossing for each."""
    senders, groups = edges[0], edges[1]
    most = widest = 1
    for j in range(senders.size - 1):
        most = max(most, senders[j + 1] - senders[j])
    for a in range(groups.size - 1):
        widest = max(widest, groups[a + 1] - groups[a])
    return most * (widest + 1) + widest + 1
