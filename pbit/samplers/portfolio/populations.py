"""Populations of a portfolio: annealed members of which the lower ones are copied on the way."""

from __future__ import annotations

import numpy as np

from pbit.engines.engine import Ask
from pbit.engines.registry import choose
from pbit.run.control import Control
from pbit.samplers.coldest import coldest_beta
from pbit.samplers.population.path import MOST_SWEEPS_A_BETA, along
from pbit.samplers.population.population import Population
from pbit.samplers.population.population_anneal import population_anneal
from pbit.samplers.portfolio.anneals import Anneals, Found, seconds_of
from pbit.samplers.portfolio.elite import distinct
from pbit.schedules.schedule import Schedule
from pbit.seeds import seed_of

# Members, as many as suit the time: sweeps a spin that there must be for so many, the rest where
# there are less.
_SWEEPS_A_SPIN = {512: 2, 256: 1, 128: 1, 64: 0}
MOST_MEMBERS = max(_SWEEPS_A_SPIN)
_KEPT = 64  # of its members
# Pilots, and how many of them are culled in a step: as good a path to follow as that of 64 in
# thrice as many steps.
_PILOTS, _CULLED = 32, 0.5
_FULL = 0.95  # of the time there is: one that is cut short ends hot
_BESIDE_LANES, _BESIDE_BITS = 0.25, 0.6  # an update of members that are bits, next to one of reads
_LOOK = 4  # betas
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
        reads = self._are_bits(anneals.num_reads)
        beside = _BESIDE_BITS if reads else _BESIDE_LANES
        self._cheaper = {
            members: beside if self._are_bits(members) else 1.0 for members in _SWEEPS_A_SPIN
        }

    def _are_bits(self, reads: int) -> bool:
        return choose(self._anneals.model, Ask(rule="metropolis", num_reads=reads)).bits is not None

    def sweeps_in(self, seconds: float, members: int) -> int:
        """Sweeps that a population makes in so many seconds, about."""
        a_read = self._cheaper[members] * self._anneals.sweep_s[False] / self._anneals.num_reads
        sweep_s = self._sweep_s.get(members, members * a_read)
        return int(_FULL * max(0.0, seconds) / max(sweep_s, 1e-9))

    def members_in(self, seconds: float) -> int:
        """As many members as so many seconds suit: fewer, where sweeps are few for the spins and
        fewer members make more of them."""
        n = self._anneals.model.num_spins
        best, most = 0, -1
        for members, sweeps_a_spin in _SWEEPS_A_SPIN.items():
            sweeps = self.sweeps_in(seconds, members)
            if sweeps > most:
                best, most = members, sweeps
            if most >= sweeps_a_spin * n:
                break
        return best

    def find_path(self, control: Control) -> Found | None:
        """Cool a small population in steps of its own choice, for others to follow; None where that
        was done before."""
        if self._path.size:
            return None
        found = self._population(None, _PILOTS, control)
        if found.info["stop_reason"] == "completed":
            self._path = np.asarray(found.steps.betas)
        return self._minima(found)

    def measure(self, members: int, control: Control) -> Found:
        """A quick one, for the time of a sweep of those to come, of which many share a beta."""
        return self._timed(Schedule(self._path[:_LOOK], MOST_SWEEPS_A_BETA), members, control)

    def is_measured(self, members: int) -> bool:
        """Whether the time of a sweep is known."""
        return members in self._sweep_s

    def run(self, num_sweeps: int, members: int, control: Control) -> Found:
        """Local minima below the members at the end and the lowest on the way."""
        return self._timed(along(self._path, num_sweeps), members, control)

    def _timed(self, schedule: Schedule, members: int, control: Control) -> Found:
        found = self._population(schedule, members, control)
        if found.info["stop_reason"] == "completed":
            num_sweeps = schedule.betas.size * schedule.sweeps_per_beta
            self._sweep_s[members] = seconds_of(found.info)[0] / num_sweeps
        return self._minima(found)

    def _minima(self, found: Population) -> Found:
        lowest = found.spins[np.argsort(found.energies, kind="stable")[:_KEPT]]
        rows = distinct(np.concatenate([found.best_spins, lowest]))
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
