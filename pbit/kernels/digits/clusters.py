"""Clusters that two replicas of digits at one beta exchange, without a rejection.

Bond (i, j) is active where exchanging the values of i alone would change what it costs in both
together: ``W(x_i, x_j) + W(y_i, y_j) != W(y_i, x_j) + W(x_i, y_j)``. It is not where x and y are
alike at an end. Exchanged on a cluster of active bonds, E(x) + E(y) stays, for any pairs and any
fields; active bonds and digits that differ stay, too, so that the move is its own inverse and as
likely. Of p-bits it is the move of Houdayer, Eur. Phys. J. B 22, 479 (2001).

Sums are compared as they are, without a tolerance: exchanging either end only swaps the two sums,
and the two terms of a sum, which changes neither in floats. Rounding may join what need not be.

Random words: CLUSTER of slot 0 says who are paired, of slot 4 (1 + t R + r) where the cluster of
the pair of (t, r) begins.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint64

from pbit.kernels.digits import family
from pbit.kernels.digits.sites import TableSites, move_site
from pbit.kernels.jit import chosen_by_types, inner
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import CLUSTER, tag


class Clusters(NamedTuple):
    """Clusters after ``every`` so many sweeps; memory: ``sites`` int64 (n,), ``marks`` uint8 (n,),
    all 0 between moves."""

    every: int
    sites: Any
    marks: Any

    @classmethod
    def of(cls, every: int, n: int) -> Clusters:
        """For n digits."""
        return cls(every, np.zeros(n, np.int64), np.zeros(n, np.uint8))


def move_clusters(model: Any, replicas: Any, clusters: Any, sweep: Any, stream: Any) -> None:
    """Exchange a cluster in every pair of replicas, where it is due after this sweep."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(move_clusters)  # type: ignore[untyped-decorator]
def _move_clusters(model, replicas, clusters, sweep, stream):  # type: ignore[no-untyped-def]
    def never(model, replicas, clusters, sweep, stream):  # type: ignore[no-untyped-def]
        return None

    def when_due(model, replicas, clusters, sweep, stream):  # type: ignore[no-untyped-def]
        if (sweep + 1) % clusters.every == 0:
            _move_all(model, replicas, clusters, sweep, stream)

    return when_due if family.is_record(clusters, Clusters) else never


@inner
def _move_all(model: Any, replicas: Any, clusters: Any, sweep: Any, stream: Any) -> None:
    """Pairs r and r + k at every beta, k drawn from 1..R // 2."""
    temperatures, many = replicas.slots.shape
    k = 1 + int64(_word(int64(0), sweep, stream)) % max(1, many // 2)
    for t in range(temperatures):
        for r in range(many - k):
            if (r // k) % 2 == 0:
                word = _word(1 + t * many + r, sweep, stream)
                move_pair(model, replicas, (t, r, r + k), clusters, word)


@inner
def _word(slot4: Any, sweep: Any, stream: Any) -> Any:
    key0, key1 = uint64(stream.key0), uint64(stream.key1)
    c1, c2 = uint64(sweep & 0xFFFFFFFF), uint64(stream.read)
    return random_words(uint64(slot4), c1, c2, tag(CLUSTER, sweep, 0), key0, key1)[0]


@inner
def move_pair(model: Any, replicas: Any, pair: Any, clusters: Any, word: Any) -> None:
    """``pair``: beta and the two replicas there; fields and energies follow."""
    t, one, other = pair
    a, b = replicas.slots[t, one], replicas.slots[t, other]
    x, y = replicas.values[a], replicas.values[b]
    size = grow(model, x, y, word, clusters)
    work, its = family.work_of(replicas.works, a), family.work_of(replicas.works, b)
    for k in range(size):
        i = clusters.sites[k]
        clusters.marks[i] = 0
        old, new = int64(x[i]), int64(y[i])
        replicas.energies[t, one] += move_site(model, x, work, i, new)
        replicas.energies[t, other] += move_site(model, y, its, i, old)


@inner
def grow(model: Any, x: Any, y: Any, word: Any, clusters: Any) -> Any:
    """The cluster of a digit, drawn from those that differ: the first of ``clusters.sites``, all
    marked; how many."""
    sites, marks = clusters.sites, clusters.marks
    start = _start(x, y, word)
    if start < 0:
        return 0
    sites[0], marks[start] = start, 1
    done, size = 0, 1
    while done < size:
        i = sites[done]
        done += 1
        for entry in range(model.pointers[i], model.pointers[i + 1]):
            j = int64(model.neighbours[entry])
            if not marks[j] and x[j] != y[j] and _is_active(model, entry, (i, j), x, y):
                marks[j] = 1
                sites[size] = j
                size += 1
    return size


@inner
def _start(x: Any, y: Any, word: Any) -> Any:
    """One of the digits that differ, -1 where there is none."""
    count = 0
    for i in range(x.size):
        count += x[i] != y[i]
    left = int64((uint64(word) * uint64(count)) >> uint64(32))
    for i in range(x.size):
        if x[i] != y[i]:
            if left == 0:
                return i
            left -= 1
    return -1


def _is_active(model: Any, entry: Any, ends: Any, x: Any, y: Any) -> Any:
    """Whether exchanging the values of one end changes what the pair costs in both."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(_is_active)  # type: ignore[untyped-decorator]
def _compile_is_active(model, entry, ends, x, y):  # type: ignore[no-untyped-def]
    def potts(model, entry, ends, x, y):  # type: ignore[no-untyped-def]
        i, j = ends
        stay = int64(x[i] == x[j]) + int64(y[i] == y[j])
        cross = int64(y[i] == x[j]) + int64(x[i] == y[j])
        return stay != cross and model.weights[entry] != 0

    def tables(model, entry, ends, x, y):  # type: ignore[no-untyped-def]
        i, j = ends
        at, count = model.table_of[entry], model.num_values[j]
        mine, other = at + x[i] * count, at + y[i] * count
        stay = model.tables[mine + x[j]] + model.tables[other + y[j]]
        cross = model.tables[other + x[j]] + model.tables[mine + y[j]]
        return stay != cross

    return tables if family.is_record(model, TableSites) else potts
