"""One read after the other, one update at a time: any order, any model.

Orders (``plan.order``): FIXED; RANDOM, each update picks its site with replacement, as
``site = n * word / 2**32`` (a site's frequency is off by less than n / 2**32); PERMUTATION, each
sweep goes through the sites in a fresh order, drawn by Fisher and Yates' method as it goes;
SUBSET, each site is updated with probability ``fraction / 2**32``, all from the state before;
SYNCHRONOUS, every site from the state before. Picks are words of purpose ORDER. One kernel for
all: asking what to do costs nothing next to doing it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import float32, int8, int64, njit, uint32, uint64
from numba.extending import overload

from pbit.kernels.jit import bare_kernel, inner
from pbit.kernels.random.ars import key_schedule, random_words
from pbit.kernels.random.stream import ORDER, UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_slots
from pbit.kernels.sweeps.books import close_sweep, exact_energy, lane_of
from pbit.kernels.sweeps.lanes import LANES
from pbit.kernels.sweeps.limits import NEAR, fill_limits
from pbit.kernels.sweeps.records import Observer, Plan, Stream, Tracked, Watch
from pbit.kernels.vectors.float_bits import as_float32, as_uint32, exp2, fma

FIXED, RANDOM, PERMUTATION, SUBSET, SYNCHRONOUS = range(5)

_ZERO = float32(0.0)
_HALF = float32(0.5)
_FROZEN = float32(-44.0)
_ALL = float32(4294967296.0)
_CHECK_EVERY = 1 << 20
_SETTLE = 63
_AHEAD = 64  # slots whose words are drawn together
_NEAR = float32(NEAR)
_SIGN, _ONE = uint32(0x80000000), uint32(0x3F800000)  # of a float32, and all bits of 1
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


class Scratch(NamedTuple):
    """Memory of one read: ``one`` int8 (n, 1), its spins, as float32 in ``signs`` (n,), which saves
    a conversion between a spin and the next field; ``best`` int8 (n or 0, 1); ``before`` float32
    (n,), the signs before updates made together; ``sites`` int64 (n or 0,), for permutations;
    ``bias`` F and ``full`` float64, its biases in the kernel's order and the model's; uint32
    ``words`` (64,) and their float32 ``limits`` (64,); int64 ``keys`` (16,), the round keys.
    """

    one: Any
    signs: Any
    best: Any
    before: Any
    sites: Any
    bias: Any
    full: Any
    words: Any
    limits: Any
    keys: Any


def anneal_reads(
    spins: Any,
    model: Any,
    plan: Plan,
    stream: Stream,
    tracked: Tracked,
    watch: Watch,
    observer: Observer,
) -> None:
    """Sweeps of a block of reads; arguments as :func:`pbit.kernels.sweeps.gibbs.anneal_block`."""
    n = len(spins)
    h, couplings, exact = model
    model = (_by_read(h), couplings, (_by_read(exact[0]), *exact[1:]))
    plan = plan._replace(order=plan.order or FIXED, metropolis=bool(plan.metropolis))
    scratch = Scratch(
        one=np.empty((n, 1), np.int8),
        signs=np.empty(n, np.float32),
        best=np.empty((n if tracked.keeps_best else 0, 1), np.int8),
        before=np.empty(n, np.float32),
        sites=np.empty(n if plan.order == PERMUTATION else 0, np.int64),
        bias=np.empty(len(h), h.dtype),
        full=np.empty(n),
        words=np.empty(_AHEAD, np.uint32),
        limits=np.empty(_AHEAD, np.float32),
        keys=key_schedule(*stream[1:]),
    )
    _anneal_reads(spins, model, plan, stream, tracked, watch, observer, scratch)


def _by_read(h: Any) -> Any:
    """Biases (n, R), or (n, 1) where all reads have the same: one kernel for both."""
    return h if h.ndim == 2 else h[:, None]


@bare_kernel
def _anneal_reads(
    spins: Any,
    model: Any,
    plan: Any,
    stream: Any,
    tracked: Any,
    watch: Any,
    observer: Any,
    scratch: Any,
) -> None:
    energies, best_energies, best_spins, keeps_best, sweeps_done = tracked
    stop, beat, aim, wanted, trace = watch
    one, best = scratch.one, scratch.best
    h, couplings, exact = model
    n = one.shape[0]
    own_exact = (scratch.full, exact[1], exact[2])
    for read in range(wanted):
        if stop[0] and read:
            return
        for i in range(n):
            one[i, 0] = spins[i, read]
            scratch.signs[i] = spins[i, read]
        for i in range(best.shape[0]):
            best[i, 0] = spins[i, read]
        for i in range(scratch.sites.size):
            scratch.sites[i] = i
        own = min(read, h.shape[1] - 1)
        for i in range(scratch.bias.size):
            scratch.bias[i] = h[i, own]
        for i in range(n):
            scratch.full[i] = exact[0][i, own]
        lane = slice(read, read + 1)
        energy = energies[lane]
        books = (energy, best_energies[lane], best, keeps_best, sweeps_done[lane])
        observed = lane_of(observer, lane)
        column = min(read, plan.scales.shape[1] - 1)
        key = (uint64(stream.read) + uint64(read), stream.key0, stream.key1)
        for sweep in range(plan.first, plan.last):
            scale = plan.scales[sweep // plan.sweeps_per_beta, column]
            order, metropolis = plan.order, plan.metropolis
            whole = _sweep_one(
                scratch, couplings, sweep, scale, order, metropolis, plan.fraction, key,
                energy, stop,
            )  # fmt: skip
            if not whole:
                break
            for i in range(n):
                one[i, 0] = int8(scratch.signs[i])
            if is_together(order):  # the costs of moves made together do not add up
                energy[0] = exact_energy(one, 0, own_exact)
            close_sweep(one, sweep, books, (stop, beat, aim, 1, trace), own_exact, observed)
            if stop[0]:
                break
        for i in range(n):
            spins[i, read] = one[i, 0]
        for i in range(best.shape[0]):
            best_spins[i, read] = best[i, 0]


@inner
def _draw_ahead(scratch: Any, counters: Any, metropolis: Any) -> None:
    """Words of 64 slots, and the limits of the rule."""
    fill_slots(scratch.words, int64(0), counters, scratch.keys)
    for at in range(0, _AHEAD, LANES):
        if metropolis:
            fill_limits(scratch.words, scratch.limits, at, True)
        else:
            fill_limits(scratch.words, scratch.limits, at, None)


@njit(inline="always")
def _sign(x: Any) -> Any:
    """1 or -1, without a branch, half of which would be guessed wrong."""
    return as_float32((as_uint32(x) & _SIGN) | _ONE)


@njit(inline="always")
def _decide(x: Any, words: Any, limits: Any, ahead: Any, old: Any, metropolis: Any) -> Any:
    """The new spin; by the rule itself where the field is too near to its limit."""
    work = -x if metropolis and old < 0 else x
    away = work - limits[ahead]
    if abs(away) < _NEAR:
        word = words[ahead]
        spin = _metropolis(x, word, int8(old)) if metropolis else heat_bath(x, word)
        return float32(spin)
    sign = _sign(away)
    return sign * old if metropolis else sign


@inner
def is_together(order: Any) -> Any:
    """Whether all spins of a sweep see the state before it."""
    return order == SUBSET or order == SYNCHRONOUS


@inner
def _sweep_one(
    scratch: Any, couplings: Any, sweep: Any, scale: Any, order: Any, metropolis: Any,
    fraction: Any, key: Any, energy: Any, stop: Any,
) -> Any:  # fmt: skip
    """One sweep of the read in ``scratch.one``; whether it came to its end."""
    s, before, sites, h = scratch.signs, scratch.before, scratch.sites, scratch.bias
    read, key0, key1 = key
    together = is_together(order)
    picks = order != FIXED and order != SYNCHRONOUS
    seen = before if together else s
    n = h.size  # spins beyond are held
    c1, c2 = uint64(sweep) & _LOW, read & _LOW
    c3 = tag(UPDATE, sweep, 0)
    u0 = u1 = u2 = u3 = uint32(0)
    since_check = 0
    change = h.dtype.type(0)
    if together:
        for k in range(s.size):
            before[k] = s[k]
    for slot in range(n):
        ahead = slot & (_AHEAD - 1)
        if ahead == 0:
            counters = (int64(slot >> 2), int64(c1), int64(c2), int64(c3))
            _draw_ahead(scratch, counters, metropolis)
        i = np.int64(slot)
        if picks:
            q = slot & 3
            if q == 0:
                c0 = uint64(slot >> 2)
                u0, u1, u2, u3 = random_words(c0, c1, c2, tag(ORDER, sweep, 0), key0, key1)
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
        f = field_of(seen, i, h[i], couplings)
        x = float32(f * scale)
        old = s[i]
        new = _decide(x, scratch.words, scratch.limits, ahead, old, metropolis)
        change += h.dtype.type(old - new) * f
        s[i] = new
        if slot & _SETTLE == _SETTLE:
            energy[0] += change
            change = h.dtype.type(0)
        since_check += 1
        if since_check > _CHECK_EVERY:
            since_check = 0
            if stop[0]:
                energy[0] += change
                return False
    energy[0] += change
    return True
