"""Chains as arrays and back, and those that a machine keeps for its clamped phase."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from pbit.seeds import seed_of

_CLAMPED = 1  # turn of the seed


class Chains(Protocol):
    """States side by side."""

    steps_done: int

    @property
    def num_chains(self) -> int: ...

    def states(self) -> npt.NDArray[np.int8]: ...

    def put(self, states: npt.NDArray[Any]) -> None: ...


def kept(chains: Chains) -> dict[str, npt.NDArray[Any]]:
    """States and how far they are."""
    return {"spins": chains.states(), "steps_done": np.array([chains.steps_done], np.int64)}


def put_back(chains: Chains, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Go on from :func:`kept`, which chains of this number were given."""
    chains.put(arrays["spins"])
    chains.steps_done = int(arrays["steps_done"][0])


Kind = TypeVar("Kind", bound=Chains)


class ClampedChains(ABC, Generic[Kind]):
    """The clamped chains of a machine: as many as the largest batch had rows."""

    draws_gaps = True

    def __init__(self, seed: int) -> None:
        self._seed = seed_of(seed, _CLAMPED)
        self._clamped: Kind | None = None

    @abstractmethod
    def chains(self, count: int, *, seed: int) -> Kind:
        """Chains from fair coins."""

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """The clamped chains."""
        return {} if self._clamped is None else kept(self._clamped)

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Clamped chains as they were."""
        if arrays:
            self._clamped = self.chains(len(arrays["spins"]), seed=self._seed)
            put_back(self._clamped, arrays)

    def _clamped_chains(self, rows: int) -> Kind:
        if self._clamped is None or self._clamped.num_chains < rows:
            self._clamped = self.chains(rows, seed=self._seed)
        return self._clamped
