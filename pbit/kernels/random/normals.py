"""Standard normal numbers from uint32 words: Box and Muller's transform in float32.

Of two words, ``u = (a + 1/2) / 2**32`` gives the radius ``sqrt(-2 ln u)``; the second gives the
angle: as a signed number one in [-pi/4, pi/4), its bits 0 to 2 which reflections. Against the same
transform in float64 the error is below 1e-6 + 6e-8 / radius (tests/kernels/test_normals.py); no
number exceeds 6.77, as 1 in 10^11 true ones would. Every product that is added to something is an
explicit fma, so that all machines and all vector widths give the same bits.

Source: Box, Muller, Ann. Math. Stat. 29, 610 (1958).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import float32, int32, njit, uint32
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.vectors.float_bits import as_float32, as_uint32, fma

# Minimax coefficients, lowest first: ln(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1], sin(x) / x and
# cos(x) in x**2 on [-pi/4, pi/4].
LOG_COEFFICIENTS = (
    1.0, -0.49999979, 0.3333416, -0.25002947, 0.19958417, -0.16543739, 0.14917378, -0.14482185,
    0.08959912,
)  # fmt: skip
SIN_COEFFICIENTS = (1.0, -0.16666651, 0.008332036, -0.00019504022)
COS_COEFFICIENTS = (1.0, -0.5, 0.041666616, -0.0013886619, 2.4379929e-05)

_L0, _L1, _L2, _L3, _L4, _L5, _L6, _L7, _L8 = (float32(c) for c in LOG_COEFFICIENTS)
_S0, _S1, _S2, _S3 = (float32(c) for c in SIN_COEFFICIENTS)
_C0, _C1, _C2, _C3, _C4 = (float32(c) for c in COS_COEFFICIENTS)
_LN2 = float32(0.6931471805599453)
_ONE, _HALF, _MINUS_2 = float32(1.0), float32(0.5), float32(-2.0)
_2_TO_MINUS_32 = float32(2.0**-32)
_EIGHTH = float32(0.7853981633974483 * 2.0**-31)
_ROOT_HALF = uint32(0x3F3504F3)  # bits of sqrt(1/2)


@intrinsic  # type: ignore[untyped-decorator]
def sqrt(typingctx: Any, value: Any) -> Any:
    """Square root, correctly rounded; vectorises, unlike a call of the C library's."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = args[0].type
        name = "llvm.sqrt.f32" if isinstance(kind, ir.FloatType) else "llvm.sqrt.f64"
        function = ir.FunctionType(kind, [kind])
        found = builder.module.globals.get(name) or ir.Function(builder.module, function, name)
        return builder.call(found, args)

    if value not in (types.float32, types.float64):
        return None
    return value(value), codegen


@njit(inline="always")
def radius(word: Any) -> Any:
    """``sqrt(-2 ln((word + 1/2) / 2**32))``, float32."""
    u = (float32(word) + _HALF) * _2_TO_MINUS_32
    bits = as_uint32(u)
    exponent = int32(uint32(bits - _ROOT_HALF)) >> int32(23)
    f = as_float32(uint32(bits - (uint32(exponent) << uint32(23)))) - _ONE
    p = fma(_L8, f, _L7)
    p = fma(p, f, _L6)
    p = fma(p, f, _L5)
    p = fma(p, f, _L4)
    p = fma(p, f, _L3)
    p = fma(p, f, _L2)
    p = fma(p, f, _L1)
    p = fma(p, f, _L0)
    return sqrt(_MINUS_2 * fma(f, p, float32(exponent) * _LN2))


@njit(inline="always")
def cosine_and_sine(word: Any) -> Any:
    """Of an angle uniform on the circle, float32."""
    x = float32(int32(word)) * _EIGHTH
    square = x * x
    sine = fma(fma(fma(_S3, square, _S2), square, _S1), square, _S0) * x
    cosine = fma(fma(fma(fma(_C4, square, _C3), square, _C2), square, _C1), square, _C0)
    swapped = (word & uint32(4)) != uint32(0)
    first = sine if swapped else cosine
    second = cosine if swapped else sine
    # The lowest bits flip the signs: without bit 2 four quadrants of cosines, with it of sines.
    first = as_float32(uint32(as_uint32(first) ^ (word << uint32(31))))
    flip = (word >> uint32(1)) << uint32(31)
    return first, as_float32(uint32(as_uint32(second) ^ flip))


@njit(inline="always")
def normal_pair(a: Any, b: Any) -> Any:
    """Two independent normal numbers, float32, of two uint32 words."""
    r = radius(a)
    cosine, sine = cosine_and_sine(b)
    return r * cosine, r * sine
