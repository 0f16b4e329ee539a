"""Single auto-oscillators in time: the complex equation with noise, signals and feedback."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.feedback import DelayedFeedback, history_of
from pbit.devices.oscillator.injection import Injection
from pbit.devices.oscillator.oscillator_run import AutoOscillatorRun, FloatArray
from pbit.devices.oscillator.stepping import (
    MOST_STEPS,
    System,
    start_of,
    steps_of,
    system_of,
)
from pbit.kernels.oscillators.single import Rates, run_oscillators
from pbit.seeds import seed_or_fresh

_BLOCK = 16  # reads that a thread takes at once


def simulate(
    oscillator: AutoOscillator,
    duration_s: float,
    *,
    current_A: npt.ArrayLike,
    num_reads: int = 1,
    injection: Injection | None = None,
    feedback: DelayedFeedback | None = None,
    initial: npt.ArrayLike | None = None,
    history: npt.ArrayLike | None = None,
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
        Of the amplitude, which before the start is that of ``history``.
    initial : complex, or shape (num_reads,), optional
        Amplitudes at the start; by default the root of the power at which it runs, 0 below
        threshold.
    history : shape (num_reads, steps of the delay), optional
        ``|c|`` before the start, the oldest first, as an earlier run has it; by default the initial
        one all the time.
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
        Number of the first step: continues an earlier run with noise of its own. The same bits as
        of a single run need its amplitudes, its history and the same ``time_step_s``.
    num_threads : int
        No effect on the result.

    Returns
    -------
    AutoOscillatorRun

    Raises
    ------
    ValueError, TypeError
        An argument out of range; a time step too long, or so short that there are more than 2**44
        steps; a delay of less than a step; a history without feedback, or feedback from a
        ``first_step`` on without one; amplitudes that grow without end.

    Examples
    --------
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
    >>> run = simulate(oscillator, 5e-6, current_A=[1.5e-3, 2e-3], num_reads=2, initial=0.1)
    >>> run.power[:, -1].round(4).tolist(), oscillator.power([1.5e-3, 2e-3]).tolist()
    ([0.25, 0.4], [0.25, 0.4])
    """
    reads = integer("num_reads", num_reads, 1, 2**31)
    seed = seed_or_fresh(seed)
    system = system_of(oscillator, reads, current_A, injection, frame_Hz)
    start = start_of(system, initial)
    steps, step_s = steps_of(system, feedback, start, duration_s, time_step_s)
    first = integer("first_step", first_step, 0, MOST_STEPS - steps)
    every = steps if record_every is None else integer("record_every", record_every, 1)

    begin = time.perf_counter_ns()
    past = history_of(feedback, start, step_s, given=history, first_step=first)
    state = np.stack([start.real, start.imag], axis=1)
    record = np.empty((reads, steps // every, 2))
    _run(
        (state, record, past, _drives(system, step_s)),
        plan=(first, steps, every),
        seed=seed,
        rates=_rates(oscillator, feedback, step_s),
        num_threads=num_threads,
    )
    _check_finite(oscillator, state, step_s)
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
    return AutoOscillatorRun(
        oscillator, times, amplitudes, system.frame_Hz, info, _left(feedback, past, steps)
    )


def _check_finite(oscillator: AutoOscillator, state: FloatArray, step_s: float) -> None:
    lost = int((~np.isfinite(state).all(axis=1)).sum())
    if not lost:
        return
    rule = f"must keep amplitudes finite, which {lost} of {len(state)} are not"
    if oscillator.noise_Hz:
        remedy = f"lower it, or set time_step_s below {step_s:.3g}"
        raise ArgumentError("noise_Hz", rule, oscillator.noise_Hz, remedy=remedy)
    remedy = "shorten it, or change what drives the power without end"
    raise ArgumentError("time_step_s", rule, step_s, remedy=remedy)


def _rates(oscillator: AutoOscillator, feedback: DelayedFeedback | None, step_s: float) -> Rates:
    turn = 2 * math.pi * step_s
    return Rates(
        damping=oscillator.damping_Hz * turn,
        nonlinear_damping=float(oscillator.nonlinear_damping),
        shift=oscillator.shift_Hz * turn,
        noise=math.sqrt(oscillator.noise_Hz * turn),
        feedback=0.0 if feedback is None else float(feedback.gain),
    )


def _drives(system: System, step_s: float) -> FloatArray:
    """float64 (reads, 5), columns as :class:`pbit.kernels.oscillators.single.Drives`."""
    turns = np.stack([system.detuning, system.force, system.pump]) * step_s
    return np.vstack([system.supercriticality, turns, np.sqrt(system.power)]).T.copy()


def _left(feedback: DelayedFeedback | None, past: FloatArray, steps: int) -> FloatArray | None:
    """The ring of amplitudes after so many steps, the oldest first."""
    return None if feedback is None else np.roll(past, -(steps % past.shape[1]), axis=1)


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
