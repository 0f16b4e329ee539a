"""One update at a time: any order, any model.

Orders (``plan.order``): FIXED; RANDOM, each update picks its site with replacement, as
``site = n * word / 2**32`` (a site's frequency is off by less than n / 2**32); PERMUTATION, each
sweep goes through the sites in a fresh order, drawn by Fisher and Yates' method as it goes;
SUBSET, each site is updated with probability ``fraction / 2**32``, all from the state before;
SYNCHRONOUS, every site from the state before. Picks are words of purpose ORDER. One kernel for
all: what to do is drawn 64 slots ahead, sites and limits both.

Updates here sum every field they ask for. Those that keep the fields, which pays where few spins
flip, are in :mod:`pbit.kernels.sweeps.kept`; :mod:`pbit.kernels.sweeps.reads` runs both.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numba import float32, int8, int64, njit, uint32, uint64

from pbit.kernels.jit import inner
from pbit.kernels.random.stream import ORDER, UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_slots
from pbit.kernels.sweeps.fields import AHEAD, ask_ahead, quick_field_of
from pbit.kernels.sweeps.lanes import LANES
from pbit.kernels.sweeps.limits import NEAR, fill_limits
from pbit.kernels.vectors.float_bits import as_float32, as_uint32, exp2, fma

FIXED, RANDOM, PERMUTATION, SUBSET, SYNCHRONOUS = range(5)

_ZERO = float32(0.0)
_HALF = float32(0.5)
_FROZEN = float32(-44.0)
_ALL = float32(4294967296.0)
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


class Scratch(NamedTuple):
    """Memory of one read: ``one`` int8 (n, 1), its spins, as float32 in ``signs`` (m,), m the next
    multiple of 64, which saves a conversion between a spin and the next field; ``best`` int8 (n or
    0, 1); ``before`` float32 (n,), the signs before updates made together; ``sites`` int64 (n or
    0,), for permutations; ``bias`` F and ``full`` float64, its biases in the kernel's order and the
    model's; of 64 slots uint32 ``words``, their float32 ``limits``, uint32 ``picks`` and int64
    ``places``; int64 ``keys`` (16,), the round keys; ``kept`` float64 (m or 0,), fields.
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
    picks: Any
    places: Any
    keys: Any
    kept: Any


@inner
def draw_limits(scratch: Any, start: Any, sweep: Any, read: Any, metropolis: Any) -> None:
    """Words of the slots from ``start`` on, and the limits of the rule for those there are."""
    fill_slots(scratch.words, int64(0), _counter(start, sweep, read, UPDATE), scratch.keys)
    for at in range(0, min(AHEAD, scratch.bias.size - start), LANES):
        if metropolis:
            fill_limits(scratch.words, scratch.limits, at, True)
        else:
            fill_limits(scratch.words, scratch.limits, at, None)


@inner
def draw_places(scratch: Any, start: Any, sweep: Any, read: Any, order: Any, fraction: Any) -> None:
    """Sites of the slots from ``start`` on, 64 or as many as there are; -1 for none."""
    places, picks, sites = scratch.places, scratch.picks, scratch.sites
    n = scratch.bias.size  # spins beyond are held
    count = min(AHEAD, n - start)
    if order == FIXED or order == SYNCHRONOUS:
        for k in range(count):
            places[k] = start + k
        return
    fill_slots(picks, int64(0), _counter(start, sweep, read, ORDER), scratch.keys)
    if order == RANDOM:
        for k in range(count):
            places[k] = int64((uint64(picks[k]) * uint64(n)) >> uint64(32))
    elif order == PERMUTATION:
        for k in range(count):
            slot = start + k
            other = slot + int64((uint64(picks[k]) * uint64(n - slot)) >> uint64(32))
            places[k] = sites[other]
            sites[other] = sites[slot]
            sites[slot] = places[k]
    else:
        for k in range(count):
            places[k] = start + k if uint64(picks[k]) < fraction else -1


@njit(inline="always")
def _counter(start: Any, sweep: Any, read: Any, purpose: Any) -> Any:
    low = uint64(sweep) & _LOW
    return int64(start >> 2), int64(low), int64(read & _LOW), int64(tag(purpose, sweep, 0))


@njit(inline="always")
def _sign(x: Any) -> Any:
    """1 or -1, without a branch, half of which would be guessed wrong."""
    return as_float32((as_uint32(x) & _SIGN) | _ONE)


@inner
def _by_rule(x: Any, word: Any, old: Any, metropolis: Any) -> Any:
    return float32(_metropolis(x, word, int8(old)) if metropolis else heat_bath(x, word))


@njit(inline="always")
def decide(x: Any, words: Any, limits: Any, ahead: Any, old: Any, metropolis: Any) -> Any:
    """The new spin; by the rule itself where the field is too near to its limit."""
    work = -x if metropolis and old < 0 else x
    away = work - limits[ahead]
    if abs(away) < _NEAR:
        return _by_rule(x, words[ahead], old, metropolis)
    sign = _sign(away)
    return sign * old if metropolis else sign


@inner
def is_together(order: Any) -> Any:
    """Whether all spins of a sweep see the state before it."""
    return order == SUBSET or order == SYNCHRONOUS


@inner
def update_summed(
    scratch: Any, couplings: Any, start: Any, scale: Any, order: Any, metropolis: Any, exact: Any,
    energy: Any,
) -> Any:  # fmt: skip
    """Updates of the slots from ``start`` on, 64 or as many as there are: how many spins flipped.

    ``exact``: sums are, in any order.
    """
    s, h, places = scratch.signs, scratch.bias, scratch.places
    seen = scratch.before if is_together(order) else s
    picks = order == RANDOM or order == PERMUTATION
    flips = 0
    change = h.dtype.type(0)
    for k in range(uint64(min(AHEAD, h.size - start))):
        if places[k] < 0:
            continue
        i = uint64(places[k])
        if picks:
            ask_ahead(places, k, couplings)
        f = quick_field_of(seen, i, h[i], couplings, exact)
        old = s[i]
        new = decide(float32(f * scale), scratch.words, scratch.limits, k, old, metropolis)
        change += h.dtype.type(old - new) * f
        flips += int64(old != new)
        s[i] = new
    energy[0] += change
    return flips
