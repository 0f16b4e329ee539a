"""What every problem offers: a model, answers decoded from spins, and the worth of an answer."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pbit.model import IsingModel, SpinArray
from pbit.polynomial import PolynomialModel

Answer = npt.NDArray[np.int8]


class Problem(Protocol):
    """A specification that compiles to a model of spins and decodes them.

    ``values`` are the two values of a variable in an answer, for spin -1 and spin +1.
    """

    @property
    def name(self) -> str:
        """Name of the kind of problem."""
        ...

    @property
    def objective_name(self) -> str:
        """What the objective is called."""
        ...

    @property
    def values(self) -> tuple[int, int]:
        """Values of a variable for spin -1 and spin +1."""
        ...

    @property
    def maximise(self) -> bool:
        """Whether more is better."""
        ...

    @property
    def model(self) -> IsingModel | PolynomialModel:
        """Model whose ground states are the best answers."""
        ...

    @property
    def labels(self) -> Sequence[Hashable]:
        """What the variables are called."""
        ...

    def decode(self, spins: SpinArray) -> Answer:
        """Answer of a state, shape (n,)."""
        ...

    def objective(self, answer: Answer) -> float:
        """Worth of an answer, from the specification itself and not from the model."""
        ...

    def energy_of(self, objective: float) -> float:
        """Energy of the model at which an answer has this objective."""
        ...

    def check(self, answer: Answer) -> bool:
        """Whether the answer is feasible."""
        ...


def objective_at(problem: Problem, energy: Any) -> Any:
    """Objective of an energy or an array of them: ``energy_of`` is linear, and so is this."""
    at_zero = problem.energy_of(0.0)
    far = max(1.0, abs(at_zero))  # from a huge offset a step of 1 would not be seen
    return (energy - at_zero) / ((problem.energy_of(far) - at_zero) / far)


def spins_of(problem: Problem, answer: Any) -> SpinArray:
    """Spins of an answer.

    Raises
    ------
    ValueError
        An answer of another length, or with values that are not the problem's.
    """
    array = np.asarray(answer)
    low, high = problem.values
    n = len(problem.labels)
    if array.shape != (n,):
        raise ValueError(f"the answer must have {n} values, one a variable, got {array.size}")
    bad = np.flatnonzero((array != low) & (array != high))
    if bad.size:
        raise ValueError(f"answers must be {low} or {high}, got {array[bad[0]]}")
    return np.where(array == high, 1, -1).astype(np.int8)
