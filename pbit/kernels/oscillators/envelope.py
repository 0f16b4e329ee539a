r"""Powers of driven auto-oscillators, slot after slot, with delayed feedback and noise.

In a slot of constant supercriticality :math:`\zeta` the power follows
:math:`\dot p = 2 p (a - b p)`, :math:`a = \Gamma_G (\zeta - 1)`, :math:`b = \Gamma_G (\zeta + Q)`,
whose solution after a time t is, with :math:`x = 2 a t` and :math:`g = (e^x - 1) / x`,

.. math:: p' = p e^x / (1 + 2 \Gamma_G t (\zeta + Q) p g).

g is a polynomial where x is small, so that nothing is lost at the threshold. Noise is added to the
complex amplitude after each piece of a slot, the same variance to both quadratures. Its words are
those of (seed; slot and piece, step, lane), purpose OSCILLATOR, draw 3: no lane knows of others.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir
from numba import float64, int64, njit, uint64
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.normals import normal_pair, sqrt
from pbit.kernels.random.stream import OSCILLATOR, tag

DRAW = 3  # of purpose OSCILLATOR: what drives reservoirs
MOST = 600.0  # of |x|: far from where e^x overflows

_LOW = uint64(0xFFFFFFFF)
_LOG2_E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
_ROUND = 6755399441055744.0  # 1.5 * 2**52: adding it leaves the nearest integer in the low bits


class Lanes(NamedTuple):
    """Of every lane, float64 (L,)."""

    rate: Any  # 2 Gamma_G times a piece of a slot
    damping: Any  # Q
    feedback: Any  # what the delayed amplitude adds to the supercriticality
    noise: Any  # standard deviation of either quadrature after a piece


class Plan(NamedTuple):
    """Of all lanes."""

    slots: int  # of a step
    pieces: int  # of a slot
    floor: float  # the least power
    first_step: int
    first_lane: int
    key0: int
    key1: int


@intrinsic  # type: ignore[untyped-decorator]
def _power_of_two(typingctx: Any, rounded: Any) -> Any:
    """``2**k`` of the float64 ``k + 1.5 * 2**52``."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        word = ir.IntType(64)
        bits = builder.bitcast(args[0], word)
        exponent = builder.shl(builder.add(bits, ir.Constant(word, 1023)), ir.Constant(word, 52))
        return builder.bitcast(exponent, ir.DoubleType())

    return types.float64(types.float64), codegen


@njit(inline="always")
def growth(x: Any) -> Any:
    """``(e^x, (e^x - 1) / x)`` to a few units of rounding."""
    rounded = x * _LOG2_E + _ROUND
    k = rounded - _ROUND
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    q = 1.0 / 87178291200.0
    q = q * r + 1.0 / 6227020800.0
    q = q * r + 1.0 / 479001600.0
    q = q * r + 1.0 / 39916800.0
    q = q * r + 1.0 / 3628800.0
    q = q * r + 1.0 / 362880.0
    q = q * r + 1.0 / 40320.0
    q = q * r + 1.0 / 5040.0
    q = q * r + 1.0 / 720.0
    q = q * r + 1.0 / 120.0
    q = q * r + 1.0 / 24.0
    q = q * r + 1.0 / 6.0
    q = q * r + 0.5
    q = q * r + 1.0
    power = _power_of_two(rounded)
    e = power + power * (r * q)
    far = k != 0.0
    return e, (e - 1.0) / (x if far else 1.0) if far else q


@njit(inline="always")
def _shaken(power: Any, noise: Any, place: Any, key: Any) -> Any:
    """The power after noise on both quadratures; two pieces share a block of four words."""
    turn, step, lane = place
    a, b, c, d = random_words(
        turn >> uint64(1), step & _LOW, lane, tag(OSCILLATOR, step, DRAW), key[0], key[1]
    )
    odd = turn & uint64(1) != uint64(0)
    x, y = normal_pair(c if odd else a, d if odd else b)
    along, across = sqrt(power) + noise * float64(x), noise * float64(y)
    return along * along + across * across


@bare_kernel
def run_envelopes(states: Any, power: Any, history: Any, lanes: Any, plan: Any) -> None:
    """``states`` float64 (slots in all, L): supercriticalities in, amplitudes sqrt(p) at the ends
    of the slots out; ``power`` float64 (L,) goes on; ``history`` float64 (D, L): amplitudes of the
    D slots before the first, none without feedback."""
    delay, width = history.shape
    key = (uint64(plan.key0), uint64(plan.key1))
    loud = False
    for lane in range(width):
        loud = loud or lanes.noise[lane] > 0.0
    step, slot = int64(plan.first_step), int64(0)
    for s in range(states.shape[0]):
        if delay > 0:
            if s < delay:
                for lane in range(width):
                    states[s, lane] += lanes.feedback[lane] * history[s, lane]
            else:
                for lane in range(width):
                    states[s, lane] += lanes.feedback[lane] * states[s - delay, lane]
        for piece in range(plan.pieces):
            for lane in range(width):
                zeta, rate, p = states[s, lane], lanes.rate[lane], power[lane]
                e, g = growth(rate * (zeta - 1.0))
                p = p * e / (1.0 + rate * (zeta + lanes.damping[lane]) * p * g)
                power[lane] = p if p > plan.floor else plan.floor
            if loud:
                turn = uint64(slot * plan.pieces + piece)
                for lane in range(width):
                    place = (turn, uint64(step), uint64(plan.first_lane + lane))
                    power[lane] = _shaken(power[lane], lanes.noise[lane], place, key)
        for lane in range(width):
            states[s, lane] = sqrt(power[lane])
        slot += 1
        if slot == plan.slots:
            slot = int64(0)
            step += 1
