"""One spin of many reads updated in vectors of 16 lanes, written in LLVM's own vector types.

numba has no vector types, and what its loop vectoriser makes of the same loops spends a third of
the time on checks for overlapping arrays and on the fields going to memory and back. Here a tile
of 64 reads keeps its fields in registers from the first neighbour to the new spins. LLVM splits
the vectors where the machine's are narrower.

The arithmetic is that of :mod:`pbit.kernels.sweeps.single`, operation by operation, and gives the
same bits (tests/samplers/test_annealer.py compares them).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.vectors.float_bits import EXP2_COEFFICIENTS, ROUND
from pbit.kernels.vectors.llvm import (
    F32,
    F64,
    I8,
    I32,
    I64,
    Loop,
    call,
    constant,
    data_of,
    element,
    integer,
    load,
    splat,
    store,
    vector,
)

LANES = 16
_TILES = (4, 2, 1)


def _vector(element_type: Any) -> Any:
    return vector(element_type, LANES)


def _constant(element_type: Any, value: Any) -> Any:
    return constant(element_type, value, LANES)


def fma(b: Any, x: Any, y: Any, z: Any) -> Any:
    name = f"llvm.fma.v{LANES}f{32 if x.type.element == F32 else 64}"
    return call(b, name, x.type, [x, y, z])


def _maximum(b: Any, x: Any, y: Any) -> Any:
    return b.select(b.fcmp_ordered(">", x, y), x, y)


def exp2(b: Any, y: Any) -> Any:
    rounding = _constant(F32, ROUND)
    rounded = b.fadd(y, rounding)
    f = b.fsub(y, b.fsub(rounded, rounding))
    p = _constant(F32, EXP2_COEFFICIENTS[0])
    for coefficient in EXP2_COEFFICIENTS[1:]:
        p = fma(b, p, f, _constant(F32, coefficient))
    exponent = b.add(b.bitcast(rounded, _vector(I32)), _constant(I32, 127))
    power = b.bitcast(b.shl(exponent, _constant(I32, 23)), _vector(F32))
    return b.fmul(p, power)


_FROZEN, _HALF, _ALL, _ZERO = -44.0, 0.5, 4294967296.0, 0.0


def heat_bath(b: Any, x: Any, word: Any, is_up: Any) -> Any:
    """Which spins are up now: those with u < sigma(2 beta f); see single.heat_bath."""
    bits = b.bitcast(x, _vector(I32))
    minus = b.bitcast(b.or_(bits, _constant(I32, -(2**31))), _vector(F32))
    t = exp2(b, _maximum(b, minus, _constant(F32, _FROZEN)))
    up = b.fcmp_ordered(">", x, _constant(F32, _ZERO))
    v = b.select(up, b.not_(word), word)
    u = b.fadd(b.uitofp(v, _vector(F32)), _constant(F32, _HALF))
    against = b.fcmp_ordered("<", fma(b, u, t, u), b.fmul(t, _constant(F32, _ALL)))
    return b.xor(up, against)


def metropolis(b: Any, x: Any, word: Any, is_up: Any) -> Any:
    """Which spins are up now: those flip with u <= exp(-2 beta f s); see single._metropolis."""
    minus_zero = _constant(F32, -0.0)
    cost = b.select(is_up, x, b.fsub(minus_zero, x))
    work = _maximum(b, cost, _constant(F32, _ZERO))
    t = exp2(b, _maximum(b, b.fsub(minus_zero, work), _constant(F32, _FROZEN)))
    u = b.fadd(b.uitofp(word, _vector(F32)), _constant(F32, _HALF))
    moves = b.fcmp_ordered("<=", u, b.fmul(t, _constant(F32, _ALL)))
    return b.xor(is_up, moves)


def each_tile(b: Any, reads: Any, tile: Callable[[Any, int], None]) -> None:
    """Call ``tile(first read, vectors)`` for tiles of 64 reads, then one of 32, then of 16."""
    first = integer(0)
    for count in _TILES:
        step = integer(LANES * count)
        last = b.and_(reads, integer(-LANES * count))
        with cgutils.for_range_slice(b, first, last, step, I64) as (read, _):
            tile(read, count)
        first = last


class _Site:
    """Code of one update: arrays of the call and how to walk a tile of reads."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        def data(k: int) -> Any:
            return data_of(context, b, signature.args[k], arguments[k])

        self.b = b
        self.spins, self.words, self.change, self.scales = data(0), data(3), data(5), data(6)
        self.site, self.quarter = arguments[1], arguments[4]
        kinds = signature.args[2]
        arrays = cgutils.unpack_tuple(b, arguments[2], len(kinds))
        self.couplings = [
            data_of(context, b, kind, array) for kind, array in zip(kinds, arrays, strict=True)
        ]
        bias, self.reads = cgutils.unpack_tuple(b, arguments[7], 2)
        self.shared, self.biases = bias, None
        self.real = data(6).type.pointee
        if isinstance(signature.args[7][0], types.Array):
            self.shared, self.biases = None, data_of(context, b, signature.args[7][0], bias)

    def fields(self, first: Any, count: int) -> list[Any]:
        """Fields of ``16 * count`` reads, summed in the order of the couplings."""
        sums = [self._bias(first, t) for t in range(count)]
        return (self._pairs if len(self.couplings) == 3 else self._terms)(sums, first)

    def _bias(self, first: Any, t: int) -> Any:
        """Biases of sixteen reads: one for all, or those of each."""
        if self.biases is None:
            return splat(self.b, self.shared, LANES)
        row = self.b.add(self.b.mul(self.site, self.reads), first)
        return load(self.b, self.biases, self._lane(row, t), lanes=LANES)

    def _pairs(self, sums: list[Any], first: Any) -> list[Any]:
        """Add ``weights[k] * spins[indices[k]]``.

        Products with -1 and +1 are exact, so that fusing them with the sum changes no bit.
        """
        b = self.b
        indptr, indices, weights = self.couplings
        start, end = self._bounds(indptr, self.site)
        loop = Loop(b, [start, *sums])
        k, *sums = loop.values
        with loop.running(b.icmp_signed("<", k, end)):
            row = b.add(b.mul(b.zext(element(b, indices, k), I64), self.reads), first)
            weight = splat(b, element(b, weights, k), LANES)
            terms = [
                b.sitofp(b.sext(self._spins(row, t), _vector(I32)), _vector(self.real))
                for t in range(len(sums))
            ]
            new = [fma(b, weight, s, total) for s, total in zip(terms, sums, strict=True)]
            loop.next([b.add(k, integer(1)), *new])
        return loop.values[1:]

    def _terms(self, sums: list[Any], first: Any) -> list[Any]:
        """Add the weight of each term times the product of its other spins, by their sign bits."""
        b = self.b
        weights, terms, pointers, members = self.couplings
        start, end = self._bounds(terms, self.site)
        outer = Loop(b, [start, *sums])
        t, *sums = outer.values
        with outer.running(b.icmp_signed("<", t, end)):
            begin, over = self._bounds(pointers, t)
            inner = Loop(b, [begin, *[_constant(I8, 0)] * len(sums)])
            k, *signs = inner.values
            with inner.running(b.icmp_signed("<", k, over)):
                row = b.add(b.mul(b.zext(element(b, members, k), I64), self.reads), first)
                new = [b.xor(sign, self._spins(row, u)) for u, sign in enumerate(signs)]
                inner.next([b.add(k, integer(1)), *new])
            plus = splat(b, element(b, weights, t), LANES)
            minus = b.fsub(_constant(self.real, -0.0), plus)
            new = [
                b.fadd(total, b.select(b.icmp_signed("<", sign, _constant(I8, 0)), minus, plus))
                for total, sign in zip(sums, inner.values[1:], strict=True)
            ]
            outer.next([b.add(t, integer(1)), *new])
        return outer.values[1:]

    def _bounds(self, pointers: Any, at: Any) -> tuple[Any, Any]:
        b = self.b
        return element(b, pointers, at), element(b, pointers, b.add(at, integer(1)))

    def tile(self, first: Any, count: int, rule: Callable[..., Any]) -> None:
        """Update ``16 * count`` reads from ``first`` on."""
        b = self.b
        own = b.add(b.mul(self.site, self.reads), first)
        draw = b.add(b.mul(self.quarter, self.reads), first)
        for t, field in enumerate(self.fields(first, count)):
            at = self._lane(first, t)
            x = b.fmul(field, load(b, self.scales, at, lanes=LANES))
            if self.real == F64:
                x = b.fptrunc(x, _vector(F32))
            old = self._spins(own, t)
            word = load(b, self.words, self._lane(draw, t), lanes=LANES)
            is_up = b.icmp_signed(">", old, _constant(I8, 0))
            new = b.select(rule(b, x, word, is_up), _constant(I8, 1), _constant(I8, -1))
            store(b, new, self.spins, self._lane(own, t))
            moved = b.sitofp(b.sext(b.sub(old, new), _vector(I32)), field.type)
            change = b.fadd(load(b, self.change, at, lanes=LANES), b.fmul(moved, field))
            store(b, change, self.change, at)

    def _spins(self, row: Any, t: int) -> Any:
        return load(self.b, self.spins, self._lane(row, t), lanes=LANES)

    def _lane(self, index: Any, t: int) -> Any:
        return self.b.add(index, integer(LANES * t))


def _updater(rule: Callable[..., Any]) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def update(
        typingctx: Any,
        spins: Any,
        site: Any,
        couplings: Any,
        words: Any,
        quarter: Any,
        change: Any,
        scales: Any,
        numbers: Any,
    ) -> Any:
        """Update spin ``site`` of all reads; their number must be a multiple of 16.

        couplings as in :mod:`pbit.kernels.sweeps.gibbs`; words uint32 (4, reads), of which row
        ``quarter`` is used; change[r] grows by what the update cost read r; scales (reads,);
        numbers = (bias, reads), or (biases (n, reads), reads) where each read has its own.
        """

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            site = _Site(context, builder, signature, arguments)
            each_tile(builder, site.reads, lambda read, count: site.tile(read, count, rule))
            return context.get_dummy_value()

        arguments = (spins, site, couplings, words, quarter, change, scales, numbers)
        return types.void(*arguments), codegen

    return update


update_heat_bath = _updater(heat_bath)
update_metropolis = _updater(metropolis)
