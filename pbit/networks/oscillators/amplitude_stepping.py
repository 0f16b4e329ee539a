"""Runs of oscillators: parameters as the kernel has them, reads in blocks, put together again."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from pbit.checks import ArgumentError, integer
from pbit.kernels.oscillators.amplitudes import (
    DAMPING,
    NONLINEAR,
    OWN,
    SHIFT,
    SIGMA,
    Amplitudes,
    FullParts,
    Parts,
    Pumps,
    run_amplitudes,
    run_amplitudes_alone,
)
from pbit.kernels.oscillators.phases import Steps
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.sweeps.lanes import LANES
from pbit.networks.oscillators.arguments import ComplexArray, FloatArray
from pbit.networks.oscillators.drives import Drive
from pbit.networks.oscillators.oscillator_run import OscillatorRun
from pbit.networks.oscillators.setting import Setting
from pbit.networks.oscillators.stepping import Plan
from pbit.networks.oscillators.tables import (
    Alone,
    Many,
    Tables,
    full_matrix,
    tables_of,
)
from pbit.seeds import seed_or_fresh


def integrate(
    setting: Setting,
    plan: Plan,
    *,
    initial: ComplexArray | None,
    seed: int | None,
    num_threads: int,
) -> OscillatorRun:
    """The run; initial of shape (n,) or (num_reads, n)."""
    reads, n = setting.num_reads, setting.network.n
    seed = seed_or_fresh(seed)
    keys = key_schedule(seed & 0xFFFFFFFF, seed >> 32)
    program = _Program(setting, plan)
    amplitudes = np.empty((reads, plan.times.size, n), np.complex128)
    frequencies = np.empty((reads, n))

    def block(parts: list[Tables]) -> None:
        for tables in parts:
            here = tables.reads
            start = setting.start(here, keys)
            if initial is not None:
                start = tables.of(np.atleast_2d(initial))
            amplitudes[here], turned = program.run(tables, start, keys)
            frequencies[here] = setting.frame - turned / (2 * math.pi * plan.measured)

    begin = time.perf_counter_ns()
    with ThreadPoolExecutor(integer("num_threads", num_threads, 1)) as pool:
        list(pool.map(block, tables_of(reads, program.matrix, len(setting.forces))))
    if not np.isfinite(amplitudes).all():
        raise ArgumentError(
            "time_step_s",
            "must be short enough that amplitudes stay finite",
            plan.time_step,
            remedy="None takes one that is",
        )
    info = {
        "seed": seed,
        "steps": plan.steps,
        "time_step_s": plan.time_step,
        "frame_Hz": setting.frame,
        "sampling_ns": time.perf_counter_ns() - begin,
    }
    return OscillatorRun(plan.times, amplitudes, frequencies, info)


@dataclass(frozen=True, eq=False)
class _Program:
    """What acts on the oscillators, as the kernels have it."""

    setting: Setting
    plan: Plan

    @cached_property
    def matrix(self) -> Any:
        """Couplings, and behind them what drives do, times dt: csr (n, n + drives)."""
        network, step = self.setting.network, self.plan.time_step
        forces = [drive.strengths_rad_s(network.n) for drive in self.setting.forces]
        columns = np.array(forces, np.complex128).reshape(-1, network.n).T
        parts = [network.couplings, sparse.csr_array(columns)] if forces else [network.couplings]
        matrix = sparse.csr_array(sparse.hstack(parts)) * step
        matrix.sort_indices()  # sums in the order of the full matrix
        return matrix

    @cached_property
    def _many(self) -> Parts:
        matrix = self.matrix
        return Parts(
            matrix.indptr.astype(np.int64),
            matrix.indices.astype(np.int32),
            matrix.data.real.astype(np.float32),
            matrix.data.imag.astype(np.float32),
            self._own,
        )

    @cached_property
    def _alone(self) -> FullParts:
        real, imaginary = (full_matrix(part) for part in (self.matrix.real, self.matrix.imag))
        room = real.shape[1] - self.setting.network.n
        return FullParts(real, imaginary, np.pad(self._own, ((0, 0), (0, room))))

    @property
    def _own(self) -> Any:
        network, step = self.setting.network, self.plan.time_step
        damping = 2 * math.pi * network.values("damping_Hz") * step
        own = np.empty((OWN, network.n), np.float32)
        own[DAMPING], own[NONLINEAR] = damping, damping * network.values("nonlinear_damping")
        own[SHIFT] = 2 * math.pi * network.values("shift_Hz") * step
        own[SIGMA] = np.sqrt(2 * math.pi * network.values("noise_Hz") * step)
        return own

    @cached_property
    def _pumps(self) -> Pumps:
        pumps, n, step = self.setting.pumps, self.setting.network.n, self.plan.time_step
        offsets = [float(drive.frequency_Hz) - 2 * self.setting.frame for drive in pumps]
        strengths = [drive.strengths_rad_s(n) * step for drive in pumps]
        return Pumps(
            np.array(strengths, np.complex128).reshape(-1, n),
            2 * math.pi * np.array(offsets, np.float64) * step,
            _envelopes(pumps),
            _envelopes(self.setting.forces),
        )

    def run(
        self, tables: Tables, start: ComplexArray, keys: Any
    ) -> tuple[ComplexArray, FloatArray]:
        """Amplitudes recorded (reads, times, n), and by how much arg c grew when measured."""
        plan, state = self.plan, self._state(tables, start)
        begun = np.stack([state.x, state.y])
        place = (self.setting.first_read + tables.reads.start, self.setting.first_step)
        for first, last in ((0, plan.mark), (plan.mark, plan.steps)):
            marked = _angle(state)
            steps = Steps(first, last - first, plan.steps, plan.every or plan.steps)
            if isinstance(tables, Alone):
                run_amplitudes_alone(state, self._alone, self._pumps, steps, place, keys)
            else:
                run_amplitudes(state, self._many, self._pumps, steps, place, keys)
        rows = np.concatenate([begun[None], state.record]) if plan.every else state.record
        values = tables.get(rows)
        turned = tables.get(_angle(state) - marked)
        return (values[:, 0] + 1j * values[:, 1]).swapaxes(0, 1), turned

    def _state(self, tables: Tables, start: ComplexArray) -> Amplitudes:
        setting, step, shape = self.setting, self.plan.time_step, tables.shape
        angle = tables.put(tables.of(setting.turning_rad_s) * step)
        damping = 2 * math.pi * setting.network.values("damping_Hz") * step
        signals = [
            np.broadcast_to(tables.of(np.atleast_1d(drive.frequency_Hz)), tables.width)
            for drive in setting.forces
        ]
        turns = 2 * math.pi * (np.array(signals).reshape(-1, tables.width) - setting.frame) * step
        drive = np.zeros((len(signals), tables.signals))
        drive[:, : tables.width] = turns
        zeta, both = setting.zeta(tables.of(setting.current_A)), tables.sources_shape
        count = setting.network.n if isinstance(tables, Many) else shape[1]
        return Amplitudes(
            x=tables.put(start.real),
            y=tables.put(start.imag),
            turns=np.zeros(shape, np.int32),
            forward=np.cos(angle),
            sideways=-np.sin(angle),
            centre=tables.put(tables.of(setting.centre), np.float32),
            gain=tables.put((zeta * damping).swapaxes(0, 1), np.float32),
            drive=drive,
            now_x=np.zeros(both, np.float32),
            now_y=np.zeros(both, np.float32),
            next_x=np.zeros(both, np.float32),
            next_y=np.zeros(both, np.float32),
            pump=np.zeros((2, count), np.float32),
            signal_x=np.zeros((len(signals), LANES), np.float32),
            signal_y=np.zeros((len(signals), LANES), np.float32),
            words=tables.words(2),
            normals=tables.normals(2),
            record=np.empty((self.plan.rows, 2, *shape)),
        )


def _angle(state: Amplitudes) -> FloatArray:
    """arg c, full turns counted."""
    return np.asarray(np.arctan2(state.y, state.x) + 2 * math.pi * state.turns)


def _envelopes(drives: tuple[Drive, ...]) -> FloatArray:
    """(drives, pieces): as many pieces as all of them share."""
    rows = [np.atleast_1d(drive.envelope) for drive in drives]
    pieces = math.lcm(*(row.size for row in rows))
    return np.array([np.repeat(row, pieces // row.size) for row in rows]).reshape(-1, pieces)
