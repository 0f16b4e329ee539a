"""Looks at worldlines on their way: what is measured of a read between its sweeps."""

from __future__ import annotations

import math
from typing import Any

from numba import int64, uint64

from pbit.kernels.imaginary_time.clusters import turn_clusters
from pbit.kernels.imaginary_time.records import Draws, Sums
from pbit.kernels.imaginary_time.worldlines import integrate, update_worldline
from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.philox import WORLDLINE

GRID = 64
"""Most times at which states are looked at: bits of a word."""


@inner
def _word(kinks: Any, start: Any, length: Any, times: Any) -> Any:
    """The spin at so many times from 0 on, evenly spaced, as bits: a kink turns all later ones."""
    word = ~uint64(0) if start > 0 else uint64(0)
    k = 1 if kinks[0] == 0.0 else 0
    while kinks[k] < length:
        first = int64(math.ceil(kinks[k] * times / length))
        if first < times:
            word ^= ~uint64(0) << uint64(first)
        k += 1
    return word & _mask(times)


@inner
def _mask(times: Any) -> Any:
    """The lowest so many bits."""
    return ~uint64(0) if times == GRID else (uint64(1) << uint64(times)) - uint64(1)


@inner
def _ones(word: Any) -> Any:
    """Number of bits that are set."""
    w = word - ((word >> uint64(1)) & uint64(0x5555555555555555))
    w = (w & uint64(0x3333333333333333)) + ((w >> uint64(2)) & uint64(0x3333333333333333))
    w = (w + (w >> uint64(4))) & uint64(0x0F0F0F0F0F0F0F0F)
    return int64((w * uint64(0x0101010101010101)) >> uint64(56))


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
def _sum_pairs(words: Any, times: Any, pairs: Any, products: Any) -> None:
    for k in range(products.size):
        apart = _ones(words[pairs[0, k]] ^ words[pairs[1, k]])
        products[k] += 1.0 - 2.0 * apart / times


@inner
def _sum_apart(words: Any, times: Any, levels: Any, apart: Any) -> None:
    """Products of each spin, and of the magnetisation, with itself so many grid times later."""
    all_bits = _mask(times)
    for lag in range(apart.shape[1]):
        differ = 0
        for i in range(words.size):
            word = words[i]
            turned = word
            if lag:
                turned = ((word >> uint64(lag)) | (word << uint64(times - lag))) & all_bits
            differ += _ones(word ^ turned)
        apart[0, lag] += 1.0 - 2.0 * differ / (times * words.size)
        for g in range(times):
            apart[1, lag] += levels[g] * levels[(g + lag) % times] / times


@inner
def _measure(
    paths: Any, model: Any, length: Any, pieces: Any, look: Any, sums: Any, found: Any
) -> None:
    """Take a look at a read; ``found`` (7,) = energy, transverse, m, abs_m, m2, m4, path_m2."""
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
        found[1] += look.transverse[0, i] + look.transverse[1, i] * paths.counts[i]
        word = _word(paths.kinks[i], paths.starts[i], length, times)
        look.words[i] = word
        for g in range(times):
            levels[g] += 2.0 * float((word >> uint64(g)) & uint64(1)) - 1.0
    for g in range(times):
        m = levels[g] / n
        levels[g] = m
        found[2] += m / times
        found[3] += abs(m) / times
        found[4] += m**2 / times
        found[5] += m**4 / times
    found[6] = (whole / n) ** 2
    _sum_pairs(look.words, times, look.pairs, sums.products)
    _sum_apart(look.words, times, levels, sums.apart)


@inner
def _own(draws: Any, site: Any, sweep: Any) -> Any:
    return Draws(
        draws.words,
        draws.used,
        int64(WORLDLINE),
        site,
        sweep,
        draws.read,
        draws.key0,
        draws.key1,
    )


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

    ``plan`` = (sweep to stop before, sweeps of a step); ``found`` (looks, 7) and ``sums`` (bins,
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
            draws.used[0] = 0
            own = _own(draws, i, sweep)
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
        words[i] = _word(paths.kinks[i], paths.starts[i], length, times)
