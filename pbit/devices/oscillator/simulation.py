"""Single auto-oscillators in time: the complex equation with noise, signals and feedback."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, integer
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.feedback import DelayedFeedback
from pbit.devices.oscillator.injection import Injection
from pbit.devices.oscillator.oscillator_run import AutoOscillatorRun, ComplexArray, FloatArray
from pbit.devices.quantities import number
from pbit.kernels.oscillators.single import Rates, run_oscillators
from pbit.seeds import seed_or_fresh

_BLOCK = 16  # reads that a thread takes at once
_TURN = 0.05  # rad that c moves in a default step, at most
_LARGEST_TURN = 0.5


def simulate(
    oscillator: AutoOscillator,
    duration_s: float,
    *,
    current_A: npt.ArrayLike,
    num_reads: int = 1,
    injection: Injection | None = None,
    feedback: DelayedFeedback | None = None,
    initial: npt.ArrayLike | None = None,
    frame_Hz: npt.ArrayLike | None = None,
    time_step_s: float | None = None,
    record_every: int | None = None,
    seed: int | None = None,
    first_step: int = 0,
    num_threads: int = 1,
) -> AutoOscillatorRun:
    """Independent oscillators under constant currents, by Heun steps of fixed length.

    Parameters
    ----------
    oscillator : AutoOscillator
    duration_s : float
    current_A : float, or shape (num_reads,)
    num_reads : int
    injection : Injection, optional
        A signal, or one a read.
    feedback : DelayedFeedback, optional
        Of the amplitude, which is taken to have been the initial one before the start.
    initial : complex, or shape (num_reads,), optional
        Amplitudes at the start; by default the root of the power at which it runs, 0 below
        threshold.
    frame_Hz : float, or shape (num_reads,), optional
        Of the frame in which c is recorded: by default the frequency of a locked oscillator, and
        without a signal that of the free one. The nearer, the longer the steps.
    time_step_s : float, optional
        Shortened so that a whole number of steps fits. By default so short that c moves by 5 % of
        itself at most; refused from 50 % on.
    record_every : int, optional
        Record the start and every so many steps; only the end by default.
    seed : int, optional
        0 <= seed < 2**64; drawn when None. Read k depends on seed and k alone.
    first_step : int
        Number of the first step: continues an earlier run with noise of its own.
    num_threads : int
        No effect on the result.

    Returns
    -------
    AutoOscillatorRun

    Raises
    ------
    ValueError, TypeError
        An argument out of range; a time step too long; a delay of less than a step.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    >>> run = simulate(oscillator, 5e-6, current_A=[1.5e-3, 2e-3], num_reads=2, initial=0.1)
    >>> run.power[:, -1].round(4).tolist(), oscillator.power([1.5e-3, 2e-3]).tolist()
    ([0.25, 0.4], [0.25, 0.4])
    """
    reads = integer("num_reads", num_reads, 1, 2**31)
    seed = seed_or_fresh(seed)
    system = _system(oscillator, reads, current_A, injection, frame_Hz)
    start = _start(system, initial)
    steps, step_s = _steps(system, feedback, start, duration_s, time_step_s)
    first = integer("first_step", first_step, 0, 2**44 - steps)
    every = steps if record_every is None else integer("record_every", record_every, 1)

    begin = time.perf_counter_ns()
    state = np.stack([start.real, start.imag], axis=1)
    record = np.empty((reads, steps // every, 2))
    _run(
        (state, record, _history(feedback, start, step_s), _drives(system, step_s)),
        plan=(first, steps, every),
        seed=seed,
        rates=_rates(oscillator, feedback, step_s),
        num_threads=num_threads,
    )
    times = np.arange(1, steps // every + 1, dtype=np.float64) * (step_s * every)
    amplitudes = record[..., 0] + 1j * record[..., 1]
    if record_every is not None:
        amplitudes = np.concatenate([start[:, None], amplitudes], axis=1)
        times = np.concatenate([[0.0], times])
    info = {
        "seed": seed,
        "time_step_s": step_s,
        "num_steps": steps,
        "first_step": first,
        "sampling_ns": time.perf_counter_ns() - begin,
    }
    return AutoOscillatorRun(oscillator, times, amplitudes, system.frame_Hz, info)


class _System(NamedTuple):
    """What there is at every read, float64 (reads,); rates in rad/s."""

    oscillator: AutoOscillator
    supercriticality: FloatArray
    power: FloatArray
    frame_Hz: FloatArray
    detuning: FloatArray
    force: FloatArray
    pump: FloatArray


def _system(
    oscillator: AutoOscillator,
    reads: int,
    current_A: npt.ArrayLike,
    injection: Injection | None,
    frame_Hz: npt.ArrayLike | None,
) -> _System:
    current = _per_read("current_A", current_A, reads)
    forces = {1: np.zeros(reads), 2: np.zeros(reads)}
    frame: npt.ArrayLike = oscillator.frequency_at_Hz(current)
    if injection is not None:
        strength = _per_read("strength_Hz", injection.strength_Hz, reads)
        forces[injection.harmonic] = 2 * math.pi * strength
        frame = _per_read("frequency_Hz", injection.frequency_Hz, reads) / injection.harmonic
        if frame_Hz is not None:
            raise ArgumentError(
                "frame_Hz", "must be left out with a signal", remedy="its frame is that of the lock"
            )
    frames = _per_read("frame_Hz", frame if frame_Hz is None else frame_Hz, reads)
    detuning = 2 * math.pi * (oscillator.frequency_Hz - frames)
    zeta, power = oscillator.supercriticality(current), oscillator.power(current)
    return _System(oscillator, zeta, power, frames, detuning, forces[1], forces[2])


def _start(system: _System, initial: npt.ArrayLike | None) -> ComplexArray:
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


def _steps(
    system: _System,
    feedback: DelayedFeedback | None,
    start: ComplexArray,
    duration_s: float,
    wanted_s: float | None,
) -> tuple[int, float]:
    """Number and length of the steps."""
    number("duration_s", duration_s, (">", 0.0), remedy="1e-6 is 1 us")
    rate = _fastest(system, 0.0 if feedback is None else abs(feedback.gain), start)
    wanted = _TURN / rate if wanted_s is None else wanted_s
    if not 0 < wanted <= _LARGEST_TURN / rate:
        raise ArgumentError(
            "time_step_s",
            f"must be > 0 and <= {_LARGEST_TURN / rate:.3g} for this oscillator and current",
            wanted_s,
            remedy="None takes one that is short enough",
        )
    steps = max(1, math.ceil(duration_s / wanted - 1e-9))
    step = duration_s / steps
    if feedback is not None and round(feedback.delay_s / step) < 1:
        raise ArgumentError(
            "delay_s", f"must be a step at least, {step:.3g}", feedback.delay_s, remedy="shorten it"
        )
    return steps, step


def _fastest(system: _System, gain: float, start: ComplexArray) -> float:
    """How fast c may move in units of itself, 1/s."""
    oscillator, zeta = system.oscillator, np.abs(system.supercriticality) + gain
    damping, Q = oscillator.damping_rad_s, oscillator.nonlinear_damping
    holding = damping * np.maximum(zeta + Q, 1 + Q)  # what keeps a power of 1 from growing
    driven = (system.force / holding) ** (2 / 3) + system.pump / holding
    power = np.maximum(system.power + gain, np.abs(start) ** 2) + driven
    shifted = system.detuning + 2 * math.pi * oscillator.shift_Hz * power
    turning = np.maximum(np.abs(system.detuning), np.abs(shifted)) + system.pump
    growing = damping * (1 + zeta + (zeta + abs(Q)) * power)
    return float((turning + growing).max())


def _rates(oscillator: AutoOscillator, feedback: DelayedFeedback | None, step_s: float) -> Rates:
    turn = 2 * math.pi * step_s
    return Rates(
        damping=oscillator.damping_Hz * turn,
        nonlinear_damping=float(oscillator.nonlinear_damping),
        shift=oscillator.shift_Hz * turn,
        noise=math.sqrt(oscillator.noise_Hz * turn),
        feedback=0.0 if feedback is None else float(feedback.gain),
    )


def _drives(system: _System, step_s: float) -> FloatArray:
    """float64 (reads, 5), columns as :class:`pbit.kernels.oscillators.single.Drives`."""
    turns = np.stack([system.detuning, system.force, system.pump]) * step_s
    return np.vstack([system.supercriticality, turns, np.sqrt(system.power)]).T.copy()


def _history(feedback: DelayedFeedback | None, start: ComplexArray, step_s: float) -> FloatArray:
    delay = 1 if feedback is None else round(feedback.delay_s / step_s)
    return np.repeat(np.abs(start)[:, None], delay, axis=1)


def _run(
    arrays: tuple[FloatArray, ...],
    *,
    plan: tuple[int, int, int],
    seed: int,
    rates: Rates,
    num_threads: int,
) -> None:
    """The kernel on blocks of reads."""
    keys = (np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32))

    def block(first: int) -> None:
        parts: list[Any] = [array[first : first + _BLOCK] for array in arrays]
        run_oscillators(*parts, (first, *plan), keys, rates)

    with ThreadPoolExecutor(integer("num_threads", num_threads, 1)) as pool:
        list(pool.map(block, range(0, len(arrays[0]), _BLOCK)))


def _per_read(name: str, value: npt.ArrayLike, reads: int) -> FloatArray:
    numbers = floats(name, value)
    if numbers.shape not in ((), (reads,)) or not np.isfinite(numbers).all():
        raise ArgumentError(
            name,
            f"must be finite, one or {reads}",
            got=f"shape {numbers.shape}",
            remedy="one a read",
        )
    return np.broadcast_to(numbers, (reads,)).copy()
