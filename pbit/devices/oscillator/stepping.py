"""What moves single auto-oscillators, and in how many steps of what length."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.feedback import DelayedFeedback
from pbit.devices.oscillator.injection import Injection
from pbit.devices.oscillator.oscillator_run import ComplexArray, FloatArray
from pbit.devices.quantities import number

_TURN = 0.05  # rad that c moves in a default step, at most
_LARGEST_TURN = 0.5
MOST_STEPS = 2**44  # that a counter of the noise tells apart
MOST_WORK = 2.0**31  # steps of single oscillators, about a minute


class Culprit(NamedTuple):
    """What makes a run long."""

    argument: str
    value: float
    remedy: str


class System(NamedTuple):
    """What there is at every read, float64 (reads,); rates in rad/s."""

    oscillator: AutoOscillator
    supercriticality: FloatArray
    power: FloatArray
    frame_Hz: FloatArray
    detuning: FloatArray
    force: FloatArray
    pump: FloatArray


def system_of(
    oscillator: AutoOscillator,
    reads: int,
    current_A: npt.ArrayLike,
    injection: Injection | None,
    frame_Hz: npt.ArrayLike | None,
) -> System:
    current = per_read("current_A", current_A, reads)
    forces = {1: np.zeros(reads), 2: np.zeros(reads)}
    frame: npt.ArrayLike = oscillator.frequency_at_Hz(current)
    if injection is not None:
        strength = per_read("strength_Hz", injection.strength_Hz, reads)
        forces[injection.harmonic] = 2 * math.pi * strength
        frame = per_read("frequency_Hz", injection.frequency_Hz, reads) / injection.harmonic
        if frame_Hz is not None:
            raise ArgumentError(
                "frame_Hz", "must be left out with a signal", remedy="its frame is that of the lock"
            )
    frames = per_read("frame_Hz", frame if frame_Hz is None else frame_Hz, reads)
    detuning = 2 * math.pi * (oscillator.frequency_Hz - frames)
    zeta, power = oscillator.supercriticality(current), oscillator.power(current)
    return System(oscillator, zeta, power, frames, detuning, forces[1], forces[2])


def start_of(system: System, initial: npt.ArrayLike | None) -> ComplexArray:
    reads = system.power.size
    if initial is None:
        return np.sqrt(system.power).astype(np.complex128)
    given = np.asarray(initial, dtype=np.complex128)
    if given.shape not in ((), (reads,)) or not np.isfinite(given).all():
        raise ArgumentError(
            "initial",
            f"must be finite, one or {reads}",
            got=f"shape {given.shape}",
            remedy="amplitudes, whose squares are powers",
        )
    return np.broadcast_to(given, (reads,)).copy()


def steps_of(
    system: System,
    feedback: DelayedFeedback | None,
    start: ComplexArray,
    duration_s: float,
    wanted_s: float | None,
) -> tuple[int, float]:
    """Number and length of the steps."""
    number("duration_s", duration_s, (">", 0.0), remedy="1e-6 is 1 us")
    rate = _fastest(system, 0.0 if feedback is None else abs(feedback.gain), start)
    wanted = _TURN / rate if wanted_s is None else wanted_s
    if wanted_s is not None and not 0 < wanted <= _LARGEST_TURN / rate:
        raise ArgumentError(
            "time_step_s",
            f"must be > 0 and <= {_LARGEST_TURN / rate:.3g} for this oscillator and current",
            wanted_s,
            remedy="None takes one that is short enough",
        )
    if not duration_s <= MOST_STEPS * wanted:
        raise ArgumentError(
            "duration_s" if wanted_s is None else "time_step_s",
            f"must ask for at most {MOST_STEPS:.2g} steps, here {duration_s:.3g} s of "
            f"{wanted:.3g} s each",
            duration_s if wanted_s is None else wanted_s,
            remedy="shorten the time, or weaken the current, shift, signal or gain that moves it",
        )
    steps = max(1, math.ceil(duration_s / wanted - 1e-9))
    step = duration_s / steps
    if feedback is not None and round(feedback.delay_s / step) < 1:
        raise ArgumentError(
            "delay_s", f"must be a step at least, {step:.3g}", feedback.delay_s, remedy="shorten it"
        )
    return steps, step


def _fastest(system: System, gain: float, start: ComplexArray) -> float:
    """How fast c may move in units of itself, 1/s."""
    turning, growing = _paces(system, gain, start)
    return float((turning + growing).max())


def _paces(system: System, gain: float, start: ComplexArray) -> tuple[FloatArray, FloatArray]:
    """How fast c may turn, and grow or decay, 1/s at every read."""
    oscillator, zeta = system.oscillator, np.abs(system.supercriticality) + gain
    damping, Q = oscillator.damping_rad_s, oscillator.nonlinear_damping
    holding = damping * np.maximum(zeta + Q, 1 + Q)  # what keeps a power of 1 from growing
    driven = (system.force / holding) ** (2 / 3) + system.pump / holding
    power = np.maximum(system.power + gain, np.abs(start) ** 2) + driven
    shifted = system.detuning + 2 * math.pi * oscillator.shift_Hz * power
    turning = np.maximum(np.abs(system.detuning), np.abs(shifted)) + system.pump
    growing = damping * (1 + zeta + (zeta + abs(Q)) * power)
    return turning, growing


def check_work(
    system: System, duration_s: float, culprit: Culprit, *, most: float = MOST_WORK
) -> None:
    """Refuse a run by default steps that takes minutes, by what makes it long."""
    rate = _fastest(system, 0.0, start_of(system, None))
    work = system.power.size * duration_s * rate / _TURN
    if not work <= most:
        raise ArgumentError(
            culprit.argument,
            f"must not ask for more than {most:.2g} steps of single oscillators, here {work:.2g}",
            culprit.value,
            remedy=culprit.remedy,
        )


def slowed_by(system: System, otherwise: Culprit) -> Culprit:
    """The shift, where it is the turning that makes steps short."""
    turning, growing = _paces(system, 0.0, start_of(system, None))
    if turning.max() <= growing.max():
        return otherwise
    remedy = "take a smaller one, or raise damping_Hz or the current"
    return Culprit("shift_Hz", system.oscillator.shift_Hz, remedy)


def per_read(name: str, value: npt.ArrayLike, reads: int) -> FloatArray:
    numbers = floats(name, value)
    if numbers.shape not in ((), (reads,)) or not np.isfinite(numbers).all():
        raise ArgumentError(
            name,
            f"must be finite, one or {reads}",
            got=f"shape {numbers.shape}",
            remedy="one a read",
        )
    return np.broadcast_to(numbers, (reads,)).copy()
