"""The lowest states that a search has found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pbit.models.labels import FloatArray, SpinArray

MOST = 32


def key_of(state: SpinArray) -> bytes:
    """The same for equal states alone."""
    return np.packbits(state > 0).tobytes()


def distinct(rows: SpinArray) -> SpinArray:
    """Each state once, where it comes first."""
    first: dict[bytes, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(key_of(row), place)
    return rows[list(first.values())]


class Elite:
    """Different low states, the lowest first.

    Parameters
    ----------
    num_spins : int
    now : callable
        The seconds that go with a new lowest state.
    """

    def __init__(self, num_spins: int, now: Callable[[], float]) -> None:
        self.spins: SpinArray = np.empty((0, num_spins), np.int8)
        self.energies: FloatArray = np.empty(0)
        self.curve: list[tuple[float, float, str]] = []
        self._now = now

    @property
    def lowest(self) -> float:
        """Lowest energy; infinite without a state."""
        return float(self.energies[0]) if self.energies.size else np.inf

    @property
    def best(self) -> SpinArray:
        """The lowest state."""
        best: SpinArray = self.spins[0]
        return best

    def add(self, spins: SpinArray, energies: FloatArray, by: str) -> bool:
        """Take in rows; whether one is lower than all before."""
        before = self.lowest
        every = np.concatenate([self.spins, spins]), np.concatenate([self.energies, energies])
        order = np.argsort(every[1], kind="stable")
        kept: list[int] = []
        seen: set[bytes] = set()
        for row in order:
            key = key_of(every[0][row])
            if key not in seen:
                seen.add(key)
                kept.append(int(row))
            if len(kept) == MOST:
                break
        self.spins, self.energies = every[0][kept], every[1][kept]
        lower = self.lowest < before
        if lower:
            self.curve.append((self._now(), self.lowest, by))
        return lower
