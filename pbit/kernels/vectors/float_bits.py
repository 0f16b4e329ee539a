"""What numba lacks: reinterpreting bits, fused multiply-add, 2**y, the first bit of a word."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import float32, njit, uint32
from numba.core import cgutils, types
from numba.extending import intrinsic

_FLOAT = ir.FloatType()
_INT = ir.IntType(32)


@intrinsic  # type: ignore[untyped-decorator]
def as_float32(typingctx: Any, bits: Any) -> Any:
    """The float32 with these 32 bits."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], _FLOAT)

    return types.float32(types.uint32), codegen


@intrinsic  # type: ignore[untyped-decorator]
def as_uint32(typingctx: Any, value: Any) -> Any:
    """The 32 bits of a float32."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], _INT)

    return types.uint32(types.float32), codegen


@intrinsic  # type: ignore[untyped-decorator]
def fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    """``a * b + c`` rounded once: the same bits on every machine, unlike a contracted product."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return types.float32(types.float32, types.float32, types.float32), codegen


# Minimax coefficients of 2**f - 1 on [-1/2, 1/2], highest first; 2**0 is exactly 1 (coins are
# fair, flat moves always accepted) and the relative error stays below 2.5e-7
# (tests/kernels/test_bits.py).
EXP2_COEFFICIENTS = (0.0013264727, 0.009671513, 0.055507336, 0.24022242, 0.693147, 1.0)
ROUND = 12582912.0  # 1.5 * 2**23: adding it leaves the nearest integer in the low bits

_P5, _P4, _P3, _P2, _P1, _ONE = (float32(c) for c in EXP2_COEFFICIENTS)
_ROUND = float32(ROUND)


@njit(inline="always")
def exp2(y: Any) -> Any:
    """``2**y`` for float32 y in [-120, 0]."""
    rounded = y + _ROUND
    f = y - (rounded - _ROUND)
    p = fma(_P5, f, _P4)
    p = fma(p, f, _P3)
    p = fma(p, f, _P2)
    p = fma(p, f, _P1)
    p = fma(p, f, _ONE)
    return p * as_float32(uint32((as_uint32(rounded) + uint32(127)) << uint32(23)))


@intrinsic  # type: ignore[untyped-decorator]
def prefetch(typingctx: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of ``array[index]``, a tuple of so many; changes nothing."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        of = context.make_array(signature.args[0])(context, builder, args[0])
        place = cgutils.unpack_tuple(builder, args[1], signature.args[0].ndim)
        at = cgutils.get_item_pointer(context, builder, signature.args[0], of, place)
        byte = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, _INT, _INT, _INT])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        one, near = ir.Constant(_INT, 1), ir.Constant(_INT, 3)
        builder.call(function, [builder.bitcast(at, byte), one, near, one])
        return context.get_dummy_value()

    return types.void(array, index), codegen


@intrinsic  # type: ignore[untyped-decorator]
def first_bit(typingctx: Any, bits: Any) -> Any:
    """Position of the lowest set bit, of which there is one; uint64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.IntType(64)
        name, sure = "llvm.cttz.i64", ir.IntType(1)
        shape = ir.FunctionType(kind, [kind, sure])
        count = cgutils.get_or_insert_function(builder.module, shape, name)
        return builder.call(count, [args[0], ir.Constant(sure, 1)])

    return types.uint64(types.uint64), codegen
