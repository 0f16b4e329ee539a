"""Looks at worldlines on their way: what is measured of a read between its sweeps."""

from __future__ import annotations

from typing import Any

from numba import uint64

from pbit.kernels.imaginary_time.clusters import turn_clusters
from pbit.kernels.imaginary_time.draws import begin
from pbit.kernels.imaginary_time.records import Sums
from pbit.kernels.imaginary_time.words import sum_apart, sum_pairs, word_of
from pbit.kernels.imaginary_time.worldlines import integrate, update_worldline
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.stream import WORLDLINE


@inner
def _energy(paths: Any, model: Any, pieces: Any, length: Any) -> Any:
    """Mean over the circle of the energy of the states."""
    total = 0.0
    for i in range(paths.counts.size):
        count = paths.counts[i]
        for s in range(count + 1):
            pieces.cuts[s] = paths.kinks[i, s]
        integrate(paths, i, model, model.shares, count, pieces)
        spin = paths.starts[i]
        if count and pieces.cuts[0] != 0.0:
            spin = -spin
        for s in range(max(count, 1)):
            total -= spin * pieces.fields[s]
            spin = -spin
    return total / length


@inner
def _mean_spin(paths: Any, i: Any, length: Any) -> Any:
    t, total, spin = 0.0, 0.0, float(paths.starts[i])
    for k in range(paths.counts[i] + 1):
        end = paths.kinks[i, k]
        if k == 0 and end == 0.0:
            continue
        total += spin * (end - t)
        t = end
        spin = -spin
    return total / length


@inner
def _kinks_before(paths: Any, i: Any, t: Any) -> Any:
    early = 0
    while early < paths.counts[i] and paths.kinks[i, early] < t:
        early += 1
    return early


@inner
def _measure(
    paths: Any, model: Any, length: Any, pieces: Any, look: Any, sums: Any, found: Any
) -> None:
    """Take a look at a read; ``found`` (10,) = energy, transverse, m, abs_m, m2, m4, path_m2; kinks
    in the first half of time, in the second, and their product."""
    n, times, levels = paths.counts.size, look.times, look.levels
    for g in range(times):
        levels[g] = 0.0
    for k in range(found.size):
        found[k] = 0.0
    found[0] = _energy(paths, model, pieces, length)
    whole = 0.0
    for i in range(n):
        mean = _mean_spin(paths, i, length)
        whole += mean
        sums.spins[i] += mean
        sums.kinks[i] += paths.counts[i]
        early = _kinks_before(paths, i, length / 2)
        found[7] += early
        found[8] += paths.counts[i] - early
        found[1] += look.transverse[0, i] + look.transverse[1, i] * paths.counts[i]
        bits = word_of(paths.kinks[i], paths.starts[i], length, times)
        look.words[i] = bits
        for g in range(times):
            levels[g] += 2.0 * float((bits >> uint64(g)) & uint64(1)) - 1.0
    for g in range(times):
        m = levels[g] / n
        levels[g] = m
        found[2] += m / times
        found[3] += abs(m) / times
        found[4] += m**2 / times
        found[5] += m**4 / times
    found[6] = (whole / n) ** 2
    found[9] = found[7] * found[8]
    sum_pairs(look.words, times, look.pairs, sums.products)
    sum_apart(look.words, times, levels, sums.apart)


@bare_kernel
def follow_worldlines(
    paths: Any,
    model: Any,
    steps: Any,
    plan: Any,
    pieces: Any,
    draws: Any,
    look: Any,
    sums: Any,
    found: Any,
    clusters: Any,
    where: Any,
    stop: Any,
) -> None:
    """Sweep the sites of a read again and again, from sweep ``where[0]``, site ``where[1]`` on.

    ``plan`` = (sweep to stop before, sweeps of a step); ``found`` (looks, 10) and ``sums`` (bins,
    ...) take what looks find, ``where[3]`` counts them. It ends before its time if ``stop[0]`` is
    set, or where kinks do not fit (``where[2]`` = 1): then rows and scratch have to be made larger.
    """
    last, sweeps_of_step = plan
    n = paths.counts.size
    where[2] = 0
    while where[0] < last and not stop[0]:
        sweep, i = where[0], where[1]
        step = sweep // sweeps_of_step
        if i < n:
            own = begin(draws, WORLDLINE, i, sweep)
            if not update_worldline(paths, i, model, steps, step, pieces, own):
                where[2] = 1
                return
            where[1] = i + 1
            if i + 1 < n:
                continue
        if clusters.every > 0 and (sweep + 1) % clusters.every == 0:
            if not turn_clusters(paths, model, steps, step, sweep, clusters, draws):
                where[2] = 1
                return
        where[0], where[1] = sweep + 1, 0
        due = look.every > 0 and sweep >= look.burn_in
        if due and (sweep - look.burn_in) % look.every == 0:
            b = look.bin_of[where[3]]
            part = Sums(sums.spins[b], sums.kinks[b], sums.products[b], sums.apart[b])
            _measure(paths, model, steps.length, pieces, look, part, found[where[3]])
            where[3] += 1


@bare_kernel
def look_at_worldlines(paths: Any, words: Any, length: Any, times: Any) -> None:
    """States at ``times`` times, uint64 (n,), bit g the spin at time ``length * g / times``."""
    for i in range(paths.counts.size):
        words[i] = word_of(paths.kinks[i], paths.starts[i], length, times)
