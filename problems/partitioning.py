"""Number partitioning: numbers split into parts whose sums are as equal as can be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.digits.dit_model import DitModel
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.problems.core.base import InParts, TwoValued
from pbit.problems.core.digits import Digits
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind, told_by_file
from pbit.problems.parts.bit_sum import BitSum, Ints, whole_array

if TYPE_CHECKING:
    from pbit.formats.specifications import PartitionContents


@dataclass(frozen=True, eq=False)
class Partition(ByValue, TwoValued):
    r"""Two parts; an answer gives each number its part, 0 or 1.

    ``E(s) = (sum_i a_i s_i)^2``, the square of the difference of the two sums, which is the
    objective: a target of 1 is a difference of 1. No state is infeasible and nothing is penalised.

    Parameters
    ----------
    numbers : n whole numbers >= 0, shape (n,)

    Raises
    ------
    ValueError
        No numbers, or ones that are negative, not whole, or add up to more than 2^26, beyond which
        their squares are not exact.

    References
    ----------
    Lucas, Front. Physics 2, 5 (2014), section 2.1.

    Examples
    --------
    >>> halves = Partition([3, 1, 1, 2, 2, 1])
    >>> halves.objective([1, 1, 1, 0, 0, 0]), halves.written([1, 1, 1, 0, 0, 0])
    (0.0, ['sums 5 and 5, difference 0'])
    """

    numbers: npt.ArrayLike

    name = "partition"
    objective_name = "squared difference"

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", _checked(self.numbers))
        # A difference of 1 where the sum is odd.
        object.__setattr__(self, "bound", float(self._numbers.sum() % 2))

    @property
    def labels(self) -> range:
        """Positions of the numbers."""
        return range(len(self._numbers))

    @property
    def size(self) -> tuple[int, int]:
        """Every number with every other."""
        n = len(self._numbers)
        return n, n * (n - 1) // 2

    @property
    def _numbers(self) -> Ints:
        return self.numbers  # type: ignore[return-value]

    @cached_property
    def model(self) -> IsingModel:
        """``J_ij = -2 a_i a_j``, offset ``sum a_i^2``."""
        a = self._numbers.astype(np.float64)
        rows, cols = np.triu_indices(a.size, k=1)
        return IsingModel.from_edges(
            rows, cols, -2.0 * a[rows] * a[cols], num_spins=a.size, offset=float(a @ a)
        )

    def objective(self, answer: Answer) -> float:
        """Square of the difference of the sums."""
        return float(self._difference(answer) ** 2)

    def energy_of(self, objective: float) -> float:
        """The objective is the energy."""
        return objective

    def written(self, answer: Answer | None) -> list[str]:
        """The two sums."""
        if answer is None:
            return []
        off, total = self._difference(answer), int(self._numbers.sum())
        low, high = (total - abs(off)) // 2, (total + abs(off)) // 2
        return [f"sums {low} and {high}, difference {abs(off)}"]

    def _difference(self, answer: npt.ArrayLike) -> int:
        return int(self._numbers @ (2 * np.asarray(answer, dtype=np.int64) - 1))


@dataclass(frozen=True, eq=False)
class KPartition(ByValue, InParts):
    r"""k parts; an answer gives each number its part, 0 to k - 1.

    ``E(x) = sum_p (S_p - m)^2 + sum_i A_i (sum_p x_ip - 1)^2`` with ``S_p = sum_i a_i x_ip`` and
    ``m = sum a / k``. The objective is the first sum, k times the variance of the sums.

    The penalties ``A_i = max(a_i^2 (1 - 2/k), a_i (2 m - a_i), 0) + 1`` are enough. A number in
    r > 1 parts is taken out of the one with the largest sum S >= a_i: the first sum changes by
    ``a_i^2 - 2 a_i (S - m) <= a_i (2 m - a_i)`` and the penalty by ``-A_i (2 r - 3) <= -A_i``.
    When no number is in more than one part, one that is in none is put into the part of the
    smallest sum, which is at most ``(k m - a_i) / k``: the first sum changes by at most
    ``a_i^2 (1 - 2/k)``, the penalty by ``-A_i``. Each step lowers the energy by 1 or more, and
    they end at a feasible answer. `decode` takes these steps.

    Parameters
    ----------
    numbers : n whole numbers >= 0, shape (n,)
    parts : int
        k >= 2.

    Raises
    ------
    ValueError
        As for `Partition`, or fewer than two parts.

    Examples
    --------
    >>> thirds = KPartition([3, 1, 1, 2, 2], parts=3)
    >>> thirds.objective([0, 1, 2, 1, 2])
    0.0
    """

    numbers: npt.ArrayLike
    parts: int

    name = "k-partition"
    objective_name = "squared deviation"

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", _checked(self.numbers))
        if self.parts < 2:
            raise ArgumentError(
                "parts", "must be >= 2", self.parts, remedy="one part needs no choice"
            )
        # Sums as equal as whole numbers can be: some of them one above the others.
        above = int(self._numbers.sum()) % self.parts
        object.__setattr__(self, "bound", above * (self.parts - above) / self.parts)

    @property
    def labels(self) -> range:
        """Positions of the numbers."""
        return range(len(self._numbers))

    @property
    def size(self) -> tuple[int, int]:
        """Numbers in the same part and parts of the same number."""
        n, k = len(self._numbers), self.parts
        return n * k, k * n * (n - 1) // 2 + n * k * (k - 1) // 2

    @property
    def _numbers(self) -> Ints:
        return self.numbers  # type: ignore[return-value]

    @property
    def mean(self) -> float:
        """The sum that every part should have."""
        return float(self._numbers.sum()) / self.parts

    @cached_property
    def penalties(self) -> npt.NDArray[np.float64]:
        """Of each number, float64 (n,)."""
        a = self._numbers.astype(np.float64)
        missing, twice = a * a * (1.0 - 2.0 / self.parts), a * (2.0 * self.mean - a)
        return np.maximum(np.maximum(missing, twice), 0.0) + 1.0

    @cached_property
    def digits(self) -> Digits:
        """One digit a number, its part: ``sum_p S_p^2 = sum_i a_i^2 + 2 sum_(i<j) a_i a_j`` over
        pairs in one part."""
        a = self._numbers.astype(np.float64)
        rows, cols = np.triu_indices(a.size, k=1)
        model = DitModel.potts(
            rows,
            cols,
            2.0 * a[rows] * a[cols],
            num_values=self.parts,
            num_digits=a.size,
            offset=float(a @ a - a.sum() ** 2 / self.parts),
        )
        return Digits(model, self.answer, self.answer)

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of bits ``x_ip`` at ``i k + p``."""
        a, k = self._numbers, self.parts
        bits = np.arange(a.size * k).reshape(a.size, k)
        total = BitSum(bits.size)
        for part in range(k):
            total.add_square(bits[:, part], a, -self.mean, weight=1.0)
        for own, penalty in zip(bits, self.penalties.tolist(), strict=True):
            total.add_square(own, np.ones(k), -1.0, weight=penalty)
        return total.model()

    def decode(self, spins: SpinArray) -> Answer:
        """Part of each number, repaired."""
        x = np.asarray(spins).reshape(-1, self.parts) > 0
        sums = self._numbers @ x
        chosen = np.full(len(x), -1)
        for i in np.flatnonzero(x.any(axis=1)).tolist():
            held = np.flatnonzero(x[i]).tolist()
            while len(held) > 1:
                heaviest = max(held, key=lambda part: sums[part])
                sums[heaviest] -= self._numbers[i]
                held.remove(heaviest)
            chosen[i] = held[0]
        for i in np.flatnonzero(chosen < 0).tolist():
            chosen[i] = int(sums.argmin())
            sums[chosen[i]] += self._numbers[i]
        return chosen.astype(np.int64)

    def objective(self, answer: Answer) -> float:
        """Squares of the deviations of the sums from their mean, added up."""
        return float(((self._sums(answer) - self.mean) ** 2).sum())

    def energy_of(self, objective: float) -> float:
        """The objective is the energy."""
        return objective

    def written(self, answer: Answer | None) -> list[str]:
        """The sums."""
        if answer is None:
            return []
        sums = self._sums(answer)
        return [f"sums {', '.join(map(str, sums.tolist()))}, spread {sums.max() - sums.min()}"]

    def _sums(self, answer: npt.ArrayLike) -> Ints:
        sums = np.zeros(self.parts, dtype=np.int64)
        np.add.at(sums, np.asarray(answer, dtype=np.int64), self._numbers)
        return sums


def _checked(numbers: npt.ArrayLike) -> Ints:
    array = whole_array(numbers, "numbers", low=0)
    if array.ndim != 1 or not array.size:
        raise ArgumentError("numbers", "must be a list of at least one", got=f"shape {array.shape}")
    if float(array.astype(np.float64).sum()) > 2.0**26:
        raise ArgumentError(
            "numbers",
            "must add up to at most 2^26",
            got=f"{array.sum()}: their squares are not exact beyond",
            remedy="divide by a common factor",
        )
    return array


def _partition(contents: PartitionContents, meaning: Meaning) -> Partition:
    return Partition(contents.numbers)


PROBLEM = ProblemKind(name="partition", of=("partition",), make=told_by_file(_partition), rank=110)
