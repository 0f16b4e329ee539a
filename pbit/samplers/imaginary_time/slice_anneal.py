"""Simulated quantum annealing: slices of imaginary time whose transverse field is turned off."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, flag
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.samplers.imaginary_time.quantities import checked_quantum_schedule
from pbit.samplers.imaginary_time.slice_run import SliceRequest, SliceRun
from pbit.samplers.imaginary_time.slices import Piece, Slices
from pbit.schedules.schedule import Schedule

_HIGHEST = np.iinfo(np.int64).max


def anneal_slices(
    model: AnyModel,
    schedule: Schedule,
    *,
    replicas: int,
    num_reads: int = 1,
    seed: int | None = None,
    best_seen: bool = False,
    return_replicas: bool = False,
    initial_spins: npt.ArrayLike | None = None,
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> Reads:
    r"""The lowest slice of each read of a simulated quantum anneal.

    Heat bath on R slices of imaginary time, periodic, at the law that Suzuki and Trotter give a
    transverse field :math:`\Gamma`:

    .. math:: P(m) \propto \exp\{\tfrac{\beta}{R} \sum_k [\sum_{i<j} J_{ij} m_{ik} m_{jk}
        + \sum_i h_i m_{ik}] + K \sum_{ik} m_{ik} m_{i,k+1}\}, \quad
        K = -\tfrac12 \ln\tanh(\beta\Gamma / R)

    Note that each slice is at :math:`\beta / R`: R times the beta of a classical anneal keeps it as
    cold. Slices are bits of words, see :mod:`pbit.kernels.imaginary_time.slices`.

    Parameters
    ----------
    model : IsingModel or dimod.BQM
        Weights that are small whole multiples of one unit.
    schedule : Schedule
        One beta a step, > 0 and finite, and a column "gamma" > 0:
        ``Schedule(betas).with_columns(gamma=gammas)``.
    replicas : int
        R >= 1. With R = 2 the bond counts twice, with R = 1 it is a constant.
    num_reads : int
    seed : int, optional
        0 <= seed < 2**64; drawn when None and returned in ``info["seed"]``. Read k depends on
        seed, k and R alone.
    best_seen : bool
        The lowest slice at the start or after any sweep, instead of that at the end. Takes about
        a third more time.
    return_replicas : bool
        Add ``info["replica_spins"]``, int8 (num_reads, R, n), and ``info["replica_energies"]``,
        float64 (num_reads, R): all slices at the end.
    initial_spins : array of -1 and +1, shape (n,), (num_reads, n) or (num_reads, R, n), optional
        Fair coins by default.
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
        ``info["updates"]``: those of all slices, num_reads n R num_sweeps of a whole run.

    Raises
    ------
    TypeError, ValueError
        Other weights, a schedule without "gamma", a beta or gamma that is 0, an argument out of
        range.
    MemoryError
        Slices that cannot fit into memory.

    References
    ----------
    Suzuki, Prog. Theor. Phys. 56, 1454 (1976). Martonak, Santoro, Tosatti, Phys. Rev. B 66, 094203
    (2002). Kadowaki, Nishimori, Phys. Rev. E 58, 5355 (1998).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> ring = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 0], [1.0, 1.0, 1.0, -1.0])
    >>> cold = Schedule.linear(8.0, 8.0, num_betas=50).with_columns(gamma=np.linspace(3, 0.1, 50))
    >>> anneal_slices(ring, cold, replicas=8, num_reads=3, seed=1).energies.tolist()
    [-2.0, -2.0, -2.0]
    """
    watch = Stopwatch()
    model, slices = Slices.of(model, replicas)
    schedule = checked_quantum_schedule(schedule)
    gammas = schedule["gamma"]
    check_field(schedule.betas, gammas)
    request = SliceRequest.of(
        slices,
        num_reads=num_reads,
        seed=seed,
        num_threads=num_threads,
        first_read=first_read,
        control=control,
        initial_spins=initial_spins,
    )
    options = _Options(flag("best_seen", best_seen), flag("return_replicas", return_replicas))
    anneal = _Anneal(slices, request, schedule, options)
    watch.mark()
    anneal.warm_up()
    watch.mark()
    anneal.go(model.offset)
    watch.mark()
    rows = anneal.rows()
    spins = anneal.spins[rows]
    info = {
        **anneal.run.info(anneal.stop_reason),
        "beta_range": schedule.ends,
        "beta_schedule_type": schedule.kind,
        "gamma_range": [float(gammas[0]), float(gammas[-1])] if gammas.size else [],
    }
    if options.replicas:
        info["replica_spins"] = anneal.replica_spins[rows]
        info["replica_energies"] = anneal.replica_energies[rows] + model.offset
    return Reads(spins, model.energy(spins), {**info, "timing": watch.timing()})


def check_field(betas: FloatArray, gammas: FloatArray) -> None:
    """Refuse what has no bonds in imaginary time, or infinite ones.

    Raises
    ------
    ValueError
    """
    for name, values, remedy in (
        ("gamma", gammas, "slices freeze into one another without a field: end at a small one"),
        ("beta", betas, "imaginary time has the length beta"),
    ):
        bad = np.flatnonzero(~((values > 0) & np.isfinite(values)))
        if bad.size:
            where = f" at step {bad[0]}" if values.size > 1 else ""
            got = f"{values[bad[0]]}{where}"
            raise ArgumentError(name, "must be > 0 and finite for slices", got=got, remedy=remedy)


class _Options(NamedTuple):
    best_seen: bool
    replicas: bool


class _Anneal:
    """What the pieces of an anneal leave."""

    def __init__(
        self, slices: Slices, request: SliceRequest, schedule: Schedule, options: _Options
    ) -> None:
        self.slices, self.request, self.schedule, self.options = slices, request, schedule, options
        self.run = SliceRun(slices, request, schedule.num_sweeps)
        reads, n, kept = request.num_reads, slices.num_spins, slices.replicas * options.replicas
        self.spins: SpinArray = np.empty((reads, n), np.int8)
        self.units = np.full(reads, _HIGHEST)
        self.is_done = np.zeros(reads, np.bool_)
        self.replica_spins: SpinArray = np.empty((reads, kept, n), np.int8)
        self.replica_energies: FloatArray = np.empty((reads, kept))
        self.stop_reason = "completed"

    def warm_up(self) -> None:
        """Compile, or load what was compiled before."""
        piece, toy = self.run.pieces[0], self.slices.toy()
        small = Piece(0, 1, 0, piece.words)
        request = self.request._replace(initial=None, first_read=0)
        self._anneal(toy, small, request, np.zeros(1, np.uint8), toy.bits.aim(-np.inf), steps=1)

    def go(self, offset: float) -> None:
        """Run all pieces."""
        bits, target = self.slices.bits, self.request.control.target
        aim = bits.aim(Aim.at(target, offset=offset, size=bits.total * bits.unit).target)
        stop = self.run.stop
        steps = len(self.schedule.betas)
        reason = self.run.go(
            lambda piece: self._anneal(self.slices, piece, self.request, stop, aim, steps=steps),
            self._take,
        )
        if target is not None and self.units.min() <= aim:
            self.stop_reason = "target"
        elif reason is not None and not self.is_done.all():
            self.stop_reason = reason

    def rows(self) -> npt.NDArray[np.int64]:
        """Reads that came to their end, and the lowest other one if it is lower than all these."""
        lowest = int(np.argmin(np.where(self.is_done, _HIGHEST, self.units)))
        others = self.units[self.is_done].min(initial=_HIGHEST)
        chosen = self.is_done.copy()
        chosen[lowest] |= self.units[lowest] < others
        return np.flatnonzero(chosen)

    def _anneal(
        self,
        slices: Slices,
        piece: Piece,
        request: SliceRequest,
        stop: Any,
        aim: int,
        *,
        steps: int,
    ) -> Any:
        from pbit.kernels.imaginary_time import slices as kernels

        grid, words = request.start(slices, piece)
        betas, gammas = self.schedule.betas[:steps], self.schedule["gamma"][:steps]
        bonds, unit = slices.bonds(betas, gammas), slices.bits.unit
        best = kernels.Best(
            np.full(piece.wanted, _HIGHEST),
            np.empty((piece.wanted, slices.num_spins), np.int8),
            self.options.best_seen,
        )
        sweeps, energies = kernels.anneal_slices(
            words,
            slices.edges(piece.words),
            grid,
            kernels.Plan(slices.scales(betas), bonds, self.schedule.sweeps_per_beta, unit),
            request.stream(slices, piece),
            best,
            kernels.Watch(stop, piece.beat, aim),
        )
        if not self.options.replicas:
            return sweeps, best, None, None
        found = slices.by_slice(unit * energies, grid, piece.wanted)
        return sweeps, best, slices.states(words, piece), found

    def _take(self, piece: Piece, result: Any) -> None:
        sweeps, best, replica_spins, replica_energies = result
        rows = self.request.rows(piece)
        self.spins[rows], self.units[rows] = best.spins, best.energies
        self.is_done[rows] = sweeps == self.schedule.num_sweeps
        if self.options.replicas:
            self.replica_spins[rows], self.replica_energies[rows] = replica_spins, replica_energies
