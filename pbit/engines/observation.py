"""What a run counts on the way, inside the kernels: spins, pairs, energies, whole states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.models.labels import SpinArray

NO_PAIRS = np.zeros((2, 0), dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Observation(ByValue):
    """Look at the state after every so many sweeps, from sweep ``burn_in`` + 1 on.

    Parameters
    ----------
    every, burn_in : int
        ``every`` = 0: never.
    spins : bool
        Count how often each spin is up.
    pairs : int32, shape (2, m)
        Count how often the two spins of these pairs agree.
    times : int
        Keep this many whole states.
    """

    every: int = 0
    burn_in: int = 0
    spins: bool = False
    pairs: npt.NDArray[np.int32] = field(default_factory=lambda: NO_PAIRS)
    times: int = 0

    def looks(self, num_sweeps: int) -> int:
        """How often a read of so many sweeps is looked at."""
        return -(-(num_sweeps - self.burn_in) // self.every) if self.every else 0

    def observer(self, n: int, width: int, position: Any) -> tuple[Any, ...] | None:
        """Counters for a block; ``position``: the kernel's row of each site. None if never."""
        if not self.every:
            return None
        return (
            self.every,
            self.burn_in,
            np.zeros((n if self.spins else 0, width), np.uint32),
            np.ascontiguousarray(position[self.pairs]).astype(np.int32),
            np.zeros((self.pairs.shape[1], width), np.uint32),
            np.zeros((3, width)),
            np.zeros((self.times, n if self.times else 0, width), np.int8),
        )


class Observed(NamedTuple):
    """Counts of some reads: spins (n, R), pairs (m, R), energies (3, R), states (R, times, n)."""

    ups: npt.NDArray[np.uint32]
    agreements: npt.NDArray[np.uint32]
    energy_sums: npt.NDArray[np.float64]
    states: SpinArray

    @classmethod
    def of(cls, observer: tuple[Any, ...], lanes: Any) -> Observed:
        """Counts of some lanes of a block; rows as in the kernel."""
        _, _, ups, _, agreements, energy_sums, states = observer
        rows = np.ascontiguousarray(states[:, :, lanes].transpose(2, 0, 1))
        return cls(ups[:, lanes], agreements[:, lanes], energy_sums[:, lanes], rows)


class Totals:
    """Sums over reads, in whole numbers where they can be: no order of the reads matters.

    Rows of spins and states are those of the kernel.
    """

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.sums: dict[str, Any] = {"spins": 0, "pairs": 0}
        self.squares: dict[str, Any] = {"spins": 0, "pairs": 0}
        self.num_reads = 0
        self._parts: list[tuple[Any, Observed]] = []

    def add(self, reads: Any, observed: Observed) -> None:
        """Take in the counts of some reads."""
        self.num_reads += len(reads)
        for name, counts in (("spins", observed.ups), ("pairs", observed.agreements)):
            signed = 2 * counts.astype(np.int64) - self.looks
            self.sums[name] = self.sums[name] + signed.sum(axis=1)
            self.squares[name] = self.squares[name] + (signed**2).sum(axis=1)
        nothing = np.zeros((0, 0), np.uint32)
        self._parts.append((reads, observed._replace(ups=nothing, agreements=nothing)))

    def by_read(self, name: str) -> Any:
        """Energy sums (R, 3) or states (R, times, n), in the order of the reads."""
        parts = [getattr(observed, name) for _, observed in self._parts]
        if name == "energy_sums":
            parts = [part.T for part in parts]
        order = np.argsort(np.concatenate([reads for reads, _ in self._parts]), kind="stable")
        return np.concatenate(parts)[order]
