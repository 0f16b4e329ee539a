r"""Clusters of worldlines in space and time, for models without frustration.

All worldlines are cut as for an update of one (:mod:`pbit.kernels.imaginary_time.worldlines`). Then
pieces of coupled sites are tied together: at rate :math:`2 \beta |J_{ij}|`, or with R slices at
each of them with probability :math:`1 - e^{-2 \beta |J_{ij}| / R}`, where
:math:`J_{ij} m_i m_j > 0`. Every cluster of pieces that are tied turns over, or not, by heat bath
in the field of the biases on it. That is Swendsen and Wang's update of the whole circle times the
graph: it obeys detailed balance for any couplings, and takes walls across the system away where
the local updates need long.

Source: Rieger, Kawashima, Eur. Phys. J. B 9, 233 (1999), section 3; Swendsen, Wang, Phys. Rev.
Lett. 58, 86 (1987).

Random words: purpose SPACE_TIME; counter 0 is the site whose cuts are drawn, n + t for the ties of
term t, and n + the number of terms for the clusters.
"""

from __future__ import annotations

import math
from typing import Any

from numba import int8, int64

from pbit.kernels.imaginary_time.draws import begin, uniform
from pbit.kernels.imaginary_time.unions import join, root_of
from pbit.kernels.imaginary_time.worldlines import cut, keep_kinks
from pbit.kernels.jit import inner
from pbit.kernels.random.stream import SPACE_TIME


@inner
def _spins_of_pieces(paths: Any, i: Any, clusters: Any) -> None:
    """Spin of each piece of a worldline; the last one goes round."""
    base, m = clusters.bases[i], clusters.counts[i]
    spin, k = paths.starts[i], 0
    if m == 0:
        clusters.spins[base] = spin
    for s in range(m):
        time = clusters.cuts[i, s]
        if paths.kinks[i, k] == time:
            if time > 0.0:
                spin = int8(-spin)
            k += 1
        clusters.spins[base + s] = spin


@inner
def _cut_all(paths: Any, steps: Any, step: Any, sweep: Any, clusters: Any, draws: Any) -> Any:
    """Cut all worldlines into pieces, each a cluster of its own; False where they do not fit."""
    time, node = (steps.length, steps.sliced), int64(0)
    for i in range(paths.counts.size):
        own = begin(draws, SPACE_TIME, i, sweep)
        m = cut(paths, i, steps.gaps[step, i], time, clusters.cuts[i], own)
        if m < 0 or m >= paths.kinks.shape[1]:
            return False
        clusters.counts[i] = m
        clusters.bases[i] = node
        node += max(m, 1)
        _spins_of_pieces(paths, i, clusters)
    clusters.bases[paths.counts.size] = node
    for k in range(node):
        clusters.parents[k] = k
        clusters.fields[k] = 0.0
    return True


@inner
def _tie_pair(i: Any, j: Any, tie: Any, time: Any, clusters: Any, draws: Any) -> None:
    """Tie pieces of two worldlines; ``tie`` = (mean gap with its sign turned, sign of J)."""
    gap, sign = tie
    length, sliced = time
    first, second = clusters.cuts[i], clusters.cuts[j]
    m, n = clusters.counts[i], clusters.counts[j]
    a, b, last = 0, 0, -1.0 if sliced else 0.0
    while True:
        step = math.log(uniform(draws)) * gap
        last += math.floor(step) + 1.0 if sliced else step
        if last >= length:
            break
        while first[a] <= last:
            a += 1
        while second[b] <= last:
            b += 1
        one = clusters.bases[i] + (a - 1 if a else max(m - 1, 0))
        two = clusters.bases[j] + (b - 1 if b else max(n - 1, 0))
        if sign * clusters.spins[one] * clusters.spins[two] > 0:
            join(clusters.parents, one, two)


@inner
def _tie_all(model: Any, scale: Any, time: Any, sweep: Any, clusters: Any, draws: Any) -> None:
    n = clusters.counts.size
    for i in range(n):
        for t in range(model.site_ptr[i], model.site_ptr[i + 1]):
            j, weight = model.members[t], model.weights[t]
            if j > i and weight != 0.0:
                own = begin(draws, SPACE_TIME, n + t, sweep)
                sign = 1.0 if weight > 0.0 else -1.0
                gap = -1.0 / (2.0 * scale * abs(weight)) if scale > 0.0 else -math.inf
                _tie_pair(i, j, (gap, sign), time, clusters, own)


@inner
def _add_biases(model: Any, scale: Any, length: Any, clusters: Any) -> None:
    """Field of each cluster on itself: biases times spins times lengths of its pieces."""
    for i in range(clusters.counts.size):
        base, m = clusters.bases[i], clusters.counts[i]
        for s in range(max(m, 1)):
            extent = length
            if m:
                end = clusters.cuts[i, s + 1] if s + 1 < m else length + clusters.cuts[i, 0]
                extent = end - clusters.cuts[i, s]
            root = root_of(clusters.parents, base + s)
            clusters.fields[root] += scale * model.h[i] * extent * clusters.spins[base + s]


@inner
def turn_clusters(
    paths: Any, model: Any, steps: Any, step: Any, sweep: Any, clusters: Any, draws: Any
) -> Any:
    """Draw clusters in space and time, all terms being pairs; False where the cuts do not fit."""
    if not _cut_all(paths, steps, step, sweep, clusters, draws):
        return False
    n, scale = paths.counts.size, steps.scales[step]
    _tie_all(model, scale, (steps.length, steps.sliced), sweep, clusters, draws)
    _add_biases(model, scale, steps.length, clusters)
    own = begin(draws, SPACE_TIME, n + model.weights.size, sweep)
    for node in range(clusters.bases[n]):
        if clusters.parents[node] == node:
            turns = uniform(own) > 1.0 / (1.0 + math.exp(-2.0 * clusters.fields[node]))
            clusters.fields[node] = -1.0 if turns else 1.0
    for i in range(n):
        base, m = clusters.bases[i], clusters.counts[i]
        for s in range(max(m, 1)):
            if clusters.fields[root_of(clusters.parents, base + s)] < 0.0:
                clusters.spins[base + s] = int8(-clusters.spins[base + s])
        keep_kinks(paths, i, m, clusters.cuts[i], clusters.spins[base : base + max(m, 1)])
    return True
