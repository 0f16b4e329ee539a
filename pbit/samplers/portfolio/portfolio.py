"""A time limit filled with what does best: annealing, reheating, recombining, tempering."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from pbit.engines.compiled_model import Extremes, rows_of
from pbit.kernels.random.stream import RNG
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.run.reads import Reads
from pbit.run.stopwatch import Stopwatch
from pbit.run.target import Aim
from pbit.samplers.budget import Budget
from pbit.samplers.portfolio.anneals import Anneals, reads_for
from pbit.samplers.portfolio.elite import Elite
from pbit.samplers.portfolio.families import Families
from pbit.samplers.portfolio.ledger import Ledger, Worth
from pbit.samplers.portfolio.populations import Populations
from pbit.samplers.portfolio.recombination import Recombination
from pbit.samplers.portfolio.steps import Steps
from pbit.samplers.portfolio.tempering_arm import TemperingArm
from pbit.samplers.tempering.replicas import LARGEST
from pbit.seeds import seed_of

# Sweeps of a population in whose time one is taken, and a part of the number of spins.
_SLOW, _SLOW_PART = 900, 1 / 8
_AMPLE, _AMPLE_PART = 12, 1 / 2  # times as many, and there is time to try the others
_SPARSE = 16  # neighbours; with as many, and no time for populations, few long reads are taken
_ROUNDING = 1e-12
_TINY = 128  # spins, up to which it gets nearly all of the time
_LARGE = 5000  # above which it gets little at once; above twice as many nothing; but where
_FLAT = 4  # neighbours are no more, which makes valleys shallow, it does well in any size
_SMALL = 2000  # spins, up to which tempering is tried in any case
# Of the budget: first reads, few longer ones, a population; all of the one that did best, and of a
# population that is slow.
_FIRST, _FEW, _MANY, _DEEP, _DEEPEST = 0.05, 0.07, 0.1, 0.75, 0.85
_SLICE = 0.03  # of the time, to tempering at once
# Of the time, until tempering has low states for children; where replicas are bits and not large it
# is ahead of reads before that.
_MOST_WARMING, _MOST_OF_BITS = 0.75, 1.2
_BESIDE_BREEDING = 0.2  # of the time, to tempering of large lattices, _LEVEL of others
_CHILDREN, _FAMILIES = 2, 3  # of seeds
_PROMISING = 0.25  # of the time, to tempering where it does well as a rule
_MOSTLY, _AHEAD, _LEVEL, _BEHIND = 0.85, 0.75, 0.5, 0.04  # shares of the time for tempering
_WARMTHS = (0.45, 0.6, 0.35, 0.8, 0.5)  # of the cold end, where a state begins again
_FIRST_AGAIN, _GROWTH = 0.25, 1.15  # sweeps of that, next to those of fresh reads, and later


def sum_of_sizes(model: AnyModel) -> float:
    """Sum of the sizes of all biases and couplings: no energy is below minus that."""
    if isinstance(model, IsingModel):
        return float(np.abs(model.h).sum() + np.abs(model.J.data).sum() / 2)
    return float(np.abs(model.weights).sum())


class Portfolio:
    """One search for low states.

    Reads are annealed from fair coins; the lowest state is then warmed up and cooled again in every
    read, and takes over, island by island and cluster by cluster, what is lower in any of them or
    in other low states. Where the model is not too large, tempering runs race with that: who is
    ahead gets more of the time.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    control : Control
        With a time limit, unless ``num_sweeps`` is given.
    seed, num_threads : int
    beta_range : (float, float), optional
        Hot and cold end.
    num_reads : int, optional
        Side by side; by default as few as make updates cheap.
    num_sweeps : int, optional
        Of a read in all: no tempering then, and no dependence on the time that anything takes.
    worth : callable, optional
        See :class:`pbit.samplers.portfolio.ledger.Ledger`.
    known : int8 (k, n), optional
        States to begin with.

    References
    ----------
    Houdayer, Martin, Phys. Rev. Lett. 83, 1030 (1999) (clusters in which states agree).
    """

    def __init__(
        self,
        model: AnyModel,
        control: Control,
        *,
        seed: int,
        num_threads: int,
        beta_range: tuple[float, float] | None = None,
        num_reads: int | None = None,
        num_sweeps: int | None = None,
        worth: Worth | None = None,
        known: SpinArray | None = None,
    ) -> None:
        self.watch = Stopwatch()
        self.model, self.control, self.seed, self.threads = model, control, seed, num_threads
        who: dict[str, Any] = {"seed": seed, "num_threads": num_threads, "beta_range": beta_range}
        reads = num_reads or reads_for(model, control, num_threads)
        self.anneals = Anneals(model, num_reads=reads, **who)
        self.populations = Populations(self.anneals, beta_range)
        self.recombination = Recombination(
            model, cold=self.anneals.cold, seed=seed_of(seed, _CHILDREN), num_threads=num_threads
        )
        self.tempering: TemperingArm | None = None
        self.watch.mark()
        if num_sweeps is None and 0 < model.num_spins <= LARGEST:
            self.tempering = TemperingArm(model, control=control, **who)
        self._warm_up()
        self.watch.mark()
        size = float(Extremes.of(rows_of(model)).total)
        self.budget = Budget(control, num_sweeps)
        self.elite = Elite(model.num_spins, lambda: self.budget.elapsed_s)
        aim = Aim.at(control.target, offset=model.offset, size=size)
        bound = -(1 - _ROUNDING) * sum_of_sizes(model)
        self.ledger = Ledger(self.budget, self.elite, aim, model.offset, bound, worth)
        if known is not None:
            self.ledger.take(*self.anneals.lowered(known), "known states")
        self.steps = Steps(
            self.anneals, self.populations, self.recombination, self.tempering, self.ledger, seed
        )
        self.families: Families | None = None
        if self._is_lattice and self.recombination.children is not None:
            self.families = Families(self.steps, seed_of(seed, _FAMILIES))
        self._level = 1e-9 * size
        self._prefers_few = self._populates = False
        self._deep = _DEEP

    def run(self) -> Reads:
        """Search until the budget is spent; the lowest state first."""
        with self.control.listening() as ctrl_c:
            if self._tempers_first:
                self._raise_families()
            else:
                self._search()
        if ctrl_c.pressed:
            self.ledger.reason = "interrupted"
        if not self.elite.energies.size:
            up = np.ones((1, self.model.num_spins), np.int8)
            self.ledger.take(*self.anneals.lowered(up), "descent")
        self.watch.mark()
        states = self.ledger.states()
        return Reads(states, np.asarray(self.model.energy(states)), self._info())

    @property
    def _is_lattice(self) -> bool:
        """Whether neighbours are few and loops short."""
        return self.tempering is not None and self.tempering.is_promising

    @property
    def _suits_tempering(self) -> bool:
        """Whether it does well as a rule: on lattices, and where what is low is far apart."""
        return self._is_lattice or (self.tempering is not None and self.model.num_spins <= _TINY)

    @property
    def _is_large(self) -> bool:
        """Whether it takes tempering long to become cold."""
        return self.model.num_spins > _LARGE

    @property
    def _is_sparse_and_not_small(self) -> bool:
        is_small = self.model.num_spins <= _SMALL
        return not (self.budget.by_sweeps or is_small) and self._num_neighbors <= _SPARSE

    @property
    def _num_neighbors(self) -> float:
        """Of a spin, on average."""
        return float(rows_of(self.model).by_site[1].size / max(1, self.model.num_spins))

    @property
    def _tempers_first(self) -> bool:
        """Whether tempering comes somewhere, and soon enough for children of what it finds."""
        if self.families is None:
            return False
        if self._is_large and self._num_neighbors > _FLAT:
            return False
        is_soon = self.families.are_bits and not self._is_large
        most = _MOST_OF_BITS if is_soon else _MOST_WARMING
        return self.families.warm_s <= most * self.budget.whole

    def _raise_families(self) -> None:
        assert self.families is not None
        while not self.ledger.is_over:
            self.families.raise_one()

    def _search(self) -> None:
        """Reads first; pools of them on lattices, whatever does well elsewhere."""
        if self._is_lattice and self.model.num_spins <= 2 * _LARGE:
            self.steps.temper(2 * _SLICE)
        if not self.budget.by_sweeps:
            self.steps.measure(few=False)
        if self.families is not None:
            self._breed()
        else:
            self._try()
            self._go_on()

    def _breed(self) -> None:
        """Pools of reads and their children, one after the other; tempering in between."""
        steps, ledger = self.steps, self.ledger
        while not ledger.is_over:
            helps = steps.breed()
            due = (_BESIDE_BREEDING if helps and self._is_large else _LEVEL) * self.budget.elapsed_s
            while ledger.spent_on("tempering") < due and not ledger.is_over:
                steps.temper(_SLICE)

    def _try(self) -> None:
        """Who does what well here, in equal times? Many reads, few longer ones, a population where
        there is time for slow ones, and tempering where there is hope."""
        steps, over = self.steps, lambda: self.ledger.is_over
        if over():
            return
        n = self.model.num_spins
        self._populates, has_ample_time = (
            not self._suits_tempering and steps.has_room_for_populations(_DEEP, int(sweeps))
            for sweeps in (max(_SLOW, _SLOW_PART * n), _AMPLE * max(_SLOW, _AMPLE_PART * n))
        )
        if self._populates and not has_ample_time:
            self._deep = _DEEPEST  # the others are seldom as good
            steps.fresh(_SLICE, few=False)
            return
        if not (self._populates or self._suits_tempering) and self._is_sparse_and_not_small:
            self._prefers_few, self._deep = True, _DEEPEST
            steps.measure(few=True)
            steps.fresh(_SLICE, few=False)
            return
        many = steps.fresh(_FIRST, few=False)
        if not self.budget.by_sweeps and not over():
            steps.measure(few=True)
            few = steps.fresh(_FIRST + _FEW, few=True)
            self._prefers_few = few < many - self._level
        if self._populates and not over():
            steps.populate(_FIRST + _FEW + _MANY)
        if self._suits_tempering:
            steps.temper(_PROMISING)
        elif not self._prefers_few or self.model.num_spins <= _SMALL:
            steps.temper(2 * _SLICE)

    def _go_on(self) -> None:
        """The rest of the budget, step by step to whom it is due."""
        ledger, warmths = self.ledger, itertools.cycle(_WARMTHS)
        sweeps, begun = _FIRST_AGAIN * self.steps.first_sweeps, self.budget.elapsed_s
        before = ledger.spent_on("tempering")
        while not ledger.is_over:
            share = self._share_of_tempering()
            fresh = self._share_of_fresh(share)
            due = share * (self.budget.elapsed_s - begun)
            if ledger.spent_on("tempering") - before < due:
                self.steps.temper(_SLICE)
            elif self._populates and self.steps.has_room_for_populations(fresh, _SLOW):
                self.steps.populate(fresh)
            elif not self._populates and self.steps.fresh_spent < fresh * self.budget.whole:
                self.steps.fresh(fresh, few=self._prefers_few)
                sweeps = max(sweeps, _FIRST_AGAIN * self.steps.first_sweeps)
            else:
                self.steps.again(int(sweeps), next(warmths))
                sweeps *= _GROWTH

    def _share_of_fresh(self, tempering: float) -> float:
        """Part of the budget for fresh reads, where tempering has so much."""
        return 0.0 if tempering == _AHEAD else _DEEP / 2 if tempering == _LEVEL else self._deep

    def _share_of_tempering(self) -> float:
        if self.tempering is None or not self.tempering.updates:
            return 0.0
        lead = self.steps.own_lowest - self.tempering.lowest
        if self.model.num_spins <= _TINY:
            return _MOSTLY
        behind = _PROMISING if self._suits_tempering else _BEHIND
        return _AHEAD if lead > self._level else _LEVEL if lead >= -self._level else behind

    def _warm_up(self) -> None:
        """Compile, or load, all that is used."""
        rows = self.anneals.run(1, Control()).spins
        self.anneals.run(1, Control(), few=True)
        self.anneals.run(1, Control(), start=rows[0], hot=0.5)
        self.recombination.warm_up()

    def _timing(self) -> dict[str, int]:
        """Nanoseconds of each stage; what was compiled while it ran is compilation."""
        timing, excused = self.watch.timing(), int(1e9 * self.budget.excused_s)
        timing["sampling_ns"] = max(1, timing["sampling_ns"] - excused)
        timing["compile_ns"] += excused
        return timing

    def _info(self) -> dict[str, Any]:
        ledger, tempering = self.ledger, self.tempering
        return {
            "seed": self.seed,
            "stop_reason": ledger.reason or "completed",
            "num_reads": self.anneals.num_done,
            "num_sweeps": self.budget.swept,
            "rule": "metropolis",
            "beta_range": [self.anneals.hot, self.anneals.cold],
            "updates": self.anneals.updates + (tempering.updates if tempering else 0),
            "num_threads": self.threads,
            "rng": RNG,
            "law": "none: the lowest states of a search",
            "members": {name: round(spent, 6) for name, spent in ledger.seconds.items()},
            "lowest_by": self.elite.curve[-1][2],
            "curve": [(round(at, 6), energy) for at, energy, _ in self.elite.curve],
            "timing": self._timing(),
        }
