"""Reads that are over, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.models.labels import FloatArray, SpinArray


@dataclass(frozen=True, eq=False)
class Rows(ByValue):
    """Numbers of reads, their spins (rows, n) and energies."""

    reads: Any
    spins: SpinArray
    energies: FloatArray

    @classmethod
    def nothing(cls, n: int) -> Rows:
        """No rows of n spins."""
        return cls(np.empty(0, np.int64), np.empty((0, n), np.int8), np.empty(0))

    @classmethod
    def concatenate(cls, parts: list[Rows], n: int) -> Rows:
        """All rows of the parts in the order of their reads."""
        if not parts:
            return cls.nothing(n)
        if len(parts) == 1:
            return parts[0]
        order = np.argsort(np.concatenate([part.reads for part in parts]), kind="stable")
        reads = np.concatenate([part.reads for part in parts])[order]
        spins = np.concatenate([part.spins for part in parts])
        if not np.array_equal(order, np.arange(order.size)):
            spins = spins[order]
        return cls(reads, spins, np.concatenate([part.energies for part in parts])[order])

    def of(self, chosen: Any) -> Rows:
        """Some of the rows, by mask or positions."""
        return Rows(self.reads[chosen], self.spins[chosen], self.energies[chosen])

    def lowest(self, count: int) -> Rows:
        """The ``count`` rows of lowest energy, in the order of their reads."""
        if self.energies.size <= count:
            return self
        return self.of(np.sort(np.argsort(self.energies, kind="stable")[:count]))
