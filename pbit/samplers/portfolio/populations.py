"""Populations of a portfolio: annealed members of which the lower ones are copied on the way."""

from __future__ import annotations

import numpy as np

from pbit.engines.engine import Ask
from pbit.engines.registry import choose
from pbit.run.control import Control
from pbit.samplers.coldest import coldest_beta
from pbit.samplers.population.path import PILOTS, along
from pbit.samplers.population.population import Population
from pbit.samplers.population.population_anneal import population_anneal
from pbit.samplers.portfolio.anneals import Anneals, Found, seconds_of
from pbit.schedules.schedule import Schedule
from pbit.seeds import seed_of

MEMBERS, _FEWER = 512, 256  # these where there are few sweeps
_KEPT = 64  # of its members
_CULLED = 0.3  # of the pilots in a step: a third of the steps of 0.1, as good a path to follow
_FULL = 0.95  # of the time there is: one that is cut short ends hot
_BESIDE_LANES, _BESIDE_BITS = 0.25, 0.6  # an update of members that are bits, next to one of reads
_LOOK = 40  # sweeps
_SEED = 1  # of populations, next to those of reads


class Populations:
    """Populations of one model, cooled along the path of a small one.

    Parameters
    ----------
    anneals : Anneals
        The model, the seed, the threads, and the descent at the end.
    beta_range : (float, float), optional
        Its cold end is that of the path.
    """

    def __init__(self, anneals: Anneals, beta_range: tuple[float, float] | None = None) -> None:
        self._anneals, self._ends, self._path = anneals, beta_range, np.empty(0)
        self._runs, self._sweep_s = 0, dict[int, float]()
        self.members = MEMBERS
        members, reads = (self._are_bits(count) for count in (MEMBERS, anneals.num_reads))
        self._cheaper = (_BESIDE_BITS if reads else _BESIDE_LANES) if members else 1.0

    def _are_bits(self, reads: int) -> bool:
        return choose(self._anneals.model, Ask(rule="metropolis", num_reads=reads)).bits is not None

    def sweeps_in(self, amount: float, *, by_sweeps: bool) -> int:
        """Sweeps that a population makes in so many seconds, about, or sweeps of a read."""
        if by_sweeps:
            return int(amount)
        a_read = self._cheaper * self._anneals.sweep_s[False] / self._anneals.num_reads
        sweep_s = self._sweep_s.get(self.members, self.members * a_read)
        return int(_FULL * amount / max(sweep_s, 1e-9))

    def fit(self, amount: float) -> None:
        """As many members as so many seconds suit: fewer, where sweeps are not twice as many as
        spins."""
        self.members = MEMBERS
        if self.sweeps_in(amount, by_sweeps=False) < 2 * self._anneals.model.num_spins:
            self.members = _FEWER

    def find_path(self, control: Control) -> Found | None:
        """Cool a small population in steps of its own choice, for others to follow; None where that
        was done before."""
        if self._path.size:
            return None
        found = self._population(None, PILOTS, control)
        if found.info["stop_reason"] == "completed":
            self._path = np.asarray(found.steps.betas)
        return self._minima(found)

    def measure(self, control: Control) -> Found:
        """A quick one, for the time of a sweep of those to come."""
        return self.run(_LOOK, control)

    @property
    def is_measured(self) -> bool:
        """Whether the time of a sweep is known."""
        return self.members in self._sweep_s

    def run(self, num_sweeps: int, control: Control) -> Found:
        """Local minima below the members at the end and the lowest on the way."""
        found = self._population(along(self._path, num_sweeps), self.members, control)
        if found.info["stop_reason"] == "completed":
            self._sweep_s[self.members] = seconds_of(found.info)[0] / num_sweeps
        return self._minima(found)

    def _minima(self, found: Population) -> Found:
        lowest = found.spins[np.argsort(found.energies, kind="stable")[:_KEPT]]
        rows = np.unique(np.concatenate([found.best_spins, lowest]), axis=0)
        info = found.info
        return Found(*self._anneals.lowered(rows), info["stop_reason"], *seconds_of(info))

    def _population(self, schedule: Schedule | None, members: int, control: Control) -> Population:
        anneals = self._anneals
        self._runs += 1
        found = population_anneal(
            anneals.model,
            schedule,
            population_size=members,
            beta=self._cold() if schedule is None else None,
            sweeps_per_beta=1,
            culling_fraction=_CULLED,
            seed=seed_of(anneals.seed, _SEED, self._runs),
            rule="metropolis",
            num_threads=anneals.num_threads,
            control=control,
        )
        anneals.updates += found.info["updates"]
        anneals.num_done += found.energies.size
        return found

    def _cold(self) -> float:
        return self._ends[1] if self._ends is not None else coldest_beta(self._anneals.model)
