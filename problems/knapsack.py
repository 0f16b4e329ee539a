"""Knapsack: the items of the most value whose weights together fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.problems.core.base import BaseProblem, one_each
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind, told_by_file
from pbit.problems.parts.bit_sum import BitSum, Ints, bits_of, parts_of, whole_array

if TYPE_CHECKING:
    from pbit.formats.specifications import KnapsackContents


@dataclass(frozen=True, eq=False)
class Knapsack(ByValue, BaseProblem):
    r"""Most value within a capacity; an answer is 1 for the items that are taken.

    ``E(x, y) = -sum v_i x_i + A (sum w_i x_i + y - C)^2`` with the unused capacity y in 0..C as a
    whole number of the fewest bits. Weights and capacity are first divided by the greatest common
    divisor of the weights; where all items fit there is neither slack nor penalty.

    ``A = max v + 1``. A choice that fits has an exact y, and its energy is minus its value. For one
    that is d >= 1 too heavy the square is at least d^2 (y >= 0). Taking out any item with weight
    w >= 1 loses at most max v and lowers that bound by ``d^2 - max(d - w, 0)^2 >= 1``, so that the
    energy falls by at least 1, until the rest fits: no ground state is too heavy. With one item
    that is 1 too heavy ``A = max v`` would not be enough, and 1 is the step of whole numbers.
    `decode` takes these steps, the least value a weight first, and then puts in what fits.

    Parameters
    ----------
    item_values, weights : whole numbers >= 0, shape (n,)
    capacity : int, >= 0

    Raises
    ------
    ValueError
        Numbers that are negative or not whole, lists of different lengths, or a capacity of more
        than 2^30 times the common divisor of the weights.

    References
    ----------
    Lucas, Front. Physics 2, 5 (2014), section 5.2; the slack in logarithmic form ibid. 2.4.

    Examples
    --------
    >>> sack = Knapsack([6, 10, 12], [1, 2, 3], capacity=5)
    >>> sack.objective([0, 1, 1]), sack.model.num_spins, sack.check([1, 1, 1])
    (22.0, 6, False)
    """

    item_values: npt.ArrayLike
    weights: npt.ArrayLike
    capacity: int

    name = "knapsack"
    objective_name = "value"
    maximise = True

    def __post_init__(self) -> None:
        values = whole_array(self.item_values, "item_values", low=0)
        weights = whole_array(self.weights, "weights", low=0)
        capacity = whole_array(self.capacity, "capacity", low=0)
        if values.ndim != 1 or values.shape != weights.shape or not values.size:
            raise ValueError(
                f"item_values and weights must be as long as each other and not empty, got shapes "
                f"{values.shape} and {weights.shape}"
            )
        object.__setattr__(self, "item_values", values)
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "capacity", int(capacity))

    @property
    def _values(self) -> Ints:
        return self.item_values  # type: ignore[return-value]

    @property
    def _weights(self) -> Ints:
        return self.weights  # type: ignore[return-value]

    @property
    def labels(self) -> range:
        """Positions of the items."""
        return range(self._values.size)

    @property
    def size(self) -> tuple[int, int]:
        """Every item and every bit of the slack with every other."""
        n = self._values.size + self._parts.size
        return n, n * (n - 1) // 2

    @cached_property
    def _unit(self) -> int:
        return max(1, int(np.gcd.reduce(self._weights)))

    @cached_property
    def _parts(self) -> Ints:
        """What the bits of the slack count for, in units of the common divisor."""
        if int(self._weights.sum()) <= self.capacity:
            return np.zeros(0, dtype=np.int64)
        return parts_of(self.capacity // self._unit)

    @cached_property
    def penalty(self) -> float:
        """A; 0 where all items fit."""
        fits = int(self._weights.sum()) <= self.capacity
        return 0.0 if fits else float(self._values.max() + 1)

    @property
    def beta_range(self) -> tuple[float, float] | None:
        """From where the square is crossed to where items are frozen."""
        return (0.003 / self.penalty, 10.0 / self.penalty) if self.penalty else None

    @cached_property
    def model(self) -> IsingModel:
        """Ising model of the items, then the bits of the slack."""
        n = self._values.size
        total = BitSum(n + self._parts.size)
        total.add(np.arange(n), np.arange(n), -self._values)
        if self.penalty:
            parts = np.concatenate([self._weights // self._unit, self._parts])
            room = self.capacity // self._unit
            total.add_square(np.arange(parts.size), parts, -room, weight=self.penalty)
        return total.model()

    def decode(self, spins: SpinArray) -> Answer:
        """Items of a state, repaired: no item too many, and none left out that fits."""
        taken = (np.asarray(spins)[: self._values.size] > 0).astype(np.int64)
        worth = self._values / np.maximum(self._weights, 1e-9)
        load = int(self._weights @ taken)
        for i in np.argsort(worth, kind="stable").tolist():
            if load > self.capacity and taken[i] and self._weights[i]:
                taken[i] = 0
                load -= int(self._weights[i])
        for i in np.argsort(-worth, kind="stable").tolist():
            if not taken[i] and load + int(self._weights[i]) <= self.capacity:
                taken[i] = 1
                load += int(self._weights[i])
        return taken

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if each is 0 or 1."""
        return bits_only(values, self._values.size)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """Items, and the slack that fits best."""
        taken = self.answer(answer)
        room = (self.capacity - int(self._weights @ taken)) // self._unit
        slack = bits_of(max(0, room), self._parts)
        return (2 * np.concatenate([taken, slack]) - 1).astype(np.int8)

    def violated(self, answer: Answer) -> list[str]:
        """Whether it is too heavy."""
        load = int(self._weights @ answer)
        return [] if load <= self.capacity else [f"weight {load} above capacity {self.capacity}"]

    def objective(self, answer: Answer) -> float:
        """Value of the items."""
        return float(self._values @ np.asarray(answer))

    def energy_of(self, objective: float) -> float:
        """Minus the value."""
        return -objective

    def written(self, answer: Answer | None) -> list[str]:
        """How full it is."""
        if answer is None:
            return []
        return [f"weight {int(self._weights @ np.asarray(answer))} of {self.capacity}"]


def bits_only(values: npt.ArrayLike, count: int) -> Answer:
    """The values as an answer, if there are ``count`` and each is 0 or 1.

    Raises
    ------
    ValueError
        They are not.
    """
    array = one_each(values, count)
    bad = np.flatnonzero((array != 0) & (array != 1))
    if bad.size:
        raise ArgumentError("answers", "must be 0 or 1", array[bad[0]])
    return array.astype(np.int64)


def _knapsack(contents: KnapsackContents, meaning: Meaning) -> Knapsack:
    return Knapsack(contents.item_values, contents.weights, contents.capacity)


PROBLEM = ProblemKind(name="knapsack", of=("knapsack",), make=told_by_file(_knapsack), rank=140)
