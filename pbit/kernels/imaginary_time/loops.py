r"""Loops of worldlines that change places: an exchange model in continuous imaginary time.

A read is n worldlines on a circle of length ``length``, beta: spins at time 0 and the sorted times
at which the spins of a bond change places, its kinks. Up to a constant a bond of
:math:`J^{xy} = a \ge 0` and :math:`J^z = b` is a sum of four breakups, each of entries 0 and 1,

.. math:: a (\sigma^x \sigma^x + \sigma^y \sigma^y) + b \sigma^z \sigma^z =
    w_c \text{crossing} + w_t \text{turning} + w_e \text{equal} + w_o \text{opposite} + \text{const}

========  =======================================  ==============  ============  ==============
breakup   entries that are 1                       \|b\| <= a      b > a         b < -a
========  =======================================  ==============  ============  ==============
crossing  equal spins stay, others change places   a + b           2 a           0
turning   opposite spins stay or change places     a - b           0             2 a
equal     equal spins stay                         0               2 (b - a)     0
opposite  opposite spins stay                      0               0             2 (-b - a)
========  =======================================  ==============  ============  ==============

so that the off-diagonal entry is w_c + w_t = 2 a and the diagonal ones differ by
w_c + w_e - w_t - w_o = 2 b. A sweep is:

1. Breakups come at rate w to every bond, and stay where they do not contradict its spins; a kink
   becomes a crossing with probability w_c / (w_c + w_t), else a turning.
2. Strands between turnings are joined into loops: a crossing leads each strand to the other site, a
   turning joins the two below and the two above, the others join those that pass.
3. Given the breakups, a loop is a p-bit without neighbours: its spins all turn over or none, with
   :math:`P(\text{turn}) = \sigma(-2 I)`, :math:`I = \sum \int h_i s_i d\tau` along it.
4. A breakup across which spins now change places is a kink, the others are forgotten.

Sources: Beard, Wiese, Phys. Rev. Lett. 77, 5130 (1996); Evertz, Adv. Phys. 52, 1 (2003).

Random words: purpose LOOP of :mod:`pbit.kernels.random.stream`; the words of all slots of a sweep
are used one after the other.
"""

from __future__ import annotations

import math
from typing import Any

from numba import int64, uint64

from pbit.kernels.imaginary_time.loop_records import CROSSING, EQUAL, TURNING
from pbit.kernels.imaginary_time.unions import join
from pbit.kernels.jit import inner, merged
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import tag

_LOW = uint64(0xFFFFFFFF)
_32 = uint64(32)
_FINEST = 2.0**-32


@merged
def _next_word(draws: Any) -> Any:
    """The next 32 random bits, as uint64: a sweep takes more than draw indices can count."""
    used = draws.used[0]
    if used & 3 == 0:
        a, b, c, d = random_words(
            uint64(used >> 2),
            uint64(draws.sweep) & _LOW,
            draws.read,
            tag(draws.purpose, draws.sweep, 0),
            draws.key0,
            draws.key1,
        )
        draws.words[0] = a
        draws.words[1] = b
        draws.words[2] = c
        draws.words[3] = d
    draws.used[0] = used + 1
    return uint64(draws.words[used & 3])


@merged
def _uniform(draws: Any) -> Any:
    """The next number in (0, 1)."""
    return (float(_next_word(draws)) + 0.5) * _FINEST


@merged
def _chosen(model: Any, draws: Any) -> Any:
    """A sort of breakup, as often as its rate says: the upper half of word x sorts is even among
    them, the lower half decides about the alias."""
    product = _next_word(draws) * uint64(model.kinds.size)
    sort = int64(product >> _32)
    return sort if float(product & _LOW) < model.thresholds[sort] else int64(model.aliases[sort])


@merged
def _leave(model: Any, breakups: Any, i: Any, time: Any) -> None:
    """A strand has been at a site until now: that much of the field of the site it feels."""
    strand = breakups.strand[i]
    breakups.fields[strand] += model.h[i] * breakups.spins[strand] * (time - breakups.since[i])
    breakups.since[i] = time


@merged
def _begin(breakups: Any, strand: Any, spin: Any, root: Any) -> None:
    breakups.roots[strand] = root
    breakups.spins[strand] = spin
    breakups.fields[strand] = 0.0


@inner
def _break_up(model: Any, kinks: Any, length: Any, breakups: Any, draws: Any) -> Any:
    """Cut worldlines into strands, and join these: (breakups, strands); -1 if they do not fit."""
    roots, spins, strand = breakups.roots, breakups.spins, breakups.strand
    strands = strand.size
    for i in range(strands):
        _begin(breakups, i, kinks.starts[i], i)
        strand[i], breakups.since[i] = i, 0.0
    count = k = 0
    new = -math.log(_uniform(draws)) * model.gap
    while True:
        kink = kinks.times[k]
        time = min(new, kink)
        if time >= length:
            break
        if kink <= new:
            bond = kinks.bonds[k]
            k += 1
            kind = CROSSING if _uniform(draws) < model.crossings[bond] else TURNING
        else:
            new -= math.log(_uniform(draws)) * model.gap
            sort = _chosen(model, draws)
            bond, kind = model.bonds[sort], model.kinds[sort]
        i, j = model.first[bond], model.second[bond]
        a, b = strand[i], strand[j]
        is_kink = time == kink
        if not is_kink and (spins[a] == spins[b]) != (kind == CROSSING or kind == EQUAL):
            continue
        if kind != CROSSING and kind != TURNING:
            join(roots, a, b)
            continue
        if count == breakups.times.size:
            return -1, 0
        _leave(model, breakups, i, time)
        _leave(model, breakups, j, time)
        above = int64(-1)
        if kind == CROSSING:
            strand[i], strand[j] = b, a
        else:
            above = strands
            join(roots, a, b)
            one = spins[b] if is_kink else spins[a]
            _begin(breakups, above, one, above)
            _begin(breakups, above + 1, -one, above)
            strand[i], strand[j] = above, above + 1
            strands += 2
        breakups.times[count] = time
        breakups.bonds[count] = bond
        breakups.above[count] = above
        count += 1
    for i in range(strand.size):
        _leave(model, breakups, i, length)
        join(roots, strand[i], i)
    return count, strands


@inner
def _turn_over(breakups: Any, strands: Any, draws: Any) -> None:
    """Turn each loop over or not, by heat bath in its field."""
    roots, spins, fields, turns = breakups.roots, breakups.spins, breakups.fields, breakups.turns
    for s in range(strands):
        # Roots are lower than what they hold, and have theirs already.
        root = roots[roots[s]]
        roots[s] = root
        if root != s:
            fields[root] += fields[s]
    for s in range(strands):
        if roots[s] == s:
            turns[s] = -1 if _uniform(draws) * (1.0 + math.exp(2.0 * fields[s])) < 1.0 else 1
        spins[s] *= turns[roots[s]]


@inner
def _keep_kinks(model: Any, kinks: Any, length: Any, breakups: Any, count: Any) -> None:
    """Where spins change places now."""
    spins, strand = breakups.spins, breakups.strand
    for i in range(strand.size):
        strand[i] = i
        kinks.starts[i] = spins[i]
    kept = 0
    for q in range(count):
        bond, above = breakups.bonds[q], breakups.above[q]
        i, j = model.first[bond], model.second[bond]
        a, b = strand[i], strand[j]
        strand[i], strand[j] = (b, a) if above < 0 else (above, above + 1)
        if spins[a] != spins[strand[i]]:
            kinks.times[kept] = breakups.times[q]
            kinks.bonds[kept] = bond
            kept += 1
    kinks.times[kept] = length
    kinks.count[0] = kept


@inner
def update_loops(model: Any, kinks: Any, length: Any, breakups: Any, draws: Any) -> Any:
    """Break worldlines up and turn loops over; False where breakups do not fit, nothing done."""
    draws.used[0] = 0
    count, strands = _break_up(model, kinks, length, breakups, draws)
    if count < 0:
        return False
    _turn_over(breakups, strands, draws)
    _keep_kinks(model, kinks, length, breakups, count)
    return True
