"""Fields that are kept: updates that look only at spins that may flip.

Where few spins flip, most updates change nothing, and that can be told from a field that is known
already. A flip tells its neighbours. In the order of the sites, 64 of them are asked at once.

Decisions are those of :mod:`pbit.kernels.sweeps.single` to the last bit. Kept fields are sums in
another order, in float64, off by less than a bound (:func:`slack_of`); a spin that is not further
than that from its limit gets its field summed as everywhere, unless all sums are exact: whole
numbers are, and slack is 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import float32, float64, int64, njit, types, uint64
from numba.extending import intrinsic

from pbit.kernels.jit import chosen_by_types, inner
from pbit.kernels.sweeps.fields import AHEAD, field_of, spread
from pbit.kernels.sweeps.lanes import LANES
from pbit.kernels.sweeps.limits import NEAR
from pbit.kernels.sweeps.single import FIXED, decide
from pbit.kernels.vectors.float_bits import first_bit
from pbit.kernels.vectors.llvm import F32, I32, I64, data_of, load, splat, vector

_NOWHERE = uint64(1 << 63)  # far from all sites
_ROUNDED = 1e-5  # two ways of rounding x differ by less, near to a limit
_WHOLE = 2.0**23  # sums of whole numbers are exact below, in float32 too


@inner
def _weight(h: Any, starts: Any, weights: Any) -> Any:
    """(largest sum of |values| of a site, most weights of a site, whether all are whole)."""
    widest, most, whole = 0.0, 0, True
    for i in range(h.size):
        size = abs(float64(h[i]))
        whole = whole and size == np.rint(size)
        for k in range(starts[i], starts[i + 1]):
            value = abs(float64(weights[k]))
            size += value
            whole = whole and value == np.rint(value)
        widest = max(widest, size)
        most = max(most, starts[i + 1] - starts[i])
    return widest, most, whole


def slack_of(h: Any, couplings: Any, flips: Any) -> Any:
    """By how much kept fields and sums may differ after so many flips; 0 if they cannot."""
    raise NotImplementedError("only in compiled code")


@chosen_by_types(slack_of)  # type: ignore[untyped-decorator]
def _compile_slack_of(h, couplings, flips):  # type: ignore[no-untyped-def]
    rounding = 2.0**-24 if h.dtype == types.float32 else 2.0**-53

    def of_pairs(h, couplings, flips):  # type: ignore[no-untyped-def]
        widest, most, whole = _weight(h, couplings[0], couplings[2])
        if whole and widest < _WHOLE:
            return 0.0
        return widest * (rounding * (most + 2) + 2.0**-53 * (flips + most))

    def of_terms(h, couplings, flips):  # type: ignore[no-untyped-def]
        widest, most, whole = _weight(h, couplings[1], couplings[0])
        if whole and widest < _WHOLE:
            return 0.0
        return widest * (rounding * (most + 2) + 2.0**-53 * (flips + 1) * most)

    return of_pairs if len(couplings) == 3 else of_terms


@njit(inline="always")
def bound(slack: Any, scale: Any) -> Any:
    """How near to its limit a spin's field must be for it to be asked again, as of x."""
    return NEAR + _ROUNDED + slack * float64(scale)


@inner
def sum_kept(scratch: Any, couplings: Any) -> None:
    """All fields from the state."""
    for i in range(scratch.bias.size):
        scratch.kept[i] = field_of(scratch.signs, i, scratch.bias[i], couplings)


@intrinsic  # type: ignore[untyped-decorator]
def _may_flip(
    typingctx: Any, signs: Any, kept: Any, start: Any, limits: Any, scale: Any, near: Any,
    metropolis: Any,
) -> Any:  # fmt: skip
    """Which of 64 sites do not surely stay as they are, as bits."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        own, fields, far = (data_of(context, b, signature.args[k], arguments[k]) for k in (0, 1, 3))
        scale, near = (splat(b, arguments[k], LANES) for k in (4, 5))
        sign_bit = ir.Constant(I32, 0x80000000)
        turned = b.select(arguments[6], ir.Constant(I32, 0), sign_bit)
        bits = ir.Constant(I64, 0)
        for at in range(0, AHEAD, LANES):
            place = b.add(arguments[2], ir.Constant(I64, at))
            x = b.fptrunc(b.fmul(load(b, fields, place, lanes=LANES), scale), vector(F32, LANES))
            spins = b.bitcast(load(b, own, place, lanes=LANES), vector(I32, LANES))
            sign = b.and_(spins, splat(b, sign_bit, LANES))
            work = _xor(b, x, sign)
            limit = load(b, far, ir.Constant(I64, at), lanes=LANES)
            limit = _xor(b, limit, b.and_(sign, splat(b, turned, LANES)))
            moves = b.fcmp_unordered("<", b.fsub(work, limit), near)
            packed = b.zext(b.bitcast(moves, ir.IntType(LANES)), I64)
            bits = b.or_(bits, b.shl(packed, ir.Constant(I64, at)))
        return bits

    kinds = (signs, kept, types.int64, limits, types.float64, types.float32, types.boolean)
    return types.uint64(*kinds), codegen


def _xor(b: Any, x: Any, bits: Any) -> Any:
    return b.bitcast(b.xor(b.bitcast(x, vector(I32, LANES)), bits), vector(F32, LANES))


@njit(inline="always")
def _stays(x: Any, limit: Any, old: Any, near: Any, metropolis: Any) -> Any:
    """Whether a spin surely stays as it is."""
    return x * old - (limit if metropolis else limit * old) >= near


@inner
def update_kept(
    scratch: Any, couplings: Any, start: Any, scale: Any, order: Any, metropolis: Any, slack: Any,
    energy: Any,
) -> Any:  # fmt: skip
    """Updates of the slots from ``start`` on, 64 or as many as there are: how many spins flipped.

    Places and limits are drawn; ``slack``: see :func:`slack_of`.
    """
    s, h, kept = scratch.signs, scratch.bias, scratch.kept
    words, limits, places = scratch.words, scratch.limits, scratch.places
    scale64, near, exact = float64(scale), float32(bound(slack, scale)), slack == 0.0
    there = ~uint64(0) >> uint64(AHEAD - min(AHEAD, h.size - start))
    left, first = there, _NOWHERE
    if order == FIXED:
        left &= _may_flip(s, kept, int64(start), limits, scale64, near, metropolis)
        first = uint64(start)
    flips = 0
    change = h.dtype.type(0)
    while left:
        k = first_bit(left)
        left &= left - uint64(1)
        i = uint64(places[k])
        old = s[i]
        if _stays(float32(kept[i] * scale64), limits[k], old, near, metropolis):
            continue
        f = h.dtype.type(kept[i]) if exact else field_of(s, i, h[i], couplings)
        new = decide(float32(f * scale), words, limits, k, old, metropolis)
        if new == old:
            continue
        change += h.dtype.type(old - new) * f
        s[i] = new
        flips += 1
        told = spread(kept, s, i, float64(new - old), couplings, first)
        left |= told & there & ~((uint64(2) << k) - uint64(1))
    energy[0] += change
    return flips
