"""What tempering runs have in common, whatever the form of their states."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from pbit.samplers.tempering.exchange_books import Books
from pbit.schedules.ladder import Ladder
from pbit.seeds import seed_of


class BaseReplicas(ABC):
    """One run; see :class:`pbit.samplers.tempering.replicas.Replicas`."""

    def __init__(
        self,
        program: Any,
        ladder: Ladder,
        replicas: int,
        *,
        seed: int,
        read: int,
        room: int = 0,
    ) -> None:
        self.program, self.ladder, self.replicas, self.room = program, ladder, replicas, room
        self.seed, self.read, self.sweep = seed, read, 0
        self.begun, self.restarts = 0, 0
        self._kept: tuple[float, Any, int] | None = None
        self.key = (np.int64(seed & 0xFFFFFFFF), np.int64(seed >> 32))
        self._shape()
        self._begin()

    def restart(self) -> None:
        """Begin again from random states on the same ladder; the lowest state is kept."""
        self._kept = self.lowest
        self.begun, self.restarts = self.sweep, self.restarts + 1
        self._begin()

    def settle_on(self, ladder: Ladder, replicas: int) -> None:
        """Go on with another ladder; each new slot takes the state of an old one near it."""
        states = slots_near(self.states(), self.ladder, ladder, replicas)
        self.ladder, self.replicas = ladder, replicas
        self.books = Books.empty(ladder.num_betas, replicas)
        self._shape()
        self.put(states)

    @property
    def lowest(self) -> tuple[float, Any, int]:
        """Lowest energy (no offset), its state (n,), and the sweep that found it."""
        now = self._lowest_now()
        return now if self._kept is None or now[0] < self._kept[0] else self._kept

    @abstractmethod
    def states(self) -> Any:
        """States of every slot, (T, R, n)."""

    @abstractmethod
    def put(self, states: Any) -> None:
        """Set the states of every slot, (T, R, n)."""

    @abstractmethod
    def _shape(self) -> None:
        """Make room for the ladder."""

    @abstractmethod
    def _first_states(self, count: int, seed: int) -> Any:
        """Random states of so many slots, (count, n)."""

    @abstractmethod
    def _forget_lowest(self) -> None:
        """Forget the lowest state."""

    @abstractmethod
    def _lowest_now(self) -> tuple[float, Any, int]:
        """Lowest energy, state and sweep since the run began."""

    def _begin(self) -> None:
        """Random states, empty books and no lowest state."""
        shape = self.ladder.num_betas, self.replicas, self.program.num_spins
        self._forget_lowest()
        self.books = Books.empty(*shape[:2])
        seed = seed_of(self.seed, self.restarts) if self.restarts else self.seed
        self.put(self._first_states(shape[0] * shape[1], seed).reshape(shape))


def slots_near(old: Any, before: Ladder, ladder: Ladder, replicas: int) -> Any:
    """States of the slots of another ladder, (T', R', n), each of an old one near to it."""
    at = np.interp(ladder.values, before.values, np.arange(len(old)))
    taken: dict[int, int] = {}
    states = np.empty((ladder.num_betas, replicas, old.shape[2]), old.dtype)
    for t, slot in enumerate(np.rint(at).astype(int)):
        first = taken.get(slot, 0)
        rows = (first + np.arange(replicas)) % old.shape[1]
        taken[slot] = first + replicas
        states[t] = old[slot, rows]
    return states
