"""Set cover: the cheapest sets that together hold every element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.models.conventions.hubo import spin_terms
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import PolynomialModel
from pbit.models.terms import Terms, pointers_of
from pbit.problems.core.base import BaseProblem, listed
from pbit.problems.core.problem import Answer
from pbit.problems.core.problem_kind import Meaning, ProblemKind, told_by_file
from pbit.problems.knapsack import bits_only
from pbit.problems.parts.bit_sum import BitSum, Ints, bits_of, parts_of, whole_array

if TYPE_CHECKING:
    from pbit.formats.specifications import SetCoverContents

_NATIVE_DEGREE = 6


@dataclass(frozen=True, eq=False)
class SetCover(ByValue, BaseProblem):
    r"""Cheapest sets that hold all elements; an answer is 1 for the sets that are taken.

    ``native``: ``E(x) = sum c_S x_S + sum_e A_e prod_{S holds e} (1 - x_S)``, a product of as many
    bits as sets hold the element, and no further spins; taken where no element is in more than 6.
    Otherwise ``E(x, y) = sum c_S x_S + sum_e A_e (sum_{S holds e} x_S - 1 - y_e)^2`` with y_e in
    0..(number of sets - 1) in the fewest bits.

    ``A_e = min_{S holds e} c_S + 1`` is enough in both: where e is not covered its penalty is A_e
    or more, and taking the cheapest set that holds it costs A_e - 1, ends that penalty and begins
    none (a product with ``1 - x_S = 0`` is 0; y_e follows the count). So every state that leaves
    an element out lies at least 1 above one that leaves out fewer. `decode` takes these steps and
    then leaves out sets that are not needed, the dearest first.

    Parameters
    ----------
    costs : whole numbers >= 0, shape (num_sets,)
    elements : sequence of sequences of int
        The sets, from 0, that hold each element.

    Raises
    ------
    ValueError
        An element in no set, a set that is none, or costs that are negative or not whole.

    References
    ----------
    Lucas, Front. Physics 2, 5 (2014), section 5.1, with counts in unary instead.

    Examples
    --------
    >>> cover = SetCover([3, 1, 1], [[0, 1], [0, 2]])
    >>> cover.objective([0, 1, 1]), cover.check([0, 1, 0])
    (2.0, False)
    """

    costs: npt.ArrayLike
    elements: Sequence[Sequence[int]]
    native: bool | None = None

    name = "set-cover"
    objective_name = "cost"

    def __post_init__(self) -> None:
        costs = whole_array(self.costs, "costs", low=0)
        if costs.ndim != 1 or not costs.size:
            raise ArgumentError(
                "costs", "must be a list of at least one", got=f"shape {costs.shape}"
            )
        holders = tuple(np.unique(np.asarray(sets, dtype=np.int64)) for sets in self.elements)
        for element, sets in enumerate(holders):
            if not sets.size:
                raise ValueError(f"element {element} is in no set, so that no cover exists")
            if sets[0] < 0 or sets[-1] >= costs.size:
                raise ValueError(
                    f"element {element} must be in sets 0..{costs.size - 1}, got {sets.tolist()}"
                )
        object.__setattr__(self, "costs", costs)
        object.__setattr__(self, "elements", holders)
        if self.native is None:
            largest = max((sets.size for sets in holders), default=0)
            object.__setattr__(self, "native", largest <= _NATIVE_DEGREE)

    @property
    def _costs(self) -> Ints:
        return self.costs  # type: ignore[return-value]

    @property
    def _holders(self) -> tuple[Ints, ...]:
        return self.elements  # type: ignore[return-value]

    @property
    def labels(self) -> range:
        """The sets."""
        return range(self._costs.size)

    @property
    def size(self) -> tuple[int, int]:
        """Products multiplied out, or every set and slack bit of an element with every other."""
        sizes = [sets.size for sets in self._holders]
        if self.native:
            return self._costs.size, sum(2**size for size in sizes)
        bits = [size + self._parts(size).size for size in sizes]
        return self._costs.size + sum(bits) - sum(sizes), sum(b * (b - 1) // 2 for b in bits)

    @staticmethod
    def _parts(size: int) -> Ints:
        return parts_of(size - 1)

    @cached_property
    def penalties(self) -> npt.NDArray[np.float64]:
        """A_e, float64 (num_elements,)."""
        return np.array([float(self._costs[sets].min() + 1) for sets in self._holders])

    @cached_property
    def model(self) -> IsingModel | PolynomialModel:
        """Sets first, then the bits of the counts if there are any."""
        return self._products() if self.native else self._counted()

    def _products(self) -> IsingModel | PolynomialModel:
        """Terms over ``z = 1 - x``, whose spins are those of x turned round."""
        n = self._costs.size
        bodies = [np.arange(n).reshape(n, 1), *(sets.reshape(1, -1) for sets in self._holders)]
        members = np.concatenate([body.ravel() for body in bodies])
        sizes = np.array([1] * n + [sets.size for sets in self._holders])
        weights = np.concatenate([-self._costs.astype(np.float64), self.penalties])
        terms = Terms(pointers_of(sizes), members.astype(np.int32), weights)
        turned = PolynomialModel(
            *spin_terms(terms, offset=float(self._costs.sum()), labels=self.labels)
        )
        odd = np.diff(turned.pointers) % 2 == 1
        model = PolynomialModel(
            turned.pointers,
            turned.members,
            np.where(odd, -turned.weights, turned.weights),
            offset=turned.offset,
            labels=self.labels,
        )
        return model.to_ising_model() if model.degree <= 2 else model

    def _counted(self) -> IsingModel:
        total, first = BitSum(self.size[0]), self._costs.size
        total.add(np.arange(first), np.arange(first), self._costs)
        for sets, penalty in zip(self._holders, self.penalties.tolist(), strict=True):
            parts = self._parts(sets.size)
            bits = np.concatenate([sets, np.arange(first, first + parts.size)])
            signed = np.concatenate([np.ones(sets.size, np.int64), -parts])
            total.add_square(bits, signed, -1.0, weight=penalty)
            first += parts.size
        return total.model()

    def decode(self, spins: SpinArray) -> Answer:
        """Sets of a state, repaired: every element in one of them, and none to spare."""
        taken = (np.asarray(spins)[: self._costs.size] > 0).astype(np.int64)
        for sets in self._holders:
            if not taken[sets].any():
                taken[sets[np.argmin(self._costs[sets])]] = 1
        counts = np.array([int(taken[sets].sum()) for sets in self._holders], dtype=np.int64)
        for chosen in np.argsort(-self._costs, kind="stable").tolist():
            own = self._elements_of[chosen]
            if taken[chosen] and (counts[own] > 1).all():
                taken[chosen] = 0
                counts[own] -= 1
        return taken

    @cached_property
    def _elements_of(self) -> list[list[int]]:
        lists: list[list[int]] = [[] for _ in self.labels]
        for element, sets in enumerate(self._holders):
            for chosen in sets.tolist():
                lists[chosen].append(element)
        return lists

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if each is 0 or 1."""
        return bits_only(values, self._costs.size)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """Sets, and how many hold each element."""
        taken = self.answer(answer)
        bits = [taken]
        if not self.native:
            for sets in self._holders:
                count = max(0, int(taken[sets].sum()) - 1)
                bits.append(bits_of(count, self._parts(sets.size)))
        return (2 * np.concatenate(bits) - 1).astype(np.int8)

    def violated(self, answer: Answer) -> list[str]:
        """Elements that no set holds."""
        left = [e for e, sets in enumerate(self._holders) if not answer[sets].any()]
        return [f"elements not covered: {listed(left)}"] if left else []

    def objective(self, answer: Answer) -> float:
        """Cost of the sets."""
        return float(self._costs @ np.asarray(answer))

    def energy_of(self, objective: float) -> float:
        """The cost is the energy."""
        return objective


def _set_cover(contents: SetCoverContents, meaning: Meaning) -> SetCover:
    return SetCover(
        contents.costs,
        [part.tolist() for part in np.split(contents.members, contents.pointers[1:-1])],
    )


PROBLEM = ProblemKind(name="set-cover", of=("set-cover",), make=told_by_file(_set_cover), rank=150)
