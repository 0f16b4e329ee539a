"""Runs of oscillators: parameters as the kernel has them, reads in blocks, put together again."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from pbit.checks import ArgumentError, integer
from pbit.kernels.oscillators.amplitudes import OWN, Amplitudes, Parts, Pumps, run_amplitudes
from pbit.kernels.oscillators.phases import Steps, first_phases
from pbit.kernels.random.philox import key_schedule
from pbit.kernels.sweeps.lanes import LANES
from pbit.networks.oscillators.arguments import ComplexArray, FloatArray
from pbit.networks.oscillators.drives import Drive
from pbit.networks.oscillators.oscillator_run import OscillatorRun
from pbit.networks.oscillators.stepping import BLOCK, Plan
from pbit.seeds import seed_or_fresh

if TYPE_CHECKING:
    from pbit.networks.oscillators.oscillator_network import OscillatorNetwork

_LEAST_POWER = 1e-6  # of a start: an oscillator without any stays without


@dataclass(frozen=True, eq=False, kw_only=True)
class Setting:
    """What oscillators are exposed to in a run, all but the time.

    Attributes
    ----------
    current_A : float64, shape (1 or num_reads, pieces, n)
    detuning_Hz : float64, shape (n,) or (num_reads, n)
    drives : tuple of Drive
    frame_Hz : float, or None for the mean of the free frequencies
    """

    network: OscillatorNetwork
    current_A: FloatArray
    detuning_Hz: FloatArray
    drives: tuple[Drive, ...]
    frame_Hz: float | None
    num_reads: int

    def __post_init__(self) -> None:
        for drive in self.drives:
            if drive.frequency_Hz.shape not in ((), (self.num_reads,)):
                raise ArgumentError(
                    "frequency_Hz",
                    f"must be one number or {self.num_reads}",
                    got=f"shape {drive.frequency_Hz.shape}",
                    remedy="one a read",
                )

    @cached_property
    def centre(self) -> FloatArray:
        """Powers about which the turning is exact, (1 or num_reads, n)."""
        return self.network.free_power(self.current_A.mean(axis=1))

    @cached_property
    def frame(self) -> float:
        """Frequency of the frame in hertz."""
        if self.frame_Hz is not None:
            return self.frame_Hz
        return float((self._frequency_Hz + self.detuning_Hz).mean())

    @property
    def _frequency_Hz(self) -> FloatArray:
        network = self.network
        return network.values("frequency_Hz") + network.values("shift_Hz") * self.centre

    @property
    def turning_rad_s(self) -> FloatArray:
        """Against the frame, shape (1 or num_reads, n)."""
        return 2 * math.pi * (self._frequency_Hz + self.detuning_Hz - self.frame)

    @property
    def forces(self) -> tuple[Drive, ...]:
        """Drives near the frequency."""
        return tuple(drive for drive in self.drives if drive.harmonic == 1)

    @property
    def pumps(self) -> tuple[Drive, ...]:
        """Drives near twice the frequency."""
        return tuple(drive for drive in self.drives if drive.harmonic == 2)

    @property
    def fastest_rad_s(self) -> float:
        """Sum of all that limits a step."""
        network, zeta = self.network, self.zeta
        damping = 2 * math.pi * network.values("damping_Hz")
        power = network.free_power(self.current_A).max(axis=(0, 1))
        own = damping * (np.abs(zeta).max(axis=(0, 1)) + 1)
        own += 2 * math.pi * np.abs(network.values("shift_Hz")) * power
        own += np.asarray(abs(network.couplings).sum(axis=1)).ravel()
        for drive in self.drives:
            strength = np.abs(drive.strengths_rad_s(network.n)) * np.abs(drive.envelope).max()
            own += strength / np.sqrt(np.maximum(power, 0.1)) if drive.harmonic == 1 else strength
        return float(own.max() + np.abs(self.turning_rad_s).max())

    @property
    def zeta(self) -> FloatArray:
        """Supercriticality, of the shape of the currents."""
        return self.current_A / self.network.values("threshold_A")


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
    parts, pumps = _parts(setting, plan.time_step), _pumps(setting, plan.time_step)
    amplitudes = np.empty((reads, plan.times.size, n), np.complex128)
    frequencies = np.empty((reads, n))

    def block(first: int) -> None:
        here = slice(first, min(first + BLOCK, reads))
        width = here.stop - first
        state = _block(setting, plan, here)
        _begin(setting, state, initial, here=here, keys=keys)
        begun = np.stack([state.x, state.y])
        for start, stop in ((0, plan.mark), (plan.mark, plan.steps)):
            steps = Steps(start, stop - start, plan.steps, plan.every or plan.steps)
            marked = _angle(state)
            run_amplitudes(state, parts, pumps, steps, first, keys)
        measured = (plan.steps - plan.mark) * plan.time_step
        slower = (_angle(state) - marked).T[:width] / (2 * math.pi * measured)
        frequencies[here] = setting.frame - slower
        rows = np.concatenate([begun[None], state.record]) if plan.every else state.record
        amplitudes[here] = (rows[:, 0] + 1j * rows[:, 1]).transpose(2, 0, 1)[:width]

    begin = time.perf_counter_ns()
    with ThreadPoolExecutor(integer("num_threads", num_threads, 1)) as pool:
        list(pool.map(block, range(0, reads, BLOCK)))
    info = {
        "seed": seed,
        "steps": plan.steps,
        "time_step_s": plan.time_step,
        "frame_Hz": setting.frame,
        "sampling_ns": time.perf_counter_ns() - begin,
    }
    return OscillatorRun(plan.times, amplitudes, frequencies, info)


def _angle(state: Amplitudes) -> FloatArray:
    """arg c, full turns counted, (n, R)."""
    return np.asarray(np.arctan2(state.y, state.x) + 2 * math.pi * state.turns)


def _parts(setting: Setting, step: float) -> Parts:
    network, n = setting.network, setting.network.n
    forces = [drive.strengths_rad_s(n) for drive in setting.forces]
    matrix = network.couplings
    if forces:
        columns = sparse.csr_array(np.stack(forces, axis=1))
        matrix = sparse.csr_array(sparse.hstack([matrix, columns]))
    damping = 2 * math.pi * network.values("damping_Hz") * step
    own = np.empty((n, OWN), np.float32)
    own[:, 0], own[:, 1] = damping, damping * network.values("nonlinear_damping")
    own[:, 2] = 2 * math.pi * network.values("shift_Hz") * step
    own[:, 3] = np.sqrt(2 * math.pi * network.values("noise_Hz") * step)
    return Parts(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        (matrix.data.real * step).astype(np.float32),
        (matrix.data.imag * step).astype(np.float32),
        own,
    )


def _pumps(setting: Setting, step: float) -> Pumps:
    strengths = [drive.strengths_rad_s(setting.network.n) * step for drive in setting.pumps]
    offsets = [float(drive.frequency_Hz) - 2 * setting.frame for drive in setting.pumps]
    return Pumps(
        np.array(strengths, np.complex128).reshape(-1, setting.network.n),
        2 * math.pi * np.array(offsets, np.float64) * step,
        _envelopes(setting.pumps),
        _envelopes(setting.forces),
    )


def _envelopes(drives: tuple[Drive, ...]) -> FloatArray:
    """(drives, pieces): as many pieces as all of them share."""
    rows = [np.atleast_1d(drive.envelope) for drive in drives]
    pieces = math.lcm(*(row.size for row in rows))
    return np.array([np.repeat(row, pieces // row.size) for row in rows]).reshape(-1, pieces)


def _block(setting: Setting, plan: Plan, here: slice) -> Amplitudes:
    """State of some reads, at 0, and of those that fill the vectors up."""
    n, m = setting.network.n, len(setting.forces)
    width = -(-(here.stop - here.start) // LANES) * LANES
    angle = _filled(setting.turning_rad_s * plan.time_step, (n, width), here)
    damping = 2 * math.pi * setting.network.values("damping_Hz") * plan.time_step
    gain = np.zeros((setting.zeta.shape[1], n, width), np.float32)
    chosen = setting.zeta if len(setting.zeta) == 1 else setting.zeta[here]
    gain[..., : here.stop - here.start] = (damping * chosen).transpose(1, 2, 0)
    drive = np.empty((m, width))
    for row, each in zip(drive, setting.forces, strict=True):
        turn = 2 * math.pi * (each.frequency_Hz - setting.frame) * plan.time_step
        row[:] = _filled(np.reshape(turn, (-1, 1)), (1, width), here)[0]
    rows = plan.steps // plan.every if plan.every else 1
    return Amplitudes(
        x=np.zeros((n, width)),
        y=np.zeros((n, width)),
        turns=np.zeros((n, width), np.int32),
        forward=np.cos(angle),
        sideways=-np.sin(angle),
        centre=_filled(setting.centre, (n, width), here).astype(np.float32),
        gain=gain,
        drive=drive,
        now_x=np.zeros((n + m, width), np.float32),
        now_y=np.zeros((n + m, width), np.float32),
        next_x=np.zeros((n + m, width), np.float32),
        next_y=np.zeros((n + m, width), np.float32),
        words=np.zeros((4, width), np.uint32),
        normals=np.zeros((4, width), np.float32),
        record=np.empty((rows, 2, n, width)),
    )


def _filled(values: FloatArray, shape: tuple[int, int], here: slice) -> FloatArray:
    """Values of all reads (1, n), or of each (num_reads, n), as (n, R)."""
    rows = np.zeros(shape)
    rows[:, : here.stop - here.start] = (values if len(values) == 1 else values[here]).T
    return rows


def _begin(
    setting: Setting, state: Amplitudes, initial: ComplexArray | None, *, here: slice, keys: Any
) -> None:
    width = here.stop - here.start
    if initial is not None:
        chosen = initial[here] if initial.ndim == 2 else initial[None]
        state.x[:, :width], state.y[:, :width] = chosen.real.T, chosen.imag.T
        return
    first_phases(state.x, state.words, here.start, keys)
    first = setting.current_A[:, 0] if len(setting.current_A) == 1 else setting.current_A[here, 0]
    size = np.sqrt(np.maximum(setting.network.free_power(first), _LEAST_POWER)).T
    angle = state.x[:, :width].copy()
    state.x[:], state.y[:] = 0.0, 0.0
    state.x[:, :width], state.y[:, :width] = size * np.cos(angle), -size * np.sin(angle)
