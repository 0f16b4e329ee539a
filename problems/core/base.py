"""What kinds of problems have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pbit.models.labels import SpinArray
from pbit.problems.core.problem import Answer

SHOWN = 5
"""Most violations of one sort that are listed by name."""


class BaseProblem(ABC):
    """A problem is feasible where nothing is violated."""

    maximise = False
    constrained = True
    bound: float | None = None

    @property
    def beta_range(self) -> tuple[float, float] | None:
        """The model's own."""
        return None

    if TYPE_CHECKING:  # an abstract property would hide the fields of data classes

        @property
        def labels(self) -> Sequence[Hashable]: ...

    @property
    def size(self) -> tuple[int, int]:
        """As large as what it was made from, which was checked when it was read."""
        return len(self.labels), 0

    @abstractmethod
    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values as an answer, int64; ValueError if they are none at all."""

    def violations(self, answer: npt.ArrayLike) -> list[str]:
        """What keeps the answer from being feasible, one line each."""
        try:
            values = self.answer(answer)
        except ValueError as error:
            return [str(error)]
        return self.violated(values)

    def violated(self, answer: Answer) -> list[str]:
        """What an answer violates."""
        return []

    def check(self, answer: npt.ArrayLike) -> bool:
        """Whether the answer is feasible."""
        return not self.violations(answer)

    def written(self, answer: Answer | None) -> list[str]:
        """No custom of writing answers."""
        return []


class TwoValued(BaseProblem):
    """Problems of two values a variable and one spin each, every choice of which is feasible.

    ``values`` are those for spin -1 and spin +1.
    """

    values = (0, 1)
    constrained = False

    def decode(self, spins: SpinArray) -> Answer:
        """The value of each spin."""
        return np.where(np.asarray(spins) > 0, self.values[1], self.values[0]).astype(np.int64)

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if there is one a variable and each is one of the two."""
        low, high = self.values
        array = one_each(values, len(self.labels))
        bad = np.flatnonzero((array != low) & (array != high))
        if bad.size:
            raise ValueError(f"answers must be {low} or {high}, got {array[bad[0]]}")
        return array.astype(np.int64)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """The spin of each value."""
        return np.where(self.answer(answer) == self.values[1], 1, -1).astype(np.int8)


class InParts(BaseProblem):
    """Problems that put each variable into one of ``parts`` parts: a spin for each of both.

    Spins are those of bits ``x_ip`` at ``i parts + p``.
    """

    if TYPE_CHECKING:

        @property
        def parts(self) -> int: ...

    def answer(self, values: npt.ArrayLike) -> Answer:
        """The values, if each is a part."""
        return whole_between(values, len(self.labels), low=0, high=self.parts - 1)

    def encode(self, answer: npt.ArrayLike) -> SpinArray:
        """One spin up a variable."""
        up = self.answer(answer)[:, None] == np.arange(self.parts)
        return np.where(up, 1, -1).astype(np.int8).ravel()


def one_each(values: npt.ArrayLike, count: int) -> npt.NDArray[np.generic]:
    """The values as an array, if there are ``count``.

    Raises
    ------
    ValueError
        Another number of values, or another shape.
    """
    array = np.asarray(values)
    if array.shape != (count,):
        raise ValueError(f"the answer must have {count} values, one a variable, got {array.size}")
    return array


def whole_between(values: npt.ArrayLike, count: int, *, low: int, high: int) -> Answer:
    """``count`` whole numbers from ``low`` to ``high``, as an answer.

    Raises
    ------
    ValueError
        Another number of values, or a value out of range or not whole.

    Examples
    --------
    >>> whole_between([2, 0], 2, low=0, high=2)
    array([2, 0])
    """
    array = one_each(values, count)
    for value in array.tolist():
        number = isinstance(value, int | float)
        if not number or not low <= value <= high or value != int(value):
            raise ValueError(f"answers must be whole numbers from {low} to {high}, got {value}")
    return array.astype(np.int64)


def listed(names: Sequence[object]) -> str:
    """The first few names, and how many more there are.

    Examples
    --------
    >>> listed([1, 2]), listed(range(7))
    ('1, 2', '0, 1, 2, 3, 4 and 2 more')
    """
    shown = ", ".join(map(str, names[:SHOWN]))
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown
