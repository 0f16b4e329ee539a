"""Which p-bits of a graph hold the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError


@dataclass(frozen=True, eq=False)
class Seating(ByValue):
    """A graph of p-bits and which of them hold the data, labels behind the features.

    Parameters
    ----------
    num_spins : int
    edges : int64, shape (2, num_edges)
        Pairs of p-bits, each once, the smaller number first, sorted.
    visible : int64, shape (num_visible,)
        P-bit of each visible unit; the others are hidden.
    """

    num_spins: int
    edges: npt.NDArray[np.int64]
    visible: npt.NDArray[np.int64]

    @classmethod
    def of(cls, num_spins: int, edges: npt.ArrayLike, visible: npt.ArrayLike) -> Seating:
        """Checked, edges in order.

        Raises
        ------
        ValueError
            Edges that repeat or end nowhere, loops, a p-bit that is visible twice.
        """
        pairs = np.sort(np.asarray(edges, dtype=np.int64).reshape(2, -1), axis=0)
        seats = np.asarray(visible, dtype=np.int64)
        for name, numbers in (("edges", pairs), ("visible", seats)):
            if numbers.size and not 0 <= numbers.min() <= numbers.max() < num_spins:
                raise ArgumentError(name, f"must lie in 0..{num_spins - 1}", numbers.max())
        if (pairs[0] == pairs[1]).any():
            raise ArgumentError("edges", "must join two p-bits", "a loop")
        if np.unique(seats).size != seats.size:
            raise ArgumentError("visible", "must name p-bits once", "one twice")
        if np.unique(pairs, axis=1).shape[1] != pairs.shape[1]:
            raise ArgumentError("edges", "must be given once each", "one twice")
        return cls(num_spins, pairs[:, np.lexsort(pairs[::-1])], seats)

    @cached_property
    def hidden(self) -> npt.NDArray[np.int64]:
        """The other p-bits."""
        return np.setdiff1d(np.arange(self.num_spins), self.visible)
