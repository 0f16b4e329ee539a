"""The steps of a search: each spends some of the budget and shares what it found."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from pbit.engines.compiled_model import rows_of
from pbit.models.labels import FloatArray, SpinArray
from pbit.run.control import Control
from pbit.samplers.portfolio.anneals import Anneals, Found
from pbit.samplers.portfolio.breeding import Breeding
from pbit.samplers.portfolio.ledger import Ledger
from pbit.samplers.portfolio.populations import MOST_MEMBERS, Populations
from pbit.samplers.portfolio.recombination import Recombination
from pbit.samplers.portfolio.tempering_arm import TemperingArm
from pbit.seeds import seed_of

_FEWEST, _LONG = 10, 20_000  # sweeps; of fresh reads, before there are twice as many
_LOOK, _LONG_LOOK_S = 0.004, 0.1  # of the budget, and seconds, that measuring needs
_LONGER = 1.2  # times as long as that, to be sure
_NOISY = 5  # times as long: sweeps cannot be told from what a run costs without any
_STEADY = 200  # sweeps of a run whose time counts
# Sweeps of a first population; how many times as many the next may have; a spin, at most: several
# that are independent find more in equal time than a longer one.
_SLOWER, _MORE, _MOST_A_SPIN = 4000, 8, 8
_POOL = 128  # states of independent reads that are kept
_ISLANDS = 32  # states whose islands are looked at
_COMBINED = 5  # states with the lowest one
_CLUSTERS, _CLUSTERS_AHEAD, _CLUSTERS_LOWER = 0.06, 0.25, 0.5  # of what is spent; where the
# lowest state is theirs; where the last ones lowered a state
_ENTRY_S = 2e-7  # seconds a coupling of children of the same parents
# States of a pool, next to the square root of 4096 T / n, and its bounds; of the time that is left,
# for the reads of it; sweeps that these need; seconds a spin that a first pool may take.
_BRED, _FEWEST_BRED, _MOST_BRED = 64, 16, 512
_READ, _READ_SWEEPS, _FIRST_BRED_S = 0.45, 4000, 7e-4
_CHILD_S, _SETTLING = 7e-8, 40  # seconds a spin of a child; children a state until a pool settles
_CHAMPIONS = 4  # of all, that join a pool when it has settled

Minima = tuple[SpinArray, FloatArray]


class Steps:
    """What the members of a search do, and what has come of it.

    Parameters
    ----------
    anneals, populations, recombination, tempering
        The members; no tempering where that is None.
    ledger : Ledger
    seed : int
        Of the choice of states that are recombined.
    """

    def __init__(
        self,
        anneals: Anneals,
        populations: Populations,
        recombination: Recombination,
        tempering: TemperingArm | None,
        ledger: Ledger,
        seed: int,
    ) -> None:
        self.anneals, self.populations = anneals, populations
        self.recombination, self.tempering = recombination, tempering
        self.ledger, self.budget, self.elite = ledger, ledger.budget, ledger.elite
        self.first_sweeps = _FEWEST  # of the last fresh reads that were many
        self.fresh_spent = 0.0  # of the budget, on fresh reads
        self.own_lowest = np.inf  # without what tempering found
        self.pool: SpinArray = self.elite.spins[:0]  # of independent reads
        self._most_steps = _SLOWER  # sweeps of a population
        self._most_sweeps = {False: _LONG, True: 10 * _LONG}  # of many reads, of few
        self._num_clusters, self._lowered = 0, False
        entries = rows_of(anneals.model).by_site[1].size
        self._first_cluster = 1.0 if self.budget.by_sweeps else _ENTRY_S * entries
        self._draw = np.random.default_rng(seed)
        self._bred, self._num_pools, self._seed = 0, 0, seed

    def measure(self, *, few: bool) -> None:
        """Reads so short that they hardly count, each time longer, for the time of a sweep. What is
        long enough is done twice, and the shorter time taken: the longer one may be another
        process's."""
        sweeps, last = _FEWEST, (0, 0.0)
        enough = min(_LOOK * self.budget.whole, _LONG_LOOK_S)
        while not self.ledger.is_over:
            took = self._look(sweeps, few)
            if took >= enough and not self.ledger.is_over:
                took = min(took, self._look(sweeps, few))
            longer = took - last[1]
            slope = longer / (sweeps - last[0])
            mean = took / sweeps
            self.anneals.sweep_s[few] = max(min(slope, mean), 0.2 * mean, 1e-9)
            if last[0] and took >= enough and (longer >= took / 3 or took >= _NOISY * enough):
                return
            wanted = int(_LONGER * enough / self.anneals.sweep_s[few])
            sweeps, last = min(max(wanted, 2 * sweeps), 3 * sweeps), (sweeps, took)

    def _look(self, sweeps: int, few: bool) -> float:
        return self._anneal(sweeps, "first look", few=few, descends=False).seconds

    def _sweeps_for(self, amount: float, *, few: bool = False) -> int:
        """Sweeps of a read that there are in so much of the budget."""
        per_sweep = 1.0 if self.budget.by_sweeps else self.anneals.sweep_s[few]
        return max(_FEWEST, int(amount / per_sweep))

    def fresh(self, part: float, *, few: bool) -> float:
        """Reads from fair coins, of what is left of this part of the budget or of twice as many
        sweeps as those before; the lowest energy of them and of their mixtures."""
        sweeps = min(self._sweeps_for(self._left_of(part), few=few), self._most_sweeps[few])
        self._most_sweeps[few] = max(self._most_sweeps[few], 2 * sweeps)
        if not few:
            self.first_sweeps = sweeps
        before = self.budget.spent
        found = self._anneal(sweeps, "long reads" if few else "annealing", few=few)
        self.pool = np.concatenate([found.spins, self.pool])[:_POOL]
        lowest = float(found.energies[0])
        if not few:
            lowest = self.recombine(self.pool)
        self.fresh_spent += self.budget.spent - before
        self.own_lowest = min(self.own_lowest, lowest)
        return lowest

    def populate(self, part: float) -> None:
        """A population that this part of the budget has room for, or of eight times the sweeps of
        the one before, recombined with what there is."""
        before = self.budget.spent
        found = self._populate(self.populations.find_path)  # at nobody's cost: all to come need it
        if found is None or not self.ledger.is_over:
            found = self._populate_for(part)
        assert found is not None
        self.pool = np.concatenate([found.spins, self.pool])[:_POOL]
        self.own_lowest = min(self.own_lowest, self.recombine(self.pool))
        self.fresh_spent += self.budget.spent - before

    def _populate_for(self, part: float) -> Found | None:
        """A population in what is left of this part of the budget."""
        populations, amount = self.populations, self._left_of(part)
        if self.budget.by_sweeps:
            members, sweeps = MOST_MEMBERS, int(amount)
        else:
            members = populations.members_in(amount)
            if not populations.is_measured(members):  # one that is cut short ends hot
                self._populate(partial(populations.measure, members))
                amount = min(amount, self.budget.left)
            sweeps = populations.sweeps_in(amount, members)
        sweeps = max(_FEWEST, min(sweeps, self._most_steps))
        most = max(_SLOWER, _MOST_A_SPIN * self.anneals.model.num_spins)
        self._most_steps = min(_MORE * sweeps, most)
        self.budget.swept += sweeps
        return self._populate(partial(populations.run, sweeps, members))

    def _left_of(self, part: float) -> float:
        """What fresh states have left of this part of the budget."""
        return min(part * self.budget.whole - self.fresh_spent, self.budget.left)

    def breed(self) -> bool:
        """Reads, and children of them until these are no lower, a larger pool each time; whether
        a child was lower than all reads."""
        children = self.recombination.children
        assert children is not None
        n, left = self.anneals.model.num_spins, self.budget.left
        room = left if self._bred else min(left, _FIRST_BRED_S * n)
        count = int(_BRED * np.sqrt(4096 * room / n)) if room < np.inf else _MOST_BRED
        count = min(count, 2 * self._bred or count, _MOST_BRED)
        reads = self.anneals.side_by_side(max(count, _FEWEST_BRED))
        amount = min(_READ * left, _SETTLING * count * _CHILD_S * n)
        per_sweep = self.anneals.sweep_s[False] * reads / self.anneals.num_reads
        sweeps = max(_FEWEST, int(amount / per_sweep))
        count = max(_FEWEST_BRED, min(count, reads * sweeps // _READ_SWEEPS))
        self._bred = count
        found = self._anneal(sweeps, "annealing", num_reads=reads)
        if found.seconds > 0 and found.reason == "completed":
            self.anneals.sweep_s[False] = found.seconds / sweeps * self.anneals.num_reads / reads
        if self.ledger.is_over:
            return True
        self._num_pools += 1
        pool = Breeding(
            children, found.spins[:count].copy(), found.energies[:count] - self.ledger.offset,
            seed=seed_of(self._seed, self._num_pools),
        )  # fmt: skip
        self.settle(pool)
        champions = self.elite.energies[:_CHAMPIONS] - self.ledger.offset
        pool.join(self.elite.spins[:_CHAMPIONS], champions)
        self.settle(pool)
        lowest = np.argsort(pool.energies, kind="stable")[:_ISLANDS]
        self.own_lowest = min(self.own_lowest, self.recombine(pool.spins[lowest]))
        return bool(pool.energies.min() < found.energies[0] - self.ledger.offset)

    def settle(self, pool: Breeding, seconds: float = np.inf) -> float:
        """Children of a pool until they are no lower, for so long at most; the seconds spent."""
        before, spent = self.ledger.spent_on("breeding"), 0.0
        while spent < seconds and not (pool.is_settled or self.ledger.is_over):
            with self.ledger.account("breeding"):
                lower = pool.step()
            if lower:
                self.ledger.take(*self.anneals.lowered(pool.spins[pool.lowest]), "breeding")
            spent = self.ledger.spent_on("breeding") - before
        return spent

    def _populate(self, run: Callable[[Control], Found | None]) -> Found | None:
        with self.ledger.account("population"):
            found = run(self.budget.slice())
            self.budget.excuse(0.0 if found is None else found.compile_s)
        if found is not None:
            self._took(found, 0, "population")
        return found

    def has_room_for_populations(self, part: float, num_sweeps: int) -> bool:
        """Whether what is left of this part of the budget has room for one of so many sweeps."""
        amount, populations = self._left_of(part), self.populations
        if self.budget.by_sweeps:
            return amount >= num_sweeps
        return populations.sweeps_in(amount, populations.members_in(amount)) >= num_sweeps

    def again(self, sweeps: int, warmth: float) -> None:
        """The lowest state, warmed up and cooled again in every read."""
        sweeps = min(max(sweeps, _FEWEST), self._sweeps_for(self.budget.left))
        found = self._anneal(sweeps, "reheating", start=self.elite.best, hot=warmth)
        self.own_lowest = min(self.own_lowest, self.recombine(found.spins))

    def _anneal(
        self,
        sweeps: int,
        by: str,
        *,
        few: bool = False,
        start: SpinArray | None = None,
        hot: float = 0.0,
        descends: bool = True,
        num_reads: int | None = None,
    ) -> Found:
        with self.ledger.account(by):
            control = self.budget.slice()
            found = self.anneals.run(
                sweeps, control, few=few, start=start, hot=hot, descends=descends,
                num_reads=num_reads,
            )  # fmt: skip
            self.budget.excuse(found.compile_s)
        self._took(found, sweeps, by)
        if found.reason == "completed" and sweeps >= _STEADY and num_reads is None:
            self.anneals.sweep_s[few] = found.seconds / sweeps
        return found

    def _took(self, found: Found, sweeps: int, by: str) -> None:
        self.budget.swept += sweeps
        if found.reason == "interrupted":
            self.ledger.reason = found.reason
        self.ledger.take(found.spins, found.energies, by)

    def temper(self, part: float) -> None:
        """Tempering for this part of the time, and what can be made of its states."""
        if self.tempering is None or self.ledger.is_over:
            return
        self.recombine(
            np.concatenate([rows for rows, _ in self.temper_for(part * self.budget.whole)])
        )

    def temper_for(self, seconds: float) -> tuple[Minima, Minima]:
        """Tempering for so long; minima below its lowest states so far, and below its coldest ones
        now."""
        assert self.tempering is not None
        with self.ledger.account("tempering"):
            reason = self.tempering.go_on(self.budget.slice(seconds))
        if reason == "interrupted":
            self.ledger.reason = reason
        lowest = self.anneals.lowered(self.tempering.lowest_states())
        cold = self.anneals.lowered(self.tempering.cold_states())
        for minima in (lowest, cold):
            self.ledger.take(*minima, "tempering")
        return lowest, cold

    def recombine(self, rows: SpinArray) -> float:
        """Islands of rows, then clusters of a few of them, as long as that lowers; the energy."""
        with self.ledger.account("islands"):
            state = self.recombination.of_islands(self.elite.best, rows[:_ISLANDS])
        by = "islands"
        while len(rows) > 1 and self._are_clusters_due() and not self.ledger.is_over:
            state = self._combine(state, rows)
            by = "clusters" if self._lowered else by
        spins, energies = self.anneals.lowered(state)
        self.ledger.take(spins, energies, by)
        return float(energies[0])

    def _are_clusters_due(self) -> bool:
        """As long as they are a part of what is spent, a larger one where they lower a state."""
        wins = bool(self.elite.curve) and self.elite.curve[-1][2] == "clusters"
        share = _CLUSTERS_LOWER if self._lowered else _CLUSTERS_AHEAD if wins else _CLUSTERS
        count = self._num_clusters
        spent = float(count) if self.budget.by_sweeps else self.ledger.spent_on("clusters")
        return spent + (spent / max(1, count) or self._first_cluster) < share * self.budget.spent

    def _combine(self, state: SpinArray, rows: SpinArray) -> SpinArray:
        picked = self._draw.choice(len(rows), min(_COMBINED, len(rows)), replace=False)
        self._num_clusters += 1
        with self.ledger.account("clusters"):
            lower = self.recombination.of_clusters(np.concatenate([state[None], rows[picked]]))
        self._lowered = lower is not None
        return state if lower is None else lower
