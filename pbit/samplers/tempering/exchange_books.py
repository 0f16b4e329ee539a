"""What a tempering run counts: swaps, energies at every temperature, walkers, round trips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pbit.by_value import ByValue
from pbit.kernels.tempering import exchange
from pbit.models.labels import FloatArray


@dataclass(frozen=True, eq=False)
class Books(ByValue):
    """Arrays of :mod:`pbit.kernels.tempering.exchange`, for T temperatures and R replicas each."""

    arrays: exchange.Books

    @classmethod
    def empty(cls, temperatures: int, replicas: int) -> Books:
        """Nothing counted, walker k in slot k."""
        walkers = temperatures * replicas
        return cls(
            exchange.Books(
                np.zeros(temperatures - 1, np.int64),
                np.zeros(temperatures - 1, np.int64),
                np.zeros(temperatures),
                np.zeros((2, temperatures)),
                np.zeros(1, np.int64),
                np.arange(walkers, dtype=np.int32).reshape(temperatures, replicas),
                np.zeros(walkers, np.int8),
                np.zeros((2, temperatures), np.int64),
                np.zeros(walkers, np.int64),
            )
        )

    @property
    def spreads(self) -> FloatArray:
        """Standard deviation of the energy at each temperature, shape (T,)."""
        _, _, _, sums, counts, walker, _, _, _ = self.arrays
        many = max(1, int(counts[0]) * walker.shape[1])
        with np.errstate(over="ignore", invalid="ignore"):  # squares of huge energies
            return np.asarray(np.sqrt(np.maximum(0.0, sums[1] / many - (sums[0] / many) ** 2)))

    @property
    def rates(self) -> FloatArray:
        """Part of the swaps accepted between each temperature and the next, NaN where none was
        tried; shape (T - 1,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.arrays[1] / self.arrays[0])

    @property
    def flow(self) -> FloatArray:
        """Of the walkers that have been at an end, the part that was at the hot one last; NaN where
        there was none; shape (T,)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.arrays[7][0] / self.arrays[7].sum(axis=0))

    @property
    def means(self) -> FloatArray:
        """Mean energy at each temperature without the model's offset, shape (T,)."""
        _, _, origin, sums, counts, walker, _, _, _ = self.arrays
        return np.asarray(origin + sums[0] / max(1, int(counts[0]) * walker.shape[1]))


def summary(books: list[Books], offset: float) -> dict[str, Any]:
    """Of several runs on one ladder: swap rates, flow, round trips and mean energies.

    ``swap_rates`` (T - 1,): part of the swaps accepted between a beta and the next colder one;
    ``flow`` (T,): of the replicas that have been at an end of the ladder, the part that was at the
    hot end last; ``round_trips``: journeys cold - hot - cold, all walkers of all runs;
    ``energies`` and ``energy_spreads`` (T,). NaN where nothing was counted.
    """
    tried, accepted = (sum(b.arrays[k] for b in books) for k in (0, 1))
    counts = sum(int(b.arrays[4][0]) * b.arrays[5].shape[1] for b in books)
    flow = sum(b.arrays[7] for b in books)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        rates = np.asarray(accepted / tried)
        up = np.asarray(flow[0] / flow.sum(axis=0))  # type: ignore[index, union-attr]
        weights = [int(b.arrays[4][0]) * b.arrays[5].shape[1] for b in books]
        means = sum(w * b.means for w, b in zip(weights, books, strict=True)) / counts
        squares = sum(w * (b.spreads**2 + b.means**2) for w, b in zip(weights, books, strict=True))
        spreads = np.sqrt(np.maximum(0.0, squares / counts - means**2))
    return {
        "swap_rates": rates.tolist(),
        "flow": up.tolist(),
        "round_trips": int(sum(b.arrays[8].sum() for b in books)),
        "energies": (means + offset).tolist(),
        "energy_spreads": spreads.tolist(),
    }
