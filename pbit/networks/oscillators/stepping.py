"""Runs of phases: cut into steps, spread over blocks of reads, put together again."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.kernels.oscillators.phases import Phases, Pulls, Steps, first_phases, run_phases
from pbit.kernels.random.philox import key_schedule
from pbit.kernels.sweeps.lanes import LANES
from pbit.networks.oscillators.phase_run import FloatArray, PhaseRun
from pbit.seeds import seed_or_fresh

BLOCK = 32  # reads side by side: the sines of a hundred phases then fit the first-level cache
_MOST_STEPS = 2**44  # numbers of steps in the random stream


@dataclass(frozen=True)
class Plan:
    """How a run is cut into steps.

    Attributes
    ----------
    steps : int
    time_step : float
    every : int
        Steps between two rows of the record; 0: only the end is recorded.
    mark : int
        After how many steps frequencies begin to be measured.
    """

    steps: int
    time_step: float
    every: int
    mark: int

    @classmethod
    def of(
        cls, duration: float, time_step: float, *, record_every: int | None, measure_from: float
    ) -> Self:
        """The plan, checked."""
        for name, value in (("duration", duration), ("time_step", time_step)):
            if not 0 < value < math.inf:
                raise ArgumentError(
                    name, "must be finite and > 0", value, remedy="give it in the unit of 1 / rate"
                )
        number = math.ceil(duration / time_step - 1e-9)
        if not number < _MOST_STEPS:
            raise ArgumentError(
                "time_step", "must leave fewer than 2**44 steps", time_step, remedy="lengthen it"
            )
        steps = max(1, number)
        step = duration / steps
        mark = round(measure_from / step) if 0 <= measure_from < duration else steps
        if mark >= steps:
            raise ArgumentError(
                "measure_from",
                f"must be >= 0 and a step before the end, {duration}",
                measure_from,
                remedy="half the duration leaves the other half",
            )
        every = 0 if record_every is None else integer("record_every", record_every, 1)
        return cls(steps, step, every, mark)

    @property
    def times(self) -> FloatArray:
        """Of what is recorded."""
        if not self.every:
            return np.array([self.steps * self.time_step])
        rows = np.arange(self.steps // self.every + 1, dtype=np.float64)
        return np.asarray(rows * (self.every * self.time_step))


def integrate(
    couplings: Any,
    plan: Plan,
    *,
    drift: FloatArray,
    second_harmonic: FloatArray,
    noise: FloatArray,
    num_reads: int,
    initial: FloatArray | None,
    seed: int | None,
    num_threads: int,
) -> PhaseRun:
    """The run; arrays as :meth:`PhaseNetwork.run` checks them, ramps of shape (pieces, n)."""
    reads, n = num_reads, couplings.shape[0]
    seed = seed_or_fresh(seed)
    pulls = _pulls(couplings, plan.time_step, second_harmonic=second_harmonic, noise=noise)
    phases = np.empty((reads, plan.times.size, n))
    frequencies = np.empty((reads, n))
    keys = key_schedule(seed & 0xFFFFFFFF, seed >> 32)
    drifts, starts = _per_read(drift, reads), _per_read(initial, reads)

    def block(first: int) -> None:
        here = slice(first, min(first + BLOCK, reads))
        given = None if starts is None else starts[here]
        state = _block(drifts[here] * plan.time_step, given, plan)
        if given is None:
            first_phases(state.phases, state.words, first, keys)
        begun = state.phases.copy()
        for start, stop in ((0, plan.mark), (plan.mark, plan.steps)):
            steps = Steps(start, stop - start, plan.steps, plan.every or plan.steps)
            marked = state.phases.copy()
            run_phases(state, pulls, steps, first, keys)
        measured = (plan.steps - plan.mark) * plan.time_step
        width = here.stop - first
        frequencies[here] = (state.phases - marked).T[:width] / measured
        rows = np.concatenate([begun[None], state.record]) if plan.every else state.record
        phases[here] = rows.transpose(2, 0, 1)[:width]

    begin = time.perf_counter_ns()
    with ThreadPoolExecutor(integer("num_threads", num_threads, 1)) as pool:
        list(pool.map(block, range(0, reads, BLOCK)))
    info = {
        "seed": seed,
        "steps": plan.steps,
        "time_step": plan.time_step,
        "sampling_ns": time.perf_counter_ns() - begin,
    }
    return PhaseRun(plan.times, phases, frequencies, info)


def _pulls(couplings: Any, step: float, *, second_harmonic: FloatArray, noise: FloatArray) -> Pulls:
    return Pulls(
        couplings.indptr.astype(np.int64),
        couplings.indices.astype(np.int32),
        (couplings.data * step).astype(np.float32),
        (2 * second_harmonic * step).astype(np.float32),
        np.sqrt(2 * noise * step).astype(np.float32),
        np.asarray(noise.any(axis=1)),
    )


def _block(drift: FloatArray, initial: FloatArray | None, plan: Plan) -> Phases:
    """State of some reads and of those that fill the vectors up, which stand still at 0."""
    reads, n = drift.shape
    width = -(-reads // LANES) * LANES
    rows = plan.steps // plan.every if plan.every else 1
    state = Phases(
        phases=np.zeros((n, width)),
        drift=np.zeros((n, width)),
        sines=np.empty((n, width), np.float32),
        cosines=np.empty((n, width), np.float32),
        next_sines=np.empty((n, width), np.float32),
        next_cosines=np.empty((n, width), np.float32),
        words=np.empty((4, width), np.uint32),
        normals=np.zeros((4, width), np.float32),
        record=np.empty((rows, n, width)),
    )
    state.drift[:, :reads] = drift.T
    if initial is not None:
        state.phases[:, :reads] = initial.T
    return state


def _per_read(values: Any, reads: int) -> npt.NDArray[np.float64] | Any:
    """(reads, n) without a copy where all are the same; None stays None."""
    if values is None:
        return None
    return np.broadcast_to(values, (reads, values.shape[-1]))
