"""An Ising machine of oscillators: phases that a second harmonic binds to 0 and pi."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, instance, positive, real
from pbit.kernels.random.ars import key_schedule
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.oscillators.couplings import (
    check_steps,
    depth,
    in_own_unit,
    moderate,
    stiffness,
    width,
)
from pbit.samplers.oscillators.hardware import OscillatorHardware
from pbit.samplers.oscillators.motion import MotionRequest, checked_steps, pairwise
from pbit.samplers.oscillators.motion_run import run_motion
from pbit.schedules.schedule import DEFAULT_NUM_SWEEPS

# In the rate of the couplings, the middle of a flat optimum on G1, G22, glasses in three dimensions
# and a complete graph, from 300 to 20000 sweeps.
DEFAULT_HARMONIC = (0.0, 0.4)
DEFAULT_NOISE = (0.35, 0.05)
_STEP, _STABLE = 0.5, 2.0  # the longest, and over the fastest mode
_MARGIN = 1.1  # of what a power iteration finds

_RAMP_PIECES, _LONGEST_PIECE = 64, 16  # sweeps of a piece, in which ramps stand still


def oscillate(
    model: AnyModel,
    *,
    num_sweeps: int = DEFAULT_NUM_SWEEPS,
    second_harmonic: Sequence[float] = DEFAULT_HARMONIC,
    noise: Sequence[float] = DEFAULT_NOISE,
    coupling: float = 1.0,
    time_step: float | None = None,
    hardware: OscillatorHardware | None = None,
    num_reads: int = 1,
    seed: int | None = None,
    best_seen: bool = False,
    descent: bool = True,
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> Reads:
    r"""Reads of an Ising machine of oscillators under sub-harmonic injection locking.

    .. math:: \dot\phi_i = \omega_i - K \sum_j J_{ij} \sin(\phi_i - \phi_j) - K h_i \sin\phi_i
              - K_s(t) \sin 2\phi_i + \sqrt{2 D(t)}\,\xi_i

    A bias is a coupling to a reference oscillator that stays at phase 0. The second harmonic
    :math:`K_s` grows and binds phases to 0 and :math:`\pi`; the noise D falls;
    :math:`s_i = \mathrm{sgn} \cos\phi_i`. A sweep is one step of Heun's method of all phases.
    Rates are in units of the root, over the spins, of the mean square :math:`\sum_j J_{ij}^2`
    times K, for ``coupling`` = 1; times in the inverse of that.

    Parameters
    ----------
    model : IsingModel or dimod.BQM
        Terms of at most two spins.
    num_sweeps : int
        Steps of a read.
    second_harmonic, noise : (float, float)
        First and last :math:`K_s` and D, linear in between; D >= 0. They stand still for a 64th of
        the run, or 16 sweeps if these are fewer.
    coupling : float
        Rate of the couplings, in place of 1.
    time_step : float, optional
        By default the least of a half and :math:`2 / \lambda`, over ``coupling``: what Heun's
        method is stable with where :math:`-\lambda` is the lowest eigenvalue of the couplings in
        their unit, and where :math:`\lambda` is the fastest rate about a low state with the last
        second harmonic.
    hardware : OscillatorHardware, optional
        Adds detunings :math:`\omega_i` (0 without) and its own noise; ``info["duration_s"]`` is
        the time that a read takes on it.
    num_reads : int
    seed : int, optional
        0 <= seed < 2**64; drawn when None and returned in ``info["seed"]``. Read k depends on seed
        and k alone.
    best_seen : bool
        The lowest state among those looked at, every 16 sweeps, instead of the last.
    descent : bool
        Lower every read to a local minimum under single flips at the end, see
        :func:`pbit.descend`; ``info["descent_flips"]`` counts the flips.
    num_threads : int, optional
        All processors this process may use by default. No effect on the result.
    first_read : int
        Number of the first read: continues an earlier run with reads of its own.
    control : Control, optional
        Time limit, target, interrupt, progress. A read cut short is dropped, unless it is the
        lowest of all.

    Returns
    -------
    Reads
        ``info``: "second_harmonic_range", "noise_range", "coupling", "time_step", "descent",
        "updates" (steps of single phases).

    Raises
    ------
    TypeError, ValueError
        Terms of more than two spins, an argument of the wrong type or out of range.
    MemoryError
        Reads that cannot fit into memory.

    References
    ----------
    Wang, Roychowdhury, arXiv:1903.07163 (2019).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> oscillate(chain, num_reads=3, num_sweeps=100, seed=1).energies.tolist()
    [-2.0, -2.0, -2.0]
    """
    watch = Stopwatch()
    pairs = pairwise(model, instead="pbit.anneal")
    request = MotionRequest.of(
        pairs,
        num_reads=num_reads,
        seed=seed,
        num_threads=num_threads,
        first_read=first_read,
        best_seen=best_seen,
        descent=descent,
        control=control,
    )
    if hardware is not None:
        instance("hardware", hardware, OscillatorHardware, remedy="see pbit.OscillatorHardware")
    rate = positive("coupling", coupling)
    ramps = Ramps(
        ends_of("second_harmonic", second_harmonic), ends_of("noise", noise, least=0.0), hardware
    )
    moved, exponent = moderate(pairs)
    unit = width(moved)
    if time_step is None:
        harmonic = max(0.0, *ramps.second_harmonic)
        dt = _STABLE / (rate * _fastest(moved, unit, harmonic / rate))
    else:
        dt = positive("time_step", time_step)
    check_steps(
        dt,
        coupling=rate,
        second_harmonic=2 * float(np.abs(ramps.second_harmonic).max()),
        noise=2 * max(ramps.noise),
    )
    motion = _Phases.of(moved, (rate / unit, dt), ramps, checked_steps(num_sweeps), request)
    reads = run_motion(pairs, motion, request, watch)
    how: dict[str, Any] = {
        "second_harmonic_range": list(ramps.second_harmonic),
        "noise_range": list(ramps.noise),
        "coupling": in_own_unit(rate / unit, exponent),
        "time_step": dt,
        "kernel": "phases",
    }
    if hardware is not None:
        how["duration_s"] = motion.num_steps * dt / hardware.rate_rad_s
    return replace(reads, info=reads.info | how)


def _fastest(model: IsingModel, unit: float, harmonic: float) -> float:
    """Of the rates that a step has to follow, in that of the couplings; unit: of the weights."""
    return max(
        _STABLE / _STEP,
        depth(model.J) / unit,
        _MARGIN * (stiffness(model) / unit + 2 * harmonic),
    )


class Ramps(NamedTuple):
    """First and last second harmonic and noise, and what is always there."""

    second_harmonic: tuple[float, float]
    noise: tuple[float, float]
    hardware: OscillatorHardware | None

    def at(self, fraction: float) -> tuple[float, float]:
        """Second harmonic and noise at this part of a run."""
        harmonic, noise = (
            first + (last - first) * fraction for first, last in (self.second_harmonic, self.noise)
        )
        return harmonic, noise + (0.0 if self.hardware is None else self.hardware.noise)

    def detunings(self, n: int) -> FloatArray:
        """Of the oscillators, float64 (n,)."""
        return np.zeros(n) if self.hardware is None else self.hardware.detunings(n)


@dataclass(frozen=True, eq=False)
class _Phases(ByValue):
    """A :class:`pbit.samplers.oscillators.motion.Motion` of phases; the last may be a reference.

    ``couplings`` (indptr, indices, weights times dt), ``drift`` float64 (sites, 1) times dt,
    ``num_spins`` of the sites.
    """

    num_steps: int
    num_spins: int
    time_step: float
    ramps: Ramps
    couplings: tuple[Any, Any, Any]
    drift: FloatArray
    keys: Any

    @classmethod
    def of(
        cls,
        model: IsingModel,
        scales: tuple[float, float],
        ramps: Ramps,
        steps: int,
        request: MotionRequest,
    ) -> _Phases:
        """``scales``: rate of a coupling of 1, and the step."""
        rate, dt = scales
        n, matrix = model.num_spins, model.J
        if model.h.any():
            bias = sparse.csr_array(model.h[:, None])
            matrix = sparse.block_array([[matrix, bias], [None, sparse.csr_array((1, 1))]]).tocsr()
        couplings = (
            matrix.indptr.astype(np.int64),
            matrix.indices.astype(np.int32),
            (matrix.data * (rate * dt)).astype(np.float32),
        )
        drift = np.zeros((matrix.shape[0], 1))
        drift[:n, 0] = dt * ramps.detunings(n)
        keys = key_schedule(*request.key)
        return cls(steps, n, dt, ramps, couplings, drift, keys)

    def toy(self) -> _Phases:
        """See :class:`Motion`."""
        _, indices, weights = self.couplings
        one = (np.zeros(2, np.int64), indices[:0], weights[:0])
        return replace(self, num_steps=1, num_spins=1, couplings=one, drift=np.zeros((1, 1)))

    def begin(self, first: int, reads: int) -> Any:
        """See :class:`Motion`."""
        from pbit.kernels.oscillators.phases import Phases, first_phases

        shape = (len(self.drift), reads)
        arrays = Phases(
            phases=np.zeros(shape),
            drift=np.array(np.broadcast_to(self.drift, shape)),
            sines=np.empty(shape, np.float32),
            cosines=np.empty(shape, np.float32),
            next_sines=np.empty(shape, np.float32),
            next_cosines=np.empty(shape, np.float32),
            words=np.empty((4, reads), np.uint32),
            normals=np.zeros((4, reads), np.float32),
            record=np.empty((0, *shape)),
        )
        first_phases(arrays.phases[: self.num_spins], arrays.words, first, self.keys)
        state = _State(first, arrays)
        self._move(state, (0, 0))
        return state

    def advance(self, state: Any, steps: tuple[int, int], stop: Any) -> int:
        """See :class:`Motion`."""
        first, last = steps
        done = first
        while done < last and not stop[0]:
            end = min(last, (done // self._piece + 1) * self._piece)
            self._move(state, (done, end))
            done = end
        return done - first

    def spins(self, state: Any) -> SpinArray:
        """See :class:`Motion`."""
        up = state.arrays.cosines[: self.num_spins] >= 0
        return np.where(up, np.int8(1), np.int8(-1))

    @property
    def _piece(self) -> int:
        """Steps in which ramps stand still."""
        return max(1, min(self.num_steps // _RAMP_PIECES, _LONGEST_PIECE))

    def _move(self, state: Any, steps: tuple[int, int]) -> None:
        """Steps of one piece of the ramps."""
        from pbit.kernels.oscillators.phases import Pulls, Steps, run_phases

        first, last = steps
        middle = (first // self._piece + 0.5) * self._piece / max(self.num_steps, 1)
        harmonic, noise = self.ramps.at(min(middle, 1.0))
        pulls = Pulls(
            *self.couplings,
            self._of_each(2 * harmonic * self.time_step),
            self._of_each(np.sqrt(2 * noise * self.time_step)),
            np.array([noise > 0]),
        )
        number = Steps(first, last - first, max(self.num_steps, 1), max(self.num_steps, 1) + 1)
        run_phases(state.arrays, pulls, number, state.first, self.keys)

    def _of_each(self, value: float) -> Any:
        """For each oscillator, float32 (1, sites); nothing acts on the reference."""
        values = np.zeros((1, len(self.drift)), np.float32)
        values[:, : self.num_spins] = value
        return values


class _State(NamedTuple):
    """``first`` read; ``arrays``: :class:`pbit.kernels.oscillators.phases.Phases`."""

    first: int
    arrays: Any


def ends_of(name: str, ends: Any, *, least: float = -np.inf) -> tuple[float, float]:
    """First and last value of a ramp."""
    try:
        first, last = ends
    except (TypeError, ValueError):
        raise ArgumentError(name, "must be two numbers, at the start and the end", ends) from None
    found = real(name, first), real(name, last)
    if not all(least <= value < np.inf for value in found):
        rule = "must be finite" if least < 0 else f"must be finite and >= {least:g}"
        raise ArgumentError(name, rule, ends)
    return found
