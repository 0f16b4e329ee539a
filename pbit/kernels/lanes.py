"""One spin of many reads updated in vectors of 16 lanes, written in LLVM's own vector types.

numba has no vector types, and what its loop vectoriser makes of the same loops spends a third of
the time on checks for overlapping arrays and on the fields going to memory and back. Here a tile
of 64 reads keeps its fields in registers from the first neighbour to the new spins. LLVM splits
the vectors where the machine's are narrower.

The arithmetic is that of :mod:`pbit.kernels.gibbs`, operation by operation, and gives the same
bits (tests/test_annealer.py compares them).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from pbit.kernels.bits import EXP2_COEFFICIENTS, ROUND

LANES = 16
_TILE = 4

_I8, _I32, _I64 = ir.IntType(8), ir.IntType(32), ir.IntType(64)
_F32, _F64 = ir.FloatType(), ir.DoubleType()


def _vector(element: Any) -> ir.VectorType:
    return ir.VectorType(element, LANES)


def _constant(element: Any, value: Any) -> ir.Constant:
    return ir.Constant(_vector(element), [value] * LANES)


def _splat(b: Any, value: Any) -> Any:
    undefined = ir.Constant(_vector(value.type), ir.Undefined)
    first = b.insert_element(undefined, value, ir.Constant(_I32, 0))
    return b.shuffle_vector(first, undefined, _constant(_I32, 0))


def _load(b: Any, data: Any, index: Any, bytes_each: int) -> Any:
    element = data.type.pointee
    pointer = b.bitcast(b.gep(data, [index]), _vector(element).as_pointer())
    loaded = b.load(pointer)
    loaded.align = bytes_each
    return loaded


def _store(b: Any, value: Any, data: Any, index: Any, bytes_each: int) -> None:
    pointer = b.bitcast(b.gep(data, [index]), value.type.as_pointer())
    b.store(value, pointer).align = bytes_each


def _fma(b: Any, x: Any, y: Any, z: Any) -> Any:
    signature = ir.FunctionType(x.type, [x.type] * 3)
    name = f"llvm.fma.v{LANES}f{32 if x.type.element == _F32 else 64}"
    return b.call(cgutils.get_or_insert_function(b.module, signature, name), [x, y, z])


def _maximum(b: Any, x: Any, y: Any) -> Any:
    return b.select(b.fcmp_ordered(">", x, y), x, y)


def _exp2(b: Any, y: Any) -> Any:
    rounding = _constant(_F32, ROUND)
    rounded = b.fadd(y, rounding)
    f = b.fsub(y, b.fsub(rounded, rounding))
    p = _constant(_F32, EXP2_COEFFICIENTS[0])
    for coefficient in EXP2_COEFFICIENTS[1:]:
        p = _fma(b, p, f, _constant(_F32, coefficient))
    exponent = b.add(b.bitcast(rounded, _vector(_I32)), _constant(_I32, 127))
    power = b.bitcast(b.shl(exponent, _constant(_I32, 23)), _vector(_F32))
    return b.fmul(p, power)


_FROZEN, _HALF, _ALL, _ZERO = -44.0, 0.5, 4294967296.0, 0.0


def _heat_bath(b: Any, x: Any, word: Any, old: Any) -> Any:
    """New spins: +1 iff u < sigma(2 beta f); see gibbs._heat_bath."""
    bits = b.bitcast(x, _vector(_I32))
    minus = b.bitcast(b.or_(bits, _constant(_I32, -(2**31))), _vector(_F32))
    t = _exp2(b, _maximum(b, minus, _constant(_F32, _FROZEN)))
    up = b.fcmp_ordered(">", x, _constant(_F32, _ZERO))
    v = b.select(up, b.not_(word), word)
    u = b.fadd(b.uitofp(v, _vector(_F32)), _constant(_F32, _HALF))
    against = b.fcmp_ordered("<", _fma(b, u, t, u), b.fmul(t, _constant(_F32, _ALL)))
    return b.select(b.xor(up, against), _constant(_I8, 1), _constant(_I8, -1))


def _metropolis(b: Any, x: Any, word: Any, old: Any) -> Any:
    """New spins: flipped iff u <= exp(-2 beta f s); see gibbs._metropolis."""
    is_up = b.icmp_signed(">", old, _constant(_I8, 0))
    minus_zero = _constant(_F32, -0.0)
    cost = b.select(is_up, x, b.fsub(minus_zero, x))
    work = _maximum(b, cost, _constant(_F32, _ZERO))
    t = _exp2(b, _maximum(b, b.fsub(minus_zero, work), _constant(_F32, _FROZEN)))
    u = b.fadd(b.uitofp(word, _vector(_F32)), _constant(_F32, _HALF))
    moves = b.fcmp_ordered("<=", u, b.fmul(t, _constant(_F32, _ALL)))
    return b.select(moves, b.sub(_constant(_I8, 0), old), old)


class _Site:
    """Code of one update: arrays of the call and how to walk a tile of reads."""

    def __init__(self, context: Any, b: Any, signature: Any, arguments: Any) -> None:
        def array(k: int) -> Any:
            return make_array(signature.args[k])(context, b, arguments[k])

        spins, words = array(0), array(5)
        self.b = b
        self.spins, self.words, self.change = spins.data, words.data, array(7).data
        self.indices, self.weights = array(2).data, array(3).data
        self.site, bounds, self.quarter = arguments[1], arguments[4], arguments[6]
        self.start, self.end = cgutils.unpack_tuple(b, bounds, 2)
        self.bias, self.scale = cgutils.unpack_tuple(b, arguments[8], 2)
        self.reads = cgutils.unpack_tuple(b, spins.shape, 2)[1]
        self.real = self.bias.type
        self.bytes = 4 if self.real == _F32 else 8

    def fields(self, first: Any, count: int) -> list[Any]:
        """``bias + sum_k weights[k] * spins[indices[k]]`` of ``16 * count`` reads, in order.

        Products with -1 and +1 are exact, so that fusing them with the sum changes no bit.
        """
        b, vector = self.b, _vector(self.real)
        before, bias = b.block, _splat(b, self.bias)
        head, body, done = (b.append_basic_block(name) for name in ("next", "add", "summed"))
        b.branch(head)
        b.position_at_end(head)
        k = b.phi(_I64)
        sums = [b.phi(vector) for _ in range(count)]
        for value, initial in [(k, self.start), *((s, bias) for s in sums)]:
            value.add_incoming(initial, before)
        b.cbranch(b.icmp_signed("<", k, self.end), body, done)
        b.position_at_end(body)
        neighbour = b.zext(b.load(b.gep(self.indices, [k])), _I64)
        row = b.add(b.mul(neighbour, self.reads), first)
        weight = _splat(b, b.load(b.gep(self.weights, [k])))
        for t, total in enumerate(sums):
            s = b.sext(_load(b, self.spins, self._lane(row, t), 1), _vector(_I32))
            total.add_incoming(_fma(b, weight, b.sitofp(s, vector), total), body)
        k.add_incoming(b.add(k, ir.Constant(_I64, 1)), body)
        b.branch(head)
        b.position_at_end(done)
        return sums

    def tile(self, first: Any, count: int, rule: Callable[..., Any]) -> None:
        """Update ``16 * count`` reads from ``first`` on."""
        b = self.b
        own = b.add(b.mul(self.site, self.reads), first)
        draw = b.add(b.mul(self.quarter, self.reads), first)
        scale = _splat(b, self.scale)
        for t, field in enumerate(self.fields(first, count)):
            x = b.fmul(field, scale)
            if self.real == _F64:
                x = b.fptrunc(x, _vector(_F32))
            old = _load(b, self.spins, self._lane(own, t), 1)
            new = rule(b, x, _load(b, self.words, self._lane(draw, t), 4), old)
            _store(b, new, self.spins, self._lane(own, t), 1)
            moved = b.sitofp(b.sext(b.sub(old, new), _vector(_I32)), field.type)
            at = self._lane(first, t)
            change = b.fadd(_load(b, self.change, at, self.bytes), b.fmul(moved, field))
            _store(b, change, self.change, at, self.bytes)

    def all_reads(self, rule: Callable[..., Any]) -> None:
        """Tiles of 64 reads, then of 16."""
        b, wide = self.b, LANES * _TILE
        whole = b.and_(self.reads, ir.Constant(_I64, -wide))
        zero = ir.Constant(_I64, 0)
        for first, last, count in ((zero, whole, _TILE), (whole, self.reads, 1)):
            step = ir.Constant(_I64, LANES * count)
            with cgutils.for_range_slice(b, first, last, step, _I64) as (read, _):
                self.tile(read, count, rule)

    def _lane(self, index: Any, t: int) -> Any:
        return self.b.add(index, ir.Constant(_I64, LANES * t))


def _updater(rule: Callable[..., Any]) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def update(
        typingctx: Any,
        spins: Any,
        site: Any,
        indices: Any,
        weights: Any,
        bounds: Any,
        words: Any,
        quarter: Any,
        change: Any,
        numbers: Any,
    ) -> Any:
        """Update spin ``site`` of all reads; their number must be a multiple of 16.

        bounds = (start, end) in indices and weights; words uint32 (4, reads), of which row
        ``quarter`` is used; numbers = (bias, scale); change[r] += what the update cost read r.
        """

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _Site(context, builder, signature, arguments).all_reads(rule)
            return context.get_dummy_value()

        arguments = (spins, site, indices, weights, bounds, words, quarter, change, numbers)
        return types.void(*arguments), codegen

    return update


update_heat_bath = _updater(_heat_bath)
update_metropolis = _updater(_metropolis)
