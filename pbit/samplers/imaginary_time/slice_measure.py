"""Averages of a quantum model, measured of its slices of imaginary time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, real
from pbit.engines.observation import Observation
from pbit.machine import check_memory
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.stopwatch import Stopwatch
from pbit.samplers.imaginary_time.series import COLUMNS, ImaginaryTimeSeries, bin_sizes
from pbit.samplers.imaginary_time.slice_anneal import check_field
from pbit.samplers.imaginary_time.slice_run import SliceRequest, SliceRun
from pbit.samplers.imaginary_time.slices import Piece, Slices
from pbit.samplers.moments import observation_of, pairs_of


def measure_slices(
    model: AnyModel,
    gamma: float,
    beta: float,
    *,
    replicas: int,
    num_sweeps: int,
    burn_in: int = 0,
    every: int = 1,
    pairs: str | npt.ArrayLike | None = None,
    num_reads: int = 64,
    seed: int | None = None,
    initial_spins: npt.ArrayLike | None = None,
    num_threads: int | None = None,
    first_read: int = 0,
    control: Control | None = None,
) -> ImaginaryTimeSeries:
    r"""Estimates of the quantum model :math:`H = E(\sigma^z) - \Gamma \sum_i \sigma^x_i`.

    The heat bath of :func:`pbit.samplers.imaginary_time.slice_anneal.anneal_slices` at one field
    and temperature. Averages over slices are those of R slices, off from the quantum model's by
    order :math:`(\beta / R)^2`. Of :math:`\sigma^x` it is
    :math:`\tanh(\beta\Gamma / R)^{m_{ik} m_{i,k+1}}`.

    Parameters
    ----------
    model : IsingModel or dimod.BQM
        E, of weights that are small whole multiples of one unit.
    gamma, beta : float
        Transverse field and inverse temperature, > 0 and finite.
    replicas : int
        R >= 1.
    num_sweeps, burn_in, every : int
        Sweeps of a read; of these the first ``burn_in`` are not looked at, and then the state
        after one of every so many is. A look takes about as long as one or two sweeps, with all
        edges as pairs as two or three.
    pairs : {"edges", "all"}, int array of shape (2, m), or None
        Pairs whose products are wanted, by index.
    num_reads, seed, initial_spins, num_threads, first_read, control
        As there. Reads cut short are left out.

    Returns
    -------
    ImaginaryTimeSeries

    Raises
    ------
    TypeError, ValueError
        Other weights, no spins, a field or temperature out of range, an index that does not exist,
        no read that came to its end.
    MemoryError
        Looks or slices that cannot fit into memory.

    References
    ----------
    Suzuki, Prog. Theor. Phys. 56, 1454 (1976).

    Examples
    --------
    >>> from pbit import IsingModel
    >>> ring = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 0], [1.0, 1.0, 1.0, 1.0])
    >>> series = measure_slices(ring, 1.0, 2.0, replicas=8, num_sweeps=200, burn_in=50, seed=1)
    >>> series["m2"].shape, bool(0.7 < series["m2"].mean() < 0.8)
    ((150, 64), True)
    """
    watch = Stopwatch()
    model, slices = Slices.of(model, replicas)
    if not slices.num_spins:
        raise ArgumentError("model", "must have a spin to be measured", got="none")
    field, cold = _number("gamma", gamma), _number("beta", beta)
    observation = observation_of(num_sweeps, burn_in, every)
    request = SliceRequest.of(
        slices,
        num_reads=num_reads,
        seed=seed,
        num_threads=num_threads,
        first_read=first_read,
        control=control,
        initial_spins=initial_spins,
    )
    point = _Point(field, cold, pairs_of(model, pairs))
    measurement = _Measurement(slices, request, point, num_sweeps, observation)
    watch.mark()
    measurement.warm_up()
    watch.mark()
    reason = measurement.go()
    watch.mark()
    info = {**measurement.run.info(reason), "burn_in": burn_in, "every": every}
    return measurement.series(model.offset, {**info, "timing": watch.timing()})


def _number(name: str, value: Any) -> float:
    if np.ndim(value):
        raise ArgumentError(
            name, "must be one number for slices", got=f"shape {np.shape(value)}",
            remedy="worldlines take one a site",
        )  # fmt: skip
    number = real(name, value)
    check_field(**{"betas": np.ones(1), "gammas": np.ones(1), f"{name}s": np.array([number])})
    return number


class _Point(NamedTuple):
    gamma: float
    beta: float
    pairs: npt.NDArray[np.int32]


class _Measurement:
    """What the pieces of a measurement leave."""

    def __init__(
        self,
        slices: Slices,
        request: SliceRequest,
        point: _Point,
        num_sweeps: int,
        observation: Observation,
    ) -> None:
        self.slices, self.request, self.point = slices, request, point
        self.num_sweeps, self.observation = num_sweeps, observation
        self.run = SliceRun(slices, request, num_sweeps)
        self.bin_looks = bin_sizes(observation.looks(num_sweeps))
        reads, n, pairs = request.num_reads, slices.num_spins, point.pairs.shape[1]
        bins, looks = self.bin_looks.size, int(self.bin_looks.sum())
        check_memory(
            16 * reads * (looks * len(COLUMNS) + bins * (2 * n + pairs)),
            what=f"{looks} looks at {reads} reads",
            lower="num_reads",
            others=", observe fewer pairs or raise every",
        )
        self.sums, *self.by_bin = _nothing(looks, bins, reads, (n, pairs))
        self.states = np.empty((reads, slices.replicas, n), np.int8)
        self.is_done = np.zeros(reads, np.bool_)

    def warm_up(self) -> None:
        """Compile, or load what was compiled before."""
        piece = self.run.pieces[0]
        toy = self.slices.toy(), Piece(0, 1, 0, piece.words)
        request = self.request._replace(initial=None, first_read=0)
        none = self.point._replace(pairs=np.zeros((2, 0), np.int32))
        self._measure(*toy, request, np.zeros(1, np.uint8), point=none, sweeps=0)

    def go(self) -> str:
        """Run all pieces; why it ended."""
        reason = self.run.go(
            lambda piece: self._measure(
                self.slices, piece, self.request, self.run.stop,
                point=self.point, sweeps=self.num_sweeps,
            ),
            self._take,
        )  # fmt: skip
        if not self.is_done.any():
            raise ValueError("no read came to its end; raise the time limit or lower num_sweeps")
        return "completed" if reason is None or self.is_done.all() else reason

    def series(self, offset: float, info: dict[str, Any]) -> ImaginaryTimeSeries:
        """Means of the sums, of the reads that came to their end."""
        replicas, chosen = self.slices.replicas, np.flatnonzero(self.is_done)
        slices = replicas * self.bin_looks[:, None, None]
        downs, kinks, apart = (sums[:, chosen] for sums in self.by_bin)
        return ImaginaryTimeSeries(
            columns=COLUMNS,
            values=self._values(self.sums[:, chosen], offset),
            bin_looks=self.bin_looks,
            spins=1 - 2 * downs / slices,
            kinks=kinks / slices,
            products=1 - 2 * apart / slices,
            pairs=self.point.pairs,
            beta=self.point.beta,
            gamma=self.point.gamma,
            replicas=replicas,
            states=self.states[chosen],
            info=info,
        )

    def _values(self, sums: FloatArray, offset: float) -> FloatArray:
        """The columns of the series, of sums over slices."""
        R, n = self.slices.replicas, self.slices.num_spins
        energies, kinks, m, size, m2, m4, path = np.moveaxis(sums, -1, 0)
        equal = np.tanh(self.point.beta * self.point.gamma / R)
        transverse = self.point.gamma * (equal * (n * R - kinks) + kinks / equal) / R
        energy = self.slices.bits.unit * energies / R + offset
        moments = (m / n, size / n, m2 / n**2, m4 / n**4, path / (R * n**2))
        return np.stack([energy, transverse, *(each / R for each in moments)], axis=-1)

    def _measure(
        self,
        slices: Slices,
        piece: Piece,
        request: SliceRequest,
        stop: Any,
        *,
        point: _Point,
        sweeps: int,
    ) -> Any:
        from pbit.kernels.imaginary_time import slice_looks as kernels
        from pbit.kernels.imaginary_time.slices import Plan, Watch

        grid, words = request.start(slices, piece)
        betas, gammas, unit = np.array([point.beta]), np.array([point.gamma]), slices.bits.unit
        plan = Plan(slices.scales(betas), slices.bonds(betas, gammas), sweeps, unit)
        bins = np.repeat(np.arange(self.bin_looks.size), self.bin_looks)
        sizes = slices.num_spins, point.pairs.shape[1]
        sums, *by_bin = _nothing(bins.size, self.bin_looks.size, piece.wanted, sizes)
        when = (self.observation.burn_in, self.observation.every)
        done = kernels.measure_slices(
            words,
            slices.edges(piece.words),
            grid,
            plan,
            request.stream(slices, piece),
            kernels.Looks(*when, sums, bins, point.pairs, *by_bin),
            Watch(stop, piece.beat, slices.bits.aim(-np.inf)),
        )
        return done == sweeps, sums, by_bin, slices.states(words, piece)

    def _take(self, piece: Piece, result: Any) -> None:
        rows = self.request.rows(piece)
        self.is_done[rows], self.sums[:, rows], by_bin, self.states[rows] = result
        for whole, part in zip(self.by_bin, by_bin, strict=True):
            whole[:, rows] = part


def _nothing(looks: int, bins: int, reads: int, sizes: tuple[int, int]) -> list[FloatArray]:
    """Sums of looks; of spins, kinks and pairs by bin."""
    n, pairs = sizes
    by_bin = [np.zeros((bins, reads, each)) for each in (n, n, pairs)]
    return [np.zeros((looks, reads, len(COLUMNS))), *by_bin]
