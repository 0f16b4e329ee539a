"""Annealing reads of a portfolio: from fair coins, or from a state that is warmed up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from pbit.engines.compiled_model import rows_of
from pbit.engines.engine import Ask
from pbit.engines.registry import choose
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.program import Program
from pbit.samplers.descent import Descent
from pbit.schedules.schedule import Schedule, default_beta_range
from pbit.seeds import seed_of

_MOST_READS, _BIT_READS, _LANE_READS = 256, 128, 16
_SUM_S, _FEWEST_SWEEPS = 2e-10, 500  # seconds of an addition, about; sweeps worth making
_BIT_S, _LONG_SWEEPS = 5e-10, 10_000  # seconds of a bit-sliced update; sweeps of very many reads
# Of the range that matters, in units of one over the root mean square field of random spins.
_HOT, _COLD = 0.6, 6.8
_WIDE = 3.0  # ratio of cold ends from which on scales differ so much that all of them matter


class Found(NamedTuple):
    """Rows of spins and their energies, the lowest first; why the run ended; seconds of sampling
    and of compilation."""

    spins: SpinArray
    energies: FloatArray
    reason: str
    seconds: float
    compile_s: float


class Anneals:
    """A model compiled for its reads.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    num_reads : int
        Side by side; those that are few are one a thread.
    seed : int
    num_threads : int
    beta_range : (float, float), optional
        Hot and cold end.
    """

    def __init__(
        self,
        model: AnyModel,
        *,
        num_reads: int,
        seed: int,
        num_threads: int,
        beta_range: tuple[float, float] | None = None,
    ) -> None:
        self.model, self.num_reads = model, num_reads
        self.seed, self.num_threads = seed, num_threads
        self._reads = {False: num_reads, True: min(num_reads, num_threads)}
        self._programs = {
            few: Program.compile(model, rule="metropolis", num_reads=reads)
            for few, reads in self._reads.items()
        }
        self.sweep_s = {False: 0.0, True: 0.0}  # seconds of the last sweep that was timed
        self.descent = Descent(model)
        self.hot, self.cold, self._make = _range_of(model, beta_range)
        self._wide = beta_range or default_beta_range(model)  # of few reads, which are long
        self.num_done = self.updates = self._runs = 0

    def run(
        self,
        num_sweeps: int,
        control: Control,
        *,
        few: bool = False,
        start: SpinArray | None = None,
        hot: float = 0.0,
        descends: bool = True,
        num_reads: int | None = None,
    ) -> Found:
        """Local minima below the last states, or without a descent the lowest of these.

        ``start``: the state from which all reads begin, at ``hot`` of the cold end.
        """
        n, reads = self.model.num_spins, num_reads or self._reads[few]
        self._runs += 1
        if few and start is None:
            schedule = Schedule.geometric(*self._wide, num_betas=num_sweeps)
        else:
            schedule = self._make(hot * self.cold or self.hot, self.cold, num_betas=num_sweeps)
        found = self._programs[few].run(
            schedule,
            num_reads=reads,
            seed=seed_of(self.seed, self._runs),
            initial_spins=None if start is None else np.broadcast_to(start, (reads, n)),
            num_threads=self.num_threads,
            control=control,
        )
        self.updates += found.info["updates"]
        self.num_done += found.energies.size
        rows, energies = found.spins[[found.best]], found.energies[[found.best]]
        if descends:
            rows, energies = self.lowered(found.spins)
        return Found(rows, energies, found.info["stop_reason"], *seconds_of(found.info))

    def side_by_side(self, count: int) -> int:
        """So many reads or a few more: as many as make updates cheap."""
        bits = choose(self.model, Ask(rule="metropolis", num_reads=_BIT_READS)).bits is not None
        grain = _BIT_READS if bits else _LANE_READS
        return max(grain, -(-count // grain) * grain)

    def lowered(self, spins: SpinArray) -> tuple[SpinArray, FloatArray]:
        """Local minima below states and their energies, the lowest first."""
        rows = np.array(np.atleast_2d(spins), dtype=np.int8)
        nothing = np.zeros((0, rows.shape[1]), np.uint8)
        self.descent.rows(rows, nothing, np.zeros(len(rows), np.int64), np.zeros(1, np.uint8))
        energies = np.asarray(self.model.energy(rows), dtype=np.float64)
        order = np.argsort(energies, kind="stable")
        return rows[order], energies[order]


def seconds_of(info: Mapping[str, Any]) -> tuple[float, float]:
    """Seconds of sampling and of compilation of a run."""
    timing = info["timing"]
    return timing["sampling_ns"] / 1e9, timing["compile_ns"] / 1e9


def reads_for(model: AnyModel, control: Control, num_threads: int) -> int:
    """Reads side by side: as few as make updates cheap, more where there is time for them, or one a
    thread where a time limit leaves so many no long schedule."""
    limit, rows = control.time_limit_s, rows_of(model)
    for reads in (_MOST_READS, _BIT_READS):
        if choose(model, Ask(rule="metropolis", num_reads=reads)).bits is not None:
            needed = _LONG_SWEEPS * _BIT_S * reads * rows.h.size / num_threads
            if reads < _MOST_READS or (limit is not None and needed < limit):
                break
    else:
        reads = _LANE_READS * (1 if limit is None else num_threads)  # a vector a thread
    sweep_s = _SUM_S * (rows.h.size + rows.by_site[1].size) * reads / num_threads
    return reads if limit is None or _FEWEST_SWEEPS * sweep_s < limit else num_threads


def _range_of(
    model: AnyModel, beta_range: tuple[float, float] | None
) -> tuple[float, float, Callable[..., Schedule]]:
    hot, cold = beta_range or default_beta_range(model)
    field = _typical_field(model)
    if beta_range is not None or not field or cold > _WIDE * _COLD / field:
        return hot, cold, Schedule.geometric
    return max(hot, _HOT / field), min(cold, _COLD / field), Schedule.linear


def _typical_field(model: AnyModel) -> float:
    """Root mean square field of a spin among random ones."""
    if isinstance(model, IsingModel):
        squares = float(np.square(model.h).sum() + np.square(model.J.data).sum())
    else:
        sizes = np.diff(model.pointers)
        squares = float((np.square(model.weights) * sizes).sum())
    return float(np.sqrt(squares / max(1, model.num_spins)))
