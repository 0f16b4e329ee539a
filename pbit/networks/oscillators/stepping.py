"""Runs of phases: cut into steps, spread over blocks of reads, put together again."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from pbit.checks import ArgumentError, integer
from pbit.kernels.oscillators.phases import (
    FullPulls,
    Phases,
    Pulls,
    Steps,
    run_phases,
    run_phases_alone,
)
from pbit.kernels.random.ars import key_schedule
from pbit.networks.oscillators.arguments import FloatArray
from pbit.networks.oscillators.phase_run import PhaseRun
from pbit.networks.oscillators.tables import Alone, Tables, even_phases, full_matrix, tables_of
from pbit.seeds import seed_or_fresh

MOST_STEPS = 2**44  # numbers of steps in the random stream


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
        cls,
        duration: float,
        time_step: float,
        *,
        record_every: int | None,
        measure_from: float,
        unit: str = "",
    ) -> Self:
        """The plan, checked; ``unit`` ends the names of the arguments that are times."""
        for name, value in ((f"duration{unit}", duration), (f"time_step{unit}", time_step)):
            if not 0 < value < math.inf:
                raise ArgumentError(
                    name, "must be finite and > 0", value, remedy="give it in the unit of 1 / rate"
                )
        number = math.ceil(duration / time_step - 1e-9)
        if not number < MOST_STEPS:
            raise ArgumentError(
                f"time_step{unit}",
                "must leave fewer than 2**44 steps",
                time_step,
                remedy="lengthen it",
            )
        steps = max(1, number)
        step = duration / steps
        mark = round(measure_from / step) if 0 <= measure_from < duration else steps
        if mark >= steps:
            raise ArgumentError(
                f"measure_from{unit}",
                f"must be >= 0 and a step before the end, {duration}",
                measure_from,
                remedy="half the duration leaves the other half",
            )
        every = 0 if record_every is None else integer("record_every", record_every, 1)
        return cls(steps, step, every, mark)

    @property
    def rows(self) -> int:
        """How many times the kernels record."""
        return self.steps // self.every if self.every else 1

    @property
    def measured(self) -> float:
        """For how long frequencies are measured."""
        return (self.steps - self.mark) * self.time_step

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
    keys = key_schedule(seed & 0xFFFFFFFF, seed >> 32)
    program = _Program(couplings, plan, second_harmonic, noise)
    phases = np.empty((reads, plan.times.size, n))
    frequencies = np.empty((reads, n))
    drifts = np.atleast_2d(drift) * plan.time_step

    def block(parts: list[Tables]) -> None:
        for tables in parts:
            here = tables.reads
            start = even_phases(here, n, keys)
            if initial is not None:
                start = tables.of(np.atleast_2d(initial))
            rows, turned = program.run(tables, start, tables.of(drifts), keys)
            phases[here], frequencies[here] = rows, turned / plan.measured

    begin = time.perf_counter_ns()
    with ThreadPoolExecutor(integer("num_threads", num_threads, 1)) as pool:
        list(pool.map(block, tables_of(reads, couplings)))
    info = {
        "seed": seed,
        "steps": plan.steps,
        "time_step": plan.time_step,
        "sampling_ns": time.perf_counter_ns() - begin,
    }
    return PhaseRun(plan.times, phases, frequencies, info)


@dataclass(frozen=True, eq=False)
class _Program:
    """What acts on the phases, as the kernels have it."""

    couplings: Any
    plan: Plan
    second_harmonic: FloatArray
    noise: FloatArray

    @cached_property
    def _many(self) -> Pulls:
        matrix, step = self.couplings, self.plan.time_step
        weights = (matrix.data * step).astype(np.float32)
        rows = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
        return Pulls(*rows, weights, *self._gains, self._noisy)

    @cached_property
    def _alone(self) -> FullPulls:
        n = self.couplings.shape[0]
        weights = full_matrix(self.couplings * self.plan.time_step)
        room = (0, weights.shape[1] - n)
        harmonic, sigma = (np.pad(each, ((0, 0), room)) for each in self._gains)
        return FullPulls(weights, harmonic, sigma, self._noisy)

    @property
    def _gains(self) -> tuple[Any, Any]:
        step = self.plan.time_step
        return (
            (2 * self.second_harmonic * step).astype(np.float32),
            np.sqrt(2 * self.noise * step).astype(np.float32),
        )

    @property
    def _noisy(self) -> Any:
        return self.noise.any(axis=1)

    def run(
        self, tables: Tables, start: FloatArray, drift: FloatArray, keys: Any
    ) -> tuple[FloatArray, FloatArray]:
        """Phases recorded (reads, times, n), and by how much they turned when it was measured."""
        plan, shape = self.plan, tables.shape
        state = Phases(
            phases=tables.put(start),
            drift=tables.put(drift),
            sines=np.empty(shape, np.float32),
            cosines=np.empty(shape, np.float32),
            next_sines=np.empty(shape, np.float32),
            next_cosines=np.empty(shape, np.float32),
            words=tables.words(1),
            normals=tables.normals(1),
            record=np.empty((plan.rows, *shape)),
        )
        begun = state.phases.copy()
        for first, last in ((0, plan.mark), (plan.mark, plan.steps)):
            marked = state.phases.copy()
            steps = Steps(first, last - first, plan.steps, plan.every or plan.steps)
            if isinstance(tables, Alone):
                run_phases_alone(state, self._alone, steps, tables.reads.start, keys)
            else:
                run_phases(state, self._many, steps, tables.reads.start, keys)
        rows = np.concatenate([begun[None], state.record]) if plan.every else state.record
        return tables.get(rows).swapaxes(0, 1), tables.get(state.phases - marked)
