"""Simulated bifurcation: particles in a well that becomes two, read out by their side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, positive
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.oscillators.couplings import (
    check_steps,
    compiled,
    depth,
    in_own_unit,
    moderate,
    width,
)
from pbit.samplers.oscillators.motion import MotionRequest, checked_steps, pairwise
from pbit.samplers.oscillators.motion_run import run_motion
from pbit.schedules.schedule import DEFAULT_NUM_SWEEPS

Form = Literal["discrete", "ballistic"]
FORMS = ("discrete", "ballistic")
DEFAULT_COUPLING = 0.5

# Parts of the longest stable step, chosen on G1, G22, G43, 3D glasses and a complete graph: beyond
# half of it some discrete runs end in a cycle, ballistic ones get better up to here.
_PARTS = {"discrete": 0.5, "ballistic": 0.85}


def bifurcate(
    model: AnyModel,
    *,
    form: Form = "discrete",
    num_sweeps: int = DEFAULT_NUM_SWEEPS,
    coupling: float = DEFAULT_COUPLING,
    time_step: float | None = None,
    num_reads: int = 1,
    seed: int | None = None,
    best_seen: bool = False,
    descent: bool = True,
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> Reads:
    r"""Reads of simulated bifurcation, in its ballistic or discrete form.

    Particles at :math:`x_i` with momenta :math:`y_i`, between walls at -1 and 1:

    .. math:: \dot y_i = -(1 - a) x_i + c_0 (h_i + \sum_j J_{ij} z_j), \quad \dot x_i = y_i

    with :math:`z_j = x_j` in the ballistic form, :math:`z_j = \mathrm{sgn}\, x_j` in the discrete
    one. A particle that meets a wall stays there, its momentum gone. As a rises from 0 to 1, the
    well at 0 goes away and all end at the walls; the spins are the sides they are on. A sweep is
    one step of all particles, momenta first. Deterministic but for where particles start, uniform
    in (-0.1, 0.1).

    Parameters
    ----------
    model : IsingModel or dimod.BQM
        Terms of at most two spins.
    form : {"discrete", "ballistic"}
    num_sweeps : int
        Steps of a read.
    coupling : float
        :math:`c_0` in units of :math:`1 / \sqrt{\langle \sum_j J_{ij}^2 \rangle}`.
    time_step : float, optional
        By default a part (half for "discrete", 0.85 for "ballistic") of the longest stable step,
        :math:`2 / \sqrt{1 + c_0 \lambda}`, where :math:`-\lambda` is the lowest eigenvalue of J;
        1.25 at most.
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
        ``info``: "form", "coupling" (:math:`c_0` itself), "time_step", "updates" (steps of single
        particles).

    Raises
    ------
    TypeError, ValueError
        Terms of more than two spins, an argument of the wrong type or out of range.
    MemoryError
        Reads that cannot fit into memory.

    References
    ----------
    Goto, Endo, Suzuki, Sakai, Kanao, Hamakawa, Hidaka, Yamasaki, Tatsumura, Sci. Adv. 7, eabe7953
    (2021).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> chain = IsingModel.from_edges([0, 1], [1, 2], [1.0, -1.0])
    >>> bifurcate(chain, num_reads=3, num_sweeps=100, seed=1).energies.tolist()
    [-2.0, -2.0, -2.0]
    """
    watch = Stopwatch()
    pairs = pairwise(model, instead="pbit.anneal")
    if form not in FORMS:
        raise ArgumentError("form", f"must be one of {', '.join(FORMS)}", form)
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
    moved, exponent = moderate(pairs)
    drive = positive("coupling", coupling) / width(moved)
    if time_step is None:
        dt = min(1.25, _PARTS[form] * 2 / np.sqrt(1 + drive * depth(moved.J)))
    else:
        dt = positive("time_step", time_step)
    check_steps(dt, coupling=coupling)
    motion = _Particles.of(moved, form, (drive, float(dt)), checked_steps(num_sweeps), request.key)
    reads = run_motion(pairs, motion, request, watch)
    how = {
        "form": form,
        "coupling": in_own_unit(drive, exponent),
        "time_step": float(dt),
        "kernel": "bifurcation",
    }
    return replace(reads, info=reads.info | how)


@dataclass(frozen=True, eq=False)
class _Particles(ByValue):
    """A :class:`pbit.samplers.oscillators.motion.Motion` of particles."""

    num_steps: int
    path: Any
    model: tuple[Any, Any]
    key: tuple[Any, Any]

    @classmethod
    def of(
        cls, model: IsingModel, form: Form, scales: tuple[float, float], steps: int, key: Any
    ) -> _Particles:
        """``scales``: c_0 and the step."""
        from pbit.kernels.oscillators.bifurcation import Path

        drive, dt = scales
        path = Path(steps, dt, np.float32(dt * drive), form == "discrete")
        return cls(steps, path, compiled(model), key)

    def toy(self) -> _Particles:
        """See :class:`Motion`."""
        _, indices, weights = self.model[1]
        one = (np.zeros(1, np.float32), (np.zeros(2, np.int64), indices[:0], weights[:0]))
        return replace(self, num_steps=1, path=self.path._replace(num_steps=1), model=one)

    def begin(self, first: int, reads: int) -> Any:
        """See :class:`Motion`."""
        from pbit.kernels.oscillators.bifurcation import Particles

        shape = (self.model[0].size, reads)
        x, y = np.empty(shape, np.float32), np.empty(shape, np.float32)
        particles = Particles(x, y, np.empty(shape, np.int8))
        self._move(particles, np.uint64(first), (-1, 0), np.zeros(1, np.uint8))
        return particles

    def advance(self, state: Any, steps: tuple[int, int], stop: Any) -> int:
        """See :class:`Motion`."""
        return self._move(state, np.uint64(0), steps, stop)

    def spins(self, state: Any) -> SpinArray:
        """See :class:`Motion`."""
        found: SpinArray = state.spins
        return found

    def _move(self, state: Any, read: Any, steps: tuple[int, int], stop: Any) -> int:
        from pbit.kernels.oscillators.bifurcation import run_particles

        return int(run_particles(state, *self.model, self.path, steps, (read, *self.key), stop))
