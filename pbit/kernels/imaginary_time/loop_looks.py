"""Looks at an exchange model on its way: what is measured of a read between its sweeps."""

from __future__ import annotations

from typing import Any

from numba import uint64

from pbit.kernels.imaginary_time.loops import update_loops
from pbit.kernels.imaginary_time.records import Draws, Sums
from pbit.kernels.imaginary_time.words import later, mask, ones, sum_apart, sum_pairs
from pbit.kernels.jit import bare_kernel, inner


@inner
def _follow_spins(model: Any, kinks: Any, length: Any, breakups: Any, look: Any) -> None:
    """Words of all spins, and the integral of each in ``breakups.fields``."""
    words, spins, since = look.words, breakups.spins, breakups.since
    totals = breakups.fields
    for i in range(words.size):
        spins[i] = kinks.starts[i]
        words[i] = ~uint64(0) if spins[i] > 0 else uint64(0)
        totals[i] = since[i] = 0.0
    for k in range(kinks.count[0]):
        bond, time = kinks.bonds[k], kinks.times[k]
        bits = later(time, length, look.times)
        for i in (model.first[bond], model.second[bond]):
            totals[i] += spins[i] * (time - since[i])
            since[i] = time
            spins[i] = -spins[i]
            words[i] ^= bits
    for i in range(words.size):
        totals[i] += spins[i] * (length - since[i])
        words[i] &= mask(look.times)


@inner
def look_at_loops(
    model: Any, kinks: Any, length: Any, breakups: Any, look: Any, sums: Any, found: Any
) -> None:
    """Take a look at a read; ``found`` (9,) = energy, transverse, m, abs_m, m2, m4, path_m2,
    staggered_m2, staggered_path_m2.

    The energy of bonds is that at the times of the words, which is right on the mean; the sum of
    all spins is the same at all times.
    """
    _follow_spins(model, kinks, length, breakups, look)
    n, times, words, levels = look.words.size, look.times, look.words, look.levels
    energy = whole = path = 0.0
    for g in range(times):
        levels[g] = 0.0
    for b in range(model.weights.size):
        apart = ones(words[model.first[b]] ^ words[model.second[b]])
        energy -= model.weights[b] * (1.0 - 2.0 * apart / times)
    for i in range(n):
        mean, sign = breakups.fields[i] / length, look.sublattices[i]
        sums.spins[i] += mean
        energy -= model.h[i] * mean
        whole += kinks.starts[i]
        path += sign * mean
        for g in range(times):
            levels[g] += sign * (2.0 * float((words[i] >> uint64(g)) & uint64(1)) - 1.0) / n
    for k in range(kinks.count[0]):
        sums.kinks[model.first[kinks.bonds[k]]] += 1.0
        sums.kinks[model.second[kinks.bonds[k]]] += 1.0
    squares = 0.0
    for g in range(times):
        squares += levels[g] ** 2
    m = whole / n
    found[0] = energy
    found[1] = kinks.count[0] / length
    found[2] = m
    found[3] = abs(m)
    found[4] = m**2
    found[5] = m**4
    found[6] = m**2
    found[7] = squares / times
    found[8] = (path / n) ** 2
    sum_pairs(words, times, look.pairs, sums.products)
    sum_apart(words, times, levels, sums.apart)


@bare_kernel
def follow_loops(
    model: Any,
    kinks: Any,
    length: Any,
    breakups: Any,
    draws: Any,
    look: Any,
    sums: Any,
    found: Any,
    plan: Any,
    where: Any,
    stop: Any,
) -> None:
    """Sweep a read again and again from sweep ``where[0]`` on, to before ``plan``.

    ``found`` (looks, 9) and ``sums`` (bins, ...) take what looks find, ``where[3]`` counts them. It
    ends before its time if ``stop[0]`` is set, or where breakups do not fit (``where[2]`` = 1):
    then scratch and kinks have to be given more room.
    """
    where[2] = 0
    while where[0] < plan and not stop[0]:
        sweep = where[0]
        stream = (draws.read, draws.key0, draws.key1)
        own = Draws(draws.words, draws.used, draws.purpose, 0, sweep, *stream)
        if not update_loops(model, kinks, length, breakups, own):
            where[2] = 1
            return
        where[0] = sweep + 1
        due = look.every > 0 and sweep >= look.burn_in
        if due and (sweep - look.burn_in) % look.every == 0:
            b = look.bin_of[where[3]]
            part = Sums(sums.spins[b], sums.kinks[b], sums.products[b], sums.apart[b])
            look_at_loops(model, kinks, length, breakups, look, part, found[where[3]])
            where[3] += 1


@bare_kernel
def words_of_loops(model: Any, kinks: Any, length: Any, breakups: Any, look: Any) -> None:
    """States at the times of a look, ``look.words`` uint64 (n,), bit g the spin at time
    ``length * g / times``."""
    _follow_spins(model, kinks, length, breakups, look)
