"""Market split: bits that meet several sums at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.problems.core.base import TwoValued
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind, told_by_file
from pbit.problems.parts.bit_sum import BitSum, Ints, whole_array

if TYPE_CHECKING:
    from pbit.formats.specifications import MarketSplitContents


@dataclass(frozen=True, eq=False)
class MarketSplit(ByValue, TwoValued):
    r"""``coefficients x = totals`` over bits x, as nearly as can be; an answer gives each bit.

    ``E(x) = sum_k (sum_i a_ki x_i - b_k)^2`` is the objective: 0 where all sums are met, and at
    least 1 elsewhere. Nothing is penalised, so that no weight has to be chosen.

    Parameters
    ----------
    coefficients : whole numbers, shape (m, n)
    totals : whole numbers, shape (m,)

    Raises
    ------
    ValueError
        Shapes that do not fit, or numbers that are not whole or whose squares are not exact.

    References
    ----------
    Cornuéjols, Dawande, Lect. Notes Comput. Sci. 1412, 284 (1998).

    Examples
    --------
    >>> shops = MarketSplit([[3, 1, 2], [1, 1, 5]], [3, 6])
    >>> shops.objective([0, 1, 1]), shops.objective([1, 1, 1])
    (0.0, 10.0)
    """

    coefficients: npt.ArrayLike
    totals: npt.ArrayLike

    name = "market-split"
    objective_name = "squared error"
    bound = 0.0

    def __post_init__(self) -> None:
        table = whole_array(self.coefficients, "coefficients")
        totals = whole_array(self.totals, "totals")
        if table.ndim != 2 or not table.size or totals.shape != table.shape[:1]:
            raise ArgumentError(
                "coefficients",
                "must be (m, n) and totals (m,)",
                got=f"{table.shape} and {totals.shape}",
            )
        largest = np.abs(table).sum(axis=1) + np.abs(totals)
        if largest.max() > 2**26:
            raise ArgumentError(
                "sums", "must be below 2^26, for their squares to be exact", remedy="scale them"
            )
        object.__setattr__(self, "coefficients", table)
        object.__setattr__(self, "totals", totals)

    @property
    def _table(self) -> Ints:
        return self.coefficients  # type: ignore[return-value]

    @property
    def labels(self) -> range:
        """The columns."""
        return range(self._table.shape[1])

    @property
    def size(self) -> tuple[int, int]:
        """Every bit with every other, once a row while they are added up."""
        m, n = self._table.shape
        return n, m * n * (n + 1) // 2

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of the squares."""
        n = len(self.labels)
        total = BitSum(n)
        for row, goal in zip(self._table, np.asarray(self.totals).tolist(), strict=True):
            total.add_square(np.arange(n), row, -goal, weight=1.0)
        return total.model()

    def objective(self, answer: Answer) -> float:
        """Squares of what the sums are off by, added up."""
        off = self._off(answer)
        return float(off @ off)

    def energy_of(self, objective: float) -> float:
        """The objective is the energy."""
        return objective

    def written(self, answer: Answer | None) -> list[str]:
        """What each sum is off by."""
        if answer is None:
            return []
        off = self._off(answer)
        if not off.any():
            return ["all sums are met"]
        return [f"sums off by {', '.join(map(str, off.tolist()))}"]

    def _off(self, answer: npt.ArrayLike) -> Ints:
        off: Ints = self._table @ np.asarray(answer, dtype=np.int64) - np.asarray(self.totals)
        return off


def _market_split(contents: MarketSplitContents, meaning: Meaning) -> MarketSplit:
    return MarketSplit(contents.coefficients, contents.totals)


PROBLEM = ProblemKind(
    name="market-split", of=("market-split",), make=told_by_file(_market_split), rank=120
)
