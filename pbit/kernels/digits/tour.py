"""Tours: reversals of stretches and moves of short ones, their change of length in O(1).

``values`` is the order in which cities are visited. A proposal takes a city x, a direction and a
partner y that x asks to have next to it; the stretch that is reversed or moved follows from them.
Directions mirror each other: seen in direction -1, distances and odds are the transposed ones.

- reversal: x -> b ... y -> d becomes x -> y ... b -> d;
- move: p -> x ... t -> q and c -> e become p -> q and c -> x ... t -> e, where y = c; or turned
  round where distances have no direction, e -> t ... x -> c.

Partners are asked for unevenly, mostly from those near by. A move and the way back are both
proposed from the two ends of the stretch that they carry: there by ``odds(x, y) + odds'(t, e)``
(reversal: d and b for t and e), back by ``odds(x, p) + odds'(t, q)`` (x and b, d and y), and the
ratio goes into the acceptance.

Of two stretches that make the same tour, the shorter one is written anew, so that orders may end
turned round, and begin anywhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64

from pbit.kernels.digits import family
from pbit.kernels.digits.proposals import below, is_taken, words_of
from pbit.kernels.jit import chosen_by_types, inner, merged

UNIFORM = 16  # one in so many asks for any partner
_REVERSAL, _ANY = 0, 4  # kinds of moves; 1 to 3 carry so many cities, 4 any number
# Eight kinds as likely: where distances have no direction, and where they have one.
_KINDS = np.array([[0, 0, 0, 0, 1, 2, 3, 1], [0, 1, 2, 3, 1, 2, 4, 4]], np.int8)


class Tour(NamedTuple):
    """``distances``, ``odds`` float64, ``near`` int32, each once, or where ``directed``, which is
    whether distances differ by direction, for both ways.

    ``distances`` (ways, n, n) from the row to the column, and transposed; ``near`` (ways, n, k):
    the cities that are near on the way to the row's one, and on the way from it; ``odds`` (ways, n,
    n): how likely the row's city asks for the column's one."""

    distances: Any
    near: Any
    odds: Any
    directed: bool


class Positions(NamedTuple):
    """``position`` int16 (n,) of each city, ``carried`` int16 (n,), scratch; those of many replicas
    have one axis more in front."""

    position: Any
    carried: Any

    @classmethod
    def of(cls, model: Tour, replicas: int) -> Positions:
        """Of so many replicas."""
        shape = (replicas, model.distances.shape[1])
        return cls(np.zeros(shape, np.int16), np.zeros(shape, np.int16))


@inner
def start(model: Any, values: Any, work: Any) -> Any:
    """Positions of the cities; the length."""
    n = values.size
    length = 0.0
    for i in range(n):
        work.position[values[i]] = i
        length += model.distances[0, values[i], values[_wrapped(i + 1, n)]]
    return length


@merged
def _wrapped(position: Any, n: Any) -> Any:
    """From -n .. 2 n - 1 to 0 .. n - 1."""
    if position >= n:
        return position - n
    return position + n if position < 0 else position


@merged
def _layers(model: Any, way: Any) -> Any:
    """Where arrays of a way are, and those of the opposite one."""
    return (way, 1 - way) if model.directed else (way - way, way - way)


@merged
def _partner(model: Any, way: Any, x: Any, word: Any, anyone: Any) -> Any:
    if anyone:
        y = below(word, model.distances.shape[1] - 1)
        return y + (y >= x)
    return int64(model.near[_layers(model, way)[0], x, below(word, model.near.shape[2])])


@inner
def _reverse(values: Any, position: Any, first: Any, count: Any) -> None:
    """Turn the stretch of so many positions from one on."""
    n = values.size
    i, j = first, _wrapped(first + count - 1, n)
    for _ in range(count // 2):
        one, other = values[i], values[j]
        values[i], values[j] = other, one
        position[other], position[one] = i, j
        i, j = _wrapped(i + 1, n), _wrapped(j - 1, n)


@inner
def _move(values: Any, work: Any, stretch: Any, between: Any, turned: Any) -> None:
    """Exchange a stretch with the ``between`` cities that follow it, or go before it if < 0.

    stretch = (its first position, cities, direction)."""
    first, count, step = stretch
    position, carried, n = work.position, work.carried, values.size
    at = first
    for k in range(count):
        carried[count - 1 - k if turned else k] = values[at]
        at = _wrapped(at + step, n)
    if between >= 0:
        into, out, walk = first, at, step
    else:  # the other way round, from the last one of the stretch
        into, out, walk = _wrapped(at - step, n), _wrapped(first - step, n), -step
    for _ in range(abs(between)):
        city = values[out]
        values[into] = city
        position[city] = into
        into, out = _wrapped(into + walk, n), _wrapped(out + walk, n)
    for k in range(count):
        city = carried[k if between >= 0 else count - 1 - k]
        values[into] = city
        position[city] = into
        into = _wrapped(into + walk, n)


@merged
def _turned_round(distances: Any, values: Any, first: Any, count: Any, step: Any) -> Any:
    """What it costs to go through the inside of a stretch the other way."""
    n, total = values.size, 0.0
    here = values[first]
    for _ in range(count - 1):
        first = _wrapped(first + step, n)
        there = values[first]
        total += distances[there, here] - distances[here, there]
        here = there
    return total


@inner
def try_reversal(
    model: Any, values: Any, work: Any, ends: Any, beta: Any, rule: Any, word: Any
) -> Any:
    """Reverse what follows x up to y; ends = (x, y, way): way 1 is forward. The change."""
    x, y, way = ends
    n, position = values.size, work.position
    step = 2 * way - 1
    at_b = _wrapped(position[x] + step, n)
    at_d = _wrapped(position[y] + step, n)
    b, d = values[at_b], values[at_d]
    if y == b or (d == x and not model.directed):
        return 0.0
    own, other = _layers(model, way)
    distances, odds, others = model.distances[other], model.odds[own], model.odds[other]
    change = distances[x, y] + distances[b, d] - distances[x, b] - distances[y, d]
    count = _wrapped((position[y] - at_b) * step, n) + 1
    if model.directed:
        change += _turned_round(distances, values, at_b, count, step)
    ratio = (odds[x, b] + others[d, y]) / (odds[x, y] + others[d, b])
    if not is_taken(change, ratio, beta, rule, word):
        return 0.0
    if model.directed or 2 * count <= n:
        first = at_b if step > 0 else int64(position[y])
    else:
        first, count = at_d if step > 0 else int64(position[x]), n - count
    _reverse(values, position, first, count)
    return change


@inner
def try_move(
    model: Any, values: Any, work: Any, ends: Any, count: Any, turned: Any, beta: Any, rule: Any,
    word: Any,
) -> Any:  # fmt: skip
    """Carry the ``count`` cities from x on next to y; ends = (x, y, way): way 0 is forward. The
    change."""
    x, y, way = ends
    n, position = values.size, work.position
    step = 1 - 2 * way
    at_x = int64(position[x])
    offset = _wrapped((position[y] - at_x) * step, n)
    other = offset - 1 if turned else offset + 1
    if count > n - 2 or offset < count or other < count or other >= n:
        return 0.0
    t = values[_wrapped(at_x + (count - 1) * step, n)]
    p, q = values[_wrapped(at_x - step, n)], values[_wrapped(at_x + count * step, n)]
    e = values[_wrapped(at_x + other * step, n)]
    own, opposite = _layers(model, way)
    distances, odds, others = model.distances[own], model.odds[own], model.odds[opposite]
    change = distances[p, q] + distances[y, x] + distances[t, e]
    change -= distances[p, x] + distances[t, q] + distances[y, e]
    ratio = (odds[x, p] + others[t, q]) / (odds[x, y] + others[t, e])
    if not is_taken(change, ratio, beta, rule, word):
        return 0.0
    before = min(offset, other) - count + 1  # cities that the stretch passes going forward
    if 2 * before > n - count:
        before -= n - count
    _move(values, work, (at_x, count, step), before, turned)
    return change


@inner
def sweep(
    model: Any, values: Any, work: Any, beta: Any, rule: Any, sweep_number: Any, read: Any,
    k0: Any, k1: Any,
) -> Any:  # fmt: skip
    """n proposals to reverse or carry a stretch; the change of length."""
    n = values.size
    total = 0.0
    for proposal in range(n if n > 2 else 0):
        first, how, partner, last = words_of(proposal, sweep_number, read, k0, k1)
        x, way = below(first, n), int64(how >> 3) & 1
        y = _partner(model, way, x, partner, (how >> 5) % UNIFORM == 0)
        kind = int64(_KINDS[int64(model.directed), how & 7])
        ends = (x, y, way)
        if kind == _REVERSAL:
            total += try_reversal(model, values, work, ends, beta, rule, last)
        else:
            count = kind
            if kind == _ANY:
                count = 1 + ((int64(how >> 16) * (n - 2)) >> 16)
            turned = (how >> 4) & 1 == 1 and not model.directed
            total += try_move(model, values, work, ends, count, turned, beta, rule, last)
    return total


@chosen_by_types(family.work_of)  # type: ignore[untyped-decorator]
def _work_of(works, replica):  # type: ignore[no-untyped-def]
    def one(works, replica):  # type: ignore[no-untyped-def]
        return Positions(works.position[replica], works.carried[replica])

    return one if family.is_record(works, Positions) else None


@chosen_by_types(family.start)  # type: ignore[untyped-decorator]
def _start(model, values, work):  # type: ignore[no-untyped-def]
    def tours(model, values, work):  # type: ignore[no-untyped-def]
        return start(model, values, work)

    return tours if family.is_record(model, Tour) else None


@chosen_by_types(family.sweep)  # type: ignore[untyped-decorator]
def _sweep(model, values, work, beta, rule, sweep_number, read, k0, k1):  # type: ignore[no-untyped-def]
    def tours(model, values, work, beta, rule, sweep_number, read, k0, k1):  # type: ignore[no-untyped-def]
        return sweep(model, values, work, beta, rule, sweep_number, read, k0, k1)

    return tours if family.is_record(model, Tour) else None
