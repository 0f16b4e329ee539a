"""Sines and cosines of phases, sixteen at a time.

Phases are float64 and never wrapped, so that mean frequencies are exact. They are reduced to
[-pi/4, pi/4] in float64 and only then rounded: sines and cosines are right to 1.2e-7 for phases
up to 1e9.
"""

from __future__ import annotations

import math
from typing import Any

from pbit.kernels.random.normals import COS_COEFFICIENTS, SIN_COEFFICIENTS
from pbit.kernels.sweeps.lanes import LANES, fma
from pbit.kernels.vectors.llvm import F32, F64, I32, I64, constant, vector

_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest integer in the low bits


def sine_and_cosine(b: Any, phases: Any) -> tuple[Any, Any]:
    """Vectors of float32 of a vector of float64."""
    magic = constant(F64, _ROUND, LANES)
    shifted = fma(b, phases, constant(F64, 2 / math.pi, LANES), magic)
    quarters = b.fsub(shifted, magic)
    x = fma(b, quarters, constant(F64, -math.pi / 2, LANES), phases)
    x = b.fptrunc(x, vector(F32, LANES))
    quadrant = b.trunc(b.bitcast(shifted, vector(I64, LANES)), vector(I32, LANES))
    square = b.fmul(x, x)
    sine = b.fmul(_polynomial(b, square, SIN_COEFFICIENTS), x)
    cosine = _polynomial(b, square, COS_COEFFICIENTS)
    one = constant(I32, 1, LANES)
    is_odd = b.icmp_signed("!=", b.and_(quadrant, one), constant(I32, 0, LANES))
    return (
        _turned(b, b.select(is_odd, cosine, sine), quadrant),
        _turned(b, b.select(is_odd, sine, cosine), b.add(quadrant, one)),
    )


def _polynomial(b: Any, x: Any, coefficients: tuple[float, ...]) -> Any:
    value = constant(F32, coefficients[-1], LANES)
    for coefficient in coefficients[-2::-1]:
        value = fma(b, value, x, constant(F32, coefficient, LANES))
    return value


def _turned(b: Any, value: Any, quadrant: Any) -> Any:
    """With the other sign where bit 1 of the quadrant is set."""
    flip = b.shl(b.lshr(quadrant, constant(I32, 1, LANES)), constant(I32, 31, LANES))
    return b.bitcast(b.xor(b.bitcast(value, vector(I32, LANES)), flip), vector(F32, LANES))
