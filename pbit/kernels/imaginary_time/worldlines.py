r"""Worldlines of p-bits in imaginary time: cut at random, and every piece drawn by heat bath.

A read is n worldlines on a circle of length ``length``: a spin at time 0 and the sorted times at
which it turns over, its kinks. An update of one worldline, all others held:

1. Cuts are put beside the kinks. In continuous time they come at rate :math:`\beta \Gamma_i`; with
   R slices each of the R places between neighbours has one with probability
   :math:`\tanh(\beta \Gamma_i / R) = e^{-2K}`. Gaps between them are exponential, or geometric.
2. The pieces between cuts and kinks are independent of each other: one of field integral
   :math:`I = \int \beta f_i(\tau) d\tau` becomes +1 with probability :math:`\sigma(2 I)`.
3. Cuts between pieces that came out equal are forgotten.

That is Swendsen and Wang's cluster update along imaginary time in the field of the neighbours, and
obeys detailed balance for any R; a piece can be the whole circle. The cost of an update is the
number of cuts and kinks, whatever R.

Source: Rieger, Kawashima, Eur. Phys. J. B 9, 233 (1999); clusters: Swendsen, Wang, Phys. Rev. Lett.
58, 86 (1987).

Random words: purpose WORLDLINE of :mod:`pbit.kernels.random.stream`; counter 0 is the site, and the
words of all draws of an update are used one after the other.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import int8, int64

from pbit.kernels.imaginary_time.draws import uniform
from pbit.kernels.jit import inner


@inner
def cut(paths: Any, i: Any, gap: Any, time: Any, cuts: Any, draws: Any) -> Any:
    """Merge the kinks of a worldline with new cuts: their number, or -1 where they do not fit.

    ``time`` = (length, sliced).
    """
    length, sliced = time
    kinks, most = paths.kinks[i], cuts.size - 1
    k = m = 0
    last = -1.0 if sliced else 0.0
    while True:
        step = math.log(uniform(draws)) * gap
        last += math.floor(step) + 1.0 if sliced else step
        new = min(last, length)
        while kinks[k] < new:
            if m == most:
                return -1
            cuts[m] = kinks[k]
            m += 1
            k += 1
        if new >= length:
            break
        if kinks[k] > new:
            if m == most:
                return -1
            cuts[m] = new
            m += 1
    cuts[m] = length
    return m


@inner
def _add_pair(cuts: Any, m: Any, sums: Any, weight: Any, other: Any) -> None:
    """Add ``weight`` times the integral of another worldline from time 0 to each cut.

    ``sums`` = (before, after), ``other`` = (its kinks, its spin at time 0). Which of two times is
    next cannot be foreseen: there is no branch on it, and what is written too early is written
    again.
    """
    before, after = sums
    kinks, start = other
    a, b = 0, 1 if kinks[0] == 0.0 else 0
    t, total, value = 0.0, 0.0, weight * start
    while a <= m:
        cut, kink = cuts[a], kinks[b]
        is_cut = cut <= kink
        now = cut if is_cut else kink
        total += value * (now - t)
        after[a] = before[a] + total
        t = now
        value = value if is_cut else -value
        a += int64(is_cut)
        b += int64(not is_cut)


@inner
def _add_term(pieces: Any, m: Any, sums: Any, paths: Any, weight: Any, members: Any) -> None:
    """The same for the product of several worldlines."""
    cuts, at = pieces.cuts, pieces.at
    before, after = sums
    value = weight
    for q in range(members.size):
        j = members[q]
        value *= paths.starts[j]
        at[q] = int64(paths.kinks[j, 0] == 0.0)
    a, t, total = 0, 0.0, 0.0
    while a <= m:
        now, who = cuts[a], int64(-1)
        for q in range(members.size):
            time = paths.kinks[members[q], at[q]]
            if time < now:
                now, who = time, int64(q)
        total += value * (now - t)
        t = now
        if who >= 0:
            value = -value
            at[who] += 1
        else:
            after[a] = before[a] + total
            a += 1


@inner
def integrate(paths: Any, i: Any, model: Any, weights: Any, m: Any, pieces: Any) -> None:
    """Integrals of the field of a site over its pieces, of which the last one goes round."""
    cuts, fields = pieces.cuts, pieces.fields
    before, after = pieces.sums[0], pieces.sums[1]
    for a in range(m + 1):
        before[a] = model.h[i] * cuts[a]
    for t in range(model.site_ptr[i], model.site_ptr[i + 1]):
        first, last = model.member_ptr[t], model.member_ptr[t + 1]
        if last == first + 1:
            j = model.members[first]
            other = (paths.kinks[j], paths.starts[j])
            _add_pair(cuts, m, (before, after), weights[t], other)
        else:
            members = model.members[first:last]
            _add_term(pieces, m, (before, after), paths, weights[t], members)
        before, after = after, before
    for s in range(m - 1):
        fields[s] = before[s + 1] - before[s]
    fields[max(m - 1, 0)] = before[m] if m == 0 else before[m] - before[m - 1] + before[0]


@inner
def _draw(paths: Any, i: Any, m: Any, pieces: Any, draws: Any) -> None:
    """Draw the pieces, and keep the kinks between those that differ."""
    cuts, fields, spins = pieces.cuts, pieces.fields, pieces.spins
    for s in range(max(m, 1)):
        up = 1.0 / (1.0 + math.exp(-2.0 * fields[s]))
        spins[s] = int8(1) if uniform(draws) < up else int8(-1)
    keep_kinks(paths, i, m, cuts, spins)


@inner
def keep_kinks(paths: Any, i: Any, m: Any, cuts: Any, spins: Any) -> None:
    """Make a worldline of pieces: kinks where those next to each other differ."""
    kinks, count = paths.kinks[i], 0
    before = spins[max(m - 1, 0)]
    for s in range(m):
        if spins[s] != before:
            kinks[count] = cuts[s]
            count += 1
        before = spins[s]
    kinks[count] = cuts[m]
    paths.counts[i] = count
    paths.starts[i] = spins[0] if m == 0 or cuts[0] == 0.0 else spins[m - 1]


@inner
def update_worldline(
    paths: Any, i: Any, model: Any, steps: Any, step: Any, pieces: Any, draws: Any
) -> Any:
    """Cut a worldline and draw its pieces; False where its kinks may not fit."""
    time = (steps.length, steps.sliced)
    m = cut(paths, i, steps.gaps[step, i], time, pieces.cuts, draws)
    if m < 0 or m >= paths.kinks.shape[1]:
        return False
    integrate(paths, i, model, model.weights, m, pieces)
    for s in range(max(m, 1)):
        pieces.fields[s] *= steps.scales[step]
    _draw(paths, i, m, pieces, draws)
    return True


def capacity_for(rates: Any) -> int:
    """Kinks that a row has room for at first, from the mean number of cuts of a worldline."""
    most = float(np.max(rates, initial=0.0))
    return int(8 + 2 * most + 8 * math.sqrt(most))
