"""Single auto-oscillators in a rotating frame, read after read, by Heun steps of fixed length.

The noise of step t of read k comes from words 0 and 1 of counter (0, t, k), purpose OSCILLATOR,
draw AMPLITUDES: one normal number for each quadrature, float32; all else is float64. The noise is
additive, so that Stratonovich's rule and Ito's are the same.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from numba import float64, njit, uint64

from pbit.kernels.jit import bare_kernel
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.normals import normal_pair
from pbit.kernels.random.stream import OSCILLATOR, tag

AMPLITUDES = 1  # draw of the noise on amplitudes

_LOW = uint64(0xFFFFFFFF)


class Rates(NamedTuple):
    """What all reads have in common, per step."""

    damping: float  # Gamma_G
    nonlinear_damping: float  # Q, a number
    shift: float  # N
    noise: float  # standard deviation of either quadrature
    feedback: float  # supercriticality of a delayed amplitude of 1


class Drives(NamedTuple):
    """What a read has of its own, a column of ``drives``; all but the first and last per step."""

    supercriticality: float
    detuning: float  # omega_0 less that of the frame
    force: float  # 1:1
    pump: float  # 2:1
    amplitude: float  # that the feedback is told from


@njit(inline="always")
def _change(x: Any, y: Any, zeta: Any, drive: Any, rates: Any) -> Any:
    """(dx, dy) of a step."""
    p = x * x + y * y
    grow = rates.damping * (zeta * (1.0 - p) - 1.0 - rates.nonlinear_damping * p)
    turn = drive.detuning + rates.shift * p
    return (
        (grow + drive.pump) * x + turn * y + drive.force,
        (grow - drive.pump) * y - turn * x,
    )


@bare_kernel
def run_oscillators(
    state: Any, record: Any, history: Any, drives: Any, plan: Any, keys: Any, rates: Any
) -> None:
    """Reads ``state`` float64 (R, 2), both quadratures, through ``plan`` = (first read, first step,
    steps, steps a record); ``record`` float64 (R, records, 2), ``drives`` float64 (R, 5) as in
    :class:`Drives`; ``history`` float64 (R, delay in steps) amplitudes, the oldest first."""
    read0, first, steps, every = plan
    delay = history.shape[1]
    for k in range(state.shape[0]):
        x, y = state[k, 0], state[k, 1]
        drive = Drives(drives[k, 0], drives[k, 1], drives[k, 2], drives[k, 3], drives[k, 4])
        now = after = drive.supercriticality
        a = b = 0.0
        left, row, at = every, 0, 0
        for step in range(steps):
            if rates.feedback != 0.0:
                now = drive.supercriticality + rates.feedback * (history[k, at] - drive.amplitude)
                history[k, at] = math.sqrt(x * x + y * y)
                at = at + 1 if at + 1 < delay else 0
                after = drive.supercriticality + rates.feedback * (history[k, at] - drive.amplitude)
            if rates.noise > 0.0:
                number = uint64(first + step)
                word3 = tag(OSCILLATOR, number, AMPLITUDES)
                words = random_words(
                    uint64(0), number & _LOW, uint64(read0 + k), word3, keys[0], keys[1]
                )
                one, two = normal_pair(words[0], words[1])
                a, b = rates.noise * float64(one), rates.noise * float64(two)
            dx, dy = _change(x, y, now, drive, rates)
            dx2, dy2 = _change(x + dx + a, y + dy + b, after, drive, rates)
            x += 0.5 * (dx + dx2) + a
            y += 0.5 * (dy + dy2) + b
            left -= 1
            if left == 0:
                record[k, row, 0] = x
                record[k, row, 1] = y
                left = every
                row += 1
        state[k, 0] = x
        state[k, 1] = y
