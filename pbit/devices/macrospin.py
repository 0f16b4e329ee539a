"""Runs of macrospins: trajectories, and how often a pulse switches."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.devices.constants import GAMMA0_M_A_S
from pbit.devices.magnet import Array, Macrospin
from pbit.kernels.devices.heun import LANES, ROWS, SUM, C, D, E, G, M
from pbit.kernels.devices.macrospin import run_many, run_one
from pbit.seeds import seed_or_fresh

__all__ = ["Macrospin", "MacrospinRun", "run_blocks", "simulate", "switching_probability"]

_BLOCK = 64  # magnets side by side: their state stays in the first-level cache
_TYPICAL_ERROR = 0.005  # of the damping, by the default time step
_LARGEST_ERROR = 0.1
_SETTLE = 5  # times tau_D: the energy in a well is in equilibrium but for exp(-10)


@dataclass(frozen=True, eq=False)
class MacrospinRun(ByValue):
    """Where the magnets went.

    Attributes
    ----------
    times_s : float64, shape (times,)
    m : float64, shape (reads, times, 3)
        Unit vectors.
    mean_m : float64, shape (reads, 3)
        Average of m over the ends of all steps.
    info : dict
        "seed", "time_step_s", "num_steps", "first_step", "sampling_ns".
    """

    times_s: Array
    m: Array
    mean_m: Array
    info: dict[str, Any]


def simulate(
    magnet: Macrospin,
    duration_s: float,
    *,
    current_A: npt.ArrayLike = 0.0,
    heavy_metal_A_m2: npt.ArrayLike = 0.0,
    num_reads: int = 1,
    initial: npt.ArrayLike | None = None,
    time_step_s: float | None = None,
    record_every: int | None = None,
    seed: int | None = None,
    first_step: int = 0,
    num_threads: int = 1,
) -> MacrospinRun:
    """Independent magnets under constant currents, by Heun steps of fixed length.

    Parameters
    ----------
    magnet : Macrospin
    duration_s : float
    current_A : float, or shape (num_reads,)
        Through the junction; > 0 favours m = +p.
    heavy_metal_A_m2 : float, or shape (num_reads,)
        Current density in the heavy metal.
    num_reads : int
    initial : shape (3,) or (num_reads, 3), optional
        Directions at the start; the easy axis by default, where at 0 K no torque acts.
    time_step_s : float, optional
        Shortened so that a whole number of steps fits. By default so short that the step's error
        of the damping is 0.5 % at most, by the bound of
        :meth:`~pbit.devices.magnet.Macrospin.largest_time_step_s`; refused from 10 % on.
    record_every : int, optional
        Record the start and every so many steps; only the end by default.
    seed : int, optional
        0 <= seed < 2**64; drawn when None. Read k depends on seed and k alone.
    first_step : int
        Number of the first step: continues an earlier run with thermal fields of its own.
    num_threads : int
        No effect on the result.

    Returns
    -------
    MacrospinRun

    Raises
    ------
    ValueError, TypeError
        An argument out of range; a time step too long.

    References
    ----------
    Garcia-Palacios, Lazaro, Phys. Rev. B 58, 14937 (1998): thermal field and Heun's method.

    Examples
    --------
    >>> magnet = Macrospin(saturation_A_m=8e5, volume_m3=1.26e-24, damping=0.05).with_barrier(3)
    >>> run = simulate(magnet, 20e-9, num_reads=1000, seed=1)
    >>> 0.55 < float((run.m[:, 0, 2] ** 2).mean()) < 0.7  # Boltzmann: 0.63
    True
    """
    reads = integer("num_reads", num_reads, 1, 2**32)
    seed = seed_or_fresh(seed)
    currents = _per_read("current_A", current_A, reads)
    densities = _per_read("heavy_metal_A_m2", heavy_metal_A_m2, reads)
    stt = magnet.torque_A_m(1.0) * currents
    sot = densities * (magnet.spin_hall_torque_A_m(1.0) if densities.any() else 0.0)
    steps, step_s = _steps(magnet, duration_s, time_step_s, stt=stt, sot=sot)
    first = integer("first_step", first_step, 0, 2**44 - steps)
    every = steps if record_every is None else integer("record_every", record_every, 1)
    start = _directions(magnet.easy_axis if initial is None else initial, reads)
    state, field = _prepare(magnet, step_s, start=start, stt=stt, sot=sot)

    begin = time.perf_counter_ns()
    record = np.empty((reads, steps // every, 3))
    plan = (first, steps, every)
    run_blocks(state, record, plan=plan, seed=seed, field=field, num_threads=num_threads)
    times = np.arange(1, steps // every + 1, dtype=np.float64) * (step_s * every)
    if record_every is not None:
        record = np.concatenate([start[:, None], record], axis=1)
        times = np.concatenate([[0.0], times])
    info = {
        "seed": seed,
        "time_step_s": step_s,
        "num_steps": steps,
        "first_step": first,
        "sampling_ns": time.perf_counter_ns() - begin,
    }
    mean: Array = state[SUM : SUM + 3].T / steps
    return MacrospinRun(times, record, mean, info)


def switching_probability(
    magnet: Macrospin,
    current_A: float,
    pulse_s: float,
    *,
    num_reads: int = 1000,
    settle_s: float | None = None,
    time_step_s: float | None = None,
    seed: int | None = None,
    num_threads: int = 1,
) -> tuple[float, float]:
    """Fraction of magnets whose m.p has changed sign at the end of a current pulse.

    They start in the state the current drives them out of, -p for I >= 0, in thermal equilibrium.

    Parameters
    ----------
    magnet : Macrospin
        Reference along the easy axis.
    current_A, pulse_s : float
    num_reads : int
    settle_s : float, optional
        Time before the pulse, to reach equilibrium; 5 tau_D by default.
    time_step_s, seed, num_threads
        As for :func:`simulate`.

    Returns
    -------
    (float, float)
        The fraction and its standard error.

    Raises
    ------
    ValueError, TypeError
        As :func:`simulate`; a reference off the easy axis; no damping and no ``settle_s``.

    Examples
    --------
    >>> magnet = Macrospin(saturation_A_m=8e5, volume_m3=1.26e-24, damping=0.02).with_barrier(40)
    >>> fraction, error = switching_probability(
    ...     magnet, 3 * magnet.critical_current_A(), 5e-9, num_reads=100, seed=1)
    >>> fraction > 0.9
    True
    """
    magnet.check_collinear()
    settle = _SETTLE * magnet.damping_time_s if settle_s is None else settle_s
    if not 0 < settle < math.inf:
        raise ArgumentError(
            "settle_s",
            "must be finite and > 0",
            settle,
            remedy="a magnet without damping or barrier has no default",
        )
    p = np.asarray(magnet.reference)
    seed = seed_or_fresh(seed)
    common: dict[str, Any] = {"num_reads": num_reads, "seed": seed, "num_threads": num_threads}
    if time_step_s is not None:
        common["time_step_s"] = time_step_s
    rest = simulate(magnet, settle, initial=p if current_A < 0 else -p, **common)
    run = simulate(
        magnet,
        pulse_s,
        current_A=current_A,
        initial=rest.m[:, -1],
        first_step=rest.info["num_steps"],
        **common,
    )
    switched = (run.m[:, -1] @ p) * (rest.m[:, -1] @ p) < 0
    fraction = float(switched.mean())
    return fraction, math.sqrt(fraction * (1 - fraction) / num_reads)


def run_blocks(
    state: Array,
    record: Array,
    *,
    plan: tuple[int, int, int],
    seed: int,
    field: tuple[Any, ...],
    num_threads: int = 1,
) -> None:
    """Run the kernel on blocks of magnets, ``state`` of any width; used by tests and benchmarks.

    Other arguments as for :func:`pbit.kernels.devices.macrospin.run_many`.
    """
    keys = (np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32))

    def block(first: int) -> None:
        here = slice(first, min(first + _BLOCK, state.shape[1]))
        width = here.stop - first
        part = np.zeros((ROWS, width if width == 1 else -(-width // LANES) * LANES))
        part[:, :width] = state[:, here]
        part[M + 2, width:] = 1.0  # magnets of no interest, but of length 1
        kernel = run_one if width == 1 else run_many
        kernel(part, record[here], plan, np.uint64(first), keys, field)
        state[:, here] = part[:, :width]

    firsts = range(0, state.shape[1], _BLOCK)
    with ThreadPoolExecutor(integer("num_threads", num_threads, 1)) as pool:
        list(pool.map(block, firsts))


def _steps(
    magnet: Macrospin, duration_s: float, wanted_s: float | None, *, stt: Array, sot: Array
) -> tuple[int, float]:
    """Number and length of the steps."""
    if not 0 < duration_s < math.inf:
        raise ArgumentError(
            "duration_s", "must be finite and > 0", duration_s, remedy="1e-9 is 1 ns"
        )
    share = max(magnet.angular_factor(1.0), magnet.angular_factor(-1.0))
    torque = np.abs(stt).max() * share * math.hypot(1, magnet.field_like_ratio) + np.abs(sot).max()
    if wanted_s is None:
        wanted_s = magnet.largest_time_step_s(torque_A_m=torque, damping_error=_TYPICAL_ERROR)
    longest = magnet.largest_time_step_s(torque_A_m=torque, damping_error=_LARGEST_ERROR)
    if not 0 < wanted_s <= longest:
        raise ArgumentError(
            "time_step_s",
            f"must be > 0 and <= {longest:.3g} for this magnet and current",
            wanted_s,
            remedy="None takes one that is short enough",
        )
    steps = max(1, math.ceil(duration_s / wanted_s - 1e-9))
    return steps, duration_s / steps


def _prepare(
    magnet: Macrospin, step_s: float, *, start: Array, stt: Array, sot: Array
) -> tuple[Array, tuple[Any, ...]]:
    """The kernel's state (ROWS, reads) and field, in angles a step."""
    alpha = magnet.damping
    unit = GAMMA0_M_A_S * step_s / (1 + alpha**2)
    p, axis = np.asarray(magnet.reference), np.asarray(magnet.spin_hall_axis)
    applied = np.broadcast_to(magnet.applied_field_A_m, (stt.size, 3))
    state = np.zeros((ROWS, stt.size))
    state[M : M + 3] = start.T
    slant = (magnet.asymmetry**2 - 1) / (magnet.asymmetry**2 + 1)
    transfer, hall = np.outer(stt * magnet.angular_factor(0.0), p), np.outer(sot, axis)
    # Torques along S act as a field -alpha S and, damped, as S; a field H as H and alpha H.
    for row, column, damping_like, field_like in (
        (C, D, hall, applied),
        (E, G, transfer, magnet.field_like_ratio * transfer),
    ):
        state[row : row + 3] = unit * (field_like - alpha * damping_like).T
        state[column : column + 3] = unit * (alpha * field_like + damping_like).T
    if not slant:
        state[C : C + 6] += state[E : E + 6]
    A = unit * magnet.field_matrix_A_m
    sigma = unit * magnet.thermal_field_A_m(step_s)
    triangle = tuple(A[np.triu_indices(3)].tolist())
    return state, (triangle, alpha, sigma, tuple((slant * p).tolist()) if slant else None)


def _per_read(name: str, value: npt.ArrayLike, reads: int) -> Array:
    numbers = np.asarray(value, dtype=np.float64)
    if numbers.shape not in ((), (reads,)):
        raise ArgumentError(
            name,
            f"must be one number or {reads}",
            got=f"shape {numbers.shape}",
            remedy="one a read",
        )
    if not np.isfinite(numbers).all():
        raise ArgumentError(name, "must be finite", numbers, remedy="check its units")
    return np.broadcast_to(numbers, (reads,)).copy()


def _directions(value: npt.ArrayLike, reads: int) -> Array:
    v = np.asarray(value, dtype=np.float64)
    if v.shape not in ((3,), (reads, 3)):
        raise ArgumentError(
            "initial", f"must have shape (3,) or ({reads}, 3)", v.shape, remedy="x, y, z"
        )
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    if not (np.isfinite(length).all() and (length > 0).all()):
        raise ArgumentError(
            "initial", "must be finite and not 0 0 0", got="a vector without direction"
        )
    return np.broadcast_to(v / length, (reads, 3)).copy()
