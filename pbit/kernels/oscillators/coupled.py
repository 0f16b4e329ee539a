r"""Coupled auto-oscillators driven slot after slot, by a splitting that is exact in either part.

A piece of a slot is half of the coupling, whose exponential is handed over, the oscillators by
themselves, and the other half. By itself an oscillator's power is that of
:mod:`pbit.kernels.oscillators.envelope`, and its phase turns by
:math:`-\omega t - N \int p\,dt`, with :math:`\int p\,dt = \ln(1 + y) / (2 b)` and
:math:`y = 2 b t\,p\,g`.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from numba import njit

from pbit.kernels.jit import bare_kernel
from pbit.kernels.oscillators.envelope import growth
from pbit.kernels.random.normals import sqrt


class Oscillators(NamedTuple):
    """Of every oscillator, float64 (n,), for a piece of a slot."""

    rate: Any  # 2 Gamma_G times its duration
    damping: Any  # Q
    turn: Any  # its phase, without power
    shift: Any  # its phase, for a power of 1


@njit(inline="always")
def _alone(c: Any, zeta: Any, of: Any, k: Any) -> Any:
    """(real, imaginary) amplitude after a piece without coupling."""
    power = c[0] * c[0] + c[1] * c[1]
    e, g = growth(of.rate[k] * (zeta - 1.0))
    y = of.rate[k] * (zeta + of.damping[k]) * power * g
    mean = power * g * (math.log1p(y) / y if y != 0.0 else 1.0)
    angle = of.turn[k] + of.shift[k] * mean
    scale = sqrt(e / (1.0 + y))
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    return c[0] * cosine + c[1] * sine, c[1] * cosine - c[0] * sine


@njit(inline="always")
def _pushed(c: Any, half: Any, scratch: Any) -> None:
    """``c = c @ half``, float64 (2, n); half (2, n, n), real and imaginary parts. Column after
    column, which vectors take, and in the same order whatever their width."""
    n = c.shape[1]
    for k in range(n):
        scratch[0, k] = 0.0
        scratch[1, k] = 0.0
    for j in range(n):
        re, im = c[0, j], c[1, j]
        for k in range(n):
            scratch[0, k] += half[0, j, k] * re - half[1, j, k] * im
            scratch[1, k] += half[0, j, k] * im + half[1, j, k] * re
    for k in range(n):
        c[0, k] = scratch[0, k]
        c[1, k] = scratch[1, k]


@bare_kernel
def run_coupled(
    states: Any, amplitudes: Any, half: Any, scratch: Any, of: Any, pieces: Any
) -> None:
    """``states`` float64 (series, slots, n): supercriticalities in, amplitudes at the ends of the
    slots out; ``amplitudes`` float64 (series, 2, n), real and imaginary, go on; ``half`` float64
    (2, n, n), what acts on its column, or (2, 0, 0) without coupling; ``scratch`` (2, n)."""
    series, slots, n = states.shape
    coupled = half.shape[1] > 0
    for r in range(series):
        c = amplitudes[r]
        for s in range(slots):
            for _ in range(pieces):
                if coupled:
                    _pushed(c, half, scratch)
                for k in range(n):
                    re, im = _alone((c[0, k], c[1, k]), states[r, s, k], of, k)
                    c[0, k] = re
                    c[1, k] = im
                if coupled:
                    _pushed(c, half, scratch)
            for k in range(n):
                states[r, s, k] = sqrt(c[0, k] * c[0, k] + c[1, k] * c[1, k])
