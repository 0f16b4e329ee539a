"""What a search has found, by whom, in what time, and whether it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from pbit.models.labels import FloatArray, SpinArray
from pbit.run.target import Aim
from pbit.samplers.budget import Budget
from pbit.samplers.portfolio.elite import Elite, key_of

Worth = Callable[[SpinArray], float]
_JUDGED = 4  # states at a time
_JUDGING = 0.05  # of the time, at most


class Ledger:
    """Books of a search.

    Parameters
    ----------
    budget : Budget
    elite : Elite
    aim : Aim
    offset : float
        Of the energies.
    bound : float
        Without the offset; nothing is lower, so that a state of this energy ends the search.
    worth : callable, optional
        Energy of the answer that a state is read as, infinite where that is none: the state of the
        lowest one is kept, too.
    """

    def __init__(
        self,
        budget: Budget,
        elite: Elite,
        aim: Aim,
        offset: float,
        bound: float,
        worth: Worth | None = None,
    ) -> None:
        self.budget, self.elite, self.aim, self.offset = budget, elite, aim, offset
        self.bound = bound
        self.seconds: dict[str, float] = {}
        self.reason: str | None = None
        self.lowest_worth = np.inf
        self._worth, self._worthy = worth, None
        self._judged: set[bytes] = set()

    @property
    def is_over(self) -> bool:
        """Whether the search has to end; ``reason`` says why."""
        if self.reason is None:
            lowest = self.elite.lowest if self._worth is None else self.lowest_worth
            if self.aim.is_hit(lowest - self.offset):
                self.reason = "target"
            else:
                found = lowest - self.offset <= self.bound
                self.reason = "completed" if found else self.budget.reason
        return self.reason is not None

    @contextmanager
    def account(self, member: str) -> Iterator[None]:
        """Charge the time in the block to a member."""
        before = self.budget.elapsed_s
        try:
            yield
        finally:
            spent = self.budget.elapsed_s - before
            self.seconds[member] = self.spent_on(member) + spent

    def spent_on(self, member: str) -> float:
        """Seconds of a member."""
        return self.seconds.get(member, 0.0)

    def take(self, spins: SpinArray, energies: FloatArray, by: str) -> None:
        """Take in states, rows of one member, the lowest first."""
        self.elite.add(spins, energies, by)
        self.budget.lowest = self.elite.lowest
        if self._worth is not None:
            with self.account("judging"):
                self._judge(spins[:_JUDGED])
            low, worth = self.elite.lowest - self.offset, self.lowest_worth - self.offset
            if self.aim.is_hit(low) and not self.aim.is_hit(worth):
                self.budget.drop_target()  # low energies are no answers here

    def _judge(self, spins: SpinArray) -> None:
        assert self._worth is not None
        for row in spins:
            key = key_of(row)
            is_late = self.spent_on("judging") > _JUDGING * self.budget.elapsed_s
            if key in self._judged or (is_late and self._worthy is not None):
                continue
            self._judged.add(key)
            worth = self._worth(row)
            if worth < self.lowest_worth:
                self.lowest_worth, self._worthy = worth, row.copy()

    def states(self) -> SpinArray:
        """The lowest states, and the one whose answer is best."""
        lowest = self.elite.spins
        if self._worthy is None or (lowest == self._worthy).all(axis=1).any():
            return lowest
        return np.concatenate([lowest, self._worthy[None]])
