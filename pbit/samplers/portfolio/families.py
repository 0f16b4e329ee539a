"""Families: what tempering has cold, time after time, bred; then the lowest of all families."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pbit.samplers.portfolio.breeding import Breeding
from pbit.seeds import seed_of

if TYPE_CHECKING:
    from pbit.samplers.portfolio.steps import Steps

# Seconds of tempering until its cold states are low enough for children, about: so much, next to
# that power of the number of spins; where replicas are bits, and else, where levels are not few.
_WARM_BITS, _WARM_REALS = (2.2e-4, 1), (1e-6, 2)
# Next to that: between two looks at them, and of the first family; how much longer the next takes.
_LOOK, _LIFE, _LONGER = 0.1, 6.0, 1.3
_STATES, _JOIN = 48, 16  # of a family; of these among those of all families
_BESIDE, _TOGETHER = 0.8, 0.5  # time for children, next to that of tempering: of one, of all


class Families:
    """Pools of the cold states of tempering and their children.

    A run of tempering stays with what it has found; so after a while it begins again, the next
    time for longer, and the lowest states of all such families have children in the end.

    Parameters
    ----------
    steps : Steps
        With tempering and children.
    seed : int

    Attributes
    ----------
    are_bits : bool
        Whether the replicas of tempering are.
    warm_s : float
        Seconds until tempering has states that are low enough for children, about.
    """

    def __init__(self, steps: Steps, seed: int) -> None:
        assert steps.tempering is not None and steps.recombination.children is not None
        self._steps, self._children, self._seed = steps, steps.recombination.children, seed
        self._tempering, self._ledger = steps.tempering, steps.ledger
        self._num_spins = steps.anneals.model.num_spins
        self.are_bits = self._tempering.kernel == "bits"
        scale, power = _WARM_BITS if self.are_bits else _WARM_REALS
        self.warm_s = float(scale * self._num_spins**power)
        self._life_s, self._num_pools = _LIFE * self.warm_s, 0
        self._lowest = self._pool()

    def raise_one(self) -> None:
        """Temper, breed what is cold, again and again; then breed the lowest of all families."""
        steps, ledger = self._steps, self._ledger
        is_first, pool, bred = not len(self._lowest.spins), self._pool(), 0.0
        if not is_first:
            self._tempering.restart()
        begun, seconds = ledger.spent_on("tempering"), self.warm_s
        while True:  # whoever called has asked whether it is over
            _, (spins, energies) = steps.temper_for(seconds)
            tempered, seconds = ledger.spent_on("tempering") - begun, _LOOK * self.warm_s
            pool.join(spins, energies - ledger.offset, most=_STATES)
            if len(pool.spins) >= _STATES // 2:
                bred += steps.settle(pool, _BESIDE * tempered - bred)
            if tempered >= self._life_s or ledger.is_over:
                break
        low = np.argsort(pool.energies, kind="stable")[:_JOIN]
        self._lowest.join(pool.spins[low], pool.energies[low], most=len(self._lowest.spins) + _JOIN)
        if not is_first:
            steps.settle(self._lowest, _TOGETHER * self._life_s)
        self._life_s *= _LONGER

    def _pool(self) -> Breeding:
        self._num_pools += 1
        seed = seed_of(self._seed, self._num_pools)
        none = np.empty((0, self._num_spins), np.int8), np.empty(0)
        return Breeding(self._children, *none, seed=seed)
