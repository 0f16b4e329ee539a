"""One read after the other, one update at a time: any order, any model.

Orders (``plan[3]``): SEQUENTIAL; RANDOM, each update picks its site with replacement, as
``site = n * word / 2**32`` (a site's frequency is off by less than n / 2**32); PERMUTATION, each
sweep goes through the sites in a fresh order, drawn by Fisher and Yates' method as it goes;
SUBSET, each site is updated with probability ``fraction / 2**32``, all from the state before;
SYNCHRONOUS, every site from the state before. Picks are words of purpose ORDER.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import float32, int8, njit, uint32, uint64
from numba.extending import overload

from pbit.kernels.jit import kernel
from pbit.kernels.random.philox import ORDER, UPDATE, philox, tag
from pbit.kernels.sweeps.books import close_sweep, exact_energy, lane_of
from pbit.kernels.vectors.float_bits import exp2, fma

SEQUENTIAL, RANDOM, PERMUTATION, SUBSET, SYNCHRONOUS = range(5)

_ZERO = float32(0.0)
_HALF = float32(0.5)
_FROZEN = float32(-44.0)
_ALL = float32(4294967296.0)
_CHECK_EVERY = 1 << 20
_SETTLE = 63
_LOW = uint64(0xFFFFFFFF)


@njit(inline="always")
def heat_bath(x: Any, word: Any) -> Any:
    """New spin: +1 iff u < sigma(2 beta f), with x = 2 beta f log2(e) and u = (word + 1/2) / 2**32.

    Compared on the side of the rarer outcome, where float32 keeps its relative precision.
    """
    t = exp2(max(-abs(x), _FROZEN))
    up = x > _ZERO
    v = ~word if up else word
    u = float32(v) + _HALF
    against = fma(u, t, u) < t * _ALL
    return int8(1) if up != against else int8(-1)


@njit(inline="always")
def _metropolis(x: Any, word: Any, spin: Any) -> Any:
    """New spin: flipped iff u <= exp(-2 beta f s); a move that costs nothing is always made."""
    cost = x if spin > 0 else -x
    t = exp2(max(-max(cost, _ZERO), _FROZEN))
    return int8(-spin) if float32(word) + _HALF <= t * _ALL else int8(spin)


def field_of(s: Any, i: Any, bias: Any, couplings: Any) -> Any:
    """Field of site i; what code that is depends on the type of ``couplings``."""
    raise NotImplementedError("only in compiled code")


@overload(field_of, inline="always")  # type: ignore[untyped-decorator]
def _compile_field_of(s, i, bias, couplings):  # type: ignore[no-untyped-def]
    def of_pairs(s, i, bias, couplings):  # type: ignore[no-untyped-def]
        indptr, indices, weights = couplings
        f = bias
        for k in range(indptr[i], indptr[i + 1]):
            f = f + weights[k] * weights.dtype.type(s[indices[k]])
        return f

    def of_terms(s, i, bias, couplings):  # type: ignore[no-untyped-def]
        weights, terms, pointers, members = couplings
        f = bias
        for t in range(terms[i], terms[i + 1]):
            product = weights[t]
            for k in range(pointers[t], pointers[t + 1]):
                product = product * weights.dtype.type(s[members[k]])
            f = f + product
        return f

    return of_pairs if len(couplings) == 3 else of_terms


@kernel
def anneal_reads(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
) -> None:
    """Sweeps of a block of reads; arguments as :func:`pbit.kernels.sweeps.gibbs.anneal_block`."""
    read0, key0, key1 = stream
    scales = plan[0]
    energies, best_energies, best_spins, keep_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    n = spins.shape[0]
    one = np.empty((n, 1), np.int8)
    for read in range(wanted):
        if stop[0] and read:
            return
        one[:, 0] = spins[:, read]
        best = one.copy() if keep_best else one[:0].copy()
        part = slice(read, read + 1)
        column = min(read, scales.shape[1] - 1)
        _anneal_one(
            one,
            model,
            (scales[:, column], *plan[1:]),
            (uint64(read0) + uint64(read), key0, key1),
            (energies[part], best_energies[part], best, keep_best, sweeps_done[part]),
            (stop, beat, aim, 1, trace),
            lane_of(observer, part),
        )
        spins[:, read] = one[:, 0]
        if keep_best:
            best_spins[:, read] = best[:, 0]


@njit
def _anneal_one(
    one: Any, model: Any, plan: Any, stream: Any, tracked: Any, watch: Any, observer: Any
) -> None:
    """Sweeps of the read in ``one`` (n, 1)."""
    h, couplings, exact = model
    scales, sweeps_per_beta, metropolis, order, fraction, (first, last) = plan
    read, key0, key1 = stream
    energies, stop = tracked[0], watch[0]
    n = one.shape[0]
    s = one[:, 0]
    together = order == SUBSET or order == SYNCHRONOUS
    before = s.copy()
    sites = np.arange(n if order == PERMUTATION else 0)
    c2 = read & _LOW
    a = b = c = d = u0 = u1 = u2 = u3 = uint32(0)
    since_check = 0
    for sweep in range(first, last):
        scale = scales[sweep // sweeps_per_beta]
        change = h.dtype.type(0)
        if together:
            before[:] = s
        for slot in range(n):
            q = slot & 3
            if q == 0:
                c0 = uint64(slot >> 2)
                c1 = uint64(sweep) & _LOW
                a, b, c, d = philox(c0, c1, c2, tag(UPDATE, sweep, 0), key0, key1)
                if order != SEQUENTIAL and order != SYNCHRONOUS:
                    u0, u1, u2, u3 = philox(c0, c1, c2, tag(ORDER, sweep, 0), key0, key1)
            word = (a if q == 0 else b) if q < 2 else (c if q == 2 else d)
            i = np.int64(slot)
            if order != SEQUENTIAL and order != SYNCHRONOUS:
                pick = uint64((u0 if q == 0 else u1) if q < 2 else (u2 if q == 2 else u3))
                if order == RANDOM:
                    i = np.int64((pick * uint64(n)) >> uint64(32))
                elif order == PERMUTATION:
                    other = slot + np.int64((pick * uint64(n - slot)) >> uint64(32))
                    i = sites[other]
                    sites[other] = sites[slot]
                    sites[slot] = i
                elif pick >= fraction:
                    continue
            f = field_of(before if together else s, i, h[i], couplings)
            x = float32(f * scale)
            old = s[i]
            new = _metropolis(x, word, old) if metropolis else heat_bath(x, word)
            change += h.dtype.type(old - new) * f
            s[i] = new
            if slot & _SETTLE == _SETTLE:
                energies[0] += change
                change = h.dtype.type(0)
            since_check += 1
            if since_check > _CHECK_EVERY:
                since_check = 0
                if stop[0]:
                    energies[0] += change
                    return
        energies[0] += change
        if together:  # the costs of moves made together do not add up
            energies[0] = exact_energy(one, 0, exact)
        close_sweep(one, sweep, tracked, watch, exact, observer)
        if stop[0]:
            return
