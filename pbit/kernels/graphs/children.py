"""Children of several states: clusters in which the parents agree are cooled as spins of their own.

Arrays, for n spins, e entries of the couplings and k parents of each child:

- ``pool`` int8 (p, n), ``energies`` float64 (p,): the states; ``parents`` int32 (c, k): its rows;
- ``model`` = (indptr, indices int32, data float64, h float64): the couplings by rows, symmetric;
- ``betas`` float64 (sweeps,); ``number``: of the first child, which picks its random words;
  ``key``: two words of the seed;
- ``found`` int8 (c, n), ``lows`` float64 (c,), ``sizes`` int32 (c,), ``nearest`` int32 (c,):
  children, their energies without offset, of how many clusters they were made, and the row of the
  parent that is most like them, or unlike.

Scratch: ``marks`` int32 (6, n + 1), ``links`` int32 (e,), ``values`` float64 (3, n + 1),
``weights`` float64 (e,), ``turned`` int8 (n,), ``words`` uint32 (5,).
"""

from __future__ import annotations

import math
from typing import Any

from numba import uint32, uint64

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import CLUSTER, tag

_COLD = 22.0  # times beta: no word of 32 bits is that small


@inner
def _agreements(pool: Any, rows: Any, codes: Any) -> None:
    """Which parents are as the first one, a bit each, spin by spin."""
    first = pool[rows[0]]
    for i in range(first.size):
        codes[i] = 0
    for a in range(1, rows.size):
        other, bit = pool[rows[a]], 1 << (a - 1)
        for i in range(first.size):
            codes[i] |= bit if other[i] == first[i] else 0


@inner
def _clusters(model: Any, codes: Any, cluster: Any, members: Any, starts: Any) -> Any:
    """Neighbours that agree, up to a common flip, in all parents are of one cluster; how many."""
    indptr, indices = model[0], model[1]
    n, count, end = codes.size - 1, 0, 0
    for i in range(n):
        cluster[i] = -1
    for i in range(n):
        if cluster[i] >= 0:
            continue
        starts[count] = end
        cluster[i] = count
        members[end] = i
        head, end = end, end + 1
        while head < end:
            a = members[head]
            head += 1
            for e in range(indptr[a], indptr[a + 1]):
                b = indices[e]
                if cluster[b] < 0 and codes[b] == codes[a]:
                    cluster[b] = count
                    members[end] = b
                    end += 1
        count += 1
    starts[count] = end
    return count


@inner
def _contract(
    state: Any, model: Any, count: Any, marks: Any, links: Any, weights: Any, fields: Any
) -> None:
    """Couplings of clusters that are all up in ``state``, by rows, and their biases."""
    indptr, indices, data, h = model
    cluster, members, starts, rows, seen = marks[1], marks[2], marks[3], marks[4], marks[5]
    for A in range(count):
        seen[A] = -1
    end = 0
    rows[0] = 0
    for A in range(count):
        begin, bias = end, 0.0
        for at in range(starts[A], starts[A + 1]):
            i = members[at]
            bias += h[i] * state[i]
            for e in range(indptr[i], indptr[i + 1]):
                j = indices[e]
                B = cluster[j]
                if B == A:
                    continue
                weight = data[e] * (state[i] * state[j])
                if seen[B] < begin:
                    seen[B] = end
                    links[end] = B
                    weights[end] = weight
                    end += 1
                else:
                    weights[seen[B]] += weight
        rows[A + 1] = end
        fields[A] = bias


@inner
def _uniform(words: Any, child: Any, key: Any) -> Any:
    """The next word of a child, evenly between 0 and 1."""
    at = words[4] & uint32(3)
    if at == 0:
        c0 = uint64(words[4] >> uint32(2))
        a, b, c, d = random_words(
            c0, uint64(child) & uint64(0xFFFFFFFF), uint64(child) >> uint64(32),
            tag(CLUSTER, 0, 1), key[0], key[1],
        )  # fmt: skip
        words[0], words[1], words[2], words[3] = a, b, c, d
    words[4] += uint32(1)
    return (words[at] + 0.5) * 2.0**-32


@inner
def _cool(
    count: Any, rows: Any, links: Any, weights: Any, values: Any, turned: Any, betas: Any,
    words: Any, child: Any, key: Any,
) -> Any:  # fmt: skip
    """Anneal the clusters by Metropolis; by how much their energy is above that of all up."""
    biases, fields = values[0], values[1]
    energy = 0.0
    for A in range(count):
        turned[A] = 1 if _uniform(words, child, key) < 0.5 else -1
    for A in range(count):
        field, up = biases[A], biases[A]
        for e in range(rows[A], rows[A + 1]):
            up += weights[e]
            field += weights[e] * turned[links[e]]
        fields[A] = field
        energy += up + biases[A]
    for s in range(betas.size):
        beta = 2.0 * betas[s]
        for A in range(count):
            x = beta * turned[A] * fields[A]
            if x > 0.0 and (x > _COLD or _uniform(words, child, key) >= math.exp(-x)):
                continue
            turned[A] = -turned[A]
            change = 2.0 * turned[A]
            for e in range(rows[A], rows[A + 1]):
                fields[links[e]] += weights[e] * change
    for A in range(count):
        energy -= turned[A] * (fields[A] + biases[A])
    return 0.5 * energy


@inner
def _nearest(child: Any, pool: Any, rows: Any) -> Any:
    most, nearest = -1, rows[0]
    for a in range(rows.size):
        other, same = pool[rows[a]], 0
        for i in range(child.size):
            same += child[i] == other[i]
        alike = max(same, child.size - same)
        if alike > most:
            most, nearest = alike, rows[a]
    return nearest


@bare_kernel
def make_children(
    pool: Any, energies: Any, parents: Any, model: Any, betas: Any, number: Any, key: Any,
    found: Any, lows: Any, sizes: Any, nearest: Any, scratch: Any,
) -> None:  # fmt: skip
    """Fill ``found``, ``lows``, ``sizes`` and ``nearest``; a child of one cluster is its first
    parent."""
    marks, links, values, weights, turned, words = scratch
    codes, cluster = marks[0], marks[1]
    for c in range(parents.shape[0]):
        first = pool[parents[c, 0]]
        _agreements(pool, parents[c], codes)
        count = _clusters(model, codes, cluster, marks[2], marks[3])
        sizes[c], lows[c] = count, energies[parents[c, 0]]
        for A in range(count):
            turned[A] = 1
        if count > 1:
            _contract(first, model, count, marks, links, weights, values[0])
            words[4] = 0
            lows[c] += _cool(
                count, marks[4], links, weights, values, turned, betas, words, number + c, key
            )
        child = found[c]
        for i in range(first.size):
            child[i] = first[i] * turned[cluster[i]]
        nearest[c] = _nearest(child, pool, parents[c])
