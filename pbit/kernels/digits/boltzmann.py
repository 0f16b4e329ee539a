"""Boltzmann weights of the values of one digit, eight at a time.

A row of K values has the next multiple of eight entries: int16, int32 or float64 energies, those
beyond K so high that none is the lowest (:data:`PADS`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.vectors.float_bits import EXP2_COEFFICIENTS, ROUND
from pbit.kernels.vectors.llvm import (
    F32,
    F64,
    I32,
    I64,
    Loop,
    call,
    constant,
    constant_index,
    data_of,
    integer,
    load,
    splat,
    store,
    vector,
)

WIDTH = 8
PADS = {"int16": 2**15 - 1, "int32": 2**30, "float64": np.inf}
FROZEN = -100.0  # 2**-100 and less is nothing: words tell 2**-33
LOG2_E = 1.4426950408889634


def padded(num_values: Any) -> Any:
    """Entries of a row."""
    return -(-num_values // WIDTH) * WIDTH


@intrinsic  # type: ignore[untyped-decorator]
def weigh(typingctx: Any, energies: Any, at: Any, digit: Any, scale: Any, weights: Any) -> Any:
    """``weights[a] = exp(-beta (E_a - E_min))``, float32, of the row ``energies[at:]``; the sum of
    all but the present one.

    digit = (K, the present value); scale = ``-beta log2(e)``, a finite float64. Whole
    energies are multiplied by it in float32, real ones, which may be of any size, in float64.
    """

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        data = data_of(context, b, signature.args[0], arguments[0])
        out = data_of(context, b, signature.args[4], arguments[4])
        at, scale = arguments[1], arguments[3]
        count, now = (b.extract_value(arguments[2], k) for k in (0, 1))
        low = splat(b, _lowest(b, data, at, count), WIDTH)
        counts, present = (splat(b, x, WIDTH) for x in (count, now))
        scales = _scales(b, scale, low.type.element)
        loop = Loop(b, [integer(0), constant(F32, 0.0, WIDTH)])
        k, total = loop.values
        with loop.running(b.icmp_signed("<", k, count)):
            power = _powers(b, load(b, data, b.add(at, k), lanes=WIDTH), low, scales)
            places = b.add(splat(b, k, WIDTH), constant(I64, list(range(WIDTH)), WIDTH))
            counted = b.and_(
                b.icmp_signed("<", places, counts),
                b.fcmp_ordered(">", power, constant(F32, FROZEN, WIDTH)),
            )
            nothing = constant(F32, 0.0, WIDTH)
            weight = b.select(counted, exp2_of(b, power), nothing)
            store(b, weight, out, k)
            others = b.select(b.icmp_signed("!=", places, present), weight, nothing)
            loop.next([b.add(k, integer(WIDTH)), b.fadd(total, others)])
        return _sum(b, loop.values[1])

    pair = types.UniTuple(types.int64, 2)  # type: ignore[attr-defined]
    return types.float32(energies, types.int64, pair, types.float64, weights), codegen


def _lowest(b: Any, data: Any, at: Any, count: Any) -> Any:
    """The lowest of a row, a scalar."""
    loop = Loop(b, [integer(WIDTH), load(b, data, at, lanes=WIDTH)])
    k, low = loop.values
    with loop.running(b.icmp_signed("<", k, count)):
        row = load(b, data, b.add(at, k), lanes=WIDTH)
        loop.next([b.add(k, integer(WIDTH)), lower_of(b, row, low)])
    low = loop.values[1]
    for lanes in (4, 2, 1):
        order = constant(I32, [(j + lanes) % WIDTH for j in range(WIDTH)], WIDTH)
        low = lower_of(b, low, b.shuffle_vector(low, low, order))
    return b.extract_element(low, constant_index(0))


def lower_of(b: Any, one: Any, other: Any) -> Any:
    """The lower energy in each lane."""
    is_real = one.type.element == F64
    less = (b.fcmp_ordered if is_real else b.icmp_signed)("<", one, other)
    return b.select(less, one, other)


def _scales(b: Any, scale: Any, energy: Any) -> Any:
    """The scale in all lanes, in the precision for such energies."""
    if energy == F64:
        return splat(b, scale, WIDTH)
    least = ir.Constant(F64, -3e38)
    held = b.select(b.fcmp_ordered("<", scale, least), least, scale)
    return splat(b, b.fptrunc(held, F32), WIDTH)


def _powers(b: Any, row: Any, low: Any, scales: Any) -> Any:
    """Energies above the lowest one, scaled, float32."""
    floats = vector(F32, WIDTH)
    if row.type.element == F64:
        return b.fptrunc(b.fmul(b.fsub(row, low), scales), floats)
    if row.type.element != I32:
        row, low = (b.sext(x, vector(I32, WIDTH)) for x in (row, low))
    return b.fmul(b.sitofp(b.sub(row, low), floats), scales)


def exp2_of(b: Any, power: Any) -> Any:
    """2**y, by the polynomial of :func:`pbit.kernels.vectors.float_bits.exp2`; of what is frozen,
    anything."""
    kind, lanes = power.type, power.type.count
    shift = constant(F32, ROUND, lanes)
    rounded = b.fadd(power, shift)
    rest = b.fsub(power, b.fsub(rounded, shift))
    value = constant(F32, float(np.float32(EXP2_COEFFICIENTS[0])), lanes)
    for coefficient in EXP2_COEFFICIENTS[1:]:
        term = constant(F32, float(np.float32(coefficient)), lanes)
        value = call(b, f"llvm.fma.v{lanes}f32", kind, [value, rest, term])
    bits = b.add(b.bitcast(rounded, vector(I32, lanes)), constant(I32, 127, lanes))
    bits = b.shl(bits, constant(I32, 23, lanes))
    return b.fmul(value, b.bitcast(bits, kind))


def _sum(b: Any, total: Any) -> Any:
    for lanes in (4, 2, 1):
        order = constant(I32, [(j + lanes) % WIDTH for j in range(WIDTH)], WIDTH)
        total = b.fadd(total, b.shuffle_vector(total, total, order))
    return b.extract_element(total, ir.Constant(I32, 0))
